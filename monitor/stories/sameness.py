"""Two readings under one address, guid or entry: are they one article, or does the place show another by now? Pure."""

from __future__ import annotations

from typing import Final

from monitor.model import Article
from monitor.stories.copies import containment, sketch
from monitor.text import terms

SAME_TITLE: Final = 2 / 3  # of the shorter title's words stand in the other
SAME_WORDING: Final = 0.5  # of the shorter text's
READ: Final = 20_000  # characters of a text: they are compared while nothing else is judged
READ_OF_TITLE: Final = 1_000


def is_alike(one: Article, other: Article) -> bool:
    """The title or the text of one stands in the other."""
    return is_like_title(one.title, other.title) or _is_like_text(one.text, other.text)


def is_another(before: Article, after: Article) -> bool:
    """What stands there now is no other version of what stood there: neither the title nor the text.

    Titles with other names are not alike, though the rest may be, as "Gempa di Maluku" and "Gempa di Aceh": the text
    tells. So a line or two in which a name was put right is another article: rather told as news than not told.
    """
    if not names_another(before.title, after.title):
        return False
    if is_like_title(before.title, after.title) and before.text == after.text:
        return False
    return not _is_like_text(before.text, after.text)


def is_like_title(one: str, other: str) -> bool:
    words, others = _words_of_title(one), _words_of_title(other)
    fewer = min(len(words), len(others))
    return fewer > 0 and len(words & others) >= SAME_TITLE * fewer


def names_another(before: str, after: str) -> bool:
    """Whether a title stands over something else: other words, or a word in the place of another; figures may be put right."""
    words, others = _words_of_title(before), _words_of_title(after)
    if not words or not others:
        return False
    return not is_like_title(before, after) or (_has_word(words - others) and _has_word(others - words))


def _words_of_title(title: str) -> set[str]:
    return set(terms(title[:READ_OF_TITLE]))


def _has_word(terms: set[str]) -> bool:
    return any(not any(char.isdigit() for char in term) for term in terms)


def _is_like_text(one: str, other: str) -> bool:
    first, second = (sketch(terms(text[:READ])) for text in (one, other))
    return containment(first, second) >= SAME_WORDING
