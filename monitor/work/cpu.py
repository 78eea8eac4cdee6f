"""Call a pure function in a worker process that can be killed: hostile input holds a parser for ever, or eats all memory."""

from __future__ import annotations

import logging
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Final, Protocol, TypeVar, TypeVarTuple

import anyio
from anyio import BrokenWorkerProcess, CapacityLimiter, to_process

from monitor.errors import ReaderStopped

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may use."""

    seconds: float
    memory: int = 1 << 30  # bytes of address space


PARSING: Final = Limits(seconds=10)
IDLE: Final = timedelta(seconds=60)
NOTICED: Final = 0.05  # seconds within which we hear of workers that ended together
SPARE: Final = 1.0  # seconds after which a worker that nobody ended ends itself
NOT_FOR_US: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
# Workers end themselves. anyio would end idle ones after 300 s, and stumbles over one that is gone: it forgets the worker
# it was about to ask, and keeps both on its list for ever.
to_process.WORKER_MAX_IDLE_TIME = 1 << 62


class Caller(Protocol):
    """Whoever calls a pure function for us, and can be waited for."""

    async def call(self, fn: Callable[[*Ts], T], *args: *Ts) -> T: ...


class Cpu:
    """A few worker processes; build it inside the running loop, with which they end.

    Each is started when first needed, and ends after `idle` without work; the one that worked last works next.
    """

    def __init__(self, processes: int, limits: Limits = PARSING, *, idle: timedelta = IDLE) -> None:
        self._limiter = CapacityLimiter(processes)
        self._processes = processes
        self._limits = limits
        self._idle = idle

    async def call(self, fn: Callable[[*Ts], T], *args: *Ts) -> T:
        """The function's result, or its `ParseError`; too long, too large or a crash is a `ReaderStopped`, which is one too.

        A worker imports the module of `fn` with all that stands in it: hand in a pure room's own function.
        """
        limits = self._limits
        try:
            async with self._limiter:
                with anyio.fail_after(limits.seconds):
                    return await self._in_a_worker(fn, args)
        except TimeoutError:
            raise ReaderStopped(f"took longer than {limits.seconds:.0f} s to read") from None
        except MemoryError:
            raise ReaderStopped("took too much memory to read") from None
        except BrokenWorkerProcess:
            raise ReaderStopped("its reader broke down") from None
        except RecursionError:
            raise ReaderStopped("nested too deeply") from None

    async def _in_a_worker(self, fn: Callable[..., T], args: tuple[object, ...]) -> T:
        """In another one if the first is gone: it may have ended for want of work just when it was asked."""
        work = partial(_limited, self._limits, self._idle, fn, args)
        for _ in range(self._processes):
            try:
                return await to_process.run_sync(work, cancellable=True)
            except ProcessLookupError:  # a worker was to be ended that had ended; ours was not even asked
                continue
            except BrokenWorkerProcess:
                break
        await anyio.sleep(NOTICED)
        return await to_process.run_sync(work, cancellable=True)


def _limited(limits: Limits, idle: timedelta, fn: Callable[..., T], args: tuple[object, ...]) -> T:
    """In the worker: it has no initialiser, so each call sets its own bounds. The alarm ends the process."""
    for number in NOT_FOR_US:  # a terminal or a service sends them to all; the main process decides what is finished
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)  # whoever started us may have ignored it, which is handed down
    logging.disable()  # what a parser thinks of a page is not for our log; its result says enough
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, hard))
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + SPARE)
    try:
        return fn(*args)
    finally:
        signal.setitimer(signal.ITIMER_REAL, idle.total_seconds())
