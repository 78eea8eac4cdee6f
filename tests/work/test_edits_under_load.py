"""A file that is edited again and again while the news goes on: nothing is lost, nothing doubled, nobody pressed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.app.reload import Reload, Stillness
from monitor.store.tables import DELIVERY, ENTRY, FEED, MATCH
from tests.build import NOON
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.work.desk import Clock
from tests.work.live_daemon import Housed, a_config, housed, until

AT_ONCE = Stillness(settle=timedelta(milliseconds=2), doubt=timedelta(milliseconds=2))
STEP = timedelta(seconds=0.1)  # from one edit to the next, by the clock that says what is due
EVERY, AHEAD = (
    timedelta(seconds=2),
    timedelta(seconds=1),
)  # a feed that is due before the next look is asked at this one


async def test_edits_under_load_lose_nothing_and_double_nothing(tmp_path: Path, database_url: str) -> None:
    """100 (on PostgreSQL 40), a third of them bad; two feeds go on publishing, and one of them comes and goes."""
    count = 100 if database_url.startswith("sqlite") else 40
    with Site() as site, JsonSink() as sink, JsonSink() as other:
        shapes = Shapes(tmp_path, site, database_url, sink=sink.channel, other=other.channel)
        core, visitor = News(site, "/rss", "Gempa"), News(site, "/other", "Kebakaran")
        async with housed(tmp_path, shapes.good(0), clock=Clock()) as service:
            load = Load(service, shapes, Reload(service.house, service.file, stillness=AT_ONCE))
            told: list[str] = []  # of the visitor, for sure
            for number in range(1, count + 1):
                core.publish()
                await load.edit(number)
                if number % 20 == Shapes.COMES_AT:
                    told.append(visitor.publish())
                elif number % 20 == Shapes.LEAVES_AFTER:
                    await until(lambda: told[-1] in titles(other))
                    visitor.publish()  # perhaps too late for this time
            await load.finish(len(core.titles), sink)
            assert load.refused == count // 3 == service.refusals
            assert service.database.read(_matches, "Gempa") == count

    assert Counter(title for title in titles(sink) if title.startswith("Gempa")) == Counter(core.titles)
    assert load.in_part
    # Each bad edit comes after another one, and is told.
    assert len(titles(sink)) == count + load.refused + load.in_part
    assert set(told) <= set(titles(other)) <= set(visitor.titles)
    assert max(Counter(titles(other)).values()) == 1
    assert len(site.asked("/rss")) <= (load.clock.now - NOON) / (EVERY - AHEAD) + 1


def titles(sink: JsonSink) -> list[str]:
    return [message["title"].rpartition(": ")[2] for message in sink.tries]


@dataclass
class News:
    """A feed that goes on publishing; each article is about something else."""

    site: Site
    path: str
    word: str
    titles: list[str] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(3))

    def __post_init__(self) -> None:
        self.site.feed(self.path, [])

    def publish(self) -> str:
        number = len(self.titles)
        words = ["".join(self.random.choices("abdegiklmnoprstu", k=9)) for _ in range(40)]
        self.titles.append(f"{self.word} {' '.join(words[:4])}")
        self.site.article(f"/{self.word}/{number}", self.titles[-1], [f"{self.word} {' '.join(words)}."] * 2)
        listed = [FeedEntry(title, f"/{self.word}/{place}") for place, title in enumerate(self.titles)]
        self.site.feed(self.path, listed[::-1])
        return self.titles[-1]


class Shapes:
    """One feed, its topic and its channel are always there; another three come and go together."""

    COMES_AT = 2  # in force for certain, though every third edit is bad
    LEAVES_AFTER = 16

    def __init__(self, folder: Path, site: Site, database_url: str, *, sink: str, other: str) -> None:
        self._folder, self._site, self._url, self._sink, self._other = folder, site, database_url, sink, other

    @property
    def core(self) -> str:
        return self._site.url_of("/rss")

    def good(self, number: int) -> str:
        is_visited = 1 <= number % 20 <= self.LEAVES_AFTER
        channels = {"sink": self._sink, **({"other": self._other} if is_visited else {})}
        visitor = ", {name: Kebakaran, any: [kebakaran], channels: [other]}" if is_visited else ""
        return a_config(
            self._folder,
            f"channels: {{{', '.join(f'{name}: {url!r}' for name, url in channels.items())}}}",
            f"feeds: [{', '.join(map(self._feed, ['/rss', '/other'][: len(channels)]))}]",
            "alerts: {channels: [sink], ops: [sink], wait: 0s, limit: off}",
            f"topics: [{{name: Gempa, any: [gempa]}}, {{name: Topik {number}, any: [banjir]}}{visitor}]",
            port=1,
            url=self._url,
        )

    def _feed(self, path: str) -> str:
        return f"{{url: '{self._site.url_of(path)}', every: 2s, allow_private: true, backlog: alert}}"

    def bad(self, number: int) -> str:
        good = self.good(number)
        ways = (
            good.replace("topics:", "topcis:"),
            good.replace("channels: [sink]", "channels: [snik]"),
            good.replace("wait: 0s", "wait: soonish"),
            good[: len(good) // 2],
            good.replace("\nalerts", "\n\talerts"),
        )
        return ways[number // 3 % len(ways)]

    def with_a_bad_topic(self, number: int) -> str:
        """It is left out, and told; the rest counts."""
        return self.good(number).replace("topics: [", "topics: [{name: Longsor, query: 'longsor AND'}, ")


@dataclass
class Load:
    """Who edits, and looks after each edit whether all goes on."""

    service: Housed
    shapes: Shapes
    reload: Reload
    refused: int = 0
    in_part: int = 0  # refused, too; but the rest counts
    kept: int = 0  # the last good one

    @property
    def clock(self) -> Clock:
        clock = self.service.house.ground.clock
        assert isinstance(clock, Clock)
        return clock

    async def edit(self, number: int) -> None:
        if number % 15 == 7:
            self.kept = number
            self.in_part += 1
            self.service.edit(self.shapes.with_a_bad_topic(number))
        elif number % 3:
            self.kept = number
            self.service.edit(self.shapes.good(number))
        else:
            self.refused += 1
            self.service.edit(self.shapes.bad(number))
        await self.reload.look()
        assert [topic.name for topic in self.service.house.live.plan.settings.topics][1] == f"Topik {self.kept}"
        await self._look_for_work()

    async def finish(self, articles: int, sink: JsonSink) -> None:
        """The last ones stand in a feed that is not due yet."""
        self.clock.forward(seconds=EVERY.total_seconds())
        await self._look_for_work()
        self.clock.forward(seconds=EVERY.total_seconds())  # where it was being asked just then
        await until(lambda: len(sink.messages) >= articles + self.refused + self.in_part, within=60)
        await until(lambda: self.service.database.read(_at_work) == 0, within=60)

    async def _look_for_work(self) -> None:
        """No gap: the feed that is always there is asked when it is due."""
        self.clock.now += STEP
        for _ in range(2):  # a poll that took until now may end just after the first look
            await self.service.house.engine.tick()
            if not self.service.database.read(_forgotten, self.shapes.core, self.clock):
                return
        raise AssertionError("the feed is due and not asked")


def _forgotten(session: Session, url: str, clock: Clock) -> int:
    c = FEED.c
    due = (c.url == url, c.lease_token.is_(None), sa.or_(c.due_at.is_(None), c.due_at <= clock.now))
    return session.scalar(sa.select(sa.func.count()).where(*due)) or 0


def _matches(session: Session, topic: str) -> int:
    return session.scalar(sa.select(sa.func.count()).where(MATCH.c.topic == topic)) or 0


def _at_work(session: Session) -> int:
    """Entries to be read and messages to be sent."""
    due = [sa.select(sa.func.count()).where(table.c.due_at.is_not(None)) for table in (ENTRY, DELIVERY)]
    return sum(session.scalar(query) or 0 for query in due)
