"""Whoever waits for an edit knows what to look at, and sees every edit there and nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.config import load, storage_of
from monitor.config.files import digest
from monitor.errors import ConfigError
from monitor.settings import Storage

MAIN = """\
include: [topics/*.yaml, more.yaml]
channels: {terminal: "${file:secrets/url}"}
feeds: [https://news.example/rss.xml]
topics: [Gempa]
alerts: {channels: [terminal]}
"""


def looked_at(path: Path) -> tuple[str, ...]:
    try:
        return load(path, environ={}).looked_at
    except ConfigError as error:
        return error.looked_at


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "topics").mkdir()
    (tmp_path / "config.yaml").write_text(MAIN.replace("secrets/url", str(tmp_path / "url")), "utf-8")
    (tmp_path / "url").write_text("console", "utf-8")
    (tmp_path / "more.yaml").write_text("topics: [Banjir]", "utf-8")
    return tmp_path / "config.yaml"


def test_a_reading_says_what_it_looked_at(path: Path) -> None:
    folder = path.parent
    files = [str(path), f"{folder}/topics/*.yaml", f"{folder}/more.yaml", f"{folder}/url"]
    assert list(looked_at(path)) == files
    (folder / "more.yaml").unlink()
    (folder / "url").unlink()
    assert list(looked_at(path)) == files


@pytest.mark.parametrize("content", ["\ttab: x", "", "channels: 5", "no yaml: [", "\0"])
def test_a_bad_reading_looked_at_the_file_at_least(path: Path, content: str) -> None:
    path.write_text(content)
    assert looked_at(path) == (str(path),)


def test_a_reading_without_a_file_looked_for_it(tmp_path: Path) -> None:
    assert looked_at(tmp_path / "config.yaml") == (str(tmp_path / "config.yaml"),)


def test_what_a_relative_name_means_is_told_in_full(path: Path) -> None:
    assert looked_at(Path(os.path.relpath(path)))[0] == str(Path.cwd() / os.path.relpath(path))


def test_signs_in_the_name_of_the_folder_mean_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "a[b]*"
    (folder / "topics").mkdir(parents=True)
    (folder / "config.yaml").write_text(MAIN, "utf-8")
    names = looked_at(folder / "config.yaml")
    before = digest(names)
    (folder / "topics" / "a.yaml").write_text("topics: [A]")
    assert digest(names) != before


@pytest.mark.parametrize("name", ["config.yaml", "more.yaml", "url", "topics/new.yaml"])
def test_an_edit_of_any_file_is_seen(path: Path, name: str) -> None:
    names = looked_at(path)
    before = digest(names)
    (path.parent / name).write_text("another")
    changed = digest(names)
    (path.parent / name).unlink()
    assert len({before, changed, digest(names)}) == (2 if name == "topics/new.yaml" else 3)


def test_a_touch_or_a_file_replaced_by_its_like_is_no_edit(path: Path) -> None:
    names = looked_at(path)
    before = digest(names)
    os.utime(path, (0, 0))
    (path.parent / "new").write_bytes(path.read_bytes())
    (path.parent / "new").replace(path)
    assert digest(names) == before


def test_a_link_that_is_turned_elsewhere_is_an_edit(path: Path) -> None:
    folder = path.parent
    for version in ("1", "2"):
        (folder / version).mkdir()
        (folder / version / "config.yaml").write_text(f"# {version}\n{MAIN}")
    (folder / "now").symlink_to("1")
    path.unlink()
    path.symlink_to("now/config.yaml")
    before = digest(looked_at(path))
    (folder / "next").symlink_to("2")
    (folder / "next").replace(folder / "now")
    assert digest(looked_at(path)) != before


def test_files_that_change_places_are_an_edit(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    (tmp_path / "b").write_text("y")
    names = (str(tmp_path / "a"), str(tmp_path / "b"))
    before = digest(names)
    (tmp_path / "a").write_text("y")
    (tmp_path / "b").write_text("x")
    assert digest(names) != before


def test_the_sum_is_made_whatever_stands_there(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "folder").mkdir()
    strange = ["pipe", "loop", "folder", "none", "folder/none/none", "a\0b", "[*", "\ud800", "*\0", "x" * 5_000]
    sums = [digest([str(tmp_path / name)]) for name in strange]
    assert all(len(one) == 64 for one in sums)
    assert digest(()) == digest([])


# -- where things are kept, while an edit is bad ---------------------------------------------------

KEPT = "storage: {url: 'sqlite:///other.db', archive: arsip}\n"
OTHER = Storage.model_validate({"url": "sqlite:///other.db", "archive": "arsip"})


def kept(folder: Path, content: str | bytes) -> Storage | None:
    (folder / "config.yaml").write_bytes(content.encode() if isinstance(content, str) else content)
    return storage_of(folder / "config.yaml", environ={"DB": "sqlite:///other.db"})


@pytest.mark.parametrize(
    "content",
    [
        KEPT,
        KEPT + MAIN,
        KEPT + "topics: [{nam: x}]\nnonsense: 1\n",
        "storage:\n  url: ${DB}   # here\n\n  # and there\n  archive: arsip\ntopics:\n\t- Gempa\n",
        'topics:\n  - "Gempa\n' + KEPT + "web: {listen: x}\n",
        KEPT + "feeds: [a: [\n",
        "a: 1\na: 2\n" + KEPT,
        "storage: {url: 'sqlite:///other.db', archive: arsip, keep: long}",
        ("\ufeff" + KEPT).replace("\n", "\r\n"),
    ],
)
def test_a_mistake_elsewhere_does_not_hide_where_things_are_kept(tmp_path: Path, content: str) -> None:
    assert kept(tmp_path, content) == OTHER


@pytest.mark.parametrize(
    "content",
    ["", MAIN, "storage:\n", "\ttab: x", 'a: "b', "just a word", "- a\n- list", "#", b"\xff\xfe", "\0", "x: &a [*a]"],
)
def test_a_file_that_says_nothing_of_it_keeps_things_where_they_are_by_default(
    tmp_path: Path, content: str | bytes
) -> None:
    assert kept(tmp_path, content) == Storage()


@pytest.mark.parametrize(
    "storage",
    [
        "storage: sqlite:///other.db",
        "storage: [sqlite:///other.db]",
        "storage: {url: mysql://db/x}",
        "storage: {url: '${NOT_SET}'}",
        "storage: {ulr: 'sqlite:///other.db'}",
        "storage: {url: [x]}",
        "storage:\n\turl: sqlite:///other.db",
        "storage: {url: 'sqlite:///other.db",
    ],
)
def test_a_section_that_is_wrong_itself_says_nothing(tmp_path: Path, storage: str) -> None:
    assert kept(tmp_path, storage) is None


def test_without_a_file_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert storage_of(tmp_path / "config.yaml", environ={}) is None
    assert storage_of(tmp_path, environ={}) is None
