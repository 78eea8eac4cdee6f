"""Bring a notification to its channel, and mark it only after it went.

A crash between the send and its mark sends it again: an alert may come twice, none is lost.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import shlex
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final, TypeVar, assert_never
from zoneinfo import ZoneInfo

import structlog

from monitor.alerts.digest import arranged
from monitor.alerts.links import Links, Signer
from monitor.alerts.message import compose
from monitor.errors import LeaseLost, StoreError
from monitor.metrics import Metrics
from monitor.model import (
    Claim,
    Delivery,
    DeliveryState,
    Failed,
    HeldBy,
    Kind,
    Message,
    Notification,
    Outcome,
    RateLimited,
    Sent,
    Unknown,
)
from monitor.notify.channel import OpenChannel
from monitor.settings import Settings
from monitor.store import channels, leases, outbox
from monitor.store.database import Database, Session
from monitor.store.outbox import Letter, Marked, Route
from monitor.work.live import Live

log = structlog.get_logger()
RESULTS: Final = {
    DeliveryState.SENT: "sent",
    DeliveryState.WAITING: "failed",
    DeliveryState.MAYBE: "maybe",
    DeliveryState.DEAD: "dead",
    DeliveryState.MOVED: "moved",
}
ENDED: Final = {
    DeliveryState.DEAD: "delivery is dead",
    DeliveryState.MAYBE: "delivery got no answer again; it may have arrived",
    DeliveryState.MOVED: "delivery goes to the fallback",
}
_PLAIN: Final = re.compile(r"[A-Za-z0-9-]+")
T = TypeVar("T")
LEAST_REST: Final = timedelta(seconds=5)  # "at once" is no answer of a service that has too much to do
A_MOMENT: Final = timedelta(seconds=5)  # all who were sent away need not come back together
UNWRITTEN: Final = "what became of a message can't be written yet; it is tried again until it can"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a whole send may take, and how soon a mark that can't be written is tried again."""

    send: timedelta = timedelta(seconds=60)
    mark: timedelta = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Deliver:
    """Sends by the plan of the moment; each send has a thread of its own, so that one that hangs delays no other."""

    database: Database
    metrics: Metrics
    live: Live
    random: Random
    clock: Callable[[], datetime]
    patience: Patience = Patience()
    key: bytes = field(default=b"", repr=False)  # that the links of messages are signed with; empty: they have none

    async def deliver(self, claim: Claim[Delivery]) -> None:
        """One delivery: as many messages as it takes, until all of it went or one of them did not."""
        plan = self.live.plan
        channel = plan.channels.get(claim.value.channel)
        if channel is None:  # it left the configuration while it was in hand
            await self.database.exclusive(leases.give_back, leases.DELIVERIES, [claim])
            return
        claim, outcome = await self._told(claim, channel, plan.settings.timezone)
        marked = await self._mark(claim, partial(self._close, claim=claim, outcome=outcome))
        self._report(claim.value, outcome, marked)

    async def _told(
        self, claim: Claim[Delivery], channel: OpenChannel, zone: ZoneInfo
    ) -> tuple[Claim[Delivery], Outcome]:
        """What became of the message that came last, and how far the delivery is by it."""
        # What got no answer comes again, and may take one story less: the next part begins with what it left.
        doubtful = 2 if claim.value.silences else 0
        while True:
            delivery = claim.value
            cards = delivery.notification.cards[delivery.cards_sent :]
            message = compose(
                replace(delivery.notification, cards=cards),
                markup=channel.markup,
                zone=zone,
                now=self.clock(),
                may_repeat=doubtful > 0,
                is_continued=delivery.cards_sent > 0,
                links=self._links(delivery),
            )
            outcome = await self._sent(channel, message, _uid_of(delivery))
            if not isinstance(outcome, Sent) or message.cards >= len(cards):
                return claim, outcome
            # The next part is another message: it may be sent twice too before it is given up.
            further = replace(delivery, cards_sent=delivery.cards_sent + message.cards, silences=0)
            await self._mark(claim, partial(outbox.sent_in_part, claim=claim, cards=further.cards_sent))
            claim = replace(claim, value=further)
            doubtful -= 1

    def _links(self, delivery: Delivery) -> Links | None:
        base = self.live.plan.settings.web.url
        if not base or not self.key:
            return None
        is_own = delivery.channel == delivery.notification.channel
        return Signer(base, self.key).links(delivery.id, now=self.clock(), can_unsubscribe=is_own)

    # -- what became of it ----------------------------------------------------------------------

    def _close(self, session: Session, *, claim: Claim[Delivery], outcome: Outcome) -> Marked:
        """In one transaction: the delivery, its channel, and who hears that the channel is given up."""
        now, name = self.clock(), claim.value.channel
        settings = self.live.plan.settings
        route = route_to(name, settings)
        match outcome:
            case Sent(provider_id=provider_id):
                waited = outbox.sent(session, claim, now=now, provider_id=provider_id)
                if len(waited) > 1:
                    outbox.replace(session, waited, together(name, waited, now=now), now=now)
                return Marked(DeliveryState.SENT)
            case RateLimited(wait, said):
                what, until = said or "too many messages", now + max(wait, LEAST_REST) + A_MOMENT * self.random.random()
                outbox.wait(session, claim, what, now=now, until=until)
                marked = Marked(DeliveryState.WAITING, until)
            case Unknown(what):
                marked = outbox.unanswered(session, claim, what, now=now)
            case Failed(what, permanent=True):
                marked = outbox.refused(session, claim, route, what, now=now)
            case Failed(what):
                marked = outbox.retry(session, claim, route, outcome, now=now, spread=self.random.random())
            case _:
                assert_never(outcome)
        if channels.is_news(session, name, now=now):
            for letter in broken(name, what, settings, now=now):
                outbox.put(session, letter, now=now)
        return marked

    def _report(self, delivery: Delivery, outcome: Outcome, marked: Marked) -> None:
        result = "limited" if isinstance(outcome, RateLimited) else RESULTS[marked.state]
        self.metrics.deliveries.labels(delivery.channel, result).inc()
        words = {"channel": delivery.channel, "delivery": delivery.uid}
        match outcome:
            case Sent():
                self.metrics.delivered.labels(delivery.channel).observe(self._age(delivery))
            case RateLimited():
                log.warning("the channel asked to wait", **words, until=_shown(marked))
            case Unknown(what) | Failed(what) if marked.state is DeliveryState.WAITING:
                log.warning("delivery failed", **words, why=what, again_at=_shown(marked))
            case Unknown(what) | Failed(what):
                log.error(ENDED[marked.state], **words, why=what)
            case _:
                assert_never(outcome)

    def _age(self, delivery: Delivery) -> float:
        return max((self.clock() - delivery.created_at).total_seconds(), 0.0)

    # -- sending --------------------------------------------------------------------------------

    async def _sent(self, channel: OpenChannel, message: Message, uid: str) -> Outcome:
        """A server that answers a byte at a time is never silent long enough for a timeout: a send has an end too."""
        sending = in_thread(partial(channel.send, message, uid=uid), name=f"channel-{channel.name}")
        seconds = self.patience.send.total_seconds()
        try:
            async with asyncio.timeout(seconds):  # wait_for of Python 3.11 may swallow the cancellation of a stop
                return await asyncio.wrap_future(sending)
        except TimeoutError:
            return Unknown(f"no answer within {seconds:g} s")

    async def _mark(self, claim: Claim[Delivery], mark: Callable[[Session], T]) -> T:
        """Until it is written: a message that went, and whose lease ran out unmarked, would go again."""
        is_said = False
        while True:
            try:
                return await self.database.exclusive(mark)
            except LeaseLost:
                raise
            except StoreError as error:
                if not is_said:
                    log.error(UNWRITTEN, channel=claim.value.channel, why=str(error), delivery=claim.value.uid)
                is_said = True
            await asyncio.sleep(self.patience.mark.total_seconds())


def route_to(channel: str, settings: Settings) -> Route:
    return Route(channel, next((known.fallback for known in settings.channels if known.name == channel), None))


def together(channel: str, waiting: Sequence[Delivery], *, now: datetime) -> Letter:
    """One digest of all that these would have told."""
    cards = arranged([card for delivery in waiting for card in delivery.notification.cards[delivery.cards_sent :]])
    text = "\n".join(delivery.notification.text for delivery in waiting if delivery.notification.text)
    digest = Notification(channel, Kind.DIGEST, cards, text=text, held_by=HeldBy.OUTAGE)
    return letter_of(digest, f"together:{waiting[0].id}:{now.isoformat()}")


def broken(channel: str, what: str, settings: Settings, *, now: datetime) -> list[Letter]:
    """Said through others; a channel that is told of its own end would hear nothing."""
    fallback = route_to(channel, settings).fallback
    tell = [name for name in settings.ops if name != channel] or ([fallback] if fallback else [])
    way = (
        f"What is for it goes to {fallback}."
        if fallback
        else "What is for it waits for a day; then it is kept as dead."
    )
    text = f"The channel {channel} does not work: {what}.\n{way}\nWhen it works again: monitor retry {shlex.quote(channel)}"
    key = f"notice:channel:{channel}:{now.isoformat()}"
    return [letter_of(Notification(name, Kind.NOTICE, text=text), f"{key}:{name}") for name in tell]


def letter_of(notification: Notification, key: str) -> Letter:
    return Letter(notification, key=key, uid=hashlib.sha256(key.encode()).hexdigest()[:32])


def _uid_of(delivery: Delivery) -> str:
    """A further message of the same delivery is another message."""
    uid = f"{delivery.uid}-{delivery.cards_sent}" if delivery.cards_sent else delivery.uid
    # What went to a fallback has that channel's name in it, which may hold what no header can.
    return uid if _PLAIN.fullmatch(uid) else hashlib.sha256(uid.encode()).hexdigest()[:32]


def _shown(marked: Marked) -> str:
    return marked.due_at.astimezone().isoformat(timespec="seconds") if marked.due_at else ""


def in_thread(send: Callable[[], Outcome], *, name: str) -> Future[Outcome]:
    """In a thread that may be given up: neither another send nor the end of the program waits for it."""
    future: Future[Outcome] = Future()
    future.set_running_or_notify_cancel()  # whoever stops waiting does not take it back

    def run() -> None:
        try:
            future.set_result(send())
        except BaseException as error:  # noqa: BLE001 - it is raised where the send is waited for
            future.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future
