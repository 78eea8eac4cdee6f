"""`normalize`: the article of a page, in text form."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Annotated

import typer

from monitor import app
from monitor.cli.common import STANDARD, Config, Json, log_to_stderr, read_or_defaults, say_json
from monitor.errors import FetchError, ParseError, UsageError
from monitor.model import Article, Page
from monitor.parse import textfile
from monitor.parse.article import read_page
from monitor.work import look


def normalize(
    source: Annotated[str, typer.Argument(metavar="URL|FILE.html", help="An address, or a page that was saved.")],
    config: Config = STANDARD,
    json: Json = False,
    url: Annotated[str, typer.Option(help="Where a saved page came from.")] = "",
) -> None:
    """Print the article of a page in text form: its title, an empty line, its paragraphs."""
    log_to_stderr(logging.ERROR)
    read_or_defaults(config)
    page = _page(source, url)
    try:
        article = read_page(page, now=app.utc_now())
    except ParseError as error:
        raise UsageError(f"{source}: {error}") from None
    if json:
        say_json(_as_json(article))
    else:
        typer.echo(textfile.write(article.title, article.text), nl=False)


def _page(source: str, url: str) -> Page:
    if source.startswith(("http://", "https://")):
        try:
            return asyncio.run(look.page(source))
        except FetchError as error:
            raise UsageError(f"{source} can't be read: {error}") from None
    try:
        return Page(url=url, content=Path(source).read_bytes(), content_type="text/html")
    except OSError as error:
        raise UsageError(f"{source} can't be read: {error.strerror}") from None


def _as_json(article: Article) -> dict[str, object]:
    return {
        "title": article.title,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "author": article.author,
        "outlet": article.outlet,
        "language": article.language,
        "url": article.url,
        "quality": article.quality,
        "text": article.text,
    }


COMMANDS = (normalize,)
