"""`explain` of an address that was never seen: it is read now, and what would have become of it is said."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from monitor.cli.unseen import DROPPED, REASONS
from monitor.model import Reason
from tests.cli.conftest import Ended, Monitor
from tests.pages import rss
from tests.site import FeedEntry, Site
from tests.work.desk import RICE, RICE_PARAGRAPHS

TREATY = "Rusia dan Korea Utara teken perjanjian pertahanan baru di Pyongyang"
TREATY_TEXT = (
    "Presiden Rusia dan pemimpin Korea Utara menandatangani perjanjian pertahanan di Pyongyang pada Senin pagi.",
    "Kremlin menyatakan perjanjian itu mengatur bantuan militer bila salah satu pihak diserang oleh negara lain.",
    "Kantor berita KCNA melaporkan upacara itu dihadiri para jenderal kedua negara serta delegasi parlemen Rusia.",
)
AGAIN = "Perjanjian pertahanan Rusia dan Korea Utara diteken di Pyongyang"
AGAIN_TEXT = (
    "Perjanjian pertahanan antara Rusia dan Korea Utara ditandatangani di Pyongyang pada Senin, kata Kremlin.",
    "Perjanjian itu mengatur bantuan militer bila salah satu pihak diserang, menurut kantor berita KCNA.",
    "Upacara penandatanganan dihadiri para jenderal kedua negara dan delegasi parlemen Rusia, lapor KCNA.",
)

NIGHT = "[{from: '22:00', to: '05:30'}]"
NIGHT_DROPPED = NIGHT.replace("}", ", then: drop}")
AT_NIGHT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)  # one o'clock in Jakarta


def configure(
    home: Path, site: Site, *, feed: str = "", topics: str = "", alerts: str = "", channels: str = ""
) -> None:
    (home / "config.yaml").write_text(
        f"""\
timezone: Asia/Jakarta
language: id
channels: {{terminal: console{channels}}}
feeds:
  - {{url: '{site.url_of("/rss")}', name: Nusantara, allow_private: true, backlog: alert{feed}}}
topics:
  - {{name: Korea Utara Rusia, all: [Korea Utara, Rusia]{topics}}}
  - {{name: Beras, all: [beras, gabah, impor]}}
alerts: {{channels: [terminal], wait: 0s, follow_up: never{alerts}}}
"""
    )


@pytest.fixture
def watched(monitor: Monitor, home: Path, site: Site) -> Monitor:
    """One article was read, and told."""
    site.article("/berita/1", TREATY, TREATY_TEXT)
    site.article("/berita/2", AGAIN, AGAIN_TEXT)
    site.article("/berita/3", RICE, RICE_PARAGRAPHS)
    site.feed("/rss", [FeedEntry(TREATY, "/berita/1")])
    configure(home, site)
    monitor.round()
    return monitor


def unseen(monitor: Monitor, url: str) -> Ended:
    ended = monitor("explain", url)
    assert (ended.status, ended.err) == (1, "")
    assert ended.out.startswith(f"{url}: nothing known; ")
    return ended


def would(monitor: Monitor, url: str) -> dict[str, Any]:
    ended = monitor("explain", "--json", url)
    assert (ended.status, ended.err) == (1, "")
    [told] = ended.lines
    assert (told["asked"], told["found"], list(told)) == (url, False, ["asked", "found", "hint", "would"])
    found: dict[str, Any] = told["would"]
    return found


# -- what would have become of it ----------------------------------------------------------------


def test_what_would_open_a_story_and_be_told(monitor: Monitor, home: Path, site: Site) -> None:
    site.article("/berita/1", TREATY, TREATY_TEXT)
    configure(home, site, channels=", phone: console")
    config = (home / "config.yaml").read_text()
    (home / "config.yaml").write_text(config.replace("channels: [terminal]", "channels: [terminal, phone]"))
    out = unseen(monitor, site.url_of("/berita/1")).out
    for said in (
        "Nusantara did not list it under this address",
        "Had Nusantara listed it now, this would have become of it:",
        f"“{TREATY}” (",
        "without a date of its own; the whole text",
        "its outlet is watched by Nusantara",
        "Korea Utara Rusia: would match, score ",
        "    in the title: *Rusia* dan *Korea Utara* teken perjanjian",
        "Beras: 'beras' is not in it",
        "would open a story of its own, as no story shares a telling word with it",
        "Korea Utara Rusia: would be told on terminal, phone: new story",
    ):
        assert said in out
    assert not (home / "data").exists()


def test_what_would_join_a_story_that_was_told(watched: Monitor, site: Site) -> None:
    out = unseen(watched, site.url_of("/berita/2")).out
    assert f"would join story 1, “{TREATY}”: likeness 0." in out
    assert "Korea Utara Rusia: would not be told on terminal: already told: the channel knows the story" in out
    found = would(watched, site.url_of("/berita/2"))
    assert (found["story"]["decision"], found["story"]["id"], found["story"]["is_copy"]) == ("joins", 1, False)
    assert found["story"]["nearest"]["article"]["url"] == site.url_of("/berita/1")
    assert found["alerts"] == [
        {
            "topic": "Korea Utara Rusia",
            "channel": "terminal",
            "decision": "drop",
            "reason": "already told",
            "until": None,
            "note": "",
        }
    ]


def test_what_no_topic_wants_names_the_clause_that_decided(watched: Monitor, site: Site) -> None:
    out = unseen(watched, site.url_of("/berita/3")).out
    assert "none would match, so nobody would be told" in out
    assert "  Beras: 'impor' is not in it" in out
    assert "      ✗ all of these\n        ✓ 'beras' (" in out
    assert out.endswith("alerts\n  none\n")
    found = would(watched, site.url_of("/berita/3"))
    assert set(found) == {"feeds", "unread", "article", "topics", "story", "alerts"}
    assert (found["feeds"], found["unread"], found["alerts"]) == (["Nusantara"], None, [])
    assert set(found["article"]) == {"id", "url", "title", "outlet", "quality", "quality_reason", "published_at"}
    assert set(found["story"]) == {"decision", "id", "title", "known", "is_copy", "nearest"}
    assert [(each["topic"], each["matched"]) for each in found["topics"]["queries"]] == [
        ("Beras", False),
        ("Korea Utara Rusia", False),
    ]


def test_one_topic_alone(watched: Monitor, site: Site) -> None:
    out = watched("explain", "--topic", "Beras", site.url_of("/berita/3")).out
    assert "Beras: 'impor' is not in it" in out
    assert "Korea Utara Rusia" not in out


def test_a_copy_says_of_what(watched: Monitor, site: Site) -> None:
    site.article("/salinan/1", TREATY, (*TREATY_TEXT, RICE_PARAGRAPHS[0]))
    out = unseen(watched, site.url_of("/salinan/1")).out
    assert f"would join story 1, “{TREATY}”, as a copy of “{TREATY}”" in out


def test_the_same_article_under_another_address(watched: Monitor, site: Site) -> None:
    html = (site._pages["/berita/1"]).body.decode()
    site.page("/amp-lain/1", html)
    out = unseen(watched, site.url_of("/amp-lain/1")).out
    assert f"it is “{TREATY}” (" in out
    assert "which is known as " in out
    assert "none: it is known already" in out
    assert would(watched, site.url_of("/amp-lain/1"))["story"]["decision"] == "known"


def test_an_outlet_that_came_through_a_feed_of_another_site(monitor: Monitor, home: Path, site: Site) -> None:
    feed = rss("Semua kabar", site.url, [FeedEntry(TREATY, "/berita/1", description=TREATY_TEXT[0])])
    source = '<source url="https://rss.tempo.example.co.id/">Tempo</source><guid '
    site.page("/rss", feed.replace("<guid ", source), content_type="application/rss+xml")
    configure(home, site)
    monitor.round()
    ended = unseen(monitor, "https://tempo.example.co.id/berita/2")
    assert (
        "no feed of this site is in the configuration, but articles of its outlet came through others; Nusantara did"
        in ended.out
    )
    assert would(monitor, "https://tempo.example.co.id/berita/2")["feeds"] == ["Nusantara"]


# -- the rules -----------------------------------------------------------------------------------


def test_what_is_too_old(monitor: Monitor, home: Path, site: Site) -> None:
    site.article("/berita/1", TREATY, TREATY_TEXT, published=datetime.now(UTC) - timedelta(days=9))
    configure(home, site)
    out = unseen(monitor, site.url_of("/berita/1")).out
    assert "would not be told on terminal: too old: it was published longer ago than max_age" in out


@pytest.mark.parametrize(
    ("alerts", "said"),
    [
        (", wait: 2m", "would wait a little for further outlets, then be told on terminal, until "),
        (f", quiet_hours: {NIGHT}", "would wait for the end of the quiet hours on terminal, until 2026-11-23 05:30"),
        (
            f", quiet_hours: {NIGHT_DROPPED}",
            "would not be told on terminal: quiet hours now, which let such alerts be (then: drop)",
        ),
    ],
)
def test_what_would_be_held(monitor: Monitor, home: Path, site: Site, alerts: str, said: str) -> None:
    site.article("/berita/1", TREATY, TREATY_TEXT)
    configure(home, site)
    config = (home / "config.yaml").read_text()
    wait = ", wait: 0s" if "wait" not in alerts else ""
    (home / "config.yaml").write_text(config.replace(", wait: 0s", wait).replace(", follow_up: never", alerts))
    with time_machine.travel(AT_NIGHT):
        assert said in unseen(monitor, site.url_of("/berita/1")).out


@pytest.mark.parametrize("what", [("--topic", "Korea Utara Rusia"), ("--words", "Pyongyang")])
def test_what_is_silenced(watched: Monitor, site: Site, what: tuple[str, str]) -> None:
    assert watched("silence", "add", *what, "--for", "1h", "--reason", "libur").status == 0
    out = unseen(watched, site.url_of("/berita/2")).out
    assert "would not be told on terminal: somebody asked not to hear of it for a while (" in out
    assert "libur)" in out


def test_what_is_too_weak_so_far(monitor: Monitor, home: Path, site: Site) -> None:
    site.article(
        "/berita/1",
        RICE,
        (*RICE_PARAGRAPHS * 3, "Tamu dari Rusia melihat panen itu.", *RICE_PARAGRAPHS, "Begitu juga Korea Utara."),
    )
    configure(home, site, alerts=", only: best")
    out = unseen(monitor, site.url_of("/berita/1")).out
    assert "would not be told on terminal: only the best is told: it matches too little, and no second outlet" in out


def test_what_is_left_to_a_narrower_topic(monitor: Monitor, home: Path, site: Site) -> None:
    site.article("/berita/1", TREATY, TREATY_TEXT)
    configure(home, site, topics="}\n  - {name: Perjanjian, query: perjanjian, hides: [Korea Utara Rusia]")
    out = unseen(monitor, site.url_of("/berita/1")).out
    assert "Perjanjian: would be told on terminal: new story" in out
    assert "Korea Utara Rusia: would not be told on terminal: left to a narrower topic that hides this one" in out


def test_every_reason_that_may_come_has_words() -> None:
    seldom = {Reason.FLOOD, Reason.REMOVED}  # of hundreds at once; of what was held when the configuration changed
    assert set(REASONS) == set(Reason) - seldom
    assert len({*REASONS.values(), *DROPPED.values()}) == len(REASONS) + len(DROPPED)


# -- reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "said"), [(404, "HTTP 404"), (403, "HTTP 403"), (503, "HTTP 503")])
def test_a_page_that_can_not_be_had_is_said_in_a_line(watched: Monitor, site: Site, status: int, said: str) -> None:
    site.fail("/berita/9", status)
    out = unseen(watched, site.url_of("/berita/9")).out
    assert out.splitlines()[1:] == [f"it was not read now either: {said}"]
    found = would(watched, site.url_of("/berita/9"))
    assert (found["unread"], found["article"], found["story"], found["alerts"]) == (said, None, None, [])


def test_what_robots_txt_forbids_is_not_read(watched: Monitor, site: Site) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /berita/2\n", content_type="text/plain")
    before = len(site.asked("/berita/2"))
    assert "robots.txt" in unseen(watched, site.url_of("/berita/2")).out
    assert len(site.asked("/berita/2")) == before


def test_what_is_no_article_is_not_taken_for_one(watched: Monitor, site: Site) -> None:
    site.page("/masuk", "<html><title>Masuk</title><body><form><input type=password></form></body></html>")
    assert "it was not read now either: " in unseen(watched, site.url_of("/masuk")).out


def test_an_address_of_this_network_is_refused_where_no_feed_of_its_site_allows_it(
    watched: Monitor, other_site: Site
) -> None:
    other_site.article("/berita/1", TREATY, TREATY_TEXT)
    out = unseen(watched, other_site.url_of("/berita/1")).out
    assert "no feed of this site is in the configuration" in out
    assert "it was not read now either: private address refused" in out
    assert other_site.requests == []


def test_the_quality_and_the_manners_of_its_feed_count(monitor: Monitor, home: Path, site: Site) -> None:
    site.article("/berita/1", TREATY, TREATY_TEXT)
    configure(home, site, feed=", user_agent: Pembaca, full_text: never")
    out = unseen(monitor, site.url_of("/berita/1")).out
    assert "Nusantara is read without pages (full_text: never): its own text would have had to do" in out
    assert site.requests[-1].headers["user-agent"] == "Pembaca"


def test_who_asks_writes_nothing(watched: Monitor, home: Path, site: Site) -> None:
    before = (home / "data/monitor.db").read_bytes()
    kept = home / "before.db"
    shutil.copy(home / "data/monitor.db", kept)
    with closing(sqlite3.connect(home / "data/monitor.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for page in ("/berita/2", "/berita/3", "/tiada"):
            unseen(watched, site.url_of(page))
    assert (home / "data/monitor.db").read_bytes() == before
