"""`try --near`: what a topic just missed, which words may be other names, and what in it is of no use."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from monitor.cli.common import clock, say
from monitor.settings import Settings
from monitor.trial import Closely, Offered

SHOWN: Final = 10  # near misses


def show_closely(found: Closely, settings: Settings) -> None:
    if misses := found.nearly.misses:
        say("\nNear misses, the likest to what matches first:")
    for each in misses[:SHOWN]:
        say(f"\n{clock(each.article.first_seen_at, settings.timezone)}  {each.article.title}")
        say(f"  {each.line} · {each.article.outlet} · {each.article.url}")
    _listed("Words that they share:", map(_offered, found.offered))
    _listed("Of no use so far:", (word.line for word in found.worths.words if word.state != "decides"))
    _listed("Nearly the same as another topic:", (overlap.line for overlap in found.overlaps))


def _offered(each: Offered) -> str:
    return each.offer.line + "".join(f"\n      {line}" for line in each.yaml.splitlines())


def _listed(head: str, lines: Iterable[str]) -> None:
    shown = list(lines)
    if shown:
        say(f"\n{head}\n")
    for line in shown:
        say(f"  {line}")


def closely_as_json(found: Closely) -> dict[str, Any]:
    return {
        "near_misses": [
            {
                "title": each.article.title,
                "url": each.article.url,
                "outlet": each.article.outlet,
                "missing": each.missing.source,
                "why": each.line,
                "likeness": round(each.likeness, 3),
            }
            for each in found.nearly.misses
        ],
        "offers": [
            {
                "word": each.offer.word,
                "clause": each.offer.clause,
                "misses": each.offer.misses,
                "of": each.offer.of,
                "others": each.offer.others,
                "of_others": each.offer.of_others,
                "yaml": each.yaml or None,
            }
            for each in found.offered
        ],
        "words": [
            {
                "word": each.word,
                "alias_of": each.alias_of or None,
                "state": each.state,
                "hits": each.hits,
                "decided": each.decided,
                "of": each.of,
            }
            for each in found.worths.words
        ],
        "overlaps": [
            {
                "smaller": each.smaller,
                "larger": each.larger,
                "common": each.common,
                "of_smaller": each.of_smaller,
                "of_larger": each.of_larger,
            }
            for each in found.overlaps
        ],
    }
