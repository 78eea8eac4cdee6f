"""Write articles into the archive, from their rows, after the commit; writing again gives the same file."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from anyio import to_thread

from monitor.model import Article, Claim
from monitor.parse import links, textfile
from monitor.store import articles
from monitor.store.articles import Filed
from monitor.store.database import Database

log = structlog.get_logger()
AGAIN: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Archive:
    """Built once per configuration."""

    database: Database
    folder: Path
    clock: Callable[[], datetime]

    async def archive(self, claims: Sequence[Claim[Filed]]) -> None:
        try:
            await to_thread.run_sync(_write_all, self.folder, [claim.value for claim in claims])
        except OSError as error:
            log.error("the archive can't be written", folder=str(self.folder), why=error.strerror)
            await self.database.exclusive(articles.file_later, list(claims), due_at=self.clock() + AGAIN)
            return
        await self.database.exclusive(articles.filed, list(claims), now=self.clock())


def _write_all(folder: Path, filed: Sequence[Filed]) -> None:
    for item in filed:
        write(folder / item.day.isoformat(), item)


def write(folder: Path, filed: Filed) -> None:
    """Whole or not at all: a temporary file, brought to the disk, then given its name."""
    article = filed.article
    name = textfile.file_name(filed.number, id_of(article))
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{name}.part"
    with draft.open("w", encoding="utf-8", newline="\n") as file:
        file.write(textfile.write(article.title, article.text))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / name)
    _sync(folder)


def _sync(folder: Path) -> None:
    """A rename is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def id_of(article: Article) -> str:
    """16 hex digits."""
    return links.file_id(article.key, article.url)
