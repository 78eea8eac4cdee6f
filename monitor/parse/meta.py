"""What a page says about itself: JSON-LD, meta elements, its headline. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lxml.html import HtmlElement

from monitor.parse.cleaner import same_words
from monitor.parse.dates import instant
from monitor.parse.links import absolute
from monitor.parse.plain import author_name, paragraphs, title_line, two_letters

_TYPES: Final = (
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle ReviewNewsArticle"
    " BlogPosting LiveBlogPosting Report AdvertiserContentArticle WebPage"
)
_ARTICLES: Final = frozenset(_TYPES.split())
_ENDS_OF_SITE_TITLE: Final = (" | ", " - ", " – ", " — ", " :: ")
_DEEPEST: Final = 6


@dataclass(frozen=True, slots=True)
class About:
    """What a page says about the article on it; empty where it says nothing."""

    title: str
    address: str  # rel=canonical, else og:url: absolute, not yet believed
    published_at: datetime | None
    author: str | None
    language: str | None
    body: str  # JSON-LD articleBody
    image: str | None = None


def about(tree: HtmlElement, base: str) -> About:
    article, metas = _json_ld(tree), _metas(tree)
    return About(
        title=_title(tree, article, metas),
        address=_address(tree, metas, base),
        published_at=_published_at(article, metas),
        author=_author(article.get("author")) or author_name(metas.get("author", "")),
        language=two_letters(tree.get("lang") or tree.get("xml:lang") or metas.get("og:locale")),
        body=paragraphs(_said(article, "articleBody")),
    )


def _title(tree: HtmlElement, article: dict[str, Any], metas: dict[str, str]) -> str:
    """The h1 that another source confirms, else the first that there is."""
    headings = [title for h1 in tree.iter("h1") if (title := title_line(str(h1.text_content())))]
    page = title_line(str(tree.findtext(".//title") or ""))
    said = [title_line(_said(article, "headline")), title_line(metas.get("og:title", ""))]
    confirmed = (h1 for h1 in headings if any(same_words(h1, title) for title in (*said, _without_site(page))))
    choices = [*confirmed, *said, *(headings if len(headings) == 1 else ()), _without_site(page), *headings]
    return next((title for title in choices if title), "")


def _without_site(title: str) -> str:
    """A page's own title ends in the name of its site."""
    for mark in _ENDS_OF_SITE_TITLE:
        head, found, _ = title.rpartition(mark)
        if found:
            return head
    return title


def _address(tree: HtmlElement, metas: dict[str, str], base: str) -> str:
    links = (
        str(link.get("href") or "") for link in tree.iter("link") if "canonical" in str(link.get("rel")).lower().split()
    )
    offered = (link for link in (*links, metas.get("og:url", "")) if link.strip())
    return next((found for link in offered if (found := absolute(link, base))), "")


def _published_at(article: dict[str, Any], metas: dict[str, str]) -> datetime | None:
    names = ("article:published_time", "og:article:published_time", "datepublished", "publishdate", "pubdate")
    offered = (_said(article, "datePublished"), *(metas.get(name, "") for name in names))
    return next((found for text in offered if (found := instant(text))), None)


def _author(said: object) -> str | None:
    """JSON-LD names an author as a text, a thing with a name, or a list of these."""
    people = said if isinstance(said, list) else [said]
    names = [_said(person, "name") if isinstance(person, dict) else person for person in people]
    return author_name(", ".join(name for name in names if isinstance(name, str) and name))


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The first content of each meta element, by its name in lower case."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        if content := str(meta.get("content") or ""):
            metas.setdefault(name, content)
    return metas


# -- JSON-LD -------------------------------------------------------------------------------------


def _json_ld(tree: HtmlElement) -> dict[str, Any]:
    """The thing on this page that is most surely its article; empty where there is none."""
    found = [thing for script in _scripts(tree) for thing in _things(script, _DEEPEST)]
    articles = [thing for thing in found if _types(thing) & _ARTICLES]
    return max(articles, key=_fullness, default={})


def _scripts(tree: HtmlElement) -> Iterator[object]:
    for script in tree.iter("script"):
        if "ld+json" in str(script.get("type")).lower() and script.text:
            try:
                yield json.loads(script.text.strip().rstrip(";"), strict=False)
            except (ValueError, RecursionError):
                continue


def _things(data: object, deepest: int) -> Iterator[dict[str, Any]]:
    match data:
        case dict():
            yield data
            inner = [data.get("@graph"), data.get("mainEntity"), data.get("mainEntityOfPage")]
        case list():
            inner = data
        case _:
            return
    for thing in inner if deepest else ():
        yield from _things(thing, deepest - 1)


def _types(thing: dict[str, Any]) -> set[str]:
    said = thing.get("@type")
    return {name for name in (said if isinstance(said, list) else [said]) if isinstance(name, str)}


def _fullness(thing: dict[str, Any]) -> int:
    names = ("headline", "datePublished", "articleBody", "author")
    return sum(name in thing for name in names) - ("WebPage" in _types(thing))


def _said(thing: dict[str, Any], name: str) -> str:
    value = thing.get(name)
    if isinstance(value, list) and value:
        value = value[0]
    return value if isinstance(value, str) else ""
