"""`health` as a container asks it: by the age of the heartbeat, whatever else goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.work.heartbeat import Heartbeat
from tests.cli.conftest import SMALL, Monitor


def beat(home: Path, *, ago: timedelta = timedelta()) -> None:
    (home / "data").mkdir(exist_ok=True)
    Heartbeat(home / "data/monitor.db.heartbeat").beat(now=datetime.now(UTC) - ago)


def test_a_daemon_that_looked_for_work_just_now_is_well(monitor: Monitor, home: Path) -> None:
    beat(home)
    assert (monitor("health").status, monitor("health").out) == (0, "ok\n")
    assert monitor("health", "--json").lines == [{"healthy": True}]


def test_a_daemon_that_has_not_looked_for_a_minute_hangs(monitor: Monitor, home: Path) -> None:
    beat(home, ago=timedelta(minutes=1))
    assert monitor("health").status == 1
    assert monitor("health", "--json").lines == [{"healthy": False}]


def test_with_a_server_for_a_database_the_heartbeat_lies_in_the_archive(monitor: Monitor, home: Path) -> None:
    (home / "config.yaml").write_text(
        SMALL + "storage: {url: 'postgresql://127.0.0.1/monitor', archive: new/articles}\n"
    )
    assert monitor("health").status == 1
    Heartbeat(home / "new/articles/monitor.heartbeat").beat(now=datetime.now(UTC))
    assert monitor("health").status == 0


@pytest.mark.parametrize("edit", ["nonsense: [", "wait: 10\n", "topics: []\n"])
def test_a_bad_edit_does_not_make_the_daemon_ill(monitor: Monitor, home: Path, edit: str) -> None:
    beat(home)
    (home / "config.yaml").write_text(SMALL + edit)
    assert (monitor("health").status, monitor("health").err) == (0, "")


def test_a_configuration_that_can_not_be_used_is_why_nothing_runs(monitor: Monitor, home: Path) -> None:
    (home / "config.yaml").write_text(SMALL + "nonsense: 1\n")
    ended = monitor("health")
    assert ended.status == 2
    assert "config.yaml:11:1" in ended.err


def test_the_heartbeat_lies_beside_the_database_that_the_configuration_names(monitor: Monitor, home: Path) -> None:
    beat(home)
    (home / "config.yaml").write_text(SMALL + "storage: {url: 'sqlite:///elsewhere/news.db'}\n")
    assert monitor("health").status == 1
    (home / "elsewhere").mkdir()
    (home / "data/monitor.db.heartbeat").rename(home / "elsewhere/news.db.heartbeat")
    assert monitor("health").status == 0
