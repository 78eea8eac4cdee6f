"""Copies of an article as other outlets print them: byline and footer, paragraphs dropped and added, cut and reworded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random
from typing import Final, Literal

Level = Literal[1, 2, 3]

DROPPED: Final = 0.15  # of the paragraphs, never the first
ADDED: Final = 0.15  # of the text's length, at most, in paragraphs of other articles
CUT: Final = 0.4  # of the text, from its end
REWORDED: Final = 0.2  # of the words that have a synonym: about one word in thirty

FEWEST_PARAGRAPHS: Final = 4  # a text of fewer is edited by sentences

BYLINES: Final = (
    "JAKARTA, Warta Nusantara - ",
    "Kabar Pagi, Jakarta – ",
    "SUARA DAERAH.ID — ",
    "(Antarkota) ",
    "Reporter: Sari Dewanti | Editor: B. Prakoso\n",
    "JAKARTA (Harian Timur): ",
    "By Our Correspondent\n",
)
FOOTERS: Final = (
    (
        "Ikuti berita terkini dari Warta Nusantara di kanal WhatsApp kami. Pewarta: R. Hidayat. Editor: L. Sutanto. "
        "Hak cipta Warta Nusantara, dilarang menyalin tanpa izin tertulis dari redaksi."
    ),
    "Artikel ini telah tayang lebih dahulu di kantor berita dan disunting seperlunya oleh redaksi Kabar Pagi.",
    "Simak breaking news dan berita pilihan langsung dari ponselmu. Unduh aplikasi Suara Daerah sekarang juga.",
    "(rls/dw)",
    (
        "Dapatkan buletin harian kami melalui surel. Daftar gratis di laman Harian Timur, dan bagikan artikel ini ke "
        "teman-teman lewat media sosial. Kirim tulisan, foto dan video Anda ke meja redaksi."
    ),
    "This story was first published by a news agency and has been edited for length by our staff.",
)

# Words that an editor puts for one another; those of a row mean much the same.
_ALIKE: Final = (
    ("mengatakan", "menyatakan", "menuturkan", "menyebutkan", "menjelaskan"),
    ("kata", "ujar", "tutur", "ucap", "sebut", "ungkap", "jelas"),
    ("katanya", "ujarnya", "tuturnya", "ucapnya", "ungkapnya", "jelasnya"),
    ("sebelumnya", "terdahulu"),
    ("saat", "ketika", "waktu"),
    ("karena", "sebab", "lantaran"),
    ("namun", "tetapi", "akan tetapi"),
    ("tersebut", "itu"),
    ("juga", "pun"),
    ("sejumlah", "beberapa"),
    ("banyak", "berbagai"),
    ("untuk", "guna", "buat"),
    ("agar", "supaya"),
    ("hanya", "cuma"),
    ("sekitar", "kira-kira", "kurang lebih"),
    ("seperti", "misalnya"),
    ("terjadi", "berlangsung"),
    ("melakukan", "menjalankan"),
    ("memberikan", "menyerahkan"),
    ("mendapatkan", "memperoleh", "meraih"),
    ("adalah", "ialah", "merupakan"),
    ("tidak", "tak"),
    ("dapat", "bisa"),
    ("sudah", "telah"),
    ("akan", "bakal"),
    ("lebih", "kian"),
    ("besar", "tinggi"),
    ("serta", "dan juga"),
    ("hingga", "sampai"),
    ("dalam", "pada"),
    ("masyarakat", "warga"),
    ("memiliki", "mempunyai"),
    ("menggunakan", "memakai"),
    ("meminta", "memohon"),
    ("membuat", "menjadikan"),
    ("segera", "secepatnya"),
    ("kemudian", "lalu", "selanjutnya"),
    ("said", "stated", "told reporters"),
    ("about", "around", "roughly"),
    ("also", "too"),
    ("but", "yet"),
    ("many", "numerous"),
    ("people", "residents"),
    ("big", "large"),
    ("began", "started"),
    ("because", "as"),
    ("after", "following"),
    ("near", "close to"),
    ("killed", "left dead"),
    ("police", "officers"),
)
SYNONYMS: Final = {word: tuple(each for each in row if each != word) for row in _ALIKE for word in row}

_DATELINE: Final = re.compile(r"[\w.,()/ ]{2,40}?(?:\s[-–—]+\s*|[-–—]+(?=[A-Z“\"]))")
_SENTENCE_END: Final = re.compile(r"(?<=[a-z0-9%)”\"][.!?])\s*(?=[A-Z“\"])")
_WORD: Final = re.compile(r"[^\W\d_]+")


def syndicated(article_text: str, level: Level, rng: Random, others: Sequence[str]) -> str:
    """The text (without its title) as another outlet prints it; the higher the level, the more of it is changed.

    1: another byline, and a footer. 2: also some of its paragraphs dropped, and paragraphs of `others` put in, up to
    about a seventh of its length. 3: also 40 % cut from its end, and a fifth of the words that have a synonym replaced.
    """
    pieces, joint = _pieces(_DATELINE.sub("", article_text, count=1) if _DATELINE.match(article_text) else article_text)
    if level > 1:
        pieces = _added(_dropped(pieces, rng), rng, others)
    if level > 2:
        pieces = [reworded(piece, rng) for piece in _cut(pieces)]
    return rng.choice(BYLINES) + joint.join(pieces) + "\n" + rng.choice(FOOTERS)


def embedded(article_text: str, own: float, rng: Random, others: Sequence[str]) -> str:
    """A longer article that carries the whole text; the share `own` of its length is its own, before and after."""
    wanted = len(article_text) * own / (1 - own)
    paragraphs: list[str] = []
    while sum(map(len, paragraphs)) < wanted:
        paragraphs += _pieces(rng.choice(others))[0]
    while len(paragraphs) > 1 and sum(map(len, paragraphs)) - len(paragraphs[-1]) / 2 > wanted:
        paragraphs.pop()
    middle = rng.randint(0, len(paragraphs))
    return "\n".join([*paragraphs[:middle], article_text, *paragraphs[middle:]])


def reworded(text: str, rng: Random, share: float = REWORDED) -> str:
    """With this share of the words that have a synonym replaced."""
    return _WORD.sub(lambda found: _synonym(found[0], rng) if rng.random() < share else found[0], text)


def _synonym(word: str, rng: Random) -> str:
    known = SYNONYMS.get(word.lower())
    if not known:
        return word
    chosen = rng.choice(known)
    return chosen.capitalize() if word[0].isupper() else chosen


def _pieces(text: str) -> tuple[list[str], str]:
    """Its paragraphs, or its sentences where those are few; and what joins them."""
    paragraphs = [line for line in text.split("\n") if line.strip()]
    if len(paragraphs) >= FEWEST_PARAGRAPHS:
        return paragraphs, "\n\n" if "\n\n" in text else "\n"
    return [sentence for line in paragraphs for sentence in _SENTENCE_END.split(line)] or [text], " "


def _dropped(pieces: Sequence[str], rng: Random) -> list[str]:
    leaving = set(rng.sample(range(1, len(pieces)), round(DROPPED * (len(pieces) - 1))))
    return [piece for place, piece in enumerate(pieces) if place not in leaving]


def _added(pieces: Sequence[str], rng: Random, others: Sequence[str]) -> list[str]:
    """Two paragraphs of other articles, cut where they do not fit."""
    grown = list(pieces)
    room = round(ADDED * sum(len(piece.split()) for piece in pieces))
    for _ in range(2 if others else 0):
        chosen = rng.choice(_pieces(rng.choice(others))[0]).split()[:room]
        room -= len(chosen)
        if chosen:
            grown.insert(rng.randint(1, len(grown)), " ".join(chosen))
    return grown


def _cut(pieces: Sequence[str]) -> list[str]:
    """Without the words after the place where the cut falls."""
    left = round((1 - CUT) * sum(len(piece.split()) for piece in pieces))
    kept: list[str] = []
    for piece in pieces:
        words = piece.split()[: max(0, left)]
        left -= len(words)
        kept += [" ".join(words)] if words else []
    return kept
