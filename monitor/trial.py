"""What a topic would have found and told, and just missed: the results of trying it out on the archive. Values, frozen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from monitor.model import Evidence
from monitor.topics.nearly import Told
from monitor.topics.offers import Offer
from monitor.topics.overlaps import Overlap
from monitor.topics.worth import Worths

Progress = Callable[[int, int], None]  # so many of so many articles are read


@dataclass(frozen=True, slots=True)
class TriedDay:
    """A day of the user's clock."""

    day: date
    articles: int = 0  # that matched
    stories: int = 0  # that matched for the first time
    messages: int = 0  # that would have been sent


@dataclass(frozen=True, slots=True)
class TriedStory:
    """A story that would have been found."""

    id: int
    title: str  # of the article that matched best
    url: str
    at: datetime  # when its first matching article came
    score: int  # of the best match
    outlets: tuple[str, ...]  # of the articles that matched, in order of arrival
    evidence: tuple[Evidence, ...]  # of the best match
    told_at: datetime | None = None  # None: the rules would not have told it


@dataclass(frozen=True, slots=True)
class Trial:
    """One topic on a stretch of the archive."""

    topic: str
    since: datetime
    until: datetime
    read: int  # articles
    articles: int  # that matched
    stories: tuple[TriedStory, ...]  # the newest first
    messages: int  # that would have been sent
    days: tuple[TriedDay, ...]  # all of the stretch, in order
    yaml: str  # the topic, to copy


@dataclass(frozen=True, slots=True)
class Difference:
    """What an edit of a topic changes: stories that it finds now and did not, and the other way round."""

    topic: str
    more: tuple[TriedStory, ...] = ()
    fewer: tuple[TriedStory, ...] = ()
    stays: int = 0  # stories that both find

    @property
    def in_short(self) -> str:
        return f"+{len(self.more)} / −{len(self.fewer)}"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody wants to try: a query, a topic by name, or both: that topic with another query."""

    query: str = ""
    topic: str = ""
    days: int = 30


@dataclass(frozen=True, slots=True)
class Attempted:
    """What came of it."""

    trial: Trial | None = None
    difference: Difference | None = None  # from the topic as it is
    problem: str = ""  # why it could not be tried


@dataclass(frozen=True, slots=True)
class Offered:
    """A word that may be another name, and how it is written down; empty: in no way that is known."""

    offer: Offer
    yaml: str


@dataclass(frozen=True, slots=True)
class Closely:
    """A second look at a topic: what it just missed, and what in it is of no use."""

    nearly: Told
    worths: Worths
    overlaps: tuple[Overlap, ...] = ()
    offered: tuple[Offered, ...] = ()
