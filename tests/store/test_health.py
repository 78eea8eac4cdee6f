"""How feeds fare, as `status` shows it: how much they list, how late it is seen, whether they are silent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

import pytest
import sqlalchemy as sa

from monitor.alerts.condition import Told, Trouble
from monitor.store import feeds, health, readings
from monitor.store.database import Database, Session
from monitor.store.health import FeedHealth
from monitor.store.readings import Good
from monitor.store.tables import ENTRY, FEED, NOTICE
from monitor.timing import NextPoll, Why
from tests.build import NOON, a_feed, an_entry
from tests.store.steps import (
    HOUR,
    MINUTE,
    claim_feed,
    document,
    fail,
    feed_health,
    poll,
    rows,
    say_the_same,
    watch,
)

URL: Final = "https://example.com/rss"
DAY: Final = timedelta(days=1)
KEYS: Final = count()


def only(database: Database, *, now: datetime) -> FeedHealth:
    (found,) = feed_health(database, now=now)
    return found


def since_long(database: Database, *times: datetime, read_at: datetime, **columns: Any) -> None:
    """A feed that is watched for two months and listed something new at these times; last read at `read_at`."""
    watch(database, URL, now=NOON)
    changes = {"first_read_at": NOON - 60 * DAY, "last_success_at": read_at, "new_at": max(times, default=None)}
    entry = {"feed_id": 1, "state": "read", "claims": 0, "tries": 0}

    def write(session: Session) -> None:
        feed_id = session.scalar(sa.select(FEED.c.id))
        session.execute(sa.update(FEED).values(**changes | columns))
        if listed := [entry | {"feed_id": feed_id, "key": str(next(KEYS)), "first_seen_at": at} for at in times]:
            session.execute(sa.insert(ENTRY), listed)

    database.write(write)


# -- what it lists -------------------------------------------------------------------------------


def test_a_feed_that_was_never_asked_is_new(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    found = only(database, now=now)
    assert (found.state, found.next_poll_at, found.entries_a_day, found.lag_seconds) == ("new", now, None, None)


def test_entries_a_day_are_those_of_the_last_week_without_the_backlog(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    poll(database, document(*(an_entry(f"Lama {n}") for n in range(30)), backlog="skip"), now=now)
    assert only(database, now=now + HOUR).entries_a_day is None
    for day in range(1, 15):
        listed = [an_entry(f"Baru {day} {n}") for n in range(4)]
        poll(database, document(*listed), now=now + day * DAY)
        if day == 2:
            assert only(database, now=now + day * DAY).entries_a_day == 4.0
    assert only(database, now=now + 14 * DAY + HOUR).entries_a_day == 4.0


def published(database: Database, **dates: datetime | None) -> None:
    """When these entries say that they were published; the title of each is its name."""

    def date(session: Session) -> None:
        for title, at in dates.items():
            session.execute(sa.update(ENTRY).where(ENTRY.c.key == f"guid:{title}").values(published_at=at))

    database.write(date)


def test_lag_is_the_median_from_published_to_seen(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    poll(database, document(an_entry("Lama")), now=now)
    late = {f"Terlambat{minutes}": now + HOUR - minutes * MINUTE for minutes in (4, 7, 50, 9, 5)}
    others = {"Lama": now - 300 * DAY, "TanpaTanggal": None, "MunculKembali": now - 20 * DAY}
    poll(database, document(*map(an_entry, late), *map(an_entry, others)), now=now + HOUR)
    published(database, **late, **others)
    assert only(database, now=now + HOUR).lag_seconds == 7 * 60


def test_a_date_in_the_future_is_no_lag_below_zero(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    poll(database, document(an_entry("Lama")), now=now)
    poll(database, document(an_entry("Besok")), now=now + HOUR)
    published(database, Besok=now + DAY)
    assert only(database, now=now + HOUR).lag_seconds == 0


def test_of_many_dated_entries_the_last_fifty_count(database: Database) -> None:
    hours = [NOON - n * HOUR for n in range(200)]
    since_long(database, *hours, read_at=NOON)
    is_old = ENTRY.c.first_seen_at < NOON - 49.5 * HOUR

    def date(session: Session) -> None:
        for lag, which in ((5 * HOUR, is_old), (10 * MINUTE, ~is_old)):
            for row in session.execute(sa.select(ENTRY.c.id, ENTRY.c.first_seen_at).where(which)).all():
                changing = sa.update(ENTRY).where(ENTRY.c.id == row.id)
                session.execute(changing.values(published_at=row.first_seen_at - lag))

    database.write(date)
    assert only(database, now=NOON).lag_seconds == 600


# -- when it is asked, and why -------------------------------------------------------------------


def test_status_says_when_a_feed_is_asked_next_and_why(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    good = Good(NextPoll(now + HOUR, Why.SERVER))
    database.write(readings.unchanged, [readings.Same(claim_feed(database, now=now), good)], now=now)
    found = only(database, now=now)
    assert (found.state, found.next_poll_at, found.next_poll_why) == ("ok", now + HOUR, Why.SERVER)


def test_a_failing_feed_says_since_when_and_a_complaint_is_no_failure(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    good = Good(NextPoll(now), complaint="2 entries have no title")
    database.write(readings.unchanged, [readings.Same(claim_feed(database, now=now), good)], now=now)
    found = only(database, now=now)
    assert (found.state, found.complaint) == ("ok", "2 entries have no title")
    for minutes in (1, 2):
        at = now + minutes * MINUTE
        fail(database, claim_feed(database, now=at), "HTTP 503", due_at=at, now=at)
    found = only(database, now=now + HOUR)
    assert (found.state, found.complaint, found.last_error) == ("failing", None, "HTTP 503")
    assert (found.failing_since, found.failures) == (now + MINUTE, 2)


def test_a_feed_that_is_gone_is_paused_and_is_not_asked(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    database.write(readings.gone, claim_feed(database, now=now), "HTTP 410", now=now)
    found = only(database, now=now)
    assert (found.state, found.paused, found.next_poll_at, found.next_poll_why) == ("paused", "HTTP 410", None, None)


def test_gaps_and_where_it_moved_to_are_shown(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    poll(database, document(an_entry("Satu")), now=now)
    good = Good(NextPoll(now + 2 * HOUR), moved_to="https://new.example/rss", is_document=True)
    sooner = NextPoll(now + 90 * MINUTE, Why.GAP)
    claim = claim_feed(database, now=now + HOUR)
    missed = document(an_entry("Sembilan"), good=good, body_hash="2", sooner=sooner)
    database.write(readings.changed, claim, missed, now=now + HOUR)
    found = only(database, now=now + HOUR)
    assert (found.gaps, found.gap_at, found.next_poll_why) == (1, now + HOUR, Why.GAP)
    assert (found.moved_to, found.next_poll_at) == ("https://new.example/rss", sooner.at)


def test_feeds_that_left_are_not_shown(database: Database, now: datetime) -> None:
    watch(database, URL, "https://example.org/rss", now=now)
    watch(database, URL, now=now)
    assert [found.url for found in feed_health(database, now=now)] == [URL]


# -- whether it is silent ------------------------------------------------------------------------


def office_hours(weeks: int) -> list[datetime]:
    """Monday to Friday at 9, 12 and 17, up to Friday 6 March 2026."""
    friday = datetime(2026, 3, 6, tzinfo=NOON.tzinfo)
    days = [friday - n * DAY for n in range(7 * weeks)]
    return [day + hour * HOUR for day in days if day.weekday() < 5 for hour in (9, 12, 17)]


def every(pause: timedelta, times: int, *, last: datetime = NOON) -> list[datetime]:
    return [last - n * pause for n in range(times)]


LAST_FRIDAY: Final = datetime(2026, 3, 6, 17, tzinfo=NOON.tzinfo)


@pytest.mark.parametrize(
    ("times", "silent_for", "is_silent"),
    [
        pytest.param(every(15 * MINUTE, 1000), 23 * HOUR, False, id="an agency is quiet for less than a day"),
        pytest.param(every(15 * MINUTE, 1000), 25 * HOUR, True, id="an agency is quiet for more than a day"),
        pytest.param(office_hours(4), 64 * HOUR, False, id="an office at its weekend"),
        pytest.param(office_hours(4), 112 * HOUR, False, id="an office over Easter"),
        pytest.param(office_hours(4), 7.5 * DAY, False, id="an office over a week of holidays"),
        pytest.param(office_hours(4), 9 * DAY, True, id="an office that never came back"),
        pytest.param(every(DAY, 40), 2.5 * DAY, False, id="a daily one that leaves out two days"),
        pytest.param(every(DAY, 40), 3.5 * DAY, True, id="a daily one that left out three days"),
        pytest.param(every(7 * DAY, 8), 30 * DAY, False, id="a weekly one that is watched for two months"),
        pytest.param(every(3 * DAY, 15), 8 * DAY, False, id="one of each third day"),
        pytest.param(every(3 * DAY, 15), 10 * DAY, True, id="one of each third day that misses three"),
        pytest.param(every(HOUR, 100), 30 * DAY, False, id="one that is known for four days"),
        pytest.param(every(2 * DAY, 9), 30 * DAY, False, id="one that is known for nine times"),
        pytest.param([], 30 * DAY, False, id="one that never listed anything new"),
    ],
)
def test_a_feed_is_silent_after_three_times_its_own_longest_pause(
    database: Database, times: Sequence[datetime], silent_for: timedelta, is_silent: bool
) -> None:
    last = max(times, default=NOON)
    since_long(database, *times, read_at=last + silent_for)
    found = only(database, now=last + silent_for + HOUR)
    assert found.state == ("silent" if is_silent else "ok")
    assert found.silent_since == (last if is_silent else None)


def test_its_rhythm_is_that_of_the_month_before_it_fell_silent(database: Database) -> None:
    """A long pause before that does not excuse it; nor do the months of silence make silence its way."""
    since_long(database, NOON - 58 * DAY, *every(6 * HOUR, 130), read_at=NOON + 50 * DAY)
    found = only(database, now=NOON + 50 * DAY)
    assert (found.silent_since, found.longest_pause_seconds) == (NOON, 6 * 3600)


@pytest.mark.parametrize(
    "columns", [{"failures": 1, "last_error": "HTTP 503"}, {"paused": "HTTP 410"}, {"is_active": False}]
)
def test_what_is_not_read_well_is_not_silent(database: Database, columns: dict[str, Any]) -> None:
    since_long(database, *every(HOUR, 300), read_at=NOON + 10 * DAY, **columns)
    assert database.read(health.silent, now=NOON + 10 * DAY) == {}


def test_many_entries_of_one_reading_are_one_time(database: Database) -> None:
    since_long(database, *[NOON] * 500, *[NOON - 10 * DAY] * 500, read_at=NOON + 40 * DAY)
    assert only(database, now=NOON + 40 * DAY).state == "ok"


# -- what was told -------------------------------------------------------------------------------


def test_what_was_told_of_a_feed_is_shown_while_it_stands(database: Database, now: datetime) -> None:
    watch(database, URL, now=now)
    say_the_same(database, claim_feed(database, now=now), due_at=now + HOUR, now=now)
    (feed_id,) = (row[0] for row in rows(database, FEED.c.id))
    database.write(health.remember, {(feed_id, Trouble.BROKEN): Told(now), (feed_id, Trouble.MOVED): Told(now, "x")})
    assert only(database, now=now).notice == (Trouble.BROKEN, Trouble.MOVED)
    database.write(health.remember, {(feed_id, Trouble.BROKEN): Told(now, over_at=now), (feed_id, Trouble.MOVED): None})
    found = only(database, now=now)
    assert (found.notice, found.notice_at) == ((), None)
    assert [row[0] for row in rows(database, NOTICE.c.kind)] == [Trouble.BROKEN]


def test_feeds_are_counted_by_state(database: Database, now: datetime) -> None:
    listed = [a_feed(f"https://{n}.example/rss") for n in range(4)]
    folder = a_feed("texts/", path="/srv/texts")
    database.write(feeds.configure, [*listed, folder], now=now)
    claims = database.write(feeds.claim, now=now, limit=3)
    say_the_same(database, claims[0], due_at=now + HOUR, now=now)
    fail(database, claims[1], "HTTP 503", due_at=now + HOUR, now=now)
    database.write(readings.gone, claims[2], "HTTP 410", now=now)
    outlook = database.read(health.outlook, {})
    assert dict(outlook.states) == {"ok": 1, "new": 2, "failing": 1, "paused": 1, "silent": 0}
    assert len(outlook.conditions) == 2
