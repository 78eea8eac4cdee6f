"""What monitor says of itself to those in `ops`. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from monitor.alerts.own import MEGABYTE, Backlog, Disk, Key, Matter, Own
from monitor.alerts.steady import Happening, Jumped, Slept, Stalled
from monitor.alerts.usual import Loud, Silent

NAMED: Final = 10  # of one kind; the others are counted
HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
OVER: Final = {
    Own.DISK: "There is room again where {} is.",
    Own.OUTBOX: "No message waits for long any more.",
}


def text_of(begun: Sequence[Matter], over: Sequence[Key]) -> str:
    """The first line is the subject of a mail; empty where nothing is to be said."""
    return "\n\n".join([*_begun(begun), *(OVER[kind].format(subject) for kind, subject in over if kind in OVER)])


def _begun(begun: Sequence[Matter]) -> Iterator[str]:
    for kind in Own:
        those = [matter for matter in begun if matter.kind is kind]
        yield from (matter.words for matter in those[:NAMED])
        if more := those[NAMED:]:
            yield f"The same of {len(more)} more: {', '.join(matter.subject for matter in more)}"


def of_disk(disk: Disk, subject: str) -> Matter:
    free = f"{disk.free // MEGABYTE} MB are free where {subject} is"
    full = "When nothing is left, nothing more can be read or told. Make room."
    return Matter(Own.DISK, subject, f"A disk is nearly full: {free}.\n{full}")


def of_outbox(backlog: Backlog, zone: ZoneInfo) -> Matter:
    since = f"The oldest waits since {_clock(backlog.since, zone)}. " if backlog.since else ""
    each = ", ".join(f"{channel}: {count}" for channel, count in sorted(backlog.by_channel.items()))
    head = f"{backlog.count} messages wait for more than 30 minutes to be sent, and they become more."
    return Matter(Own.OUTBOX, "", f"{head}\n{since}{each}.\nHow the channels are: monitor status")


def of_topic(name: str, what: Silent | Loud) -> Matter:
    match what:
        case Silent(last, days, longest):
            head = f"The topic {name} finds nothing any more: nothing since {last}, in {days} days of news."
            usual = f"In the four weeks before, its longest pause was {longest} {'day' if longest == 1 else 'days'}."
            return Matter(Own.SILENT, name, f"{head}\n{usual} Look whether its words and feeds are still right.")
        case Loud(today, busiest):
            head = f"The topic {name} finds much more than it uses to: {today} articles today."
            usual = f"On its busiest day of the last four weeks it found {busiest}."
            return Matter(Own.LOUD, name, f"{head}\n{usual} If that is not the news, look at its words.")
        case _:
            assert_never(what)


def of_happening(what: Happening, machine: str, zone: ZoneInfo) -> Matter:
    where = f" of {machine}" if machine else ""
    match what:
        case Jumped(by, at) if by < timedelta(0):
            head = f"The clock{where} went back by {_lasting(-by)}, to {_clock(at, zone)}."
            return Matter(
                Own.JUMPED, machine, f"{head}\nWhat was due by the old time may wait for so long. Nothing is lost."
            )
        case Jumped(by, at):
            head = f"The clock{where} went forward by {_lasting(by)}, to {_clock(at, zone)}."
            calm = "It was set, or the machine was halted meanwhile. What is due by now is done now."
            return Matter(Own.JUMPED, machine, f"{head}\n{calm}")
        case Slept(lasted, at):
            head = (
                f"The machine{f' {machine}' if machine else ''} slept for {_lasting(lasted)}, until {_clock(at, zone)}."
            )
            calm = "What was due meanwhile is done now. If it shall watch all the time, keep it awake."
            return Matter(Own.SLEPT, machine, f"{head}\n{calm}")
        case Stalled(lasted, at):
            head = f"Nobody looked for work for {_lasting(lasted)}, until {_clock(at, zone)}."
            why = (
                f"The machine{f' {machine}' if machine else ''} was too busy or stood still. What was due is done now."
            )
            return Matter(Own.STALLED, machine, f"{head}\n{why}")
        case _:
            assert_never(what)


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _lasting(span: timedelta) -> str:
    for unit, noun in ((timedelta(days=1), "days"), (HOUR, "hours"), (MINUTE, "minutes")):
        if span >= 2 * unit:
            return f"{round(span / unit)} {noun}"
    return f"{round(span.total_seconds())} seconds"
