"""The article's paragraphs out of a page's tree: its lines weighed, with what other extractors and the page itself say. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Final

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from monitor.parse.containers import Layout, Line, layout, letters
from monitor.parse.meta import About
from monitor.parse.plain import paragraphs
from monitor.parse.weighing import Witnesses, stands_in, weighed

_ITEMS: Final = frozenset({"li", "td", "th", "dd", "dt"})
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LITTLE: Final = 200  # characters: less is no article's text
_SENTENCE: Final = 40  # characters
_ENDS: Final = '.!?…"”’)'
_WIDEST_GAP: Final = 3  # lines
_WHOLLY: Final = 0.9  # of a link's characters
_PROSE: Final = 80  # characters of a line that is more than a label
_DESCRIPTIONS: Final = ("og:description", "description", "twitter:description")
# Other extractors copy the page many times, and some go down into it by calling themselves: of a monster they are not asked.
_MOST_ELEMENTS: Final = 40_000
_DEEPEST: Final = 400
_MOST_TEXT: Final = 3_000_000  # characters


@dataclass(frozen=True, slots=True)
class SiteRule:
    """Where the articles of a site stand, as CSS selectors."""

    content: str = ""  # the article's containers; empty: found as everywhere
    remove: tuple[str, ...] = ()  # what is not the article's


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs in the page's order, not yet cleaned, and who had them."""

    lines: tuple[str, ...]
    source: str  # "page" | "trafilatura" | "readability" | "json-ld" | "site rule"
    links: frozenset[str] = frozenset()  # lines of the page that are nothing but a link


def body(tree: HtmlElement, *, url: str, said: About, rule: SiteRule | None = None) -> Body:
    """What of the page is the article. The tree stays as it is; an odd one gives less, never an error.

    A site's rule wins over everything: what it removes is in no line, and where its `content` is found nothing else is asked.
    """
    if rule and rule.remove:
        tree = _without(tree, rule.remove)
    if rule and rule.content and (ruled := _ruled(tree, rule.content)):
        return Body(tuple(line.text for line in ruled), "site rule", _links(ruled))
    page = layout(tree)
    return replace(_found_on(tree, page, url=url, said=said, rule=rule), links=_links(page.lines))


def _found_on(tree: HtmlElement, page: Layout, *, url: str, said: About, rule: SiteRule | None) -> Body:
    witnesses = witnesses_of(tree, page, url=url, said=said)
    own = Body(_kept(page, witnesses), "page")
    if rule and rule.remove:  # what the page says of itself may hold what was to go
        return own
    rescues = [Body(_witnessed(page, witnesses), "trafilatura")] if _size(own) < _LITTLE else []
    if _holds_little(own, page) and _is_tame(tree, page):
        rescues.append(Body(_lines_of(_readable(tree)), "readability"))
    rescues.append(Body(_lines_of(said.body), "json-ld"))
    return _best(own, rescues)


def witnesses_of(tree: HtmlElement, page: Layout, *, url: str, said: About) -> Witnesses:
    found = _found(tree, url) if _is_tame(tree, page) else ""
    return Witnesses(found, said.body, said.title, _description(tree))


# -- the page's own lines ------------------------------------------------------------------------


def _kept(page: Layout, witnesses: Witnesses) -> tuple[str, ...]:
    title = letters(witnesses.title)
    return tuple(
        line.text
        for line, belongs in zip(page.lines, _bridged(page, weighed(page, witnesses)), strict=True)
        if belongs and not (line.tag in _HEADINGS and line.letters == title)
    )


def _bridged(page: Layout, belong: list[bool]) -> list[bool]:
    """A sentence between two lines of the article, and in a container like theirs, is the article's: better a line too many."""
    bridged, before = list(belong), -1
    for after in (at for at, belongs in enumerate(belong) if belongs):
        if before >= 0 and 1 < after - before <= _WIDEST_GAP + 1:
            likes = {path for at in (before, after) for path in _paths(page, page.lines[at])}
            for at in range(before + 1, after):
                bridged[at] = _is_sentence_in(page, page.lines[at], likes)
        before = after
    for order in (range(len(bridged)), range(len(bridged) - 1, -1, -1)):
        _goes_on(page, bridged, order)
    return bridged


def _goes_on(page: Layout, belong: list[bool], order: Iterable[int]) -> None:
    """Items of one list, rows of one table belong together; so does a quotation to the paragraph beside it."""
    last: Line | None = None
    for at in order:
        line = page.lines[at]
        if not belong[at] and last is not None and _is_of_one(page, last, line) and 2 * line.linked < len(line.text):
            belong[at] = True
        last = line if belong[at] else None


def _is_of_one(page: Layout, one: Line, other: Line) -> bool:
    if one.container < 0 or other.container < 0:
        return False
    mine, its = _above(page, one), _above(page, other)
    if other.tag in _ITEMS:
        return one.tag in _ITEMS and (mine[:1] == its[:1] or mine[1:2] == its[1:2])
    is_quoted = "blockquote" in (
        page.containers[place].path[0].partition(".")[0] for place in (other.container, *its[:1])
    )
    return is_quoted and not set(mine).isdisjoint(its) and not page.containers[other.container].is_other


def _above(page: Layout, line: Line) -> list[int]:
    """The two containers around that of the line."""
    parent = page.containers[line.container].parent
    return [place for place in (parent, page.containers[parent].parent if parent >= 0 else -1) if place >= 0]


def _is_sentence_in(page: Layout, line: Line, likes: set[tuple[str, ...]]) -> bool:
    if (
        line.container < 0
        or len(line.text) < _SENTENCE
        or line.text[-1] not in _ENDS
        or 2 * line.linked >= len(line.text)
    ):
        return False
    container = page.containers[line.container]
    around = page.containers[container.parent] if container.parent >= 0 else container
    is_beside = container.is_hidden or container.is_other or around.is_other
    return not is_beside and not likes.isdisjoint(_paths(page, line))


def _paths(page: Layout, line: Line) -> tuple[tuple[str, ...], ...]:
    """The names of its container with those around it, and of those around it alone."""
    path = page.containers[line.container].path if line.container >= 0 else ()
    return (path, path[1:]) if len(path) > 1 else (path,)


def _witnessed(page: Layout, witnesses: Witnesses) -> tuple[str, ...]:
    """The page's lines that the other one found; of what it joined, too."""
    title, found = letters(witnesses.title), stands_in(page.lines, witnesses.found)
    return tuple(line.text for line, was in zip(page.lines, found, strict=True) if was and line.letters != title)


def _links(lines: Iterable[Line]) -> frozenset[str]:
    return frozenset(line.text for line in lines if line.linked >= _WHOLLY * len(line.text))


def _description(tree: HtmlElement) -> str:
    said = {str(meta.get("property") or meta.get("name")): str(meta.get("content") or "") for meta in tree.iter("meta")}
    return next((found for name in _DESCRIPTIONS if (found := said.get(name, ""))), "")


# -- what others find ----------------------------------------------------------------------------


def _is_tame(tree: HtmlElement, page: Layout) -> bool:
    elements = float(str(tree.xpath("count(descendant::*)")))
    depth = max((container.depth for container in page.containers), default=0)
    text = sum(len(line.text) for line in page.lines)
    return elements < _MOST_ELEMENTS and depth < _DEEPEST and text < _MOST_TEXT


def _found(tree: HtmlElement, url: str) -> str:
    """As trafilatura finds it, without its rescues: ours know more of the page."""
    from trafilatura import bare_extraction
    from trafilatura.metadata import Document

    try:
        found = bare_extraction(tree, url=url or None, fast=True, include_comments=False, include_tables=True)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  it fails in any way on odd pages; then the lines speak for themselves
        return ""
    return (found.text if isinstance(found, Document) else None) or ""


def _readable(tree: HtmlElement) -> str:
    from readability import Document

    try:
        return paragraphs(Document(deepcopy(tree)).summary(html_partial=True))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  as above
        return ""


def _holds_little(own: Body, page: Layout) -> bool:
    prose = sum(len(line.text) for line in page.lines if len(line.text) >= _PROSE and 2 * line.linked < len(line.text))
    return 4 * _size(own) < prose


# -- which one -----------------------------------------------------------------------------------


def _best(own: Body, rescues: Iterable[Body]) -> Body:
    best = own
    for other in rescues:
        if _says_more(other, best):
            best = other
    return best


def _says_more(other: Body, best: Body) -> bool:
    """Whether it clearly holds more: a page that shows a teaser, or whose text stands nowhere that could be weighed."""
    mine, theirs = _size(best), _size(other)
    match other.source:
        case "readability":
            return theirs > 3 * mine + _LITTLE
        case "json-ld":
            return theirs > 1.6 * mine + _LITTLE or (len(other.lines) > len(best.lines) and _same(other, best))
        case _:
            return theirs > mine


def _same(one: Body, other: Body) -> bool:
    return letters("".join(one.lines)) == letters("".join(other.lines))


def _size(of: Body) -> int:
    return sum(map(len, of.lines))


def _lines_of(text: str) -> tuple[str, ...]:
    lines = (line.strip().removeprefix("- ").strip("| ") for line in text.split("\n"))
    return tuple(line for line in lines if line)


# -- a site's rule -------------------------------------------------------------------------------


def _without(tree: HtmlElement, selectors: Iterable[str]) -> HtmlElement:
    tree = deepcopy(tree)
    for selector in selectors:
        for element in _selected(tree, selector):
            if element.getparent() is not None:
                element.drop_tree()
    return tree


def _ruled(tree: HtmlElement, selector: str) -> list[Line]:
    chosen = _selected(tree, selector)
    inner = {element for one in chosen for element in one.iterdescendants()} if len(chosen) > 1 else set()
    lines: list[Line] = []
    for element in chosen:
        if element not in inner:
            lines += layout(element).lines
    return lines


def _selected(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """What it names, in the page's order; nothing where it can't be read: the configuration was checked before."""
    try:
        found = CSSSelector(selector, translator="html")(tree)
    except (etree.LxmlError, SelectorError, ValueError):
        return []
    elements = found if isinstance(found, list) else []
    return [element for element in elements if isinstance(element, HtmlElement)]
