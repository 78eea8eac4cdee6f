"""What the words in config.yaml mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from pathlib import Path
from types import MappingProxyType

import pytest

from monitor import config
from monitor.config import Loaded, parse
from monitor.errors import ConfigError
from monitor.settings import AlertPolicy, Limit, QuietHours, Send, Settings, Topic

NOTHING: Mapping[str, str] = MappingProxyType({})
REST = """
channels: {terminal: console}
feeds: [https://news.example/rss.xml]
topics: [Gempa]
alerts: {channels: [terminal]}
"""


def loaded(text: str, environ: Mapping[str, str] = NOTHING, folder: Path = Path()) -> Loaded:
    """A file of these sections, and of the plainest ones where they are left out."""
    sections = {line.partition(":")[0] for line in text.splitlines() if line[:1].isalpha()}
    rest = [line for line in REST.splitlines() if line and line.partition(":")[0] not in sections]
    return parse("\n".join([text, *rest]).encode(), path=folder / "config.yaml", environ=environ)


def settings(text: str = "", environ: Mapping[str, str] = NOTHING) -> Settings:
    return loaded(text, environ).settings


def topic(text: str) -> Topic:
    return settings(f"topics:\n  - {text}").topics[0]


def policy(text: str) -> AlertPolicy:
    return settings(f"alerts: {{channels: [terminal], {text}}}").topics[0].policy


def test_the_plainest_file_takes_the_defaults() -> None:
    found = settings()
    assert found.topics[0].policy == AlertPolicy()
    assert found.topics[0].channels == ("terminal",)
    assert found.ops == ("terminal",)
    assert found.feeds[0].every == timedelta(minutes=15)
    assert found.feeds[0].backlog == "skip"
    assert found.language == "none"
    assert (found.web.host, found.web.port) == ("127.0.0.1", 8080)


def test_commands_without_a_file_watch_nothing() -> None:
    assert config.defaults() == Settings(channels=(), feeds=(), topics=())


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0s", timedelta(0)),
        ("30s", timedelta(seconds=30)),
        ("5m", timedelta(minutes=5)),
        ("2h", timedelta(hours=2)),
        ("3d", timedelta(days=3)),
    ],
)
def test_a_duration_is_a_number_and_a_unit(written: str, meant: timedelta) -> None:
    assert policy(f"wait: {written}").wait == meant


@pytest.mark.parametrize("written", ["5", "5x", "-5m", "1.5h", "5 m", "٥m", "", "m", "99999999999d", "1e3s"])
def test_nothing_else_is_a_duration(written: str) -> None:
    with pytest.raises(ConfigError):
        policy(f'wait: "{written}"')


def test_off_and_never_are_no_number() -> None:
    assert policy("max_age: off").max_age is None
    assert policy("follow_up: never").follow_up is None
    assert policy("limit: off").limit is None
    assert policy("follow_up: 1 outlet").follow_up == 1
    assert policy("limit: 10/day").limit == Limit(count=10, per=timedelta(days=1))


def test_words_are_those_of_yaml_1_2() -> None:
    found = topic("{name: no, any: [on, yes, 22:00, 1_000, 2024, 1.50, 0x1F, true, null, 2026-11-22, =]}")
    assert found.name == "no"
    assert found.any == ("on", "yes", "22:00", "1_000", "2024", "1.50", "0x1F", "true", "null", "2026-11-22", "=")


def test_quiet_hours_need_no_quotes() -> None:
    assert policy("quiet_hours: [{from: 22:00, to: 5:30}, {from: '12:00', to: '13:00', then: drop}]").quiet_hours == (
        QuietHours(start=time(22), end=time(5, 30)),
        QuietHours(start=time(12), end=time(13), then="drop"),
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("as_it_happens", Send()),
        ("hourly", Send(when="hourly")),
        ("daily 07:00", Send(when="daily", at=time(7))),
        ("weekly Monday 07:00", Send(when="weekly", at=time(7), weekday=0)),
        ("weekly sunday 23:59", Send(when="weekly", at=time(23, 59), weekday=6)),
    ],
)
def test_a_channel_is_told_when_it_says(written: str, meant: Send) -> None:
    assert settings(f"channels: {{terminal: {{url: console, send: {written}}}}}").channels[0].send == meant


def test_a_bare_topic_is_its_name() -> None:
    assert topic("Korea Utara Rusia").name == "Korea Utara Rusia"
    assert topic("62").name == "62"


def test_a_topic_says_of_itself_what_differs() -> None:
    text = """
language: id
channels: {terminal: console, phone: json://phone.example, mail: json://mail.example}
topics:
  - {name: Gempa, wait: 0s, urgent: true, language: en, channels: [phone, mail, phone]}
  - {name: Banjir}
alerts: {channels: [terminal], wait: 5m, max_age: off, ops: [mail]}
"""
    found = settings(text)
    quake, flood = found.topics
    assert quake.policy == AlertPolicy(wait=timedelta(0), max_age=None, urgent=True)
    assert flood.policy == AlertPolicy(wait=timedelta(minutes=5), max_age=None)
    assert (quake.channels, flood.channels) == (("phone", "mail"), ("terminal",))
    assert (quake.language, flood.language) == ("en", "id")
    assert found.ops == ("mail",)


def test_a_topic_that_asks_nothing_beside_its_words_takes_all() -> None:
    found = topic("Gempa")
    assert (found.regex, found.within, found.min_count, found.fields) == ((), "article", 1, ("title", "body"))
    assert (found.languages, found.feeds, found.except_feeds, found.min_score) == ((), (), (), 0)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("article", "article"),
        ("title", "title"),
        ("paragraph", "paragraph"),
        ("sentence", "sentence"),
        ("20 words", "20 words"),
        ("1 word", "1 words"),
        ("007 words", "7 words"),
        ("1000 words", "1000 words"),
    ],
)
def test_a_part_of_an_article_is_a_word_or_so_many_words(written: str, meant: str) -> None:
    assert topic(f"{{name: A, within: {written}}}").within == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("title", ("title",)),
        ("[url]", ("url",)),
        ("[feed, author, title, feed]", ("feed", "author", "title")),
    ],
)
def test_fields_are_one_or_several(written: str, meant: tuple[str, ...]) -> None:
    assert topic(f"{{name: A, fields: {written}}}").fields == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("'M [6-9]'", ("M [6-9]",)),
        ("['M [6-9]', Mw]", ("M [6-9]", "Mw")),
        ("62", ("62",)),
        (r"'\bM 6\b'", (r"\bM 6\b",)),
    ],
)
def test_patterns_are_one_or_several(written: str, meant: tuple[str, ...]) -> None:
    assert topic(f"{{name: A, regex: {written}}}").regex == meant


@pytest.mark.parametrize("beside", ["query: gempa", "any: [gempa]", "all: [gempa]", "none: [simulasi]"])
def test_a_pattern_may_stand_beside_words(beside: str) -> None:
    assert topic(f"{{name: A, {beside}, regex: 'M [6-9]'}}").regex == ("M [6-9]",)


def test_how_often_and_how_well() -> None:
    found = topic("{name: A, min_count: 3, min_score: 100}")
    assert (found.min_count, found.min_score) == (3, 100)


def test_languages_are_told_by_their_first_part_as_it_is_written_today() -> None:
    assert topic("{name: A, languages: [id, in, pt-BR, PT, zh_Hant, iw]}").languages == ("id", "pt", "zh", "he")
    assert topic("{name: A, languages: [ind, nor, nb, jw, cmn, fil, ceb]}").languages == (
        "id",
        "no",
        "jv",
        "zh",
        "tl",
        "ceb",
    )


@pytest.mark.parametrize(
    ("written", "meant"), [("ind", "id"), ("in", "id"), ("NB", "no"), ("deu-AT", "de-at"), ("zh_Hant", "zh-hant")]
)
def test_a_language_has_one_code(written: str, meant: str) -> None:
    assert topic(f"{{name: A, language: {written}}}").language == meant


FEEDS = """
feeds:
  - {url: https://a.example/rss, name: Tempo}
  - {url: https://b.example/rss, name: Tempo}
  - https://ana:geheim@c.example/${TOKEN}/rss
  - news/
"""


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Tempo", ("https://a.example/rss", "https://b.example/rss")),
        ("https://b.example/rss", ("https://b.example/rss",)),
        ("'https://ana:geheim@c.example/${TOKEN}/rss'", ("https://c.example/${TOKEN}/rss",)),
        ("'c.example/$${TOKEN}/rss'", ("https://c.example/${TOKEN}/rss",)),
        ("news", ("news/",)),
        ("./news", ("news/",)),
        ("Tempo, https://a.example/rss", ("https://a.example/rss", "https://b.example/rss")),
    ],
)
def test_a_topic_names_feeds_by_name_or_address(written: str, meant: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    for setting in ("feeds", "except_feeds"):
        text = f"{FEEDS}topics: [{{name: A, {setting}: [{written}]}}]"
        found = loaded(text, {"TOKEN": "hunter2"}, tmp_path).settings
        assert getattr(found.topics[0], setting) == meant
        assert set(meant) <= {feed.url for feed in found.feeds}


def test_a_feed_that_is_written_but_wrong_is_one_mistake() -> None:
    text = "feeds: [https://a.example, {url: 'https://b.example:0/rss', name: Tempo}, htp://c.example]\n"
    with pytest.raises(ConfigError) as error:
        settings(f"{text}topics: [{{name: A, feeds: [Tempo, htp://c.example, 'https://b.example:0/rss']}}]")
    assert [problem.line for problem in error.value.problems] == [1, 1]


def test_no_secret_is_guessed() -> None:
    text = "feeds: [{url: 'https://a.example/${TOKEN}', name: 'x ${TOKEN}'}]\ntopics: [{name: A, feeds: [hunter]}]"
    with pytest.raises(ConfigError) as error:
        settings(text, {"TOKEN": "hunter2"})
    assert "hunter2" not in str(error.value)


def test_packs_and_protected_words_count_once() -> None:
    found = settings("alias_packs: [negara, indonesia, negara]\nprotect: [Ukraina, Jong-un, Ukraina]")
    assert found.alias_packs == ("negara", "indonesia")
    assert found.protect == ("Ukraina", "Jong-un")


def test_alerts_need_no_channels_where_every_topic_has_its_own() -> None:
    found = settings("topics: [{name: Gempa, channels: [terminal]}]\nalerts: {wait: 1m}")
    assert found.topics[0].channels == ("terminal",)
    assert found.ops == ()


def test_a_setting_without_a_value_is_left_out() -> None:
    found = settings("aliases:\n  # Rusia: [Moskow]\nstorage:\nalerts:\n  channels: [terminal]\n  wait:\n  limit: ~")
    assert found.aliases == {}
    assert found.topics[0].policy == AlertPolicy()


def test_a_folder_is_looked_for_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    feed = loaded("feeds: [news/]", folder=tmp_path).settings.feeds[0]
    assert (feed.url, feed.path, feed.name, feed.backlog) == ("news/", str(tmp_path / "news"), "news", "alert")


def test_a_folder_twice_under_two_names_is_one(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    with pytest.raises(ConfigError, match="here twice"):
        loaded("feeds: [news/, ./news]", folder=tmp_path)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.antaranews.com/rss/dunia.xml", "antaranews.com/rss/dunia.xml"),
        ("https://tass.com/", "tass.com"),
        ("http://127.0.0.1:8000/a?b=c", "127.0.0.1:8000/a"),
        ("https://ana:secret@news.example/rss", "news.example/rss"),
        ("https://news.example/${TOKEN}/rss", "news.example/${TOKEN}/rss"),
    ],
)
def test_a_feed_is_called_after_its_address(url: str, name: str) -> None:
    assert settings(f"feeds: ['{url}']", {"TOKEN": "secret"}).feeds[0].name == name


@pytest.mark.parametrize(
    ("written", "meant"), [("skip", "skip"), ("alert", "alert"), ("0", 0), ("25", 25)], ids=["skip", "alert", "0", "25"]
)
def test_backlog_is_a_word_or_a_number(written: str, meant: str | int) -> None:
    assert settings(f"feeds: [{{url: https://a.example, backlog: {written}}}]").feeds[0].backlog == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("127.0.0.1:0", ("127.0.0.1", 0)),
        ("localhost:80", ("localhost", 80)),
        ("'[::1]:8080'", ("::1", 8080)),
        ("0.0.0.0:8080, password: x", ("0.0.0.0", 8080)),
    ],
)
def test_the_page_listens_where_it_is_told(written: str, meant: tuple[str, int]) -> None:
    web = settings(f"web: {{listen: {written}}}").web
    assert (web.host, web.port) == meant


@pytest.mark.parametrize(
    "web",
    [
        "listen: 0.0.0.0:80",
        "listen: '[::]:80'",
        "listen: host.example:80",
        "listen: 0.0.0.0:80, password: ''",
        "listen: 0.0.0.0:80, password: '${NO:-}'",
    ],
)
def test_an_address_that_others_reach_needs_a_password(web: str) -> None:
    with pytest.raises(ConfigError, match="password"):
        settings(f"web: {{{web}}}")


@pytest.mark.parametrize("password", ["''", "'${NO:-}'"])
def test_a_password_that_was_not_filled_in_is_not_taken_for_none(password: str) -> None:
    with pytest.raises(ConfigError, match="empty"):
        settings(f"web: {{listen: 127.0.0.1:80, password: {password}}}")


def test_the_page_can_not_stand_under_a_path() -> None:
    with pytest.raises(ConfigError, match="under a path"):
        settings("web: {url: 'https://example.org/monitor/'}")
    assert settings("web: {url: 'https://watch.example.org/'}").web.url == "https://watch.example.org/"


def test_a_private_address_is_a_warning_for_it_is_judged_when_it_is_fetched() -> None:
    (warning,) = loaded("feeds: [http://127.0.0.1:8000/rss]").warnings
    assert "allow_private" in warning.hint
    assert loaded("feeds: [{url: http://127.0.0.1:8000/rss, allow_private: true}]").warnings == ()


@pytest.mark.parametrize("start", [b"\xef\xbb\xbf", b""])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_byte_order_mark_and_windows_line_ends_are_fine(start: bytes, end: bytes) -> None:
    source = start + REST.strip().encode().replace(b"\n", end)
    assert parse(source, path=Path("config.yaml"), environ={}).settings == settings()


def test_anchors_may_be_used() -> None:
    text = "topics:\n  - {name: A, any: &words [x, y]}\n  - {name: B, any: *words}"
    assert [one.any for one in settings(text).topics] == [("x", "y"), ("x", "y")]


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("sqlite://", "names no file"),
        ("sqlite:///", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("sqlite://data/monitor.db", "names no file"),
        ("sqlite:data/monitor.db", "no storage"),
        ("postgres://db/monitor", "starts with postgresql://"),
        ("postgresql+other://db/monitor", "no storage"),
        ("postgresql://ana:hunter2@db:abc/monitor", "port"),
        ("postgresql://ana:hunter2@db:0/monitor", "port"),
        ("postgresql://ana:hunter2@db:70000/monitor", "port"),
        ("postgresql://db:/monitor", "port"),
        ("postgresql://ana:hun@ter2@db/monitor", "more than one @"),
    ],
)
def test_a_storage_that_can_not_be_is_told_without_what_is_in_it(url: str, what: str) -> None:
    with pytest.raises(ConfigError) as refused:
        settings("storage: {url: '${STORAGE}'}", {"STORAGE": url})
    (problem,) = refused.value.problems
    assert what in problem.what
    assert "hun" not in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///monitor.db",
        "sqlite:////srv/monitor.db",
        "postgresql://db/monitor",
        "postgresql://ana:hun/ter2@db.example:5432/monitor",
        "postgresql://ana:a%40b@[::1]:5432/monitor",
        "postgresql://ana@[::1]/monitor?sslmode=require",
        "postgresql:///monitor?host=/run/postgresql",
    ],
)
def test_a_storage_that_can_be(url: str) -> None:
    assert settings(f"storage: {{url: '{url}'}}").storage.url.get_secret_value() == url


def test_all_stories_are_told_unless_only_the_best_are_wanted() -> None:
    assert policy("wait: 1m").only == "all"
    assert policy("only: best").only == "best"
    assert topic("{name: Gempa, only: best}").policy.only == "best"


def names_hidden(topics: str) -> list[tuple[str, ...]]:
    return [topic.hides for topic in settings(f"topics: [{topics}]").topics]


def test_a_topic_names_what_it_hides_once_each() -> None:
    assert names_hidden("{name: Ambon, hides: [Gempa, Gempa, Banjir]}, Gempa, Banjir") == [("Gempa", "Banjir"), (), ()]


@pytest.mark.parametrize(
    "topics",
    [
        "{name: A, hides: [B, C]}, {name: B, hides: [C]}, C",
        "{name: A, hides: [C]}, {name: B, hides: [C]}, C",
        "C, {name: B, hides: [C]}, {name: A, hides: [B]}",
    ],
)
def test_what_hides_may_be_hidden_as_long_as_no_circle_comes_of_it(topics: str) -> None:
    assert len(names_hidden(topics)) == 3


def test_a_long_row_of_topics_that_hide_each_other_is_no_matter() -> None:
    row = ", ".join(f"{{name: t{number}, hides: [t{number + 1}]}}" for number in range(1500))
    assert names_hidden(f"{row}, t1500")[1499] == ("t1500",)
