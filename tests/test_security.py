"""What SECURITY.md promises: each promise has a test that is there, and those that stand in no other room are here."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.errors import ParseError
from monitor.parse.feed import parse_feed
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.soak import clean_environ

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
SECRET = "the content of a file"


def promises() -> list[list[str]]:
    """The rows of the tables, each a promise and its tests."""
    rows = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")]
    return [row for row in rows if row != ["Promise", "Test"]]


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_the_test_of_a_promise_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_promise_has_a_test() -> None:
    found = promises()
    assert len(found) > 30
    assert [promise for promise, tests in found if "::" not in tests] == []


def test_no_address_is_invented_to_report_to() -> None:
    assert not re.search(r"[\w.]+@[\w.]+|https?://", PAGE)


# -- feeds ---------------------------------------------------------------------------------------


def feed(declared: str, title: str) -> bytes:
    item = f"<item><title>{title}</title><guid>1</guid></item>"
    head = f'<?xml version="1.0"?><!DOCTYPE r [{declared}]>'
    return f'{head}<rss version="2.0"><channel><title>T</title>{item}</channel></rss>'.encode()


def titles(content: bytes) -> list[str]:
    try:
        return [entry.title for entry in parse_feed(content, url="https://a.example/rss", content_type="").entries]
    except ParseError:
        return []


@pytest.mark.parametrize("levels", [8, 10, 30])
def test_entities_that_multiply_are_not_followed(levels: int) -> None:
    declared = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels))
    assert all(len(title) < 1000 for title in titles(feed(f'<!ENTITY a0 "ha">{declared}', f"x &a{levels - 1};")))


@pytest.mark.parametrize(
    ("declared", "title"),
    [
        ('<!ENTITY x SYSTEM "{file}">', "x &x;"),
        ('<!ENTITY x SYSTEM "file://{file}">', "x &x;"),
        ('<!ENTITY % x SYSTEM "file://{file}"> %x;', "x"),
        ("", '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{file}" parse="text"/>x'),
    ],
)
def test_a_feed_reads_no_file(declared: str, title: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text(SECRET)
    content = feed(declared.replace("{file}", str(file)), title.replace("{file}", str(file)))
    assert not any(SECRET in found for found in titles(content))


# -- the log -------------------------------------------------------------------------------------


def test_no_line_break_of_a_feed_begins_a_line_of_the_log() -> None:
    code = """
import logging, structlog
from monitor.cli.common import log_to_stderr
log_to_stderr(logging.INFO)
structlog.get_logger().warning("feed failed", feed="a\\nb\\x1b[2J\\u2028c", why="x\\r2026-01-01 [info] all is well")
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)
    (line,) = ended.stderr.splitlines()
    assert b"\x1b" not in line
    assert line.decode().splitlines() == [line.decode()]


# -- whom it asks --------------------------------------------------------------------------------

# Python loads this at the start of every process, workers too, and is told of every connection and every name.
LISTENER = """
import os, sys

def heard(event, details):
    if event in ("socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"):
        asked = details[1] if event in ("socket.connect", "socket.sendto") else details[:2]
        with open(os.environ["HEARD"], "a") as file:
            print(repr(asked), file=file)

sys.addaudithook(heard)
"""


def test_it_asks_nobody_but_whom_the_configuration_names(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(LISTENER)
    environ = clean_environ() | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}", "HEARD": str(tmp_path / "heard")}
    with Site() as site, JsonSink() as sink:
        url = site.feed("/rss", [FeedEntry("Rusia dan Korea Utara", "/berita/1", description="Rusia dan Korea Utara")])
        site.article("/berita/1", "Rusia dan Korea Utara", ["Menteri Rusia tiba di Korea Utara."] * 3)
        wanted = {
            "channels": {"sink": sink.channel, "terminal": "console"},
            "feeds": [{"url": url, "allow_private": True, "backlog": "alert"}],
            "topics": [{"name": "Korea Utara Rusia"}],
            "alerts": {"channels": ["sink", "terminal"]},
        }
        (tmp_path / "config.yaml").write_text(json.dumps(wanted))
        command = [sys.executable, "-m", "monitor", "once"]
        subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, timeout=60, check=True)
        assert len(sink.messages) == 1
        ports = {port_of(site.url_of("/")), port_of(sink.channel)}
    asked = set((tmp_path / "heard").read_text().splitlines())
    assert {port_of(each) for each in asked} == ports
    assert all("127.0.0.1" in each for each in asked)


def port_of(text: str) -> str:
    found = re.search(r"127\.0\.0\.1['\"]?(?::|, )(\d+)", text)
    return found[1] if found else text
