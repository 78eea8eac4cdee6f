"""A service whose file is edited while it works: what is right counts at once, what is wrong changes nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.app.reload import Patience, Reload
from monitor.store.tables import ARTICLE, DELIVERY, ENTRY, MATCH
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.soak import free_port
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS
from tests.work.live_daemon import a_config, housed, serving, until

KOREA = "topics: [{name: Korea Utara Rusia}]"
BOTH = "topics: [{name: Korea Utara Rusia}, {name: Rudal, any: [rudal]}]"
MENDED = "the configuration can be used again; nothing changed"
ALERTS = "alerts: {channels: [sink], ops: [sink], wait: 0s}"


def feeds(*urls: str) -> str:
    listed = ", ".join(f"{{url: '{url}', every: 2s, allow_private: true, backlog: alert}}" for url in urls)
    return f"feeds: [{listed}]"


def channels(**urls: str) -> str:
    return f"channels: {{{', '.join(f'{name}: {url!r}' for name, url in urls.items())}}}"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        site.article("/berita/1", KIM, PARAGRAPHS)
        site.feed("/rss", [FeedEntry(KIM, "/berita/1")])
        yield site


async def test_a_topic_that_was_added_counts_without_a_restart(tmp_path: Path, site: Site, sink: JsonSink) -> None:
    parts = (channels(sink=sink.channel), feeds(site.url_of("/rss")), ALERTS)
    port = free_port()
    async with serving(tmp_path, a_config(tmp_path, *parts, KOREA, port=port)) as service:
        await until(lambda: len(sink.messages) == 1)
        service.edit(a_config(tmp_path, *parts, BOTH, port=port))
        await until(lambda: service.changes)
        assert service.changes == ["1 topic added"]
        site.article("/berita/2", MISSILE, MISSILE_PARAGRAPHS)
        site.feed("/rss", [FeedEntry(MISSILE, "/berita/2"), FeedEntry(KIM, "/berita/1")])
        await until(lambda: len(sink.messages) == 2)
    assert sink.messages[1]["title"] == f"Korea Utara Rusia, Rudal: {MISSILE}"
    assert len(sink.tries) == 2


async def test_a_feed_and_a_channel_come_and_go_without_a_restart(tmp_path: Path, site: Site, sink: JsonSink) -> None:
    site.feed("/other", [FeedEntry(MISSILE, "/berita/2")])
    site.article("/berita/2", MISSILE, MISSILE_PARAGRAPHS)
    port, rss = free_port(), site.url_of("/rss")
    with JsonSink() as other:
        one = (channels(sink=sink.channel), feeds(rss), ALERTS, KOREA)
        two = (
            channels(sink=sink.channel, other=other.channel),
            feeds(rss, site.url_of("/other")),
            "alerts: {channels: [sink, other], wait: 0s}",
            KOREA,
        )
        async with serving(tmp_path, a_config(tmp_path, *one, port=port)) as service:
            await until(lambda: sink.messages)
            service.edit(a_config(tmp_path, *two, port=port))
            await until(lambda: len(sink.messages) == 2 and other.messages)
            service.edit(a_config(tmp_path, *one, port=port))
            await until(lambda: len(service.changes) == 2)
            asked = len(site.asked("/other"))
            await until(lambda: len(site.asked("/rss")) > 4)
    assert service.changes == [
        "1 topic changed, 1 feed added, 1 channel added, who hears notices changed",
        "1 topic changed, 1 feed removed, 1 channel removed, who hears notices changed",
    ]
    assert len(site.asked("/other")) == asked
    assert len(other.tries) == 1


async def test_what_waits_for_a_removed_channel_is_dead_with_that_reason(tmp_path: Path, site: Site) -> None:
    port, rss = free_port(), feeds(site.url_of("/rss"))
    with JsonSink() as broken, JsonSink() as sink:
        broken.refuse(503, times=100)
        before = (
            channels(sink=sink.channel, broken=broken.channel),
            rss,
            "alerts: {channels: [broken], wait: 0s}",
            KOREA,
        )
        after = (channels(sink=sink.channel), rss, "alerts: {channels: [sink], wait: 0s}", KOREA)
        async with serving(tmp_path, a_config(tmp_path, *before, port=port)) as service:
            await until(lambda: service.said("delivery failed"))
            service.edit(a_config(tmp_path, *after, port=port))
            await until(lambda: service.changes)
            assert service.database.read(_deliveries) == [("broken", "dead", "the channel was removed")]


async def test_a_bad_edit_changes_nothing_and_is_told_once(tmp_path: Path, site: Site, sink: JsonSink) -> None:
    port = free_port()
    good = a_config(tmp_path, channels(sink=sink.channel), feeds(site.url_of("/rss")), ALERTS, KOREA, port=port)
    async with serving(tmp_path, good) as service:
        await until(lambda: sink.messages)
        service.edit(good.replace("wait: 0s", "wait: 0"))
        await until(lambda: service.refusals == 1)
        service.edit(good.replace("topics:", "topic:"))
        await until(lambda: service.refusals == 2)
        state = service.state()
        assert state is not None
        assert state.refused_at is not None
        assert "config.yaml:4:1: " in state.refused_for[0]
        assert "monitor_config_last_reload_successful 0.0" in await _metrics(port)

        site.article("/berita/2", MISSILE, MISSILE_PARAGRAPHS)
        site.feed("/rss", [FeedEntry(MISSILE, "/berita/2"), FeedEntry(KIM, "/berita/1")])
        await until(lambda: len(sink.messages) == 3)

        service.edit(good)
        await until(lambda: service.said(MENDED))
        state = service.state()
        assert state is not None
        assert (state.refused_at, state.refused_for) == (None, ())
        assert "monitor_config_last_reload_successful 1.0" in await _metrics(port)
    first, notice, second = sink.messages
    assert KIM in first["title"]
    assert notice["title"] == (
        "Notice: config.yaml was edited and can't be used: a mistake. What was in force before stays in force."
    )
    assert f"{service.file}:3:" in notice["message"]
    assert MISSILE in second["title"]
    assert service.changes == []


async def test_an_edit_back_and_forth_is_told_again_when_it_breaks_again(
    tmp_path: Path, site: Site, sink: JsonSink
) -> None:
    port = free_port()
    good = a_config(tmp_path, channels(sink=sink.channel), feeds(site.url_of("/rss")), ALERTS, KOREA, port=port)
    async with serving(tmp_path, good) as service:
        await until(lambda: len(sink.messages) == 1)
        service.edit(good.replace("0s", "0"))
        await until(lambda: len(sink.messages) == 2)
        service.edit(good)
        await until(lambda: service.said(MENDED))
        service.edit(good.replace("0s", "0"))
        await until(lambda: len(sink.messages) == 3)


async def test_a_file_that_is_still_being_written_is_waited_for(tmp_path: Path, site: Site, sink: JsonSink) -> None:
    """In place and in pieces, each of which could be read or not: only the last one counts."""
    port = free_port()
    parts = (channels(sink=sink.channel), feeds(site.url_of("/rss")), ALERTS)
    slow = Patience(settle=timedelta(milliseconds=300), doubt=timedelta(milliseconds=600))
    async with serving(tmp_path, a_config(tmp_path, *parts, KOREA, port=port), patience=slow) as service:
        await until(lambda: sink.messages)
        text = a_config(tmp_path, *parts, BOTH, port=port)
        with service.file.open("w", encoding="utf-8") as file:
            for start in range(0, len(text), 40):
                file.write(text[start : start + 40])
                file.flush()
                await asyncio.sleep(0.1)
        await until(lambda: service.changes)
        assert (service.changes, service.refusals) == (["1 topic added"], 0)


async def test_a_folder_that_is_swapped_by_a_link_is_an_edit(tmp_path: Path, site: Site, sink: JsonSink) -> None:
    """As Kubernetes mounts a configuration: config.yaml → ..data/config.yaml, and ..data is turned elsewhere."""
    port = free_port()
    parts = (channels(sink=sink.channel), feeds(site.url_of("/rss")), ALERTS)
    for name, topics in (("one", KOREA), ("two", BOTH)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.yaml").write_text(a_config(tmp_path, *parts, topics, port=port), encoding="utf-8")
    (tmp_path / "..data").symlink_to("one")
    (tmp_path / "config.yaml").symlink_to("..data/config.yaml")
    async with serving(tmp_path, None) as service:
        await until(lambda: sink.messages)
        (tmp_path / "..new").symlink_to("two")
        (tmp_path / "..new").replace(tmp_path / "..data")
        await until(lambda: service.changes)
        assert service.changes == ["1 topic added"]


async def test_a_file_that_was_included_and_one_that_comes_later_count(
    tmp_path: Path, site: Site, sink: JsonSink
) -> None:
    (tmp_path / "topics").mkdir()
    (tmp_path / "topics" / "a.yaml").write_text("topics: [{name: Rudal, any: [rudal]}]")
    parts = (channels(sink=sink.channel), feeds(site.url_of("/rss")), ALERTS, KOREA, "include: topics/*.yaml")
    async with serving(tmp_path, a_config(tmp_path, *parts)) as service:
        await until(lambda: sink.messages)
        service.edit("topics: [{name: Beras, any: [beras]}]", "topics/b.yaml")
        await until(lambda: len(service.changes) == 1)
        service.edit("topics: [{name: Rudal, any: [rudal, roket]}]", "topics/a.yaml")
        await until(lambda: len(service.changes) == 2)
        (tmp_path / "topics" / "b.yaml").unlink()
        await until(lambda: len(service.changes) == 3)
        service.edit("topics: [{name: Beras, any: [beras}]", "topics/b.yaml")
        await until(lambda: service.refusals == 1)
        service.edit("topics: [{name: Beras, any: [beras]}]", "topics/b.yaml")
        await until(lambda: len(service.changes) == 4)
    assert service.changes == ["1 topic added", "1 topic changed", "1 topic removed", "1 topic added"]


async def test_a_secret_that_was_changed_in_its_file_is_an_edit(tmp_path: Path, site: Site) -> None:
    secret = tmp_path / "secrets" / "sink"
    secret.parent.mkdir()
    with JsonSink() as old, JsonSink() as new:
        secret.write_text(old.channel)
        parts = (channels(sink=f"${{file:{secret}}}"), feeds(site.url_of("/rss")), ALERTS, KOREA)
        async with serving(tmp_path, a_config(tmp_path, *parts)) as service:
            await until(lambda: old.messages)
            secret.write_text(new.channel)
            await until(lambda: service.changes == ["1 channel changed"])
            site.article("/berita/2", MISSILE, MISSILE_PARAGRAPHS)
            site.feed("/rss", [FeedEntry(MISSILE, "/berita/2"), FeedEntry(KIM, "/berita/1")])
            await until(lambda: new.messages)
    assert (len(old.tries), len(new.tries)) == (1, 1)


async def test_what_holds_the_daemon_in_its_place_counts_from_the_next_start(
    tmp_path: Path, site: Site, sink: JsonSink
) -> None:
    parts = (channels(sink=sink.channel), feeds(site.url_of("/rss")), ALERTS)
    async with serving(tmp_path, a_config(tmp_path, *parts, KOREA)) as service:
        await until(lambda: sink.messages)
        service.edit(a_config(tmp_path, *parts, BOTH))  # another port
        await until(lambda: service.changes)
        assert service.changes == ["1 topic added"]
        assert [entry["setting"] for entry in service.said("this edit counts from the next start on")] == ["web"]


async def test_200_edits_under_load_lose_nothing_and_double_nothing(tmp_path: Path, sink: JsonSink) -> None:
    """A third of them is bad; a feed goes on publishing meanwhile."""
    with Site() as site, JsonSink() as other:
        site.feed("/rss", [])
        site.feed("/other", [])
        news = News(site, Random(3))
        shapes = Shapes(tmp_path, site, {"sink": sink.channel, "other": other.channel})
        async with housed(tmp_path, shapes.good(0)) as service:
            reload, kept, refused = Reload(service.house, service.file, patience=AT_ONCE), 0, 0
            for number in range(1, 201):
                news.publish()
                if number % 3:
                    kept = number
                    service.edit(shapes.good(kept))
                else:
                    refused += 1
                    service.edit(shapes.bad(number))
                await reload.look()
                assert [topic.name for topic in service.house.live.plan.settings.topics][-1] == f"Topik {kept}"
            assert (service.refusals, refused) == (66, 66)
            await until(lambda: len(sink.messages) >= len(news.titles) + NOTICES, within=60)
            await until(lambda: service.database.read(_at_work) == 0)
            assert service.database.read(_counts) == [200, 200, 200, 200 + NOTICES]
    told = [message["title"] for message in sink.tries]
    assert Counter(title.removeprefix("Gempa: ") for title in told if title.startswith("Gempa")) == Counter(news.titles)
    assert len(told) == 200 + NOTICES


AT_ONCE = Patience(settle=timedelta(milliseconds=2), doubt=timedelta(milliseconds=2))
NOTICES = 66  # each bad edit comes after a good one


@dataclass
class News:
    """A site that goes on publishing; each article is about something else."""

    site: Site
    random: Random
    titles: list[str] = field(default_factory=list)

    def publish(self) -> None:
        number = len(self.titles)
        words = ["".join(self.random.choices("abdegiklmnoprstu", k=9)) for _ in range(40)]
        self.titles.append(f"Gempa {' '.join(words[:4])}")
        self.site.article(f"/{number}", self.titles[-1], [f"Gempa {' '.join(words)}."] * 2)
        listed = [FeedEntry(title, f"/{place}") for place, title in enumerate(self.titles)]
        self.site.feed("/rss", listed[::-1])


@dataclass(frozen=True)
class Shapes:
    """The feed, its topic and its channel are always there; others come and go."""

    folder: Path
    site: Site
    ways: dict[str, str]
    port: int = field(default_factory=free_port)

    def good(self, number: int) -> str:
        urls = [self.site.url_of(path) for path in (["/rss", "/other"] if number % 4 == 1 else ["/rss"])]
        ways = {name: url for name, url in self.ways.items() if name == "sink" or number % 5 == 1}
        topics = f"topics: [{{name: Gempa, any: [gempa]}}, {{name: Topik {number}, any: [banjir]}}]"
        alerts = "alerts: {channels: [sink], ops: [sink], wait: 0s}"
        return a_config(self.folder, channels(**ways), feeds(*urls), alerts, topics, port=self.port)

    def bad(self, number: int) -> str:
        good = self.good(number)
        ways = (
            good.replace("topics:", "topcis:"),
            good.replace("channels: [sink]", "channels: [snik]"),
            good.replace("any: [banjir]", "query: 'banjir AND'"),
            good[: len(good) // 2],
            good.replace("\nalerts", "\n\talerts"),
        )
        return ways[number // 3 % len(ways)]


async def _metrics(port: int) -> str:
    answer = await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{port}/metrics", trust_env=False)
    return answer.text


def _deliveries(session: Session) -> list[tuple[str, str, str]]:
    rows = session.execute(sa.select(DELIVERY.c.channel, DELIVERY.c.state, DELIVERY.c.last_error))
    return [(row.channel, row.state, row.last_error) for row in rows]


def _at_work(session: Session) -> int:
    """Entries to be read and messages to be sent."""
    due = [sa.select(sa.func.count()).where(table.c.due_at.is_not(None)) for table in (ENTRY, DELIVERY)]
    return sum(session.scalar(query) or 0 for query in due)


def _counts(session: Session) -> list[int]:
    tables = (ARTICLE, MATCH, ENTRY, DELIVERY)
    return [session.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in tables]
