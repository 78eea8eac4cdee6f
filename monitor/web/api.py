"""`/api/v1`: what the pages show, for programs: JSON a page at a time, CSV as a whole."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import urlencode

from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from monitor.store import front, front_lists
from monitor.web import openapi, shapes, table
from monitor.web.answers import answer
from monitor.web.dress import Dress, Page
from monitor.web.lists import LISTS, MOST, USUAL, Asked, List, number
from monitor.web.stories import id_of
from monitor.web.tools import Tools

HOME: Final = "/api/v1"
_OF_EVERY_LIST: Final = frozenset(("limit", "cursor", "format", "token"))
_JSON: Final = "application/json"


def pages() -> Mapping[str, Page]:
    lists: dict[str, Page] = {f"{HOME}/{each.name}": partial(_list, each) for each in LISTS}
    return lists | {
        f"{HOME}/articles/{{id}}": _article,
        f"{HOME}/stories/{{id}}": _story,
        "/openapi.json": _openapi,
    }


def is_asked(request: Request) -> bool:
    return request.url.path.startswith("/api/")


async def _list(which: List, request: Request, tools: Tools, _dress: Dress) -> Response:
    asked = _asked(which, request)
    if _wants_csv(request):
        name = f'attachment; filename="{which.name}.csv"'
        rows = _lines(which, tools, replace(asked, limit=MOST))
        first = await anext(rows)  # what goes wrong is told before the answer has begun
        return StreamingResponse(
            _and(first, rows), media_type="text/csv; charset=utf-8", headers={"Content-Disposition": name}
        )
    sheet = await which.rows(tools, asked)
    items = [_object(which.shape.model_validate(each)) for each in sheet.items]
    cursor = None if sheet.after is None else str(sheet.after)
    further = urlencode({**asked.by, "limit": asked.limit, "cursor": cursor or ""})
    headers = {"Link": f'<{HOME}/{which.name}?{further}>; rel="next"'} if cursor else None
    return answer(request, to_json({"items": items, "next_cursor": cursor}), media_type=_JSON, headers=headers)


def _asked(which: List, request: Request) -> Asked:
    given = request.query_params
    if unknown := sorted(given.keys() - which.by.keys() - _OF_EVERY_LIST):
        known = ", ".join((*which.by, "limit", "cursor", "format"))
        raise HTTPException(400, f"'{unknown[0][:40]}' is no parameter of this list; there is {known}")
    limit = number("limit", given["limit"]) if given.get("limit") else USUAL
    if limit == 0:
        raise HTTPException(400, f"limit: write a number from 1 to {MOST}")
    return Asked(
        after=number("cursor", given["cursor"]) if given.get("cursor") else None,
        limit=min(limit, MOST),
        by={name: given[name] for name in which.by if given.get(name)},
    )


def _object(shape: shapes.Shape) -> dict[str, object]:
    return shape.model_dump(mode="json", by_alias=True)


# -- as a table ----------------------------------------------------------------------------------


def _wants_csv(request: Request) -> bool:
    form = request.query_params.get("format", "")
    if form not in {"", "json", "csv"}:
        raise HTTPException(400, "format: write json or csv")
    return form == "csv" or (not form and request.headers.get("accept", "").startswith("text/csv"))


async def _lines(which: List, tools: Tools, asked: Asked) -> AsyncIterator[bytes]:
    """All of the list, as much in hand as one page of it."""
    heads = tuple(field.serialization_alias or name for name, field in which.shape.model_fields.items())
    before = table.BOM + table.lines([heads])
    after: int | None = asked.after
    while True:
        sheet = await which.rows(tools, replace(asked, after=after))
        yield before + table.lines([_cells(which.shape.model_validate(each)) for each in sheet.items])
        before = b""
        if (after := sheet.after) is None:
            return


def _cells(shape: shapes.Shape) -> list[table.Cell]:
    return [_cell(getattr(shape, name)) for name in type(shape).model_fields]


def _cell(value: object) -> table.Cell:
    match value:
        case tuple():
            return tuple(str(_cell(each)) for each in value)
        case shapes.Outlet(name=name):
            return name
        case shapes.Message(channel=channel):
            return channel
        case bool():
            return "true" if value else "false"
        case _:
            return value  # type: ignore[return-value]  # a shape holds nothing else


async def _and(first: bytes, rows: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for more in rows:
        yield more


# -- one of them ---------------------------------------------------------------------------------


async def _article(request: Request, tools: Tools, _dress: Dress) -> Response:
    found = await tools.database.run(front_lists.article, id_of(request))
    if found is None:
        raise HTTPException(404, "there is no article with this number")
    return answer(request, to_json(_object(shapes.Article.model_validate(found))), media_type=_JSON)


async def _story(request: Request, tools: Tools, _dress: Dress) -> Response:
    found = await tools.database.run(front.story, id_of(request))
    if found is None:
        raise HTTPException(404, "there is no story with this number")
    return answer(request, to_json(_object(shapes.WholeStory.model_validate(found))), media_type=_JSON)


async def _openapi(request: Request, _tools: Tools, _dress: Dress) -> Response:
    return answer(request, to_json(openapi.document(HOME)), media_type=_JSON)
