"""`backup` and `restore`: all that is remembered, in one file, and the way back."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from monitor.app import utc_now
from monitor.cli.common import STANDARD, Config, Json, counted, read_storage, say, say_json
from monitor.errors import UsageError
from monitor.store import backup as copies
from monitor.store.database import Database

File = Annotated[Path, typer.Argument(metavar="FILE", help="The copy.")]


def backup(file: File, config: Config = STANDARD, json: Json = False) -> None:
    """Copy all that is remembered into a file, also while the daemon works."""
    if file.exists():
        raise UsageError(f"{file} is there already; name another file")
    if not file.absolute().parent.is_dir():
        raise UsageError(f"there is no folder {file.absolute().parent}")
    with closing(Database(read_storage(config).url.get_secret_value())) as database:
        if database.path is None and database.is_sqlite:
            raise UsageError("a database in memory can't be copied")
        if database.path is not None and not database.path.exists():
            raise UsageError(f"nothing was watched yet: there is no {database.path}")
        if database.path is not None:
            copies.copy_file(database.path, file)
        else:
            copies.dump(database.url, file)
    size = file.stat().st_size
    if json:
        say_json({"file": str(file), "bytes": size})
    else:
        say(f"{file}: {size / 1e6:.1f} MB")


def restore(file: File, config: Config = STANDARD, json: Json = False) -> None:
    """Put such a copy back, while nothing runs; what is there is kept under another name."""
    with closing(Database(read_storage(config).url.get_secret_value())) as database:
        kept = None
        with database.sole_runner():
            if database.path is not None:
                kept = copies.put_back(file, database.path, now=utc_now())
            elif database.is_sqlite:
                raise UsageError("a database in memory can't be restored")
            elif database.has_any_table():
                raise UsageError(
                    "there are tables in this database; restore into an empty one and name it as storage.url"
                )
            else:
                copies.undump(file, database.url)
            database.prepare()
            doubted = database.write(copies.doubt_what_waits)
    if json:
        say_json({"file": str(file), "kept": str(kept) if kept else None, "waiting": doubted})
        return
    say(f"restored from {file}" + (f"; what was there is in {kept}" if kept else ""))
    if doubted:
        say(f"{counted(doubted, 'message')} waited when the copy was made; each goes and says that it may come twice")
