"""A channel that stays away: it is left alone, another takes over, somebody is told once, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from monitor.model import Claim, Delivery, HeldBy, Kind
from monitor.settings import Feed
from monitor.store import leases, outbox
from monitor.store.tables import DELIVERY
from tests.build import a_channel, a_notification, a_topic
from tests.events import CONCERNS, an_event
from tests.loopback import Response
from tests.services import HANGS, JSON, LEAVES, NTFY, Sink, Speaker
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, Desk, local
from tests.work.test_channels import delivering, in_outbox

FLOOD = "Banjir Bandang Landa Hamhung Setelah Hujan Tiga Hari"
FLOOD_PARAGRAPHS = ("Banjir bandang merendam pelabuhan Hamhung di Korea Utara, kata kantor berita Rusia pada Senin.",)
TEXTS = {KIM: PARAGRAPHS, MISSILE: MISSILE_PARAGRAPHS, FLOOD: FLOOD_PARAGRAPHS}
NEWS = tuple(TEXTS)
TOPIC = "Korea Utara Rusia"


@pytest.fixture
def spare() -> Iterator[JsonSink]:
    with JsonSink() as sink:
        yield sink


def watching(site: Site, channel: str, *titles: str, **changes: Any) -> dict[str, Any]:
    """What a feed lists is told to the channel "sink"."""
    entries = [FeedEntry(title, f"/{number}", description=TEXTS[title][0]) for number, title in enumerate(titles)]
    feed = local(site.feed("/rss", entries), full_text="never")
    topic = a_topic(channels=("sink",))
    return {"feeds": (feed,), "channels": (a_channel("sink", channel),), "topics": (topic,)} | changes


def listing(site: Site, number: int = 0) -> Feed:
    """A further feed, with one more story of the topic."""
    event = an_event(number, also=CONCERNS)
    entry = FeedEntry(event.title, f"/further/{number}", description=event.text)
    return local(site.feed(f"/rss/{number}", [entry]), full_text="never")


def with_spare(sink: JsonSink, spare: JsonSink) -> dict[str, Any]:
    """The other channel is where to turn."""
    return {"channels": (a_channel("sink", sink.channel, fallback="spare"), a_channel("spare", spare.channel))}


def told(sink: JsonSink) -> list[str]:
    """The subjects of what came, without the topic."""
    return [message["title"].removeprefix(f"{TOPIC}: ") for message in sink.messages]


# -- failures ------------------------------------------------------------------------------------


async def test_after_two_failures_in_a_row_a_channel_is_left_alone_for_a_while(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    """What waits behind them need not fail one by one."""
    sink.refuse(503, times=2)
    plan = watching(site, sink.channel, *NEWS)
    await desk.round(**plan)
    assert len(sink.tries) == 2
    health = desk.channel_health("sink")
    assert (health.state, health.failures, health.waiting) == ("failing", 2, 3)
    desk.clock.forward(minutes=1)
    await desk.round(**plan)
    assert sorted(told(sink)) == sorted(NEWS)
    assert desk.channel_health("sink").state == "ok"


async def test_a_short_outage_is_not_worth_a_word(desk: Desk, site: Site, sink: JsonSink) -> None:
    sink.refuse(500, times=2)
    plan = watching(site, sink.channel, *NEWS)
    await desk.round(**plan)
    desk.clock.forward(minutes=4)
    await desk.round(**plan)
    assert sorted(told(sink)) == sorted(NEWS)


async def test_what_waited_for_the_end_of_an_outage_is_told_together(desk: Desk, site: Site, sink: JsonSink) -> None:
    sink.refuse(500, times=2)
    plan = watching(site, sink.channel, *NEWS)
    await desk.round(**plan)
    desk.clock.forward(minutes=5)
    await desk.round(**plan)
    first, rest = sink.messages
    assert rest["title"].startswith("While this channel could not be reached: 2 stories")
    assert [sum(title in message["message"] for message in (first, rest)) for title in NEWS] == [1, 1, 1]
    assert in_outbox(desk) == {"sent": 2}


@pytest.mark.parametrize(("hours", "outcome"), [(20, {"sent": 1}), (28, {"dead": 1})])
async def test_a_message_is_tried_for_a_day(
    desk: Desk, site: Site, sink: JsonSink, hours: int, outcome: dict[str, int]
) -> None:
    sink.refuse(500, times=hours // 4)
    plan = watching(site, sink.channel, KIM)
    for _ in range(0, hours, 4):
        await desk.round(**plan)
        desk.clock.forward(hours=4)
    await desk.round(**plan)
    assert in_outbox(desk) == outcome
    assert len(sink.tries) == min(hours, 24) // 4 + 1


# -- another way ---------------------------------------------------------------------------------


async def test_what_a_channel_refuses_for_good_goes_to_its_fallback_at_once(
    desk: Desk, site: Site, sink: JsonSink, spare: JsonSink
) -> None:
    sink.refuse(410)
    await desk.round(**watching(site, sink.channel, KIM, **with_spare(sink, spare)))
    assert (len(sink.tries), told(spare)) == (1, [KIM])
    assert in_outbox(desk) == {"sent": 1}


async def test_a_fallback_may_be_called_what_no_header_can_hold(
    desk: Desk, site: Site, sink: JsonSink, spare: JsonSink
) -> None:
    sink.refuse(410)
    webhook = spare.channel.replace("json://", "webhook://")
    channels = (
        a_channel("sink", sink.channel, fallback="mail Büro, тревога"),
        a_channel("mail Büro, тревога", webhook),
    )
    await desk.round(**watching(site, sink.channel, KIM, channels=channels))
    (message,) = spare.messages
    assert message["id"].isascii()
    assert message["stories"][0]["title"] == KIM


async def test_after_half_an_hour_of_failures_the_fallback_tells_what_waits_and_that_the_channel_fails(
    desk: Desk, site: Site, sink: JsonSink, spare: JsonSink
) -> None:
    sink.refuse(500, times=100)
    plan = watching(site, sink.channel, KIM, MISSILE, **with_spare(sink, spare))
    await desk.round(**plan)
    desk.clock.forward(minutes=29)
    await desk.round(**plan)
    assert spare.messages == []
    desk.clock.forward(hours=1)
    await desk.round(**plan)
    story, other, notice = sorted(told(spare), key=lambda title: "does not work" in title)
    assert {story, other} == {KIM, MISSILE}
    assert "The channel sink does not work: HTTP 500 (Internal Server Error): no." in notice


async def test_a_channel_that_refuses_three_times_is_broken_and_its_fallback_tells_all_that_waits(
    desk: Desk, site: Site, sink: JsonSink, spare: JsonSink
) -> None:
    sink.refuse(404, times=3)
    plan = watching(site, sink.channel, *NEWS, **with_spare(sink, spare))
    plan["feeds"] += (listing(site),)
    await desk.round(**plan)
    assert desk.channel_health("sink").state == "broken"
    assert len(sink.tries) == 3
    assert set(told(spare)) > {*NEWS, an_event(0).title}


async def test_a_broken_channel_is_tried_again_and_takes_over_when_it_works(
    desk: Desk, site: Site, sink: JsonSink, spare: JsonSink
) -> None:
    sink.refuse(404, times=3)
    plan = watching(site, sink.channel, *NEWS, **with_spare(sink, spare))
    await desk.round(**plan)
    desk.clock.forward(hours=1)
    later = {"feeds": (listing(site),)}
    await desk.round(**plan | later)
    assert told(sink) == [an_event(0).title]
    assert desk.channel_health("sink").state == "ok"


async def test_those_who_look_after_it_hear_once_that_a_channel_does_not_work(
    desk: Desk, site: Site, sink: JsonSink, spare: JsonSink
) -> None:
    """Not the fallback, where others read."""
    sink.refuse(404, times=100)
    with JsonSink() as watch:
        plan = watching(site, sink.channel, *NEWS, **with_spare(sink, spare), ops=("watch",))
        plan["channels"] += (a_channel("watch", watch.channel),)
        await desk.round(**plan)
        for hour in range(3):
            desk.clock.forward(hours=1)
            await desk.round(**plan | {"feeds": (listing(site, hour),)})
        (notice,) = watch.messages
    assert notice["message"].splitlines() == [
        "The channel sink does not work: HTTP 404 (Not Found): no.",
        "What is for it goes to spare.",
        "When it works again: monitor retry sink",
    ]
    assert len(spare.messages) == len(NEWS) + 3


async def test_a_channel_is_not_told_of_its_own_end(desk: Desk, site: Site, sink: JsonSink) -> None:
    sink.refuse(404, times=3)
    await desk.round(**watching(site, sink.channel, *NEWS, ops=("sink",)))
    assert in_outbox(desk) == {"dead": 3}


async def test_a_service_that_asks_to_wait_and_wait_is_told_of_too(
    desk: Desk, site: Site, sink: JsonSink, spare: JsonSink
) -> None:
    sink.refuse(429, times=100, retry_after=1000)
    plan = watching(site, sink.channel, KIM, **with_spare(sink, spare))
    for _ in range(4):
        await desk.round(**plan)
        desk.clock.forward(minutes=20)
    assert len(spare.messages) == 2
    assert KIM in told(spare)


# -- no answer -----------------------------------------------------------------------------------


async def test_what_got_no_answer_is_sent_once_more_and_says_so(desk: Desk, site: Site) -> None:
    with Sink(JSON, LEAVES) as sink:
        plan = watching(site, sink.channel, KIM)
        await desk.round(**plan)
        assert in_outbox(desk) == {"waiting": 1}
        desk.clock.forward(minutes=1)
        await desk.round(**plan)
        assert ["(may come twice)" in posted["message"] for posted in sink.posted] == [False, True]
    assert in_outbox(desk) == {"sent": 1}


async def test_what_got_no_answer_twice_may_have_arrived_and_is_shown_as_that(desk: Desk, site: Site) -> None:
    with Sink(JSON, LEAVES, LEAVES) as sink:
        plan = watching(site, sink.channel, KIM)
        for _ in range(5):
            await desk.round(**plan)
            desk.clock.forward(hours=12)
        assert len(sink.posted) == 2
    assert in_outbox(desk) == {"maybe": 1}
    assert desk.channel_health("sink").maybe == 1


async def test_what_got_no_answer_says_so_at_the_fallback_too(desk: Desk, site: Site, spare: JsonSink) -> None:
    with Sink(JSON, LEAVES, JSON.says["gone"]) as sink:
        channels = (a_channel("sink", sink.channel, fallback="spare"), a_channel("spare", spare.channel))
        plan = watching(site, sink.channel, KIM, channels=channels)
        await desk.round(**plan)
        desk.clock.forward(minutes=1)
        await desk.round(**plan)
    (message,) = spare.messages
    assert "(may come twice)" in message["message"]


# -- a digest in several messages ----------------------------------------------------------------


MATTERMOST = Speaker("mmost://{host}/abcdefghijklmnopqrstuvwx", says={"taken": Response(200, b"ok")})
LONG = "yang panjang " * 20


def a_long_digest(desk: Desk, *, stories: int = 30) -> list[str]:
    """In the outbox, too long for one message; how its stories begin."""
    (card,) = a_notification().cards
    names = [f"Berita {number:02}" for number in range(stories)]
    cards = tuple(replace(card, title=f"{name} {LONG}", url=f"https://example.com/{name[7:]}") for name in names)
    digest = a_notification("sink", kind=Kind.DIGEST, cards=cards, held_by=HeldBy.DIGEST)
    desk.database.write(outbox.put, outbox.Letter(digest, key="k", uid="d-1"), now=desk.clock())
    return names


def in_hand(desk: Desk) -> Claim[Delivery]:
    (claim,) = desk.database.write(outbox.claim, outbox.Route("sink"), now=desk.clock(), limit=1)
    return claim


def named(posted: dict[str, Any], names: list[str]) -> list[str]:
    return [name for name in names if name in posted["text"]]


async def test_a_digest_in_several_messages_goes_on_where_a_crash_stopped_it(desk: Desk) -> None:
    with Sink(MATTERMOST, "taken", "taken", HANGS) as sink:
        names, channel = a_long_digest(desk), a_channel("sink", sink.channel)
        sending = asyncio.create_task(delivering(desk, channel).deliver(in_hand(desk)))
        while len(sink.asked) < 3:  # noqa: ASYNC110 - a sink sets no event
            await asyncio.sleep(0.01)
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
        desk.database.write(leases.clear_all)
        await delivering(desk, channel).deliver(in_hand(desk))
        messages = [named(posted, names) for posted in sink.posted]
    assert in_outbox(desk) == {"sent": 1}
    assert messages.pop(2) == messages[2]  # the one that was cut off
    assert [name for message in messages for name in message] == names


async def test_of_a_digest_in_several_messages_the_one_without_an_answer_comes_again_and_the_rest_once(
    desk: Desk,
) -> None:
    """It says so, and so does the one after it, which may begin with a story that had no room any more."""
    with Sink(MATTERMOST, "taken", LEAVES, "taken", LEAVES) as sink:
        names, channel = a_long_digest(desk, stories=50), a_channel("sink", sink.channel)
        for _ in range(3):
            await delivering(desk, channel).deliver(in_hand(desk))
            desk.clock.forward(minutes=5)
        messages = [named(posted, names) for posted in sink.posted]
        marked = ["(may come twice)" in posted["text"] for posted in sink.posted]
    assert in_outbox(desk) == {"sent": 1}
    assert len(messages) > 6
    assert marked == [False, False, True, True, True, True, *[False] * (len(marked) - 6)]
    assert messages[1][0] == messages[2][0]
    assert messages[3][0] == messages[4][0]
    del messages[3], messages[1]
    assert [name for message in messages for name in message] == names


# -- what the service says -----------------------------------------------------------------------


async def test_the_name_that_the_service_gave_a_message_is_kept(desk: Desk) -> None:
    with Sink(NTFY) as sink:
        a_long_digest(desk, stories=1)
        await delivering(desk, a_channel("sink", sink.channel)).deliver(in_hand(desk))
    provider_id = desk.database.read(lambda session: session.scalar(sa.select(DELIVERY.c.provider_id)))
    assert provider_id == json.loads(NTFY.says["taken"].body)["id"]
