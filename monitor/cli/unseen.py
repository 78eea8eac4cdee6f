"""An address that was never seen: it is read now, and what would have become of it is said."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from zoneinfo import ZoneInfo

from monitor.app import utc_now
from monitor.app.configuration import Configuration
from monitor.cli.account import AGAINST, called, missed, quality_in_words
from monitor.cli.account_json import brief, likeness_as_json, queries_as_json
from monitor.cli.account_topics import CLOSEST, Topics, clause_lines, passages, topics_of
from monitor.cli.common import clock, evidence_as_json, instant, named
from monitor.errors import FetchError, ParseError
from monitor.model import Article, Decision, Hold, Joins, Match, Quality, Reason, Send, WaitingEntry
from monitor.parse.links import outlet_of
from monitor.settings import Feed
from monitor.store import explain as store
from monitor.store.database import Database
from monitor.topics.asked import decided
from monitor.work import unseen
from monitor.work.foresee import Foreseen, foresee
from monitor.work.tell import Foretold

NAMED: Final = 5  # feeds, outlets, words

REASONS: Final[Mapping[Reason, str]] = {
    Reason.NEW_STORY: "new story",
    Reason.NOW_ALSO: "in short, as the channel knows the story and this topic would be new to it",
    Reason.STORY_GREW: "again, as enough further outlets have taken the story up",
    Reason.CORRECTED: "as a correction of what was told",
    Reason.SETTLING: "would wait a little for further outlets, then be told",
    Reason.DIGEST: "would wait for the channel's next digest",
    Reason.QUIET_HOURS: "would wait for the end of the quiet hours",
    Reason.THROTTLED: "would wait, as the channel had as many messages as its limit lets through",
    Reason.TOO_OLD: "too old: it was published longer ago than max_age",
    Reason.SILENCED: "somebody asked not to hear of it for a while",
    Reason.ALREADY_TOLD: "already told: the channel knows the story",
    Reason.HIDDEN: "left to a narrower topic that hides this one",
    Reason.WEAK: "only the best is told: it matches too little, and no second outlet has the story",
}
DROPPED: Final[Mapping[Reason, str]] = {Reason.QUIET_HOURS: "quiet hours now, which let such alerts be (then: drop)"}
WAITS: Final = "would be named in the alert about the story that waits already"


@dataclass(frozen=True, slots=True)
class Feeds:
    """Those that may list an address."""

    of_site: tuple[Feed, ...]
    others: tuple[Feed, ...]  # that listed articles of its outlet before

    @property
    def all(self) -> tuple[Feed, ...]:
        return (*self.of_site, *self.others)


@dataclass(frozen=True, slots=True)
class Would:
    """What would have become of it. Of what could not be read only why."""

    feeds: tuple[str, ...]  # that may list it, by name
    feed: Feed  # as whose entry it was read
    unread: str = ""
    article: Article | None = None
    topics: Topics = field(default_factory=Topics)
    foreseen: Foreseen | None = None

    @property
    def matches(self) -> tuple[Match, ...]:
        return self.topics.matched


def feeds_for(url: str, feeds: Sequence[Feed], database: Database) -> Feeds:
    """Who would list it: by its site, and by what is known of its outlet."""
    outlet = outlet_of(url)
    known = database.read(store.feeds_with, outlet) if outlet else []
    of_site = unseen.feeds_of_site(url, feeds)
    by_url = {feed.url: feed for feed in feeds if feed not in of_site}
    return Feeds(tuple(of_site), tuple(by_url[each] for each in known if each in by_url))


def would(
    url: str, feeds: Feeds, configuration: Configuration, database: Database, *, only: str | None = None
) -> Would:
    """Asks its site, reads the database, and writes nothing."""
    settings = configuration.settings
    names, feed = tuple(each.name for each in feeds.all), unseen.through(feeds.of_site, feeds.others)
    try:
        article = asyncio.run(unseen.read(url, feed, settings.sites, clock=utc_now)).article
    except (FetchError, ParseError) as error:
        return Would(names, feed, unread=str(error))
    if article.quality in {Quality.FEED_ONLY, Quality.NO_ARTICLE}:  # there is no text of a feed to stand in
        return Would(names, feed, unread=article.quality_reason or "there is no article on the page")
    matches = tuple(match for match in configuration.watchlist.match(article) if only in {None, match.topic})
    topics = topics_of(article, matches, configuration, only=only)
    waiting = WaitingEntry(unseen.entry_of(url), feed.url, article.first_seen_at, None, 0)
    foreseen = database.read(foresee, waiting, article, matches, settings)
    return Would(names, feed, article=article, topics=topics, foreseen=foreseen)


# -- for people ----------------------------------------------------------------------------------


def in_words(it: Would, zone: ZoneInfo) -> str:
    if it.article is None or it.foreseen is None:
        return f"it was not read now either: {it.unread}"
    of = f"Had {it.feed.name} listed it now" if it.feeds else "Had a feed listed it now"
    lines = [f"{of}, this would have become of it:", "", "article", *_indented(_article(it.article, it, zone))]
    lines += ["", "topics", *_indented(_topics(it))]
    lines += ["", "story", *_indented(_story(it.foreseen))]
    return "\n".join([*lines, "", "alerts", *_indented(_alerts(it, zone))])


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _article(article: Article, it: Would, zone: ZoneInfo) -> Iterator[str]:
    yield called(article)
    yield article.url
    dated = f"published {clock(article.published_at, zone)}" if article.published_at else "without a date of its own"
    yield f"{dated}; {quality_in_words(article)}"
    if it.feeds:
        yield f"its outlet is watched by {named(it.feeds, most=NAMED)}"
    else:
        yield "no feed of its site is watched, so it was never seen"
    if it.feed.full_text == "never":
        yield f"{it.feed.name} is read without pages (full_text: never): its own text would have had to do"


def _topics(it: Would) -> Iterator[str]:
    if not it.matches:
        yield "none would match, so nobody would be told"
    for match in it.matches:
        yield f"{match.topic}: would match, score {match.score} of 100"
        yield from passages(match)
        yield from clause_lines(it.topics.today[match.topic])
    for place, each in enumerate(it.topics.others):
        yield f"{each.topic.name}: {decided(each)}"
        if place < CLOSEST:
            yield from clause_lines(each)


def _story(it: Foreseen) -> Iterator[str]:
    if it.known is not None:
        yield f"it is {called(it.known)}, which is known as {it.known.url or it.known.key}; `monitor explain` tells of it"
    elif isinstance(it.placement, Joins) and it.story:
        likeness, like = it.placement.likeness, called(it.nearest) if it.nearest else "an article"
        if it.placement.copy_of is not None:
            yield f"would join story {it.story.id}, “{it.story.title}”, as a copy of {like}"
        else:
            asked = f"likeness {likeness.score:.2f} where {likeness.bar:.2f} is asked"
            yield f"would join story {it.story.id}, “{it.story.title}”: {asked}; nearest is {like}"
        yield f"reported by {named(it.story.outlets, most=NAMED)}"
    else:
        yield from _opened(it)


def _opened(it: Foreseen) -> Iterator[str]:
    nearest = it.placement.nearest if it.placement and not isinstance(it.placement, Joins) else None
    if nearest is None:
        yield "would open a story of its own, as no story shares a telling word with it"
        return
    like = called(it.nearest) if it.nearest else "an article"
    yield "would open a story of its own, as no story is like it enough"
    yield f"nearest is story {nearest.story_id} with {like}: {missed(nearest.likeness)}"
    if nearest.likeness.against:
        yield "; ".join(AGAINST[reason] for reason in nearest.likeness.against)


def _alerts(it: Would, zone: ZoneInfo) -> Iterator[str]:
    alerts: Sequence[Foretold] = it.foreseen.alerts if it.foreseen else ()
    together: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for alert in alerts:
        together[alert.topic, _said(alert, zone)].append(alert.channel)
    for (topic, said), channels in together.items():
        yield f"{topic}: {said.format(channels=', '.join(channels))}"
    if not alerts:
        yield "none: it is known already" if it.foreseen and it.foreseen.known else "none"


def _said(alert: Foretold, zone: ZoneInfo) -> str:
    decision = alert.decision
    if decision is None:
        return f"{WAITS} on {{channels}}"
    why = REASONS.get(decision.reason, str(decision.reason))
    if isinstance(decision, Send):
        return f"would be told on {{channels}}: {why}"
    if isinstance(decision, Hold):
        return f"{why} on {{channels}}, until {clock(decision.until, zone)} at least"
    note = f" ({alert.note})".replace("{", "{{").replace("}", "}}") if alert.note else ""
    return f"would not be told on {{channels}}: {DROPPED.get(decision.reason, why)}{note}"


# -- for machines --------------------------------------------------------------------------------


def as_json(it: Would) -> dict[str, Any]:
    return {
        "feeds": list(it.feeds),
        "unread": it.unread or None,
        "article": _article_as_json(it.article) if it.article else None,
        "topics": _topics_as_json(it) if it.article else None,
        "story": _story_as_json(it.foreseen) if it.foreseen else None,
        "alerts": [_alert_as_json(alert) for alert in it.foreseen.alerts] if it.foreseen else [],
    }


def _article_as_json(article: Article) -> dict[str, Any]:
    return brief(article) | {
        "quality": str(article.quality),
        "quality_reason": article.quality_reason,
        "published_at": instant(article.published_at),
    }


def _topics_as_json(it: Would) -> dict[str, Any]:
    return {
        "matched": [
            {
                "topic": match.topic,
                "score": match.score,
                "evidence": [evidence_as_json(found) for found in match.evidence],
            }
            for match in it.matches
        ],
        "queries": queries_as_json(it.topics),
    }


def _story_as_json(it: Foreseen) -> dict[str, Any]:
    where = it.placement
    likeness = (
        where.likeness if isinstance(where, Joins) else where.nearest.likeness if where and where.nearest else None
    )
    beside = where.nearest.story_id if where and not isinstance(where, Joins) and where.nearest else 0
    story_id = it.story.id if it.story else beside
    decision = "known" if it.known else "joins" if isinstance(where, Joins) else "opens"
    return {
        "decision": decision,
        "id": it.story.id if it.story else None,
        "title": it.story.title if it.story else None,
        "known": brief(it.known) if it.known else None,
        "is_copy": isinstance(where, Joins) and where.copy_of is not None,
        "nearest": likeness_as_json(likeness, it.nearest, story_id),
    }


def _alert_as_json(alert: Foretold) -> dict[str, Any]:
    decision: Decision | None = alert.decision
    return {
        "topic": alert.topic,
        "channel": alert.channel,
        "decision": type(decision).__name__.lower() if decision else "waits",
        "reason": str(decision.reason) if decision else None,
        "until": instant(decision.until) if isinstance(decision, Hold) else None,
        "note": alert.note,
    }
