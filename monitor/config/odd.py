"""What is odd about topics, as those who read them see it: each with its path in the settings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from monitor.config.source import quoted
from monitor.errors import QueryError
from monitor.languages import language_of
from monitor.settings import Settings, Topic
from monitor.topics.aliases import Aliases, Path, compile_aliases
from monitor.topics.lexemes import words_of
from monitor.topics.oddities import ambiguities, oddities
from monitor.topics.packs import pack
from monitor.topics.stems import Stems

# Affixes are known, or left on on purpose (English), or there are none to know.
_QUIET: Final = frozenset({"none", "id", "en", "zh", "ja", "ko", "vi", "th", "lo", "km", "my"})
_AS_WRITTEN: Final = "write none if that is right; makan* finds all that begins so"

Note = tuple[str, str]  # a short form, and what else it means


def odd(settings: Settings) -> Iterator[tuple[Path, QueryError]]:
    """What is accepted, but may not be what the writer expects; the columns count within the value at the path."""
    yield from _languages(settings)
    aliases, _ = compile_aliases(settings.aliases, [pack(name).aliases for name in settings.alias_packs])
    for place, topic in enumerate(settings.topics):
        for error in oddities(topic, aliases):
            yield ("topics", place, *error.path), error
    yield from _packs(settings, aliases)


def _languages(settings: Settings) -> Iterator[tuple[Path, QueryError]]:
    """That of the file is told once, not again at each of its topics."""
    written = {settings.language: ("language",)} | {
        topic.language: ("topics", place, "language")
        for place, topic in reversed(tuple(enumerate(settings.topics)))
        if topic.language != settings.language
    }
    for language, path in written.items():
        if language_of(language) not in _QUIET and not Stems(language).are_known:
            what = f"the affixes of {quoted(language)} are not known: its words are found as they are written"
            yield path, QueryError(what, 1, _AS_WRITTEN)


def _packs(settings: Settings, aliases: Aliases) -> Iterator[tuple[Path, QueryError]]:
    """Short forms with another meaning that a pack adds to what a topic looks for, each once for a topic."""
    notes = _notes(settings)
    if not notes:
        return
    by_word = _by_first_word(notes)
    for place, topic in enumerate(settings.topics):
        named = {note for word in _words(topic) for note in by_word.get(word, ())}
        for note in sorted(named):
            if error := next(ambiguities(topic, aliases, dict.fromkeys(notes[note], (note,))), None):
                yield ("topics", place, *error.path), error


def _notes(settings: Settings) -> Mapping[Note, Collection[str]]:
    """Each with the keys that bring it along. What the user lists himself is meant so, and so is a form that is written."""
    own = {words_of(key) for key in settings.aliases}
    found: dict[Note, list[str]] = {}
    for name in settings.alias_packs:
        for key, notes in pack(name).ambiguous.items():
            for note in notes:
                if words_of(key) not in {*own, words_of(note[0])}:
                    found.setdefault(note, []).append(key)
    return found


def _by_first_word(notes: Mapping[Note, Collection[str]]) -> Mapping[str, Collection[Note]]:
    found: dict[str, set[Note]] = {}
    for note, keys in notes.items():
        for key in keys:
            found.setdefault(words_of(key)[0], set()).add(note)
    return found


def _words(topic: Topic) -> Iterator[str]:
    """All words in which it may name something; without brackets and quotes, more than it does."""
    for text in (topic.query or topic.name, *topic.any, *topic.all, *topic.none):
        yield from words_of(text)
