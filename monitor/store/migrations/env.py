"""Alembic asks this file how to reach the database; we hand it the connection that is already open."""

from alembic import context
from sqlmodel import SQLModel

import monitor.store.tables  # noqa: F401  # fills the metadata


def is_described(_object: object, name: str | None, _type: str, reflected: bool, _other: object) -> bool:
    """What the tables do not tell of: the index of words, which each kind of database has in its own way, and the queue."""
    return not (
        reflected
        and name is not None
        and (name.startswith(("article_words", "procrastinate_")) or name in {"words", "ix_article_words"})
    )


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
