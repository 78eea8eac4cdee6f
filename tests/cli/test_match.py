"""`match` and `normalize` as a user types them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Monitor
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


def test_a_miss_of_a_query_shows_its_clauses_and_which_decided(monitor: Monitor) -> None:
    ended = monitor("match", "--query", "(Wonsan OR rusia) NOT sepakbola pesawat*", KIM)
    assert ended.status == 1
    assert ended.out == (
        f"{KIM}: no match: 'pesawat*' is not in it\n"
        "    ✗ all of these\n"
        "      ✓ any of these\n"
        "        ✗ 'Wonsan'\n"
        "        ✓ 'rusia' (17 places)\n"
        "      ✓ not 'sepakbola'\n"
        "      ✗ 'pesawat*'\n"
    )


def test_a_miss_of_a_single_topic_shows_its_clauses_and_of_all_topics_only_that_it_is_one(
    monitor: Monitor, home: Path
) -> None:
    topics = "topics:\n  - {name: Wonsan, all: [rusia], none: [kim]}\n  - {name: Gempa, any: [gempa], min_score: 5}\n"
    (home / "config.yaml").write_text(SMALL.replace("topics:\n  - name: Korea Utara Rusia\n", topics))
    first, *clauses = monitor("match", "--topic", "Wonsan", KIM).out.splitlines()
    assert first.startswith(f"{KIM}: no match: 'kim' is in it")
    assert first.endswith(", and must not be")
    assert clauses[0] == "    ✗ all of these"
    assert clauses[2].startswith("      ✗ not 'kim' (")
    assert monitor("match", KIM).out == f"{KIM}: no match\n"


def test_a_score_that_is_too_low_is_said(monitor: Monitor, home: Path) -> None:
    topic = "topics:\n  - {name: Rusia, any: [Lavrov, banjir, gempa], min_score: 90}\n"
    (home / "config.yaml").write_text(SMALL.replace("topics:\n  - name: Korea Utara Rusia\n", topic))
    ended = monitor("match", LAVROV)
    assert ended.status == 1
    said, tree, *_ = ended.out.splitlines()
    assert re.fullmatch(rf"{LAVROV}: no match: its score is \d\d, and the topic's min_score is 90", said)
    assert tree == "    ✓ any of these"


def test_a_topic_that_watches_some_feeds_is_tried_on_any_file(monitor: Monitor, home: Path) -> None:
    (home / "config.yaml").write_text(SMALL.replace("Korea Utara Rusia\n", "Rusia\n    feeds: [seeds]\n"))
    assert monitor("match", KIM).status == 0


def test_a_query_knows_what_the_configuration_says_of_words(monitor: Monitor, home: Path) -> None:
    def finds(query: str, text: str, settings: str, *language: str) -> bool:
        (home / "config.yaml").write_text(SMALL + settings)
        return monitor("match", "--query", query, *language, "-", stdin=f"Judul\n\n{text}".encode()).status == 0

    assert finds("tembak", "Tentara menembaki kota", "")
    assert not finds("tembak", "Tentara menembaki kota", "", "--language", "none")
    assert finds("Rusia", "Kata Kremlin", "")
    assert finds("Korea Selatan", "Kata Korsel", "alias_packs: [negara]\n")
    assert not finds("Korea Selatan", "Kata Korsel", "")
    assert finds("Menang", "Dia tenang", "") == finds("Menang", "Dia tenang", "protect: [Menang]\n")


def test_the_name_of_a_file_is_no_address(monitor: Monitor) -> None:
    assert monitor("match", "--query", "url:seeds", KIM).status == 1


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


def test_where_a_text_came_from_and_what_was_left_out(monitor: Monitor, home: Path) -> None:
    first, second = "Lavrov tiba di Wonsan pada Sabtu pagi. " * 8, "Kim Jong Un menyambutnya di bandara. " * 8
    lines = [first.strip(), "Baca juga: Harga Garam Turun", second.strip()]
    with Site() as site:
        address = site.article("/dunia/1", "Lavrov tiba di Wonsan", lines)
        ended = monitor("normalize", "--explain", address)
        told = monitor("normalize", "--explain", "--json", address).lines[0]
        (home / "config.yaml").write_text(
            f"{SMALL}sites: {{127.0.0.1: {{content: .entry-content, remove: ['.none']}}}}\n"
        )
        ruled = monitor("normalize", "--explain", "--json", address).lines[0]
    assert ended.out == f"Lavrov tiba di Wonsan\n\n{lines[0]}\n\n{lines[2]}"
    assert "full; from the page's own lines" in ended.err
    assert f"page       {address}" in ended.err
    assert "read-also        Baca juga: Harga Garam Turun" in ended.err
    assert {"rule": "read-also", "line": lines[1]} in told["removed"]
    assert (told["source"], told["pages"], told["quality"]) == ("page", [address], "full")
    assert ruled["source"] == "site rule"


def test_an_article_in_pages_is_shown_whole(monitor: Monitor) -> None:
    parts = ["Lavrov tiba di Wonsan pada Sabtu pagi. " * 8, "Kim Jong Un menyambutnya di bandara. " * 8]
    with Site() as site:
        for number, (part, link) in enumerate(zip(parts, ("?page=2", "/dunia/1"), strict=True), 1):
            html = f"<html><body><article><h1>Lavrov tiba</h1><p>{part}</p><a href='{link}'>{3 - number}</a></article></body></html>"
            site.page("/dunia/1" if number == 1 else "/dunia/1?page=2", html)
        ended = monitor("normalize", site.url_of("/dunia/1"))
    assert ended.out.split("\n\n")[1:] == [part.strip() for part in parts]


@pytest.mark.parametrize(
    ("html", "why"),
    [
        (
            "<title>404 Not Found</title><h1>404 Not Found</h1><p>The page you are looking for does not exist anywhere.</p>",
            "error",
        ),
        (
            "<title>Masuk</title><h1>Masuk</h1><p>Silakan masuk dengan kata sandi Anda. Lupa kata sandi? Buat akun.</p>",
            "log in",
        ),
    ],
)
def test_a_page_that_shows_no_article_is_refused_with_the_reason(
    monitor: Monitor, home: Path, html: str, why: str
) -> None:
    (home / "page.html").write_text(f"<html><body>{html}</body></html>")
    ended = monitor("normalize", "page.html")
    assert ended.status == 2
    assert why in ended.err


def test_a_saved_page_and_what_can_not_be_read(monitor: Monitor, home: Path) -> None:
    (home / "empty.html").write_bytes(b"")
    for source in ("empty.html", "missing.html", "http://127.0.0.1:9/x", "ftp://example.org/"):
        ended = monitor("normalize", source)
        assert ended.status == 2
        assert len(ended.err.splitlines()) == 1
        assert ended.out == ""
