"""An editor that knows config.schema.json says the same of a file as the program, as far as it can know."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from monitor.config import layout, parse
from monitor.config.decode import decode
from monitor.config.nodes import Items, Node, Pairs, Scalar
from monitor.config.schema import printed, schema
from monitor.config.shape import Shape
from monitor.config.tree import compose
from monitor.errors import ConfigError
from monitor.settings import Settings

ROOT = Path(__file__).parent.parent.parent
DATA = ROOT / "tests" / "data" / "config"
REST = """
channels: {terminal: console}
feeds: [https://news.example/rss.xml]
topics: [Gempa]
alerts: {channels: [terminal]}
"""
VALIDATOR = Draft202012Validator(schema())

# Files whose mistake shows in the file alone, without looking at other places, the disk or the environment.
STRUCTURAL = {
    *("a-list-at-the-top", "only-a-word", "list-for-settings", "list-for-text", "text-for-list", "topics-as-mapping"),
    *("unknown-section", "unknown-setting", "misspelt-section", "setting-in-the-wrong-place", "literal-secret"),
    *("literal-secret-misspelt", "no-unit", "bad-durations", "bad-words", "send", "quiet-hours", "headers", "ports"),
    *("listen-without-port", "include-and-more", "everywhere", "feed-addresses", "zone", "windows-line-ends"),
    *("topic-filters", "silences"),
}
NUMBER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?")


def as_the_program(node: Node | None) -> Any:
    """Every value is a text, or nothing."""
    match node:
        case Items(items=items):
            return [as_the_program(item) for item in items]
        case Pairs(pairs=pairs):
            return {key.text: as_the_program(value) for key, value in pairs}
        case Scalar():
            return None if node.is_null else node.text
        case None:
            return None


def as_an_editor(node: Node | None) -> Any:
    """By YAML 1.2, `true` and numbers are no texts."""
    match node:
        case Items(items=items):
            return [as_an_editor(item) for item in items]
        case Pairs(pairs=pairs):
            return {key.text: as_an_editor(value) for key, value in pairs}
        case Scalar(style="", text="true" | "false"):
            return node.text == "true"
        case Scalar(style="") if NUMBER.fullmatch(node.text):
            return json.loads(node.text.lstrip("+").rstrip("."))
        case _:
            return as_the_program(node)


READINGS = pytest.mark.parametrize("reading", [as_the_program, as_an_editor])


def tree(content: bytes) -> Node | None:
    return compose(decode(content)).root


def complaints(content: bytes, reading: Any) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(reading(tree(content)))]


def good() -> list[Path]:
    return [ROOT / "config.yaml", *sorted((DATA / "good").glob("*.yaml"))]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(schema())


def test_the_file_says_what_the_program_knows() -> None:
    assert (ROOT / "config.schema.json").read_text("utf-8") == printed(), "run `make schema`"


def test_the_first_line_of_the_shipped_file_names_the_schema_beside_it() -> None:
    first = (ROOT / "config.yaml").read_text("utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=config.schema.json"


@READINGS
@pytest.mark.parametrize("file", good(), ids=lambda file: file.stem)
def test_an_editor_has_nothing_to_say_of_a_good_file(file: Path, reading: Any) -> None:
    assert complaints(file.read_bytes(), reading) == []


@READINGS
@pytest.mark.parametrize("name", sorted(STRUCTURAL))
def test_an_editor_sees_what_is_wrong_in_itself(name: str, reading: Any) -> None:
    assert complaints((DATA / "bad" / f"{name}.yaml").read_bytes(), reading)


@READINGS
@pytest.mark.parametrize(
    "text",
    [
        "topics: [62, no, true, 1.5, 2026-11-22]",
        "topics: [{name: 62, any: [62, true], examples: {match: [5], no_match: []}}]",
        "topics: [{name: Gempa, query: 5}]",
        "topics: [{name: Gempa, within: 20 words, urgent: true, follow_up: 1 outlet, max_age: off, min_count: 2}]",
        "topics: [{name: Gempa, regex: 'M [6-9]', fields: title, min_score: 40, languages: [id, pt-BR]}]",
        "topics: [{name: Gempa, regex: [5, Mw], none: [a], fields: [url, body], min_count: 3, within: 1 word}]",
        "topics: [{name: Gempa, query: a, regex: b, feeds: [news.example/rss.xml], except_feeds: []}]",
        "protect: [Ukraina, 62x]\nalias_packs: [negara, '${PACK:-indonesia}']",
        "alerts: {channels: [terminal], wait: '${WAIT:-5m}', urgent: '${NO:-true}', limit: off, follow_up: never}",
        "alerts: {channels: [terminal], wait: , limit: ~, quiet_hours: [{from: 22:00, to: 5:30}]}",
        "channels: {terminal: console, 2: {url: json://127.0.0.1, limit: off, send: weekly Monday 07:00}}",
        "feeds: [{url: '${FEED:-https://news.example}', every: 2s, backlog: 5, headers: {A: 5}, allow_private: false}]",
        "feeds: [HTTPS://news.example/rss]",
        "feeds: [{url: https://a.example, user_agent: 5, proxy: 'HTTP://ana:x@proxy.example:80/', tags: a, language: id-ID}]",
        "feeds: [{url: https://a.example, user_agent: a b, proxy: '${P:-https://p.example:1}', tags: [5, a/b, c d]}]",
        "topics: [{name: Gempa, all: [gempa], any: [a], none: [b]}, {name: Banjir, query: banjir}]",
        "storage: {keep: 7d}\nalerts: {channels: [terminal], max_age: 10s, wait: 0s}",
        "web: {listen: '[::1]:8080', password: 5}\nstorage: {url: 'sqlite:////srv/x.db', keep: 30d}",
        "web: {listen: localhost:0, url: https://watch.example}\nengine: ${ENGINE:-local}\ntimezone: ${TZ:-UTC}",
        "silences: [{topic: 62, until: 2026-12-20}, {topic: Gempa, until: 2026-12-20 8:00}]\ntopics: [62, Gempa]",
        "silences: [{story: 42, until: '2026-12-20T08:00:00Z', reason: 5}, {words: 5, until: '${END:-2026-12-20}'}]",
        "language: none\naliases: {Rusia: [Moskow]}\nalias_packs: [indonesia]\ninclude: [topics/*.yaml]\nstorage:\nweb:",
    ],
)
def test_what_the_program_takes_an_editor_takes(text: str, reading: Any) -> None:
    sections = {line.partition(":")[0] for line in text.splitlines()}
    rest = [line for line in REST.splitlines() if line.partition(":")[0] not in sections]
    content = "\n".join([text, *rest]).encode()
    parse(content, path=Path("config.yaml"), environ={})
    assert complaints(content, reading) == []


@READINGS
@pytest.mark.parametrize(
    "text",
    [
        "topics: [{name: Gempa, urgent: soon}]",
        "topics: [{name: Gempa, nam: x}]",
        "topics: [{any: [x]}]",
        "topics: {Gempa: {}}",
        "feeds: [{url: https://news.example, every: 5}]",
        "feeds: [{url: https://news.example, every: 1s}]",
        "feeds: [{url: https://news.example, every: 0m}]",
        "storage: {keep: 0d}",
        "topics: [{name: Gempa, query: gempa, any: [gempa]}]",
        "topics: [{name: Gempa, query: gempa, none: [simulasi]}]",
        "topics: [{name: Gempa, query: }]",
        "topics: [{name: Gempa, any: }]",
        "topics: [{name: Gempa, regex: }]",
        "topics: [{name: Gempa, regex: {a: b}}]",
        "topics: [{name: Gempa, fields: text}]",
        "topics: [{name: Gempa, fields: [title, text]}]",
        "topics: [{name: Gempa, languages: [none]}]",
        "topics: [{name: Gempa, languages: id}]",
        "topics: [{name: Gempa, feeds: Tempo}]",
        "topics: [{name: Gempa, within: 1001 words}]",
        "topics: [{name: Gempa, min_score: high}]",
        "alias_packs: [world]",
        "protect: [Kim Jong Un]",
        "feeds: [example.org/rss]",
        "feeds: [www.example.org]",
        "feeds: [{url: 'news.example:8080/rss?x=1'}]",
        "feeds: [htp://news.example]",
        "feeds: ['https://news.example/a b']",
        "feeds: [{url: https://news.example, full_text: sometimes}]",
        "feeds: [{url: https://news.example, proxy: 'socks5://127.0.0.1:9050'}]",
        "feeds: [{url: https://news.example, proxy: http://proxy.example}]",
        "feeds: [{url: https://news.example, tags: 'a, b'}]",
        "feeds: [{url: https://news.example, tags: [/a]}]",
        "feeds: [{url: https://news.example, language: none}]",
        "feeds: [{url: https://news.example, user_agent: é}]",
        "channels: [console]",
        "channels: {phone: {limit: 5/day}}",
        "alerts: {wait: 5 min}",
        "alerts: {limit: 20}",
        "alerts: {quiet_hours: [{from: 22.00, to: 05:30}]}",
        "alerts: {quiet_hours: {from: 22:00, to: 05:30}}",
        "include: {topics: a.yaml}",
        "silences: [{topic: Gempa}]",
        "silences: [{until: 2026-12-20}]",
        "silences: [{story: none, until: 2026-12-20}]",
        "silences: [{story: 42, until: 7d}]",
        "silences: [{story: 42, words: gempa, until: 2026-12-20}]",
        "silences: [Gempa]",
        "silences: {topic: Gempa, until: 2026-12-20}",
        "engine: cluster",
        "colour: red",
    ],
)
def test_an_editor_refuses_what_the_program_refuses(text: str, reading: Any) -> None:
    with pytest.raises(ConfigError):
        parse(text.encode(), path=Path("config.yaml"), environ={})
    assert complaints(text.encode(), reading)


@READINGS
@pytest.mark.parametrize(
    "folder", ["seeds", "seeds/", "./my.seeds/", "/srv/news.d", "../news", "news 2024", "a.b/c.d/"]
)
def test_a_folder_is_no_address_to_an_editor(folder: str, reading: Any) -> None:
    assert complaints(f"feeds: [{folder}]".encode(), reading) == []


@READINGS
def test_a_topic_that_only_excludes_is_seen_by_an_editor(reading: Any) -> None:
    """The program says it when it reads the query."""
    assert complaints(b"topics: [{name: Gempa, none: [simulasi]}]", reading)


@READINGS
@pytest.mark.parametrize("text", ["topics: [Gempa]", "feeds: [seeds/]", "aliases: {Rusia: [Moskow]}", "channels:"])
def test_an_included_file_need_not_hold_everything(text: str, reading: Any) -> None:
    assert complaints(text.encode(), reading) == []


def settings(below: Any) -> list[dict[str, Any]]:
    """Everything that is described in the schema, with what is allowed for it."""
    match below:
        case dict():
            own = [one for one in below.get("properties", {}).values() if isinstance(one, dict)]
            return own + [each for value in below.values() for each in settings(value)]
        case list():
            return [each for value in below for each in settings(value)]
        case _:
            return []


def test_every_setting_is_described_in_a_short_sentence() -> None:
    found = settings(schema())
    assert len(found) > 60
    for one in found:
        assert re.fullmatch(r"[A-Z][^\n]{8,100}\.", one["description"]), one


def test_every_default_is_allowed_and_is_what_counts_where_it_is_left_out() -> None:
    for one in settings(schema()):
        if "default" in one:
            Draft202012Validator(one).validate(one["default"])
    assert parsed(written(layout.SETTINGS, "") + REST) == parsed(REST)
    assert parsed(f"storage:\n{written(layout.STORAGE, '  ')}web:\n{written(layout.WEB, '  ')}{REST}") == parsed(REST)
    alerts = REST.replace("alerts: {channels: [terminal]}", "alerts:\n  channels: [terminal]\n")
    assert parsed(alerts + written(layout.ALERTS, "  ")) == parsed(REST)
    feeds = REST.replace("feeds: [https://news.example/rss.xml]\n", "feeds:\n  - url: https://news.example/rss.xml\n")
    assert parsed(feeds.replace("topics", written(layout.FEED, "    ") + "topics")) == parsed(REST)


def written(shape: Shape, indent: str) -> str:
    return "".join(f"{indent}{name}: {setting.default}\n" for name, setting in shape.items() if setting.default)


def parsed(text: str) -> Settings:
    return parse(text.encode(), path=Path("config.yaml"), environ={}).settings
