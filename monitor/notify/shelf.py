"""The other channel that is built in: messages wait in an Atom feed until somebody's reader fetches them."""

from __future__ import annotations

from typing import Final

from monitor.model import Markup, Message, Outcome, Sent
from monitor.text import normalise

TEXT: Final = Markup(normalise, mark=("", ""))


class Shelf:
    """The outbox keeps what was sent, and the page shows it: nothing is to be done here."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.markup = TEXT

    def send(self, message: Message, *, uid: str) -> Outcome:
        del message, uid
        return Sent("in its Atom feed")

    def close(self) -> None:
        """Nothing is open."""
