"""One form for addresses: what differs only in form is one article, what differs in more is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.links import absolute, canonical_url, is_home, is_section_of, outlet_of, same_site, text_id

SAME = [
    ("http://Tempo.co/a/b", "https://www.tempo.co/a/b/"),
    ("https://m.tempo.co:443/a", "http://amp.tempo.co:80/a#komentar"),
    ("https://tempo.co/a?utm_source=rss&utm_medium=x&fbclid=1&id=7", "https://tempo.co/a?id=7"),
    ("https://tempo.co/a?b=1&a=2", "https://tempo.co/a?a=2&b=1"),
    ("https://tempo.co/a?id=7&amp;gclid=9", "https://tempo.co/a?id=7"),
    ("https://tempo.co/a/amp", "https://tempo.co/a"),
    ("https://tempo.co/a/amp/", "https://tempo.co/a"),
    ("https://tempo.co/a.amp.html", "https://tempo.co/a.html"),
    ("https://tempo.co/a?amp", "https://tempo.co/a"),
    ("https://tempo.co/a?outputType=amp", "https://tempo.co/a"),
    ("https://kompas.com/read/1?page=all", "https://kompas.com/read/1"),
    ("https://detik.com/d-1?single=1", "https://detik.com/d-1"),
    ("https://tempo.co/a;jsessionid=0A1B?x=1", "https://tempo.co/a?x=1"),
    ("https://tempo.co/a%7eb%2fc", "https://tempo.co/a~b%2Fc"),
    ("https://tempo.co/a b", "https://tempo.co/a%20b"),
    ("https://tempo.co/x/../a/./b", "https://tempo.co/a/b"),
    ("https://tempo.co./a", "https://tempo.co/a"),
    ("https://user:secret@tempo.co/a", "https://tempo.co/a"),
    ("https://bücher.de/ä", "https://xn--bcher-kva.de/%C3%A4"),
    ("  https://tempo.co/a\n", "https://tempo.co/a"),
    ("https://www.google.com/url?sa=t&url=https%3A%2F%2Ftempo.co%2Fa&usg=x", "https://tempo.co/a"),
    ("https://l.facebook.com/l.php?u=https%3A%2F%2Ftempo.co%2Fa%3Ffbclid%3D1&h=x", "https://tempo.co/a"),
    ("https://cdn.ampproject.org/c/s/tempo.co/a", "https://tempo.co/a"),
    ("https://tempo-co.cdn.ampproject.org/v/s/tempo.co/a/amp?id=2", "https://tempo.co/a?id=2"),
    ("https://www.google.co.id/amp/s/tempo.co/a/amp/", "https://tempo.co/a"),
    ("https://news.google.com/rss/articles/CBMiX?oc=5&hl=id", "https://news.google.com/rss/articles/CBMiX"),
]

DIFFERENT = [
    ("https://tempo.co/a?id=1", "https://tempo.co/a?id=2"),
    ("https://tempo.co/?p=1", "https://tempo.co/?p=2"),
    ("https://tempo.co/a?lang=id", "https://tempo.co/a?lang=en"),
    ("https://tempo.co/A", "https://tempo.co/a"),
    ("https://tempo.co/a%2Fb", "https://tempo.co/a/b"),
    ("https://tempo.co/#!/a", "https://tempo.co/#!/b"),
    ("https://tempo.co/#/a", "https://tempo.co/#/b"),
    ("https://hukum.tempo.co/a", "https://tempo.co/a"),
    ("https://tempo.co:8443/a", "https://tempo.co/a"),
    ("https://tempo.co/amplop", "https://tempo.co/"),
    ("https://tempo.co/a?page=2", "https://tempo.co/a"),
    ("https://tempo.co/amp", "https://tempo.co/"),
    ("https://tempo.co/a?x=1&x=2", "https://tempo.co/a?x=2&x=1"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_differs_only_in_form_is_one_address(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_in_more_stays_apart(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_the_key_is_plain_to_read() -> None:
    assert canonical_url("HTTP://WWW.Tempo.co:80/a/?utm_source=x#y") == "https://tempo.co/a"
    assert canonical_url("https://tempo.co") == "https://tempo.co/"
    assert canonical_url("http://127.0.0.1:8765/a/1.html") == "https://127.0.0.1:8765/a/1.html"
    assert canonical_url("http://[::1]:80/a") == "https://[::1]/a"


@pytest.mark.parametrize("text", ["", "text:af52723efe8b9ce8", "seeds/000_a.txt", "mailto:ana@example.org", "http://"])
def test_what_is_no_address_comes_back_as_it_is(text: str) -> None:
    assert canonical_url(text) == text


def test_no_key_is_too_long_for_an_index() -> None:
    first, second = (canonical_url(f"https://tempo.co/{'a' * 5000}{end}") for end in "xy")
    assert len(first) <= 2000
    assert first != second


@given(st.text() | st.from_regex(r"https?://[a-z0-9.\[\]:@%-]{0,20}(/.*)?", fullmatch=True))
def test_no_text_is_too_odd(text: str) -> None:
    key = canonical_url(text)
    assert canonical_url(key) == key
    assert len(text_id(text)) == 16
    outlet_of(text)
    is_home(text)
    same_site(text, key)
    is_section_of(text, key)
    link = absolute(text, "https://tempo.co/x/")
    assert not link or link.lower().startswith(("http://", "https://"))


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("b", "https://tempo.co/a/b"),
        ("/b?c=1", "https://tempo.co/b?c=1"),
        ("//x.org/b", "https://x.org/b"),
        ("http://x.org/b c", "http://x.org/b%20c"),
        ("javascript:alert(1)", ""),
        ("mailto:ana@example.org", ""),
        ("data:text/html,x", ""),
        ("http://[", ""),
        ("http://x.org:99999/", ""),
    ],
)
def test_a_link_leads_to_an_http_address_or_nowhere(link: str, address: str) -> None:
    assert absolute(link, "https://tempo.co/a/feed.xml") == address


@pytest.mark.parametrize(
    ("url", "outlet"),
    [
        ("https://hukum.tempo.co/a", "tempo.co"),
        ("https://news.detik.com/a", "detik.com"),
        ("https://www.bbc.co.uk/a", "bbc.co.uk"),
        ("https://warta.pemkot.go.id/a", "pemkot.go.id"),
        ("https://ana.blogspot.com/a", "ana.blogspot.com"),
        ("https://berita.bücher.de/a", "bücher.de"),
        ("https://berita.xn--bcher-kva.de/a", "bücher.de"),
        ("http://127.0.0.1:8080/a", None),
        ("http://[::1]/a", None),
        ("http://localhost/a", None),
        ("seeds/000_a.txt", None),
        ("", None),
    ],
)
def test_the_outlet_is_who_publishes(url: str, outlet: str | None) -> None:
    assert outlet_of(url) == outlet


def test_the_name_of_a_file_comes_from_the_key() -> None:
    assert text_id("https://tempo.co/a") == "d961c780ac9cb44b"
    assert text_id("https://tempo.co/a") != text_id("https://tempo.co/b")
