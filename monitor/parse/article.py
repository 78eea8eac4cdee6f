"""An entry and its pages → the article in normal form; the feed's own text where they say less. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from lxml.html import HtmlElement

from monitor.errors import ParseError
from monitor.model import Article, Entry, Page, Quality
from monitor.parse.body import SiteRule, body
from monitor.parse.charset import decoded
from monitor.parse.cleaner import Removed, bare, clean
from monitor.parse.language import language_of
from monitor.parse.links import canonical_url, is_home, is_section_of, outlet_of, same_site, shown, text_id
from monitor.parse.meta import About, about
from monitor.parse.pages import MOST_PAGES, further
from monitor.parse.plain import first_words, joined
from monitor.parse.verdict import WHOLE, Verdict, verdict
from monitor.text import content_hash, fold, one_line

_NOT_A_PAGE: Final = re.compile(
    r"(?:image|audio|video|font)/|application/(?:pdf|zip|json|javascript|gzip|msword|vnd)", re.IGNORECASE
)
_SHORTEST: Final = 25  # characters; less is a button
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_IN_PART: Final = Verdict(Quality.TEASER, "not all of its pages could be read")
_A_DAY: Final = timedelta(days=1)
_GLOBAL_GUID: Final = ("http://", "https://", "tag:", "urn:")


@dataclass(frozen=True, slots=True)
class Pages:
    """What could be had of an article's pages, and what its user says of them: the linked one first, then further ones."""

    pages: tuple[Page, ...] = ()
    without: str = ""  # why there are none
    rule: SiteRule | None = None  # how their site is to be read
    language: str | None = None  # which the user says; it is believed


@dataclass(frozen=True, slots=True)
class Extracted:
    """An article, and how it came to be."""

    article: Article
    pages: tuple[str, ...] = ()  # addresses of those that were read
    further: tuple[str, ...] = ()  # addresses of further pages of it that were not handed in
    source: str = "feed"  # what gave its text: the feed, the page's own paragraphs, its JSON-LD, a site's rule …
    removed: tuple[Removed, ...] = ()  # lines that belong to the page and not to the article


@dataclass(frozen=True, slots=True)
class _Reading:
    """A page, read; of an article in several pages: all of them."""

    about: About
    lines: tuple[str, ...]
    source: str
    removed: tuple[Removed, ...]
    verdict: Verdict
    further: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        text = joined(list(self.lines))
        return text if len(text) >= _SHORTEST else ""


def extract(entry: Entry, found: Pages, *, feed: str, feed_name: str, first_seen_at: datetime) -> Extracted:
    """The article of an entry. Whatever is wrong with its pages, there is an article: then of the feed's own words."""
    reading, text, mark = _text_of(entry, found)
    said = reading.about if reading else None
    url = entry.url if entry.is_file else shown(_address(entry, found.pages, said))
    title = _title(entry, said) or first_words(text)
    article = Article(
        key=_key(entry, url, feed),
        url=url,
        title=title,
        text=text,
        first_seen_at=first_seen_at,
        outlet=feed_name if entry.is_file else outlet_of(entry.source_url or "") or outlet_of(url) or feed_name,
        feed=feed,
        content_hash=content_hash(title, text),
        published_at=entry.published_at or (_not_after(first_seen_at, said.published_at) if said else None),
        guid=_guid(entry),
        author=entry.author or (said.author if said else None),
        language=found.language or language_of(entry.language or (said.language if said else None), text),
        quality=mark.quality,
        quality_reason=mark.reason,
        image=said.image if said else None,
    )
    if reading is None or mark.quality in (Quality.FEED_ONLY, Quality.NO_ARTICLE):
        return Extracted(article)
    return Extracted(article, tuple(page.url for page in found.pages), reading.further, reading.source, reading.removed)


def read_pages(found: Pages, *, now: datetime) -> Extracted:
    """The article on pages that no feed told us of."""
    reading = _tried(found, "")
    if reading is None:
        raise ParseError("not a web page that can be read")
    if reading.verdict.quality is Quality.NO_ARTICLE:
        raise ParseError(f"no article: {reading.verdict.reason}")
    if not reading.text:
        raise ParseError("no article text found on the page")
    said, text, address = reading.about, reading.text, found.pages[0].url
    url = shown(_believed(said.address, address) if address else said.address)
    title = said.title or first_words(text)
    article = Article(
        key=canonical_url(url) or f"text:{text_id(text)}",
        url=url,
        title=title,
        text=text,
        first_seen_at=now,
        outlet=outlet_of(url) or "",
        feed="",
        content_hash=content_hash(title, text),
        published_at=_not_after(now, said.published_at),
        author=said.author,
        language=language_of(said.language, text),
        quality=reading.verdict.quality,
        quality_reason=reading.verdict.reason,
        image=said.image,
    )
    return Extracted(article, tuple(page.url for page in found.pages), reading.further, reading.source, reading.removed)


def read_page(page: Page, *, now: datetime) -> Article:
    """The article on one page that no feed told us of."""
    return read_pages(Pages((page,)), now=now).article


# -- which text ----------------------------------------------------------------------------------


def _text_of(entry: Entry, found: Pages) -> tuple[_Reading | None, str, Verdict]:
    """What the page says of itself where it is this entry's page; the text, and how much of the article it is."""
    if entry.is_file:
        return None, entry.text, WHOLE
    own = joined(list(clean(entry.text.split("\n"), titles=(entry.title,), language=entry.language).lines))
    reading = _tried(found, entry.title)
    if reading is None:
        return None, own, Verdict(Quality.FEED_ONLY, found.without or "the page can't be read")
    if reading.verdict.quality is Quality.NO_ARTICLE:
        return None, own, reading.verdict
    if why := _not_its_page(entry, own, reading):
        return None, own, Verdict(Quality.FEED_ONLY, why)
    if _says_more(own, reading.text):
        return reading, own, Verdict(Quality.FEED_ONLY, "the feed says more than the page")
    return reading, reading.text, reading.verdict


def _not_its_page(entry: Entry, own: str, reading: _Reading) -> str:
    """Why what the page says is not what the feed announced; empty where it is."""
    if not reading.text:
        return "no article text found on the page"
    if entry.shares_link and own:
        return "other entries of the feed have the same link"
    return "" if _speaks_of(entry.title, reading) else "the page is about something else"


def _says_more(own: str, page: str) -> bool:
    return len(own) > 1.2 * len(page) + 50


def _speaks_of(title: str, reading: _Reading) -> bool:
    """Whether the page is of this entry: a login, a consent or a "not found" page holds few of the title's words."""
    title = fold(title)
    words = set(re.findall(r"\w{4,}", title))
    if _UNSPACED.search(title):
        words = {title[at : at + 2] for at in range(len(title) - 1) if title[at : at + 2].isalnum()}
    if len(words) < 2:  # noqa: PLR2004  one word proves nothing
        return True
    page = fold(f"{reading.about.title} {reading.text}")
    return sum(word in page for word in words) * 3 >= len(words)


# -- the pages -----------------------------------------------------------------------------------


def _tried(found: Pages, title: str) -> _Reading | None:
    """The pages, read as one; None where the first can't be. What can't be read of the others is left out."""
    known = frozenset(page.url for page in found.pages)
    readings = [_one(page, title, found.rule, known) for page in found.pages[:MOST_PAGES]]
    if not readings or readings[0] is None:
        return None
    return _together(readings[0], [reading for reading in readings[1:] if reading is not None])


def _one(page: Page, title: str, rule: SiteRule | None, known: frozenset[str]) -> _Reading | None:
    try:
        return _read(page, title, rule, known)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  libraries fail in any way on hostile pages; the feed's text is left
        return None


def _read(page: Page, title: str, rule: SiteRule | None, known: frozenset[str]) -> _Reading | None:
    tree = _tree(page)
    if tree is None:
        return None
    said = about(tree, page.url)
    found = body(tree, url=page.url, said=said, rule=rule)
    lines = [line for line in map(one_line, found.lines) if line]
    links = frozenset(map(one_line, found.links))
    language = language_of(said.language, " ".join(lines))
    cleaned = clean(lines, titles=(title, said.title), language=language, links=links)
    mark = verdict(tree, joined(list(cleaned.lines)), said=said, title=title)
    return _Reading(said, cleaned.lines, found.source, cleaned.removed, mark, further(tree, page.url, known=known))


def _tree(page: Page) -> HtmlElement | None:
    from trafilatura import load_html  # takes half a second to load: workers only

    if _NOT_A_PAGE.match(page.content_type.strip()) or not page.content.strip():
        return None
    return load_html(decoded(page.content, page.content_type).replace("\x00", ""))


def _together(first: _Reading, others: Sequence[_Reading]) -> _Reading:
    """One article: what an earlier page said is not said again. Each page repeats what stands around the text."""
    shown = [page for page in others if page.verdict.quality is not Quality.NO_ARTICLE]
    if not others or not shown:
        return replace(first, verdict=_IN_PART) if others and first.verdict.quality is Quality.FULL else first
    lines, seen = list(first.lines), set(map(bare, first.lines))
    for page in shown:
        lines += [line for line in page.lines if bare(line) not in seen]
        seen.update(map(bare, page.lines))
    removed = (*first.removed, *(line for page in shown for line in page.removed))
    more = dict.fromkeys(address for page in (first, *shown) for address in page.further)
    mark = _IN_PART if len(shown) < len(others) else WHOLE if first.verdict.quality is Quality.TEASER else first.verdict
    return replace(first, lines=tuple(lines), removed=removed, further=tuple(more), verdict=mark)


def _not_after(seen_at: datetime, published_at: datetime | None) -> datetime | None:
    """A page that says only the day, or its hour without the zone, may seem to be of this evening."""
    if published_at is None or not timedelta() < published_at - seen_at < _A_DAY:
        return published_at
    return seen_at


def _title(entry: Entry, said: About | None) -> str:
    """The feed's title, but not where it is only the beginning of its text and the page has one."""
    if said and said.title and entry.title == first_words(entry.text):
        return said.title
    return entry.title or (said.title if said else "")


# -- what it is known by -------------------------------------------------------------------------


def _address(entry: Entry, pages: Sequence[Page], said: About | None) -> str:
    """Where the article stands: the page's own word for it, where it can be believed."""
    if entry.is_file or entry.shares_link or not pages or said is None:
        return entry.url
    url = pages[0].url
    return _believed(said.address, url if url and not is_home(url) else entry.url)


def _believed(address: str, url: str) -> str:
    """A page may name another address of its own site, but not its front page or a section for all its articles."""
    if not address or is_home(address) or not same_site(address, url) or is_section_of(address, url):
        return url
    return address


def _key(entry: Entry, url: str, feed: str) -> str:
    if entry.is_file:
        return entry.key
    if not url:
        return f"{feed}#{entry.key}"
    return f"{canonical_url(url)}#{text_id(entry.key)}" if entry.shares_link else canonical_url(url)


def _guid(entry: Entry) -> str | None:
    """Only one that is unique beyond its feed, and that no other entry has."""
    if entry.is_file or entry.guid is None or entry.guid != entry.key or is_home(entry.guid):
        return None
    return entry.guid if entry.guid.lower().startswith(_GLOBAL_GUID) else None
