"""The archive once more: the same topics find and tell what they did, and an edit shows in what changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

import hypothesis
from hypothesis import given

from monitor.app.in_force import InForce
from monitor.app.workshop import Bench, differences
from monitor.settings import AlertPolicy, QuietHours, Topic
from monitor.store.outbox import Posted
from monitor.work import replay
from monitor.work.rehearse import Rehearsal, rehearsal
from monitor.work.replay import Span
from tests.build import a_topic, an_article, settings
from tests.story.test_any_week import A_LONG_TIME, EXAMPLES, Events, Week, seen, watching, weeks

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def told_by(posted: Sequence[Posted]) -> list[object]:
    """Every message: when, where, and what it says."""
    return [(each.at, replace(each.notification, cards=()), *each.notification.cards) for each in posted]


def lived(told: Rehearsal, week: Week) -> datetime:
    now, events = week.starts_at, Events()
    for number, each in enumerate(week.news):
        now += each.after
        seen(told, each, number, week, events, now=now)
    told.pass_time(now=now + A_LONG_TIME)
    return now


@hypothesis.settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
@given(weeks())
def test_in_any_week_the_archive_tells_what_was_told(week: Week) -> None:
    week = replace(week, after=week.before, news=[replace(each, slept=False) for each in week.news])
    watchlist = watching(week.before)
    with rehearsal(week.before, watchlist) as told:
        span = Span(week.starts_at, lived(told, week))
        found = told.database.read(replay.find, watchlist.match, span)
        again = told.database.read(replay.tell, week.before, found, span)
        assert told_by(again.posted) == told_by(told.told())
        assert found.read == len(week.news)


TITLE = "Lavrov bertemu Kim di Wonsan"


def an_hour_of_news(told: Rehearsal, now: datetime) -> datetime:
    told.see(an_article(TITLE, key="1"), now=now)
    told.see(
        an_article("Harga beras naik", key="2", text="Pedagang beras di Cipinang mengeluh."), now=now + 20 * MINUTE
    )
    told.see(an_article("Gempa di Maluku", key="3", text="Warga Ambon berlarian."), now=now + 60 * MINUTE)
    return now + 60 * MINUTE


def test_what_a_topic_would_have_found_is_told_by_day_and_story(now: datetime) -> None:
    wanted = settings(topics=(a_topic("Lavrov"),))
    with rehearsal(wanted, watching(wanted)) as told:
        span = Span(now - DAY, an_hour_of_news(told, now))
        trial = told.database.read(Bench.of_query("gempa OR beras", wanted).trial, span)
        assert (trial.read, trial.articles, trial.messages) == (3, 2, 2)
        assert [story.title for story in trial.stories] == ["Gempa di Maluku", "Harga beras naik"]
        assert [story.told_at for story in trial.stories] == [now + 62 * MINUTE, now + 22 * MINUTE]
        assert [(day.articles, day.stories, day.messages) for day in trial.days] == [(0, 0, 0), (2, 2, 2)]
        assert trial.yaml == "- name: 'gempa OR beras'\n  query: 'gempa OR beras'\n"


def test_the_rules_of_a_topic_are_those_that_it_has(now: datetime) -> None:
    wanted = settings(topics=(a_topic("Lavrov", policy=AlertPolicy(only="best")), a_topic("Gempa", query="gempa")))
    with rehearsal(wanted, watching(wanted)) as told:
        span = Span(now - DAY, an_hour_of_news(told, now))
        trial = told.database.read(
            Bench.of(
                a_topic("beras", query="pedagang OR alfa OR beta OR gama", policy=AlertPolicy(only="best", wait=DAY)),
                wanted,
            ).trial,
            span,
        )
        assert trial.articles == 1
        assert trial.messages == 0
        assert trial.stories[0].told_at is None


def test_trying_changes_nothing(now: datetime) -> None:
    wanted = settings(topics=(a_topic("Lavrov"),))
    with rehearsal(wanted, watching(wanted)) as told:
        span = Span(now - DAY, an_hour_of_news(told, now))
        before = told_by(told.told())
        told.database.read(Bench.of_query("gempa", wanted).trial, span)
        assert told_by(told.told()) == before


def edited(topics: Sequence[Topic], **changes: object) -> InForce:
    return InForce.of(settings(topics=tuple(topics), **changes))


def test_an_edit_shows_which_stories_come_and_go(now: datetime) -> None:
    wanted = settings(topics=(a_topic("Lavrov"),))
    same = a_topic("Sama", query="gempa")
    before, after = (edited([a_topic("Berita", query=query), same]) for query in ("Lavrov OR beras", "beras OR gempa"))
    with rehearsal(wanted, watching(wanted)) as told:
        span = Span(now - DAY, an_hour_of_news(told, now))
        (changed,) = told.database.read(differences, before, after, span)
        assert [story.title for story in changed.more] == ["Gempa di Maluku"]
        assert [story.title for story in changed.fewer] == [TITLE]
        assert (changed.topic, changed.in_short, changed.stays) == ("Berita", "+1 / −1", 1)
        assert told.database.read(differences, after, after, span) == []


def test_a_topic_that_came_or_went_shows_all_its_stories(now: datetime) -> None:
    wanted = settings(topics=(a_topic("Lavrov"),))
    with rehearsal(wanted, watching(wanted)) as told:
        span = Span(now - DAY, an_hour_of_news(told, now))
        before, after = edited([a_topic("Lama", query="gempa")]), edited([a_topic("Baru", query="beras")])
        found = told.database.read(differences, before, after, span)
        assert [(each.topic, each.in_short) for each in found] == [("Baru", "+1 / −0"), ("Lama", "+0 / −1")]


def test_an_alias_that_was_added_shows_where_it_changes_something(now: datetime) -> None:
    wanted = settings(topics=(a_topic("Lavrov"),))
    topics = [a_topic("Bencana", query="bencana"), a_topic("Lavrov")]
    with rehearsal(wanted, watching(wanted)) as told:
        span = Span(now - DAY, an_hour_of_news(told, now))
        after = edited(topics, aliases={"bencana": ("gempa",)})
        found = told.database.read(differences, edited(topics), after, span)
        assert [(each.topic, each.in_short) for each in found] == [("Bencana", "+1 / −0")]


def test_what_is_in_force_is_read_as_it_was_written() -> None:
    policy = AlertPolicy(quiet_hours=(QuietHours(start=time(22), end=time(5, 30)),), max_age=None)
    known = edited([a_topic("Gempa", query="gempa", policy=policy)], aliases={"a": ("b",)})
    assert InForce.model_validate_json(known.model_dump_json()) == known
