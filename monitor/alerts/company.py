"""About one story on one channel: where one alert goes out, the others go along. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from monitor.alerts.decide import Case, decide, occasion
from monitor.model import Decision, Drop, Reason, Send


def together(cases: Mapping[str, Case]) -> dict[str, Decision]:
    """By topic, about one story on one channel: where one goes out now, the others go along."""
    alone = {name: decide(case) for name, case in cases.items()}
    if not any(isinstance(decision, Send) for decision in alone.values()):
        return alone
    return {name: in_company(case) for name, case in cases.items()}


def in_company(case: Case) -> Send | Drop:
    """The channel hears of the story in any case: only what nobody wants to hear at all does not go along."""
    match decide(case):
        case Drop(reason) as dropped if reason is not Reason.QUIET_HOURS:
            return dropped
        case _:
            return Send(occasion(case.told, is_correction=case.is_correction))
