"""Recorded streams of news with gold stories, as folders of JSON lines."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from bench.scores import Label
from monitor.model import Article, Quality
from monitor.parse.links import canonical_url
from monitor.text import content_hash, normalise, one_line

ARTICLES: Final = ("articles.jsonl", "articles.jsonl.gz")
GOLD: Final = ("gold.jsonl", "gold.jsonl.gz")
# ECB+ names an event by the number of its topic and letters: 4ecb and 4ecbplus are twins.
_NUMBERED: Final = re.compile(r"\d+")


class StreamError(Exception):
    """A folder that holds no stream."""


@dataclass(frozen=True, slots=True)
class Piece:
    """An article of a stream, and the name that gold has for it."""

    id: str
    article: Article


@dataclass(frozen=True, slots=True)
class Stream:
    name: str
    pieces: tuple[Piece, ...]  # in order of time
    gold: tuple[Label, ...]  # in the order of its file

    @property
    def outlets(self) -> dict[str, str]:
        return {piece.id: piece.article.outlet for piece in self.pieces}


def read(folder: Path) -> Stream:
    pieces = [_piece(row) for row in _rows(_first_of(folder, ARTICLES))]
    pieces.sort(key=lambda piece: piece.article.first_seen_at)
    gold = tuple(_label(row) for row in _rows(_first_of(folder, GOLD)))
    return Stream(folder.resolve().name, tuple(pieces), gold)


def _first_of(folder: Path, names: Sequence[str]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise StreamError(f"{folder} has no {names[0]}")


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line) if line.strip() else None
            except ValueError:
                raise StreamError(f"{path}:{number}: no JSON") from None
            if row is not None:
                yield row


def _piece(row: dict[str, Any]) -> Piece:
    title, text = one_line(row["title"]), normalise(row.get("body") or "")
    at = datetime.fromisoformat(row["published"])
    at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    article = Article(
        key=canonical_url(row["url"]),
        url=row["url"],
        title=title,
        text=text,
        first_seen_at=at,
        outlet=row["source"],
        feed=row["source"],
        content_hash=content_hash(title, text),
        published_at=at,
        language=row.get("lang"),
        quality=Quality.FULL if text else Quality.FEED_ONLY,
    )
    return Piece(str(row["id"]), article)


def _label(row: dict[str, Any]) -> Label:
    cluster = row["cluster"]
    return Label(str(row["id"]), cluster, row.get("topic", cluster))


# -- folds ---------------------------------------------------------------------------------------


def folds(gold: Sequence[Label], count: int) -> list[tuple[Label, ...]]:
    """Gold in parts, what is told apart with difficulty in one: a running story, and the twins of ECB+."""
    parts: list[list[Label]] = [[] for _ in range(count)]
    for label in gold:
        if label.cluster is not None:
            parts[_part(_kin(label), count)].append(label)
    return [tuple(part) for part in parts]


def _kin(label: Label) -> str:
    name = label.topic or label.cluster or ""
    number = _NUMBERED.match(name)
    return number[0] if number else name


def _part(name: str, count: int) -> int:
    return int.from_bytes(sha256(name.encode()).digest()[:4]) % count
