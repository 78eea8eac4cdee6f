"""What the page and its API read, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from monitor.model import Evidence, Match
from monitor.store import (
    articles,
    deliveries,
    front,
    front_leads,
    front_lists,
    front_told,
    front_topics,
    health,
    outbox,
    stories,
)
from monitor.store.database import Database
from monitor.store.search import EVERYWHERE
from monitor.store.tables import DELIVERY
from tests.build import an_article
from tests.store.steps import HOUR, alert, claim_deliveries, claim_feeds, decide, fail, post, watch

KIM, GEMPA = "Korea Utara Rusia", "Gempa besar"
WHY = Evidence("Korea", "body", 0, 5, "Korea Utara dan Rusia", ((0, 5),))


@pytest.fixture
def filled(database: Database, now: datetime) -> Database:
    """A story of two outlets and a copy, one of another day; the first was told."""
    story_id = database.write(stories.open_story, "Lavrov di Wonsan", now=now)
    ids = [add(database, story_id, outlet, now=now) for outlet in ("Kabar", "Warta")]
    add(database, story_id, "Suara", now=now, copy_of=ids[0])
    other = database.write(stories.open_story, "Gempa di Maluku", now=now + timedelta(days=1))
    quake = add(database, other, "Kabar", now=now + timedelta(days=1))
    for article_id in ids:
        database.write(articles.add_matches, article_id, (Match(KIM, 80, (WHY,)),))
    database.write(articles.add_matches, quake, (Match(GEMPA, 60, ()), Match(KIM, 10, ())))
    alert_id = decide(database, alert(story_id), article_id=ids[0], now=now)
    post(database, outlets_told={alert_id: 2}, now=now)
    (claim,) = claim_deliveries(database, now=now)
    database.write(outbox.sent, claim, now=now + HOUR)
    return database


def add(database: Database, story_id: int, outlet: str, *, now: datetime, copy_of: int | None = None) -> int:
    number = len(database.read(front_lists.articles, limit=200).items)
    article = an_article(key=f"key-{number}", title=f"Judul {number}", outlet=outlet)
    changes: dict[str, Any] = {} if copy_of is None else {"copy_of": copy_of}
    return database.write(articles.add, article, story_id=story_id, day=now.date(), now=now, **changes)


def test_stories_by_their_newest_match(filled: Database, now: datetime) -> None:
    second, first = filled.read(front.stories).items
    assert [(each.name, each.articles) for each in first.outlets] == [("Kabar", 1), ("Warta", 1)]
    assert (first.articles, first.copies, first.topics) == (2, 1, (KIM,))
    assert [(told.channel, told.state, told.at) for told in first.told] == [("terminal", "sent", now + HOUR)]
    assert (second.title, second.topics) == ("Gempa di Maluku", (GEMPA, KIM))

    today, tomorrow = now.date(), now.date() + timedelta(days=1)
    assert [each.title for each in filled.read(front.stories, days=(today, today)).items] == [first.title]
    assert [each.title for each in filled.read(front.stories, days=(tomorrow, date.max)).items] == [second.title]
    assert [each.title for each in filled.read(front.stories, topic=GEMPA).items] == [second.title]
    assert filled.read(front.stories, days=(date.min, date.min)).items == ()


def test_a_page_of_stories_ends_where_the_next_begins(filled: Database) -> None:
    page = filled.read(front.stories, limit=1)
    rest = filled.read(front.stories, limit=1, after=page.after)
    assert [each.title for each in (*page.items, *rest.items)] == ["Gempa di Maluku", "Lavrov di Wonsan"]
    assert filled.read(front.stories, limit=1, after=rest.after).items == ()


def test_a_story_with_its_articles_and_reasons(filled: Database) -> None:
    story_id = filled.read(front.stories).items[1].id
    story = filled.read(front.story, story_id)
    assert story is not None
    assert [each.copy_of is not None for each in story.reports] == [False, False, True]
    assert [(each.topic, each.evidence) for each in story.reasons] == [(KIM, (WHY,))]
    assert filled.read(front.story, 2**31 - 1) is None


def test_matches_of_each_day(filled: Database, now: datetime) -> None:
    days = [now.date() + timedelta(days=number) for number in range(-1, 3)]
    counted = filled.read(front_topics.matches_per_day, [KIM, GEMPA, "Lain"], days=days)
    assert counted == {KIM: [0, 2, 1, 0], GEMPA: [0, 0, 1, 0], "Lain": [0, 0, 0, 0]}
    assert filled.read(front_topics.matches_per_day, [], days=days) == {}
    assert set(filled.read(front_topics.last_matches, [KIM, "Lain"])) == {KIM}
    assert filled.read(front_topics.first_day) == now.date()
    assert [each.score for each in filled.read(front_topics.hits, KIM).items] == [10, 80, 80]


def test_what_feed_readers_are_given(filled: Database) -> None:
    second, first = filled.read(front_leads.leads)
    assert (first.outlet, first.evidence, second.evidence) == ("Kabar", (WHY,), ())
    assert [lead.card.title for lead in filled.read(front_leads.leads, topic=GEMPA)] == ["Gempa di Maluku"]
    assert [told.notification.channel for told in filled.read(front_leads.told, "terminal")] == ["terminal"]
    assert filled.read(front_leads.told, "lain") == []


def test_lists_of_articles_and_alerts(filled: Database) -> None:
    every = filled.read(front_lists.articles).items
    assert [each.outlet for each in every] == ["Kabar", "Suara", "Warta", "Kabar"]
    assert every[0].topics == (GEMPA, KIM)
    assert filled.read(front_lists.article, every[0].id) == every[0]
    cases: tuple[tuple[int, dict[str, Any]], ...] = (
        (3, {"topic": KIM}),
        (2, {"outlet": "Kabar"}),
        (3, {"story": every[1].story}),
        (0, {"topic": "Lain"}),
    )
    for count, asked in cases:
        assert len(filled.read(front_lists.articles, **asked).items) == count, asked
    page = filled.read(front_lists.articles, topic=KIM, limit=1)
    assert len(filled.read(front_lists.articles, topic=KIM, after=page.after).items) == 2
    (decided,) = filled.read(front_lists.alerts).items
    assert (decided.title, decided.topic, decided.decision) == ("Lavrov di Wonsan", KIM, "send")
    assert filled.read(front_lists.alerts, decision="hold").items == ()


def test_a_page_of_very_long_articles_ends_sooner(database: Database, now: datetime) -> None:
    for number in range(3):
        article = an_article(key=str(number), title=f"Panjang {number}", text="kata " * 450_000)
        story_id = database.write(stories.open_story, article.title, now=now)
        database.write(articles.add, article, story_id=story_id, day=now.date(), now=now)
    for ask in (front_lists.articles, partial(front_lists.searched, query="kata", where=EVERYWHERE)):
        titles, after = [], None
        for _ in range(3):
            page = database.read(ask, after=after)
            titles.append([each.title for each in page.items])
            after = page.after
        assert titles == [["Panjang 2"], ["Panjang 1"], ["Panjang 0"]]


def test_messages_and_what_became_of_them(filled: Database, now: datetime) -> None:
    (sent,) = filled.read(front_told.deliveries).items
    assert (sent.state, sent.sent_at, sent.story_id) == ("sent", now + HOUR, filled.read(front.stories).items[1].id)
    assert filled.read(front_told.sent, since=now) == [now + HOUR]
    assert filled.read(front_told.last_sent) == now + HOUR
    assert filled.read(front_told.deliveries, state="dead").items == ()


def test_one_message_goes_once_more_if_it_did_not_arrive(filled: Database, now: datetime) -> None:
    (delivery,) = filled.read(front_told.deliveries).items
    again: dict[str, Any] = {"channels": ["terminal"], "now": now}
    assert not filled.write(outbox.send_one_again, delivery.id, **again)
    filled.write(lambda session: deliveries.bury(session, DELIVERY.c.id == delivery.id, "HTTP 404"))
    assert not filled.write(outbox.send_one_again, delivery.id, channels=["lain"], now=now)
    assert filled.write(outbox.send_one_again, delivery.id, **again)
    assert filled.read(front_told.deliveries, state="waiting").items[0].id == delivery.id
    assert not filled.write(outbox.send_one_again, 2**31 - 1, **again)


def test_feeds_of_which_there_is_something_to_say(database: Database, now: datetime) -> None:
    well, ill = "https://well.example/rss", "https://ill.example/rss"
    watch(database, well, ill, now=now)
    for claim in claim_feeds(database, now=now):
        if claim.value.url == ill:
            fail(database, claim, "HTTP 500", due_at=now + HOUR, now=now)
    assert database.read(health.unwell) == database.read(health.odd, now=now) == {ill}
    assert [feed.url for feed in database.read(health.feeds, only=[ill], now=now)] == [ill]
