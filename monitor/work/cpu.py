"""Call a pure function in a worker process that can be killed: hostile input holds a parser for ever, or eats all memory."""

from __future__ import annotations

import logging
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar, TypeVarTuple

import anyio
from anyio import BrokenWorkerProcess, CapacityLimiter, to_process

from monitor.errors import ParseError

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may use."""

    seconds: float
    memory: int = 1 << 30  # bytes of address space


PARSING: Final = Limits(seconds=20)


class Cpu:
    """A few worker processes, each started when first needed; build it inside the running loop."""

    def __init__(self, processes: int, limits: Limits = PARSING) -> None:
        self._limiter = CapacityLimiter(processes)
        self._limits = limits

    async def call(self, fn: Callable[[*Ts], T], *args: *Ts) -> T:
        """The function's result, or its `ParseError`; too long, too large or a crash are `ParseError`s too.

        A worker imports the module of `fn` with all that stands in it: hand in a pure room's own function.
        """
        limits = self._limits
        try:
            async with self._limiter:
                with anyio.fail_after(limits.seconds):
                    return await to_process.run_sync(_limited, limits.memory, fn, args, cancellable=True)
        except TimeoutError:
            raise ParseError(f"took longer than {limits.seconds:.0f} s to read") from None
        except MemoryError:
            raise ParseError("took too much memory to read") from None
        except BrokenWorkerProcess:
            raise ParseError("its reader broke down") from None
        except RecursionError:
            raise ParseError("nested too deeply") from None


def _limited(memory: int, fn: Callable[..., T], args: tuple[object, ...]) -> T:
    """In the worker: it has no initialiser, so each call sets its own bounds."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which then ends us
    logging.disable()  # what a parser thinks of a page is not for our log; its result says enough
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (memory, hard))
    return fn(*args)
