"""What was probably meant by a name that means nothing here. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

MAX_GUESSED: Final = 64
ROOM: Final = 88  # columns of a hint

# What others call the same, the likeliest first; only what is possible at its place is named.
SYNONYMS: Final[Mapping[str, tuple[str, ...]]] = {
    word: tuple(meant.split())
    for words, meant in {
        "keyword keywords words phrases terms match kata katakunci must_any or": "any topics words",
        "must must_all and required wajib": "all",
        "exclude excludes not without must_not ignore kecuali tanpa": "none",
        "filter rule expression search": "query words",
        "interval frequency poll schedule refresh cron": "every send",
        "link links href rss atom uri address feed_url source path file folder": "url",
        "title label id topic judul nama": "name",
        "body fulltext content": "full_text",
        "port host bind address": "listen",
        "cooldown delay settle": "wait",
        "max": "limit",
        "age older_than": "max_age",
        "tz time_zone zone zona": "timezone",
        "lang locale bahasa sprache": "language languages",
        "langs": "languages",
        "pattern patterns regexp regexes re": "regex",
        "times count hits at_least": "min_count",
        "score threshold relevance": "min_score",
        "similar similar_to resembles more_like seperti mirip": "like",
        "similarity min_like": "like_score",
        "field in where": "fields",
        "near distance proximity scope": "within",
        "sources rss_feeds umpan sumber": "feeds",
        "exclude_feeds not_feeds ignore_feeds without_feeds": "except_feeds",
        "tag category categories group groups kategori": "tags",
        "ua agent": "user_agent",
        "http_proxy https_proxy proxies": "proxy",
        "packs pack": "alias_packs",
        "protected proper_names": "protect",
        "rules watch topik themen": "topics",
        "notify notifications notifiers recipients to kanal": "channels",
        "notification alerting": "alerts",
        "synonyms alias": "aliases",
        "database db data": "storage",
        "server http": "web",
        "includes import imports": "include",
        "quiet do_not_disturb dnd": "quiet_hours",
        "important priority penting": "urgent",
        "hide suppress suppresses inhibit inhibits sembunyikan": "hides",
        "private internal": "allow_private",
        "start begin dari": "from",
        "until": "to",
        "end till sampai expires expiry": "to until",
        "mute muted mutes silent silence snooze bisukan": "quiet_hours silences",
        "why because comment note alasan": "reason",
    }.items()
    for word in words.split()
}


def meant(word: str, known: Iterable[str]) -> str:
    """The one of `known` that was probably meant, or nothing."""
    from difflib import get_close_matches

    names = tuple(known)
    if len(word) > MAX_GUESSED:
        return ""
    same = [name for name in names if name.casefold() == word.casefold()]
    close = same or next(filter(None, (get_close_matches(one, names, 1, 0.7) for one in (word, word.casefold()))), [])
    other = close or [name for name in SYNONYMS.get(word.casefold(), ()) if name in names]
    return other[0] if other else ""


def guess(word: str, known: Iterable[str]) -> str:
    """A hint "did you mean", or nothing."""
    name = meant(word, known)
    return f"did you mean '{name}'?" if name else ""


def listed(start: str, names: Iterable[str], room: int = ROOM) -> str:
    """As many names as there is room for."""
    shown = start
    for place, name in enumerate(names):
        more = f"{', ' if place else ''}{name}"
        if len(shown) + len(more) > room - len(", …"):
            return f"{shown}, …" if place else f"{start}{name[: room - len(start) - 1]}…"
        shown += more
    return shown
