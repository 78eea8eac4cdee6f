"""When a page was published, by its best source: JSON-LD, meta elements, time elements, what it shows, htmldate. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from lxml.html import HtmlElement

from monitor.parse.dates import instant
from monitor.parse.jsonld import Told

_DATE_NAMES: Final = (
    "article:published_time og:article:published_time article:published:time og:published_time datepublished publishdate"
    " publish-date publish_date pubdate parsely-pub-date sailthru.date dc.date dc.date.issued dcterms.created"
    " dcterms.date date.created date.available date cxenseparse:recs:publishtime bt:pubdate published_time_telegram"
    " originalpublicationdate"
)
_DATES: Final = _DATE_NAMES.split()
_NEAR: Final = timedelta(hours=36)  # what two zones, or a day and an hour of it, may be apart
_LONGEST_DATE: Final = 80
_WHEN: Final = re.compile(
    r"^\s*(?:published|posted|written|date|diterbitkan|dipublikasikan|terbit|tayang|tanggal)(?: on| at| pada)?\s*:?\s+",
    re.IGNORECASE,
)
_MOST_SHOWN: Final = 3  # dates; what comes below is of other articles
_HAS_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_MOST_ELEMENTS: Final = 3_000  # in which a date is looked for


def published_at(tree: HtmlElement, said: Told, metas: Mapping[str, str], *, base: str, zone: str) -> datetime | None:
    """By the best source; but where that lacks the zone or the hour, by another of the same day that has them."""
    offered = [said.text("datePublished"), *(metas.get(name, "") for name in _DATES), *_times(tree)]
    offered = [" ".join(text.split()) for text in offered if text]
    exact = [found for text in offered if (found := instant(text))]
    doubtful = None
    for text in offered:
        if found := instant(text):
            return found
        if rough := instant(f"{text} {zone}") or instant(f"{text} 12:00 UTC"):
            if text[0].isalpha():  # in words, as site builders fill in the day of the last change
                doubtful = doubtful or rough
                continue
            return next((moment for moment in exact if abs(moment - rough) <= _NEAR), rough)
    shown = list(islice(_shown_dates(tree), _MOST_SHOWN))
    found = next((found for text in shown if (found := instant(text))), None)
    return (
        found or next((instant(f"{text} 12:00 UTC") for text in shown), None) or _found_in_text(tree, base) or doubtful
    )


def _times(tree: HtmlElement) -> Iterator[str]:
    """Time elements: those that say they are of the publication, then the first."""
    times = list(islice(tree.iter("time"), 20))
    marked = [
        time
        for time in times
        if time.get("pubdate") is not None or "publish" in _marks(time) or "created" in _marks(time)
    ]
    for time in (*marked, *times[:1]):
        yield str(time.get("datetime") or time.text_content())[:_LONGEST_DATE]


def _shown_dates(tree: HtmlElement) -> Iterator[str]:
    """Lines that say nothing but when."""
    for element in islice(tree.iter("div", "span", "p", "li", "small", "td"), _MOST_ELEMENTS):
        text = _WHEN.sub("", str(element.text or "")[:_LONGEST_DATE]).strip(" \n\t|-–•,")
        if _HAS_YEAR.search(text) and (instant(text) or instant(f"{text} 12:00 UTC")):
            yield text


def _marks(element: HtmlElement) -> str:
    return " ".join(str(element.get(name) or "") for name in ("class", "itemprop", "id", "rel")).lower()


def _found_in_text(tree: HtmlElement, base: str) -> datetime | None:
    """The day that htmldate finds by the address, or by what looks like a date."""
    from htmldate import find_date  # slow to load: workers only

    try:
        day = find_date(tree, original_date=True, extensive_search=False, url=base or None, deferred_url_extractor=True)
    except Exception:  # noqa: BLE001  it fails in any way on odd pages
        return None
    if not day or day.endswith("-01-01"):  # mostly a year alone
        return None
    return instant(f"{day} 12:00 UTC")
