"""config.yaml → Settings: secrets filled in, every mistake with its place, its line and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from monitor.config.build import build, is_readable
from monitor.config.checks import check, oddities
from monitor.config.layout import HOMES, SECRET_URLS, SECRETS, SETTINGS
from monitor.config.nodes import Node, Scalar, inside, nearest, select
from monitor.config.shape import Draft, Section, TooMany, section
from monitor.config.source import Fault, Source, Wrong
from monitor.config.tree import MAX_BYTES, MAX_FAULTS, compose, decode, readable
from monitor.errors import ConfigError, Problem
from monitor.settings import Settings

__all__ = ["Loaded", "defaults", "load", "parse"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The settings, what is odd about them, and the file they stand in."""

    settings: Settings
    warnings: tuple[Problem, ...] = ()
    _source: Source = field(default=Source("", ""), repr=False)
    _root: Node = field(default=Scalar("", 0, 0), repr=False)

    def problem(self, path: tuple[str | int, ...], what: str, hint: str = "", offset: int = 0) -> Problem:
        """A problem at the value that stands at `path`, or at its nearest parent; `offset` counts within its text."""
        node, found = nearest(self._root, path)
        if not found or not isinstance(node, Scalar):
            return self._source.problem(Fault(node.start, what, hint))
        filled_from = node.text.find("${")  # from there on file and text do not run side by side
        offset = offset if filled_from < 0 else min(offset, filled_from)
        return self._source.problem(Fault(inside(self._source.text, node, offset), what, hint))


Verify = Callable[[Loaded], Iterable[Problem]]


def nothing_else(_loaded: Loaded) -> Iterable[Problem]:
    return ()


def load(path: Path, *, environ: Mapping[str, str], verify: Verify = nothing_else) -> Loaded:
    """Read a configuration; ConfigError names everything that is wrong with it.

    `verify` says what other rooms can't work with. It is asked even where there are mistakes already, as far as the
    file could be read, so that its writer sees all of them at once.
    """
    return parse(_read(path), path=path, environ=environ, verify=verify)


def parse(source: bytes, *, path: Path, environ: Mapping[str, str], verify: Verify = nothing_else) -> Loaded:
    """The same for a file's bytes; `path` is its name in messages, and folders of feeds are looked for beside it."""
    try:
        text = decode(source)
    except Wrong as wrong:
        raise ConfigError((Source(str(path), readable(source)).problem(wrong.fault),)) from None
    shown = Source(str(path), text)
    try:
        root, faults = compose(text)
    except Wrong as wrong:
        raise ConfigError((shown.problem(wrong.fault),)) from None
    shown = replace(shown, hidden=_secrets(root))
    draft = Draft(text, path.absolute().parent, environ, faults)
    top, problems = _checked(draft, root, shown)
    if is_readable(top):
        loaded = Loaded(build(draft, top), _problems(shown, oddities(top)), shown, root)
        problems = (*problems, *verify(loaded))
    if problems:
        raise ConfigError(tuple(sorted(problems, key=lambda problem: (problem.line, problem.column))))
    return loaded


def defaults() -> Settings:
    """For commands that need no configuration."""
    return Settings(channels=(), feeds=(), topics=())


def _checked(draft: Draft, root: Node, source: Source) -> tuple[Section, tuple[Problem, ...]]:
    last: tuple[Problem, ...] = ()
    top = Section(root)
    try:
        for read in draft.attempt(section(SETTINGS, elsewhere=HOMES), root):
            top = read
            check(draft, top)
    except TooMany:
        last = (
            source.problem(
                Fault(draft.faults.pop().index, f"more than {MAX_FAULTS} mistakes; the others are not shown")
            ),
        )
    return top, _problems(source, draft.faults) + last


def _problems(source: Source, faults: Iterable[Fault]) -> tuple[Problem, ...]:
    """In order of place, each once: what an anchor repeats is one mistake."""
    ordered = sorted(dict.fromkeys(faults), key=lambda fault: (fault.index, fault.what))
    return tuple(source.problem(fault) for fault in ordered)


def _secrets(root: Node) -> tuple[tuple[int, int], ...]:
    """Where secrets stand in the file: after the scheme of a channel's URL, and where one is asked for."""
    nodes = [node for pattern in SECRETS for _, node in select(root, pattern) if isinstance(node, Scalar)]
    urls = [node for pattern in SECRET_URLS for _, node in select(root, pattern) if isinstance(node, Scalar)]
    after = [(node.start + node.text.index("://") + 3, node.end) for node in urls if "://" in node.text]
    return tuple((node.start, node.end) for node in nodes) + tuple(after)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        what, hint = (
            "there is no such file",
            "name another with -c, or start from the config.yaml that came with monitor",
        )
    except IsADirectoryError:
        what, hint = "this is a folder", "name the file in it: -c …/config.yaml"
    except OSError:
        what, hint = "this file may not be read", "look at who owns it and its permissions"
    raise ConfigError((Problem(str(path), 1, 1, what, hint=hint),))
