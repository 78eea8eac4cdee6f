"""A program hears of it: what it is sent, how it knows who sent it, and what its answers come to."""

from __future__ import annotations

import base64
import hmac
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import jsonschema
import pytest
from pydantic import SecretStr

from monitor.alerts.document import schema
from monitor.alerts.links import Signer
from monitor.alerts.message import compose
from monitor.model import (
    Card,
    Change,
    Failed,
    HeldBy,
    Kind,
    Notification,
    Outcome,
    Passage,
    RateLimited,
    Sent,
    Unknown,
)
from monitor.notify.channel import open_channel, problem_with
from monitor.notify.timeouts import Timeouts
from monitor.settings import Channel
from tests.build import NOON
from tests.loopback import Request, Response
from tests.services import HANGS, LEAVES, Sink, Speaker

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "webhook.schema.json").read_text())
SERVICE = Speaker("webhook://{host}/kait?a=1", says={"taken": Response(204)})
SECRET = "rahasia yang panjang"
CARD = Card(
    ("Korea Utara Rusia",), "Tentara Korut “tiba” di Rusia", "https://a.id/1?a=1&b=2", ("antaranews.com",), NOON,
    passages=(Passage("Tentara Korut tiba.", ((0, 13),)),), was="Judul lama", changes=(Change("9", "10"),), story_id=7,
)  # fmt: skip
NOTIFICATIONS = (
    Notification("desk", Kind.STORY, (CARD,)),
    Notification("desk", Kind.CORRECTION, (CARD,)),
    Notification("desk", Kind.DIGEST, (CARD, CARD), held_by=HeldBy.QUIET_HOURS),
    Notification("desk", Kind.NOTICE, text="A feed is broken.\nLook at it."),
    Notification("desk", Kind.TEST, text="It works."),
    Notification("desk", Kind.ALL_QUIET, text="All quiet: 2 feeds, 1 article read, nothing matched"),
)


def sent(
    sink: Sink, notification: Notification = NOTIFICATIONS[0], *, secret: str | None = SECRET, url: str = ""
) -> Outcome:
    channel = Channel(name="desk", url=SecretStr(url or sink.channel), secret=SecretStr(secret) if secret else None)
    opened = open_channel(channel, console=StringIO(), timeouts=Timeouts(read=0.3))
    links = Signer("https://news.example.org", b"k" * 32).links(3, now=NOON)
    zone = ZoneInfo("Asia/Jakarta")
    message = compose(notification, markup=opened.markup, zone=zone, now=NOON + timedelta(minutes=5), links=links)
    return opened.send(message, uid="d-7")


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink(SERVICE) as sink:
        yield sink


@pytest.mark.parametrize("notification", NOTIFICATIONS, ids=lambda told: told.kind.value)
def test_every_kind_of_message_is_as_the_schema_says(sink: Sink, notification: Notification) -> None:
    assert sent(sink, notification) == Sent("HTTP 204 (No Content)")
    (posted,) = sink.posted
    jsonschema.validate(posted, SCHEMA)
    assert posted["version"] == 1
    assert posted["kind"] == notification.kind
    assert posted["id"] == "d-7"


def test_the_schema_is_that_of_this_version() -> None:
    assert schema() == (DOCS / "webhook.schema.json").read_text(), "run make schema"


def test_a_story_is_told_with_all_that_is_known_of_it(sink: Sink) -> None:
    sent(sink, NOTIFICATIONS[1])
    (story,) = sink.posted[0]["stories"]
    assert (story["id"], story["title"], story["url"]) == (7, CARD.title, CARD.url)
    assert story["passages"] == [{"text": "Tentara Korut tiba.", "hits": [[0, 13]]}]
    assert story["correction"] == {"was": "Judul lama", "changes": [{"before": "9", "after": "10"}]}
    assert story["first_seen_at"] == "2026-03-10T12:00:00Z"
    assert story["page"] == "https://news.example.org/stories/7"
    assert sink.posted[0]["mute"].startswith("https://news.example.org/mute/")


def signature_of(request: Request, key: bytes) -> str:
    said = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    return "v1," + base64.b64encode(hmac.digest(key, said, "sha256")).decode()


@pytest.mark.parametrize(("secret", "key"), [(SECRET, SECRET.encode()), ("whsec_aGFsbw==", b"halo")])
def test_a_receiver_knows_that_it_was_us(sink: Sink, secret: str, key: bytes) -> None:
    sent(sink, secret=secret)
    (request,) = sink.asked
    assert request.headers["webhook-signature"] == signature_of(request, key)
    assert request.headers["idempotency-key"] == request.headers["webhook-id"] == "d-7"
    assert request.headers["content-type"] == "application/json"
    assert request.path == "/kait?a=1"


def test_without_a_secret_nothing_is_signed(sink: Sink) -> None:
    assert isinstance(sent(sink, secret=None), Sent)
    assert "webhook-signature" not in sink.asked[0].headers


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        (Response(429, b"", {"Retry-After": "7"}), RateLimited),
        (Response(503, b"busy"), Failed),
        (Response(400, b"bad"), Failed),
        (Response(302, b"", {"Location": "https://evil.example/"}), Failed),
        (HANGS, Unknown),
        (LEAVES, Unknown),
    ],
)
def test_its_answers_decide_what_happens_next(says: Response, kind: type[Outcome]) -> None:
    with Sink(SERVICE, says) as sink:
        assert isinstance(sent(sink), kind)
        assert len(sink.asked) == 1  # nothing follows a redirect


def test_what_a_receiver_says_shows_no_part_of_its_address() -> None:
    with Sink(SERVICE, Response(400, b"no such hook: /kait?a=1")) as sink:
        outcome = sent(sink)
    assert isinstance(outcome, Failed)
    assert "kait" not in outcome.what


@pytest.mark.parametrize(
    "url", ["webhooks://", "webhook:///kait", "webhooks://h:0/x", "webhook://h:x/", "webhook://a b/"]
)
def test_an_address_that_can_not_be_posted_to_is_refused(url: str) -> None:
    problem = problem_with(url)
    assert problem is not None
    assert "it should look like webhook" in problem


@pytest.mark.parametrize("url", ["webhook://a..b/x", "webhook://-a..b/x", "webhook://b\u00fcro:x@127.0.0.1:9/x"])
def test_an_address_that_only_seems_right_fails_in_words(sink: Sink, url: str) -> None:
    assert isinstance(sent(sink, url=url), Failed)


def test_nobody_there_is_tried_again_later() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"webhook://127.0.0.1:{taken.getsockname()[1]}/x"
        with Sink(SERVICE) as sink:
            assert sent(sink, url=url) == Failed("connection refused")


# -- the receiver of the documentation -----------------------------------------------------------


@contextmanager
def receiver() -> Iterator[tuple[str, Any]]:
    (code,) = re.findall(r"```python\n(.*?)```", (DOCS / "alerts.md").read_text(), re.DOTALL)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "WEBHOOK_SECRET": SECRET}
    running = subprocess.Popen(
        [sys.executable, "-c", code.replace("9000", str(port))], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
    )  # fmt: skip
    with running:
        try:
            yield f"webhook://127.0.0.1:{port}/", running.stdout
        finally:
            running.terminate()


def test_the_receiver_of_the_documentation_takes_what_is_ours_and_nothing_else(sink: Sink) -> None:
    with receiver() as (url, output):
        while (outcome := sent(sink, url=url)) == Failed("connection refused"):
            pass
        assert isinstance(outcome, Sent)
        assert output.readline() == "Korea Utara Rusia: Tentara Korut “tiba” di Rusia\n"
        assert "401" in str(sent(sink, url=url, secret="somebody else's"))
