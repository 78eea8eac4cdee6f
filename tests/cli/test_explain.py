"""`explain`: what became of an address, and why; with stories and copies in `status` and `export`."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine

from monitor.cli.account import REASONS
from monitor.model import Reason
from tests.cli.conftest import ROOT, SMALL, Monitor
from tests.site import FeedEntry, JsonSink, Site

KIM, LAVROV = sorted((ROOT / "seeds").iterdir())
KIM_ID, LAVROV_ID = (seed.stem.partition("_")[2] for seed in (KIM, LAVROV))
GEMPA = "Gempa M 6,1 guncang Maluku\n\nWarga Ambon berlarian keluar rumah ketika tanah bergetar pada Senin pagi."


def watch(home: Path, *feeds: str, channel: str = "console") -> None:
    config = SMALL.replace("[seeds/]", f"[{', '.join(feeds)}]").replace("console", f"'{channel}'")
    (home / "config.yaml").write_text(config, encoding="utf-8")


def put(home: Path, folder: str, name: str, text: str) -> None:
    """An outlet of its own: a folder with one article."""
    (home / folder).mkdir(exist_ok=True)
    (home / folder / name).write_text(text, encoding="utf-8")


def without_third_paragraph(text: str) -> str:
    paragraphs = text.split("\n")
    return "\n".join([*paragraphs[:4], *paragraphs[5:], "(antara/kdl)"])


@pytest.fixture
def watched(monitor: Monitor, home: Path) -> Monitor:
    """The seeds, then three other outlets: the same text, a text that was cut, and something else."""
    watch(home, "seeds/", "kompas/", "tribun/", "tempo/")
    for folder in ("kompas", "tribun", "tempo"):
        (home / folder).mkdir()
    monitor.round()
    put(home, "kompas", "lavrov.txt", LAVROV.read_text(encoding="utf-8"))
    put(home, "tribun", "kim.txt", without_third_paragraph(KIM.read_text(encoding="utf-8")))
    put(home, "tempo", "gempa.txt", GEMPA)
    monitor.round(every_feed=True)
    return monitor


def told(monitor: Monitor, what: str) -> Any:
    ended = monitor("explain", "--json", what)
    assert (ended.status, ended.err) == (0, "")
    [account] = ended.lines
    return account


# -- an article and its story --------------------------------------------------------------------


def test_an_article_that_opened_a_story_is_told_from_the_feed_to_the_delivery(watched: Monitor) -> None:
    ended = watched("explain", KIM_ID)
    assert ended.status == 0
    for said in (
        "listed by seeds, first seen ",
        ": read\n",
        "“Kim Jong Un Dukung Rusia Terkait Soal Ukraina, Tegaskan Solidaritas Korea Utara” (seeds)",
        f"_{KIM_ID}.txt\n",
        "Korea Utara Rusia: matched, score 100 of 100",
        "in the title: Kim Jong Un Dukung *Rusia* Terkait",
        "reported by seeds; also carried by ",
        "this article opened it",
        "Korea Utara Rusia on terminal: told, as the story was new",
        "terminal: sent ",
    ):
        assert said in ended.out


def test_an_article_that_joined_shows_the_numbers_that_decided(watched: Monitor) -> None:
    out = watched("explain", f"seeds/{LAVROV.name}").out
    assert "this article joined it: likeness 0." in out
    assert "nearest was “Kim Jong Un Dukung Rusia Terkait Soal Ukraina" in out
    assert " is more than is asked as a rule, as both are by one outlet" in out
    assert "heaviest words in common: " in out
    assert "on the occasion of “Kim Jong Un Dukung Rusia" in out

    nearest = told(watched, LAVROV_ID)["story"]["nearest"]
    assert nearest["article"]["id"] == KIM_ID
    assert 1 >= nearest["score"] >= nearest["bar"] > 0
    assert nearest["raised_by"] == ["same outlet"]
    assert "lavrov" in nearest["shared"]


def test_the_file_in_the_archive_and_the_id_lead_to_the_same_article(watched: Monitor, home: Path) -> None:
    [kept] = (home / "data/articles").glob(f"*/*_{KIM_ID}.txt")
    by_file = told(watched, str(kept.relative_to(home)))
    assert by_file["article"]["file"] == str(kept.relative_to(home))
    kept.unlink()
    moved = told(watched, f"elsewhere/{kept.name}")
    assert moved["article"] == by_file["article"] == told(watched, KIM_ID)["article"]


def test_the_same_text_elsewhere_is_a_copy_with_all_of_its_wording(watched: Monitor) -> None:
    out = watched("explain", "kompas/lavrov.txt").out
    assert "a copy of “Dukungan Militer Korea Utara untuk Rusia Meningkat" in out
    assert "all of its wording stands there" in out
    assert "it has the same text as" in out


def test_a_text_that_was_cut_is_a_copy_with_a_part_of_its_wording(watched: Monitor) -> None:
    account = told(watched, "tribun/kim.txt")
    assert account["article"]["copy_of"]["id"] == KIM_ID
    assert 0.8 < account["article"]["copy_of"]["wording"] < 1
    assert account["story"]["outlets"] == ["seeds"]
    assert sorted(account["story"]["carried_by"]) == ["kompas", "tribun"]
    assert " % of its wording stands there" in watched("explain", "tribun/kim.txt").out


PRAYERS = "Jadwal sholat Jakarta {day} November 2026\n\nBerikut jadwal sholat untuk wilayah Jakarta dan sekitarnya, {day} November."


def test_the_next_of_a_series_says_what_it_came_near_to_and_why_it_is_another_event(
    monitor: Monitor, home: Path
) -> None:
    watch(home, "tempo/", "seeds/")
    for day in (22, 23):
        put(home, "tempo", f"{day}.txt", PRAYERS.format(day=day))
        with time_machine.travel(datetime(2026, 11, day, 1, 0, tzinfo=UTC)):
            monitor.round(every_feed=True)
    out = monitor("explain", "tempo/23.txt").out
    assert "this article opened it, as no story was like it enough" in out
    assert "with “Jadwal sholat Jakarta 22 November 2026” (tempo): likeness " in out
    assert "as both are by one outlet; each title has figures that the other has not; the titles are of one make" in out
    story = told(monitor, "tempo/23.txt")["story"]
    assert story["decision"] == "opened"
    assert story["nearest"]["story"] != story["id"]


def test_what_concerns_no_topic_says_so(watched: Monitor) -> None:
    out = watched("explain", "tempo/gempa.txt").out
    assert "none matched, so nobody was to be told" in out
    assert "1 topic did not match: Korea Utara Rusia" in out
    assert "this article opened it" in out
    assert "none: no article of the story concerned a topic" in out


def test_a_topic_of_today_says_that_it_would_match(watched: Monitor, home: Path) -> None:
    config = (home / "config.yaml").read_text()
    (home / "config.yaml").write_text(config.replace("topics:\n", "topics:\n  - name: Gempa Maluku\n"))
    assert "would match today: Gempa Maluku" in watched("explain", "tempo/gempa.txt").out
    topics = told(watched, "tempo/gempa.txt")["topics"]
    assert [query["topic"] for query in topics.pop("queries")] == ["Gempa Maluku", "Korea Utara Rusia"]
    assert topics == {
        "matched": [],
        "not_matched": ["Gempa Maluku", "Korea Utara Rusia"],
        "would_match": ["Gempa Maluku"],
    }


def configure(home: Path, *topics: str) -> None:
    config = (home / "config.yaml").read_text()
    head, _, tail = config.partition("topics:\n")
    rest = tail[tail.index("alerts:") :]
    (home / "config.yaml").write_text("".join((head, "topics:\n", *(f"  - {topic}\n" for topic in topics), rest)))


def test_each_topic_shows_its_clauses_and_which_decided(watched: Monitor, home: Path) -> None:
    configure(home, "Korea Utara Rusia", "{name: Gempa besar, all: [gempa, tsunami], none: [simulasi]}")
    assert (
        "  2 topics did not match: Gempa besar, Korea Utara Rusia\n"
        "  Gempa besar: 'tsunami' is not in it\n"
        "      ✗ all of these\n"
        "        ✓ 'gempa' (1 place)\n"
        "        ✗ 'tsunami'\n"
        "        ✓ not 'simulasi'\n"
        "  Korea Utara Rusia: 'Korea Utara' is not in it\n"
        "      ✗ all of these\n"
        "        ✗ 'Korea Utara'\n"
        "        ✗ 'Rusia'\n"
    ) in watched("explain", "tempo/gempa.txt").out
    matched = watched("explain", KIM_ID).out
    assert "Korea Utara Rusia: matched, score 100 of 100\n      in the title: " in matched
    assert "      ✓ all of these\n        ✓ 'Korea Utara' (" in matched


def test_a_topic_that_changed_since_says_what_it_would_say_today(watched: Monitor, home: Path) -> None:
    configure(home, "{name: Korea Utara Rusia, all: [Rusia, tsunami]}")
    out = watched("explain", KIM_ID).out
    assert "Korea Utara Rusia: matched, score 100 of 100\n" in out
    assert "      would not match today: 'tsunami' is not in it\n      ✗ all of these\n" in out


@pytest.mark.parametrize(
    ("topic", "why", "refused"),
    [
        ("{name: Gempa, feeds: [seeds/]}", "its feed is none of the topic's feeds", "feeds"),
        ("{name: Gempa, except_feeds: [tempo/]}", "its feed is one of the topic's except_feeds", "except_feeds"),
        ("{name: Gempa banjir, feeds: [seeds/]}", "its feed is none of the topic's feeds; and 'banjir' is not in it", "feeds"),
        ("{name: Gempa, min_score: 100}", "its score is 92, and the topic's min_score is 100", "min_score"),
    ],
)  # fmt: skip
def test_the_filter_that_refused_is_named(watched: Monitor, home: Path, topic: str, why: str, refused: str) -> None:
    configure(home, topic)
    name = topic.partition(": ")[2].partition(",")[0]
    assert f"{name}: {why}\n" in watched("explain", "tempo/gempa.txt").out
    [query] = told(watched, "tempo/gempa.txt")["topics"]["queries"]
    assert (query["topic"], query["matched"], query["refused_by"], query["decided"]) == (name, False, refused, why)


def test_of_many_topics_those_that_came_closest_come_first(watched: Monitor, home: Path) -> None:
    others = [f"{{name: T{number}, all: [banjir, longsor]}}" for number in range(20)]
    configure(home, *others, "{name: Dekat, all: [gempa, banjir]}", "{name: Lebih, all: [gempa, Maluku, banjir]}")
    out = watched("explain", "tempo/gempa.txt").out
    assert "22 topics did not match: Lebih, Dekat, T0, T1, T2, T3, T4, T5, 14 more\n" in out
    assert out.count("✗ all of these") == 3
    assert out.index("  Lebih: 'banjir'") < out.index("  Dekat: 'banjir'") < out.index("  T0: 'banjir'")


def test_the_tree_of_the_json(watched: Monitor, home: Path) -> None:
    configure(home, "{name: Gempa, query: 'gempa* NOT simulasi'}")
    [query] = told(watched, "tempo/gempa.txt")["topics"]["queries"]
    assert set(query) == {"topic", "matched", "score", "refused_by", "decided", "tree"}
    tree = query["tree"]
    assert (tree["kind"], tree["hit"], [part["kind"] for part in tree["parts"]]) == ("and", True, ["word", "not"])
    assert tree["parts"][0] == {
        "clause": "gempa*", "kind": "word", "says": "'gempa*'", "hit": True, "places": 1, "found": "Gempa", "nearest": [],
        "parts": [],
    }  # fmt: skip


def test_who_asks_waits_for_nobody_and_changes_nothing(watched: Monitor, home: Path) -> None:
    before = (home / "data/monitor.db").read_bytes()
    with closing(sqlite3.connect(home / "data/monitor.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert watched("explain", KIM_ID).status == 0
    assert (home / "data/monitor.db").read_bytes() == before


def test_every_field_of_the_json(watched: Monitor) -> None:
    account = told(watched, KIM_ID)
    assert list(account) == ["asked", "found", "entries", "article", "topics", "story", "alerts"]
    assert set(account["entries"][0]) == {
        "feed", "feed_name", "state", "first_seen_at", "due_at", "tries", "readings", "has_article",
        "last_error",
    }  # fmt: skip
    assert set(account["article"]) == {
        "id", "url", "title", "outlet", "feed", "quality", "quality_reason", "published_at", "first_seen_at", "file", "archived_at",
        "copy_of", "others",
    }  # fmt: skip
    assert set(account["story"]) == {"id", "title", "opened_at", "outlets", "carried_by", "decision", "nearest"}
    [alert] = [alert for alert in account["alerts"] if alert["turn"] == 0]
    assert (alert["decision"], alert["reason"]) == ("send", "new story")
    assert set(alert) == {
        "topic", "channel", "turn", "decision", "reason", "until", "decided_at", "is_urgent", "is_correction",
        "correction", "note", "occasion", "deliveries",
    }  # fmt: skip
    [delivery] = alert["deliveries"]
    assert (delivery["channel"], delivery["state"], delivery["attempts"]) == ("terminal", "sent", 1)


# -- addresses -----------------------------------------------------------------------------------


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as opened:
        yield opened


def read_from(site: Site, home: Path, backlog: str, channel: str = "console") -> None:
    feed = f"{{url: '{site.url_of('/rss')}', name: Nusantara, allow_private: true, backlog: {backlog}}}"
    watch(home, feed, channel=channel)


def test_an_address_is_found_however_it_is_written(monitor: Monitor, home: Path, site: Site) -> None:
    site.article("/berita/1", "Rusia dan Korea Utara teken perjanjian", ["Kremlin mengumumkannya di Pyongyang."] * 9)
    site.feed("/rss", [FeedEntry("Rusia dan Korea Utara teken perjanjian", "/berita/1", guid="berita-1")])
    read_from(site, home, "alert")
    monitor.round()
    accounts = [
        told(monitor, what)
        for what in (site.url_of("/berita/1"), site.url_of("/berita/1/?utm_source=x#komentar"), "berita-1")
    ]
    assert [account["article"]["url"] for account in accounts] == [site.url_of("/berita/1")] * 3
    assert [account["entries"][0]["feed_name"] for account in accounts] == ["Nusantara"] * 3
    [one] = {account["article"]["id"] for account in accounts}
    assert told(monitor, one)["article"]["url"] == site.url_of("/berita/1")


def test_backlog_is_told_as_such(monitor: Monitor, home: Path, site: Site) -> None:
    site.feed("/rss", [FeedEntry("Rusia dan Korea Utara teken perjanjian", "/berita/1")])
    read_from(site, home, "skip")
    monitor.round()
    ended = monitor("explain", site.url_of("/berita/1"))
    assert ended.status == 0
    assert "backlog; it was there before this feed was watched" in ended.out
    assert "there is none yet, so nobody was told" in ended.out


def test_an_entry_whose_page_fails_waits_with_its_reason(monitor: Monitor, home: Path, site: Site) -> None:
    site.page("/berita/1", status=503)
    site.feed("/rss", [FeedEntry("Rusia", "/berita/1", guid="tag:berita,1")])
    read_from(site, home, "alert")
    monitor.round()
    ended = monitor("explain", site.url_of("/berita/1"))
    assert "waits to be read, as its page could not be had 1 time (HTTP 503); tried again " in ended.out
    assert told(monitor, site.url_of("/berita/1"))["entries"][0]["state"] == "waiting"


def test_a_delivery_that_was_refused_is_told_with_the_answer(monitor: Monitor, home: Path) -> None:
    with JsonSink() as phone:
        phone.refuse(404, times=5)
        watch(home, "seeds/", channel=phone.channel)
        monitor.round()
    out = monitor("explain", KIM_ID).out
    assert "terminal: dead: " in out
    assert "404" in out
    assert "`monitor retry` sends it again" in out


def test_what_waits_for_company_says_until_when(monitor: Monitor, home: Path) -> None:
    monitor.round()
    with closing(sqlite3.connect(home / "data/monitor.db")) as rows:
        rows.execute(
            "UPDATE alert SET decision = 'hold', reason = 'quiet hours', due_at = '2026-03-11 22:30:00', notification_id = NULL"
        )
        rows.commit()
    out = monitor("explain", KIM_ID).out
    assert "waits for the end of the quiet hours" in out
    assert "judged again 2026-03-12 05:30" in out


@pytest.mark.parametrize(
    ("reason", "note", "words"),
    [
        ("weak", "score 31, one outlet", "matched too little, and no second outlet had it (score 31, one outlet)"),
        ("hidden", "topic 'Pasukan Korut'", "left to a narrower topic that hides this one (topic 'Pasukan Korut')"),
    ],
)
def test_what_was_not_chosen_says_why(monitor: Monitor, home: Path, reason: str, note: str, words: str) -> None:
    monitor.round()
    with closing(sqlite3.connect(home / "data/monitor.db")) as rows:
        dropped = "UPDATE alert SET decision = 'drop', reason = ?, note = ?, notification_id = NULL"
        rows.execute(dropped, [reason, note])
        rows.commit()
    assert words in monitor("explain", KIM_ID).out


def test_a_correction_shows_what_was_and_what_is(monitor: Monitor, home: Path) -> None:
    monitor.round()
    correction = {"was": "Gempa M 2,6", "changes": [{"before": "Dua tewas.", "after": "Tiga tewas."}]}
    with closing(sqlite3.connect(home / "data/monitor.db")) as rows:
        told = "UPDATE alert SET reason = 'corrected', is_correction = 1, correction = ?"
        rows.execute(told, [json.dumps(correction)])
        rows.commit()
    out = monitor("explain", KIM_ID).out
    assert "told, as what was told before was corrected" in out
    assert "    was: “Gempa M 2,6”\n" in out
    assert "    was: “Dua tewas.”; now: “Tiga tewas.”\n" in out


def test_every_reason_has_words_of_its_own() -> None:
    assert {reason for _, reason in REASONS} == set(Reason)
    assert len(set(REASONS.values())) == len(REASONS)


def test_a_wrong_configuration_is_told_as_by_every_command(monitor: Monitor, home: Path) -> None:
    (home / "config.yaml").write_text("- a\n")
    ended = monitor("explain", KIM_ID)
    assert (ended.status, ended.out) == (2, "")
    assert "config.yaml" in ended.err


@pytest.mark.parametrize("what", ["0123456789abcdef", "seeds/missing.txt"])
def test_what_is_no_address_and_not_known_ends_with_1(monitor: Monitor, home: Path, what: str) -> None:
    ended = monitor("explain", what)
    assert (ended.status, ended.err) == (1, "")
    assert "its text file or its id" in ended.out
    [account] = monitor("explain", "--json", what).lines
    assert (account["asked"], account["found"], account["would"]) == (what, False, None)
    assert "its text file or its id" in account["hint"]
    assert not (home / "data").exists()


# -- stories in status and export ----------------------------------------------------------------


def test_status_names_the_largest_stories_of_today(watched: Monitor) -> None:
    status = watched("status", "--json").lines[0]
    assert status["stories_today"] == 2
    largest, other = status["stories"]
    assert set(largest) == {"id", "title", "opened_at", "outlets", "carried_by", "articles"}
    assert largest["outlets"] == ["seeds"]
    assert sorted(largest["carried_by"]) == ["kompas", "tribun"]
    assert (largest["articles"], other["outlets"], other["articles"]) == (4, ["tempo"], 1)
    assert "Tegaskan Solidaritas Korea Utara: seeds; also carried by " in watched("status").out


def test_export_says_which_story_and_of_what_it_is_a_copy(watched: Monitor, home: Path) -> None:
    story = told(watched, KIM_ID)["story"]["id"]
    assert "4 articles" in watched("export", "--format", "jsonl", "--story", str(story), "out").out
    rows = [json.loads(line) for line in (home / "out/articles.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["story"] for row in rows] == [story] * 4
    by_outlet = {row["outlet"]: row["copy_of"] for row in rows}
    assert by_outlet == {"seeds": None, "kompas": LAVROV_ID, "tribun": KIM_ID}

    watched("export", "--format", "csv", "--story", str(story), "out")
    with (home / "out/articles.csv").open(encoding="utf-8", newline="") as file:
        assert [row["copy_of"] for row in csv.DictReader(file)] == [row["copy_of"] or "" for row in rows]
