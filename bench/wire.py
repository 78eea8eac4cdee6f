"""Raw HTTP heads, for the origin and for the floor."""

from __future__ import annotations


def header(head: bytes, name: bytes) -> bytes:
    """The value of a header; `name` in lower case, empty where there is none."""
    start = head.lower().find(b"\r\n" + name + b":")
    if start < 0:
        return b""
    return head[start + len(name) + 3 :].split(b"\r\n", 1)[0].strip()
