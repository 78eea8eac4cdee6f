"""Each way in which an article can be missed: `explain` names the true reason."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from tests.cli.conftest import Monitor
from tests.site import FeedEntry, JsonSink, Site
from tests.work.desk import PARAGRAPHS

TITLE = "Rusia dan Korea Utara teken perjanjian"
SAID = "Kremlin mengumumkannya di Pyongyang pada Senin pagi, kata kantor berita negara itu."
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)  # in Jakarta
NIGHT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
TOPIC = "Korea Utara Rusia"


def configure(
    home: Path,
    site: Site,
    *,
    feed: str = "",
    topic: str = "",
    alerts: str = "",
    channels: str = "{terminal: console}",
    tells: str = "terminal",
) -> None:
    (home / "config.yaml").write_text(
        f"""\
timezone: Asia/Jakarta
language: id
channels: {channels}
feeds:
  - {{url: '{site.url_of("/rss")}', name: Nusantara, allow_private: true, backlog: alert{feed}}}
topics:
  - {{name: {TOPIC}, all: [Korea Utara, Rusia]{topic}}}
alerts: {{channels: [{tells}], wait: 0s, follow_up: never{alerts}}}
"""
    )


def put(site: Site, *, published: datetime | None = None, description: str = SAID) -> None:
    """An article that concerns the topic, and its feed."""
    site.article("/berita/1", TITLE, PARAGRAPHS, published=published)
    site.feed("/rss", [FeedEntry(TITLE, "/berita/1", description=description, published=published)])


def explained(monitor: Monitor, site: Site, path: str = "/berita/1") -> str:
    ended = monitor("explain", site.url_of(path))
    assert (ended.status, ended.err) == (0, "")
    return ended.out


# -- before it was read --------------------------------------------------------------------------


def test_it_was_there_before_the_feed_was_watched(monitor: Monitor, home: Path, site: Site) -> None:
    put(site)
    configure(home, site, feed="")
    config = (home / "config.yaml").read_text()
    (home / "config.yaml").write_text(config.replace("backlog: alert", "backlog: skip"))
    monitor.round()
    assert "backlog; it was there before this feed was watched" in explained(monitor, site)


def test_its_feed_does_not_list_it(monitor: Monitor, home: Path, site: Site) -> None:
    put(site)
    configure(home, site)
    monitor.round()
    site.article("/berita/2", "Lain", PARAGRAPHS)
    ended = monitor("explain", site.url_of("/berita/2"))
    assert ended.status == 1
    assert "Nusantara did not list it under this address since it is watched" in ended.out


def test_no_feed_of_its_site_is_watched(monitor: Monitor, home: Path, site: Site) -> None:
    configure(home, site)
    ended = monitor("explain", "https://berita.example/1")
    assert ended.status == 1
    assert "no feed of this site is in the configuration; another one may list it" in ended.out


# -- its page ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 404, 410, 503])
def test_its_page_failed_and_the_feeds_text_stood_in(monitor: Monitor, home: Path, site: Site, status: int) -> None:
    put(site)
    site.fail("/berita/1", status)
    configure(home, site)
    monitor.round()
    out = explained(monitor, site)
    assert f"(the page can't be read: HTTP {status})" in out
    assert f"{TOPIC}: matched" in out


def test_its_page_failed_and_what_it_said_of_the_topic_was_never_read(monitor: Monitor, home: Path, site: Site) -> None:
    site.feed("/rss", [FeedEntry("Perjanjian diteken", "/berita/1", description="Upacara berlangsung Senin pagi.")])
    site.fail("/berita/1", 404)
    configure(home, site)
    monitor.round()
    out = explained(monitor, site)
    assert "(the page can't be read: HTTP 404)" in out
    assert f"{TOPIC}: 'Korea Utara' is not in it" in out


def test_its_site_did_not_answer_and_it_waits(monitor: Monitor, home: Path, site: Site) -> None:
    site.feed("/rss", [FeedEntry("Perjanjian diteken", "/berita/1")])
    site.page("/berita/1", status=504)
    configure(home, site)
    monitor.round()
    assert "waits to be read, as its page could not be had 1 time (HTTP 504); tried again " in explained(monitor, site)


def test_robots_txt_forbids_its_page(monitor: Monitor, home: Path, site: Site) -> None:
    put(site)
    site.page("/robots.txt", "User-agent: *\nDisallow: /berita/\n", content_type="text/plain")
    configure(home, site)
    monitor.round()
    assert "its site asks programs not to read this page (robots.txt)" in explained(monitor, site)


def paywalled(html: str) -> str:
    closed = '{"@context":"https://schema.org","@type":"NewsArticle","isAccessibleForFree":false}'
    return html.replace("</head>", f'<script type="application/ld+json">{closed}</script></head>')


def cut(html: str) -> str:
    """Its first lines, which break off."""
    start = html.index(PARAGRAPHS[0]) + len(PARAGRAPHS[0])
    end = html.index(PARAGRAPHS[-1]) + len(PARAGRAPHS[-1])
    return html[:start] + " Keduanya membicarakan…" + html[end:]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (paywalled, "only the beginning could be read, the rest is for subscribers"),
        (cut, "only a teaser was readable (the page shows only a beginning)"),
    ],
)
def test_only_its_beginning_could_be_read(
    monitor: Monitor, home: Path, site: Site, make: Callable[[str], str], said: str
) -> None:
    put(site, description="")
    site.page("/berita/1", make(site._pages["/berita/1"].body.decode()))
    configure(home, site, topic=", any: [Beijing]")
    monitor.round()
    assert said in explained(monitor, site)


# -- its topic -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "why"),
    [
        (", languages: [en]", "it is in id, and the topic's languages are en"),
        (", feeds: [seeds/]", "its feed is none of the topic's feeds"),
        (", except_feeds: [Nusantara]", "its feed is one of the topic's except_feeds"),
        (", min_score: 100", "and the topic's min_score is 100"),
        (", none: [Wonsan]", "'Wonsan' is in it, and must not be"),
        (", any: [rudel]", "'rudel' is not in it"),
        (", any: [Wansan]", "'Wansan' is not in it; nearest: 'Wonsan'"),
        (", within: title", "'Korea Utara AND Rusia' is in it, but not within the title"),
    ],
)
def test_a_part_of_the_topic_refused_it(monitor: Monitor, home: Path, site: Site, topic: str, why: str) -> None:
    put(site, description="")
    site.article("/berita/1", "Kim Jong Un Sambut Lavrov", PARAGRAPHS)
    site.feed("/rss", [FeedEntry("Kim Jong Un Sambut Lavrov", "/berita/1")])
    configure(home, site, topic=topic)
    config = (home / "config.yaml").read_text()
    (home / "config.yaml").write_text(config.replace("feeds:\n", "feeds:\n  - seeds/\n", 1))
    monitor.round()
    out = explained(monitor, site)
    assert "none matched, so nobody was to be told" in out
    assert why in out
    alone = monitor("explain", "--topic", TOPIC, site.url_of("/berita/1")).out
    assert why in alone


# -- its alert -----------------------------------------------------------------------------------


def test_it_was_too_old(monitor: Monitor, home: Path, site: Site) -> None:
    put(site, published=NOON - timedelta(days=9))
    configure(home, site)
    with time_machine.travel(NOON):
        monitor.round()
    assert "terminal: not told, as the article was older than max_age when it was first seen" in explained(
        monitor, site
    )


def test_it_was_silenced(monitor: Monitor, home: Path, site: Site) -> None:
    put(site)
    configure(home, site)
    site.feed("/rss", [])
    monitor.round()
    assert monitor("silence", "add", "--topic", TOPIC, "--for", "1h", "--reason", "libur").status == 0
    put(site)
    monitor.round(every_feed=True)
    out = explained(monitor, site)
    assert "terminal: not told, as somebody asked not to hear of it for a while (topic 'Korea Utara Rusia'" in out
    assert "libur)" in out


@pytest.mark.parametrize(
    ("alerts", "said"),
    [
        ("[{from: '22:00', to: '05:30'}]", "waits for the end of the quiet hours"),
        ("[{from: '22:00', to: '05:30', then: drop}]", "not told, as it came in quiet hours that let such alerts be"),
    ],
)
def test_it_came_in_quiet_hours(monitor: Monitor, home: Path, site: Site, alerts: str, said: str) -> None:
    put(site)
    configure(home, site, alerts=f", quiet_hours: {alerts}")
    with time_machine.travel(NIGHT):
        monitor.round()
    out = explained(monitor, site)
    assert said in out
    assert ("judged again 2026-11-23 05:30" in out) is ("drop" not in alerts)


def test_it_waits_for_the_digest(monitor: Monitor, home: Path, site: Site) -> None:
    put(site)
    configure(home, site, channels="{terminal: {url: console, send: daily 07:00}}")
    with time_machine.travel(NOON):
        monitor.round()
    out = explained(monitor, site)
    assert "waits for the channel's next digest" in out
    assert "judged again 2026-11-23 07:00" in out


def test_the_channel_had_enough(monitor: Monitor, home: Path, site: Site) -> None:
    other = "Gempa di Rusia terasa sampai Korea Utara"
    site.article("/berita/1", TITLE, PARAGRAPHS)
    site.article("/berita/2", other, ["Gempa M 7,8 mengguncang Kamchatka, Rusia.", "Di Korea Utara warga panik."] * 4)
    site.feed("/rss", [FeedEntry(TITLE, "/berita/1"), FeedEntry(other, "/berita/2")])
    configure(home, site, alerts=", limit: 1/hour")
    monitor.round()
    outs = [explained(monitor, site, path) for path in ("/berita/1", "/berita/2")]
    waits = ["waits, as the channel had as many messages as its limit lets through" in out for out in outs]
    assert sorted(waits) == [False, True]


def test_the_channel_knew_the_story(monitor: Monitor, home: Path, site: Site, other_site: Site) -> None:
    put(site)
    configure(home, site)
    config = (home / "config.yaml").read_text()
    second = f"  - {{url: '{other_site.url_of('/rss')}', name: Warta Timur, allow_private: true, backlog: alert}}\n"
    (home / "config.yaml").write_text(config.replace("topics:\n", f"{second}topics:\n"))
    other_site.feed("/rss", [])
    monitor.round()
    other_site.article("/news/9", TITLE, PARAGRAPHS, outlet="Warta Timur")
    other_site.feed("/rss", [FeedEntry(TITLE, "/news/9")])
    monitor.round(every_feed=True)
    out = explained(monitor, other_site, "/news/9")
    assert f"a copy of “{TITLE}” (" in out
    assert "terminal, telling 2: not told again, as the channel knows the story" in out


@pytest.mark.parametrize(("status", "said"), [(404, "phone: dead: "), (503, "phone: not sent yet, tried 1 time, due ")])
def test_the_message_did_not_arrive(monitor: Monitor, home: Path, site: Site, status: int, said: str) -> None:
    put(site)
    with JsonSink() as phone:
        phone.refuse(status, times=9)
        configure(home, site, channels=f"{{phone: '{phone.channel}'}}", tells="phone")
        monitor.round()
    out = explained(monitor, site)
    assert said in out
    assert str(status) in out


def test_its_channel_is_gone(monitor: Monitor, home: Path, site: Site) -> None:
    put(site)
    night = ", quiet_hours: [{from: '22:00', to: '05:30'}]"
    configure(home, site, alerts=night)
    with time_machine.travel(NIGHT):
        monitor.round()
    configure(home, site, channels="{phone: console}", tells="phone", alerts=night)
    with time_machine.travel(NIGHT + timedelta(hours=8)):
        monitor.round(every_feed=True)
    out = explained(monitor, site)
    assert f"{TOPIC} on terminal: not told, as its topic or its channel left the configuration" in out


def test_it_waits_for_company(monitor: Monitor, home: Path, site: Site) -> None:
    """A round does not wait, as the daemon does: its decision is put in its place."""
    put(site)
    configure(home, site)
    monitor.round()
    with closing(sqlite3.connect(home / "data/monitor.db")) as rows:
        held = "decision = 'hold', reason = 'settling', due_at = '2026-03-11 22:30:00', notification_id = NULL"
        rows.execute(f"UPDATE alert SET {held}")
        rows.commit()
    out = explained(monitor, site)
    assert "terminal: waits a little, so that the first message already names several outlets" in out
    assert "judged again 2026-03-12 05:30" in out


# -- one topic alone -----------------------------------------------------------------------------


def test_one_topic_is_told_from_its_clauses_to_its_alert(monitor: Monitor, home: Path, site: Site) -> None:
    put(site)
    configure(home, site)
    config = (home / "config.yaml").read_text()
    (home / "config.yaml").write_text(config.replace("alerts:", "  - {name: Rudal, all: [Kremlan]}\nalerts:"))
    monitor.round()
    url = site.url_of("/berita/1")
    ended = monitor("explain", "--topic", TOPIC, url)
    assert (ended.status, ended.err) == (0, "")
    assert f"{TOPIC}: matched, score " in ended.out
    assert f"{TOPIC} on terminal: told, as the story was new" in ended.out
    assert "Rudal" not in ended.out
    other = monitor("explain", "--topic", "Rudal", url).out
    assert "Rudal: 'Kremlan' is not in it" in other
    assert TOPIC not in other
    [account] = monitor("explain", "--json", "--topic", "Rudal", url).lines
    assert [each["topic"] for each in account["topics"]["queries"]] == account["topics"]["not_matched"] == ["Rudal"]
    assert (account["topics"]["matched"], account["alerts"]) == ([], [])


def test_the_nearest_words_stand_in_the_json(monitor: Monitor, home: Path, site: Site) -> None:
    put(site)
    configure(home, site, topic=", any: [Wansan]")
    monitor.round()
    [account] = monitor("explain", "--json", site.url_of("/berita/1")).lines
    [query] = account["topics"]["queries"]
    [missing] = [part for part in query["tree"]["parts"] if not part["hit"]]
    assert missing["nearest"] == [{"text": "Wonsan", "how": "spelling", "field": "body", "between": 0}]


@pytest.mark.parametrize("address", ["https://berita.example/1", "0123456789abcdef"])
def test_a_topic_that_there_is_not_is_refused_with_those_that_there_are(
    monitor: Monitor, home: Path, site: Site, address: str
) -> None:
    configure(home, site)
    ended = monitor("explain", "--topic", "Korea", address)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f"monitor: there is no topic named 'Korea'; there is {TOPIC}\n"
