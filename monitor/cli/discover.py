"""`feeds discover`: which feeds a site has; and which there are already."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated, Final
from zoneinfo import ZoneInfo

import typer

from monitor.cli.common import (
    STANDARD,
    Config,
    Json,
    clock,
    counted,
    instant,
    log_to_stderr,
    read_or_defaults,
    say,
    say_json,
)
from monitor.config import defaults, written
from monitor.errors import ConfigError, FetchError, UsageError
from monitor.parse.discover import place_of
from monitor.settings import Settings
from monitor.text import one_line
from monitor.work import discover as look
from monitor.work.discover import Found, Search

WHAT_TO_DO: Final = (
    "look for a link called RSS on its pages, try a part of the site (like /nasional), or ask who runs it"
)


def discover(
    address: Annotated[str, typer.Argument(metavar="URL", help="A site, a page of it, or a feed.")],
    config: Config = STANDARD,
    json: Json = False,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="It may be in the inner network.")] = False,
) -> None:
    log_to_stderr(logging.ERROR)
    settings = configured(config)
    try:
        search = asyncio.run(look.discover(address, allow_private=allow_private))
    except FetchError as error:
        hint = "; if that is right, add --allow-private" if "private address" in str(error) else ""
        raise UsageError(f"{address} can't be read: {error}{hint}") from None
    for url, why in search.failed:
        remark(f"{url} is named there, but is no feed that can be read: {why}")
    if not search.feeds:
        asked = counted(search.asked, "address", "addresses")
        remark(f"no feed was found at {address} ({asked} asked): {WHAT_TO_DO}")
        raise typer.Exit(1)
    _show(search, names_by_place(settings), settings.timezone, json=json)


def _show(search: Search, names: dict[str, str], zone: ZoneInfo, *, json: bool) -> None:
    if json:
        for found in search.feeds:
            say_json(_found_as_json(found, names.get(place_of(found.url))))
        return
    say("feeds:")
    for found in search.feeds:
        say(f"  # {_in_words(found, zone)}")
        if name := names.get(place_of(found.url)):
            say(f"  # already among your feeds, as {plain(name)}: {found.url}")
            continue
        for line in written.lines(written.Line(found.url, plain(found.title), allow_private=found.allow_private)):
            say(line)


def _in_words(found: Found, zone: ZoneInfo) -> str:
    newest = f", the newest of {clock(found.newest_at, zone)}" if found.newest_at else ""
    return f"{plain(found.title) or 'without a title'}: {counted(found.entries, 'entry', 'entries')}{newest}"


def _found_as_json(found: Found, name: str | None) -> dict[str, object]:
    return {
        "url": found.url,
        "title": found.title,
        "entries": found.entries,
        "newest_at": instant(found.newest_at),
        "found": found.how,
        "configured_as": name,
    }


def plain(text: str) -> str:
    """On one line of a terminal, whatever a feed calls itself."""
    return one_line("".join(char if char.isprintable() else " " for char in text))


# -- what is there already ---------------------------------------------------------------------


def configured(config: Path) -> Settings:
    """To see what is there already; whoever is about to write their first feeds may have no sound configuration yet."""
    try:
        return read_or_defaults(config).settings
    except ConfigError:
        if not config.exists():
            raise
        remark(f"{config} can't be used yet, so nobody knows which feeds it holds (monitor check says what is wrong)")
        return defaults()


def names_by_place(settings: Settings) -> dict[str, str]:
    """By their place, what the configured ones are called."""
    asked = [feed for feed in settings.feeds if feed.path is None]
    return {place_of(url): feed.name for feed in asked for url in (feed.address, feed.url)}


def remark(text: str) -> None:
    typer.echo(f"monitor: {text}", err=True)
