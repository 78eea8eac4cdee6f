"""An entry under a key that is not known may be one that is known, and may be news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Entry
from monitor.parse.links import canonical_url
from monitor.stories.returning import Trace, learnt, marks, recognise

AT: Final = datetime(2026, 3, 10, 11, 42, 17, tzinfo=UTC)
MIDNIGHT: Final = datetime(2026, 3, 9, 17, 0, tzinfo=UTC)  # in Jakarta
TEXT: Final = "Pemimpin Korea Utara Kim Jong Un menyambut Menteri Luar Negeri Rusia Sergey Lavrov di kota Wonsan pada Selasa siang."
OTHER_TEXT: Final = (
    "Harga beras di pasar induk turun seiring datangnya panen raya di Jawa Tengah, kata para pedagang pada Selasa pagi."
)
TEASER: Final = (
    "Simak prakiraan cuaca hari ini untuk wilayah Jakarta, Bogor, Depok, Tangerang dan Bekasi dari badan meteorologi."
)
KIM: Final = Entry(
    key="g-1",
    url="https://kabar.id/dunia/kim-sambut-lavrov-di-wonsan",
    title="Kim Jong Un sambut Lavrov di Wonsan",
    text=TEXT,
    published_at=AT,
)
WEATHER: Final = replace(KIM, url="https://kabar.id/cuaca", title="Prakiraan cuaca hari ini", text=TEASER)
DATELESS: Final = replace(KIM, published_at=None)
BARE: Final = replace(KIM, text="")  # a title, a link and a date
TOMORROW: Final = AT + timedelta(days=1)
ELSEWHERE: Final = "https://kabar.id/dunia/2026/03/11/lain"
MOVED: Final = "https://kabar-baru.id/dunia/kim-sambut-lavrov-di-wonsan"


def changed(before: Entry, **changes: Any) -> tuple[Entry, Entry]:
    """It, and what is listed under another key."""
    return before, replace(before, **{"key": "other", **changes})


# -- one that changed -----------------------------------------------------------------------------

KNOWN: Final[dict[str, tuple[Entry, Entry]]] = {
    "only its guid is another": changed(KIM),
    "its guid, and its address is https now": changed(replace(KIM, url=KIM.url.replace("https", "http"))),
    "its guid, and its address counts visitors": changed(KIM, url=f"{KIM.url}?utm_source=rss"),
    "its guid, and its address has www": changed(KIM, url=KIM.url.replace("kabar", "www.kabar")),
    "the domain of its link, which was its key": changed(KIM, url=MOVED),
    "the domain of its link, without a text": changed(BARE, url=MOVED),
    "guid and link, by new software": changed(KIM, url="https://kabar.id/?p=4711"),
    "guid, and its link is gone, and its text is longer": changed(KIM, url="", text=f"{TEXT} {OTHER_TEXT}"),
    "guid and date": changed(KIM, published_at=TOMORROW),
    "guid, and the date is gone": changed(KIM, published_at=None),
    "guid, and it has a date now": changed(DATELESS, published_at=AT),
    "guid and title": changed(KIM, title="Lavrov tiba di Wonsan"),
    "guid and title, without a date": changed(DATELESS, title="Lavrov tiba di Wonsan"),
    "guid and title, without a text": changed(BARE, title="Lavrov tiba di Wonsan"),
    "guid and text": changed(KIM, text=OTHER_TEXT),
    "guid and text, to the same day": changed(replace(KIM, published_at=MIDNIGHT), text=OTHER_TEXT),
    "guid, title and text, but not link and date": changed(KIM, title="Lavrov tiba di Wonsan", text=OTHER_TEXT),
    "guid, and it shares its link now": changed(KIM, shares_link=True),
    "guid, without link and date": changed(replace(DATELESS, url="")),
    "guid, without link and text": changed(replace(BARE, url="")),
    "guid, with only title and link": changed(replace(BARE, published_at=None)),
    "guid, of a day": changed(replace(KIM, published_at=MIDNIGHT)),
    "guid and link, of a day": changed(replace(KIM, published_at=MIDNIGHT), url=ELSEWHERE),
    "guid, of a short title": changed(replace(KIM, title="Kim")),
    "guid, of a short title, without a date": changed(replace(DATELESS, title="Kim")),
    "guid, of a short title and text": changed(replace(KIM, title="Kim", text="Foto.")),
    "guid, without a title": changed(replace(KIM, title="")),
    "guid, without title and text": changed(replace(BARE, title="")),
    "guid, in a script without spaces": changed(replace(BARE, title="金正恩在元山会见拉夫罗夫", url="")),
    "guid, with other quotes, accents and capitals": changed(
        replace(KIM, title="“Kim” sambut Lavrov di Wōnsan", published_at=None),
        title="'kim' SAMBUT  Lavrov di Wonsan",
        text=TEXT.replace(" ", "  ").upper(),
    ),
    "guid, and its title is its first words": changed(replace(DATELESS, title=TEXT[:60])),
}

NEW: Final[dict[str, tuple[Entry, Entry]]] = {
    "another piece": changed(KIM, url=ELSEWHERE, title="Harga beras turun", text=OTHER_TEXT, published_at=TOMORROW),
    "another piece of the same second": changed(KIM, url=ELSEWHERE, title="Harga beras turun", text=OTHER_TEXT),
    "another piece with the same teaser": changed(
        WEATHER, url=ELSEWHERE, title="Gelombang tinggi di Selatan Jawa", published_at=TOMORROW
    ),
    "a page of each day, under one link and title": changed(KIM, text=OTHER_TEXT, published_at=TOMORROW),
    "a page of each day, without a text": changed(BARE, published_at=TOMORROW),
    "a page of each day, with a few words": changed(
        replace(KIM, text="Berawan, 30 derajat."), text="Hujan, 27 derajat.", published_at=TOMORROW
    ),
    "a page of each day, without dates": changed(DATELESS, text=OTHER_TEXT),
    "an earthquake under the one link of all": changed(
        KIM, title="Gempa M 5,1 di Aceh", text=OTHER_TEXT, published_at=TOMORROW
    ),
    "an earthquake under the one link of all, in the same words": changed(
        WEATHER, title="Gempa M 5,1 guncang Aceh", published_at=TOMORROW
    ),
    "an earthquake under the one link of all, in no words": changed(
        BARE, title="Gempa M 5,1 guncang Aceh", published_at=TOMORROW
    ),
    "an earthquake under the one link of all, without a date": changed(
        DATELESS, title="Gempa M 5,1 guncang Aceh", text=OTHER_TEXT
    ),
    "a live ticker's next line": changed(
        replace(KIM, shares_link=True), text="Menit 70: gol.", title="Persib lawan Persija", published_at=TOMORROW
    ),
    "a live ticker's next line, under the ticker's title": changed(
        replace(KIM, shares_link=True), text=OTHER_TEXT, published_at=TOMORROW
    ),
    "a live ticker's next line, under its title, without dates": changed(
        replace(DATELESS, shares_link=True), text=OTHER_TEXT
    ),
    "a title that recurs": changed(WEATHER, url=ELSEWHERE, text=OTHER_TEXT, published_at=TOMORROW),
    "a title that recurs, with its teaser": changed(WEATHER, url=ELSEWHERE, published_at=TOMORROW),
    "a title that recurs, with its teaser, without dates": changed(replace(WEATHER, published_at=None), url=ELSEWHERE),
    "a title that recurs, without a teaser": changed(BARE, url=ELSEWHERE, published_at=TOMORROW),
    "a title that recurs, without a teaser and dates": changed(replace(BARE, published_at=None), url=ELSEWHERE),
    "a title that recurs, with its teaser, without links": changed(replace(WEATHER, url=""), published_at=TOMORROW),
    "a title that recurs on one day": changed(replace(BARE, published_at=MIDNIGHT), url=ELSEWHERE),
    "a title that recurs in one second, with all else new": changed(KIM, url=ELSEWHERE, text=OTHER_TEXT),
    "two short titles of a second": changed(replace(BARE, title="Kurs"), url=ELSEWHERE),
    "two short titles with one short text": changed(replace(DATELESS, title="Kurs", text="Naik."), url=""),
    "one link on a day": changed(
        replace(KIM, published_at=MIDNIGHT), title="Gempa M 5,1 guncang Aceh", text=OTHER_TEXT
    ),
    "one link and nothing else": changed(replace(BARE, published_at=None), title="Gempa M 5,1 guncang Aceh"),
    "one text and nothing else": changed(replace(DATELESS, url="", title="Gempa"), title="Gempa M 5,1 guncang Aceh"),
    "nothing but dates": changed(replace(BARE, title="", url="")),
    "a file": changed(replace(BARE, title="", url="", published_at=None)),
}


def link_of(entry: Entry) -> str:
    return "" if entry.shares_link else canonical_url(entry.url)


def found(before: Sequence[Entry], after: Sequence[Entry], *, listed: Sequence[Entry] = ()) -> dict[str, str]:
    """The keys before of those listed now that were known. `listed` are of those before, and still listed."""
    known = [replace(marks(entry, link_of(entry)), id=row) for row, entry in enumerate(before, start=1)]
    unknown = [marks(entry, link_of(entry)) for entry in after]
    keys = frozenset(entry.key for entry in (*after, *listed))
    rows = recognise(unknown, known, listed=keys, total=len(after) + len(listed))
    return {key: before[row - 1].key for key, row in rows.items()}


@pytest.mark.parametrize(("before", "after"), KNOWN.values(), ids=KNOWN)
def test_it_is_known_though_it_has_another(before: Entry, after: Entry) -> None:
    assert found([before], [after]) == {"other": before.key}
    assert found([after], [before]) == {before.key: "other"}


@pytest.mark.parametrize(("before", "after"), NEW.values(), ids=NEW)
def test_it_is_new(before: Entry, after: Entry) -> None:
    assert found([before], [after]) == {}
    assert found([after], [before]) == {}


@pytest.mark.parametrize(("before", "after"), KNOWN.values(), ids=KNOWN)
def test_what_is_still_listed_is_not_what_is_listed_beside_it(before: Entry, after: Entry) -> None:
    assert found([before], [after], listed=[before]) == {}


# -- many ----------------------------------------------------------------------------------------


def news(n: int, **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "key": f"g-{n}",
        "url": f"https://kabar.id/berita/{n:06}",
        "title": f"Berita nomor {n} dari Wonsan",
        "text": f"{n}. {TEXT}",
        "published_at": AT - timedelta(minutes=37 * n),
    }
    return Entry(**{**values, **changes})


def a_page(n: int, **changes: Any) -> Entry:
    """One that is written over each day."""
    values: dict[str, Any] = {"url": f"https://kabar.id/cuaca/{n}", "title": f"Cuaca kota nomor {n} hari ini"}
    return news(n, **{**values, "text": f"{n}: berawan.", **changes})


def anew(entries: Sequence[Entry], **changes: Any) -> list[Entry]:
    return [replace(entry, **{"key": f"new-{entry.key}", **changes}) for entry in entries]


def with_other_links(entries: Sequence[Entry]) -> list[Entry]:
    return [replace(entry, url=f"https://kabar.id/?p={n}") for n, entry in enumerate(entries)]


def later(entries: Sequence[Entry], by: timedelta) -> list[Entry]:
    return [replace(e, published_at=e.published_at + by) for e in entries if e.published_at]


NEWS: Final = [news(n) for n in range(30)]
TITLES: Final = [news(n, text="", published_at=None) for n in range(30)]  # with links
UNDATED: Final = [news(n, published_at=None) for n in range(30)]
TEXTLESS: Final = [news(n, text="") for n in range(30)]
CITIES: Final = [a_page(n) for n in range(5)]
RECURRING: Final = [*TITLES[:9], *(replace(entry, title=WEATHER.title) for entry in TITLES[9:11])]
LINKED: Final = [news(n, key=f"https://kabar.id/{n}") for n in range(30)]


@dataclass(frozen=True, slots=True)
class Many:
    """What is listed before and after; of the latter, the first `known` are known under other keys."""

    before: Sequence[Entry]
    after: Sequence[Entry]
    known: int
    still: Sequence[Entry] = ()  # listed as before


MANY: Final[dict[str, Many]] = {
    "all guids": Many(NEWS, anew(NEWS), 30),
    "all guids, of entries with nothing but a link": Many(
        [replace(entry, title="") for entry in TITLES], anew([replace(entry, title="") for entry in TITLES]), 30
    ),
    "all guids, and each is dated now": Many(TEXTLESS, anew(TEXTLESS, published_at=TOMORROW), 30),
    "all guids, and each has another text": Many(UNDATED, anew(UNDATED, text=OTHER_TEXT), 30),
    "all guids but those of new ones": Many(NEWS[1:], anew([*NEWS[1:], NEWS[0]]), 29),
    "all guids, after half of a window is new": Many(NEWS[15:], anew([*NEWS[15:], *NEWS[:15]]), 15),
    "all guids and dates, after half of a window is new": Many(
        TEXTLESS[15:], anew([*TEXTLESS[15:], *TEXTLESS[:15]], published_at=TOMORROW), 0
    ),
    "all guids and links": Many(NEWS, anew(with_other_links(NEWS)), 30),
    "all guids and links, of which nothing but titles is left": Many(NEWS, anew(with_other_links(TITLES)), 30),
    "all guids and links, with short titles": Many(
        [replace(entry, title=f"Nomor {n}") for n, entry in enumerate(TITLES)],
        anew([replace(entry, title=f"Nomor {n}") for n, entry in enumerate(with_other_links(TITLES))]),
        30,
    ),
    "all guids, links and hours, as of another zone": Many(
        NEWS, anew(with_other_links(later(TEXTLESS, timedelta(hours=-7)))), 0
    ),
    "all guids, links, texts and hours, as of another zone": Many(
        NEWS, [replace(e, text=OTHER_TEXT) for e in anew(with_other_links(later(NEWS, timedelta(hours=7))))], 0
    ),
    "reports of one name each, some hours later": Many(
        NEWS[:5], [replace(e, text=OTHER_TEXT) for e in anew(with_other_links(later(NEWS[:5], timedelta(hours=6))))], 0
    ),
    "a few titles without more to them, on the next day": Many(UNDATED[:3], anew(with_other_links(UNDATED[:3])), 0),
    "all domains, which were their keys": Many(
        LINKED, anew([replace(entry, url=entry.url.replace("kabar", "kabar-baru")) for entry in LINKED]), 30
    ),
    "all domains of dateless ones": Many(
        UNDATED, anew([replace(entry, url=entry.url.replace("kabar", "kabar-baru")) for entry in UNDATED]), 30
    ),
    "all guids and links, but of two with one title nothing tells which is which": Many(
        RECURRING, anew(with_other_links(RECURRING)), 0
    ),
    "a window of nothing but new ones": Many(NEWS, anew([news(n) for n in range(100, 130)]), 0),
    "a window of nothing but new ones, with one teaser": Many(
        [replace(entry, text=TEASER) for entry in NEWS], anew([news(n, text=TEASER) for n in range(100, 130)]), 0
    ),
    "pages for cities, on the next day": Many(
        CITIES, anew([replace(entry, text="Hujan.") for entry in later(CITIES, timedelta(days=1))]), 0
    ),
    "signs of the zodiac, on the next day": Many(CITIES, anew(with_other_links(later(CITIES, timedelta(days=1)))), 0),
    "signs of the zodiac, on the next day, with one teaser": Many(
        [replace(entry, text=TEASER) for entry in CITIES],
        anew([replace(entry, text=TEASER) for entry in with_other_links(later(CITIES, timedelta(days=1)))]),
        0,
    ),
    "three pages of many entries": Many(TEXTLESS, anew(TEXTLESS[:3], published_at=TOMORROW), 0, still=TEXTLESS[3:]),
    "two pages, which are all": Many(TEXTLESS[:2], anew(TEXTLESS[:2], published_at=TOMORROW), 0),
    "two guids, which are all": Many(NEWS[:2], anew(NEWS[:2]), 2),
}


@pytest.mark.parametrize("case", MANY.values(), ids=MANY)
def test_those_are_known_that_were_listed_before(case: Many) -> None:
    expected = {entry.key: entry.key.removeprefix("new-") for entry in case.after[: case.known]}
    assert found(case.before, case.after, listed=case.still) == expected


def test_two_that_say_the_same_are_two() -> None:
    two = [KIM, replace(KIM, key="g-2")]
    assert sorted(found(two, anew(two)).values()) == ["g-1", "g-2"]


def test_one_of_two_that_say_the_same_was_known() -> None:
    """The other has the same address and text; that is found out when it is read."""
    assert found([KIM], anew([KIM, replace(KIM, key="g-2")])) == {"new-g-1": "g-1"}


def test_of_two_that_may_be_it_the_one_that_is_more_like_it_is() -> None:
    edited = replace(KIM, title="Lavrov tiba di Wonsan")
    assert found([KIM], [replace(edited, key="a"), replace(KIM, key="b")]) == {"b": "g-1"}
    assert found([replace(edited, key="a"), replace(KIM, key="b")], anew([KIM])) == {"new-g-1": "b"}


def test_of_two_equal_ones_it_is_the_newer() -> None:
    assert found([replace(KIM, key="a"), replace(KIM, key="b")], anew([KIM])) == {"new-g-1": "b"}


# -- any -----------------------------------------------------------------------------------------

SIGNS = st.builds(
    Entry,
    key=st.uuids().map(str),
    url=st.sampled_from(("", KIM.url, ELSEWHERE)),
    title=st.sampled_from(("", "Kurs", KIM.title, WEATHER.title)),
    text=st.sampled_from(("", "Naik.", TEXT, TEASER)),
    published_at=st.sampled_from((None, AT, MIDNIGHT, TOMORROW)),
    shares_link=st.booleans(),
)


@given(st.lists(SIGNS, max_size=8), st.lists(SIGNS, max_size=8), st.lists(SIGNS, max_size=4))
def test_none_is_taken_twice_nor_one_that_is_still_listed(
    gone: list[Entry], after: list[Entry], still: list[Entry]
) -> None:
    rows = found([*gone, *still], after, listed=still)
    assert len(set(rows.values())) == len(rows)
    assert rows.keys() <= {entry.key for entry in after}
    assert set(rows.values()) <= {entry.key for entry in gone}


@given(SIGNS)
def test_marks_are_64_bits(entry: Entry) -> None:
    trace = marks(entry, link_of(entry))
    numbers = [number for number in (trace.link, trace.title, trace.text) if number is not None]
    assert all(-(2**63) <= number < 2**63 for number in numbers)
    assert isinstance(trace, Trace)


# -- what is steady -------------------------------------------------------------------------------


def test_by_what_a_feed_is_known_is_learnt_from_two_readings_in_a_row() -> None:
    assert learnt("guid", 0, NEWS, returned=15, unchanged=0) == ("guid", 1)
    assert learnt("guid", 1, NEWS, returned=15, unchanged=0) == ("link", -1)
    assert learnt("guid", 1, NEWS, returned=0, unchanged=0) == ("guid", 0)


def test_the_reading_after_a_change_does_not_count() -> None:
    assert learnt("link", -1, NEWS, returned=30, unchanged=0) == ("link", 0)
    assert learnt("link", 0, NEWS, returned=30, unchanged=0) == ("link", 1)


@pytest.mark.parametrize(
    "links",
    [
        [replace(entry, shares_link=True) for entry in NEWS],
        [replace(entry, url="") for entry in NEWS],
        [*NEWS[1:], replace(NEWS[0], url="")],
        [*NEWS[1:], replace(NEWS[0], url=NEWS[1].url)],
    ],
    ids=["one for all", "none", "not for all", "one for two"],
)
def test_where_links_do_not_tell_entries_apart_their_content_does(links: list[Entry]) -> None:
    assert learnt("guid", 1, links, returned=30, unchanged=0) == ("content", -1)


def test_links_that_are_as_unsteady_give_way_to_content_which_is_the_last_resort() -> None:
    assert learnt("link", 1, NEWS, returned=30, unchanged=0) == ("content", -1)
    assert learnt("content", 1, NEWS, returned=30, unchanged=0) == ("content", 2)


@pytest.mark.parametrize(("entries", "returned", "unchanged"), [(NEWS, 14, 0), (NEWS[:2], 2, 0), (NEWS[:10], 10, 20)])
def test_a_few_other_keys_are_no_rule(entries: list[Entry], returned: int, unchanged: int) -> None:
    assert learnt("guid", 1, entries, returned=returned, unchanged=unchanged) == ("guid", 0)
