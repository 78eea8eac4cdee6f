"""Stories as they are kept: found by their heaviest terms, with their newest articles, until they leave the window."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from monitor.model import Fingerprint, Member
from monitor.store import articles, stories
from monitor.store.database import Database
from monitor.store.tables import ARTICLE, FINGERPRINT, STORY_TERM
from tests.build import an_article
from tests.store.steps import DAY, count

HOUR = timedelta(hours=1)


def opened(database: Database, *terms: str, now: datetime, outlet: str = "tempo.co") -> int:
    story_id = database.write(stories.open_story, "Kim", now=now)
    joined(database, story_id, *terms, now=now, outlet=outlet)
    return story_id


def joined(
    database: Database,
    story_id: int,
    *terms: str,
    now: datetime,
    outlet: str = "tempo.co",
    copy_of: int | None = None,
    **fingerprint: Any,
) -> int:
    number = count(database, ARTICLE)
    article = an_article(f"Berita {number}", outlet=outlet, first_seen_at=now)
    article_id = database.write(articles.add, article, story_id=story_id, day=DAY, now=now, copy_of=copy_of)
    like = Fingerprint(dict.fromkeys(terms, 0.5), **fingerprint)
    database.write(stories.admit, story_id, Member(article_id, like, now, outlet, copy_of))
    return article_id


def found(database: Database, terms: Mapping[str, float]) -> list[int]:
    return [story.story_id for story in database.read(stories.candidates, Fingerprint(terms))]


def test_a_story_is_found_by_any_term_and_the_one_that_shares_most_comes_first(
    database: Database, now: datetime
) -> None:
    one = opened(database, "kim", now=now)
    two = opened(database, "kim", "wonsan", now=now - HOUR)
    opened(database, "gempa", now=now)

    assert found(database, {"kim": 0.5, "wonsan": 0.5}) == [two, one]
    assert found(database, {"lavrov": 1.0}) == []
    assert found(database, {}) == []


def test_of_equal_stories_the_newer_comes_first(database: Database, now: datetime) -> None:
    first, second = opened(database, "kim", now=now), opened(database, "kim", now=now)
    assert found(database, {"kim": 1.0}) == [second, first]


def test_only_its_heaviest_terms_lead_to_a_story(database: Database, now: datetime) -> None:
    story_id = database.write(stories.open_story, "Kim", now=now)
    joined(database, story_id, *(f"term{place}" for place in range(stories.KEYS + 1)), now=now)

    assert found(database, {f"term{stories.KEYS - 1}": 1.0}) == [story_id]
    assert found(database, {f"term{stories.KEYS}": 1.0}) == []


def test_a_term_of_very_many_stories_leads_to_the_newest_of_them(database: Database, now: datetime) -> None:
    first = opened(database, "iran", "rudal", now=now)
    for _ in range(stories.POSTINGS):
        opened(database, "iran", now=now)

    assert first not in found(database, {"iran": 1.0})
    assert first in found(database, {"iran": 0.3, "rudal": 0.9})

    assert len(found(database, {"iran": 1.0})) == stories.CANDIDATES


def test_a_candidate_comes_with_its_newest_articles_as_they_were(database: Database, now: datetime) -> None:
    story_id = database.write(stories.open_story, "Kim", now=now)
    for hours in range(stories.MEMBERS + 2):
        joined(
            database,
            story_id,
            "kim",
            now=now + hours * HOUR,
            outlet=f"{hours}.example",
            figures=frozenset({"6,1"}),
            title_figures=frozenset({"2025"}),
            title_words=frozenset({"kim", "di", "wonsan"}),
            names=frozenset({"kim"}),
            sketch=(1, 2, 4_294_967_295),
            is_thin=True,
        )
    (candidate,) = database.read(stories.candidates, Fingerprint({"kim": 1.0}))

    assert [member.outlet for member in candidate.members] == [f"{hours}.example" for hours in range(11, 1, -1)]
    newest = candidate.members[0]
    assert newest.at == now + 11 * HOUR
    assert newest.fingerprint == Fingerprint(
        {"kim": 0.5},
        figures=frozenset({"6,1"}),
        title_figures=frozenset({"2025"}),
        title_words=frozenset({"kim", "di", "wonsan"}),
        names=frozenset({"kim"}),
        sketch=(1, 2, 4_294_967_295),
        is_thin=True,
    )


@pytest.mark.parametrize("term", ["x" * 9000, "kim\x00\udcff", "".join(map(chr, range(0x4E00, 0x9000)))])
def test_no_term_is_too_odd_to_be_found_again(database: Database, now: datetime, term: str) -> None:
    story_id = opened(database, term, now=now)

    assert found(database, {term: 1.0}) == [story_id]
    assert count(database, STORY_TERM) == 1


def test_a_story_names_the_outlets_with_a_text_of_their_own_and_those_that_carry_a_copy(
    database: Database, now: datetime
) -> None:
    story_id = database.write(stories.open_story, "Kim", now=now)
    first = joined(database, story_id, "kim", now=now, outlet="antaranews.com")
    for hours, outlet in enumerate(("tempo.co", "kompas.com", "antaranews.com"), start=1):
        joined(database, story_id, "kim", now=now + hours * HOUR, outlet=outlet, copy_of=first)
    joined(database, story_id, "kim", now=now + 5 * HOUR, outlet="bbc.com")
    joined(database, story_id, "kim", now=now + 6 * HOUR, outlet="kompas.com")  # now with words of its own

    story = database.read(stories.story, story_id)
    assert (story.id, story.title, story.opened_at) == (story_id, "Kim", now)
    assert story.outlets == ("antaranews.com", "bbc.com", "kompas.com")
    assert story.carried_by == ("tempo.co",)


def test_what_has_left_the_window_is_forgotten_but_not_the_story(database: Database, now: datetime) -> None:
    old = opened(database, "kim", now=now - 100 * HOUR)
    growing = opened(database, "gempa", "maluku", now=now - 90 * HOUR)
    joined(database, growing, "gempa", now=now)

    assert database.write(stories.sweep, before=now - 72 * HOUR) == 2
    assert database.write(stories.sweep, before=now - 72 * HOUR) == 0
    assert found(database, {"kim": 0.5, "maluku": 0.5}) == []
    assert found(database, {"gempa": 1.0}) == [growing]
    assert (count(database, FINGERPRINT), count(database, STORY_TERM)) == (1, 1)
    assert database.read(stories.story, old).outlets == ("tempo.co",)


def test_an_article_that_was_judged_late_takes_none_of_the_window_with_it(database: Database, now: datetime) -> None:
    """As after an outage: listed four days ago, read today."""
    growing = opened(database, "gempa", now=now - HOUR)
    opened(database, "kim", now=now - 96 * HOUR)
    joined(database, growing, "maluku", now=now)

    assert database.write(stories.sweep, before=now - 72 * HOUR) == 0
    assert found(database, {"gempa": 1.0}) == [growing]
    assert database.write(stories.sweep, before=now) == 2
    assert found(database, {"gempa": 0.5, "kim": 0.5}) == []
    assert found(database, {"maluku": 1.0}) == [growing]


def test_a_long_absence_is_swept_some_at_a_time(database: Database, now: datetime) -> None:
    for _ in range(5):
        opened(database, "kim", now=now - 100 * HOUR)
    assert [database.write(stories.sweep, before=now, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert (count(database, FINGERPRINT), count(database, STORY_TERM)) == (0, 0)


def test_articles_of_an_older_version_are_found_in_order_and_no_others(database: Database, now: datetime) -> None:
    story_id = database.write(stories.open_story, "Kim", now=now)

    def kept(title: str, hours: int) -> int:
        article = an_article(title, first_seen_at=now - hours * HOUR)
        return database.write(articles.add, article, story_id=story_id, day=DAY, now=now)

    def titles() -> list[str]:
        found = database.read(stories.strangers, since=now - 72 * HOUR, limit=2)
        return [each.article.title for each in found]

    kept("Lama", 80)
    ids = [kept(title, hours) for title, hours in (("Satu", 3), ("Dua", 2), ("Tiga", 1))]
    assert titles() == ["Satu", "Dua"]

    first, second = (Member(article_id, Fingerprint({"kim": 1.0}), now, "tempo.co") for article_id in ids[:2])
    database.write(stories.admit_all, [(story_id, first), (story_id, second)])
    assert found(database, {"kim": 1.0}) == [story_id]
    assert titles() == ["Tiga"]  # as after a kill between two pieces

    joined(database, story_id, "kim", now=now)
    assert titles() == []


def test_stories_are_counted(database: Database, now: datetime) -> None:
    opened(database, "kim", now=now - HOUR)
    opened(database, "gempa", now=now)

    assert database.read(stories.stories_since, now) == 1
    assert database.read(stories.stories_since, now - HOUR) == 2


def test_a_story_is_called_after_its_first_article_also_when_that_has_another_title(
    database: Database, now: datetime
) -> None:
    story_id = database.write(stories.open_story, "Gempa M 5,1", now=now)
    database.write(stories.retitle, story_id, "Dua tewas akibat gempa", "Tiga tewas akibat gempa")
    assert database.read(stories.story, story_id).title == "Gempa M 5,1"
    database.write(stories.retitle, story_id, "Gempa M 5,1", "Gempa M 6,1")
    assert database.read(stories.story, story_id).title == "Gempa M 6,1"
