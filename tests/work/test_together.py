"""What is written together stands as if each had been written alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from monitor.errors import LeaseLost
from monitor.store.database import Database, Session
from monitor.store.tables import HOST
from monitor.work.together import Together
from tests.build import NOON
from tests.prepared import prepared


@pytest.fixture
def commits() -> list[str]:
    return []


@pytest.fixture
def database(tmp_path: Path, commits: list[str]) -> Iterator[Database]:
    database = prepared(tmp_path / "monitor.db", after_commit=commits.append)
    yield database
    database.close()


def write(session: Session, names: Sequence[str]) -> list[str | Exception]:
    """A name that is there already breaks the whole transaction; an empty one is not ours."""
    return [one(session, name) for name in names]


def one(session: Session, name: str) -> str | Exception:
    if not name:
        return LeaseLost("taken over")
    session.execute(sa.insert(HOST).values(name=name, next_at=NOON))
    return name.upper()


def names(database: Database) -> list[str]:
    return sorted(database.read(lambda session: session.scalars(sa.select(HOST.c.name)).all()))


async def test_what_comes_at_once_is_one_commit_and_each_gets_its_own_answer(
    database: Database, commits: list[str]
) -> None:
    together = Together(database, write)
    assert await asyncio.gather(*map(together.add, "abc")) == ["A", "B", "C"]
    assert names(database) == ["a", "b", "c"]
    assert len(commits) == 1


async def test_what_comes_later_is_written_too(database: Database) -> None:
    together = Together(database, write)
    assert await together.add("a") == "A"
    assert await together.add("b") == "B"
    assert names(database) == ["a", "b"]


async def test_one_that_can_not_be_written_harms_no_other(database: Database) -> None:
    together = Together(database, write)
    await together.add("b")
    first, second, third, fourth = await asyncio.gather(*map(together.add, ["a", "b", "", "c"]), return_exceptions=True)
    assert (first, fourth) == ("A", "C")
    assert "UNIQUE" in str(second)
    assert isinstance(third, LeaseLost)
    assert names(database) == ["a", "b", "c"]


async def test_one_that_no_longer_waits_is_written_all_the_same(database: Database) -> None:
    together = Together(database, write)
    waiting = asyncio.create_task(together.add("a"))
    await asyncio.sleep(0)
    waiting.cancel()
    assert await together.add("b") == "B"
    assert names(database) == ["a", "b"]
