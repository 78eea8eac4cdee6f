"""One form for addresses: the key under which an article is known, and who publishes it. Pure."""

from __future__ import annotations

import re
from hashlib import sha256
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

# What only tells a server how its reader came; a name that ends in * stands for all that begin so.
_TRACKERS: Final = (
    "utm_* at_* pk_* piwik_* mtm_* matomo_* guce_* guccounter fb_action_* fb_source fb_ref ns_mchannel ns_source"
    " ns_campaign ns_linkname ns_fee fbclid gclid gclsrc dclid gbraid wbraid gad_* msclkid yclid ymclid twclid ttclid"
    " li_fat_id igshid igsh mc_cid mc_eid _ga _gl _gac _hsenc _hsmi hsctatracking __hstc __hssc __hsfp mkt_tok"
    " oly_anon_id oly_enc_id vero_id vero_conv wickedid s_cid s_kwcid ncid cmpid icid ocid cvid ref_src ref_url xtor"
    " wt_mc wt.mc_id _openstat hootpostid sr_share smid smtyp echobox tag_from"
)
_TRACKER: Final = re.compile(
    "|".join(re.escape(name[:-1]) + ".*" if name.endswith("*") else re.escape(name) for name in _TRACKERS.split())
)
# Another view of the same article: name and value must both fit.
_VIEWS: Final = {
    "outputtype": {"amp"},
    "amp": {"", "1", "true"},
    "output": {"amp"},
    "page": {"all"},
    "single": {"1"},
    "partner": {"rss"},
}
_AMP_PATH: Final = re.compile(r"(?<=[^/])/amp/?$|(?<=[^/])\.amp(?=$|\.html?$)", re.IGNORECASE)
_JSESSIONID: Final = re.compile(r";jsessionid=[^/;?]*", re.IGNORECASE)
_ESCAPE: Final = re.compile(r"%([0-9a-fA-F]{2})")
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_BREAKS: Final = re.compile(r"[\x00-\x1f\x7f]+")
_GOOGLE: Final = re.compile(r"(?:www\.)?google\.[a-z.]{2,6}")
_AMP_CACHE: Final = re.compile(r"/(?:[a-z]/)+(s/)?(?=[^/]+\.)")
_LONGEST: Final = 2000  # a key must fit into an index of PostgreSQL (2,704 bytes)


def canonical_url(url: str) -> str:
    """The key of an address: what differs only in form has one key. What is no http(s) address comes back as it is."""
    url = unwrapped(url)
    split = _split(url)
    if split is None:
        return url
    return _bounded(f"https://{_place(split)}{_path(split.path)}{_query(split)}{_fragment(split.fragment)}")


def unwrapped(url: str) -> str:
    """The address that a redirector or an AMP cache leads to, as far as it stands in the address itself."""
    url = _BREAKS.sub("", url).strip()
    for _ in range(3):  # a wrapper may be wrapped
        split = _split(url)
        target = _inner(split) if split else ""
        if not target:
            break
        url = target
    return url


def shown(url: str) -> str:
    """The address as a reader gets it: as it was written, but without what only tells a server how they came."""
    split = _split(url)
    if split is None:
        return url
    pairs = [pair for pair in split.query.split("&") if not _TRACKER.fullmatch(pair.partition("=")[0].lower())]
    fragment = split.fragment if split.fragment.startswith(("!", "/")) else ""
    return urlunsplit(split._replace(query="&".join(pairs), fragment=fragment))


def absolute(url: str, base: str) -> str:
    """The http(s) address that a link on `base` leads to; empty where it leads nowhere we can go."""
    url = _BREAKS.sub("", url).strip().replace(" ", "%20")
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
    host = _host(split) if split else ""
    if not host or _is_ip(host):
        return None
    try:
        found = get_fld(f"https://{host}/", fail_silently=True)
    except Exception:  # noqa: BLE001  whatever an odd host does to the list, it names no outlet
        return None
    return _readable(found) if found else None


def is_home(url: str) -> bool:
    """Whether the address is that of a site, not of one of its articles."""
    split = _split(url)
    return split is not None and split.path.strip("/") == "" and not split.query and not _fragment(split.fragment)


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


def text_id(key: str) -> str:
    """16 hex digits that name an article's file: the first 8 bytes of the SHA-256 of its key."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()[:16]


def _bounded(key: str) -> str:
    return key if len(key) <= _LONGEST else f"{key[: _LONGEST - 17]}#{text_id(key)}"


# -- parts ---------------------------------------------------------------------------------------


def _split(url: str) -> SplitResult | None:
    """The parts of an http(s) address with a host and a possible port; None for anything else."""
    try:
        split = urlsplit(url)
        if split.scheme.lower() not in ("http", "https") or not split.hostname or split.port == 0:
            return None
    except ValueError:
        return None
    return split


def _host(split: SplitResult) -> str:
    """Lower case, ASCII, without the last dot."""
    host = (split.hostname or "").rstrip(".").lower()
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return quote(host.encode("utf-8", "replace"))


def _readable(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def _is_ip(host: str) -> bool:
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _place(split: SplitResult) -> str:
    """Host and port, without the name of a view (www., m., amp.) and without the user."""
    host = _host(split)
    while host.startswith(("www.", "m.", "amp.")) and host.count(".") > 1:
        host = host.partition(".")[2]
    if ":" in host:
        host = f"[{host}]"
    return host if split.port in (None, 80, 443) else f"{host}:{split.port}"


def _path(path: str) -> str:
    path = _JSESSIONID.sub("", _escaped(_without_dots(path), safe="/:@!$&'()*+,;="))
    path = _AMP_PATH.sub("", path).rstrip("/")
    return path or "/"


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
    text = quote(text.encode("utf-8", "replace"), safe=f"{safe}%")
    return _ESCAPE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    (byte,) = unquote_to_bytes(found[0])
    return chr(byte) if byte in _UNRESERVED else found[0].upper()


def _query(split: SplitResult) -> str:
    pairs = [pair for pair in _pairs(split.query) if not _says_nothing(pair, split)]
    pairs.sort(key=lambda pair: pair.partition("=")[0])  # stable: of one name, order may mean something
    return f"?{'&'.join(pairs)}" if pairs else ""


def _pairs(query: str) -> list[str]:
    query = _escaped(query.replace("&amp;", "&"), safe="/:@!$'()*+,;=&?").replace("%20", "+")
    return [pair for pair in query.split("&") if pair]


def _says_nothing(pair: str, split: SplitResult) -> bool:
    name, _, value = pair.partition("=")
    name = name.lower()
    return (
        _TRACKER.fullmatch(name) is not None
        or value.lower() in _VIEWS.get(name, ())
        or (split.hostname == "news.google.com" and "/articles/" in split.path)  # the token in its path says all
    )


def _fragment(fragment: str) -> str:
    """Only a route of a one-page site names an article."""
    return f"#{_escaped(fragment, safe='/:@!$&()*+,;=?')}" if fragment.startswith(("!", "/")) else ""


# -- wrappers ------------------------------------------------------------------------------------


def _inner(split: SplitResult) -> str:
    """The address inside one that only leads on, read without asking anybody; else empty."""
    host = _host(split)
    if _GOOGLE.fullmatch(host) and split.path == "/url":
        return _inside(split, "url", "q")
    if host in ("l.facebook.com", "lm.facebook.com") and split.path == "/l.php":
        return _inside(split, "u")
    if host.removeprefix("www.") == "bing.com" and split.path == "/news/apiclick.aspx":
        return _inside(split, "url")
    if host == "cdn.ampproject.org" or host.endswith(".cdn.ampproject.org"):
        return _cached(split)
    if _GOOGLE.fullmatch(host) and split.path.startswith("/amp/"):
        return _cached(split._replace(path=split.path.replace("/amp/", "/c/", 1)))
    return ""


def _inside(split: SplitResult, *names: str) -> str:
    try:
        values = dict(parse_qsl(split.query))
    except ValueError:
        return ""
    return next((values[name] for name in names if _split(values.get(name, ""))), "")


def _cached(split: SplitResult) -> str:
    """https://cdn.ampproject.org/c/s/example.org/a → https://example.org/a"""
    found = _AMP_CACHE.match(split.path)
    if found is None:
        return ""
    rest = split.path[found.end() :]
    return f"http{'s' if found[1] else ''}://{rest}{'?' if split.query else ''}{split.query}"
