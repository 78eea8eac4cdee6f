"""What those in ops hear of monitor itself: a disk, the clock, the outbox, a topic; each once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from pydantic import SecretStr
from sqlalchemy.orm import Session

from monitor.alerts.own import Disk
from monitor.alerts.steady import Jumped, Slept, Stalled
from monitor.app.beside import Wishes
from monitor.app.house import open_house, plan_of
from monitor.app.life import Life
from monitor.model import Kind, Match
from monitor.settings import Settings, Storage
from monitor.store import articles, channels, outbox, stories
from monitor.store.database import Database
from monitor.stories.frequencies import Frequencies
from monitor.work.live import Live
from monitor.work.watch import Watch, disks_of
from tests.build import NOON, a_channel, a_topic, an_article, settings
from tests.store.steps import claim_deliveries, post
from tests.work.desk import Clock, Desk, configuration_of

GIGABYTE = 1_000_000_000
MEGABYTE = 1_000_000
UTC = ZoneInfo("UTC")
TOPICS = (a_topic("Gempa"), a_topic("Beras"))
OPS = settings(ops=("terminal",), timezone=UTC, topics=TOPICS, channels=(a_channel(), a_channel("phone")))


def live_by(wanted: Settings) -> Live:
    return Live(plan_of(configuration_of(wanted), console=StringIO()), Frequencies.of(0, {}))


@dataclass
class Days:
    """A real database, a disk as the test says, and a clock; each look is one after a restart."""

    database: Database
    settings: Settings = OPS
    clock: Clock = field(default_factory=lambda: Clock(NOON))
    disks: list[Disk] = field(default_factory=list)
    machine: str = ""
    heard: int = 0
    number: int = 0

    def watch(self) -> Watch:
        return Watch(self.database, live_by(self.settings), self.clock, self.machine, disks=lambda _storage: self.disks)

    async def hears(self, *happened: Any, **later: float) -> list[str]:
        """The notices that come so much later."""
        self.clock.forward(**later)
        watch = self.watch()
        watch.happened(happened)
        await watch.watch()
        posted = self.database.read(outbox.posted)
        told = [each.notification.text for each in posted if each.notification.kind is Kind.NOTICE]
        new, self.heard = told[self.heard :], len(told)
        return new

    def finds(self, count: int, topic: str | None = "Gempa") -> None:
        """So many articles come at this moment, and concern this topic."""
        self.database.write(self._finds, count, topic)

    def _finds(self, session: Session, count: int, topic: str | None) -> None:
        now = self.clock()
        story_id = stories.open_story(session, "Gempa", now=now)
        for _ in range(count):
            self.number += 1
            article = an_article(f"Gempa {self.number}", first_seen_at=now)
            article_id = articles.add(session, article, story_id=story_id, day=now.date(), now=now)
            articles.add_matches(session, article_id, (Match(topic, 50, ()),) if topic else ())


@pytest.fixture
def days(database: Database) -> Days:
    return Days(database)


def first_lines(notices: Sequence[str]) -> list[str]:
    return [notice.partition("\n")[0] for notice in notices]


# -- disks ---------------------------------------------------------------------------------------


def a_disk(free: float, *, size: float = 50 * GIGABYTE, name: str = "data/monitor.db") -> Disk:
    return Disk(name, int(size), int(free))


async def test_a_disk_that_is_nearly_full_is_told_once_and_once_that_there_is_room(days: Days) -> None:
    days.disks = [a_disk(1001 * MEGABYTE)]
    assert await days.hears() == []
    days.disks = [a_disk(999 * MEGABYTE)]
    assert await days.hears(minutes=1) == [
        (
            "A disk is nearly full: 999 MB are free where data/monitor.db is.\n"
            "When nothing is left, nothing more can be read or told. Make room."
        )
    ]
    assert await days.hears(minutes=1) == []
    days.disks = [a_disk(1200 * MEGABYTE)]
    assert await days.hears(days=2) == []
    days.disks = [a_disk(1600 * MEGABYTE)]
    assert await days.hears(minutes=1) == ["There is room again where data/monitor.db is."]
    assert await days.hears(days=2) == []


@pytest.mark.parametrize(
    ("free", "size", "is_told"),
    [
        (2100 * MEGABYTE, 4000 * GIGABYTE, False),
        (1900 * MEGABYTE, 4000 * GIGABYTE, True),
        (101 * MEGABYTE, 4 * GIGABYTE, False),
        (99 * MEGABYTE, 4 * GIGABYTE, True),
        (60 * MEGABYTE, 256 * MEGABYTE, False),
        (40 * MEGABYTE, 256 * MEGABYTE, True),
    ],
)
async def test_how_much_is_little_goes_by_the_disk(days: Days, free: float, size: float, is_told: bool) -> None:
    days.disks = [a_disk(free, size=size)]
    assert bool(await days.hears()) is is_told


async def test_a_disk_that_is_full_again_is_told_when_the_day_is_over(days: Days) -> None:
    for free, hours, count in ((50, 0, 1), (9000, 1, 1), (50, 1, 0), (50, 20, 0), (50, 3, 1)):
        days.disks = [a_disk(free * MEGABYTE)]
        assert len(await days.hears(hours=hours)) == count


async def test_each_of_many_machines_tells_of_its_own_disk(days: Days) -> None:
    days.disks = [a_disk(MEGABYTE)]
    for machine, count in (("a", 1), ("b", 1), ("a", 0), ("b", 0)):
        days.machine = machine
        assert len(await days.hears()) == count


def test_the_disks_of_database_and_archive_are_looked_at_also_before_they_are_made(tmp_path: Path) -> None:
    (disk,) = disks_of(Storage(url=SecretStr(f"sqlite:///{tmp_path}/data/monitor.db"), archive=f"{tmp_path}/archive"))
    assert disk.name == f"{tmp_path}/data/monitor.db"
    assert disk.size > disk.free > 0


# -- clocks --------------------------------------------------------------------------------------


async def test_a_clock_that_went_back_is_told(days: Days) -> None:
    assert await days.hears(Jumped(timedelta(hours=-2), NOON)) == [
        (
            "The clock went back by 2 hours, to 2026-03-10 12:00.\n"
            "What was due by the old time may wait for so long. Nothing is lost."
        )
    ]


async def test_a_machine_that_sleeps_each_night_is_told_once_a_week(days: Days) -> None:
    heard = [await days.hears(Slept(timedelta(hours=8), days.clock()), days=1) for _ in range(15)]
    assert [len(each) for each in heard] == [1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert heard[0][0].startswith("The machine slept for 8 hours, until 2026-03-10 12:00.\nWhat was due meanwhile")


async def test_what_happened_together_is_one_message(days: Days) -> None:
    days.disks = [a_disk(MEGABYTE)]
    happened = (Stalled(timedelta(seconds=45), NOON), Jumped(timedelta(minutes=90), NOON))
    (notice,) = await days.hears(*happened)
    assert first_lines(notice.split("\n\n")) == [
        "A disk is nearly full: 1 MB are free where data/monitor.db is.",
        "The clock went forward by 90 minutes, to 2026-03-10 12:00.",
        "Nobody looked for work for 45 seconds, until 2026-03-10 12:00.",
    ]


# -- the outbox ----------------------------------------------------------------------------------


def post_to_phone(days: Days, count: int) -> None:
    for _ in range(count):
        days.number += 1
        post(days.database, str(days.number), channel="phone", now=days.clock())


async def test_messages_that_wait_and_become_more_are_told_once_until_none_is_left(days: Days) -> None:
    post_to_phone(days, 4)
    days.clock.forward(minutes=5)
    post_to_phone(days, 2)
    assert await days.hears(minutes=30) == []
    (notice,) = await days.hears(minutes=1)
    assert notice == (
        "6 messages wait for more than 30 minutes to be sent, and they become more.\n"
        "The oldest waits since 2026-03-10 12:00. phone: 6.\n"
        "How the channels are: monitor status"
    )
    post_to_phone(days, 5)
    assert await days.hears(minutes=45) == []
    now = days.clock()
    for claim in claim_deliveries(days.database, "phone", now=now):
        days.database.write(outbox.sent, claim, now=now)
    claim_and_send_notices(days)
    assert await days.hears(minutes=1) == ["No message waits for long any more."]


def claim_and_send_notices(days: Days) -> None:
    for claim in claim_deliveries(days.database, now=days.clock()):
        days.database.write(outbox.sent, claim, now=days.clock())


async def test_a_long_queue_that_becomes_shorter_is_none(days: Days) -> None:
    post_to_phone(days, 50)
    days.clock.forward(minutes=35)
    for claim in claim_deliveries(days.database, "phone", now=days.clock(), limit=10):
        days.database.write(outbox.sent, claim, now=days.clock())
    assert await days.hears(minutes=6) == []


async def test_of_a_channel_that_does_not_work_its_own_notice_has_said_enough(days: Days) -> None:
    post_to_phone(days, 9)
    long_ago = days.clock()
    failing = {"failures": 5, "failing_since": long_ago, "last_error_at": long_ago}
    days.database.write(lambda session: channels.note(session, "phone", **failing))
    assert await days.hears(minutes=31) == []


# -- topics --------------------------------------------------------------------------------------


async def weeks(days: Days, *counts: int, topic: str = "Gempa") -> list[str]:
    """A day each, with what the topic finds on it; what is heard, by two looks a day."""
    heard: list[str] = []
    for count in counts:
        days.finds(1, None)
        days.finds(count, topic)
        for hours in (6, 18):
            heard += await days.hears(hours=hours)
    return heard


async def test_a_topic_that_finds_nothing_any_more_is_told_once(days: Days) -> None:
    assert await weeks(days, *[3] * 28) == []
    assert await weeks(days, *[0] * 3) == []
    heard = await weeks(days, *[0] * 8)
    assert heard == [
        (
            "The topic Gempa finds nothing any more: nothing since 2026-04-06, in 4 days of news.\n"
            "In the four weeks before, its longest pause was 1 day. Look whether its words and feeds are still right."
        )
    ]
    assert await weeks(days, *[2] * 5) == []


async def test_a_topic_that_finds_far_too_much_is_told_once_a_day(days: Days) -> None:
    heard = await weeks(days, *[3, 5, 2, 4] * 7, 40)
    assert heard == [
        (
            "The topic Gempa finds much more than it uses to: 40 articles today.\n"
            "On its busiest day of the last four weeks it found 5. If that is not the news, look at its words."
        )
    ]
    assert await weeks(days, 40, 3, 3) == []


async def test_a_topic_that_left_is_told_no_more(days: Days) -> None:
    await weeks(days, *[3] * 28)
    days.settings = OPS.model_copy(update={"topics": TOPICS[1:]})
    assert await weeks(days, *[0] * 10) == []


# -- where nobody is in ops ----------------------------------------------------------------------


async def test_without_ops_it_stands_in_the_log(days: Days) -> None:
    days.settings = OPS.model_copy(update={"ops": ()})
    days.disks = [a_disk(MEGABYTE)]
    with structlog.testing.capture_logs() as log:
        assert await days.hears() == await days.hears() == []
    assert [line["event"] for line in log] == ["A disk is nearly full: 1 MB are free where data/monitor.db is"]


# -- the daemon's own look -----------------------------------------------------------------------


async def test_a_daemon_whose_clock_is_set_back_says_so(desk: Desk) -> None:
    async with open_house(desk.ground(ops=("terminal",))) as house:
        life = Life(house, Wishes(), None)
        tick = next(job for job in life.jobs() if job.name == "tick")
        await tick.run()
        desk.clock.forward(hours=-1)
        await tick.run()
        await house.crew.watch.watch()
        told = [each.notification.text for each in desk.database.read(outbox.posted)]
        await house.engine.stop(grace=timedelta(seconds=5))
    assert "The clock went back by 60 minutes, to 2026-03-10 18:00." in first_lines("\n".join(told).split("\n"))
