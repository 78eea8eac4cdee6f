"""`explain`: what became of an address at every stage, and why."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlsplit

import typer

from monitor.app.configuration import Configuration
from monitor.cli.account import in_words, in_words_of_topic
from monitor.cli.account_json import as_json, file_of
from monitor.cli.account_topics import Topics, topics_of
from monitor.cli.common import (
    STANDARD,
    Config,
    Json,
    as_archived,
    database_to_look_at,
    log_to_stderr,
    named,
    read,
    say,
    say_json,
)
from monitor.cli.unseen import Feeds, feeds_for, would
from monitor.cli.unseen import as_json as unseen_as_json
from monitor.cli.unseen import in_words as unseen_in_words
from monitor.errors import ParseError, UsageError
from monitor.parse import textfile
from monitor.parse.links import canonical_url
from monitor.settings import Settings
from monitor.store import explain as store
from monitor.store.explain import Asked

if TYPE_CHECKING:
    from monitor.store.database import Database

_ID: Final = re.compile(r"[0-9a-f]{16}")
_FILE: Final = re.compile(r"[0-9]{3,}_([0-9a-f]{16})\.txt")
NAMED: Final = 5  # feeds
TOPICS: Final = 20


def explain(
    address: Annotated[
        str, typer.Argument(metavar="URL", help="An address, a guid, a text file, or the 16 signs of an article's id.")
    ],
    config: Config = STANDARD,
    json: Json = False,
    topic: Annotated[str | None, typer.Option(help="One topic: why it matched or did not, clause by clause.")] = None,
) -> None:
    log_to_stderr(logging.ERROR)
    configuration = read(config)
    settings = configuration.settings
    if topic is not None:
        _refuse_unknown(topic, settings)
    database = database_to_look_at(settings)
    try:
        account = database.read(store.account, _asked(address))
        configuration = as_archived(configuration, database)
        if not account.entries and account.placed is None:
            _say_unseen(address, configuration, database, topic, json=json)
            raise typer.Exit(1)
    finally:
        database.close()
    placed = account.placed
    topics = topics_of(placed.article, placed.matches, configuration, only=topic) if placed else Topics()
    if topic is not None:
        account = replace(account, alerts=tuple(each for each in account.alerts if each.topic == topic))
    if json:
        say_json({"asked": address, "found": True} | as_json(account, topics, settings))
    elif topic is not None:
        say(in_words_of_topic(account, topics, settings.timezone))
    else:
        say(in_words(account, topics, file_of(placed, settings) if placed else None, settings.timezone))


def _refuse_unknown(topic: str, settings: Settings) -> None:
    names = [each.name for each in settings.topics]
    if topic not in names:
        raise UsageError(f"there is no topic named '{topic}'; there is {named(names, most=TOPICS) or 'none'}")


def _say_unseen(
    address: str, configuration: Configuration, database: Database, topic: str | None, *, json: bool
) -> None:
    settings, url = configuration.settings, address.strip()
    feeds = feeds_for(url, settings.feeds, database) if _is_web(url) else None
    hint = _hint(feeds)
    found = would(url, feeds, configuration, database, only=topic) if feeds else None
    if json:
        told = unseen_as_json(found) if found else None
        say_json({"asked": address, "found": False, "hint": hint, "would": told})
        return
    say(f"{address}: nothing known; {hint}")
    if found:
        say(unseen_in_words(found, settings.timezone))


def _is_web(address: str) -> bool:
    return urlsplit(address).scheme in {"http", "https"}


# -- what is meant -------------------------------------------------------------------------------


def _asked(text: str) -> Asked:
    """An address in each form in which feeds name it; of a file its id."""
    text = text.strip()
    if _ID.fullmatch(text):
        return Asked(frozenset({f"text:{text}"}), text)
    identity = _id_of_file(text)
    if identity:
        return Asked(frozenset({text, f"text:{identity}"}), identity)
    return Asked(frozenset({text, *_forms(canonical_url(text))}))


def _id_of_file(text: str) -> str | None:
    path = Path(text)
    if _is_web(text):
        return None
    try:
        return textfile.read(path.read_bytes(), path.name).id
    except (OSError, ParseError, ValueError):  # it may have been moved since: its name may tell
        found = _FILE.fullmatch(path.name)
        return found[1] if found else None


def _forms(key: str) -> Iterator[str]:
    """A guid is often the address as its feed writes it."""
    yield key
    _, scheme, rest = key.partition("https://")
    if not scheme:
        return
    for host in (rest, f"www.{rest}"):
        for form in (host.removesuffix("/"), f"{host.removesuffix('/')}/"):
            yield f"https://{form}"
            yield f"http://{form}"


def _hint(feeds: Feeds | None) -> str:
    if feeds is None:
        return "give the address of an article, its guid, its text file or its id as `monitor export` writes it"
    if not feeds.all:
        return "no feed of this site is in the configuration; another one may list it under another address"
    not_listed = (
        f"{named([feed.name for feed in feeds.all], most=NAMED)} did not list it under this address since it is watched, "
        "or before that (backlog); `monitor status` shows whether the feed can be read"
    )
    return (
        not_listed
        if feeds.of_site
        else f"no feed of this site is in the configuration, but articles of its outlet came through others; {not_listed}"
    )
