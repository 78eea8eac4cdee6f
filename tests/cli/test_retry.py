"""`retry`: what could not be delivered goes out after all, when somebody asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from tests.cli.conftest import SMALL, Monitor
from tests.events import CONCERNS, an_event
from tests.services import JSON, LEAVES, Sink
from tests.sinks import JsonSink
from tests.soak import daemon, free_port, until

STORIES = 2


def watching(home: Path, channels: str, *told: str) -> None:
    """The seeds, which are one story, and another are told to these."""
    event = an_event(0, also=CONCERNS)
    (home / "seeds/lain.txt").write_text(f"{event.title}\n\n{event.text}", encoding="utf-8")
    config = SMALL.replace("{terminal: console}", channels).replace("[terminal]", f"[{', '.join(told)}]")
    web = f"web: {{listen: '127.0.0.1:{free_port()}'}}\n"
    (home / "config.yaml").write_text(config + web, encoding="utf-8")


@pytest.fixture
def phone() -> Iterator[JsonSink]:
    with JsonSink() as sink:
        yield sink


@pytest.fixture
def mail() -> Iterator[JsonSink]:
    with JsonSink() as sink:
        yield sink


@pytest.fixture
def refused(monitor: Monitor, home: Path, phone: JsonSink, mail: JsonSink) -> None:
    """Neither took what it was told."""
    phone.refuse(404, times=STORIES)
    mail.refuse(410, times=STORIES)
    watching(home, f"{{phone: '{phone.channel}', mail: '{mail.channel}'}}", "phone", "mail")
    assert monitor("once", "--json").lines[0]["deliveries"]["dead"] == 2 * STORIES


def outbox(monitor: Monitor) -> dict[str, int]:
    status = monitor("status", "--json").lines[0]
    counts: dict[str, int] = status["outbox"] | {"maybe": status["maybe_delivered"]}
    return {state: count for state, count in counts.items() if count}


@pytest.mark.usefixtures("refused")
def test_what_is_dead_goes_out_with_the_next_round(monitor: Monitor, phone: JsonSink, mail: JsonSink) -> None:
    ended = monitor("retry")
    assert (ended.status, ended.out) == (0, "4 deliveries will be sent again\n")
    assert outbox(monitor) == {"waiting": 4}
    monitor.round()
    assert outbox(monitor) == {"sent": 4}
    assert (len(phone.messages), len(mail.messages)) == (STORIES, STORIES)


@pytest.mark.usefixtures("refused")
def test_only_what_the_named_channel_was_to_be_told(monitor: Monitor, phone: JsonSink, mail: JsonSink) -> None:
    ended = monitor("retry", "phone", "--json")
    assert (ended.status, ended.lines) == (0, [{"deliveries": STORIES}])
    monitor.round()
    assert outbox(monitor) == {"sent": STORIES, "dead": STORIES}
    assert (len(phone.messages), mail.messages) == (STORIES, [])


@pytest.mark.usefixtures("refused")
def test_what_a_channel_that_left_was_to_be_told_goes_through_another(
    monitor: Monitor, home: Path, mail: JsonSink
) -> None:
    watching(home, f"{{mail: '{mail.channel}'}}", "mail")
    ended = monitor("retry", "phone")
    assert (ended.status, ended.out) == (2, "")
    assert (
        ended.err == "monitor: the channel 'phone' left the configuration; say which one shall tell it: --to CHANNEL\n"
    )
    ended = monitor("retry", "phone", "--to", "mail")
    assert ended.out == "2 deliveries will be sent again\n"
    monitor.round()
    assert len(mail.messages) == STORIES
    assert outbox(monitor) == {"sent": STORIES, "dead": STORIES}


@pytest.mark.usefixtures("refused")
@pytest.mark.parametrize("names", [("fax",), ("phone", "fax"), ("--to", "fax")])
def test_a_channel_that_nobody_knows_is_told_with_those_that_there_are(
    monitor: Monitor, names: tuple[str, ...]
) -> None:
    ended = monitor("retry", *names)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "monitor: there is no channel named 'fax'; there is phone, mail\n"
    assert outbox(monitor) == {"dead": 2 * STORIES}


def test_where_there_is_nothing_to_send_again_it_says_so(monitor: Monitor, home: Path) -> None:
    ended = monitor("retry")
    assert (ended.status, ended.out) == (1, "nothing is to be sent again\n")
    assert not (home / "data").exists()
    monitor.round()
    ended = monitor("retry", "terminal", "--json")
    assert (ended.status, ended.lines) == (1, [{"deliveries": 0}])


def test_what_may_have_arrived_is_sent_again_and_says_that_it_may_come_twice(monitor: Monitor, home: Path) -> None:
    now = datetime.now(UTC)
    with Sink(JSON, *[LEAVES] * 2 * STORIES) as phone:
        watching(home, f"{{phone: '{phone.channel}'}}", "phone")
        for days in range(3):
            with time_machine.travel(now + timedelta(days=days)):
                monitor.round()
        assert outbox(monitor) == {"maybe": STORIES}
        assert monitor("retry", "phone").out == "2 deliveries will be sent again\n"
        monitor.round()
        assert ["(may come twice)" in posted["message"] for posted in phone.posted[-STORIES:]] == [True] * STORIES
    assert outbox(monitor) == {"sent": STORIES}


def test_what_waits_for_a_channel_that_failed_goes_at_once(monitor: Monitor, home: Path, phone: JsonSink) -> None:
    phone.refuse(503, times=STORIES)
    watching(home, f"{{phone: '{phone.channel}'}}", "phone")
    monitor.round()
    assert outbox(monitor) == {"waiting": STORIES}
    assert monitor("retry", "phone").out == "2 deliveries will be sent again\n"
    monitor.round()
    assert len(phone.messages) == STORIES


@pytest.mark.usefixtures("refused")
def test_it_works_beside_a_daemon_that_runs(monitor: Monitor, home: Path, phone: JsonSink, mail: JsonSink) -> None:
    running = daemon(home)
    try:
        assert until(lambda: monitor("health").status == 0, running)
        assert monitor("retry").out == "4 deliveries will be sent again\n"
        assert until(lambda: len(phone.messages) + len(mail.messages) == 2 * STORIES, running)
        running.terminate()
        assert running.wait(20) == 0
    finally:
        running.kill()
        running.wait()
    assert outbox(monitor) == {"sent": 2 * STORIES}
