"""Articles: which are the same, which story they belong to, their place in the archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.errors import LeaseLost, StoreError
from monitor.model import Article, Evidence, Match, Quality
from monitor.store import articles, stories
from monitor.store.articles import SAME_TEXT, Kept, Known
from monitor.store.database import Database
from monitor.store.tables import ARTICLE, MATCH, STORY
from tests.build import NOON, an_article
from tests.store.steps import DAY, HOUR, MINUTE, count, rows, store

LONG = "Rusia dan Korea Utara bertemu. " * 10
JAKARTA = timezone(timedelta(hours=7))


def other(title: str = "Menlu Rusia di Pyongyang", **changes: Any) -> Article:
    return an_article(title, **changes)


# -- keeping -------------------------------------------------------------------------------------


def test_an_article_comes_back_as_it_was_stored(database: Database, now: datetime) -> None:
    article = an_article(
        "Kim tiba di “Wonsan” 😀",
        text="Paragraf satu.\n\nПараграф два — 北朝鮮。\n" + "panjang " * 20_000,
        published_at=datetime(2026, 3, 10, 18, 30, 0, 123456, tzinfo=JAKARTA),
        guid="tag:example.com,2026:1",
        author="Ana",
        language="id",
        quality=Quality.TEASER,
    )
    _, article_id = store(database, article, now=now)
    kept = database.read(articles.get, article_id)

    assert kept == article
    assert kept.published_at is not None
    assert kept.published_at.tzinfo is kept.first_seen_at.tzinfo is UTC


def test_a_plain_article_comes_back_too(database: Database, now: datetime) -> None:
    _, article_id = store(database, an_article(), now=now)
    assert database.read(articles.get, article_id) == an_article()


def test_an_instant_without_a_zone_is_refused(database: Database, now: datetime) -> None:
    naive = an_article(published_at=now.replace(tzinfo=None))
    with pytest.raises(Exception, match="timezone"):
        store(database, naive, now=now)
    assert count(database, STORY) == 1  # its own commit
    assert count(database, ARTICLE) == 0


def test_why_an_article_matched_is_kept_word_for_word(database: Database, now: datetime) -> None:
    _, article_id = store(database, now=now)
    evidence = (
        Evidence("“Korea Utara”", "title", 3, 14, "di Korea Utara", ((3, 14),)),
        Evidence("Rusia", "body", 0, 5, "Rusia\x00 dan 😀", ((0, 5), (11, 12))),
    )
    matches = (Match("Korea Utara Rusia", 73, evidence), Match("Gempa", 1, ()))
    database.write(articles.add_matches, article_id, matches)
    database.write(articles.add_matches, article_id, ())

    assert database.read(articles.evidence_of, article_id, "Korea Utara Rusia") == evidence
    assert database.read(articles.evidence_of, article_id, "Gempa") == ()
    assert database.read(articles.evidence_of, article_id, "Banjir") == ()


def test_the_best_match_of_a_story_is_that_of_any_of_its_articles(database: Database, now: datetime) -> None:
    story_id, first = store(database, now=now)
    second = database.write(articles.add, an_article("Menlu Rusia"), story_id=story_id, day=DAY, now=now)
    _, elsewhere = store(database, an_article("Lain"), now=now)
    for article_id, topic, score in (
        (first, "Gempa", 31),
        (second, "Gempa", 44),
        (second, "Banjir", 90),
        (elsewhere, "Gempa", 99),
    ):
        database.write(articles.add_matches, article_id, (Match(topic, score, ()),))

    assert database.read(articles.best_score, story_id, "Gempa") == 44
    assert database.read(articles.best_score, story_id, "Longsor") == 0


def test_evidence_that_can_not_be_read_is_none(database: Database, now: datetime) -> None:
    _, article_id = store(database, now=now)
    newer = '[{"term": "Rusia", "field": "body", "start": 0, "end": 5, "snippet": "Rusia", "mood": "calm"}]'
    for topic, evidence in (("renamed", '[{"word": "Rusia"}]'), ("broken", "["), ("newer", newer)):
        row = {"article_id": article_id, "topic": topic, "score": 1, "evidence": evidence}
        database.write(Session.execute, sa.insert(MATCH).values(row))

    assert database.read(articles.evidence_of, article_id, "renamed") == ()
    assert database.read(articles.evidence_of, article_id, "broken") == ()
    assert database.read(articles.evidence_of, article_id, "newer") == (Evidence("Rusia", "body", 0, 5, "Rusia"),)


# -- identity ------------------------------------------------------------------------------------


SAME: dict[str, tuple[Article, Article]] = {
    "key": (an_article(), other(key=an_article().key)),
    "guid": (an_article(guid="urn:1"), other(guid="urn:1")),
    "key and text": (an_article(text=LONG), an_article(text=LONG)),
    "a very long key": (an_article(key="k" * 9000), other(key="k" * 9000)),
    "a very long guid": (an_article(guid="g" * 9000), other(guid="g" * 9000)),
    "an odd key": (an_article(key="\udcff\x00"), other(key="\udcff\x00")),
}
DIFFERENT: dict[str, tuple[Article, Article]] = {
    "nothing in common": (an_article(), other()),
    "the guid of another outlet": (an_article(guid="1"), other(guid="1", outlet="example.org")),
    "no guid": (an_article(guid=None), other(guid=None)),
    "an empty guid": (an_article(guid=""), other(guid="")),
    "a short text": (an_article(text="Foto: Antara"), an_article(text="Foto: Antara", key="k")),
    "the same text under another title": (an_article(text=LONG), other(text=LONG)),
    "the beginning of a long key": (an_article(key="k" * 9000), other(key="k" * 9001)),
}


def facts(known: list[Known]) -> tuple[int, bool] | None:
    return (known[0].id, known[0].is_copy) if known else None


@pytest.mark.parametrize(("first", "second"), SAME.values(), ids=SAME)
def test_an_article_is_known_again_by(database: Database, now: datetime, first: Article, second: Article) -> None:
    assert database.read(articles.same, first) == []
    _, article_id = store(database, first, now=now)
    assert facts(database.read(articles.same, second)) == (article_id, False)


@pytest.mark.parametrize(("first", "second"), DIFFERENT.values(), ids=DIFFERENT)
def test_an_article_is_another_in_spite_of(database: Database, now: datetime, first: Article, second: Article) -> None:
    store(database, first, now=now)
    assert database.read(articles.same, second) == []


def test_a_text_that_is_long_enough_to_tell_is_a_copy_elsewhere(database: Database, now: datetime) -> None:
    text = LONG[:SAME_TEXT]
    _, article_id = store(database, an_article(text=text), now=now)
    copy = an_article(text=text, key="k", outlet="example.org")
    assert facts(database.read(articles.same, copy)) == (article_id, True)

    store(database, an_article("Foto", text=text[:-1]), now=now)
    assert database.read(articles.same, an_article("Foto", text=text[:-1], key="k")) == []


def test_the_key_says_more_than_the_guid(database: Database, now: datetime) -> None:
    store(database, an_article(guid="urn:1"), now=now)
    _, second = store(database, other(), now=now)

    assert facts(database.read(articles.same, other(guid="urn:1"))) == (second, False)


def test_of_equal_texts_the_outlet_s_own_counts(database: Database, now: datetime) -> None:
    store(database, an_article(text=LONG), now=now)
    _, own = store(database, an_article(text=LONG, key="k", outlet="example.org"), now=now)

    assert facts(database.read(articles.same, an_article(text=LONG, key="l", outlet="example.org"))) == (own, True)


@pytest.mark.parametrize(("title", "is_known"), [("Jadwal SIM keliling", False), ("Harga emas 10 Maret", True)])
def test_a_text_that_comes_again_after_a_while_is_news_again_but_under_a_title_with_a_figure(
    database: Database, now: datetime, title: str, is_known: bool
) -> None:
    store(database, an_article(title, text=LONG, first_seen_at=now), now=now)
    again = an_article(title, text=LONG, key="k")

    assert database.read(articles.same, again, since=now)
    assert bool(database.read(articles.same, again, since=now + MINUTE)) == is_known


MONTHS = timedelta(days=60)
WINDOW = timedelta(days=3)
WARNING = "Peringatan dini gelombang hingga 4 meter"


@pytest.mark.parametrize(
    ("published_at", "is_known"),
    [(None, True), (NOON - MONTHS, True), (NOON, True), (NOON + WINDOW, True), (NOON + WINDOW + MINUTE, False)],
    ids=["at no time", "before", "then", "within the window", "later"],
)
@pytest.mark.parametrize("says_when", [True, False])
def test_what_was_published_later_in_the_words_of_an_old_text_is_news_though_its_title_bears_a_figure(
    database: Database, says_when: bool, published_at: datetime | None, is_known: bool
) -> None:
    """A warning in a standard text; where the old one did not say when it was published, we saw it then."""
    first = an_article(WARNING, text=LONG, first_seen_at=NOON, published_at=NOON if says_when else None)
    store(database, first, now=NOON)
    again = an_article(WARNING, text=LONG, key="k", published_at=published_at)
    found = database.read(articles.same, again, since=NOON + MONTHS - WINDOW, window=WINDOW)
    assert bool(found) == is_known


def test_of_equal_texts_the_one_of_these_days_counts(database: Database) -> None:
    """Another outlet carries the new warning, and does not say when it was published."""
    store(database, an_article(WARNING, text=LONG, outlet="example.org", first_seen_at=NOON), now=NOON)
    _, new = store(database, an_article(WARNING, text=LONG, key="k", first_seen_at=NOON + MONTHS), now=NOON)
    copy = an_article(WARNING, text=LONG, key="l", outlet="example.org")
    assert facts(database.read(articles.same, copy, since=NOON + MONTHS - WINDOW, window=WINDOW)) == (new, True)


def test_an_article_is_never_stored_twice(database: Database, now: datetime) -> None:
    store(database, an_article(), now=now)
    with pytest.raises(StoreError):
        store(database, an_article(), now=now)
    assert count(database, ARTICLE) == 1


# -- the archive ---------------------------------------------------------------------------------


def unfiled(database: Database, *, now: datetime, limit: int = 10) -> list[tuple[date, int]]:
    claims = database.write(articles.claim_unfiled, now=now, limit=limit)
    return [(claim.value.day, claim.value.number) for claim in claims]


def test_articles_are_numbered_from_000_within_their_day(database: Database, now: datetime) -> None:
    story_id = database.write(stories.open_story, "Kim", now=now)
    tomorrow = DAY + timedelta(days=1)
    for n, day in enumerate((DAY, DAY, tomorrow, DAY, tomorrow)):
        database.write(articles.add, an_article(str(n)), story_id=story_id, day=day, now=now)

    assert unfiled(database, now=now) == [(DAY, 0), (DAY, 1), (tomorrow, 0), (DAY, 2), (tomorrow, 1)]


def test_a_number_is_given_once(database: Database, now: datetime) -> None:
    for n in range(2):
        store(database, an_article(str(n)), now=now)
    with pytest.raises(StoreError):
        database.write(lambda session: session.execute(sa.update(ARTICLE).values(number=0)))


def test_a_file_is_due_until_it_was_written(database: Database, now: datetime) -> None:
    store(database, an_article(), now=now)
    claims = database.write(articles.claim_unfiled, now=now, limit=10)
    assert [claim.value.article for claim in claims] == [an_article()]
    database.write(articles.file_later, claims, due_at=now + HOUR)
    assert unfiled(database, now=now + HOUR - MINUTE) == []

    claims = database.write(articles.claim_unfiled, now=now + HOUR, limit=10)
    database.write(articles.filed, claims, now=now + HOUR)
    assert unfiled(database, now=now + 9 * HOUR) == []
    assert rows(database, ARTICLE.c.archived_at) == [(now + HOUR,)]


def test_files_of_a_batch_that_was_taken_over_are_not_marked(database: Database, now: datetime) -> None:
    for n in range(3):
        store(database, an_article(str(n)), now=now)
    late = database.write(articles.claim_unfiled, now=now, limit=10)
    now += articles.LEASE + MINUTE
    database.write(articles.claim_unfiled, now=now, limit=1)

    with pytest.raises(LeaseLost):
        database.write(articles.filed, late, now=now)
    assert rows(database, ARTICLE.c.archived_at) == [(None,)] * 3


# -- export --------------------------------------------------------------------------------------


@pytest.fixture
def archive(database: Database, now: datetime) -> Callable[..., list[Kept]]:
    """Three articles of two stories, an hour apart; what is exported of them."""
    story_id = database.write(stories.open_story, "Kim", now=now)
    for n, topics in enumerate((("Gempa", "Banjir"), (), ("Gempa",))):
        article = replace(an_article(f"berita {n}"), first_seen_at=now + n * HOUR)
        in_story = story_id if n < 2 else database.write(stories.open_story, "Kim", now=now)
        article_id = database.write(articles.add, article, story_id=in_story, day=DAY, now=now)
        database.write(articles.add_matches, article_id, tuple(Match(topic, 50, ()) for topic in topics))

    def kept(**filters: Any) -> list[Kept]:
        wanted: dict[str, Any] = {"topic": None, "story_id": None, "since": None} | filters
        return database.read(lambda session: list(articles.kept(session, **wanted)))

    return kept


def test_all_articles_are_exported_in_order_of_arrival(archive: Callable[..., list[Kept]]) -> None:
    kept = archive()
    assert [each.article.title for each in kept] == ["berita 0", "berita 1", "berita 2"]
    assert [each.topics for each in kept] == [("Banjir", "Gempa"), (), ("Gempa",)]
    assert kept[0].story_id == kept[1].story_id != kept[2].story_id


def test_an_export_takes_what_was_asked_for(archive: Callable[..., list[Kept]], now: datetime) -> None:
    def titles(**filters: Any) -> list[str]:
        return [each.article.title for each in archive(**filters)]

    assert titles(topic="Gempa") == ["berita 0", "berita 2"]
    assert titles(topic="Banjir") == ["berita 0"]
    assert titles(topic="no such topic \udcff\x00") == []
    assert titles(since=now + HOUR) == ["berita 1", "berita 2"]
    assert titles(since=now + HOUR, topic="Banjir") == []
    assert titles(story_id=archive()[0].story_id) == ["berita 0", "berita 1"]
    assert archive(topic="Banjir")[0].topics == ("Banjir", "Gempa")


def test_a_large_archive_is_exported_whole(database: Database, now: datetime) -> None:
    story_id = database.write(stories.open_story, "Kim", now=now)

    def fill(session: Session) -> None:
        for n in range(250):
            articles.add(session, an_article(str(n)), story_id=story_id, day=DAY, now=now)

    database.write(fill)
    kept = database.read(lambda session: list(articles.kept(session, topic=None, story_id=None, since=None)))
    assert [each.article.title for each in kept] == [str(n) for n in range(250)]
