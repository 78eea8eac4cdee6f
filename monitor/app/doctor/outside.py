"""What lies behind the network: feeds, asked once each, and channels, reached without sending anything."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_address
from statistics import median
from types import MappingProxyType
from typing import Final, assert_never

import anyio
from anyio import CapacityLimiter, to_thread

from monitor.app.doctor import here
from monitor.app.doctor.finding import Finding, Result, counted, lasting, said
from monitor.app.doctor.remembered import Remembered
from monitor.fetch.client import Client
from monitor.fetch.hosts import Hosts
from monitor.notify.channel import BUILT_IN, reach
from monitor.notify.reach import Reach, Reached, Unreached, Untried
from monitor.settings import Channel, Feed, Settings, host_of
from monitor.store.channels import ChannelHealth
from monitor.store.health import FeedHealth
from monitor.trial import Progress
from monitor.work.cpu import Cpu
from monitor.work.probe import UNKNOWN, Probe, Probed, Read, Unread

AT_A_TIME: Final = 8  # feeds or channels
PATIENCE: Final = 60.0  # seconds for one channel: a name, its addresses, a login
PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy")
_TURNED_AWAY: Final = "the site turns monitor away: headers or a user_agent for this feed may help"
_PASSES: Final = "most such things pass, and monitor goes on asking; if it stays so, open it in a browser"
ADVICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        UNKNOWN: "look for a slip in its address; has the site another name now?",
        "private address": "if it is yours: allow_private: true",
        "HTTP 401": _TURNED_AWAY,
        "HTTP 403": _TURNED_AWAY,
        "HTTP 429": _PASSES,
        "HTTP 5": _PASSES,
        "timed out": _PASSES,
        "broke off": _PASSES,
    }
)

Answers = Mapping[str, Probed | datetime]  # by the feed's URL; a moment: its host asked to be left alone until then


# -- feeds ---------------------------------------------------------------------------------------


async def ask_all(
    feeds: Sequence[Feed], resting: Mapping[str, datetime], *, clock: Callable[[], datetime], tell: Progress
) -> Answers:
    answers: dict[str, Probed | datetime] = {}
    limiter = CapacityLimiter(AT_A_TIME)

    async def ask(feed: Feed, probe: Probe) -> None:
        async with limiter:
            rest = resting.get(host_of(feed.address)) if feed.path is None else None
            answers[feed.url] = rest or await probe.read(feed)
        tell(len(answers), len(feeds))

    async with Client() as client, anyio.create_task_group() as tasks:
        probe = Probe(client, Hosts(), Cpu(2), clock)
        for feed in _dealt_out(feeds):
            tasks.start_soon(ask, feed, probe)
    return answers


def _dealt_out(feeds: Sequence[Feed]) -> list[Feed]:
    """Hosts take turns, so that those who wait for one host do not keep the others waiting."""
    seen: dict[str, int] = {}
    turns = []
    for feed in feeds:
        host = host_of(feed.address) if feed.path is None else feed.url
        seen[host] = turn = seen.get(host, 0) + 1
        turns.append(turn)
    return [feed for _, feed in sorted(zip(turns, feeds, strict=True), key=lambda pair: pair[0])]


def of_feeds(settings: Settings, answers: Answers, known: Remembered, *, now: datetime) -> Iterator[Finding]:
    zone = settings.timezone
    asked = [answers[feed.url] for feed in settings.feeds if feed.path is None]
    is_cut_off = not any(_is_reached(answer) for answer in asked if isinstance(answer, Read | Unread))
    for feed in settings.feeds:
        match answers[feed.url]:
            case Unread() as unread:
                yield Finding("feed", "wrong", unread.why, feed.name, None if is_cut_off else _what_to_do(feed, unread))
            case Read() as read:
                yield _of_read(feed, read, known.feeds.get(feed.url), now=now)
            case until:
                what = f"its host asked to be left alone until {said(until, zone, now=now)}; not asked now"
                yield Finding("feed", "look", what, feed.name, "nothing: it is asked again then")


def _of_read(feed: Feed, read: Read, known: FeedHealth | None, *, now: datetime) -> Finding:
    for result, what, do in _odd(feed, read, known):
        return Finding("feed", result, what, feed.name, do)
    things = "text" if feed.path is not None else "entry"
    what = counted(read.entries, things, "texts" if feed.path is not None else "entries")
    age = f", the newest {lasting(now - read.newest_at)} old" if read.newest_at and read.newest_at <= now else ""
    return Finding("feed", "ok", f"{what}{age}", feed.name)


def _odd(feed: Feed, read: Read, known: FeedHealth | None) -> Iterator[tuple[Result, str, str]]:
    if read.moved_to:
        yield "look", f"it moved for good to {read.moved_to}", "write that address into the configuration"
    if read.complaint:
        yield "look", f"part of it can't be read: {read.complaint}", "nothing, if what you want of it comes"
    if not read.entries:
        do = "wait, or see whether the site has another feed" if feed.path is None else "put texts into it (*.txt)"
        yield "look", "it answers, and lists nothing", do
    if known is not None and known.paused:
        yield "look", f"it answers now, and is left alone: {known.paused}", "monitor once --all asks it again"
    if known is not None and known.silent_since:
        what = "it answers, and has listed nothing new for longer than is its way"
        yield "look", what, "see on the site whether it still writes there"


def _what_to_do(feed: Feed, unread: Unread) -> str:
    if feed.path is not None:
        return f"is {feed.path} there, and may monitor read it?"
    for said_so, do in ADVICE.items():
        if said_so in unread.why:
            return do
    if unread.is_reached:
        return f"monitor feeds discover {feed.url} looks for the site's feeds"
    return "open it in a browser: does the site work?"


# -- the network ---------------------------------------------------------------------------------


def of_network(feeds: Sequence[Feed], answers: Answers) -> Iterator[Finding]:
    """By the feeds themselves: nobody else is asked."""
    by_host: dict[str, list[Probed]] = {}
    for feed in feeds:
        answer = answers[feed.url]
        if feed.path is None and isinstance(answer, Read | Unread):
            by_host.setdefault(host_of(feed.address), []).append(answer)
    is_reached = any(_is_reached(answer) for found in by_host.values() for answer in found)
    yield from _of_names({host: found for host, found in by_host.items() if _is_name(host)}, is_reached=is_reached)
    yield from _of_ways(by_host)


def _of_names(by_host: Mapping[str, Sequence[Probed]], *, is_reached: bool) -> Iterator[Finding]:
    known = sum(any(_is_known(answer) for answer in found) for found in by_host.values())
    if not by_host:
        yield Finding("dns", "ok", "no feed is asked by a name")
    elif known:
        yield Finding("dns", "ok", f"{known} of {counted(len(by_host), 'name')} known")
    else:
        do = "is this machine on the network, and does /etc/resolv.conf name a server that works?"
        is_slip = is_reached and len(by_host) == 1
        what = f"no name can be resolved ({len(by_host)} tried)"
        yield Finding("dns", "look" if is_slip else "wrong", what, do=do)


def _of_ways(by_host: Mapping[str, Sequence[Probed]]) -> Iterator[Finding]:
    hosts = {host: found for host, found in by_host.items() if any(_is_known(answer) for answer in found)}
    reached = sum(any(_is_reached(answer) for answer in found) for found in hosts.values())
    if reached:
        yield Finding("outbound", "ok", f"{reached} of {counted(len(hosts), 'site')} answered")
    elif hosts:
        do = "look at the network and its firewall"
        if proxies := [name for name in PROXIES if os.environ.get(name) or os.environ.get(name.upper())]:
            do = f"{' and '.join(proxies)} of the environment is not used for feeds; give the feeds a proxy: line"
        yield Finding("outbound", "wrong", f"none of {counted(len(hosts), 'site')} answered", do=do)


def of_their_clocks(feeds: Sequence[Feed], answers: Answers) -> Iterator[Finding]:
    """The median: a few servers are wrong themselves."""
    by_host = {
        host_of(feed.address): answer.off.total_seconds()
        for feed in feeds
        if isinstance(answer := answers[feed.url], Read) and answer.off is not None
    }
    off = timedelta(seconds=median(by_host.values())) if by_host else None
    yield from here.against(off, f"that of {counted(len(by_host), 'site')}")


def _is_name(host: str) -> bool:
    name = host.rpartition(":")[0].strip("[]")
    try:
        ip_address(name)
    except ValueError:
        return name != "localhost"
    return False


def _is_known(answer: Probed) -> bool:
    return isinstance(answer, Read) or answer.is_known


def _is_reached(answer: Probed) -> bool:
    return isinstance(answer, Read) or answer.is_reached


# -- channels ------------------------------------------------------------------------------------


async def of_channels(
    channels: Sequence[Channel], known: Sequence[ChannelHealth], *, tell: Progress
) -> AsyncIterator[Finding]:
    """In order; reached side by side."""
    limiter, done = CapacityLimiter(AT_A_TIME), 0

    async def at_once(channel: Channel) -> Reach:
        nonlocal done
        found = await _reached(channel, limiter)
        done += 1
        tell(done, len(channels))
        return found

    health = {each.name: each for each in known}
    tried = [asyncio.create_task(at_once(channel)) for channel in channels]
    for channel, task in zip(channels, tried, strict=True):
        yield _of_channel(channel, await task, health.get(channel.name))


async def _reached(channel: Channel, limiter: CapacityLimiter) -> Reach:
    try:
        with anyio.fail_after(PATIENCE):
            return await to_thread.run_sync(partial(reach, channel), abandon_on_cancel=True, limiter=limiter)
    except TimeoutError:
        return Unreached("no answer in time")


def _of_channel(channel: Channel, found: Reach, known: ChannelHealth | None) -> Finding:
    """Of its address nobody sees more than what kind it is."""
    name, notify = channel.name, f"monitor notify {channel.name}"
    kind = channel.url.get_secret_value().partition(":")[0]
    if isinstance(found, Unreached):
        do = f"is its address right, and does its service work? {notify} sends a test"
        return Finding("channel", "wrong", f"{kind}: {found.why}", name, do)
    if known is not None and known.state != "ok":
        what = ": ".join(filter(None, (kind, known.state, known.last_error)))
        return Finding("channel", "look", what, name, f"{notify} says whether it works again")
    match found:
        case Reached(how):
            return Finding("channel", "ok", kind if kind in BUILT_IN else f"{kind}: {how}", name)
        case Untried():
            return Finding("channel", "ok", f"{kind}: not tried, as only a message shows it: {notify}", name)
        case _:
            assert_never(found)
