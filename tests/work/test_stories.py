"""A story lives longer than the daemon: killed after each of its articles, it tells and groups as if it had not been."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.store.database import Database
from monitor.store.tables import ALERT, ARTICLE, DELIVERY, ENTRY
from tests.events import Report
from tests.prepared import prepared
from tests.site import FeedEntry, JsonSink, Site
from tests.soak import daemon, free_port, until
from tests.story.wonsan import ANOTHER_GUEST, COPY, CORRECTED, FIRST, FURTHER, MISDATED, RESORT, SECOND, changed

OUTLETS: Final = ("wartadunia.id", "hasanah.id", "kabarkini.com", "tirto.id", *FURTHER)
# Whichever of the two is read first is told; and corrected later.
CORRECTIONS: Final = {
    "wartadunia.id": (MISDATED, CORRECTED),
    "hasanah.id": ("Minggu (13/7/2025)", changed(SECOND, "Minggu (13/7/2025)", "Senin (14/7/2025)")),
}
CONFIG: Final = """
timezone: Asia/Jakarta
channels: {{sink: "{channel}"}}
feeds:
{feeds}
topics: [{{name: Kim Jong Un}}]
alerts: {{channels: [sink], wait: 3s}}
web: {{listen: "127.0.0.1:{port}"}}
"""


@dataclass
class World:
    """A site with a feed for each outlet, and a daemon that is killed when it has done all that there was."""

    folder: Path
    site: Site
    sink: JsonSink
    database: Database = field(init=False)

    def __post_init__(self) -> None:
        feeds = [
            f'  - {{url: "{self.site.feed(f"/{outlet}", [])}", name: "{outlet}", every: 2s, backlog: alert, '
            "allow_private: true, full_text: never}"
            for outlet in OUTLETS
        ]
        config = CONFIG.format(channel=self.sink.channel, feeds="\n".join(feeds), port=free_port())
        (self.folder / "config.yaml").write_text(config, encoding="utf-8")
        self.database = prepared(self.folder / "data" / "monitor.db")

    def publish(self, outlet: str, report: Report) -> None:
        entry = FeedEntry(report.title, f"/{outlet}/1", guid="1", description=report.text)
        self.site.feed(f"/{outlet}", [entry], title=outlet)

    def live_until(self, is_so: Callable[[], bool]) -> None:
        """One life of the daemon, and its end."""
        running = daemon(self.folder)
        try:
            assert until(lambda: is_so() and not self.database.read(_unfinished), running), self._said()
        finally:
            running.kill()
            running.wait()

    def _said(self) -> str:
        return (self.folder / "log.txt").read_text(encoding="utf-8")

    @property
    def told(self) -> list[str]:
        return [message["title"] for message in self.sink.messages]

    def stories(self) -> list[list[str]]:
        """The outlets of each, in order; those with a copy in brackets."""
        found: dict[int, list[str]] = {}
        for row in self.database.read(_articles):
            found.setdefault(row.story_id, []).append(f"({row.outlet})" if row.copy_of else row.outlet)
        return list(found.values())


def _articles(session: Session) -> Sequence[sa.Row[Any, Any, Any]]:
    c = ARTICLE.c
    return session.execute(sa.select(c.story_id, c.outlet, c.copy_of).order_by(c.id)).all()


def _unfinished(session: Session) -> int:
    rows = (ENTRY.c.state == "waiting", ALERT.c.decision == "hold", DELIVERY.c.state == "waiting")
    return sum(session.scalar(sa.select(sa.func.count()).where(row)) or 0 for row in rows)


@contextmanager
def world(folder: Path) -> Iterator[World]:
    with Site() as site, JsonSink() as sink:
        made = World(folder, site, sink)
        yield made
        made.database.close()


def test_killed_after_each_article_it_tells_each_story_once_and_keeps_them_apart(tmp_path: Path) -> None:
    with world(tmp_path) as lived:
        lived.publish("wartadunia.id", FIRST)
        lived.publish("hasanah.id", SECOND)
        lived.live_until(lambda: len(lived.told) == 1)
        lived.publish("kabarkini.com", COPY)
        lived.live_until(lambda: len(lived.database.read(_articles)) == 3)
        lived.publish("tirto.id", ANOTHER_GUEST)
        lived.live_until(lambda: len(lived.told) == 2)
        for outlet, report in FURTHER.items():
            lived.publish(outlet, report)
        lived.live_until(lambda: len(lived.told) == 3)
        outlet = lived.stories()[0][0]
        misdated, corrected = CORRECTIONS[outlet]
        lived.publish(outlet, corrected)
        lived.live_until(lambda: len(lived.told) == 4)
        asked = len(lived.site.requests)
        lived.live_until(lambda: len(lived.site.requests) > asked + len(OUTLETS))

        first, other, follow_up, correction = (message["message"] for message in lived.sink.messages)
        event, meeting = lived.stories()
    assert set(event[:2]) == CORRECTIONS.keys()
    assert event[2] == "(kabarkini.com)"
    assert sorted(event[3:]) == sorted(FURTHER)
    assert meeting == ["tirto.id"]
    assert all(outlet in first for outlet in CORRECTIONS)
    assert ANOTHER_GUEST.title in other
    assert RESORT in follow_up
    assert "also carried by kabarkini.com" in follow_up
    assert misdated in correction
