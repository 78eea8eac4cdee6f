"""The page: how long each takes and what it weighs, while the daemon polls.

    python -m bench.web [--articles 500000] [--feeds 2000] [--topics 200] [--times 100] [--data FOLDER]

The daemon runs as anybody would start it, on a database that half a year of a busy newsroom left, with feeds that are asked
every 15 minutes of an origin on loopback. Each page is asked for so many times in turn with all others, so that a busy
moment meets all of them. The floor is `/healthz` of the same server in the same run: what asking alone takes. Filling the
database takes some minutes and is not measured; with --data it is kept for the next run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx

from bench.origin import running
from bench.prose import vocabulary, words
from bench.web_store import House, fill, readdress

FLOOR: Final = "/healthz"
SHARE: Final = 0.1  # of the feeds that list something new meanwhile
GOAL_MS: Final = 50
GOAL_KB: Final = 100
START_LIMIT: Final = 60.0
READING_LIMIT: Final = 300.0


def pages(house: House) -> Sequence[str]:
    common, other = two_words()
    topic = quote(house.topics[3], safe="")
    story = house.articles // 3 - 5
    return (
        FLOOR, "/", "/stories", f"/stories?topic={topic}", f"/stories/{story}", f"/articles/{house.articles - 5}",
        f"/search?q={common}", f"/search?q={common}+{other}", f"/search?q=%22{common}+{other}%22", f"/search?q={common}&feed=Kabar+7",
        "/search?q=tidakada", "/topics", f"/topics/{topic}", f"/topics/{topic}/atom", "/atom", "/feeds", "/deliveries",
        "/deliveries?state=dead", "/settings", "/api/v1/articles?limit=20", "/api/v1/stories", "/api/v1/feeds", "/api/v1/topics",
    )  # fmt: skip


def two_words() -> tuple[str, str]:
    drawn = words(random.Random(0), 2_000)
    ranked = sorted(set(drawn), key=drawn.count, reverse=True)
    return ranked[0], ranked[1]


def main() -> None:
    options = asked()
    with running(feeds=options.feeds, entries=10) as origin, folder_for(options.data) as folder:
        topics = [f"Topik {number} tentang hal yang penting" for number in range(options.topics)]
        house = House(options.articles, origin.urls, topics)
        if not (folder / "monitor.db").exists():
            say(f"filling {folder} with {options.articles} articles …")
            fill(folder / "monitor.db", house)
        else:
            readdress(folder / "monitor.db", house)
        with daemon(folder, house) as address:
            origin.add(SHARE)
            taken, weights = measured(address, pages(house), options.times)
    report(taken, weights)


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=500_000)
    parser.add_argument("--feeds", type=int, default=2_000)
    parser.add_argument("--topics", type=int, default=200)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--data", type=Path)
    return parser.parse_args()


@contextmanager
def folder_for(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@contextmanager
def daemon(folder: Path, house: House) -> Iterator[str]:
    """The address of its page, once it answers and has settled."""
    port = 8943
    settings = {
        "channels": {"terminal": "console"},
        "feeds": [{"url": url, "name": f"Kabar {number}", "full_text": "never", "allow_private": True} for number, url in enumerate(house.feeds)],
        "topics": [{"name": topic, "query": f"{first} {second}"} for topic, first, second in queries(house)],
        "alerts": {"channels": ["terminal"]},
        "storage": {"url": f"sqlite:///{folder / 'monitor.db'}", "archive": str(folder / "articles")},
        "web": {"listen": f"127.0.0.1:{port}"},
    }  # fmt: skip
    (folder / "config.yaml").write_text(json.dumps(settings))  # JSON is YAML
    command = [sys.executable, "-m", "monitor", "run", "-c", str(folder / "config.yaml")]
    with (folder / "log").open("w") as log, subprocess.Popen(command, stdout=log, stderr=log) as child:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, child)
            wait_for_first_readings(folder / "monitor.db", len(house.feeds))
            yield address
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(30)


def queries(house: House) -> Iterator[tuple[str, str, str]]:
    """Of words that are neither common nor rare, as those of topics are."""
    rng, known = random.Random(3), vocabulary()[0][300:]
    for topic in house.topics:
        first, second = rng.sample(known, 2)
        yield topic, first, second


def wait_for(address: str, child: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_LIMIT
    while time.monotonic() < until and child.poll() is None:
        try:
            if httpx.get(f"{address}{FLOOR}").status_code == 200:
                time.sleep(5)
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise SystemExit("the daemon did not start; its log says why")


def wait_for_first_readings(path: Path, feeds: int) -> None:
    """Of all feeds at once; what is measured is an ordinary hour."""
    until = time.monotonic() + READING_LIMIT
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        while time.monotonic() < until:
            (read,) = database.execute("SELECT count(*) FROM feed WHERE first_read_at IS NOT NULL").fetchone()
            if read >= feeds:
                return
            time.sleep(1)
    say("not all feeds were read in time; they are read while the pages are asked for")


def measured(address: str, paths: Sequence[str], times: int) -> tuple[Mapping[str, list[float]], Mapping[str, float]]:
    """Milliseconds and kB by path."""
    taken: dict[str, list[float]] = {path: [] for path in paths}
    weights: dict[str, float] = {}
    with httpx.Client(base_url=address, timeout=60) as client:
        for number in range(times + 1):
            for path in paths:
                began = time.perf_counter()
                answer = client.get(path)
                spent = (time.perf_counter() - began) * 1000
                answer.raise_for_status()
                weights[path] = len(answer.content) / 1000
                if number:  # the first round warms up
                    taken[path].append(spent)
    return taken, weights


def report(taken: Mapping[str, list[float]], weights: Mapping[str, float]) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'page':58} {'p50 ms':>8} {'p95':>8} {'p99':>8} {'kB':>7}")
    for path, times in taken.items():
        cuts = statistics.quantiles(times, n=100)
        missed = " (goal missed)" if cuts[49] > GOAL_MS or weights[path] > GOAL_KB else ""
        print(f"{path[:58]:58} {cuts[49]:8.1f} {cuts[94]:8.1f} {cuts[98]:8.1f} {weights[path]:7.1f}{missed}")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
