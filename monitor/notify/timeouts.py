"""How long a service may take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timeouts:
    """In seconds. A slow answer is waited for: the message may have arrived long before."""

    connect: float = 5
    read: float = 20
