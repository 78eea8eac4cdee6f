"""Which story an article joins: for now that of an equal title of the same day."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.model import Candidate, Fingerprint, Joins, Opens, Placement
from monitor.stories.fingerprint import fingerprint
from monitor.stories.group import place
from tests.build import NOON, an_article

MIDNIGHT = NOON.replace(hour=0)


def after(title: str, known: str, *, opened_at: datetime = NOON) -> Placement:
    story = Candidate(7, fingerprint(an_article(known)).terms, opened_at)
    return place(fingerprint(an_article(title)), [story], since=MIDNIGHT)


def test_an_equal_title_of_the_same_day_joins() -> None:
    assert after("Gempa guncang Maluku", "Gempa guncang Maluku") == Joins(7)


def test_case_marks_and_quotes_do_not_make_another_title() -> None:
    assert after("“Gempa” guncang  Maluku!", "GEMPA guncang Maluku") == Joins(7)


def test_another_title_opens_a_story() -> None:
    assert after("Gempa guncang Papua", "Gempa guncang Maluku") == Opens()


def test_the_same_title_of_yesterday_is_another_story() -> None:
    yesterday = MIDNIGHT - timedelta(seconds=1)
    assert after("Harga emas hari ini", "Harga emas hari ini", opened_at=yesterday) == Opens()


def test_a_title_of_one_or_two_words_tells_nothing() -> None:
    assert fingerprint(an_article("Breaking News")) == Fingerprint({})
    assert after("Breaking News", "Breaking News") == Opens()
