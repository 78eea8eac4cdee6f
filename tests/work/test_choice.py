"""Which stories are told of those that match: what is weak, what a narrower topic hides, and what the edits make of it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import sqlalchemy as sa

from monitor.settings import AlertPolicy, Feed, QuietHours, Topic
from monitor.store.tables import ALERT
from monitor.work.hiding import Hiding
from tests.build import a_channel, a_topic
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, PARAGRAPHS, Desk, local

AT_ONCE = AlertPolicy(wait=timedelta(0))
BEST = AlertPolicy(wait=timedelta(0), only="best")
NARROW = a_topic("Pasukan Korut", query="Lavrov", policy=AT_ONCE, hides=("Rusia",))
WIDE = a_topic("Rusia", policy=AT_ONCE)
BEIJING = a_topic("Beijing", query="Beijing OR gajah OR badak", policy=BEST)
OWN_WORDS = (
    "Sergey Lavrov mendarat di Wonsan, tempat Kim Jong Un menunggunya bersama barisan kehormatan Korea Utara.",
    "Menteri Rusia itu membawa surat dari Moskow; isi pembicaraan soal kerja sama militer tidak diumumkan.",
    "Warga kota pantai tersebut berdiri di tepi jalan sambil mengibarkan bendera kedua negara.",
)


@pytest.fixture
def feed(site: Site) -> Feed:
    site.article("/berita/1", KIM, PARAGRAPHS)
    return local(site.feed("/rss", [FeedEntry(KIM, "/berita/1")]))


def decided(desk: Desk) -> list[tuple[str, str, str]]:
    """By topic: what was decided, and what for."""
    wanted = sa.select(ALERT.c.topic, ALERT.c.reason, ALERT.c.note).order_by(ALERT.c.topic)
    return [tuple(row) for row in desk.database.read(lambda session: session.execute(wanted).all())]


async def test_a_wide_topic_says_which_one_hid_it(desk: Desk, feed: Feed) -> None:
    await desk.round(feeds=(feed,), topics=(WIDE, NARROW))
    assert decided(desk) == [("Pasukan Korut", "new story", ""), ("Rusia", "hidden", "topic 'Pasukan Korut'")]


async def test_a_weak_story_says_how_weak_it_is_until_another_outlet_has_it(
    desk: Desk, feed: Feed, other_site: Site
) -> None:
    await desk.round(feeds=(feed,), topics=(BEIJING,))
    ((_, reason, said),) = decided(desk)
    assert reason == "weak"
    assert said.startswith("score ")
    assert said.endswith(", one outlet")
    assert KIM not in desk.console.getvalue()

    desk.clock.forward(minutes=30)
    other_site.article("/news/9", KIM, OWN_WORDS, outlet="Warta Timur")
    more = local(other_site.feed("/rss", [FeedEntry(KIM, "/news/9")]), name="Warta Timur")
    await desk.round(feeds=(feed, more), topics=(BEIJING,))
    assert decided(desk) == [("Beijing", "new story", "")]
    assert KIM in desk.console.getvalue()


async def test_a_name_that_no_topic_has_hides_nothing(desk: Desk, feed: Feed) -> None:
    """As where a topic that was wrong was left out of an edit."""
    await desk.round(feeds=(feed,), topics=(WIDE, a_topic("Lavrov", policy=AT_ONCE, hides=("Gempa", "Lavrov"))))
    assert [reason for _, reason, _ in decided(desk)] == ["new story", "new story"]


def topic(name: str, *hides: str) -> Topic:
    return a_topic(name, hides=hides)


def test_narrow_topics_are_decided_before_wide_ones() -> None:
    hiding = Hiding([topic("C"), topic("B", "C"), topic("A", "B", "C"), topic("D")])
    assert hiding.narrow_first("CBA") == ["A", "B", "C"]
    assert hiding.narrow_first(["D", "other"]) == ["D", "other"]


async def test_a_circle_that_kept_versions_close_still_tells_one(desk: Desk, feed: Feed) -> None:
    both = (a_topic("Lavrov", policy=AT_ONCE, hides=("Rusia",)), a_topic("Rusia", policy=AT_ONCE, hides=("Lavrov",)))
    await desk.round(feeds=(feed,), topics=both)
    assert [(name, reason) for name, reason, _ in decided(desk)] == [("Lavrov", "new story"), ("Rusia", "hidden")]


@pytest.mark.parametrize(
    "edit",
    [
        (WIDE,),
        (WIDE, NARROW.model_copy(update={"channels": ("mail",)})),
        (WIDE, a_topic("Pasukan Korut", query="Lavrov OR gajah OR badak OR unta", hides=("Rusia",), policy=BEST)),
    ],
    ids=["removed", "told elsewhere", "only best"],
)
async def test_what_an_edit_leaves_of_a_narrow_topic_keeps_no_story_from_the_wide_one(
    desk: Desk, feed: Feed, edit: tuple[Topic, ...]
) -> None:
    night = (QuietHours(start=time(18), end=time(20)),)  # it is seven in the evening
    narrow = a_topic(
        "Pasukan Korut",
        query="Lavrov OR gajah OR badak OR unta",
        hides=("Rusia",),
        policy=AlertPolicy(quiet_hours=night),
    )
    channels = (a_channel(), a_channel("mail"))
    await desk.round(feeds=(feed,), topics=(WIDE, narrow), channels=channels)
    assert [(name, reason) for name, reason, _ in decided(desk)] == [
        ("Pasukan Korut", "quiet hours"),
        ("Rusia", "hidden"),
    ]
    desk.clock.forward(hours=2)
    await desk.round(feeds=(feed,), topics=edit, channels=channels)
    assert ("Rusia", "new story", "") in decided(desk)
    assert KIM in desk.console.getvalue()


async def test_what_is_urgent_is_not_hidden_by_what_waits(desk: Desk, feed: Feed) -> None:
    night = (QuietHours(start=time(18), end=time(20)),)
    urgent = a_topic("Rusia", policy=AlertPolicy(wait=timedelta(0), urgent=True))
    narrow = a_topic("Lavrov", hides=("Rusia",), policy=AlertPolicy(quiet_hours=night))
    await desk.round(feeds=(feed,), topics=(urgent, narrow))
    assert KIM in desk.console.getvalue()
