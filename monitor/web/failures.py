"""What is said where a page can't be shown: in words, and with nothing of the inside."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import structlog
from starlette.exceptions import HTTPException

from monitor.errors import StoreError

log = structlog.get_logger()
_KNOWN: Final = {HTTPStatus.NOT_FOUND: "not_found", HTTPStatus.SERVICE_UNAVAILABLE: "not_now"}


def status_of(error: Exception) -> int:
    """The log hears of what is ours."""
    match error:
        case HTTPException():
            return error.status_code
        case StoreError():
            log.error("a page could not be shown", why=str(error))
            return HTTPStatus.SERVICE_UNAVAILABLE
        case _:
            log.error("a page could not be shown", why=f"in a way nobody foresaw: {error!r}")
            return HTTPStatus.INTERNAL_SERVER_ERROR


def text_for(status: int) -> str:
    """Its key among the texts."""
    is_ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return _KNOWN.get(HTTPStatus(status), "went_wrong" if is_ours else "not_allowed")
