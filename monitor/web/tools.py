"""What the pages work with: all of it is handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from monitor.settings import Settings
from monitor.store.database import Database
from monitor.store.silences import Silence


@dataclass(frozen=True, slots=True)
class Tools:
    database: Database
    settings: Callable[[], Settings]  # those in force
    file: str  # where they stand, as the user named it
    is_on_time: Callable[[], bool]
    exposition: Callable[[], bytes]
    clock: Callable[[], datetime]
    send_again: Callable[[int], Awaitable[bool]]  # the delivery with this number, if that can be
    silence: Callable[[Silence], Awaitable[bool]]  # if there is what it silences
    end_silence: Callable[[int], Awaitable[bool]]  # the one with this number, if it holds
    key: bytes = field(repr=False)  # that sessions and tokens are signed with
