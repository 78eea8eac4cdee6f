"""What a feed is known by: which are one, what is shown of an address, and what a topic may call it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from monitor.config.fill import has_placeholder
from monitor.config.hints import ROOM, guess, listed
from monitor.config.nodes import Items, Scalar, child
from monitor.config.shape import Draft, Ref, Section
from monitor.config.source import Fault, quoted

_LOGIN: Final = re.compile(r"^[^/?#]*@")


def key_of(draft: Draft, url: str) -> str:
    """Two feeds with the same key are one."""
    return url if "://" in url else os.path.normpath(draft.folder / url)


def shown_address(feed: Section) -> str:
    """A feed's address as it may be kept and shown: what is filled in, and a login, stay out of it."""
    url: str = feed.get("url")
    node = child(feed.node, "url") or feed.node
    if "://" not in url or not isinstance(node, Scalar):
        return url
    written = node.text.strip()
    scheme, _, rest = written.partition("://")
    return f"{scheme}://{_LOGIN.sub('', rest)}" if rest else written


def name_of(draft: Draft, feed: Section) -> str:
    """What the user calls it; else its host and path, or the folder's own name."""
    url: str = feed.get("url")
    if name := feed.get("name"):
        return str(name)
    return _host(feed, url) if "://" in url else os.path.basename(key_of(draft, url))  # noqa: PTH119 - a text, not a path


def _host(feed: Section, url: str) -> str:
    """Host and path of an address, as it is written: what is filled in stays out of a name."""
    node = child(feed.node, "url") or feed.node
    parts = urlsplit(node.text.strip() if isinstance(node, Scalar) and "://" in node.text else url)
    host = parts.netloc.rpartition("@")[2].removeprefix("www.")
    return f"{host}{parts.path}".rstrip("/")


@dataclass(frozen=True, slots=True)
class Known:
    """The feeds that topics may name."""

    draft: Draft
    urls: Mapping[str, tuple[str, ...]]  # by name, by address and by key; several feeds may be called the same
    names: tuple[str, ...]  # as they may be shown
    broken: frozenset[str]  # names and addresses of what is written, but may be wrong

    @classmethod
    def of(cls, draft: Draft, top: Section) -> Known:
        urls: dict[str, tuple[str, ...]] = {}
        names: list[str] = []
        for feed in top.get("feeds", ()):
            if url := feed.get("url"):
                shown, name = shown_address(feed), name_of(draft, feed)
                for known_as in dict.fromkeys((name, shown, url, key_of(draft, url))):
                    urls[known_as] = tuple(dict.fromkeys((*urls.get(known_as, ()), shown)))
                names += () if has_placeholder(_written(feed, "name")) else (name,)
        return cls(draft, urls, tuple(dict.fromkeys(names)), frozenset(_all_written(top)))

    def named(self, ref: Ref) -> tuple[str, ...]:
        return self.urls.get(ref.name) or self.urls.get(key_of(self.draft, ref.name), ())

    def all_of(self, refs: Iterable[Ref]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(url for ref in refs for url in self.named(ref)))

    def misnamed(self, refs: Iterable[Ref]) -> Iterator[Fault]:
        """A feed that is written but wrong is known all the same: one mistake, one message."""
        for ref in refs:
            if not self.named(ref) and not {ref.name, ref.written.strip()} & self.broken:
                yield Fault(ref.start, f"there is no feed {quoted(ref.written)}", self._hint(ref.name))

    def _hint(self, name: str) -> str:
        meant = guess(name, self.names)
        if 0 < len(meant) <= ROOM:
            return meant
        return listed("there are: ", self.names) if self.names else "write its name or url as it stands under feeds"


def _written(section: Section, name: str) -> str:
    node = child(section.node, name)
    return node.text if isinstance(node, Scalar) else ""


def _all_written(top: Section) -> Iterator[str]:
    node = child(top.node, "feeds")
    for item in node.items if isinstance(node, Items) else ():
        for text in (item, child(item, "url"), child(item, "name")):
            if isinstance(text, Scalar):
                yield text.text.strip()
