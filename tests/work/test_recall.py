"""A database of an older version: its stories go on as if this one had kept them."""

from __future__ import annotations

import pytest

from monitor.app.house import open_house
from monitor.store.database import Database
from monitor.store.tables import FINGERPRINT
from monitor.work import recall
from tests.events import CONCERNS, an_event
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.store.steps import as_of, count
from tests.work.desk import Desk, local
from tests.work.test_telling import plan

BEFORE_STORIES = "0003"


def as_kept_before(database: Database) -> None:
    """As that version left it, and this one finds it."""
    as_of(database, BEFORE_STORIES)
    database.prepare()


def reported(number: int, wording: int) -> FeedEntry:
    report = an_event(number, wording=wording, also=CONCERNS)
    return FeedEntry(report.title, f"/{number}/{wording}", description=report.text)


@pytest.mark.parametrize("hours", [1, 60])
async def test_a_story_that_was_told_before_the_upgrade_is_not_told_again(
    any_desk: Desk, site: Site, other_site: Site, sink: JsonSink, hours: int
) -> None:
    watching = plan(sink, site.feed("/rss", [reported(3, 0)]), other_site.feed("/rss", []))
    await any_desk.round(**watching)
    as_kept_before(any_desk.database)

    other_site.feed("/rss", [reported(3, 1)])
    any_desk.clock.forward(hours=hours)
    summary = await any_desk.round(**watching)
    assert summary.stories == {"opened": 0, "joined": 1}
    assert len(sink.messages) == 1


async def test_what_has_left_the_window_is_not_read_again(desk: Desk, site: Site, sink: JsonSink) -> None:
    watching = plan(sink, site.feed("/rss", [reported(3, 0)]))
    await desk.round(**watching)
    as_kept_before(desk.database)

    desk.clock.forward(days=4)
    async with open_house(desk.ground(**watching)):
        assert count(desk.database, FINGERPRINT) == 0


async def test_many_are_read_again_some_at_a_time(desk: Desk, site: Site) -> None:
    listed = [FeedEntry(f"Banjir {number:03} di Demak", f"/{number}") for number in range(recall.PIECE + 1)]
    feed = local(site.feed("/rss", listed), full_text="never")
    await desk.round(feeds=(feed,))
    as_kept_before(desk.database)

    async with open_house(desk.ground(feeds=(feed,))):
        assert count(desk.database, FINGERPRINT) == len(listed)


async def test_a_start_of_this_version_writes_none_anew(desk: Desk, site: Site, sink: JsonSink) -> None:
    watching = plan(sink, site.feed("/rss", [reported(3, 0)]))
    await desk.round(**watching)
    commits: list[str] = []
    again = Database(desk.database.url.render_as_string(hide_password=False), after_commit=commits.append)
    async with open_house(Desk(desk.folder, again, desk.clock).ground(**watching)):
        assert "admit_all" not in commits
    again.close()
