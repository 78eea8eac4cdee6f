"""`silence`: what nobody wants to hear of for a while."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final

import typer

from monitor.app import utc_now
from monitor.cli.common import STANDARD, Config, Json, clock, database_to_look_at, instant, read, say, say_json
from monitor.config.words import Misread, duration
from monitor.errors import QueryError, UsageError
from monitor.settings import Settings, Silenced
from monitor.store import silences
from monitor.store.database import Session
from monitor.store.silences import Silence
from monitor.topics.watchlist import Vocabulary, compile_query
from monitor.work.silence import in_words, target

DATABASE: Final = "database"
IN_FILE: Final = "–"  # where others have a number to end them by


def add(  # noqa: PLR0917  # typer's way to say options
    config: Config = STANDARD,
    topic: Annotated[str | None, typer.Option(metavar="NAME", help="All that only this topic would tell.")] = None,
    story: Annotated[str | None, typer.Option(metavar="ID", help="This story, whatever topic it concerns.")] = None,
    words: Annotated[str | None, typer.Option(metavar="QUERY", help="Articles that this query finds.")] = None,
    for_: Annotated[str | None, typer.Option("--for", metavar="1h", help="How long: 30m, 12h, 7d …")] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for whoever wonders.")] = "",
    json: Json = False,
) -> None:
    settings, now = read(config).settings, utc_now()
    said = Silence(now + _time(for_), topic, _number(story), words, " ".join(reason.split()))
    _check(settings, said)
    database = database_to_look_at(settings)
    try:
        number = database.write(_add, said)
    finally:
        database.close()
    if json:
        say_json({"id": number, "source": DATABASE, **_as_json(said)})
    else:
        say(f"silent now ({number}): {in_words(said, settings.timezone)}")


def _time(text: str | None) -> timedelta:
    if text is None:
        raise UsageError("--for is missing: say how long, as --for 1h")
    try:
        length = duration(text)
    except Misread as wrong:
        raise UsageError(f"--for: {wrong.what.format(it=repr(text))}; {wrong.hint}") from None
    if not timedelta(0) < length <= timedelta(days=3650):
        raise UsageError(f"--for: '{text}' is no time to be silent for; write 30m, 12h or 7d")
    return length


def _number(story: str | None) -> int | None:
    if story is not None and not (story.isascii() and story.isdigit() and len(story) < 10):  # noqa: PLR2004  digits that every database takes
        raise UsageError(f"--story: '{story}' is not the number of a story")
    return None if story is None else int(story)


def _check(settings: Settings, said: Silence) -> None:
    given = [each for each in (said.topic, said.story_id, said.words) if each is not None]
    if len(given) != 1:
        raise UsageError("say what to be silent about: one of --topic NAME, --story ID or --words QUERY")
    if said.topic is not None and said.topic not in {each.name for each in settings.topics}:
        raise UsageError(f"there is no topic named '{said.topic}'")
    if said.words is not None:
        try:
            compile_query(said.words, Vocabulary.of(settings), settings.language)
        except QueryError as error:
            hint = f"; {error.hint}" if error.hint else ""
            raise UsageError(f"--words can't be read: {error}{hint}") from None


def _add(session: Session, said: Silence) -> int:
    if said.story_id is not None and not silences.has_story(session, said.story_id):
        raise UsageError(f"there is no story with the number {said.story_id}")
    return silences.add(session, said, now=utc_now())


def list_(config: Config = STANDARD, json: Json = False) -> None:
    settings, now = read(config).settings, utc_now()
    database = database_to_look_at(settings)
    try:
        known = database.read(silences.active, now=now)
    finally:
        database.close()
    silent: list[Silence | Silenced] = [*known, *settings.silent(now=now)]
    if not silent and not json:
        say("nothing is silenced")
    for each in sorted(silent, key=lambda each: each.until):
        number, source = (each.id, DATABASE) if isinstance(each, Silence) else (None, config.name)
        if json:
            say_json({"id": number, "source": source, **_as_json(each)})
        else:
            reason = f"  {each.reason}" if each.reason else ""
            place = f"  ({source})" if number is None else ""
            until = clock(each.until, settings.timezone)
            say(f"{number or IN_FILE:>4}  {target(each)}  until {until}{reason}{place}")


def end(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="As `silence list` shows it.")],
    config: Config = STANDARD,
    json: Json = False,
) -> None:
    settings = read(config).settings
    silence_id = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0  # noqa: PLR2004  digits that every database takes
    database = database_to_look_at(settings)
    try:
        ended = database.write(silences.end, silence_id, now=utc_now())
    finally:
        database.close()
    if ended is None:
        hint = f"what `monitor silence list` shows without one is taken out of {config.name}"
        raise UsageError(f"nothing is silenced under the number {number}; {hint}")
    if json:
        say_json({"id": ended.id, "source": DATABASE, **_as_json(ended)})
    else:
        say(f"heard of again: {target(ended)}")


def _as_json(said: Silence | Silenced) -> dict[str, object]:
    what = {"topic": said.topic, "story": said.story_id, "words": said.words}
    channel = said.channel if isinstance(said, Silence) else None
    return {**what, "channel": channel, "until": instant(said.until), "reason": said.reason}


def _group() -> typer.Typer:
    group = typer.Typer(rich_markup_mode=None, add_completion=False)
    for name, does, command in (
        ("add", "Be silent about a topic, a story, or what certain words find, for a while.", add),
        ("list", "What is silenced now, until when and why.", list_),
        ("end", "Hear of it again.", end),
    ):
        group.command(name, help=does)(command)
    return group


silence: Final = _group()
