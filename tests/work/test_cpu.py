"""Worker processes: whatever a document does to its reader, it costs one answer and nothing else."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
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


async def test_ctrl_c_is_not_for_the_workers() -> None:
    """A terminal sends it to all; the main process decides what is finished."""
    cpu = Cpu(1)
    worker = await cpu.call(probes.process_id)
    os.kill(worker, signal.SIGINT)
    assert await cpu.call(probes.process_id) == worker


async def test_a_worker_has_loaded_what_reading_needs_and_no_more() -> None:
    command = [sys.executable, "-m", "tests.work.worker_child"]
    child = await asyncio.to_thread(subprocess.run, command, cwd=CHECKOUT, capture_output=True, check=True)
    report = json.loads(child.stdout)
    assert report["title"] == "Kim Jong Un Sambut Lavrov di Wonsan"
    heavy = {"apprise", "sqlmodel", "sqlalchemy", "httpx", "pydantic", "typer", "apscheduler", "starlette", "uvicorn"}
    assert heavy & set(report["here"]) >= {"sqlmodel", "apscheduler"}
    assert heavy & set(report["worker"]) == set()
    assert report["memory"] < 80_000_000
