"""What the pages work with: all of it is handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from monitor.settings import Settings
from monitor.store.database import Database
from monitor.store.silences import Silence
from monitor.topics.watchlist import Watchlist
from monitor.trial import Attempt, Attempted, Closely, Progress


@dataclass(frozen=True, slots=True)
class Asked:
    """What the reader of a message asks for by one of its links."""

    link: str  # the delivery and what is asked: each can be asked once
    silences: tuple[Silence, ...]
    is_unsubscribing: bool = False


@dataclass(frozen=True, slots=True)
class Tools:
    database: Database
    settings: Callable[[], Settings]  # those in force
    watchlist: Callable[[], Watchlist]  # their topics
    file: str  # where they stand, as the user named it
    is_on_time: Callable[[], bool]
    exposition: Callable[[], bytes]
    clock: Callable[[], datetime]
    send_again: Callable[[int], Awaitable[bool]]  # the delivery with this number, if that can be
    silence: Callable[[Silence], Awaitable[bool]]  # if there is what it silences
    end_silence: Callable[[int], Awaitable[bool]]  # the one with this number, if it holds
    mute: Callable[[Asked], Awaitable[bool]]  # False: its link was used before
    attempt: Callable[[Attempt, Progress], Awaitable[Attempted]]
    closely: Callable[[Attempt, Progress], Awaitable[Closely]]
    key: bytes = field(repr=False)  # that sessions, tokens and the links of messages are signed with
