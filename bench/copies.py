"""Copies put into a stream: do they join the story of their original, are they called copies, is nothing else?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Final

from bench.grouping import Grouping, Placed, grouped
from bench.rival_stories import shingles
from bench.syndication import Level, embedded, syndicated
from monitor.model import Article, Joins
from monitor.text import content_hash, one_line

COPIES: Final = 600  # per way of copying
FEWEST_WORDS: Final = 100  # of a text that is copied
FURTHEST: Final = timedelta(hours=6)  # after the original
OTHERS: Final = 50  # articles that lend paragraphs
ALIKE: Final = 0.3  # Jaccard over all shingles
HELD: Final = 0.5  # of the shorter one's shingles in the other
TITLE: Final = 80  # characters

Copying = Callable[[str, Random, Sequence[str]], str]  # (text, rng, others)


def _level(level: Level) -> Copying:
    return lambda text, rng, others: syndicated(text, level, rng, others)


WAYS: Final[Mapping[str, Copying]] = {
    "byline and footer": _level(1),
    "paragraphs dropped, added": _level(2),
    "40 % cut, reworded": _level(3),
    "carried in a longer one": lambda text, rng, others: embedded(text, 0.65, rng, others),  # which is no copy
}


@dataclass(frozen=True, slots=True)
class CopyScores:
    copies: int
    same_story: float  # as the original
    labelled: float  # a copy of the original, or of what that is a copy of
    false: float  # share of all other articles that are called copies of what neither is alike nor holds half of it


def copy_scores(articles: Sequence[Article], copying: Copying, by: Grouping, *, seed: int = 0) -> CopyScores:
    stream, origins = with_copies(articles, copying, Random(seed))
    placed = grouped(stream, by)
    roots = _roots(placed)
    others = [number for number in range(len(stream)) if number not in origins]
    same = sum(placed[copy].story == placed[origin].story for copy, origin in origins.items())
    labelled = sum(roots[copy] == roots[origin] for copy, origin in origins.items())
    false = sum(_is_false(stream, number, placed[number]) for number in others)
    return CopyScores(len(origins), same / len(origins), labelled / len(origins), false / len(others))


def with_copies(articles: Sequence[Article], copying: Copying, rng: Random) -> tuple[list[Article], dict[int, int]]:
    """The stream with copies by other outlets in it, and the place of each one's original by its own."""
    long = [number for number, article in enumerate(articles) if len(article.text.split()) >= FEWEST_WORDS]
    chosen = rng.sample(long, min(COPIES, len(long)))
    lenders = [articles[number].text for number in rng.sample(long, min(OTHERS, len(long)))]
    copied = [(_copy(articles[number], copying, rng, lenders), number) for number in chosen]
    stream = [*((article, None) for article in articles), *copied]
    order = sorted(range(len(stream)), key=lambda at: stream[at][0].first_seen_at)
    place = {at: number for number, at in enumerate(order)}
    origins = {place[at]: place[origin] for at, (_, origin) in enumerate(stream) if origin is not None}
    return [stream[at][0] for at in order], origins


def _copy(article: Article, copying: Copying, rng: Random, others: Sequence[str]) -> Article:
    """Every second one under another title: how its text begins."""
    text = copying(article.text, rng, [other for other in others if other != article.text])
    title = article.title if rng.random() < 0.5 else one_line(article.text)[:TITLE].rpartition(" ")[0]
    at = article.first_seen_at + FURTHEST * rng.uniform(0.01, 1)
    url = f"https://copy-{rng.randint(1, 40)}.example/{rng.getrandbits(64):x}"
    told = replace(article, title=title, text=text, content_hash=content_hash(title, text))
    return replace(told, key=url, url=url, outlet=url.split("/")[2], first_seen_at=at, published_at=at)


def _roots(placed: Sequence[Placed]) -> list[int]:
    """What each is a copy of in the end: itself, if it is none."""
    roots: list[int] = []
    for number, each in enumerate(placed):
        copy_of = _copy_of(each)
        roots.append(number if copy_of is None else roots[copy_of])
    return roots


def _copy_of(placed: Placed) -> int | None:
    return placed.placement.copy_of if isinstance(placed.placement, Joins) else None


def _is_false(stream: Sequence[Article], number: int, placed: Placed) -> bool:
    copy_of = _copy_of(placed)
    if copy_of is None:
        return False
    one, other = (shingles(stream[at]) for at in (number, copy_of))
    shared = len(one & other)
    return shared < ALIKE * len(one | other) and shared < HELD * min(len(one), len(other))


def copies_table(articles: Sequence[Article], by: Grouping) -> str:
    lines = [f"{'':<28}{'copies':>8}{'same story':>12}{'labelled':>10}{'false':>8}"]
    for name, copying in WAYS.items():
        scores = copy_scores(articles, copying, by)
        shown = f"{scores.same_story:>12.1%}{scores.labelled:>10.1%}{scores.false:>8.2%}"
        lines.append(f"{name:<28}{scores.copies:>8}{shown}")
    return "\n".join(lines)
