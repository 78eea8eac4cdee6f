"""Whatever the articles, the wishes, the edits and the clock: each match is told once or dropped with a reason."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import hypothesis
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from monitor import settings
from monitor.model import Card, Kind, Reason
from monitor.settings import AlertPolicy, Channel, Limit, QuietHours, Settings, Topic
from monitor.store import stories
from monitor.store.outbox import Posted
from monitor.store.tables import ALERT, STORY
from monitor.topics.watchlist import Watchlist
from monitor.work.rehearse import Rehearsal, rehearsal
from tests.alerts.localtime import BERLIN, JAKARTA, MINUTE, instant, leave_some_time, says_quiet
from tests.build import a_channel, a_topic, an_article
from tests.build import settings as some_settings
from tests.events import an_event

EXAMPLES: Final = 2_000 if "MONITOR_FUZZ" in os.environ else 10
TOPICS = ("alfa", "beta", "gama")
CHANNELS = ("phone", "mail")
A_LONG_TIME: Final = timedelta(days=30)
OLD: Final = timedelta(days=5)
WINDOW: Final = some_settings().stories.window
DROPS: Final = {
    Reason.TOO_OLD,
    Reason.ALREADY_TOLD,
    Reason.HIDDEN,
    Reason.QUIET_HOURS,
    Reason.WEAK,
    Reason.REMOVED,
}

# -- a world -------------------------------------------------------------------------------------

times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 30]))
quiet_hours = st.lists(
    st.builds(QuietHours, start=times, end=times, then=st.sampled_from(["hold", "hold", "drop"])), max_size=2
).map(tuple)
limits = st.builds(Limit, count=st.integers(1, 3), per=st.sampled_from([timedelta(hours=1), timedelta(days=1)]))
sends = st.one_of(
    st.just(settings.Send()),
    st.just(settings.Send(when="hourly")),
    st.builds(settings.Send, when=st.just("daily"), at=times),
    st.builds(settings.Send, when=st.just("weekly"), at=times, weekday=st.integers(0, 6)),
)


def channel_of(name: str) -> st.SearchStrategy[Channel]:
    wishes = {"limit": st.none() | st.just("off") | limits, "send": sends, "quiet_hours": st.none() | quiet_hours}
    return st.builds(a_channel, name=st.just(name), **wishes)


def topic_of(name: str) -> st.SearchStrategy[Topic]:
    policy = st.builds(
        AlertPolicy,
        wait=st.sampled_from([timedelta(0), 2 * MINUTE, timedelta(hours=3)]),
        follow_up=st.none() | st.integers(1, 3),
        limit=st.none() | limits,
        quiet_hours=quiet_hours,
        urgent=st.sampled_from([False, False, True]),
        only=st.sampled_from(["all", "best"]),
    )
    told = st.lists(st.sampled_from(CHANNELS), min_size=1, unique=True).map(tuple)
    wider = st.lists(st.sampled_from(TOPICS), max_size=2).map(
        lambda names: tuple({each for each in names if each > name})
    )
    query = f"{name} OR delta OR epsilon"  # so that it is not found so well in a text
    wishes = {"channels": told, "policy": policy, "has_own_limit": st.booleans(), "hides": wider}
    return st.builds(a_topic, name=st.just(name), query=st.none() | st.just(query), **wishes)


def world(zone: ZoneInfo) -> st.SearchStrategy[Settings]:
    topics = st.tuples(*map(topic_of, TOPICS))
    channels = st.tuples(*map(channel_of, CHANNELS))
    return st.builds(some_settings, timezone=st.just(zone), topics=topics, channels=channels)


@dataclass(frozen=True, slots=True)
class News:
    after: timedelta
    story: int
    outlet: str
    topics: frozenset[str]
    age: timedelta | None
    slept: bool  # the program stood still before it came


news = st.builds(
    News,
    after=st.sampled_from([MINUTE, MINUTE, 20 * MINUTE, timedelta(hours=5), timedelta(days=2)]),
    story=st.integers(0, 2),
    outlet=st.sampled_from(["a.example", "b.example", "c.example", "d.example"]),
    topics=st.frozensets(st.sampled_from(TOPICS), min_size=1),
    age=st.sampled_from([None, None, timedelta(hours=1), OLD]),
    slept=st.sampled_from([False, False, False, True]),
)


@dataclass(frozen=True, slots=True)
class Week:
    zone: ZoneInfo
    starts_at: datetime
    before: Settings  # the edit
    after: Settings
    news: list[News]
    edited: int  # before the news of this number


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    zone = draw(st.sampled_from([BERLIN, JAKARTA]))
    starts_at = instant(draw(st.sampled_from(["Sat 2026-03-28 20:00", "Sat 2026-10-24 20:00"])), zone)
    before, came = draw(world(zone)), draw(st.lists(news, min_size=1, max_size=14))
    after = draw(st.just(before) | world(zone))
    return Week(zone, starts_at, before, after, came, draw(st.integers(0, len(came))))


# -- what became of it -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """An alert as it stands at the end."""

    story: str
    topic: str
    channel: str
    turn: int
    decision: str
    reason: str
    notification_id: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    matched: set[tuple[str, str, str]]  # story, topic, channel
    rows: list[Row]
    told: list[Posted]
    edited_at: datetime
    outlets: dict[str, int]  # by story


def lived(week: Week) -> Outcome:
    with rehearsal(week.before, watching(week.before)) as told:
        now, edited_at, matched = week.starts_at, week.starts_at, set[tuple[str, str, str]]()
        events = Events()
        for number, each in enumerate(week.news):
            if number == week.edited:
                told.pass_time(now=now)
                told.change(week.after, watching(week.after))
                edited_at = now
            now += each.after
            if each.slept:
                told.sleep(now=now)
            matched |= seen(told, each, number, week, events, now=now)
        if week.edited == len(week.news):
            edited_at = now
            told.change(week.after, watching(week.after))
        told.pass_time(now=now + A_LONG_TIME)
        return Outcome(matched, rows_of(told), list(told.told()), edited_at, outlets_of(told))


def watching(wanted: Settings) -> Watchlist:
    return Watchlist.compile(wanted.topics, wanted.aliases)


@dataclass
class Events:
    """What nobody reported for longer than the window has happened again, and is another story."""

    last_at: dict[int, datetime] = field(default_factory=dict)

    def number(self, each: News, *, at: datetime) -> int:
        """Old news is about something else."""
        number = each.story + 3 * (each.age == OLD)
        while number in self.last_at and at - self.last_at[number] > WINDOW:
            number += 6
        self.last_at[number] = max(at, self.last_at.get(number, at))
        return number


def seen(
    told: Rehearsal, each: News, number: int, week: Week, events: Events, *, now: datetime
) -> set[tuple[str, str, str]]:
    published_at = None if each.age is None else now - each.age
    event = events.number(each, at=published_at or now)
    title, report = an_event(event).title, an_event(event, wording=number, also=", ".join(sorted(each.topics)))
    url, text = f"https://{each.outlet}/{number}", report.text
    article = an_article(title, text=text, key=url, url=url, outlet=each.outlet, published_at=published_at)
    told.see(replace(article, feed=f"https://{each.outlet}/rss"), now=now)
    topics = (week.after if number >= week.edited else week.before).topics
    return {(title, topic.name, channel) for topic in topics if topic.name in each.topics for channel in topic.channels}


def outlets_of(told: Rehearsal) -> dict[str, int]:
    ids = sa.select(STORY.c.id)
    found = told.database.read(lambda session: [stories.story(session, each) for each in session.scalars(ids).all()])
    return {story.title: len(story.outlets) for story in found}


def rows_of(told: Rehearsal) -> list[Row]:
    c = ALERT.c
    columns = (STORY.c.title, c.topic, c.channel, c.turn, c.decision, c.reason, c.notification_id)
    found = sa.select(*columns).join(STORY, STORY.c.id == c.story_id).order_by(c.id)
    return [Row(*row) for row in told.database.read(lambda session: session.execute(found).all())]


# -- the promises ----------------------------------------------------------------------------------


@hypothesis.settings(max_examples=EXAMPLES, deadline=None)
@given(week=weeks())
def test_in_any_week_each_match_is_told_once_or_dropped_and_nobody_is_disturbed(week: Week) -> None:
    outcome = lived(week)
    nothing_is_lost(outcome, week)
    nothing_is_told_twice(outcome)
    follow_ups_name_what_is_new(outcome)
    what_is_weak_has_one_outlet(outcome, week)
    what_is_hidden_is_told_or_kept_back_by_another(outcome)
    for posted in outcome.told:
        wanted = week.before if posted.at <= outcome.edited_at else week.after
        nobody_is_disturbed(posted, wanted)
        the_limit_holds(posted, outcome.told, wanted)


def nothing_is_lost(outcome: Outcome, week: Week) -> None:
    decided = {(row.story, row.topic, row.channel): row for row in outcome.rows if row.turn == 0}
    assert outcome.matched <= decided.keys()
    for row in outcome.rows:
        assert row.decision in {"send", "drop"}, "held for ever"
        assert (row.notification_id is not None) == (row.decision == "send")
        assert row.decision == "send" or row.reason in DROPS
        if row.turn == 0 and row.reason == Reason.REMOVED:
            (topic,) = (topic for topic in week.after.topics if topic.name == row.topic)
            assert all((row.story, row.topic, channel) in decided for channel in topic.channels)


def what_is_weak_has_one_outlet(outcome: Outcome, week: Week) -> None:
    """As soon as a second one joins it is judged again; what left the configuration is nobody's matter."""
    places = {(topic.name, channel) for topic in week.after.topics for channel in topic.channels}
    for row in outcome.rows:
        if row.reason == Reason.WEAK and (row.topic, row.channel) in places:
            assert outcome.outlets[row.story] == 1


def what_is_hidden_is_told_or_kept_back_by_another(outcome: Outcome) -> None:
    """Or that one left before its time."""
    for row in outcome.rows:
        if row.reason == Reason.HIDDEN:
            here = [each for each in outcome.rows if (each.story, each.channel) == (row.story, row.channel)]
            assert any(each.topic < row.topic and each.reason not in {Reason.TOO_OLD, Reason.WEAK} for each in here)


def nothing_is_told_twice(outcome: Outcome) -> None:
    named = Counter(
        (posted.notification.channel, topic, card.title) for posted, card in cards_of(outcome) for topic in card.topics
    )
    sent = Counter((row.channel, row.topic, row.story) for row in outcome.rows if row.decision == "send")
    assert named == sent


def cards_of(outcome: Outcome) -> Iterator[tuple[Posted, Card]]:
    return ((posted, card) for posted in outcome.told for card in posted.notification.cards)


def follow_ups_name_what_is_new(outcome: Outcome) -> None:
    known: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for posted, card in cards_of(outcome):
        before = known[posted.notification.channel, card.title]
        if posted.notification.kind is Kind.FOLLOW_UP or card.new_outlets:
            assert set(card.new_outlets) == set(card.outlets) - before
            assert card.new_outlets
        before |= set(card.outlets)


def nobody_is_disturbed(posted: Posted, wanted: Settings) -> None:
    """One of its topics at least might be told at this time of day; the others went along."""
    wall = posted.at.astimezone(wanted.timezone).time()
    assert any(
        topic.policy.urgent or not leave_some_time(hours) or not any(says_quiet(each, wall) for each in hours)
        for topic, hours in ((topic, hours_of(topic, posted, wanted)) for topic in topics_of(posted, wanted))
    )


def hours_of(topic: Topic, posted: Posted, wanted: Settings) -> tuple[QuietHours, ...]:
    own = channel_in(wanted, posted).quiet_hours
    return topic.policy.quiet_hours if own is None else own


def the_limit_holds(last: Posted, told: list[Posted], wanted: Settings) -> None:
    """One of its topics at least had room; the others went along."""
    assert any(topic.policy.urgent or has_room(topic, last, told, wanted) for topic in topics_of(last, wanted))


def has_room(topic: Topic, last: Posted, told: list[Posted], wanted: Settings) -> bool:
    own = channel_in(wanted, last).limit
    limit = topic.policy.limit if own is None else own
    if not isinstance(limit, Limit):
        return True
    counting = [each for each in told if each.notification.channel == last.notification.channel]
    if topic.has_own_limit and own is None:
        counting = [each for each in counting if topic in topics_of(each, wanted)]
    place = counting.index(last)
    return sum(each.at > last.at - limit.per for each in counting[: place + 1]) <= limit.count


def channel_in(wanted: Settings, posted: Posted) -> Channel:
    (channel,) = (each for each in wanted.channels if each.name == posted.notification.channel)
    return channel


def topics_of(posted: Posted, wanted: Settings) -> list[Topic]:
    named = {topic for card in posted.notification.cards for topic in card.topics}
    return [topic for topic in wanted.topics if topic.name in named]
