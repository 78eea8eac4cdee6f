"""One article has many entries; one address, one guid and one text may stand for several articles."""

from __future__ import annotations

from typing import Any

from monitor.store import articles
from tests.build import a_topic
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.work.desk import Desk, local, to

FIRST = "Gempa M 5,1 Guncang Maluku Tengah"
SECOND = "Gempa M 4,4 di Laut Selatan Sukabumi Jawa Barat"
FIRST_TEXT = "Gempa terasa di Masohi dan Ambon selama lima detik, kata warga yang berhamburan keluar dari rumah mereka."
SECOND_TEXT = "Tidak ada laporan kerusakan dari Pelabuhan Ratu; nelayan tetap melaut pada Rabu pagi seperti biasa."
REMINDER = (
    "Layanan informasi gempa dapat dihubungi lewat nomor telepon kantor pusat pada hari dan jam kerja. Warga diminta tetap "
    "tenang, menjauhi bangunan yang retak, dan mengikuti arahan petugas di lapangan selama keadaan darurat berlangsung."
)


def plan(sink: JsonSink, *urls: str) -> dict[str, Any]:
    """Feeds of one outlet."""
    feeds = tuple(local(url, full_text="never") for url in urls)
    return {"feeds": feeds, "channels": (to(sink),), "topics": (a_topic("Gempa", channels=("sink",)),)}


def titles(desk: Desk) -> list[str]:
    kept = desk.database.read(lambda session: list(articles.kept(session, topic=None, story_id=None, since=None)))
    return [each.article.title for each in kept]


async def later(desk: Desk, plan: dict[str, Any], **duration: float) -> None:
    desk.clock.forward(**(duration or {"hours": 1}))
    await desk.round(**plan)


async def test_an_address_that_shows_the_latest_is_another_article_in_another_feed_too(
    any_desk: Desk, site: Site, sink: JsonSink
) -> None:
    """And each of them stays itself when its feed lists it in other words, or the other feed lists it as well."""
    first = FeedEntry(FIRST, "/terkini", guid="g-1", description=FIRST_TEXT)
    second = FeedEntry(SECOND, "/terkini", guid="g-2", description=SECOND_TEXT)
    watching = plan(sink, site.feed("/one", [first]), site.feed("/two", []))
    await any_desk.round(**watching)
    site.feed("/two", [second])
    await later(any_desk, watching)
    assert titles(any_desk) == [FIRST, SECOND]

    site.feed("/one", [second, first])
    await later(any_desk, watching)
    corrected = SECOND.replace("4,4", "5,4")
    site.feed("/two", [FeedEntry(corrected, "/terkini", guid="g-2", description=SECOND_TEXT)])
    await later(any_desk, watching)
    assert titles(any_desk) == [FIRST, corrected]
    assert [message["title"] for message in sink.messages] == [
        f"Gempa: {FIRST}",
        f"Gempa: {SECOND}",
        f"Correction Gempa: {corrected}",
    ]


async def test_an_article_that_two_feeds_list_under_titles_of_their_own_is_one(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    one = site.feed("/one", [FeedEntry(FIRST, "/1", guid="a", description=f"{FIRST_TEXT} {REMINDER}")])
    two = site.feed("/two", [FeedEntry("Warga Berhamburan", "/1", guid="b", description=f"{FIRST_TEXT} Baca.")])
    await desk.round(**plan(sink, one, two))
    assert len(titles(desk)) == 1


async def test_an_outlet_that_gives_all_articles_one_guid_has_several_articles_all_the_same(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    guid = "tag:example.com,2026:feed"
    one = site.feed("/one", [FeedEntry(FIRST, "/1", guid=guid, description=FIRST_TEXT)])
    two = site.feed("/two", [FeedEntry(SECOND, "/2", guid=guid, description=SECOND_TEXT)])
    await desk.round(**plan(sink, one, two))
    assert sorted(titles(desk)) == sorted([FIRST, SECOND])  # two feeds are read side by side


PLACES = ("Maluku", "Aceh", "Palu", "Lombok", "Cianjur", "Nias")


def latest(site: Site, place: str, magnitude: str = "5,1") -> str:
    """A feed with one entry: whatever happened last."""
    said = f"{place} diguncang gempa; warga {place} berhamburan. Pusat gempa M {magnitude} di {place}, menurut {place}."
    title = f"Gempa M {magnitude} di {place}"
    return site.feed("/rss", [FeedEntry(title, "/autogempa", guid="autogempa", description=said)])


async def test_an_entry_that_shows_another_event_each_time_is_another_article_each_time(
    any_desk: Desk, site: Site, sink: JsonSink
) -> None:
    """Each is told as news on its day, keeps its text, and may be corrected."""
    watching = plan(sink, latest(site, PLACES[0]))
    for place in PLACES:
        latest(site, place)
        await later(any_desk, watching, days=1)
        latest(site, place, "6,1")
        await later(any_desk, watching)
    assert titles(any_desk) == [f"Gempa M 6,1 di {place}" for place in PLACES]
    assert [message["title"] for message in sink.messages] == [
        title.format(place)
        for place in PLACES
        for title in ("Gempa: Gempa M 5,1 di {}", "Correction Gempa: Gempa M 6,1 di {}")
    ]
    days = {file.parent.name for file in (any_desk.folder / "archive").rglob("*.txt")}
    assert len(days) == len(PLACES)


async def test_an_entry_that_shows_what_it_showed_before_is_that_article(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, latest(site, "Maluku"))
    for place in ("Maluku", "Aceh", "Maluku", "Aceh", "Maluku"):
        latest(site, place)
        await later(desk, watching)
    assert titles(desk) == ["Gempa M 5,1 di Maluku", "Gempa M 5,1 di Aceh"]
    assert len(sink.messages) == 2


async def test_an_article_that_is_taken_back_in_other_words_stays_itself(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    watching = plan(sink, latest(site, "Maluku"))
    await desk.round(**watching)
    title = "Ralat: Tidak Ada Gempa Hari Ini"
    site.feed("/rss", [FeedEntry(title, "/autogempa", guid="autogempa", description="Redaksi mohon maaf.")])
    await later(desk, watching)
    assert titles(desk) == [title]
    assert [message["title"] for message in sink.messages][1:] == [f"Correction Gempa: {title}"]


async def test_a_reminder_in_the_same_words_is_news_again_after_some_days(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    title = "Cara Melapor Saat Gempa"
    watching = plan(sink, site.feed("/one", []))
    for month, days in enumerate((0, 1, 30)):
        site.feed("/one", [FeedEntry(title, f"/{month}", guid=f"g-{month}", description=REMINDER)])
        await later(desk, watching, days=days)
    assert len(sink.messages) == 2


async def test_a_fuller_reading_brings_the_whole_title(desk: Desk, site: Site, sink: JsonSink) -> None:
    """The first feed cuts titles off, and its reading could not have the page."""
    site.article("/1", FIRST, [FIRST_TEXT, REMINDER])
    cut = FIRST[:20] + "…"
    one = site.feed("/one", [FeedEntry(cut, "/1", guid="a", description="Gempa.")])
    two = site.feed("/two", [FeedEntry(FIRST, "/1", guid="b", description="Gempa.")])
    watching = plan(sink, one)
    await desk.round(**watching)
    feeds = (*watching["feeds"], local(two, name="Penuh"))
    await later(desk, watching | {"feeds": feeds})
    assert titles(desk) == [FIRST]
    assert [message["title"] for message in sink.messages] == [f"Gempa: {cut}"]
