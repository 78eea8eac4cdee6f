"""Alembic asks this file how to reach the database; we hand it the connection that is already open."""

from alembic import context
from sqlmodel import SQLModel

import monitor.store.tables  # noqa: F401  # fills the metadata
from monitor.store.migrations.described import is_described

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    compare_type=True,
    include_object=is_described,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
