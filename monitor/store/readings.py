"""What became of asking a feed: its rows, and those of its entries, in one transaction.

Each outcome closes the feed's row first, so that where the lease is lost nothing at all is written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Claim, Entry, FeedState, Validators
from monitor.store import leases, listings, returning
from monitor.store.fitting import indexable
from monitor.store.tables import ENTRY, FEED, EntryState
from monitor.stories.returning import learnt
from monitor.timing import MOST_HURRY, NextPoll

FLOOD: Final = 100  # new entries at once, from which on they are told together
BREAKDOWNS: Final = 3  # of its parser in a row, after which a feed is left alone for a day
STOPPED: Final = "its document stopped the reader three times in a row; it is asked again once a day"
A_DAY: Final = timedelta(days=1)
POLLS: Final = 96  # outcomes of the last ones are kept


@dataclass(frozen=True, slots=True)
class Good:
    """A reading that went well."""

    following: NextPoll
    validators: Validators | None = None  # new ones; None leaves those we have
    complaint: str | None = None  # part of it could not be read
    moved_to: str | None = None  # it is there now for good; None: where it is configured
    host: str | None = None  # of where it is, where that may be another one than before
    is_document: bool = False  # not only "not modified"


@dataclass(frozen=True, slots=True)
class Changed:
    """A new document of a feed."""

    entries: Sequence[Entry]  # the oldest first; those that stand there as they stood before may be left out
    body_hash: str
    backlog: Literal["skip", "alert"] | int
    good: Good
    sooner: NextPoll | None = None  # when to ask again where entries were missed before this one
    unchanged: int = 0  # entries left out
    listed: bytes = b""


@dataclass(frozen=True, slots=True)
class Noted:
    """What was new in a document."""

    new: int = 0  # entries to be read
    rekeyed: int = 0  # entries known under another key before
    is_gap: bool = False  # of what is listed nothing was known: more may have come and gone
    is_flood: bool = False


# -- nothing new -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Same:
    """A feed that says what it said before."""

    claim: Claim[FeedState]
    good: Good


def unchanged(session: Session, readings: Sequence[Same], *, now: datetime) -> int:
    """How many were still ours; what was taken over meanwhile is left to whoever has it."""
    mine = sa.update(FEED).where(FEED.c.id == sa.bindparam("feed"), FEED.c.lease_token == sa.bindparam("token"))
    after = [_after(one.claim.value, one.good, now=now) for one in readings]
    columns: dict[str, Any] = {name: sa.bindparam(f"to_{name}") for name in after[0]}
    columns |= {"host": sa.func.coalesce(columns["host"], FEED.c.host), "polls": _polls("u")}
    rows = [
        {"feed": one.claim.id, "token": one.claim.token} | {f"to_{name}": value for name, value in said.items()}
        for one, said in zip(readings, after, strict=True)
    ]
    done = session.execute(mine.values(**columns, lease_until=None, lease_token=None, claims=0), rows)
    return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult


def _after(state: FeedState, good: Good, *, now: datetime) -> dict[str, Any]:
    validators = good.validators or state.validators
    return {
        "last_polled_at": now,
        "last_success_at": now,
        "last_error": good.complaint,
        "failures": 0,
        "failing_since": None,
        "breakdowns": 0,
        "paused": None,
        "due_at": good.following.at,
        "due_for": good.following.why,
        "slot_at": None,
        "etag": validators.etag,
        "last_modified": validators.last_modified,
        "moved_to": good.moved_to,
        "host": good.host,
        "full_at": now if good.is_document or state.full_at is None else state.full_at,
        "first_read_at": state.first_read_at or now,
    }


def _polls(mark: Literal["n", "u", "f"]) -> sa.ColumnElement[str]:
    """With what this asking gave: new, unchanged or failed."""
    polls = FEED.c.polls
    return sa.case((sa.func.length(polls) < POLLS, polls), else_=sa.func.substr(polls, 2)) + mark


# -- something new ---------------------------------------------------------------------------------


def changed(session: Session, claim: Claim[FeedState], reading: Changed, *, now: datetime) -> Noted:
    """Remember the new entries and the validators together, so that a crash reads them again."""
    after = _after(claim.value, reading.good, now=now)
    after["host"] = sa.func.coalesce(after["host"], FEED.c.host)
    leases.close(session, FEED, claim.id, claim.token, **after)
    state = claim.value
    listed = {indexable(entry.key): entry for entry in reading.entries}
    known = listings.known(session, claim.id, list(listed))
    unknown = {key: entry for key, entry in listed.items() if key not in known}
    standing = returning.Standing(listed, reading.unchanged, reading.listed)
    again = {} if state.is_first else returning.recognised(session, claim.id, unknown, standing)
    returning.remember(session, known, listed)
    is_all = listings.compare(session, {**known, **again}, listed, now=now)
    new = [listings.kept(entry, key) for key, entry in unknown.items() if key not in again]
    skipped = _backlog(len(new), reading.backlog) if state.is_first else 0
    noted = Noted(
        new=len(new) - skipped,
        rekeyed=len(again),
        is_gap=_is_gap(state, reading, known={**known, **again}, new=len(new)),
        is_flood=not state.is_first and len(new) >= FLOOD,
    )
    if rows := [_row(claim, entry, noted, now=now, skip=index < skipped) for index, entry in enumerate(new)]:
        session.execute(sa.insert(ENTRY), rows)
    changes = {"body_hash": reading.body_hash, "polls": _polls("n" if new else "u")}
    changes |= (
        _learnt(claim.value, reading, noted, listed)
        | _missed(state, reading, noted, now=now)
        | ({} if is_all else _AS_A_WHOLE)
    )
    session.execute(sa.update(FEED).where(FEED.c.id == claim.id).values(**changes))
    return noted


# The next document is read again, all of it, whatever its server and its bytes say.
_AS_A_WHOLE: Final = {"body_hash": None, "listed": None, "etag": None, "last_modified": None}


def _is_gap(state: FeedState, reading: Changed, *, known: Mapping[str, object], new: int) -> bool:
    return bool(new) and not state.is_first and not known and not reading.unchanged


def _missed(state: FeedState, reading: Changed, noted: Noted, *, now: datetime) -> dict[str, Any]:
    """A gap makes the pause shorter; not one that we ourselves were away for, which says nothing of the pause."""
    changes: dict[str, Any] = {"new_at": now} if noted.new else {}
    if not noted.is_gap:
        return changes
    changes |= {"gap_at": now, "gaps": FEED.c.gaps + 1}
    if reading.sooner is not None:
        changes |= {
            "hurry": min(state.hurry + 1, MOST_HURRY),
            "due_at": reading.sooner.at,
            "due_for": reading.sooner.why,
        }
    return changes


def _learnt(state: FeedState, reading: Changed, noted: Noted, listed: Mapping[str, Entry]) -> dict[str, Any]:
    """What the entries are known by from now on; with other keys the next document is read as a whole."""
    keyed_by, rekeyed = learnt(
        state.keyed_by, state.rekeyed, tuple(listed.values()), returned=noted.rekeyed, unchanged=reading.unchanged
    )
    marks = reading.listed if keyed_by == state.keyed_by else b""
    return {"keyed_by": keyed_by, "rekeyed": rekeyed, "listed": marks or None}


def _backlog(count: int, backlog: Literal["skip", "alert"] | int) -> int:
    """How many of the oldest entries of a first reading are only remembered."""
    match backlog:
        case "skip":
            return count
        case "alert":
            return 0
        case int():
            return max(0, count - backlog)


def _row(claim: Claim[FeedState], entry: Entry, noted: Noted, *, now: datetime, skip: bool) -> dict[str, object]:
    return {
        "feed_id": claim.id,
        "key": entry.key,
        "first_seen_at": now,
        "state": EntryState.SKIPPED if skip else EntryState.WAITING,
        "due_at": None if skip else now,
        "content": None if skip else listings.written(entry),
        "feed_last_success_at": claim.value.last_success_at,
        "in_flood": noted.is_flood,
        "claims": 0,
        "tries": 0,
        **returning.columns(entry),
    }


# -- nothing at all --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Failure:
    what: str  # in plain words
    following: NextPoll
    is_breakdown: bool = False  # its document stopped the parser


def failed(session: Session, claim: Claim[FeedState], failure: Failure, *, now: datetime) -> None:
    following, breakdowns, paused = failure.following, 0, None
    if failure.is_breakdown:
        breakdowns = claim.value.breakdowns + 1
    if breakdowns >= BREAKDOWNS:
        paused, following = STOPPED, replace(following, at=max(following.at, now + A_DAY))
    changes = _failed(claim, failure.what, now=now) | {"breakdowns": breakdowns, "paused": paused}
    due = {"due_at": following.at, "due_for": following.why}
    leases.close(session, FEED, claim.id, claim.token, **changes, **due)


def gone(session: Session, claim: Claim[FeedState], what: str, *, now: datetime) -> None:
    """410: it is not asked again, but by `once --all`."""
    changes = _failed(claim, what, now=now) | {"paused": what, "due_at": None, "due_for": None}
    leases.close(session, FEED, claim.id, claim.token, **changes)


def _failed(claim: Claim[FeedState], what: str, *, now: datetime) -> dict[str, Any]:
    return {
        "last_polled_at": now,
        "last_error": what,
        "failures": claim.value.failures + 1,
        "failing_since": sa.func.coalesce(FEED.c.failing_since, now),
        "slot_at": None,
        "polls": _polls("f"),
    }
