"""The address inside one that only leads on, read without asking anybody. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl

_GOOGLE: Final = re.compile(r"google\.(?:com|[a-z]{2}|com?\.[a-z]{2})")
# Host and path → the parameter that holds the address.
_REDIRECTORS: Final = {
    "google/url": ("url", "q"),
    "bing.com/news/apiclick.aspx": ("url",),
    "l.facebook.com/l.php": ("u",),
    "lm.facebook.com/l.php": ("u",),
    "facebook.com/l.php": ("u",),
    "l.instagram.com/": ("u",),
    "l.threads.net/": ("u",),
    "l.threads.com/": ("u",),
    "l.messenger.com/l.php": ("u",),
    "youtube.com/redirect": ("q",),
    "out.reddit.com/": ("url",),
    "t.umblr.com/redirect": ("z",),
    "vk.com/away.php": ("to",),
    "duckduckgo.com/l": ("uddg",),
    "linkedin.com/redir/redirect": ("url",),
    "slack-redir.net/link": ("url",),
    "getpocket.com/redirect": ("url",),
    "flipboard.com/redirect": ("url",),
    "medium.com/r": ("url",),
}
_OUTLOOK: Final = ".safelinks.protection.outlook.com"
_CACHES: Final = (".cdn.ampproject.org", ".bing-amp.com")
_SUFFIXES: Final = (_OUTLOOK, *_CACHES)
_HOSTS: Final = frozenset(leading.partition("/")[0] for leading in _REDIRECTORS)
_IN_CACHE: Final = re.compile(r"/(?:[a-z]/)+(s/)?(?=[^/]+\.)")
_IN_VIEWER: Final = re.compile(r"(?:/amp)+/(s/)?(?=[^/]+\.)")


def leads_on(place: str) -> bool:
    """Whether a host (no www.) has addresses that only lead on."""
    return place in _HOSTS or f".{place}".endswith(_SUFFIXES) or _GOOGLE.fullmatch(place) is not None


def target(place: str, path: str, query: str) -> str:
    """The address in a parameter that a redirector leads to; else empty."""
    place = "google" if _GOOGLE.fullmatch(place) else place
    names = ("url",) if place.endswith(_OUTLOOK) else _REDIRECTORS.get(f"{place}{path}", ())
    return _value(names, query) if names else ""


def cached(place: str, path: str, query: str) -> str:
    """The address of which a cache or a viewer of AMP shows the page; else empty."""
    if f".{place}".endswith(_CACHES):
        return _rest(_IN_CACHE, path, query)
    return _rest(_IN_VIEWER, path, query) if place == "bing.com" or _GOOGLE.fullmatch(place) else ""


def _value(names: tuple[str, ...], query: str) -> str:
    try:
        values = dict(parse_qsl(query))
    except ValueError:
        return ""
    return next(
        (values[name] for name in names if values.get(name, "").lower().startswith(("http://", "https://"))), ""
    )


def _rest(before: re.Pattern[str], path: str, query: str) -> str:
    """/c/s/example.org/a → https://example.org/a"""
    found = before.match(path)
    if found is None:
        return ""
    return f"http{'s' if found[1] else ''}://{path[found.end() :]}{'?' if query else ''}{query}"
