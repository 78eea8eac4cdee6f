"""Many read side by side, one judges at a time: an event is one story and one alert, however many report it at once."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from multiprocessing import get_context
from random import Random
from typing import Final

import pytest
import sqlalchemy as sa

from monitor.model import Claim, Match, Quality, Reading, WaitingEntry
from monitor.settings import AlertPolicy
from monitor.store import outbox
from monitor.store.database import Database
from monitor.store.tables import ALERT, ARTICLE, NOTIFICATION, STORY
from monitor.stories.fingerprint import fingerprint
from monitor.stories.frequencies import Frequencies
from monitor.work.judge import Judge
from tests.build import a_topic, an_article, an_entry, settings
from tests.events import an_event
from tests.store.steps import count, outbox_of, rows, wait_to_be_read

EVENTS: Final = 50
OUTLETS: Final = 8
WORKERS: Final = 8
TOPIC: Final = "Korea Utara Rusia"
FIRST_DAY: Final = Frequencies.of(0, {})

Work = tuple[Claim[WaitingEntry], Reading]


def reading(event: int, outlet: int, now: datetime) -> Reading:
    """Each outlet reports each event in its own words."""
    report = an_event(event, wording=outlet)
    article = an_article(
        report.title,
        key=f"https://o{outlet}.example/{event}",
        outlet=f"o{outlet}.example",
        text=report.text,
        first_seen_at=now,
    )
    return Reading(article, (Match(TOPIC, 80, ()),), fingerprint(article, FIRST_DAY))


def waiting(database: Database, now: datetime) -> list[Work]:
    """All that is to be judged, in no order."""
    readings = [reading(event, outlet, now) for event in range(EVENTS) for outlet in range(OUTLETS)]
    entries = [an_entry(each.article.title, key=each.article.key) for each in readings]
    claims = wait_to_be_read(database, *entries, now=now)
    work = list(zip(claims, readings, strict=True))
    Random(7).shuffle(work)
    return work


def judge_of(wait: timedelta) -> Judge:
    return Judge(settings(topics=(a_topic(TOPIC, policy=AlertPolicy(wait=wait, limit=None)),)))


def judge_all_at_once(database: Database, wait: timedelta, now: datetime) -> None:
    judge = judge_of(wait)

    def judged(one: Work) -> None:
        database.write(judge.judge, *one, now=now)

    with ThreadPoolExecutor(WORKERS) as threads:
        list(threads.map(judged, waiting(database, now)))


def each_event_is_one_story(database: Database) -> None:
    """And the numbers in the archive have neither gaps nor repeats."""
    assert rows(database, ARTICLE.c.number) == [(n,) for n in range(EVENTS * OUTLETS)]
    assert count(database, STORY) == EVENTS
    events = sa.select(ARTICLE.c.story_id, ARTICLE.c.key)
    found = database.read(lambda session: session.execute(events).all())
    assert len({(row.story_id, row.key.rpartition("/")[2]) for row in found}) == EVENTS


def test_an_event_reported_by_many_at_once_is_one_story_and_waits_as_one_alert(
    database: Database, now: datetime
) -> None:
    judge_all_at_once(database, timedelta(minutes=2), now)

    each_event_is_one_story(database)
    assert rows(database, ALERT.c.decision) == [("hold",)] * EVENTS
    assert count(database, NOTIFICATION) == 0


def test_an_event_reported_by_many_at_once_is_told_once(database: Database, now: datetime) -> None:
    judge_all_at_once(database, timedelta(), now)

    each_event_is_one_story(database)
    each_story_is_told_once_and_once_more_as_it_grows(database)


def each_story_is_told_once_and_once_more_as_it_grows(database: Database) -> None:
    told = sa.select(ALERT.c.turn, ALERT.c.story_id).where(ALERT.c.decision == "send")
    stories = database.read(lambda session: session.execute(told).all())
    assert sorted(row.turn for row in stories) == [0] * EVENTS + [1] * EVENTS
    assert len(set(stories)) == 2 * EVENTS
    assert database.read(outbox.totals) == outbox_of(waiting=2 * EVENTS)


# -- what a fuller reading brings ------------------------------------------------------------------


def test_of_a_fuller_reading_only_what_the_poorer_could_not_show_is_new(database: Database, now: datetime) -> None:
    """A topic may be newer than the first reading; it is no news if it would have found the article even so."""
    title = "Gempa mengguncang Maluku"
    poor = an_article(title, key="k", text="Gempa.", quality=Quality.FEED_ONLY, first_seen_at=now)
    full = replace(poor, text="Gempa mengguncang Maluku, kata Rusia.", quality=Quality.FULL)
    judge = Judge(settings(topics=(a_topic("Gempa"), a_topic("Rusia"))), lambda _known: ("Gempa",))
    (first,) = wait_to_be_read(database, an_entry(title, key="k"), now=now)
    database.write(judge.judge, first, Reading(poor, (), fingerprint(poor, FIRST_DAY)), now=now)
    (again,) = wait_to_be_read(database, an_entry("Lain lagi", key="k2"), now=now)
    found = (Match("Gempa", 80, ()), Match("Rusia", 80, ()))

    judged = database.write(judge.judge, again, Reading(full, found, fingerprint(full, FIRST_DAY)), now=now)

    assert not judged.is_new
    assert [match.topic for match in judged.matches] == ["Rusia"]


# -- on many machines ------------------------------------------------------------------------------


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_event_reported_by_many_processes_at_once_is_told_once(
    database_url: str, database: Database, now: datetime
) -> None:
    work = waiting(database, now)
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("forkserver")) as processes:
        parts = [work[worker::WORKERS] for worker in range(WORKERS)]
        for judging in [processes.submit(judge_in_a_process, database_url, part, now) for part in parts]:
            judging.result()

    each_event_is_one_story(database)
    each_story_is_told_once_and_once_more_as_it_grows(database)


def judge_in_a_process(url: str, work: Sequence[Work], now: datetime) -> None:
    database, judge = Database(url), judge_of(timedelta())
    for one in work:
        database.write(judge.judge, *one, now=now)
    database.close()
