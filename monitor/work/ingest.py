"""Read what a feed listed: the linked page becomes an article, is matched and fingerprinted, then judged.

Reading goes on side by side; judging is one at a time (work/judge.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import structlog
from anyio import to_thread

from monitor.errors import FetchError, ParseError
from monitor.metrics import Metrics
from monitor.model import Article, Claim, Drop, Entry, Hold, Quality, Reading, Send, WaitingEntry
from monitor.parse.article import Extracted, Pages, extract
from monitor.settings import Feed
from monitor.store import articles, entries
from monitor.store.database import Database, Session
from monitor.stories.fingerprint import fingerprint
from monitor.timing import page_retry_at
from monitor.work.count import Count
from monitor.work.cpu import Caller
from monitor.work.judge import Judged
from monitor.work.live import Live, Plan
from monitor.work.reader import Reader, is_final, rule_for, whole

log = structlog.get_logger()

# A longer text (characters) is matched in a thread, or it would hold up all others. A usual one is not, so that articles
# that need no page are judged in the order in which they came, on every run.
LONG_TEXT: Final = 20_000
# A feed that carries this much text (characters) carries the article; its page need not be asked for.
WHOLE_ARTICLE: Final = 2_000
# An article of these has the feed's own text already.
_OF_THE_FEED: Final = frozenset({Quality.FEED_ONLY, Quality.NO_ARTICLE})


@dataclass(frozen=True, slots=True)
class Later:
    """The page can't be had now; the entry waits until then."""

    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """Ready to be judged, by this plan."""

    plan: Plan
    reading: Reading


@dataclass(frozen=True, slots=True)
class Ingest:
    """Reads and judges by the plan of the moment."""

    database: Database
    reader: Reader
    cpu: Caller
    metrics: Metrics
    live: Live
    clock: Callable[[], datetime]
    count: Count

    async def ingest(self, claim: Claim[WaitingEntry]) -> None:
        """One entry, from its page to the commit that holds the article and all that is to be told of it."""
        waiting = claim.value
        plan = self.live.plan
        found = await self._pages_of(plan, waiting)  # slow, side by side
        if isinstance(found, Later):
            await self.database.exclusive(entries.later, claim, found.why, due_at=found.until)
            return
        article = await self._article_of(plan, waiting, found)  # in a worker process, with a deadline
        judged = await self._judged(claim, article)
        self._tally(judged)
        await self._learn(article)
        if judged.is_new:
            await self.count.saw_one()

    async def _learn(self, article: Article) -> None:
        """From now on others may be like it, where a topic names its address."""
        like = self.live.plan.like
        if article.key in like.addresses:
            like.learn(await self.database.run(articles.by_key, [article.key]))

    async def _judged(self, claim: Claim[WaitingEntry], article: Article) -> Judged:
        """What was prepared by a plan that no longer counts is prepared again: no article falls between two plans.

        Not while it is judged: all others would wait for it.
        """
        while True:
            prepared = await self._prepared(claim.value, article)
            judged = await self.database.exclusive(self._judge, claim, prepared, now=self.clock())  # one at a time
            if judged is not None:
                return judged

    def _judge(
        self, session: Session, claim: Claim[WaitingEntry], prepared: Prepared, *, now: datetime
    ) -> Judged | None:
        plan = self.live.plan
        return plan.judge.judge(session, claim, prepared.reading, now=now) if plan is prepared.plan else None

    # -- its page -------------------------------------------------------------------------------

    async def _pages_of(self, plan: Plan, waiting: WaitingEntry) -> Pages | Later:
        """The linked page; or why the feed's own text must do."""
        url, feed = waiting.entry.url, plan.feeds.get(waiting.feed)
        if feed is None or (why := _needs_no_page(waiting.entry, feed)):
            return Pages(without=why if feed else "its feed is no longer in the configuration")
        try:  # three times within some minutes (timing.PAGE_WAITS), then the feed's text
            page = await self.reader.get(url, feed, plan.settings.sites)
        except FetchError as error:
            return await self._without_page(waiting, error)
        return Pages((page,), rule=rule_for(page, url, plan.settings.sites))

    async def _without_page(self, waiting: WaitingEntry, error: FetchError) -> Later | Pages:
        """Try again where that may help; what already concerns a topic is not kept waiting for it."""
        log.info("page can't be read", page=_shown(waiting.entry.url), why=str(error))
        none = Pages(without=f"the page can't be read: {error}")
        if is_final(error) or await to_thread.run_sync(self._concerns, self.live.plan, waiting):
            return none
        until = page_retry_at(waiting.tries, now=self.clock())
        return Later(until, str(error)) if until else none

    def _concerns(self, plan: Plan, waiting: WaitingEntry) -> bool:
        """Does what the feed says of it concern a topic?"""
        return bool(plan.watchlist.topics(self._feed_only(waiting)))

    # -- its text -------------------------------------------------------------------------------

    async def _article_of(self, plan: Plan, waiting: WaitingEntry, found: Pages) -> Article:
        if not found.pages:
            return self._feed_only(waiting, found.without)
        get = partial(self.reader.get, feed=plan.feeds[waiting.feed], sites=plan.settings.sites)
        try:
            return (await whole(found, get=get, read=partial(self._extracted, waiting))).article
        except ParseError as error:
            log.warning("page can't be understood", page=_shown(waiting.entry.url), why=str(error))
            return self._feed_only(waiting, f"the page can't be understood: it {error}")

    async def _extracted(self, waiting: WaitingEntry, found: Pages) -> Extracted:
        return await self.cpu.call(self._extraction(waiting, found))

    async def _prepared(self, waiting: WaitingEntry, article: Article) -> Prepared:
        """A long text would hold up all others; a short one is read in its turn, so that files keep their order."""
        plan = self.live.plan
        if max(len(waiting.entry.text), len(article.text)) > LONG_TEXT:
            return Prepared(plan, await to_thread.run_sync(self._read, plan, waiting, article))
        return Prepared(plan, self._read(plan, waiting, article))

    def _read(self, plan: Plan, waiting: WaitingEntry, article: Article) -> Reading:
        """Matched and fingerprinted; where only the feed's own text concerns a topic, that is the article."""
        likeness = plan.like.fingerprint(article, self.live.frequencies)
        matches = plan.watchlist.match(article)
        if not matches and article.quality not in _OF_THE_FEED:
            own = self._feed_only(waiting, "only what the feed says concerns a topic")
            if own_matches := plan.watchlist.match(own):
                article, matches, likeness = own, own_matches, fingerprint(own, self.live.frequencies)
        return Reading(article, matches, likeness, waiting.feed_last_success_at, waiting.in_flood)

    def _feed_only(self, waiting: WaitingEntry, without: str = "") -> Article:
        return self._extraction(waiting, Pages(without=without))().article

    def _extraction(self, waiting: WaitingEntry, found: Pages) -> Callable[[], Extracted]:
        feed = self.live.plan.feeds.get(waiting.feed)
        name = feed.name if feed else waiting.feed
        found = replace(found, language=feed.language if feed else None)
        return partial(
            extract, waiting.entry, found, feed=waiting.feed, feed_name=name, first_seen_at=waiting.first_seen_at
        )

    # -- what became of it ----------------------------------------------------------------------

    def _tally(self, judged: Judged) -> None:
        metrics = self.metrics
        if judged.is_copy:
            metrics.copies.inc()
        if judged.is_new:
            metrics.articles.inc()
            metrics.stories.labels("opened" if judged.opened else "joined").inc()
        for match in judged.matches:
            metrics.matches.labels(match.topic).inc()
        for decision in judged.decisions:
            metrics.alerts.labels(verdict_of(decision), decision.reason).inc()


def _needs_no_page(entry: Entry, feed: Feed) -> str:
    """Why its page is not asked for; empty where it is."""
    if entry.is_file or not entry.url:
        return "there is no page"
    if feed.full_text == "never":
        return "its feed is read without pages"
    return "the feed carries the text" if feed.full_text != "always" and len(entry.text) >= WHOLE_ARTICLE else ""


def _shown(url: str) -> str:
    """For the log: logins and tokens stand before the host and behind the path."""
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"


def verdict_of(decision: Send | Hold | Drop) -> str:
    return type(decision).__name__.lower()
