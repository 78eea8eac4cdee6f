r"""What the query language finds, case by case; the cases stand in cases/*.txt, for everybody to read and add to.

    language: id                     holds for all below it, until it is said again; so do aliases, packs and protect
    query: rusia (tentara OR pasukan)
      yes: Pasukan Rusia bergerak    is found; tried as a title and as a body
      no: Rusia ¶¶ Relawan tiba ¶ Pasukan pergi {language: en}
    query: rusia (
      refused at 7: never closed     the column and some of the words; either may be left out
    topic: {any: [gempa, tsunami], none: [simulasi]}

`¶¶` ends a title, `¶` a paragraph; what else is known of an article stands in braces. `[20 kata]` are twenty words,
\u00ad is a character that can't be seen. Around what is marked stands ⟦…⟧, where that matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from monitor.config import Loaded, parse
from monitor.errors import ConfigError, QueryError
from monitor.model import Article, Match
from monitor.settings import AlertPolicy, Topic
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all
from tests.build import an_article

CASES: Final = Path(__file__).with_name("cases")
SETTINGS: Final = {"language": "language", "aliases": "aliases", "packs": "alias_packs", "protect": "protect"}
FEEDS: Final = [
    {"url": "https://feeds.bbci.co.uk/indonesia/rss.xml", "name": "BBC Indonesia"},
    {"url": "https://www.antaranews.com/rss/dunia.xml", "name": "Dunia"},
]
LINE: Final = re.compile(r"(?P<key>[a-z]+)(?: at (?P<column>\d+))?(?::[ ](?P<rest>.*)|:)?", re.DOTALL)


@dataclass(frozen=True)
class Case:
    place: str
    settings: Mapping[str, Any]
    asks: str  # query, topic
    wanted: str
    verdict: str  # yes, no, refused, warned, not warned
    column: int | None
    text: str


def cases() -> Iterator[Case]:
    for path in sorted(CASES.glob("*.txt")):
        yield from cases_of(path)


def cases_of(path: Path) -> Iterator[Case]:
    settings: dict[str, Any] = {"language": "id"}
    asks = wanted = ""
    for number, written in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), written)
        if not line.strip() or line.startswith("#"):
            continue
        place = f"{path.name}:{number}"
        if line == "  not warned":
            yield Case(place, dict(settings), asks, wanted, "not warned", None, "")
            continue
        read = LINE.fullmatch(line.removeprefix("  "))
        assert read, f"{place}: this line is none of a case"
        key, rest = read["key"], read["rest"] or ""
        match key:
            case "query" | "topic":
                asks, wanted = key, rest
            case "yes" | "no" | "refused" | "warned":
                column = int(read["column"]) if read["column"] else None
                yield Case(place, dict(settings), asks, wanted, key, column, rest)
            case _:
                assert key in SETTINGS, f"{place}: there is no {key}:"
                settings[SETTINGS[key]] = yaml.safe_load(rest)


ALL: Final = tuple(cases())


def some(*verdicts: str) -> pytest.MarkDecorator:
    chosen = [case for case in ALL if case.verdict in verdicts]
    return pytest.mark.parametrize("case", chosen, ids=[f"{case.place} {case.verdict}" for case in chosen])


def test_every_file_holds_cases() -> None:
    assert {case.place.partition(":")[0] for case in ALL} == {path.name for path in CASES.iterdir()}


@some("yes", "no")
def test_a_topic_finds_what_it_means(case: Case) -> None:
    watchlist = watchlist_of(case)
    for text in readings(case.text):
        matches = watchlist.match(text.article)
        assert bool(matches) == (case.verdict == "yes"), f"{case.wanted} in {text.article.title} ¶¶ {text.article.text}"
        if text.marked:
            assert marked_in(matches) == text.marked
        if not text.is_special:
            title, body = text.article.title, text.article.text
            assert watchlist.match_text(watchlist_name(case), title, body) == matches


@some("refused")
def test_what_makes_no_sense_is_refused_where_it_stands(case: Case) -> None:
    if case.asks == "topic":
        with pytest.raises((ConfigError, QueryError)) as caught:
            watchlist_of(case)
        assert case.text in str(caught.value)
        return
    _, errors = compile_all([a_topic(case)], vocabulary(case))
    assert len(errors) == 1
    error = errors[0][1]
    assert case.text in error.what
    assert 1 <= error.column <= max(1, len(case.wanted))
    assert case.column in {None, error.column}


@some("warned")
def test_what_is_seldom_meant_is_warned_of(case: Case) -> None:
    assert [odd for odd in loaded(case).warnings if re.search(rf"(?<!\w){re.escape(case.text)}(?!\w)", odd.what)]


@some("not warned")
def test_what_is_meant_is_not_warned_of(case: Case) -> None:
    assert not loaded(case).warnings


# -- a topic -------------------------------------------------------------------------------------


def watchlist_of(case: Case) -> Watchlist:
    if case.asks == "query":
        watchlist, errors = compile_all([a_topic(case)], vocabulary(case))
    else:
        settings = loaded(case).settings
        watchlist, errors = compile_all(settings.topics, Vocabulary.of(settings))
        if errors:
            raise errors[0][1]
    assert not errors, str(errors)
    return watchlist


def watchlist_name(case: Case) -> str:
    return str(configured_topic(case).get("name", "it"))


def a_topic(case: Case) -> Topic:
    return Topic(name="it", query=case.wanted, language=case.settings["language"], channels=(), policy=AlertPolicy())


def vocabulary(case: Case) -> Vocabulary:
    return Vocabulary(
        aliases={key: tuple(options) for key, options in case.settings.get("aliases", {}).items()},
        packs=tuple(case.settings.get("alias_packs", ())),
        protect=tuple(case.settings.get("protect", ())),
        feed_names={feed["url"]: feed["name"] for feed in FEEDS},
    )


def configured_topic(case: Case) -> dict[str, Any]:
    if case.asks == "query":
        return {"name": "it", "query": case.wanted}
    wanted = yaml.load(case.wanted, Loader=yaml.BaseLoader)
    return {"name": "it", **wanted} if isinstance(wanted, dict) else {"name": wanted}


def loaded(case: Case) -> Loaded:
    """A configuration file that holds this topic, read."""
    whole = {
        "channels": {"terminal": "console"},
        "feeds": FEEDS,
        "alerts": {"channels": ["terminal"]},
        "topics": [configured_topic(case)],
        **case.settings,
    }
    return parse(yaml.safe_dump(whole, allow_unicode=True).encode(), path=Path("config.yaml"), environ={})


# -- an article ----------------------------------------------------------------------------------

Marked = frozenset[tuple[str, int, int]]


@dataclass(frozen=True)
class Reading:
    article: Article
    marked: Marked = field(default=frozenset())
    is_special: bool = False  # more than title and body is known of it


def readings(text: str) -> Iterator[Reading]:
    """The articles that a case's line stands for."""
    text, _, known = text.partition(" {")
    more = yaml.safe_load("{" + known) if known else {}
    text = re.sub(r"\[(\d+) kata\]", lambda found: " ".join(["kata"] * int(found[1])), text)
    if "¶" not in text:
        yield reading(text, "", more)
    title, _, body = text.rpartition("¶¶")
    yield reading(title.strip(), re.sub(r"\s*¶\s*", "\n", body.strip()), more)


def reading(title: str, body: str, more: Mapping[str, Any]) -> Reading:
    marked = {("title", *span) for span in spans(title)} | {("body", *span) for span in spans(body)}
    known = {"url": "https://news.example/1", "feed": "https://news.example/rss", **more}
    return Reading(an_article(plain(title), text=plain(body), **known), frozenset(marked), bool(more))


def plain(text: str) -> str:
    return text.replace("⟦", "").replace("⟧", "")


def spans(text: str) -> Iterator[tuple[int, int]]:
    for found in re.finditer("⟦(.*?)⟧", text):
        start = len(plain(text[: found.start()]))
        yield start, start + len(found[1])


def marked_in(matches: tuple[Match, ...]) -> Marked:
    return frozenset((found.field, found.start, found.end) for match in matches for found in match.evidence)
