"""Messages on the terminal: well set, and harmless."""

from __future__ import annotations

import os
import pty
from contextlib import suppress
from io import BytesIO, StringIO, TextIOWrapper
from threading import Thread

from pydantic import SecretStr

from monitor.model import Failed, Message, Outcome, Sent
from monitor.notify.channel import OpenChannel, open_channel
from monitor.settings import Channel

TERMINAL = Channel(name="terminal", url=SecretStr("console"))


def marked(channel: OpenChannel, text: str) -> str:
    before, after = channel.markup.mark
    return before + channel.markup.escape(text) + after


def test_in_a_pipe_messages_stand_apart_and_hits_are_marked_plainly() -> None:
    pipe = StringIO()
    channel = open_channel(TERMINAL, console=pipe)
    assert channel.send(Message("s", f"Satu {marked(channel, 'Korut')}"), uid="d-1") == Sent("shown")
    channel.send(Message("s", "Dua"), uid="d-2")
    assert [line for line in pipe.getvalue().splitlines() if set(line) != {"─"}] == ["Satu *Korut*", "Dua"]
    assert len(pipe.getvalue().splitlines()) == 4


def test_on_a_terminal_hits_are_bold() -> None:
    reader, writer = pty.openpty()
    with os.fdopen(writer, "w", encoding="utf-8") as terminal:
        channel = open_channel(TERMINAL, console=terminal)
        channel.send(Message("s", f"Tentara {marked(channel, 'Korut')}"), uid="d-1")
        shown = os.read(reader, 10_000).decode()
    os.close(reader)
    assert shown.startswith("Tentara \x1b[1;33mKorut\x1b[0m\r\n")


def test_codes_in_a_text_never_reach_the_terminal() -> None:
    channel = open_channel(TERMINAL, console=StringIO())
    assert channel.markup.escape("a\x1b]0;evil\x07\x9b31mb\r") == "a]0;evil31mb"


def test_a_terminal_of_few_letters_shows_what_it_can() -> None:
    raw = BytesIO()
    stream = TextIOWrapper(raw, encoding="ascii")
    assert open_channel(TERMINAL, console=stream).send(Message("s", "Korut 북한"), uid="d-1") == Sent("shown")
    assert raw.getvalue().startswith(b"Korut ??")


def test_a_closed_pipe_is_a_failure_that_may_pass() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    pipe = os.fdopen(writer, "w", encoding="utf-8")
    outcome = open_channel(TERMINAL, console=pipe).send(Message("s", "b"), uid="d-1")
    with suppress(BrokenPipeError):
        pipe.close()
    assert outcome == Failed("the terminal or pipe is closed", permanent=False)


def test_a_program_that_was_started_without_output_says_so() -> None:
    """As `monitor run >&-` does."""
    outcome = open_channel(TERMINAL, console=None).send(Message("s", "b"), uid="d-1")
    assert outcome == Failed("there is no terminal or pipe to write to")


def test_a_stream_that_was_closed_before_is_a_failure_that_may_pass() -> None:
    stream = StringIO()
    stream.close()
    outcome = open_channel(TERMINAL, console=stream).send(Message("s", "b"), uid="d-1")
    assert outcome == Failed("the terminal or pipe is closed")


def test_a_pager_that_is_paused_holds_up_one_message_and_gathers_no_copies() -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "w", encoding="utf-8") as pipe, os.fdopen(reader, encoding="utf-8") as pager:
        channel = open_channel(TERMINAL, console=pipe)
        long = Message("s", "b" * 1_000_000)  # more than a pipe takes unread
        outcomes: list[Outcome] = []
        first = Thread(target=lambda: outcomes.append(channel.send(long, uid="d-1")))
        first.start()
        assert pager.read(1) == "b"
        assert channel.send(long, uid="d-1") == Failed(
            "the terminal or pipe takes nothing: the message before is still being written"
        )
        assert pager.read(len(long.body)).count("b") == len(long.body) - 1
        first.join(20)
    assert outcomes == [Sent("shown")]
