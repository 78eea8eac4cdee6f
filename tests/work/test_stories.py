"""A story grows: who has a text of their own, who only carries a copy, and what is new since it was told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from monitor.settings import AlertPolicy
from tests.build import a_topic
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.work.desk import Desk, local, to

QUAKE = "Gempa M 6,1 Guncang Maluku Tengah"
AGENCY = (
    "Gempa bumi bermagnitudo 6,1 mengguncang Kabupaten Maluku Tengah pada Selasa pagi dan dirasakan selama beberapa detik.",
    "Pusat gempa berada di laut pada kedalaman 10 kilometer, kata Badan Meteorologi, Klimatologi, dan Geofisika.",
    "Sebanyak 12 rumah di Kecamatan Amahai rusak ringan, dan warga sempat mengungsi ke perbukitan karena takut tsunami.",
)
OWN = (
    "Warga Maluku Tengah berhamburan keluar rumah saat gempa bermagnitudo 6,1 mengguncang pada Selasa pagi.",
    "Dua orang tewas tertimpa tembok di Pulau Haruku, kata kepala badan penanggulangan bencana setempat.",
    "Badan Meteorologi mencatat pusat gempa di laut; kerusakan rumah di Kecamatan Amahai masih didata.",
)


def plan(site: Site, sink: JsonSink, outlets: int, **policy: Any) -> dict[str, Any]:
    """So many outlets, each with a feed; most list nothing yet."""
    feeds = tuple(local(site.feed(f"/rss/{n}", []), name=f"Warta {n}") for n in range(outlets))
    topic = a_topic("Gempa", channels=("sink",), policy=AlertPolicy(**policy))
    return {"feeds": feeds, "channels": (to(sink),), "topics": (topic,)}


def publish(site: Site, outlet: int, title: str, paragraphs: tuple[str, ...]) -> None:
    site.article(f"/berita/{outlet}", title, paragraphs)
    site.feed(f"/rss/{outlet}", [FeedEntry(title, f"/berita/{outlet}", description=paragraphs[0])])


async def test_ten_copies_of_one_text_count_as_one_outlet_and_are_named_apart(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    watching = plan(site, sink, 12, follow_up=1)
    publish(site, 0, QUAKE, AGENCY)
    await desk.round(**watching)
    for n in range(1, 11):
        publish(site, n, f"{QUAKE}, Warga Mengungsi" if n % 2 else QUAKE, (f"Warta {n} - {AGENCY[0]}", *AGENCY[1:]))
    desk.clock.forward(hours=1)
    summary = await desk.round(**watching)
    assert (summary.stories, summary.copies) == ({"opened": 0, "joined": 10}, 10)
    assert len(sink.messages) == 1

    publish(site, 11, "Dua Tewas Saat Gempa Guncang Maluku Tengah", OWN)
    desk.clock.forward(hours=1)
    await desk.round(**watching)
    assert [message["title"] for message in sink.messages[1:]] == [
        "Follow-up Gempa: Dua Tewas Saat Gempa Guncang Maluku Tengah"
    ]
    said = sink.messages[1]["message"]
    assert "Also reported by: Warta 11 · 2 outlets in all · also carried by Warta " in said
    assert said.count("Warta") == 1 + 3  # of the copies the first three


async def test_a_follow_up_says_what_nothing_told_before_said(desk: Desk, site: Site, sink: JsonSink) -> None:
    watching = plan(site, sink, 3, follow_up=1)
    publish(site, 0, QUAKE, AGENCY)
    await desk.round(**watching)
    publish(site, 1, "Dua Tewas Saat Gempa Guncang Maluku Tengah", OWN)
    desk.clock.forward(hours=1)
    await desk.round(**watching)
    said = sink.messages[1]["message"]
    assert f"New:\n{OWN[1]}" in said
    assert AGENCY[1] not in said

    later = "Tim penyelamat menemukan tiga warga yang hilang di Pulau Saparua dalam keadaan selamat pada Selasa malam."
    publish(site, 2, "Tiga Warga Hilang Setelah Gempa Maluku Tengah Ditemukan", (OWN[0], AGENCY[2], later))
    desk.clock.forward(hours=1)
    await desk.round(**watching)
    said = sink.messages[2]["message"]
    assert later in said
    assert OWN[1] not in said


async def test_what_came_between_two_messages_is_news_too(desk: Desk, site: Site, sink: JsonSink) -> None:
    watching = plan(site, sink, 3, follow_up=2, wait=timedelta(0))
    publish(site, 0, QUAKE, AGENCY)
    await desk.round(**watching)
    later = "Pemerintah membuka dua posko bantuan di balai kota Masohi untuk warga yang rumahnya rusak karena gempa."
    for n, paragraphs in ((1, OWN), (2, (*AGENCY[:1], OWN[0], later))):
        publish(site, n, f"{QUAKE}, Kata BMKG" if n == 2 else "Dua Tewas Saat Gempa Guncang Maluku Tengah", paragraphs)
        desk.clock.forward(hours=1)
        await desk.round(**watching)
    assert len(sink.messages) == 2
    assert OWN[1] in sink.messages[1]["message"]
    assert later in sink.messages[1]["message"]
