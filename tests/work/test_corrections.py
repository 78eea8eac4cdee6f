"""An article that says something else by now: read again, and told once to whoever was told what was wrong."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.app.house import open_house
from monitor.model import Correction
from monitor.settings import AlertPolicy, QuietHours
from monitor.store import articles, stories
from monitor.work.correct import told_of
from tests.build import NOON, a_feed, a_topic, an_article
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.store.steps import alert, decide, store
from tests.work.desk import Desk, local, text_of, to

QUAKE = "Gempa M 5,1 Guncang Maluku Tengah"
CORRECTED = "Gempa M 6,1 Guncang Maluku Tengah"
PARAGRAPHS = (
    "Gempa bumi mengguncang Kabupaten Maluku Tengah pada Selasa pagi dan dirasakan warga selama beberapa detik.",
    "Pusat gempa berada di laut pada kedalaman 10 kilometer, kata Badan Meteorologi, Klimatologi, dan Geofisika.",
    "Sebanyak 12 rumah di Kecamatan Amahai rusak ringan, dan warga sempat mengungsi ke perbukitan.",
)
DEEPER = (PARAGRAPHS[0], PARAGRAPHS[1].replace("10 kilometer", "100 kilometer"), PARAGRAPHS[2])
MORE = (*PARAGRAPHS, "Pemerintah kabupaten membuka dua posko bantuan di balai kota sejak Selasa siang.")
DEAD = (
    "Warga Maluku Tengah berhamburan keluar rumah saat gempa bermagnitudo 6,1 mengguncang pada Selasa pagi.",
    "Dua orang tewas tertimpa tembok di Pulau Haruku, kata kepala badan penanggulangan bencana setempat.",
    "Badan Meteorologi mencatat pusat gempa di laut; kerusakan rumah di Kecamatan Amahai masih didata.",
)
MISTYPED = (PARAGRAPHS[0].replace("mengguncang", "mengguncag"), *PARAGRAPHS[1:])


def plan(sink: JsonSink, *urls: str, topics: tuple[str, ...] = ("Gempa",), **policy: Any) -> dict[str, Any]:
    names = ("Kabar Nusantara", "Warta Timur")
    feeds = tuple(local(url, name=name) for url, name in zip(urls, names, strict=False))
    watched = tuple(a_topic(name, channels=("sink",), policy=AlertPolicy(**policy)) for name in topics)
    return {"feeds": feeds, "channels": (to(sink),), "topics": watched}


def listing(
    site: Site, title: str = QUAKE, paragraphs: tuple[str, ...] = PARAGRAPHS, *further: FeedEntry, path: str = "/1"
) -> str:
    """The article on its page, and the feed that lists its first lines."""
    site.article(path, title, paragraphs)
    return site.feed("/rss", [FeedEntry(title, path, guid="g-1", description=" ".join(paragraphs)[-300:]), *further])


def told(sink: JsonSink) -> list[str]:
    return [message["title"] for message in sink.messages]


async def later(desk: Desk, plan: dict[str, Any], **duration: float) -> None:
    desk.clock.forward(**(duration or {"hours": 1}))
    await desk.round(**plan)


# -- what is told --------------------------------------------------------------------------------


async def test_an_article_that_was_told_and_is_corrected_is_told_once_more(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, listing(site))
    await desk.round(**watching)
    listing(site, CORRECTED, DEEPER)
    await later(desk, watching)
    await later(desk, watching)

    assert told(sink) == [f"Gempa: {QUAKE}", f"Correction Gempa: {CORRECTED}"]
    said = sink.messages[1]["message"]
    assert f"was: {QUAKE}" in said
    assert "Kabar Nusantara corrected its article" in said
    assert f"was: {PARAGRAPHS[1]}\nnow: {DEEPER[1]}" in said
    assert desk.archived() == [text_of(CORRECTED, DEEPER)]
    assert desk.database.read(stories.story, 1).title == CORRECTED
    assert len(site.asked("/1")) == 2


@pytest.mark.parametrize(
    ("title", "paragraphs"),
    [(QUAKE, MISTYPED), (QUAKE, MORE), (QUAKE.upper(), PARAGRAPHS), ("Gempa Guncang Maluku Tengah, M 5,1", PARAGRAPHS)],
    ids=["a typing error", "a paragraph more", "capitals", "another wording"],
)
async def test_other_words_for_the_same_are_kept_and_not_told(
    desk: Desk, site: Site, sink: JsonSink, title: str, paragraphs: tuple[str, ...]
) -> None:
    watching = plan(sink, listing(site))
    await desk.round(**watching)
    listing(site, title, paragraphs)
    await later(desk, watching)
    assert told(sink) == [f"Gempa: {QUAKE}"]
    if paragraphs != PARAGRAPHS:
        assert desk.archived() == [text_of(title, paragraphs)]


async def test_an_article_that_is_corrected_again_and_again_is_told_so_once(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, listing(site))
    await desk.round(**watching)
    for magnitude in ("6,1", "6,2", "6,3", "6,4", "6,5"):
        listing(site, QUAKE.replace("5,1", magnitude))
        await later(desk, watching)
    assert told(sink) == [f"Gempa: {QUAKE}", f"Correction Gempa: {CORRECTED}"]
    assert len(site.asked("/1")) == 1 + 3
    assert desk.archived() == [text_of(QUAKE.replace("5,1", "6,3"), PARAGRAPHS)]


async def test_a_page_whose_feed_says_nothing_else_is_not_asked_for_again(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, listing(site))
    await desk.round(**watching)
    site.article("/1", CORRECTED, DEEPER)
    first, *_ = [FeedEntry(QUAKE, "/1", guid="g-1", description=" ".join(PARAGRAPHS)[-300:])]
    site.feed("/rss", [FeedEntry("Harga beras turun", "/2", description="Kata pedagang."), first])
    await later(desk, watching)
    assert len(site.asked("/1")) == 1
    assert told(sink) == [f"Gempa: {QUAKE}"]


async def test_a_page_that_can_not_be_had_again_takes_nothing_away(desk: Desk, site: Site, sink: JsonSink) -> None:
    """The feed's own words correct the title; the text stays that of the page."""
    watching = plan(sink, listing(site))
    await desk.round(**watching)
    listing(site, CORRECTED)
    site.fail("/1", 404)
    await later(desk, watching)
    assert told(sink)[1:] == [f"Correction Gempa: {CORRECTED}"]
    assert desk.archived() == [text_of(CORRECTED, PARAGRAPHS)]


async def test_a_correction_of_old_news_is_told_all_the_same(desk: Desk, site: Site, sink: JsonSink) -> None:
    watching = plan(sink, listing(site), follow_up=None, max_age=timedelta(days=1))
    await desk.round(**watching)
    listing(site, CORRECTED)
    await later(desk, watching, days=9)
    assert told(sink)[1:] == [f"Correction Gempa: {CORRECTED}"]


async def test_only_who_was_told_the_article_is_told_its_correction(desk: Desk, site: Site, sink: JsonSink) -> None:
    watching = plan(sink, listing(site), topics=("Gempa", "Maluku", "Banjir"))
    with JsonSink() as other:
        await desk.round(**watching)
        others = {
            "channels": (to(sink), to(other).model_copy(update={"name": "other"})),
            "topics": (*watching["topics"][:2], a_topic("Amahai", channels=("sink", "other"))),
        }
        listing(site, CORRECTED, DEEPER)
        await later(desk, watching | others)
        assert other.messages == []  # the topic is newer than the article
    assert told(sink) == [f"Gempa, Maluku: {QUAKE}", f"Correction Gempa, Maluku: {CORRECTED}"]


async def test_what_an_edit_brings_to_a_further_topic_is_told(desk: Desk, site: Site, sink: JsonSink) -> None:
    watching = plan(sink, listing(site), topics=("Gempa", "posko bantuan"))
    await desk.round(**watching)
    listing(site, QUAKE, MORE)
    await later(desk, watching)
    assert told(sink) == [f"Gempa: {QUAKE}", f"Now also posko bantuan: {QUAKE}"]


# -- what waits ----------------------------------------------------------------------------------

NIGHT = (QuietHours(start=time(22), end=time(5, 30)),)


async def test_a_correction_waits_for_the_end_of_the_quiet_hours(desk: Desk, site: Site, sink: JsonSink) -> None:
    """It is noon in London and evening in Jakarta; what was corrected twice in the night is told as it is then."""
    watching = plan(sink, listing(site), quiet_hours=NIGHT)
    await desk.round(**watching)
    for hours, title in ((4, CORRECTED), (1, QUAKE.replace("5,1", "6,4"))):
        listing(site, title, DEEPER)
        await later(desk, watching, hours=hours)
    assert len(sink.messages) == 1

    await later(desk, watching, hours=6)
    await later(desk, watching, hours=1)
    assert len(sink.messages) == 2
    said = sink.messages[1]["message"]
    assert QUAKE.replace("5,1", "6,4") in f"{told(sink)[1]} {said}"
    assert f"was: {QUAKE}" in said
    assert f"now: {DEEPER[1]}" in said


async def test_what_was_corrected_before_it_was_told_is_told_as_it_is_now(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, listing(site), wait=timedelta(minutes=30))
    async with open_house(desk.ground(**watching)) as house:
        await house.engine.drain("poll", "ingest")
    desk.clock.forward(minutes=20)
    listing(site, CORRECTED, DEEPER)
    async with open_house(desk.ground(**watching)) as house:
        await house.engine.drain("poll", "ingest")
    await later(desk, watching, minutes=20)
    assert told(sink) == [f"Gempa: {CORRECTED}"]
    assert PARAGRAPHS[1] not in sink.messages[0]["message"]


async def test_a_correction_and_a_follow_up_that_waited_are_told_together(
    desk: Desk, site: Site, other_site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, listing(site), other_site.feed("/rss", []), quiet_hours=NIGHT, follow_up=1)
    await desk.round(**watching)
    listing(site, CORRECTED, DEEPER)
    await later(desk, watching, hours=4)
    listing(other_site, "Dua Tewas Saat Gempa Guncang Maluku Tengah", DEAD)
    await later(desk, watching)
    assert len(sink.messages) == 1
    await later(desk, watching, hours=8)
    assert len(sink.messages) == 2
    said = sink.messages[1]["message"]
    assert f"Correction\n{CORRECTED}" in said
    assert f"was: {PARAGRAPHS[1]}" in said
    assert "Also reported by: Warta Timur" in said
    assert DEAD[1] in said
    await later(desk, watching, hours=8)
    assert len(sink.messages) == 2


async def test_a_correction_that_waits_stays_one_where_its_topic_is_told_on_another_channel_too(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    """It goes where the article was told; where nothing was, the corrected article is news as any other."""
    watching = plan(sink, listing(site), quiet_hours=NIGHT)
    await desk.round(**watching)
    listing(site, CORRECTED, DEEPER)
    await later(desk, watching, hours=4)
    (topic,) = watching["topics"]
    with JsonSink() as other:
        channels = (*watching["channels"], to(other).model_copy(update={"name": "other"}))
        elsewhere = {"channels": channels, "topics": (topic.model_copy(update={"channels": ("other",)}),)}
        await later(desk, watching | elsewhere, hours=8)
        await later(desk, watching | elsewhere, hours=1)
        assert told(sink) == [f"Gempa: {QUAKE}"]
        assert len(told(other)) == 1
        assert CORRECTED in f"{other.messages[0]}"


# -- who corrects --------------------------------------------------------------------------------


async def test_an_article_of_its_own_that_corrects_another_is_told_as_a_correction(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, listing(site))
    await desk.round(**watching)
    title = f"Ralat: {CORRECTED}"
    site.article("/2", title, DEEPER)
    entries = [
        FeedEntry(title, "/2", guid="g-2", description=PARAGRAPHS[0]),
        FeedEntry(CORRECTED, "/1", guid="g-1", description=PARAGRAPHS[0]),
    ]
    site.feed("/rss", entries[:1])
    await later(desk, watching)
    site.article("/1", CORRECTED, DEEPER)
    site.feed("/rss", entries)  # the article itself too
    await later(desk, watching)
    assert told(sink) == [f"Gempa: {QUAKE}", f"Correction Gempa: {title}"]
    assert f"was: {QUAKE}" in sink.messages[1]["message"]


@pytest.mark.parametrize("first_says", [CORRECTED, f"Ralat: {CORRECTED}"])
def test_a_second_article_that_is_corrected_is_told_so_after_the_first_was(desk: Desk, first_says: str) -> None:
    """Also where the outlet wrote into the title of the first that it was wrong."""
    titles = (QUAKE, "Dua Tewas Saat Gempa Guncang Maluku Tengah")
    first, second = (an_article(title) for title in titles)
    story_id, first_id = store(desk.database, first, now=NOON)
    second_id = desk.database.write(articles.add, second, story_id=story_id, day=NOON.date(), now=NOON)
    decide(desk.database, alert(story_id), article_id=first_id, now=NOON)
    decide(desk.database, alert(story_id, turn=1), article_id=second_id, now=NOON)
    desk.database.write(articles.update, first_id, an_article(first_says), now=NOON)
    decide(desk.database, alert(story_id, turn=2, is_correction=True), article_id=first_id, now=NOON)

    assert desk.database.write(told_of, second_id, story_id, Correction(was=second.title)) != {}
    assert desk.database.write(told_of, first_id, story_id, Correction(was=first_says)) == {}


async def test_what_another_outlet_corrects_is_no_correction_of_what_was_told(
    desk: Desk, site: Site, other_site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, listing(site), other_site.feed("/rss", []))
    await desk.round(**watching)
    listing(other_site, f"Ralat: {CORRECTED}", DEEPER)
    await later(desk, watching)
    assert told(sink) == [f"Gempa: {QUAKE}"]


async def test_a_text_file_that_keeps_its_name_is_read_again(desk: Desk, sink: JsonSink, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    file = folder / "000_0123456789abcdef.txt"
    file.write_text(text_of(QUAKE, PARAGRAPHS))
    (folder / "lain.txt").write_text("Harga beras turun\n\nKata pedagang.")
    feed = a_feed("texts/", name="texts", path=str(folder), backlog="alert")
    watching = plan(sink) | {"feeds": (feed,)}
    await desk.round(**watching)
    file.write_text(text_of(CORRECTED, PARAGRAPHS))
    await later(desk, watching)
    assert told(sink) == [f"Gempa: {QUAKE}", f"Correction Gempa: {CORRECTED}"]
    assert text_of(CORRECTED, PARAGRAPHS) in desk.archived()
