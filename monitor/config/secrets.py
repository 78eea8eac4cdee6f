"""Where in the files secrets are written, so that no message shows them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from monitor.config.hints import meant
from monitor.config.layout import HOMES, SECRET_URLS, SECRETS, SETTINGS, SHOWN_URLS
from monitor.config.nodes import Items, Node, Pairs, Scalar, select
from monitor.config.shape import ListOf, Named, Reader, SectionOf, Shape
from monitor.config.source import Span, is_secret_name

MOST_GUESSED: Final = 100  # names that mean nothing; of more nobody reads the lines

_HOLDS_A_SECRET: Final = frozenset({"", "password", "secret", "headers", "proxy", "heartbeat"})


def secrets(roots: Iterable[Node]) -> tuple[Span, ...]:
    """Whole values, and what follows a scheme; where addresses are shown, only a login."""
    return tuple(span for root in roots for span in _secrets(root))


def _secrets(root: Node) -> Iterator[Span]:
    for node in (*_at(root, SECRETS), *_under_strange_names(root)):
        yield node.start, node.end
    for node in (*_at(root, SECRET_URLS), *_elsewhere(root)):
        if "://" in node.text:
            yield _after_scheme(node), node.end
    for node in _at(root, SHOWN_URLS):
        scheme, at, _ = node.text.rpartition("@")
        if at and "://" in scheme:
            yield _after_scheme(node), node.end if node.style else node.start + len(scheme)


def _after_scheme(node: Scalar) -> int:
    return node.start + node.text.index("://") + 3


def _at(root: Node, patterns: Iterable[str]) -> Iterator[Scalar]:
    """All texts at these places, however deep below."""
    return (text for pattern in patterns for _, node in select(root, pattern) for text in _texts(node))


def _elsewhere(root: Node) -> Iterator[Scalar]:
    """All texts where addresses are not shown; a name that means nothing may be a misspelt `channels`."""
    if not isinstance(root, Pairs):
        yield from _texts(root)
        return
    for key, value in root.pairs:
        if key.text not in SHOWN_URLS:
            yield from (key, *_texts(value))


def _under_strange_names(root: Node) -> Iterator[Scalar]:
    """Under a name that means nothing here a secret may stand, unless it is plain what was meant."""
    for place, (key, value, shape) in enumerate(_strange(root, SectionOf(SETTINGS))):
        if place >= MOST_GUESSED or is_secret_name(key.text) or meant(key.text, (*shape, *HOMES)) in _HOLDS_A_SECRET:
            yield from _texts(value)


def _strange(node: Node, read: Reader[Any]) -> Iterator[tuple[Scalar, Node, Shape]]:
    match read, node:
        case SectionOf(shape=shape), Pairs(pairs=pairs):
            for key, value in pairs:
                if key.text not in shape:
                    yield key, value, shape
                elif not isinstance(value, Scalar):
                    yield from _strange(value, shape[key.text].read)
        case ListOf(item=item), Items(items=items) if isinstance(item, SectionOf):
            for each in items:
                yield from _strange(each, item)
        case Named(value=below), Pairs(pairs=pairs) if isinstance(below, SectionOf):
            for _, value in pairs:
                yield from _strange(value, below)


def _texts(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Items(items=items):
            for item in items:
                yield from _texts(item)
        case Pairs(pairs=pairs):
            for key, value in pairs:
                if "://" in key.text:
                    yield key
                yield from _texts(value)
