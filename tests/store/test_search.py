"""Articles are found by what stands in them, on both databases, whatever somebody types."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from monitor.store import articles, entries, search, stories
from monitor.store.database import Database
from monitor.store.search import Found, Where
from monitor.store.search_words import hits_in, passage, terms_of
from monitor.store.tables import ARTICLE
from tests.build import an_article, an_entry
from tests.store.steps import as_of, store, wait_to_be_read

LAVROV = an_article(
    key="a",
    title="Lavrov Bertemu Kim Jong Un di Wonsan",
    text="Menteri Luar Negeri Rusia tiba di Korea Utara.\n\nIa ke Beijing.",
)
GEMPA = an_article(
    key="b",
    title="Gempa M 5,1 guncang Maluku Utara",
    text="Tidak ada korban. Warga São Tomé dan Paraná merasakannya juga di Korea.",
)


@pytest.fixture
def filled(database: Database, now: datetime) -> Database:
    for number, article in enumerate((LAVROV, GEMPA)):
        story_id = database.write(stories.open_story, article.title, now=now)
        database.write(articles.add, article, story_id=story_id, day=now.date() + timedelta(days=number), now=now)
    return database


def number_of(database: Database, title: str) -> int:
    """Of the article that begins so."""
    first: Found = database.read(search.search, title).items[0]
    return first.id


def titles(database: Database, query: str, where: Where = search.EVERYWHERE) -> list[str]:
    return [found.title.text.split()[0] for found in database.read(search.search, query, where).items]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("korea", ["Gempa", "Lavrov"]),  # the newest first
        ("KOREA utara", ["Gempa", "Lavrov"]),
        ('"korea utara"', ["Lavrov"]),
        ("“Korea Utara”", ["Lavrov"]),
        ("korea -gempa", ["Lavrov"]),
        ('korea -"korea utara"', ["Gempa"]),
        ("mal*", ["Gempa"]),
        ('"maluku ut*"', ["Gempa"]),
        ("sao tome parana", ["Gempa"]),
        ("SÃO", ["Gempa"]),
        ("5,1", ["Gempa"]),
        ("wonsan rusia", ["Lavrov"]),  # one in the title, one in the text
        ("wonsan gempa", []),
        ("pemimpin", []),
        ("", []),
        ("-korea", []),
        ("***", []),
        ("un-wonsan", []),
        ("jong-un", ["Lavrov"]),
    ],
)
def test_words_phrases_exclusions_and_beginnings(filled: Database, query: str, found: list[str]) -> None:
    assert titles(filled, query) == found


@pytest.mark.parametrize(
    "odd",
    [
        "title:korea", "NEAR(korea utara)", "korea^2", "{title} : korea", "korea AND", "OR", "NOT", '"', '"korea', 'korea"', "'; DROP TABLE article; --",
        "\x00", "korea\x00utara", "\ud800", "%", "_", "\\", ":*", "!korea", "korea <-> utara", "(", ")", "& |", "a" * 100_000, "- - -", '-"', "korea " * 5_000,
        "北朝鮮", "كوريا", "🇰🇵", "ﬁ", "İ", "ß",
    ],
)  # fmt: skip
def test_nothing_that_is_typed_is_a_mistake(filled: Database, odd: str) -> None:
    titles(filled, odd)
    assert titles(filled, "wonsan") == ["Lavrov"]


@examples(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(list(" \"-*:^(){}&|!<>'\\+korea"))), max_size=60))
def test_any_text_is_a_search(filled: Database, query: str) -> None:
    titles(filled, query)


def test_hits_are_marked_in_the_title_and_in_a_piece_of_the_text(filled: Database) -> None:
    (found,) = filled.read(search.search, '"korea utara" wonsan').items
    assert isinstance(found, Found)
    assert [found.title.text[start:end] for start, end in found.title.hits] == ["Wonsan"]
    assert [found.text.text[start:end] for start, end in found.text.hits] == ["Korea Utara"]


def test_a_piece_of_a_long_text_is_cut_around_the_first_hit() -> None:
    text = "Kata lain saja. " * 200 + "Warga SÃO Tomé merasakannya. " + "Kata lain saja. " * 200
    piece = passage(text, terms_of("sao"))
    assert len(piece.text) < 250
    assert [piece.text[start:end] for start, end in piece.hits] == ["SÃO"]
    assert (piece.text[:2], piece.text[-2:]) == ("… ", " …")
    assert passage("Pendek.", terms_of("x")).text == "Pendek."


def test_of_a_text_of_megabytes_only_the_beginning_is_looked_at() -> None:
    """That it takes no minute is what the search would otherwise show; see the bounds in search_words.py."""
    text = "kata lain " * 200_000 + "gempa"
    piece = passage(text, terms_of("gempa"))
    assert (piece.text[:4], piece.hits) == ("kata", ())
    assert passage("kata lain " * 5_000 + "gempa", terms_of("gempa")).hits != ()


@given(st.text(max_size=200), st.text(max_size=20))
def test_hits_stand_in_the_text_in_order(text: str, query: str) -> None:
    done = 0
    for start, end in hits_in(text, terms_of(query)):
        assert done <= start < end <= len(text)
        done = end


def test_by_day(filled: Database, now: datetime) -> None:
    first = now.date()
    after = first + timedelta(days=1)
    assert titles(filled, "korea", Where(to_day=first)) == ["Lavrov"]
    assert titles(filled, "korea", Where(from_day=after)) == ["Gempa"]
    assert titles(filled, "korea", Where(after, after)) == ["Gempa"]
    assert titles(filled, "korea", Where(date(2030, 1, 1), None)) == []


def test_names_that_no_article_of_late_holds(filled: Database, now: datetime) -> None:
    after = now.date() + timedelta(days=1)
    assert filled.read(search.unfound, ["Maluku Utara", "Wonsan", "Maluku Selatan", "M*", "!"], since=after) == [
        "Wonsan",
        "Maluku Selatan",
    ]


def test_by_any_feed_that_listed_it(filled: Database, now: datetime) -> None:
    (claim,) = wait_to_be_read(filled, an_entry(), now=now)
    filled.write(entries.read, claim, article_id=number_of(filled, "Lavrov"))
    feed = claim.value.feed
    assert titles(filled, "korea", Where(feeds=[feed])) == ["Lavrov"]
    assert titles(filled, "korea", Where(feeds=["https://lain.example/rss"])) == []
    assert titles(filled, "korea", Where(feeds=[])) == []


def test_page_by_page(database: Database, now: datetime) -> None:
    for number in range(5):
        store(database, an_article(key=str(number), title=f"Korea {number}"), now=now)
    sheet = database.read(search.search, "korea", limit=2)
    found = [each.title.text for each in sheet.items]
    while sheet.after is not None:
        sheet = database.read(search.search, "korea", limit=2, after=sheet.after)
        found += [each.title.text for each in sheet.items]
    assert found == [f"Korea {number}" for number in (4, 3, 2, 1, 0)]


# -- the index is kept -------------------------------------------------------------------------------


def test_what_an_article_said_before_it_was_corrected_is_not_found(filled: Database) -> None:
    lavrov = number_of(filled, "Lavrov")
    change = (
        sa.update(ARTICLE).where(ARTICLE.c.id == lavrov).values(title="Ralat: Lavrov batal", text="Ia tetap di Moskow.")
    )
    filled.write(lambda session: session.execute(change))
    assert titles(filled, "wonsan") == titles(filled, "beijing") == []
    assert titles(filled, "moskow") == titles(filled, "ralat") == ["Ralat:"]


def test_what_was_deleted_is_not_found(filled: Database) -> None:
    lavrov = number_of(filled, "Lavrov")
    filled.write(lambda session: session.execute(sa.delete(ARTICLE).where(ARTICLE.c.id == lavrov)))
    assert titles(filled, "korea") == ["Gempa"]


def test_articles_of_an_older_version_are_found(filled: Database) -> None:
    as_of(filled, "0008")
    filled.prepare()
    assert titles(filled, "korea") == ["Gempa", "Lavrov"]
    test_what_an_article_said_before_it_was_corrected_is_not_found(filled)


def test_an_article_of_any_length_is_stored(database: Database, now: datetime) -> None:
    words = " ".join(f"kata{number}" for number in range(200_000))
    store(database, an_article(key="long", title="Panjang", text=f"awal {words}"), now=now)
    assert titles(database, "awal kata7") == ["Panjang"]
