"""What can go wrong, as one small tree; each failure says whether trying again can help.

    MonitorError
    ├── UsageError          the command can't do what was asked                        permanent
    │   └── Damaged         the database's file is not what it was                     permanent
    ├── ConfigError         config.yaml can't be used; holds every problem, with places permanent
    ├── QueryError          a query can't be read; holds the column                    permanent
    ├── FetchError          an address gave nothing to read                            each says itself
    ├── ParseError          bytes that are not what they should be                     permanent
    │   └── ReaderStopped   they held or broke their reader, which had to be ended     permanent
    └── StoreError          the database said no                                       may pass
        ├── Refused         a row that breaks a rule of its table                      permanent
        └── LeaseLost       another worker has taken over this row                     permanent

"Not modified", "no match" and "not delivered" are answers, not failures: they are values.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import timedelta


class MonitorError(Exception):
    """Any failure this program knows by name; its text is one line for a person."""

    permanent: bool = True


class UsageError(MonitorError):
    """The command can't do what was asked; it ends with 2."""


class Damaged(UsageError):
    """The database's file can't be read any more; the words say how a copy is put back."""


def width(char: str) -> int:
    """How many columns of a terminal a sign takes."""
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong (or odd) in a file, with its place, as `monitor check` shows it."""

    file: str
    line: int  # from 1
    column: int  # from 1, in code points
    what: str  # one line: what is wrong
    source: str = ""  # the line of the file, without its end
    hint: str = ""  # what to do
    caret: int = 0  # the place in `source`, where that is only a part of a long line; 0: as in the file

    def __str__(self) -> str:
        shown = [f"{self.file}:{self.line}:{self.column}: {self.what}"]
        if self.source:
            before = self.source[: (self.caret or self.column) - 1]
            indent = "".join("\t" if char == "\t" else " " * width(char) for char in before)
            shown += [f"    {self.source}", f"    {indent}^"]
        if self.hint:
            shown.append(f"    hint: {self.hint}")
        return "\n".join(shown)


class ConfigError(MonitorError):
    """The configuration can't be used; every problem found in it, in order of place."""

    def __init__(self, problems: tuple[Problem, ...], looked_at: tuple[str, ...] = ()) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
        self.looked_at = looked_at  # files and patterns of files; without an edit of one it will be the same


class QueryError(MonitorError):
    """A query can't be read. `column` counts from 1 inside the query's own text."""

    def __init__(self, what: str, column: int, hint: str = "") -> None:
        super().__init__(f"{what} (column {column})")
        self.what = what
        self.column = column
        self.hint = hint


class FetchError(MonitorError):
    """An address gave nothing to read; the text says why in words ("HTTP 503", "timed out", "too large")."""

    def __init__(
        self,
        what: str,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
        gone: bool = False,
        answered_by: str | None = None,
        permanent: bool = False,
    ) -> None:
        super().__init__(what)
        self.permanent = permanent  # asking again can't help, whatever the status
        self.status = status  # the HTTP status, where there was an answer
        self.retry_after = retry_after  # what the server asked for
        self.gone = gone  # 410: it will not come back
        self.answered_by = answered_by  # the address that said so, after redirects


class ParseError(MonitorError):
    """Bytes that are not what they should be ("not a feed")."""


class ReaderStopped(ParseError):
    """Bytes that held or broke their reader: it took too long or too much memory, or its process ended."""


class StoreError(MonitorError):
    """The database said no."""

    permanent: bool = False


class Refused(StoreError):
    """The database can't hold this row, however often it is tried."""

    permanent: bool = True


class LeaseLost(StoreError):
    """Another worker has taken over this row: what was done for it is not written."""

    permanent: bool = True
