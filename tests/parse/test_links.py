"""One form for addresses: what differs only in form is one article, what differs in more is not."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.parse.links import absolute, canonical_url, is_home, is_section_of, outlet_of, same_site, shown, text_id
from tests.parse.addresses import DIFFERENT, SAME


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_differs_only_in_form_is_one_address(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_in_more_stays_apart(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@pytest.mark.parametrize("url", [url for pair in SAME + DIFFERENT for url in pair])
def test_a_key_stays_itself(url: str) -> None:
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_the_address_to_show_is_as_it_was_written() -> None:
    assert shown("http://www.Tempo.co/a/?b=2&utm_source=x&a=1&ref=rss#y") == "http://www.Tempo.co/a/?b=2&a=1"
    assert shown("https://tempo.co/a?page=all") == "https://tempo.co/a?page=all"


@pytest.mark.parametrize(
    ("url", "whether"),
    [
        ("https://tempo.co", True),
        ("https://tempo.co/?utm_source=rss", True),
        ("https://tempo.co/index.html", True),
        ("https://tempo.co/?p=1", False),
        ("https://tempo.co/#/a", False),
        ("https://tempo.co/a", False),
    ],
)
def test_a_front_page_is_no_article(url: str, whether: bool) -> None:
    assert is_home(url) is whether


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


# Parameters that nothing is known of, as far as their names go.
UNKNOWN = st.sampled_from(["id", "p", "v", "lang", "article", "q", "nr", "story", "newsid", "t", "cat", "x-1"])
WORD = st.from_regex(r"[a-z0-9_~][A-C0-9_~-]{0,9}[a-z0-9]", fullmatch=True).filter(lambda word: word.lower() != "amp")
PATH = st.lists(WORD, min_size=1, max_size=4).map(lambda words: "/" + "/".join(words))
HOST = st.sampled_from(["tempo.co", "news.detik.com", "kabar.example.org", "money.kompas.com", "127.0.0.1:8080"])
QUERY = st.lists(st.tuples(UNKNOWN, WORD), max_size=3, unique_by=lambda pair: pair[0]).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
ADDRESS = st.tuples(HOST, PATH, QUERY)
TRACKERS = st.lists(
    st.sampled_from(
        [
            "utm_source=rss",
            "utm_x=1",
            "fbclid=Iw",
            "gclid=1",
            "at_medium=RSS",
            "ocid=wispr",
            "ref=rss",
            "cmpid=soc-tw",
            "amp=1",
        ]
    ),
    max_size=4,
)
# What trips a reader of addresses, in any order.
PIECES = st.lists(
    st.sampled_from(
        [
            "https://", "http://", "www.", "m.", "amp.", "mobile.", "google.com", "cdn.ampproject.org", "bing.com", "detik.com",
            "tempo.co", "kompas.com", "l.facebook.com", ":80", ":443", "/", "//", "/amp", ".amp", "/amp/s/", "/c/s/", "/url",
            "/d-12345", "/a-b-c-d", "/2", "/read", "/2025/06/18/1", "/news", "/nasional", "index.html", ".html", "?", "&", "&amp;",
            "amp;", "=", "url=", "q=", "u=", "page=2", "page=all", "utm_source=x", "?utm_a=1", "%3Futm_a%3D1", ";jsessionid=1", "%",
            "%2", "%25", "%2F", "%41", "%2e", "..", ".", "#", "#!/", "#/", "+", " ", "é", "ß", "@", "[", "]", "\\", "\ud800", "1", "A",
        ]
    ),
    max_size=14,
).map("".join)  # fmt: skip


@given(
    ADDRESS,
    TRACKERS,
    st.sampled_from(["http://", "https://", "HTTP://"]),
    st.booleans(),
    st.sampled_from(["", "#", "#x"]),
)
def test_how_the_reader_came_changes_nothing(
    address: tuple[str, str, str], trackers: list[str], scheme: str, www: bool, fragment: str
) -> None:
    host, path, query = address
    host_now = f"www.{host}" if www and not host[0].isdigit() else host
    asked = "&".join(part for part in (*trackers, query) if part)
    plain = f"https://{host}{path}?{query}"
    assert canonical_url(f"{scheme}{host_now}{path}?{asked}{fragment}") == canonical_url(plain)


@given(ADDRESS, ADDRESS)
def test_another_path_or_another_unknown_parameter_is_another_article(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    first, second = ((host, path, sorted(query.split("&"))) for host, path, query in (one, other))
    keys = {canonical_url(f"https://{host}{path}?{query}") for host, path, query in (one, other)}
    assert len(keys) == (1 if first == second else 2)


@given(ADDRESS, UNKNOWN, WORD, WORD)
def test_an_unknown_parameter_is_never_dropped(address: tuple[str, str, str], name: str, one: str, other: str) -> None:
    host, path, query = address
    bare = f"https://{host}{path}?{query}"
    keys = {canonical_url(bare), canonical_url(f"{bare}&{name}={one}"), canonical_url(f"{bare}&{name}={other}")}
    assert len(keys) == (2 if one == other else 3)


@given(ADDRESS, st.integers(1, 4))
def test_a_wrapped_address_has_the_key_of_the_one_inside(address: tuple[str, str, str], depth: int) -> None:
    host, path, query = address
    plain = wrapped = f"https://{host}{path}?{query}"
    for _ in range(depth):
        wrapped = f"https://www.google.com/url?sa=t&url={quote(wrapped, safe='')}&usg=x"
    assert canonical_url(wrapped) == canonical_url(plain)


@settings(max_examples=400)
@given(PIECES | PIECES.map(lambda pieces: f"https://{pieces}"))
def test_a_key_is_its_own_key(text: str) -> None:
    key = canonical_url(text)
    assert canonical_url(key) == key


def test_wrappers_without_end_are_let_be() -> None:
    for depth in (20, 5_000):
        deep = f"{'https://google.com/url?q=' * depth}https://tempo.co/a"
        assert canonical_url(canonical_url(deep)) == canonical_url(deep)


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
