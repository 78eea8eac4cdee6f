"""A service whose file is edited while it works: what is right counts at once, what is wrong changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.app.reload import Reload, Stillness
from monitor.store.tables import DELIVERY
from monitor.stories.frequencies import Frequencies
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.soak import free_port
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS
from tests.work.live_daemon import QUICK, a_config, housed, serving, until

KOREA = "topics: [{name: Korea Utara Rusia}]"
BOTH = "topics: [{name: Korea Utara Rusia}, {name: Rudal, any: [rudal]}]"
MENDED = "the configuration can be used again; nothing changed"
ALERTS = "alerts: {channels: [sink], ops: [sink], wait: 0s, limit: off}"


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


async def test_a_silence_that_was_added_counts_without_a_restart(tmp_path: Path, site: Site, sink: JsonSink) -> None:
    parts = (channels(sink=sink.channel), feeds(site.url_of("/rss")), ALERTS, BOTH)
    port = free_port()
    async with serving(tmp_path, a_config(tmp_path, *parts, port=port)) as service:
        await until(lambda: len(sink.messages) == 1)
        silences = "silences: [{topic: Korea Utara Rusia, until: 2996-12-20}]"
        service.edit(a_config(tmp_path, *parts, silences, port=port))
        await until(lambda: service.changes)
        assert service.changes == ["silences changed"]
        site.article("/berita/2", MISSILE, MISSILE_PARAGRAPHS)
        site.feed("/rss", [FeedEntry(MISSILE, "/berita/2"), FeedEntry(KIM, "/berita/1")])
        await until(lambda: len(sink.messages) == 2)
    assert sink.messages[1]["title"] == f"Rudal: {MISSILE}"


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
    assert notice["message"].endswith("Mend it before the next start: with a mistake nothing starts.")
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
    slow = Stillness(settle=timedelta(milliseconds=300), doubt=timedelta(milliseconds=600))
    async with serving(tmp_path, a_config(tmp_path, *parts, KOREA, port=port), stillness=slow) as service:
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


# -- what is said, once ---------------------------------------------------------------------------


def nowhere(folder: Path, *sections: str, port: int = 1) -> str:
    """A configuration that asks nobody and tells nobody."""
    sink, rss = channels(sink="json://127.0.0.1:9/"), "feeds: ['http://127.0.0.1:9/rss']"
    return a_config(folder, sink, rss, "alerts: {channels: [sink]}", *sections, port=port)


async def test_a_change_that_waits_for_the_next_start_is_told_once(tmp_path: Path) -> None:
    async with housed(tmp_path, nowhere(tmp_path, "topics: [A]")) as service:
        reload = Reload(service.house, service.file, stillness=QUICK)
        for topics, port in (("topics: [A]", 2), ("topics: [A, B]", 2), ("topics: [A, B, C]", 3), ("topics: [A]", 1)):
            service.edit(nowhere(tmp_path, topics, port=port))
            await reload.look()
    assert len(service.said("this edit counts from the next start on")) == 2


async def test_where_health_and_status_look_meanwhile_is_told(tmp_path: Path) -> None:
    async with housed(tmp_path, nowhere(tmp_path, "topics: [A]")) as service:
        service.edit(nowhere(tmp_path, "topics: [A]").replace("monitor.db", "other.db"))
        await Reload(service.house, service.file, stillness=QUICK).look()
    (told,) = service.said("this edit counts from the next start on")
    assert told["setting"] == "storage"
    assert told["meanwhile"] == "health and status look at the new place, where nobody is at work yet"


async def test_what_is_odd_is_told_once_also_where_nothing_else_changed(tmp_path: Path) -> None:
    async with housed(tmp_path, nowhere(tmp_path, "topics: [A]")) as service:
        reload = Reload(service.house, service.file, stillness=QUICK)
        for topics in ("topics: [A]", "\n# it moved down\ntopics: [A]", "topics: [A, B]"):
            service.edit(nowhere(tmp_path, topics, "include: none/*.yaml"))
            await reload.look()
            assert len([entry for entry in service.log if "no file is called like" in entry["event"]]) == 1


# -- topics ---------------------------------------------------------------------------------------


async def test_a_topic_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    async with housed(tmp_path, nowhere(tmp_path, "topics: [A, B]")) as service:
        before = service.house.live.plan.watchlist
        service.edit(nowhere(tmp_path, "topics: [A, {name: B, any: [b]}, C]"))
        await Reload(service.house, service.file, stillness=QUICK).look()
        after = service.house.live.plan.watchlist
        assert service.changes == ["1 topic added, 1 topic changed"]
        assert after.watch("A") is before.watch("A")
        assert after.watch("B") is not before.watch("B")


async def test_topics_are_looked_up_by_how_rare_words_are_in_the_stream(tmp_path: Path) -> None:
    """At the start and after each edit, as they were counted by then."""
    async with housed(tmp_path, nowhere(tmp_path, "topics: [A]")) as service:
        live = service.house.live
        assert live.plan.watchlist.rarity == live.frequencies.rarity
        live.frequencies = Frequencies.of(1_000, {"a": 900})
        service.edit(nowhere(tmp_path, "topics: [A, B]"))
        await Reload(service.house, service.file, stillness=QUICK).look()
        assert live.plan.watchlist.rarity == live.frequencies.rarity


# -- files that are not at rest -------------------------------------------------------------------


@dataclass
class Environ(Mapping[str, str]):
    """Variables; when one is asked for, something happens meanwhile."""

    meanwhile: Callable[[], object]

    def __getitem__(self, name: str) -> str:
        self.meanwhile()
        return "A"

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


async def test_a_new_file_that_changes_while_it_is_read_counts_as_it_is_at_last(tmp_path: Path) -> None:
    more = tmp_path / "more.yaml"
    more.write_text("topics: [B]")
    environ = Environ(lambda: more.write_text("topics: [B, C]"))
    async with housed(tmp_path, nowhere(tmp_path, "topics: [A]")) as service:
        service.edit(nowhere(tmp_path, "topics: ['${NAME}']", "include: more.yaml"))
        await Reload(service.house, service.file, stillness=QUICK, environ=environ).look()
        assert [topic.name for topic in service.house.live.plan.settings.topics] == ["A", "B", "C"]


@pytest.mark.parametrize("half", ["topics", "feeds", "channels"])
async def test_half_a_file_that_could_be_used_is_waited_for(tmp_path: Path, half: str) -> None:
    """It takes something away, which the other half brings back."""
    shorter = {
        "topics": ("topics: [A, B]", "topics: [A]"),
        "feeds": ("feeds: [", "feeds: ['http://127.0.0.1:9/new',"),
        "channels": ("channels: {", "channels: {new: 'json://127.0.0.1:10/',"),
    }
    whole = nowhere(tmp_path, "topics: [A, B]")
    before, after = (whole, whole.replace(*shorter[half]))
    if half != "topics":
        before, after = after, before
    slow = Stillness(settle=timedelta(milliseconds=20), doubt=timedelta(seconds=1.5))
    async with housed(tmp_path, before) as service:
        service.edit(after)
        looking = asyncio.create_task(Reload(service.house, service.file, stillness=slow).look())
        await asyncio.sleep(0.5)
        service.edit(before)
        await looking
        assert service.changes == []


async def test_files_that_go_on_changing_hold_nobody_up_and_count_once_they_rest(tmp_path: Path) -> None:
    restless = Stillness(settle=timedelta(milliseconds=100), doubt=timedelta(0), given_up=timedelta(milliseconds=500))
    more = tmp_path / "more.yaml"
    more.touch()
    one, two = nowhere(tmp_path, "topics: [A]"), nowhere(tmp_path, "topics: [A]", "include: more.yaml")

    async def change() -> None:
        while True:
            more.write_text(f"topics: [B, C{len(more.read_text())}]" + " " * len(more.read_text()))
            await asyncio.sleep(0.01)

    async with housed(tmp_path, one) as service:
        reload = Reload(service.house, service.file, stillness=restless)
        service.edit(two)
        changing = asyncio.create_task(change())
        await asyncio.gather(reload.look(), reload.look(even_if_unchanged=True))
        assert len([entry for entry in service.log if "go on changing" in entry["event"]]) == 1
        assert service.changes == []
        changing.cancel()
        await reload.look()
        assert service.changes == ["2 topics added"]


async def test_the_watch_outlives_a_name_that_no_file_can_have(tmp_path: Path) -> None:
    good = nowhere(tmp_path, "topics: [A]", port=free_port())
    async with serving(tmp_path, good) as service:
        service.edit(good + 'include: "a\\0b.yaml"\n')
        await until(lambda: service.refusals == 1)
        service.edit(good)
        await until(lambda: service.said(MENDED))


async def _metrics(port: int) -> str:
    answer = await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{port}/metrics", trust_env=False)
    return answer.text


def _deliveries(session: Session) -> list[tuple[str, str, str]]:
    rows = session.execute(sa.select(DELIVERY.c.channel, DELIVERY.c.state, DELIVERY.c.last_error))
    return [(row.channel, row.state, row.last_error) for row in rows]
