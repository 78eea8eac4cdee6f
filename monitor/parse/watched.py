"""feedparser, watched: it stands before each item as it stood before the first. Pure.

What it says of an item depends on the item's own bytes and on how it stands when it comes to them, and much of what it meets
in one item would still be with it in the next: names of namespaces, an address, what it takes for text. Put back before
each, it says the same of an item whichever others stand around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers.expat import ExpatError, ParserCreate

from feedparser.api import StrictFeedParser
from feedparser.util import FeedParserDict

from monitor.parse.caps import LONGEST_PERSON

_ITEMS: Final = frozenset({"item", "entry"})
# Begun anew with each item, or only gathered.
_BEGUN_ANEW: Final = frozenset({"title_depth", "guidislink", "entries", "elementstack", "property_depth_map"})
_SUBFEEDS: Final = ("image", "textinput")


@dataclass(frozen=True, slots=True)
class Watched:
    """What feedparser says of a document, and how it stood before the items."""

    result: dict[str, Any]
    ground: str


def watched(content: bytes, starts: Sequence[int]) -> Watched | None:
    """What it says of a document in UTF-8 without a document type, whose items begin at `starts`.

    The last item is empty, and not of the result. None where the document is not well-formed, or has other items.
    """
    expat = ParserCreate("utf-8", " ")
    expat.namespace_prefixes = True
    expat.buffer_text = True
    watch = _Watch(expat)
    expat.StartElementHandler = watch.start
    expat.EndElementHandler = watch.end
    expat.CharacterDataHandler = watch.parser.characters
    expat.StartNamespaceDeclHandler = watch.announce
    expat.EndNamespaceDeclHandler = watch.withdraw
    try:
        expat.Parse(content, True)
    except ExpatError:
        return None
    entries = watch.parser.entries
    if watch.starts != list(starts) or watch.entries != list(range(len(starts))) or len(entries) != len(starts):
        return None
    return Watched({"feed": watch.feed, "entries": entries[:-1], "version": watch.parser.version}, watch.ground)


def is_well_formed(content: bytes) -> bool:
    try:
        ParserCreate("utf-8", " ").Parse(content, True)
    except ExpatError:
        return False
    return True


class _Reader(StrictFeedParser):  # type: ignore[misc]  # feedparser has no types
    contentparams: Any

    def _sync_author_detail(self, key: str = "author") -> None:
        """It looks for an address in a name, with the square of its length (feedparser#562)."""
        name = self._get_context().get(key)
        if not isinstance(name, str) or len(name) <= LONGEST_PERSON:
            super()._sync_author_detail(key)

    def push_content(self, tag: str, attrs_d: Any, default_content_type: str, expecting_text: int) -> None:
        super().push_content(tag, attrs_d, default_content_type, expecting_text)
        self.contentparams = _Shallow(self.contentparams)

    def _end_published(self) -> None:
        """Dates are read by parse/dates.py."""
        self.pop("published")

    def _end_updated(self) -> None:
        self.pop("updated")

    def _end_created(self) -> None:
        self.pop("created")

    _end_issued = _end_pubdate = _end_published
    _end_modified = _end_lastbuilddate = _end_updated


class _Shallow(FeedParserDict):  # type: ignore[misc]
    """It holds texts only; feedparser copies it deeply for each element."""

    def __deepcopy__(self, _: object) -> FeedParserDict:
        return FeedParserDict(self)


class _Watch:
    """Stands between expat and feedparser."""

    def __init__(self, expat: Any) -> None:
        self.parser: Any = _Reader("", None, "utf-8")
        self.parser.resolve_relative_uris = False
        self.parser.sanitize_html = False
        self.feed: Any = None
        self.ground = ""
        self.starts: list[int] = []  # of items
        self.entries: list[int] = []  # how many there were before each
        self._expat = expat
        self._first: dict[str, Any] = {}
        self._known: dict[str, tuple[str | None, ...]] = {}
        self._announced: list[tuple[str | None, str]] = []
        self._scope: list[tuple[str | None, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        names = self._names(name)
        if names[-1] in _ITEMS:
            self._look()
        if self._announced:  # they are this element's own
            self._declare()
        self.parser.startElementNS(names, None, _Attributes(attributes) if attributes else _NONE)

    def end(self, name: str) -> None:
        self.parser.endElementNS(self._names(name), None)

    def _names(self, name: str) -> tuple[str | None, ...]:
        """Few names are met many times."""
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = _names(name)
        return known

    def announce(self, prefix: str | None, uri: str | None) -> None:
        self._announced.append((prefix, uri or ""))

    def withdraw(self, _: str | None) -> None:
        self._scope.pop()

    def _declare(self) -> None:
        for prefix, uri in self._announced:
            self.parser.startPrefixMapping(prefix, uri)
        self._scope += self._announced
        self._announced.clear()

    def _look(self) -> None:
        stands = vars(self.parser)
        if not self.starts:
            self._set_aside_the_feed()
            self._first = _kept(stands)
            self.ground = repr((self._first, self._scope))
        elif {name: stands[name] for name in self._first} != self._first:
            stands.update(_kept(self._first))
        self.starts.append(self._expat.CurrentByteIndex)
        self.entries.append(len(self.parser.entries))

    def _set_aside_the_feed(self) -> None:
        """No item changes it; what goes into an image of the feed, where it has one, does not go into the item."""
        self.feed = self.parser.feeddata
        self.parser.feeddata = FeedParserDict({name: FeedParserDict() for name in _SUBFEEDS if name in self.feed})


def _kept(stands: dict[str, Any]) -> dict[str, Any]:
    """As it is now: what is in it goes on changing."""
    return {
        name: type(value)(value) if isinstance(value, dict | list) else value
        for name, value in stands.items()
        if name not in _BEGUN_ANEW
    }


def _names(name: str) -> tuple[str | None, ...]:
    """Namespace and local name; expat puts a blank between them, and the prefix after."""
    parts = name.split(" ")
    return (None, name) if len(parts) == 1 else tuple(parts[:2])


class _Attributes:
    """As a SAX reader hands them over."""

    __slots__ = ("_by_name", "_by_prefix")

    def __init__(self, attributes: dict[str, str]) -> None:
        self._by_name = {_names(name): value for name, value in attributes.items()}
        self._by_prefix = {_with_prefix(name): value for name, value in attributes.items()}

    def items(self) -> Iterable[tuple[tuple[str | None, ...], str]]:
        return self._by_name.items()

    def getQNames(self) -> Iterable[str]:  # noqa: N802  SAX's name
        return self._by_prefix

    def getValueByQName(self, name: str) -> str:  # noqa: N802  SAX's name
        return self._by_prefix[name]


def _with_prefix(name: str) -> str:
    parts = name.split(" ")
    return f"{parts[2]}:{parts[1]}" if len(parts) == 3 else parts[-1]  # noqa: PLR2004  namespace, local name, prefix


_NONE: Final = _Attributes({})
