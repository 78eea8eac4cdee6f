"""A topic's own tests: texts that it should match, and texts that it should not. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from monitor.model import Article
from monitor.settings import Topic
from monitor.topics.clause_words import in_words
from monitor.topics.watchlist import Account, Watchlist
from monitor.topics.why import clauses_hit, deciding

OR_THE_EXAMPLE: Final = "change what the topic looks for, or the example"
_ANY_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)  # nobody looks at it here

Reading = tuple[str, str]  # title and body


@dataclass(frozen=True, slots=True)
class FailedExample:
    """A text that a topic's author thought would match, or not, and does otherwise."""

    kind: Literal["match", "no_match"]
    place: int  # in that list, from 0
    text: str
    what: str  # in words
    hint: str = OR_THE_EXAMPLE


def failed_examples(topic: Topic, watchlist: Watchlist) -> tuple[FailedExample, ...]:
    """The examples that the topic does not keep. Filters by language and feed don't count: an example has neither."""
    return (*_missed(topic, watchlist), *_matched(topic, watchlist))


def _missed(topic: Topic, watchlist: Watchlist) -> Iterator[FailedExample]:
    for place, text in enumerate(topic.examples.match):
        if not any(watchlist.match_text(topic.name, *reading) for reading in readings(text)):
            why = _why_not(topic, [_account(watchlist, topic, reading) for reading in readings(text)])
            said = f"“{topic.name}” should match this example, but does not: {why}"
            yield FailedExample("match", place, text, said)


def _matched(topic: Topic, watchlist: Watchlist) -> Iterator[FailedExample]:
    for place, text in enumerate(topic.examples.no_match):
        found = [reading for reading in readings(text) if watchlist.match_text(topic.name, *reading)]
        if found:
            why = in_words(deciding(_account(watchlist, topic, found[0]).why))
            said = f"“{topic.name}” should not match this example, but does: {why}"
            yield FailedExample("no_match", place, text, said)


def readings(text: str) -> list[Reading]:
    """A text whose second line is empty is a title with its body; another is a body, and if it is one line, a title."""
    first, *rest = text.strip().splitlines() or [""]
    if rest and not rest[0].strip():
        return [(first, "\n".join(rest).strip())]
    whole = "\n".join((first, *rest))
    return [("", whole)] if rest else [("", whole), (whole, "")]


def _why_not(topic: Topic, accounts: list[Account]) -> str:
    """Of the reading that came closest."""
    closest = max(accounts, key=lambda account: (account.why.is_hit, clauses_hit(account.why)))
    if closest.why.is_hit:
        return f"its score is {closest.score}, and min_score is {topic.min_score}"
    return in_words(deciding(closest.why))


def _account(watchlist: Watchlist, topic: Topic, reading: Reading) -> Account:
    title, body = reading
    article = Article(
        key="", url="", title=title, text=body, first_seen_at=_ANY_TIME, outlet="", feed="", content_hash=""
    )
    return watchlist.account(topic.name, article)
