"""Many sites of public names behind a proxy on loopback, which writes down when each of them was asked.

Three sites each bring the news of one bureau, word for word, so each piece of news is one story and three articles.
What a bureau publishes is a matter of the seed alone (tests/press.py).
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import pairwise
from types import TracebackType
from typing import Final, Self

from tests.loopback import Request, Response, http_server
from tests.pages import FeedEntry, rss
from tests.press import CONCERN, Feed, Name, Piece, page, the_start

HOSTS: Final = 25
OUTLETS: Final = 3  # of a bureau
TOLD: Final = 4  # one piece of news in so many concerns somebody
READ: Final = 4  # of one feed in so many the pages are read
XML: Final = {"Content-Type": "application/rss+xml; charset=utf-8"}
HTML: Final = {"Content-Type": "text/html; charset=utf-8"}


@dataclass(slots=True)
class Wires:
    """`feeds` at `hosts` names. `every`: seconds between two pieces of news of a bureau, on average."""

    feeds: int
    seed: int
    every: float
    hosts: int = HOSTS
    proxy: str = ""
    asked: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))  # by host, when
    polled: dict[int, float] = field(default_factory=dict)  # by feed, when last
    _bureaus: list[Feed] = field(default_factory=list)
    _began_at: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        started_at = the_start()
        self._bureaus = [
            Feed(number, self.seed, "http://kantor.example", started_at, self.every)
            for number in range(-(-self.feeds // OUTLETS))
        ]

    # -- what there is ---------------------------------------------------------------------------

    def url_of(self, feed: int) -> str:
        return f"http://{self._host_of(feed)}/rss/{feed}"

    def has_pages(self, feed: int) -> bool:
        return feed % READ == 0

    def silence(self) -> None:
        """From now on nothing is published."""
        now = self._now()
        with self._lock:
            for bureau in self._bureaus:
                bureau.look(now)
                bureau.ends_at = now

    def articles(self) -> Iterator[Name]:
        """All that were published, by feed and number."""
        for feed in range(self.feeds):
            yield from ((feed, number) for number in range(len(self._bureaus[feed // OUTLETS].pieces)))

    def stories(self) -> set[Name]:
        """By bureau and number."""
        return {story_of(name) for name in self.articles()}

    def told(self) -> set[Name]:
        return {story for story in self.stories() if concerns(story)}

    def gaps(self) -> list[float]:
        """Seconds between two questions to a host, of all hosts."""
        return [after - before for times in self.asked.values() for before, after in pairwise(sorted(times))]

    # -- answering -------------------------------------------------------------------------------

    def _now(self) -> float:
        return time.monotonic() - self._began_at

    def _host_of(self, feed: int) -> str:
        return f"situs{feed % self.hosts}.example"

    def _answer(self, request: Request) -> Response:
        _, _, place = request.path.partition("://")
        host, _, path = place.partition("/")
        with self._lock:
            self.asked[host].append(self._now())
            match path.removesuffix(".html").split("/"):
                case ["rss", feed]:
                    return self._feed(int(feed), host, request)
                case ["berita", feed, number]:
                    return Response(200, page(self._piece(int(feed), int(number))), HTML)
                case _:  # robots.txt
                    return Response(404, b"not found", {"Content-Type": "text/plain"})

    def _feed(self, feed: int, host: str, request: Request) -> Response:
        self.polled[feed] = self._now()
        bureau = self._bureaus[feed // OUTLETS]
        bureau.look(self._now())
        etag = f'"{len(bureau.pieces)}"'
        if request.headers.get("if-none-match") == etag:
            return Response(304, headers={"ETag": etag})
        pieces = [self._piece(feed, number) for number in bureau.listed]
        entries = [
            FeedEntry(each.title, f"/berita/{feed}/{each.number}.html", description=each.text, published=each.at)
            for each in pieces
        ]
        return Response(200, rss(f"Warta {feed}", f"http://{host}", entries).encode(), {"ETag": etag, **XML})

    def _piece(self, feed: int, number: int) -> Piece:
        piece = self._bureaus[feed // OUTLETS].pieces[number]
        title = piece.title.removeprefix(f"{CONCERN} ")
        return replace(piece, title=f"{CONCERN} {title}" if concerns((feed // OUTLETS, number)) else title)

    def __enter__(self) -> Self:
        self.proxy = self._open.enter_context(http_server(self._answer))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()


def story_of(article: Name) -> Name:
    feed, number = article
    return feed // OUTLETS, number


def concerns(story: Name) -> bool:
    return sum(story) % TOLD == 0
