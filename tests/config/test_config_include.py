"""A configuration in several files is one configuration, and every mistake stands in the file where it was made."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from monitor.config import Loaded, load
from monitor.config.tree import MAX_FAULTS
from monitor.errors import ConfigError, Problem

NOTHING: Mapping[str, str] = MappingProxyType({})
MAIN = """\
include: topics/*.yaml
channels: {terminal: console}
feeds: [https://news.example/rss.xml]
topics: [Gempa]
alerts: {channels: [terminal]}
"""
Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A folder with these files; gives the path of its config.yaml."""

    def files(main: str = MAIN, **others: str) -> Path:
        (tmp_path / "topics").mkdir(exist_ok=True)
        for name, content in others.items():
            (tmp_path / "topics" / f"{name}.yaml").write_text(content, "utf-8")
        (tmp_path / "config.yaml").write_text(main, "utf-8")
        return tmp_path / "config.yaml"

    return files


def loaded(path: Path, environ: Mapping[str, str] = NOTHING) -> Loaded:
    return load(path, environ=environ)


def names(path: Path) -> list[str]:
    return [topic.name for topic in loaded(path).settings.topics]


def shown(problem: Problem, folder: Path) -> str:
    return str(problem).replace(f"{folder}/", "")


def mistakes(path: Path, environ: Mapping[str, str] = NOTHING) -> list[str]:
    """Each on one line: place, what, hint."""
    with pytest.raises(ConfigError) as error:
        loaded(path, environ)
    return [line(problem, path.parent) for problem in error.value.problems]


def line(problem: Problem, folder: Path) -> str:
    return shown(
        Problem(problem.file, problem.line, problem.column, f"{problem.what} | {problem.hint}".rstrip(" |")), folder
    )


def test_what_other_files_hold_is_added(write: Write) -> None:
    path = write(
        b="topics: [{name: Banjir, channels: [phone]}]\nchannels: {phone: json://127.0.0.1:8000}\n",
        a="feeds: [https://two.example/rss]\naliases: {Rusia: [Moskow]}\nalias_packs: [indonesia]\n"
        "protect: [Ukraina]\ntopics: [Tsunami]\n",
    )
    found = loaded(path).settings
    assert [topic.name for topic in found.topics] == ["Gempa", "Tsunami", "Banjir"]
    assert [channel.name for channel in found.channels] == ["terminal", "phone"]
    assert [feed.url for feed in found.feeds] == ["https://news.example/rss.xml", "https://two.example/rss"]
    assert found.aliases == {"Rusia": ("Moskow",)}
    assert found.alias_packs == ("indonesia",)
    assert found.protect == ("Ukraina",)
    assert [topic.channels for topic in found.topics] == [("terminal",), ("terminal",), ("phone",)]


def test_a_file_may_stand_alone_on_others(write: Write) -> None:
    path = write(
        "include: [topics/a.yaml, topics/b.yaml]\nalerts: {channels: [terminal]}",
        a="topics: [Gempa]",
        b="feeds: [https://news.example/rss]\nchannels: {terminal: console}",
    )
    assert names(path) == ["Gempa"]


def test_a_section_without_a_value_takes_what_others_hold(write: Write) -> None:
    path = write(MAIN.replace("topics: [Gempa]", "topics:"), a="topics: [Banjir]", b="topics:\nfeeds: []\n")
    assert names(path) == ["Banjir"]


def test_each_file_is_read_once(write: Write) -> None:
    several = MAIN.replace("topics/*.yaml", "[topics/b.yaml, 'topics/*.yaml', ./topics/b.yaml, '*/?.yaml', '*.yaml']")
    path = write(several, a="topics: [A]", b="topics: [B]")
    (path.parent / "topics" / "c.yaml").symlink_to("a.yaml")
    assert names(path) == ["Gempa", "B", "A"]


def test_hidden_files_and_backups_are_left_alone(write: Write) -> None:
    path = write(a="topics: [A]")
    for name in (".a.yaml.swp", ".hidden.yaml", "a.yaml~", "a.yaml.orig"):
        (path.parent / "topics" / name).write_text("topics: [No]")
    assert names(path) == ["Gempa", "A"]


def test_folders_of_feeds_stay_relative_to_the_main_file(write: Write) -> None:
    path = write(a="feeds: [news/]")
    (path.parent / "news").mkdir()
    assert loaded(path).settings.feeds[1].path == str(path.parent / "news")


def test_what_is_included_may_be_filled_in(write: Write) -> None:
    path = write(MAIN.replace("topics/*.yaml", "topics/${SET}.yaml"), a="topics: [A]", b="topics: [B]")
    assert [topic.name for topic in loaded(path, {"SET": "b"}).settings.topics] == ["Gempa", "B"]


def test_files_end_and_begin_as_they_like(write: Write) -> None:
    path = write(a="\ufeff# first\r\ntopics:\r\n  - A", b="---\ntopics: [B]\n...\n", c="topics: [C]   # no end")
    assert names(path) == ["Gempa", "A", "B", "C"]


def test_anchors_stay_within_their_file(write: Write) -> None:
    path = write(a="topics: [{name: A, any: &words [x]}]", b="topics: [{name: B, any: *words}]")
    (found,) = mistakes(path)
    assert found.startswith("topics/b.yaml:1:25: text can't start with '*'")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "topics: [{name: Banjir}, {name: Gempa}]",
            "1:27: there are two topics 'Gempa' | first in config.yaml, line 4",
        ),
        ("feeds:\n  - https://news.example/rss.xml", "2:5: this feed is here twice | first in config.yaml, line 3"),
        ("channels: {terminal: console}", "1:12: 'terminal' is here twice | first in config.yaml, line 2"),
        ("topics:\n  - {name: A, channels: [mail]}", "2:26: there is no channel 'mail' | there are: terminal"),
        ("topics:\n  - name: A\n    urgent: soon", "3:13: 'soon' is neither true nor false | write true or false"),
        ("topics: Banjir", "1:9: this must be a list, not a text | write [Banjir]"),
        ("timezone: Asia/Jakarta", "1:1: 'timezone' belongs in config.yaml | an included file may hold"),
        ("include: more.yaml", "1:1: 'include' belongs in config.yaml | an included file may hold"),
        (
            "wait: 5m",
            "1:1: there is no setting 'wait' here | possible here: channels, feeds, aliases, alias_packs, protect, topics",
        ),
        ("topisc: [A]", "1:1: there is no setting 'topisc' here | did you mean 'topics'?"),
        ("- name: Banjir", "1:1: settings must stand here, not a list | begin with a line like 'topics:' or 'feeds:'"),
        ("Banjir", "1:1: settings must stand here, not a text | begin with a line like 'topics:' or 'feeds:'"),
        ("topics:\n\t- Banjir", "2:1: a tab can't stand here"),
        ('topics:\n  - "Banjir', "2:5: this quote is never closed"),
        ("topics: [A]\ntopics: [B]", "2:1: 'topics' is here twice | first in line 1"),
        ("topics: [{name: '${NO}'}]", "1:18: ${NO} is not set"),
    ],
)
def test_a_mistake_is_told_in_its_own_file(write: Write, content: str, said: str) -> None:
    path = write(z=content)
    (found,) = mistakes(path)
    assert found.replace("topics/z.yaml:", "").startswith(said)


def test_a_mistake_is_shown_with_the_line_of_its_own_file(write: Write) -> None:
    path = write(a="# one\n# two\n", b="topics:\n  - name: B\n    urgent: soon\n")
    with pytest.raises(ConfigError) as error:
        loaded(path)
    (problem,) = error.value.problems
    assert shown(problem, path.parent) == (
        "topics/b.yaml:3:13: 'soon' is neither true nor false\n"
        "        urgent: soon\n"
        "                ^\n"
        "    hint: write true or false"
    )


def test_mistakes_of_all_files_are_told_at_once_in_the_order_of_the_files(write: Write) -> None:
    path = write(
        MAIN.replace("terminal]", "nobody]"),
        a="topics: [{name: A, urgent: soon}]",
        b="topics: [{name: B, wait: 5}]\ntimezone: UTC",
        c="\ttopics: [C]",
    )
    assert [found.partition(": ")[0] for found in mistakes(path)] == [
        "topics/a.yaml:1:28",
        "topics/b.yaml:1:26",
        "topics/b.yaml:2:1",
        "topics/c.yaml:1:1",
    ]


def test_what_an_unreadable_file_may_hold_is_not_missed_elsewhere(write: Write) -> None:
    path = write(
        "include: topics/*.yaml\ntopics: [{name: A, channels: [phone]}]\nalerts: {channels: [phone], wait: 5}",
        channels="channels:\n\tphone: console",
    )
    assert [found.partition(": ")[0] for found in mistakes(path)] == ["config.yaml:3:35", "topics/channels.yaml:2:1"]


@pytest.mark.parametrize(
    ("written", "column", "said"),
    [
        ("topics/none.yaml", 10, "there is no file 'topics/none.yaml' | it is looked for beside 'config.yaml'"),
        ("5", 10, "there is no file '5'"),
        ("[topics/a.yaml, no.yaml]", 26, "there is no file 'no.yaml'"),
        ("topics", 10, "'topics' is a folder | name the files in it, like topics/*.yaml"),
        ("topics/", 10, "'topics/' is a folder"),
        ("'**/*.yaml'", 10, "'**' can't stand here | name each folder"),
        ("config.yaml", 10, "a file can't include itself | take it away"),
        ("{topics: a.yaml}", 10, "this must be a text, not settings"),
        ("''", 10, "nothing stands here"),
        ("${NO}", 10, "${NO} is not set"),
    ],
)
def test_what_can_not_be_included_is_told_where_it_is_asked_for(
    write: Write, written: str, column: int, said: str
) -> None:
    path = write(MAIN.replace("topics/*.yaml", written), a="topics: [A]")
    (found,) = mistakes(path)
    assert found.startswith(f"config.yaml:1:{column}: {said}")


def test_a_name_that_is_filled_in_is_not_shown(write: Write) -> None:
    path = write(MAIN.replace("topics/*.yaml", "${SET}"))
    assert "hunter2" not in str(mistakes(path, {"SET": "hunter2"}))


def test_a_pattern_that_nothing_is_called_like_is_a_warning(write: Write) -> None:
    (warning,) = loaded(write()).warnings
    assert (warning.line, warning.column) == (1, 10)
    assert warning.what == "no file is called like 'topics/*.yaml'"


def test_a_file_in_which_nothing_stands_yet_is_a_warning(write: Write) -> None:
    path = write(a="# topics: [A]\n", b="")
    assert [line(warning, path.parent) for warning in loaded(path).warnings] == [
        f"topics/{name}.yaml:1:1: nothing stands in this file yet | an included file may hold channels, feeds, aliases, "
        "alias_packs, protect, topics, silences and sites"
        for name in "ab"
    ]


def test_a_folder_or_no_file_that_fits_a_pattern_is_told_in_its_place(write: Write) -> None:
    path = write()
    (path.parent / "topics" / "a.yaml").mkdir()
    os.mkfifo(path.parent / "topics" / "b.yaml")
    (path.parent / "topics" / "c.yaml").symlink_to("nowhere.yaml")
    (path.parent / "topics" / "d.yaml").write_bytes(b"topics:\n  - G\xe9mpa\n")
    assert [found.partition(" | ")[0] for found in mistakes(path)] == [
        "topics/a.yaml:1:1: this is a folder",
        "topics/b.yaml:1:1: this is no file",
        "topics/c.yaml:1:1: there is no such file",
        "topics/d.yaml:2:6: this sign is not UTF-8",
    ]


def test_whoever_finds_a_mistake_later_points_at_the_right_file(write: Write) -> None:
    path = write(a="topics: [Tsunami]", b="topics:\n  - name: B\n    query: 'gempa OR (pasukan'\n")
    problem = loaded(path).problem(("topics", 2, "query"), "never closed", offset=9)
    assert (problem.file, problem.line, problem.column) == (str(path.parent / "topics" / "b.yaml"), 3, 22)
    assert problem.source[problem.column - 1 :] == "(pasukan'"


def test_names_of_files_are_shown_as_the_main_files_is(write: Write, tmp_path: Path) -> None:
    path = write(a="topics: [{}]")
    relative = Path(os.path.relpath(path))
    with pytest.raises(ConfigError) as error:
        loaded(relative)
    assert error.value.problems[0].file == f"{relative.parent}/topics/a.yaml"


def test_a_secret_in_an_included_file_is_not_shown(write: Write) -> None:
    path = write(
        a="channels: {phone: {url: tgram://123:hunter2/7, limt: 1/hour}}",
        b="chanels: {phone: tgram://123:hunter2/7}",
        c="- {phone: tgram://123:hunter2/7}",
        d="channels: {mail: tgram://123:hunter2/7: x}",
        e="web: {password: hunter2}",
        f="channels: [{name: phone, url: tgram://123:hunter2/7}]",
    )
    with pytest.raises(ConfigError) as error:
        loaded(path)
    assert {Path(problem.file).name for problem in error.value.problems} >= {f"{name}.yaml" for name in "abcdef"}
    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize("content", ["TELEGRAM_TOKEN=12345:hunter2\n", "12345:hunter2\n", "SMTP_PASSWORD: a hunter2\n"])
def test_a_file_of_secrets_that_is_included_by_mistake_is_not_shown(write: Write, content: str) -> None:
    path = write(MAIN.replace("topics/*.yaml", ".env"))
    (path.parent / ".env").write_text(content, "utf-8")
    with pytest.raises(ConfigError) as error:
        loaded(path)
    assert ".env:1:1: " in str(error.value)
    assert "hunter2" not in str(error.value) + repr(error.value.problems)


def test_the_limits_hold_for_all_files_together(write: Write) -> None:
    path = write(
        a="aliases: {a: &a [" + "x," * 9_999 + "x], b: *a}",
        b="aliases: {c: &a [" + "x," * 9_999 + "x], d: *a, e: *a}",
    )
    assert "topics/b.yaml:1:" in mistakes(path)[0]
    assert "more than 20,000" in mistakes(path)[0]


def test_many_mistakes_in_many_files_are_told_in_a_hundred(write: Write) -> None:
    path = write(**{f"f{number}": "".join(f"key{key}: 1\nkey{key}: 1\n" for key in range(60)) for number in range(4)})
    assert len(mistakes(path)) == MAX_FAULTS + 1


def test_many_names_that_are_not_there_are_told_in_a_hundred(write: Write) -> None:
    path = write(MAIN.replace("topics/*.yaml", str([f"{number}.yaml" for number in range(200)])))
    assert len(mistakes(path)) == MAX_FAULTS + 1


def test_too_many_files_are_refused(write: Write) -> None:
    path = write(**{f"f{number}": "" for number in range(1_001)})
    assert any("more than 1,000 files" in found for found in mistakes(path))


def test_a_large_file_after_others_is_refused(write: Write) -> None:
    path = write(a="#" * 20_000_000, b="#" * 20_000_000)
    assert mistakes(path) == [
        "topics/b.yaml:1:1: this file and those before it are larger than 32 MB | take something away"
    ]
