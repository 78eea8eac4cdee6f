"""What follows from the settings."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor.config.difference import difference
from monitor.settings import Silenced, Storage
from monitor.store.database import Database
from tests.build import NOON, a_channel, a_feed, a_topic, settings

URLS = (
    "sqlite:///data/monitor.db",
    "sqlite:////var/lib/monitor.db",
    "sqlite:///monitor.db?timeout=5",
    "sqlite:///a%20b.db",
    "sqlite://",
    "sqlite:///:memory:",
    "postgresql://user:secret@db.example.org/monitor",
)


@pytest.mark.parametrize("url", URLS)
def test_the_settings_know_the_file_that_the_store_opens(url: str) -> None:
    database = Database(url)
    assert Storage(url=SecretStr(url)).path == database.path
    database.close()


def test_the_heartbeat_stands_beside_the_database_else_within_the_archive() -> None:
    assert Storage().heartbeat == Path("data/monitor.db.heartbeat")
    elsewhere = Storage(url=SecretStr("postgresql://db.example.org/monitor"), archive="/srv/articles")
    assert elsewhere.heartbeat == Path("/srv/articles/monitor.heartbeat")


def test_an_edit_is_told_in_a_sentence() -> None:
    before = settings(topics=(a_topic("A"), a_topic("B")), feeds=(a_feed("https://a.example/rss"),))
    after = settings(
        topics=(a_topic("B", any=("x",)), a_topic("C"), a_topic("D")),
        feeds=(),
        channels=(a_channel(), a_channel("mail", "mailto://example.org")),
        aliases={"Rusia": ("Moskow",)},
        ops=("terminal",),
        silences=(Silenced(until=NOON + timedelta(days=1), topic="B"),),
    )
    assert difference(before, after) == (
        "2 topics added, 1 topic removed, 1 topic changed, 1 feed removed, 1 channel added, aliases changed, "
        "silences changed, who hears notices changed"
    )
    assert difference(before, before) == ""
