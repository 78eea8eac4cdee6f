"""`once`, `status`, `health`, `export` and `notify` as a user types them."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine

from tests.cli.conftest import ROOT, SMALL, Monitor

SEEDS = sorted((ROOT / "seeds").iterdir())


def test_once_tells_the_seeds_as_one_story_with_passage_and_file_and_keeps_both_byte_for_byte(
    monitor: Monitor, home: Path
) -> None:
    ended = monitor("once")
    assert ended.status == 0
    assert ended.err == ""
    first, second = (seed.read_text(encoding="utf-8").partition("\n")[0] for seed in SEEDS)
    assert [ended.out.count(title) for title in (first, second)] == [1, 0]
    assert f"seeds/{SEEDS[0].name}" in ended.out
    for seed in SEEDS:
        [kept] = (home / "data/articles").glob(f"*/*_{seed.name.partition('_')[2]}")
        assert kept.read_bytes() == seed.read_bytes()
    assert "*Korea Utara* dan *Rusia*" in ended.out


def test_a_second_round_tells_nothing(monitor: Monitor) -> None:
    monitor("once")
    ended = monitor("once", "--all")
    assert "Kim Jong Un" not in ended.out
    assert monitor("once", "--all", "--json").lines[0]["alerts"] == {"sent": 0, "held": 0, "dropped": 0}


def test_the_summary_of_a_round_as_json(monitor: Monitor) -> None:
    ended = monitor("once", "--json")
    [summary] = ended.lines
    assert summary.pop("seconds") >= 0
    assert summary == {
        "feeds": {"polled": 1, "changed": 1, "unchanged": 0, "failed": 0},
        "entries": 2,
        "articles": 2,
        "copies": 0,
        "matches": 2,
        "stories": {"opened": 1, "joined": 1},
        "alerts": {"sent": 1, "held": 0, "dropped": 0},
        "deliveries": {"sent": 1, "waiting": 0, "dead": 0},
    }
    assert "Kim Jong Un" in ended.err


def test_status_before_and_after_a_round(monitor: Monitor, home: Path) -> None:
    before = monitor("status", "--json").lines[0]
    (feed,) = before["feeds"]
    assert (feed["url"], feed["name"], feed["state"], feed["failures"]) == ("seeds/", "seeds", "new", 0)
    assert {feed[name] for name in ("last_success_at", "last_error", "next_poll_at", "next_poll_why")} == {None}
    assert before["outbox"] == {"waiting": 0, "sent": 0, "dead": 0}
    assert not (home / "data").exists()
    monitor("once")
    after = monitor("status", "--json").lines[0]
    assert after["feeds"][0]["last_success_at"]
    assert after["outbox"] == {"waiting": 0, "sent": 1, "dead": 0}
    assert after["channels"][0]["name"] == "terminal"
    assert "2 articles" in monitor("status").out


@pytest.mark.parametrize("command", [("status",), ("export", "out"), ("health",), ("notify", "terminal")])
def test_who_only_looks_waits_for_nobody_and_changes_nothing(
    monitor: Monitor, home: Path, command: tuple[str, ...]
) -> None:
    monitor("once")
    before = (home / "data/monitor.db").read_bytes()
    with closing(sqlite3.connect(home / "data/monitor.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert monitor(*command).status == (1 if command == ("health",) else 0)
    assert (home / "data/monitor.db").read_bytes() == before


@pytest.mark.parametrize("command", [("status",), ("export", "out")])
def test_who_only_looks_leaves_a_database_of_another_version_alone(
    monitor: Monitor, home: Path, command: tuple[str, ...]
) -> None:
    monitor("once")
    with closing(sqlite3.connect(home / "data/monitor.db", isolation_level=None)) as other:
        other.execute("UPDATE alembic_version SET version_num = '0000'")
        ended = monitor(*command)
        assert other.execute("SELECT version_num FROM alembic_version").fetchall() == [("0000",)]
    assert (ended.status, ended.out) == (2, "")
    assert (
        ended.err
        == "monitor: this database was written by an older version of monitor; stop that one and start this one\n"
    )


def test_health_says_no_where_nothing_runs(monitor: Monitor) -> None:
    ended = monitor("health")
    assert ended.status == 1
    assert "not running" in ended.out


def test_export_as_text_is_numbered_from_000(monitor: Monitor, home: Path) -> None:
    monitor("once")
    assert monitor("export", "out").status == 0
    assert [file.name for file in sorted((home / "out").iterdir())] == [
        "000_af52723efe8b9ce8.txt",
        "001_bf961051b976ab37.txt",
    ]


def test_export_as_jsonl_has_every_field(monitor: Monitor, home: Path) -> None:
    monitor("once")
    monitor("export", "--format", "jsonl", "--topic", "Korea Utara Rusia", "--search", "Wonsan", "out")
    [line] = (home / "out/articles.jsonl").read_text(encoding="utf-8").splitlines()
    row = json.loads(line)
    assert list(row) == (
        [
            "id",
            "url",
            "title",
            "text",
            "published_at",
            "first_seen_at",
            "feed",
            "outlet",
            "language",
            "story",
            "copy_of",
            "topics",
        ]
    )
    assert row["id"] == "bf961051b976ab37"
    assert row["topics"] == ["Korea Utara Rusia"]


def test_a_cell_of_the_table_never_begins_like_a_formula(monitor: Monitor, home: Path) -> None:
    (home / "seeds/jahat.txt").write_text("=HYPERLINK(1) Rusia\n\nKorea Utara", encoding="utf-8")
    monitor("once")
    monitor("export", "--format", "csv", "--search", "HYPERLINK", "out")
    with (home / "out/articles.csv").open(encoding="utf-8", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["title"] == "'=HYPERLINK(1) Rusia"


def test_export_since(monitor: Monitor, home: Path) -> None:
    monitor("once")
    assert "2 articles" in monitor("export", "--since", "7d", "out").out
    assert "0 articles" in monitor("export", "--since", "0s", "none").out
    ended = monitor("export", "--since", "7", "out")
    assert ended.status == 2
    assert "no unit" in ended.err


def test_notify_sends_a_test_and_says_what_came_of_it(monitor: Monitor, home: Path) -> None:
    assert "test message" in monitor("notify", "terminal").out
    assert monitor("notify", "nobody").status == 2
    (home / "config.yaml").write_text(SMALL.replace("{terminal: console}", "{terminal: 'json://127.0.0.1:9'}"))
    ended = monitor("notify", "terminal")
    assert ended.status == 1
    assert "not sent" in ended.out


def test_it_also_tells_at_23_00_in_jakarta(monitor: Monitor, home: Path) -> None:
    """The shipped configuration, as it is, with feeds that can't be reached left out."""
    shipped = (ROOT / "config.yaml").read_text(encoding="utf-8")
    offline = [line for line in shipped.splitlines() if "- http" not in line]
    bbc = offline.index(next(line for line in offline if "- url: http" in line))
    del offline[bbc : bbc + 2]
    (home / "config.yaml").write_text("\n".join(offline), encoding="utf-8")
    with time_machine.travel(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)):
        assert monitor("once", "--json").lines[0]["alerts"]["sent"] == 1
