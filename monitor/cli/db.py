"""`db`: the tables themselves."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.common import STANDARD, Config, Json, counted, read_storage, say, say_json
from monitor.cli.progress import reading
from monitor.config.fill import Unfilled, fill
from monitor.errors import UsageError
from monitor.store import checking
from monitor.store import copying as copies
from monitor.store.database import Database
from monitor.store.migrations import HEAD, NEWER

db = typer.Typer(no_args_is_help=True, help="The tables: bring them up to date, check them, copy them elsewhere.")


def opened(config: Path) -> Database:
    return Database(read_storage(config).url.get_secret_value())


def _filled(url: str) -> str:
    """As in the file: a password need not stand among the arguments, which others can read."""
    try:
        return fill(url, os.environ)
    except Unfilled as error:
        raise UsageError(f"--to: {error.what}") from None


@db.command()
def upgrade(config: Config = STANDARD, json: Json = False) -> None:
    """Bring the tables to this version, as a start does."""
    with closing(opened(config)) as database:
        before = database.revision()
        if before is not None and before > HEAD:
            raise UsageError(NEWER)
        if before != HEAD:
            with database.sole_runner() if database.is_sqlite else database.in_company():
                database.prepare()
    if json:
        say_json({"from": before, "to": HEAD})
    else:
        say(
            f"the tables are of this version ({HEAD})"
            + (f"; they were of {before or 'none'}" if before != HEAD else "")
        )


@db.command()
def check(config: Config = STANDARD, json: Json = False) -> None:
    """Are the tables sound? Changes nothing."""
    with closing(opened(config)) as database:
        if database.revision() is None:
            raise UsageError("there are no tables yet; they are made at the first start")
        wrong = checking.wrong_with(database)
        counts = {} if wrong else database.read(copies.counts)
    if json:
        say_json({"version": HEAD, "wrong": wrong, "rows": counts})
    else:
        for line in wrong or [f"sound: {counted(len(counts), 'table')}, {sum(counts.values()):,} rows, version {HEAD}"]:
            say(line)
    if wrong:
        raise typer.Exit(1)


@db.command("copy")
def copy_(
    to: Annotated[str, typer.Option(metavar="URL", help="An empty database: postgresql://… or sqlite:///path.")],
    config: Config = STANDARD,
    json: Json = False,
) -> None:
    """Copy all rows into another database; cut off, it goes on where it was when it is said again."""
    with closing(opened(config)) as source, closing(Database(_filled(to))) as target:
        if source.url == target.url:
            raise UsageError("--to is the database that is in use; name another one")
        if source.path is not None and not source.path.exists():
            raise UsageError(f"nothing was watched yet: there is no {source.path}")
        with source.sole_runner(), target.sole_runner(), reading(quietly=json, what="copying") as bar:
            source.prepare()
            target.prepare(is_for_a_copy=True)
            done = copies.copy(source, target, said=bar)
    if json:
        say_json({"tables": done.tables, "rows": done.rows})
    else:
        say(f"copied: {counted(done.tables, 'table')}, {done.rows:,} rows; write the new address as storage.url")
