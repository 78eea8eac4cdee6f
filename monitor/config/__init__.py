"""config.yaml → Settings: secrets filled in, every mistake with its place, its line and what to do."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from monitor.config import files
from monitor.config.blame import by_topic
from monitor.config.build import build, is_readable
from monitor.config.checks import check, oddities
from monitor.config.fill import has_placeholder
from monitor.config.include import Gathered, gather
from monitor.config.layout import HOMES, SETTINGS
from monitor.config.nodes import Node, Scalar, inside, nearest
from monitor.config.odd import odd as odd_of
from monitor.config.shape import Draft, Section, SectionOf, TooMany
from monitor.config.source import Fault, Source, shown_name
from monitor.config.storage import storage_of
from monitor.config.tree import MAX_FAULTS
from monitor.errors import ConfigError, Problem
from monitor.settings import Settings

__all__ = ["Loaded", "defaults", "load", "parse", "storage_of"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, what is odd about them, and the files they stand in."""

    settings: Settings
    warnings: tuple[Problem, ...] = ()
    looked_at: tuple[str, ...] = ()  # files and patterns of files; without an edit of one nothing will be different
    misread: Mapping[int, tuple[Problem, ...]] = field(default_factory=dict)  # by their place, topics with mistakes
    _source: Source = field(default=Source("", ()), repr=False)
    _root: Node = field(default=Scalar("", 0, 0), repr=False)

    def problem(self, path: tuple[str | int, ...], what: str, hint: str = "", offset: int = 0) -> Problem:
        """A problem at the value that stands at `path`, or at its nearest parent; `offset` counts within a text."""
        node, _ = nearest(self._root, path)
        if not isinstance(node, Scalar):  # else it is that text, or stands for it: a topic's name alone, one pattern
            return self._source.problem(Fault(node.start, what, hint))
        filled_from = node.text.find("${")  # from there on file and text do not run side by side
        offset = offset if filled_from < 0 else min(offset, filled_from)
        return self._source.problem(Fault(inside(self._source.text, node, offset), what, hint))


Verify = Callable[[Loaded], Iterable[Problem]]


def nothing_else(_loaded: Loaded) -> Iterable[Problem]:
    return ()


def load(
    path: Path, *, environ: Mapping[str, str], verify: Verify = nothing_else, now: datetime | None = None
) -> Loaded:
    """Read a configuration; ConfigError names everything that is wrong with it. With `now`, what is over is odd.

    `verify` says what other rooms can't work with. It is asked even where there are mistakes already, as far as the
    files could be read, so that their writer sees all of them at once.
    """
    try:
        content = files.read(path)
    except files.Unreadable as error:
        problem = Problem(shown_name(str(path)), 1, 1, error.what, hint=error.hint)
        raise ConfigError((problem,), (str(path.absolute()),)) from None
    return parse(content, path=path, environ=environ, verify=verify, now=now)


def parse(
    source: bytes,
    *,
    path: Path,
    environ: Mapping[str, str],
    verify: Verify = nothing_else,
    now: datetime | None = None,
) -> Loaded:
    """The same for a file's bytes; `path` is its name in messages, and what it names is looked for beside it."""
    with _nothing_collected():
        return _parsed(source, path, environ, verify, now=now)


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Trees hold no cycles; looking for some again and again, as they grow, takes as long as all the rest together."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _parsed(source: bytes, path: Path, environ: Mapping[str, str], verify: Verify, *, now: datetime | None) -> Loaded:
    read = gather(source, path, environ)
    draft = Draft(read.source, path.absolute().parent, environ, is_whole=read.is_whole)
    top, problems = _checked(draft, read)
    looked_at = tuple(dict.fromkeys((str(path.absolute()), *read.looked_at, *draft.looked_at)))
    if is_readable(top):
        odd = _problems(read.source, (*read.oddities, *draft.oddities, *oddities(draft, top)))
        misread = {at: _problems(read.source, faults) for at, faults in by_topic(read.root, draft.faults).items()}
        loaded = Loaded(build(draft, top), odd, looked_at, misread, read.source, read.root)
        odd = _in_order(read.source, dict.fromkeys((*odd, *_odd_topics(loaded), *_over(loaded, now=now))))
        loaded = replace(loaded, warnings=odd)
        problems = (*problems, *verify(loaded))
    if problems:
        raise ConfigError(_in_order(read.source, problems), looked_at)
    return loaded


def _odd_topics(loaded: Loaded) -> Iterator[Problem]:
    for path, odd in odd_of(loaded.settings):
        node, _ = nearest(loaded._root, path)  # noqa: SLF001 - its own module
        is_filled = isinstance(node, Scalar) and has_placeholder(node.text)
        hint = "look at what is filled in for ${…}" if is_filled else odd.hint
        yield loaded.problem(path, odd.what, hint, offset=odd.column - 1)


def _over(loaded: Loaded, *, now: datetime | None) -> Iterator[Problem]:
    for place, silence in enumerate(loaded.settings.silences):
        if now is not None and silence.until <= now:
            yield loaded.problem(("silences", place, "until"), "this silence is over", "take it away")


def defaults() -> Settings:
    """For commands that need no configuration."""
    return Settings(channels=(), feeds=(), topics=())


def _checked(draft: Draft, read: Gathered) -> tuple[Section, tuple[Problem, ...]]:
    last: tuple[Problem, ...] = ()
    top = Section(read.root)
    try:
        for fault in read.faults:
            draft.note(fault)
        for section in draft.attempt(SectionOf(SETTINGS, elsewhere=HOMES), read.root):
            top = section
            check(draft, top)
    except TooMany:
        end = draft.faults.pop().index
        last = (
            read.source.problem(
                Fault(end, f"more than {MAX_FAULTS} mistakes; the others are not shown", "mend these first")
            ),
        )
    return top, _problems(read.source, draft.faults) + last


def _problems(source: Source, faults: Iterable[Fault]) -> tuple[Problem, ...]:
    """In order of place, each once: what an anchor repeats is one mistake."""
    ordered = sorted(dict.fromkeys(faults), key=lambda fault: (fault.index, fault.what))
    return tuple(source.problem(fault) for fault in ordered)


def _in_order(source: Source, problems: Iterable[Problem]) -> tuple[Problem, ...]:
    files_in_order = {part.file: place for place, part in enumerate(source.parts)}
    return tuple(sorted(problems, key=lambda one: (files_in_order.get(one.file, 0), one.line, one.column)))
