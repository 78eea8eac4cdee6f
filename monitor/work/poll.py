"""Ask a feed what is new, and remember it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

import structlog
from anyio import to_thread

from monitor.errors import FetchError, LeaseLost, ParseError, ReaderStopped
from monitor.fetch.client import Client
from monitor.fetch.hosts import Hosts
from monitor.metrics import Metrics
from monitor.model import Claim, Entry, FeedState, NotModified, Page
from monitor.parse.feed import parse_feed
from monitor.settings import Feed, host_of
from monitor.store import hosts, leases, readings
from monitor.store.database import Database, Session
from monitor.timing import next_poll, next_try
from monitor.work.answer import Document, Unchanged, of_folder
from monitor.work.ask import NOTHING, ask
from monitor.work.cpu import Caller
from monitor.work.live import Live
from monitor.work.together import Together

log = structlog.get_logger()

LONG_UNSEEN: Final = timedelta(days=1)
IN_TIME: Final = 3  # pauses
LONGEST_ADDRESS: Final = 2_000
New = tuple[Claim[FeedState], readings.Changed]


@dataclass(frozen=True, slots=True)
class Tools:
    """What a poll works with."""

    database: Database
    client: Client
    hosts: Hosts
    cpu: Caller
    metrics: Metrics
    clock: Callable[[], datetime]


class Poll:
    """Asks what the plan of the moment says. Build it inside the running loop."""

    def __init__(self, tools: Tools, live: Live, random: Random) -> None:
        self._tools = tools
        self._live = live
        self._random = random
        self._clock = tools.clock
        self._unchanged_ones = Together[readings.Same, None](tools.database, self._write_unchanged)
        self._changed_ones = Together[New, readings.Noted](tools.database, self._write_changed)

    async def poll(self, claim: Claim[FeedState]) -> None:
        """One feed, from asking to the commit; a feed that fails is a line in `status`, never an exception."""
        asked_at = self._clock()
        feed = self._live.plan.feeds.get(claim.value.url)
        if feed is None:  # it left the configuration while it was in hand
            await self._tools.database.exclusive(leases.give_back, leases.FEEDS, [claim])
            return
        try:
            answer = await self._read(feed, claim.value)
        except (FetchError, ParseError) as error:
            await self._failed(self._as_of_now(feed), claim, error)
            return
        feed = self._as_of_now(feed)
        match answer:
            case Unchanged():
                await self._unchanged(feed, claim, answer, asked_at=asked_at)
            case Document():
                await self._changed(feed, claim, answer, asked_at=asked_at)

    # -- reading --------------------------------------------------------------------------------

    async def _read(self, feed: Feed, state: FeedState) -> Unchanged | Document:
        if feed.path is not None:
            return await to_thread.run_sync(of_folder, feed.url, feed.path, state)
        if self._may_be_back(state):
            with suppress(FetchError, ParseError):
                return await self._ask(feed, feed.address, replace(state, validators=NOTHING))
        return await self._ask(feed, _address(feed, state), state)

    async def _ask(self, feed: Feed, address: str, state: FeedState) -> Unchanged | Document:
        validators = NOTHING if self._is_long_unseen(state) else state.validators
        answer = await ask(self._tools.client, self._tools.hosts, feed, address, validators=validators)
        match answer:
            case NotModified(max_age):
                return Unchanged(max_age, complaint=state.complaint, moved_to=state.moved_to)
            case Page():
                return await self._parse(feed, answer, replace(state, moved_to=_moved_to(feed, answer, address, state)))

    def _may_be_back(self, state: FeedState) -> bool:
        """A move for good is said by mistake, too: once a day it is asked where it was, as if for the first time."""
        last = state.last_success_at
        return state.moved_to is not None and last is not None and last.date() < self._clock().date()

    def _is_long_unseen(self, state: FeedState) -> bool:
        """Some servers say "not modified" for ever (FreshRSS#1680, miniflux#874); once a day it is asked as if for the
        first time.
        """
        return state.full_at is not None and self._clock() - state.full_at >= LONG_UNSEEN

    async def _parse(self, feed: Feed, page: Page, state: FeedState) -> Unchanged | Document:
        body_hash = hashlib.sha256(page.content).hexdigest()
        if body_hash == state.body_hash:
            return Unchanged(page.max_age, page.validators, state.complaint, state.moved_to, is_document=True)
        # The address after redirects is what relative links are relative to.
        read = partial(
            parse_feed,
            page.content,
            url=page.url or feed.address,
            content_type=page.content_type,
            listed=state.listed,
            keyed_by=state.keyed_by,
        )
        parsed = await self._tools.cpu.call(read)
        return Document(parsed, body_hash, page.validators, page.max_age, state.moved_to)

    # -- outcomes -------------------------------------------------------------------------------

    def _as_of_now(self, feed: Feed) -> Feed:
        """An edit while it was asked counts for when it is asked again."""
        return self._live.plan.feeds.get(feed.url, feed)

    async def _unchanged(self, feed: Feed, claim: Claim[FeedState], answer: Unchanged, *, asked_at: datetime) -> None:
        following = next_poll(
            feed.every,
            now=asked_at,
            max_age=answer.max_age,
            hurry=claim.value.hurry,
            spread=self._random.random(),
        )
        good = readings.Good(
            following, answer.validators, answer.complaint, answer.moved_to, _host(feed, answer), answer.is_document
        )
        await self._unchanged_ones.add(readings.Same(claim, good))
        self._tools.metrics.polls.labels("unchanged").inc()

    def _write_unchanged(self, session: Session, ones: Sequence[readings.Same]) -> list[None]:
        if readings.unchanged(session, ones, now=self._clock()) < len(ones):
            log.warning("feeds were taken over by another worker while they were asked")
        return [None] * len(ones)

    def _write_changed(self, session: Session, ones: Sequence[New]) -> list[readings.Noted | LeaseLost]:
        return [self._noted(session, *one) for one in ones]

    def _noted(
        self, session: Session, claim: Claim[FeedState], reading: readings.Changed
    ) -> readings.Noted | LeaseLost:
        try:
            return readings.changed(session, claim, reading, now=self._clock())
        except LeaseLost as error:  # nothing was written of it
            return error

    async def _changed(self, feed: Feed, claim: Claim[FeedState], document: Document, *, asked_at: datetime) -> None:
        parsed, hurry = document.parsed, claim.value.hurry
        following = partial(
            next_poll,
            feed.every,
            now=asked_at,
            max_age=document.max_age,
            ttl=parsed.ttl,
            spread=self._random.random(),
        )
        reading = readings.Changed(
            _oldest_first([_as_configured(entry, feed) for entry in parsed.entries if _says_something(entry)]),
            document.body_hash,
            feed.backlog,
            readings.Good(
                following(hurry=hurry),
                document.validators,
                parsed.complaint,
                document.moved_to,
                _host(feed, document),
                is_document=True,
            ),
            sooner=following(hurry=hurry + 1) if _was_asked_in_time(feed, claim.value, now=asked_at) else None,
            unchanged=parsed.unchanged,
            listed=parsed.listed,
        )
        noted = await self._changed_ones.add((claim, reading))
        self._tools.metrics.polls.labels("changed").inc()
        self._tools.metrics.entries.inc(noted.new)
        _report(feed, reading, noted)

    async def _failed(self, feed: Feed, claim: Claim[FeedState], error: FetchError | ParseError) -> None:
        database, now, state = self._tools.database, self._clock(), claim.value
        self._tools.metrics.polls.labels("failed").inc()
        log.warning("feed failed", feed=feed.name, why=str(error), failures=state.failures + 1)
        if isinstance(error, FetchError) and error.gone and _address(feed, state) == feed.address:
            await database.exclusive(readings.gone, claim, str(error), now=now)
            return
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        following = next_try(
            feed.every,
            now=now,
            failures=state.failures + 1,
            retry_after=retry_after,
            spread=self._random.random(),
        )
        failure = readings.Failure(str(error), following, is_breakdown=isinstance(error, ReaderStopped))
        await database.exclusive(readings.failed, claim, failure, now=now)
        if isinstance(error, FetchError) and retry_after is not None:
            asked = host_of(error.answered_by or _address(feed, state))
            await database.exclusive(hosts.asks_to_wait, asked, until=now + retry_after)


def _address(feed: Feed, state: FeedState) -> str:
    """Where it moved to for good; after a failure there, in turn with the address that the user wrote: it may know better."""
    return state.moved_to if state.moved_to and state.failures % 2 == 0 else feed.address


def _moved_to(feed: Feed, page: Page, address: str, state: FeedState) -> str | None:
    moved_to = page.moved_to or (None if address == feed.address else state.moved_to)
    return moved_to if moved_to and _may_be_kept(feed, moved_to) else None


def _host(feed: Feed, answer: Unchanged | Document) -> str | None:
    return host_of(answer.moved_to) if answer.moved_to else feed.host


def _may_be_kept(feed: Feed, address: str) -> bool:
    """An address that is kept is shown, too: it may repeat what is secret, or be no address for people."""
    return feed.secret is None and not feed.headers and feed.proxy is None and len(address) <= LONGEST_ADDRESS


def _as_configured(entry: Entry, feed: Feed) -> Entry:
    """The user knows better than the feed what language it is in."""
    return entry if feed.language is None else replace(entry, language=feed.language)


def _says_something(entry: Entry) -> bool:
    return bool(entry.title or entry.text or entry.url)


def _was_asked_in_time(feed: Feed, state: FeedState, *, now: datetime) -> bool:
    """Neither we nor the feed were away since its last reading: entries that were missed came too fast for its pause."""
    return state.last_success_at is not None and now - state.last_success_at <= IN_TIME * feed.every


def _report(feed: Feed, reading: readings.Changed, noted: readings.Noted) -> None:
    listed = len(reading.entries) + reading.unchanged
    log.info("feed read", feed=feed.name, entries=listed, new=noted.new)
    if complaint := reading.good.complaint:
        log.warning("part of a feed can't be read", feed=feed.name, why=complaint)
    if noted.rekeyed:
        log.info("entries known before have other keys now", feed=feed.name, entries=noted.rekeyed)
    if noted.is_gap:
        log.warning("of all that a feed lists nothing is known; more may have come and gone", feed=feed.name)
    if noted.is_flood:
        log.warning("a flood of new entries, which are told together", feed=feed.name, new=noted.new)


def _oldest_first(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Feeds list the newest first, as a rule; those that are dated are put in order."""
    turned = list(reversed(entries))
    dates = [entry.published_at for entry in turned]
    if None in dates:
        return turned
    return sorted(turned, key=lambda entry: (entry.published_at is not None, entry.published_at))
