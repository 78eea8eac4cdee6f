"""Feeds from elsewhere, written down: the configuration reads them as they are, whatever they are called."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from monitor.config import parse, written
from monitor.config.written import Line
from monitor.parse import opml
from monitor.parse.opml import Subscription
from monitor.settings import Feed
from tests.parse.test_opml import LISTS

REST = "channels: {terminal: console}\nalerts: {channels: [terminal]}\ntopics: [Gempa]\n"
URL = "https://a.example/rss"


def loaded(document: str) -> tuple[Feed, ...]:
    return parse((document + REST).encode(), path=Path("config.yaml"), environ={"TOKEN": "hunter2"}).settings.feeds


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (Line(URL), f"  - {URL}"),
        (Line(URL, "Kabar Jatim (RSS)"), f"  - url: {URL}\n    name: Kabar Jatim (RSS)"),
        (
            Line(URL, "", ("a", "b c"), allow_private=True),
            f"  - url: {URL}\n    tags: [a, b c]\n    allow_private: true",
        ),
        (Line(URL, "No: 1 # x"), f'  - url: {URL}\n    name: "No: 1 # x"'),
        (Line("https://a.example/a:"), '  - "https://a.example/a:"'),
        (Line(URL, "true"), f'  - url: {URL}\n    name: "true"'),
    ],
)
def test_a_line_is_as_a_person_would_write_it(line: Line, shown: str) -> None:
    assert "\n".join(written.lines(line)) == shown


def test_nothing_in_it_is_filled_in() -> None:
    line = Line("https://evil.example/?t=${TOKEN}", "${TOKEN} $${TOKEN}", ("${file:/etc/passwd}",))
    [feed] = loaded(written.document([line]))
    assert feed.address == "https://evil.example/?t=$%7BTOKEN%7D"
    assert (feed.name, feed.tags) == ("${TOKEN} $${TOKEN}", ("${file:/etc/passwd}",))


@given(LISTS)
def test_a_list_comes_back_as_it_went_out(wanted: list[Subscription]) -> None:
    """Into the configuration, out of it as a list, and in again."""
    first = _configured([feed for feed in wanted if written.is_possible(feed.url)])
    if first:
        listed = [Subscription(feed.url, feed.name, feed.tags) for feed in first]
        again = _configured(opml.read(opml.write(listed, title="Feeds").encode()).feeds)
        assert {feed.url: feed for feed in again} == {feed.url: feed for feed in first}


def _configured(feeds: list[Subscription] | tuple[Subscription, ...]) -> tuple[Feed, ...]:
    if not feeds:
        return ()
    found = loaded(written.document(Line(feed.url, feed.name, feed.tags) for feed in feeds))
    assert [(feed.address, feed.tags) for feed in found] == [(feed.url, feed.tags) for feed in feeds]
    assert all(feed.name == wanted.name for feed, wanted in zip(found, feeds, strict=True) if wanted.name)
    return found
