"""One form for addresses: the key under which an article is known, and who publishes it. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from typing import Final
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from monitor.parse.hostname import host_in, is_ip, readable
from monitor.parse.outlets import ALIASES, is_known, settled
from monitor.parse.redirectors import cached, leads_on, target
from monitor.parse.trackers import is_tracker, is_view

_PLAIN: Final = re.compile(r"[A-Za-z0-9\-._~/:@!$&'()*+,;=]*")
_LONE_PERCENT: Final = re.compile(r"%(?![0-9a-fA-F]{2})")
_ESCAPE: Final = re.compile(r"%([0-9a-fA-F]{2})")
# What needs no escape wherever it stands: unreserved, or without a meaning of its own in the addresses of the web.
_NEEDS_NONE: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!'()*,:@$")
_WHOLE: Final = re.compile(r"https?://[\w.-]+/[\w./~%-]*(?:\?[\w.~%=&+-]+)?", re.ASCII)  # nothing to be resolved in it
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f]+")
_AMPERSANDS: Final = re.compile(r"&(?:amp;)+")
_AMP_LEFT: Final = re.compile(r"^(?:amp;)+")
_JSESSIONID: Final = re.compile(r";jsessionid=[^/;]*", re.IGNORECASE)
# Trackers that somebody hung on without looking what stood there.
_GLUED: Final = re.compile(
    r"(?:[?&;]|%3F|%26)(?:utm_[a-z]+|fbclid|gclid)(?:=|%3D)(?:(?!%26|%3B)[^&;?])*", re.IGNORECASE
)
_SLASHES: Final = re.compile(r"//+")
# The end of a path that only names a view of what stands before it.
_VIEW_AT_END: Final = re.compile(
    r"(?:(?<=[^/])/amp|(?<=[^/.])\.amp|/index\.(?:html?|php)|/)+$|(?<=[^/.])\.amp(?=\.html?$)", re.IGNORECASE
)
_MAY_BE_VIEW: Final = ("/", "amp", ".html", ".htm", ".php")  # quicker than the search
_AMP_FIRST: Final = re.compile(r"(?:/amp)+(?=/)", re.IGNORECASE)
# A path that can't well be that of two different pages of one outlet: with a number, a day or the words of a title.
_TELLING: Final = re.compile(r"\d{5}|/\d{4}/\d\d/\d\d/|/[^/-]+(?:-[^/-]+){3}")
_VIEW_HOSTS: Final = frozenset({"www", "m", "amp"})
_VIEW_HOSTS_IF_TELLING: Final = frozenset({"mobile", "wap", "touch"})
_SUFFIX: Final = re.compile(r"(?:co|com|or|org|net|ac|edu|gov|gob)\.[a-z]{2}|(?:go|web|sch|my|biz|mil|desa)\.id")
_WIKI: Final = re.compile(r"([a-z-]+)\.m\.(wik\w+\.org)")
_HOME: Final = re.compile(r"https://[^/]+/")
_LONGEST_HOST: Final = 253
_LONGEST: Final = 2000  # a key must fit into an index of PostgreSQL (2,704 bytes)
_LONGEST_READ: Final = 8000  # no browser, server or article needs more: it is an attack
_DEEPEST: Final = 10  # wrappers around wrappers


def canonical_url(url: str) -> str:
    """The key of an address: what differs only in form has one key. What is no http(s) address comes back as it is."""
    return _canonical_url(url) if len(url) > _LONGEST else _remembered_url(url)


def _canonical_url(url: str) -> str:
    url, split = _unwrapped(url)
    return url if split is None else _bounded(*_parts(split))


# The address of one entry is looked at half a dozen times.
_remembered_url: Final = lru_cache(maxsize=1 << 11)(_canonical_url)


def unwrapped(url: str) -> str:
    """The address that a redirector or an AMP cache leads to, as far as it stands in the address itself."""
    return _unwrapped(url)[0]


def shown(url: str) -> str:
    """The address as a reader gets it: as it was written, but without what only tells a server how they came."""
    split = _split(url)
    if split is None:
        return url
    pairs = [pair for pair in split.query.split("&") if not is_tracker(*_named(pair))]
    fragment = split.fragment if split.fragment.startswith(("!", "/")) else ""
    return urlunsplit(split._replace(query="&".join(pairs), fragment=fragment))


def absolute(url: str, base: str) -> str:
    """The http(s) address that a link on `base` leads to; empty where it leads nowhere we can go."""
    url = _BREAKS.sub("", url).strip().replace(" ", "%20")
    if _WHOLE.fullmatch(url):  # as most are
        return url if _split(url) else ""
    try:
        joined = urljoin(base, url)
    except ValueError:
        return ""
    if joined.startswith("//"):
        joined = f"https:{joined}"
    return joined if _split(joined) else ""


def outlet_of(url: str) -> str | None:
    """The registrable domain of an address ("tempo.co"); None for a bare IP address, localhost or a path."""
    from tld import get_fld  # reads its list from the package when first asked

    split = _split(url.strip())
    host = host_in(split) if split else ""
    if not host or is_ip(host):
        return None
    try:
        found = get_fld(f"https://{host}/", fail_silently=True)
    except Exception:  # noqa: BLE001  whatever an odd host does to the list, it names no outlet
        return None
    return readable(found) if found else None


def is_home(url: str) -> bool:
    """Whether the address is that of a site, not of one of its articles."""
    return _HOME.fullmatch(canonical_url(url)) is not None


def same_site(one: str, other: str) -> bool:
    """Whether one publisher stands behind both addresses."""
    outlet = outlet_of(one)
    if outlet is not None:
        return outlet == outlet_of(other)
    first, second = _split(one), _split(other)
    return first is not None and second is not None and _place(first) == _place(second)


def is_section_of(address: str, url: str) -> bool:
    """Whether the address is a folder that the other one lies in: of a list, not of this article."""
    outer, inner = _split(canonical_url(address)), _split(canonical_url(url))
    return outer is not None and inner is not None and not outer.query and inner.path.startswith(f"{outer.path}/")


def file_id(key: str, url: str) -> str:
    """By which an article's file is named: a text file keeps its own id, any other article has that of its address.

    That is its URL as it is shown; where several articles share one, or have none, their keys tell them apart.
    """
    kind, _, own = key.partition(":")
    if kind == "text":
        return own
    return text_id(url if canonical_url(url) == key else key)


def text_id(key: str) -> str:
    """16 hex digits that name an article's file: the first 8 bytes of the SHA-256 of its key."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()[:16]


def _bounded(place: str, path: str, rest: str) -> str:
    key = f"https://{place}{path}{rest}"
    return key if len(key) <= _LONGEST else f"https://{place}/#/{text_id(key)}"


# -- parts ---------------------------------------------------------------------------------------


def _split(url: str) -> SplitResult | None:
    """The parts of an http(s) address with a host and a possible port; None for anything else."""
    return _read(url) if len(url) > _LONGEST else _remembered(url)


def _read(url: str) -> SplitResult | None:
    try:
        split = urlsplit(url)
        if split.scheme not in ("http", "https") or not split.hostname or split.port == 0:
            return None
    except ValueError:
        return None
    return split if split.hostname.strip(".") and len(split.hostname) <= _LONGEST_HOST else None


_remembered: Final = lru_cache(maxsize=1 << 11)(_read)


def _parts(split: SplitResult) -> tuple[str, str, str]:
    """Host and port, path, and the rest of the key."""
    if len(split.path) + len(split.query) + len(split.fragment) > _LONGEST_READ:
        return _place(split), "/", f"#/{text_id(urlunsplit(split._replace(scheme='', netloc='')))}"
    path = _without_view(_clean_path(split.path))
    place, path = settled(_place(split, path), path)
    while (first := _AMP_FIRST.match(path)) and _TELLING.search(path) and not leads_on(place):
        place, path = settled(place, path[first.end() :])
    path = _without_view(path)
    return place, path, f"{_query(split.query, place, path)}{_fragment(split.fragment)}"


def _place(split: SplitResult, path: str = "") -> str:
    """Host and port, without the name of a view (www., m., amp.) and without the user."""
    host = host_in(split)
    if ":" in host:
        host = f"[{host}]"
    host = _without_views(host, path)
    return host if split.port in (None, 80, 443) else f"{host}:{split.port}"


def _without_views(host: str, path: str) -> str:
    while True:
        first, _, rest = host.partition(".")
        is_view_host = first in _VIEW_HOSTS or (first in _VIEW_HOSTS_IF_TELLING and _TELLING.search(path))
        if not is_view_host or "." not in rest or (first != "www" and _SUFFIX.fullmatch(rest)):
            break
        host = rest
    return ALIASES.get(host, host) if ".m." not in host else _WIKI.sub(r"\1.\2", host)


def _without_view(path: str) -> str:
    while path.lower().endswith(_MAY_BE_VIEW) and (shorter := _VIEW_AT_END.sub("", path)) != path:
        path = shorter
    return path or "/"


def _clean_path(path: str) -> str:
    """One way of writing a path, whatever it means."""
    path = _escaped(path, safe="/:@!$&'()*+,;=")
    path = _without_dots(_unglued(_JSESSIONID.sub("", path) if ";" in path else path))
    return _SLASHES.sub("/", path) if "//" in path else path


def _unglued(text: str) -> str:
    return _GLUED.sub("", text) if any(sign in text for sign in "?&;%") else text


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    for part in path.split("/"):
        if part == "..":
            kept = kept[:-1] if len(kept) > 1 else kept
        elif part != ".":
            kept.append(part)
    return "/".join(kept)


def _escaped(text: str, *, safe: str) -> str:
    """One way of escaping: what needs none is bare, the rest in capitals; %2F stays what it is."""
    if _PLAIN.fullmatch(text):
        return text
    text = _LONE_PERCENT.sub("%25", quote(text.encode("utf-8", "replace"), safe=f"{safe}%"))
    return _ESCAPE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    (byte,) = unquote_to_bytes(found[0])
    return chr(byte) if byte in _NEEDS_NONE else found[0].upper()


def _query(query: str, place: str, path: str) -> str:
    if not query or _is_token(place, path):
        return ""
    pairs = [pair for pair in _pairs(query) if not _says_nothing(pair, place, path)]
    pairs.sort(key=lambda pair: pair.partition("=")[0])  # stable: of one name, order may mean something
    return f"?{'&'.join(pairs)}" if pairs else ""


def _pairs(query: str) -> list[str]:
    query = _escaped(_unamped(query), safe="/:@!$'()*+,;=&?").replace("%20", "+")
    return [short for pair in query.split("&") if (short := _unamped(_unglued(pair)))]


def _unamped(query: str) -> str:
    """&amp; is a & that was escaped twice."""
    return _AMP_LEFT.sub("", _AMPERSANDS.sub("&", query)) if "amp;" in query else query


def _named(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    return name.lower(), value


def _says_nothing(pair: str, place: str, path: str) -> bool:
    name, value = _named(pair)
    return is_tracker(name, value) or is_view(name, value) or is_known(name, value, place, path)


def _is_token(place: str, path: str) -> bool:
    """Google News: the token in the path says all."""
    return place == "news.google.com" and path.startswith("/articles/")


def _fragment(fragment: str) -> str:
    """Only a route of a one-page site names an article."""
    if not fragment.startswith(("!", "/", "%21")):
        return ""
    fragment = _escaped(fragment, safe="/:@!$&()*+,;=?").partition(":~:")[0]  # what a browser should mark
    return f"#{fragment}" if fragment.strip("!/") else ""


def _unwrapped(url: str) -> tuple[str, SplitResult | None]:
    """The address inside, and its parts; the address itself where wrappers have no end."""
    url = inner = _BREAKS.sub("", url).strip()
    split = outer = _split(url)
    for _ in range(_DEEPEST if len(url) <= _LONGEST_READ else 0):
        found = _BREAKS.sub("", _leads_to(split)).strip() if split else ""
        further = _split(found) if found else None
        if further is None:
            return inner, split
        inner, split = found, further
    return url, outer


def _leads_to(split: SplitResult) -> str:
    place = _place(split)
    if not leads_on(place):
        return ""
    path, query = _clean_path(split.path), _unamped(split.query)
    return cached(place, path, query) or target(place, _without_view(path), query)
