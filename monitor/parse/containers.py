"""A page as the lines that a reader sees, in order, each with the containers it stands in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final

from lxml import etree

_BLOCK_TAGS: Final = (
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2"
    " h3 h4 h5 h6 header hgroup hr html li main nav ol option p pre section summary table tbody td tfoot th thead tr ul"
)
_UNSEEN_TAGS: Final = (
    "script style template noscript iframe object embed svg math head title select textarea button audio video canvas map"
    " datalist dialog"
)
_BLOCKS: Final = frozenset(_BLOCK_TAGS.split())
_UNSEEN: Final = frozenset(_UNSEEN_TAGS.split())
_BOLD: Final = frozenset({"b", "strong"})
_CELLS: Final = frozenset({"td", "th"})
_FRAMES: Final = frozenset(
    {"html", "body", "main", "article"}
)  # their names say what is on the page, not what they are
_COMMENTS: Final = re.compile(
    r"(?:^|\s)(?:disqus\w*|respond|(?:[\w-]+[-_])?comments?(?:[-_]?(?:list|area|section|thread|wrapper|container|block|body"
    r"|content|text|form))?)(?=\s|$)"
)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# What a page calls that which is about its article or beside it.
_OTHER: Final = re.compile(
    r"relat|recommend|read-?more|recirc|trending|popular|most-?read|outbrain|taboola|similar|latest|teaser|promo|newsletter"
    r"|subscri|sign-?up|\bcta\b|advert|\bads?\b|sponsor|donat|paywall|share|sharing|social|follow|comment|author|byline|\bbio\b"
    r"|caption|credit|gallery|menu|breadcrumb|footer|sidebar|widget|pagina|popup|modal|cookie|consent|tags?\b|categor|\bmeta"
    r"|\btoc\b|table-of|copyright|disclaim|factbox|infobox"
)
_NOT_A_LETTER: Final = re.compile(r"[\W_]+")
_LONGEST_NAME: Final = 150  # of what is looked at
_MOST_LINES: Final = 20_000
_MOST_OF_A_BUTTON: Final = 60  # elements
_LONGEST_CELL: Final = 100
_LONGEST_ROW: Final = 400
_ONCE: Final = 40  # letters: what is so long and stands there twice was made for two kinds of screens


@dataclass(frozen=True, slots=True)
class Container:
    """A block of the page."""

    parent: int  # its place in the layout's containers; -1 for the outermost
    path: tuple[str, ...]  # tag and first class: its own, then of those around it
    depth: int
    is_other: bool  # by its name it is about the article or beside it
    is_hidden: bool  # so are all within


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    letters: str  # what it is compared by
    tag: str
    container: int
    linked: int  # characters that are a link's
    bold: int


@dataclass(frozen=True, slots=True)
class Layout:
    lines: tuple[Line, ...]
    containers: tuple[Container, ...]


def letters(text: str) -> str:
    """Nothing but letters and digits, without case: how texts of different extractors are compared."""
    return _NOT_A_LETTER.sub("", text.casefold())


def layout(tree: etree._Element) -> Layout:
    """The page, read once from top to bottom. What repeats a long line, and readers' comments, are left out."""
    reader = _Reader()
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if len(reader.lines) >= _MOST_LINES:
            break
        if event == "start":
            if reader.opens(element):
                walk.skip_subtree()
        else:
            reader.closes(element, event, is_root=element is tree)
    reader.ends_line()
    return Layout(tuple(_once(_rows(reader.lines, reader.containers))), tuple(reader.containers))


class _Reader:
    """The walk through a page: what is open, and the line that is being read."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.containers: list[Container] = []
        self._open: list[int] = []
        self._pieces: list[str] = []
        self._links = self._bolds = 0  # elements around what is read
        self._linked = self._bold = 0  # characters of this line

    def opens(self, element: etree._Element) -> bool:
        """Whether what stands in it is not to be read."""
        tag = element.tag
        if tag in _UNSEEN and not (tag == "button" and _is_left_open(element)):
            return True
        if tag in _BLOCKS:
            self.ends_line()
            name = _name(element)
            self._enters(element, tag, name)
            if tag not in _FRAMES and _is_for_comments(name):
                return True
        elif tag == "br":
            self.ends_line()
        self._links += tag == "a"
        self._bolds += tag in _BOLD
        self._reads(element.text)
        return False

    def closes(self, element: etree._Element, event: str, *, is_root: bool) -> None:
        tag = element.tag
        if event == "end":
            if tag in _BLOCKS:
                self.ends_line()
                self._open.pop()
            self._links -= tag == "a"
            self._bolds -= tag in _BOLD
        if not is_root:
            self._reads(element.tail)

    def ends_line(self) -> None:
        text = " ".join("".join(self._pieces).split())
        if text and (key := letters(text)):
            container = self._open[-1] if self._open else -1
            tag = self.containers[container].path[0].partition(".")[0] if self._open else ""
            line = Line(text, key, tag, container, min(self._linked, len(text)), min(self._bold, len(text)))
            self.lines.append(line)
        self._pieces.clear()
        self._linked = self._bold = 0

    def _enters(self, element: etree._Element, tag: str, name: str) -> None:
        parent = self._open[-1] if self._open else -1
        around = self.containers[parent] if self._open else None
        style = element.get("style")
        hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
        own = f"{tag}.{(element.get('class') or '').lstrip().partition(' ')[0][:30]}"
        self.containers.append(
            Container(
                parent,
                (own, *(around.path[:3] if around else ())),
                around.depth + 1 if around else 1,
                tag not in _FRAMES and _is_of_another(name),
                bool(hidden or (style and _HIDDEN.search(style)) or (around and around.is_hidden)),
            )
        )
        self._open.append(len(self.containers) - 1)

    def _reads(self, text: str | None) -> None:
        if not text:
            return
        self._pieces.append(text)
        if self._links > 0:
            self._linked += len(text.strip())
        if self._bolds > 0:
            self._bold += len(text.strip())


# Memos of pure functions: the blocks of a page, and of a site, share their names.
@lru_cache(maxsize=1 << 12)
def _is_for_comments(name: str) -> bool:
    return _COMMENTS.search(name) is not None


@lru_cache(maxsize=1 << 12)
def _is_of_another(name: str) -> bool:
    return _OTHER.search(name) is not None


def _name(element: etree._Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"[:_LONGEST_NAME].lower()


def _is_left_open(button: etree._Element) -> bool:
    """A button that was never closed holds the rest of the page."""
    return sum(1 for _ in islice(button.iter(), _MOST_OF_A_BUTTON)) == _MOST_OF_A_BUTTON


def _rows(lines: list[Line], containers: list[Container]) -> Iterator[Line]:
    """The short cells of a table's row are one line."""
    row: Line | None = None
    for line in lines:
        if row is not None and _goes_on(row, line, containers):
            text, linked, bold = f"{row.text} {line.text}", row.linked + line.linked, row.bold + line.bold
            row = replace(row, text=text, letters=row.letters + line.letters, linked=linked, bold=bold)
            continue
        if row is not None:
            yield row
        row = line
    if row is not None:
        yield row


def _goes_on(row: Line, line: Line, containers: list[Container]) -> bool:
    return (
        line.tag in _CELLS
        and row.tag in _CELLS
        and line.container != row.container
        and containers[line.container].parent == containers[row.container].parent
        and len(line.text) <= _LONGEST_CELL
        and len(row.text) <= _LONGEST_ROW
    )


def _once(lines: Iterator[Line]) -> Iterator[Line]:
    seen: set[str] = set()
    for line in lines:
        if len(line.letters) >= _ONCE:
            if line.letters in seen:
                continue
            seen.add(line.letters)
        yield line
