"""Every file in tests/data/feeds is read as the file beside it says."""

from __future__ import annotations

import json
import pickle
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from monitor.model import ParsedFeed
from monitor.parse.feed import parse_feed

FOLDER = Path(__file__).parent.parent / "data" / "feeds"
FEEDS = sorted(path for path in FOLDER.iterdir() if not path.name.endswith(".expected.json"))
URL = "https://feeds.example/folder/feed.xml"


def shown(feed: ParsedFeed) -> object:
    """The feed as its expected file has it: only what is not empty."""
    said = (asdict(replace(entry, link="")) for entry in feed.entries)  # `link` is its `url` once more
    entries = [{name: value for name, value in each.items() if value} for each in said]
    head = {"title": feed.title, "language": feed.language, "ttl": feed.ttl.total_seconds() if feed.ttl else None}
    return json.loads(json.dumps({**head, "entries": entries}, default=str, ensure_ascii=False))


@pytest.mark.parametrize("path", FEEDS, ids=lambda path: path.name)
def test_a_feed_is_read_as_expected(path: Path) -> None:
    feed = parse_feed(path.read_bytes(), url=URL)
    assert shown(feed) == json.loads(path.with_suffix(".expected.json").read_text("utf-8"))
    assert pickle.loads(pickle.dumps(feed)) == feed
    assert len({entry.key for entry in feed.entries}) == len(feed.entries)
