"""What a person reads when several stories are told together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.card import when
from monitor.alerts.fit import most
from monitor.alerts.harmless import address, clean
from monitor.alerts.message import compose
from monitor.alerts.words import ENGLISH
from monitor.model import Card, Change, HeldBy, Kind, Markup, Message, Notification, Passage
from monitor.notify.chat import DISCORD, MARKDOWN, PLAIN, SLACK, TELEGRAM, dialect_of

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 22, 0, 0, tzinfo=UTC)  # 07:00 in Jakarta

QUAKE = Card(
    topics=("Gempa",),
    title="Gempa M 6,2 guncang Wonsan",
    url="https://www.tempo.co/gempa",
    outlets=("tempo.co", "kompas.com", "detik.com", "antaranews.com", "bbc.com"),
    first_seen_at=NOW - timedelta(hours=2),
    passages=(Passage("BMKG mencatat gempa di lepas pantai.", ((14, 19),)), Passage("Warga mengungsi.")),
)
AFTERSHOCK = replace(
    QUAKE, title="Gempa susulan", url="https://www.tempo.co/susulan", outlets=("tempo.co",), passages=()
)
TROOPS = Card(
    topics=("Korea Utara Rusia",),
    title="Tentara Korut tiba di Rusia",
    url="https://www.antaranews.com/berita/1",
    outlets=("antaranews.com",),
    first_seen_at=NOW - timedelta(hours=9),
    published_at=NOW - timedelta(hours=9),
)


def digest(*cards: Card, **facts: Any) -> Notification:
    return Notification("phone", Kind.DIGEST, cards, **{"held_by": HeldBy.DIGEST, **facts})


def told(notification: Notification, markup: Markup = PLAIN, **facts: Any) -> Message:
    return compose(notification, markup=markup, zone=JAKARTA, now=NOW, **facts)


def pieces(notification: Notification, markup: Markup) -> Iterator[Message]:
    """One message after the other, as they are sent."""
    done = 0
    while not done or done < len(notification.cards):
        rest = replace(notification, cards=notification.cards[done:])
        message = told(rest, markup, is_continued=done > 0)
        yield message
        done += message.cards or 1


def test_a_digest_tells_stories_under_their_topics() -> None:
    assert told(digest(QUAKE, AFTERSHOCK, TROOPS)) == Message(
        subject="Digest: 3 stories (Gempa, Korea Utara Rusia)",
        body="Digest: 3 stories\n"
        "\n"
        "▸ Gempa\n"
        "Gempa M 6,2 guncang Wonsan\n"
        "tempo.co, kompas.com, detik.com and 2 more · seen 05:00 (2 h ago)\n"
        "BMKG mencatat *gempa* di lepas pantai.\n"
        "https://www.tempo.co/gempa\n"
        "\n"
        "Gempa susulan\n"
        "tempo.co · seen 05:00 (2 h ago)\n"
        "https://www.tempo.co/susulan\n"
        "\n"
        "▸ Korea Utara Rusia\n"
        "Tentara Korut tiba di Rusia\n"
        "antaranews.com · 21 Nov 22:00 (9 h ago)\n"
        "https://www.antaranews.com/berita/1",
        cards=3,
    )


@pytest.mark.parametrize(
    ("held_by", "head"),
    [
        (HeldBy.DIGEST, "Digest: 2 stories"),
        (HeldBy.QUIET_HOURS, "Held back in the quiet hours: 2 stories"),
        (HeldBy.LIMIT, "More than the limit lets through: 2 stories"),
        (HeldBy.OUTAGE, "While this channel could not be reached: 2 stories"),
    ],
)
def test_it_is_said_why_several_come_together(held_by: HeldBy, head: str) -> None:
    message = told(digest(QUAKE, TROOPS, held_by=held_by))
    assert message.body.startswith(f"{head}\n")
    assert message.subject == f"{head} (Gempa, Korea Utara Rusia)"


def test_a_digest_may_hold_one_story() -> None:
    assert told(digest(TROOPS)).subject == "Digest: 1 story (Korea Utara Rusia)"


def test_a_subject_names_the_first_of_many_topics() -> None:
    cards = [replace(TROOPS, topics=(f"Topik {n}",)) for n in range(9)]
    assert told(digest(*cards)).subject == "Digest: 9 stories (Topik 0, Topik 1, Topik 2 and 6 more)"


def test_a_story_that_grew_says_so_in_a_digest() -> None:
    grown = replace(QUAKE, new_outlets=("bbc.com",))
    assert "\nAlso reported by: bbc.com · 5 outlets in all · seen 05:00 (2 h ago)\n" in told(digest(grown)).body


def test_a_story_that_grew_says_the_first_of_what_is_new() -> None:
    grown = replace(QUAKE, new_outlets=("bbc.com",), news=("Dua orang tewas.", "Jembatan runtuh."))
    body = told(digest(grown)).body
    assert "(2 h ago)\nNew: Dua orang tewas.\nhttps://" in body
    assert "Jembatan" not in body
    assert "BMKG" not in body, "which was told before"


def test_copies_are_named_in_a_digest() -> None:
    copied = replace(QUAKE, outlets=("tempo.co",), carried_by=("a.id", "b.id", "c.id", "d.id"))
    assert (
        "\ntempo.co · also carried by a.id, b.id, c.id and 1 more · seen 05:00 (2 h ago)\n" in told(digest(copied)).body
    )


CORRECTED = replace(
    QUAKE,
    was="Gempa M 2,6 guncang Wonsan",
    changes=(Change("Kedalaman 10 km.", "Kedalaman 100 km."), Change("", "Tidak ada tsunami.")),
)


def test_a_correction_is_called_so_in_a_digest() -> None:
    assert told(digest(CORRECTED, AFTERSHOCK)).body == (
        "Digest: 2 stories\n"
        "\n"
        "▸ Gempa\n"
        "Correction\n"
        "Gempa M 6,2 guncang Wonsan\n"
        "was: Gempa M 2,6 guncang Wonsan\n"
        "tempo.co corrected its article · also reported by kompas.com, detik.com, antaranews.com and 1 more"
        " · seen 05:00 (2 h ago)\n"
        "was: Kedalaman 10 km.\n"
        "now: Kedalaman 100 km.\n"
        "new: Tidak ada tsunami.\n"
        "https://www.tempo.co/gempa\n"
        "\n"
        "Gempa susulan\n"
        "tempo.co · seen 05:00 (2 h ago)\n"
        "https://www.tempo.co/susulan"
    )


def test_a_correction_is_called_so_even_where_there_is_no_room_for_what_changed() -> None:
    body = told(digest(CORRECTED), replace(PLAIN, limit=260)).body
    assert "\nCorrection\nGempa M 6,2 guncang Wonsan\nwas: Gempa M 2,6 guncang Wonsan\n" in body
    assert "km" not in body
    assert (
        "\nCorrection\nGempa M 6,2 guncang Wonsan\ntempo.co" in told(digest(CORRECTED), replace(PLAIN, limit=225)).body
    )


def test_passages_are_left_out_where_not_all_have_room() -> None:
    assert "BMKG" in told(digest(QUAKE, TROOPS), replace(PLAIN, limit=500)).body
    message = told(digest(QUAKE, TROOPS), replace(PLAIN, limit=290))
    assert message.cards == 2
    assert "BMKG" not in message.body


def test_what_has_no_room_follows_in_a_further_message() -> None:
    first, second = pieces(digest(QUAKE, AFTERSHOCK, TROOPS), replace(PLAIN, limit=250))
    assert first.cards == 2
    assert first.body.startswith("Digest: 3 stories\n\n▸ Gempa\n")
    assert first.body.endswith("\n\n1 more follows")
    assert second.cards == 1
    assert second.body.startswith("Digest (continued): 1 story\n\n▸ Korea Utara Rusia\nTentara")
    assert second.subject == "Digest (continued): 1 story (Korea Utara Rusia)"


def test_the_notices_of_a_digest_come_once_after_the_last_story() -> None:
    notification = digest(QUAKE, AFTERSHOCK, TROOPS, text="The feed tempo.co is silent.\nThe disk is full.")
    assert told(notification).body.endswith("/berita/1\n\nThe feed tempo.co is silent.\nThe disk is full.")
    parts = [message.body for message in pieces(notification, replace(PLAIN, limit=250))]
    assert ["The disk is full." in part for part in parts] == [False] * (len(parts) - 1) + [True]


def test_notices_alone_make_a_digest_too() -> None:
    message = told(digest(text="The disk is full.", held_by=HeldBy.OUTAGE))
    assert message == Message(
        subject="While this channel could not be reached",
        body="While this channel could not be reached\n\nThe disk is full.",
    )


def test_a_digest_of_thousands_comes_in_messages_that_fit() -> None:
    cards = [replace(TROOPS, title=f"Berita {n}", url=f"https://a.id/{n}") for n in range(2000)]
    messages = list(pieces(digest(*cards, held_by=HeldBy.OUTAGE), TELEGRAM))
    assert sum(message.cards for message in messages) == 2000
    assert all(len(message.body) <= 4096 for message in messages)
    assert min(len(message.body) for message in messages[:-1]) > 3900, "as few messages as will do"


@given(st.integers(0, 300), st.integers(0, 400))
def test_the_most_that_fits_is_found(count: int, room: int) -> None:
    assert most(count, lambda taken: taken <= room) == min(count, room)


# -- whatever the cards, the room and the reader -------------------------------------------------

WORDS = st.text(
    alphabet=st.characters(exclude_characters="§") | st.sampled_from("@<>[]()*_`h:/!#|\\~& \n"), max_size=40
)
MARKUPS = [PLAIN, TELEGRAM, DISCORD, SLACK, MARKDOWN]


@st.composite
def some_cards(draw: st.DrawFn) -> tuple[Card, ...]:
    texts = draw(st.lists(WORDS, min_size=1, max_size=25))
    names = st.lists(WORDS, max_size=5).map(tuple)
    return tuple(
        Card(
            topics=draw(names),
            title=f"{text} §{n}§",
            url=f"https://a.id/§{n}§/{text}",
            outlets=draw(names),
            carried_by=draw(names),
            new_outlets=draw(st.just(()) | names),
            news=draw(names),
            was=draw(st.just("") | WORDS),
            changes=draw(st.lists(st.builds(Change, WORDS, WORDS), max_size=3).map(tuple)),
            first_seen_at=NOW - timedelta(minutes=n),
            passages=(Passage(text),) if draw(st.booleans()) else (),
        )
        for n, text in enumerate(texts)
    )


@settings(deadline=None)
@given(
    cards=some_cards(), markup=st.sampled_from(MARKUPS), limit=st.integers(900, 5000), held_by=st.sampled_from(HeldBy)
)
def test_every_story_is_told_exactly_once(cards: tuple[Card, ...], markup: Markup, limit: int, held_by: HeldBy) -> None:
    reader = replace(markup, limit=limit)
    notification = digest(*cards, held_by=held_by, text="The disk is full.")
    messages = list(pieces(notification, reader))
    assert messages == list(pieces(notification, reader))
    assert all(reader.measure(message.body) <= limit for message in messages)
    rest = list(cards)
    for message in messages:
        here, rest = rest[: message.cards], rest[message.cards :]
        assert re.findall("§[0-9]+§", message.body)[::2] == [f"§{n}§" for n in numbers(here)]
        assert all(markup.escape(clean(card.title)) in message.body for card in here)
        assert all(markup.escape(address(card.url)) in message.body for card in here)
        assert f"{len(rest)} more follow" in message.body or not rest
    assert rest == []
    assert [message.body.count("The disk is full.") for message in messages][-1:] == [1]


def numbers(cards: list[Card]) -> list[int]:
    return [int(found[1]) for card in cards if (found := re.search("§([0-9]+)§", card.url))]


def test_time_in_a_digest_is_the_users_own() -> None:
    assert when(TROOPS, zone=JAKARTA, now=NOW, words=ENGLISH) in told(digest(TROOPS)).body


@pytest.mark.parametrize("scheme", ["tgram", "discord", "slack", "mmost", "rocket", "gchat"])
def test_a_digest_fits_every_chat(scheme: str) -> None:
    dialect = dialect_of(scheme)
    assert dialect is not None
    cards = [replace(QUAKE, title=f"Gempa *{n}* & `{n}` @all", url=f"https://a.id/{n}") for n in range(60)]
    messages = list(pieces(digest(*cards), dialect.markup))
    assert sum(message.cards for message in messages) == 60
    assert all(dialect.markup.measure(message.body) <= (dialect.markup.limit or 0) for message in messages)
