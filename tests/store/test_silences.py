"""What is silenced holds until its time, and can be ended or changed before."""

from __future__ import annotations

from datetime import datetime

from monitor.store import silences
from monitor.store.database import Database
from monitor.store.silences import Silence
from tests.store.steps import HOUR, MINUTE, store


def test_a_silence_holds_up_to_its_time(database: Database, now: datetime) -> None:
    story_id, _ = store(database, now=now)
    for said in (Silence(now + HOUR, topic="Gempa"), Silence(now + 2 * HOUR, story_id=story_id, reason="rutin")):
        database.write(silences.add, said, now=now)
    first, second = database.read(silences.active, now=now)
    assert (first.topic, second.story_id, second.reason) == ("Gempa", story_id, "rutin")
    assert [each.story_id for each in database.read(silences.active, now=now + HOUR)] == [story_id]
    assert len(database.read(silences.active, now=now + HOUR - MINUTE)) == 2
    assert database.read(silences.active, now=now + 2 * HOUR) == []


def test_the_same_again_changes_its_end(database: Database, now: datetime) -> None:
    one = database.write(silences.add, Silence(now + 2 * HOUR, words="sepakbola"), now=now)
    other = database.write(silences.add, Silence(now + HOUR, words="sepakbola", reason="cukup"), now=now)
    assert one == other
    (known,) = database.read(silences.active, now=now)
    assert (known.until, known.reason) == (now + HOUR, "cukup")


def test_a_silence_can_be_ended(database: Database, now: datetime) -> None:
    number = database.write(silences.add, Silence(now + HOUR, topic="Gempa"), now=now)
    ended = database.write(silences.end, number, now=now + MINUTE)
    assert ended is not None
    assert ended.topic == "Gempa"
    assert database.read(silences.active, now=now + MINUTE) == []
    assert database.write(silences.end, number, now=now + MINUTE) is None
    assert database.write(silences.add, Silence(now + HOUR, topic="Gempa"), now=now + MINUTE) == number
    assert len(database.read(silences.active, now=now + MINUTE)) == 1
