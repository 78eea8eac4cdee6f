"""Manners: nobody is asked too often or by too many of us at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from monitor.errors import FetchError
from monitor.fetch.hosts import REMEMBERED, Hosts

PAGE = "https://news.example/a"


class Slow:
    """A clock that stands still until someone sleeps, and then is there at once."""

    def __init__(self) -> None:
        self.now = 100.0

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        until = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, until)


@pytest.fixture
def clock() -> Slow:
    return Slow()


@pytest.fixture
def hosts(clock: Slow) -> Hosts:
    return Hosts(clock)


class Visits:
    """Enters a turn for each address and stays until told to leave."""

    def __init__(self, hosts: Hosts, clock: Slow) -> None:
        self._hosts = hosts
        self._clock = clock
        self._leave = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.starts: list[float] = []
        self.inside = 0
        self.most = 0

    async def begin(self, *urls: str, private: bool = False) -> None:
        self._tasks += [asyncio.create_task(self._visit(url, private)) for url in urls]
        for _ in range(50):
            await asyncio.sleep(0)

    async def end(self) -> None:
        self._leave.set()
        await asyncio.gather(*self._tasks)

    async def _visit(self, url: str, private: bool) -> None:
        async with self._hosts.turn(url, private=private):
            self.starts.append(self._clock.now - 100)
            self.inside += 1
            self.most = max(self.most, self.inside)
            await self._leave.wait()
            self.inside -= 1


@pytest.fixture
def visits(hosts: Hosts, clock: Slow) -> Visits:
    return Visits(hosts, clock)


async def test_a_public_host_meets_two_of_us_at_most_a_second_apart(visits: Visits) -> None:
    await visits.begin(*[PAGE] * 5)
    assert (visits.inside, visits.starts) == (2, [0, 1])
    await visits.end()
    assert (visits.most, visits.starts) == (2, [0, 1, 2, 3, 4])


async def test_an_inner_host_meets_eight_at_once(visits: Visits) -> None:
    await visits.begin(*["http://127.0.0.1:8000/a"] * 10, private=True)
    assert (visits.inside, visits.starts) == (8, [0] * 8)
    await visits.end()
    assert (visits.most, len(visits.starts)) == (8, 10)


async def test_a_public_host_is_spared_though_inner_ones_are_allowed(visits: Visits) -> None:
    await visits.begin(*[PAGE] * 3, private=True)
    assert visits.inside == 2
    await visits.end()


async def test_other_hosts_and_other_ports_do_not_wait(visits: Visits) -> None:
    await visits.begin(
        "https://one.example/", "https://two.example/", "http://one.example/", "https://one.example:8443/"
    )
    assert visits.starts == [0, 0, 0, 0]
    await visits.end()


@pytest.mark.parametrize(
    "other", ["https://NEWS.example:443/b?c#d", "https://ana:pw@news.example/", "https://news.example"]
)
async def test_one_host_is_one_however_it_is_written(visits: Visits, other: str) -> None:
    await visits.begin(PAGE, other)
    assert visits.starts == [0, 1]
    await visits.end()


async def test_time_that_has_passed_is_not_waited_for_again(hosts: Hosts, clock: Slow) -> None:
    async with hosts.turn(PAGE, private=False):
        clock.now += 5
    async with hosts.turn(PAGE, private=False):
        assert clock.now == 105


@pytest.mark.parametrize("end", [RuntimeError, asyncio.CancelledError])
async def test_a_visit_that_fails_frees_its_place(hosts: Hosts, end: Callable[[], BaseException]) -> None:
    for _ in range(5):
        with pytest.raises((RuntimeError, asyncio.CancelledError)):
            async with hosts.turn(PAGE, private=False):
                raise end()


async def test_who_gives_up_waiting_holds_nobody_up(hosts: Hosts, visits: Visits) -> None:
    await visits.begin(PAGE, PAGE)
    waiting = asyncio.create_task(hosts.turn(PAGE, private=False).__aenter__())
    await asyncio.sleep(0)
    waiting.cancel()
    await visits.begin(PAGE)
    await visits.end()
    assert len(visits.starts) == 3


async def test_idle_hosts_are_forgotten_and_busy_ones_are_not(hosts: Hosts, visits: Visits, clock: Slow) -> None:
    await visits.begin(PAGE, PAGE)
    for n in range(3 * REMEMBERED):
        async with hosts.turn(f"https://{n}.example/", private=False):
            clock.now += 2
    assert len(hosts) <= REMEMBERED
    await visits.begin(PAGE)
    assert visits.inside == 2
    await visits.end()


async def test_what_is_no_address_has_no_turn(hosts: Hosts) -> None:
    with pytest.raises(FetchError, match="not an http"):
        async with hosts.turn("file:///etc/passwd", private=True):
            pass


async def test_without_a_clock_of_its_own_it_goes_by_the_loops() -> None:
    hosts = Hosts()
    async with hosts.turn("http://127.0.0.1/", private=True), hosts.turn("http://127.0.0.1/", private=True):
        assert len(hosts) == 1
