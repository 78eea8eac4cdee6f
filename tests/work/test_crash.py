"""Killed after each commit and at random moments, it loses nothing, and repeats only what had gone unmarked."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Notification
from monitor.notify import mail, remote
from monitor.settings import AlertPolicy
from monitor.store.database import Database
from monitor.store.deliveries import NOTIFICATIONS
from monitor.store.tables import ALERT, DELIVERY, ENTRY, NOTIFICATION
from tests import prepared as blanks
from tests.build import a_channel, a_feed, a_topic
from tests.site import FeedEntry, JsonSink, Site
from tests.soak import daemon, free_port, soak, until
from tests.work.desk import (
    KIM,
    MISSILE,
    MISSILE_PARAGRAPHS,
    PARAGRAPHS,
    RICE,
    RICE_PARAGRAPHS,
    Desk,
    local,
    text_of,
)
from tests.work.victims import Victim, victim

LOADED = (mail, remote)  # by whoever forks, so that not every victim has to
EACH = 1 if "MONITOR_FUZZ" in os.environ else 2  # commit, or each second one
AT_ONCE = {f"Korea Utara Rusia: {KIM}", f"Korea Utara Rusia: {MISSILE}"}
TOLD = AT_ONCE | {f"Panen: {RICE}"}
KEPT = sorted([text_of(KIM, PARAGRAPHS), text_of(MISSILE, MISSILE_PARAGRAPHS), text_of(RICE, RICE_PARAGRAPHS)])


def watching(folder: Path, feed: str, channel: str) -> dict[str, Any]:
    """A feed, a folder of texts, one topic that is told at once and one that waits for company."""
    at_once, later = AlertPolicy(wait=timedelta(0)), AlertPolicy(wait=timedelta(hours=1))
    return {
        "feeds": (
            local(feed, full_text="never"),
            a_feed("texts/", name="texts", path=str(folder / "texts"), backlog="alert"),
        ),
        "channels": (a_channel("sink", channel),),
        "topics": (
            a_topic(channels=("sink",), policy=at_once),
            a_topic("Panen", channels=("sink",), policy=later),
        ),
    }


# -- after each commit ---------------------------------------------------------------------------


def round_that_dies(*, folder: str, feed: str, channel: str, kill_after: int) -> None:
    """In the victim's own process. A commit that wrote nothing (no row was due) does not count."""
    journal = Path(folder) / "monitor.db-wal"
    sizes: set[int] = set()

    def die_in_time(_name: str) -> None:
        sizes.add(journal.stat().st_size)
        if len(sizes) == kill_after:
            os.kill(os.getpid(), signal.SIGKILL)

    database = Database(f"sqlite:///{folder}/monitor.db", after_commit=die_in_time)
    desk = Desk(Path(folder), database)
    asyncio.run(desk.round(**watching(desk.folder, feed, channel)))
    database.close()


def marked_up(paragraphs: Sequence[str]) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


@dataclass
class Prepared:
    """Where each kill finds the same: a site, texts, an empty database."""

    folder: Path
    site: Site

    def world(self, number: int) -> Path:
        return shutil.copytree(self.folder / "blank", self.folder / f"killed-{number}")


def prepared(folder: Path, site: Site) -> Prepared:
    listed = {KIM: PARAGRAPHS, RICE: RICE_PARAGRAPHS}
    site.feed("/rss", [FeedEntry(title, f"/{title}", description=marked_up(text)) for title, text in listed.items()])
    texts = folder / "blank" / "texts"
    texts.mkdir(parents=True)
    (texts / "rudal.txt").write_text(text_of(MISSILE, MISSILE_PARAGRAPHS))
    database = blanks.prepared(folder / "blank" / "monitor.db")
    database.close()
    return Prepared(folder, site)


@pytest.mark.fuzz
async def test_killed_after_any_commit_and_started_again_it_has_told_and_kept_everything(
    tmp_path: Path, site: Site
) -> None:
    given = prepared(tmp_path, site)
    numbers, repeats = count(1, EACH), 0

    async def kill_one_after_the_other(by: Victim) -> int:
        nonlocal repeats
        for number in numbers:
            was_killed, repeated = await _killed(given, by, number)
            repeats += repeated
            if not was_killed:
                return number
        raise AssertionError

    with ExitStack() as stack:  # side by side, since most of the time the disk is waited for
        victims = [stack.enter_context(victim(round_that_dies)) for _ in range(2)]
        ends = await asyncio.gather(*map(kill_one_after_the_other, victims))
    assert min(ends) > 10  # so many commits a round has at least
    print(f"{min(ends) - 1} kills, {repeats} repeats")


async def _killed(given: Prepared, by: Victim, number: int) -> tuple[bool, int]:
    """One life: killed after its `number`-th commit, then started again; whether it was, and how much came twice."""
    folder = given.world(number)
    feed = given.site.url_of("/rss")
    with JsonSink() as sink:
        by.start(folder=str(folder), feed=feed, channel=sink.channel, kill_after=number)
        end = await asyncio.to_thread(by.ended)
        assert end in {0, -signal.SIGKILL}
        was_killed = end != 0
        database = Database(f"sqlite:///{folder / 'monitor.db'}")
        marked = database.read(_marked)
        desk = Desk(folder, database)
        plan = watching(folder, feed, sink.channel)
        desk.clock.forward(minutes=1)
        await desk.round(**plan)
        soon = {message["title"] for message in sink.messages}
        await _until_nothing_is_due(desk, plan)
        database.close()
        came = Counter(message["title"] for message in sink.messages)
    assert soon >= AT_ONCE, f"killed after commit {number}: it waited for what the dead one held"
    assert set(came) == TOLD, f"killed after commit {number}"
    repeated = came - Counter(TOLD)
    assert repeated.total() <= was_killed, f"killed after commit {number}: {repeated}"
    assert not set(repeated) & marked, f"killed after commit {number}: told again though marked"
    assert sorted(desk.archived()) == KEPT, f"killed after commit {number}"
    return was_killed, repeated.total()


async def _until_nothing_is_due(desk: Desk, plan: dict[str, Any]) -> None:
    for _ in range(5):
        desk.clock.forward(hours=1)
        await desk.round(**plan)
        if not desk.database.read(_open_ends):
            return
    raise AssertionError("there is always something left to do")


def _open_ends(session: Session) -> int:
    waiting = (ENTRY.c.state == "waiting", ALERT.c.decision == "hold", DELIVERY.c.state == "waiting")
    return sum(session.scalar(sa.select(sa.func.count()).where(state)) or 0 for state in waiting)


def _marked(session: Session) -> set[str]:
    """What was marked as sent, by the title of its message."""
    sent = sa.select(NOTIFICATION.c.content).join(DELIVERY).where(DELIVERY.c.state == "sent")
    told: list[Notification] = [NOTIFICATIONS.validate_json(content) for content in session.scalars(sent)]
    return {f"{', '.join(card.topics)}: {card.title}" for notification in told for card in notification.cards}


# -- at random moments ---------------------------------------------------------------------------


async def test_killed_at_random_moments_it_loses_nothing(tmp_path: Path) -> None:
    """Three kills of as many daemons side by side; `make soak` does a hundred."""
    folders = [tmp_path / f"daemon-{seed}" for seed in range(3)]
    for folder in folders:
        folder.mkdir()
    ordeals = [asyncio.to_thread(soak, folder, kills=1, seed=seed, report=print) for seed, folder in enumerate(folders)]
    results = await asyncio.gather(*ordeals)
    assert all(result.is_good for result in results), "\n".join(map(str, results))


def test_a_send_that_was_cut_off_is_sent_again(tmp_path: Path, sink: JsonSink) -> None:
    """It may have arrived; nobody can know."""
    sink.hang()
    given = "\n".join((f"channels: {{sink: '{sink.channel}'}}", "feeds: [texts/]", "topics: [{name: Lavrov}]"))
    (tmp_path / "config.yaml").write_text(
        f"{given}\nalerts: {{wait: 0s, channels: [sink]}}\nweb: {{listen: '127.0.0.1:{free_port()}'}}\n"
    )
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "kim.txt").write_text(text_of(KIM, PARAGRAPHS))
    first = daemon(tmp_path)
    assert until(lambda: len(sink.tries) == 1, first)
    first.kill()
    first.wait()
    second = daemon(tmp_path)
    assert until(lambda: len(sink.messages) == 1, second)
    second.terminate()
    assert second.wait(20) == 0
    assert [posted["title"] for posted in sink.tries] == [f"Lavrov: {KIM}"] * 2
