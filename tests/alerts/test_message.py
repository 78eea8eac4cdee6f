"""What a person reads when a story is told."""

from __future__ import annotations

import html
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.message import TITLE_LIMIT, compose
from monitor.model import Card, Change, Kind, Markup, Message, Notification, Passage, Quality

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
        cards=1,
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


def test_a_follow_up_says_who_is_new_and_how_many_there_are_in_all() -> None:
    new = ("kompas.com", "detik.com", "bbc.com", "cnn.com", "dw.com")
    message = told(a_card(outlets=(*CARD.outlets, *new), new_outlets=new), kind=Kind.FOLLOW_UP)
    assert message.subject == "Follow-up Korea Utara Rusia: Tentara Korut tiba di Rusia"
    assert message.body.splitlines() == [
        "Korea Utara Rusia",
        "Tentara Korut tiba di Rusia",
        "Also reported by: kompas.com, detik.com, bbc.com and 2 more · 7 outlets in all",
        CARD.url,
    ]


def test_a_follow_up_names_all_outlets_where_it_is_not_known_who_is_new() -> None:
    assert "Also reported by: antaranews.com, tempo.co\n" in told(CARD, kind=Kind.FOLLOW_UP).body


COPIED: dict[str, Any] = {"outlets": ("tempo.co",), "carried_by": ("antara.com", "kompas.com")}


@pytest.mark.parametrize("kind", [Kind.STORY, Kind.NOW_ALSO])
def test_who_only_carries_a_copy_stands_after_who_reports(kind: Kind) -> None:
    said = "tempo.co · also carried by antara.com, kompas.com · 14:05 (3 min ago)"
    assert said in told(a_card(**COPIED), kind=kind).body.splitlines()


def test_a_follow_up_names_the_copies_too() -> None:
    card = a_card(outlets=("tempo.co", "bbc.com"), new_outlets=("bbc.com",), carried_by=COPIED["carried_by"])
    said = "Also reported by: bbc.com · 2 outlets in all · also carried by antara.com, kompas.com"
    assert said in told(card, kind=Kind.FOLLOW_UP).body.splitlines()


def test_a_follow_up_tells_what_is_new() -> None:
    news = ("Kim tiba di Moskow.", "Dua jenderal menyambutnya.", "Kremlin membantah.")
    card = a_card(outlets=("tempo.co", "bbc.com"), new_outlets=("bbc.com",), news=news)
    assert told(card, kind=Kind.FOLLOW_UP).body == (
        "Korea Utara Rusia\n"
        "Tentara Korut tiba di Rusia\n"
        "Also reported by: bbc.com · 2 outlets in all\n"
        "\n"
        "New:\n"
        "Kim tiba di Moskow.\n"
        "Dua jenderal menyambutnya.\n"
        "Kremlin membantah.\n"
        "\n"
        "https://www.antaranews.com/berita/1?a=1&b=2"
    )


CORRECTED = a_card(
    was="Tentara Korut masuk Rusia",
    changes=(
        Change("Sebanyak 10.000 tentara tiba.", "Sebanyak 12.000 tentara tiba."),
        Change("", "Kremlin membantah."),
        Change("Kim ikut serta.", ""),
    ),
)


def test_a_correction_says_who_corrected_and_what() -> None:
    assert told(CORRECTED, kind=Kind.CORRECTION) == Message(
        subject="Correction Korea Utara Rusia: Tentara Korut tiba di Rusia",
        body="Correction: Korea Utara Rusia\n"
        "Tentara Korut tiba di Rusia\n"
        "was: Tentara Korut masuk Rusia\n"
        "antaranews.com corrected its article · also reported by tempo.co · published 14:05 (3 min ago)\n"
        "\n"
        "was: Sebanyak 10.000 tentara tiba.\n"
        "now: Sebanyak 12.000 tentara tiba.\n"
        "new: Kremlin membantah.\n"
        "no longer there: Kim ikut serta.\n"
        "\n"
        "https://www.antaranews.com/berita/1?a=1&b=2",
        cards=1,
    )


def test_a_correction_that_kept_its_title_names_it_once() -> None:
    body = told(a_card(changes=CORRECTED.changes[:1]), kind=Kind.CORRECTION).body
    assert body.count("was: ") == 1
    assert body.count(CARD.title) == 1


def test_a_title_that_was_corrected_is_told_once_though_it_is_a_change_too() -> None:
    title = Change("12 orang tewas di Ambon", "21 orang tewas di Ambon")
    changes = (title, Change("Sore hari.", "Pagi hari."))
    body = told(a_card(title=title.after, was=title.before, changes=changes), kind=Kind.CORRECTION).body
    assert body.count(title.before) == body.count(title.after) == 1
    assert "now: Pagi hari." in body


@pytest.mark.parametrize("change", [Change("", ""), Change("\x00", " ")])
def test_a_change_of_nothing_is_not_shown(change: Change) -> None:
    body = told(a_card(changes=(change,)), kind=Kind.CORRECTION).body
    assert body.endswith(f"(3 min ago)\n{CARD.url}")


@pytest.mark.parametrize("place", [0, 10, 250, 295, 310, 2000])
def test_of_a_sentence_without_end_the_place_that_changed_is_seen(place: int) -> None:
    before, after = (f"{'kata ' * (place // 5)}{deaths} orang tewas{' dan' * 500}." for deaths in ("12", "21"))
    lines = told(a_card(changes=(Change(before, after),)), kind=Kind.CORRECTION).body.splitlines()
    was, now = (line for line in lines if line.startswith(("was: ", "now: ")))
    assert "12 orang tewas" in was
    assert "21 orang tewas" in now
    assert len(was) < 320


QUAKE = a_card(
    topics=("Gempa",),
    title="Gempa M 6,2 guncang Ambon",
    outlets=("tempo.co", "kompas.com"),
    carried_by=("antaranews.com",),
    passages=(),
)
NEW = ("bbc.com", "detik.com", "cnn.com", "dw.com", "viva.co.id")
SAMPLES = {
    Kind.STORY: QUAKE,
    Kind.FOLLOW_UP: replace(
        QUAKE, outlets=(*QUAKE.outlets, *NEW), new_outlets=NEW, news=("Dua orang tewas di Pulau Haruku.",)
    ),
    Kind.CORRECTION: replace(
        QUAKE,
        published_at=NOW - timedelta(hours=3, minutes=3),
        carried_by=(),
        was="Gempa M 2,6 guncang Ambon",
        changes=(Change("Kedalaman gempa 10 km.", "Kedalaman gempa 100 km."),),
    ),
}


@pytest.mark.parametrize("kind", list(SAMPLES))
def test_the_messages_in_the_documents_are_those_that_are_read(kind: Kind) -> None:
    page = Path(__file__).parent.parent.parent / "docs" / "alerts.md"
    sample = told(SAMPLES[kind], kind=kind).body.removesuffix(CARD.url).rstrip()
    assert f"```text\n{sample}\n```\n" in page.read_text(encoding="utf-8")


def test_the_kind_is_told_by_the_subject() -> None:
    subjects = {told(CARD, kind=kind, text="Halo").subject for kind in Kind}
    assert len(subjects) == len(Kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_what_may_have_arrived_already_says_so_at_its_end(kind: Kind) -> None:
    notification = Notification("phone", kind, (CARD,), "Halo")
    once = compose(notification, markup=PLAIN, zone=JAKARTA, now=NOW)
    again = compose(notification, markup=PLAIN, zone=JAKARTA, now=NOW, may_repeat=True)
    assert again.body == f"{once.body}\n\n(may come twice)"


def test_a_story_without_a_title_is_told_all_the_same() -> None:
    assert told(a_card(title="\x00")).body.splitlines()[1] == "(no title)"


@pytest.mark.parametrize("kind", [Kind.NOTICE, Kind.TEST])
def test_a_notice_says_what_it_has_to_say(kind: Kind) -> None:
    message = told(kind=kind, text="The feed <tempo.co> has been\nsilent for a day.", markup=HTML)
    assert message.body == "The feed &lt;tempo.co&gt; has been\nsilent for a day."
    assert "The feed <tempo.co> has been" in message.subject


def test_the_subject_of_a_notice_is_its_first_line() -> None:
    assert told(kind=Kind.NOTICE, text="The feed is silent.\nSince Monday.").subject == "Notice: The feed is silent."


def test_a_notice_without_end_is_cut() -> None:
    body = told(kind=Kind.NOTICE, text="Feed & feed.\n" * 500, markup=replace(HTML, limit=2000)).body
    assert 1900 < len(body) <= 2000
    assert body.endswith("…")


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


def test_an_address_is_in_one_piece() -> None:
    body = told(a_card(url="https://a.id/x y\n@all<b>?q=ü&\u202e")).body
    assert body.endswith("\nhttps://a.id/x%20y%0A@all%3Cb%3E?q=ü&%E2%80%AE")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "tg://resolve?domain=x", "FILE:///etc/passwd"]
)
def test_what_is_no_web_address_is_never_a_link(url: str) -> None:
    scheme, _, rest = url.partition(":")
    assert told(a_card(url=url)).body.endswith(f"\n{scheme}:\u200b{rest}")


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
    assert "koran2.example and 37 more" in body
    assert CARD.title in body
    assert body.endswith(CARD.url)


def test_news_goes_before_names() -> None:
    news = tuple(f"{n} " + "kata " * 35 for n in range(3))
    grown = replace(LONG, new_outlets=LONG.outlets, news=news, carried_by=("salinan.example",))
    for limit, kept in ((800, 3), (700, 2), (500, 1), (250, 0)):
        body = told(grown, kind=Kind.FOLLOW_UP, markup=within(limit)).body
        assert len(body) <= limit
        assert ["kata" in line for line in body.splitlines()].count(True) == kept
        assert ("New:" in body) == bool(kept)
        assert "koran2.example and 37 more · also carried by salinan.example" in body


def test_of_a_correction_the_changes_go_first_then_the_title_before() -> None:
    body = told(CORRECTED, kind=Kind.CORRECTION).body
    shorter = [told(CORRECTED, kind=Kind.CORRECTION, markup=within(limit)).body for limit in range(len(body), 120, -1)]
    shown = [
        ("no longer there: Kim" in each, "new: Kremlin" in each, "now: Sebanyak" in each, "was: Tentara" in each)
        for each in dict.fromkeys(shorter)
    ]
    assert shown[:5] == [
        (True, True, True, True),
        (False, True, True, True),
        (False, False, True, True),
        (False, False, False, True),
        (False, False, False, False),
    ]
    assert all(each.startswith("Correction") and CARD.title in each and CARD.url in each for each in shorter)


def test_few_copies_are_named_where_there_is_little_room() -> None:
    copied = a_card(passages=(), carried_by=LONG.outlets)
    assert "koran39.example" in told(copied).body
    assert (
        "also carried by koran0.example, koran1.example, koran2.example and 37 more"
        in told(copied, markup=within(300)).body
    )


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


@pytest.mark.parametrize("limit", [80, 160, 280, 1000])
@pytest.mark.parametrize("kind", [Kind.STORY, Kind.NOW_ALSO, Kind.FOLLOW_UP, Kind.CORRECTION, Kind.DIGEST])
@pytest.mark.parametrize("what", [{}, {"was": "j" * 5000, "changes": (Change("k" * 5000, "l" * 5000),)}])
def test_a_message_fits_wherever_it_is_read(kind: Kind, limit: int, what: dict[str, Any]) -> None:
    long = "o" * 5000
    card = a_card(title="Judul " * 500, url="https://a.id/" + "x" * 5000, topics=("T" * 5000,), outlets=(long,))
    card = replace(card, carried_by=(long,), new_outlets=(long,), news=(long,), **what)
    body = told(card, kind=kind, markup=within(limit), text="Notice " * 500).body
    assert len(body) <= limit
    assert "Judul" in body


def test_where_there_is_room_for_a_title_only_it_is_whole() -> None:
    title = "Tentara Korut tiba di Rusia setelah perjalanan panjang lewat laut"
    assert told(a_card(title=title), markup=within(80)).body == title
