"""The table: how well articles are grouped into stories, beside plain ways to do it.

    python -m bench.stories FOLDER… [--folds 5] [--copies] [--speed] [--store] [--live 1000]
                                   [--window 72] [--renewed 30] [--json]

Each FOLDER holds a stream: `articles.jsonl` (`id, url, title, body, published, lang, source`) and `gold.jsonl`
(`id, cluster`, where there are running stories also `topic`), either with `.gz`. None is part of this project.

The stream goes in order of time through `monitor.stories`, with candidates from memory as the store would find them
(bench/shelf.py), and with the words of the stream counted anew as the daemon does: every 30 minutes of its time, and when it has grown. Beside it, in the same run:
every article alone, equal titles, and equal wording (MinHash). Scores are explained in bench/scores.py.

--folds tells whether a threshold fits more than what it was chosen on: gold in parts, each scored by itself; running
stories, and the twins of ECB+, stay whole. (What was joined across two parts shows in the whole score only.)
--copies puts copies by other outlets into the stream (bench/syndication.py, bench/copies.py).
--speed measures the functions in CPU time; --store lets the same stream be judged in a SQLite file in a temporary
folder, and adds a row with the scores of what came of it; --live says how quick that is beside so many live stories
(200,000 of them take minutes to make).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Final

from bench.copies import copies_table
from bench.grouping import OURS, Grouping, grouped
from bench.rival_stories import alone, same_title, same_wording
from bench.scores import Label, Scores, Tellings, score
from bench.stories_speed import speed, speed_table
from bench.stories_store import live_line, store_table
from bench.streams import Piece, Stream, StreamError, folds, read

RIVALS: Final = {"each alone": alone, "same title": same_title, "MinHash": same_wording}
NAME: Final = "monitor"


def run(pieces: Sequence[Piece], gold: Sequence[Label], by: Grouping = OURS) -> Scores:
    """What a grouping is worth on a stream."""
    stories = [placed.story for placed in grouped([piece.article for piece in pieces], by)]
    return score(named(pieces, stories), gold, {piece.id: piece.article.outlet for piece in pieces})


def named(pieces: Sequence[Piece], stories: Sequence[int]) -> dict[str, int]:
    return {piece.id: story for piece, story in zip(pieces, stories, strict=True)}


def everybody(stream: Stream, by: Grouping) -> dict[str, dict[str, int]]:
    """The stories that each way makes of the stream."""
    articles = [piece.article for piece in stream.pieces]
    found = {}
    for name, rival in RIVALS.items():
        say(f"{stream.name}: {name} …")
        found[name] = named(stream.pieces, rival(articles, by.window))
    say(f"{stream.name}: {NAME} …")
    return found | {NAME: named(stream.pieces, [placed.story for placed in grouped(articles, by)])}


# -- the table -----------------------------------------------------------------------------------

Column = tuple[str, Callable[[Scores], str]]

COLUMNS: Final[tuple[Column, ...]] = (
    ("P", lambda scores: f"{scores.standard.precision:.3f}"),
    ("R", lambda scores: f"{scores.standard.recall:.3f}"),
    ("F1", lambda scores: f"{scores.standard.f1:.3f}"),
    ("BCubed", lambda scores: f"{scores.bcubed.f1:.3f}"),
    ("2-level P", lambda scores: f"{scores.two_level.precision:.3f}"),
    ("F1", lambda scores: f"{scores.two_level.f1:.3f}"),
    ("BCubed", lambda scores: f"{scores.two_level_bcubed.f1:.3f}"),
    ("swallowed", lambda scores: f"{scores.swallowed:.1%}"),
    ("excess", lambda scores: f"{scores.excess:.3f}"),
    ("per event*", lambda scores: _alerts(scores.several_articles)),
    ("once*", lambda scores: _once(scores.several_articles)),
    ("per event**", lambda scores: _alerts(scores.several_outlets)),
    ("once**", lambda scores: _once(scores.several_outlets)),
)


def _alerts(tellings: Tellings) -> str:
    return f"{tellings.alerts:.2f}" if tellings.events else "-"


def _once(tellings: Tellings) -> str:
    return f"{tellings.once:.1%}" if tellings.events else "-"


def table(rows: Mapping[str, Scores]) -> str:
    wide = [max(7, len(title) + 2) for title, _ in COLUMNS]
    first = max(map(len, rows)) + 2
    lines = [" " * first + "".join(f"{title:>{width}}" for (title, _), width in zip(COLUMNS, wide, strict=True))]
    for name, scores in rows.items():
        cells = (f"{shown(scores):>{width}}" for (_, shown), width in zip(COLUMNS, wide, strict=True))
        lines.append(f"{name:<{first}}" + "".join(cells))
    return "\n".join(lines)


def heading(stream: Stream, scores: Scores) -> str:
    return (
        f"{stream.name}: {len(stream.pieces)} articles, {scores.articles} of them scored, {scores.events} events, "
        f"{scores.several_articles.events} of several articles*, {scores.several_outlets.events} of several outlets**"
    )


def by_fold(stream: Stream, stories: Mapping[str, int], count: int) -> dict[str, Scores]:
    parts = folds(stream.gold, count)
    return {f"fold {number}": score(stories, part, stream.outlets) for number, part in enumerate(parts, 1)}


def report(stream: Stream, options: argparse.Namespace) -> dict[str, Scores]:
    found = everybody(stream, grouping(options))
    rows = {name: score(stories, stream.gold, stream.outlets) for name, stories in found.items()}
    return rows | (by_fold(stream, found[NAME], options.folds) if options.folds else {})


def grouping(options: argparse.Namespace) -> Grouping:
    renewed = timedelta(minutes=options.renewed) if options.renewed else None
    return Grouping(window=timedelta(hours=options.window), renewed=renewed)


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.stories", description="How well articles are grouped into stories, on recorded streams."
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="with articles.jsonl and gold.jsonl")
    parser.add_argument("--folds", type=int, default=0, help="score gold in so many parts, too")
    parser.add_argument("--copies", action="store_true", help="put copies into the stream, too")
    parser.add_argument("--speed", action="store_true", help="measure the functions, too")
    parser.add_argument("--store", action="store_true", help="judge the stream in a SQLite file, too")
    parser.add_argument(
        "--live", type=int, nargs="*", default=(), help="judge the end of it beside so many live stories"
    )
    parser.add_argument("--window", type=float, default=72, help="hours that a story stays open")
    parser.add_argument("--renewed", type=float, default=30, help="minutes between two counts of words; 0: no count")
    parser.add_argument("--json", action="store_true", help="one object a line")
    return parser.parse_args()


def main() -> None:
    options = asked()
    for folder in options.folders:
        stream = read(folder)
        rows = report(stream, options)
        if options.json:
            for name, scores in rows.items():
                print(json.dumps({"stream": stream.name, "grouping": name} | asdict(scores)))
        else:
            print(f"{heading(stream, rows[NAME])}\n\n{table(rows)}\n")
            further(stream, options)


def further(stream: Stream, options: argparse.Namespace) -> None:
    articles = [piece.article for piece in stream.pieces]
    if options.copies:
        say(f"{stream.name}: copies …")
        print(f"{copies_table(articles, grouping(options))}\n")
    if options.speed:
        say(f"{stream.name}: speed …")
        print(f"{machine()}\n{speed_table(speed(articles, grouping(options)))}\n")
    if options.store:
        say(f"{stream.name}: store …")
        said, stories = store_table(articles, grouping(options))
        scores = score(named(stream.pieces, stories), stream.gold, stream.outlets)
        print(f"{machine()}\n{said}\n\n{table({'through SQLite': scores})}\n")
    for live in options.live:
        say(f"{stream.name}: {live:,} live stories …")
        print(f"{live_line(live, articles, grouping(options))}\n")


def machine() -> str:
    return f"Python {platform.python_version()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}"


if __name__ == "__main__":
    try:
        main()
    except StreamError as error:
        sys.exit(f"{type(error).__name__}: {error}")
