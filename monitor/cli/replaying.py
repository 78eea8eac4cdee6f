"""`replay`: what users would have been told by this configuration, message by message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, Final

import typer

from monitor.alerts.message import compose
from monitor.app import utc_now
from monitor.app.configuration import Configuration
from monitor.app.workshop import find
from monitor.cli.common import STANDARD, Config, Json, clock, counted, database_to_look_at, instant, read, say, say_json
from monitor.cli.progress import reading
from monitor.cli.trying import length
from monitor.model import Markup
from monitor.settings import Settings
from monitor.store.database import Session
from monitor.store.outbox import Posted
from monitor.text import normalise
from monitor.work import replay as archive
from monitor.work.replay import Found, Progress, Span

PLAIN: Final = Markup(normalise, mark=("", ""))


def replay(
    config: Config = STANDARD,
    json: Json = False,
    since: Annotated[str, typer.Option(metavar="7d", help="How far back.")] = "7d",
) -> None:
    configuration = read(config)
    time, now = length(since), utc_now()
    database = database_to_look_at(configuration.settings)
    try:
        with reading(quietly=json) as watched:
            found, told = database.read(_played, configuration, Span(now - time, now), watched)
    finally:
        database.close()
    for posted in told:
        say_json(_as_json(posted, configuration.settings)) if json else say(_line(posted, configuration.settings))
    if not json:
        say(_summary(found, told, time))
    if not told:
        raise typer.Exit(1)


def _played(
    session: Session, configuration: Configuration, span: Span, watched: Progress
) -> tuple[Found, Sequence[Posted]]:
    found = find(session, configuration.watchlist, span, progress=watched)
    return found, archive.tell(session, configuration.settings, found, span).posted


def _subject(posted: Posted, settings: Settings) -> str:
    return compose(posted.notification, markup=PLAIN, zone=settings.timezone, now=posted.at).subject


def _line(posted: Posted, settings: Settings) -> str:
    return f"{clock(posted.at, settings.timezone)}  {posted.notification.channel:<12}  {_subject(posted, settings)}"


def _summary(found: Found, told: Sequence[Posted], time: timedelta) -> str:
    days = max(time / timedelta(days=1), 1)
    by_channel = Counter(posted.notification.channel for posted in told)
    each = ", ".join(f"{name} {count} ({count / days:.1f} a day)" for name, count in by_channel.most_common())
    read, matched = counted(found.read, "article"), len(found.hits)
    return f"{read}, {matched} match; {counted(len(told), 'message')}" + (f": {each}" if each else "")


def _as_json(posted: Posted, settings: Settings) -> dict[str, Any]:
    told = posted.notification
    return {
        "at": instant(posted.at),
        "channel": told.channel,
        "kind": told.kind,
        "held_by": told.held_by,
        "subject": _subject(posted, settings),
        "stories": [
            {"id": card.story_id, "title": card.title, "url": card.url, "topics": card.topics, "outlets": card.outlets}
            for card in told.cards
        ],
    }
