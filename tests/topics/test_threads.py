"""Articles are read in several threads at once, over one watchlist."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Final

import pytest

from monitor.model import Match
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all
from tests.topics.test_watchlist import a_topic, an_article

THREADS: Final = 4
BEGINNINGS: Final = ("ma", "ki", "lo", "ner", "tas", "bru")
MIDDLES: Final = ("rek", "lib", "tan", "sor", "gel", "und")
ENDINGS: Final = {
    "id": ("", "nya", "kan", "an", "i"),
    "de": ("", "en", "er", "ung", "ungen", "lich", "heit"),
    "es": ("", "os", "ando", "ciones", "mente"),
    "ru": ("", "ами", "ого", "ешь"),
}


@pytest.fixture(autouse=True)
def _change_often() -> Iterator[None]:
    """Threads take turns after every few steps."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def stems() -> Iterator[str]:
    return (one + two + three for one in BEGINNINGS for two in MIDDLES for three in BEGINNINGS)


def bodies(language: str) -> list[str]:
    """Words of the language in all their forms, some of them in each text."""
    forms = [stem + ending for stem in stems() for ending in ENDINGS[language]]
    return [" ".join(forms[start::24]) + ".\n" + " ".join(forms[start::31]) for start in range(24)]


def a_watchlist(language: str) -> Watchlist:
    words = list(stems())
    queries = [
        *words[::3],
        *(f"{one} NEAR/9 {other}" for one, other in zip(words[::5], words[1::5], strict=False)),
        "lo*",
    ]
    topics = [a_topic(str(place), query=query, language=language) for place, query in enumerate(queries)]
    watchlist, errors = compile_all(topics, Vocabulary())
    assert not errors
    return watchlist


def matches(watchlist: Watchlist, texts: Sequence[str]) -> list[tuple[Match, ...]]:
    return [watchlist.match(an_article(text)) for text in texts]


@pytest.mark.parametrize("language", ENDINGS)
def test_many_threads_find_what_one_finds(language: str) -> None:
    texts = bodies(language)
    expected = matches(a_watchlist(language), texts)
    watchlist, start = a_watchlist(language), Barrier(THREADS)

    def in_a_thread(number: int) -> list[tuple[Match, ...]]:
        """Each begins elsewhere, so that they read other words at the same time."""
        start.wait()
        turned = matches(watchlist, texts[number * 6 :] + texts[: number * 6])
        return turned[len(texts) - number * 6 :] + turned[: len(texts) - number * 6]

    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(in_a_thread, range(THREADS)))

    assert any(expected)
    assert found == [expected] * THREADS
