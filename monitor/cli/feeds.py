"""`feeds`: which are configured, which a site has, and lists of them (OPML) in and out."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from monitor.cli.common import STANDARD, Config, Json, counted, log_to_stderr, named, read, say, say_json
from monitor.cli.discover import configured, discover, names_by_place, plain, remark
from monitor.config import files, written
from monitor.config.feeds import called
from monitor.errors import ConfigError, ParseError, UsageError, width
from monitor.parse import opml
from monitor.parse.discover import place_of
from monitor.parse.opml import Subscription, Unread
from monitor.settings import Feed
from monitor.work.discover import in_list

UNITS: Final = {"d": 86_400, "h": 3_600, "m": 60}
SHOWN: Final = 20  # lines that could not be read
NAMED: Final = 6  # feeds in a sentence


# -- list ----------------------------------------------------------------------------------------


def list_(config: Config = STANDARD, json: Json = False) -> None:
    settings = read(config).settings
    if json:
        for feed in settings.feeds:
            say_json(_as_json(feed))
        return
    rows = [(feed.name, _shown(feed.every), ", ".join(feed.tags), feed.url) for feed in settings.feeds]
    for line in _table([("name", "every", "tags", "url"), *rows]):
        say(line)


def _as_json(feed: Feed) -> dict[str, object]:
    return {
        "name": feed.name,
        "url": feed.url,
        "tags": feed.tags,
        "every": _shown(feed.every),
        "language": feed.language,
        "is_folder": feed.path is not None,
    }


def _shown(span: timedelta) -> str:
    """As it is written in the configuration."""
    seconds = int(span.total_seconds())
    unit = next((unit for unit, size in UNITS.items() if seconds % size == 0), "s")
    return f"{seconds // UNITS.get(unit, 1)}{unit}"


def _table(rows: list[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(_columns, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (room - _columns(cell)) for cell, room in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _columns(text: str) -> int:
    return sum(map(width, text))


# -- import --------------------------------------------------------------------------------------


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE.opml", help="A list of feeds; - reads standard input.")],
    config: Config = STANDARD,
    to: Annotated[Path | None, typer.Option(metavar="FILE.yaml", help="Write an included file.")] = None,
) -> None:
    log_to_stderr(logging.ERROR)
    known = names_by_place(configured(config))
    try:
        listed = asyncio.run(in_list(_content(file)))
    except ParseError as error:
        raise UsageError(f"{file}: {error}") from None
    unread = (*listed.unread, *(_impossible(feed) for feed in listed.feeds if not written.is_possible(feed.url)))
    _say_unread(file, sorted(unread, key=lambda each: each.line))
    new = _new((feed for feed in listed.feeds if written.is_possible(feed.url)), known)
    if not listed.feeds:
        remark(f"{file}: no feed is in this list")
        raise typer.Exit(1)
    if new:
        _hand_over(written.document(map(_line, new)), to, config)
    remark(f"{counted(len(new), 'new feed')}{f' written to {to}' if to and new else ''}")


def _impossible(feed: Subscription) -> Unread:
    return Unread(feed.line, f"'{plain(feed.name or feed.url)}' has no address that can be asked")


def _content(file: Path) -> bytes:
    try:
        content = (
            sys.stdin.buffer.read(files.MAX_BYTES + 1) if str(file) == "-" else files.content(file, files.MAX_BYTES)
        )
    except files.NoFile:
        raise UsageError(f"{file} is no file") from None
    except (OSError, ValueError) as error:
        raise UsageError(
            f"{file} can't be read: {getattr(error, 'strerror', None) or 'there is no such file'}"
        ) from None
    if len(content) > files.MAX_BYTES:
        raise UsageError(f"{file} is larger than {files.MAX_BYTES // 1024**2} MB")
    return content


def _say_unread(file: Path, unread: list[Unread]) -> None:
    for each in unread[:SHOWN]:
        remark(f"{file}:{each.line}: {plain(each.why)}; left out")
    if len(unread) > SHOWN:
        remark(f"{len(unread) - SHOWN} more lines like these are left out")


def _new(feeds: Iterable[Subscription], known: dict[str, str]) -> list[Subscription]:
    """Each once, and none that is configured; what is left out for that is said."""
    first: dict[str, Subscription] = {}
    there: list[str] = []
    twice: list[str] = []
    for feed in feeds:
        if (place := place_of(feed.url)) in known:
            there.append(known[place])
        elif place in first:
            twice.append(feed.name or called(feed.url))
        first.setdefault(place, feed)
    for names, why in ((there, "among your feeds already"), (twice, "in the list twice")):
        if names:
            remark(f"left out, as {why}: {named([plain(name) for name in names], most=NAMED)}")
    return [feed for place, feed in first.items() if place not in known]


def _line(feed: Subscription) -> written.Line:
    return written.Line(feed.url, "" if feed.name == called(feed.url) else feed.name, feed.tags)


def _hand_over(document: str, to: Path | None, config: Path) -> None:
    if to is None:
        typer.echo(document, nl=False)
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        with to.open("x", encoding="utf-8", newline="\n") as file:
            file.write(document)
    except FileExistsError:
        raise UsageError(f"{to} is there already and stays as it is; name a new file") from None
    if not _is_included(to, config):
        remark(f"to have it read, write in {config}: include: {_from_beside(to, config)} (or add it to the list there)")


def _is_included(to: Path, config: Path) -> bool:
    """Whether the configuration reads it now; one that can't be read does not."""
    try:
        looked_at = read(config).looked_at if config.exists() else ()
    except ConfigError:
        return False
    return any(to.samefile(name) for pattern in looked_at for name in files.meant(pattern) if os.path.exists(name))  # noqa: PTH110 - a name of any kind


def _from_beside(to: Path, config: Path) -> str:
    folder, file = config.absolute().parent.resolve(), to.resolve()
    return written.text(str(file.relative_to(folder) if file.is_relative_to(folder) else file))


# -- export --------------------------------------------------------------------------------------


def export(config: Config = STANDARD) -> None:
    feeds = read(config).settings.feeds
    asked = [feed for feed in feeds if feed.path is None]
    typer.echo(opml.write((Subscription(feed.url, feed.name, feed.tags) for feed in asked), title="Feeds"), nl=False)
    if len(asked) < len(feeds):
        remark(f"{counted(len(feeds) - len(asked), 'folder')} of text files left out: no list holds them")
    more = [feed.name for feed in asked if feed.secret or feed.headers or feed.proxy]
    if more:
        remark(f"without what no list should hold (logins, secrets, headers, proxies): {named(more, most=NAMED)}")


def _group() -> typer.Typer:
    group = typer.Typer(rich_markup_mode=None, add_completion=False)
    for name, does, command in (
        ("list", "Which feeds are configured.", list_),
        ("discover", "Which feeds a site has: each is really read. Prints what to write under feeds.", discover),
        ("import", "A list from a feed reader (OPML): prints what to write under feeds.", import_),
        ("export", "The feeds as a list for feed readers (OPML).", export),
    ):
        group.command(name, help=does)(command)
    return group


feeds: Final = _group()
