"""Answers that a reader may have already: told by what they hold (RFC 9110, 8.8.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_TAG: Final = re.compile(r'"[^"]*"')


def answer(request: Request, body: bytes, *, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    """Or 304, where the reader says that it has this already."""
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    said = {"ETag": tag, "Cache-Control": "private, no-cache", **(headers or {})}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or tag in _TAG.findall(known):
        return Response(status_code=304, headers=said)
    return Response(body, media_type=media_type, headers=said)
