"""What only shows when the settings are seen together: names that must be known, or be there once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from monitor.config.addresses import is_loopback, is_private, secret_fault
from monitor.config.feeds import Known, key_of, shown_address
from monitor.config.hiding import wrongly_hidden
from monitor.config.hints import guess, listed
from monitor.config.layout import SETTINGS, WITHOUT_EFFECT
from monitor.config.nodes import Items, Node, Pairs, Patterns, Scalar, child, is_empty, nearest
from monitor.config.shape import Draft, Ref, Section
from monitor.config.silences import faults as silences
from monitor.config.sites import header_fault, host_fault
from monitor.config.source import Fault, quoted
from monitor.settings import WEBHOOKS

_NAME: Final = "write name: and a few words; they are shown in alerts"
_WORDS: Final = (
    "topics.*.any",
    "topics.*.all",
    "topics.*.none",
    "topics.*.examples.match",
    "topics.*.examples.no_match",
    "aliases.*",
)
_WAYS: Final = ("any", "all", "none")
# Lists of a topic that say nothing where nothing is in them.
_LISTS: Final = {
    **dict.fromkeys(_WAYS, "words"),
    "regex": "patterns",
    "like": "examples",
    "fields": "fields",
    "languages": "languages",
    "feeds": "feeds",
    "hides": "topics",
}


def check(draft: Draft, top: Section) -> None:
    sections = (
        _nothing_to_do,
        _channels,
        _feeds,
        _topics,
        wrongly_hidden,
        _quiet_hours,
        silences,
        _web,
        _engine,
        _sites,
        _headers,
    )
    for faults in sections:
        for fault in faults(draft, top):
            draft.note(fault)


def oddities(draft: Draft, top: Section) -> Iterator[Fault]:
    """What is accepted, but may not be what the writer expects."""
    for pattern, place, node in Patterns.of((*_WORDS, *WITHOUT_EFFECT)).select(top.node):
        if pattern in _WORDS:
            yield from _decimal_commas(draft, node)
        elif not is_empty(node) and not (isinstance(node, Scalar) and node.text in WITHOUT_EFFECT[pattern]):
            yield Fault(place, f"'{pattern.rpartition('.')[2]}' has no effect yet")
    for feed in top.get("feeds", ()):
        yield from _odd_address(feed)
        yield from _folder_asked(feed)
    for channel in top.get("channels", {}).values():
        scheme = channel.get("url", "webhook:").partition(":")[0].lower()
        if "secret" in channel.values and scheme not in WEBHOOKS:
            yield Fault(
                channel.place("secret"), "'secret' has no effect: only what goes to a webhook is signed", "take it away"
            )
    yield from _names_that_are_tags(draft, top)


def _decimal_commas(draft: Draft, node: Node) -> Iterator[Fault]:
    """`[M 6,1]` are two texts to YAML."""
    items = [item for item in node.items if isinstance(item, Scalar)] if isinstance(node, Items) else []
    for one, other in pairwise(items):
        is_number = one.text[-1:].isdecimal() and not one.text.isdecimal() and other.text[:1].isdecimal()
        if is_number and not one.style and draft.source.text[one.end : other.start] == ",":
            yield Fault(one.end, "this comma ends a text and starts another", 'put text with a comma in quotes: "6,1"')


def _nothing_to_do(draft: Draft, top: Section) -> Iterator[Fault]:
    if draft.is_whole and _has_none(top, "feeds"):
        yield Fault(top.place("feeds"), "there are no feeds", "write feeds: and below it '- https://…' or '- seeds/'")
    if draft.is_whole and _has_none(top, "topics"):
        yield Fault(
            top.place("topics"), "there are no topics", "write topics: and below it '- name: words to watch for'"
        )


def _has_none(top: Section, name: str) -> bool:
    node = child(top.node, name)
    is_strange = isinstance(top.node, Pairs) and not any(key.text in SETTINGS for key, _ in top.node.pairs)
    is_elsewhere = top.is_misspelt(name) or _is_too_far_right(top, name)
    return (node is None or is_empty(node)) and not is_strange and not is_elsewhere


def _is_too_far_right(top: Section, name: str) -> bool:
    """Likewise a section within another: that is told where it stands."""
    pairs = top.node.pairs if isinstance(top.node, Pairs) else ()
    return any(key.text in SETTINGS and key.text != "aliases" and child(value, name) for key, value in pairs)


def _channels(draft: Draft, top: Section) -> Iterator[Fault]:
    channels: dict[str, Section] = top.get("channels", {})
    for name, channel in channels.items():
        if channel.lacks("url") and not channel.is_misspelt("url"):
            yield Fault(
                channel.place("url"),
                f"channel {quoted(name)} has no url",
                "write url: console, atom, or an Apprise URL",
            )
        if fault := secret_fault(channel.get("secret")):
            yield Fault(channel.place("secret"), *fault)
        fallback = channel.get("fallback")
        if fallback and fallback.name == name:
            yield Fault(fallback.start, "a channel can't be its own fallback", "name another channel")
        elif fallback:
            yield from _unknown_channels(draft, (fallback,), top)
    alerts = top.part("alerts")
    yield from _unknown_channels(draft, (*alerts.get("channels", ()), *alerts.get("ops", ())), top)


def _unknown_channels(draft: Draft, refs: Iterable[Ref], top: Section) -> Iterator[Fault]:
    """A channel that is written but wrong is known all the same: one mistake, one message."""
    if not draft.is_whole or top.is_broken("channels") or top.is_misspelt("channels"):
        return
    node = child(top.node, "channels")
    for ref in refs:
        if not any(below and child(below, ref.name) for below in (node, top.node)):
            names = tuple(top.get("channels", {}))
            known = (
                listed("there are: ", (name for name in names if "://" not in name))
                if names
                else "write it under channels, with its address"
            )
            yield Fault(ref.start, f"there is no channel {quoted(ref.written)}", guess(ref.name, names) or known)


def _feeds(draft: Draft, top: Section) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for feed in top.get("feeds", ()):
        if feed.lacks("url") and not feed.is_misspelt("url"):
            yield Fault(feed.place("url"), "this feed has no url", "write url: https://…")
        if "url" not in feed.values:
            continue
        place = feed.place("url")
        keys = (key_of(draft, feed.get("url")), shown_address(feed))
        first = next((seen[key] for key in keys if key in seen), None)
        if first is not None:
            yield Fault(place, "this feed is here twice", f"first in {draft.source.where(first, place)}; take one away")
        for key in keys:
            seen.setdefault(key, place)


def _topics(draft: Draft, top: Section) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    node, found = nearest(top.node, ("alerts", "channels"))
    told = not is_empty(node) if found else top.is_broken("alerts") or _is_too_far_right(top, "alerts")
    feeds = Known.of(draft, top) if _names_feeds(top) else None
    for topic in top.get("topics", ()):
        yield from _name(draft, topic, seen)
        yield from _ways(topic)
        if feeds:
            yield from _feeds_of(topic, feeds)
        yield from _unknown_channels(draft, topic.get("channels", ()), top)
        if not topic.get("channels") and not topic.is_broken("channels") and not told:
            hint = "write channels: [terminal] here or under alerts, and terminal: console under channels"
            yield Fault(topic.place("name"), "nobody is told of this topic", hint)


def _name(draft: Draft, topic: Section, seen: dict[str, int]) -> Iterator[Fault]:
    name, place = topic.get("name"), topic.place("name")
    if topic.lacks("name") and not topic.is_misspelt("name"):
        hint = 'text that starts with # goes in quotes: "#…"' if _is_comment(draft, topic, "name") else _NAME
        yield Fault(place, "this topic has no name", hint)
    if name in {".", ".."}:
        yield Fault(place, "a topic can't be called so: its page could not be reached", _NAME)
    elif name is not None and name in seen:
        first = draft.source.where(seen[name], place)
        yield Fault(
            place, f"there are two topics {quoted(_written(topic, 'name'))}", f"first in {first}; give one another name"
        )
    seen.setdefault(name, place)


def _is_comment(draft: Draft, section: Section, name: str) -> bool:
    """What was meant as a text starts with #, so nothing is there."""
    node = child(section.node, name)
    end = draft.source.text.find("\n", node.start) if node else -1
    return node is not None and draft.source.text[node.start : end].lstrip().startswith("#")


def _written(section: Section, name: str) -> str:
    node = child(section.node, name) or section.node
    return node.text if isinstance(node, Scalar) else name


def _ways(topic: Section) -> Iterator[Fault]:
    for name, what in _LISTS.items():
        if not topic.values.get(name, True) and is_empty(child(topic.node, name) or topic.node):
            yield Fault(topic.place(name), f"'{name}' holds no {what}", "write some, or take it away")
    both = next((way for way in _WAYS if way in topic.values), None)
    if both and "query" in topic.values:
        yield Fault(topic.place(both), f"a topic has either a query or '{both}'", "take one of them away")


def _names_feeds(top: Section) -> bool:
    """Where no feeds are known that is the mistake, not what topics call them."""
    are_known = top.get("feeds") and not top.is_misspelt("feeds")
    return bool(are_known) and any(
        "feeds" in topic.values or "except_feeds" in topic.values for topic in top.get("topics", ())
    )


def _feeds_of(topic: Section, known: Known) -> Iterator[Fault]:
    wanted, unwanted = topic.get("feeds", ()), topic.get("except_feeds", ())
    if known.draft.is_whole:
        yield from known.misnamed((*wanted, *unwanted))
    one_by_one = {url for ref in wanted for url in known.by_name(ref)}
    in_both = [ref for ref in unwanted if one_by_one.intersection(known.named(ref))]
    for ref in in_both:
        yield Fault(ref.start, f"{quoted(ref.written)} stands under feeds too", "take it away from one of them")
    asked = {*known.all_of(wanted)}
    if asked and not in_both and asked <= {*known.all_of(unwanted)}:
        yield Fault(topic.place("except_feeds"), "this leaves none of the feeds that the topic names", "take one away")


def _quiet_hours(_: Draft, top: Section) -> Iterator[Fault]:
    for owner in (top.part("alerts"), *top.get("channels", {}).values(), *top.get("topics", ())):
        for hours in owner.get("quiet_hours", ()):
            for name in ("from", "to"):
                if hours.lacks(name):
                    yield Fault(
                        hours.place(name), f"these quiet hours have no '{name}'", 'write {from: "22:00", to: "05:30"}'
                    )
            if "to" in hours.values and hours.get("from") == hours.get("to"):
                yield Fault(
                    hours.place("to"), "these quiet hours end when they begin", 'write {from: "22:00", to: "05:30"}'
                )


def _web(_: Draft, top: Section) -> Iterator[Fault]:
    web = top.part("web")
    if web.values.get("password", True) == "":
        yield Fault(
            web.place("password"), "this password is empty", "look at what is filled in, or leave the line away"
        )
    listen = web.get("listen")
    if listen and not is_loopback(listen[0]) and not web.get("password") and not web.is_broken("password"):
        yield Fault(
            web.place("listen"),
            "others can reach this address: it needs a password",
            "write password: ${WEB_PASSWORD} beside it",
        )


def _engine(_: Draft, top: Section) -> Iterator[Fault]:
    storage = top.part("storage")
    url = storage.get("url")
    is_no_server = (url is None or url.startswith("sqlite")) and not storage.is_broken("url")
    if is_no_server and top.get("engine") == "procrastinate":
        yield Fault(
            top.place("engine"),
            "many machines need a PostgreSQL to meet at",
            "write url: postgresql://… under storage, or leave this line away",
        )


def _sites(_: Draft, top: Section) -> Iterator[Fault]:
    node = child(top.node, "sites")
    for key, _value in node.pairs if isinstance(node, Pairs) else ():
        if fault := host_fault(key.text):
            yield Fault(key.start, *fault)


def _headers(_: Draft, top: Section) -> Iterator[Fault]:
    """Names that no request may have: all of their pages would fail."""
    sites = child(top.node, "sites")
    of_sites = [node for _, node in sites.pairs] if isinstance(sites, Pairs) else []
    for owner in (*(feed.node for feed in top.get("feeds", ())), *of_sites):
        headers = child(owner, "headers")
        for key, _value in headers.pairs if isinstance(headers, Pairs) else ():
            if fault := header_fault(key.text):
                yield Fault(key.start, *fault)


def _folder_asked(feed: Section) -> Iterator[Fault]:
    if "://" not in feed.get("url", "://"):
        for name in ("user_agent", "proxy", "headers", "robots"):
            if name in feed.values:
                yield Fault(feed.place(name), f"'{name}' has no effect: a folder is not asked", "take it away")


def _names_that_are_tags(draft: Draft, top: Section) -> Iterator[Fault]:
    known = Known.of(draft, top) if _names_feeds(top) else None
    for topic in top.get("topics", ()) if known and known.tagged else ():
        for ref in (*topic.get("feeds", ()), *topic.get("except_feeds", ())):
            if known and known.hides_tag(ref):
                what = f"{quoted(ref.written)} is a feed's name and a tag: it means the feed here"
                yield Fault(ref.start, what, "give the feed or the tag another name")


def _odd_address(feed: Section) -> Iterator[Fault]:
    url: str = feed.get("url", "")
    if "://" not in url:
        return
    node: Node = child(feed.node, "url") or feed.node
    if is_private(url) and not feed.get("allow_private", False):
        yield Fault(node.start, "this address of the inner network will be refused", "write allow_private: true")
