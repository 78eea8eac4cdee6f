"""What goes along with another alert about the story, what stays for itself, and what keeps a wider topic from being told."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from monitor.alerts.company import hides, in_company, together
from monitor.alerts.decide import Case
from monitor.model import Drop, Hold, Reason, Send
from monitor.settings import QuietHours
from tests.alerts.test_decide import BEST, HIDDEN, JUST_NOW, MINUTE, NOON, URGENT, WEAK, a_case, told

NOON_REST = (QuietHours(start=time(11), end=time(13), then="drop"),)
SETTLES = Hold(Reason.SETTLING, until=NOON + MINUTE)
GOES = {"Gempa": a_case(URGENT)}


@pytest.mark.parametrize(
    ("sentence", "case", "goes"),
    [
        ("what waits goes along", a_case(**JUST_NOW), Send(Reason.NEW_STORY)),
        ("what quiet hours would drop too", a_case(quiet_hours=NOON_REST), Send(Reason.NEW_STORY)),
        ("what nobody wants to hear does not", a_case(silenced_by="topic"), Drop(Reason.SILENCED)),
        ("nor what a narrower topic tells", a_case(**JUST_NOW, **HIDDEN), Drop(Reason.HIDDEN)),
        ("what is weak so far waits for itself", a_case(BEST, **JUST_NOW, **WEAK), SETTLES),
        ("until its time is over", a_case(BEST, **WEAK), Drop(Reason.WEAK)),
        ("or quiet hours let it be", a_case(BEST, quiet_hours=NOON_REST, **WEAK), Drop(Reason.QUIET_HOURS)),
        ("what is strong by now goes along", a_case(BEST, **JUST_NOW, score=31, outlets=2), Send(Reason.NEW_STORY)),
    ],
)
def test_in_company(sentence: str, case: Case, goes: object) -> None:
    assert together(GOES | {"Ambon": case}) == {"Gempa": Send(Reason.NEW_STORY), "Ambon": goes}, sentence


def test_what_waits_and_is_weak_so_far_is_not_decided_by_the_company_it_has() -> None:
    assert in_company(a_case(BEST, settled=True, **WEAK)) is None
    assert in_company(a_case(BEST, **JUST_NOW, **WEAK)) is None


@pytest.mark.parametrize(
    ("sentence", "narrow", "hidden"),
    [
        ("what is told hides", a_case(), True),
        ("what waits hides", a_case(**JUST_NOW), True),
        ("what was told hides", a_case(told=told()), True),
        ("who silenced the narrow one does not want it by the back door", a_case(silenced_by="topic"), True),
        ("nor who is not to be disturbed", a_case(quiet_hours=NOON_REST), True),
        ("what is hidden itself hides", a_case(**HIDDEN), True),
        ("old news hides nothing", a_case(age=timedelta(days=9)), False),
        ("nor does what is too weak", a_case(BEST, **WEAK), False),
        ("or may be when its wait is over", a_case(BEST, **JUST_NOW, **WEAK), False),
        ("a good match hides while it waits", a_case(BEST, **JUST_NOW, score=50), True),
    ],
)
def test_a_narrow_topic(sentence: str, narrow: Case, *, hidden: bool) -> None:
    assert hides(narrow) is hidden, sentence
