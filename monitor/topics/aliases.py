"""What else a word or phrase is called, as the user and the packs list it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice, product
from typing import Final

from monitor.errors import QueryError
from monitor.model import Field
from monitor.topics.lexemes import FIELDS, QUOTES, check_wildcards, has_word, is_wild, prefixes_of, words_of
from monitor.topics.tree import WHERE, Alias, Leaf, Phrase, Word

Words = tuple[str, ...]
Path = tuple[str | int, ...]
Written = Mapping[str, tuple[str, ...]]  # as it stands in the configuration, or in a pack


class TopicError(QueryError):
    """A query error and its place: ("query",), ("any", 1), ("name",) in a topic; ("aliases", "Rusia", 0) in the file."""

    def __init__(self, error: QueryError, path: Path) -> None:
        super().__init__(error.what, error.column, error.hint)
        self.path = path


@dataclass(frozen=True, slots=True)
class Aliases:
    """What else a word or phrase is called: its folded words → words and phrases that mean the same."""

    options: Mapping[Words, tuple[Word | Phrase, ...]]
    longest: Mapping[str, int] = field(default_factory=dict)  # first word of a key → words of the longest such key
    capitals: Mapping[str, tuple[Word | Phrase, ...]] = field(default_factory=dict)  # keys that must be written just so

    @classmethod
    def compile(cls, written: Written, packs: Collection[Written] = ()) -> Aliases:
        """Raises `TopicError` for the first thing wrong; `compile_aliases` gives all."""
        aliases, errors = compile_aliases(written, packs)
        if errors:
            raise errors[0]
        return aliases

    def read(self, leaf: Word | Phrase) -> Leaf:
        """The leaf, or the alias whose key it is; with `case:` or `exact:` only the word itself will do."""
        if leaf.case or leaf.exact or not self.options or is_wild(leaf.text):
            return leaf
        if options := self.options.get(words_of(leaf.text)):
            return Alias((leaf, *options), leaf.column, leaf.source, leaf.fields)
        if options := self.capitals.get(leaf.text):
            return Alias((replace(leaf, case=True), *options), leaf.column, leaf.source, leaf.fields)
        return leaf

    def read_item(self, leaf: Word | Phrase) -> Leaf:
        """The same for an item of a list: in a phrase that is not in quotes, names are also called otherwise."""
        read = self.read(leaf)
        is_open = isinstance(read, Phrase) and not (read.case or read.exact or is_wild(read.text))
        if not is_open or not self.options or any(sign in read.source for sign in QUOTES):
            return read
        options = tuple(Phrase(text, leaf.column, leaf.source) for text in self._variants(leaf.text))
        return Alias((leaf, *options), leaf.column, leaf.source, leaf.fields) if options else leaf

    def _variants(self, phrase: str) -> Iterator[str]:
        """The phrase with other names for what it names. Beside its other words, a short form needs no capitals."""
        chunks = phrase.split()
        ways: list[list[str]] = []
        at = 0
        while at < len(chunks):
            end, options = self._named(chunks, at)
            ways.append([" ".join(chunks[at:end]), *(option.text for option in options)])
            at = end
        yield from islice(map(" ".join, product(*ways)), 1, _MOST_VARIANTS)

    def _named(self, chunks: Sequence[str], at: int) -> tuple[int, tuple[Word | Phrase, ...]]:
        """Where what begins there ends, and what else it is called."""
        words = [words_of(chunk) for chunk in chunks[at : at + _LONGEST_NAME]]
        most = self.longest.get(words[0][0], 0) if words[0] else 0
        for end in range(min(len(words), most), 0, -1):
            if options := self.options.get(tuple(chain.from_iterable(words[:end]))):
                return at + end, options
        return at + 1, self.capitals.get(chunks[at], ())


_MOST_VARIANTS: Final = 64
_LONGEST_NAME: Final = 12  # words
_CASE: Final = "case:"
DASHES: Final = ("-", "‐", "‑", "‒", "–", "—", "−")
NO_ALIASES: Final = Aliases({})


def compile_aliases(written: Written, packs: Collection[Written] = ()) -> tuple[Aliases, tuple[TopicError, ...]]:
    """The aliases that can be read, and what is wrong with the others. A key that the user writes is the user's alone;
    one that stands in several packs means what any of them says.
    """
    errors: list[TopicError] = []
    own = _read_all([written], errors)
    shared = [{key: pack[key] for key in pack if not key.startswith(_CASE)} for pack in packs]
    options = _read_all(shared, errors) | own
    frozen = {words: tuple(dict.fromkeys(meanings)) for words, meanings in options.items() if meanings}
    longest: dict[str, int] = {}
    for words in frozen:
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return Aliases(frozen, longest, _in_capitals(packs, frozen, errors)), tuple(errors)


def _in_capitals(
    packs: Iterable[Written], options: Mapping[Words, object], errors: list[TopicError]
) -> Mapping[str, tuple[Word | Phrase, ...]]:
    """Keys of packs that are words of their own in small letters: `case:AS`."""
    found: dict[str, list[Word | Phrase]] = {}
    for pack in packs:
        for key in pack:
            name = key.removeprefix(_CASE)
            if name != key and words_of(name) not in options:
                found.setdefault(name, []).extend(_options(key, pack[key], errors))
    return {name: tuple(dict.fromkeys(meanings)) for name, meanings in found.items()}


def _read_all(lists: Iterable[Written], errors: list[TopicError]) -> dict[Words, list[Word | Phrase]]:
    options: dict[Words, list[Word | Phrase]] = {}
    for written in lists:
        for key, values in written.items():
            if error := _mistake_in_key(key):
                errors.append(TopicError(error, ("aliases", key)))
            else:
                options.setdefault(words_of(key), []).extend(_options(key, values, errors))
    return options


def _mistake_in_key(key: str) -> QueryError | None:
    if not words_of(key):
        return QueryError("there is no word in this alias", 1, "name a word")
    if is_wild(key):
        column = min(key.index(sign) for sign in "*?" if sign in key) + 1
        return QueryError(f"an alias can't stand for {key[column - 1]}", column, "write the word out")
    if (prefixes := prefixes_of(key))[0]:
        hint = f"write {key[prefixes[1] :].strip() or 'the word'} alone; what it stands for may begin with case:"
        return QueryError(f"an alias can't begin with {prefixes[0][0]}:", 1, hint)
    return None


def _options(key: str, values: tuple[str, ...], errors: list[TopicError]) -> list[Word | Phrase]:
    meanings: list[Word | Phrase] = []
    for place, value in enumerate(values):
        try:
            meanings.append(_option(value))
        except QueryError as error:
            errors.append(TopicError(error, ("aliases", key, place)))
    return meanings


def _option(text: str) -> Word | Phrase:
    if named := [name for name in prefixes_of(text)[0] if name in FIELDS]:
        raise QueryError(f"an alias can't hold {named[0]}:", text.index(named[0]) + 1, "write it in the topic")
    return parse_item(text)


def parse_item(text: str, fields: tuple[Field, ...] = WHERE) -> Word | Phrase:
    """One item of a list: a word, or a phrase if it has several. Operators are words here; `case:`, `title:` and the
    like before it and quotes around it count.
    """
    prefixes, at = prefixes_of(text)
    if text[at : at + 1] in DASHES and has_word(text[at:]):
        raise QueryError("an item can't exclude", at + 1, "leave the - away; to exclude a word, write none: [word]")
    quotes = [place for place in range(at, len(text)) if text[place] in QUOTES]
    if len(quotes) % 2:
        raise QueryError("this quote is never closed", quotes[-1] + 1, 'close it with "')
    check_wildcards(text[at:], at)
    if not has_word(text[at:]):
        raise QueryError("there is no word here", at + 1, "write a word or a phrase")
    column = len(text) - len(text.lstrip()) + 1
    shape = Phrase if quotes or len(text[at:].split()) > 1 else Word
    leaf = shape(text[at:].strip(), column, text.strip(), "case" in prefixes, "exact" in prefixes)
    return replace(leaf, fields=fields_of(prefixes, 1) or fields)


def fields_of(prefixes: tuple[str, ...], column: int) -> tuple[Field, ...]:
    """The field that prefixes name; one thing can't stand in two."""
    named: tuple[Field, ...] = tuple(field for field in FIELDS if field in prefixes)
    if len(named) > 1:
        raise two_fields(named[0], named[1], column)
    return named


def two_fields(one: str, other: str, column: int) -> QueryError:
    return QueryError(f"{one}: and {other}: before one word", column, f"write ({one}:word OR {other}:word)")
