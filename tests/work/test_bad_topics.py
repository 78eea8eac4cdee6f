"""A service whose topics are edited: one that is wrong keeps its last good version, and hinders nothing else."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.app.reload import BEFORE_A_START, Reload
from monitor.cli import main
from monitor.settings import Topic
from monitor.store.tables import NOTIFICATION
from monitor.work.heartbeat import Heartbeat
from tests.build import an_article
from tests.sinks import JsonSink
from tests.soak import free_port
from tests.work.live_daemon import QUICK, Housed, a_config, housed, serving, until

QUAKE = "{name: Gempa, query: gempa tsunami}"
BROKEN = "{name: Gempa, query: gempa (tsunami}"
FAILING = "{name: Gempa, query: gempa banjir, examples: {match: [Gempa dan tsunami]}}"
RICE = "{name: Beras, any: [beras]}"
BROKEN_RICE = "{name: Beras, any: ['*beras']}"
SINKS = "channels: {a: 'json://127.0.0.1:9/', b: 'json://127.0.0.1:10/', c: 'json://127.0.0.1:11/'}"
ALERTS = "alerts: {channels: [a], ops: [a]}"
LOCAL = "http://127.0.0.1:9/"
FEEDS = f"feeds: ['{LOCAL}rss']"


def written(folder: Path, *topics: str, sections: tuple[str, ...] = (SINKS, ALERTS), feeds: str = FEEDS) -> str:
    return a_config(folder, feeds, f"topics: [{', '.join(topics)}]", *sections, port=1)


@dataclass
class Edited:
    """A house whose file is edited, and looked at."""

    service: Housed
    reload: Reload

    async def edit(self, *topics: str, sections: tuple[str, ...] = (SINKS, ALERTS), feeds: str = FEEDS) -> None:
        self.service.edit(written(self.service.folder, *topics, sections=sections, feeds=feeds))
        await self.reload.look()

    def topics(self) -> dict[str, Topic]:
        return {topic.name: topic for topic in self.service.house.live.plan.settings.topics}

    def finds(self, text: str) -> list[str]:
        return [match.topic for match in self.service.house.live.plan.watchlist.match(an_article("", text=text))]

    @property
    def notices(self) -> list[str]:
        return self.service.database.read(_notices)

    def refused(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Topics, and why."""
        state = self.service.state()
        assert state is not None
        assert (state.refused_at is not None) == bool(state.refused_for)
        return state.refused_topics, state.refused_for

    @property
    def is_whole(self) -> bool:
        """As the metric says."""
        return "monitor_config_last_reload_successful 1.0" in self.service.metrics.exposition().decode()


@asynccontextmanager
async def editing(folder: Path, *topics: str, feeds: str = FEEDS) -> AsyncIterator[Edited]:
    async with housed(folder, written(folder, *topics, feeds=feeds)) as service:
        service.metrics.configured(now=service.house.ground.clock())
        yield Edited(service, Reload(service.house, service.file, stillness=QUICK))


def _notices(session: Session) -> list[str]:
    n = NOTIFICATION.c
    found = session.execute(sa.select(n.content).where(n.kind == "notice").order_by(n.id))
    return [json.loads(row.content)["text"] for row in found]


async def test_of_a_topic_that_can_not_be_read_the_last_good_version_stays_and_the_rest_goes_live(
    tmp_path: Path,
) -> None:
    async with editing(tmp_path, QUAKE) as edited:
        await edited.edit(BROKEN, RICE)
        assert edited.service.changes == ["1 topic added"]
        assert edited.topics()["Gempa"].query == "gempa tsunami"
        assert edited.finds("Gempa dan tsunami, harga beras") == ["Gempa", "Beras"]
        topics, (why,) = edited.refused()
        assert topics == ("Gempa",)
        assert f"{edited.service.file}:2:" in why
        assert "this bracket is never closed" in why
        assert why.endswith("; “Gempa” keeps its last good version")
        (notice,) = edited.notices
        assert notice.startswith("config.yaml was edited and is in force, but for a topic that can't be used: ")
        assert why in notice.splitlines()
        assert notice.splitlines()[-1] == BEFORE_A_START
        assert not edited.is_whole
        assert edited.service.refusals == 0


async def test_silences_hold_though_a_topic_is_left_out(tmp_path: Path) -> None:
    silences = "silences: [{topic: Gempa, until: 2996-12-20}, {topic: Beras, until: 2996-12-20}]"
    async with editing(tmp_path, RICE) as edited:
        await edited.edit(BROKEN, RICE, sections=(SINKS, ALERTS, silences))
        assert edited.service.refusals == 0
        assert list(edited.topics()) == ["Beras"]
        silenced = edited.service.house.live.plan.settings.silences
        assert [each.topic for each in silenced] == ["Gempa", "Beras"]
        await edited.edit(QUAKE, RICE, sections=(SINKS, ALERTS, silences))
        assert edited.service.changes[-1] == "1 topic added"


async def test_what_is_wrong_with_a_topic_is_told_once_until_it_is_mended(tmp_path: Path) -> None:
    async with editing(tmp_path, QUAKE) as edited:
        await edited.edit(BROKEN)
        await edited.edit(BROKEN, RICE)
        await edited.edit(BROKEN, RICE, "Banjir")
        assert len(edited.notices) == 1
        assert set(edited.topics()) == {"Gempa", "Beras", "Banjir"}
        await edited.edit("{name: Gempa, query: gempa}", RICE)
        assert edited.refused() == ((), ())
        assert edited.is_whole
        assert edited.finds("Gempa") == ["Gempa"]
        await edited.edit(BROKEN, RICE)
        assert len(edited.notices) == 2
        assert edited.finds("Gempa") == ["Gempa"]


async def test_a_further_topic_that_breaks_is_told(tmp_path: Path) -> None:
    async with editing(tmp_path, QUAKE, RICE) as edited:
        await edited.edit(BROKEN, RICE)
        await edited.edit(BROKEN, BROKEN_RICE)
        assert edited.finds("Gempa dan tsunami, harga beras") == ["Gempa", "Beras"]
        assert len(edited.notices) == 2
        assert edited.refused()[0] == ("Gempa", "Beras")
        await edited.edit(QUAKE, BROKEN_RICE)
        assert edited.refused()[0] == ("Beras",)
        assert len(edited.notices) == 2


async def test_a_topic_that_does_not_keep_its_examples_keeps_its_last_good_version(tmp_path: Path) -> None:
    async with editing(tmp_path, QUAKE) as edited:
        await edited.edit(FAILING)
        assert edited.finds("Gempa dan tsunami") == ["Gempa"]
        assert edited.finds("Gempa dan banjir") == []
        _, (why,) = edited.refused()
        assert "“Gempa” should match this example, but does not: 'banjir' is not in it" in why
        await edited.edit(FAILING.replace("tsunami", "banjir"))
        assert edited.finds("Gempa dan banjir") == ["Gempa"]
        assert edited.refused() == ((), ())


async def test_a_topic_that_was_never_good_is_left_out(tmp_path: Path) -> None:
    async with editing(tmp_path, RICE) as edited:
        await edited.edit(RICE, BROKEN)
        assert list(edited.topics()) == ["Beras"]
        _, (why,) = edited.refused()
        assert "“Gempa” is left out" in why
        await edited.edit(RICE, QUAKE)
        assert edited.finds("Gempa dan tsunami") == ["Gempa"]
        assert edited.service.changes == ["1 topic added"]


async def test_a_topic_that_was_renamed_and_broken_has_no_earlier_version(tmp_path: Path) -> None:
    async with editing(tmp_path, QUAKE, RICE) as edited:
        await edited.edit(BROKEN.replace("Gempa", "Gempa besar"), RICE)
        assert list(edited.topics()) == ["Beras"]
        assert "“Gempa besar” is left out" in edited.refused()[1][0]


async def test_a_bad_topic_that_is_removed_is_gone(tmp_path: Path) -> None:
    async with editing(tmp_path, QUAKE, RICE) as edited:
        await edited.edit(BROKEN, RICE)
        await edited.edit(RICE)
        assert list(edited.topics()) == ["Beras"]
        assert edited.finds("Gempa dan tsunami") == []
        assert edited.refused() == ((), ())
        await edited.edit(RICE, BROKEN)
        assert list(edited.topics()) == ["Beras"]


async def test_an_edit_that_would_leave_no_topic_is_refused(tmp_path: Path) -> None:
    async with editing(tmp_path, QUAKE) as edited:
        await edited.edit(BROKEN.replace("Gempa", "Lindu"))
        assert edited.service.refusals == 1
        assert edited.finds("Gempa dan tsunami") == ["Gempa"]


async def test_a_mistake_elsewhere_refuses_the_whole_edit_and_all_mistakes_are_told(tmp_path: Path) -> None:
    async with editing(tmp_path, QUAKE) as edited:
        await edited.edit(BROKEN, RICE, sections=(SINKS, ALERTS.replace("[a]}", "[a], wait: 2}")))
        assert edited.service.refusals == 1
        assert list(edited.topics()) == ["Gempa"]
        topics, why = edited.refused()
        assert (topics, len(why)) == ((), 2)
        await edited.edit(BROKEN, RICE)
        assert list(edited.topics()) == ["Gempa", "Beras"]
        assert edited.refused()[0] == ("Gempa",)
        assert len(edited.notices) == 2
        await edited.edit(QUAKE, RICE)
        assert (edited.refused(), edited.is_whole) == (((), ()), True)


async def test_an_alias_that_breaks_an_example_leaves_the_topic_as_it_was_until_it_fits_again(tmp_path: Path) -> None:
    """The topic itself is written as before: what its words mean has changed."""
    quake = "{name: Gempa, all: [gempa], examples: {no_match: [Lindu di Maluku]}}"
    alias = (SINKS, ALERTS, "aliases: {gempa: [lindu]}")
    async with editing(tmp_path, quake) as edited:
        await edited.edit(quake, RICE, sections=alias)
        assert edited.refused()[0] == ("Gempa",)
        assert edited.finds("Lindu di Maluku") == []
        await edited.edit(quake, RICE, "Banjir", sections=alias)
        assert edited.refused()[0] == ("Gempa",)
        assert edited.finds("Lindu di Maluku") == []
        await edited.edit(quake.replace("Lindu", "Banjir"), RICE, sections=alias)
        assert edited.refused()[0] == ()
        assert edited.finds("Lindu di Maluku") == ["Gempa"]


async def test_a_topic_that_is_brought_back_means_what_its_words_mean_by_then(tmp_path: Path) -> None:
    alias = (SINKS, ALERTS, "aliases: {gempa: [lindu]}")
    async with editing(tmp_path, QUAKE) as edited:
        await edited.edit(BROKEN, RICE, sections=alias)
        assert edited.finds("Lindu dan tsunami") == []
        await edited.edit(QUAKE, RICE, sections=alias)
        assert edited.finds("Lindu dan tsunami") == ["Gempa"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("channels: [a, b]", "", ("a",)),
        ("channels: [b]", "", ("c",)),
        ("channels: [b]", "channels: [a]", ("a",)),
        ("channels: [a, c]", "channels: [a]", ("a", "c")),
    ],
)
async def test_a_bad_topic_whose_channel_was_removed_is_told_on_the_others(
    tmp_path: Path, before: str, after: str, told: tuple[str, ...]
) -> None:
    fewer = (SINKS.replace("b: 'json://127.0.0.1:10/', ", ""), ALERTS.replace("channels: [a]", "channels: [c]"))
    async with editing(tmp_path, QUAKE.replace("}", f", {before}}}"), RICE) as edited:
        await edited.edit(BROKEN.replace("}", f", {after}}}" if after else "}"), RICE, sections=fewer)
        assert edited.topics()["Gempa"].channels == told
        assert edited.topics()["Gempa"].query == "gempa tsunami"


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("feeds: [Kompas]", "feeds: [Kompas]", ["new"]),
        ("feeds: [Kompas]", "feeds: [Kompas, Tempo]", ["new", "tempo"]),
        ("feeds: [Kompas]", "channels: [a]", ["old"]),
        ("feeds: [Tempo]", "feeds: [Kompas]", ["tempo"]),
        ("except_feeds: [Kompas]", "except_feeds: [Kompas]", ["old", "tempo"]),
    ],
)
async def test_a_bad_topic_whose_feed_moved_looks_at_the_new_address(
    tmp_path: Path, before: str, after: str, found: list[str]
) -> None:
    def at(name: str) -> str:
        return f"feeds: [{{name: Kompas, url: '{LOCAL}{name}'}}, {{name: Tempo, url: '{LOCAL}tempo'}}]"

    quake, broken = QUAKE.replace("}", f", {before}}}"), BROKEN.replace("}", f", {after}}}")
    async with editing(tmp_path, quake, RICE, feeds=at("old")) as edited:
        await edited.edit(broken, RICE, feeds=at("new"))
        matched = edited.service.house.live.plan.watchlist.match
        articles = {name: an_article("", text="gempa tsunami", feed=LOCAL + name) for name in ("old", "new", "tempo")}
        assert [name for name, article in articles.items() if matched(article)] == found


async def test_a_topic_that_is_kept_tells_every_recipient_that_its_channel_has_by_then(tmp_path: Path) -> None:
    def mail(*to: str) -> tuple[str, ...]:
        urls = f"channels: {{a: 'json://127.0.0.1:9/', b: 'mailto://127.0.0.1:25/?from=x@y.example&to={','.join(to)}'}}"
        return urls, ALERTS

    quake, broken = (topic.replace("}", ", channels: [b]}") for topic in (QUAKE, BROKEN))
    async with editing(tmp_path, QUAKE) as edited:
        await edited.edit(quake, sections=mail("p@y.example"))
        assert edited.topics()["Gempa"].channels == ("b",)
        await edited.edit(broken, sections=mail("p@y.example", "q@y.example"))
        assert edited.topics()["Gempa"].channels == ("b", "b (2)")


@pytest.mark.parametrize(
    "mistake",
    [
        "{name: Gempa, query: gempa, min_score: 900}",
        "{name: Gempa, query: gempa, wihin: title}",
        "{name: Gempa, query: gempa, query: tsunami}",
        "{name: Gempa, query: gempa, channels: [zz]}",
        "{name: Gempa, query: gempa, within: pages}",
        "{name: Gempa, query: gempa, languages: [Indonesian]}",
        "{name: Gempa, query: gempa, feeds: [Nowhere]}",
        "{name: Gempa, query: gempa, quiet_hours: [{from: '22:00'}]}",
        "{name: Gempa, query: gempa, examples: {matches: [Gempa]}}",
        "{name: Gempa, query: gempa, any: [tsunami]}",
        "{name: Gempa, query: '${NOT_SET}'}",
        "{name: Gempa, query: }",
        "{name: Gempa, any: []}",
        "{name: Gempa, any: [[gempa]]}",
    ],
)
async def test_a_mistake_in_a_setting_of_a_topic_is_that_of_the_topic(tmp_path: Path, mistake: str) -> None:
    async with editing(tmp_path, QUAKE) as edited:
        in_force = edited.topics()["Gempa"]
        await edited.edit(mistake, RICE)
        assert edited.finds("Gempa dan tsunami, harga beras") == ["Gempa", "Beras"]
        assert edited.topics()["Gempa"] == in_force
        topics, why = edited.refused()
        assert topics == ("Gempa",)
        assert why[0].endswith("; “Gempa” keeps its last good version")
        assert edited.service.refusals == 0
        await edited.edit(mistake.replace("Gempa", "Lindu"), QUAKE)
        assert list(edited.topics()) == ["Gempa"]
        await edited.edit(QUAKE)
        assert edited.refused() == ((), ())


@pytest.mark.parametrize(
    "topics",
    [
        ("{query: gempa, min_score: 900}",),
        ("{name: [Gempa], query: gempa}",),
        ("[Gempa]",),
        (QUAKE, "{name: Gempa, query: gempa}"),  # which of the two?
        ("{name: Gempa, query: gempa, name: Banjir, wait: 2m}",),  # a dash was lost
        ("{name: Gempa, any: [gempa, {name: Banjir, query: banjir}]}",),
        ("{name: Gempa, query: gempa, alerts: {channels: [b]}}",),  # too far right
        ("{name: Gempa, query: gempa, wait: 2}", "{name: Banjir, query: banjir, web: {listen: '127.0.0.1:1'}}"),
    ],
)
async def test_a_mistake_that_may_be_that_of_more_than_a_topic_refuses_the_whole_edit(
    tmp_path: Path, topics: tuple[str, ...]
) -> None:
    async with editing(tmp_path, QUAKE) as edited:
        await edited.edit(*topics, RICE)
        assert edited.service.refusals == 1
        assert list(edited.topics()) == ["Gempa"]
        assert edited.refused()[0] == ()


async def test_a_mistake_that_topics_and_others_share_refuses_the_whole_edit(tmp_path: Path) -> None:
    """What an anchor repeats stands once in the file."""
    night = "quiet_hours: &night [{from: '25:00', to: '05:00'}]"
    async with editing(tmp_path, QUAKE) as edited:
        by_topics = [f"{{name: Gempa, query: gempa, {night}}}", "{name: Banjir, quiet_hours: *night}"]
        await edited.edit(*by_topics, RICE)
        assert edited.refused()[0] == ("Gempa", "Banjir")
        assert all("25:00" in why for why in edited.refused()[1])
        assert list(edited.topics()) == ["Gempa", "Beras"]
        await edited.edit(*by_topics, "Longsor", sections=(SINKS, ALERTS.replace("}", ", quiet_hours: *night}")))
        assert (edited.refused()[0], len(edited.refused()[1])) == ((), 1)
        assert list(edited.topics()) == ["Gempa", "Beras"]


async def test_a_topic_that_would_tell_nobody_refuses_the_whole_edit(tmp_path: Path) -> None:
    fewer = SINKS.replace("b: 'json://127.0.0.1:10/', ", "")
    quake, rice = QUAKE.replace("}", ", channels: [b]}"), RICE.replace("}", ", channels: [a]}")
    async with editing(tmp_path, quake) as edited:
        await edited.edit(quake, rice, sections=(fewer, "alerts: {ops: [a]}"))
        assert edited.topics()["Gempa"].channels == ("b",)
        assert len(edited.refused()[1]) == 1
        await edited.edit(QUAKE, rice, sections=(SINKS, "alerts: {ops: [a]}"))
        assert edited.topics()["Gempa"].channels == ("b",)
        assert edited.service.refusals == 2


async def test_a_bad_topic_may_stand_in_an_included_file(tmp_path: Path) -> None:
    include = (SINKS, ALERTS, "include: [more.yaml]")
    more = tmp_path / "more.yaml"
    more.write_text("topics: [{name: Banjir, query: banjir}]", "utf-8")
    async with editing(tmp_path, QUAKE) as edited:
        await edited.edit(QUAKE, sections=include)
        more.write_text("topics: [{name: Banjir, query: banjir, min_score: 900}]", "utf-8")
        await edited.edit(QUAKE, RICE, sections=include)
        assert edited.refused()[0] == ("Banjir",)
        assert f"{more}:1:" in edited.refused()[1][0]
        assert edited.finds("Banjir, gempa, tsunami, beras") == ["Gempa", "Beras", "Banjir"]
        more.write_text("topics: [{name: Banjir, query: banjir}]\ntopic: []", "utf-8")
        await edited.edit(QUAKE, sections=include)
        assert edited.service.refusals == 1


async def test_a_running_service_tells_of_a_bad_topic_and_shows_it(tmp_path: Path, sink: JsonSink) -> None:
    sections = (
        f"channels: {{sink: {sink.channel!r}}}",
        "feeds: ['http://127.0.0.1:9/rss']",
        "alerts: {channels: [sink]}",
    )
    port = free_port()
    async with serving(tmp_path, a_config(tmp_path, *sections, f"topics: [{QUAKE}]", port=port)) as service:
        service.edit(a_config(tmp_path, *sections, f"topics: [{BROKEN}]", port=port))
        await until(lambda: sink.messages)
        service.edit(a_config(tmp_path, *sections, f"topics: [{QUAKE}]", port=port))
        await until(lambda: service.said("the configuration can be used again; nothing changed"))
    assert len(sink.messages) == 1


async def test_status_says_which_topic_keeps_its_last_version(tmp_path: Path) -> None:
    async with editing(tmp_path, QUAKE) as edited:
        await edited.edit(BROKEN, RICE, "{name: Baru, query: '('}")
        settings = edited.service.house.ground.settings
        Heartbeat(settings.storage.heartbeat).beat(now=edited.service.house.ground.clock())
        with redirect_stdout(StringIO()) as said:
            main(["status", "-c", str(edited.service.file)])
    assert "; it is in force, but for 2 topics that can't be used\n" in said.getvalue()
    assert "; “Gempa” keeps its last good version\n" in said.getvalue()
    assert "; “Baru” is left out, as it has no earlier version\n" in said.getvalue()


async def test_what_hides_a_topic_that_is_left_out_goes_live_all_the_same(tmp_path: Path) -> None:
    async with editing(tmp_path, QUAKE) as edited:
        await edited.edit("{name: Gempa, query: gempa tsunami, hides: [Beras], only: best}", BROKEN_RICE)
        assert edited.service.changes == ["1 topic changed"]
        assert edited.topics()["Gempa"].hides == ("Beras",)
        assert edited.refused()[0] == ("Beras",)


async def test_a_topic_that_hides_what_left_keeps_its_last_good_version(tmp_path: Path) -> None:
    hiding = "{name: Gempa, query: gempa tsunami, hides: [Beras]}"
    async with editing(tmp_path, hiding, RICE) as edited:
        await edited.edit(hiding, "{name: Padi, any: [padi]}")
        assert sorted(edited.topics()) == ["Gempa", "Padi"]
        assert edited.refused()[0] == ("Gempa",)
