"""Pictures as SVG, made here: they need no script, and no style of their own. Pure.

Each has a title for those who do not see it; the page shows the same as a table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from markupsafe import Markup

HEIGHT: Final = 48  # units; a picture is as wide as its page lets it
_SPACE: Final = 2
_POLL: Final = 4


@dataclass(frozen=True, slots=True)
class Bar:
    count: int
    label: str  # said when it is pointed at


def bars(title: str, columns: Sequence[Bar]) -> Markup:
    """Counts side by side, the oldest first."""
    most = max((bar.count for bar in columns), default=0) or 1
    step = 10
    parts = [_bar(index * step, step - _SPACE, bar, most) for index, bar in enumerate(columns)]
    return _svg("bars", title, max(len(columns), 1) * step, HEIGHT, parts)


def _bar(x: int, width: int, bar: Bar, most: int) -> Markup:
    tall = max(round(bar.count / most * (HEIGHT - 2)), 2 if bar.count else 1)
    kind = "some" if bar.count else "none"
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}"><title>{}</title></rect>').format(
        kind, x, HEIGHT - tall, width, tall, bar.label
    )


def spark(title: str, counts: Sequence[int]) -> Markup:
    """Counts side by side in little room: one line, without words for each."""
    most = max(counts, default=0) or 1
    strokes = (
        f"M{index * 4 + 2} 16v-{max(round(count / most * 16), 2)}" for index, count in enumerate(counts) if count
    )
    return _svg("spark", title, max(len(counts), 1) * 4, 16, [Markup('<path d="{}"/>').format("".join(strokes))])


# By mark: its class, and the height of its middle; the style sheet gives it its thickness, and the dashes that part the polls.
_KINDS: Final[Mapping[str, tuple[str, str]]] = {"n": ("new", "10"), "u": ("same", "13.5"), "f": ("bad", "8")}


def polls(title: str, marks: str, *, most: int = 96) -> Markup:
    """What asking a feed gave, the oldest first: a line for each run, as hundreds of small boxes would be a heavy page."""
    shown = marks[-most:]
    lines: dict[str, str] = {}
    x = (most - len(shown)) * _POLL
    for mark, run in groupby(shown):
        wide = sum(1 for _ in run) * _POLL
        kind, y = _KINDS.get(mark, _KINDS["u"])
        lines[kind] = f"{lines.get(kind, '')}M{x} {y}h{wide}"
        x += wide
    paths = [Markup('<path class="{}" d="{}"/>').format(kind, drawn) for kind, drawn in lines.items()]
    return _svg("polls", title, most * _POLL, 16, paths)


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that stands at a point of time."""

    at: datetime
    label: str
    kind: str  # "first", "report", "copy" or "told"


ROW: Final = 14


def timeline(title: str, moments: Sequence[Moment]) -> Markup:
    """Reports of a story over time, each outlet higher than the one before; what was told stands below as a line."""
    if not moments:
        return Markup()
    begin, end = min(each.at for each in moments), max(each.at for each in moments)
    span = (end - begin).total_seconds() or 1.0
    reports = [each for each in moments if each.kind != "told"]
    tall = 24 + min(len(reports), 12) * 4
    parts = list(_dots(reports, begin, span, tall))
    for each in moments:
        if each.kind == "told":
            x = _at(each.at, begin, span)
            parts.append(
                Markup('<path class="told" d="M{} 0v{}"><title>{}</title></path>').format(x, tall - 4, each.label)
            )
    parts.insert(0, Markup('<path class="ground" d="M0 {}h480"/>').format(tall - 4))
    return _svg("timeline", title, 480, tall, parts)


def _dots(reports: Sequence[Moment], begin: datetime, span: float, tall: int) -> Iterator[Markup]:
    for index, each in enumerate(reports):
        y = tall - 12 - min(index, 11) * 4
        dot = Markup('<circle class="{}" cx="{}" cy="{}" r="3"><title>{}</title></circle>')
        yield dot.format(each.kind, _at(each.at, begin, span), y, each.label)


def _at(moment: datetime, begin: datetime, span: float) -> str:
    return f"{6 + (moment - begin).total_seconds() / span * 468:.1f}"


def _svg(name: str, title: str, width: int, height: int, parts: Sequence[Markup]) -> Markup:
    fit = "xMinYMid meet" if name == "timeline" else "none"  # bars may be stretched, dots not
    head = Markup(
        '<svg class="picture {}" role="img" viewBox="0 0 {} {}" preserveAspectRatio="{}"><title>{}</title>'
    ).format(name, width, height, fit, title)
    return head + Markup().join(parts) + Markup("</svg>")
