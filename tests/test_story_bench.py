"""A stream through the grouping, the plain ways beside it, and the copies that are put in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from bench.copies import WAYS, copy_scores, with_copies
from bench.grouping import Grouping, fingerprints, grouped, placed
from bench.rival_stories import alone, same_title, same_wording
from bench.scores import Agreement, Label
from bench.shelf import CANDIDATES, MEMBERS, Shelf
from bench.stories import run, table
from bench.stories_speed import speed
from bench.stories_store import beside, differing, through_the_store
from bench.streams import Piece
from monitor.model import Article, Candidate, Fingerprint, Joins, Likeness, Member, Opens, Placement
from tests.build import NOON, an_article

WINDOW = timedelta(days=3)
TEXTS = [" ".join(f"kata{number}x{place}" for place in range(120)) for number in range(5)]


def article(number: int, title: str, text: str, *, hours: float = 0) -> Article:
    at = NOON + timedelta(hours=hours)
    url = f"https://e{number}.org/{number}"
    return an_article(title, text=text, key=url, outlet=f"e{number}.org", first_seen_at=at, published_at=at)


STREAM = [
    article(0, "Gempa guncang Maluku", TEXTS[0]),
    article(1, "Harga emas naik lagi", TEXTS[1], hours=1),
    article(2, "GEMPA guncang Maluku!", TEXTS[2], hours=2),
    article(3, "Maluku digoyang gempa", TEXTS[0] + " dan lagi", hours=3),
    article(4, "Gempa guncang Maluku", TEXTS[4], hours=99),
]


def by_text(article: Article, _frequencies: object) -> Fingerprint:
    return Fingerprint(dict.fromkeys(article.text.split()[:100], 0.1))


def first_of(_fingerprint: Fingerprint, candidates: Sequence[Candidate], **_facts: object) -> Placement:
    if not candidates:
        return Opens()
    first = candidates[0]
    return Joins(first.story_id, Likeness(first.members[0].article_id, 1, 1), copy_of=first.members[-1].article_id)


TRIAL = Grouping(fingerprint=by_text, place=first_of)


def test_the_plain_ways_do_what_their_names_say() -> None:
    assert alone(STREAM, WINDOW) == [0, 1, 2, 3, 4]
    assert same_title(STREAM, WINDOW) == [0, 1, 0, 3, 4]
    assert same_wording(STREAM, WINDOW) == [0, 1, 2, 0, 4]


def test_other_functions_can_be_tried_in_the_place_of_ours() -> None:
    assert [each.story for each in grouped(STREAM, TRIAL)] == [0, 1, 2, 0, 4]
    pieces = [Piece(str(number), each) for number, each in enumerate(STREAM)]
    scores = run(pieces, [Label("0", "A"), Label("1", "B"), Label("3", "A")], TRIAL)
    assert scores.standard == Agreement(1, 1)
    assert "trial" in table({"trial": scores})


def test_words_are_counted_from_what_came_before() -> None:
    seen: list[int] = []

    def watching(article: Article, frequencies: int) -> Fingerprint:
        seen.append(frequencies)
        return Fingerprint({})

    trial = Grouping(frequencies=lambda documents, _counts: documents, fingerprint=watching)
    fingerprints(STREAM, trial)
    assert seen == [0, 1, 2, 3, 4]
    seen.clear()
    fingerprints(STREAM, Grouping(frequencies=trial.frequencies, fingerprint=watching, renewed=None))
    assert seen == [0] * 5


def test_what_left_the_window_is_not_found() -> None:
    shelf = Shelf(WINDOW)
    same = Fingerprint({"gempa": 1.0})
    shelf.add(1, Member(1, same, NOON, "a.org", None))
    assert [candidate.story_id for candidate in shelf.candidates(same, at=NOON + WINDOW)] == [1]
    assert shelf.candidates(same, at=NOON + 2 * WINDOW) == []


def test_the_shelf_gives_few_stories_with_few_members_the_newest_first() -> None:
    shelf = Shelf(WINDOW)
    same = Fingerprint({"gempa": 1.0})
    for number in range(1000):
        shelf.add(number % 50, Member(number, same, NOON, "a.org", None))
    found = shelf.candidates(same, at=NOON)
    assert [candidate.story_id for candidate in found] == list(range(49, 49 - CANDIDATES, -1))
    assert [member.article_id for member in found[0].members] == [999 - 50 * age for age in range(MEMBERS)]


def test_each_copy_comes_after_its_original_from_another_outlet() -> None:
    stream, origins = with_copies(STREAM, WAYS["byline and footer"], Random(1))
    assert len(origins) == 5
    for copy, origin in origins.items():
        assert stream[copy].first_seen_at > stream[origin].first_seen_at
        assert stream[copy].outlet != stream[origin].outlet
        assert stream[origin] in STREAM


def test_copies_that_are_found_and_labels_that_are_wrong_are_told_apart() -> None:
    scores = copy_scores(STREAM, lambda text, _rng, _others: text, TRIAL)
    assert (scores.copies, scores.same_story, scores.labelled, scores.false) == (5, 1, 1, 0)
    everything_joins = Grouping(fingerprint=lambda _article, _frequencies: Fingerprint({"a": 1.0}), place=first_of)
    assert copy_scores(STREAM, lambda text, _rng, _others: text, everything_joins).false > 0


def test_the_functions_are_measured_one_by_one() -> None:
    measured = speed(STREAM, Grouping())
    assert measured.articles == len(STREAM)
    assert measured.everything >= measured.fingerprint + measured.place > 0


def test_the_store_makes_the_stories_that_the_shelf_makes() -> None:
    prints = fingerprints(STREAM)
    took = through_the_store(STREAM, prints)
    assert len(took.wall) == len(STREAM)
    assert differing(took.stories, [each.story for each in placed(STREAM, prints)]) == 0
    assert len(beside(10, STREAM, prints).stories) == len(STREAM)


def test_stories_differ_where_an_article_stands_with_others() -> None:
    assert differing([7, 7, 9], [1, 1, 2]) == 0
    assert differing([7, 7, 9], [1, 2, 1]) == 2
