"""The table: how many articles a CPU second are asked of many topics, beside other ways to do it.

    python -m bench.matching [FOLDER] [--topics 100,1000,10000,100000] [--articles 400] [--seconds 5] [--language id]

FOLDER holds `articles.jsonl` (as for bench.stories); without one, texts are invented. They are cut or joined to 450
words. Half of them are asked, the topics are drawn from the other half: 70 % mixes of AND, OR and NOT, 16 % phrases,
8 % NEAR/5, 6 % one of some phrases; a quarter have a name that no text has.

The engines get the same words, read before: the index (by the length of words, and by how rare they are in the other
half), the plain evaluator in a loop, a compiled regex a topic, and a PostgreSQL table of tsquery, by its backend's CPU.
Each is measured for so many seconds, three articles at least, and must find the same. Each number of topics has a
process of its own, whose resident memory is told.

Last: from raw text to matches, analysis and stems included: the first hundred texts of a process, texts that it never
saw after it read the others, the same again, and with evidence. (The topics' own half is among those read before.)
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Final, ParamSpec, TypeVar

from bench.matching_rivals import Ask, measured, one_regex_each, plain_loop, postgresql, tsquery_table
from bench.matching_topics import Raw, Wanted, of_one_length, plain, raw_texts, topics_of
from monitor.model import Article
from monitor.settings import AlertPolicy, Topic
from monitor.topics.evaluate import Fields
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all

RAW_TOPICS: Final = 1000


class WrongMatchesError(Exception):
    """Two engines found different things."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to measure."""

    folder: Path | None
    articles: int
    seconds: float
    language: str
    uri: str | None  # of PostgreSQL


@dataclass(frozen=True, slots=True)
class Line:
    topics: int
    matches: float  # an article
    speeds: dict[str, float]  # articles a CPU second
    compared: int  # articles that all engines were asked
    compile: float  # CPU seconds, in all
    index: float  # of these for the index
    megabytes: float


@dataclass(frozen=True, slots=True)
class FromText:
    """Articles a CPU second, from raw text to the names of topics."""

    first: float  # of a process that has read nothing yet
    unseen: float
    seen: float
    with_evidence: float
    words: float
    known: int  # articles read before the unseen ones


# -- engines -------------------------------------------------------------------------------------


def line(asked: Asked, topics: int) -> Line:
    texts = [plain(raw) for raw in of_one_length(raw_texts(asked.folder))]
    random.Random("halves").shuffle(texts)
    half = len(texts) // 2
    wanted = topics_of(texts[half:], topics, "topics")
    before = resident()
    watchlist, compile_cost = compiled(wanted, "none")
    megabytes = resident() - before
    group = watchlist.groups[0]
    read = [(raw, group.read({"title": raw[0], "body": raw[1]})) for raw in texts[:half][: asked.articles]]
    often = Counter(form for raw in texts[half:] for form in {*raw[0].split(), *raw[1].split()})
    began = time.process_time()
    weighed = watchlist.weighed(lambda word: -often[word])
    index_cost = time.process_time() - began
    speeds: dict[str, float] = {}
    found: dict[str, list[set[int]]] = {}
    ours = {
        "index": engine(watchlist),
        "weighed": engine(weighed),
        "loop": plain_loop([watch.question for watch in group.watches]),
    }
    for name, ask in (ours | {"regex": one_regex_each(wanted)}).items():
        speeds[name], found[name] = measured(ask, read, time.process_time, asked.seconds)
    if asked.uri:
        with tsquery_table(asked.uri, wanted) as (ask, clock):
            speeds["tsquery"], found["tsquery"] = measured(ask, read, clock, asked.seconds)
    compared = same(found, wanted)
    matches = sum(map(len, found["index"])) / len(found["index"])
    return Line(topics, matches, speeds, compared, compile_cost, index_cost, megabytes)


def engine(watchlist: Watchlist) -> Ask:
    (group,) = watchlist.groups

    def ask(raw: Raw, fields: Fields) -> set[int]:
        return {place for place, _ in group.asked(fields, article(raw))}

    return ask


def compiled(wanted: Sequence[Wanted], language: str) -> tuple[Watchlist, float]:
    topics = [
        Topic(name=f"{place}", query=topic.query, language=language, channels=(), policy=AlertPolicy())
        for place, topic in enumerate(wanted)
    ]
    began = time.process_time()
    watchlist, errors = compile_all(topics, Vocabulary())
    if errors:
        raise errors[0][1]
    for group in watchlist.groups:
        _ = group.index  # made when it is asked for
    return watchlist, time.process_time() - began


def same(found: dict[str, list[set[int]]], wanted: Sequence[Wanted]) -> int:
    """How many articles all engines were asked; each must have found the same."""
    compared = min(map(len, found.values()))
    for name, those in found.items():
        for mine, theirs in zip(found["loop"][:compared], those[:compared], strict=True):
            if mine != theirs:
                queries = [wanted[place].query for place in sorted(mine ^ theirs)[:3]]
                raise WrongMatchesError(f"{name} finds {len(theirs)}, the loop {len(mine)}; not the same: {queries}")
    return compared


def resident() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


# -- from text -----------------------------------------------------------------------------------


def from_text(asked: Asked) -> FromText:
    raw = of_one_length(raw_texts(asked.folder))
    random.Random("halves").shuffle(raw)
    half = len(raw) // 2
    wanted = topics_of([plain(each) for each in raw[half:]], RAW_TOPICS, "topics")
    watchlist, _ = compiled(wanted, asked.language)
    articles = [article(each) for each in reversed(raw)]
    fresh = articles[-len(articles) // 8 :]
    known = articles[: -len(fresh)]
    return FromText(
        first=speed(watchlist.topics, known[:100]),
        known=100 + read(watchlist, known[100:]),
        unseen=speed(watchlist.topics, fresh),
        seen=speed(watchlist.topics, fresh),
        with_evidence=speed(watchlist.match, fresh),
        words=sum(len(each.text.split()) for each in fresh) / len(fresh),
    )


def read(watchlist: Watchlist, articles: Sequence[Article]) -> int:
    """So that most of their words are known, as in a service that has run for a while."""
    for each in articles:
        watchlist.topics(each)
    return len(articles)


def speed(ask: Callable[[Article], object], articles: Sequence[Article]) -> float:
    began = time.process_time()
    for each in articles:
        ask(each)
    return len(articles) / (time.process_time() - began)


def article(raw: Raw) -> Article:
    return Article("k", "https://example.com/a", *raw, datetime(2026, 1, 1, tzinfo=UTC), "example.com", "feed", "")


# -- the table -----------------------------------------------------------------------------------

ENGINES: Final = ("index", "weighed", "loop", "regex", "tsquery")


def table(lines: Sequence[Line]) -> str:
    head = f"{'topics':>8}{'matches':>9}" + "".join(f"{name:>10}" for name in ENGINES)
    rows = [f"{head}{'× loop':>9}{'compile':>9}{'index':>8}{'MB':>7}{'compared':>10}"]
    for each in lines:
        speeds = "".join(f"{shown(each.speeds.get(name)):>10}" for name in ENGINES)
        times = each.speeds["index"] / each.speeds["loop"]
        costs = f"{each.compile:>7.2f} s{each.index:>6.2f} s{each.megabytes:>7.0f}{each.compared:>10}"
        rows.append(f"{each.topics:>8,}{each.matches:>9.1f}{speeds}{times:>9.0f}{costs}")
    return "\n".join(rows)


def shown(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}" if value >= 20 else f"{value:.2g}"


def asked_for() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.matching", description="Many topics asked of an article.")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--topics", default="100,1000,10000,100000")
    parser.add_argument("--articles", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--language", default="id", help="of the topics in the last line")
    parser.add_argument("--no-postgresql", action="store_true")
    return parser.parse_args()


def main() -> None:
    options = asked_for()
    load = os.getloadavg()[0]
    with nullcontext(None) if options.no_postgresql else postgresql() as uri:
        asked = Asked(options.folder, options.articles, options.seconds, options.language, uri)
        lines = []
        for topics in map(int, options.topics.split(",")):
            print(f"{topics} topics …", file=sys.stderr, flush=True)
            lines.append(alone(line, asked, topics))
        text = alone(from_text, asked)
    print(f"Python {platform.python_version()}, {os.cpu_count()} CPUs, load {load:.1f} before; articles a CPU second\n")
    print(table(lines))
    print(
        f"\nfrom raw text, {RAW_TOPICS:,} topics, language {asked.language}, {text.words:.0f} words an article: "
        f"{text.first:,.0f} articles a CPU second at the start, {text.unseen:,.0f} after {text.known:,} others, "
        f"{text.seen:,.0f} of those seen before, {text.with_evidence:,.0f} with evidence"
    )


P = ParamSpec("P")
T = TypeVar("T")


def alone(measure: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
    """In a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(measure, *args, **options).result()


if __name__ == "__main__":
    try:
        main()
    except WrongMatchesError as error:
        sys.exit(f"{type(error).__name__}: {error}")
