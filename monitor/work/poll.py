"""Ask a feed what is new, and remember it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

import structlog
from anyio import to_thread

from monitor.errors import FetchError, ParseError
from monitor.fetch import folder
from monitor.fetch.address import http_url, port_of
from monitor.fetch.client import FEED, Client
from monitor.fetch.hosts import Hosts
from monitor.metrics import Metrics
from monitor.model import Claim, Entry, FeedState, NotModified, Page, ParsedFeed, Validators
from monitor.parse import textfile
from monitor.parse.feed import parse_feed
from monitor.settings import Feed
from monitor.store import feeds, leases
from monitor.store.database import Database
from monitor.timing import next_poll
from monitor.work.cpu import Cpu
from monitor.work.live import Live

log = structlog.get_logger()


MOST_ENTRIES: Final = 5_000  # of one document: a feed lists its news, not its archive


@dataclass(frozen=True, slots=True)
class Unchanged:
    """It says what it said before."""

    max_age: timedelta | None = None
    validators: Validators | None = None  # new ones, where it was sent all the same
    complaint: str | None = None  # what could not be read of it before


@dataclass(frozen=True, slots=True)
class Document:
    """It says something else."""

    parsed: ParsedFeed
    body_hash: str
    validators: Validators = Validators()
    max_age: timedelta | None = None
    complaint: str | None = None  # some of it could not be read


@dataclass(frozen=True, slots=True)
class Poll:
    """Asks what the plan of the moment says."""

    database: Database
    client: Client
    hosts: Hosts
    cpu: Cpu
    metrics: Metrics
    live: Live
    random: Random
    clock: Callable[[], datetime]

    async def poll(self, claim: Claim[FeedState]) -> None:
        """One feed, from asking to the commit; a feed that fails is a line in `status`, never an exception."""
        asked_at = self.clock()
        feed = self.live.plan.feeds.get(claim.value.url)
        if feed is None:  # it left the configuration while it was in hand
            await self.database.exclusive(leases.give_back, leases.FEEDS, [claim])
            return
        try:
            answer = await self._read(feed, claim)
        except (FetchError, ParseError) as error:
            await self._failed(self._as_of_now(feed), claim, error)
            return
        feed = self._as_of_now(feed)
        match answer:
            case None:
                return
            case Unchanged():
                await self._unchanged(feed, claim, answer, asked_at=asked_at)
            case Document():
                await self._changed(feed, claim, answer, asked_at=asked_at)

    # -- reading --------------------------------------------------------------------------------

    async def _read(self, feed: Feed, claim: Claim[FeedState]) -> Unchanged | Document | None:
        if feed.path is not None:
            return await to_thread.run_sync(_read_folder, feed.url, feed.path, claim.value)
        if await self._must_wait(feed, claim):
            return None
        headers = {name: value.get_secret_value() for name, value in feed.headers.items()}
        async with self.hosts.turn(feed.address, private=feed.allow_private):
            answer = await self.client.get(
                feed.address,
                limits=FEED,
                validators=claim.value.validators,
                headers=headers,
                allow_private=feed.allow_private,
            )
        match answer:
            case NotModified(max_age):
                return Unchanged(max_age)
            case Page():
                return await self._parse(feed, answer, claim.value)

    async def _parse(self, feed: Feed, page: Page, state: FeedState) -> Unchanged | Document:
        body_hash = hashlib.sha256(page.content).hexdigest()
        if body_hash == state.body_hash:
            return Unchanged(page.max_age, page.validators)
        # The address after redirects is what relative links are relative to.
        read = partial(parse_feed, page.content, url=page.url or feed.address, content_type=page.content_type)
        parsed = await self.cpu.call(read)
        return Document(parsed, body_hash, page.validators, page.max_age)

    async def _must_wait(self, feed: Feed, claim: Claim[FeedState]) -> bool:
        """Its host asked to be left alone, and that time is not over."""
        free_at = await self.database.run(feeds.host_free_at, host_of(feed.address))
        if free_at is None or free_at <= self.clock():
            return False
        await self.database.exclusive(feeds.wait, claim, due_at=free_at)
        return True

    # -- outcomes -------------------------------------------------------------------------------

    def _as_of_now(self, feed: Feed) -> Feed:
        """An edit while it was asked counts for when it is asked again."""
        return self.live.plan.feeds.get(feed.url, feed)

    async def _unchanged(self, feed: Feed, claim: Claim[FeedState], answer: Unchanged, *, asked_at: datetime) -> None:
        due_at = next_poll(feed.every, now=asked_at, max_age=answer.max_age, spread=self.random.random())
        reading = feeds.Good(due_at, answer.validators, answer.complaint)
        await self.database.exclusive(feeds.unchanged, claim, reading, now=self.clock())
        self.metrics.polls.labels("unchanged").inc()

    async def _changed(self, feed: Feed, claim: Claim[FeedState], document: Document, *, asked_at: datetime) -> None:
        parsed, spread = document.parsed, self.random.random()
        due_at = next_poll(feed.every, now=asked_at, max_age=document.max_age, ttl=parsed.ttl, spread=spread)
        entries = [entry for entry in parsed.entries if entry.title or entry.text or entry.url]
        complaint = document.complaint
        if len(entries) > MOST_ENTRIES:
            complaint = f"it lists {len(entries)} entries; the first {MOST_ENTRIES} are read"
            entries = entries[:MOST_ENTRIES]
        reading = feeds.Changed(
            _oldest_first(entries),
            document.body_hash,
            feed.backlog,
            feeds.Good(due_at, document.validators, complaint),
        )
        new = await self.database.exclusive(feeds.changed, claim, reading, now=self.clock())
        self.metrics.polls.labels("changed").inc()
        self.metrics.entries.inc(new)
        log.info("feed read", feed=feed.name, entries=len(entries), new=new)
        if complaint:
            log.warning("part of a feed can't be read", feed=feed.name, why=complaint)

    async def _failed(self, feed: Feed, claim: Claim[FeedState], error: FetchError | ParseError) -> None:
        now = self.clock()
        self.metrics.polls.labels("failed").inc()
        log.warning("feed failed", feed=feed.name, why=str(error), failures=claim.value.failures + 1)
        if isinstance(error, FetchError) and error.gone:
            await self.database.exclusive(feeds.gone, claim, str(error), now=now)
            return
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        due_at = next_poll(
            feed.every,
            now=now,
            failures=claim.value.failures + 1,
            retry_after=retry_after,
            spread=self.random.random(),
        )
        await self.database.exclusive(feeds.failed, claim, str(error), now=now, due_at=due_at)
        if retry_after is not None:
            await self.database.exclusive(feeds.host_asks_to_wait, host_of(feed.address), until=now + retry_after)


def host_of(url: str) -> str:
    parsed = http_url(url)
    return f"{parsed.host}:{port_of(parsed)}"


def _oldest_first(entries: Sequence[Entry]) -> Sequence[Entry]:
    """Feeds list the newest first, as a rule; those that are dated are put in order."""
    turned = list(reversed(entries))
    dates = [entry.published_at for entry in turned]
    if None in dates:
        return turned
    return sorted(turned, key=lambda entry: (entry.published_at is not None, entry.published_at))


def _read_folder(url: str, path: str, state: FeedState) -> Unchanged | Document:
    listing = folder.listing(path)
    if listing.state_hash == state.body_hash:
        return Unchanged(complaint=state.complaint)
    read = [_read_file(url, path, name) for name in listing.names]
    entries = tuple(entry for entry in reversed(read) if isinstance(entry, Entry))  # the newest first, like a feed
    complaints = "; ".join(complaint for complaint in read if isinstance(complaint, str))
    return Document(ParsedFeed(url, entries), listing.state_hash, complaint=complaints or None)


def _read_file(url: str, path: str, name: str) -> Entry | str:
    """The article, or why it can't be read: one bad file harms no other."""
    try:
        file = textfile.read(folder.read(path, name), name)
    except (FetchError, ParseError) as error:
        return str(error) if str(error).startswith(name) else f"{name}: {error}"
    return Entry(key=file.key, url=folder.address(url, name), title=file.title, text=file.text, is_file=True)
