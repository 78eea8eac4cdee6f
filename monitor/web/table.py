"""Rows as CSV (RFC 4180) for spreadsheets: what comes from outside is text there, never a formula. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

Cell = str | int | float | datetime | None | Sequence[str]

BOM: Final = b"\xef\xbb\xbf"  # by which spreadsheets know UTF-8
# Spreadsheets take what begins so for a formula (OWASP, "CSV Injection"), in full width too. Where they part cells by
# semicolons, as they do in Indonesia and most of Europe, a cell also begins after each of them, and after each line.
_FORMULA: Final = re.compile(r"""(^|[;\t\r\n])(?=[\s"'\u200b\ufeff]*[=+\-@＝＋－＠])""")
_ODD_START: Final = ("\t", "\r", "\n")


def lines(rows: Iterable[Sequence[Cell]]) -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([_written(cell) for cell in row] for row in rows)
    return file.getvalue().encode("utf-8", "replace")


def _written(cell: Cell) -> str | int | float:
    match cell:
        case None:
            return ""
        case int() | float():
            return cell
        case datetime():
            return cell.astimezone(UTC).isoformat(timespec="seconds")
        case str():
            return harmless(cell)
        case _:
            return harmless("; ".join(cell))


def harmless(text: str) -> str:
    """As it is, but with an apostrophe before what a spreadsheet would run."""
    text = _FORMULA.sub(r"\1'", text.replace("\x00", ""))
    return f"'{text}" if text.startswith(_ODD_START) else text
