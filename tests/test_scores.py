"""The scores by which grouping is judged, worked out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.scores import Agreement, Label, Scores, Tellings, score
from bench.streams import StreamError, folds, read

OUTLETS = {"a": "tempo.co", "b": "detik.com", "c": "tempo.co", "d": "kompas.com", "e": "detik.com"}


def scored(stories: str, events: str, topics: str = "") -> Scores:
    """Articles a, b, c … in a row: the story and the event of each, as letters; "-" where there is none."""
    told = {name: story for name, story in zip(OUTLETS, stories, strict=False) if story != "-"}
    named = zip(OUTLETS, events, topics or events, strict=False)
    gold = [Label(name, *(None if letter == "-" else letter for letter in letters)) for name, *letters in named]
    return score(told, gold, OUTLETS)


def pair(agreement: Agreement) -> tuple[float, float]:
    return agreement.precision, agreement.recall


def test_what_gold_says_is_right() -> None:
    scores = scored("xxyyz", "AABBC")
    assert scores.standard == scores.bcubed == scores.two_level == Agreement(1, 1)
    assert scores.standard.f1 == 1
    assert (scores.swallowed, scores.excess, scores.stories, scores.events) == (0, 0, 3, 3)


def test_each_alone_is_precise_and_finds_nothing() -> None:
    scores = scored("vwxyz", "AAABB")
    assert scores.standard == Agreement(1, 0)
    assert scores.standard.f1 == 0
    assert pair(scores.bcubed) == pytest.approx((1, 2 / 5))
    assert scores.excess == 1.5


def test_all_in_one_finds_everything_and_swallows_the_later_event() -> None:
    scores = scored("xxxxx", "AAABB")
    assert pair(scores.standard) == pytest.approx((4 / 10, 1))
    assert pair(scores.bcubed) == pytest.approx(((9 + 4) / 25, 1))
    assert scores.swallowed == 0.5


def test_an_event_that_was_joined_later_is_not_swallowed() -> None:
    assert scored("xyy", "ABA").swallowed == 0
    assert scored("xxy", "ABB").swallowed == 0.5


def test_joining_two_events_of_one_running_story_is_no_error_on_two_levels() -> None:
    scores = scored("xxxxz", "AABBC", "RRRRS")
    assert pair(scores.standard) == pytest.approx((2 / 6, 1))
    assert scores.two_level == scores.two_level_bcubed == Agreement(1, 1)


def test_what_gold_leaves_open_is_not_scored() -> None:
    scores = scored("xxyyx", "AA---")
    assert (scores.articles, scores.events, scores.stories) == (2, 1, 1)
    assert scores.standard == Agreement(1, 1)


def test_what_has_no_story_is_one_of_its_own() -> None:
    assert scored("--x", "AAA") == scored("yzx", "AAA")


def test_alerts_per_event_count_the_stories_that_hold_it() -> None:
    scores = scored("xyxzz", "AAABB")
    assert scores.several_articles == Tellings(events=2, alerts=1.5, once=0.5)


def test_an_event_of_one_outlet_alone_is_not_of_several() -> None:
    scores = scored("xyxyz", "ABABC")
    assert scores.several_articles.events == 2
    assert scores.several_outlets == Tellings(events=1, alerts=1, once=1)


def test_nothing_to_score_is_no_error() -> None:
    scores = scored("", "")
    assert scores.articles == 0
    assert scores.several_articles == Tellings(0, 0, 0)


def test_a_running_story_stays_in_one_fold() -> None:
    gold = [Label(f"{number}", f"event {number}", f"running {number % 7}") for number in range(70)]
    parts = folds(gold, 3)
    assert sorted(label.id for part in parts for label in part) == sorted(label.id for label in gold)
    assert sum(len({label.topic for label in part}) for part in parts) == 7


def test_the_twins_of_ecb_stay_in_one_fold() -> None:
    gold = [Label(f"{number}{kind}", f"{number}{kind}") for number in range(20) for kind in ("ecb", "ecbplus")]
    for part in folds(gold, 4):
        assert len(part) == 2 * len({label.id.removesuffix("plus") for label in part})


def test_a_stream_is_read_in_order_of_time(tmp_path: Path) -> None:
    row = (
        '{{"id": "{0}", "url": "https://e.org/{0}", "title": "T", "body": "", "published": "{1}", "source": "e.org"}}\n'
    )
    later, earlier = row.format("a", "2025-06-19T09:00:00+07:00"), row.format("b", "2025-06-19T01:00:00+00:00")
    (tmp_path / "articles.jsonl").write_text(later + earlier)
    (tmp_path / "gold.jsonl").write_text('{"id": "a", "cluster": "A"}\n')
    stream = read(tmp_path)
    assert [piece.id for piece in stream.pieces] == ["b", "a"]
    assert stream.gold == (Label("a", "A", "A"),)


def test_a_folder_without_a_stream_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(StreamError, match=r"has no articles\.jsonl"):
        read(tmp_path)
