"""How much of something has room. Pure."""

from __future__ import annotations

from collections.abc import Callable


def most(count: int, fits: Callable[[int], bool]) -> int:
    """The most of 0 to `count` that fits, taking it that less fits where more does; 0 was not asked for."""
    fitting, asked = 0, 1
    while asked <= count and fits(asked):
        fitting, asked = asked, asked * 2
    too_much = min(asked, count + 1)
    while too_much - fitting > 1:
        middle = (fitting + too_much) // 2
        if fits(middle):
            fitting = middle
        else:
            too_much = middle
    return fitting


def cut(text: str, limit: int) -> str:
    """The text, or its beginning with a sign that there was more."""
    return text if len(text) <= limit else text[: max(0, limit - 1)].rstrip() + "…"
