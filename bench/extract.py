"""How well articles are read from their pages, beside other extractors, in one run: F1, precision and recall, speed, memory.

    python -m bench.extract FOLDER [--rivals PYTHON] [--sets NAME,…] [--only NAME,…] [--limit N]

FOLDER holds sets: NAME/gold.jsonl.gz with a line per page (`id`, `url`, `text`) and NAME/html/ID.html.gz. Where lines have a
key `with`, words are counted as a bag and the pages' F1 averaged (Web Content Extraction Benchmark); elsewhere runs of four
words, and F1 is that of the mean precision and the mean recall (Zyte's benchmark).

Others are asked in the environment of PYTHON (`pip install trafilatura readability-lxml lxml_html_clean newspaper4k goose3
resiliparse justext boilerpy3`), by default in this one; those that are not there are left out. Each extractor has a process of
its own, which gets a page's HTML and its address; ours does all that the program does with a page: decoding, parsing,
metadata, body, cleaning. CPU seconds are those of the process; memory is its peak above what it held before the first page.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import mean
from typing import Any, Final

WORD: Final = re.compile(r"\w+")
RUN: Final = 4
ABSENT: Final = 3  # how a child says that its extractor is not installed

Extract = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Sample:
    set: str
    id: str
    url: str
    gold: str
    by_words: bool
    path: Path

    @property
    def html(self) -> str:
        return gzip.open(self.path).read().decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class Score:
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def samples(folder: Path, sets: Sequence[str] = (), limit: int | None = None) -> Iterator[Sample]:
    for place in sorted(folder.iterdir()):
        if not (place / "gold.jsonl.gz").is_file() or (sets and place.name not in sets):
            continue
        with gzip.open(place / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
            for row in [json.loads(line) for line in lines][:limit]:
                path = place / "html" / f"{row['id']}.html.gz"
                yield Sample(place.name, row["id"], row.get("url") or "", row["text"], "with" in row, path)


# -- scores --------------------------------------------------------------------------------------


def words(text: str) -> list[str]:
    return WORD.findall(text)


def runs(text: str) -> Counter[tuple[str, ...]]:
    said = words(text)
    return Counter(tuple(said[at : at + RUN]) for at in range(max(1, len(said) - RUN + 1)) if said)


def score(gold: str, text: str, *, by_words: bool) -> Score:
    if by_words:
        return _shared(Counter(words(gold.lower())), Counter(words(text.lower())))
    return _shared(runs(gold), runs(text))


def _shared(gold: Counter[Any], text: Counter[Any]) -> Score:
    if not gold:
        return Score(float(not text), float(not text))
    both = (gold & text).total()
    return Score(both / text.total() if text else 0.0, both / gold.total())


def summed(scores: Sequence[Score], *, by_words: bool) -> tuple[float, Score]:
    whole = Score(mean(one.precision for one in scores), mean(one.recall for one in scores))
    return mean(one.f1 for one in scores) if by_words else whole.f1, whole


# -- extractors ----------------------------------------------------------------------------------


def _ours() -> Extract:
    from trafilatura import load_html

    from monitor.parse.body import body
    from monitor.parse.charset import decoded
    from monitor.parse.cleaner import clean
    from monitor.parse.meta import about
    from monitor.parse.plain import joined

    def extract(html: str, url: str) -> str:
        tree = load_html(decoded(html.encode(), "text/html; charset=utf-8").replace("\x00", ""))
        if tree is None:
            return ""
        said = about(tree, url)
        found = body(tree, url=url, said=said)
        return joined(list(clean(found.lines, titles=(said.title,), language=said.language, links=found.links).lines))

    return extract


def _trafilatura(**options: bool) -> Callable[[], Extract]:
    def make() -> Extract:
        extract = import_module("trafilatura").extract
        return lambda html, url: extract(html, url=url, include_comments=False, **options) or ""

    return make


def _readability() -> Extract:
    document, read = import_module("readability").Document, import_module("lxml.html").fromstring

    def extract(html: str, _url: str) -> str:
        tree = read(document(html).summary(html_partial=True))
        for block in tree.iter("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "tr", "pre", "br"):
            block.tail = "\n" + (block.tail or "")
        return str(tree.text_content())

    return extract


def _newspaper() -> Extract:
    article = import_module("newspaper").Article

    def extract(html: str, url: str) -> str:
        read = article(url or "https://example.org/", fetch_images=False)
        read.download(input_html=html)
        read.parse()
        return str(read.text)

    return extract


def _goose() -> Extract:
    goose = import_module("goose3").Goose({"enable_image_fetching": False})
    return lambda html, _url: str(goose.extract(raw_html=html).cleaned_text)


def _resiliparse() -> Extract:
    plain = import_module("resiliparse.extract.html2text").extract_plain_text
    return lambda html, _url: str(plain(html, main_content=True))


_OF_JUSTEXT: Final = (
    "English",
    "German",
    "French",
    "Spanish",
    "Italian",
    "Portuguese",
    "Dutch",
    "Norwegian_Bokmal",
    "Indonesian",
)


def _justext() -> Extract:
    justext = import_module("justext")
    common = frozenset().union(*map(justext.get_stoplist, _OF_JUSTEXT))

    def extract(html: str, _url: str) -> str:
        return "\n".join(part.text for part in justext.justext(html.encode(), common) if not part.is_boilerplate)

    return extract


def _boilerpy() -> Extract:
    extractor = import_module("boilerpy3.extractors").ArticleExtractor(raise_on_failure=False)
    return lambda html, _url: str(extractor.get_content(html))


EXTRACTORS: Final[dict[str, Callable[[], Extract]]] = {
    "ours": _ours,
    "trafilatura": _trafilatura(),
    "trafilatura-fast": _trafilatura(fast=True),
    "trafilatura-precision": _trafilatura(favor_precision=True),
    "trafilatura-recall": _trafilatura(favor_recall=True),
    "readability-lxml": _readability,
    "newspaper4k": _newspaper,
    "goose3": _goose,
    "resiliparse": _resiliparse,
    "justext": _justext,
    "boilerpy3": _boilerpy,
}


# -- the child: one extractor over all pages -----------------------------------------------------


def child(name: str, given: Sequence[Sample]) -> None:
    try:
        extract = EXTRACTORS[name]()
    except ImportError:
        sys.exit(ABSENT)
    _asked(extract, "<html><body><p>What is loaded at the first page is no part of it.</p></body></html>", "")
    before = _peak_mb()
    for sample in given:
        html = sample.html
        start = time.process_time()
        text, failed = _asked(extract, html, sample.url)
        took = time.process_time() - start
        print(json.dumps({"text": text, "failed": failed, "seconds": took, "mb": _peak_mb() - before}))


def _asked(extract: Extract, html: str, url: str) -> tuple[str, bool]:
    try:
        return extract(html, url), False
    except Exception:  # noqa: BLE001  a page that an extractor can't read counts as empty
        return "", True


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# -- the run -------------------------------------------------------------------------------------


def main() -> None:
    asked = _options()
    given = list(samples(asked.folder, asked.sets.split(",") if asked.sets else (), asked.limit))
    if not given:
        sys.exit(f"no pages in {asked.folder}: it should hold folders with gold.jsonl.gz and html/")
    if asked.child:
        child(asked.child, given)
        return
    names = asked.only.split(",") if asked.only else list(EXTRACTORS)
    print(
        f"{'':22}{'set':16}{'pages':>6}{'F1':>8}{'P':>7}{'R':>7}{'pages/CPU s':>13}{'worst s':>9}{'MB':>5}{'failed':>8}"
    )
    for name in names:
        results = _results(name, asked)
        if results is None:
            print(f"{name:22}not installed")
            continue
        for line in _table(given, results):
            print(f"{name:22}{line}", flush=True)


def _options() -> argparse.Namespace:
    options = argparse.ArgumentParser(prog="bench.extract")
    options.add_argument("folder", type=Path)
    options.add_argument("--rivals", default=sys.executable, metavar="PYTHON")
    options.add_argument("--sets", default="")
    options.add_argument("--only", default="")
    options.add_argument("--limit", type=int)
    options.add_argument("--child", help=argparse.SUPPRESS)
    return options.parse_args()


def _results(name: str, asked: argparse.Namespace) -> list[dict[str, Any]] | None:
    python = sys.executable if name == "ours" else asked.rivals
    command = [python, "-m", "bench.extract", str(asked.folder), "--child", name, "--sets", asked.sets]
    command += ["--limit", str(asked.limit)] if asked.limit else []
    ended = subprocess.run(command, capture_output=True, check=False)
    if ended.returncode == ABSENT:
        return None
    if ended.returncode:
        sys.exit(f"{name} ended with {ended.returncode}:\n{ended.stderr.decode(errors='replace')[-2000:]}")
    return [json.loads(line) for line in ended.stdout.splitlines() if line.startswith(b'{"text"')]


def _table(given: Sequence[Sample], results: Sequence[dict[str, Any]]) -> Iterator[str]:
    for name in dict.fromkeys(sample.set for sample in given):
        pairs = [(one, result) for one, result in zip(given, results, strict=True) if one.set == name]
        by_words = pairs[0][0].by_words
        scores = [score(one.gold, result["text"], by_words=by_words) for one, result in pairs]
        f1, whole = summed(scores, by_words=by_words)
        seconds = [result["seconds"] for _, result in pairs]
        yield (
            f"{name:16}{len(pairs):6}{f1:8.4f}{whole.precision:7.3f}{whole.recall:7.3f}{len(pairs) / sum(seconds):13.1f}"
            f"{max(seconds):9.2f}{max(result['mb'] for _, result in pairs):5.0f}"
            f"{sum(result['failed'] for _, result in pairs):8}"
        )


if __name__ == "__main__":
    main()
