"""`/openapi.json`: the API as OpenAPI 3.1 tells of it, made from the shapes and lists themselves. Pure."""

from __future__ import annotations

from typing import Any

from pydantic.json_schema import models_json_schema

from monitor.web import shapes
from monitor.web.dress import RELEASE
from monitor.web.lists import LISTS, MOST, USUAL, List

_REF = "#/components/schemas/{model}"


def document(home: str) -> dict[str, Any]:
    whole: tuple[type[shapes.Shape], ...] = (*(each.shape for each in LISTS), shapes.WholeStory)
    _, definitions = models_json_schema([(each, "serialization") for each in whole], ref_template=_REF)
    paths = {f"{home}/{each.name}": {"get": _list(each)} for each in LISTS}
    paths[f"{home}/articles/{{id}}"] = {"get": _one("article", shapes.Article)}
    paths[f"{home}/stories/{{id}}"] = {"get": _one("story", shapes.WholeStory)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "monitor",
            "version": RELEASE,
            "description": "Read only. Lists go on where `next_cursor` (or the Link header) says; null is the end.",
        },
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"] | {"Mistake": _MISTAKE},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "password": {"type": "http", "scheme": "basic"},
            },
        },
        "security": [{}, {"token": []}, {"password": []}],
    }


_MISTAKE = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}


def _list(which: List) -> dict[str, Any]:
    items = {"type": "array", "items": _reference(which.shape)}
    page = {
        "type": "object",
        "required": ["items", "next_cursor"],
        "properties": {"items": items, "next_cursor": {"type": ["string", "null"]}},
    }
    parameters = [_parameter(name, what) for name, what in which.by.items()]
    parameters += [
        _parameter("limit", f"items of a page, 1 to {MOST}; {USUAL} where it is left out", "integer"),
        _parameter("cursor", "next_cursor of the page before"),
        _parameter("format", "json or csv; csv holds the whole list"),
    ]
    content = {"application/json": {"schema": page}, "text/csv": {"schema": {"type": "string"}}}
    return {
        "operationId": which.name,
        "summary": which.what,
        "parameters": parameters,
        "responses": {
            "200": {"description": "A page of it.", "content": content},
            "400": _wrong("What is wrong with it."),
        },
    }


def _one(name: str, shape: type[shapes.Shape]) -> dict[str, Any]:
    content = {"application/json": {"schema": _reference(shape)}}
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    return {
        "operationId": name,
        "summary": f"One {name}.",
        "parameters": [number],
        "responses": {"200": {"description": "It.", "content": content}, "404": _wrong("There is none.")},
    }


def _parameter(name: str, what: str, kind: str = "string") -> dict[str, Any]:
    return {"name": name, "in": "query", "description": what, "schema": {"type": kind}}


def _wrong(what: str) -> dict[str, Any]:
    return {
        "description": what,
        "content": {"application/json": {"schema": {"$ref": _REF.format(model="Mistake")}}},
    }


def _reference(shape: type[shapes.Shape]) -> dict[str, Any]:
    return {"$ref": _REF.format(model=shape.__name__)}
