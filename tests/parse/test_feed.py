"""Feeds as they come: right charsets, keys that hold apart, words for what is no feed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.model import Entry, ParsedFeed
from monitor.parse.feed import parse_feed

URL = "https://feeds.example/feed.xml"
FOLDER = Path(__file__).parent.parent / "data" / "feeds"
SAMPLES = [path.read_bytes() for path in sorted(FOLDER.iterdir()) if not path.name.endswith(".expected.json")]


def rss(items: str, *, head: str = '<?xml version="1.0"?>') -> str:
    return f'{head}<rss version="2.0"><channel><title>T</title><link>https://a.example/</link>{items}</channel></rss>'


def read(document: str | bytes, content_type: str = "") -> ParsedFeed:
    content = document.encode() if isinstance(document, str) else document
    return parse_feed(content, url=URL, content_type=content_type)


def tried(content: bytes, content_type: str = "") -> ParsedFeed | str:
    """The feed, or why there is none."""
    try:
        return read(content, content_type)
    except ParseError as error:
        return str(error)


def entries(items: str) -> tuple[Entry, ...]:
    return read(rss(items)).entries


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not a feed: an empty answer"),
        (b"\xef\xbb\xbf \n", "not a feed: an empty answer"),
        (b"<!DOCTYPE html><html><head><title>Masuk</title></head><body></body></html>", "it is a web page"),
        (b"<?xml version='1.0'?><urlset><url/></urlset>", "a document of another kind \\(<urlset>\\)"),
        (b'{"items": 3}', "JSON of another kind"),
        (b'{"items": [', "its JSON can't be read"),
        (b"[1, 2]", "JSON of another kind"),
        (b"\x1f\x8b\x08\x00rest", "it is compressed"),
        (b"Layanan sedang dalam perbaikan", "not a feed"),
        (b"/etc/hostname", "not a feed"),
        (b"http://127.0.0.1:9/feed.xml", "not a feed"),
    ],
)
def test_what_is_no_feed_is_said_in_words(content: bytes, words: str) -> None:
    with pytest.raises(ParseError, match=words):
        read(content)


TITLE = rss("<item><title>“Café” naïve</title><guid>1</guid></item>", head="{head}")


@pytest.mark.parametrize(
    ("declared", "written", "content_type"),
    [
        ("utf-8", "utf-8", "text/xml"),
        ("utf-8", "utf-8", "text/xml; charset=ISO-8859-1"),
        ("iso-8859-1", "utf-8", "application/rss+xml"),
        ("windows-1252", "windows-1252", "text/xml"),
        ("windows-1252", "windows-1252", "text/xml; charset=utf-8"),
        ("utf-8", "windows-1252", "application/xml"),
        ("utf-16", "utf-16", "application/xml"),
        ("utf-8", "utf-8-sig", ""),
    ],
)
def test_letters_are_right_whatever_is_declared(declared: str, written: str, content_type: str) -> None:
    document = TITLE.replace("{head}", f'<?xml version="1.0" encoding="{declared}"?>')
    assert read(document.encode(written), content_type).entries[0].title == "“Café” naïve"


def test_one_broken_byte_spoils_one_letter() -> None:
    content = rss("<item><title>" + "“Café” " * 20 + "</title></item>").encode().replace(b"Caf\xc3", b"Caf\xff", 1)
    assert "“Café” “Café”" in read(content).entries[0].title


def test_a_guid_that_is_no_address_gives_no_link() -> None:
    (entry,) = entries("<item><title>a</title><guid>1</guid></item>")
    assert (entry.key, entry.url) == ("1", "")


def test_without_a_guid_the_link_is_the_key_and_trackers_do_not_count() -> None:
    (entry,) = entries("<item><title>a</title><link>http://www.x.org/a?utm_source=rss</link></item>")
    assert entry.key == "https://x.org/a"
    assert entry.url == "http://www.x.org/a?utm_source=rss"


def test_without_guid_and_link_what_it_says_is_the_key() -> None:
    first, second = entries("<item><title>a</title></item><item><title>b</title></item>")
    assert first.key != second.key
    assert entries("<item><title>a</title></item>")[0].key == first.key


def test_the_same_item_twice_is_one_entry() -> None:
    item = "<item><title>a</title><link>https://x.org/a</link><guid>g</guid></item>"
    assert len(entries(item * 2)) == 1


def test_one_guid_for_two_things_makes_two_entries() -> None:
    items = "<item><title>{}</title><link>https://x.org/{}</link><guid isPermaLink='false'>g</guid></item>"
    first, second = entries(items.format("a", "a") + items.format("b", "b"))
    assert first.key != second.key
    assert not first.shares_link


def test_items_of_a_live_table_stay_apart() -> None:
    items = "<item><title>{}</title><link>https://x.org/live</link></item>"
    first, second = entries(items.format("a") + items.format("b"))
    assert first.key != second.key
    assert first.url == second.url == "https://x.org/live"
    assert first.shares_link
    assert second.shares_link


def test_a_link_to_the_front_page_names_no_article() -> None:
    (entry,) = entries("<item><title>Gempa</title><link>https://a.example/</link></item>")
    assert entry.shares_link
    assert entry.key != "https://a.example/"


def test_markup_in_a_title_is_taken_off_and_text_like_markup_stays() -> None:
    (entry,) = entries("<item><title>&lt;i&gt;Kim&lt;/i&gt; &amp;amp; 2 &amp;lt; 3</title></item>")
    assert entry.title == "Kim & 2 < 3"


def test_a_title_that_is_missing_is_the_first_words() -> None:
    (entry,) = entries(f"<item><description>{'Kata pertama dan kedua. ' * 9}</description></item>")
    assert entry.title.startswith("Kata pertama dan kedua.")
    assert entry.title.endswith("…")
    assert len(entry.title) <= 80


def test_the_feed_says_how_long_it_holds() -> None:
    assert read(rss("<ttl>15</ttl>")).ttl == timedelta(minutes=15)
    assert read(rss("<ttl>lama</ttl>")).ttl is None


def test_control_characters_do_not_come_in() -> None:
    (entry,) = entries("<item><title>a&#x1b;[31mb&#0;</title><description>c&#x7;d</description></item>")
    assert all(char.isprintable() for char in entry.title + entry.text)


def test_references_to_no_character_do_not_spoil_the_feed() -> None:
    (entry,) = entries("<item><title>a &#xD83D;&#xDE00; &#55357; &#x110000; &#99999999999999; &#60;b</title></item>")
    assert entry.title == "a 😀 <b"


def test_an_entity_names_no_file() -> None:
    head = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    (entry,) = read(rss("<item><title>a&x;b</title><guid>1</guid></item>", head=head)).entries
    assert entry.title.replace("&x;", "") in ("ab", "a b")


cuts = st.tuples(st.integers(0, 4000), st.integers(0, 40), st.binary(max_size=12))


@given(st.sampled_from(SAMPLES), st.lists(cuts, max_size=4))
def test_a_damaged_feed_is_read_or_refused_in_words(content: bytes, damage: list[tuple[int, int, bytes]]) -> None:
    for at, length, new in damage:
        content = content[:at] + new + content[at + length :]
    found = tried(content)
    if isinstance(found, str):
        assert found.startswith("not a feed")
        assert "\n" not in found
    else:
        assert len({entry.key for entry in found.entries}) == len(found.entries)


@given(st.binary(max_size=300), st.text(max_size=30))
def test_any_bytes_are_read_or_refused_in_words(content: bytes, content_type: str) -> None:
    found = tried(content, content_type)
    assert not isinstance(found, str) or found.startswith("not a feed")
