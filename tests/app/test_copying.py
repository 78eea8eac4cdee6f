"""What is offered can be copied into the file, and then does what was offered."""

from __future__ import annotations

import pytest
import yaml

from monitor.app.copying import with_offer
from monitor.settings import Settings, Topic
from monitor.topics.offers import Offer
from monitor.topics.tree import Query, parts_of
from monitor.topics.watchlist import Vocabulary, compile_all
from monitor.topics.why import kind_of
from tests.build import a_topic, settings


def offered(topic: Topic, clause: str, word: str, wanted: Settings) -> str:
    watchlist, _ = compile_all([topic], Vocabulary.of(wanted))
    query = watchlist.found(topic.name).question.query
    (of,) = {part.source: part for part in parts(query) if part.source == clause}.values()
    return with_offer(Offer(clause, kind_of(of), word, 5, 6, 0, 9), topic, query, wanted)


def parts(query: Query) -> list[Query]:
    return [query, *(below for part in parts_of(query) for below in parts(part))]


@pytest.mark.parametrize(
    ("query", "clause", "word", "copied"),
    [
        ('"Korea Utara" Rusia', '"Korea Utara"', "Korut", "aliases:\n  Korea Utara: [DPRK, Korut]\n"),
        ("'korea utara' Rusia", "Rusia", "Moskow", "aliases:\n  Rusia: [Moskow]\n"),
        ("gempa ya", "ya", "No", "aliases:\n  ya: ['No']\n"),
        ("gempa (maluku OR ambon)", "maluku OR ambon", "Kota Tual", "- name: 'T'\n  query: 'gempa (maluku OR ambon OR \"Kota Tual\")'\n"),
        ("gempa case:AS", "case:AS", "Amerika", "- name: 'T'\n  query: 'gempa (case:AS OR Amerika)'\n"),
        ("gemp* rusia", "gemp*", "lindu", "- name: 'T'\n  query: '(gemp* OR lindu) rusia'\n"),
    ],
)  # fmt: skip
def test_a_word_is_added_where_it_belongs(query: str, clause: str, word: str, copied: str) -> None:
    wanted = settings(aliases={"Korea Utara": ("DPRK",)})
    assert offered(a_topic("T", query=query), clause, word, wanted) == copied
    assert yaml.safe_load(copied)


def test_a_word_is_added_to_a_list() -> None:
    topic = a_topic("Gempa", any=("gempa", "tsunami"))
    watchlist, _ = compile_all([topic], Vocabulary.of(settings()))
    query = watchlist.found("Gempa").question.query
    copied = with_offer(Offer(query.source, "or", "lindu", 5, 6, 0, 9), topic, query, settings())
    assert yaml.safe_load(copied) == [{"name": "Gempa", "any": ["gempa", "tsunami", "lindu"]}]


def test_what_a_pack_says_of_a_word_is_kept_beside_the_new_name() -> None:
    wanted = settings(alias_packs=("indonesia",))
    copied = offered(a_topic("T", query="rudal gempa"), "rudal", "misil", wanted)
    (names,) = yaml.safe_load(copied)["aliases"].values()
    assert "misil" in names
    assert "Peluru Kendali" in names
