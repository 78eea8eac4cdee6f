"""Which article is it: one that we have, the text of another outlet, or a new one?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.model import Article, WaitingEntry
from monitor.parse.links import text_id
from monitor.store import articles
from monitor.store.articles import SAME_TEXT, Known
from monitor.store.database import Session
from monitor.store.fitting import indexable
from monitor.store.listings import listed_hash
from monitor.stories.editors import correction_note
from monitor.stories.sameness import is_alike, is_another
from monitor.text import content_hash


@dataclass(frozen=True, slots=True)
class Identity:
    """What an entry turned out to be."""

    article: Article  # with a key of its own, where its address shows something else each time
    known: Known | None = None  # the same article, or the same text elsewhere
    is_again: bool = False  # its entry was read before, and is listed in other words now


def identified(
    session: Session, waiting: WaitingEntry, article: Article, *, window: timedelta, now: datetime
) -> Identity:
    """An entry that was read before stays the article that it was, but where it shows something else each time.

    Any other is an article we have if its key is known, or its guid; but one address may show something else each time,
    and some outlets give all their articles one guid. Else the text tells, among those of the window.
    """
    if before := _before(session, waiting, article):
        if waiting.entry.is_file or not _is_replaced(before.article, article):
            return Identity(article, before, is_again=True)
        article = replace(article, first_seen_at=now)
    for key in _keys(article, waiting, is_replaced=before is not None):
        article = replace(article, key=key)
        found = articles.same(session, article, since=now - window, window=window)
        if same := _itself(found, article, waiting):
            return Identity(article, same)
        if not any(known.article.key == indexable(key) for known in found if not known.is_copy):
            return Identity(article, next((known for known in found if known.is_copy), None))
    return Identity(article, found[0])


def _before(session: Session, waiting: WaitingEntry, article: Article) -> Known | None:
    if waiting.article_id is None:
        return None
    before = articles.known(session, waiting.article_id)
    is_its_own = before.article.outlet == article.outlet or before.article.key == indexable(article.key)
    return before if is_its_own else None


def _is_replaced(before: Article, article: Article) -> bool:
    """By another article, but not where its title says that it takes back what stood there."""
    takes_back = correction_note(article.title) and not correction_note(before.title)
    return not takes_back and is_another(before, article)


def _keys(article: Article, waiting: WaitingEntry, *, is_replaced: bool) -> Sequence[str]:
    """Its address; where that is another article's, also its entry; where another feed has such a one, also the feed.

    Where the entry was another's too, what it says now.
    """
    entry = waiting.entry
    if entry.is_file:
        return (article.key,)
    own = (f"{entry.key} {listed_hash(entry)}",) if is_replaced else (entry.key, f"{waiting.feed} {entry.key}")
    return (article.key, *(f"{article.key}#{text_id(each)}" for each in own))


def _itself(found: Sequence[Known], article: Article, waiting: WaitingEntry) -> Known | None:
    same = (known for known in found if not known.is_copy)
    return next((known for known in same if waiting.entry.is_file or not _is_another(known.article, article)), None)


def _is_another(before: Article, article: Article) -> bool:
    """A new entry of the same feed with neither the title nor the text; of another feed, with nothing like them.

    Feeds of one outlet may list an article under titles of their own, and one of them only its first lines.
    """
    if content_hash(before.title, "") == content_hash(article.title, "") or _is_same_text(before, article):
        return False
    return before.feed == article.feed or not is_alike(before, article)


def _is_same_text(one: Article, other: Article) -> bool:
    is_telling = min(len(one.text), len(other.text)) >= SAME_TEXT
    return is_telling and content_hash("", one.text) == content_hash("", other.text)
