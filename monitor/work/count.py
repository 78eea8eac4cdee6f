"""Count the words of what has come in, so that stories are told apart by the words that are rare in this stream."""

from __future__ import annotations

from asyncio import Lock
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from anyio import to_thread

from monitor.store import frequencies
from monitor.store.database import Database
from monitor.stories.frequencies import words_in
from monitor.work.live import Live

OFTEN: Final = 50  # articles
A_TENTH: Final = 10
PIECE: Final = 100  # articles counted in one transaction: 10,000 words, which nobody waits for longer than 0.1 s


@dataclass(frozen=True, slots=True)
class Count:
    """The words in force change at the end of a count, and at no other moment."""

    database: Database
    live: Live
    turn: Lock = field(default_factory=Lock)  # two at a time would count the same

    async def saw_one(self) -> None:
        """A new article; so a round that brings thousands groups them by their own words, too."""
        self.live.uncounted += 1
        if has_grown(self.live.uncounted, self.live.frequencies.documents):
            await self.count()

    async def count(self) -> None:
        """Count what is new, piece by piece; then those who place articles weigh words by it."""
        self.live.uncounted = 0
        async with self.turn:
            is_new = await self._count_new()
            if not is_new and await self.database.run(frequencies.documents) == self.live.frequencies.documents:
                return  # nor did others count anything
            if await self.database.run(frequencies.is_full):
                await self.database.exclusive(frequencies.halve)
            await to_thread.run_sync(self.live.weigh, await self.database.run(frequencies.snapshot))

    async def _count_new(self) -> bool:
        """Whether there was anything. What others counted meanwhile is left to them, what comes meanwhile to the next count."""
        is_new = False
        while True:
            found = await self.database.run(frequencies.uncounted, PIECE)
            if not found.texts:
                return is_new
            counts = await to_thread.run_sync(_counted, found.texts)
            await self.database.exclusive(frequencies.add, counts, found)
            is_new = True
            if len(found.texts) < PIECE:
                return is_new


def has_grown(new: int, counted: int) -> bool:
    """A young stream is counted often, as each count tells much; a large one when it grew by a tenth."""
    return new >= max(OFTEN, counted // A_TENTH)


def _counted(texts: Sequence[str]) -> Counter[str]:
    return Counter(word for text in texts for word in words_in(text))
