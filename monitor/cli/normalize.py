"""`normalize`: the article of a page, in text form; with `--explain` how it came to be."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from monitor.app import utc_now
from monitor.cli.common import STANDARD, Config, Json, log_to_stderr, read_or_defaults, say_json
from monitor.errors import FetchError, ParseError, UsageError
from monitor.model import Article, Page
from monitor.parse import textfile
from monitor.parse.article import Extracted
from monitor.settings import Site
from monitor.work import look

_SOURCES: Final = {
    "page": "from the page's own lines",
    "trafilatura": "as trafilatura found it",
    "readability": "as readability found it",
    "json-ld": "from what the page says of itself (JSON-LD)",
    "site rule": "where the configuration says under `sites`",
    "feed": "from the feed",
}


def normalize(
    source: Annotated[str, typer.Argument(metavar="URL|FILE.html", help="An address, or a page that was saved.")],
    config: Config = STANDARD,
    json: Json = False,
    url: Annotated[str, typer.Option(help="Where a saved page came from.")] = "",
    explain: Annotated[
        bool, typer.Option(help="Say where the text came from, and what was left out, and why.")
    ] = False,
) -> None:
    log_to_stderr(logging.ERROR)
    sites = read_or_defaults(config).settings.sites
    try:
        found = asyncio.run(_found(source, url, sites))
    except FetchError as error:
        raise UsageError(f"{source} can't be read: {error}") from None
    except ParseError as error:
        raise UsageError(f"{source}: {error}") from None
    article = found.article
    if json:
        say_json(_as_json(article) | (_explained(found) if explain else {}))
        return
    typer.echo(textfile.write(article.title, article.text), nl=False)
    if explain:  # apart from the text, which may go into a file
        typer.echo("\n".join(["", *_account(found)]), err=True)


async def _found(source: str, url: str, sites: Mapping[str, Site]) -> Extracted:
    now = utc_now()
    if source.startswith(("http://", "https://")):
        return await look.at_address(source, sites, now=now)
    page = Page(url=url, content=_content(source), content_type="text/html")
    return await look.in_page(page, sites, now=now)


def _content(source: str) -> bytes:
    try:
        return Path(source).read_bytes()
    except OSError as error:
        raise UsageError(f"{source} can't be read: {error.strerror}") from None


def _as_json(article: Article) -> dict[str, object]:
    return {
        "title": article.title,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "author": article.author,
        "outlet": article.outlet or None,
        "language": article.language,
        "url": article.url,
        "quality": article.quality,
        "text": article.text,
    }


def _explained(found: Extracted) -> dict[str, object]:
    return {
        "quality_reason": found.article.quality_reason,
        "image": found.article.image,
        "source": found.source,
        "pages": found.pages,
        "removed": [{"rule": removed.rule, "line": removed.line} for removed in found.removed],
    }


def _account(found: Extracted) -> Iterator[str]:
    article = found.article
    why = f" ({article.quality_reason})" if article.quality_reason else ""
    yield f"text       {len(article.text):,} characters: {article.quality}{why}; {_SOURCES[found.source]}"
    for page in found.pages:
        yield f"page       {page or '(no address)'}"
    yield f"title      {article.title}"
    yield f"published  {article.published_at.isoformat() if article.published_at else 'not said'}"
    yield f"author     {article.author or 'not said'}"
    yield f"outlet     {article.outlet or 'not known'}"
    yield f"language   {article.language or 'not known'}"
    yield f"image      {article.image or 'none'}"
    yield f"left out   {len(found.removed) or 'no'} line{'' if len(found.removed) == 1 else 's'}"
    for removed in found.removed:
        yield f"  {removed.rule:<16} {removed.line}"
