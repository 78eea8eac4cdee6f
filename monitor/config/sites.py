"""Rules for single sites: which host, and which parts of its pages. Pure."""

from __future__ import annotations

import re
from typing import Final

from monitor.config.words import Form, Misread

A_SELECTOR: Final = "write it like .article-body or div#content"
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?::[0-9]{1,5})?")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OURS: Final = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})


def _selector(text: str) -> str:
    from cssselect import HTMLTranslator, SelectorError  # only where a file has such rules

    try:
        HTMLTranslator().css_to_xpath(text)
    except SelectorError:
        raise Misread("{it} is no CSS selector", A_SELECTOR) from None
    return text


selector: Final = Form(_selector)


def host_fault(host: str) -> tuple[str, str] | None:
    """Why a name is no host, and what to write instead."""
    if "://" in host or "/" in host:
        bare = re.sub(r"^\w+://", "", host).partition("/")[0]
        return "a site is named by its host alone", f"write {bare.lower()}" if bare else "write it like example.com"
    if host.startswith("*."):
        return "a site's name holds its subdomains anyway", f"write {host[2:].lower()}"
    if not _HOST.fullmatch(host.lower()):
        return "this is no host", "write it like example.com"
    return None


def header_fault(name: str) -> tuple[str, str] | None:
    """Why a name is none of a header (RFC 9110, 5.1) that may be sent, and what to do."""
    if not _TOKEN.fullmatch(name):
        return "this is no name of a header", "write it like X-Api-Key"
    if name.lower() in _OURS:
        return f"'{name}' is written by the program itself", "take it away"
    return None
