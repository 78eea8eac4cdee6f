"""Whatever a feed does in its life: each article that it ever showed is told once, and nothing else is told.

What it showed in its first good reading is its backlog, and not told. Left out is what nobody could tell apart:
- an article under another key with so little left of it that it could as well be news (stories/returning.py says how much
  is enough): of link, title, text and date one at most changes while its key does, and in feeds without links or dates less;
- an article that becomes another one under its own key;
- a document that is cut off within an entry, which ends in half a key;
- a feed that moves, fails there, and is not found any more where it was.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import escape
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final, Literal, TypeVar

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from monitor.app.house import House, open_house
from monitor.notify.console import SEPARATOR
from monitor.settings import AlertPolicy
from monitor.store import feeds
from monitor.store.database import Database
from tests.build import a_topic
from tests.events import CONCERNS, an_event
from tests.prepared import prepared
from tests.site import Site, article_page, unchanged
from tests.work.desk import Desk, local

T = TypeVar("T")
IS_LONG: Final = "MONITOR_FUZZ" in os.environ
EXAMPLES: Final = 500 if IS_LONG else 10
STEPS: Final = 60 if IS_LONG else 30
TOPIC: Final = a_topic(policy=AlertPolicy(wait=timedelta(0), max_age=None, limit=None, follow_up=None))
HOME: Final = "https://kabar.example"
HOSTS: Final = (HOME, "http://www.kabar.example", "https://baru.example")
MOST_MOVES: Final = 3
A_WHILE: Final = timedelta(minutes=20)
PAUSES: Final = (A_WHILE, A_WHILE, timedelta(hours=7), timedelta(days=2), timedelta(days=400), None)
TYPES: Final = {"json": "application/feed+json", "rss": "application/rss+xml", "ill-formed rss": "application/rss+xml"}
TAGS: Final = {
    "id": "guid",
    "url": "link",
    "title": "title",
    "content_text": "description",
    "date_published": "pubDate",
}

# -- an outlet -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Style:
    """How a feed is made."""

    kind: Literal["rss", "ill-formed rss", "json"]
    guids: Literal["own", "links", "none"]
    links: Literal["own", "one", "none"]  # one for all, as of a live table
    has_dates: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """An article as its outlet lists it."""

    number: int
    title: str
    text: str
    site: str
    guid: str
    published: datetime


def a_piece(number: int, site: str, published: datetime) -> Piece:
    event = an_event(number)
    return Piece(number, event.title, " ".join((*event.paragraphs, CONCERNS)), site, f"guid-{number}", published)


def is_still_known(shown: Piece, now: Piece, style: Style, *, is_steady: bool) -> bool:
    """Whether enough is left of what was shown to know it again."""
    if is_steady and has_its_key(shown, now, style):
        return True
    title, text, date = shown.title == now.title, shown.text == now.text, shown.published == now.published
    at_its_place = style.links == "none" or link_of(style, shown) == link_of(style, now)
    has_link = style.links == "own" and at_its_place
    if style.has_dates and date:
        return has_link or (title and (text or at_its_place))
    if title and text:
        return has_link or (at_its_place and not style.has_dates)
    return has_link and text and not style.has_dates


def has_its_key(shown: Piece, now: Piece, style: Style) -> bool:
    if style.guids == "own":
        return shown.guid == now.guid
    if style.links == "own":
        return link_of(style, shown) == link_of(style, now)
    return (shown.title, shown.text) == (now.title, now.text)


def link_of(style: Style, piece: Piece) -> str:
    return {"own": f"{piece.site}/berita/{piece.number}", "one": f"{piece.site}/langsung", "none": ""}[style.links]


@dataclass
class Outlet:
    """A feed, and what it lists, the newest first."""

    site: Site
    style: Style
    listed: list[Piece] = field(default_factory=list)
    taken_off: list[Piece] = field(default_factory=list)
    titles: dict[int, str] = field(default_factory=dict)  # of all that there ever was, as they were first
    host: str = HOME
    trouble: str = ""
    is_steady: bool = True  # its guids were until now
    makes_up_guids: bool = False
    lists_one_twice: bool = False
    moves: int = 0
    numbers: count[int] = field(default_factory=count)
    fetches: count[int] = field(default_factory=count)
    tag: str = ""  # of the document that was asked for last

    @property
    def path(self) -> str:
        return f"/rss-{self.moves}"

    def publish(self, at: datetime) -> None:
        number = next(self.numbers)
        piece = a_piece(number, self.host, at - timedelta(seconds=11 + 2 * number))  # not on the hour
        self.listed.insert(0, piece)
        self.titles[number] = piece.title

    def serve(self) -> None:
        """As it is asked for next."""
        fetch, content_type = next(self.fetches), TYPES[self.style.kind]
        listed = [replace(each, guid=f"{fetch}-{each.guid}") if self.makes_up_guids else each for each in self.listed]
        listed += listed[-1:] * self.lists_one_twice
        document = written(self.style, self.host, listed, has_odd_guids=self.makes_up_guids)
        match self.trouble:
            case "":
                self.site.page(self.path, document, content_type=content_type)
            case "stale":  # "not modified" whatever happened, as long as it is asked whether it was
                headers = {"ETag": self.tag} if self.tag else {}
                self.site.page(self.path, document, content_type=content_type, headers=headers)
            case "a page":
                self.site.page(self.path, article_page("Situs sedang diperbaiki", ["Silakan kembali nanti."]))
            case "noise":
                self.site.page(self.path, bytes(range(256)) * 9, content_type=content_type)
            case "nothing":
                self.site.page(self.path, b"", content_type=content_type)
            case status:
                self.site.fail(self.path, int(status))

    def has_shown_since(self, asked: int) -> bool:
        """Whether it gave its document to one of the requests after these."""
        now = self.site._pages[self.path]
        requests = [request for request in self.site.requests[asked:] if request.path == self.path]
        if self.trouble not in {"", "stale"} or not requests or unchanged(requests[-1], now):
            return False
        self.tag = now.headers.get("ETag", "")
        return True


def written(style: Style, host: str, pieces: Sequence[Piece], *, has_odd_guids: bool) -> str:
    items = [_said(style, piece, has_odd_guids=has_odd_guids) for piece in pieces]
    if style.kind == "json":
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "Kabar", "items": items})
    odd = "<br>" if style.kind == "ill-formed rss" else ""
    head = f"<title>Kabar{odd}</title><link>{host}/</link>"
    return f'<rss version="2.0"><channel>{head}{"".join(map(_item, items))}</channel></rss>'


def _said(style: Style, piece: Piece, *, has_odd_guids: bool) -> Mapping[str, str]:
    link = link_of(style, piece)
    guid = piece.guid if style.guids == "own" or has_odd_guids else link if style.guids == "links" else ""
    date = piece.published.isoformat() if style.has_dates else ""
    said = {"id": guid, "url": link, "title": piece.title, "content_text": piece.text, "date_published": date}
    return {name: value for name, value in said.items() if value}


def _item(said: Mapping[str, str]) -> str:
    return f"<item>{''.join(f'<{TAGS[name]}>{escape(value)}</{TAGS[name]}>' for name, value in said.items())}</item>"


styles = st.builds(
    Style,
    kind=st.sampled_from(["rss", "rss", "ill-formed rss", "json"]),
    guids=st.sampled_from(["own", "own", "links", "none"]),
    links=st.sampled_from(["own", "own", "own", "one", "none"]),
    has_dates=st.sampled_from([True, True, False]),
).filter(lambda style: style.links != "one" or style.guids == "own")  # else a second entry takes the place of the first
places = st.integers(0, 9)

# -- its life --------------------------------------------------------------------------------------


class FeedLife(RuleBasedStateMachine):
    """One monitor, one feed, and a clock that is put on by hand."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.desk = world.desk()
        self.shown: dict[int, Piece] = {}  # as each article was shown last
        self.backlog: frozenset[int] | None = None
        self.pause: timedelta | None = A_WHILE
        self.house = AsyncExitStack()
        self.opened: House | None = None
        self.is_killed = False

    @initialize(style=styles, pieces=st.integers(0, 6))
    def begins(self, style: Style, pieces: int) -> None:
        self.outlet = Outlet(self.world.site, style)
        for _ in range(pieces):
            self.outlet.publish(self.desk.clock())

    # -- what its outlet does -----------------------------------------------------------------------

    @rule(pieces=st.integers(1, 3))
    def publishes(self, pieces: int) -> None:
        for _ in range(pieces):
            self.outlet.publish(self.desk.clock())

    @rule(age=st.sampled_from([timedelta(hours=5), timedelta(days=30)]))
    def publishes_what_is_old(self, age: timedelta) -> None:
        self.outlet.publish(self.desk.clock() - age)

    @rule(which=places, words=st.sampled_from(["(diperbarui)", "- Foto", "hari ini"]))
    def edits_a_title(self, which: int, words: str) -> None:
        self._change(which, lambda piece: replace(piece, title=f"{piece.title} {words}"))

    @rule(which=places, words=st.sampled_from(["Berita ini diperbarui.", "Foto: Ana."]))
    def edits_a_text(self, which: int, words: str) -> None:
        self._change(which, lambda piece: replace(piece, text=f"{piece.text} {words}"))

    @rule(which=places, by=st.sampled_from([timedelta(hours=1), timedelta(days=1), timedelta(hours=-2)]))
    def dates_it_anew(self, which: int, by: timedelta) -> None:
        self._change(which, lambda piece: replace(piece, published=piece.published + by))

    @rule(which=places)
    def gives_one_another_guid(self, which: int) -> None:
        self._give_other_guids(which % max(1, len(self.outlet.listed)))

    @rule()
    def gives_all_other_guids(self) -> None:
        self._give_other_guids(*range(len(self.outlet.listed)))

    @precondition(lambda self: self.outlet.style.guids != "none")
    @rule()
    def makes_up_guids_at_each_fetch_or_no_more(self) -> None:
        if self._may_change_guids():
            self.outlet.makes_up_guids = not self.outlet.makes_up_guids

    def _give_other_guids(self, *places: int) -> None:
        if self._may_change_guids():
            listed = self.outlet.listed
            for place in places[: len(listed)]:
                listed[place] = replace(listed[place], guid=f"{listed[place].guid}-x")

    def _may_change_guids(self) -> bool:
        """From then on, entries may be known by something else at any time."""
        pieces = (*self.outlet.listed, *self.outlet.taken_off)
        self.outlet.is_steady = not all(self._is_known(piece, is_steady=False) for piece in pieces)
        return not self.outlet.is_steady

    @rule(host=st.sampled_from(HOSTS))
    def moves_its_articles(self, host: str) -> None:
        outlet = self.outlet
        moved = [replace(piece, site=host) for piece in outlet.listed]
        if all(self._is_known(piece) for piece in moved):
            outlet.listed, outlet.host = moved, host

    @rule(which=places)
    def takes_one_off(self, which: int) -> None:
        if self.outlet.listed:
            self.outlet.taken_off.append(self.outlet.listed.pop(which % len(self.outlet.listed)))

    @rule(which=places, place=places)
    def lists_one_again(self, which: int, place: int) -> None:
        if self.outlet.taken_off:
            piece = self.outlet.taken_off.pop(which % len(self.outlet.taken_off))
            self.outlet.listed.insert(place, piece)

    @rule(random=st.randoms(use_true_random=False))
    def puts_them_in_another_order(self, random: Random) -> None:
        random.shuffle(self.outlet.listed)

    @rule()
    def lists_one_twice_or_no_more(self) -> None:
        self.outlet.lists_one_twice = not self.outlet.lists_one_twice

    @precondition(lambda self: self.outlet.moves < MOST_MOVES and not self.outlet.trouble)
    @rule(status=st.sampled_from([301, 302, 308]))
    def moves_the_feed(self, status: int) -> None:
        self.outlet.moves += 1
        for old in range(self.outlet.moves):
            self.world.site.redirect(f"/rss-{old}", self.outlet.path, status=status)

    @rule(trouble=st.sampled_from(["", "", "", "500", "404", "503", "429", "a page", "noise", "nothing", "stale"]))
    def gets_into_trouble_or_out_of_it(self, trouble: str) -> None:
        self.outlet.trouble = trouble

    def _change(self, which: int, change: Callable[[Piece], Piece]) -> None:
        """What is listed there, if it can be known again afterwards."""
        listed = self.outlet.listed
        if listed:
            changed = change(listed[which % len(listed)])
            if self._is_known(changed):
                listed[which % len(listed)] = changed

    def _is_known(self, piece: Piece, *, is_steady: bool | None = None) -> bool:
        shown = self.shown.get(piece.number)
        steady = self.outlet.is_steady if is_steady is None else is_steady
        return shown is None or is_still_known(shown, piece, self.outlet.style, is_steady=steady)

    # -- what we do ---------------------------------------------------------------------------------

    @rule(pause=st.sampled_from(PAUSES))
    def we_look_every(self, pause: timedelta | None) -> None:
        self.pause = pause

    @invariant()
    def we_look(self) -> None:
        if self.pause is not None:
            self._look(self.pause, "poll", "ingest", "deliver terminal")
            self._all_is_told_once()

    @rule()
    def we_are_stopped_after_asking(self) -> None:
        self._look(A_WHILE, "poll")
        self._leave()

    @precondition(lambda self: not self.is_killed)
    @rule()
    def we_are_killed_while_asking(self) -> None:
        self.desk.database.write(feeds.claim, now=self.desk.clock(), limit=9)
        self._leave()
        self.desk.database.close()
        self.desk.database = Database(self.desk.database.url.render_as_string(hide_password=False))
        self.is_killed = True

    @rule()
    def we_tidy(self) -> None:
        self.world.run(self._house().crew.tidy.tidy())

    def _look(self, pause: timedelta, *stages: str) -> None:
        self.desk.clock.now += pause
        self.outlet.serve()
        asked = len(self.world.site.requests)
        for stage in stages:
            self.world.run(self._house().engine.drain(stage))
        self.is_killed = False
        if self.outlet.has_shown_since(asked):
            self.shown |= {piece.number: piece for piece in self.outlet.listed}
            self.backlog = frozenset(self.shown) if self.backlog is None else self.backlog

    def _house(self) -> House:
        if self.opened is None:
            feed = local(self.world.site.url_of("/rss-0"), backlog="skip", full_text="never")
            ground = self.desk.ground(feeds=(feed,), topics=(TOPIC,))
            self.house = AsyncExitStack()
            self.opened = self.world.run(self.house.enter_async_context(open_house(ground)))
        return self.opened

    def _leave(self) -> None:
        if self.opened is not None:
            self.world.run(self.opened.engine.stop(grace=A_WHILE))
        self.world.run(self.house.aclose())
        self.opened = None

    def _all_is_told_once(self) -> None:
        messages = self.desk.console.getvalue().split(SEPARATOR)
        news = [message for message in messages if not message.lstrip().startswith("Correct")]
        lines = [line for message in news for line in message.splitlines()]
        told = Counter(
            number for line in lines for number, title in self.outlet.titles.items() if line.startswith(title)
        )
        assert told == Counter(self.shown.keys() - (self.backlog or frozenset()))

    def teardown(self) -> None:
        self._leave()
        self.desk.database.close()


# -- the world -------------------------------------------------------------------------------------


@dataclass
class World:
    """What outlives a run: a site, a loop with its worker processes, an empty database to copy."""

    folder: Path
    site: Site
    runner: asyncio.Runner
    desks: count[int] = field(default_factory=count)

    @property
    def empty(self) -> Path:
        return self.folder / "empty.db"

    def desk(self) -> Desk:
        folder = self.folder / str(next(self.desks))
        folder.mkdir()
        shutil.copyfile(self.empty, folder / "monitor.db")
        self.site.requests.clear()
        return Desk(folder, Database(f"sqlite:///{folder / 'monitor.db'}"))

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.runner.run(doing)


def test_each_article_that_a_feed_ever_showed_is_told_once_whatever_it_does(tmp_path: Path) -> None:
    with Site() as site, asyncio.Runner() as runner:
        world = World(tmp_path, site, runner)
        prepared(world.empty).close()

        class ThisLife(FeedLife):
            def __init__(self) -> None:
                super().__init__(world)

        wanted = hypothesis.settings(max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None)
        run_state_machine_as_test(ThisLife, settings=wanted)
