"""The further pages of an article that its site shows in pieces. Pure.

A link counts as one to another page of the same article only by the form of its address: that of the article with a number
of a page, or with a word for all pages, in the usual places. Whatever else a page calls "next" is another article.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urldefrag, urlsplit

from lxml.html import HtmlElement

from monitor.parse.links import absolute, is_home

MOST_PAGES: Final = 10  # of one article, the first among them

_MOST_LINKS: Final = 5_000  # of a page that are looked at
_NUMBERS: Final = frozenset({"page", "pages", "halaman", "hal", "pg", "pagenum", "page_num", "paged", "showpage"})
_ALL: Final = frozenset({"page=all", "pages=all", "showpage=all", "halaman=all", "view=all", "show=all", "single=1"})
_NUMBERED: Final = re.compile(
    r"(?P<before>.*?[^/])"
    r"(?:/(?P<bare>\d{1,2})/?|/(?:page|halaman|hal)[/-]?(?P<named>\d{1,2})/?|[-_](?P<tail>\d{1,2})(?=\.s?html?$))"
    r"(?P<after>\.s?html?)?"
)
_COMMENTS: Final = re.compile(r"#?(?:comment|komentar|respond)", re.IGNORECASE)
_NAMES_A_PAGE: Final = re.compile(
    r"\W*(?:\d{1,2}|(?:halaman|page)?\s*(?:selanjutnya|berikutnya|next)(?: page| halaman)?"
    r"|(?:halaman|page|hal\.?)\s*:?\s*\d{1,2}|(?:lihat|tampilkan|baca|show|view|read|semua|all)\s*(?:semua|all|halaman|pages?)?"
    r"(?:\s*(?:halaman|page|pages))?|selengkapnya|single page|1 halaman|one page|lanjut(?:kan)?|)\W*",
    re.IGNORECASE,
)


def further(tree: HtmlElement, url: str, *, known: Collection[str]) -> tuple[str, ...]:
    """Addresses of pages of the article at `url`, in order, that are not among the `known` ones.

    An address for all pages at once comes first. Once it is known, nothing else is asked.
    """
    if not url or is_home(url) or any(map(is_all, (url, *known))):
        return ()
    pages: dict[int, str] = {}
    for address in _offered(tree, url):
        number = _page(address, url)
        if number is not None and address not in known:
            pages.setdefault(number, address)
    numbered = [pages[number] for number in sorted(pages) if number > 1][: MOST_PAGES - 1]
    return (pages[0], *numbered) if 0 in pages else tuple(numbered)


def is_all(address: str) -> bool:
    """The address of all pages at once."""
    return any(f"{name}={value}" in _ALL for name, value in parse_qsl(urlsplit(address).query.lower()))


def _offered(tree: HtmlElement, url: str) -> Iterator[str]:
    """Links that call themselves another page."""
    for count, link in enumerate(tree.iter("a", "link")):
        if count > _MOST_LINKS:
            return
        href = str(link.get("href") or "")
        if not href or _COMMENTS.search(href) or not _calls_itself_a_page(link):
            continue
        if address := absolute(href, url):
            yield urldefrag(address).url


def _calls_itself_a_page(link: HtmlElement) -> bool:
    if "next" in str(link.get("rel") or "").lower().split():
        return True
    return link.tag == "a" and _NAMES_A_PAGE.fullmatch(" ".join(str(link.text_content()).split())[:60]) is not None


def _page(address: str, url: str) -> int | None:
    """Which page of the article at `url` it is: 0 for all of them; None where it is something else."""
    link, article = urlsplit(address), urlsplit(url)
    if link.scheme not in ("http", "https") or link.netloc.lower() != article.netloc.lower():
        return None
    if link.path.rstrip("/") == article.path.rstrip("/"):
        return _by_query(link, article)
    if link.query and link.query != article.query:
        return None
    return _by_path(link.path, article.path)


def _by_query(link: SplitResult, article: SplitResult) -> int | None:
    """What it has and the article's address has not must be one parameter that names a page."""
    asked = set(parse_qsl(link.query.lower(), keep_blank_values=True))
    before = set(parse_qsl(article.query.lower(), keep_blank_values=True))
    own = [pair for pair in before if pair[0] not in _NUMBERS]
    added = asked - before
    if len(added) != 1 or not asked.issuperset(own):
        return None
    ((name, value),) = added
    if f"{name}={value}" in _ALL:
        return 0
    return int(value) if name in _NUMBERS and re.fullmatch(r"[1-9]\d?", value) else None


def _by_path(path: str, article: str) -> int | None:
    found = _NUMBERED.fullmatch(path)
    if found is None or _bare(_joined(found)) != _bare(_without_number(article)):
        return None
    return int(found["bare"] or found["named"] or found["tail"])


def _without_number(path: str) -> str:
    """The article may have been met on a later page of it."""
    found = _NUMBERED.fullmatch(path)
    is_one = found is not None and not found["tail"] and any(map(str.isalpha, found["before"].rpartition("/")[2]))
    return _joined(found) if found is not None and is_one else path


def _joined(found: re.Match[str]) -> str:
    return found["before"] + (found["after"] or "")


def _bare(path: str) -> str:
    return path.rstrip("/").lower()
