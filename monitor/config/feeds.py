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

_AS_WRITTEN: Final = "write its name or url as it stands under feeds"
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
    return called(node.text.strip() if isinstance(node, Scalar) and "://" in node.text else url)


def called(address: str) -> str:
    """What a feed without a name of its own is called."""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2].removeprefix("www.")
    return f"{host}{parts.path}".rstrip("/")


@dataclass(frozen=True, slots=True)
class Known:
    """The feeds that topics may name."""

    draft: Draft
    urls: Mapping[str, tuple[str, ...]]  # by name, by address and by key; several feeds may be called the same
    tagged: Mapping[str, tuple[str, ...]]  # by tag
    names: tuple[str, ...]  # as they may be shown
    tags: tuple[str, ...]  # likewise
    broken: frozenset[str]  # names and addresses of what is written, but may be wrong

    @classmethod
    def of(cls, draft: Draft, top: Section) -> Known:
        urls: dict[str, dict[str, None]] = {}
        tagged: dict[str, dict[str, None]] = {}
        names: dict[str, None] = {}
        tags: dict[str, None] = {}
        for feed in top.get("feeds", ()):
            if url := feed.get("url"):
                shown, name = shown_address(feed), name_of(draft, feed)
                _note(urls, (name, shown, url, key_of(draft, url)), shown)
                _note(tagged, feed.get("tags", ()), shown)
                names |= {} if has_placeholder(_written(feed, "name")) else {name: None}
                tags |= dict.fromkeys(_plain_tags(feed))
        broken = frozenset(_all_written(top))
        return cls(draft, _listed(urls), _listed(tagged), tuple(names), tuple(tags), broken)

    def named(self, ref: Ref) -> tuple[str, ...]:
        """A name that is both a feed's and a tag's is the feed's."""
        return self.by_name(ref) or self.tagged.get(_one_blank(ref.name), ())

    def by_name(self, ref: Ref) -> tuple[str, ...]:
        """Those that are meant one by one, not by their tag."""
        return self.urls.get(ref.name) or self.urls.get(key_of(self.draft, ref.name), ())

    def hides_tag(self, ref: Ref) -> bool:
        """Whether the feed's name takes the place of a tag that would mean others too."""
        feeds = self.by_name(ref)
        return bool(feeds) and not {*self.tagged.get(_one_blank(ref.name), ())} <= {*feeds}

    def all_of(self, refs: Iterable[Ref]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(url for ref in refs for url in self.named(ref)))

    def misnamed(self, refs: Iterable[Ref]) -> Iterator[Fault]:
        """A feed that is written but wrong is known all the same: one mistake, one message."""
        for ref in refs:
            if not self.named(ref) and not {ref.name, ref.written.strip()} & self.broken:
                yield Fault(ref.start, f"there is no feed {quoted(ref.written)}", self._hint(ref.name))

    def _hint(self, name: str) -> str:
        meant = guess(name, (*self.names, *self.tags))
        if 0 < len(meant) <= ROOM:
            return meant
        if not self.tags:
            return listed("there are: ", self.names) if self.names else _AS_WRITTEN
        names = listed("there are: ", self.names, ROOM // 2) if self.names else "there are"
        return listed(f"{names}; tags: ", self.tags)


def _note(known: dict[str, dict[str, None]], names: Iterable[str], url: str) -> None:
    for name in names:
        known.setdefault(name, {})[url] = None


def _listed(known: Mapping[str, Mapping[str, None]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(urls) for name, urls in known.items()}


def _one_blank(name: str) -> str:
    return " ".join(name.split())


def _plain_tags(feed: Section) -> tuple[str, ...]:
    """Those that may be shown: nothing was filled in."""
    node = child(feed.node, "tags")
    items = node.items if isinstance(node, Items) else (node,)
    is_filled = any(isinstance(item, Scalar) and has_placeholder(item.text) for item in items)
    return () if is_filled else feed.get("tags", ())


def _written(section: Section, name: str) -> str:
    node = child(section.node, name)
    return node.text if isinstance(node, Scalar) else ""


def _all_written(top: Section) -> Iterator[str]:
    node = child(top.node, "feeds")
    for item in node.items if isinstance(node, Items) else ():
        tags = child(item, "tags")
        for text in (
            item,
            child(item, "url"),
            child(item, "name"),
            *(tags.items if isinstance(tags, Items) else (tags,)),
        ):
            if isinstance(text, Scalar):
                yield text.text.strip()
