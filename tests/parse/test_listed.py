"""Of a feed's document only what is new or changed is read, and it is read as it would be in the whole document."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import KeyedBy, ParsedFeed
from monitor.parse.feed import parse_feed
from monitor.parse.listed import cut, still_listed
from tests.pages import FeedEntry, atom, rss

URL = "https://kabar.example/rss.xml"
FILES = sorted((Path(__file__).parent.parent / "data" / "feeds").glob("*.xml"))


def whole(document: str | bytes, *, url: str = URL) -> ParsedFeed:
    return parse_feed(as_bytes(document), url=url)


def again(before: str | bytes, after: str | bytes, *, url: str = URL, keyed_by: KeyedBy = "guid") -> ParsedFeed:
    """The second document, read by what is remembered of the first."""
    return parse_feed(as_bytes(after), url=url, listed=whole(before).listed, keyed_by=keyed_by)


def as_bytes(document: str | bytes) -> bytes:
    return document.encode() if isinstance(document, str) else document


def check(before: str | bytes, after: str | bytes) -> int:
    """What is read is what the whole document says but for what stood there before; how much was left out."""
    told, all_of_it = again(before, after), whole(after)
    assert (told.title, told.language, told.ttl) == (all_of_it.title, all_of_it.language, all_of_it.ttl)
    assert told.listed == all_of_it.listed
    new = [entry.key for entry in told.entries]
    assert told.entries == tuple(entry for entry in all_of_it.entries if entry.key in new)
    left_out = [entry for entry in all_of_it.entries if entry.key not in new]
    assert len(left_out) == told.unchanged
    assert set(left_out) <= set(whole(before).entries)
    return told.unchanged


def feed(*items: str, head: str = "", tail: str = "", root: str = "", between: str = "\n") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"{root}><channel><title>Kabar</title>'
        f"<link>https://kabar.example/</link>{head}\n{between.join(items)}\n{tail}</channel></rss>\n"
    )


def item(guid: str, more: str = "", *, link: str = "", title: str = "") -> str:
    address = link or f"https://kabar.example/berita/{guid}-gempa-guncang-maluku"
    return f"<item><title>{title or 'Berita ' + guid}</title><link>{address}</link><guid>{guid}</guid>{more}</item>"


A, B, C = (item(guid, f"<description>Isi berita {guid}.</description>") for guid in "abc")


# -- what is left out ------------------------------------------------------------------------------


def test_only_the_new_entry_is_read() -> None:
    told = again(feed(B, C), feed(A, B, C))
    assert [entry.key for entry in told.entries] == ["a"]
    assert told.unchanged == 2


def test_a_document_with_nothing_new_has_no_entries_and_is_remembered_as_before() -> None:
    told = again(feed(A, B), feed(A, B, head="<lastBuildDate>Sat, 12 Jul 2025 10:00:00 +0700</lastBuildDate>"))
    assert told.entries == ()
    assert told.unchanged == 2
    assert told.listed == whole(feed(A, B)).listed


def test_an_edited_entry_is_read_again() -> None:
    told = again(feed(A, B), feed(A.replace("Isi", "Ralat: isi"), B))
    assert [entry.text for entry in told.entries] == ["Ralat: isi berita a."]


def test_nothing_remembered_means_that_all_is_read() -> None:
    assert [entry.key for entry in whole(feed(A, B)).entries] == ["a", "b"]
    assert whole(feed(A, B)).unchanged == 0


@pytest.mark.parametrize(
    ("before", "after", "unchanged"),
    [
        (feed(A, B, C), feed(C, A, B), 3),
        (feed(A, B, C), feed(A, C), 2),
        (feed(A, B), feed(A, A, B), 2),
        (feed(A, B), feed(A, B, between="\n\n  "), 2),
        (feed(A, B), feed(A, B, head="<description>Lain</description><ttl>60</ttl><!-- 17 ms -->"), 2),
        (feed(A, B), feed(A, B, tail="<!-- <item> cache --> "), 2),
        (feed(A, B), "\n" + feed(A, B), 2),
        (feed(A, B), "\ufeff" + feed(A, B), 2),
    ],
    ids=["reordered", "one gone", "repeated", "spaced out", "another description", "a comment", "empty line", "a mark"],
)
def test_what_changes_around_entries_does_not_matter(before: str, after: str, unchanged: int) -> None:
    assert check(before, after) == unchanged


@pytest.mark.parametrize(
    "more",
    [
        "<description><![CDATA[<p>Tanda <item> dan <b>tebal</b></p>]]></description>",
        "<!-- <item> -->",
        "<?catatan <item> ?>",
        '<media:content url="a>b" xmlns:media="http://search.yahoo.com/mrss/"><media:title>Foto</media:title></media:content>',
        '<description xml:lang="fr" xml:base="https://lain.example/">Isi</description>',
        "<items><li>satu</li></items>",
        "<title>Judul <title>di dalam</title></title>",
        "<image><url>https://kabar.example/a.png</url><title>Foto</title></image>",
        '<source url="https://lain.example/rss"><title>Lain</title></source>',
        "<description>Satu <svg><title>gambar</title></svg> dua</description>",
        "<rss xml:lang='fr'/><language>fr</language>",
    ],
)
def test_what_an_entry_holds_does_not_matter(more: str) -> None:
    odd = item("odd", more)
    assert check(feed(odd, A, B), feed(odd, A, B)) == 3
    assert check(feed(A, B), feed(odd, A, B)) == 2
    assert check(feed(A, odd, B), feed(C, A, odd, B)) == 3


@pytest.mark.parametrize("build", [rss, atom])
def test_rss_and_atom(build: object) -> None:
    assert callable(build)
    entries = [FeedEntry(f"Berita {n}", f"/berita/{n}", description=f"<p>Isi {n}</p>") for n in range(12)]
    base = "https://kabar.example"
    assert check(build("Kabar", base, entries[1:]), build("Kabar", base, entries)) == 11


def test_rdf_names_its_entries_in_its_head_as_well() -> None:
    def rdf(*names: str) -> str:
        listing = "".join(f'<rdf:li rdf:resource="https://kabar.example/{name}"/>' for name in names)
        items = "".join(
            f'<item rdf:about="https://kabar.example/{name}"><title>{name}</title>'
            f"<link>https://kabar.example/{name}</link></item>"
            for name in names
        )
        return (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel>'
            f"<title>Kabar</title><items><rdf:Seq>{listing}</rdf:Seq></items></channel>{items}</rdf:RDF>"
        )

    assert check(rdf("b", "c"), rdf("a", "b", "c")) == 2


def test_other_charsets_and_prefixes() -> None:
    latin = feed(item("é", title="Café"), B).replace("UTF-8", "ISO-8859-1").encode("latin-1")
    assert check(latin, latin.replace(b"</channel>", item("x").encode() + b"</channel>")) == 2
    prefixed = atom("Kabar", "https://kabar.example", [FeedEntry("Satu", "/1"), FeedEntry("Dua", "/2")])
    for name in ("feed", "title", "link", "id", "entry", "summary", "updated"):
        prefixed = prefixed.replace(f"<{name}", f"<a:{name}").replace(f"</{name}", f"</a:{name}")
    assert check(prefixed.replace("xmlns=", "xmlns:a="), prefixed.replace("xmlns=", "xmlns:a=")) == 2


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_of_a_kept_feed_nothing_is_read_twice(path: Path) -> None:
    content = path.read_bytes()
    cuts = cut(content)
    check(content, content)
    if cuts is None:
        assert whole(content).listed == b""
        return
    for left in range(len(cuts.items)):
        some = b"\n".join(cuts.items[:left] + cuts.items[left + 1 :])
        check(cuts.head + some + cuts.tail, content)


# -- where all of it is read -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "after",
    [
        feed(A, B, head="<language>fr</language>"),
        feed(A, B, root=' xml:lang="fr"'),
        feed(A, B, root=' xml:base="https://lain.example/"'),
        feed(A, B, root=' xmlns:a="urn:a"'),
        feed(A, B, head="<image><url>https://kabar.example/a.png</url></image>"),
        feed(A, B).replace("https://kabar.example/<", "https://kabar.example/berita/a-gempa-guncang-maluku<"),
        feed(A.replace("</guid>", "</guid><description>x</description>").replace(">a<", ">b<"), B),
        feed(item("z", link="https://kabar.example/berita/b-gempa-guncang-maluku"), A, B),
    ],
    ids=["language", "its words'", "its addresses'", "names", "a picture", "home", "the same guid", "the same link"],
)
def test_what_bears_on_entries_makes_all_be_read(after: str) -> None:
    assert check(feed(A, B), after) == 0


def test_a_name_that_means_something_else_makes_all_be_read() -> None:
    written = item("n", "<p:creator>Rina</p:creator>")
    dublin = 'xmlns:p="http://purl.org/dc/elements/1.1/"'
    before = feed(written, A, root=' xmlns:p="urn:one"', head=f"<x {dublin}/>")
    after = feed(written, A, root=' xmlns:p="urn:one"').replace("<channel>", f"<channel {dublin}>")
    assert check(before, after) == 0


def test_what_is_a_feed_only_by_its_entries_stays_one() -> None:
    unnamed = f"<kabar>{A}{B}</kabar>"
    assert check(unnamed, unnamed) == 0
    assert check(unnamed, f"<kabar>{C}{A}{B}</kabar>") == 2


def test_entries_that_share_a_link_are_read_each_time() -> None:
    one, other = (item(guid, link="https://kabar.example/langsung/gempa-maluku-hari-ini") for guid in "xy")
    assert check(feed(one, other, A), feed(one, other, A)) == 1
    assert check(feed(one, other, A), feed(one, A)) == 1


@pytest.mark.parametrize(
    "after",
    [
        feed(A, B, tail="<!-- <item> --><x/>"),
        feed(A, "<!-- kemarin -->", B),
        feed(A, "<item/>", B),
        feed(f"<x>{A}</x>", B),
        feed(item("n", "<item><title>di dalam</title></item>"), A, B),
        feed(item("n", "<ITEM><title>di dalam</title></ITEM>"), A, B),
        feed(item("n", "<description><![CDATA[ </item> <item> ]]></description>"), A, B),
        feed(item("n", '<description a="]]>"><![CDATA[ </item><item <![CDATA[ ]]></description>'), A, B),
        feed(item("n", "<x><![CDATA[ </item><item> ]]></x><entry><title>di dalam</title></entry>"), A, B),
        feed('<item xmlns="http://purl.org/dc/elements/1.1/"><title>x</title></item>', item("n", "<ITEM/>"), A, B),
        feed(A, B).replace("<rss", "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss"),
        feed(A, B.replace("</guid>", "</guid")),
        feed(A, B, tail="&nbsp;"),
        feed(A, B.replace("<item>", "<x:item>")),
        feed(*(item(str(n)) for n in range(1_001))),
    ],
)
def test_what_is_no_plain_row_of_entries_is_read_as_a_whole(after: str) -> None:
    assert check(after, after) == 0
    assert check(feed(A, B), after) == 0
    assert check(after, feed(A, B)) == 0


def test_ascii_in_a_charset_that_is_not_is_read_as_a_whole() -> None:
    assert check(feed(A, B), feed(A, B).replace("UTF-8", "utf-7")) in {0, 2}
    told = parse_feed(feed(A).encode(), url=URL, content_type="text/xml; charset=hz", listed=whole(feed(A, B)).listed)
    assert told.unchanged + len(told.entries) == 1


def test_at_another_address_or_by_other_keys_all_is_read() -> None:
    assert again(feed(A, B), feed(A, B), url="https://baru.example/rss.xml").unchanged == 0
    by_link = again(feed(A, B), feed(A, B), keyed_by="link")
    assert by_link.unchanged == 0
    assert [entry.key for entry in by_link.entries] == [entry.url for entry in by_link.entries]
    assert all(len(entry.key) == 16 for entry in again(feed(A), feed(A), keyed_by="content").entries)


def test_a_feed_of_another_kind_leaves_nothing_out() -> None:
    assert (
        whole('{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": "Satu"}]}').listed == b""
    )


@given(st.binary(max_size=200) | st.binary(max_size=120).map(lambda more: b"\x01" + more))
def test_what_is_remembered_wrongly_does_no_harm(listed: bytes) -> None:
    told = parse_feed(feed(A, B).encode(), url=URL, listed=listed)
    assert [entry.key for entry in told.entries] == ["a", "b"]


def test_it_can_be_told_which_keys_a_document_still_lists() -> None:
    listed = again(feed(B, C), feed(A, B, C)).listed
    assert still_listed(listed, ["a", "b", "z"]) == {"a", "b"}
    assert still_listed(b"", ["a"]) == frozenset()


# -- whatever stands in a document -----------------------------------------------------------------

ODD = (
    "<description>Isi <b>tebal</b></description>",
    "<description><![CDATA[ <item> ]]></description>",
    "<description><![CDATA[ <![CDATA[ ]]></description>",
    "<!-- <item> <entry> -->",
    "<?pi <item>?>",
    '<enclosure url="a>b]]>"/>',
    '<title xmlns="http://www.w3.org/1999/xhtml">Judul</title>',
    '<dc:title xmlns:dc="http://www.w3.org/2005/Atom">Lain</dc:title>',
    '<m:creator xmlns:m="http://purl.org/dc/elements/1.1/">Rina</m:creator>',
    '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><title>t</title><summary>s</summary></div></content>',
    '<summary>satu<div lang="fr">dua</div></summary>',
    '<link xml:base="https://lain.example/x/" href="y"/>',
    "<link>../relatif</link>",
    "<svg><title>t</title></svg>",
    "<title>a<title>b</title>c</title>",
    "<image><title>g</title><link>https://kabar.example/g</link></image>",
    "<source><title>s</title></source>",
    '<source url="https://s.example/"/>',
    "<channel/>",
    "<feed xml:lang='fr'/>",
    "<language>fr</language>",
    "<author><name>tak</name><content>selesai</content></author>",
    "&amp;&#169;\N{LATIN SMALL LETTER E WITH ACUTE}",
)
SPOILING = (
    "<description><![CDATA[ </item> ]]></description>",
    "<description><![CDATA[ </item> <item> ]]></description>",
    "<!-- </item> <item> -->",
    "<item/>",
    "<entry><title>n</title></entry>",
    "<ENTRY/>",
    '<x:item xmlns:x="urn:x"/>',
    '<item xmlns="urn:other"/>',
    "<textinput><title>cari</title></textinput>",
    "&nbsp;",
    "</x>",
    "]]>",
)
HEADS = ("", "<language>id</language>", "<image><url>u</url></image>", "<pubDate>x</pubDate>", "<!-- <x> -->", "<x:y/>")
ROOTS = ("", ' xml:lang="en"', ' xml:base="https://b.example/"', ' xmlns:dc="http://purl.org/dc/elements/1.1/"')
TAILS = ("<!-- selesai -->", "<language>de</language>", "<![CDATA[ </item> <!-- ]]> -->", "</channel><channel>")
GAPS = ("", "\n\t ", "<!-- x -->", "<language>it</language>", "teks")


def seldom(usual: str, others: Sequence[str], *, one_in: int = 8) -> st.SearchStrategy[str]:
    return st.sampled_from([usual] * (one_in - 1) * len(others) + list(others))


items = st.builds(
    lambda guid, link, title, odd, spoiling, start: (
        f"<item{start}>{guid}<link>https://kabar.example/{link}</link><title>{title}</title>{odd}{spoiling}</item>"
    ),
    st.sampled_from(["", *(f"<guid isPermaLink='false'>{n}</guid>" for n in range(12))]),
    st.sampled_from(["", "?", *(f"berita-{n}" for n in range(12))]),
    st.sampled_from(("Satu", "Dua")),
    st.sampled_from(("", *ODD)),
    seldom("", SPOILING, one_in=40),
    seldom("", (' xml:lang="fr"', " xmlns:dc='urn:dc'", ' a="&gt;>"', "\n")),
)


@st.composite
def two_documents(draw: st.DrawFn) -> tuple[str, str]:
    """Two states of a feed, of the same few items."""
    pool = draw(st.lists(items, min_size=2, max_size=6))
    kind, head, root = (
        draw(st.sampled_from(("item", "entry"))),
        draw(st.sampled_from(HEADS)),
        draw(st.sampled_from(ROOTS)),
    )

    def document() -> str:
        text = feed(
            *draw(st.lists(st.sampled_from(pool), min_size=1, max_size=6)),
            head=draw(seldom(head, HEADS)),
            root=draw(seldom(root, ROOTS)),
            tail=draw(seldom("", TAILS)),
            between=draw(seldom("\n", GAPS)),
        )
        return text.replace("<item", f"<{kind}").replace("</item", f"</{kind}")

    return document(), document()


@given(two_documents())
@settings(max_examples=400, deadline=None)
def test_what_is_read_is_what_the_whole_document_says(documents: tuple[str, str]) -> None:
    check(*documents)


@given(st.lists(items, min_size=1, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_through_a_feeds_life_nothing_is_passed_over(pool: list[str], random: Random) -> None:
    """Each document is read by what the one before left, however that one was read."""
    states = [feed(*random.sample(pool, random.randint(0, len(pool)))) for _ in range(6)]
    listed = b""
    seen: set[object] = set()
    for before, after in pairwise(["", *states]):
        told = parse_feed(after.encode(), url=URL, listed=listed)
        full = whole(after)
        seen |= set(told.entries)
        assert set(full.entries) <= seen
        assert told.listed == full.listed
        assert told.unchanged + len(told.entries) == len(full.entries), before
        listed = told.listed
