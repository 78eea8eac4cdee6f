"""Pictures of the page for the documentation: `python -m tests.browser.screenshots FOLDER` (make screenshots)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from tests.browser.chromium import chromium, open_browser
from tests.browser.conftest import served
from tests.browser.mails import page_of
from tests.browser.newsroom import newsroom

DESK: Final[dict[str, Any]] = {"viewport": {"width": 1100, "height": 760}}
PHONE: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 760},
    "device_scale_factor": 1.5,
    "is_mobile": True,
}
TRIED: Final = "/try?topic=Gempa+besar&query=(gempa+Maluku)+OR+%22panen+raya%22&near=yes"
PICTURES: Final[tuple[tuple[str, str, dict[str, Any]], ...]] = (
    ("today", "/", DESK),
    ("today-dark", "/", DESK | {"color_scheme": "dark"}),
    ("today-phone", "/", PHONE | {"locale": "id-ID"}),
    ("story", "/stories/1", DESK),
    ("feeds", "/feeds", DESK),
    ("try", TRIED, DESK | {"viewport": {"width": 1100, "height": 1000}}),
    ("try-phone", f"{TRIED}#nearly", PHONE | {"color_scheme": "dark", "locale": "id-ID"}),
)
MAIL: Final[dict[str, Any]] = {"viewport": {"width": 360, "height": 640}, "device_scale_factor": 1.5}
MAILED: Final = (("mail", "light"), ("mail", "dark"), ("mail-digest", "light"), ("mail-digest", "dark"))


def main() -> None:
    folder = Path(sys.argv[1])
    path = chromium()
    if path is None:
        raise SystemExit("there is no Chromium on this machine")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        room = newsroom(Path(data), is_hostile=False)
        with served(room.tools) as address, open_browser(path) as browser:
            for name, page, wishes in PICTURES:
                context = browser.new_context(**{"locale": "en-GB", **wishes})
                tab = context.new_page()
                tab.goto(address + page)
                tab.screenshot(path=folder / f"{name}.png")
                context.close()
            for name, colours in MAILED:
                context = browser.new_context(**MAIL | {"color_scheme": colours})
                tab = context.new_page()
                tab.set_content(page_of(name))
                tab.screenshot(path=folder / f"{name}-{colours}.png", full_page=True)
                context.close()
        room.tools.database.close()


if __name__ == "__main__":
    main()
