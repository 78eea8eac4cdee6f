"""What a person reads when a story is told."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.message import TITLE_LIMIT, compose
from monitor.model import Card, Kind, Markup, Message, Notification, Passage, Quality

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 22, 7, 8, tzinfo=UTC)  # 14:08 in Jakarta
PLAIN = Markup(str)
HTML = Markup(html.escape, strong=("<b>", "</b>"), mark=("<u>", "</u>"))

CARD = Card(
    topics=("Korea Utara Rusia",),
    title="Tentara Korut tiba di Rusia",
    url="https://www.antaranews.com/berita/1?a=1&b=2",
    outlets=("antaranews.com", "tempo.co"),
    first_seen_at=NOW - timedelta(minutes=2),
    published_at=NOW - timedelta(minutes=3),
    passages=(Passage("Sebanyak 10.000 tentara Korut tiba di Rusia.", ((24, 29), (38, 43))),),
)


def told(*cards: Card, kind: Kind = Kind.STORY, text: str = "", markup: Markup = PLAIN) -> Message:
    return compose(Notification("phone", kind, cards, text), markup=markup, zone=JAKARTA, now=NOW)


def a_card(**facts: Any) -> Card:
    return replace(CARD, **facts)


def test_a_story_card_reads_well() -> None:
    assert told(CARD) == Message(
        subject="Korea Utara Rusia: Tentara Korut tiba di Rusia",
        body="Korea Utara Rusia\n"
        "Tentara Korut tiba di Rusia\n"
        "antaranews.com, tempo.co · 14:05 (3 min ago)\n"
        "\n"
        "Sebanyak 10.000 tentara *Korut* tiba di *Rusia*.\n"
        "\n"
        "https://www.antaranews.com/berita/1?a=1&b=2",
    )


def test_a_second_topic_of_a_told_story_is_short() -> None:
    message = told(CARD, kind=Kind.NOW_ALSO)
    assert message.subject == "Now also Korea Utara Rusia: Tentara Korut tiba di Rusia"
    assert message.body.splitlines() == [
        "Now also: Korea Utara Rusia",
        "Tentara Korut tiba di Rusia",
        "antaranews.com, tempo.co · 14:05 (3 min ago)",
        CARD.url,
    ]


def test_a_follow_up_says_who_else_reports_it() -> None:
    body = told(CARD, kind=Kind.FOLLOW_UP).body
    assert "Also reported by antaranews.com, tempo.co" in body
    assert CARD.title in body
    assert body.endswith(CARD.url)


def test_several_stories_are_each_named_with_title_and_address() -> None:
    cards = [a_card(title=f"Berita {n}", url=f"https://a.id/{n}") for n in range(4)]
    message = told(*cards, kind=Kind.DIGEST)
    assert message.subject == "4 stories: Korea Utara Rusia"
    for card in cards:
        assert f"{card.title}\n" in message.body
        assert f"{card.url}\n" in message.body + "\n"


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.TEST])
def test_a_notice_says_what_it_has_to_say(kind: Kind) -> None:
    message = told(kind=kind, text="The feed <tempo.co> has been\nsilent for a day.", markup=HTML)
    assert message.body == "The feed &lt;tempo.co&gt; has been\nsilent for a day."
    assert message.subject.endswith("The feed <tempo.co> has been silent for a day.")


@pytest.mark.parametrize(
    ("published", "seen", "shown"),
    [
        (timedelta(seconds=20), timedelta(0), "14:07 (just now)"),
        (timedelta(minutes=59), timedelta(0), "13:09 (59 min ago)"),
        (timedelta(hours=14), timedelta(0), "00:08 (14 h ago)"),
        (timedelta(hours=15), timedelta(0), "21 Nov 23:08 (15 h ago)"),
        (timedelta(days=3), timedelta(0), "19 Nov 14:08 (3 d ago)"),
        (timedelta(days=400), timedelta(0), "18 Oct 2025 14:08 (400 d ago)"),
        (None, timedelta(minutes=3), "seen 14:05 (3 min ago)"),
        (timedelta(days=-2), timedelta(minutes=3), "14:05 (3 min ago)"),  # a time to come counts as first seen
    ],
)
def test_time_is_the_users_own_with_its_age(published: timedelta | None, seen: timedelta, shown: str) -> None:
    card = a_card(first_seen_at=NOW - seen, published_at=None if published is None else NOW - published)
    assert f"tempo.co · {shown}\n" in told(card).body


@pytest.mark.parametrize(("quality", "said"), [(Quality.TEASER, "teaser"), (Quality.FEED_ONLY, "feed's own text")])
def test_it_is_said_when_the_article_was_not_readable(quality: Quality, said: str) -> None:
    assert said in told(a_card(quality=quality)).body
    assert said not in told(CARD).body


def test_hits_are_marked_in_passages_only_and_neighbours_together() -> None:
    passage = Passage("Korea Utara & Rusia", ((0, 5), (5, 11), (8, 11), (14, 99), (7, 7)))
    body = told(a_card(title="Korea Utara", passages=(passage,)), markup=HTML).body
    assert "<b>Korea Utara</b>" in body
    assert "<u>Korea Utara</u> &amp; <u>Rusia</u>" in body


HOSTILE = {
    "a tag": "<b>tebal</b>",
    "a script": "<script>alert(1)</script>",
    "a template": "{{ 7*7 }}{% raw %}{# x #}",
    "a header": "Judul\r\nBcc: x@evil.example",
    "terminal codes": "\x1b]0;evil\x07\x1b[31mmerah",
    "other line ends": "satu\u2028dua\u2029tiga\x85empat\x0blima",
    "a lone surrogate": "awal\ud800akhir",
}


@pytest.mark.parametrize("title", HOSTILE.values(), ids=list(HOSTILE))
@pytest.mark.parametrize("kind", [Kind.STORY, Kind.NOW_ALSO, Kind.FOLLOW_UP, Kind.DIGEST])
def test_hostile_text_stays_text(title: str, kind: Kind) -> None:
    card = a_card(topics=(title,), title=title, outlets=(title,), passages=(Passage(title, ((0, 3),)),))
    message = told(card, kind=kind, markup=HTML)
    plain = message.body.replace("<b>", "").replace("</b>", "").replace("<u>", "").replace("</u>", "")
    assert "<" not in plain
    for text in (message.subject, message.body):
        assert "49" not in text
        assert not {"\x1b", "\x07", "\r", "\x85", "\x0b", "\u2028", "\u2029", "\ud800"} & set(text)
    assert "\n" not in message.subject
    assert "\nBcc" not in message.body


def test_a_change_of_direction_ends_with_its_text() -> None:
    title = "abc \u202edef"
    body = told(a_card(title=title)).body
    assert f"{title}\u202c\n" in body


def test_an_address_is_in_one_piece() -> None:
    body = told(a_card(url="https://a.id/x y\n@all<b>?q=ü&\u202e")).body
    assert body.endswith("\nhttps://a.id/x%20y%0A@all%3Cb%3E?q=ü&%E2%80%AE")


def test_the_path_of_a_text_file_is_shown_as_it_is() -> None:
    assert told(a_card(url="seeds/000 a_b.txt")).body.endswith("\nseeds/000 a_b.txt")


def test_a_subject_is_one_line_with_the_title_in_one_piece() -> None:
    title = "J" * 180
    assert told(a_card(title=title)).subject == f"Korea Utara Rusia: {title}"
    assert told(a_card(title=title, topics=("T" * 90,))).subject == title
    assert len(told(a_card(title="J" * 999)).subject) == 200


LONG = a_card(
    passages=tuple(Passage(f"{n} " + "kata " * 35) for n in range(5)),
    outlets=tuple(f"koran{n}.example" for n in range(40)),
)


def within(limit: int) -> Markup:
    return replace(PLAIN, limit=limit)


def test_with_little_room_passages_go_first() -> None:
    body = told(LONG, markup=within(1200)).body
    assert len(body) <= 1200
    assert "koran39.example" in body
    assert "0 kata" in body
    assert "4 kata" not in body


def test_then_names_of_outlets_but_neither_title_nor_address() -> None:
    body = told(LONG, markup=within(250)).body
    assert len(body) <= 250
    assert "koran2.example, and 37 more" in body
    assert CARD.title in body
    assert body.endswith(CARD.url)


def test_room_is_counted_as_the_reader_counts() -> None:
    def utf16(text: str) -> int:
        return len(text.encode("utf-16-le")) // 2

    flags = a_card(passages=(Passage("🇮🇩" * 100),))
    narrow = replace(PLAIN, limit=500, measure=utf16)
    assert "🇮🇩" in told(flags, markup=within(500)).body
    assert "🇮🇩" not in told(flags, markup=narrow).body


def test_an_endless_title_is_shortened_only_where_there_is_no_room() -> None:
    endless = a_card(title="J" * 10_000, passages=())
    assert "J" * 10_000 in told(endless).body
    assert "J" * (TITLE_LIMIT - 1) + "…" in told(endless, markup=within(2000)).body


def test_an_alert_is_told_even_if_its_address_fits_in_no_message() -> None:
    body = told(a_card(url="https://a.id/" + "x" * 5000), markup=within(2000)).body
    assert CARD.title in body
    assert "address is too long" in body


@given(
    title=st.text(max_size=300),
    passage=st.text(max_size=300),
    hits=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300))),
)
def test_any_text_makes_a_harmless_message(title: str, passage: str, hits: list[tuple[int, int]]) -> None:
    card = a_card(title=title, topics=(title,), passages=(Passage(passage, tuple(hits)),))
    message = told(card, markup=HTML)
    bare = message.body
    for tag in ("<b>", "</b>", "<u>", "</u>"):
        bare = bare.replace(tag, "")
    assert "<" not in bare
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]", message.body + message.subject)
    assert message.subject == " ".join(message.subject.split())
    message.body.encode()
