"""The channel that is built in: messages on the terminal, or into a pipe."""

from __future__ import annotations

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
    """Writes each message whole, so that nothing comes between its lines."""

    def __init__(self, name: str, stream: TextIO) -> None:
        self.name = name
        self.markup = TERMINAL if stream.isatty() else PLAIN
        self._stream = stream

    def send(self, message: Message, *, uid: str) -> Outcome:
        del uid  # nothing here could hold it
        try:
            self._stream.write(self._encodable(f"{message.body}\n{SEPARATOR}\n"))
            self._stream.flush()
        except (OSError, ValueError):  # ValueError: written to after it was closed
            return Failed("the terminal or pipe is closed")
        return Sent("shown")

    def close(self) -> None:
        """The stream is its owner's to close."""

    def _encodable(self, text: str) -> str:
        encoding = self._stream.encoding or "utf-8"
        return text.encode(encoding, "replace").decode(encoding)
