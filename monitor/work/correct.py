"""An article says something else by now: what of it is kept, and who was told what it takes back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

from monitor.model import Article, Change, Correction, Quality
from monitor.store import articles, corrections
from monitor.store.corrections import Telling
from monitor.store.database import Session
from monitor.stories.corrections import MOST, corrected
from monitor.stories.editors import correction_note
from monitor.text import content_hash, fold

Corrections = Mapping[tuple[str, str], Correction]  # by channel and topic
_BY_WORTH: Final = tuple(reversed(Quality))


# -- what it says now ----------------------------------------------------------------------------


def is_poorer(article: Article, before: Article) -> bool:
    return _BY_WORTH.index(article.quality) < _BY_WORTH.index(before.quality)


def read_anew(before: Article, article: Article) -> Article:
    """What a further reading leaves of the article: its text, but where that is poorer; its title, but where that is cut."""
    told = before if is_poorer(article, before) else article
    title = before.title if _is_broken_off(article.title) else article.title
    return _joined(before, article, title=title, told=told)


def filled_up(before: Article, fuller: Article) -> Article:
    """The fuller reading by another way: the title that we know stays, but where that was cut."""
    title = fuller.title if _is_cut(before.title, fuller.title) else before.title
    return _joined(before, fuller, title=title, told=fuller)


def _joined(before: Article, article: Article, *, title: str, told: Article) -> Article:
    return replace(
        before,
        title=title,
        text=told.text,
        quality=told.quality,
        quality_reason=told.quality_reason,
        content_hash=content_hash(title, told.text),
        published_at=before.published_at or article.published_at,
        author=article.author or before.author,
        language=article.language or before.language,
        image=article.image or before.image,
    )


def _is_broken_off(title: str) -> bool:
    return not title or title.endswith(("…", "..."))


def _is_cut(title: str, whole: str) -> bool:
    """Whether a title is only the beginning of the other."""
    beginning = fold(title).rstrip(" .…")
    return len(beginning) < len(fold(whole).rstrip(" .…")) and fold(whole).startswith(beginning)


# -- whom it concerns ----------------------------------------------------------------------------


def told_of(session: Session, article_id: int, story_id: int, correction: Correction) -> Corrections:
    """Whoever was told the article by it is told once what was corrected; one that still waits to go says that too."""
    found: dict[tuple[str, str], Correction] = {}
    tellings = corrections.tellings(session, story_id)
    for telling in tellings:
        if telling.article_id != article_id or not telling.is_sent or telling.is_correction:
            continue
        there = [each for each in tellings if _place(each) == _place(telling)]
        before = [each for each in there if each.is_correction]
        news = {each.article_id for each in there if not each.is_correction}
        if not any(_takes_back(each, telling, news) for each in before):
            found[_place(telling)] = correction
        for held in (each for each in before if each.article_id == article_id and not each.is_sent):
            corrections.note(session, held.alert_id, together(corrections.noted(session, held.alert_id), correction))
    return found


def told_by(session: Session, article: Article, story_id: int) -> Corrections:
    """An article of its own that says so corrects what was told of the same outlet in the story, once."""
    if not correction_note(article.title):
        return {}
    tellings = [each for each in corrections.tellings(session, story_id) if each.outlet == article.outlet]
    done = {_place(each) for each in tellings if each.is_correction}
    told = {_place(each): each for each in tellings if each.is_sent and not each.is_correction}
    return {place: _of(session, each, article) for place, each in told.items() if place not in done}


def _of(session: Session, telling: Telling, article: Article) -> Correction:
    found = corrected(articles.get(session, telling.article_id), article)
    return Correction(was=telling.title, changes=found.changes if found else ())


def _place(telling: Telling) -> tuple[str, str]:
    return telling.channel, telling.topic


def _takes_back(correction: Telling, telling: Telling, news: Collection[int]) -> bool:
    """It is of the same article, or an article of its own that the outlet wrote to correct it.

    What was news before corrects only itself, also where its title says so by now.
    """
    if correction.article_id == telling.article_id:
        return True
    is_of_outlet = correction.outlet == telling.outlet and correction.article_id not in news
    return is_of_outlet and correction_note(correction.title) != ""


def together(first: Correction, second: Correction) -> Correction:
    """Corrected again before the first was told: from what was told to what it says now."""
    later = {change.before: change for change in second.changes if change.before}
    changes = [
        Change(each.before, later.pop(each.after).after) if each.after in later else each for each in first.changes
    ]
    changes += [change for change in second.changes if not change.before or change.before in later]
    return Correction(first.was or second.was, tuple(each for each in changes if each.before != each.after)[:MOST])
