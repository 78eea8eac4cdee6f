"""A database of the first version is brought to this one: all is there, nothing is told again, what waited is told once.

tests/data/first_version.json holds the rows that the first version wrote: three articles of a feed, two of them told, the
third waiting, as its channel did not work.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import sqlalchemy as sa

from monitor.model import DeliveryState
from monitor.settings import AlertPolicy
from monitor.store import articles, checking, outbox, search
from monitor.store.migrations import HEAD
from tests.build import a_topic
from tests.site import FeedEntry, JsonSink, Site
from tests.store.steps import as_of
from tests.work.desk import (
    KIM,
    MISSILE,
    MISSILE_PARAGRAPHS,
    PARAGRAPHS,
    RICE,
    RICE_PARAGRAPHS,
    Desk,
    local,
    text_of,
    to,
)

ROWS: Final = Path(__file__).parents[1] / "data/first_version.json"
ALL: Final = {MISSILE: MISSILE_PARAGRAPHS, KIM: PARAGRAPHS, RICE: RICE_PARAGRAPHS}
PATHS: Final = {RICE: "/3", KIM: "/1", MISSILE: "/2"}


@pytest.fixture
def feed(site: Site) -> str:
    """It still lists what it listed then."""
    for title, path in PATHS.items():
        site.article(path, title, ALL[title])
    return site.feed("/rss", [FeedEntry(title, path) for title, path in PATHS.items()])


@pytest.fixture
def upgraded(any_desk: Desk, site: Site) -> Desk:
    database = any_desk.database
    as_of(database, "0001")
    written = json.loads(ROWS.read_text().replace("{place}", site.url.removeprefix("http://")))
    with database._write_engine.connect() as connection:
        known = sa.MetaData()
        known.reflect(connection)
        for name, rows in written.items():
            table = known.tables[name]
            for row in rows:
                connection.execute(sa.insert(table).values({key: _read(table.c[key], row[key]) for key in row}))
            if "id" in table.c and not database.is_sqlite:  # as if the server had numbered them
                connection.execute(sa.text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {len(rows)})"))
        connection.commit()
    database.prepare()
    return any_desk


def _read(column: sa.Column[Any], value: Any) -> Any:
    if isinstance(column.type, sa.DateTime):
        return datetime.fromisoformat(f"{value}+00:00")
    if isinstance(column.type, sa.Date):
        return date.fromisoformat(value)
    return bool(value) if isinstance(column.type, sa.Boolean) else value


def watching(feed: str, sink: JsonSink, *more: str) -> dict[str, Any]:
    policy = AlertPolicy(follow_up=None)
    topics = ("Korea Utara Rusia", "Panen")
    others = [local(url, name="Warta Timur") for url in more]
    return {
        "feeds": (local(feed, name="Nusantara"), *others),
        "channels": (to(sink).model_copy(update={"name": "desk"}),),
        "topics": tuple(a_topic(name, channels=("desk",), policy=policy) for name in topics),
    }


async def test_all_that_was_kept_is_there_and_is_found(upgraded: Desk) -> None:
    database = upgraded.database
    assert (database.revision(), checking.wrong_with(database)) == (HEAD, [])
    kept = [database.read(articles.get, number) for number in (1, 2, 3)]
    assert {article.title: text_of(article.title, article.text.split("\n\n")) for article in kept} == {
        title: text_of(title, paragraphs) for title, paragraphs in ALL.items()
    }
    (found,) = database.read(search.search, "panen raya sulawesi").items
    assert found.title.text == RICE


async def test_nothing_that_was_told_is_told_again_and_what_waited_is_told_once(
    upgraded: Desk, feed: str, sink: JsonSink
) -> None:
    for _ in range(3):
        summary = await upgraded.round(**watching(feed, sink))
        assert (summary.articles, summary.stories["opened"]) == (0, 0)
        upgraded.clock.forward(hours=1)
    assert [message["title"] for message in sink.messages] == [f"Panen: {RICE}"]
    assert upgraded.database.read(outbox.totals)[DeliveryState.SENT] == 3


async def test_another_outlet_s_report_of_what_was_told_joins_its_story(
    upgraded: Desk, feed: str, sink: JsonSink, other_site: Site
) -> None:
    other_site.article("/korut", KIM, PARAGRAPHS)
    more = other_site.feed("/rss", [FeedEntry(KIM, "/korut")])
    summary = await upgraded.round(**watching(feed, sink, more))
    assert (summary.copies, summary.stories) == (1, {"opened": 0, "joined": 1})
    assert [message["title"] for message in sink.messages] == [f"Panen: {RICE}"]
