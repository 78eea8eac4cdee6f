"""Reads a table of what happens and what is told, lets it happen, and says where the table is wrong.

A table is a text file: the configuration, a line of dashes, then one line for each thing (tables/week.txt shows all):

    Monday 9 March 2026                               the day of what follows
    06:00  tempo.co: Gempa besar guncang Maluku       an article comes; "// …" is more of its text, "[5 days old]" its age
           held phone, Gempa: settling until Mon 06:02     what is decided at that moment, where it is worth a line
    06:01  kabar.id: Gempa lama [in the flood of 06:00]    its feed listed it then, with hundreds of others
    06:02  → phone: story                             a message; "again" after a time: the hour that is shown twice
           · Gempa: Gempa besar guncang Maluku (tempo.co, antaranews.com)
    10:17  [off until now]                            the program stood still
    11:00  [edit: phone => handy]                     the configuration is edited, wherever these words stand in it
    12:00  [silence Gempa for 24 hours]

Exactly the messages that stand in the table must come, at exactly these times, and at the end nothing may wait.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from monitor.config import parse
from monitor.model import Article, Card, Notification
from monitor.settings import Settings
from monitor.store import history
from monitor.store.tables import ALERT, SILENCE
from monitor.text import content_hash
from monitor.topics.watchlist import Watchlist
from monitor.work.rehearse import Rehearsal, rehearsal
from tests.alerts.localtime import instant, shown
from tests.events import some_text

RULE: Final = re.compile(r"^-{5,}$", re.MULTILINE)
TIME: Final = re.compile(r"(\d\d:\d\d)( again)?(?:\s+|$)(.*)")
ARTICLE: Final = re.compile(
    r"([\w.-]+): (.+?)(?: // (.+?))?(?: \[(\d+) (minutes|hours|days) old\])?(?: \[in the flood of (\d\d:\d\d)\])?"
)
SILENCED: Final = re.compile(r"\[silence (.+) for (\d+) (minutes|hours|days)\]")
EDIT: Final = re.compile(r"\[edit: (.+) => (.+)\]")
OFF: Final = "[off until now]"
MESSAGE, CARD = "→ ", "· "
DECIDED: Final = ("held ", "dropped ")


class TableError(Exception):
    """A line that can't be read."""


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    day: date
    time: str  # as it stands there
    text: str

    def at(self, zone: ZoneInfo) -> datetime:
        return instant(f"{self.day:%a %Y-%m-%d} {self.time}", zone)


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    configuration: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Expected:
    """A message of the table, in the words in which real ones are shown."""

    line: Line
    words: tuple[str, ...]


# -- reading -------------------------------------------------------------------------------------


def read(path: Path) -> Table:
    return read_text(path.read_text(encoding="utf-8"), name=path.name)


def read_text(text: str, *, name: str) -> Table:
    rule = RULE.search(text)
    if rule is None:
        raise TableError(f"{name}: a line of dashes must stand between the configuration and the table")
    before = text[: rule.end()].count("\n") + 1
    return Table(name, text[: rule.start()], tuple(_lines(text[rule.end() :], before, name)))


def _lines(text: str, before: int, name: str) -> Iterator[Line]:
    day, time = None, None
    for number, raw in enumerate(text.splitlines(), start=before):
        line = " ".join(raw.partition("#")[0].split())
        if not line:
            continue
        if heading := _day(line):
            day, time = heading, None
            continue
        if timed := TIME.fullmatch(line):
            time, line = timed[1] + (timed[2] or ""), timed[3]
        if day is None or time is None:
            raise TableError(f"{name}:{number}: before this there must be a day and a time: {line}")
        yield Line(number, day, time, line)


def _day(line: str) -> date | None:
    try:
        found = datetime.strptime(line, "%A %d %B %Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    if f"{found:%A}" != line.partition(" ")[0]:
        raise TableError(f"{line} is a {found:%A}")
    return found


def _expected(table: Table) -> Iterator[Expected]:
    """Each message with its cards, which stand on the lines after it."""
    told: list[Expected] = []
    for line in table.lines:
        if line.text.startswith(MESSAGE):
            told.append(Expected(line, (line.text,)))
        elif line.text.startswith(CARD):
            if not told or told[-1].line.number + len(told[-1].words) != line.number:
                raise TableError(f"{table.name}:{line.number}: this belongs under a message: {line.text}")
            told[-1] = Expected(told[-1].line, (*told[-1].words, line.text))
    yield from told


# -- in the words of the table -------------------------------------------------------------------


def words_of(notification: Notification) -> tuple[str, ...]:
    why = f" ({notification.held_by})" if notification.held_by else ""
    head = f"{MESSAGE}{notification.channel}: {notification.kind}{why}"
    return (head, *(f"{CARD}{', '.join(card.topics)}: {card.title} ({_outlets(card)})" for card in notification.cards))


def _outlets(card: Card) -> str:
    carried = f"; also carried by {', '.join(card.carried_by)}" if card.carried_by else ""
    if card.new_outlets:
        return f"new: {', '.join(card.new_outlets)}; {len(card.outlets)} outlets{carried}"
    return ", ".join(card.outlets) + carried


def _decided(told: Rehearsal, zone: ZoneInfo, *, at: datetime) -> list[str]:
    """The alerts that were held or dropped at this moment."""
    c = ALERT.c
    found = sa.select(c.decision, c.channel, c.topic, c.reason, c.due_at).where(
        c.decided_at == at, c.decision != "send"
    )
    rows = told.database.read(lambda session: session.execute(found.order_by(c.id)).all())
    return [
        f"{'held' if row.due_at else 'dropped'} {row.channel}, {row.topic}: {row.reason}"
        + (f" until {_moment(row.due_at, zone)}" if row.due_at else "")
        for row in rows
    ]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    """Weekday and time."""
    weekday, _, time = shown(at, zone).split(" ", 2)
    return f"{weekday} {time}"


# -- letting it happen ---------------------------------------------------------------------------


def configured(text: str) -> tuple[Settings, Watchlist]:
    """As the program reads it."""
    settings = parse(text.encode(), path=Path("config.yaml"), environ={}).settings
    return settings, Watchlist.compile(settings.topics, settings.aliases)


@dataclass
class Run:
    """One table, from its first line to its last; what is wrong with it is gathered."""

    table: Table
    told: Rehearsal
    zone: ZoneInfo
    configuration: str
    faults: list[str] = field(default_factory=list)
    titles: dict[str, int] = field(default_factory=dict)  # each is an event of its own
    outlets: dict[str, int] = field(default_factory=dict)  # each has a wording of its own

    def line(self, line: Line) -> None:
        now = line.at(self.zone)
        if line.text == OFF:
            self.told.sleep(now=now)
            return
        self.told.pass_time(now=now)
        if line.text.startswith(DECIDED):
            self._check(line, now)
        elif not line.text.startswith((MESSAGE, CARD)):
            self._happens(line, now)

    def _happens(self, line: Line, now: datetime) -> None:
        kinds: list[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], None]]] = [
            (EDIT, self._edit),
            (SILENCED, self._silence),
            (ARTICLE, self._article),
        ]
        for pattern, happens in kinds:
            if found := pattern.fullmatch(line.text):
                happens(found, now)
                return
        raise TableError(f"{self.table.name}:{line.number}: what does this mean? {line.text}")

    def _article(self, found: re.Match[str], now: datetime) -> None:
        outlet, title, text, count, unit, flood = found.groups()
        number = self.titles.setdefault(title, len(self.titles))
        wording = self.outlets.setdefault(outlet, len(self.outlets))
        text = "\n\n".join(filter(None, (some_text(title, number, wording=wording), text)))
        url = f"https://{outlet}/{content_hash(title, text)[:8]}-{now:%m%d%H%M}"
        article = Article(
            key=url,
            url=url,
            title=title,
            text=text,
            first_seen_at=now,
            outlet=outlet,
            feed=f"https://{outlet}/rss",
            content_hash=content_hash(title, text),
            published_at=now - timedelta(**{unit: int(count)}) if count else None,
        )
        today = f"{now.astimezone(self.zone):%a %Y-%m-%d}"
        self.told.see(article, now=now, flooded_at=instant(f"{today} {flood}", self.zone) if flood else None)

    def _edit(self, found: re.Match[str], _now: datetime) -> None:
        old, new = found.groups()
        if old not in self.configuration:
            raise TableError(f"{self.table.name}: {old} does not stand in the configuration")
        self.configuration = self.configuration.replace(old, new)
        self.told.change(*configured(self.configuration))

    def _silence(self, found: re.Match[str], now: datetime) -> None:
        topic, count, unit = found.groups()
        until = now + timedelta(**{unit: int(count)})
        silence = {"key": f"{topic} {now}", "topic": topic, "until": until, "reason": "", "created_at": now}
        self.told.database.write(lambda session: session.execute(sa.insert(SILENCE).values(**silence)))

    def _check(self, line: Line, now: datetime) -> None:
        decided = _decided(self.told, self.zone, at=now)
        if line.text not in decided:
            self.fault(line, "should have been decided then, but was not", [line.text], decided)

    def fault(self, line: Line, what: str, words: Sequence[str], really: Sequence[str]) -> None:
        self.faults.append(_said(f"{self.table.name}:{line.number}: {what}", words))
        self.faults.append(_said("  really", really or ["nothing"]))

    # -- at the end -------------------------------------------------------------------------------

    def compare(self) -> None:
        came: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
        for posted in self.told.told():
            came[shown(posted.at, self.zone)].append(words_of(posted.notification))
        missed: list[tuple[Expected, str]] = []
        for expected in _expected(self.table):
            at = shown(expected.line.at(self.zone), self.zone)
            if expected.words in came[at]:
                came[at].remove(expected.words)
            else:
                missed.append((expected, at))
        for expected, at in missed:
            self.fault(expected.line, f"should have come {at}, but did not", expected.words, _flat(came[at]))
        for at, messages in came.items():
            self.faults += [_said(f"{self.table.name}: not in the table, but came {at}", each) for each in messages]
        if (due_at := self.told.database.read(history.next_due)) is not None:
            self.faults.append(f"{self.table.name}: something still waits at the end, until {shown(due_at, self.zone)}")


def _said(what: str, words: Sequence[str]) -> str:
    return "\n".join([f"{what}:", *(f"    {each}" for each in words)])


def _flat(messages: Sequence[tuple[str, ...]]) -> list[str]:
    return [line for message in messages for line in message]


def faults(table: Table) -> list[str]:
    """What is wrong with a table: each with its line, and what really came."""
    settings, watchlist = configured(table.configuration)
    with rehearsal(settings, watchlist) as told:
        run = Run(table, told, settings.timezone, table.configuration)
        for line in table.lines:
            run.line(line)
        run.compare()
    return run.faults
