"""How often a password may be tried, by one address and by all. Pure."""

from __future__ import annotations

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address, ip_network
from math import ceil
from typing import Final

WINDOW: Final = timedelta(minutes=5)
BY_ONE: Final = 5
BY_ALL: Final = 50
_REMEMBERED: Final = 1024


class Throttle:
    """Counts a try before it is known to be wrong: many at the same time are then no way around."""

    def __init__(self) -> None:
        self._by_one: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._by_all: deque[datetime] = deque(maxlen=BY_ALL)
        self._right: OrderedDict[str, None] = OrderedDict()

    def wait(self, who: str, *, now: datetime) -> int:
        """For how many seconds this address may not try; 0: it may."""
        own = _until(self._by_one.get(who, deque()), BY_ONE, now=now)
        of_all = 0 if who in self._right else _until(self._by_all, BY_ALL, now=now)
        return max(own, of_all)

    def tried(self, who: str, *, now: datetime) -> None:
        self._by_one.setdefault(who, deque(maxlen=BY_ONE)).append(now)
        self._by_one.move_to_end(who)
        self._by_all.append(now)
        if len(self._by_one) > _REMEMBERED:
            self._by_one.popitem(last=False)

    def take_back(self, who: str, *, at: datetime) -> None:
        """The try of that moment was right. The others stay: who shares the address of one who is often right may not guess on."""
        for tries in (self._by_one.get(who, deque()), self._by_all):
            if at in tries:
                tries.remove(at)
        if not self._by_one.get(who):
            self._by_one.pop(who, None)

    def trust(self, who: str) -> None:
        """What others try from elsewhere no longer holds this address up."""
        self._right[who] = None
        self._right.move_to_end(who)
        if len(self._right) > _REMEMBERED:
            self._right.popitem(last=False)


def _until(tries: deque[datetime], most: int, *, now: datetime) -> int:
    # A clock that was set back must not lock anybody out for longer: what lies ahead does not count.
    fresh = [at for at in tries if now - WINDOW < at <= now]
    return ceil((min(fresh) + WINDOW - now).total_seconds()) if len(fresh) >= most else 0


def address_of(client: tuple[str, int] | None) -> str:
    """Whom a try counts for: one who has an IPv6 address has 2^64 of them."""
    try:
        address = ip_address(client[0].partition("%")[0]) if client else None
    except ValueError:
        return client[0] if client else ""
    if address is None or isinstance(address, IPv4Address):
        return str(address or "")
    return str(address.ipv4_mapped or ip_network((address, 64), strict=False))
