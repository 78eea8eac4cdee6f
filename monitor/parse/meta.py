"""What a page says about its article: JSON-LD, meta elements, its headline, its byline. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from monitor.parse.cleaner import bare, same_words
from monitor.parse.dates import instant
from monitor.parse.jsonld import Told, told
from monitor.parse.links import absolute
from monitor.parse.plain import author_name, paragraphs, title_line, two_letters
from monitor.text import terms

_ENDS_OF_SITE_TITLE: Final = (" | ", " - ", " – ", " — ", " :: ")
_DATES: Final = [
    "article:published_time",
    "og:article:published_time",
    "article:published:time",
    "datepublished",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "date.created",
    "date.available",
    "date",
    "cxenseparse:recs:publishtime",
    "bt:pubdate",
    "published_time_telegram",
    "originalpublicationdate",
]
_AUTHORS: Final = [
    "author",
    "article:author",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "cxenseparse:author",
    "citation_author",
    "article.author",
]
_IMAGES: Final = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
_NEAR: Final = timedelta(hours=36)  # what two zones, or a day and an hour of it, may be apart
_ALIKE: Final = 0.3  # of a headline's words that the page's own names for itself share with it
_NO_PICTURE: Final = re.compile(
    r"logo|favicon|placeholder|default|blank|spacer|sprite|avatar|no[-_]?image|1x1|/icons?[/._-]", re.IGNORECASE
)
_BYLINE: Final = re.compile(r"(?:^|[\s_-])(?:author|byline|autor|auteur|penulis|writer)", re.IGNORECASE)
_NO_BYLINE: Final = re.compile(
    r"comment|avatar|bio|image|img|photo|social|twitter|related|box|share|date|follow|title", re.IGNORECASE
)
_BY: Final = re.compile(
    r"^\W*(?:(?:written|posted|published|ditulis|text) )?(?:by|oleh|von|par|por|di|door|av|penulis|autor(?:en)?|author|writer|reporter)"
    r"\b\s*:?\s*",
    re.IGNORECASE,
)
_BY_IN_METADATA: Final = re.compile(r"^(?:written by|ditulis oleh|by|oleh|penulis|author)\b\s*:?\s*", re.IGNORECASE)
_AFTER_A_NAME: Final = re.compile(
    r"\s*(?:[|•·/–—]|\s-\s|\b(?:last|updated?|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|published|posted|follow|twitter|share|on|am|at)\b|\d).*$",
    re.IGNORECASE,
)
_SAYS_BY: Final = re.compile(r"\s*(?:By|BY|Oleh|OLEH|Von|Penulis\s*:|Oleh\s*:)(?:\s+[A-Z][\w.'’-]+){0,5}\s*$")
_ABBREVIATION: Final = re.compile(r"\s*\([a-z]{2,5}\)")
_MOST_ELEMENTS: Final = 3_000  # in which a byline is looked for
_LONGEST_TITLE: Final = 1_000  # characters, with blanks and markup
_LONGEST_BYLINE: Final = 120


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
    said, metas = told(tree), _metas(tree)
    language = two_letters(
        tree.get("lang") or tree.get("xml:lang") or metas.get("og:locale") or said.text("inLanguage")
    )
    return About(
        title=_title(tree, said, metas),
        address=_address(tree, metas, base),
        published_at=_published_at(tree, said, metas, base=base, zone="WIB" if language == "id" else "UTC"),
        author=_author(tree, said, metas),
        language=language or two_letters(metas.get("content-language") or metas.get("language")),
        body=paragraphs(said.text("articleBody")),
        image=_image(said, metas, base),
        is_free=_is_free(said),
    )


# -- title ---------------------------------------------------------------------------------------


def _title(tree: HtmlElement, said: Told, metas: Mapping[str, str]) -> str:
    """The h1 that another source confirms; else the headline that is said twice; else the h1 that shares words with them."""
    headings = [(title, len(h1) > 0) for h1 in tree.iter("h1") if (title := _line(str(h1.text_content())))]
    page = _line(str(tree.findtext(".//title") or ""))
    headline, shared = _line(said.text("headline")), _line(metas.get("og:title", ""))
    others = [title for title in (headline, shared, _without_site(page)) if title]
    for title, is_composed in headings:
        if same := [other for other in others if same_words(title, other)]:
            # Of several elements, as a kicker and the title: their division is lost.
            return next((other for other in same if is_composed and len(other) >= len(title)), title)
    if headline and any(same_words(headline, other) for other in others[1:]):
        return headline
    best = max(headings, key=lambda heading: _shared(heading[0], (*others, page)), default=("", False))[0]
    if best and _shared(best, (*others, page)) >= _ALIKE:
        return best
    sole = best if len(headings) == 1 else ""
    return next((title for title in (headline, shared, sole, _without_site(page)) if title), best)


def _line(text: str) -> str:
    """What is longer than any title is none."""
    return title_line(text) if len(text) <= _LONGEST_TITLE else ""


def _shared(title: str, others: Sequence[str]) -> float:
    mine = set(terms(title))
    return max((len(mine & set(terms(other))) / len(mine) for other in others), default=0.0) if mine else 0.0


def _without_site(title: str) -> str:
    """A page's own title ends in the name of its site."""
    for mark in _ENDS_OF_SITE_TITLE:
        head, found, _ = title.rpartition(mark)
        if found:
            return head
    return title


def _address(tree: HtmlElement, metas: Mapping[str, str], base: str) -> str:
    links = (
        str(link.get("href") or "") for link in tree.iter("link") if "canonical" in str(link.get("rel")).lower().split()
    )
    offered = (link for link in (*links, metas.get("og:url", "")) if link.strip())
    return next((found for link in offered if (found := absolute(link, base))), "")


# -- time ----------------------------------------------------------------------------------------


def _published_at(tree: HtmlElement, said: Told, metas: Mapping[str, str], *, base: str, zone: str) -> datetime | None:
    """By the best source; but where that lacks the zone or the hour, by another of the same day that has them."""
    offered = [said.text("datePublished"), *(metas.get(name, "") for name in _DATES), *_times(tree)]
    offered = [" ".join(text.split()) for text in offered if text]
    exact = [found for text in offered if (found := instant(text))]
    for text in offered:
        if found := instant(text):
            return found
        if rough := instant(f"{text} {zone}") or instant(f"{text} 12:00 UTC"):
            return next((moment for moment in exact if abs(moment - rough) <= _NEAR), rough)
    return _found_in_text(tree, base)


def _times(tree: HtmlElement) -> Iterator[str]:
    """Time elements: those that say they are of the publication, then the first."""
    times = list(islice(tree.iter("time"), 20))
    marked = [
        time
        for time in times
        if time.get("pubdate") is not None or "publish" in _marks(time) or "created" in _marks(time)
    ]
    for time in (*marked, *times[:1]):
        yield str(time.get("datetime") or time.text_content())[:80]


def _marks(element: HtmlElement) -> str:
    return " ".join(str(element.get(name) or "") for name in ("class", "itemprop", "id", "rel")).lower()


def _found_in_text(tree: HtmlElement, base: str) -> datetime | None:
    """The day that htmldate finds by the address, or by what looks like a date."""
    from htmldate import find_date  # slow to load: workers only

    try:
        day = find_date(tree, original_date=True, extensive_search=False, url=base or None, deferred_url_extractor=True)
    except Exception:  # noqa: BLE001  it fails in any way on odd pages
        return None
    return instant(f"{day} 12:00 UTC") if day else None


# -- author --------------------------------------------------------------------------------------


def _author(tree: HtmlElement, said: Told, metas: Mapping[str, str]) -> str | None:
    """People before houses; what is only the site's own name last."""
    names = said.authors
    site = {bare(name) for name in (metas.get("og:site_name", ""), metas.get("publisher", ""), *names.houses) if name}
    metadata = [metas.get(name, "") for name in _AUTHORS]
    offered = [", ".join(map(_plain_name, names.people)), *map(_plain_name, metadata)]
    people = (name for text in offered if (name := _named(text)) and bare(name) not in site)
    return next(people, None) or _byline(tree, site) or _named(", ".join((*names.people, *names.houses)))


def _plain_name(text: str) -> str:
    return "" if "://" in text or text.startswith(("@", "www.")) else _ABBREVIATION.sub("", text)


def _named(text: str) -> str | None:
    name = author_name(text)
    return (_BY_IN_METADATA.sub("", name).strip() or None) if name else None


def _byline(tree: HtmlElement, site: set[str]) -> str | None:
    """The first visible line that says it names the author."""
    for element in islice(tree.iter("a", "span", "div", "p", "li", "address", "strong"), _MOST_ELEMENTS):
        if not _is_byline(element):
            continue
        text = " ".join(" ".join(element.itertext()).split())
        if len(text) > _LONGEST_BYLINE:
            continue
        name = _named(_AFTER_A_NAME.sub("", _BY.sub("", text)))
        if name and _is_a_name(name) and bare(name) not in site:
            return name
    return None


def _is_byline(element: HtmlElement) -> bool:
    if "author" in (str(element.get("rel")), str(element.get("itemprop"))):
        return True
    if element.text and _SAYS_BY.match(element.text):
        return True
    marks = f"{element.get('class') or ''} {element.get('data-testid') or ''}"
    return bool(_BYLINE.search(marks)) and not _NO_BYLINE.search(marks)


def _is_a_name(text: str) -> bool:
    words = text.replace(",", " ").split()
    return 2 <= len(words) <= 12 and text[0].isupper() and not text.endswith((".", ":", "?"))  # noqa: PLR2004


# -- the rest ------------------------------------------------------------------------------------


def _image(said: Told, metas: Mapping[str, str], base: str) -> str | None:
    for link in (said.image, *(metas.get(name, "") for name in _IMAGES)):
        address = absolute(link, base) if link else ""
        if address.startswith(("http://", "https://")) and not _NO_PICTURE.search(address):
            return address
    return None


def _is_free(said: Told) -> bool | None:
    match said.article.get("isAccessibleForFree"):
        case bool() as free:
            return free
        case str() as text:
            return {"true": True, "false": False}.get(text.strip().lower())
        case _:
            return None


def _metas(tree: HtmlElement) -> dict[str, str]:
    """The first content of each meta element, by its name in lower case."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        if content := str(meta.get("content") or ""):
            metas.setdefault(str(name).lower(), content)
    return metas
