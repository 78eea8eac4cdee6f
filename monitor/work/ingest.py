"""Read what a feed listed: the linked page becomes an article, is matched and fingerprinted, then judged.

Reading goes on side by side; judging is one at a time (work/judge.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import structlog
from anyio import to_thread

from monitor.errors import FetchError, ParseError
from monitor.fetch.client import ARTICLE, Client
from monitor.fetch.hosts import Hosts
from monitor.metrics import Metrics
from monitor.model import Article, Claim, Drop, Entry, Hold, Page, Reading, Send, WaitingEntry
from monitor.parse.article import extract
from monitor.settings import Feed
from monitor.store import entries
from monitor.store.database import Database, Session
from monitor.stories.fingerprint import fingerprint
from monitor.timing import page_retry_at
from monitor.work.count import Count
from monitor.work.cpu import Cpu
from monitor.work.judge import Judged
from monitor.work.live import Live, Plan

log = structlog.get_logger()

# A longer text (characters) is matched in a thread, or it would hold up all others. A usual one is not, so that articles
# that need no page are judged in the order in which they came, on every run.
LONG_TEXT: Final = 20_000
# A feed that carries this much text (characters) carries the article; its page need not be asked for.
WHOLE_ARTICLE: Final = 2_000


_PASSING: Final = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


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
    client: Client
    hosts: Hosts
    cpu: Cpu
    metrics: Metrics
    live: Live
    clock: Callable[[], datetime]
    count: Count

    async def ingest(self, claim: Claim[WaitingEntry]) -> None:
        """One entry, from its page to the commit that holds the article and all that is to be told of it."""
        waiting = claim.value
        page = await self._page_of(waiting)  # slow, side by side
        if isinstance(page, Later):
            await self.database.exclusive(entries.later, claim, page.why, due_at=page.until)
            return
        article = await self._article_of(waiting, page) if page else None  # in a worker process, with a deadline
        judged = await self._judged(claim, article)
        self._tally(judged)
        if judged.is_new:
            await self.count.saw_one()

    async def _judged(self, claim: Claim[WaitingEntry], article: Article | None) -> Judged:
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

    async def _page_of(self, waiting: WaitingEntry) -> Page | Later | None:
        """None where the feed's own text must do."""
        feed = self.live.plan.feeds.get(waiting.feed)
        if feed is None or not _wants_page(waiting.entry, feed):
            return None
        try:  # three times within some minutes (timing.PAGE_WAITS), then the feed's text
            async with self.hosts.turn(waiting.entry.url, private=feed.allow_private):
                answer = await self.client.get(
                    waiting.entry.url,
                    limits=ARTICLE,
                    allow_private=feed.allow_private,
                    proxy=feed.proxy.get_secret_value() if feed.proxy else None,
                    user_agent=feed.user_agent,
                )
        except FetchError as error:
            return await self._without_page(waiting, error)
        return answer if isinstance(answer, Page) else None

    async def _without_page(self, waiting: WaitingEntry, error: FetchError) -> Later | None:
        """Try again where that may help; what already concerns a topic is not kept waiting for it."""
        log.info("page can't be read", page=_shown(waiting.entry.url), why=str(error))
        if _is_final(error) or await to_thread.run_sync(self._concerns, self.live.plan, waiting):
            return None
        until = page_retry_at(waiting.tries, now=self.clock())
        return Later(until, str(error)) if until else None

    def _concerns(self, plan: Plan, waiting: WaitingEntry) -> bool:
        """Does what the feed says of it concern a topic?"""
        return bool(plan.watchlist.topics(self._feed_only(waiting)))

    # -- its text -------------------------------------------------------------------------------

    async def _article_of(self, waiting: WaitingEntry, page: Page) -> Article | None:
        try:
            return await self.cpu.call(self._extraction(waiting, page))
        except ParseError as error:
            log.warning("page can't be understood", page=_shown(waiting.entry.url), why=str(error))
            return None

    async def _prepared(self, waiting: WaitingEntry, article: Article | None) -> Prepared:
        """A long text would hold up all others; a short one is read in its turn, so that files keep their order."""
        plan = self.live.plan
        longest = max(len(waiting.entry.text), len(article.text) if article else 0)
        if longest > LONG_TEXT:
            return Prepared(plan, await to_thread.run_sync(self._read, plan, waiting, article))
        return Prepared(plan, self._read(plan, waiting, article))

    def _read(self, plan: Plan, waiting: WaitingEntry, article: Article | None) -> Reading:
        """Matched and fingerprinted; where only the feed's own text concerns a topic, that is the article."""
        matches = plan.watchlist.match(article) if article else ()
        if article is None or not matches:
            own = self._feed_only(waiting)
            own_matches = plan.watchlist.match(own)
            article, matches = (own, own_matches) if article is None or own_matches else (article, matches)
        likeness = fingerprint(article, self.live.frequencies)
        return Reading(article, matches, likeness, waiting.feed_last_success_at, waiting.in_flood)

    def _feed_only(self, waiting: WaitingEntry) -> Article:
        return self._extraction(waiting, None)()

    def _extraction(self, waiting: WaitingEntry, page: Page | None) -> Callable[[], Article]:
        feed = self.live.plan.feeds.get(waiting.feed)
        name = feed.name if feed else waiting.feed
        return partial(
            extract, waiting.entry, page, feed=waiting.feed, feed_name=name, first_seen_at=waiting.first_seen_at
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


def _wants_page(entry: Entry, feed: Feed) -> bool:
    if entry.is_file or not entry.url or feed.full_text == "never":
        return False
    return feed.full_text == "always" or len(entry.text) < WHOLE_ARTICLE


def _is_final(error: FetchError) -> bool:
    """Asking again for this page can't help (4xx but for "too many" and "too early", refused addresses)."""
    if error.status is None:
        return error.permanent
    is_theirs = HTTPStatus.BAD_REQUEST <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR
    return is_theirs and error.status not in _PASSING


def _shown(url: str) -> str:
    """For the log: logins and tokens stand before the host and behind the path."""
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"


def verdict_of(decision: Send | Hold | Drop) -> str:
    return type(decision).__name__.lower()
