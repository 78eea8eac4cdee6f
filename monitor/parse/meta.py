"""What a page says about its article: JSON-LD, meta elements, its headline, its byline. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from monitor.parse.cleaner import bare, same_words
from monitor.parse.jsonld import MARK, Site, Told, metas_of, site_of, told, without_site
from monitor.parse.links import absolute
from monitor.parse.plain import author_name, paragraphs, title_line, two_letters
from monitor.parse.published import published_at
from monitor.text import terms

_AUTHOR_NAMES: Final = (
    "author article:author og:article:author parsely-author sailthru.author dc.creator dcterms.creator byl"
    " cxenseparse:author citation_author article.author"
)
_AUTHORS: Final = _AUTHOR_NAMES.split()
_IMAGES: Final = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_ALIKE: Final = 0.3  # of a headline's words that the page's own names for itself share with it
# By the name of the file, and a few folders: many a site keeps all its pictures in "sites/default/files".
_NO_PICTURE: Final = re.compile(
    r"/(?:icons?|logos?|avatars?)/|favicon|(?:logo|placeholder|no[-_]?image)[^/]*$"
    r"|(?<![a-z\d])(?:default|blank|spacer|sprite|1x1)(?![a-z])[^/]*$",
    re.IGNORECASE,
)
_BYLINE: Final = re.compile(r"(?:^|[\s_-])(?:author|byline|autor|auteur|penulis|writer)", re.IGNORECASE)
_NO_BYLINE: Final = re.compile(
    r"comment|avatar|bio|image|img|photo|social|twitter|related|box|share|date|follow|title", re.IGNORECASE
)
_OF_AN_AUTHOR: Final = re.compile(r"/(?:authors?|autor(?:en|es)?|auteurs?|penulis|writers?)/[^/]", re.IGNORECASE)
_BY: Final = re.compile(
    r"^\W*(?:(?:written|posted|published|authored|ditulis|text|(?:view )?all posts|recipe|story|words|article) )?"
    r"(?:by|oleh|von|par|por|di|door|av|penulis|autor(?:en)?|authors?|writer|reporter)\b\s*:?\s*",
    re.IGNORECASE,
)
_BY_IN_METADATA: Final = re.compile(r"^(?:written by|ditulis oleh|by|oleh|penulis|author)\b\s*:?\s*", re.IGNORECASE)
_MONTH: Final = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_AFTER_A_NAME: Final = re.compile(
    rf"\s*(?:[|•·/–—→»]|\s-\s|\b(?:last|updated?|published|posted|follow|twitter|share|on|am|at|in|reviewed)\b"
    rf"|\b{_MONTH}\b\.?\s*\d|\d).*$",
    re.IGNORECASE,
)
_SAYS_BY: Final = re.compile(
    r"\s*(?:By|BY|by|Oleh|OLEH|Von|Penulis)\s*:?(?:\s+[A-Z][\w.'’-]+,?){0,5}\s*(?:[|•·–—-]?\s*(?:\w+ )?\d.{0,30})?\W*$"
)
_JOINS: Final = re.compile(r"(?:,|&|\band|\bdan|\bund|\bet|\by|\bog|\boch|\ben)$", re.IGNORECASE)
_PARTICLES: Final = "de da do dos du del della di la le van von vom der den ten ter zu zur al el bin binti ibn y e et and und og och en dan"
_SMALL: Final = frozenset(_PARTICLES.split())
_NOBODY: Final = frozenset(
    ["admin", "administrator", "editor", "redaksi", "author", "penulis", "staff", "more", "profile"]
)
_MOST_WORDS: Final = 12  # of names in one piece of text
_MENU: Final = re.compile(r"nav|menu", re.IGNORECASE)
_ABBREVIATION: Final = re.compile(r"\s*\([a-z]{2,5}\)")
_MOST_ELEMENTS: Final = 3_000  # in which a byline is looked for
_LONGEST_TITLE: Final = 1_000  # characters, with blanks and markup
_LONGEST_BYLINE: Final = 120
_MOST_PARTS: Final = 20


@dataclass(frozen=True, slots=True)
class About:
    """What a page says about the article on it; empty where it says nothing."""

    title: str
    address: str  # rel=canonical, else og:url: absolute, not yet believed
    published_at: datetime | None  # noon UTC where only the day is known
    author: str | None
    language: str | None
    body: str  # JSON-LD articleBody
    image: str | None = None  # of the lead, absolute
    is_free: bool | None = None  # whether all may read all of it; None where nothing is said


def about(tree: HtmlElement, base: str) -> About:
    said, metas = told(tree), metas_of(tree)
    site = site_of(said, metas, base)
    language = two_letters(
        tree.get("lang") or tree.get("xml:lang") or metas.get("og:locale") or said.text("inLanguage")
    )
    return About(
        title=_title(tree, said, metas, site),
        address=_address(tree, metas, base),
        published_at=published_at(tree, said, metas, base=base, zone="WIB" if language == "id" else "UTC"),
        author=_author(tree, said, metas, site),
        language=language or two_letters(metas.get("content-language") or metas.get("language")),
        body=paragraphs(said.text("articleBody")),
        image=_image(said, metas, base),
        is_free=said.is_free,
    )


# -- title ---------------------------------------------------------------------------------------


def _title(tree: HtmlElement, said: Told, metas: Mapping[str, str], site: Site) -> str:
    """The h1 that another source confirms; else the headline that is said twice; else the h1 that shares words with them."""
    page = _line(str(tree.findtext(".//title") or ""))
    headline, shared = (site.cut_from(_line(text)) for text in (said.text("headline"), metas.get("og:title", "")))
    headings = [
        (title, len(h1) > 0)
        for h1 in islice(tree.iter("h1"), _MOST_PARTS)
        if (title := _line(str(h1.text_content()))) and not _is_of_the_site(title, page, shared, site)
    ]
    others = [title for title in (headline, shared, without_site(page)) if title]
    for title, is_composed in headings:
        if same := [other for other in others if same_words(title, other)]:
            # Of several elements, as a kicker and the title: their division is lost.
            return next((other for other in same if is_composed and len(other) >= len(title)), title)
        if any(same_words(title, head) for other in (headline, shared, page) for head in _heads(other)):
            return title
    best = max(headings, key=lambda heading: _shared(heading[0], (*others, page)), default=("", False))[0]
    is_alike = _shared(best, (*others, page)) >= _ALIKE
    # What no newsroom wrote is often one text for search engines in all places but the h1.
    is_told = said.is_news or not (is_alike and len(headings) == 1)
    if headline and is_told and any(same_words(headline, other) for other in others[1:]):
        return headline
    if best and is_alike:
        return best
    sole = best if len(headings) == 1 else ""
    return next((title for title in (headline, shared, sole, without_site(page)) if title), best)


def _is_of_the_site(title: str, page: str, shared: str, site: Site) -> bool:
    """A headline that names the site: as the sites name themselves, or as what the page's own title has beside the article's."""
    if same_words(title, shared):
        return False
    *_, last = MARK.split(page)
    beside = {bare(title) + bare(shared), bare(shared) + bare(title)} if shared else set()
    return site.names(title) or (last != page and same_words(title, last)) or bare(page) in beside


def _heads(title: str) -> Iterator[str]:
    """What stands before each mark that may divide a title from its site, of two words or more."""
    heads = (title[: mark.start()] for mark in islice(MARK.finditer(title), _MOST_PARTS))
    return (head for head in heads if " " in head)


def _line(text: str) -> str:
    """What is longer than any title is none."""
    return title_line(text.replace("\xad", "")) if len(text) <= _LONGEST_TITLE else ""


def _shared(title: str, others: Sequence[str]) -> float:
    mine = set(terms(title))
    return max((len(mine & set(terms(other))) / len(mine) for other in others), default=0.0) if mine else 0.0


def _address(tree: HtmlElement, metas: Mapping[str, str], base: str) -> str:
    links = (
        str(link.get("href") or "") for link in tree.iter("link") if "canonical" in str(link.get("rel")).lower().split()
    )
    offered = (link for link in (*links, metas.get("og:url", "")) if link.strip())
    return next((found for link in offered if (found := absolute(link, base))), "")


# -- author --------------------------------------------------------------------------------------


def _author(tree: HtmlElement, said: Told, metas: Mapping[str, str], site: Site) -> str | None:
    """People before houses; what is only the site's own name last."""
    names = said.authors
    metadata = [metas.get(name, "") for name in _AUTHORS]
    offered = [", ".join(map(_plain_name, names.people)), *map(_plain_name, metadata)]
    people = [name for text in offered if (name := _named(text))]
    first = next((name for name in people if bare(name) not in site.known), None)
    return first or _byline(tree, site) or _named(", ".join((*names.people, *names.houses))) or next(iter(people), None)


def _plain_name(text: str) -> str:
    return "" if "://" in text or text.startswith(("@", "www.")) else _ABBREVIATION.sub("", text)


def _named(text: str) -> str | None:
    name = author_name(text)
    return (_BY_IN_METADATA.sub("", name).strip() or None) if name else None


def _byline(tree: HtmlElement, site: Site) -> str | None:
    """The first visible line that says it names the author."""
    for element in islice(tree.iter("a", "span", "div", "p", "li", "address", "strong"), _MOST_ELEMENTS):
        if _is_byline(element) and (name := _names_in(element, site)):
            return name
    return None


def _is_byline(element: HtmlElement) -> bool:
    if _names_a_person(element):
        return True
    marks = f"{element.get('class') or ''} {element.get('data-testid') or ''}"
    if _BYLINE.search(marks) and not _NO_BYLINE.search(marks):
        return True
    text = element.text or ""
    says_by = len(text) <= _LONGEST_BYLINE and _SAYS_BY.match(" ".join(text.split()))
    return bool(says_by) and not _MENU.search(marks) and next(element.iterancestors("nav"), None) is None


def _names_a_person(element: HtmlElement) -> bool:
    """Marked as the author by more than its looks: then one word may be a name."""
    if "author" in (str(element.get("rel")), str(element.get("itemprop"))):
        return True
    return element.tag == "a" and bool(_OF_AN_AUTHOR.search(str(element.get("href") or "")))


def _names_in(element: HtmlElement, site: Site) -> str | None:
    """The first piece that is a name, with those that an "and" or a comma joins to it; not the job or the day beside it."""
    texts = list(islice(element.itertext(), _MOST_PARTS))
    pieces = [piece for text in texts if (piece := " ".join(text[:_LONGEST_TITLE].split()))]
    if sum(map(len, pieces)) > _LONGEST_BYLINE:
        return None
    fewest = 1 if _names_a_person(element) else 2
    names: list[str] = []
    is_joined = True
    for piece in pieces:
        said = _BY.sub("", piece)
        name = _named(_AFTER_A_NAME.sub("", said))
        if is_joined and name and _is_a_name(name, fewest) and not {bare(name), bare(said)} & site.known:
            names.append(name)
        is_joined = not names or bool(_JOINS.search(piece))
    return ", ".join(dict.fromkeys(names)) or None


def _is_a_name(text: str, fewest: int) -> bool:
    words = text.replace(",", " ").split()
    is_written_as_one = not any(word[0].islower() and word not in _SMALL for word in words)
    is_somebody = fewest <= len(words) <= _MOST_WORDS and bare(text) not in _NOBODY
    return is_somebody and is_written_as_one and text[0].isupper() and not text.endswith((".", ":", "?"))


# -- the rest ------------------------------------------------------------------------------------


def _image(said: Told, metas: Mapping[str, str], base: str) -> str | None:
    for link in (said.image, *(metas.get(name, "") for name in _IMAGES)):
        address = absolute(link, base) if link else ""
        if address.startswith(("http://", "https://")) and not _NO_PICTURE.search(address.partition("?")[0]):
            return address
    return None
