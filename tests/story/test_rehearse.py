"""Judging without telling: what would be decided about given articles at given times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from monitor.model import Hold, Kind, Reason, Send
from monitor.settings import AlertPolicy
from monitor.topics.watchlist import Watchlist
from monitor.work.rehearse import Rehearsal, rehearsal
from tests.build import a_topic, an_article, settings

MINUTE = timedelta(minutes=1)
TITLE = "Lavrov bertemu Kim di Wonsan"


@pytest.fixture
def told() -> Iterator[Rehearsal]:
    topics = (a_topic("Lavrov"), a_topic("Beijing", policy=AlertPolicy(urgent=True)))
    wanted = settings(topics=topics)
    with rehearsal(wanted, Watchlist.compile(wanted.topics, wanted.aliases)) as told:
        yield told


def test_it_says_what_is_decided_at_once_and_what_goes_along(told: Rehearsal, now: datetime) -> None:
    assert told.see(an_article(TITLE), now=now) == (Hold(Reason.SETTLING, now + 2 * MINUTE),)
    further = an_article(
        TITLE, key="a", url="https://another.example/1", outlet="another.example", text="Lalu ke Beijing."
    )
    assert told.see(further, now=now + MINUTE) == (Send(Reason.NEW_STORY), Send(Reason.NOW_ALSO))
    (posted,) = told.told()
    (card,) = posted.notification.cards
    assert (posted.at, posted.notification.kind) == (now + MINUTE, Kind.STORY)
    assert (card.topics, card.url) == (("Beijing", "Lavrov"), an_article(TITLE).url)


def test_what_is_held_is_told_at_its_own_time(told: Rehearsal, now: datetime) -> None:
    told.see(an_article(TITLE), now=now)
    assert told.told() == []
    told.pass_time(now=now + timedelta(days=1))
    assert [posted.at for posted in told.told()] == [now + 2 * MINUTE]


def test_what_became_due_while_the_program_stood_still_is_told_when_it_goes_on(told: Rehearsal, now: datetime) -> None:
    told.see(an_article(TITLE), now=now)
    told.sleep(now=now + timedelta(days=4))
    assert [posted.at for posted in told.told()] == [now + timedelta(days=4)]


def test_an_article_that_concerns_nothing_is_decided_nothing_about(told: Rehearsal, now: datetime) -> None:
    assert told.see(an_article("Harga beras turun lagi", text="Kata pedagang."), now=now) == ()
