"""Of a page in the manner of a portal the report is taken, all of it, and nothing that the portal puts around or into it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.model import Page, Quality
from monitor.parse.article import read_page
from tests.parse.portals import URL, Portal, portals

NOW = datetime(2025, 7, 14, 12, tzinfo=UTC)
PORTALS = portals()


@pytest.mark.parametrize("portal", PORTALS, ids=[portal.name for portal in PORTALS])
def test_the_report_is_taken_and_nothing_else(portal: Portal) -> None:
    found = read_page(Page(URL, portal.html.encode(), "text/html; charset=utf-8"), now=NOW)
    assert found.text.split("\n\n") == portal.paragraphs
    assert (found.title, found.quality) == (portal.title, Quality.FULL)
