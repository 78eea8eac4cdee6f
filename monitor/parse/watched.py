"""feedparser, watched: what it says of a document, and how it stood before each item. Pure.

A reading of one item depends on the item's own bytes and on how the parser stands when it comes to them. Where it stands
before every item as it stood before the first, each item reads the same whichever others stand around it.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final
from xml.sax import SAXException
from xml.sax.expatreader import create_parser
from xml.sax.handler import feature_external_ges, feature_namespaces
from xml.sax.xmlreader import InputSource

from feedparser.api import StrictFeedParser

ITEM_NAMES: Final = frozenset({"item", "entry"})
# Begun anew with each item, or only gathered; what is gathered for the feed as a whole is looked at, but no part of the ground.
_BEGUN_ANEW: Final = frozenset({"title_depth", "guidislink", "entries", "elementstack", "property_depth_map"})
_SUBFEEDS: Final = ("image", "textinput")  # where the feed has one, an item's goes there


@dataclass(frozen=True, slots=True)
class Watched:
    """What feedparser says of a document but for its last item, and how it stood before the first."""

    result: dict[str, Any]
    ground: str
    is_steady: bool  # it stood so before each


def watched(content: bytes) -> Watched | None:
    """None where feedparser would not read it as XML. For documents in UTF-8, without a document type, that end with an empty item."""
    watch = _Watch()
    source = InputSource()
    source.setByteStream(BytesIO(content))
    source.setEncoding("utf-8")
    reader = create_parser()  # noqa: S315  no document types and no entities come here, and it opens nothing
    reader.setFeature(feature_namespaces, True)
    reader.setFeature(feature_external_ges, False)
    reader.setContentHandler(watch)  # type: ignore[arg-type]  # it asks only for what stands there
    reader.setErrorHandler(watch.parser)
    try:
        reader.parse(source)
    except SAXException:
        return None
    parser = watch.parser
    if len(parser.entries) != watch.entries + 1:  # the empty one was taken for something else
        return None
    result = {"feed": parser.feeddata, "entries": parser.entries[:-1], "version": parser.version}
    return Watched(result, watch.ground, watch.is_steady)


class _Watch:
    """Stands between expat and feedparser."""

    def __init__(self) -> None:
        self.parser: Any = StrictFeedParser("", None, "utf-8")
        self.parser.resolve_relative_uris = False
        self.parser.sanitize_html = False
        self.ground = ""
        self.is_steady = True
        self.entries = 0  # before the last item
        self._items = 0
        self._first: dict[str, Any] = {}
        self._scope: list[tuple[str | None, str]] = []
        self.characters = self.parser.characters
        self.endElementNS = self.parser.endElementNS

    def startElementNS(self, name: tuple[str | None, str], qname: str | None, attributes: Any) -> None:  # noqa: N802  SAX's names
        if name[1] in ITEM_NAMES:
            self._look()
        self.parser.startElementNS(name, qname, attributes)

    def _look(self) -> None:
        stands = {name: value for name, value in vars(self.parser).items() if name not in _BEGUN_ANEW}
        if not self._items:
            self._first = deepcopy(stands)
            feed = self._first["feeddata"]
            others = [(name, value) for name, value in stands.items() if name != "feeddata"]
            self.ground = repr((others, self._scope, [name in feed for name in _SUBFEEDS]))
        self.entries = len(self.parser.entries)
        self.is_steady = self.is_steady and stands == self._first and self.entries == self._items
        self._items += 1

    def startPrefixMapping(self, prefix: str | None, uri: str) -> None:  # noqa: N802  SAX's names
        self._scope.append((prefix, uri))
        self.parser.startPrefixMapping(prefix, uri)

    def endPrefixMapping(self, prefix: str | None) -> None:  # noqa: ARG002, N802  SAX's names
        self._scope.pop()

    def setDocumentLocator(self, locator: object) -> None:  # noqa: N802  SAX's names
        pass

    def startDocument(self) -> None:  # noqa: N802  SAX's names
        pass

    def endDocument(self) -> None:  # noqa: N802  SAX's names
        pass

    def processingInstruction(self, target: str, data: str) -> None:  # noqa: N802  SAX's names
        pass
