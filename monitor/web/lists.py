"""The lists that programs can ask for: what each holds, what it can be asked by, where its rows come from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from starlette.exceptions import HTTPException

from monitor.model import DeliveryState
from monitor.settings import Topic
from monitor.store import configuration, front, front_lists, front_told, front_topics
from monitor.store.database import Session
from monitor.store.front import Sheet
from monitor.store.search import Where
from monitor.web import shapes
from monitor.web.deliveries import title_of
from monitor.web.dress import topic_atom
from monitor.web.feeds import in_full
from monitor.web.searching import feeds_called
from monitor.web.stories import whole_number
from monitor.web.tools import Tools
from monitor.web.topics import days_to

MOST: Final = 200  # rows of a page
USUAL: Final = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of a list."""

    after: int | None = None
    limit: int = USUAL
    by: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        return self.by.get(name)

    def word(self, name: str, known: Collection[str]) -> str | None:
        said = self.by.get(name)
        if said is not None and said not in known:
            raise HTTPException(400, f"{name}: write {', '.join(known)}")
        return said

    def number(self, name: str) -> int | None:
        said = self.by.get(name)
        return None if said is None else number(name, said)

    def day(self, name: str) -> date | None:
        said = self.by.get(name)
        try:
            return None if said is None else date.fromisoformat(said)
        except ValueError:
            raise HTTPException(400, f"{name}: this is no day; write it as 2026-11-23") from None


def number(name: str, said: str) -> int:
    if (found := whole_number(said)) is None:
        raise HTTPException(400, f"{name}: this is no number")
    return found


@dataclass(frozen=True, slots=True)
class List:
    name: str
    what: str
    shape: type[shapes.Shape]
    rows: Callable[[Tools, Asked], Awaitable[Sheet]]
    by: Mapping[str, str] = field(default_factory=dict)  # what it can be asked by, and what that means


async def _articles(tools: Tools, asked: Asked) -> Sheet:
    if asked.by.keys() & _SEARCHING:
        return await _searched(tools, asked)
    return await tools.database.run(
        front_lists.articles,
        topic=asked.text("topic"),
        story=asked.number("story"),
        outlet=asked.text("outlet"),
        after=asked.after,
        limit=asked.limit,
    )


_SEARCHING: Final = frozenset(("q", "from", "to", "feed"))


async def _searched(tools: Tools, asked: Asked) -> Sheet:
    if "q" not in asked.by:
        raise HTTPException(400, "q: write what is to be searched for")
    if mixed := sorted(asked.by.keys() - _SEARCHING):
        raise HTTPException(
            400, f"{mixed[0]}: a search can't be narrowed by this; it can by {', '.join(sorted(_SEARCHING))}"
        )
    feed = asked.text("feed")
    feeds = feeds_called(tools.settings().feeds, feed) if feed else None
    where = Where(asked.day("from"), asked.day("to"), feeds)
    run = tools.database.run
    return await run(front_lists.searched, asked.text("q") or "", where, after=asked.after, limit=asked.limit)


async def _stories(tools: Tools, asked: Asked) -> Sheet:
    day = asked.day("day")
    days = (day, day) if day else None
    topic = asked.text("topic")
    return await tools.database.run(front.stories, topic=topic, days=days, after=asked.after, limit=asked.limit)


async def _alerts(tools: Tools, asked: Asked) -> Sheet:
    topic, decision = asked.text("topic"), asked.word("decision", ("send", "hold", "drop"))
    run = tools.database.run
    return await run(front_lists.alerts, topic=topic, decision=decision, after=asked.after, limit=asked.limit)


async def _deliveries(tools: Tools, asked: Asked) -> Sheet:
    state = asked.word("state", tuple(DeliveryState))
    sheet = await tools.database.run(front_told.deliveries, state=state, after=asked.after, limit=asked.limit)
    shown = [
        {name: getattr(each, name) for name in each.__slots__ if name != "notification"}
        | {"kind": each.notification.kind, "title": title_of(each.notification)}
        for each in sheet.items
    ]
    return Sheet(tuple(shown), sheet.after)


async def _feeds(tools: Tools, asked: Asked) -> Sheet:
    part = _part(list(tools.settings().feeds), asked)
    return replace(part, items=tuple(await tools.database.run(in_full, part.items, now=tools.clock())))


async def _topics(tools: Tools, asked: Asked) -> Sheet:
    settings = tools.settings()
    days = days_to(tools.clock().astimezone(settings.timezone).date())
    part = _part(list(settings.topics), asked)
    return replace(part, items=tuple(await tools.database.run(_watched, part.items, tools.file, days=days)))


def _watched(session: Session, topics: Sequence[Topic], file: str, *, days: Sequence[date]) -> list[dict[str, Any]]:
    names = [topic.name for topic in topics]
    state = configuration.state(session, file)
    refused = state.refused_topics if state else ()
    per_day, last = front_topics.matches_per_day(session, names, days=days), front_topics.last_matches(session, names)
    return [
        {
            "name": topic.name,
            "query": topic.query,
            "like": tuple(sample.name for sample in topic.like),
            "like_score": topic.like_score if topic.like else None,
            "channels": topic.channels,
            "urgent": topic.policy.urgent,
            "matches": sum(per_day[topic.name]),
            "last_match_at": last.get(topic.name),
            "refused": topic.name in refused,
            "atom": topic_atom(topic.name),
        }
        for topic in topics
    ]


def _part(rows: list[Any], asked: Asked) -> Sheet:
    """Of what the configuration lists, in its order."""
    start = asked.after or 0
    end = start + asked.limit
    return Sheet(tuple(rows[start:end]), end if end < len(rows) else None)


_SEARCH: Final = {
    "q": 'only those that hold these words; "in a row", -not, begin*',
    "from": "with q: from this local day on",
    "to": "with q: up to this local day",
    "feed": "with q: only those that this feed listed, by its name or URL",
}

LISTS: Final = (
    List(
        "articles",
        "Articles in plain text, the newest first.",
        shapes.Article,
        _articles,
        {"topic": "only those that concern it", "story": "only those of this story", "outlet": "only those of it"}
        | _SEARCH,
    ),
    List(
        "stories",
        "Stories that concern a topic, by their newest article that does.",
        shapes.Story,
        _stories,
        {"topic": "only those that concern it", "day": "only those with a match of this local day (2026-11-23)"},
    ),
    List("topics", "What is watched, in the order of the configuration.", shapes.Topic, _topics),
    List("feeds", "The feeds and how they fare, in the order of the configuration.", shapes.Feed, _feeds),
    List(
        "alerts",
        "What was decided to be told, held or dropped, and why; the newest first.",
        shapes.Alert,
        _alerts,
        {"topic": "only those for it", "decision": "send, hold or drop"},
    ),
    List(
        "deliveries",
        "Messages to channels, the newest first.",
        shapes.Delivery,
        _deliveries,
        {"state": "waiting, sent, maybe, dead or moved"},
    ),
)
