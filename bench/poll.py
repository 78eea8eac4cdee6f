"""The table: what a round over many feeds costs, beside the library `reader` and bare requests.

    python -m bench.poll [--feeds 1000] [--entries 30] [--repeat 3] [--ports 1] [--backlog alert] [--pages 40x5]
                         [--tls] [--latency-ms 50]

Three rounds over the same feeds, `full_text: never`: cold (nothing known), unchanged (304 throughout), and after a tenth
of the feeds got one new entry. Each peer is a process of its own, on a fresh database, against the same origin; its start
is not counted. CPU and wall seconds are those of asking, parsing and storing; what only we do with what is new stands
beside it. Who comes first changes with every repetition, and the table shows medians. After each round
the origin's counts of answers and the entries stored are checked. Preparing is not measured (the feeds of `reader` are
added before; ours are read from the configuration within the measured run).

The last row: articles per CPU second with `full_text: always`, pages fetched, extracted, judged and archived.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.measure import CommandError, Cost
from bench.origin import CERTIFICATE, Origin, running
from bench.peers import Floor, Monitor, Peer, Reader, WrongRunError, monitor_is_there, reader_is_there

COLD: Final = "cold"
UNCHANGED: Final = "unchanged"
NEW: Final = "10 % with one new"
ROUNDS: Final = (COLD, UNCHANGED, NEW)
SHARE: Final = 0.1
COLUMNS: Final = (
    ("CPU s", "cpu", "{:.2f}"),
    ("wall s", "wall", "{:.2f}"),
    ("judging", "rest", "{:.2f}"),  # CPU s of what only we do: what is new is read, matched, grouped, told, archived
    ("peak MB", "peak_mb", "{:.0f}"),
    ("main MB", "main_mb", "{:.0f}"),
)


@dataclass(slots=True)
class Results:
    """All costs, by round and peer."""

    costs: dict[tuple[str, str], list[Cost]] = field(default_factory=dict)

    def add(self, when: str, peer: str, cost: Cost) -> None:
        self.costs.setdefault((when, peer), []).append(cost)

    def median(self, when: str, peer: str, what: str) -> float | None:
        measured = self.costs.get((when, peer))
        return statistics.median(getattr(cost, what) for cost in measured) if measured else None


def compare(peers: Sequence[Peer], options: argparse.Namespace) -> Results:
    results = Results()
    for repetition in range(options.repeat):
        turn = repetition % len(peers)
        ordered = [*peers[turn:], *peers[:turn]]
        with (
            running(
                feeds=options.feeds,
                entries=options.entries,
                ports=options.ports,
                seed=repetition,
                tls=options.tls,
                latency_ms=options.latency_ms,
            ) as origin,
            tempfile.TemporaryDirectory() as folder,
        ):
            one_repetition(ordered, origin, Path(folder), results)
    return results


def one_repetition(peers: Sequence[Peer], origin: Origin, folder: Path, results: Results) -> None:
    stored = origin.feeds * origin.entries
    for peer in peers:
        (folder / peer.name).mkdir()
        peer.prepare(folder / peer.name, origin.urls)
    for when in ROUNDS:
        added = origin.add(SHARE) if when == NEW else 0
        stored += added
        wanted = answers(when, origin.feeds, added)
        for peer in peers:
            say(f"{when}: {peer.name} …")
            results.add(when, peer.name, checked_round(peer, origin, folder / peer.name, wanted, stored))


def answers(when: str, feeds: int, changed: int) -> Counter[str]:
    """What the origin must have answered to one peer."""
    fresh = feeds if when == COLD else changed
    return +Counter({"feed 200": fresh, "feed 304": feeds - fresh})


def checked_round(peer: Peer, origin: Origin, folder: Path, wanted: Counter[str], stored: int) -> Cost:
    before = origin.counts()
    cost = peer.round(folder)
    if (given := origin.counts() - before) != wanted:
        raise WrongRunError(f"{peer.name} asked for {dict(given)}, not {dict(wanted)}; it said: {cost.output}")
    if (entries := peer.entries(folder)) not in {None, stored}:
        raise WrongRunError(f"{peer.name} stores {entries} entries, not {stored}; it said: {cost.output}")
    return cost


# -- pages ---------------------------------------------------------------------------------------


def read_pages(feeds: int, entries: int, ports: int) -> tuple[Cost, Cost]:
    """A first round that reads every page, and one that reads none, to be taken off."""
    peer = Monitor(full_text="always")
    pages = feeds * entries
    with running(feeds=feeds, entries=entries, ports=ports) as origin, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        peer.prepare(folder, origin.urls)
        say(f"pages: {pages} articles …")
        wanted = answers(COLD, feeds, 0) + Counter({"article 200": pages})
        return (
            checked_round(peer, origin, folder, wanted, pages),
            checked_round(peer, origin, folder, answers(UNCHANGED, feeds, 0), pages),
        )


def pages_line(pages: int, full: Cost, idle: Cost) -> str:
    alone = max(full.cpu - idle.cpu, 0.001)
    return (
        f"full_text: always, {pages} articles: {pages / full.cpu:.1f} articles per CPU second "
        f"({pages / alone:.1f} without start and poll), CPU {full.cpu:.2f} s, wall {full.wall:.2f} s, "
        f"peak {full.peak_mb:.0f} MB"
    )


# -- the table -----------------------------------------------------------------------------------


def table(results: Results, names: Sequence[str]) -> str:
    lines = [f"{'':<28}" + "".join(f"{name:>10}" for name in names) + f"{'monitor/reader':>17}"]
    for when in ROUNDS:
        for title, what, form in COLUMNS:
            shown = "".join(f"{cell(results.median(when, name, what), form):>10}" for name in names)
            lines.append(f"{when:<19}{title:<9}{shown}{cell(ratio(results, when, what), '{:.3f}'):>17}")
    return "\n".join(lines)


def cell(value: float | None, form: str) -> str:
    return "-" if value is None else form.format(value)


def ratio(results: Results, when: str, what: str) -> float | None:
    ours, theirs = (results.median(when, name, what) for name in ("monitor", "reader"))
    return ours / theirs if ours is not None and theirs else None


def load() -> str:
    return f"{os.getloadavg()[0]:.1f}"


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def those_there(backlog: str) -> Iterable[Peer]:
    if monitor_is_there():
        yield Monitor(backlog="skip" if backlog == "skip" else "alert")
    else:
        say("`monitor once` can't be run: left out")
    if reader_is_there():
        yield Reader()
    else:
        say("the library `reader` is not installed (make .venv/.bench): left out")
    yield Floor()


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.poll", description="What a round over many feeds costs.")
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--entries", type=int, default=30)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--ports", type=int, default=1, help="hosts the feeds are dealt out over")
    parser.add_argument(
        "--backlog", choices=("alert", "skip"), default="alert", help="skip: the first round only remembers"
    )
    parser.add_argument("--tls", action="store_true", help="https, under a certificate that all are told to trust")
    parser.add_argument("--latency-ms", type=float, default=0, help="before every answer")
    parser.add_argument("--pages", default="40x5", help="feeds x entries of the row with pages; 0x0 leaves it out")
    return parser.parse_args()


def main() -> None:
    options = asked()
    if options.tls:  # as it is done behind a company's proxy: for OpenSSL, and for requests, which `reader` asks with
        os.environ |= dict.fromkeys(("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"), str(CERTIFICATE))
    peers = list(those_there(options.backlog))
    names = [peer.name for peer in peers]
    before = load()
    results = compare(peers, options)
    feeds, entries = map(int, options.pages.split("x"))
    pages = read_pages(feeds, entries, min(options.ports, feeds)) if feeds and "monitor" in names else None
    print(
        f"{options.feeds} feeds × {options.entries} entries, full_text: never, backlog: {options.backlog}, "
        f"{'https' if options.tls else 'http'}, {options.latency_ms:g} ms latency; "
        f"medians of {options.repeat}, alternating"
    )
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, load {before} before, {load()} after\n")
    print(table(results, names))
    if pages:
        print(f"\n{pages_line(feeds * entries, *pages)}")


if __name__ == "__main__":
    try:
        main()
    except (CommandError, WrongRunError) as error:
        sys.exit(f"{type(error).__name__}: {error}")
