"""`explain`: what became of an address at every stage, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import typer

from monitor.app.configuration import Configuration
from monitor.cli import clauses
from monitor.cli.account import Topics, in_words, likeness_of
from monitor.cli.clauses import all_asked
from monitor.cli.common import (
    STANDARD,
    Config,
    Json,
    as_archived,
    database_to_look_at,
    evidence_as_json,
    instant,
    named,
    read,
    say,
    say_json,
)
from monitor.errors import ParseError
from monitor.model import Article, Nearest
from monitor.parse import textfile
from monitor.parse.links import canonical_url, same_site
from monitor.settings import Settings
from monitor.store import explain as store
from monitor.store.explain import Account, Asked, Placed, Telling
from monitor.work.archive import id_of

_ID: Final = re.compile(r"[0-9a-f]{16}")
_FILE: Final = re.compile(r"[0-9]{3,}_([0-9a-f]{16})\.txt")
_FIGURE: Final = re.compile(r"\d+(?:[.,:/-]\d+)*")
NAMED: Final = 5  # feeds, figures


def explain(
    address: Annotated[
        str, typer.Argument(metavar="URL", help="An address, a guid, a text file, or the 16 signs of an article's id.")
    ],
    config: Config = STANDARD,
    json: Json = False,
) -> None:
    configuration = read(config)
    settings = configuration.settings
    database = database_to_look_at(settings)
    try:
        account = database.read(store.account, _asked(address))
        configuration = as_archived(configuration, database)
    finally:
        database.close()
    if not account.entries and account.placed is None:
        hint = _hint(address, settings)
        say_json({"asked": address, "found": False, "hint": hint}) if json else say(f"{address}: nothing known; {hint}")
        raise typer.Exit(1)
    topics = _topics(account.placed, configuration)
    if json:
        say_json({"asked": address, "found": True} | _as_json(account, topics, settings))
        return
    placed = account.placed
    file = _file(placed, settings) if placed else None
    say(in_words(account, topics, file, settings.timezone))


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
    if urlsplit(text).scheme in {"http", "https"}:
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


def _hint(address: str, settings: Settings) -> str:
    feeds = [feed.name for feed in settings.feeds if same_site(address, feed.url)]
    if urlsplit(address.strip()).scheme not in {"http", "https"}:
        return "give the address of an article, its guid, its text file or its id as `monitor export` writes it"
    if not feeds:
        return "no feed of this site is in the configuration; another one may list it under another address"
    return (
        f"{named(feeds, most=NAMED)} did not list it under this address since it is watched, or before that (backlog); "
        "`monitor status` shows whether the feed can be read"
    )


# -- what today's configuration says -------------------------------------------------------------


def _topics(placed: Placed | None, configuration: Configuration) -> Topics:
    if placed is None:
        return Topics()
    today = {each.topic.name: each for each in all_asked(configuration.watchlist, placed.article)}
    matched = {match.topic for match in placed.matches}
    others = [each for name, each in today.items() if name not in matched]
    return Topics(
        matched=placed.matches,
        others=tuple(sorted(others, key=lambda each: each.closeness, reverse=True)),
        today=today,
    )


def _file(placed: Placed, settings: Settings) -> Path:
    name = textfile.file_name(placed.number, id_of(placed.article))
    return Path(settings.storage.archive) / placed.day.isoformat() / name


# -- for machines --------------------------------------------------------------------------------


def _as_json(account: Account, topics: Topics, settings: Settings) -> dict[str, Any]:
    placed = account.placed
    return {
        "entries": [_plain(asdict(listed)) for listed in account.entries],
        "article": _article_as_json(placed, account.others, settings) if placed else None,
        "topics": _topics_as_json(topics),
        "story": _story_as_json(placed) if placed else None,
        "alerts": [_alert_as_json(telling) for telling in account.alerts],
    }


def _article_as_json(placed: Placed, others: tuple[Article, ...], settings: Settings) -> dict[str, Any]:
    article, likeness = placed.article, likeness_of(placed.placing)
    original = (
        _brief(placed.original) | {"wording": likeness.wording if likeness else None} if placed.original else None
    )
    return _brief(article) | {
        "feed": article.feed,
        "quality": str(article.quality),
        "quality_reason": article.quality_reason,
        "published_at": instant(article.published_at),
        "first_seen_at": instant(article.first_seen_at),
        "file": str(_file(placed, settings)),
        "archived_at": instant(placed.archived_at),
        "copy_of": original,
        "others": [id_of(other) for other in others],
    }


def _brief(article: Article) -> dict[str, Any]:
    return {"id": id_of(article), "url": article.url, "title": article.title, "outlet": article.outlet}


def _topics_as_json(topics: Topics) -> dict[str, Any]:
    matched = [
        {
            "topic": match.topic,
            "score": match.score,
            "evidence": [evidence_as_json(found) for found in match.evidence],
        }
        for match in topics.matched
    ]
    return {
        "matched": matched,
        "not_matched": [each.topic.name for each in topics.others],
        "would_match": list(topics.only_now),
        "queries": _queries_as_json(topics),
    }


def _queries_as_json(topics: Topics) -> list[dict[str, Any]]:
    """What every topic says today, clause by clause: those that matched, then what came closest first."""
    matched = [topics.today[match.topic] for match in topics.matched if match.topic in topics.today]
    return [{"topic": each.topic.name} | clauses.as_json(each) for each in (*matched, *topics.others)]


def _story_as_json(placed: Placed) -> dict[str, Any]:
    story, placing = placed.story, placed.placing
    opened = isinstance(placing, Nearest) or (placing is None and placed.is_first)
    likeness = likeness_of(placing)
    nearest: dict[str, Any] | None = None
    if likeness is not None:
        nearest = {
            "article": _brief(placed.nearest) if placed.nearest else None,
            "story": placing.story_id if isinstance(placing, Nearest) else story.id,
            "score": likeness.score,
            "bar": likeness.bar,
            "raised_by": list(likeness.against),
            "shared": list(likeness.shared),
            "wording": likeness.wording,
        }
    return _plain(asdict(story)) | {"decision": "opened" if opened else "joined", "nearest": nearest}


def _alert_as_json(telling: Telling) -> dict[str, Any]:
    return _plain(asdict(telling)) | {
        "occasion": _brief(telling.occasion),
        "deliveries": [_plain(asdict(carried)) for carried in telling.deliveries],
    }


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: instant(value) if isinstance(value, datetime) else value for name, value in values.items()}
