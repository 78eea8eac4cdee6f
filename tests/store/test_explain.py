"""What became of an address, read from the rows; on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from monitor.model import Against, DeliveryState, Drop, Hold, Likeness, Nearest, Reason
from monitor.parse.links import text_id
from monitor.store import articles, explain, outbox, stories
from monitor.store.database import Database
from monitor.store.explain import Account, Asked
from tests.build import a_notification, an_article, an_entry
from tests.store.steps import DAY, alert, claim_deliveries, decide, store, wait_to_be_read

MINUTE = timedelta(minutes=1)


def asked(database: Database, *keys: str, identity: str | None = None) -> Account:
    return database.read(explain.account, Asked(frozenset(keys), identity))


def add(database: Database, story_id: int, outlet: str, *, now: datetime, **placed: Any) -> int:
    article = an_article(f"Berita {outlet} {placed.get('copy_of')}", outlet=outlet)
    return database.write(articles.add, article, story_id=story_id, day=DAY, now=now, **placed)


def test_nothing_is_known_of_what_nobody_listed(database: Database) -> None:
    assert asked(database, "https://example.com/1", identity="0" * 16) == Account()


def test_an_entry_is_known_by_its_key_and_while_it_waits_by_its_address(database: Database, now: datetime) -> None:
    wait_to_be_read(database, an_entry(key="tag:1", url="https://example.com/1"), now=now)
    for key in ("tag:1", "https://example.com/1"):
        [listed] = asked(database, key).entries
        assert (listed.feed_name, listed.state, listed.first_seen_at) == ("Contoh", "waiting", now)


def test_the_newest_of_the_articles_under_one_address_is_told_and_the_others_are_named(
    database: Database, now: datetime
) -> None:
    address = "https://example.com/terkini"
    first = an_article("Gempa Maluku", key=address, url=address)
    second = an_article("Banjir Demak", key=f"{address}#1234", url=address)
    store(database, first, now=now)
    store(database, an_article("Lain", key=f"{address}-lain"), now=now)
    store(database, second, now=now)
    account = asked(database, address)
    assert account.placed is not None
    assert account.placed.article == second
    assert account.others == (first,)


def test_the_numbers_that_decided_come_with_the_article_they_are_about(database: Database, now: datetime) -> None:
    story_id, first = store(database, an_article("Gempa Maluku"), now=now)
    likeness = Likeness(first, 0.5, 0.26, (Against.SAME_OUTLET,), ("gempa", "maluku"), 0.9)
    add(database, story_id, "tempo.co", now=now, placing=likeness, copy_of=first)
    copy = asked(database, "https://example.com/Berita tempo.co 1".replace("1", str(first))).placed
    assert copy is not None
    assert (copy.placing, copy.is_first, copy.story.carried_by) == (likeness, False, ("tempo.co",))
    assert copy.nearest is not None
    assert copy.nearest.title == "Gempa Maluku"
    assert copy.original == copy.nearest

    other = database.write(stories.open_story, "Banjir", now=now)
    nearest = Nearest(story_id, Likeness(first, 0.1, 0.3))
    add(database, other, "kompas.com", now=now, placing=nearest)
    opened = asked(database, "https://example.com/Berita kompas.com None").placed
    assert opened is not None
    assert (opened.placing, opened.is_first, opened.original) == (nearest, True, None)


def test_what_was_decided_comes_with_its_deliveries_also_where_another_channel_took_over(
    database: Database, now: datetime
) -> None:
    article = an_article("Gempa Maluku")
    story_id, article_id = store(database, article, now=now)
    told = decide(database, alert(story_id), article_id=article_id, now=now)
    decide(database, alert(story_id, Hold(Reason.DIGEST, now + MINUTE), channel="mail"), article_id=article_id, now=now)
    decide(database, alert(story_id, Drop(Reason.ALREADY_TOLD), turn=1), article_id=article_id, now=now)
    letter = outbox.Letter(a_notification(), key="alert:1", uid="uid-1", outlets_told={told: 1})
    database.write(outbox.put, letter, now=now)
    [claim] = claim_deliveries(database, fallback="mail", now=now)
    database.write(outbox.refused, claim, outbox.Route("terminal", "mail"), "HTTP 404", now=now)

    mail, terminal, again = asked(database, article.key).alerts
    assert (mail.decision, mail.reason, mail.until, mail.deliveries) == ("hold", "digest", now + MINUTE, ())
    assert (again.turn, again.decision, again.reason) == (1, "drop", "already told")
    assert terminal.occasion == article
    assert [(each.channel, each.state, each.last_error) for each in terminal.deliveries] == [
        ("terminal", DeliveryState.MOVED, "HTTP 404"),
        ("mail", DeliveryState.WAITING, None),
    ]


def test_an_id_that_is_made_from_an_address_finds_its_article(database: Database, now: datetime) -> None:
    article = an_article("Gempa", key="https://example.com/1", url="https://www.example.com/1")
    store(database, article, now=now)
    found = asked(database, identity=text_id("https://www.example.com/1")).placed
    assert found is not None
    assert found.article == article
    assert asked(database, identity=text_id("https://example.com/1")).placed is None


def test_the_largest_stories_come_first_and_copies_make_none_larger(database: Database, now: datetime) -> None:
    copied, first = store(database, an_article("Satu"), now=now)
    for outlet in ("a", "b", "c"):
        add(database, copied, outlet, now=now, copy_of=first)
    shared, _ = store(database, an_article("Dua"), now=now)
    add(database, shared, "tempo.co", now=now)
    add(database, shared, "tempo.co", now=now, copy_of=first)
    store(database, an_article("Kemarin"), now=now - timedelta(days=1))
    single, _ = store(database, an_article("Tiga"), now=now)
    largest = database.read(explain.largest, since=now, limit=2)
    assert [(sized.story.title, sized.articles) for sized in largest] == [("Dua", 3), ("Satu", 4)]
    assert largest[0].story.outlets == ("example.com", "tempo.co")
    assert [sized.story.id for sized in database.read(explain.largest, since=now, limit=9)] == [shared, copied, single]
