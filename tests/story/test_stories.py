"""One event, one alert: a story from its first article to its correction, with restarts in between or without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
import sqlalchemy as sa

from monitor.model import Article, Card, Kind
from monitor.store.database import Database
from monitor.store.outbox import Posted
from monitor.store.tables import ARTICLE, STORY
from monitor.topics.watchlist import Watchlist
from monitor.work.rehearse import Rehearsal
from tests.build import NOON, a_topic, settings
from tests.story.wonsan import (
    ANOTHER_GUEST,
    COPY,
    CORRECTED,
    FIRST,
    FLIGHTS,
    FURTHER,
    MISDATED,
    RESORT,
    SECOND,
    UPDATED,
    by,
)

MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
WANTED: Final = settings(topics=(a_topic("Kim Jong Un"),))
ONE_HOUR_LATER: Final = 60


class Newsroom:
    """Sees articles as the minutes pass; between two of them it may be started anew, over what stands in its database."""

    def __init__(self, folder: Path, *, restarts: bool) -> None:
        self._url = f"sqlite:///{folder / 'monitor.db'}"
        self._restarts = restarts
        self._now = NOON
        self._start()
        self._rehearsal.database.prepare()

    def _start(self) -> None:
        watchlist = Watchlist.compile(WANTED.topics, WANTED.aliases)
        self._rehearsal = Rehearsal(WANTED, watchlist, Database(self._url))

    def close(self) -> None:
        self._rehearsal.database.close()

    def see(self, article: Article, *, minutes: int = 1) -> None:
        self._rehearsal.see(article, now=self._now)
        if self._restarts:
            self.close()
            self._start()
        self._now += minutes * MINUTE
        self._rehearsal.pass_time(now=self._now)

    @property
    def told(self) -> list[Posted]:
        return list(self._rehearsal.told())

    def stories(self) -> list[tuple[str, ...]]:
        """Of each: its title, then the outlets of its articles in order; a copy's in brackets."""
        articles = sa.select(STORY.c.id, STORY.c.title, ARTICLE.c.outlet, ARTICLE.c.copy_of).join(ARTICLE)
        found: dict[int, tuple[str, ...]] = {}
        for row in self._rehearsal.database.read(
            lambda session: session.execute(articles.order_by(ARTICLE.c.id)).all()
        ):
            outlet = f"({row.outlet})" if row.copy_of else row.outlet
            found[row.id] = (*found.get(row.id, (row.title,)), outlet)
        return list(found.values())


def two_seeds(newsroom: Newsroom) -> None:
    newsroom.see(by("wartadunia.id", FIRST))
    newsroom.see(by("hasanah.id", SECOND), minutes=ONE_HOUR_LATER)


def a_copy(newsroom: Newsroom) -> None:
    two_seeds(newsroom)
    newsroom.see(by("kabarkini.com", COPY), minutes=ONE_HOUR_LATER)


def a_look_alike(newsroom: Newsroom) -> None:
    a_copy(newsroom)
    newsroom.see(by("tempo.co", ANOTHER_GUEST, "2"), minutes=ONE_HOUR_LATER)


def further_outlets(newsroom: Newsroom) -> None:
    a_look_alike(newsroom)
    for outlet, report in FURTHER.items():
        newsroom.see(by(outlet, report))


def a_correction(newsroom: Newsroom) -> None:
    further_outlets(newsroom)
    newsroom.see(by("wartadunia.id", CORRECTED), minutes=ONE_HOUR_LATER)


def further_readings(newsroom: Newsroom) -> None:
    a_correction(newsroom)
    newsroom.see(by("wartadunia.id", UPDATED), minutes=ONE_HOUR_LATER)
    newsroom.see(by("wartadunia.id", CORRECTED), minutes=ONE_HOUR_LATER)


@pytest.fixture(params=[False, True], ids=["in one go", "restarted"])
def newsroom(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Newsroom]:
    newsroom = Newsroom(tmp_path, restarts=request.param)
    yield newsroom
    newsroom.close()


def cards(newsroom: Newsroom) -> list[tuple[Kind, Card]]:
    return [(posted.notification.kind, card) for posted in newsroom.told for card in posted.notification.cards]


def test_two_outlets_with_texts_of_their_own_are_one_alert_that_names_both(newsroom: Newsroom) -> None:
    two_seeds(newsroom)
    ((kind, card),) = cards(newsroom)
    assert (kind, card.title, card.outlets) == (Kind.STORY, FIRST.title, ("wartadunia.id", "hasanah.id"))
    assert newsroom.told[0].at == NOON + 2 * MINUTE


def test_an_outlet_with_a_copy_is_told_of_by_no_alert_of_its_own(newsroom: Newsroom) -> None:
    a_copy(newsroom)
    assert len(newsroom.told) == 1
    assert newsroom.stories() == [(FIRST.title, "wartadunia.id", "hasanah.id", "(kabarkini.com)")]


def test_what_only_looks_alike_is_a_story_of_its_own(newsroom: Newsroom) -> None:
    a_look_alike(newsroom)
    *_, (kind, card) = cards(newsroom)
    assert (len(newsroom.told), kind) == (2, Kind.STORY)
    assert (card.title, card.outlets, card.carried_by) == (ANOTHER_GUEST.title, ("tempo.co",), ())


def test_when_five_further_outlets_have_it_they_are_told_with_what_is_new_and_who_carries_copies(
    newsroom: Newsroom,
) -> None:
    further_outlets(newsroom)
    assert len(newsroom.told) == 3
    *_, (kind, card) = cards(newsroom)
    assert (kind, card.new_outlets, card.carried_by) == (Kind.FOLLOW_UP, tuple(FURTHER), ("kabarkini.com",))
    assert card.outlets == ("wartadunia.id", "hasanah.id", *FURTHER)
    assert {RESORT, FLIGHTS} <= set(card.news)


def test_a_correction_is_told_once_and_what_is_read_after_it_tells_nothing(newsroom: Newsroom) -> None:
    further_readings(newsroom)
    kinds = [kind for kind, _ in cards(newsroom)]
    assert kinds == [Kind.STORY, Kind.STORY, Kind.FOLLOW_UP, Kind.CORRECTION]
    *_, (_, card) = cards(newsroom)
    (change,) = card.changes
    assert (card.title, card.was, card.outlets[0]) == (FIRST.title, "", "wartadunia.id")
    assert MISDATED in change.before
    assert "Jumat, 11 Juli 2025" in change.after


def test_a_restart_after_each_article_changes_nothing(tmp_path: Path) -> None:
    lived: list[tuple[list[tuple[str, ...]], list[tuple[Kind, Card]]]] = []
    for restarts in (False, True):
        folder = tmp_path / str(restarts)
        folder.mkdir()
        newsroom = Newsroom(folder, restarts=restarts)
        further_readings(newsroom)
        lived.append((newsroom.stories(), cards(newsroom)))
        newsroom.close()
    assert lived[0] == lived[1]
    assert lived[0][0] == [
        (FIRST.title, "wartadunia.id", "hasanah.id", "(kabarkini.com)", *FURTHER),
        (ANOTHER_GUEST.title, "tempo.co"),
    ]
