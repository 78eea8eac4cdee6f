"""Pages made up in the manner of Indonesian portals, each with the paragraphs that are its report's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tests.parse import portals_large as large
from tests.parse import portals_small as small
from tests.parse.portal_pieces import URL
from tests.parse.portal_stories import STORIES, Story

__all__ = ["URL", "Portal", "portals"]


@dataclass(frozen=True, slots=True)
class Portal:
    name: str
    html: str
    title: str
    paragraphs: list[str]


# Each with what stands before the report's first word.
TEMPLATES: Final[dict[str, tuple[Callable[[Story], str], str]]] = {
    "detik": (large.detik, "Kelana - "),
    "cnn": (large.cnn, "Jakarta, Kabar Indonesia -- "),
    "kompas": (large.kompas, "KELANA, KABARKINI.com - "),
    "tribun": (large.tribun, "TRIBUNKINI.COM, KELANA - "),
    "tempo": (large.tempo, "TEMPOKINI.CO, Kelana - "),
    "liputan": (large.liputan, "LiputanKini.com, Kelana - "),
    "antara": (large.antara, "Kelana (KABAR) - "),
    "okezone": (small.okezone, "KELANA - "),
    "sindonews": (small.sindonews, "KELANA - "),
    "republika": (small.republika, "REPUBLIKINI.CO.ID, KELANA -- "),
    "media": (small.media, ""),
    "cnbc": (small.cnbc, "Jakarta, KBC Indonesia - "),
    "jawapos": (small.jawapos, "JawaKini.com - "),
    "jannah": (small.jannah, "HASANAKINI.ID – "),
    "jnews": (small.jnews, "KELANA – "),
    "viva": (small.viva, "Kelana, VIKINI – "),
    "plain": (small.plain, ""),
}


def portals() -> list[Portal]:
    return [
        Portal(
            f"{name}-{kind}",
            template(story),
            story.title,
            [dateline + story.paragraphs[0], *story.paragraphs[1:]],
        )
        for name, (template, dateline) in TEMPLATES.items()
        for kind, story in STORIES.items()
    ]
