"""Where in the files secrets are written, so that no message shows them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.config.layout import SECRET_LOGINS, SECRET_URLS, SECRETS, SETTINGS
from monitor.config.nodes import Items, Node, Pairs, Scalar, select
from monitor.config.source import Span


def secrets(roots: Iterable[Node]) -> tuple[Span, ...]:
    """Whole values, what follows a scheme, or a login; where a section is not known, every address may be secret."""
    return tuple(span for root in roots for span in _secrets(root))


def _secrets(root: Node) -> Iterator[Span]:
    for node in _at(root, SECRETS):
        yield node.start, node.end
    for node in (*_at(root, SECRET_URLS), *_strangers(root)):
        if "://" in node.text:
            yield _after_scheme(node), node.end
    for node in _at(root, SECRET_LOGINS):
        scheme, at, _ = node.text.rpartition("@")
        if at and "://" in scheme:
            yield _after_scheme(node), node.end if node.style else node.start + len(scheme)


def _after_scheme(node: Scalar) -> int:
    return node.start + node.text.index("://") + 3


def _at(root: Node, patterns: Iterable[str]) -> Iterator[Scalar]:
    """All texts at these places, however deep below."""
    return (text for pattern in patterns for _, node in select(root, pattern) for text in _texts(node))


def _strangers(root: Node) -> Iterator[Scalar]:
    """All texts under names that mean nothing here: one may be a misspelt `channels`."""
    if not isinstance(root, Pairs):
        yield from _texts(root)
        return
    for key, value in root.pairs:
        if key.text not in SETTINGS:
            yield from _texts(value)


def _texts(node: Node) -> Iterator[Scalar]:
    match node:
        case Scalar():
            yield node
        case Items(items=items):
            for item in items:
                yield from _texts(item)
        case Pairs(pairs=pairs):
            for _, value in pairs:
                yield from _texts(value)
