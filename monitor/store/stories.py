"""Stories, and how they are found: by the heaviest terms of their newest articles.

Memory stays flat and a restart costs nothing, as all that placing needs stands in rows; what has left the window is
swept.
"""

from __future__ import annotations

import base64
import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.model import Article, Candidate, Fingerprint, Member, Story
from monitor.store import articles
from monitor.store.fitting import indexable
from monitor.store.tables import ARTICLE, FINGERPRINT, SHINGLE, STORY, STORY_TERM

KEYS: Final = 12  # heaviest terms of an article that lead to its story
POSTINGS: Final = 64  # newest stories that a term leads to: the work stays the same however many there are
CANDIDATES: Final = 12
MEMBERS: Final = 10  # newest articles of a story that are looked at
WEIGHT: Final = 10_000  # weights are kept as whole numbers of this part
SHINGLES: Final = 8  # lowest numbers of a sketch, which copies share
COPIES: Final = 12  # articles that share some, looked at beside the newest
PIECE: Final = 500  # rows swept in one transaction


# -- finding -------------------------------------------------------------------------------------


def candidates(session: Session, fingerprint: Fingerprint) -> list[Candidate]:
    """The stories that share most with it, the likeliest first; of equal ones the newest.

    An article with the same wording is among the members of its story, though others may be newer.
    """
    chosen = _chosen(session, fingerprint)
    found = _members(session, chosen)
    for story_id, member in _worded_alike(session, fingerprint):
        known = found.setdefault(story_id, {})
        known[member.article_id] = member
    return [Candidate(story_id, _newest_first(members)) for story_id, members in found.items() if members]


def _newest_first(members: Mapping[int, Member]) -> tuple[Member, ...]:
    return tuple(members[article_id] for article_id in sorted(members, reverse=True))


def _chosen(session: Session, fingerprint: Fingerprint) -> list[int]:
    terms = {indexable(term): weight for term, weight in list(fingerprint.terms.items())[:KEYS]}
    if not terms:
        return []
    keys = [*terms, *[None] * (KEYS - len(terms))]
    found = session.execute(_POSTINGS, {f"term{place}": term for place, term in enumerate(keys)})
    shared: defaultdict[int, float] = defaultdict(float)
    for story_id, term, weight in found:
        shared[story_id] += terms[term] * weight
    return sorted(shared, key=lambda story_id: (-shared[story_id], -story_id))[:CANDIDATES]


def _members(session: Session, story_ids: Sequence[int]) -> dict[int, dict[int, Member]]:
    members: dict[int, dict[int, Member]] = {story_id: {} for story_id in story_ids}
    if not story_ids:
        return members
    wanted = [*story_ids, *[None] * (CANDIDATES - len(story_ids))]
    for row in session.execute(_NEWEST, {f"story{place}": story_id for place, story_id in enumerate(wanted)}):
        members[row.story_id][row.article_id] = _member(row)
    return members


def _worded_alike(session: Session, fingerprint: Fingerprint) -> list[tuple[int, Member]]:
    numbers = fingerprint.sketch[:SHINGLES]
    if not numbers:
        return []
    wanted = [*numbers, *[None] * (SHINGLES - len(numbers))]
    found = session.scalars(_SHARED, {f"number{place}": number for place, number in enumerate(wanted)})
    often = Counter(found)
    ids = sorted(often, key=lambda article_id: (-often[article_id], -article_id))[:COPIES]
    rows = session.execute(sa.select(FINGERPRINT).where(FINGERPRINT.c.article_id.in_(ids))) if ids else ()
    return [(row.story_id, _member(row)) for row in rows]


def _shared() -> sa.CompoundSelect[Any]:
    """The newest articles of each number."""
    c = SHINGLE.c
    return sa.union_all(
        *(
            sa.select(
                sa.select(c.article_id)
                .where(c.number == sa.bindparam(f"number{place}", type_=sa.BigInteger))
                .order_by(c.article_id.desc())
                .limit(COPIES)
                .subquery()
            )
            for place in range(SHINGLES)
        )
    )


def _postings() -> sa.CompoundSelect[Any]:
    """The newest stories of each term. Written once: it is asked for every article."""
    c = STORY_TERM.c
    return sa.union_all(
        *(
            sa.select(
                sa.select(c.story_id, c.term, c.weight)
                .where(c.term == sa.bindparam(f"term{place}", type_=sa.String))
                .order_by(c.article_id.desc())
                .limit(POSTINGS)
                .subquery()
            )
            for place in range(KEYS)
        )
    )


def _newest() -> sa.CompoundSelect[Any]:
    """The newest articles of each story."""
    c = FINGERPRINT.c
    return sa.union_all(
        *(
            sa.select(
                sa.select(FINGERPRINT)
                .where(c.story_id == sa.bindparam(f"story{place}", type_=sa.Integer))
                .order_by(c.article_id.desc())
                .limit(MEMBERS)
                .subquery()
            )
            for place in range(CANDIDATES)
        )
    )


_POSTINGS: Final = _postings()
_NEWEST: Final = _newest()
_SHARED: Final = _shared()


# -- opening, joining ----------------------------------------------------------------------------


def open_story(session: Session, title: str, *, now: datetime) -> int:
    opening = sa.insert(STORY).values(title=title, opened_at=now, updated_at=now).returning(STORY.c.id)
    story_id: int = session.execute(opening).scalar_one()
    return story_id


def retitle(session: Session, story_id: int, before: str, title: str) -> None:
    """The article that it is called after bears another title by now."""
    mine = sa.and_(STORY.c.id == story_id, STORY.c.title == before)
    session.execute(sa.update(STORY).where(mine).values(title=title))


def admit(session: Session, story_id: int, member: Member) -> None:
    """From now on it helps to place others."""
    row = {"article_id": member.article_id, "story_id": story_id, "at": member.at, "outlet": member.outlet}
    content = _written(member.fingerprint)
    session.execute(sa.insert(FINGERPRINT), row | {"copy_of": member.copy_of, "content": content})
    _lead(session, _BEAR, story_id, member)


def admit_again(session: Session, story_id: int, member: Member) -> None:
    """It reads otherwise now. What has left the window stays out; a term that a newer article bears stays with that."""
    mine = FINGERPRINT.c.article_id == member.article_id
    content = _written(member.fingerprint)
    if session.execute(sa.update(FINGERPRINT).where(mine).values(content=content).returning(FINGERPRINT.c.at)).all():
        session.execute(sa.delete(SHINGLE).where(SHINGLE.c.article_id == member.article_id))
        _lead(session, _BEAR_TOO, story_id, member)


def _lead(session: Session, bear: sa.TextClause, story_id: int, member: Member) -> None:
    """Its heaviest terms lead to its story, the lowest numbers of its sketch to itself."""
    terms = {indexable(term): weight for term, weight in list(member.fingerprint.terms.items())[:KEYS]}
    if terms:
        common = {"story": story_id, "article": member.article_id}
        session.execute(bear, [common | {"word": term, "heavy": weight} for term, weight in terms.items()])
    numbers = [{"number": number, "article_id": member.article_id} for number in member.fingerprint.sketch[:SHINGLES]]
    if numbers:
        session.execute(sa.insert(SHINGLE), numbers)


# One statement for both databases: a term leads to a story once, by its newest article that bears it.
_BEAR: Final = sa.text(
    "INSERT INTO story_term (story_id, term, article_id, weight) VALUES (:story, :word, :article, :heavy)"
    " ON CONFLICT (story_id, term) DO UPDATE SET article_id = excluded.article_id, weight = excluded.weight"
)
_BEAR_TOO: Final = sa.text(
    "INSERT INTO story_term (story_id, term, article_id, weight) VALUES (:story, :word, :article, :heavy)"
    " ON CONFLICT (story_id, term) DO NOTHING"
)


# Asked for every article that concerns a topic, so they are built once.
_STORY: Final = sa.select(STORY).where(STORY.c.id == sa.bindparam("story_id"))
_IS_COPY: Final = ARTICLE.c.copy_of.is_not(None)
_OUTLETS: Final = (
    sa.select(ARTICLE.c.outlet, _IS_COPY.label("is_copy"))
    .where(ARTICLE.c.story_id == sa.bindparam("story_id"))
    .group_by(ARTICLE.c.outlet, _IS_COPY)
    .order_by(sa.func.min(ARTICLE.c.id))
)


def story(session: Session, story_id: int) -> Story:
    row = session.execute(_STORY, {"story_id": story_id}).one()
    found = session.execute(_OUTLETS, {"story_id": story_id}).all()
    own = dict.fromkeys(outlet for outlet, is_copy in found if not is_copy)
    return Story(
        id=row.id,
        title=row.title,
        opened_at=row.opened_at,
        outlets=tuple(own),
        carried_by=tuple(outlet for outlet, is_copy in found if is_copy and outlet not in own),
    )


def stories_since(session: Session, since: datetime) -> int:
    return session.scalar(sa.select(sa.func.count()).where(STORY.c.opened_at >= since)) or 0


# -- what stands there without being known -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stranger:
    """An article of a story, of which nobody knows what it is like."""

    article_id: int
    story_id: int
    article: Article
    copy_of: int | None


def strangers(session: Session, *, since: datetime, limit: int) -> list[Stranger]:
    """Those that arrived since then and after all that are known, in order of arrival, some at a time.

    There are some where an older version kept them; usually the newest article is known, and nothing is looked through.
    """
    c = ARTICLE.c
    known = session.scalar(sa.select(sa.func.max(FINGERPRINT.c.article_id))) or 0
    later = sa.select(c.id, c.story_id, c.copy_of).where(c.id > known, c.first_seen_at >= since)
    found = session.execute(later.order_by(c.id).limit(limit)).all()
    return [Stranger(row.id, row.story_id, articles.get(session, row.id), row.copy_of) for row in found]


def admit_all(session: Session, members: Iterable[tuple[int, Member]]) -> None:
    """Each to its story."""
    for story_id, member in members:
        admit(session, story_id, member)


# -- what has left the window --------------------------------------------------------------------


def sweep(session: Session, *, before: datetime, limit: int = PIECE) -> int:
    """Forget what the articles that arrived before then were like, some at a time; how many were forgotten.

    An old one that was judged late stands among newer ones; it goes with them.
    """
    f = FINGERPRINT.c
    first = sa.select(f.article_id).order_by(f.article_id).limit(limit).subquery()
    arrived = sa.select(ARTICLE.c.id, ARTICLE.c.first_seen_at).join(first, ARTICLE.c.id == first.c.article_id)
    found = session.execute(arrived.order_by(ARTICLE.c.id))
    old = [row.id for row in takewhile(lambda row: row.first_seen_at < before, found.all())]
    if not old:
        return 0
    session.execute(sa.delete(FINGERPRINT).where(f.article_id <= old[-1]))
    session.execute(sa.delete(SHINGLE).where(SHINGLE.c.article_id <= old[-1]))
    session.execute(sa.delete(STORY_TERM).where(STORY_TERM.c.article_id <= old[-1]))
    return len(old)


# -- a fingerprint as it is kept -----------------------------------------------------------------


def _written(fingerprint: Fingerprint) -> str:
    return json.dumps(
        {
            "terms": {term: round(weight * WEIGHT) for term, weight in fingerprint.terms.items()},
            "figures": sorted(fingerprint.figures),
            "title_figures": sorted(fingerprint.title_figures),
            "title_words": sorted(fingerprint.title_words),
            "names": sorted(fingerprint.names),
            "sketch": base64.b64encode(array("I", fingerprint.sketch).tobytes()).decode(),
            "thin": fingerprint.is_thin,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _member(row: sa.Row[Any]) -> Member:
    content = json.loads(row.content)
    sketch = array("I")
    sketch.frombytes(base64.b64decode(content["sketch"]))
    fingerprint = Fingerprint(
        terms={term: weight / WEIGHT for term, weight in content["terms"].items()},
        figures=frozenset(content["figures"]),
        title_figures=frozenset(content["title_figures"]),
        title_words=frozenset(content["title_words"]),
        names=frozenset(content["names"]),
        sketch=tuple(sketch),
        is_thin=content["thin"],
    )
    return Member(row.article_id, fingerprint, row.at, row.outlet, row.copy_of)
