"""What is kept of an article that says something else by now, and of whoever was told it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from monitor.model import Change, Correction, Drop, Evidence, Fingerprint, Hold, Kind, Match, Member, Quality, Reason
from monitor.store import articles, corrections, history, outbox, stories
from monitor.store.database import Database
from monitor.store.tables import ALERT, ARTICLE, FINGERPRINT, MATCH
from tests.build import a_notification, an_article
from tests.store.steps import DAY, HOUR, alert, decide, post, rows, store

TOPIC = "Korea Utara Rusia"
SAID = Correction("Gempa M 5,1", (Change("Kedalaman 10 km.", "Kedalaman 100 km."), Change("", "Ralat 😀")))
NOW_SAYS = an_article("Ralat: Lavrov bertemu Kim", text="Bukan di Wonsan.", quality=Quality.TEASER, author="Ana")


def evidence(word: str) -> tuple[Evidence, ...]:
    return (Evidence(word, "body", 0, 5, word),)


# -- the article ---------------------------------------------------------------------------------


def test_an_article_says_something_else_and_stays_itself(database: Database, now: datetime) -> None:
    _, article_id = store(database, an_article(guid="urn:1"), now=now)
    database.write(articles.update, article_id, NOW_SAYS, now=now + HOUR)

    kept = database.read(articles.get, article_id)
    assert (kept.title, kept.text, kept.quality, kept.author) == (NOW_SAYS.title, NOW_SAYS.text, Quality.TEASER, "Ana")
    assert (kept.key, kept.url, kept.guid, kept.first_seen_at) == (an_article().key, an_article().url, "urn:1", now)
    (known,) = database.read(articles.same, an_article())
    assert known.id == article_id


def test_its_file_is_written_again_also_when_it_was_just_being_written(database: Database, now: datetime) -> None:
    _, article_id = store(database, now=now)
    claims = database.write(articles.claim_unfiled, now=now, limit=10)
    database.write(articles.update, article_id, NOW_SAYS, now=now)
    database.write(articles.filed, claims, now=now)

    (again,) = database.write(articles.claim_unfiled, now=now, limit=10)
    assert (again.value.article.title, again.value.number) == (NOW_SAYS.title, 0)
    database.write(articles.filed, [again], now=now)
    assert rows(database, ARTICLE.c.due_at) == [(None,)]


def test_what_was_found_in_the_old_text_stands_for_nothing_any_more(database: Database, now: datetime) -> None:
    _, article_id = store(database, now=now)
    found = (Match("Gempa", 50, evidence("gempa")), Match("Banjir", 50, evidence("banjir")))
    database.write(articles.add_matches, article_id, found)
    database.write(articles.match_again, article_id, (Match("Gempa", 70, evidence("lindu")), Match("Kim", 10, ())))

    assert rows(database, MATCH.c.topic, MATCH.c.score) == [("Banjir", 50), ("Gempa", 70), ("Kim", 10)]
    assert database.read(articles.evidence_of, article_id, "Gempa") == evidence("lindu")
    assert database.read(articles.evidence_of, article_id, "Banjir") == ()


def test_it_helps_to_place_others_by_what_it_says_now(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    old, new = Fingerprint({"wonsan": 0.8, "lavrov": 0.6}), Fingerprint({"beijing": 0.8, "lavrov": 0.6})
    database.write(stories.admit, story_id, Member(article_id, old, now, "example.com"))
    database.write(stories.admit_again, story_id, Member(article_id, new, now, "example.com"))

    (candidate,) = database.read(stories.candidates, Fingerprint({"beijing": 1.0}))
    assert [member.fingerprint for member in candidate.members] == [new]


def test_what_has_left_the_window_stays_out_of_it(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    member = Member(article_id, Fingerprint({"beijing": 1.0}), now, "example.com")
    database.write(stories.admit_again, story_id, member)

    assert database.read(stories.candidates, member.fingerprint) == []
    assert rows(database, FINGERPRINT.c.article_id) == []


# -- who was told --------------------------------------------------------------------------------


def test_of_a_story_it_is_known_who_was_told_which_article_and_who_is_to_be(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    held = Hold(Reason.QUIET_HOURS, now + HOUR)
    decide(database, alert(story_id), article_id=article_id, now=now)
    decide(database, alert(story_id, held, turn=1, is_correction=True), article_id=article_id, now=now)
    decide(database, alert(story_id, Drop(Reason.SILENCED), topic="Gempa"), article_id=article_id, now=now)

    tellings = database.read(corrections.tellings, story_id)
    assert [(each.topic, each.is_sent, each.is_correction) for each in tellings] == [
        (TOPIC, True, False),
        (TOPIC, False, True),
    ]
    assert {(each.article_id, each.outlet, each.title) for each in tellings} == {
        (article_id, "example.com", an_article().title)
    }


def test_what_a_correction_says_is_kept_until_it_is_told(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    alert_id = decide(database, alert(story_id, is_correction=True), article_id=article_id, now=now)
    database.write(corrections.note, alert_id, SAID)
    assert database.read(corrections.noted, alert_id) == SAID


@pytest.mark.parametrize("kept", [None, "{", '{"was": 1}'])
def test_a_correction_that_can_not_be_read_says_nothing(database: Database, now: datetime, kept: str | None) -> None:
    story_id, article_id = store(database, now=now)
    alert_id = decide(database, alert(story_id, is_correction=True), article_id=article_id, now=now)
    database.write(lambda session: session.execute(sa.update(ALERT).values(correction=kept)))
    assert database.read(corrections.noted, alert_id) == Correction()


def test_a_held_correction_is_one_when_it_is_judged_again(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    held = Hold(Reason.QUIET_HOURS, now)
    decide(database, alert(story_id, held, is_correction=True), article_id=article_id, now=now)
    (claim,) = database.write(history.claim_held, now=now, limit=10)
    assert claim.value.is_correction


def test_a_correction_that_waits_takes_nobody_along_and_leaves_its_turn_to_nobody(
    database: Database, now: datetime
) -> None:
    story_id, article_id = store(database, now=now)
    held = Hold(Reason.QUIET_HOURS, now + HOUR)
    decide(database, alert(story_id), article_id=article_id, now=now)
    decide(database, alert(story_id, held, turn=1, is_correction=True), article_id=article_id, now=now)

    case: dict[str, Any] = {"story_id": story_id, "channel": "terminal", "topic": TOPIC}
    assert database.read(history.telling_held, **case) is None
    assert database.read(history.told, **case).turn == 2

    decide(database, alert(story_id, held, turn=2), article_id=article_id, now=now)
    telling = database.read(history.telling_held, **case)
    assert telling is not None
    assert telling.turn == 2
    assert database.read(history.told, **case).turn == 3


# -- what is new since ---------------------------------------------------------------------------


def test_what_came_since_a_channel_was_told_is_new_to_it(database: Database, now: datetime) -> None:
    story_id, first = store(database, now=now)
    ids = [first]
    for n, copy_of in enumerate((None, first, None)):
        joins: dict[str, Any] = {"story_id": story_id, "day": DAY, "now": now, "copy_of": copy_of}
        ids.append(database.write(articles.add, an_article(f"berita {n}"), **joins))
    assert database.read(history.told_up_to, story_id=story_id, channel="terminal") == 0

    alert_id = decide(database, alert(story_id), article_id=first, now=now)
    post(database, now=now, outlets_told={alert_id: 2}, told_up_to={alert_id: ids[1]})
    up_to = database.read(history.told_up_to, story_id=story_id, channel="terminal")
    assert up_to == ids[1]

    known, new = database.read(articles.told_in, story_id, up_to=up_to, most=20)
    assert [article.title for article in known] == ["berita 0", an_article().title]
    assert [article.title for article in new] == ["berita 2"]
    assert database.read(articles.newest, story_id) == ids[-1]


def test_of_what_an_older_version_told_its_occasion_is_known(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    alert_id = decide(database, alert(story_id), article_id=article_id, now=now)
    post(database, now=now, outlets_told={alert_id: 1})
    assert database.read(history.told_up_to, story_id=story_id, channel="terminal") == article_id


def test_what_came_before_a_correction_is_still_new_to_whoever_was_told_only_that(
    database: Database, now: datetime
) -> None:
    """Nor was it told by what went along with the correction, which had no room for it."""
    story_id, first = store(database, now=now)
    further = [
        database.write(articles.add, an_article(f"berita {n}"), story_id=story_id, day=DAY, now=now) for n in range(2)
    ]
    told = decide(database, alert(story_id), article_id=first, now=now)
    post(database, now=now, outlets_told={told: 1}, told_up_to={told: first})
    corrected = decide(database, alert(story_id, turn=1, is_correction=True), article_id=further[1], now=now)
    along = decide(database, alert(story_id, topic="Gempa"), article_id=further[0], now=now)
    correction = replace(a_notification(), kind=Kind.CORRECTION)
    letter = outbox.Letter(correction, key="alert:2", uid="uid-2", outlets_told={corrected: 1, along: 1})
    database.write(outbox.put, letter, now=now)

    assert database.read(history.told_up_to, story_id=story_id, channel="terminal") == first


def test_a_text_that_was_replaced_is_found_by_its_wording_of_now(database: Database, now: datetime) -> None:
    story_id, article_id = store(database, now=now)
    old, new = (Fingerprint({}, sketch=tuple(range(start, start + 30))) for start in (100, 4_000_000_000))
    database.write(stories.admit, story_id, Member(article_id, old, now, "example.com"))
    assert len(database.read(stories.candidates, old)) == 1
    database.write(stories.admit_again, story_id, Member(article_id, new, now, "example.com"))
    assert database.read(stories.candidates, old) == []
    assert len(database.read(stories.candidates, new)) == 1
