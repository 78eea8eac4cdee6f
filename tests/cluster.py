"""Many processes of the program on one PostgreSQL: started, killed, stopped, and what each had in hand when it died."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

from tests.own_postgres import Place
from tests.press import CONCERN, Name, names_in
from tests.soak import clean_environ, free_port
from tests.wires import Wires, story_of

PROGRAM: Final = ("monitor.__main__",)
TABLES: Final = ("feed", "entry", "delivery")  # that a worker has rows of in hand
STOPS_WITHIN: Final = 20.0  # seconds
STARTS_WITHIN: Final = 60.0
A_MOMENT: Final = 0.1  # until the server has done what a stopped process asked it to do
Row = tuple[str, int]  # table, id


@dataclass(frozen=True, slots=True)
class Part:
    """What one process is: `monitor run` or `monitor worker`, and how wrong its clock is."""

    command: Sequence[str]
    ahead: float = 0.0


@dataclass(frozen=True, slots=True)
class End:
    """How a process ended that was asked to."""

    command: str
    status: int | None  # None: it did not, in time
    seconds: float


@dataclass(slots=True)
class Deaths:
    """What was in hand of those that were killed."""

    kills: int = 0
    last_at: float = 0.0  # by the database's clock
    in_hand: Counter[Row] = field(default_factory=Counter)  # how many died with it
    being_told: Counter[tuple[str, Name]] = field(default_factory=Counter)  # the same by channel and story


@dataclass(slots=True)
class Cluster:
    folder: Path
    server: Place
    module: str = "monitor"  # its main() is the program
    parts: list[Part] = field(default_factory=list)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)  # in the same order
    deaths: Deaths = field(default_factory=Deaths)

    def begin(self, part: Part) -> int:
        self.parts.append(part)
        self.processes.append(self._started(part))
        return len(self.parts) - 1

    def _started(self, part: Part) -> subprocess.Popen[bytes]:
        module = "monitor.__main__" if self.module == "monitor" else self.module
        way = ["-m", "tests.wrong_clock", str(part.ahead), module] if part.ahead else ["-m", self.module]
        environ = clean_environ() | {"PYTHONPATH": str(Path(__file__).parents[1])}
        with (self.folder / "log.txt").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *way, *part.command], cwd=self.folder, env=environ, stdout=log, stderr=log
            )

    def begin_again(self, number: int) -> None:
        self.processes[number] = self._started(self.parts[number])

    def kill(self, number: int) -> None:
        """It is stopped first, so that what it has in hand is still that when it dies."""
        process = self.processes[number]
        process.send_signal(signal.SIGSTOP)
        time.sleep(A_MOMENT)
        self._note_what_it_holds(process.pid)
        process.kill()
        process.wait()

    def _note_what_it_holds(self, pid: int) -> None:
        self.deaths.kills += 1
        self.deaths.last_at = self.now()
        for (worker,) in self.server.execute(f"SELECT id FROM worker WHERE name LIKE '%:{pid}'"):
            for table in TABLES:
                held = self.server.execute(f"SELECT id FROM {table} WHERE lease_token LIKE '{worker}:%'")
                self.deaths.in_hand.update((table, row[0]) for row in held)
            sending = self.server.execute(
                "SELECT delivery.channel, content FROM delivery JOIN notification ON notification.id = notification_id "
                f"WHERE lease_token LIKE '{worker}:%'"
            )
            for channel, content in sending:
                self.deaths.being_told.update((channel, story) for story in stories_in(content))

    def stop(self, numbers: Sequence[int]) -> list[End]:
        """All of these at once, when all have begun: whoever only starts is simply ended."""
        self._wait_until_begun([self.processes[number].pid for number in numbers])
        began = time.monotonic()
        for number in numbers:
            with suppress(ProcessLookupError):
                self.processes[number].send_signal(signal.SIGTERM)
        return [self._end(number, began) for number in numbers]

    def _wait_until_begun(self, pids: Sequence[int]) -> None:
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end:
            with suppress(psycopg.OperationalError):  # it is away: then they are past their start
                if not all(self.count(f"worker WHERE name LIKE '%:{pid}'") for pid in pids):
                    time.sleep(A_MOMENT)
                    continue
            return

    def _end(self, number: int, began: float) -> End:
        process = self.processes[number]
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(began + STOPS_WITHIN - time.monotonic(), 0.1))
        return End(self.parts[number].command[0], process.returncode, time.monotonic() - began)

    # -- what the database says -------------------------------------------------------------------

    def now(self) -> float:
        at: float = self.server.execute("SELECT extract(epoch FROM clock_timestamp())::float8")[0][0]
        return at

    def count(self, what: str) -> int:
        number: int = self.server.execute(f"SELECT count(*) FROM {what}")[0][0]
        return number

    def workers_alive(self) -> int:
        """That said so within the last seconds."""
        return self.count(
            "worker WHERE kind = 'worker' AND stages <> '' AND beat_at > clock_timestamp() - interval '15 s'"
        )

    def log(self) -> str:
        return (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")


@contextmanager
def cluster(folder: Path, server: Place, module: str = "monitor") -> Iterator[Cluster]:
    """None of its processes outlives the block."""
    many = Cluster(folder, server, module)
    try:
        yield many
    finally:
        for process in many.processes:
            process.kill()
            process.wait()


def configure(
    folder: Path, server: Place, wires: Wires, channels: dict[str, str], *, every: str, name: str = "config.yaml"
) -> str:
    """A configuration for one `run`, and any number of workers; its path in the folder. JSON is YAML."""
    settings: dict[str, Any] = {
        "timezone": "Asia/Jakarta",
        "engine": "procrastinate",
        "channels": channels,
        "feeds": [
            {
                "url": wires.url_of(feed),
                "name": f"Warta {feed}",
                "every": every,
                "backlog": "alert",
                "proxy": wires.proxy,
                "full_text": "always" if wires.has_pages(feed) else "never",
            }
            for feed in range(wires.feeds)
        ],
        "topics": [{"name": "Korvania", "any": [CONCERN]}],
        "alerts": {
            "channels": list(channels),
            "ops": [],
            "wait": "0s",
            "limit": "off",
            "max_age": "off",
            "follow_up": "never",
        },
        "storage": {"url": server.url, "archive": str(folder / "articles")},
        "web": {"listen": f"127.0.0.1:{free_port()}"},
    }
    (folder / name).write_text(json.dumps(settings, indent=1), encoding="utf-8")
    return name


def stories_in(text: str) -> set[Name]:
    return {story_of(article) for article in names_in(text)}


def is_reachable(server: Place) -> bool:
    try:
        server.execute("SELECT 1")
    except psycopg.Error:
        return False
    return True


def open_files(process: subprocess.Popen[bytes]) -> int:
    return len(list(Path(f"/proc/{process.pid}/fd").iterdir()))


def threads(process: subprocess.Popen[bytes]) -> int:
    return len(list(Path(f"/proc/{process.pid}/task").iterdir()))
