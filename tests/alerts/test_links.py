"""Links of messages: nobody makes one of his own, and each is good for a week and for one message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.links import LASTING, Signer, opened, token, ways
from monitor.alerts.words import ENGLISH
from monitor.model import Card
from tests.build import NOON, a_notification

KEY = b"k" * 32
TOKEN = token(KEY, 12, until=NOON + LASTING)
SIGNER = Signer("https://news.example.org/", KEY)


def told_of(story_id: int) -> Card:
    return replace(a_notification().cards[0], story_id=story_id)


def test_a_link_is_good_for_a_week() -> None:
    assert opened(KEY, TOKEN, now=NOON) == 12
    assert opened(KEY, TOKEN, now=NOON + LASTING - timedelta(seconds=1)) == 12
    assert opened(KEY, TOKEN, now=NOON + LASTING) == "expired"


@given(st.text(max_size=90))
def test_what_somebody_makes_up_is_no_link(made_up: str) -> None:
    assert opened(KEY, made_up, now=NOON) == "forged"


@pytest.mark.parametrize("place", range(len(TOKEN)))
@pytest.mark.parametrize("sign", "0aZ-.é")
def test_no_sign_of_a_link_can_be_another(place: int, sign: str) -> None:
    other = TOKEN[:place] + sign + TOKEN[place + 1 :]
    assert opened(KEY, other, now=NOON) == (12 if other == TOKEN else "forged")


def test_a_link_of_another_monitor_is_no_link_here() -> None:
    assert opened(b"l" * 32, TOKEN, now=NOON) == "forged"


def test_a_message_about_one_story_names_both_ways() -> None:
    links = SIGNER.links(12, now=NOON)
    story, topic = ways((told_of(3),), links, ENGLISH)
    assert (story.words, story.address) == (
        "mute this story",
        f"https://news.example.org/mute/{TOKEN}?story=3",
    )
    assert topic.words == "mute this topic for a day"
    assert topic.address.startswith(f"https://news.example.org/mute/{TOKEN}?topic=")


def test_a_message_about_many_has_one_link_to_choose_by() -> None:
    cards = (told_of(3), told_of(4))
    (way,) = ways(cards, SIGNER.links(12, now=NOON), ENGLISH)
    assert way.address == f"https://news.example.org/mute/{TOKEN}"


def test_without_a_public_address_there_are_no_links() -> None:
    assert ways((told_of(3),), None, ENGLISH) == ()
