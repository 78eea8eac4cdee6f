"""Lists of feeds, as feed readers write them and as nobody should."""

from __future__ import annotations

import re
from contextlib import suppress
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import ParseError
from monitor.parse import opml
from monitor.parse.opml import Subscription

A, B, C = (f"https://{name}.example/rss" for name in "abc")


def listed(body: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> opml.Subscriptions:
    return opml.read(f'{head}<opml version="2.0"><head><title>x</title></head><body>{body}</body></opml>'.encode())


def feeds(body: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(feed.url, feed.name, feed.tags) for feed in listed(body).feeds]


def unread(body: str) -> list[str]:
    return [each.why for each in listed(body).unread]


# -- as they are written -------------------------------------------------------------------------


def test_folders_become_tags_from_the_outermost_in() -> None:
    body = f"""
      <outline text="Berita"><outline text="Nasional">
        <outline type="rss" text="A" xmlUrl="{A}" htmlUrl="https://a.example"/></outline>
        <outline type="rss" text="B" xmlUrl="{B}"></outline>
      </outline>
      <outline type="rss" text="C" xmlUrl="{C}"/>"""
    assert feeds(body) == [(A, "A", ("Berita", "Nasional")), (B, "B", ("Berita",)), (C, "C", ())]


def test_categories_are_tags_too_each_once() -> None:
    body = f'<outline text="Berita"><outline xmlUrl="{A}" category="pagi, Berita,/koran/Jawa,a/b,"/></outline>'
    assert feeds(body) == [(A, "", ("Berita", "pagi", "koran", "Jawa", "a/b"))]


@pytest.mark.parametrize("name", ["xmlUrl", "xmlurl", "XMLURL", "url", "URL", "xml_url", "feedUrl", "rssUrl"])
def test_an_address_may_stand_under_many_names(name: str) -> None:
    assert feeds(f"<outline text='A' {name} = '{A}'/>") == [(A, "A", ())]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("feed://a.example/rss", "https://a.example/rss"),
        ("feed:http://a.example/rss", "http://a.example/rss"),
        (" https://a.example/rss\n", "https://a.example/rss"),
        ("https://a.example/?a=1&amp;b=2", "https://a.example/?a=1&b=2"),
        ("https://a.example/?a=1&copy=2&b", "https://a.example/?a=1&copy=2&b"),
        ("https://a.example/a b", "https://a.example/a%20b"),
        ("https://a.example/?k=${TELEGRAM_TOKEN}", "https://a.example/?k=$%7BTELEGRAM_TOKEN%7D"),
        ("https://ana:x@a.example/rss", "https://ana:x@a.example/rss"),
    ],
)
def test_an_address_is_read_as_it_is_meant(written: str, meant: str) -> None:
    assert feeds(f'<outline text="A" xmlUrl="{written}"/>') == [(meant, "A", ())]


def test_a_name_may_hold_what_html_calls_by_name() -> None:
    body = f'<outline text="Caf&eacute;&nbsp;&amp; &#x201c;Teh&#8221; &quot;&lt;b&gt;&unknown; &#xD800;" xmlUrl="{A}"/>'
    assert feeds(body)[0][1] == 'Café\xa0& “Teh” "<b>&unknown; \ufffd'


def test_a_title_stands_for_a_missing_text() -> None:
    assert feeds(f'<outline title="A" text="" xmlUrl="{A}"/>')[0][1] == "A"
    assert feeds(f'<outline text="{A}" xmlUrl="{A}"/>')[0][1] == ""


def test_what_no_tag_may_hold_is_taken_out_of_a_folders_name() -> None:
    body = f'<outline text=" /“Politik,  Hukum ”"><outline xmlUrl="{A}"/></outline>'
    assert feeds(body)[0][2] == ("Politik Hukum ”",)


@pytest.mark.parametrize(
    "document",
    [
        f'<opml version="1.0"><body><outline text="A" xmlUrl="{A}"/></body></opml>',
        f'<opml><outline text="A" xmlUrl="{A}"/></opml>',
        f'<outline text="A" xmlUrl="{A}">',
        f"\ufeff<?xml version='1.0' encoding='UTF-16'?><OPML><BODY><OUTLINE TEXT='A' XMLURL='{A}'/>",
        f'<!DOCTYPE opml SYSTEM "x.dtd"><opml><body><outline\ttext="A"\n xmlUrl="{A}"\n/></body></opml>',
        f"<opml><!-- <outline xmlUrl='{B}'/> --><![CDATA[<outline xmlUrl='{C}'/>]]><outline text='A' xmlUrl='{A}'/>",
    ],
)
def test_old_and_careless_lists_are_read(document: str) -> None:
    assert opml.read(document.encode()).feeds == (Subscription(A, "A"),)


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("ISO-8859-1", "utf-8"),
        ("ISO-8859-1", "latin-1"),
        ("windows-1252", "cp1252"),
        ("UTF-8", "latin-1"),
        ("UTF-16", "utf-16"),
        ("UTF-16", "utf-16-le"),
        ("UTF-16", "utf-16-be"),
        ("nonsense", "utf-8"),
    ],
)
def test_a_list_may_be_declared_as_what_it_is_not(declared: str, written: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{declared}"?><opml><body><outline text="Café Más" xmlUrl="{A}"/></body></opml>'
    )
    assert opml.read(text.encode(written)).feeds == (Subscription(A, "Café Más"),)


def test_a_single_broken_byte_changes_no_other_name() -> None:
    text = f'<opml><outline text="Kabar 日本 한국 Москва \ufffd" xmlUrl="{A}"/></opml>'.encode()
    broken = text.replace("\ufffd".encode(), b"\xff")
    assert opml.read(text).feeds[0].name == "Kabar 日本 한국 Москва \ufffd"
    assert opml.read(broken).feeds[0].name == "Kabar 日本 한국 Москва \ufffd"


# -- what can't be read --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outline", "why"),
    [
        ('type="rss" text="A"', "'A' has no address of a feed (xmlUrl)"),
        ('text="A" htmlUrl="https://a.example"', "'A' has no address of a feed (xmlUrl)"),
        ('text="A" xmlUrl="ftp://a.example"', "'A' has no http(s) address"),
        ('text="A" xmlUrl="a.example/rss"', "'A' has no http(s) address"),
        ('xmlUrl="javascript:alert(1)"', "an outline without a name has no http(s) address"),
        ('text="A" xmlUrl="http://a.example:99999999/"', "'A' has no http(s) address"),
        ('text="A" xmlUrl="http://[::1/"', "'A' has no http(s) address"),
        ('text="A" type="link" url="https://a.example"', "'A' is a web page, not a feed"),
        ('text="A" type="include" url="https://a.example/x.opml"', "'A' is another list, not a feed"),
    ],
)
def test_a_line_that_can_not_be_read_is_told_and_breaks_no_other(outline: str, why: str) -> None:
    body = f'\n<outline text="B" xmlUrl="{B}"/>\n<outline {outline}/>\n<outline text="C" xmlUrl="{C}"/>'
    found = listed(body)
    assert [feed.url for feed in found.feeds] == [B, C]
    assert [(each.line, each.why) for each in found.unread] == [(3, why)]


@pytest.mark.parametrize("outline", ['text="A"', "", 'text="A" type="text"'])
def test_an_empty_folder_and_a_note_are_not_worth_a_word(outline: str) -> None:
    assert listed(f"<outline {outline}/>") == opml.Subscriptions(())


@pytest.mark.parametrize(
    "outline",
    [
        f'text="a b xmlUrl="{A}"',
        f"text=A xmlUrl={A} type=rss",
        f'text="He said "hi" there" xmlUrl="{A}"',
        f'text="1 > 0 < 2" xmlUrl="{A}"',
        f"text='it's' xmlUrl='{A}'",
        f'text="A & B" xmlUrl="{A}"',
    ],
)
def test_a_forgotten_quote_loses_no_feed(outline: str) -> None:
    body = f'<outline text="B" xmlUrl="{B}"/>\n<outline {outline}/>\n<outline text="C" xmlUrl="{C}"/>'
    assert [feed.url for feed in listed(body).feeds] == [B, A, C]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "this is no OPML: no <outline> is in it"),
        (b"\0\xff" * 1000, "this is no OPML: no <outline> is in it"),
        (b"<opml version='2.0'><body/></opml>", "no feed is in this list"),
        (b"<!DOCTYPE html><html><body>x", "this is a web page, not OPML"),
        (
            b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>",
            "this is a feed itself, not a list of feeds; write its address under feeds",
        ),
    ],
)
def test_what_is_no_list_is_said_to_be_none(content: bytes, why: str) -> None:
    with pytest.raises(ParseError, match=f"^{re.escape(why)}$"):
        opml.read(content)


# -- hostile -------------------------------------------------------------------------------------

BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def test_nothing_expands_and_nothing_is_looked_up() -> None:
    own = f'<!ENTITY l0 "ha">{BOMB}<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM "http://127.0.0.1:1/">%y;'
    found = listed(f'<outline text="&l9;&x;" xmlUrl="{A}?&x;"/>', f"<!DOCTYPE opml [{own}]>")
    assert found.feeds == (Subscription(f"{A}?&x;", "&l9;&x;"),)


@pytest.mark.parametrize(
    "content",
    [
        b"<outline>" * 100_000,
        b"<outline text='a'>" * 100_000,
        b"</outline>" * 100_000 + b"<outline/>",
        b"<outline " * 200_000,
        b'<outline "' * 200_000,
        b"<outline \"'" * 200_000,
        b"<!--" * 500_000 + b"<outline/>",
        b"<!DOCTYPE a [" * 100_000 + b"<outline/>",
        b"<outline " + b"a='b' " * 100_000 + b"/>",
        b"<outline " + b"a" * 2_000_000 + b"/>",
        b"<outline a" + b" " * 2_000_000 + b"/>",
        b"<outline text='" + b"&" * 2_000_000 + b"'/>",
        b"<" * 2_000_000 + b"outline/>",
    ],
    ids=range(13),
)
def test_a_hostile_list_holds_nobody_up(content: bytes) -> None:
    assert opml.read(content).feeds == ()


def test_a_list_of_a_hundred_thousand_is_read() -> None:
    body = "".join(f'<outline text="{n}" xmlUrl="https://a{n}.example/"/>\n' for n in range(100_000))
    found = listed(body).feeds
    assert len(found) == 100_000
    assert found[-1] == Subscription("https://a99999.example/", "99999")
    assert found[-1].line == 100_000


def test_a_name_may_be_as_long_as_a_line() -> None:
    body = f'<outline text="{"x" * 9_000}"><outline text="{"y" * 9_000}" xmlUrl="{A}"/></outline>'
    [(_, name, [tag])] = feeds(body)
    assert (len(name), len(tag)) == (500, 500)


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_words(content: bytes) -> None:
    for document in (content, b"<outline " + content, b"<outline text='" + content + b"' xmlUrl='http://a.example'/>"):
        with suppress(ParseError):
            assert all(feed.url.startswith("http") for feed in opml.read(document).feeds)


# -- writing -------------------------------------------------------------------------------------

CHARACTERS = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff")
NAMES = st.text(CHARACTERS, max_size=40).map(str.strip)
TAGS = st.text(CHARACTERS, max_size=20).map(opml.tag_of).filter(bool)
URLS = st.builds(
    "{}://{}.example/{}".format,
    st.sampled_from(["http", "https"]),
    st.text("abcdef", min_size=1, max_size=8),
    st.text("abc/?&=;+%.,'()~é日$!*@:#", max_size=20),
)
LISTS = st.lists(
    st.builds(Subscription, URLS, NAMES, st.lists(TAGS, max_size=4, unique=True).map(tuple)),
    max_size=12,
    unique_by=lambda feed: feed.url,
)


def as_set(found: tuple[Subscription, ...]) -> set[Subscription]:
    return {Subscription(feed.url, "" if feed.name == feed.url else feed.name, feed.tags) for feed in found}


@given(LISTS)
def test_what_is_written_is_read_again(wanted: list[Subscription]) -> None:
    document = opml.write(wanted, title="Feeds & <more>")
    ET.fromstring(document.encode())
    if wanted:
        found = opml.read(document.encode())
        assert found.unread == ()
        assert as_set(found.feeds) == as_set(tuple(wanted))
        assert opml.write(found.feeds, title="Feeds & <more>") == document


def test_folders_stand_in_their_order_each_once() -> None:
    document = opml.write(
        [Subscription(A, "A", ("x", "y")), Subscription(B, "B"), Subscription(C, "C", ("x",))], title="Feeds"
    )
    assert [feed.name for feed in opml.read(document.encode()).feeds] == ["A", "C", "B"]
    assert document.count('<outline text="x">') == 1
    assert 'category="x,y"' in document
