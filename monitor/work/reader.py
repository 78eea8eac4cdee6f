"""Get the pages of an article: as its site and its user want it, and all of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from monitor.errors import FetchError, ParseError
from monitor.fetch.client import ARTICLE, Client
from monitor.fetch.hosts import Hosts
from monitor.fetch.robots import Robots
from monitor.model import Page, Quality
from monitor.parse.article import Extracted, Pages
from monitor.parse.body import SiteRule
from monitor.parse.pages import MOST_PAGES, is_all
from monitor.settings import Feed, Site, site_of

NOT_WANTED = "its site asks programs not to read this page (robots.txt)"
IN_PART = "not all of its pages could be read"
LONGER = f"it has more than {MOST_PAGES} pages, of which the first were read"

_NOT_THERE: Final = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_PASSING: Final = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}

Get = Callable[[str], Awaitable[Page]]  # raises FetchError
Read = Callable[[Pages], Awaitable[Extracted]]


@dataclass(frozen=True, slots=True)
class Reader:
    """Asks for pages of articles: what robots.txt forbids is left, hosts are asked in turn, sites get their headers."""

    client: Client
    hosts: Hosts
    robots: Robots

    async def get(self, url: str, feed: Feed, sites: Mapping[str, Site]) -> Page:
        """One page. Raises FetchError, permanent where asking again can't help."""
        if feed.robots == "respect" and not await self.robots.allows(url, feed):
            raise FetchError(NOT_WANTED, permanent=True)
        async with self.hosts.turn(url, private=feed.allow_private):
            return await page_at(
                self.client,
                url,
                sites=sites,
                allow_private=feed.allow_private,
                proxy=feed.proxy.get_secret_value() if feed.proxy else None,
                user_agent=feed.user_agent,
            )


async def page_at(
    client: Client,
    url: str,
    *,
    sites: Mapping[str, Site],
    allow_private: bool,
    proxy: str | None = None,
    user_agent: str | None = None,
) -> Page:
    site = site_of(url, sites)
    headers = {name: value.get_secret_value() for name, value in site.headers.items()} if site else {}
    answer = await client.get(
        url, limits=ARTICLE, headers=headers, allow_private=allow_private, proxy=proxy, user_agent=user_agent
    )
    if not isinstance(answer, Page):
        raise FetchError("HTTP 304")
    return answer


def rule_for(page: Page, url: str, sites: Mapping[str, Site]) -> SiteRule | None:
    """What of its site's settings tells how to read it, without secrets; `url` is what was asked for, and may have led on."""
    site = site_of(page.url or url, sites) or site_of(url, sites)
    return SiteRule(content=site.content, remove=site.remove) if site else None


async def whole(found: Pages, *, get: Get, read: Read) -> Extracted:
    """The article with its further pages, ten at most; what can't be had of these is left out, and said."""
    extracted, asked, is_whole = await read(found), set[str](), True
    while further := _still_to_ask(found, extracted, asked):
        asked.update(further)
        more, all_came = await _more(further, get)
        together = replace(found, pages=(*found.pages, *more))
        read_anew = await _read_or(extracted, together, read) if more else extracted
        if is_all(further[0]):
            if _says_more(read_anew, extracted):
                return read_anew
            continue  # it shows the first page again, or can't be had: the others are asked one by one
        is_whole, found, extracted = is_whole and all_came, together, read_anew
    if is_whole and any(address not in asked for address in extracted.further):
        return _in_part(extracted, LONGER)
    return extracted if is_whole else _in_part(extracted, IN_PART)


async def _read_or(known: Extracted, found: Pages, read: Read) -> Extracted:
    """Pages that can't be read together leave what is known of the article, in part."""
    try:
        return await read(found)
    except ParseError:
        return _in_part(known, IN_PART)


def _says_more(one: Extracted, other: Extracted) -> bool:
    return len(one.article.text) > len(other.article.text)


def _still_to_ask(found: Pages, extracted: Extracted, asked: set[str]) -> list[str]:
    new = [address for address in extracted.further if address not in asked]
    if new and is_all(new[0]):
        return new[:1]
    return new[: MOST_PAGES - len(found.pages)]


async def _more(addresses: list[str], get: Get) -> tuple[list[Page], bool]:
    """The pages; and whether all came, but for those that are not there: a link may have meant something else."""
    pages, all_came = [], True
    for address in addresses:
        try:
            pages.append(await get(address))
        except FetchError as error:
            all_came = all_came and error.status in _NOT_THERE
    return pages, all_came


def is_final(error: FetchError) -> bool:
    """Asking again for this page can't help (4xx but for "too many" and "too early", refused addresses)."""
    if error.status is None:
        return error.permanent
    is_theirs = HTTPStatus.BAD_REQUEST <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR
    return is_theirs and error.status not in _PASSING


def _in_part(extracted: Extracted, why: str) -> Extracted:
    if extracted.article.quality is not Quality.FULL:
        return extracted
    return replace(extracted, article=replace(extracted.article, quality=Quality.TEASER, quality_reason=why))
