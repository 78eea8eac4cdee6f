"""What is remembered of the configuration file."""

from __future__ import annotations

from datetime import datetime, timedelta

from monitor.store import configuration
from monitor.store.configuration import ConfigurationState
from monitor.store.database import Database

FILE = "/etc/monitor/config.yaml"
LATER = timedelta(hours=1)


def state(database: Database) -> ConfigurationState | None:
    return database.read(configuration.state, FILE)


def test_of_a_file_that_no_daemon_read_nothing_is_known(database: Database) -> None:
    assert state(database) is None


def test_a_file_that_breaks_is_news_until_it_is_mended(database: Database, now: datetime) -> None:
    database.write(configuration.take_into_force, FILE, now=now)
    assert database.write(configuration.refuse, FILE, ("one", "two"), now=now + LATER)
    assert not database.write(configuration.refuse, FILE, ("three",), now=now + 2 * LATER)
    assert state(database) == ConfigurationState(FILE, now, now + LATER, ("three",))
    database.write(configuration.mended, FILE)
    assert state(database) == ConfigurationState(FILE, now)
    assert database.write(configuration.refuse, FILE, ("one",), now=now + 3 * LATER)


def test_another_configuration_in_force_clears_what_was_wrong(database: Database, now: datetime) -> None:
    database.write(configuration.take_into_force, FILE, now=now)
    database.write(configuration.refuse, FILE, ("one",), now=now)
    database.write(configuration.take_into_force, FILE, now=now + LATER)
    assert state(database) == ConfigurationState(FILE, now + LATER)


def test_a_topic_more_that_is_wrong_is_news_and_so_is_a_file_of_which_nothing_can_be_used(
    database: Database, now: datetime
) -> None:
    database.write(configuration.take_into_force, FILE, now=now)
    assert database.write(configuration.refuse, FILE, ("one",), topics=["A"], now=now + LATER)
    assert not database.write(configuration.refuse, FILE, ("one",), topics=["A"], now=now + LATER)
    assert database.write(configuration.refuse, FILE, ("one", "two"), topics=["A", "B"], now=now + LATER)
    assert not database.write(configuration.refuse, FILE, ("two",), topics=["B"], now=now + LATER)
    assert state(database) == ConfigurationState(FILE, now, now + LATER, ("two",), ("B",))
    assert database.write(configuration.refuse, FILE, ("all",), now=now + 2 * LATER)
    assert state(database) == ConfigurationState(FILE, now, now + LATER, ("all",))


def test_the_rest_of_a_file_counts_while_a_topic_is_wrong(database: Database, now: datetime) -> None:
    database.write(configuration.take_into_force, FILE, now=now)
    database.write(configuration.refuse, FILE, ("one",), topics=["A"], now=now + LATER)
    database.write(configuration.take_into_force, FILE, as_it_stands=False, now=now + 2 * LATER)
    assert not database.write(configuration.refuse, FILE, ("one",), topics=["A"], now=now + 2 * LATER)
    assert state(database) == ConfigurationState(FILE, now + 2 * LATER, now + LATER, ("one",), ("A",))
    database.write(configuration.mended, FILE)
    assert state(database) == ConfigurationState(FILE, now + 2 * LATER)
