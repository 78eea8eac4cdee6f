"""`match` and `normalize` as a user types them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Monitor
from tests.site import Site

KIM = "seeds/000_af52723efe8b9ce8.txt"
LAVROV = "seeds/003_bf961051b976ab37.txt"


def test_a_match_says_where_with_the_passage(monitor: Monitor, home: Path) -> None:
    ended = monitor("match", "--query", "Wonsan", "--json", KIM, LAVROV)
    assert ended.status == 0
    no, yes = ended.lines
    assert no == {"file": KIM, "topic": None, "matched": False, "score": 0, "evidence": []}
    assert (yes["file"], yes["topic"], yes["matched"]) == (LAVROV, None, True)
    assert 0 < yes["score"] <= 100
    [evidence, *_] = yes["evidence"]
    assert set(evidence) == {"term", "field", "start", "end", "snippet"}
    body = (home / LAVROV).read_text(encoding="utf-8").partition("\n\n")[2]
    assert evidence["field"] == "body"
    assert body[evidence["start"] : evidence["end"]] == "Wonsan"
    assert "Wonsan" in evidence["snippet"]


def test_without_a_query_all_topics_are_asked(monitor: Monitor) -> None:
    ended = monitor("match", "--json", KIM, LAVROV)
    assert [(line["file"], line["topic"], line["matched"]) for line in ended.lines] == [
        (KIM, "Korea Utara Rusia", True),
        (LAVROV, "Korea Utara Rusia", True),
    ]
    assert "*Korea Utara*" in monitor("match", KIM).out


def test_no_match_is_a_no(monitor: Monitor) -> None:
    ended = monitor("match", "--query", "sepakbola", KIM)
    assert ended.status == 1
    assert ended.out == f"{KIM}: no match\n"


def test_standard_input_is_a_dash(monitor: Monitor) -> None:
    ended = monitor("match", "--query", "rusia", "--json", "-", stdin=b"Judul\n\nMoskow")
    assert ended.lines[0]["matched"] is True
    assert ended.lines[0]["file"] == "-"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--query", "Rusia OR", KIM], "column 7"),
        (["--query", "", KIM], "column 1"),
        (["--query", "rusia", "missing.txt"], "missing.txt can't be read"),
        (["--topic", "Nobody", KIM], "no topic named 'Nobody'"),
        (["--topic", "Korea Utara Rusia", "--query", "x", KIM], "not both"),
        (["--query", "rusia", "seeds"], "seeds can't be read"),
        (["-c", "nothing.yaml", KIM], "nothing.yaml"),
    ],
)
def test_wrong_use_is_one_line_and_2(monitor: Monitor, arguments: list[str], words: str) -> None:
    ended = monitor("match", *arguments)
    assert ended.status == 2
    assert words in ended.err
    assert "Traceback" not in ended.err


def test_match_needs_no_configuration(monitor: Monitor, home: Path) -> None:
    (home / "config.yaml").unlink()
    assert monitor("match", "--query", "Wonsan", LAVROV).status == 0
    assert monitor("match", LAVROV).status == 2


def test_a_page_in_text_form(monitor: Monitor) -> None:
    first, second = "Lavrov tiba di Wonsan pada Sabtu pagi. " * 8, "Kim Jong Un menyambutnya di bandara. " * 8
    with Site() as site:
        address = site.article("/dunia/1", "Lavrov tiba di Wonsan", [first.strip(), second.strip()])
        ended = monitor("normalize", address)
        told = monitor("normalize", "--json", address).lines[0]
    assert ended.status == 0
    assert ended.out == f"Lavrov tiba di Wonsan\n\n{first.strip()}\n\n{second.strip()}"
    assert told["title"] == "Lavrov tiba di Wonsan"
    assert told["url"] == address
    assert set(told) >= {"title", "published_at", "author", "outlet", "language", "url", "quality"}


def test_a_saved_page_and_what_can_not_be_read(monitor: Monitor, home: Path) -> None:
    (home / "empty.html").write_bytes(b"")
    for source in ("empty.html", "missing.html", "http://127.0.0.1:9/x", "ftp://example.org/"):
        ended = monitor("normalize", source)
        assert ended.status == 2
        assert len(ended.err.splitlines()) == 1
        assert ended.out == ""
