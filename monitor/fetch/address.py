"""Which addresses are opened: what is an http(s) address, and which IP addresses lie outside the inner network."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from socket import inet_aton, inet_ntoa
from typing import Final

import httpx

from monitor.errors import FetchError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

HIGHEST_PORT: Final = 65535
_HOST: Final = re.compile(
    r"[0-9A-Za-z._-]+|[0-9A-Fa-f:.]+"
)  # other signs mean one thing to one reader, another to the next
_NUMBER: Final = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]*))*")


def _networks(*texts: str) -> tuple[Network, ...]:
    return tuple(map(ip_network, texts))


# Never opened, whatever the user allows: here clouds hand out keys to whoever asks from the machine itself.
_FORBIDDEN: Final = _networks(
    "169.254.0.0/16",
    "fe80::/10",
    "100.100.100.200/32",  # Alibaba
    "168.63.129.16/32",  # Azure; a public address that only answers inside
    "192.0.0.192/32",  # Oracle
    "fd00:ec2::/32",  # Amazon
    "fd20:ce::254/128",  # Google
)
# What `is_global` of Python 3.11 lets through, and should not.
_NOT_ROUTED: Final = _networks("192.0.0.0/24", "192.88.99.0/24")
# Of IPv6 only this block is given out. Holes in it: protocol tests and Teredo, examples, 6to4.
_GIVEN_OUT: Final = IPv6Network("2000::/3")
_HOLES: Final = _networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
# Their last 32 bits are an IPv4 address, which is where the packets go.
_TRANSLATED: Final = _networks("64:ff9b::/96", "64:ff9b:1::/48", "::ffff:0:0:0/96", "::/96")
_NAT64: Final = IPv6Network("64:ff9b::/96")

# Names that no public name server answers for (RFC 6761, 6762, 8375, and what routers and companies use).
_INNER_ENDINGS: Final = (".localhost", ".local", ".lan", ".home", ".internal", ".intranet", ".home.arpa", ".test")


def http_url(text: str) -> httpx.URL:
    """The address, read as we connect to it; what has no host, an odd port or another scheme is refused."""
    try:
        url = httpx.URL(text.strip())
        host = url.raw_host.decode("ascii") if url.host else ""  # reading `host` also tells whether it can be read
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise FetchError("not an http(s) address", permanent=True) from None
    if url.scheme not in {"http", "https"} or not _HOST.fullmatch(host):
        raise FetchError("not an http(s) address", permanent=True)
    if url.port is not None and not 0 < url.port <= HIGHEST_PORT:
        raise FetchError("not an http(s) address: impossible port", permanent=True)
    number = _number(host) if host[0].isdecimal() else host
    return url if number == host else url.copy_with(host=number)


def _number(host: str) -> str:
    """An IPv4 address as it is usually written, where it is one in any spelling that systems understand (127.1, 0x7f.1)."""
    if not _NUMBER.fullmatch(host):
        return host
    try:
        return inet_ntoa(inet_aton(host.rstrip(".")))
    except OSError:
        raise FetchError("not an http(s) address", permanent=True) from None


def port_of(url: httpx.URL) -> int:
    return url.port or (443 if url.scheme == "https" else 80)


def is_inner_name(host: str) -> bool:
    """Whether a host can be told to be of the inner network by its name alone."""
    name = host.rstrip(".").lower()
    try:
        return not is_public(ip_address(name))
    except ValueError:
        return "." not in name or name.endswith(_INNER_ENDINGS)


def refusal(address: Address, *, allow_private: bool) -> str | None:
    """Why it is not opened, in words."""
    if is_forbidden(address):
        return "link-local or metadata address refused"
    return None if allow_private or is_public(address) else "private address refused"


def is_forbidden(address: Address) -> bool:
    """Link-local or a cloud's metadata, also when wrapped in another form: refused even where private ones are allowed."""
    return any(face in network for face in _faces(address) for network in _FORBIDDEN)


def is_public(address: Address) -> bool:
    """Routed on the open internet. An IPv6 form of an IPv4 address is what that one is."""
    if is_forbidden(address):
        return False
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast and not _within(address, _NOT_ROUTED)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _NAT64:
        return is_public(_last_32_bits(address))
    return address in _GIVEN_OUT and not _within(address, _HOLES)


def _faces(address: Address) -> list[Address]:
    """The address and every IPv4 address that it carries."""
    if isinstance(address, IPv4Address):
        return [address]
    carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if _within(address, _TRANSLATED):
        carried.append(_last_32_bits(address))
    return [address, *(face for face in carried if face is not None)]


def _within(address: Address, networks: tuple[Network, ...]) -> bool:
    return any(address in network for network in networks)


def _last_32_bits(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFF_FFFF)
