"""What is told of feeds, whatever they do: each trouble once, no more than once a day, and none kept quiet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.condition import DAY, Condition, Told, Trouble
from monitor.alerts.outage import begin
from monitor.alerts.trouble import News, news
from monitor.alerts.trouble_words import text_of
from tests.build import NOON

UTC: Final = ZoneInfo("UTC")
STEP: Final = timedelta(minutes=30)
BAD: Final = (Trouble.BROKEN, Trouble.STOPPED, Trouble.OFFLINE)
WELL: Final[dict[str, Any]] = {"failures": 0, "failing_since": None, "last_error": None, "paused": None}
EVENTS: Final = ("read", "new", "HTTP 503", "timed out", "unknown host", "gone", "moved", "lacks", "asleep")


@dataclass
class Life:
    """Some feeds, half an hour at a time, with what was told of them."""

    feeds: list[Condition]
    now: Any = NOON
    told: list[tuple[Any, News]] = field(default_factory=list)

    def step(self, events: Sequence[str]) -> News:
        self.now += STEP
        self.feeds = [self._after(feed, event) for feed, event in zip(self.feeds, events, strict=True)]
        began = begin(self.feeds)
        asked = sum(1 for feed in self.feeds if began and feed.last_polled_at and feed.last_polled_at >= began)
        found = news(self.feeds, asked=asked, now=self.now)
        for (feed_id, kind), mark in found.marks.items():
            others = {known: told for known, told in self.feeds[feed_id].told.items() if known is not kind}
            told = others if mark is None else {**others, kind: mark}
            self.feeds[feed_id] = replace(self.feeds[feed_id], told=told)
        self.told.append((self.now, found))
        return found

    def _after(self, feed: Condition, event: str) -> Condition:
        now = self.now
        asked = replace(feed, last_polled_at=now)
        good: dict[str, dict[str, Any]] = {
            "read": {},
            "new": {"new_at": now},
            "moved": {"moved_to": f"https://{now:%d}.example"},
            "lacks": {"last_error": f"{now:%M} entries are too long"},
        }
        if event in good:
            return replace(asked, **{**WELL, "last_success_at": now, **good[event]})
        if event == "gone":
            return self._failed(replace(asked, paused="HTTP 410"), "HTTP 410")
        return feed if event == "asleep" else self._failed(asked, event)

    def _failed(self, feed: Condition, what: str) -> Condition:
        since = feed.failing_since or self.now
        return replace(feed, failures=feed.failures + 1, last_error=what, failing_since=since, moved_to=None)


def some_feeds(count: int) -> list[Condition]:
    worked: dict[str, Any] = {
        "last_success_at": NOON,
        "new_at": NOON,
        "silent_after": 2 * DAY,
        "longest_pause": DAY / 2,
    }
    return [Condition(n, f"Feed {n}", host=f"{n}.example:443", **worked) for n in range(count)]


# A feed does the same for a while.
stretches = st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(1, 40)), min_size=1, max_size=6)


def spelt_out(stretch: list[tuple[str, int]], length: int) -> list[str]:
    events = [event for event, times in stretch for _ in range(times)]
    return (events * (length // len(events) + 1))[:length]


@given(st.lists(stretches, min_size=1, max_size=5), st.integers(1, 200))
def test_of_each_feed_each_trouble_is_told_once_a_day_at_most(lives: list[list[tuple[str, int]]], length: int) -> None:
    life = Life(some_feeds(len(lives)))
    for events in zip(*(spelt_out(stretch, length) for stretch in lives), strict=True):
        life.step(events)
    for kind in Trouble:
        for feed in life.feeds:
            times = [at for at, found in life.told for one in found.of[kind] if one.id == feed.id]
            assert all(later - earlier >= DAY for earlier, later in pairwise(times)), kind


@given(st.lists(stretches, min_size=1, max_size=5), st.integers(1, 200))
def test_well_is_told_only_of_what_was_told_to_be_broken(lives: list[list[tuple[str, int]]], length: int) -> None:
    life = Life(some_feeds(len(lives)))
    for events in zip(*(spelt_out(stretch, length) for stretch in lives), strict=True):
        life.step(events)
    for feed in life.feeds:
        is_told = False
        for _, found in life.told:
            if any(one.id == feed.id for one in found.well):
                assert is_told
                is_told = False
            is_told |= any(one.id == feed.id for kind in BAD[:2] for one in found.of[kind])


@given(
    st.lists(stretches, min_size=1, max_size=5),
    st.integers(1, 100),
    st.lists(st.sampled_from(("HTTP 503", "timed out", "unknown host", "gone")), min_size=5, max_size=5),
)
def test_a_feed_that_stays_broken_is_known_to_be_so_after_a_day(
    lives: list[list[tuple[str, int]]], length: int, at_last: list[str]
) -> None:
    life = Life(some_feeds(len(lives)))
    for events in zip(*(spelt_out(stretch, length) for stretch in lives), strict=True):
        life.step(events)
    for _ in range(55):
        life.step(at_last[: len(lives)])
    assert all(feed.stands(*BAD) for feed in life.feeds)


@given(st.lists(stretches, min_size=1, max_size=5), st.integers(1, 100))
def test_what_is_well_for_days_is_not_held_to_be_broken(lives: list[list[tuple[str, int]]], length: int) -> None:
    life = Life(some_feeds(len(lives)))
    for events in zip(*(spelt_out(stretch, length) for stretch in lives), strict=True):
        life.step(events)
    life.step(["new"] * len(lives))
    assert not any(feed.stands(*BAD, Trouble.SILENT) for feed in life.feeds)
    found = life.step(["new"] * len(lives))
    assert not any((*(found.of[kind] for kind in BAD), found.well, found.heard, found.in_reach))


# -- in words ------------------------------------------------------------------------------------


def told_of(kind: Trouble, *feeds: Condition, asked: int = 0) -> str:
    return text_of(News({each: feeds if each is kind else () for each in Trouble}, asked=asked), UTC)


def test_what_comes_together_is_one_text_with_a_paragraph_each() -> None:
    broken, gone = (replace(feed, last_error="HTTP 503", failing_since=NOON, failures=3) for feed in some_feeds(2))
    gone = replace(gone, paused="HTTP 410")
    of = dict.fromkeys(Trouble, ()) | {Trouble.BROKEN: (broken,), Trouble.STOPPED: (gone,)}
    assert text_of(News(of, well=some_feeds(1)), UTC).splitlines() == [
        "The feed Feed 0 can't be read since 2026-03-10 12:00: HTTP 503 (3 times in a row).",
        "",
        "The feed Feed 1 is gone (HTTP 410) and is not asked any more.",
        "Take it out of the configuration; monitor once --all would ask it once more.",
        "",
        "The feed Feed 0 can be read again, since 2026-03-10 12:00.",
        "",
        "How all feeds are: monitor status",
    ]


@pytest.mark.parametrize(
    ("kind", "head"),
    [
        (Trouble.BROKEN, "3 feeds can't be read:"),
        (Trouble.STOPPED, "3 feeds are left alone:"),
        (Trouble.SILENT, "3 feeds are silent; they can be read, and list nothing new:"),
        (Trouble.INCOMPLETE, "Of 3 feeds a part can't be read:"),
        (Trouble.MOVED, "3 feeds have moved for good. Write the new address into the configuration."),
        (Trouble.OFFLINE, "3 of 5 feeds can't be reached: this machine may be offline."),
    ],
)
def test_several_feeds_are_a_list(kind: Trouble, head: str) -> None:
    first, *lines = told_of(kind, *some_feeds(3), asked=5).splitlines()
    assert first == head
    assert [line.partition(":")[0] for line in lines if line.startswith("- ")] == [
        "- Feed 0",
        "- Feed 1",
        "- Feed 2",
    ]


def test_nothing_is_told_where_nothing_is_wrong() -> None:
    assert news(some_feeds(3), asked=0, now=NOON).says_nothing
    assert news([replace(some_feeds(1)[0], told={Trouble.MOVED: Told(NOON)})], asked=0, now=NOON).marks == {}
