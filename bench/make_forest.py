"""Makes monitor/parse/forest.txt: how much each sign says that a line is its article's.

    python -m bench.make_forest FOLDER [--check]

FOLDER holds sets of pages with known texts, as in bench.extract. It needs LightGBM, which nothing else does: install it in an
environment of your own. Nothing of a page is kept but counts. `--check` writes nothing: it learns on the sites of one half
and says how well that goes on the other.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import md5
from importlib import import_module
from pathlib import Path
from statistics import mean
from typing import Any, Final
from urllib.parse import urlsplit

from bench.extract import Sample, runs, samples, score, words
from monitor.parse.body import witnesses_of
from monitor.parse.containers import layout, letters
from monitor.parse.meta import about
from monitor.parse.weighing import Row, evidence

FOREST: Final = Path(__file__).parent.parent / "monitor" / "parse" / "forest.txt"
TREES: Final = {
    "n_estimators": 60,
    "num_leaves": 16,
    "learning_rate": 0.12,
    "min_child_samples": 100,
    "subsample": 0.8,
    "subsample_freq": 1,
    "colsample_bytree": 0.5,
    "reg_lambda": 5,
    "random_state": 8,
    "deterministic": True,
    "verbose": -1,
}
HEAD: Final = """\
# Made by bench/make_forest.py; `NUMBER<=BOUND` splits by a sign (in the order of monitor/parse/weighing.py), then come the
# branch where it holds and the other one; a plain number is what the branch adds to the logarithm of the odds.
# Learnt on {pages} pages, among them those of the Web Content Extraction Benchmark (M. Foley, CC BY 4.0).
"""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A page's lines, what speaks for each, and whether it is the article's."""

    sample: Sample
    lines: tuple[str, ...]
    rows: list[Row]
    belongs: list[bool]

    @property
    def weights(self) -> list[float]:
        """Long lines count more, and all of a long page less than twice a page half as long."""
        sizes = [min(150, len(line.split()) or 1) for line in self.lines]
        return [size / sum(sizes) ** 0.5 for size in sizes]


def lessons(folder: Path) -> Iterator[Lesson]:
    from trafilatura import load_html

    for sample in samples(folder):
        tree = load_html(sample.html)
        if tree is None:
            continue
        page = layout(tree)
        rows = evidence(page, witnesses_of(tree, page, url=sample.url, said=about(tree, sample.url)))
        lines = tuple(line.text for line in page.lines)
        if rows:
            yield Lesson(sample, lines, rows, _belongs(lines, sample.gold))


def _belongs(lines: Sequence[str], gold: str) -> list[bool]:
    """A line whose runs of words stand in the text; a short one that is a line of it."""
    known, whole = runs(gold), frozenset(letters(line) for line in gold.split("\n"))
    marks = []
    for line in lines:
        own = runs(line)
        is_short = len(words(line)) < 4
        marks.append(letters(line) in whole if is_short else 2 * (own & known).total() >= own.total())
    return marks


def learn(given: Sequence[Lesson]) -> Any:
    model = import_module("lightgbm").LGBMClassifier(**TREES)
    weights = [weight for lesson in given for weight in lesson.weights]
    rows = [row for lesson in given for row in lesson.rows]
    return model.fit(
        import_module("numpy").array(rows, dtype=float),
        [mark for lesson in given for mark in lesson.belongs],
        sample_weight=weights,
    )


def written(tree: dict[str, Any]) -> str:
    if "split_feature" not in tree:
        return f"{tree['leaf_value']:.4g}"
    split = f"{tree['split_feature']}<={tree['threshold']:.5g}"
    return f"{split} {written(tree['left_child'])} {written(tree['right_child'])}"


def check(given: Sequence[Lesson]) -> None:
    for side in (0, 1):
        model = learn([lesson for lesson in given if _half(lesson.sample) != side])
        rest = [lesson for lesson in given if _half(lesson.sample) == side]
        for name in sorted({lesson.sample.set for lesson in rest}):
            scores = [_scored(model, lesson) for lesson in rest if lesson.sample.set == name]
            print(f"{name:20} half {side}  pages {len(scores):4}  F1 {mean(scores):.4f}")


def _scored(model: Any, lesson: Lesson) -> float:
    chances = model.predict_proba(import_module("numpy").array(lesson.rows, dtype=float))[:, 1]
    text = "\n".join(line for line, chance in zip(lesson.lines, chances, strict=True) if chance >= 0.5)
    return score(lesson.sample.gold, text, by_words=lesson.sample.by_words).f1


def _half(sample: Sample) -> int:
    host = urlsplit(sample.url).hostname or sample.id
    return md5(host.encode()).digest()[0] % 2


def main() -> None:
    options = argparse.ArgumentParser(prog="bench.make_forest")
    options.add_argument("folder", type=Path)
    options.add_argument("--check", action="store_true")
    asked = options.parse_args()
    given = list(lessons(asked.folder))
    if asked.check:
        check(given)
        return
    trees = learn(given).booster_.dump_model()["tree_info"]
    lines = [written(tree["tree_structure"]) for tree in trees]
    FOREST.write_text(HEAD.format(pages=len(given)) + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{FOREST}: {len(lines)} trees, learnt on {len(given)} pages")


if __name__ == "__main__":
    main()
