"""`python -m tests.soak [KILLS] [SEED]`: a daemon is killed at random moments while a site goes on publishing.

At the end every article must have been told and kept. A message may come twice where the kill fell between its send and
its mark: no more often than there were kills. Ends with 1 where anything is lost.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from tests.events import CONCERNS, Report, an_event
from tests.site import FeedEntry, JsonSink, Site

PATIENCE: Final = 60.0  # seconds, for what takes one or two on a machine at rest
AT_ITS_START: Final = 0.4  # of those that may
CONFIG: Final = """
timezone: Asia/Jakarta
channels: {{sink: "{channel}"}}
feeds:
  - {{url: "{feed}", name: Kabar, every: 2s, backlog: alert, allow_private: true}}
topics:
  - name: Korea Utara Rusia
alerts: {{channels: [sink], wait: 0s, limit: off}}
web: {{listen: "127.0.0.1:{port}"}}
"""


@dataclass(frozen=True, slots=True)
class Result:
    kills: int
    published: int
    lost: tuple[str, ...]
    repeats: int
    archive_is_whole: bool
    exit_status: int  # of the last daemon, which was asked to stop

    @property
    def is_good(self) -> bool:
        return not self.lost and self.archive_is_whole and self.repeats <= self.kills and self.exit_status == 0

    def __str__(self) -> str:
        told = self.published - len(self.lost)
        archive = "whole" if self.archive_is_whole else "NOT whole"
        return (
            f"{self.kills} kills, {self.published} articles, {told} told, {len(self.lost)} lost, "
            f"{self.repeats} repeats, the archive is {archive}, "
            f"the last daemon ended with {self.exit_status}"
        )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def clean_environ() -> dict[str, str]:
    """Without proxies, which would be asked for loopback too."""
    return {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}


def daemon(folder: Path) -> subprocess.Popen[bytes]:
    """`monitor run`, as a user starts it."""
    with (folder / "log.txt").open("ab") as log:
        command = [sys.executable, "-m", "monitor", "run"]
        return subprocess.Popen(command, cwd=folder, env=clean_environ(), stdout=log, stderr=log)


def until(is_so: Callable[[], bool], running: subprocess.Popen[bytes]) -> bool:
    """Whether it became so in time."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end or running.poll() is not None:
            return False
        time.sleep(0.02)
    return True


class Ordeal:
    """A site, a sink, a folder with a configuration, and a daemon that has to die again and again."""

    def __init__(self, folder: Path, *, site: Site, sink: JsonSink, seed: int) -> None:
        self._folder, self._site, self._sink, self._random = folder, site, sink, Random(seed)
        self._published: list[Report] = []
        self._has_rested = True
        config = CONFIG.format(channel=sink.channel, feed=site.feed("/rss", []), port=free_port())
        (folder / "config.yaml").write_text(config, encoding="utf-8")

    def suffer(self, kills: int, *, report: Callable[[str], None]) -> Result:
        for number in range(1, kills + 1):
            running = daemon(self._folder)
            try:
                how = self._until_it_dies(running)
            finally:
                running.kill()
                running.wait()
            report(f"kill {number} {how}: {len(self._published)} articles, {len(self._missing())} not told yet")
        return self._recovered(kills)

    def _until_it_dies(self, running: subprocess.Popen[bytes]) -> str:
        """Some die at their start, over what the last one left; the others in the midst of new articles.

        Never three without rest between: a row that was in hand at three ends in a row is set aside by design.
        """
        if self._has_rested and self._missing() and self._random.random() < AT_ITS_START:
            self._has_rested = False
            time.sleep(self._random.uniform(0.5, 2.5))
            return "at its start"
        self._has_rested = until(lambda: not self._missing(), running)
        asked = len(self._site.asked("/rss"))
        self._publish(self._random.randint(1, 3))
        until(lambda: len(self._site.asked("/rss")) > asked, running)
        time.sleep(self._random.uniform(0, 0.6))
        return "in the midst of it"

    def _publish(self, how_many: int) -> None:
        for _ in range(how_many):
            number = len(self._published)
            event = an_event(number, wording=number, also=CONCERNS)
            self._site.article(f"/berita/{number}", event.title, event.paragraphs)
            self._published.append(event)
        newest = list(enumerate(self._published))[-20:]
        self._site.feed("/rss", [FeedEntry(event.title, f"/berita/{number}") for number, event in reversed(newest)])

    def _recovered(self, kills: int) -> Result:
        running = daemon(self._folder)
        try:
            until(lambda: not self._missing() and self._is_kept(), running)
            time.sleep(1)  # a message that should not come would come now
            running.send_signal(signal.SIGTERM)
            running.wait(PATIENCE)
        finally:
            running.kill()
            running.wait()
        repeats = (Counter(self._told()) - Counter(event.title for event in self._published)).total()
        missing = tuple(self._missing())
        return Result(kills, len(self._published), missing, repeats, self._is_kept(), running.returncode)

    def _told(self) -> list[str]:
        return [message["title"].removeprefix("Korea Utara Rusia: ") for message in list(self._sink.messages)]

    def _missing(self) -> list[str]:
        told = set(self._told())
        return [event.title for event in self._published if event.title not in told]

    def _is_kept(self) -> bool:
        kept = [file.read_text(encoding="utf-8") for file in (self._folder / "data/articles").rglob("*.txt")]
        return sorted(kept) == sorted(f"{event.title}\n\n{event.text}" for event in self._published)


def soak(folder: Path, *, kills: int, seed: int, report: Callable[[str], None]) -> Result:
    with Site() as site, JsonSink() as sink:
        return Ordeal(folder, site=site, sink=sink, seed=seed).suffer(kills, report=report)


def main(arguments: list[str]) -> int:
    kills, seed = [*map(int, arguments), *(100, 1)[len(arguments) :]]
    begun = time.monotonic()
    with TemporaryDirectory(prefix="monitor-soak-") as folder:
        result = soak(Path(folder), kills=kills, seed=seed, report=lambda line: print(line, flush=True))
    print(f"{result} (seed {seed}, {time.monotonic() - begun:.0f} s)")
    return 0 if result.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
