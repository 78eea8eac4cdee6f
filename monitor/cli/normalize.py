"""`normalize`: the article of a page, in text form."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

from monitor.app import utc_now
from monitor.cli.common import STANDARD, Config, Json, log_to_stderr, read_or_defaults, say_json
from monitor.errors import FetchError, ParseError, UsageError
from monitor.model import Article, Page
from monitor.parse import textfile
from monitor.work import look


def normalize(
    source: Annotated[str, typer.Argument(metavar="URL|FILE.html", help="An address, or a page that was saved.")],
    config: Config = STANDARD,
    json: Json = False,
    url: Annotated[str, typer.Option(help="Where a saved page came from.")] = "",
) -> None:
    log_to_stderr(logging.ERROR)
    read_or_defaults(config)
    try:
        article = asyncio.run(_article(source, url))
    except FetchError as error:
        raise UsageError(f"{source} can't be read: {error}") from None
    except ParseError as error:
        raise UsageError(f"{source}: {error}") from None
    if json:
        say_json(_as_json(article))
    else:
        typer.echo(textfile.write(article.title, article.text), nl=False)


async def _article(source: str, url: str) -> Article:
    now = utc_now()
    if source.startswith(("http://", "https://")):
        return await look.at_address(source, now=now)
    return await look.in_page(Page(url=url, content=_content(source), content_type="text/html"), now=now)


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
