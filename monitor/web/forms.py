"""Forms as they are posted: small, each field once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request

MOST: Final = 4096  # bytes of a form
_KIND: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class BadForm:
    status: int


async def read_fields(request: Request) -> Mapping[str, str] | BadForm:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        return BadForm(400)
    body = await read_body(request)
    if body is None:
        return BadForm(413)
    try:
        fields = parse_qs(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=16)
    except ValueError:
        return BadForm(400)
    if any(len(values) > 1 for values in fields.values()):
        return BadForm(400)
    return {name: values[0] for name, values in fields.items()}


async def read_body(request: Request) -> bytes | None:
    """None where it is too long: it is then not read to its end."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:9]) > MOST:
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST:
            return None
    return body
