"""Learn anew what the articles of the last days are like, where an older version kept them and did not write it down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from anyio import to_thread

from monitor.model import Member
from monitor.store import stories
from monitor.store.database import Database
from monitor.store.stories import Stranger
from monitor.stories.fingerprint import fingerprint
from monitor.stories.frequencies import Frequencies
from monitor.work.judge import believed_at
from monitor.work.live import Live

log = structlog.get_logger()

PIECE: Final = 100  # articles of one transaction


@dataclass(frozen=True, slots=True)
class Recall:
    """Before anything is judged; else the next report of a told story would open it again. What was cut off goes on."""

    database: Database
    live: Live
    clock: Callable[[], datetime]

    async def recall(self) -> None:
        since = self.clock() - self.live.plan.settings.stories.window
        recalled = 0
        while found := await self.database.run(stories.strangers, since=since, limit=PIECE):
            members = await to_thread.run_sync(_members, found, self.live.frequencies)
            await self.database.exclusive(stories.admit_all, members)
            recalled += len(found)
        if recalled:
            log.info("articles of an older version were read again for their stories", articles=recalled)


def _members(found: Sequence[Stranger], frequencies: Frequencies) -> list[tuple[int, Member]]:
    return [(each.story_id, _member(each, frequencies)) for each in found]


def _member(stranger: Stranger, frequencies: Frequencies) -> Member:
    article = stranger.article
    like = fingerprint(article, frequencies)
    return Member(stranger.article_id, like, believed_at(article), article.outlet, stranger.copy_of)
