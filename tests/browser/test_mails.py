"""A mail as a mail program shows it, on a phone, by day and by night; and where its links lead."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from monitor.alerts.links import LASTING, token
from tests.browser.mails import MAILS, page_of
from tests.browser.newsroom import Newsroom
from tests.browser.test_browser import WIDTH, tab, violations

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.mark.parametrize("name", MAILS)
@pytest.mark.parametrize("colours", ["light", "dark"])
def test_a_mail_is_pleasant_to_read_on_a_phone(
    browser: Browser, axe: str, tmp_path: Path, name: str, colours: Literal["light", "dark"]
) -> None:
    file = tmp_path / "mail.html"
    file.write_text(page_of(name), encoding="utf-8")
    wishes = {"viewport": {"width": 360, "height": 740}, "color_scheme": colours, "bypass_csp": True}
    with tab(browser, file.parent.as_uri(), **wishes) as page:
        page.goto(file.as_uri())
        assert page.evaluate(WIDTH) <= 360
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(255, 255, 255)") is (colours == "light")
        page.evaluate(axe)
        # A mail is no page of a site: it has neither landmarks nor always a heading of the first level.
        assert [
            each
            for each in violations(page)
            if each[0] not in {"region", "landmark-one-main", "page-has-heading-one", "heading-order"}
        ] == []
        assert page.locator("script, img, iframe, form").count() == 0


def test_the_link_of_a_mail_asks_once(browser: Browser, own_address: str, room: Newsroom, axe: str) -> None:
    link = token(room.tools.key, 1, until=room.clock() + LASTING)
    with tab(browser, own_address, java_script_enabled=True, bypass_csp=True) as page:
        page.goto(f"/mute/{link}?story=1")
        page.evaluate(axe)
        assert violations(page) == []
        page.get_by_role("button").click()
        assert page.get_by_role("heading", level=1).inner_text() == "It is quiet now"
        page.goto("/silences")
        assert page.locator("tbody tr", has_text="asked for by a link in a message").count() == 1
