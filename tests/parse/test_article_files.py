"""Every page in tests/data/articles gives the text beside it, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.model import Page
from monitor.parse.article import read_page
from monitor.parse.textfile import write

FOLDER = Path(__file__).parent.parent / "data" / "articles"
NOW = datetime(2025, 7, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.html")), ids=lambda path: path.name)
def test_a_page_gives_its_article_and_nothing_else(path: Path) -> None:
    article = read_page(Page("https://news.example.com/page", path.read_bytes()), now=NOW)
    assert write(article.title, article.text) == path.with_suffix(".expected.txt").read_text("utf-8")
