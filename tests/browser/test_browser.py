"""What a person sees and does: on a desk and on a phone, by day and by night, with keys alone, without JavaScript."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import pytest

from monitor.trial import Attempt, Attempted, Progress
from tests.browser.conftest import PASSWORD, served
from tests.browser.newsroom import KIM, ODD_TOPIC, Newsroom

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request, Response, ViewportSize

PAGES: Final = (
    "/", "/stories", "/stories/1", "/stories/4", "/stories/5", "/articles/1", "/articles/12", "/search", "/search?q=wonsan+%22korea+utara%22", "/search?q=solar", "/topics",
    "/topics/Korea%20Utara%20Rusia", f"/topics/{quote(ODD_TOPIC, safe='')}", "/feeds", "/deliveries", "/deliveries?state=waiting", "/silences", "/settings", "/try", "/try?topic=Korea+Utara+Rusia&query=Lavrov+OR+solar", "/try?topic=Gempa+besar&query=gempa+Maluku&near=yes", "/nope",
)  # fmt: skip
DESK: Final[ViewportSize] = {"width": 1280, "height": 800}
PHONE: Final[ViewportSize] = {"width": 360, "height": 740}


MISSING: Final = "/nope"
UNFOLD: Final = "document.querySelectorAll('details').forEach(each => { each.open = true })"
# Rules that axe leaves to who asks for them are asked for: fields for fingers are large enough.
AXE: Final = "axe.run({rules: {'target-size': {enabled: true}}}).then(found => found.violations)"
WIDTH: Final = "document.documentElement.scrollWidth"
REACHED: Final = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect(), style = getComputedStyle(at);
    if (at === document.body) return null;
    (window.reached ??= new Set()).add(at);
    return {what: at.outerHTML.slice(0, 80), folded: at.matches('details:not([open]) > summary'),
            seen: box.width > 0 && box.left >= 0 && box.right <= innerWidth && box.top < innerHeight && box.bottom > 0,
            outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2};
}"""
MISSED: Final = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(each => each.checkVisibility() && !window.reached?.has(each)).map(each => each.outerHTML.slice(0, 80))"""


@contextmanager
def tab(browser: Browser, address: str = "", **wishes: Any) -> Iterator[Page]:
    """One that tells of all that went wrong in it: nothing may."""
    context = browser.new_context(**{"viewport": DESK, "locale": "en-GB", "base_url": address, **wishes})
    page = context.new_page()
    wrong: list[str] = []

    def answered(answer: Response) -> None:
        if answer.status >= 400 and not answer.request.is_navigation_request():
            wrong.append(f"{answer.status} {answer.url}")

    def failed(request: Request) -> None:
        # Whoever goes on before a page is there whole breaks off what is still to come.
        if request.failure != "net::ERR_ABORTED":
            wrong.append(request.url)

    page.on("console", lambda said: wrong.extend([said.text] * (said.type in {"error", "warning"})))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("dialog", lambda dialog: wrong.append(f"dialog: {dialog.message}"))
    page.on("requestfailed", failed)
    page.on("response", answered)
    page.on("request", lambda request: wrong.extend([request.url] * (not request.url.startswith(address))))
    try:
        yield page
    finally:
        context.close()
    # The console says so of a page too that was asked for and isn't there; `answered` knows which.
    assert [each for each in wrong if "404 (Not Found)" not in each] == []


def violations(page: Page) -> list[Any]:
    return [(each["id"], each["impact"], [node["html"] for node in each["nodes"]][:3]) for each in page.evaluate(AXE)]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_open_to_all_on_a_desk_and_on_a_phone_by_day_and_by_night(
    browser: Browser, address: str, axe: str, path: str
) -> None:
    """axe-core finds nothing, what is folded included; nothing has to be pushed aside to be read."""
    # Only without its policy can axe be brought into a page that lets nothing foreign run; colours that still change would be half of each.
    with tab(browser, address, bypass_csp=True, reduced_motion="reduce") as page:
        page.goto(path)
        page.evaluate(axe)
        page.evaluate(UNFOLD)
        for screen in (DESK, PHONE):
            page.set_viewport_size(screen)
            assert page.evaluate(WIDTH) <= screen["width"]
            for colours in ("light", "dark"):
                page.emulate_media(color_scheme=colours)
                assert violations(page) == [], (screen, colours)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_of_what_feeds_write_runs_or_is_refused_by_the_browser(
    browser: Browser, address: str, path: str
) -> None:
    with tab(browser, address) as page:
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == (404 if path == MISSING else 200)
        assert page.locator("main h1").count() == 1
        assert page.locator("main img, main script, main iframe, main [style], [onclick], [onerror]").count() == 0
        assert page.locator('a[href^="javascript:" i]').count() == 0


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_the_same_without_javascript(browser: Browser, address: str, path: str) -> None:
    def text(*, java_script_enabled: bool) -> str:
        with tab(browser, address, java_script_enabled=java_script_enabled) as page:
            page.goto(path)
            return page.locator("main").inner_text()

    assert text(java_script_enabled=False) == text(java_script_enabled=True)


@pytest.mark.parametrize("path", PAGES)
def test_keys_alone_reach_everything_and_show_where_they_are(browser: Browser, address: str, path: str) -> None:
    with tab(browser, address) as page:
        page.goto(path)
        for _ in range(500):
            page.keyboard.press("Tab")
            if (at := page.evaluate(REACHED)) is None:
                break
            assert at["outline"], at
            assert at["seen"], at
            if at["folded"]:
                page.keyboard.press("Enter")
        assert page.evaluate(MISSED) == []
        assert page.locator("details:not([open])").count() == 0


@pytest.mark.parametrize("java_script_enabled", [False, True])
def test_a_long_try_shows_how_far_it_is_until_its_answer_is_there(
    browser: Browser, room: Newsroom, *, java_script_enabled: bool
) -> None:
    is_seen = threading.Event()

    def work(progress: Progress) -> None:
        for done in range(1, 4):
            progress(done, 10)
            is_seen.wait(1)  # longer than the page waits between two words
        assert is_seen.wait(70)

    async def attempt(asked: Attempt, progress: Progress) -> Attempted:
        await asyncio.to_thread(work, progress)
        return await room.tools.attempt(asked, progress)

    with (
        served(replace(room.tools, attempt=attempt)) as address,
        tab(browser, address, java_script_enabled=java_script_enabled, viewport=PHONE) as page,
    ):
        page.goto("/try?query=gempa", wait_until="commit")
        page.get_by_text("Reading the archive: 30 %").last.wait_for(timeout=60_000)
        assert page.locator("progress:visible").count() == 1
        assert page.evaluate(WIDTH) <= PHONE["width"]
        is_seen.set()
        page.get_by_text("Stories that it finds").wait_for()
        assert page.locator("progress:visible").count() == 0


def test_a_key_leads_past_the_menu_to_what_the_page_says(browser: Browser, address: str) -> None:
    with tab(browser, address) as page:
        page.goto("/stories")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_a_day_of_an_editor(browser: Browser, own_address: str) -> None:
    """From the problem to its remedy, from the story to its reports, from a word to what stands in the archive."""
    with tab(browser, own_address, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_role("link", name="could not be delivered").click()
        assert page.locator("tbody tr").count() == 1
        page.get_by_role("button", name="Send again").click()
        assert page.get_by_role("status").inner_text() == "It goes out again now."
        page.get_by_role("link", name="waiting").first.click()
        assert page.locator("tbody tr").count() == 2

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


def test_an_editor_has_enough_of_a_story_for_now(browser: Browser, own_address: str) -> None:
    with tab(browser, own_address, java_script_enabled=False) as page:
        page.goto("/stories/1")
        page.get_by_text("Be silent about it").first.click()
        page.locator("select[name=for]:visible").select_option("1h")
        page.locator("input[name=reason]:visible").fill("satu cerita cukup")
        page.get_by_role("button", name="Be silent about it").click()
        assert page.get_by_role("status").inner_text() == "Nobody hears of it now."
        row = page.locator("tbody tr", has_text="satu cerita cukup")
        row.get_by_role("button", name="Hear of it again").click()
        assert page.get_by_role("status").inner_text() == "It is heard of again."
        assert row.count() == 0


def test_the_page_speaks_as_the_browser_asks(browser: Browser, address: str) -> None:
    with tab(browser, address, locale="id-ID") as page:
        page.goto("/feeds")
        assert page.locator("html").get_attribute("lang") == "id"
        assert page.get_by_role("heading", level=1).inner_text() == "Sumber"


@pytest.mark.parametrize("locale", ["en-GB", "id-ID"])
@pytest.mark.parametrize("width", [640, 320], ids=["200 %", "400 %"])
def test_larger_letters_need_no_pushing_aside(browser: Browser, address: str, width: int, locale: str) -> None:
    """A desk of 1280 whose letters are so much larger; the narrower is the narrowest phone too."""
    with tab(browser, address, viewport={"width": width, "height": 400}, locale=locale) as page:
        for path in PAGES:
            page.goto(path)
            page.evaluate(UNFOLD)
            assert page.evaluate(WIDTH) <= width, path


def test_a_password_lets_in_and_leaving_shuts_again(browser: Browser, locked: str, axe: str) -> None:
    with tab(browser, locked, bypass_csp=True) as page:
        page.goto("/stories/1?x=1")
        assert page.url.endswith("/login?next=/stories/1%3Fx%3D1")
        page.evaluate(axe)
        assert violations(page) == []
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/stories/1?x=1")
        assert KIM in page.get_by_role("heading", level=1).inner_text()
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url("**/login")
        page.goto("/")
        assert "/login" in page.url
