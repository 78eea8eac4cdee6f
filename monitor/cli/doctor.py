"""`doctor`: what is well, what to look at, what is wrong, and what to do."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

import typer

from monitor.app import utc_now
from monitor.app.doctor.examine import Unusable, Visit, examine
from monitor.app.doctor.finding import Finding, Result
from monitor.cli.common import STANDARD, Config, Json, counted, log_to_stderr, named, say, say_json
from monitor.cli.progress import reading
from monitor.trial import Progress

NAMES: Final = 14  # columns
FEW: Final = 3  # so many feeds that are well are named


@dataclass(frozen=True, slots=True)
class Signs:
    """What stands for a result, and before what is to be done."""

    marks: dict[Result, str]
    do: str


SIGNS: Final = Signs({"ok": "✓", "look": "!", "wrong": "✗"}, "→")
PLAIN: Final = Signs({"ok": "ok   ", "look": "look ", "wrong": "wrong"}, "->")  # where stdout knows no others


def doctor(config: Config = STANDARD, json: Json = False) -> None:
    """Look at everything once; nothing is changed, and nothing sent."""
    log_to_stderr(logging.ERROR)
    visit = _Visit(json=json)
    usable = asyncio.run(visit.pay(config))
    if not usable:
        raise typer.Exit(2)
    if visit.counts["wrong"]:
        raise typer.Exit(1)


@dataclass(slots=True)
class _Visit:
    """Findings are shown as they come, those of one check together."""

    json: bool
    counts: Counter[Result] = field(default_factory=Counter)
    group: list[Finding] = field(default_factory=list)
    bars: ExitStack = field(default_factory=ExitStack)

    async def pay(self, config: Path) -> bool:
        """Whether there was a configuration to go by."""
        why = ""
        with self.bars:
            try:
                async for finding in examine(Visit(config, utc_now, self.tell)):
                    self.show(finding)
            except Unusable as error:
                why = str(error)
        if not self.json:
            self.end(why)
        return not why

    def tell(self, what: str) -> Progress:
        self.bars.close()
        return self.bars.enter_context(reading(quietly=self.json, what=what))

    def show(self, finding: Finding) -> None:
        self.counts[finding.result] += 1
        if self.json:
            say_json(asdict(finding))
            return
        if self.group and self.group[0].check != finding.check:
            self.flush()
        self.group.append(finding)

    def flush(self) -> None:
        self.bars.close()
        for line in lines_of(self.group, signs()):
            say(line)
        self.group = []

    def end(self, why: str) -> None:
        self.flush()
        say()
        say(in_all(self.counts))
        if why:
            say(why)


def signs() -> Signs:
    try:
        "".join((*SIGNS.marks.values(), SIGNS.do)).encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return PLAIN
    return SIGNS


def lines_of(group: Sequence[Finding], signs: Signs) -> Iterator[str]:
    """Those of one check: its name once; of many feeds that are well, how many they are."""
    for place, finding in enumerate(_together(group)):
        name = "" if place else finding.check
        subject = f"{finding.subject}: " if finding.subject else ""
        yield f"{signs.marks[finding.result]} {name:<{NAMES}} {subject}{finding.what}"
        if finding.do:
            yield f"{'':<{len(signs.marks['ok'])}} {'':<{NAMES}} {signs.do} {finding.do}"


def _together(group: Sequence[Finding]) -> Iterator[Finding]:
    """What is the same of many is one line."""
    well = [each for each in group if each.result == "ok"]
    is_many = len(well) > FEW and well[0].check == "feed"
    if is_many:
        yield Finding("feed", "ok", f"{len(well)} of {len(group)} can be read")
    same: dict[tuple[Result, str, str | None], list[Finding]] = {}
    for each in group:
        if not (is_many and each.result == "ok"):
            same.setdefault((each.result, each.what, each.do), []).append(each)
    for alike in same.values():
        if len(alike) <= FEW:
            yield from alike
        else:
            yield replace(alike[0], subject=named([str(each.subject) for each in alike], most=FEW))


def in_all(counts: Counter[Result]) -> str:
    wrong, look = counts["wrong"], counts["look"]
    found = []
    if wrong:
        found.append(f"{counted(wrong, 'thing is', 'things are')} wrong")
    if look:
        found.append(f"{counted(look, 'thing is', 'things are') if not wrong else look} to look at")
    return ", ".join(found) or "all is well"
