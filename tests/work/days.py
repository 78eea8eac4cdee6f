"""Reads a table of what feeds do and what those in `ops` hear of it, lets it happen, and says where the table is wrong.

    feeds A, B/1, B/2     all that are configured: https://a.example/rss, https://b.example/1 …
    day 1
    08:00  A reads 5 new  a reading that lists new entries; "reads" alone has none
    09:00  A HTTP 503     a reading that fails, in these words; "HTTP 410" is the end of the feed
           → The feed A …     what is heard at that moment begins so
           · - B: …           and further lines of it
    10:00  all reads      every feed
    11:00                 nothing happens; but somebody looks

Exactly the notices that stand in the table must come, and each look is one after a restart: nothing is remembered but rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from monitor.model import Claim, Entry, FeedState
from monitor.store import feeds, health, outbox, readings
from monitor.store.database import Database, Session
from monitor.store.readings import Changed, Failure, Good
from monitor.store.tables import FEED
from monitor.timing import NextPoll, Why
from monitor.work.tend import tell
from tests.build import NOON, a_feed, an_entry, settings

TIME: Final = re.compile(r"(\d\d):(\d\d)(?:\s+(.*))?")
SOON: Final = timedelta(minutes=15)
OPS: Final = settings(ops=("terminal",), timezone=ZoneInfo("UTC"))
MIDNIGHT: Final = NOON.replace(hour=0)


@dataclass
class Moment:
    at: datetime
    events: list[str] = field(default_factory=list)
    notices: list[list[str]] = field(default_factory=list)


def moments_of(table: str) -> tuple[list[str], list[Moment]]:
    names: list[str] = []
    found: list[Moment] = []
    day = 0
    for line in filter(None, map(str.strip, table.splitlines())):
        if line.startswith("feeds "):
            names = line.removeprefix("feeds ").split(", ")
        elif line.startswith("day "):
            day = int(line.removeprefix("day ")) - 1
        elif line.startswith("→ "):
            found[-1].notices.append([line.removeprefix("→ ")])
        elif line.startswith("· "):
            found[-1].notices[-1].append(line.removeprefix("· "))
        elif given := TIME.fullmatch(line):
            at = MIDNIGHT + timedelta(days=day, hours=int(given[1]), minutes=int(given[2]))
            if not found or found[-1].at != at:
                found.append(Moment(at))
            found[-1].events += [given[3]] if given[3] else []
        else:
            raise AssertionError(f"what is {line!r}?")
    return names, found


def url_of(name: str) -> str:
    host, _, path = name.lower().partition("/")
    return f"https://{host}.example/{path or 'rss'}"


@dataclass
class Days:
    """The feeds of a table, in a real database."""

    database: Database
    names: Sequence[str]
    keys: Iterator[int] = field(default_factory=count)
    heard: int = 0

    def __post_init__(self) -> None:
        self.configure(self.names, now=MIDNIGHT)

    def configure(self, names: Sequence[str], *, now: datetime) -> None:
        listed = [a_feed(url_of(name), name=name, allow_private=True) for name in names]
        self.database.write(feeds.configure, listed, now=now)

    def happens(self, event: str, *, now: datetime) -> None:
        who, _, what = event.partition(" ")
        if what == "leaves":
            self.configure([name for name in self.names if name != who], now=now)
        elif what == "comes back":
            self.configure(self.names, now=now)
        else:
            for claim in self._claims(self.names if who == "all" else who.split(","), now=now):
                self.database.write(self._reads, claim, what, now=now)

    def _claims(self, names: Sequence[str], *, now: datetime) -> list[Claim[FeedState]]:
        def take(session: Session) -> list[Claim[FeedState]]:
            session.execute(sa.update(FEED).where(FEED.c.due_at <= now).values(due_at=now + SOON))
            urls = [url_of(name) for name in names]
            session.execute(sa.update(FEED).where(FEED.c.url.in_(urls)).values(due_at=now))
            return feeds.claim(session, now=now, limit=len(urls))

        claims = self.database.write(take)
        assert len(claims) == len(names)
        return claims

    def _reads(self, session: Session, claim: Claim[FeedState], what: str, *, now: datetime) -> None:
        good = Good(NextPoll(now + SOON))
        match what.split(" ", 1):
            case ["HTTP", "410"]:
                readings.gone(session, claim, what, now=now)
            case ["reads", new] if new.endswith(" new"):
                listed = [self._entry() for _ in range(int(new.removesuffix(" new")))]
                readings.changed(session, claim, Changed(listed, str(now), "skip", good), now=now)
            case ["reads"]:
                readings.unchanged(session, [readings.Same(claim, good)], now=now)
            case ["moved", address]:
                good = Good(NextPoll(now + SOON), moved_to=address)
                readings.unchanged(session, [readings.Same(claim, good)], now=now)
            case ["lacks", part]:
                good = Good(NextPoll(now + SOON), complaint=part)
                readings.unchanged(session, [readings.Same(claim, good)], now=now)
            case ["stops", _]:
                failure = Failure("took too much memory to read", NextPoll(now + SOON, Why.FAILURE), is_breakdown=True)
                readings.failed(session, claim, failure, now=now)
            case _:
                readings.failed(session, claim, Failure(what, NextPoll(now + SOON, Why.FAILURE)), now=now)

    def _entry(self) -> Entry:
        return an_entry(f"Kabar {next(self.keys)}")

    def hears(self, *, now: datetime) -> list[str]:
        """What is told now to those in ops."""
        self.database.write(tell, OPS, self.database.read(health.silent, now=now), now=now)
        told = [posted.notification.text for posted in self.database.read(outbox.posted)]
        new, self.heard = told[self.heard :], len(told)
        return new


def live(database: Database, table: str) -> Days:
    names, moments = moments_of(table)
    days = Days(database, names)
    for moment in moments:
        for event in moment.events:
            days.happens(event, now=moment.at)
        heard = days.hears(now=moment.at)
        assert fits(heard, moment.notices), f"{moment.at:%d %H:%M}: wanted {moment.notices}, heard {heard}"
    return days


def fits(heard: Sequence[str], wanted: Sequence[Sequence[str]]) -> bool:
    """The first line begins as wanted, further ones stand below it in this order."""
    return len(heard) == len(wanted) and all(
        told.startswith(first) and _in_order(told.splitlines()[1:], more)
        for told, (first, *more) in zip(heard, wanted, strict=True)
    )


def _in_order(lines: Sequence[str], wanted: Sequence[str]) -> bool:
    rest = iter(lines)
    return all(any(line.startswith(one) for line in rest) for one in wanted)
