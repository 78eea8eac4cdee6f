"""`python -m tests.soak_cluster [--minutes 20] [--feeds 500] [--seed 1]`: many machines, and nothing goes well.

Two that hand on what is due, and four workers, one with a clock that is wrong by an hour. Workers are killed every few
seconds and started again; PostgreSQL is restarted, and torn down once. Then all is well again, and everything that
was published must be there once: every article, every story, every first message on each channel. One may come twice
where a worker was killed between its send and its mark. No feed may be stuck, and no host asked too soon by more than a
hundredth. Ends with 1 otherwise.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from tests.cluster import Cluster, Part, cluster, configure, is_reachable, open_files, threads
from tests.cluster_verdict import Growth, Result, verdict
from tests.own_postgres import OwnServer, own_server
from tests.sinks import JsonSink
from tests.wires import HOSTS, Wires

AN_HOUR: Final = 3600.0
A_START: Final = 30.0  # seconds, on a busy machine
PATIENCE: Final = 900.0  # seconds, until all is done when all is well again


@dataclass(frozen=True, slots=True)
class Asked:
    """What kind of a soak."""

    seconds: float
    feeds: int
    seed: int = 1
    runs: int = 2
    workers: int = 4
    hosts: int = HOSTS
    every: str = "60s"
    publishes: float = 120.0  # seconds between two pieces of news of a bureau, on average
    pause: tuple[float, float] = (4.0, 12.0)  # seconds between two kills
    restarts: tuple[tuple[float, bool], ...] = ((0.35, False), (0.65, True))  # when; torn down?
    away: float = 6.0  # seconds
    module: str = "monitor"
    patience: float = PATIENCE
    is_timed: bool = True  # and how long things took matters


class Ordeal:
    def __init__(
        self, many: Cluster, server: OwnServer, wires: Wires, asked: Asked, report: Callable[[str], None]
    ) -> None:
        self._many, self._server, self._wires, self._asked, self._report = many, server, wires, asked, report
        self._random = Random(asked.seed)
        self._began_at = time.monotonic()
        self._runs: list[int] = []
        self._workers: list[int] = []
        self._early: dict[str, int] = {}
        self._restarted_at = -A_START
        self._calm_since: float | None = None  # by the database's clock

    def begin(self, configs: list[str]) -> None:
        self._runs = [self._many.begin(Part(("run", "-c", config))) for config in configs]
        for number in range(self._asked.workers):
            ahead = AN_HOUR if number == 0 else 0.0
            self._workers.append(self._many.begin(Part(("worker", "-c", configs[0]), ahead)))

        end = time.monotonic() + self._asked.patience
        while self._many.count("worker") < len(self._many.parts) and time.monotonic() < end:
            time.sleep(0.1)
        self._began_at = time.monotonic()
        self._tell("all are there")

    def suffer(self) -> None:
        """Kills at random moments; PostgreSQL goes away when it is its time."""
        restarts = [(share * self._asked.seconds, at_once) for share, at_once in self._asked.restarts]
        while (at := self._at()) < self._asked.seconds:
            time.sleep(min(self._random.uniform(*self._asked.pause), max(self._asked.seconds - at, 0)))
            self._assert_that_all_run()
            if not self._early and self._at() > self._asked.seconds / 4:
                self._early = dict(self._sizes())
            if restarts and self._at() >= restarts[0][0]:
                self._restart(at_once=restarts.pop(0)[1])
                continue
            victim = self._random.choice(self._workers)
            self._many.kill(victim)
            self._many.begin_again(victim)
            self._tell(f"killed worker {victim}")

    def _restart(self, *, at_once: bool) -> None:
        self._server.stop(at_once=at_once)
        time.sleep(self._asked.away)
        self._server.start()
        assert is_reachable(self._server)
        self._restarted_at = time.monotonic()
        self._tell(f"PostgreSQL {'torn down' if at_once else 'restarted'}")

    def recover(self) -> None:
        """Nobody is killed any more, nothing is published: what there is to be done gets done."""
        self._wires.silence()
        self._tell("all is well again")
        end = time.monotonic() + self._asked.patience
        while self._left() and time.monotonic() < end:
            self._assert_that_all_run()
            time.sleep(1)
        self._tell("the end")

    def _left(self) -> int:
        """What is not done yet; a feed must have been asked since the last piece of news and the last death."""
        self._calm_since = self._calm_since or self._many.now()
        return (
            self._asked.feeds
            - self._many.count("feed")
            + sum(
                map(
                    self._many.count,
                    (
                        f"feed WHERE paused IS NULL AND coalesce(last_polled_at < to_timestamp({self._calm_since}), true)",
                        "entry WHERE state = 'waiting'",
                        "delivery WHERE state = 'waiting'",
                        "alert WHERE decision = 'hold'",
                        "article WHERE archived_at IS NULL",
                        "procrastinate_jobs WHERE status = 'doing' AND worker_id IS NULL",
                    ),
                )
            )
        )

    def stop(self, sinks: dict[str, JsonSink]) -> Result:
        growth = [Growth(what, self._early.get(what, last), last) for what, last in self._sizes()]
        ends = self._many.stop([*self._workers, *self._runs])
        return verdict(
            self._many,
            self._wires,
            {name: list(sink.messages) for name, sink in sinks.items()},
            ends=ends,
            growth=growth,
            restarts=len(self._asked.restarts),
            seconds=self._at(),
            is_timed=self._asked.is_timed,
        )

    def _sizes(self) -> Iterator[tuple[str, int]]:
        """Of those that are never killed."""
        for number in self._runs:
            yield f"open files of run {number}", open_files(self._many.processes[number])
            yield f"threads of run {number}", threads(self._many.processes[number])

    def _assert_that_all_run(self) -> None:
        """Whoever was just starting when the database went away ends with 1, and is started again."""
        for number, process in enumerate(self._many.processes):
            if process.poll() is None:
                continue
            command = self._many.parts[number].command
            is_excused = process.returncode == 1 and time.monotonic() - self._restarted_at < A_START
            assert is_excused, f"{command} ended by itself with {process.returncode}"
            self._many.begin_again(number)

    def _at(self) -> float:
        return time.monotonic() - self._began_at

    def _tell(self, what: str) -> None:
        articles, waiting = self._many.count("article"), self._many.count("entry WHERE state = 'waiting'")
        deliveries = self._many.count("delivery WHERE state = 'waiting'")
        self._report(
            f"{self._at():5.0f} s: {what}; {len(self._wires.polled)} feeds asked, {articles} articles, {waiting} entries and "
            f"{deliveries} deliveries wait"
        )


@contextmanager
def _sinks() -> Iterator[dict[str, JsonSink]]:
    with ExitStack() as open_:
        yield {name: open_.enter_context(JsonSink()) for name in ("redaksi", "peneliti", "kait")}


def soak(folder: Path, asked: Asked, *, report: Callable[[str], None]) -> Result:
    publishing = Wires(asked.feeds, asked.seed, asked.publishes, asked.hosts)
    with own_server(folder) as server, publishing as wires, _sinks() as sinks:
        channels = {name: sink.channel for name, sink in sinks.items()}
        channels["kait"] = channels["kait"].replace("json://", "webhook://")
        configs = [
            configure(folder, server, wires, channels, every=asked.every, name=f"config-{number}.yaml")
            for number in range(asked.runs)
        ]
        with cluster(folder, server, asked.module) as many:
            ordeal = Ordeal(many, server, wires, asked, report)
            ordeal.begin(configs)
            ordeal.suffer()
            ordeal.recover()
            return ordeal.stop(sinks)


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.soak_cluster", description="Many machines, and all goes wrong."
    )
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the database and the log, to look at afterwards")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="monitor-soak-") as temporary:
        folder = asked.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        wanted = Asked(asked.minutes * 60, asked.feeds, asked.seed)
        result = soak(folder, wanted, report=lambda line: print(line, file=sys.stderr, flush=True))
    print(f"{asked.feeds} feeds, {asked.minutes:g} minutes, seed {asked.seed}\n{result}")
    return 0 if result.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
