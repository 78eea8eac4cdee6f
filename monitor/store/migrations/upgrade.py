"""Run the history of the tables up to this version."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from monitor.errors import UsageError
from monitor.store.migrations import NEWER


def configuration(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: sa.Connection) -> None:
    try:
        command.upgrade(configuration(connection), "head")
    except CommandError as error:
        raise UsageError(NEWER) from error
    connection.commit()


def head() -> str | None:
    return ScriptDirectory.from_config(configuration()).get_current_head()
