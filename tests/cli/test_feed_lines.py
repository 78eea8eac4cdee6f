"""A feed in `status`: one plain line where it is well, more where something is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from monitor.cli.feed_lines import lines_of
from monitor.errors import width
from monitor.store.health import FeedHealth
from monitor.timing import Why
from tests.build import NOON

ZONE: Final = ZoneInfo("Asia/Jakarta")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def a_health(name: str = "Antara", **changes: Any) -> FeedHealth:
    values: dict[str, Any] = {
        "url": f"https://{name}.example/rss",
        "last_success_at": NOON - 5 * MINUTE,
        "next_poll_at": NOON + 10 * MINUTE,
        "next_poll_why": Why.EVERY,
        "state": "ok",
        "entries_a_day": 34.2,
        "lag_seconds": 420.0,
    }
    return FeedHealth(**{"name": name, **values, **changes})


def shown(*feeds: FeedHealth) -> list[str]:
    return list(lines_of(feeds, ZONE, now=NOON))


def test_a_feed_that_is_well_is_one_line() -> None:
    assert shown(a_health()) == ["  Antara: last read 18:55, next 19:10, 34.2 a day, lag 7 min"]


@pytest.mark.parametrize("name", ["Kantor Berita " * 20, "新聞" * 60])
def test_a_line_is_at_most_a_hundred_columns_wide(name: str) -> None:
    long_ago: dict[str, Any] = {"last_success_at": NOON - DAY, "next_poll_at": NOON + DAY, "next_poll_why": Why.SERVER}
    (line,) = shown(a_health(name))
    assert 90 < sum(map(width, line)) <= 100
    (line,) = shown(a_health(name, **long_ago))
    assert sum(map(width, line)) <= 125  # a name of which nothing is left helps nobody


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"next_poll_why": Why.SERVER}, "next 19:10 as its server asks"),
        ({"next_poll_at": NOON - MINUTE}, "next now"),
        ({"last_success_at": NOON - DAY}, "last read 2026-03-09 19:00"),
        ({"lag_seconds": 12.0}, "lag 12 s"),
        ({"lag_seconds": 90 * 60.0}, "lag 90 min"),
        ({"lag_seconds": 5 * 3600.0}, "lag 5 h"),
        ({"lag_seconds": 72 * 3600.0}, "lag 3 d"),
        ({"entries_a_day": 0.0}, "0 a day"),
    ],
)
def test_the_line_says_when_and_how_much(changes: dict[str, Any], says: str) -> None:
    (line,) = shown(a_health(**changes))
    assert says in line


def test_a_feed_that_was_never_asked_or_never_read_says_so() -> None:
    unknown: dict[str, Any] = {"last_success_at": None, "entries_a_day": None, "lag_seconds": None}
    assert shown(a_health(state="new", next_poll_at=None, **unknown)) == ["  Antara: not asked yet"]
    assert shown(a_health(state="new", **unknown)) == ["  Antara: never read, next 19:10"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"state": "failing", "failures": 4, "last_error": "HTTP 503", "failing_since": NOON - 2 * HOUR},
            "HTTP 503 (4 in a row) since 17:00",
        ),
        (
            {
                "state": "failing",
                "failures": 1,
                "last_error": "HTTP 429",
                "failing_since": NOON,
                "next_poll_why": Why.RETRY_AFTER,
            },
            "HTTP 429 since 19:00; its server asked to be left alone",
        ),
        (
            {"state": "paused", "failures": 0, "paused": "it stopped the program three times", "next_poll_at": None},
            "left alone: it stopped the program three times; `monitor once --all` asks it once more",
        ),
        (
            {"state": "silent", "silent_since": NOON - 5 * DAY, "longest_pause_seconds": 9 * 3600.0},
            "silent: nothing new since 2026-03-05 19:00; its longest pause before was 9 h",
        ),
        ({"complaint": "2 entries have no title"}, "part of it can't be read: 2 entries have no title"),
        (
            {"gap_at": NOON - HOUR, "gaps": 3, "next_poll_why": Why.GAP},
            "entries came and went unseen between two readings; last 18:00 (3 in all); asked more often since",
        ),
        (
            {"moved_to": "https://new.example/rss"},
            "moved for good to https://new.example/rss: write that address into the configuration",
        ),
    ],
)
def test_what_is_wrong_stands_below_the_line_which_is_marked(changes: dict[str, Any], says: str) -> None:
    line, below = shown(a_health(**changes))
    assert line.startswith("! Antara: last read 18:55, ")
    assert below == f"      {says}"


def test_a_feed_that_is_gone_says_it_once() -> None:
    gone: dict[str, Any] = {
        "state": "paused",
        "failures": 1,
        "last_error": "HTTP 410",
        "paused": "HTTP 410",
        "next_poll_at": None,
    }
    line, *below = shown(a_health(**gone, failing_since=NOON))
    assert ", not asked again, " in line
    assert below == ["      HTTP 410 since 19:00", "      left alone; `monitor once --all` asks it once more"]


def test_a_gap_of_long_ago_is_no_trouble_any_more() -> None:
    assert shown(a_health(gap_at=NOON - 8 * DAY, gaps=1)) == shown(a_health())


def test_those_in_trouble_come_first() -> None:
    lines = shown(a_health("Satu"), a_health("Dua", complaint="x"), a_health("Tiga"), a_health("Empat", complaint="y"))
    assert [line.partition(":")[0] for line in lines if not line.startswith("   ")] == [
        "! Dua",
        "! Empat",
        "  Satu",
        "  Tiga",
    ]
