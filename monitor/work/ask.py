"""Ask a feed's address the way the configuration wants it asked."""

from __future__ import annotations

from typing import Final

from monitor.fetch.client import FEED, Client, Limits
from monitor.fetch.hosts import Hosts
from monitor.model import NotModified, Page, Validators
from monitor.settings import Feed

NOTHING: Final = Validators()


async def ask(
    client: Client, hosts: Hosts, feed: Feed, address: str, *, validators: Validators = NOTHING, limits: Limits = FEED
) -> Page | NotModified:
    """In its host's turn. `address` is the feed's own, or where that moved. Raises FetchError."""
    async with hosts.turn(address, private=feed.allow_private):
        return await client.get(
            address,
            limits=limits,
            validators=validators,
            headers={name: value.get_secret_value() for name, value in feed.headers.items()},
            allow_private=feed.allow_private,
            proxy=feed.proxy.get_secret_value() if feed.proxy else None,
            user_agent=feed.user_agent,
            trusted=feed.address,
        )
