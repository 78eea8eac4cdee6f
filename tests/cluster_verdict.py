"""What came of many processes that were killed: what was lost, doubled, left hanging, asked too soon."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.cluster import Cluster, Deaths, End, stories_in
from tests.press import Name, names_in
from tests.sinks import Posted
from tests.soak_verdict import some
from tests.wires import Wires, concerns, story_of

POISON: Final = 3  # deaths with a row in hand, after which it is set aside by design
DELAY: Final = 1.0  # seconds between two questions to a host
NEAR: Final = 0.8  # of the delay
TOO_MANY: Final = 0.01  # of the gaps
SURPRISES: Final = ("Traceback", "nobody foresaw", "a scheduled job failed", "never retrieved", "can't be given back")
FLOOD: Final = 200  # lines of errors that a process may say in all


@dataclass(frozen=True, slots=True)
class Growth:
    """Of one process that was never killed: its open files and threads, early and at the end."""

    what: str
    first: int
    last: int

    @property
    def is_good(self) -> bool:
        return self.last <= self.first + 12  # connections come and go


@dataclass(frozen=True, slots=True)
class Result:
    figures: tuple[str, ...]
    complaints: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        return not self.complaints

    def __str__(self) -> str:
        return "\n".join((*self.figures, *(f"WRONG: {line}" for line in self.complaints)))


def verdict(
    many: Cluster,
    wires: Wires,
    told: Mapping[str, Sequence[Posted]],
    *,
    ends: Sequence[End],
    growth: Sequence[Growth] = (),
    restarts: int,
    seconds: float,
    is_timed: bool = True,
) -> Result:
    """After all processes ended. `told`: by channel, what came there. `is_timed`: on a machine that is not too busy."""
    aside = SetAside.of(many)
    stock, letters = Stock(many, wires, aside), [Letters(name, told[name], wires, many.deaths, aside) for name in told]
    log = many.log()
    complaints = (
        *aside.complaints(),
        *stock.complaints(),
        *(line for channel in letters for line in channel.complaints()),
        *_hanging(many),
        *_not_polled(many),
        *(_spacing(wires) if is_timed else ()),
        *(f"{end.command} ended with {end.status} after {end.seconds:.0f} s" for end in ends if end.status != 0),
        *(f"{each.what} grew from {each.first} to {each.last}" for each in growth if is_timed and not each.is_good),
        *some(line for line in log.splitlines() if _is_surprise(line)),
        *_floods(log, processes=len(many.parts) + many.deaths.kills, restarts=restarts),
    )
    gaps = wires.gaps()
    figures = (
        f"{many.deaths.kills} kills, {restarts} restarts of PostgreSQL, {seconds:.0f} s",
        f"{sum(map(len, wires.asked.values()))} questions to {len(wires.asked)} hosts",
        f"{_share(gaps):.2%} of {len(gaps)} gaps below {NEAR:g} of the delay; the shortest: {min(gaps, default=0):.2f} s",
        *stock.figures(),
        *(line for channel in letters for line in channel.figures()),
        f"set aside after {POISON} deaths: {aside}",
        f"stopped within {max((end.seconds for end in ends), default=0):.1f} s",
        *(f"{each.what}: {each.first} early, {each.last} at the end" for each in growth),
    )
    return Result(figures, complaints)


# -- what was set aside ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetAside:
    """Rows that will not be tried again, and how many died with each in hand."""

    feeds: Mapping[int, int]
    entries: Mapping[Name, int]
    deliveries: Mapping[tuple[str, Name], int]  # by channel and story

    @classmethod
    def of(cls, many: Cluster) -> SetAside:
        died, ask = many.deaths.in_hand, many.server.execute
        feeds = ask("SELECT id, name FROM feed WHERE paused IS NOT NULL")
        entries = ask("SELECT id, content FROM entry WHERE state = 'poisoned'")
        dead = ask(
            "SELECT delivery.id, delivery.channel, content FROM delivery JOIN notification ON notification.id = "
            "notification_id WHERE state NOT IN ('sent', 'waiting')"
        )
        return cls(
            {int(name.split()[1]): died["feed", number] for number, name in feeds},
            {name: died["entry", number] for number, content in entries for name in names_in(content)},
            {
                (channel, story): died["delivery", number]
                for number, channel, content in dead
                for story in stories_in(content)
            },
        )

    def complaints(self) -> Iterator[str]:
        kinds: dict[str, Mapping[Any, int]] = {"feed": self.feeds, "entry": self.entries, "delivery": self.deliveries}
        for kind, rows in kinds.items():
            yield from some(
                f"set aside after {died} deaths: {kind} {what}" for what, died in rows.items() if died < POISON
            )

    def may_miss(self, article: Name) -> bool:
        return article[0] in self.feeds or article in self.entries

    def __str__(self) -> str:
        return f"{len(self.feeds)} feeds, {len(self.entries)} entries, {len(self.deliveries)} deliveries"


# -- what is stored --------------------------------------------------------------------------------


class Stock:
    def __init__(self, many: Cluster, wires: Wires, aside: SetAside) -> None:
        self._published = set(wires.articles())
        self._aside = aside
        rows = many.server.execute("SELECT url, story_id FROM article")
        self._stored = Counter(name for url, _ in rows for name in names_in(url))
        self._stories: defaultdict[Name, set[int]] = defaultdict(set)  # by what is one story: the stories it became
        self._mixed: defaultdict[int, set[Name]] = defaultdict(set)
        for url, story in rows:
            for name in names_in(url):
                self._stories[story_of(name)].add(story)
                self._mixed[story].add(story_of(name))

    def complaints(self) -> Iterator[str]:
        yield from some(f"lost: article {name}" for name in sorted(self._lost()))
        yield from some(f"stored {times} times: article {name}" for name, times in self._stored.items() if times > 1)
        yield from some(
            f"stored, though nobody published it: {name}" for name in self._stored if name not in self._published
        )
        yield from some(
            f"opened {len(many)} times: story {name}" for name, many in self._stories.items() if len(many) > 1
        )
        yield from some(f"one story of several: {names}" for names in self._mixed.values() if len(names) > 1)

    def _lost(self) -> set[Name]:
        missing = self._published - self._stored.keys()
        return {name for name in missing if not self._aside.may_miss(name)}

    def figures(self) -> Iterator[str]:
        late = len(self._published - self._stored.keys()) - len(self._lost())
        yield (
            f"{len(self._published)} articles published, {len(self._stored)} stored, {late} of what was set aside, "
            f"{len(self._lost())} lost"
        )
        yield f"{len(self._stories)} stories, opened {sum(map(len, self._stories.values()))} times"


# -- what was told ---------------------------------------------------------------------------------


class Letters:
    """What came to one channel."""

    def __init__(self, channel: str, came: Sequence[Posted], wires: Wires, deaths: Deaths, aside: SetAside) -> None:
        self._channel, self._aside = channel, aside
        self._deaths = deaths
        readable = {story_of(article) for article in wires.articles() if not aside.may_miss(article)}
        self._expected = wires.told() & readable
        texts = [json.dumps(message, ensure_ascii=False) for message in came]
        self._came = Counter(story for text in texts for story in stories_in(text))

    def complaints(self) -> Iterator[str]:
        yield from some(f"{self._channel} was not told: story {story}" for story in sorted(self._lost()))
        wrong = [story for story in self._came if not concerns(story)]
        yield from some(f"{self._channel} was told, though it concerns nobody: story {story}" for story in wrong)
        for story, times in self._came.items():
            if times - 1 > (died := self._deaths.being_told[self._channel, story]):
                yield f"{self._channel} was told {times} times, {died} died while sending: story {story}"

    def _lost(self) -> set[Name]:
        aside = {story for channel, story in self._aside.deliveries if channel == self._channel}
        return self._expected - self._came.keys() - aside

    def figures(self) -> Iterator[str]:
        again = sum(times - 1 for times in self._came.values())
        yield (
            f"channel {self._channel}: {len(self._expected)} stories to be told, {len(self._came)} told, {again} once more, "
            f"each by one that took over from a sender that was killed"
            if again
            else f"channel {self._channel}: {len(self._expected)} stories to be told, {len(self._came)} told, none twice"
        )


# -- what hangs ------------------------------------------------------------------------------------


def _hanging(many: Cluster) -> Iterator[str]:
    """What was on its way to a worker when all were told to stop is due again by itself; nobody may hold anything."""
    for table in ("feed", "entry", "alert", "delivery", "article"):
        if held := many.count(f"{table} WHERE lease_token LIKE '%:%'"):
            yield f"{held} rows of {table} are still held, though nobody is there"
    waiting = {
        "entries wait": "entry WHERE state = 'waiting'",
        "alerts are held": "alert WHERE decision = 'hold'",
        "deliveries wait": "delivery WHERE state = 'waiting'",
        "jobs are left as if somebody did them": "procrastinate_jobs WHERE status = 'doing'",
        "articles are not archived": "article WHERE archived_at IS NULL",
    }
    yield from (f"{left} {what}" for what, rows in waiting.items() if (left := many.count(rows)))


def _not_polled(many: Cluster) -> Iterator[str]:
    """Since the last death."""
    since = f"coalesce(last_polled_at < to_timestamp({many.deaths.last_at}), true)"
    rows = many.server.execute(f"SELECT name, due_at FROM feed WHERE paused IS NULL AND {since}")
    yield from some(f"not polled since the last death: {name}, due at {due_at}" for name, due_at in rows)
    overdue = many.count("feed WHERE paused IS NULL AND due_at IS NULL")
    if overdue:
        yield f"{overdue} feeds are never due again"


def _share(gaps: Sequence[float]) -> float:
    return sum(gap < NEAR * DELAY for gap in gaps) / max(len(gaps), 1)


def _spacing(wires: Wires) -> Iterator[str]:
    if _share(gaps := wires.gaps()) > TOO_MANY:
        yield f"{_share(gaps):.2%} of the gaps at hosts are below {NEAR:g} of the delay"


def _is_surprise(line: str) -> bool:
    """That the database was away is none."""
    return "StoreError(" not in line and any(sign in line for sign in SURPRISES)


def _floods(log: str, *, processes: int, restarts: int) -> Iterator[str]:
    said = sum("[error" in line for line in log.splitlines())
    if said > (most := FLOOD + 20 * processes * max(restarts, 1)):
        yield f"{said} lines of errors in the log, more than {most}"
