"""The program as `python -m monitor` starts it, as far as its workers can tell.

It reads a feed and a page, and reports; with `work SECONDS` it gives its worker so long to do, names it, and waits; with
`deaf` it was started by who ignores alarms, names its idle worker, and waits; with `steady` a burst of work is followed by a
little, again and again, until idle workers would have been looked through.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from datetime import timedelta
from functools import partial

from anyio import to_process

import monitor.__main__ as main_module
from monitor.app.configuration import configuration
from monitor.model import Entry, Page
from monitor.parse.article import Pages, extract
from monitor.parse.feed import parse_feed
from monitor.work.cpu import Cpu, Limits
from tests.build import NOON
from tests.pages import FeedEntry, article_page, rss
from tests.work.desk import KIM, PARAGRAPHS
from tests.work.probes import loaded, memory, process_id, sleep


async def report() -> dict[str, object]:
    cpu = Cpu(1)
    document = rss("Kabar", "http://example.com", [FeedEntry(KIM, "/1")]).encode()
    parsed = await cpu.call(partial(parse_feed, document, url="http://example.com/rss"))
    entry: Entry = parsed.entries[0]
    page = Page("http://example.com/1", article_page(KIM, PARAGRAPHS).encode(), "text/html; charset=utf-8")
    reading = partial(extract, entry, Pages((page,)), feed="rss", feed_name="Kabar", first_seen_at=NOON)
    article = (await cpu.call(reading)).article
    return {
        "title": article.title,
        "here": sorted(loaded()),
        "worker": sorted(await cpu.call(loaded)),
        "memory": await cpu.call(memory),
    }


async def work(seconds: float) -> None:
    cpu = Cpu(1, Limits(seconds=1))
    worker = await cpu.call(process_id)
    at_work = asyncio.create_task(cpu.call(sleep, seconds))
    await asyncio.sleep(0.1)
    print(worker, flush=True)
    await at_work
    await asyncio.Event().wait()


async def deaf() -> None:
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    print(await Cpu(1, idle=timedelta(seconds=0.2)).call(process_id), flush=True)
    await asyncio.Event().wait()


async def steady() -> None:
    """Five minutes in half a second."""
    to_process.WORKER_MAX_IDLE_TIME = 0.5  # type: ignore[assignment]  # there it is whole seconds
    cpu = Cpu(4, idle=timedelta(seconds=0.25))
    await asyncio.gather(*(cpu.call(sleep, 0.2) for _ in range(4)))
    for _ in range(10):
        await asyncio.sleep(0.1)
        await cpu.call(process_id)


if __name__ == "__main__":
    assert callable(configuration)  # all that the daemon loads is loaded
    sys.modules["__main__"] = main_module
    match sys.argv[1:]:
        case ["work", seconds]:
            asyncio.run(work(float(seconds)))
        case ["deaf"]:
            asyncio.run(deaf())
        case ["steady"]:
            asyncio.run(steady())
        case _:
            print(json.dumps(asyncio.run(report())))
