"""The page: which address shows what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from monitor.web import (
    api,
    articles,
    deliveries,
    feeds,
    feeds_out,
    home,
    muting,
    searching,
    settings,
    silencing,
    stories,
    topics,
    trying,
)
from monitor.web.access import Access, Guarded, token_for, with_token
from monitor.web.dress import Dress, Page, voice_of
from monitor.web.failures import status_of, text_for
from monitor.web.login import Wait, Wrong
from monitor.web.shield import Names, Shielded
from monitor.web.tools import Tools


def site(tools: Tools) -> ASGIApp:
    """All pages; where a password is set, for who knows it."""
    access = _access(tools)
    dress = Dress(atom=partial(with_token, access), token=token_for(access, "api")) if access else Dress()
    pages: Mapping[str, Page] = {
        "/": home.page,
        "/stories": stories.page,
        "/stories/{id}": stories.one,
        "/articles/{id}": articles.page,
        "/search": searching.page,
        "/topics": topics.page,
        "/atom": feeds_out.every,
        "/topics/{name:path}/atom": feeds_out.of_topic,
        "/channels/{name:path}/atom": feeds_out.of_channel,
        "/topics/{name:path}": topics.one,
        "/feeds": feeds.page,
        "/deliveries": deliveries.page,
        "/silences": silencing.page,
        "/settings": settings.page,
        "/try": trying.page,
        "/mute/{token}": muting.page,
        "/mute/{token}/unsubscribe": muting.page,
        **api.pages(),
    }
    forms: Mapping[str, Page] = {
        "/deliveries/{id}/send": deliveries.send,
        "/silences": silencing.add,
        "/silences/{id}/end": silencing.end,
        "/mute/{token}": muting.ask,
        "/mute/{token}/unsubscribe": muting.unsubscribe,
    }
    routes: list[BaseRoute] = [
        *machines(tools),
        *(Route(path, partial(_shown, page, tools, dress), methods=["GET"]) for path, page in pages.items()),
        *(Route(path, partial(_shown, page, tools, dress), methods=["POST"]) for path, page in forms.items()),
        Mount("/static", StaticFiles(packages=[("monitor.web", "static")])),
    ]
    said = partial(_failed, tools, dress)
    pages_alone = Starlette(routes=routes, exception_handlers={HTTPException: said})
    # It would lead away from HTTPS, of which only the proxy before us knows.
    pages_alone.router.redirect_slashes = False
    app: ASGIApp = pages_alone
    if access:
        app = Guarded(app, access, partial(_login, tools, dress))
    return Shielded(app, lambda: Names.of(tools.settings().web))


def _access(tools: Tools) -> Access | None:
    web = tools.settings().web
    if web.password is None:
        return None
    return Access(web.password, tools.key, is_https=(web.url or "").startswith("https:"), clock=tools.clock)


def _login(tools: Tools, dress: Dress, request: Request, last: Wrong | Wait | None, after: str) -> Response:
    voice = voice_of(request, zone=tools.settings().timezone, now=tools.clock())
    wait = last.seconds if isinstance(last, Wait) else 0
    return dress.page("login.html", voice, wrong=isinstance(last, Wrong), wait=wait, next=after)


def machines(tools: Tools) -> list[BaseRoute]:
    """`/healthz` and `/readyz` say only ok or late; `/metrics` is the Prometheus text format."""

    async def health(_request: Request) -> Response:
        return PlainTextResponse("ok\n") if tools.is_on_time() else PlainTextResponse("late\n", 503)

    async def metrics(_request: Request) -> Response:
        return Response(tools.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return [Route("/healthz", health), Route("/readyz", health), Route("/metrics", metrics)]


async def _shown(page: Page, tools: Tools, dress: Dress, request: Request) -> Response:
    try:
        return await page(request, tools, dress)
    except HTTPException:
        raise
    except Exception as error:  # noqa: BLE001  a page that fails must not fill the log with what nobody can read
        return await _failed(tools, dress, request, error)


async def _failed(tools: Tools, dress: Dress, request: Request, error: Exception) -> Response:
    status = status_of(error)
    headers = error.headers if isinstance(error, HTTPException) else None
    if api.is_asked(request):
        what = error.detail if isinstance(error, HTTPException) else "this can't be told now; the log says why"
        return JSONResponse({"error": what}, status, headers)
    voice = voice_of(request, zone=tools.settings().timezone, now=tools.clock())
    response = dress.page("error.html", voice, status=status, text=voice.say(text_for(status)))
    response.headers.update(headers or {})
    return response
