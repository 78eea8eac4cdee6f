"""`python -m tests.soak_outbox [KILLS] [SEED]`: a daemon is killed while its channels fail, hang and refuse.

So often at random moments, and between these once after each of the first commits of a life, and after each kind of
commit. Between two lives minutes pass.
At the end every story must have come to every channel that it was for, or to its fallback: its title and its address in
one message. One may come twice if it says so, or if the kill fell between its send and its mark. Ends with 1 otherwise.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.app import utc_now
from monitor.model import DeliveryState
from monitor.store import outbox
from monitor.store.database import Database
from monitor.store.deliveries import NOTIFICATIONS
from monitor.store.tables import ALERT, ARTICLE, DELIVERY, NOTIFICATION
from tests.events import CONCERNS, an_event
from tests.moody import Town
from tests.outbox_verdict import Ends, Repeats, Result, Story
from tests.outbox_victim import daemon_that_dies
from tests.site import FeedEntry, Site
from tests.soak import clean_environ, free_port
from tests.work.victims import Victim, is_alive, victim

PATIENCE: Final = 60.0  # seconds, for what takes one or two on a machine at rest
AFTER_COMMITS: Final = 0.4  # so many kills for each at a random moment
AT_ITS_START: Final = 0.3  # of those that may
FOR: Final = ("failing", "silent", "busy", "refusing", "moved", "chat", "mail")  # the channels that are told
FALLBACK: Final = {"spare": "moved"}
SURPRISES: Final = ("Traceback", "nobody foresaw", "set aside")
CONFIG: Final = """
timezone: Asia/Jakarta
channels:
{channels}
feeds:
  - {{url: "{feed}", name: Kabar, every: 2s, backlog: alert, allow_private: true, full_text: never}}
topics:
  - name: Korea Utara Rusia
alerts: {{channels: [{told}], wait: 0s, limit: off, ops: [spare]}}
web: {{listen: "127.0.0.1:{port}"}}
"""
MORE: Final = {"moved": ", fallback: spare", "chat": ", send: hourly"}


class Ordeal:
    """A site that goes on publishing, a town of moody channels, and a daemon that has to die again and again."""

    def __init__(self, folder: Path, *, site: Site, town: Town, by: Victim, seed: int) -> None:
        self._folder, self._site, self._town, self._by = folder, site, town, by
        self._random = Random(seed)
        self._stories: list[Story] = []
        self._ends = Ends()
        self._minutes = 0.0
        self._has_rested = True
        listed = "\n".join(f'  {name}: {{url: "{url}"{MORE.get(name, "")}}}' for name, url in town.channels.items())
        config = CONFIG.format(channels=listed, feed=site.feed("/rss", []), told=", ".join(FOR), port=free_port())
        (folder / "config.yaml").write_text(config, encoding="utf-8")
        self._database = Database(f"sqlite:///{folder}/data/monitor.db")
        self._database.prepare()

    def suffer(self, kills: int, *, report: Callable[[str], None]) -> Result:
        """So many at random moments; those after a commit come in between."""
        commits = list(range(1, round(kills * AFTER_COMMITS) + 1))
        self._random.shuffle(commits)
        at_random = 0
        while commits or at_random < kills:
            # Never three without rest between: a row that was in hand at three ends in a row is set aside by design.
            may_die_early = self._has_rested and (at_random >= kills or self._random.random() < AFTER_COMMITS)
            if commits and may_die_early:
                report(self._life(self._until_it_is_dead, kill_after=commits.pop()))
            else:
                at_random += 1
                report(self._life(self._until_it_dies, kill_after=0))
        return self._recovered()

    def _life(self, live: Callable[[int], str], *, kill_after: int) -> str:
        self._minutes += self._random.uniform(1, 7)
        self._town.bad_days()
        process = self._by.start(folder=str(self._folder), minutes=self._minutes, kill_after=kill_after)
        try:
            how = live(process)
        finally:
            end = self._put_to_death(process)
        assert end == -signal.SIGKILL, f"it ended by itself with {end}; see {self._folder}/log.txt"
        time.sleep(0.05)  # its last words may be on their way
        self._note_end()
        return f"life {self._town.diary.life} ended {how}: {len(self._stories)} stories, {self._open()} not told yet"

    def _put_to_death(self, process: int) -> int:
        if is_alive(process):
            os.kill(process, signal.SIGKILL)
        return self._by.ended()

    def _until_it_dies(self, process: int) -> str:
        """Some die at their start, over what the last one left; the others in the midst of new stories."""
        if self._has_rested and self._random.random() < AT_ITS_START:
            self._has_rested = False
            time.sleep(self._random.uniform(0.1, 1.5))
            return "at its start"
        self._has_rested = until(self._is_all_read, process)
        self._publish(process)
        time.sleep(self._random.uniform(0, 1.5))
        return "in the midst of it"

    def _until_it_is_dead(self, process: int) -> str:
        self._has_rested = False
        self._publish(process)
        until(lambda: not is_alive(process), process)
        return "after a commit"

    def _publish(self, process: int) -> None:
        for _ in range(self._random.randint(1, 3)):
            number = len(self._stories)
            url = self._site.url_of(f"/berita/{number:04}-{'kunjungan-lavrov-' * 16}")
            self._stories.append(Story(an_event(number, wording=number).title, url))
        newest = [
            FeedEntry(story.title, story.url, description=an_event(number, wording=number, also=CONCERNS).text)
            for number, story in reversed(list(enumerate(self._stories))[-20:])
        ]
        asked = len(self._site.asked("/rss"))
        self._site.feed("/rss", newest)
        until(lambda: len(self._site.asked("/rss")) > asked, process)

    # -- the end --------------------------------------------------------------------------------

    def _recovered(self) -> Result:
        """All is well again, and somebody asks for what did not end well: a few lives like that."""
        kills = self._town.diary.life
        for _ in range(5):
            self._minutes += 70  # a digest comes every hour
            self._town.good_days()
            process = self._by.start(folder=str(self._folder), minutes=self._minutes, kill_after=0)
            until(self._is_all_read, process)
            until(self._is_quiet, process)
            retry(self._folder)
            until(self._is_quiet, process)
            os.kill(process, signal.SIGTERM)
            exit_status = self._by.ended()
            if exit_status or (not self._left() and not self._missing()):
                break
        return self._result(kills, exit_status)

    def _result(self, kills: int, exit_status: int) -> Result:
        looks = {name: Repeats(name, self._stories, self._ends) for name in FOR}
        for message in self._town.diary.arrived:
            if look := looks.get(FALLBACK.get(message.end, message.end)):
                look.look(message)
        died = self._folder / "died-after.txt"
        log = (self._folder / "log.txt").read_text(encoding="utf-8", errors="replace")
        result = Result(
            kills=kills,
            after_commits=Counter(died.read_text(encoding="utf-8").splitlines()),
            stories=len(self._stories),
            expected=len(self._stories) * len(FOR),
            messages=len(self._town.diary.arrived),
            lost=tuple(self._missing()),
            repeats=sum(len(look.silent) for look in looks.values()),
            marked=sum(look.marked for look in looks.values()),
            unexcused=tuple(line for look in looks.values() for line in look.unexcused),
            left=self._left(),
            exit_status=exit_status,
            surprises=tuple(line for line in log.splitlines() if any(sign in line for sign in SURPRISES)),
        )
        self._database.close()
        return result

    def _missing(self) -> list[str]:
        missing = []
        for name in FOR:
            came = [one for one in self._town.diary.arrived if FALLBACK.get(one.end, one.end) == name]
            missing += [f"{name}: {story.title}" for story in self._stories if not any(map(story.is_in, came))]
        return missing

    # -- what the database says -----------------------------------------------------------------

    def _open(self) -> int:
        return self._database.read(outbox.waiting)

    def _is_all_read(self) -> bool:
        return self._database.read(_articles) == len(self._stories)

    def _is_quiet(self) -> bool:
        now = utc_now() + timedelta(minutes=self._minutes)
        return not self._database.read(_due, now=now)

    def _left(self) -> dict[str, int]:
        totals = self._database.read(outbox.totals)
        return {state: count for state, count in totals.items() if count and state != DeliveryState.SENT}

    def _note_end(self) -> None:
        life = self._town.diary.life
        for channel, title in self._database.read(_titles, is_sent=True):
            self._ends.marked.setdefault((channel, title), life)
        self._ends.cut_off |= {(life, *told) for told in self._database.read(_titles, is_sent=False)}


def until(is_so: Callable[[], bool], process: int) -> bool:
    """Whether it became so in time."""
    end = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end or not is_alive(process):
            return False
        time.sleep(0.02)
    return True


def retry(folder: Path) -> None:
    """As a user asks for it, beside the daemon; 1: there was nothing."""
    command = [sys.executable, "-m", "monitor", "retry"]
    ended = subprocess.run(command, cwd=folder, env=clean_environ(), capture_output=True, text=True, check=False)
    assert ended.returncode in {0, 1}, ended.stderr


def _articles(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(ARTICLE)) or 0


def _due(session: Session, *, now: datetime) -> int:
    """What could be told or judged now, or is in hand."""
    rows = ((DELIVERY, DELIVERY.c.state == DeliveryState.WAITING), (ALERT, ALERT.c.decision == "hold"))
    counts = (
        sa.select(sa.func.count()).select_from(table).where(which, table.c.due_at <= now) for table, which in rows
    )
    return sum(session.scalar(count) or 0 for count in counts)


def _titles(session: Session, *, is_sent: bool) -> list[tuple[str, str]]:
    """By the channel it was for: the titles that stand as sent; or those that are in hand."""
    d = DELIVERY.c
    titles = []
    for row in session.execute(sa.select(NOTIFICATION, d.state, d.cards_sent, d.lease_token).join(DELIVERY)):
        cards = NOTIFICATIONS.validate_json(row.content).cards
        sent = len(cards) if row.state == DeliveryState.SENT else row.cards_sent
        shown = cards[:sent] if is_sent else cards[sent:] if row.lease_token else ()
        # What waited for the fallback and is told together stands for what was for both.
        titles += [(FALLBACK.get(row.channel, row.channel), card.title) for card in shown]
    return titles


def soak(folder: Path, *, kills: int, seed: int, report: Callable[[str], None]) -> Result:
    with (
        (folder / "log.txt").open("ab") as log,
        Site() as site,
        Town(seed) as town,
        victim(daemon_that_dies, log=log) as by,
    ):
        return Ordeal(folder, site=site, town=town, by=by, seed=seed).suffer(kills, report=report)


def main(arguments: list[str]) -> int:
    kills, seed = [*map(int, arguments), *(100, 1)[len(arguments) :]]
    begun = time.monotonic()
    with TemporaryDirectory(prefix="monitor-soak-") as folder:
        result = soak(Path(folder), kills=kills, seed=seed, report=lambda line: print(line, flush=True))
    print(f"{result}\n(seed {seed}, {time.monotonic() - begun:.0f} s)")
    return 0 if result.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
