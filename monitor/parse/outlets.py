"""What the addresses of single outlets are known to mean: their own trackers, pages of one article, moved views. Pure.

Only what the shape of an address proves stands here: `?page=2` is a page of an article where the path names one article,
and a page of a list anywhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_NONE: Final[frozenset[str]] = frozenset()
_PAGE_NAMES: Final = frozenset({"page", "page_num", "halaman"})
_SLUG: Final = r"[^/]*[^/\d][^/]*"
_DAY: Final = r"\d{4}/\d\d/\d\d"


@dataclass(frozen=True, slots=True)
class Outlet:
    """What is known of the addresses of one outlet."""

    trackers: frozenset[str] = _NONE  # parameters that say nothing there
    article: re.Pattern[str] | None = None  # fits the path of an article; group 1 without the number of a page
    moved: tuple[re.Pattern[str], str] | None = None  # another view of host and path, and what it is a view of


def _outlet(trackers: str = "", article: str = "", moved: tuple[str, str] | None = None) -> Outlet:
    return Outlet(
        frozenset(trackers.split()),
        re.compile(article) if article else None,
        (re.compile(moved[0]), moved[1]) if moved else None,
    )


_DETIK: Final = "news|finance|hot|inet|sport|oto|travel|food|health|wolipop|20"
_KOMPAS: Final = (
    "nasional|megapolitan|regional|internasional|global|money|ekonomi|bola|olahraga|tekno|sains|otomotif|lifestyle|health"
    "|properti|travel|edukasi|tren|hype|food|entertainment|surabaya|bandung|medan|makassar|yogyakarta|denpasar"
)
_CNN_ID: Final = _outlet(article=rf"(/[a-z-]+/\d{{14}}-\d+-\d+/{_SLUG})(?:/\d{{1,2}})?")
_DOW_JONES: Final = _outlet("mod st")
_READ: Final = (r"^((?:[a-z0-9-]+\.)?(?:tempo\.co|okezone\.com))/amp/(?=\d)", r"\1/read/")

_OUTLETS: Final = {
    "detik.com": _outlet(
        "mtype",
        rf"(/(?:.+/)?d-\d{{4,}}/{_SLUG})(?:/\d{{1,2}})?",
        (rf"^detik\.com/({_DETIK})(?=/(?:.+/)?d-\d)", r"\1.detik.com"),
    ),
    "kompas.com": _outlet(
        "source engine",
        rf"((?:/[a-z]+)?/read/{_DAY}/\d+/{_SLUG})",
        (rf"^kompas\.com/({_KOMPAS})(?=/read/\d)", r"\1.kompas.com"),
    ),
    "tribunnews.com": _outlet(article=rf"((?:/[a-z0-9-]+)*/(?:{_DAY}|\d{{6,}})/{_SLUG})"),
    "liputan6.com": _outlet("source medium campaign", rf"((?:/[a-z0-9-]+)?/read/\d+/{_SLUG})"),
    "okezone.com": _outlet(article=rf"(/read/{_DAY}/\d+/\d+/{_SLUG})", moved=_READ),
    "tempo.co": _outlet(article=rf"(/read/\d+/{_SLUG})", moved=_READ),
    "cnnindonesia.com": _CNN_ID,
    "cnbcindonesia.com": _CNN_ID,
    "suara.com": _outlet(article=rf"((?:/[a-z0-9-]+)?/{_DAY}/\d+/{_SLUG})"),
    "sindonews.com": _outlet(article=r"(/read/\d+/\d+/[^/]+-\d+)(?:/\d{1,2})?"),
    "bisnis.com": _outlet(article=rf"(/read/\d{{8}}/\d+/\d+/{_SLUG})(?:/(?:\d{{1,2}}|[Aa]ll))?"),
    "antaranews.com": _outlet(article=rf"(/(?:berita|foto|video)/\d+/{_SLUG})"),
    "merdeka.com": _outlet(article=r"((?:/[a-z0-9-]+)?/[^/]+-\d+-mvk\.html)"),
    "pikiran-rakyat.com": _outlet(article=rf"((?:/[a-z0-9-]+)?/pr-\d+/{_SLUG})"),
    "jawapos.com": _outlet(article=rf"((?:/[a-z0-9-]+)?/\d{{6,}}/{_SLUG})"),
    "grid.id": _outlet(article=rf"(/read/\d+/{_SLUG})"),
    "wsj.com": _DOW_JONES,
    "barrons.com": _DOW_JONES,
    "marketwatch.com": _DOW_JONES,
    "nytimes.com": _outlet("smid emc partner ref _r campaign_id instance_id segment_id user_id regi_id nl nlid te"),
    "washingtonpost.com": _outlet("tid itid pwapi_token"),
    "theguardian.com": _outlet("cmp filterkeyevents"),
    "bloomberg.com": _outlet("srnd leadsource sref in_source"),
    "reuters.com": _outlet("feedtype feedname rpc virtualbrandchannel il"),
    "ft.com": _outlet("sharetype segmentid accesstoken"),
    "forbes.com": _outlet("sh ss"),
    "dailymail.co.uk": _outlet("ito"),
    "nbcnews.com": _outlet("cid"),
    "channelnewsasia.com": _outlet("cid"),
    "cbsnews.com": _outlet("linkid"),
    "bbc.com": _outlet("link_location"),
    "cnn.com": _outlet("hpt iid", moved=(r"^cnn\.com/cnn(?=/\d{4}/)", "cnn.com")),
    "medium.com": _outlet("source sk"),
    "substack.com": _outlet("r publication_id post_id isfreemail showwelcomeonshare triedredirect"),
    "youtube.com": _outlet("si feature ab_channel pp"),
    "x.com": _outlet("s t"),
    "news.google.com": _outlet(
        moved=(r"^news\.google\.com/(?:rss/articles|read|__i/rss/rd/articles)/", "news.google.com/articles/")
    ),
}
# One outlet under several names, with the same paths.
ALIASES: Final = {"edition.cnn.com": "cnn.com", "us.cnn.com": "cnn.com", "bbc.co.uk": "bbc.com", "twitter.com": "x.com"}
_BLOGGER: Final = re.compile(r"/\d{4}/\d\d/[^/]+\.html")
_UNKNOWN: Final = Outlet()


def outlet_at(place: str) -> Outlet:
    """What is known of the outlet at a host (news.detik.com: that of detik.com)."""
    while place:
        if found := _OUTLETS.get(place):
            return found
        place = place.partition(".")[2]
    return _UNKNOWN


def settled(place: str, path: str) -> tuple[str, str]:
    """Host and path of the article itself, where the address is known to be that of a view or of a page of it."""
    outlet = outlet_at(place)
    if outlet.moved is not None:
        pattern, itself = outlet.moved
        place, _, rest = pattern.sub(itself, f"{place}{path}", count=1).partition("/")
        path = f"/{rest}"
    page = outlet.article.fullmatch(path) if outlet.article else None
    return place, page[1] if page else path


def is_known(name: str, value: str, place: str, path: str) -> bool:
    """Whether a parameter is known to say nothing of the article at this host and path."""
    if name == "m":  # the mobile view of a Blogger page, on whatever host
        return value in ("0", "1") and _BLOGGER.fullmatch(path) is not None
    outlet = outlet_at(place)
    if name in outlet.trackers:
        return True
    if name not in _PAGE_NAMES or not value.isdigit() or outlet.article is None:
        return False
    return outlet.article.fullmatch(path) is not None
