"""A scripted news site on loopback: pages and feeds that can be swapped at any time, and what was asked of it.

with Site() as site:
    site.article("/berita/1", "Judul", ["Paragraf satu.", "Paragraf dua."])
    site.feed("/rss", [FeedEntry("Judul", "/berita/1")], title="Kabar Nusantara")
    ...                                    # read site.url_of("/rss")
    assert site.paths == ["/rss", "/berita/1"]
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Literal, Self

from tests.loopback import Request, Response, http_server
from tests.pages import FeedEntry, article_page, atom, rss
from tests.sinks import JsonSink, MailSink

__all__ = ["FeedEntry", "JsonSink", "MailSink", "Request", "Site", "article_page"]

HTML = "text/html; charset=utf-8"


class Site:
    """One news site; an unknown path is 404. Pages with status 200 get an ETag and answer 304 to it."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.url = ""
        self._pages: dict[str, Response] = {}
        self._open = ExitStack()

    @property
    def paths(self) -> list[str]:
        """What was asked for, in order, but for robots.txt, which is asked for once wherever pages are."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def url_of(self, path: str) -> str:
        return self.url + path

    def page(
        self,
        path: str,
        content: str | bytes = b"",
        *,
        content_type: str = HTML,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        delay: float = 0.0,
    ) -> str:
        """What `path` answers from now on; gives its address. A header with an empty value is not sent (`{"ETag": ""}`)."""
        body = content.encode() if isinstance(content, str) else content
        given = {"Content-Type": content_type, **validators(status, body), **(headers or {})}
        self._pages[path] = Response(status, body, {name: value for name, value in given.items() if value}, delay)
        return self.url_of(path)

    def feed(
        self,
        path: str,
        entries: Sequence[FeedEntry],
        kind: Literal["rss", "atom"] = "rss",
        *,
        title: str = "Kabar Nusantara",
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """The feed at `path` from now on; gives its address."""
        document = (atom if kind == "atom" else rss)(title, self.url, entries)
        return self.page(path, document, content_type=f"application/{kind}+xml; charset=utf-8", headers=headers)

    def article(
        self,
        path: str,
        title: str,
        paragraphs: Sequence[str],
        *,
        outlet: str = "Kabar Nusantara",
        published: datetime | None = None,
    ) -> str:
        """A realistic article page that names itself as canonical; gives its address."""
        html = article_page(title, paragraphs, outlet=outlet, canonical=self.url_of(path), published=published)
        return self.page(path, html)

    def fail(self, path: str, status: int, *, retry_after: str = "") -> str:
        """`path` answers an error from now on; `retry_after` as the header has it: seconds or a date."""
        return self.page(path, f"error {status}", status=status, headers={"Retry-After": retry_after})

    def redirect(self, path: str, to: str, *, status: int = 302) -> str:
        return self.page(path, status=status, headers={"Location": to})

    def slow(self, path: str, delay: float) -> None:
        """What `path` answers now comes so many seconds later; 3600 hangs until the site closes."""
        self._pages[path] = replace(self._pages[path], delay=delay)

    def asked(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def _answer(self, request: Request) -> Response:
        self.requests.append(request)
        response = self._pages.get(request.path)
        if response is None:
            return Response(404, b"not found", {"Content-Type": "text/plain"})
        if unchanged(request, response):
            kept = {name: value for name, value in response.headers.items() if name != "Content-Type"}
            return Response(304, headers=kept, delay=response.delay)
        return response

    def __enter__(self) -> Self:
        self.url = self._open.enter_context(http_server(self._answer))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._open.close()


def validators(status: int, body: bytes) -> dict[str, str]:
    return {"ETag": f'"{hashlib.sha256(body).hexdigest()[:16]}"'} if status == 200 else {}


def unchanged(request: Request, response: Response) -> bool:
    """If-None-Match comes before If-Modified-Since (RFC 9110 §13.2.2)."""
    if response.status != 200:
        return False
    if known := request.headers.get("if-none-match"):
        return response.headers.get("ETag", "none") in known
    since = request.headers.get("if-modified-since")
    return since is not None and since == response.headers.get("Last-Modified")
