"""Why a topic matched or did not, clause by clause, as the commands and the page show it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from monitor.model import Article
from monitor.settings import Topic
from monitor.topics.clause_words import in_words, lines, says
from monitor.topics.tongues import ENGLISH, Tongue
from monitor.topics.watchlist import Account, Watchlist
from monitor.topics.why import Why, clauses_hit, deciding


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


def closest_first(asked: Sequence[Asked], matched: Collection[str] = ()) -> tuple[Asked, ...]:
    """Those that did not match."""
    others = [each for each in asked if each.topic.name not in matched]
    return tuple(sorted(others, key=lambda each: each.closeness, reverse=True))


def with_nearest(watchlist: Watchlist, asked: Sequence[Asked]) -> tuple[Asked, ...]:
    """The same, with what comes closest to what each of them misses; of very many, or of a book, for the first ones."""
    if not asked:
        return ()
    accounts = dict(watchlist.accounts_with_nearest([each.topic.name for each in asked], asked[0].article))
    return tuple(replace(each, account=accounts[each.topic.name]) for each in asked)


def asked(watchlist: Watchlist, topic: Topic, article: Article) -> Asked:
    """With what comes closest."""
    [(_, account)] = watchlist.accounts_with_nearest([topic.name], article)
    return Asked(topic, article, account)


def decided(it: Asked, tongue: Tongue = ENGLISH) -> str:
    """In a line: which filter refused it, which clause decided."""
    clause = in_words(deciding(it.account.why), tongue)
    reasons = [*_filter(it, tongue), *([] if it.account.why.is_hit and not it.account.is_match else [clause])]
    return tongue.and_also.join(reasons)


def _filter(it: Asked, tongue: Tongue) -> Iterator[str]:
    if it.account.refused_by is not None:
        yield tongue.filters[it.account.refused_by].format(
            language=it.article.language,
            languages=", ".join(it.topic.languages),
            score=it.account.score,
            min_score=it.topic.min_score,
        )


def tree(it: Asked, tongue: Tongue = ENGLISH, *, most: int | None = None) -> list[str]:
    """The query, a line for each part of it."""
    shown = lines(it.account.why, tongue)
    if most is None or len(shown) <= most:
        return shown
    return [*shown[: most - 1], tongue.more_parts.format(n=len(shown) - most + 1)]


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
        "says": says(why.of),
        "hit": why.is_hit,
        "places": why.places,
        "found": why.found,
        "nearest": [asdict(close) for close in why.nearest],
        "parts": [_tree_as_json(part) for part in why.parts],
    }
