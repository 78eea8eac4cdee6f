"""Every file in data/config: the bad ones say exactly what is written beside them, the good ones load."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from monitor.config import files as room
from monitor.config import load, parse, storage_of
from monitor.errors import ConfigError

DATA = Path(__file__).parent.parent / "data" / "config"
SHIPPED = Path(__file__).parent.parent.parent / "config.yaml"
ENVIRON = {
    "TELEGRAM_TOKEN": "hunter2:/@",
    "TELEGRAM_CHAT_ID": "hunter2",
    "SLACK_URI": "hunter2",
    "EMPTY": "",
    "EVERY": "hunter2",
    "WEB_PASSWORD": "hunter2",
}


def files(kind: str) -> list[Path]:
    return sorted((DATA / kind).glob("*.yaml"))


def beside(file: Path) -> str:
    return file.with_suffix(".txt").read_text("utf-8") if file.with_suffix(".txt").exists() else ""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "seeds").mkdir()
    return tmp_path


@pytest.mark.parametrize("file", files("bad"), ids=lambda file: file.stem)
def test_a_mistake_is_shown_with_its_place_its_line_and_what_to_do(file: Path, folder: Path) -> None:
    with pytest.raises(ConfigError) as error:
        parse(file.read_bytes(), path=folder / "config.yaml", environ=ENVIRON)
    shown = str(error.value).replace(f"{folder}/", "") + "\n"
    assert shown == beside(file)
    assert "hunter2" not in shown
    assert "literal-secret" not in shown


@pytest.mark.parametrize("file", files("good"), ids=lambda file: file.stem)
def test_a_good_file_loads_with_the_warnings_written_beside_it(file: Path, folder: Path) -> None:
    loaded = parse(file.read_bytes(), path=folder / "config.yaml", environ=ENVIRON)
    shown = "".join(f"{warning}\n" for warning in loaded.warnings).replace(f"{folder}/", "")
    assert shown == beside(file)
    assert "hunter2" not in shown


def test_messages_fit_a_terminal(folder: Path) -> None:
    for file in files("bad"):
        with pytest.raises(ConfigError) as error:
            parse(file.read_bytes(), path=folder / "config.yaml", environ=ENVIRON)
        for problem in error.value.problems:
            assert len(problem.what) <= 60, problem.what
            assert problem.line >= 1
            assert problem.column >= 1


def test_problems_come_in_the_order_of_the_file(folder: Path) -> None:
    for file in files("bad"):
        with pytest.raises(ConfigError) as error:
            parse(file.read_bytes(), path=folder / "config.yaml", environ=ENVIRON)
        places = [(problem.line, problem.column) for problem in error.value.problems]
        assert places == sorted(places)


def test_the_shipped_file_loads_without_a_word_and_without_a_variable_set() -> None:
    loaded = load(SHIPPED, environ={})
    assert loaded.warnings == ()
    assert loaded.settings.feeds[0].path == str(SHIPPED.absolute().parent / "seeds")
    assert [topic.name for topic in loaded.settings.topics] == ["Korea Utara Rusia"]
    assert loaded.settings.channels[0].url.get_secret_value() == "console"


@pytest.mark.parametrize("name", ["nowhere.yaml", "nowhere/config.yaml", "no\0name"])
def test_a_file_that_is_not_there_is_said_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="no such file") as error:
        load(tmp_path / name, environ={})
    assert "-c" in str(error.value)


def test_a_folder_is_not_taken_for_a_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=":1:1: this is a folder"):
        load(tmp_path, environ={})


def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "config.yaml"
    os.mkfifo(pipe)
    with pytest.raises(ConfigError, match=":1:1: this is no file"):
        load(pipe, environ={})
    assert storage_of(pipe, environ={}) is None


def test_a_pipe_whose_writer_says_nothing_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = os.open(tmp_path / "pipe", os.O_RDWR)
    try:
        with pytest.raises(room.Unreadable):
            room.read(tmp_path / "pipe", patience=0.01)
    finally:
        os.close(writer)


def test_what_another_program_writes_can_be_read() -> None:
    reader, writer = os.pipe()
    os.write(writer, SHIPPED.read_bytes().replace(b"- seeds/", b"- https://news.example"))
    os.close(writer)
    try:
        assert load(Path(f"/dev/fd/{reader}"), environ={}).settings.topics
    finally:
        os.close(reader)


def test_a_device_and_a_socket_are_no_files(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket"))
        for path in (tmp_path / "socket", Path("/dev/zero")):
            with pytest.raises(ConfigError, match=":1:1: this is no file"):
                load(path, environ={})
