"""`/mute/TOKEN`: where the links of messages lead. Whoever holds the message is asked once; no login is needed.

Looking changes nothing: programs that check mail follow every link.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from monitor.alerts.links import opened
from monitor.model import Notification
from monitor.store import muting
from monitor.store.silences import Silence
from monitor.web.dress import Dress, voice_of
from monitor.web.forms import BadForm, read_body, read_fields
from monitor.web.stories import whole_number
from monitor.web.tools import Asked, Tools

STORY: Final = timedelta(days=30)
TOPIC: Final = timedelta(days=1)
UNSUBSCRIBED: Final = timedelta(days=30)
BY_LINK: Final = "asked for by a link in a message"
BY_MAIL: Final = "unsubscribed by mail"
# As RFC 8058 has it: a form of either kind with this one field.
_ONE_CLICK: Final = re.compile(rb"(?:\A|&)List-Unsubscribe=One-Click(?:&|\Z)")
_ONE_CLICK_PART: Final = re.compile(rb'name="?List-Unsubscribe"?\r\n(?:[^\r\n]+\r\n)*\r\nOne-Click\r\n', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be asked for by this message."""

    name: str  # of the field: story or topic
    value: str
    title: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Linked:
    """A message that a link stands in."""

    delivery_id: int
    told: Notification

    def choices(self, *, now: datetime) -> tuple[Choice, ...]:
        cards = self.told.cards
        stories = {card.story_id: card.title for card in cards if card.story_id is not None}
        topics = dict.fromkeys(topic for card in cards for topic in card.topics)
        return (
            *(Choice("story", str(story_id), title, now + STORY) for story_id, title in stories.items()),
            *(Choice("topic", topic, topic, now + TOPIC) for topic in topics),
        )

    def silence(self, choice: Choice) -> Silence:
        topic, story_id = (choice.value, None) if choice.name == "topic" else (None, int(choice.value))
        return Silence(choice.until, topic, story_id, reason=BY_LINK, channel=self.told.channel)


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    """What may be asked; where the link names one thing, that alone."""
    linked = await _linked(request, tools)
    if isinstance(linked, str):
        return _refused(linked, request, tools, dress)
    choices = linked.choices(now=tools.clock())
    named = [each for each in choices if request.query_params.get(each.name) == each.value]
    return _page(request, tools, dress, choices=named or choices, channel=linked.told.channel)


async def ask(request: Request, tools: Tools, dress: Dress) -> Response:
    linked = await _linked(request, tools)
    if isinstance(linked, str):
        return _refused(linked, request, tools, dress)
    fields = await read_fields(request)
    if isinstance(fields, BadForm):
        return _refused("unclear", request, tools, dress)
    choices = linked.choices(now=tools.clock())
    choice = next((each for each in choices if fields.get(each.name) == each.value), None)
    if choice is None or (choice.name == "story" and whole_number(choice.value) is None):
        return _refused("unclear", request, tools, dress)
    link = f"{linked.delivery_id}:{choice.name}:{choice.value}"
    if not await tools.mute(Asked(link, (linked.silence(choice),))):
        return _refused("used", request, tools, dress)
    return _page(request, tools, dress, done=choice, channel=linked.told.channel)


async def unsubscribe(request: Request, tools: Tools, dress: Dress) -> Response:
    """A mail program's button (RFC 8058); the answer is for a program."""
    linked = await _linked(request, tools)
    if isinstance(linked, str):
        return _refused(linked, request, tools, dress)
    body = await read_body(request)
    if body is None or not (_ONE_CLICK.search(body) or _ONE_CLICK_PART.search(body)):
        return _refused("unclear", request, tools, dress)
    until = tools.clock() + UNSUBSCRIBED
    topics = dict.fromkeys(topic for card in linked.told.cards for topic in card.topics)
    wanted = tuple(Silence(until, topic, reason=BY_MAIL, channel=linked.told.channel) for topic in topics)
    if not wanted:
        return _refused("unclear", request, tools, dress)
    if not await tools.mute(Asked(f"{linked.delivery_id}:unsubscribe", wanted, is_unsubscribing=True)):
        return _refused("used", request, tools, dress)
    return PlainTextResponse("done\n")


async def _linked(request: Request, tools: Tools) -> Linked | str:
    """What the link stands in; or why it counts for nothing."""
    delivery_id = opened(tools.key, request.path_params["token"], now=tools.clock())
    if isinstance(delivery_id, str):
        return delivery_id
    told = await tools.database.run(muting.told, delivery_id)
    return "expired" if told is None else Linked(delivery_id, told)


_STATUS: Final = {"forged": 403, "expired": 410, "used": 409}


def _refused(why: str, request: Request, tools: Tools, dress: Dress) -> Response:
    return _page(request, tools, dress, status=_STATUS.get(why, 400), why=f"mute_{why}")


def _page(request: Request, tools: Tools, dress: Dress, *, status: int = 200, **facts: Any) -> Response:
    voice = voice_of(request, zone=tools.settings().timezone, now=tools.clock())
    said: dict[str, Any] = {"choices": (), "done": None, "why": "", "channel": ""}
    response = dress.page("mute.html", voice, status=status, action=request.url.path, **said | facts)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
