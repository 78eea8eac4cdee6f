"""The links of a message by which its reader asks to hear no more: signed for this message alone, for a week. Pure.

Whoever holds a message may silence what it tells, on the channel that it was for, and nothing else. So no login is
needed, and a link that was passed on can do no more than the message that it stands in.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import quote, urlsplit

from monitor.alerts.words import Words
from monitor.model import Card

LASTING: Final = timedelta(days=7)
PATH: Final = "/mute"
_SEAL: Final = 16  # bytes of the HMAC that are kept: 128 bits
_LONGEST: Final = 80  # signs of a token

Refused = Literal["forged", "expired"]


@dataclass(frozen=True, slots=True)
class Links:
    """Of one message."""

    base: str  # web.url, without a slash at its end
    token: str = field(repr=False)
    can_unsubscribe: bool = True  # not by what came another way: whose channel that is, is not known

    def story(self, story_id: int) -> str:
        return f"{self.all}?story={story_id}"

    def topic(self, name: str) -> str:
        return f"{self.all}?topic={quote(name, safe='')}"

    @property
    def all(self) -> str:
        """Where its reader chooses among its stories and topics."""
        return f"{self.base}{PATH}/{self.token}"

    @property
    def unsubscribe(self) -> str:
        """For the button of a mail program (RFC 8058)."""
        return f"{self.all}/unsubscribe"

    def about(self, story_id: int) -> str:
        """The story's own page, behind the login."""
        return f"{self.base}/stories/{story_id}"


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes the links of messages. `key` is secret: 32 random bytes that last."""

    base: str
    key: bytes = field(repr=False)

    def links(self, delivery_id: int, *, now: datetime, can_unsubscribe: bool = True) -> Links:
        return Links(in_ascii(self.base), token(self.key, delivery_id, until=now + LASTING), can_unsubscribe)


def in_ascii(base: str) -> str:
    """The address as every program reads it: a name of other letters in its ASCII form (IDNA), no slash at its end."""
    parts = urlsplit(base.rstrip("/"))
    try:
        host = (parts.hostname or "").encode("idna").decode()
    except UnicodeError:
        return base.rstrip("/")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{parts.port}" if parts.port else "")


def token(key: bytes, delivery_id: int, *, until: datetime) -> str:
    said = f"{delivery_id}.{int(until.timestamp())}"
    return f"{said}.{_seal(key, said)}"


def opened(key: bytes, text: str, *, now: datetime) -> int | Refused:
    """The number of the delivery that it was signed for."""
    said, _, seal = text.rpartition(".")
    if len(text) > _LONGEST or not hmac.compare_digest(seal.encode(errors="replace"), _seal(key, said).encode()):
        return "forged"
    delivery_id, _, until = said.partition(".")
    return int(delivery_id) if now.timestamp() < int(until) else "expired"


def _seal(key: bytes, said: str) -> str:
    whole = hmac.digest(key, f"mute:{said}".encode(errors="replace"), "sha256")
    return base64.urlsafe_b64encode(whole[:_SEAL]).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True)
class Way:
    """Words, and where they lead."""

    words: str
    address: str


def ways(cards: Sequence[Card], links: Links | None, words: Words) -> tuple[Way, ...]:
    """What the reader of these stories may ask for; of many it is asked on a page."""
    if links is None or not any(card.topics for card in cards):
        return ()
    if len(cards) != 1 or cards[0].story_id is None:
        return (Way(words.mute, links.all),)
    topics = cards[0].topics
    topic = Way(words.mute_topic, links.topic(topics[0])) if len(topics) == 1 else Way(words.mute_topics, links.all)
    return (Way(words.mute_story, links.story(cards[0].story_id)), topic)
