"""Indonesian stems beside others, over the tables of tests/topics/stems: what must meet, and what must not.

    python -m bench.stems [FOLDER…]

`seen` is what our stems were tuned on; `unseen` and `later` are not. Speed: words a second of CPU time, each asked once.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from monitor.topics.stems import Stems

TABLES = Path(__file__).parent.parent / "tests" / "topics" / "stems"
SHOWN = 12  # of what went wrong

Stem = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    meet: Sequence[tuple[str, str]]
    differ: Sequence[tuple[str, str]]

    @property
    def words(self) -> list[str]:
        return list(dict.fromkeys(word for pair in (*self.meet, *self.differ) for word in pair))


def read(path: Path) -> Table:
    return Table(path.stem, tuple(_pairs(path, "=")), tuple(_pairs(path, "≠")))


def _pairs(path: Path, sign: str) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        word, found, others = line.partition(f" {sign} ")
        if found and not line.startswith("#"):
            yield from ((word, other) for other in others.split())


def _ours() -> Stem:
    return Stems("id").of


def _sastrawi() -> Stem:
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

    stem: Stem = StemmerFactory().create_stemmer(isDev=True).stem  # without its own memo
    return stem


def _snowball() -> Stem:
    import snowballstemmer

    stem: Stem = snowballstemmer.stemmer("indonesian").stemWord
    return stem


def _simplemma() -> Stem:
    lemmatize = import_module("simplemma").lemmatize  # needed for nothing else: it may be absent
    return lambda word: str(lemmatize(word, lang="id"))


RIVALS: dict[str, Callable[[], Stem]] = {
    "none": lambda: lambda word: word,
    "PySastrawi": _sastrawi,
    "Snowball": _snowball,
    "simplemma": _simplemma,
    "ours": _ours,
}


def main(tables: Sequence[Table]) -> None:
    print(f"{'':12}" + "".join(f"{table.name + ' met':>18}{'false':>10}" for table in tables) + f"{'words/s':>12}")
    for name, make in RIVALS.items():
        try:
            stem = make()
        except ImportError:
            print(f"{name:12}{'not installed':>18}")
            continue
        speed = _speed(make(), [word for table in tables for word in table.words])
        print(f"{name:12}" + "".join(_score(table, stem) for table in tables) + f"{speed:>12,.0f}")
    ours = _ours()
    for table in tables:
        missed = [f"{one}/{other}" for one, other in table.meet if ours(one) != ours(other)]
        false = [f"{one}/{other}" for one, other in table.differ if ours(one) == ours(other)]
        print(f"ours, {table.name}: apart {_some(missed)}; together {_some(false)}")


def _score(table: Table, stem: Stem) -> str:
    met = sum(stem(one) == stem(other) for one, other in table.meet)
    false = sum(stem(one) == stem(other) for one, other in table.differ)
    return f"{f'{met}/{len(table.meet)}':>18}{f'{false}/{len(table.differ)}':>10}"


def _speed(stem: Stem, words: Sequence[str]) -> float:
    stem("pemanasan")  # what is read at the first word is no part of it
    start = time.process_time()
    for word in words:
        stem(word)
    return len(words) / (time.process_time() - start)


def _some(pairs: Sequence[str]) -> str:
    return " ".join(pairs[:SHOWN]) + (f" and {len(pairs) - SHOWN} more" if len(pairs) > SHOWN else "") or "none"


if __name__ == "__main__":
    folders = [Path(folder) for folder in sys.argv[1:]] or [TABLES]
    main([read(path) for folder in folders for path in sorted(folder.glob("*.txt"))])
