"""The main job: what the sites say arrives once, and the archive holds the articles and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from monitor.parse import textfile
from monitor.parse.links import text_id
from tests.build import NOON, a_channel, a_topic
from tests.sinks import JsonSink, MailSink
from tests.site import FeedEntry, Site
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

EARLIER = NOON - timedelta(minutes=20)


def two_outlets(site: Site, other: Site) -> dict[str, Any]:
    """An RSS and an Atom feed of two outlets, with an article for the topic in each and one for nobody."""
    site.article("/berita/1", KIM, PARAGRAPHS)
    site.article("/berita/2", RICE, RICE_PARAGRAPHS)
    other.article("/news/9", MISSILE, MISSILE_PARAGRAPHS, outlet="Warta Timur")
    listed = [FeedEntry(RICE, "/berita/2", published=EARLIER), FeedEntry(KIM, "/berita/1", published=EARLIER)]
    rss = site.feed("/rss", listed)
    atom = other.feed("/atom", [FeedEntry(MISSILE, "/news/9", published=EARLIER)], "atom")
    return {"feeds": (local(rss), local(atom, name="Warta Timur"))}


async def test_each_match_arrives_once_on_each_channel(
    any_desk: Desk, site: Site, other_site: Site, sink: JsonSink
) -> None:
    watching = two_outlets(site, other_site)
    with MailSink() as mail:
        watching |= {
            "channels": (to(sink), a_channel("mail", mail.channel)),
            "topics": (a_topic(channels=("sink", "mail")),),
        }
        summary = await any_desk.round(**watching)
        assert {message["title"] for message in sink.messages} == {
            f"Korea Utara Rusia: {KIM}",
            f"Korea Utara Rusia: {MISSILE}",
        }
        subjects = [str(letter["Subject"]).strip() for letter in mail.messages]
        assert sorted(subjects) == sorted(message["title"] for message in sink.messages)
        kim = next(message["message"] for message in sink.messages if KIM in message["title"])
        assert "Kabar Nusantara" in kim
        assert site.url_of("/berita/1") in kim
        assert (summary.articles, summary.matches, summary.deliveries["sent"]) == (3, 2, 4)

        any_desk.clock.forward(hours=1)
        again = await any_desk.round(**watching)
        assert (len(sink.tries), len(mail.messages)) == (2, 2)
        assert (again.feeds["unchanged"], again.entries, again.deliveries["sent"]) == (2, 0, 0)


async def test_one_new_article_is_one_new_message(desk: Desk, site: Site, sink: JsonSink) -> None:
    site.article("/berita/1", KIM, PARAGRAPHS)
    url = site.feed("/rss", [FeedEntry(KIM, "/berita/1")])
    watching = {"feeds": (local(url),), "channels": (to(sink),), "topics": (a_topic(channels=("sink",)),)}
    await desk.round(**watching)
    site.article("/berita/7", MISSILE, MISSILE_PARAGRAPHS)
    site.feed("/rss", [FeedEntry(MISSILE, "/berita/7"), FeedEntry(KIM, "/berita/1")])
    desk.clock.forward(hours=1)
    summary = await desk.round(**watching)
    assert [message["title"] for message in sink.messages[1:]] == [f"Korea Utara Rusia: {MISSILE}"]
    assert (summary.entries, summary.articles) == (1, 1)
    assert len(site.asked("/berita/1")) == 1


async def test_the_archive_holds_the_articles_and_nothing_else(desk: Desk, site: Site, other_site: Site) -> None:
    await desk.round(**two_outlets(site, other_site))
    assert sorted(desk.archived()) == sorted(
        [text_of(KIM, PARAGRAPHS), text_of(RICE, RICE_PARAGRAPHS), text_of(MISSILE, MISSILE_PARAGRAPHS)]
    )
    files = [file for file in (desk.folder / "archive").rglob("*") if file.is_file()]
    assert {file.parent.name for file in files} == {"2026-03-10"}
    assert sorted(file.name[:4] for file in files) == ["000_", "001_", "002_"]


@pytest.mark.parametrize(("hour", "day"), [(16, "2026-03-10"), (17, "2026-03-11")])
async def test_an_article_lies_in_the_folder_of_the_local_day(desk: Desk, site: Site, hour: int, day: str) -> None:
    """23:00 and midnight in Jakarta."""
    desk.clock.now = NOON.replace(hour=hour)
    url = site.feed("/rss", [FeedEntry(KIM, "/berita/1", description=PARAGRAPHS[0])])
    await desk.round(feeds=(local(url, full_text="never"),))
    assert [file.parent.name for file in (desk.folder / "archive").rglob("*.txt")] == [day]
    assert KIM in desk.console.getvalue()


async def test_an_archive_that_can_not_be_written_is_written_later(desk: Desk, site: Site) -> None:
    url = site.feed("/rss", [FeedEntry(KIM, "/berita/1", description=PARAGRAPHS[0])])
    (desk.folder / "archive").write_text("a file stands in the way")
    await desk.round(feeds=(local(url, full_text="never"),))
    assert KIM in desk.console.getvalue()
    (desk.folder / "archive").unlink()
    desk.clock.forward(minutes=2)
    await desk.round(feeds=(local(url, full_text="never"),))
    assert desk.archived() == [text_of(KIM, PARAGRAPHS[:1])]
    assert desk.console.getvalue().count(KIM) == 1


async def test_a_full_disk_leaves_no_half_file(desk: Desk, site: Site) -> None:
    """The draft of the article leads to a device that has no room."""
    url = site.feed("/rss", [FeedEntry(KIM, "/berita/1", description=PARAGRAPHS[0])])
    folder = desk.folder / "archive" / "2026-03-10"
    folder.mkdir(parents=True)
    draft = folder / f".{textfile.file_name(0, text_id(site.url_of('/berita/1')))}.part"
    draft.symlink_to("/dev/full")
    await desk.round(feeds=(local(url, full_text="never"),))
    assert KIM in desk.console.getvalue()
    assert desk.archived() == []
    draft.unlink()
    desk.clock.forward(minutes=2)
    await desk.round(feeds=(local(url, full_text="never"),))
    assert desk.archived() == [text_of(KIM, PARAGRAPHS[:1])]
