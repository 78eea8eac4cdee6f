"""Progress bars for a person at a terminal; nothing where output goes into a pipe."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Final

from monitor.metrics import Metrics
from monitor.trial import Progress

OFTEN: Final = 0.2  # seconds


@asynccontextmanager
async def progress(metrics: Metrics, *, feeds: int) -> AsyncIterator[None]:
    if not sys.stderr.isatty():
        yield
        return
    drawing = asyncio.create_task(_draw(metrics, feeds))
    try:
        yield
    finally:
        drawing.cancel()
        with suppress(asyncio.CancelledError):
            await drawing


async def _draw(metrics: Metrics, feeds: int) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        polled = bars.add_task("feeds", total=feeds)
        read = bars.add_task("articles", total=0)
        while True:
            done = metrics.total("articles") + metrics.total("copies")
            bars.update(polled, completed=min(metrics.total("polls"), feeds))
            bars.update(read, completed=done, total=max(metrics.total("entries"), done))
            await asyncio.sleep(OFTEN)


@contextmanager
def reading(*, quietly: bool, what: str = "reading the archive") -> Iterator[Progress]:
    """A bar while the archive is read."""
    if quietly or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, total: bars.update(task, completed=done, total=total)
