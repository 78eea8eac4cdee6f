"""What was decided, what each channel was told, and what waits to be judged again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.errors import LeaseLost
from monitor.model import Decision, Drop, HeldAlert, Hold, Kind, Notification, Reason, Send, Told
from monitor.store import history, leases, outbox
from monitor.store.database import Database
from monitor.store.tables import ALERT
from tests.build import an_article
from tests.store.steps import HOUR, MINUTE, alert, claim_delivery, decide, post, rows, store

TOPIC = "Korea Utara Rusia"
TOO_OLD = Drop(Reason.TOO_OLD)


def told(database: Database, story_id: int, *, topic: str = TOPIC, channel: str = "terminal") -> Told:
    return database.read(history.told, story_id=story_id, channel=channel, topic=topic)


def held_until(until: datetime, reason: Reason = Reason.SETTLING) -> Hold:
    return Hold(reason, until=until)


# -- recording -----------------------------------------------------------------------------------


def test_a_case_that_was_dropped_is_opened_again_by_a_later_article(database: Database, now: datetime) -> None:
    story_id, first = store(database, now=now)
    _, second = store(database, an_article("Menlu Rusia"), now=now)
    dropped = decide(database, alert(story_id, TOO_OLD), article_id=first, now=now)
    sent = decide(database, alert(story_id, urgent=True), article_id=second, now=now + HOUR)

    assert sent == dropped
    columns = (ALERT.c.id, ALERT.c.decision, ALERT.c.reason, ALERT.c.article_id, ALERT.c.is_urgent)
    assert rows(database, *columns) == [(sent, "send", "new story", second, True)]


def test_how_long_an_alert_waits_counts_from_when_it_was_held_not_from_when_it_was_dropped(
    database: Database, now: datetime
) -> None:
    story_id, article_id = store(database, now=now)
    decisions: tuple[Decision, ...] = (TOO_OLD, held_until(now), held_until(now, Reason.DIGEST))
    for hours, decision in enumerate(decisions):
        decide(database, alert(story_id, decision), article_id=article_id, now=now + hours * HOUR)

    (held,) = database.read(history.held, story_id=story_id, channel="terminal")
    assert (held.reason, held.since) == (Reason.DIGEST, now + HOUR)


def test_every_topic_channel_and_turn_is_a_case_of_its_own(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    cases = [
        alert(story_id),
        alert(story_id, topic="Gempa"),
        alert(story_id, channel="phone"),
        alert(story_id, turn=1),
    ]
    assert len({decide(database, case, article_id=article_id, now=now) for case in cases}) == 4


def test_only_what_is_held_is_due_again(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    decisions: tuple[Decision, ...] = (Send(Reason.NEW_STORY), TOO_OLD, held_until(now + HOUR))
    for turn, decision in enumerate(decisions):
        decide(database, alert(story_id, decision, turn=turn), article_id=article_id, now=now)

    assert rows(database, ALERT.c.turn, ALERT.c.due_at) == [(0, None), (1, None), (2, now + HOUR)]


def test_alerts_are_counted_by_what_became_of_them(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    decisions: tuple[Decision, ...] = (Send(Reason.NEW_STORY), TOO_OLD, TOO_OLD, held_until(now + HOUR))
    for turn, decision in enumerate(decisions):
        decide(database, alert(story_id, decision, turn=turn), article_id=article_id, now=now)
    decide(database, alert(story_id, TOO_OLD, turn=4), article_id=article_id, now=now - HOUR)

    assert database.read(history.decided_since, now) == {"send": 1, "drop": 2, "hold": 1}


# -- what a channel knows ------------------------------------------------------------------------


def test_of_a_new_story_a_channel_knows_nothing(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    decide(database, alert(story_id, TOO_OLD), article_id=article_id, now=now)
    decide(database, alert(story_id, held_until(now), topic="Gempa"), article_id=article_id, now=now)

    assert told(database, story_id) == Told()


def test_a_channel_knows_what_it_was_told_and_when(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    sent = decide(database, alert(story_id), article_id=article_id, now=now)
    post(database, "first", now=now, outlets_told={sent: 3})

    assert told(database, story_id) == Told(1, topic_told_at=now, about_story_at=now, outlets_told=3)
    assert told(database, story_id, channel="phone") == Told()


def test_a_channel_knows_a_story_through_another_topic_too(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    sent = decide(database, alert(story_id, topic="Gempa"), article_id=article_id, now=now)
    post(database, "first", now=now, outlets_told={sent: 2})

    assert told(database, story_id) == Told(0, topic_told_at=None, about_story_at=now, outlets_told=2)


def test_a_follow_up_counts_from_the_last_message(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    for turn, outlets in enumerate((1, 6)):
        at = now + turn * HOUR
        sent = decide(database, alert(story_id, turn=turn), article_id=article_id, now=at)
        post(database, str(turn), now=at, outlets_told={sent: outlets})
    decide(database, alert(story_id, Drop(Reason.ALREADY_TOLD), turn=2), article_id=article_id, now=now + 2 * HOUR)

    last = now + HOUR
    assert told(database, story_id) == Told(2, topic_told_at=last, about_story_at=last, outlets_told=6)


def test_a_message_about_several_stories_tells_of_each_how_many_outlets(database: Database, now: datetime) -> None:
    stories = [store(database, an_article(title), now=now) for title in ("Gempa di Maluku", "Menlu Rusia")]
    sent = [decide(database, alert(story_id), article_id=article_id, now=now) for story_id, article_id in stories]
    post(database, "digest", now=now, outlets_told=dict(zip(sent, (2, 7), strict=True)))

    assert [told(database, story_id).outlets_told for story_id, _ in stories] == [2, 7]


def test_of_another_story_nothing_is_known(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    another, _ = store(database, an_article("Gempa di Maluku"), now=now)
    decide(database, alert(story_id), article_id=article_id, now=now)

    assert told(database, another) == Told()


# -- how often a channel was told -----------------------------------------------------------------


def recent(database: Database, *, since: datetime, channel: str = "terminal") -> tuple[datetime, ...]:
    return database.read(history.recent, channel, since=since)


def test_what_a_channel_was_told_lately_counts_sent_or_not_the_oldest_first(database: Database, now: datetime) -> None:
    for n in (2, 0, 1, 3):
        post(database, str(n), now=now - n * HOUR)
    post(database, "elsewhere", channel="phone", now=now)
    database.write(outbox.sent, claim_delivery(database, now=now), now=now)

    assert recent(database, since=now - 3 * HOUR) == (now - 2 * HOUR, now - HOUR, now)


def test_notices_and_tests_do_not_count(database: Database, now: datetime) -> None:
    for kind in (Kind.NOTICE, Kind.TEST):
        letter = outbox.Letter(Notification("terminal", kind, text="…"), key=kind, uid=kind)
        database.write(outbox.put, letter, now=now)

    assert recent(database, since=now - HOUR) == ()


def test_what_went_another_way_does_not_count(database: Database, now: datetime) -> None:
    for n in range(2):
        post(database, str(n), now=now)
    claim = claim_delivery(database, now=now)
    database.write(outbox.refused, claim, outbox.Route("terminal", "phone"), "chat not found", now=now)

    assert recent(database, since=now - HOUR) == (now,)


# -- held alerts ---------------------------------------------------------------------------------


def test_an_alert_is_held_for_its_own_story_channel_and_topic(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    decide(database, alert(story_id, held_until(now)), article_id=article_id, now=now)

    def is_held(story: int, channel: str, topic: str) -> bool:
        return database.read(history.telling_held, story_id=story, channel=channel, topic=topic) is not None

    assert is_held(story_id, "terminal", TOPIC)
    assert not is_held(story_id, "phone", TOPIC)
    assert not is_held(story_id, "terminal", "Gempa")
    assert not is_held(story_id + 1, "terminal", TOPIC)


def test_a_held_alert_is_judged_again_when_its_time_has_come(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    held = decide(database, alert(story_id, held_until(now + HOUR), turn=2), article_id=article_id, now=now)
    assert database.write(history.claim_held, now=now + HOUR - MINUTE, limit=9) == []

    (claim,) = database.write(history.claim_held, now=now + HOUR, limit=9)
    assert claim.value == HeldAlert(held, TOPIC, story_id, "terminal", 2, article_id, Reason.SETTLING, since=now)
    database.write(history.close, claim, held_until(now + 3 * HOUR, Reason.QUIET_HOURS), now=now + HOUR)

    (claim,) = database.write(history.claim_held, now=now + 3 * HOUR, limit=9)
    assert (claim.value.reason, claim.value.since) == (Reason.QUIET_HOURS, now)
    database.write(history.close, claim, Send(Reason.NEW_STORY), now=now + 3 * HOUR)
    assert database.write(history.claim_held, now=now + 9 * HOUR, limit=9) == []
    assert rows(database, ALERT.c.decision, ALERT.c.reason, ALERT.c.decided_at) == [
        ("send", "new story", now + 3 * HOUR)
    ]


def test_what_went_out_in_company_is_not_judged_again_by_the_hand_that_held_it(
    database: Database, now: datetime
) -> None:
    story_id, article_id = store(database, now=now)
    decide(database, alert(story_id, held_until(now)), article_id=article_id, now=now)
    (claim,) = database.write(history.claim_held, now=now, limit=9)
    decide(database, alert(story_id, Send(Reason.NOW_ALSO)), article_id=article_id, now=now)

    with pytest.raises(LeaseLost):
        database.write(history.close, claim, Drop(Reason.ALREADY_TOLD), now=now)
    assert told(database, story_id).turn == 1


def test_what_waits_about_the_same_story_goes_along_for_whatever_reason_it_waits(
    database: Database, now: datetime
) -> None:
    story_id, article_id = store(database, now=now)
    another, _ = store(database, an_article("Gempa di Maluku"), now=now)
    until = now + HOUR
    for waiting in (
        alert(story_id, held_until(until), topic="b"),
        alert(story_id, held_until(until), topic="a"),
        alert(story_id, held_until(until, Reason.QUIET_HOURS), topic="c"),
        alert(story_id, topic="d"),
        alert(story_id, held_until(until), channel="phone"),
        alert(another, held_until(until)),
    ):
        decide(database, waiting, article_id=article_id, now=now)

    company = database.read(history.held, story_id=story_id, channel="terminal")
    assert [held.topic for held in company] == ["b", "a", "c"]


def test_at_the_end_of_a_round_nobody_waits_for_company(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    later = now + HOUR
    decide(database, alert(story_id, held_until(later), topic="of this round"), article_id=article_id, now=now)
    quiet = held_until(later, Reason.QUIET_HOURS)
    decide(database, alert(story_id, quiet, topic="quiet"), article_id=article_id, now=now)
    before = now - MINUTE
    decide(database, alert(story_id, held_until(later), topic="of an earlier one"), article_id=article_id, now=before)

    database.write(history.settle, since=now, now=now + MINUTE)
    due = database.write(history.claim_held, now=now + MINUTE, limit=9)
    assert [claim.value.topic for claim in due] == ["of this round"]


def test_a_held_alert_survives_every_start(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    decide(database, alert(story_id, held_until(now)), article_id=article_id, now=now)
    for _ in range(5):
        assert len(database.write(history.claim_held, now=now, limit=9)) == 1
        database.write(leases.clear_all)


# -- what may be told yet, and what keeps others from being told -----------------------------------

WEAK = Drop(Reason.WEAK)


def test_what_was_too_weak_to_be_told_is_found_by_its_story(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    other_id, other = store(database, an_article("Menlu Rusia"), now=now)
    decide(database, alert(story_id, WEAK), article_id=article_id, now=now)
    decide(database, alert(story_id, WEAK, channel="phone"), article_id=article_id, now=now)
    decide(database, alert(story_id, TOO_OLD, topic="Gempa"), article_id=article_id, now=now)
    decide(database, alert(other_id, WEAK), article_id=other, now=now)

    found = database.read(history.weak, story_id)
    assert [(each.topic, each.channel, each.article_id) for each in found] == [
        (TOPIC, "terminal", article_id),
        (TOPIC, "phone", article_id),
    ]


def test_what_was_weak_and_is_told_is_weak_no_more(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    dropped = decide(database, alert(story_id, WEAK), article_id=article_id, now=now)
    database.write(history.note, dropped, "score 31, one outlet")
    decide(database, alert(story_id), article_id=article_id, now=now + HOUR)

    assert not database.read(history.weak, story_id)
    assert rows(database, ALERT.c.id, ALERT.c.note) == [(dropped, "")]


@pytest.mark.parametrize(
    ("decision", "found"),
    [
        (Send(Reason.NEW_STORY), {TOPIC: False}),
        (held_until(datetime(2026, 3, 11, tzinfo=UTC)), {TOPIC: True}),
        (Drop(Reason.SILENCED), {TOPIC: False}),
        (Drop(Reason.HIDDEN), {TOPIC: False}),
        (Drop(Reason.QUIET_HOURS), {TOPIC: False}),
        (TOO_OLD, {}),
        (WEAK, {}),
        (Drop(Reason.REMOVED), {}),
    ],
)
def test_what_is_told_waits_or_is_kept_back_on_purpose_may_hide(
    database: Database, now: datetime, decision: Decision, found: dict[str, bool]
) -> None:
    story_id, article_id = store(database, now=now)
    decide(database, alert(story_id, decision), article_id=article_id, now=now)
    decide(database, alert(story_id, topic="Gempa"), article_id=article_id, now=now)
    topics = [TOPIC, "Banjir"]

    assert database.read(history.hiding, story_id=story_id, channel="terminal", topics=topics) == found
    assert database.read(history.hiding, story_id=story_id, channel="phone", topics=topics) == {}


def test_what_was_told_and_waits_to_be_told_again_does_not_merely_wait(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    decide(database, alert(story_id), article_id=article_id, now=now)
    decide(database, alert(story_id, held_until(now + HOUR), turn=1), article_id=article_id, now=now)

    assert database.read(history.hiding, story_id=story_id, channel="terminal", topics=[TOPIC]) == {TOPIC: False}
