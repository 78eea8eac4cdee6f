"""A second look at a topic: what it just missed, which words may be other names, what in it is of no use."""

from __future__ import annotations

from typing import Final

from monitor.app.copying import with_offer
from monitor.settings import Settings, Topic
from monitor.store import archived, frequencies
from monitor.store.database import Session
from monitor.topics.alike import asks_for_words
from monitor.topics.nearly import MOST, Nearly, NearMiss, Told
from monitor.topics.overlaps import Overlap, overlaps
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all
from monitor.topics.worth import Weighing, Worths
from monitor.trial import Closely, Offered, Progress
from monitor.work.archived import as_archived
from monitor.work.replay import Span

OFTEN: Final = 500  # articles after which it is said how far it is
_OF_LIKE: Final = 10 * MOST  # near misses of which those are told that are like the topic's examples


def look(
    session: Session, watchlist: Watchlist, topic: Topic, settings: Settings, span: Span, *, progress: Progress
) -> Closely:
    """Of a topic by example alone only what it shares with others: it has no clauses."""
    beside = _overlaps(session, topic.name, span)
    if not asks_for_words(watchlist.found(topic.name).question):
        return Closely(Told(topic.name, 0, 0, (), ()), Worths(topic.name, 0, 0, ()), beside)
    # By its words alone: what is near in words but not like its examples is left out at the end.
    by_words, _ = compile_all([topic.model_copy(update={"like": ()})], Vocabulary.of(settings))
    nearly, weighing = Nearly(by_words, topic.name), Weighing(by_words, topic.name)
    total = archived.count(session, since=span.since, until=span.until)
    for looked_at, arrived in enumerate(archived.arrivals(session, since=span.since, until=span.until), 1):
        nearly.see(arrived.article)
        weighing.see(arrived.article)
        if looked_at % OFTEN == 0:
            progress(looked_at, total)
    told = nearly.told(_OF_LIKE if topic.like else MOST)
    query = by_words.found(topic.name).question.query
    return Closely(
        told if not topic.like else _alike(session, watchlist, topic, told),
        weighing.told(),
        beside,
        tuple(Offered(offer, with_offer(offer, topic, query, settings)) for offer in told.offers),
    )


def _overlaps(session: Session, topic: str, span: Span) -> tuple[Overlap, ...]:
    pairs = archived.matched(session, since=span.since, until=span.until)
    return tuple(each for each in overlaps(pairs) if topic in {each.smaller, each.larger})


def _alike(session: Session, watchlist: Watchlist, topic: Topic, told: Told) -> Told:
    compared = watchlist.comparing(as_archived(session, (topic,), frequencies.snapshot(session)))

    def is_alike(miss: NearMiss) -> bool:
        why = compared.account(topic.name, miss.article).why
        return any(part.kind == "like" and part.is_hit for part in why.parts)

    misses = tuple(filter(is_alike, told.misses))[:MOST]
    return Told(told.topic, told.looked_at, told.matches, misses, told.offers)
