"""Manners per host and port: how many at a time, and how far apart."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, Protocol

from monitor.errors import FetchError
from monitor.fetch.address import is_inner_name
from monitor.settings import host_of


class Clock(Protocol):
    def time(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


class LoopClock:
    def time(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Ledger(Protocol):
    """Where all processes that ask hosts write down when they do."""

    async def reserve(self, host: str, *, apart: float) -> float:
        """The seconds until this host and port may be asked, `apart` seconds after who asked before."""
        ...


@dataclass(frozen=True, slots=True)
class Manners:
    at_a_time: int
    seconds_between_starts: float


TOWARDS_PUBLIC: Final = Manners(at_a_time=2, seconds_between_starts=1)
TOWARDS_INNER: Final = Manners(at_a_time=8, seconds_between_starts=0)

REMEMBERED: Final = 1000  # hosts; beyond it the idle ones are forgotten

Key = tuple[str, Manners]


class _Place:
    """One host and port: who is there or waits, and when the next may start."""

    def __init__(self, manners: Manners) -> None:
        self.manners = manners
        self.slots = asyncio.Semaphore(manners.at_a_time)
        self.visitors = 0
        self.next_start = float("-inf")

    def reserve(self, now: float) -> float:
        """The seconds to wait. Starts are given out in order of arrival, so two that wait never start together."""
        start = max(now, self.next_start)
        self.next_start = start + self.manners.seconds_between_starts
        return start - now


class Hosts:
    """One for the whole process: all that asks a host for something takes its turn here.

    Where other processes ask too, starts are as far apart among all of them as `ledger` says.
    """

    def __init__(self, clock: Clock | None = None, ledger: Ledger | None = None) -> None:
        self._clock = clock or LoopClock()
        self._ledger = ledger
        self._places: dict[Key, _Place] = {}

    def __len__(self) -> int:
        """How many hosts are remembered."""
        return len(self._places)

    @asynccontextmanager
    async def turn(self, url: str, *, private: bool) -> AsyncIterator[None]:
        """Waits until one may ask. `private`: inner addresses are allowed here; then an inner host, told by its name
        or address, is asked more freely. A public host that such a feed leads to is still treated as one.
        """
        place = self._place(url, private=private)
        place.visitors += 1
        try:
            async with place.slots:
                if (wait := await self._reserve(place, url)) > 0:
                    await self._clock.sleep(wait)
                yield
        finally:
            place.visitors -= 1

    async def _reserve(self, place: _Place, url: str) -> float:
        wait = place.reserve(self._clock.time())
        apart = place.manners.seconds_between_starts
        if self._ledger is None or not apart:
            return wait
        return await self._ledger.reserve(_host_of(url), apart=apart)

    def _place(self, url: str, *, private: bool) -> _Place:
        host = _host_of(url)
        manners = TOWARDS_INNER if private and is_inner_name(host.rpartition(":")[0]) else TOWARDS_PUBLIC
        key = (host, manners)
        if key not in self._places:
            self._forget_idle()
            self._places[key] = _Place(manners)
        return self._places[key]

    def _forget_idle(self) -> None:
        if len(self._places) < REMEMBERED:
            return
        now = self._clock.time()
        self._places = {key: place for key, place in self._places.items() if place.visitors or place.next_start > now}


def _host_of(url: str) -> str:
    try:
        host = host_of(url)
    except ValueError:
        host = ""
    if "://" not in url or host.startswith(":") or not host:
        raise FetchError("not an http(s) address", permanent=True)
    return host
