"""What those in ops hear of feeds: what broke and what fell silent, once; that it is well again, once."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

from monitor.alerts.condition import Trouble
from monitor.app.house import plan_of
from monitor.app.round import once
from monitor.metrics import Metrics
from monitor.store.database import Database
from monitor.stories.frequencies import Frequencies
from monitor.work.live import Live
from monitor.work.tend import Tend
from tests.build import a_channel
from tests.site import FeedEntry, JsonSink, Site
from tests.work.days import MIDNIGHT, OPS, live
from tests.work.desk import Clock, Desk, configuration_of, local, to

# -- it breaks -----------------------------------------------------------------------------------


def test_a_feed_that_worked_is_told_broken_after_three_failures_and_an_hour_and_well_again_once(
    database: Database,
) -> None:
    live(
        database,
        """
        feeds A, B
        08:00  all reads 5 new
        09:00  A HTTP 503
        09:15  A HTTP 503
        09:45  A HTTP 503
        09:59
        10:00
               → The feed A can't be read since 2026-03-10 09:00: HTTP 503 (3 times in a row).
               · How all feeds are: monitor status
        10:01
        11:45  A HTTP 500
        12:45  A reads
               → The feed A can be read again, since 2026-03-10 12:45.
        12:46
        """,
    )


def test_a_hiccup_is_not_told(database: Database) -> None:
    live(
        database,
        """
        feeds A
        08:00  A reads 5 new
        09:00  A timed out
        09:15  A timed out
        10:30  A reads
        10:45  A timed out
        """,
    )


def test_a_feed_that_is_asked_once_a_day_is_told_broken_the_second_time(database: Database) -> None:
    live(
        database,
        """
        feeds A
        08:00  A reads 5 new
        day 2
        08:00  A HTTP 404
        day 3
        08:00  A HTTP 404
               → The feed A can't be read since 2026-03-11 08:00: HTTP 404 (2 times in a row).
        """,
    )


def test_a_feed_that_breaks_again_is_told_when_the_day_is_over_if_it_still_is_broken(database: Database) -> None:
    live(
        database,
        """
        feeds A
        08:00  A reads 5 new
        08:15  A HTTP 503
        08:45  A HTTP 503
        09:15  A HTTP 503
               → The feed A can't be read
        10:00  A reads
               → The feed A can be read again
        10:15  A HTTP 503
        10:45  A HTTP 503
        12:00  A HTTP 503
        13:00  A reads
        20:00  A HTTP 502
        20:15  A HTTP 502
        22:00  A HTTP 502
        day 2
        09:14
        09:15
               → The feed A can't be read since 2026-03-10 20:00: HTTP 502
        """,
    )


def test_a_feed_that_never_worked_is_told_after_a_day(database: Database) -> None:
    live(
        database,
        """
        feeds A
        08:00  A HTTP 404
        08:15  A HTTP 404
        12:00  A HTTP 404
        day 2
        07:59
        08:00
               → The feed A can't be read and never could be: HTTP 404
        """,
    )


def test_a_feed_that_is_gone_is_told_at_once(database: Database) -> None:
    live(
        database,
        """
        feeds A
        08:00  A reads 5 new
        09:00  A HTTP 410
               → The feed A is gone (HTTP 410) and is not asked any more.
        day 9
        09:00
        """,
    )


def test_a_feed_that_stops_its_reader_three_times_is_told_and_asked_once_a_day(database: Database) -> None:
    live(
        database,
        """
        feeds A
        08:00  A reads 5 new
        08:15  A stops it
        08:30  A stops it
        08:45  A stops it
               → The feed A is left alone: its document stopped the reader three times in a row; it is asked again once a day.
               · It is asked again at 2026-03-11 08:45.
        day 2
        08:45  A stops it
        day 3
        08:45  A reads 1 new
               → The feed A can be read again
        """,
    )


def test_a_feed_that_left_the_configuration_is_told_no_more_and_starts_anew_when_it_comes_back(
    database: Database,
) -> None:
    live(
        database,
        """
        feeds A, B
        08:00  all reads 5 new
        08:15  A HTTP 503
        08:45  A HTTP 503
        09:15  A HTTP 503
               → The feed A can't be read
        10:00  A leaves
        11:00
        12:00  A comes back
        12:15  A HTTP 503
        12:30  A reads
        13:00  A HTTP 503
        13:30  A HTTP 503
        14:15  A HTTP 503
               → The feed A can't be read
        """,
    )


# -- many at once --------------------------------------------------------------------------------

LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_feeds_that_break_together_are_told_together(database: Database) -> None:
    live(
        database,
        f"""
        feeds {", ".join(LETTERS)}
        08:00  all reads 5 new
        09:00  {",".join(LETTERS[:12])} HTTP 503
        09:15  {",".join(LETTERS[:12])} HTTP 503
        10:00  {",".join(LETTERS[:12])} HTTP 503
               → 12 feeds can't be read:
               · - A: HTTP 503, since 2026-03-10 09:00
               · - J: HTTP 503
               · - and 2 more
        10:30  {",".join(LETTERS[:12])} reads
               → 12 feeds can be read again:
               · - A
               · - and 2 more
        """,
    )


def test_where_most_feeds_are_out_of_reach_this_machine_may_be_offline(database: Database) -> None:
    live(
        database,
        """
        feeds A, B, C, D, E
        08:00  all reads 5 new
        09:00  A unknown host
        09:05  B,C unknown host
        09:10  D connection refused
        09:20  A,B,C unknown host
        09:25  E HTTP 503
        10:00  A unknown host
               → 4 of 5 feeds can't be reached: this machine may be offline.
               · Since 2026-03-10 09:00; unknown host (3), connection refused (1).
               · - A
               · - D
        10:05  B,C unknown host
        11:00  D connection refused
        12:00  A reads
        12:05  B reads 3 new
               → 2 of the 4 feeds that could not be reached can be read again.
               · The others are asked again by 2026-03-10 12:15.
        12:10  C reads
        12:15
        13:00  D connection refused
               → The feed D can't be read since 2026-03-10 09:10: connection refused (3 times in a row).
        14:00  D reads
               → The feed D can be read again
        """,
    )


def test_an_outage_is_told_once_a_day(database: Database) -> None:
    live(
        database,
        """
        feeds A, B, C
        08:00  all reads 5 new
        09:00  all no connection
        09:15  all no connection
        10:00  all no connection
               → 3 of 3 feeds can't be reached: this machine may be offline.
        11:00  all reads
               → The 3 feeds that could not be reached can be read again.
        12:00  all no connection
        12:15  all no connection
        13:30  all no connection
        14:00  all reads
        20:00  all no connection
        20:15  all no connection
        22:00  all no connection
        day 2
        09:59
        10:00
               → 3 of 3 feeds can't be reached
        11:00  all reads
               → The 3 feeds that could not be reached can be read again.
        """,
    )


def test_feeds_that_were_not_asked_since_say_nothing_about_an_outage(database: Database) -> None:
    live(
        database,
        """
        feeds A, B, C, D, E, F, G, H, I
        08:00  all reads 5 new
        09:00  A,B,C timed out
        09:15  A,B,C timed out
        09:30  D reads
        10:00  A,B,C timed out
               → 3 of 4 feeds can't be reached: this machine may be offline.
        """,
    )


def test_feeds_of_one_server_that_is_down_do_not_blame_this_machine_alone(database: Database) -> None:
    live(
        database,
        """
        feeds A/1, A/2, A/3
        08:00  all reads 5 new
        09:00  all timed out
        09:15  all timed out
        10:00  all timed out
               → 3 of 3 feeds can't be reached: a.example:443 may be down, or this machine may be offline.
        """,
    )


def test_feeds_that_were_broken_before_make_no_outage(database: Database) -> None:
    live(
        database,
        """
        feeds A, B, C, D, E, F, G
        08:00  all reads 5 new
        09:00  A unknown host
        09:15  A unknown host
        10:00  A unknown host
               → The feed A can't be read
        11:00  B unknown host
        11:15  B unknown host
        12:00  B unknown host
               → The feed B can't be read
        13:00  C unknown host
        13:15  C unknown host
        14:00  C unknown host
               → The feed C can't be read
        15:00  D unknown host
        15:15  D unknown host
        16:00  D unknown host
               → The feed D can't be read
        """,
    )


# -- it moves, it lacks something ----------------------------------------------------------------


def test_a_feed_that_moved_for_good_is_told_once(database: Database) -> None:
    live(
        database,
        """
        feeds A
        08:00  A reads 5 new
        09:00  A moved https://new.example/rss
               → The feed A has moved for good to https://new.example/rss and is read there.
               · Write the new address into the configuration.
        10:00  A moved https://new.example/rss
        11:00  A HTTP 500
        12:00  A moved https://new.example/rss
        13:00  A moved https://other.example/rss
        day 2
        09:00
               → The feed A has moved for good to https://other.example/rss
        """,
    )


def test_what_could_not_be_read_of_a_feed_is_told_once_and_anew_where_it_is_something_else(database: Database) -> None:
    live(
        database,
        """
        feeds A
        08:00  A lacks 1200 entries beyond the first 2000
               → Part of the feed A can't be read: 1200 entries beyond the first 2000
        09:00  A lacks 1300 entries beyond the first 2000
        10:00  A lacks 3 titles were cut
        day 2
        08:00
               → Part of the feed A can't be read: 3 titles were cut
        day 9
        08:00  A reads
        """,
    )


# -- it falls silent -----------------------------------------------------------------------------


def an_hourly_week(names: str = "A") -> str:
    """New entries every hour from 6 to 21, for eight days."""
    hours = "\n".join(f"{hour:02}:00  {names} reads 1 new" for hour in range(6, 22))
    return "\n".join(f"day {day}\n{hours}" for day in range(1, 9))


def test_a_feed_that_lists_nothing_new_for_longer_than_is_its_way_is_told_silent_and_that_it_speaks_again(
    database: Database,
) -> None:
    live(
        database,
        f"""
        feeds A
        {an_hourly_week()}
        day 9
        21:00  A reads
        23:59  A reads
        day 10
        00:01  A reads
               → The feed A is silent: it can be read, and lists nothing new since 2026-03-17 21:00.
               · In the weeks before its longest pause was 9 hours.
        12:00  A reads
        day 14
        12:00  A reads 2 new
               → The feed A lists something new again, since 2026-03-23 12:00.
        """,
    )


def test_a_feed_that_fails_is_broken_and_not_silent(database: Database) -> None:
    live(
        database,
        f"""
        feeds A
        {an_hourly_week()}
        22:00  A HTTP 503
        22:15  A HTTP 503
        23:00  A HTTP 503
               → The feed A can't be read
        day 12
        12:00  A HTTP 503
        """,
    )


def test_of_the_time_when_nobody_asked_a_feed_nothing_is_said(database: Database) -> None:
    live(
        database,
        f"""
        feeds A
        {an_hourly_week()}
        day 20
        12:00
        12:01  A reads 1 new
        """,
    )


def test_a_feed_whose_rhythm_is_not_known_yet_is_not_told_silent(database: Database) -> None:
    live(
        database,
        """
        feeds A
        day 1
        08:00  A reads 20 new
        10:00  A reads 20 new
        12:00  A reads 20 new
        day 6
        12:00  A reads 20 new
        day 28
        12:00  A reads
        """,
    )


# -- in rounds -----------------------------------------------------------------------------------


async def test_those_in_ops_hear_of_it_also_where_rounds_are_asked_for_by_a_clock(
    any_desk: Desk, site: Site, sink: JsonSink
) -> None:
    desk = any_desk
    feed = local(site.feed("/rss", [FeedEntry("Harga Beras Turun", "/1")]), full_text="never")
    told = {"feeds": (feed,), "channels": (to(sink), a_channel()), "ops": ("sink",)}
    await desk.round(**told)
    site.fail("/rss", 503)
    for _ in range(4):
        desk.clock.forward(hours=1)
        await desk.round(**told)
    assert [message["title"] for message in sink.messages] == [
        "Notice: The feed Kabar Nusantara can't be read since 2026-03-10 20:00: HTTP 503 (3 times in a row)."
    ]
    site.feed("/rss", [FeedEntry("Harga Beras Turun", "/1")])
    for _ in range(3):
        desk.clock.forward(hours=5)
        await desk.round(**told)
    assert [message["title"] for message in sink.messages[1:]] == [
        "Notice: The feed Kabar Nusantara can be read again, since 2026-03-11 04:00."
    ]


async def test_without_anybody_in_ops_it_is_remembered_all_the_same_and_told_to_nobody_later(
    desk: Desk, site: Site, sink: JsonSink
) -> None:
    told = {"feeds": (local(site.fail("/rss", 410)),), "channels": (to(sink), a_channel())}
    await desk.round(**told, ops=())
    assert desk.feed_health().notice == (Trouble.STOPPED,)
    await desk.round(**told, ops=("sink",))
    assert sink.messages == []


async def test_each_in_ops_hears_it(desk: Desk, site: Site, sink: JsonSink) -> None:
    told = {"feeds": (local(site.fail("/rss", 410)),), "channels": (to(sink), a_channel()), "ops": ("sink", "terminal")}
    await desk.round(**told)
    assert len(sink.messages) == 1
    assert desk.console.getvalue().count("is gone (HTTP 410)") == 1


async def test_the_metrics_count_feeds_by_state(desk: Desk, site: Site) -> None:
    good = site.feed("/good", [FeedEntry("Harga Beras Turun", "/1")])
    ground = desk.ground(feeds=(local(good, full_text="never"), local(site.fail("/bad", 500))))
    await once(ground, all_feeds=False)
    shown = ground.metrics.exposition().decode()
    assert 'monitor_feeds{state="ok"} 1.0' in shown
    assert 'monitor_feeds{state="failing"} 1.0' in shown
    assert 'monitor_feeds{state="silent"} 0.0' in shown


async def test_silence_is_looked_for_each_quarter_of_an_hour_and_stands_in_between(database: Database) -> None:
    now = MIDNIGHT + timedelta(days=9)
    days = live(database, f"feeds A\n{an_hourly_week()}")
    clock, metrics = Clock(now), Metrics()
    plan = plan_of(configuration_of(OPS), console=StringIO())
    tend = Tend(database, metrics, Live(plan, Frequencies.of(0, {})), clock)
    silent = []
    for _ in range(5):
        await tend.tend()
        silent.append(metrics.exposition().decode().count('monitor_feeds{state="silent"} 1.0'))
        days.happens("A reads", now=clock.now + timedelta(minutes=5))
        clock.forward(minutes=7.5)
    assert silent == [0, 0, 1, 1, 1]
