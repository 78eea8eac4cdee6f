"""`check --diff`: what an edit changes in what the topics find."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from pydantic import ValidationError

from monitor.app import utc_now
from monitor.app.configuration import Configuration
from monitor.app.in_force import InForce
from monitor.app.workshop import differences
from monitor.cli.common import clock, counted, database_to_look_at, say, say_json
from monitor.cli.progress import reading
from monitor.cli.trying import length, story_as_json
from monitor.settings import Settings
from monitor.store import configuration as state
from monitor.store.database import Session
from monitor.trial import Difference, Progress, TriedStory
from monitor.work.replay import Span

SHOWN: Final = 5  # titles of each kind


def show_differences(usable: Configuration, since: str, *, json: bool) -> None:
    time, now = length(since), utc_now()
    database = database_to_look_at(usable.settings)
    try:
        with reading(quietly=json) as watched:
            found = database.read(_differences, usable, Span(now - time, now), watched)
    finally:
        database.close()
    if json:
        for each in found or ():
            say_json(_as_json(each))
        return
    if found is None:
        say("nothing to compare with: monitor has not worked with this file yet")
    elif not found:
        say("no topic finds anything else")
    for each in found or ():
        _show(each, usable.settings, time)


def _differences(session: Session, usable: Configuration, span: Span, watched: Progress) -> list[Difference] | None:
    """None: what is in force is not known."""
    known = state.in_force(session, usable.file)
    if known is None:
        return None
    try:
        before = InForce.model_validate_json(known)
    except ValidationError:  # of another version
        return None
    return differences(session, before, InForce.of(usable.settings), span, watched)


def _show(each: Difference, settings: Settings, time: timedelta) -> None:
    days = counted(max(round(time / timedelta(days=1)), 1), "day")
    say(f"\n{each.topic}: {each.in_short} stories in {days}, {each.stays} as before")
    for sign, stories in (("+", each.more), ("−", each.fewer)):
        _show_titles(sign, stories, settings)


def _show_titles(sign: str, stories: Sequence[TriedStory], settings: Settings) -> None:
    for story in stories[:SHOWN]:
        say(f"  {sign} {clock(story.at, settings.timezone)}  {story.title} ({', '.join(story.outlets)})")
    if len(stories) > SHOWN:
        say(f"  {sign} … and {len(stories) - SHOWN} more; --json has them all")


def _as_json(each: Difference) -> dict[str, object]:
    return {
        "topic": each.topic,
        "more": [story_as_json(story) for story in each.more],
        "fewer": [story_as_json(story) for story in each.fewer],
        "stays": each.stays,
    }
