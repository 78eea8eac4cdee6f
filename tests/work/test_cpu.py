"""Worker processes: whatever a document does to its reader, it costs one answer and nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import ParseError
from monitor.work.cpu import Cpu, Limits
from tests.work import probes

CHECKOUT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("limits", "call", "what"),
    [
        (Limits(seconds=1), lambda cpu: cpu.call(probes.sleep, 60), "took longer than 1 s to read"),
        (Limits(20, memory=300_000_000), lambda cpu: cpu.call(probes.eat, 400_000_000), "took too much memory to read"),
        (Limits(20), lambda cpu: cpu.call(probes.die), "its reader broke down"),
        (Limits(20), lambda cpu: cpu.call(probes.nest), "nested too deeply"),
        (Limits(20), lambda cpu: cpu.call(probes.refuse), "not a feed: it is a poem"),
    ],
    ids=["too long", "too large", "a crash", "too deep", "refused"],
)
async def test_what_goes_wrong_in_a_worker_is_said_and_the_next_call_works(
    limits: Limits, call: Callable[[Cpu], Any], what: str
) -> None:
    patient = Cpu(1)  # the workers are the loop's, so the next one to be asked is the same
    first = await patient.call(probes.process_id)
    with pytest.raises(ParseError) as refused:
        await call(Cpu(1, limits))
    assert str(refused.value) == what
    second = await patient.call(probes.process_id)
    assert os.getpid() not in {first, second}


async def test_a_worker_that_was_too_slow_is_ended() -> None:
    worker = await Cpu(1).call(probes.process_id)
    with pytest.raises(ParseError):
        await Cpu(1, Limits(seconds=1)).call(probes.sleep, 60)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


async def test_work_waits_for_a_free_worker_without_using_up_its_time() -> None:
    await Cpu(1).call(probes.process_id)
    cpu = Cpu(1, Limits(seconds=2))
    await asyncio.gather(*(cpu.call(probes.sleep, 0.8) for _ in range(3)))


async def test_who_asks_first_is_served_first() -> None:
    cpu, served = Cpu(1), list[int]()

    async def ask(number: int) -> None:
        await cpu.call(probes.sleep, 0.01)
        served.append(number)

    await asyncio.gather(*map(ask, range(5)))
    assert served == [0, 1, 2, 3, 4]


async def test_a_call_that_is_given_up_ends_its_worker_and_no_other() -> None:
    cpu = Cpu(2)
    given_up, other = (asyncio.create_task(cpu.call(probes.sleep, seconds)) for seconds in (60, 0.5))
    await asyncio.sleep(0.2)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    await other
    assert len({await cpu.call(probes.process_id) for _ in range(2)}) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
async def test_a_signal_for_the_program_is_not_for_its_workers(number: signal.Signals) -> None:
    """A terminal, or the manager of services, sends it to all; the main process decides what is finished."""
    cpu = Cpu(1)
    worker = await cpu.call(probes.process_id)
    os.kill(worker, number)
    assert await cpu.call(probes.process_id) == worker


async def test_a_worker_without_work_ends_and_the_next_call_has_a_new_one() -> None:
    cpu = Cpu(1, idle=timedelta(seconds=0.1))
    worker = await cpu.call(probes.process_id)
    await asyncio.to_thread(wait_for_the_end_of, worker)
    assert await cpu.call(probes.process_id) != worker


async def test_a_worker_at_work_is_not_idle() -> None:
    cpu = Cpu(1, idle=timedelta(seconds=0.2))
    worker = await cpu.call(probes.process_id)
    await cpu.call(probes.sleep, 0.5)
    assert await cpu.call(probes.process_id) == worker


async def test_a_worker_that_ends_just_when_it_is_asked_loses_nothing() -> None:
    cpu = Cpu(1)
    worker = await cpu.call(probes.process_id)
    os.kill(worker, signal.SIGKILL)
    assert await cpu.call(probes.process_id) != worker


async def test_several_workers_that_end_together_lose_nothing() -> None:
    cpu = Cpu(2)
    workers = await asyncio.gather(*(cpu.call(probes.process_id_after, 0.3) for _ in range(2)))
    assert len(set(workers)) == 2
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    assert await cpu.call(probes.process_id) not in workers


async def test_a_burst_and_then_a_little_work_for_minutes_is_all_done() -> None:
    """Those that were too many for the little have ended when idle ones are looked through."""
    command = [sys.executable, "-m", "tests.work.worker_child", "steady"]
    child = await asyncio.to_thread(subprocess.run, command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    # Before 3.13 asyncio may warn that a worker it kills has ended (github.com/python/cpython/issues/127049).
    said = [line for line in child.stderr.splitlines() if not line.startswith("Unknown child process pid")]
    assert (child.returncode, said) == (0, [])


async def test_workers_of_a_program_that_was_started_without_alarms_end_too() -> None:
    command = [sys.executable, "-m", "tests.work.worker_child", "deaf"]
    child = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE)
    assert child.stdout
    worker = int(await child.stdout.readline())
    try:
        await asyncio.to_thread(wait_for_the_end_of, worker)
    finally:
        child.kill()
        await child.wait()


@pytest.mark.parametrize("seconds", [0, 60], ids=["idle", "at work"])
async def test_no_worker_outlives_a_program_that_was_killed(seconds: float) -> None:
    command = [sys.executable, "-m", "tests.work.worker_child", "work", str(seconds)]
    child = await asyncio.create_subprocess_exec(*command, cwd=CHECKOUT, stdout=asyncio.subprocess.PIPE)
    assert child.stdout
    worker = int(await child.stdout.readline())
    child.kill()
    await child.wait()
    await asyncio.to_thread(wait_for_the_end_of, worker)


async def test_a_worker_has_loaded_what_reading_needs_and_no_more() -> None:
    command = [sys.executable, "-m", "tests.work.worker_child"]
    child = await asyncio.to_thread(subprocess.run, command, cwd=CHECKOUT, capture_output=True, check=True)
    report = json.loads(child.stdout)
    assert report["title"] == "Kim Jong Un Sambut Lavrov di Wonsan"
    heavy = {"apprise", "sqlmodel", "sqlalchemy", "httpx", "pydantic", "typer", "apscheduler", "starlette", "uvicorn"}
    assert heavy & set(report["here"]) >= {"sqlmodel", "apscheduler"}
    assert heavy & set(report["worker"]) == set()
    assert report["memory"] < 80_000_000


def wait_for_the_end_of(process: int) -> None:
    latest = time.monotonic() + 20
    while runs(process):
        assert time.monotonic() < latest
        time.sleep(0.02)


def runs(process: int) -> bool:
    """It may end between any two looks at it."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return not status.rpartition(")")[2].startswith(" Z")
