"""Many read side by side, one judges at a time: an event is one story and one alert, however many report it at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from random import Random

import sqlalchemy as sa

from monitor.model import Claim, Match, Reading, WaitingEntry
from monitor.settings import AlertPolicy
from monitor.store import outbox
from monitor.store.database import Database
from monitor.store.tables import ALERT, ARTICLE, NOTIFICATION, STORY
from monitor.stories.fingerprint import fingerprint
from monitor.stories.frequencies import Frequencies
from monitor.work.judge import Judge
from tests.build import a_topic, an_article, an_entry, settings
from tests.store.steps import count, outbox_of, rows, wait_to_be_read

EVENTS, OUTLETS, THREADS = 20, 4, 8
TOPIC = "Korea Utara Rusia"


def reading(entry_title: str, outlet: str, now: datetime) -> Reading:
    article = an_article(
        entry_title,
        key=f"https://{outlet}/{entry_title}",
        outlet=outlet,
        text=f"{outlet} melaporkan {entry_title}.",
        first_seen_at=now,
    )
    return Reading(article, (Match(TOPIC, 80, ()),), fingerprint(article, Frequencies.of(0, {})))


def judge_all_at_once(database: Database, wait: timedelta, now: datetime) -> None:
    judge = Judge(settings(topics=(a_topic(TOPIC, policy=AlertPolicy(wait=wait)),)))
    reports = [(f"Peristiwa besar nomor {event}", f"o{n}.example") for event in range(EVENTS) for n in range(OUTLETS)]
    claims = wait_to_be_read(database, *(an_entry(title, key=f"{title} {o}") for title, o in reports), now=now)
    work = [(claim, reading(title, outlet, now)) for claim, (title, outlet) in zip(claims, reports, strict=True)]
    Random(7).shuffle(work)

    def judged(one: tuple[Claim[WaitingEntry], Reading]) -> None:
        database.write(judge.judge, *one, now=now)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(judged, work))


def test_an_event_reported_by_many_at_once_is_one_story_and_waits_as_one_alert(
    database: Database, now: datetime
) -> None:
    judge_all_at_once(database, timedelta(minutes=2), now)

    # The numbers in the archive have neither gaps nor repeats.
    assert rows(database, ARTICLE.c.number) == [(n,) for n in range(EVENTS * OUTLETS)]
    assert count(database, STORY) == EVENTS
    assert rows(database, ALERT.c.decision) == [("hold",)] * EVENTS
    assert count(database, NOTIFICATION) == 0


def test_an_event_reported_by_many_at_once_is_told_once(database: Database, now: datetime) -> None:
    judge_all_at_once(database, timedelta(), now)

    assert count(database, STORY) == EVENTS
    sent = database.read(lambda session: session.scalars(sa.select(ALERT.c.story_id).where(ALERT.c.decision == "send")))
    assert len(set(sent)) == EVENTS
    assert database.read(outbox.totals) == outbox_of(waiting=EVENTS)
