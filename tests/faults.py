"""An origin of faults on loopback: many feeds, most of them well, the others broken in every way for a while.

with Origin(feeds=1000, seed=1, plan=Plan(seconds=1800)) as origin:
    origin.urls                       # spread over addresses of the loopback network, each with a port of its own
    ...                               # read them
    origin.shown                      # which entries a client was shown, whole, in an answer without fault

Which fault a feed has at which moment is a matter of the seed alone. Linux: 127.0.0.2 and so on are loopback too.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from random import Random
from typing import Final, Self

from tests.loopback import served
from tests.press import DEEDS, HOSTILE, Feed, Name, page, the_start

PLACES: Final = 40  # hosts
LONG: Final = 3600.0
BIG: Final = 50_000_000
MORE_THAN_FITS: Final = 100_000_000
MANY_HEADERS: Final = 100_000
PORT_OF_NOBODY: Final = 9  # discard; nothing listens there


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody asks for a feed or a page of it."""

    origin: Origin
    feed: Feed
    path: str
    headers: Mapping[str, str]
    send: Callable[[bytes], Awaitable[None]]

    async def answer(self, status: str, content: bytes = b"", **headers: str) -> None:
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        await self.send(head(status, {"Content-Length": str(len(content)), **said}) + content)


Answer = Callable[[Visit], Awaitable[None]]


class HangUpError(Exception):
    """The connection is reset."""


def head(status: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode()


XML: Final = {"Content-Type": "application/rss+xml; charset=utf-8"}


# -- refusals --------------------------------------------------------------------------------------


def status(line: str, **headers: str) -> Answer:
    async def answer(visit: Visit) -> None:
        await visit.answer(line, b"<html><body>no</body></html>", **headers)

    return answer


async def until_a_date(visit: Visit) -> None:
    until = datetime.now(UTC) + timedelta(seconds=8)
    await visit.answer("503 Service Unavailable", Retry_After=format_datetime(until, usegmt=True))


# -- redirects -------------------------------------------------------------------------------------


def by_way_of(line: str, hops: int) -> Answer:
    """Each hop is another path, at the next host; then the feed is there."""

    async def answer(visit: Visit) -> None:
        been = int(visit.path.rpartition("/hop/")[2]) if "/hop/" in visit.path else 0
        if been >= hops:
            await whole(visit)
            return
        place = visit.origin.base(visit.feed.number + been + 1)
        await visit.answer(line, Location=f"{place}/feed/{visit.feed.number}/hop/{been + 1}")

    return answer


async def in_circles(visit: Visit) -> None:
    other = "there" if visit.path.endswith("/here") else "here"
    await visit.answer("302 Found", Location=f"/feed/{visit.feed.number}/{other}")


def to_elsewhere(where: str) -> Answer:
    async def answer(visit: Visit) -> None:
        place = visit.origin.base(visit.feed.number).removeprefix("http://")
        deaf = visit.origin.deaf
        location = where.format(place=place, deaf=deaf, nobody=f"127.0.0.1:{PORT_OF_NOBODY}", feed=visit.feed.number)
        await visit.answer("302 Found", Location=location)

    return answer


# -- slowness --------------------------------------------------------------------------------------


async def never(visit: Visit) -> None:
    await asyncio.sleep(LONG)


async def only_a_head(visit: Visit) -> None:
    await visit.send(head("200 OK", {"Content-Length": "5000", **XML}))
    await asyncio.sleep(LONG)


async def late(visit: Visit) -> None:
    await asyncio.sleep(4)
    await whole(visit)


async def drip(visit: Visit) -> None:
    content, _ = visit.feed.document()
    await visit.send(head("200 OK", {"Content-Length": str(len(content)), **XML}))
    await _a_byte_a_second(visit, content)


async def drip_a_head(visit: Visit) -> None:
    await _a_byte_a_second(visit, head("200 OK", {"Content-Length": "5000", **XML}))


async def _a_byte_a_second(visit: Visit, content: bytes) -> None:
    for place in range(len(content)):
        await visit.send(content[place : place + 1])
        await asyncio.sleep(1)


# -- what is cut off, or no HTTP -------------------------------------------------------------------


def cut_off(length: Callable[[int], str], part: float) -> Answer:
    """Only this part of the document is sent; the length is said as you please, by "" not at all."""

    async def answer(visit: Visit) -> None:
        content, _ = visit.feed.document()
        said = {"Content-Length": length(len(content))} if length(len(content)) else {"Connection": "close"}
        await visit.send(head("200 OK", {**said, **XML}) + content[: int(len(content) * part)])

    return answer


async def cut_off_in_pieces(visit: Visit) -> None:
    content, _ = visit.feed.document()
    await visit.send(head("200 OK", {"Transfer-Encoding": "chunked", **XML}))
    await visit.send(b"%x\r\n%b" % (len(content), content[: len(content) // 2]))


async def reset(visit: Visit) -> None:
    raise HangUpError


async def reset_in_the_middle(visit: Visit) -> None:
    content, _ = visit.feed.document()
    await visit.send(head("200 OK", {"Content-Length": str(len(content)), **XML}) + content[: len(content) // 2])
    await asyncio.sleep(0.05)
    raise HangUpError


async def noise(visit: Visit) -> None:
    await visit.send(Random(visit.path).randbytes(5000))


async def endless_headers(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(MANY_HEADERS):
        await visit.send(b"X-%d: %b\r\n" % (number, b"y" * 500))


async def one_long_header(visit: Visit) -> None:
    await visit.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _ in range(MANY_HEADERS):
        await visit.send(b"y" * 1000)


# -- bodies that are no feed, or too much ----------------------------------------------------------


def document(content: Callable[[Visit], bytes], **headers: str) -> Answer:
    async def answer(visit: Visit) -> None:
        await visit.answer("200 OK", content(visit), **{"Content_Type": XML["Content-Type"], **headers})

    return answer


@cache
def bomb() -> bytes:
    return gzip.compress(b"<rss>" + b" " * MORE_THAN_FITS, 9)


async def big_and_said(visit: Visit) -> None:
    await visit.send(head("200 OK", {"Content-Length": str(BIG), **XML}))
    await _much(visit, BIG // 65536)


async def big_in_pieces(visit: Visit) -> None:
    await visit.send(head("200 OK", {"Transfer-Encoding": "chunked", **XML}))
    for _ in range(BIG // 65536):
        await visit.send(b"10000\r\n" + b"<" * 65536 + b"\r\n")


async def endless(visit: Visit) -> None:
    await visit.send(head("200 OK", {"Connection": "close", **XML}))
    await _much(visit, MORE_THAN_FITS)


async def _much(visit: Visit, times: int) -> None:
    for _ in range(times):
        await visit.send(b"<item>" + b" " * 65530)


def a_web_page(visit: Visit) -> bytes:
    return b"<!doctype html><html><body><h1>Warta %d is being rebuilt</h1></body></html>" % visit.feed.number


def of_a_bridge(visit: Visit) -> bytes:
    """As RSS-Bridge does it: its own failure as an entry."""
    return b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Warta</title><item>
<title>Bridge returned error 503! (19000)</title><link>http://127.0.0.1/%s/bridge.html</link>
<guid>bridge-%d</guid><description>Error 503</description></item></channel></rss>""" % (
        HOSTILE.encode(),
        visit.feed.number,
    )


# -- documents that harm who parses them -----------------------------------------------------------


def hostile(more: Callable[[], str], doctype: str = "") -> Answer:
    """Beside what the feed lists, which is there to be read."""

    def content(visit: Visit) -> bytes:
        own = visit.feed.rss(_an_item(visit.feed.number, more()))
        return own.replace(b"\n<rss", b"\n" + doctype.encode() + b"<rss", 1)

    return document(content)


def _an_item(feed: int, more: str) -> str:
    url = f"http://127.0.0.1/{HOSTILE}/{feed}.html"
    return more if more.startswith("<item") else f"<item><title>{HOSTILE}</title><link>{url}</link>{more}</item>"


@cache
def many_attributes() -> str:
    attributes = " ".join(f"a{number}='1'" for number in range(50_000))
    return f"<item {attributes}><title>{HOSTILE}</title><link>http://127.0.0.1/{HOSTILE}/a.html</link></item>"


def of_entities() -> str:
    return "<description>&i;</description>"


LAUGHS: Final = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8))
LAUGHING: Final = f'<!DOCTYPE rss [<!ENTITY a "ha">{LAUGHS}]>\n'
OUTSIDE: Final = '<!DOCTYPE rss [<!ENTITY i SYSTEM "file:///etc/passwd">]>\n'


@cache
def nested() -> str:
    return "<x>" * 100_000


@cache
def nested_html() -> str:
    return f"<description>{'&lt;div&gt;' * 100_000}</description>"


@cache
def references() -> str:
    return f"<description>{'&lt;' * 2_000_000}</description>"


@cache
def one_huge_word() -> str:
    return f"<description>{'a' * 9_000_000}</description>"


@cache
def an_author() -> str:
    return f"<author>{'a.' * 50_000}</author>"


# -- no fault --------------------------------------------------------------------------------------


async def whole(visit: Visit) -> None:
    """The feed as it is; whoever gets all of it was shown its entries."""
    content, etag = visit.feed.document()
    listed = list(visit.feed.listed)
    if visit.headers.get("if-none-match") == etag:
        visit.origin.answers["304"] += 1
        await visit.send(head("304 Not Modified", {"ETag": etag}))
        return
    await visit.answer("200 OK", content, ETag=etag, Content_Type=visit.feed.kind)
    visit.origin.answers["200"] += 1
    now = visit.origin.now()
    for number in listed:
        visit.origin.shown.setdefault((visit.feed.number, number), now)


async def the_same_for_ever(visit: Visit) -> None:
    await visit.send(head("304 Not Modified", {"ETag": visit.headers.get("if-none-match", '"x"')}))


# -- all of them -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    answer: Answer
    weight: float = 1.0  # how often, beside the others
    is_for_good: bool = False
    pages_too: bool = False


_HEAVY: Final = 0.1  # what costs the parser seconds would, at one feed in twenty, leave no time for anything else
_HANGS: Final = 0.4  # and what takes all the time that may be taken, no connection

FAULTS: Final[dict[str, Fault]] = {
    "500": Fault(status("500 Internal Server Error"), pages_too=True),
    "502": Fault(status("502 Bad Gateway"), pages_too=True),
    "503, seconds": Fault(status("503 Service Unavailable", Retry_After="8"), 0.5),
    "503, date": Fault(until_a_date, 0.5),
    "429": Fault(status("429 Too Many Requests", Retry_After="5"), 0.5),
    "403": Fault(status("403 Forbidden"), pages_too=True),
    "404": Fault(status("404 Not Found"), pages_too=True),
    "410": Fault(status("410 Gone"), 0.1, is_for_good=True),
    "204": Fault(status("204 No Content")),
    "301": Fault(by_way_of("301 Moved Permanently", 1)),
    "302": Fault(by_way_of("302 Found", 1)),
    "307 twice": Fault(by_way_of("307 Temporary Redirect", 2)),
    "308 five times": Fault(by_way_of("308 Permanent Redirect", 5)),
    "302 nine times": Fault(by_way_of("302 Found", 9)),
    "in circles": Fault(in_circles),
    "to nowhere": Fault(to_elsewhere("http://{nobody}/")),
    "to TLS where there is none": Fault(to_elsewhere("https://{place}/feed/{feed}")),
    "to who does not accept": Fault(to_elsewhere("http://{deaf}/"), _HANGS),
    "to a file": Fault(to_elsewhere("file:///etc/passwd")),
    "to an unknown host": Fault(to_elsewhere("http://nowhere.invalid/")),
    "never": Fault(never, _HANGS, pages_too=True),
    "only a head": Fault(only_a_head, _HANGS),
    "late": Fault(late, pages_too=True),
    "drip": Fault(drip, _HANGS),
    "drip of a head": Fault(drip_a_head, _HANGS),
    "cut off": Fault(cut_off(str, 0.5), pages_too=True),
    "cut off, no length": Fault(cut_off(lambda length: "", 0.5)),  # noqa: ARG005 - no length at all
    "length too small": Fault(cut_off(lambda length: str(length // 2), 1)),
    "length too large": Fault(cut_off(lambda length: str(2 * length), 1)),
    "length is a word": Fault(cut_off(lambda length: "many", 1)),  # noqa: ARG005 - no number at all
    "cut off in pieces": Fault(cut_off_in_pieces),
    "reset": Fault(reset, pages_too=True),
    "reset in the middle": Fault(reset_in_the_middle),
    "noise": Fault(noise),
    "endless headers": Fault(endless_headers, _HANGS),
    "one long header": Fault(one_long_header, _HANGS),
    "garbage": Fault(document(lambda visit: Random(visit.path).randbytes(20_000))),
    "empty": Fault(document(lambda visit: b"")),  # noqa: ARG005 - all answers are told who asks
    "a web page": Fault(document(a_web_page)),
    "bridge": Fault(document(of_a_bridge)),
    "no gzip": Fault(document(lambda visit: visit.feed.rss(), Content_Encoding="gzip")),
    "gzip bomb": Fault(document(lambda visit: bomb(), Content_Encoding="gzip"), _HANGS),  # noqa: ARG005 - as above
    "wrong charset": Fault(document(lambda visit: visit.feed.rss(), Content_Type="text/xml; charset=utf-16")),
    "50 MB, said": Fault(big_and_said),
    "50 MB, in pieces": Fault(big_in_pieces, _HANGS),
    "endless": Fault(endless, _HANGS),
    "50 000 attributes": Fault(hostile(many_attributes), _HEAVY),
    "entity bomb": Fault(hostile(of_entities, LAUGHING), _HEAVY),
    "outside entity": Fault(hostile(of_entities, OUTSIDE)),
    "nested": Fault(hostile(nested), _HEAVY),
    "nested HTML": Fault(hostile(nested_html), _HEAVY),
    "two million references": Fault(hostile(references), _HEAVY),
    "one huge word": Fault(hostile(one_huge_word), _HEAVY),
    "an author of 100 kB": Fault(hostile(an_author), _HEAVY),
    "304 for ever": Fault(the_same_for_ever),
}
DEED_WEIGHTS: Final = {"flood": 0.03}
HEAVY: Final = {
    "flood",
    "late",
    *(kind for kind, fault in FAULTS.items() if fault.weight in {_HEAVY, _HANGS}),
}  # seconds each


# -- when ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Phase:
    what: str  # a fault, or a deed, which is done at its start
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Plan:
    """How long it goes on, in seconds, how long feeds are well, and how long they are not, on average."""

    seconds: float
    well: float = 240.0
    unwell: float = 45.0
    calm: float = 30.0  # at the start: nobody is unwell
    only: tuple[str, ...] = ()  # of the faults and deeds; to find out what does harm

    def of(self, feed: int, *, seed: int) -> list[Phase]:
        """Each kind comes, where there are feeds enough: it is what some feed suffers from first."""
        random = Random(f"{seed}/plan/{feed}")
        kinds = list(self.only or (*FAULTS, *DEEDS))
        weights = [FAULTS[kind].weight if kind in FAULTS else DEED_WEIGHTS.get(kind, 1.0) for kind in kinds]
        first = [kinds[feed]] if feed < len(kinds) else random.choices(kinds, weights)
        start = self.calm + random.random() * min(self.well, max(self.seconds - self.calm, 0) / 2)
        phases: list[Phase] = []
        while start < self.seconds:
            what = random.choices(kinds, weights)[0] if phases else first[0]
            is_for_good = what in FAULTS and FAULTS[what].is_for_good
            end = LONG * 24 if is_for_good else min(start + self.unwell * random.uniform(0.5, 1.5), self.seconds)
            phases.append(Phase(what, start, end))
            start = end + self.well * random.uniform(0.5, 1.5)
        return phases


# -- the origin ------------------------------------------------------------------------------------


class Origin:
    """Answers on loopback, in a thread of its own, for the time of the block."""

    def __init__(self, *, feeds: int, seed: int, plan: Plan, every: float = 120.0) -> None:
        self.shown: dict[Name, float] = {}  # when each entry was first shown
        self.gone: set[int] = set()  # feeds that said so
        self.answers: Counter[str] = Counter()  # those without fault by their status, the others by their fault
        self.bases: list[str] = []
        self.feeds: list[Feed] = []
        self.deaf = ""
        self.phases = [plan.of(number, seed=seed) for number in range(feeds)]
        self._seed, self._plan, self._every = seed, plan, every
        self._started = 0.0
        self._open = ExitStack()

    @property
    def urls(self) -> list[str]:
        return [f"{feed.base}/feed/{feed.number}" for feed in self.feeds]

    def base(self, number: int) -> str:
        return self.bases[number % len(self.bases)]

    def now(self) -> float:
        return time.monotonic() - self._started

    def fault(self, feed: int) -> str | None:
        now = self.now()
        here = (phase.what for phase in self.phases[feed] if phase.start <= now < phase.end)
        return next((what for what in here if what in FAULTS), None)

    def unwell(self) -> Counter[str]:
        """How many feeds suffer from what, now."""
        return Counter(fault for feed in range(len(self.feeds)) if (fault := self.fault(feed)))

    # -- answers --------------------------------------------------------------------------------

    async def _answer(self, request: bytes, send: Callable[[bytes], Awaitable[None]]) -> bool:
        """Whether the connection is kept."""
        line, *lines = request.decode("latin-1").rstrip("\r\n").split("\r\n")
        path = line.split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        _, kind, number, *_ = f"{path}//".split("/")
        if not number.isdigit() or int(number) >= len(self.feeds):
            await send(head("404 Not Found", {"Content-Length": "0"}))
            return True
        visit = Visit(self, self.feeds[int(number)], path, headers, send)
        visit.feed.look(self.now())
        return await (self._a_feed(visit) if kind == "feed" else self._a_page(visit))

    async def _a_feed(self, visit: Visit) -> bool:
        fault = self.fault(visit.feed.number)
        if fault is None:
            await whole(visit)
            return True
        self.answers[fault] += 1
        if FAULTS[fault].is_for_good:
            self.gone.add(visit.feed.number)
        await FAULTS[fault].answer(visit)
        return False

    async def _a_page(self, visit: Visit) -> bool:
        fault = self.fault(visit.feed.number)
        if fault is not None and FAULTS[fault].pages_too:
            await FAULTS[fault].answer(visit)
            return False
        number = int(visit.path.rpartition("/")[2].removesuffix(".html"))
        await visit.answer("200 OK", page(visit.feed.pieces[number]), Content_Type="text/html; charset=utf-8")
        return True

    # -- connections ----------------------------------------------------------------------------

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def send(content: bytes) -> None:
            writer.write(content)
            await writer.drain()

        async with _closing(writer):
            while await self._answer(await reader.readuntil(b"\r\n\r\n"), send):
                pass

    async def _start(self) -> asyncio.Server:
        hosts = [f"127.0.0.{number}" for number in range(1, PLACES + 1)]
        server = await asyncio.start_server(self._talk, hosts, 0)
        self.bases = sorted("http://{}:{}".format(*one.getsockname()) for one in server.sockets)
        return server

    def __enter__(self) -> Self:
        self._open.enter_context(served(self._start))
        self.deaf = self._open.enter_context(_deaf())
        self._started = time.monotonic()
        started_at = the_start()
        for number in range(len(self.phases)):
            done = [(each.start, DEEDS[each.what]) for each in self.phases[number] if each.what in DEEDS]
            feed = Feed(number, self._seed, self.base(number), started_at, self._every, done)
            feed.ends_at = self._plan.seconds
            self.feeds.append(feed)
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()


@asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    """However it ends: the client goes, hangs up in the middle, or the origin ends."""
    try:
        yield
    except HangUpError:
        linger = struct.pack("ii", 1, 0)  # none: the other end sees a reset
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError, asyncio.CancelledError):
        pass
    finally:
        writer.close()


@contextmanager
def _deaf() -> Iterator[str]:
    """Where nobody accepts: its queue is full."""
    with ExitStack() as opened:
        listening = opened.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        host, port = listening.getsockname()
        for _ in range(2):
            caller = opened.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex((host, port))
        yield f"{host}:{port}"
