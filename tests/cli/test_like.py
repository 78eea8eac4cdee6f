"""Topics by example, as a user tries them."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import SMALL, Monitor
from tests.site import FeedEntry, Site

KIM = "seeds/000_af52723efe8b9ce8.txt"
LAVROV = "seeds/003_bf961051b976ab37.txt"


def watching(home: Path, topic: str) -> None:
    (home / "config.yaml").write_text(SMALL.replace("- name: Korea Utara Rusia", f"- {{name: Pertemuan, {topic}}}"))


def test_a_match_shows_the_words_in_common(monitor: Monitor, home: Path) -> None:
    watching(home, f"like: {KIM}")
    ended = monitor("match", LAVROV)
    assert ended.status == 0
    first, title, body = ended.out.splitlines()
    assert first.startswith(f"{LAVROV}: Pertemuan (score ")
    assert title.startswith(
        "    like 000_af52723efe8b9ce8.txt: lavrov, kcna, ukraina, jong, rusia in the title: Dukungan"
    )
    assert "*Lavrov*" in body


def test_a_miss_shows_how_like_it_was(monitor: Monitor, home: Path) -> None:
    watching(home, f"like: {KIM}, like_score: 90")
    ended = monitor("match", LAVROV)
    assert ended.status == 1
    assert f"{LAVROV}: no match: it is like 000_af52723efe8b9ce8.txt by " in ended.out
    assert "✗ like 000_af52723efe8b9ce8.txt, by 90 of 100 or more (" in ended.out


def test_explain_shows_it_as_a_part_of_the_topic(monitor: Monitor, home: Path) -> None:
    watching(home, f"query: wonsan, like: {KIM}")
    monitor.round()
    said = monitor("explain", LAVROV).out
    assert "✓ 'wonsan'" in said
    assert "✓ like 000_af52723efe8b9ce8.txt, by 20 of 100 or more (" in said


def test_an_address_that_the_archive_does_not_know_is_said_by_the_check_until_it_does(
    monitor: Monitor, home: Path
) -> None:
    with Site() as site:
        feed = site.feed("/rss", [FeedEntry("Lavrov bertemu Kim", "/berita/1", description="Di Wonsan.")])
        local = f"{{url: '{feed}', allow_private: true, backlog: alert, full_text: never}}"
        watching(home, f"like: [{KIM}, '{site.url_of('/berita/1')}']")
        written = (home / "config.yaml").read_text()
        (home / "config.yaml").write_text(written.replace("feeds: [seeds/]", f"feeds: [{local}]"))
        before = monitor("check")
        monitor.round()
        after = monitor("check")
    assert (before.status, after.status) == (0, 0)
    assert "config.yaml:9:" in before.err
    assert "no article of this address is in the archive yet" in before.err
    assert "no article" not in after.err


def test_a_topic_keeps_its_own_examples_by_what_it_is_like(monitor: Monitor, home: Path) -> None:
    watching(home, f"like: {KIM}, examples: {{match: ['Kim Jong Un dukung Rusia soal Ukraina, kata KCNA']}}")
    assert monitor("check").status == 0
    watching(home, f"like: {KIM}, examples: {{match: ['Harga beras turun']}}")
    ended = monitor("check")
    assert ended.status == 2
    assert "should match this example, but does not: it is not like 000_af52723efe8b9ce8.txt" in ended.err
