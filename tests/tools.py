"""What the pages work with, on a database of a test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from monitor.app.muting import muted
from monitor.app.tries import Tries
from monitor.settings import Settings
from monitor.store import outbox, signing, silences
from monitor.store.database import Database
from monitor.store.silences import Silence
from monitor.topics.watchlist import Vocabulary, compile_all
from monitor.web.tools import Asked, Tools


def tools_for(database: Database, wanted: Settings, clock: Callable[[], datetime], *, is_on_time: bool = True) -> Tools:
    async def send_again(delivery_id: int) -> bool:
        channels: Sequence[str] = [channel.name for channel in wanted.channels]
        return await database.exclusive(outbox.send_one_again, delivery_id, channels=channels, now=clock())

    async def silence(said: Silence) -> bool:
        return await database.exclusive(silences.add_if_there, said, now=clock())

    async def end_silence(number: int) -> bool:
        return await database.exclusive(silences.end, number, now=clock()) is not None

    async def mute(asked: Asked) -> bool:
        return await database.exclusive(muted, asked, ops=wanted.ops, now=clock())

    watchlist, _ = compile_all(wanted.topics, Vocabulary.of(wanted))

    tries = Tries(database, lambda: wanted, clock)
    return Tools(
        database=database,
        settings=lambda: wanted,
        watchlist=lambda: watchlist,
        file="config.yaml",
        is_on_time=lambda: is_on_time,
        exposition=lambda: b"monitor_up 1\n",
        clock=clock,
        send_again=send_again,
        silence=silence,
        end_silence=end_silence,
        mute=mute,
        attempt=tries.attempt,
        closely=tries.closely,
        key=database.write(signing.key),
    )
