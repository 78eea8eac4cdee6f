"""What a feed is asked with, what it is tagged with, and how topics name it by that."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.config import Loaded, parse
from monitor.errors import ConfigError
from monitor.settings import Feed

REST = """
channels: {terminal: console}
alerts: {channels: [terminal]}
"""


def loaded(feeds: str, topic: str = "{name: Gempa}", *, folder: Path | None = None, **environ: str) -> Loaded:
    text = f"{REST}feeds:\n{feeds}\ntopics: [{topic}]\n"
    return parse(text.encode(), path=(folder or Path()) / "config.yaml", environ=environ)


def feed(settings: str, **environ: str) -> Feed:
    return loaded(f"  - {{url: https://a.example/rss, {settings}}}", folder=None, **environ).settings.feeds[0]


def proxy(written: str, **environ: str) -> str:
    found = feed(f"proxy: '{written}'", **environ).proxy
    assert found
    return found.get_secret_value()


def test_a_feed_that_says_nothing_is_asked_as_all_others() -> None:
    found = loaded("  - https://a.example/rss").settings.feeds[0]
    assert (found.user_agent, found.proxy, found.tags, found.language) == (None, None, (), None)


def test_a_feed_is_asked_as_it_says() -> None:
    found = feed("user_agent: Mozilla/5.0 (compatible; redaksi), tags: [b, a, b], language: ind")
    assert found.user_agent == "Mozilla/5.0 (compatible; redaksi)"
    assert (found.tags, found.language) == (("b", "a"), "id")


def test_one_tag_needs_no_list() -> None:
    assert feed("tags: berita  nasional").tags == ("berita nasional",)


@pytest.mark.parametrize(
    ("written", "arrives"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128"),
        ("HTTPS://[2001:db8::1]:3128/", "HTTPS://[2001:db8::1]:3128/"),
        ("http://ana:${WORD}@proxy.example:3128", "http://ana:p%40s%2Fs%3A@proxy.example:3128"),
        ("${WHOLE}", "http://ana:p%40s@proxy.example:80"),
        ("http://${HOST:-127.0.0.1}:8080", "http://127.0.0.1:8080"),
    ],
)
def test_a_proxys_password_arrives_whole(written: str, arrives: str) -> None:
    assert proxy(written, WORD="p@s/s:", WHOLE="http://ana:p%40s@proxy.example:80") == arrives


def test_a_proxy_is_never_shown() -> None:
    found = feed("proxy: 'http://ana:${WORD}@proxy.example:3128'", WORD="hunter2")
    assert "hunter2" not in f"{found} {found!r} {found.model_dump()}"


@pytest.mark.parametrize("name", ["user_agent: a", "proxy: 'http://proxy.example:80'", "headers: {A: b}"])
def test_a_folder_is_not_asked(name: str, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    [warning] = loaded(f"  - {{url: news/, {name}}}", folder=tmp_path).warnings
    assert warning.what == f"'{name.partition(':')[0]}' has no effect: a folder is not asked"


# -- topics that name tags -----------------------------------------------------------------------

FEEDS = """\
  - {url: https://a.example/rss, name: Tempo, tags: [nasional, koran]}
  - {url: https://b.example/rss, name: Antara, tags: nasional}
  - {url: https://c.example/rss, name: Kompas, tags: [koran, 'berita  pagi']}
  - {url: https://d.example/rss, name: BBC}
"""
A, B, C, D = (f"https://{name}.example/rss" for name in "abcd")


def named(topic: str, feeds: str = FEEDS) -> tuple[tuple[str, ...], tuple[str, ...]]:
    [found] = loaded(feeds, f"{{name: Gempa, {topic}}}").settings.topics
    return found.feeds, found.except_feeds


def what_is_wrong(topic: str, feeds: str = FEEDS) -> list[tuple[str, str]]:
    with pytest.raises(ConfigError) as error:
        named(topic, feeds)
    return [(problem.what, problem.hint) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("feeds: [nasional]", ((A, B), ())),
        ("feeds: [koran, BBC, nasional]", ((A, C, D, B), ())),
        ("feeds: [berita pagi]", ((C,), ())),
        ("except_feeds: [koran]", ((), (A, C))),
        ("feeds: [nasional], except_feeds: [Tempo]", ((A, B), (A,))),
        ("feeds: [nasional], except_feeds: [koran]", ((A, B), (A, C))),
    ],
)
def test_a_tag_stands_for_all_feeds_that_have_it(written: str, meant: object) -> None:
    assert named(written) == meant


def test_a_name_that_is_both_is_the_feeds_and_that_is_said() -> None:
    feeds = FEEDS.replace("name: BBC", "name: nasional")
    found = loaded(feeds, "{name: Gempa, feeds: [nasional]}")
    assert found.settings.topics[0].feeds == (D,)
    assert [(one.what, one.hint) for one in found.warnings] == [
        ("'nasional' is a feed's name and a tag: it means the feed here", "give the feed or the tag another name")
    ]


def test_a_folder_of_one_feed_that_is_called_like_it_needs_no_word() -> None:
    found = loaded("  - {url: https://a.example/rss, name: Tempo, tags: Tempo}", "{name: Gempa, feeds: [Tempo]}")
    assert (found.settings.topics[0].feeds, found.warnings) == ((A,), ())


@pytest.mark.parametrize(
    ("written", "what", "hint"),
    [
        ("feeds: [nasionl]", "there is no feed 'nasionl'", "did you mean 'nasional'?"),
        (
            "feeds: [olahraga]",
            "there is no feed 'olahraga'",
            "there are: Tempo, Antara, Kompas, BBC; tags: nasional, koran, berita pagi",
        ),
        ("feeds: [Tempo], except_feeds: [koran]", "'koran' stands under feeds too", "take it away from one of them"),
        (
            "feeds: [nasional], except_feeds: [Antara, koran]",
            "this leaves none of the feeds that the topic names",
            "take one away",
        ),
        (
            "feeds: [koran], except_feeds: [koran]",
            "this leaves none of the feeds that the topic names",
            "take one away",
        ),
    ],
)
def test_what_names_no_feed_is_told_with_what_there_is(written: str, what: str, hint: str) -> None:
    assert what_is_wrong(written) == [(what, hint)]


def test_of_many_feeds_and_tags_some_of_each_are_told() -> None:
    feeds = "\n".join(
        f"  - {{url: https://a{n}.example/, name: Kabar {n}, tags: kelompok {n // 9}}}" for n in range(99)
    )
    [(_, hint)] = what_is_wrong("feeds: [olahraga]", feeds)
    assert hint.startswith("there are: Kabar 0, Kabar 1, ")
    assert "…; tags: kelompok 0, kelompok 1, " in hint
    assert len(hint) <= 88


def test_a_tag_of_a_feed_that_is_wrong_is_known_all_the_same() -> None:
    feeds = f"{FEEDS}  - {{url: htp://e.example, tags: [olahraga]}}\n  - {{url: htp://f.example, tags: dunia}}\n"
    assert len(what_is_wrong("feeds: [olahraga, dunia]", feeds)) == 2


def test_no_secret_is_guessed_from_a_tag() -> None:
    feeds = "  - {url: https://a.example/rss, tags: ['x ${TOKEN}']}"
    with pytest.raises(ConfigError) as error:
        loaded(feeds, "{name: Gempa, feeds: [hunter]}", TOKEN="hunter2")
    assert "hunter2" not in str(error.value)
