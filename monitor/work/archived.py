"""What topics want articles to be like, as the archive has it. (Apart from work/like.py, which loads no database.)"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.settings import Topic
from monitor.store import articles
from monitor.store.database import Session
from monitor.stories.frequencies import Frequencies
from monitor.work.like import ON_THE_FIRST_DAY, Like


def as_archived(session: Session, topics: Iterable[Topic], frequencies: Frequencies = ON_THE_FIRST_DAY) -> Like:
    """With the articles that stand in the archive under an address."""
    like = Like(topics, frequencies)
    like.learn(articles.by_key(session, like.addresses))
    return like
