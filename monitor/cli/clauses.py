"""Why a topic matched or did not, clause by clause, as the commands show it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, assert_never

from monitor.model import Article
from monitor.settings import Topic
from monitor.topics.watchlist import Account, Watchlist
from monitor.topics.why import Why, clauses_hit, deciding, in_words, lines


@dataclass(frozen=True, slots=True)
class Asked:
    """A topic as it is configured now, and what it says of an article."""

    topic: Topic
    article: Article
    account: Account

    @property
    def closeness(self) -> tuple[bool, bool, int]:
        why = self.account.why
        return (self.account.is_match, why.is_hit, clauses_hit(why))


def all_asked(watchlist: Watchlist, article: Article) -> list[Asked]:
    """Every topic, in the order of the configuration."""
    accounts = dict(watchlist.accounts(article))
    return [Asked(watch.topic, article, accounts[watch.topic.name]) for watch in watchlist.watches]


def asked(watchlist: Watchlist, topic: Topic, article: Article) -> Asked:
    return Asked(topic, article, watchlist.account(topic.name, article))


def decided(it: Asked) -> str:
    """In a line: which filter refused it, which clause decided."""
    clause = in_words(deciding(it.account.why))
    reasons = [*_filter(it), *([] if it.account.why.is_hit and not it.account.is_match else [clause])]
    return "; and ".join(reasons)


def _filter(it: Asked) -> Iterator[str]:
    match it.account.refused_by:
        case "languages":
            yield f"it is in {it.article.language}, and the topic's languages are {', '.join(it.topic.languages)}"
        case "feeds":
            yield "its feed is none of the topic's feeds"
        case "except_feeds":
            yield "its feed is one of the topic's except_feeds"
        case "min_score":
            yield f"its score is {it.account.score}, and the topic's min_score is {it.topic.min_score}"
        case None:
            return
        case _:
            assert_never(it.account.refused_by)


def tree(it: Asked, *, most: int | None = None) -> list[str]:
    """The query, a line for each part of it."""
    shown = lines(it.account.why)
    if most is None or len(shown) <= most:
        return shown
    return [*shown[: most - 1], f"… and {len(shown) - most + 1} more parts"]


def as_json(it: Asked) -> dict[str, Any]:
    account = it.account
    return {
        "matched": account.is_match,
        "score": account.score if account.score is not None else 0,
        "refused_by": account.refused_by,
        "decided": decided(it),
        "tree": _tree_as_json(account.why),
    }


def _tree_as_json(why: Why) -> dict[str, Any]:
    return {
        "clause": why.source,
        "kind": why.kind,
        "says": why.says,
        "hit": why.is_hit,
        "places": why.places,
        "found": why.found,
        "parts": [_tree_as_json(part) for part in why.parts],
    }
