"""An entry and its page → the article in normal form; the feed's own text where the page says less. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from monitor.errors import ParseError
from monitor.model import Article, Entry, Page, Quality
from monitor.parse.charset import decoded
from monitor.parse.cleaner import cleaned, same_words
from monitor.parse.links import canonical_url, is_home, is_section_of, outlet_of, same_site, shown, text_id
from monitor.parse.meta import About, about
from monitor.parse.plain import first_words, joined
from monitor.text import content_hash, fold, normalise, one_line

_NOT_A_PAGE: Final = re.compile(
    r"(?:image|audio|video|font)/|application/(?:pdf|zip|json|javascript|gzip|msword|vnd)", re.IGNORECASE
)
_SHORTEST: Final = 25  # characters; less is a button
_SHORT: Final = 400  # characters; a teaser is shorter
_BROKEN_OFF: Final = re.compile(r"(?:…|\.\.\.|\[…\]|[^.!?”\"’')\]»。！？])\s*$")
_UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_GLOBAL_GUID: Final = ("http://", "https://", "tag:", "urn:")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A page, read."""

    about: About
    text: str


def extract(entry: Entry, page: Page | None, *, feed: str, feed_name: str, first_seen_at: datetime) -> Article:
    """The article of an entry. Whatever is wrong with its page, there is an article: then of the feed's own words."""
    text, quality, said = _text_of(entry, page)
    url = entry.url if entry.is_file else shown(_address(entry, page, said))
    title = _title(entry, said) or first_words(text)
    return Article(
        key=_key(entry, url, feed),
        url=url,
        title=title,
        text=text,
        first_seen_at=first_seen_at,
        outlet=feed_name if entry.is_file else outlet_of(entry.source_url or "") or outlet_of(url) or feed_name,
        feed=feed,
        content_hash=content_hash(title, text),
        published_at=entry.published_at or (said.published_at if said else None),
        guid=_guid(entry),
        author=entry.author or (said.author if said else None),
        language=entry.language or (said.language if said else None),
        quality=quality,
    )


def read_page(page: Page, *, now: datetime) -> Article:
    """The article on a page that no feed told us of."""
    reading = _tried(page)
    if reading is None:
        raise ParseError("not a web page that can be read")
    if not reading.text:
        raise ParseError("no article text found on the page")
    said, text = reading.about, reading.text
    url = shown(_believed(said.address, page.url) if page.url else said.address)
    title = said.title or first_words(text)
    return Article(
        key=canonical_url(url) or f"text:{text_id(text)}",
        url=url,
        title=title,
        text=text,
        first_seen_at=now,
        outlet=outlet_of(url) or "",
        feed="",
        content_hash=content_hash(title, text),
        published_at=said.published_at,
        author=said.author,
        language=said.language,
        quality=_quality(text),
    )


# -- which text ----------------------------------------------------------------------------------


def _text_of(entry: Entry, page: Page | None) -> tuple[str, Quality, About | None]:
    """The text, how much of the article it is, and what the page says of itself where it is this entry's page."""
    if entry.is_file:
        return entry.text, Quality.FULL, None
    own = joined(cleaned(entry.text.split("\n"), titles=(entry.title,)))
    reading = _tried(page, entry.title) if page else None
    if reading is None or not reading.text or (entry.shares_link and own) or not _speaks_of(entry.title, reading):
        return own, Quality.FEED_ONLY, None
    if _says_more(own, reading.text):
        return own, Quality.FEED_ONLY, reading.about
    return reading.text, _quality(reading.text), reading.about


def _says_more(own: str, page: str) -> bool:
    return len(own) > 1.2 * len(page) + 50


def _quality(text: str) -> Quality:
    return Quality.TEASER if len(text) < _SHORT and _BROKEN_OFF.search(text) else Quality.FULL


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


# -- the page ------------------------------------------------------------------------------------


def _tried(page: Page, title: str = "") -> _Reading | None:
    """The page, read; None where it can't be."""
    try:
        return _read(page, title)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  libraries fail in any way on hostile pages; the feed's text is left
        return None


def _read(page: Page, title: str) -> _Reading | None:
    from trafilatura import bare_extraction, load_html  # takes half a second to load: workers only
    from trafilatura.metadata import Document

    if _NOT_A_PAGE.match(page.content_type.strip()) or not page.content.strip():
        return None
    tree = load_html(decoded(page.content, page.content_type).replace("\x00", ""))
    if tree is None:
        return None
    said = about(tree, page.url)
    found = bare_extraction(tree, url=page.url or None, include_comments=False, include_tables=True)
    text = _cleaned((found.text if isinstance(found, Document) else None) or "", said, title)
    full = _cleaned(said.body, said, title)
    best = full if _is_fuller(full, text) else text
    return _Reading(said, best if len(best) >= _SHORTEST else "")


def _is_fuller(full: str, text: str) -> bool:
    """Whether JSON-LD has the body: where the page holds only its beginning, or the same without its paragraphs."""
    if len(full) > 1.6 * len(text) + 200:
        return True
    return full.count("\n") > text.count("\n") and same_words(full, text)


def _cleaned(text: str, said: About, title: str) -> str:
    lines = [one_line(line).removeprefix("- ").strip("| ") for line in normalise(text).split("\n")]
    return joined(cleaned([line for line in lines if line], titles=(title, said.title)))


def _title(entry: Entry, said: About | None) -> str:
    """The feed's title, but not where it is only the beginning of its text and the page has one."""
    if said and said.title and entry.title == first_words(entry.text):
        return said.title
    return entry.title or (said.title if said else "")


# -- what it is known by -------------------------------------------------------------------------


def _address(entry: Entry, page: Page | None, said: About | None) -> str:
    """Where the article stands: the page's own word for it, where it can be believed."""
    if entry.is_file or entry.shares_link or page is None or said is None:
        return entry.url
    return _believed(said.address, page.url if page.url and not is_home(page.url) else entry.url)


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
