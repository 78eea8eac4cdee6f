"""The plain ways to group a stream, for the table: each article alone, equal titles, equal wording (MinHash)."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import shake_128
from typing import Final

from monitor.model import Article
from monitor.text import tokens

HASHES: Final = 128
ROWS: Final = 4  # in a band: 32 bands
ALIKE: Final = 0.5  # the estimated Jaccard likeness that joins
SHINGLE: Final = 4  # words

_NUMBERS: Final = struct.Struct(f"{HASHES}I")


def alone(articles: Sequence[Article], window: timedelta) -> list[int]:  # noqa: ARG001 - all rivals are called alike
    return list(range(len(articles)))


def same_title(articles: Sequence[Article], window: timedelta) -> list[int]:
    """The story of the last one with the same folded words in its title."""
    last: dict[tuple[str, ...], tuple[int, datetime]] = {}
    stories = []
    for number, article in enumerate(articles):
        title = tuple(token.term for token in tokens(article.title))
        story, at = last.get(title, (number, article.first_seen_at))
        story = story if article.first_seen_at - at <= window else number
        last[title] = story, article.first_seen_at
        stories.append(story)
    return stories


def same_wording(articles: Sequence[Article], window: timedelta) -> list[int]:
    """The story of the one that is most alike, by MinHash over shingles of words, found by bands."""
    signatures: list[tuple[int, ...]] = []
    stories: list[int] = []
    bands: dict[tuple[int, ...], list[int]] = {}
    for number, article in enumerate(articles):
        signature = minhash(article)
        keys = [(band, *signature[band : band + ROWS]) for band in range(0, HASHES, ROWS)]
        near = {other for key in keys for other in bands.get(key, ())}
        alike = [
            (_likeness(signature, signatures[other]), other)
            for other in near
            if article.first_seen_at - articles[other].first_seen_at <= window
        ]
        best, other = max(alike, default=(0.0, number))
        stories.append(stories[other] if best >= ALIKE else number)
        signatures.append(signature)
        for key in keys:
            bands.setdefault(key, []).append(number)
    return stories


def minhash(article: Article) -> tuple[int, ...]:
    hashes = (_NUMBERS.unpack(shake_128(each.encode()).digest(_NUMBERS.size)) for each in shingles(article))
    return tuple(map(min, zip(*hashes, strict=True)))


def shingles(article: Article) -> set[str]:
    """Never none."""
    terms = [token.term for token in tokens(f"{article.title}\n{article.text}")]
    places = range(max(1, len(terms) - SHINGLE + 1))
    return {" ".join(terms[place : place + SHINGLE]) for place in places}


def _likeness(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    return sum(mine == theirs for mine, theirs in zip(one, other, strict=True)) / HASHES
