"""The heartbeat: a watcher elsewhere is pinged while all is well, and hears nothing when it is not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
import structlog
from pydantic import SecretStr

from monitor.app.beside import Wishes
from monitor.app.company import joined
from monitor.app.house import House, open_house
from monitor.app.life import Life
from monitor.model import Kind, Notification
from monitor.store import channels, outbox
from monitor.store.outbox import Letter
from monitor.work.schedule import Job
from tests.build import a_channel
from tests.site import FeedEntry, JsonSink, Site
from tests.work.desk import KIM, PARAGRAPHS, Desk, configuration_of, local, to

PATH = "/ping/4f2c?token=rahasia"


class Watched:
    """A house whose heartbeat goes to a path of the site."""

    def __init__(self, desk: Desk, site: Site, house: House, log: list[structlog.typing.EventDict]) -> None:
        self.desk, self.site, self.house, self.log = desk, site, house, log

    async def minutes(self, count: int = 1) -> int:
        """Time goes by, in which all that is due is done; how many pings came."""
        before = self.pings
        for _ in range(count):
            self.desk.clock.forward(minutes=1)
            await self.house.engine.drain("poll", *self.house.deliveries)
            await self.ping()
        return self.pings - before

    async def ping(self) -> None:
        await self.house.crew.ping.ping(since=self.desk.clock() - timedelta(days=1))

    @property
    def pings(self) -> int:
        return len(self.site.asked(PATH))

    def said(self) -> list[str]:
        return [f"{line['event']}: {line['why']}" if "why" in line else line["event"] for line in self.log]

    def said_of_the_heartbeat(self) -> list[str]:
        return [line for line in self.said() if "heartbeat" in line]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        site.article("/berita/1", KIM, PARAGRAPHS)
        site.feed("/rss", [FeedEntry(KIM, "/berita/1")])
        site.page(PATH, "OK")
        yield site


@asynccontextmanager
async def watched(desk: Desk, site: Site, **changes: Any) -> AsyncIterator[Watched]:
    heartbeat = SecretStr(site.url_of(PATH))
    plan = {"heartbeat": heartbeat, "feeds": (local(site.url_of("/rss"), every=timedelta(minutes=2)),), **changes}
    with structlog.testing.capture_logs() as log:
        async with open_house(desk.ground(**plan)) as house:
            await house.engine.drain("poll")
            yield Watched(desk, site, house, log)
            await house.engine.stop(grace=timedelta(seconds=5))


async def test_a_watcher_is_pinged_each_minute_while_feeds_are_read(any_desk: Desk, site: Site) -> None:
    async with watched(any_desk, site) as service:
        assert await service.minutes(5) == 5
        assert site.asked(PATH)[0].method == "GET"
        assert service.said_of_the_heartbeat() == []


async def test_without_an_address_nobody_is_pinged(desk: Desk, site: Site) -> None:
    async with watched(desk, site, heartbeat=None) as service:
        assert await service.minutes() == 0


async def test_where_nobody_asks_the_feeds_nobody_is_pinged_and_the_log_says_so_once(desk: Desk, site: Site) -> None:
    async with watched(desk, site) as service:
        assert await service.minutes() == 1
        desk.clock.forward(minutes=30)
        await service.ping()
        desk.clock.forward(minutes=1)
        await service.ping()
        assert service.pings == 1
        assert await service.minutes(2) == 2
        assert service.said_of_the_heartbeat() == [
            "the heartbeat is not sent: feeds are due, and none is asked",
            "the heartbeat is sent again",
        ]


async def test_where_no_feed_can_be_reached_nobody_is_pinged_until_one_is(desk: Desk, site: Site) -> None:
    async with watched(desk, site) as service:
        with Site() as gone:
            address = gone.url_of("/rss")
        plan = desk.ground(heartbeat=SecretStr(site.url_of(PATH)), feeds=(local(address, every=timedelta(minutes=2)),))
        await service.house.adopt(plan.configuration)
        heard = await service.minutes(30)
        assert 9 <= heard <= 12  # ten minutes of patience
        assert service.said_of_the_heartbeat() == ["the heartbeat is not sent: no feed can be reached"]


async def test_a_server_that_has_a_fault_of_its_own_is_no_reason_to_be_silent(desk: Desk, site: Site) -> None:
    async with watched(desk, site) as service:
        site.fail("/rss", 503)
        assert await service.minutes(60) == 60


async def test_a_channel_that_does_not_work_and_has_no_fallback_is_one(desk: Desk, site: Site, sink: JsonSink) -> None:
    async with watched(desk, site, channels=(a_channel(), to(sink))) as service:
        sink.refuse(503, times=1000)
        letter = Letter(Notification("sink", Kind.NOTICE, text="A feed is broken."), key="n", uid="n")
        desk.database.write(outbox.put, letter, now=desk.clock())
        heard = await service.minutes(45)
        assert 29 <= heard <= 36  # it is given up after half an hour
        assert "the heartbeat is not sent: the channel sink does not work, and has no fallback that does" in (
            service.said()
        )
        desk.database.write(channels.try_again, ["sink"])
        assert await service.minutes() == 1


async def test_what_is_due_and_never_tried_is_one(any_desk: Desk, site: Site) -> None:
    async with watched(any_desk, site) as service:
        letter = Letter(Notification("terminal", Kind.NOTICE, text="A feed is broken."), key="n", uid="n")
        any_desk.database.write(outbox.put, letter, now=any_desk.clock())
        any_desk.clock.forward(minutes=11)
        await service.house.engine.drain("poll")
        await service.ping()
        assert service.pings == 0
        assert service.said_of_the_heartbeat() == [
            "the heartbeat is not sent: what is due for the channel terminal is not sent"
        ]
        assert await service.minutes() == 1


# -- the ping itself -----------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 201, 204])
async def test_any_answer_that_says_well_is_one(desk: Desk, site: Site, status: int) -> None:
    site.page(PATH, "", status=status)
    async with watched(desk, site) as service:
        assert await service.minutes(2) == 2
        assert service.said_of_the_heartbeat() == []


async def test_a_ping_that_fails_is_one_line_and_harms_nothing(desk: Desk, site: Site) -> None:
    site.fail(PATH, 500)
    async with watched(desk, site) as service:
        assert await service.minutes(3) == 3
        site.page(PATH, "OK")
        assert await service.minutes(2) == 2
        assert service.said_of_the_heartbeat() == [
            "the heartbeat's address can't be pinged; it is tried again each minute: HTTP 500",
            "the heartbeat's address can be pinged again",
        ]


async def test_the_address_stands_in_no_log(desk: Desk, site: Site) -> None:
    site.fail(PATH, 404)
    async with watched(desk, site) as service:
        await service.minutes()
        assert "rahasia" not in str(service.log)
        assert "4f2c" not in str(service.log)


async def test_an_edit_counts_with_the_next_ping(desk: Desk, site: Site) -> None:
    async with watched(desk, site, heartbeat=None) as service:
        settings = service.house.live.plan.settings.model_copy(update={"heartbeat": SecretStr(site.url_of(PATH))})
        await service.house.adopt(configuration_of(settings))
        assert await service.minutes() == 1


# -- of the daemon -------------------------------------------------------------------------------


def job(life: Life, name: str) -> Job:
    return next(job for job in life.jobs() if job.name == name)


async def test_a_daemon_that_looks_for_work_no_more_is_silent(desk: Desk, site: Site) -> None:
    async with watched(desk, site) as service:
        life = Life(service.house, Wishes(), None)
        ping = job(life, "ping")
        assert (ping.every, ping.after) == (timedelta(minutes=1), timedelta(minutes=1))
        await ping.run()
        assert service.pings == 0
        assert service.said_of_the_heartbeat() == ["the heartbeat is not sent: work is not looked for in time"]
        await job(life, "tick").run()
        await ping.run()
        assert service.pings == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_of_many_machines_each_that_hands_on_pings_while_somebody_does_the_work(
    any_desk: Desk, site: Site
) -> None:
    ground = any_desk.ground(engine="procrastinate", heartbeat=SecretStr(site.url_of(PATH)))
    with structlog.testing.capture_logs() as log:
        async with joined(ground, "run") as company, open_house(company.ground) as house:
            life = Life(house, Wishes(), company.attend)
            await job(life, "tick").run()
            await job(life, "ping").run()
            assert len(site.asked(PATH)) == 1
            await job(life, "look after the others").run()
            await job(life, "ping").run()
            assert len(site.asked(PATH)) == 1
    assert [line["why"] for line in log if line["event"] == "the heartbeat is not sent"] == [
        "nobody does this: deliver",
        "nobody does this: ingest",
        "nobody does this: poll",
    ]
