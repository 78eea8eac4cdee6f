"""Topics that find nearly the same articles are named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.topics.overlaps import Overlap, overlaps


def matched(**topics: range) -> list[tuple[str, int]]:
    return [(topic, article) for topic, articles in topics.items() for article in articles]


@pytest.mark.parametrize(
    ("matches", "lines"),
    [
        ([], []),
        (matched(gempa=range(10), bencana=range(40)), ["gempa is all within bencana: 10 of its 10 articles, of 40 there"]),
        (
            matched(gempa=range(10), bencana=range(1, 2041)),
            ["gempa is nearly all within bencana: 9 of its 10 articles, of 2,040 there"],
        ),
        (matched(gempa=range(10), bencana=range(2, 40)), ["gempa is nearly all within bencana: 8 of its 10 articles, of 38 there"]),
        # too little in common, too few
        (matched(gempa=range(10), bencana=range(3, 40)), []),
        (matched(gempa=range(4), bencana=range(40)), []),
        # of one size: by name
        (matched(rusia=range(5), moskow=range(5)), ["moskow is all within rusia: 5 of its 5 articles, of 5 there"]),
    ],
)  # fmt: skip
def test_a_topic_that_lies_within_another_is_named(matches: list[tuple[str, int]], lines: list[str]) -> None:
    assert [each.line for each in overlaps(matches)] == lines


def test_the_closest_come_first() -> None:
    found = overlaps(matched(a=range(10), b=range(1, 30), c=range(20)))
    assert [(each.smaller, each.larger, each.common) for each in found] == [
        ("a", "c", 10),
        ("c", "b", 19),
        ("a", "b", 9),
    ]


def test_a_match_that_is_told_twice_counts_once() -> None:
    matches = matched(gempa=range(10), bencana=range(40))
    assert overlaps(matches * 2) == overlaps(matches)


PAIRS = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 12)))


@given(PAIRS)
def test_every_pair_is_told_as_counting_finds_it(matches: list[tuple[str, int]]) -> None:
    found = {topic: {article for name, article in matches if name == topic} for topic in "abcd"}
    expected = {
        frozenset((one, other))
        for one in found
        for other in found
        if one < other
        and len(both := found[one] & found[other]) >= 2
        and len(both) >= 0.5 * min(len(found[one]), len(found[other]))
    }
    told = overlaps(matches, fewest=2, least=0.5)
    assert {frozenset((each.smaller, each.larger)) for each in told} == expected
    for each in told:
        both = found[each.smaller] & found[each.larger]
        assert each == Overlap(each.smaller, each.larger, len(both), len(found[each.smaller]), len(found[each.larger]))
        assert each.of_smaller <= each.of_larger
