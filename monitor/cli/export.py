"""`export`: articles out, as text files, JSON lines or a table."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monitor.app import utc_now
from monitor.cli.common import STANDARD, Config, counted, database_to_look_at, instant, read, say, say_json
from monitor.config.words import Misread, duration
from monitor.errors import QueryError, UsageError
from monitor.settings import Settings
from monitor.store import articles
from monitor.store.articles import Filed, Kept
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_query
from monitor.web.table import harmless
from monitor.work import archive


class Format(StrEnum):
    TEXT = "text"
    JSONL = "jsonl"
    CSV = "csv"


COLUMNS = (
    "id", "url", "title", "text", "published_at", "first_seen_at", "feed", "outlet", "language", "story", "copy_of", "topics",
)  # fmt: skip


def export(  # noqa: PLR0917  # typer's way to say options
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made if it is not there.")],
    config: Config = STANDARD,
    topic: Annotated[str | None, typer.Option(help="Only articles that matched this topic.")] = None,
    story: Annotated[str | None, typer.Option(help="Only articles of the story with this number.")] = None,
    search: Annotated[str | None, typer.Option(help="Only articles that this query finds.")] = None,
    since: Annotated[str | None, typer.Option(help="Only articles first seen in the last 7d, 12h, …")] = None,
    format_: Annotated[str, typer.Option("--format", help="text, jsonl or csv.")] = Format.TEXT,
    json_: Annotated[bool, typer.Option("--json", help="Say what was written as a JSON object.")] = False,
) -> None:
    form, story_id = _format(format_), _number(story)
    settings = read(config).settings
    if topic is not None and topic not in {each.name for each in settings.topics}:
        raise UsageError(f"there is no topic named '{topic}'")
    searched = _searched(settings, search) if search is not None else None
    start = utc_now() - _since(since) if since is not None else None
    database = database_to_look_at(settings)
    try:
        count = database.read(
            lambda session: _write(
                folder, form, _found(articles.kept(session, topic=topic, story_id=story_id, since=start), searched)
            )
        )
    except OSError as error:
        raise UsageError(f"{folder} can't be written: {error.strerror}") from None
    finally:
        database.close()
    if json_:
        say_json({"articles": count, "folder": str(folder)})
    else:
        say(f"{counted(count, 'article')} written to {folder}")


def _format(text: str) -> Format:
    if text not in set(Format):
        raise UsageError(f"--format: '{text}' is not one of {', '.join(Format)}")
    return Format(text)


def _number(story: str | None) -> int | None:
    if story is not None and not story.isdecimal():
        raise UsageError(f"--story: '{story}' is not the number of a story")
    return None if story is None else int(story)


def _since(text: str) -> timedelta:
    try:
        return duration(text)
    except Misread as wrong:
        raise UsageError(f"--since: {wrong.what.format(it=repr(text))}; {wrong.hint}") from None


def _searched(settings: Settings, search: str) -> Watchlist:
    try:
        return compile_query(search, Vocabulary.of(settings), settings.language)
    except QueryError as error:
        hint = f"; {error.hint}" if error.hint else ""
        raise UsageError(f"the search can't be read: {error}{hint}") from None


def _found(kept: Iterable[Kept], searched: Watchlist | None) -> Iterator[Kept]:
    for item in kept:
        if searched is None or searched.topics(item.article):
            yield item


# -- writing -------------------------------------------------------------------------------------


def _write(folder: Path, format_: Format, kept: Iterator[Kept]) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    match format_:
        case Format.TEXT:
            return _write_text(folder, kept)
        case Format.JSONL:
            return _write_lines(folder / "articles.jsonl", kept)
        case Format.CSV:
            return _write_table(folder / "articles.csv", kept)


def _write_text(folder: Path, kept: Iterator[Kept]) -> int:
    number = 0
    for item in kept:
        archive.write(folder, Filed(item.article, date.min, number))
        number += 1
    return number


def _write_lines(path: Path, kept: Iterator[Kept]) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for count, item in enumerate(kept, start=1):  # noqa: B007  # how many there were
            file.write(json.dumps(_row(item), ensure_ascii=False) + "\n")
    return count


def _write_table(path: Path, kept: Iterator[Kept]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        for count, item in enumerate(kept, start=1):  # noqa: B007  # how many there were
            table.writerow({name: _cell(value) for name, value in _row(item).items()})
    return count


def _cell(value: object) -> str:
    return harmless("" if value is None else ", ".join(value) if isinstance(value, list) else str(value))


def _row(kept: Kept) -> dict[str, object]:
    article = kept.article
    return {
        "id": archive.id_of(article),
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "published_at": instant(article.published_at),
        "first_seen_at": instant(article.first_seen_at),
        "feed": article.feed,
        "outlet": article.outlet,
        "language": article.language,
        "story": kept.story_id,
        "copy_of": archive.id_of(kept.original) if kept.original else None,
        "topics": list(kept.topics),
    }
