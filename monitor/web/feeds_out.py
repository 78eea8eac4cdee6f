"""What feed readers fetch: the stories of a topic, those of all, and what was told on a channel that is one."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import Final
from uuid import UUID, uuid5

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.alerts.message import compose
from monitor.model import Markup
from monitor.settings import ATOM
from monitor.store import front_leads
from monitor.store.front_leads import Lead, Told
from monitor.text import normalise
from monitor.web import atom
from monitor.web.answers import answer
from monitor.web.dress import Dress, channel_url, link_to, topic_atom, topic_url
from monitor.web.tools import Tools

NAMED: Final = 8  # outlets
PASSAGES: Final = 2
PLAIN: Final = Markup(normalise, mark=("", ""))


async def every(request: Request, tools: Tools, _dress: Dress) -> Response:
    """`/atom`: all stories that concern a topic."""
    leads = await tools.database.run(front_leads.leads)
    base = _base(request, tools)
    channel = atom.Channel(_id(tools, "all"), "monitor", f"{base}/atom", f"{base}/stories")
    return _document(request, tools, channel, [_story(tools, lead, base, topic=None) for lead in leads])


async def of_topic(request: Request, tools: Tools, _dress: Dress) -> Response:
    """`/topics/NAME/atom`: the stories of one topic."""
    name = request.path_params["name"]
    if name not in {topic.name for topic in tools.settings().topics}:
        raise HTTPException(404)
    leads = await tools.database.run(front_leads.leads, topic=name)
    base = _base(request, tools)
    addresses = f"{base}{topic_atom(name)}", f"{base}{topic_url(name)}"
    channel = atom.Channel(_id(tools, f"topic {name}"), name, *addresses)
    return _document(request, tools, channel, [_story(tools, lead, base, topic=name) for lead in leads])


async def of_channel(request: Request, tools: Tools, _dress: Dress) -> Response:
    """`/channels/NAME/atom`: what that channel was told, by the same rules as any other."""
    name = request.path_params["name"]
    if name not in {channel.name for channel in tools.settings().channels if channel.scheme == ATOM}:
        raise HTTPException(404)
    told = await tools.database.run(front_leads.told, name)
    base = _base(request, tools)
    channel = atom.Channel(_id(tools, f"channel {name}"), name, f"{base}{channel_url(name)}/atom", f"{base}/deliveries")
    return _document(request, tools, channel, [_message(tools, each, base) for each in told])


def _document(request: Request, tools: Tools, channel: atom.Channel, items: Sequence[atom.Item]) -> Response:
    body = atom.document(channel, items, now=tools.clock())
    return answer(request, body, media_type="application/atom+xml; charset=utf-8")


def _base(request: Request, tools: Tools) -> str:
    return (tools.settings().web.url or str(request.base_url)).rstrip("/")


def _id(tools: Tools, of: str) -> str:
    """Lasting, and of this installation alone: readers know entries by it."""
    ours = UUID(bytes=sha256(b"atom" + tools.key).digest()[:16])
    return uuid5(ours, of).urn


def _story(tools: Tools, lead: Lead, base: str, *, topic: str | None) -> atom.Item:
    card = lead.card
    names = [outlet.name for outlet in card.outlets]
    more = f" +{len(names) - NAMED}" if len(names) > NAMED else ""
    passages = dict.fromkeys(each.snippet for each in lead.evidence)
    said = [*list(passages)[:PASSAGES], ", ".join(names[:NAMED]) + more]
    page = f"{base}/stories/{card.id}"
    return atom.Item(
        id=_id(tools, f"story {card.id} {topic or ''}"),
        title=card.title,
        link=link_to(lead.url) or page,
        page=page,
        published=card.opened_at,
        updated=card.updated_at,
        summary="\n\n".join(said),
        author=lead.outlet,
        topics=card.topics,
    )


def _message(tools: Tools, told: Told, base: str) -> atom.Item:
    """As any channel without formatting would show it."""
    message = compose(told.notification, markup=PLAIN, zone=tools.settings().timezone, now=told.at)
    cards = told.notification.cards
    page = f"{base}/deliveries"
    return atom.Item(
        id=_id(tools, f"message {told.uid}"),
        title=message.subject,
        link=(link_to(cards[0].url) if len(cards) == 1 else "") or page,
        page=page,
        published=told.at,
        updated=told.at,
        summary=message.body,
        author="monitor",
        topics=tuple(dict.fromkeys(topic for card in cards for topic in card.topics)),
    )
