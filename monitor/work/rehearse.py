"""Judge without telling: the same rules on given articles at given times, in a database of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from monitor.model import Article, Decision, Entry, Reading
from monitor.settings import Feed, Settings
from monitor.store import entries, feeds, history, outbox, readings
from monitor.store.database import Database
from monitor.store.outbox import Posted
from monitor.stories.fingerprint import fingerprint
from monitor.timing import NextPoll
from monitor.topics.watchlist import Watchlist
from monitor.work.judge import Judge
from monitor.work.like import ON_THE_FIRST_DAY, Like

MOST: Final = 1000  # held alerts judged again together
BEGINNING: Final = timedelta(seconds=1)


class Rehearsal:
    """Hand in articles as time passes; nothing is sent, nothing outside is changed."""

    def __init__(self, settings: Settings, watchlist: Watchlist, database: Database) -> None:
        self.database = database
        self.change(settings, watchlist)
        self._awake_at: datetime | None = None  # the last moment that the program is known to have worked
        self._slept: tuple[datetime | None, datetime | None] = (None, None)  # from, until

    def change(self, settings: Settings, watchlist: Watchlist) -> None:
        """The configuration is edited; from now on this one holds."""
        self._watchlist = watchlist.comparing(Like(settings.topics))
        self._judge = Judge(settings, self._watchlist.topics)

    def see(self, article: Article, *, now: datetime, flooded_at: datetime | None = None) -> tuple[Decision, ...]:
        """An article arrives; what is decided about it. Held alerts that were due before are judged before.

        `flooded_at`: when its feed listed it, with hundreds of others.
        """
        self.pass_time(now=now)
        article = replace(article, first_seen_at=flooded_at or now)
        entry = Entry(key=article.key, url=article.url, title=article.title, text=article.text)
        feed = Feed(url=article.feed, name=article.feed, backlog="alert")
        self.database.write(feeds.configure, [feed], now=now - BEGINNING)
        (claim,) = self.database.write(feeds.claim, now=now, limit=1)
        good = readings.Good(NextPoll(now))
        self.database.write(readings.changed, claim, readings.Changed([entry], article.key, "alert", good), now=now)
        (waiting,) = self.database.write(entries.claim, now=now, limit=1)
        fell_asleep_at, woke_at = self._slept
        last_success_at = fell_asleep_at if now == woke_at else None
        likeness = fingerprint(article, ON_THE_FIRST_DAY)
        matches, in_flood = self._watchlist.match(article), flooded_at is not None
        reading = Reading(article, matches, likeness, last_success_at, in_flood)
        return self.database.write(self._judge.judge, waiting, reading, now=now).decisions

    def pass_time(self, *, now: datetime) -> None:
        """Each held alert is judged again at its own time."""
        while (due_at := self.database.read(history.next_due)) is not None and due_at <= now:
            self._release(now=max(due_at, self._awake_at or due_at))
        self._awake_at = now

    def sleep(self, *, now: datetime) -> None:
        """As if the program had stood still until now: what became due meanwhile is judged now.

        Articles that are seen at this very moment came meanwhile, and so are never too old.
        """
        self._slept, self._awake_at = (self._awake_at, now), now
        while (due_at := self.database.read(history.next_due)) is not None and due_at <= now:
            self._release(now=now)

    def _release(self, *, now: datetime) -> None:
        held = self.database.write(history.claim_held, now=now, limit=MOST)
        self.database.write(self._judge.reconsider, held, now=now)

    def told(self) -> Sequence[Posted]:
        """All messages so far, in order."""
        return self.database.read(outbox.posted)


@contextmanager
def rehearsal(settings: Settings, watchlist: Watchlist) -> Iterator[Rehearsal]:
    database = Database("sqlite://")
    try:
        database.prepare()
        yield Rehearsal(settings, watchlist, database)
    finally:
        database.close()
