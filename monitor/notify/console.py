"""The channel that is built in: messages on the terminal, or into a pipe."""

from __future__ import annotations

from threading import Lock
from typing import Final, TextIO

from monitor.model import Failed, Markup, Message, Outcome, Sent
from monitor.text import normalise

SEPARATOR: Final = "─" * 60
PLAIN: Final = Markup(normalise)  # no control character of a feed ever reaches a terminal
TERMINAL: Final = Markup(
    normalise,
    strong=("\x1b[1m", "\x1b[0m"),
    mark=("\x1b[1;33m", "\x1b[0m"),
    dim=("\x1b[2m", "\x1b[0m"),
)


class Console:
    """Writes each message whole, so that nothing comes between its lines. No stream: the program was started without."""

    def __init__(self, name: str, stream: TextIO | None) -> None:
        self.name = name
        self.markup = TERMINAL if stream and not stream.closed and stream.isatty() else PLAIN
        self._stream = stream
        self._writing = Lock()

    def send(self, message: Message, *, uid: str) -> Outcome:
        del uid  # nothing here could hold it
        if self._stream is None:
            return Failed("there is no terminal or pipe to write to")
        # A pager that was paused holds up one message; further ones behind it would all be shown when it goes on.
        if not self._writing.acquire(blocking=False):
            return Failed("the terminal or pipe takes nothing: the message before is still being written")
        try:
            return _written(f"{message.body}\n{SEPARATOR}\n", self._stream)
        finally:
            self._writing.release()

    def close(self) -> None:
        """The stream is its owner's to close."""


def _written(text: str, stream: TextIO) -> Outcome:
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "replace").decode(encoding))
        stream.flush()
    except (OSError, ValueError):  # ValueError: written to after it was closed
        return Failed("the terminal or pipe is closed")
    return Sent("shown")
