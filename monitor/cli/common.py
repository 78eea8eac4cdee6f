"""What the commands share: their options, how they read the configuration and how they speak."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from monitor.app.configuration import Configuration, configuration
from monitor.config import defaults, storage_of
from monitor.model import Evidence
from monitor.settings import Settings, Storage
from monitor.topics.watchlist import Watchlist

if TYPE_CHECKING:
    from monitor.store.database import Database

Config = Annotated[Path, typer.Option("-c", "--config", readable=False, help="The configuration file.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout, and nothing else there.")]

STANDARD = Path("config.yaml")


def read(config: Path) -> Configuration:
    return configuration(config)


def read_storage(config: Path) -> Storage:
    """Where things are kept; a mistake elsewhere in the file is no matter."""
    return storage_of(config, environ=os.environ) or read(config).settings.storage


def read_or_defaults(config: Path) -> Configuration:
    """For commands that also work where nothing was set up yet."""
    if config == STANDARD and not config.exists():
        return Configuration(defaults(), Watchlist.compile((), {}))
    return read(config)


@contextmanager
def working_database(settings: Settings, *, is_alone: bool = True) -> Iterator[Database]:
    """Ours alone, or ours and that of others who know of us; brought to this version, made where it is not there yet."""
    from monitor.store.database import Database  # 0.3 s, and not every command has one

    with (
        closing(Database(settings.storage.url.get_secret_value())) as database,
        database.sole_runner() if is_alone else database.in_company(),
    ):
        database.prepare()
        yield database


def database_to_look_at(settings: Settings) -> Database:
    """For commands that only look: where nothing was watched yet they see an empty one, and leave none behind."""
    from monitor.store.database import Database  # said above

    database = Database(settings.storage.url.get_secret_value())
    if (database.path is None or database.path.exists()) and database.has_tables():
        return database
    database.close()
    empty = Database("sqlite://")
    empty.prepare()
    return empty


def as_archived(configuration: Configuration, database: Database) -> Configuration:
    """Its topics compare with what they name by what the archive holds, and by what words weigh there."""
    from monitor.store import frequencies  # said above
    from monitor.work.archived import as_archived as compared  # likewise

    topics = configuration.settings.topics
    if not any(topic.like for topic in topics):
        return configuration
    like = database.read(compared, topics, database.read(frequencies.snapshot))
    return replace(configuration, watchlist=configuration.watchlist.comparing(like))


def as_looked_at(configuration: Configuration) -> Configuration:
    """The same for a command that needs no database else."""
    if not any(topic.like for topic in configuration.settings.topics):
        return configuration
    with closing(database_to_look_at(configuration.settings)) as database:
        return as_archived(configuration, database)


def counted(number: int, singular: str, plural: str = "") -> str:
    return f"{number} {singular if number == 1 else plural or f'{singular}s'}"


def named(names: Sequence[str], *, most: int) -> str:
    more = [f"{len(names) - most} more"] if len(names) > most else []
    return ", ".join([*names[:most], *more])


def marked(found: Evidence) -> str:
    """The passage on one line, its hits between stars."""
    snippet = found.snippet
    for start, end in sorted(found.hits, reverse=True):
        snippet = f"{snippet[:start]}*{snippet[start:end]}*{snippet[end:]}"
    return " ".join(snippet.split())


def evidence_as_json(found: Evidence) -> dict[str, object]:
    return {name: getattr(found, name) for name in ("term", "field", "start", "end", "snippet")}


def instant(at: datetime | None) -> str | None:
    """For machines; people get the clock of the configuration."""
    return at.isoformat() if at else None


def clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def say(text: str = "") -> None:
    print(text)  # noqa: T201  # what the user asked for


def say_json(value: Any) -> None:
    say(json.dumps(value, ensure_ascii=False))


class _Stderr:
    """Standard error as it is when a line is written: progress bars put themselves in its place meanwhile."""

    def write(self, text: str) -> None:
        sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def log_to_stderr(level: int) -> None:
    """Plain lines, in colour on a terminal; what libraries have to say comes the same way, from warnings up."""
    import structlog  # 0.1 s, and not every command has a log

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # it warns of worker processes that we ended ourselves
    is_terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S%z", utc=False),
            structlog.processors.format_exc_info,
            # A feed's words are data: quoted, so that no line break of theirs begins a line of ours.
            structlog.dev.ConsoleRenderer(colors=is_terminal, repr_native_str=True, pad_event_to=0, sort_keys=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(_Stderr()),  # type: ignore[arg-type]  # it writes and flushes
    )
