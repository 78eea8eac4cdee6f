"""`/deliveries`: what was told, what waits, and what could not be delivered."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from monitor.model import DeliveryState, Notification
from monitor.settings import ATOM
from monitor.store import front_told, outbox
from monitor.store.deliveries import KEPT
from monitor.store.front_told import Posted
from monitor.web.dress import Dress, Voice, voice_of, with_query
from monitor.web.stories import id_of, number_of
from monitor.web.tools import Tools

KINDS: Final = ("", "waiting", "sent", "dead", "maybe")
_SAID: Final = {"yes": "sent_again", "no": "not_sent_again"}
_MOODS: Final = {"sent": "good", "waiting": "", "dead": "bad", "maybe": "warn"}


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    title: str
    kind: str
    channel: str
    state: str
    mood: str
    tries: int
    answer: str
    created_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    story_id: int | None
    can_be_sent_again: bool


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    settings = tools.settings()
    voice = voice_of(request, zone=settings.timezone, now=tools.clock())
    channels = {channel.name for channel in settings.channels}
    asked = request.query_params.get("state", "")
    state = asked if asked in KINDS else ""
    sheet = await tools.database.run(front_told.deliveries, state=state or None, after=number_of(request, "after"))
    counts = await tools.database.run(outbox.totals)
    return dress.page(
        "deliveries.html",
        voice,
        here="/deliveries",
        kinds=KINDS,
        state=state,
        counts=counts,
        shelves=[channel.name for channel in settings.channels if channel.scheme == ATOM],
        deliveries=[_row(each, voice, channels=channels) for each in sheet.items],
        csv=with_query("/api/v1/deliveries", {"format": "csv", "state": state}),
        further=with_query("/deliveries", {"state": state, "after": str(sheet.after)}) if sheet.after else "",
        said=voice.say(_SAID[said]) if (said := request.query_params.get("again", "")) in _SAID else "",
    )


async def send(request: Request, tools: Tools, _dress: Dress) -> Response:
    """What is dead, or may not have arrived, goes once more."""
    is_sent = await tools.send_again(id_of(request))
    return RedirectResponse(f"/deliveries?again={'yes' if is_sent else 'no'}", 303)


def title_of(notification: Notification) -> str:
    """What it tells first."""
    cards = notification.cards
    return cards[0].title if cards else notification.text.partition("\n")[0]


def _row(posted: Posted, voice: Voice, *, channels: Collection[str]) -> _Row:
    cards = posted.notification.cards
    more = f" {voice.say('and_more', n=len(cards) - 1)}" if len(cards) > 1 else ""
    return _Row(
        id=posted.id,
        title=title_of(posted.notification) + more,
        kind=posted.notification.kind.replace(" ", "_").replace("-", "_"),
        channel=posted.channel,
        state=posted.state,
        mood=_MOODS.get(posted.state, ""),
        tries=posted.attempts,
        answer=posted.last_error or "",
        created_at=posted.created_at,
        due_at=posted.due_at if posted.state == DeliveryState.WAITING else None,
        sent_at=posted.sent_at,
        story_id=posted.story_id,
        can_be_sent_again=posted.state in KEPT and posted.channel in channels,
    )
