"""What a person sees and does: on a desk and on a phone, by day and by night, with keys alone, without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PASSWORD
from tests.browser.newsroom import KIM, ODD_TOPIC

PAGES: Final = (
    "/", "/stories", "/stories/1", "/stories/4", "/articles/1", "/articles/12", "/search", "/search?q=wonsan+%22korea+utara%22", "/search?q=solar", "/topics",
    "/topics/Korea%20Utara%20Rusia", f"/topics/{quote(ODD_TOPIC, safe='')}", "/feeds", "/deliveries", "/silences", "/settings", "/nope",
)  # fmt: skip
DESK: Final = {"width": 1280, "height": 800}
PHONE: Final = {"width": 360, "height": 740}


@contextmanager
def tab(browser: Browser, address: str = "", **wishes: Any) -> Iterator[Page]:
    """One that tells of all that went wrong in it: nothing may."""
    context = browser.new_context(**{"viewport": DESK, "locale": "en-GB", "base_url": address, **wishes})
    page = context.new_page()
    wrong: list[str] = []
    page.on("console", lambda said: wrong.extend([said.text] * (said.type in {"error", "warning"})))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
    # Whoever goes on before a page is there whole breaks off what is still to come.
    page.on("requestfailed", lambda request: wrong.extend([request.url] * (request.failure != "net::ERR_ABORTED")))
    page.on("request", lambda request: wrong.extend([request.url] * (not request.url.startswith(address))))
    try:
        yield page
    finally:
        context.close()
    assert [each for each in wrong if "404 (Not Found)" not in each] == []


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_open_to_all_on_a_desk_and_on_a_phone_by_day_and_by_night(
    browser: Browser, address: str, axe: str, path: str
) -> None:
    """axe-core (WCAG 2.2 AA and good practice) finds nothing; nothing has to be pushed aside to be read."""
    for screen in (DESK, PHONE):
        for colours in ("light", "dark"):
            # Only so can axe be brought into a page that lets nothing foreign run.
            with tab(browser, address, viewport=screen, color_scheme=colours, bypass_csp=True) as page:
                page.goto(path)
                page.evaluate(axe)
                found = page.evaluate("axe.run().then(found => found.violations)")
                assert [
                    (each["id"], each["impact"], [node["html"] for node in each["nodes"]][:3]) for each in found
                ] == []
                assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_what_feeds_write_runs_or_is_refused_by_the_browser(
    browser: Browser, address: str, path: str
) -> None:
    with tab(browser, address) as page:
        page.goto(path)
        assert page.locator("main h1").count() == 1
        assert page.locator("main img, main script, main iframe, main [style], [onclick], [onerror]").count() == 0
        assert page.locator('a[href^="javascript:"]').count() == 0


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_the_same_without_javascript(browser: Browser, address: str, path: str) -> None:
    def text(*, java_script_enabled: bool) -> str:
        with tab(browser, address, java_script_enabled=java_script_enabled) as page:
            page.goto(path)
            return page.locator("main").inner_text()

    assert text(java_script_enabled=False) == text(java_script_enabled=True)


@pytest.mark.parametrize("path", PAGES)
def test_keys_alone_reach_everything_and_show_where_they_are(browser: Browser, address: str, path: str) -> None:
    reached = """() => { const at = document.activeElement; const box = at.getBoundingClientRect();
        const style = getComputedStyle(at);
        return {what: at.outerHTML.slice(0, 80), wide: box.width, outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0}; }"""
    with tab(browser, address) as page:
        page.goto(path)
        everything = page.locator(
            "a[href]:visible, button:visible, input:visible, select:visible, summary:visible"
        ).count()
        seen = set()
        for number in range(4 * everything):  # a day is entered in several steps
            page.keyboard.press("Tab")
            at = page.evaluate(reached)
            if at["what"].startswith("<body"):
                break
            assert at["outline"], at
            assert at["wide"] > 0, at
            seen.add((at["what"], number))
        assert len({what for what, _ in seen}) > 0
        assert len(seen) >= everything


def test_a_key_leads_past_the_menu_to_what_the_page_says(browser: Browser, address: str) -> None:
    with tab(browser, address) as page:
        page.goto("/stories")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_a_day_of_an_editor(browser: Browser, address: str) -> None:
    """From the problem to its remedy, from the story to its reports, from a word to what stands in the archive."""
    with tab(browser, address, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_role("link", name="could not be delivered").click()
        assert page.locator("tbody tr").count() == 1
        page.get_by_role("button", name="Send again").click()
        assert page.get_by_role("status").inner_text() == "It goes out again now."
        page.get_by_role("link", name="waiting").first.click()
        assert page.locator("tbody tr").count() == 1

        page.get_by_role("link", name="Stories", exact=True).click()
        page.locator("select[name=topic]").select_option("Korea Utara Rusia")
        page.get_by_role("button", name="Show").click()
        page.get_by_role("link", name=KIM).click()
        assert page.locator("mark").count() > 1
        assert page.get_by_text("Suara Khatulistiwa").count() >= 1  # its copy, folded below the original

        page.get_by_role("link", name="Search").click()
        page.get_by_label("Words").fill('"laut banda" tsunami')
        page.get_by_label("Feed").fill("Warta Timur")
        page.get_by_role("button", name="Search").click()
        assert page.locator("main li.card").count() == 1


def test_the_page_speaks_as_the_browser_asks(browser: Browser, address: str) -> None:
    with tab(browser, address, locale="id-ID") as page:
        page.goto("/feeds")
        assert page.locator("html").get_attribute("lang") == "id"
        assert page.get_by_role("heading", level=1).inner_text() == "Sumber"


def test_larger_letters_need_no_pushing_aside(browser: Browser, address: str) -> None:
    for path in PAGES:
        with tab(browser, address, viewport={"width": 640, "height": 400}) as page:  # 200 % on a desk
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 640, path


def test_a_password_lets_in_and_leaving_shuts_again(browser: Browser, locked: str, axe: str) -> None:
    with tab(browser, locked, bypass_csp=True) as page:
        page.goto("/stories/1?x=1")
        assert page.url.endswith("/login?next=/stories/1%3Fx%3D1")
        page.evaluate(axe)
        assert page.evaluate("axe.run().then(found => found.violations)") == []
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/stories/1?x=1")
        assert KIM in page.get_by_role("heading", level=1).inner_text()
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url("**/login")
        page.goto("/")
        assert "/login" in page.url
