"""About one story on one channel: where one alert goes out the others go along, and where a narrow one does the wide do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from monitor.alerts.decide import Case, decide, occasion, weak
from monitor.model import Decision, Drop, Hold, Reason, Send

# What was not told for these reasons hides nothing: nobody decided that it is not wanted.
HIDES_NOTHING: Final = frozenset({Reason.TOO_OLD, Reason.WEAK, Reason.REMOVED})


def together(cases: Mapping[str, Case]) -> dict[str, Decision]:
    """By topic, about one story on one channel: where one goes out now, the others go along."""
    alone = {name: decide(case) for name, case in cases.items()}
    if not any(isinstance(decision, Send) for decision in alone.values()):
        return alone
    return {name: in_company(case) or alone[name] for name, case in cases.items()}


def in_company(case: Case) -> Send | Drop | None:
    """The channel hears of the story in any case: only what nobody wants to hear at all does not go along.

    None: what is weak so far stays for itself; until its own time others may take the story up.
    """
    match decide(case):
        case Drop(reason) as dropped if reason not in {Reason.QUIET_HOURS, Reason.WEAK}:
            return dropped
        case _:
            return None if weak(case) else Send(occasion(case.told, is_correction=case.is_correction))


def hides(case: Case) -> bool:
    """Whether a wider topic is not told for this one. What waits and is weak so far may never be told itself."""
    match decide(case):
        case Drop(reason):
            return reason not in HIDES_NOTHING
        case Hold():
            return weak(case) is None
        case Send():
            return True
