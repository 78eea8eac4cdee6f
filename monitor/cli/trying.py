"""`try`: a topic, or a query that may become one, on what the archive has."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any, Final

import typer

from monitor.app import utc_now
from monitor.app.workshop import Bench
from monitor.cli.common import (
    STANDARD,
    Config,
    Json,
    clock,
    counted,
    database_to_look_at,
    evidence_as_json,
    instant,
    marked,
    named,
    read,
    say,
    say_json,
)
from monitor.cli.nearly import closely_as_json, show_closely
from monitor.cli.progress import reading
from monitor.config.words import Misread, duration
from monitor.errors import UsageError
from monitor.settings import Settings
from monitor.trial import Trial, TriedStory
from monitor.work.replay import Span

SHOWN: Final = 10  # stories
NAMED: Final = 20  # topics
WIDE: Final = 40  # signs of the longest bar
LONGEST: Final = timedelta(days=3650)


def try_(
    config: Config = STANDARD,
    json: Json = False,
    query: Annotated[str | None, typer.Option(help="A query, as in a topic.")] = None,
    topic: Annotated[str | None, typer.Option(help="A topic of the configuration.")] = None,
    since: Annotated[str, typer.Option(metavar="30d", help="How far back.")] = "30d",
    near: Annotated[
        bool, typer.Option("--near", help="Also what it just missed, and what in it is of no use.")
    ] = False,
) -> None:
    settings = read(config).settings
    bench = _bench(settings, query, topic)
    now = utc_now()
    span = Span(now - length(since), now)
    database = database_to_look_at(settings)
    try:
        with reading(quietly=json) as watched:
            trial = database.read(bench.trial, span, progress=watched)
        with reading(quietly=json or not near) as watched:
            closely = database.read(bench.closely, span, progress=watched) if near else None
    finally:
        database.close()
    if json:
        say_json(as_json(trial) | (closely_as_json(closely) if closely else {}))
    else:
        _show(trial, settings)
        show_closely(closely, settings) if closely else None
    if not trial.articles:
        raise typer.Exit(1)


def _bench(settings: Settings, query: str | None, topic: str | None) -> Bench:
    if (query is None) == (topic is None):
        raise UsageError("say what to try: --query QUERY or --topic NAME")
    if query is not None:
        return Bench.of_query(query, settings)
    known = {each.name: each for each in settings.topics}
    if topic not in known:
        raise UsageError(f"there is no topic named '{topic}'; there is {named(list(known), most=NAMED) or 'none'}")
    return Bench.of(known[topic], settings)


def length(text: str) -> timedelta:
    try:
        time = duration(text)
    except Misread as wrong:
        raise UsageError(f"--since: {wrong.what.format(it=repr(text))}; {wrong.hint}") from None
    if not timedelta(0) < time <= LONGEST:
        raise UsageError(f"--since: '{text}' is no time to look back; write 12h, 7d or 90d")
    return time


# -- in words ------------------------------------------------------------------------------------


def _show(trial: Trial, settings: Settings) -> None:
    days = max((trial.until - trial.since).total_seconds() / 86400, 1)
    share = f" ({100 * trial.articles / trial.read:.1f} %)" if trial.read else ""
    say(
        f"{counted(trial.read, 'article')} since {clock(trial.since, settings.timezone)}: "
        f"{trial.articles} match{share}, in {counted(len(trial.stories), 'story', 'stories')}; "
        f"{counted(trial.messages, 'message')} would have gone out ({trial.messages / days:.1f} a day)"
    )
    _show_days(trial)
    for story in trial.stories[:SHOWN]:
        show_story(story, settings)
    if len(trial.stories) > SHOWN:
        say(f"\n… and {len(trial.stories) - SHOWN} more; --json has them all")
    say("\nTo copy, under topics:\n")
    say("  " + trial.yaml.rstrip("\n").replace("\n", "\n  "))


def _show_days(trial: Trial) -> None:
    some = [day for day in trial.days if day.articles or day.messages]
    if not some:
        return
    most = max(day.articles for day in some) or 1
    say()
    for day in some:
        bar = "▇" * max(round(WIDE * day.articles / most), 1 if day.articles else 0)
        stories, messages = counted(day.stories, "new story", "new stories"), counted(day.messages, "message")
        say(f"{day.day.isoformat()}  {bar} {counted(day.articles, 'article')}, {stories}, {messages}")


def show_story(story: TriedStory, settings: Settings) -> None:
    told = f"told {clock(story.told_at, settings.timezone)}" if story.told_at else "not told, by the rules"
    say(f"\n{clock(story.at, settings.timezone)}  {story.title}")
    say(f"  {', '.join(story.outlets)} · score {story.score} · {told} · {story.url}")
    for found in {marked(each): None for each in story.evidence if each.field == "body"}:
        say(f"  {found}")


# -- for machines --------------------------------------------------------------------------------


def as_json(trial: Trial) -> dict[str, Any]:
    return {
        "topic": trial.topic,
        "since": instant(trial.since),
        "until": instant(trial.until),
        "read": trial.read,
        "articles": trial.articles,
        "messages": trial.messages,
        "days": [asdict(day) | {"day": day.day.isoformat()} for day in trial.days],
        "stories": [story_as_json(story) for story in trial.stories],
        "yaml": trial.yaml,
    }


def story_as_json(story: TriedStory) -> dict[str, Any]:
    return {
        "id": story.id,
        "title": story.title,
        "url": story.url,
        "at": instant(story.at),
        "score": story.score,
        "outlets": list(story.outlets),
        "told_at": instant(story.told_at),
        "evidence": [evidence_as_json(found) for found in story.evidence],
    }
