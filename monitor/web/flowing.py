"""Pages that come piece by piece: what takes long says meanwhile how far it is. Needs no script: the page just goes on.

Whatever is said of the way stands in one element, which the style sheet hides as soon as something follows it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from markupsafe import Markup, escape
from starlette.responses import StreamingResponse

from monitor.trial import Progress
from monitor.web.dress import Voice
from monitor.web.failures import status_of, text_for

OFTEN: Final = 0.4  # seconds between two words on the way
# A proxy that gathers the whole page first would say nothing for as long as it takes.
_BEGIN, _END = '<div class="steps">', "</div>"
_HEADERS: Final = {"X-Accel-Buffering": "no"}

T = TypeVar("T")


class Unread(Exception):
    """Ends the work for a page that was left."""


@dataclass(slots=True)
class Way:
    """How far a piece of work is, as its thread says; `is_left` ends it at its next word."""

    done: int = 0
    total: int = 0
    is_left: bool = False

    def progress(self, done: int, total: int) -> None:
        if self.is_left:
            raise Unread
        self.done, self.total = done, total

    @property
    def percent(self) -> int | None:
        return min(100, 100 * self.done // self.total) if self.total else None


@dataclass(frozen=True, slots=True)
class Saying:
    """What is said on the way: while it counts, and when all is counted."""

    counting: str
    finishing: str


def flowing(pieces: AsyncIterator[str], voice: Voice, *, head: str, tail: str) -> StreamingResponse:
    """The head at once, then the pieces. The answer has begun when something goes wrong: then it says so in its place."""

    async def whole() -> AsyncIterator[str]:
        yield head
        try:
            async for piece in pieces:
                yield piece
        except Exception as error:  # noqa: BLE001  a page that fails must not fill the log with what nobody can read
            said = voice.say(text_for(status_of(error)))
            yield Markup('<ul class="notes" role="alert"><li class="bad">{}</li></ul>').format(said)
        yield tail

    return StreamingResponse(whole(), media_type="text/html; charset=utf-8", headers=_HEADERS)


async def on_the_way(
    work: Callable[[Progress], Awaitable[T]], done: Callable[[T], str], saying: Saying
) -> AsyncIterator[str]:
    """How far the work is, as long as it lasts; then what was made of it."""
    way = Way()
    task = asyncio.ensure_future(work(way.progress))
    has_spoken = False
    try:
        while not (await asyncio.wait((task,), timeout=OFTEN))[0]:
            yield ("" if has_spoken else _BEGIN) + _step(way, saying)
            has_spoken = True
        yield (_END if has_spoken else "") + done(task.result())
    finally:
        way.is_left = True
        task.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await task


def _step(way: Way, saying: Saying) -> str:
    percent = way.percent
    if percent is None or percent == 100:  # noqa: PLR2004  all of it
        said = saying.counting.format(percent=0) if percent is None else saying.finishing
        return f"<label>{escape(said)}<progress></progress></label>"
    said = saying.counting.format(percent=percent)
    return f'<label>{escape(said)}<progress value="{percent}" max="100"></progress></label>'
