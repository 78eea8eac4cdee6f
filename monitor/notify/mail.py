"""Mail: Apprise reads the address, we speak SMTP, so that what the server says is heard.

The letter itself is written in notify/letter.py.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from threading import Lock, Timer
from time import monotonic
from typing import Any, BinaryIO, Final

from apprise.plugins.base import NotifyBase

from monitor.model import Form, Markup, Message, Outcome, Sent
from monitor.notify.chat import as_it_is
from monitor.notify.letter import written
from monitor.notify.outcome import sorted_mail
from monitor.notify.reach import Reach, Reached, Unreached
from monitor.notify.timeouts import Timeouts
from monitor.notify.wire import SAYS_LIMIT

TEXT: Final = Markup(as_it_is, form=Form.HTML)
WELCOME: Final = 220
GO_ON: Final = 354  # the mail itself comes next
LEAVES: Final = 421  # whatever was asked, the server is about to hang up (RFC 5321, 3.8)
GOODBYE: Final = 0.2  # seconds to say it
IDLE: Final = 5.0  # seconds that a connection waits for the next mail; no server minds so few
MOST: Final = 50  # mails by one connection: some servers take no more than a hundred


class Mail:
    """One mailbox. What is sent within seconds goes by one connection; one that hangs is never used again."""

    markup: Final = TEXT

    def __init__(self, name: str, plugin: NotifyBase, url: str, timeouts: Timeouts) -> None:
        self.name = name
        self._plugin: Any = plugin  # Apprise gives the fields of an address no types that help
        self._url = url
        self._timeouts = timeouts
        self._shelf = _Shelf()

    def send(self, message: Message, *, uid: str) -> Outcome:
        try:
            letter = written(message, self._plugin, uid)
        except ValueError as error:
            return sorted_mail(error, self._url, was_written=False)
        kept = self._shelf.take()
        if kept is not None and (outcome := self._by(kept, letter)) is not None:
            return outcome
        talk = _Talk()
        try:
            fresh = _Line(self._connected(talk), talk)
        except Exception as error:  # noqa: BLE001 - an outcome is owed, whatever went wrong
            return sorted_mail(error, self._url, was_written=False)
        outcome = self._by(fresh, letter)
        assert outcome is not None
        return outcome

    def reach(self) -> Reach:
        """As far as the login."""
        talk = _Talk()
        try:
            line = _Line(self._connected(talk), talk)
        except Exception as error:  # noqa: BLE001 - as above
            return Unreached(sorted_mail(error, self._url, was_written=False).what)
        line.leave()
        return Reached("its server took the login" if self._plugin.user else "its server answers")

    def close(self) -> None:
        self._shelf.close()

    def _by(self, line: _Line, letter: EmailMessage) -> Outcome | None:
        """None: the server had hung up meanwhile, before it had the mail."""
        try:
            line.server.send_message(letter)
        except Exception as error:  # noqa: BLE001 - as above
            line.hang_up()
            was_written = line.talk.owes_verdict
            if line.mails and not was_written and _has_left(error):
                return None
            return sorted_mail(error, self._url, was_written=was_written)
        line.mails += 1
        self._shelf.put(line)
        return Sent("the mail server took it", provider_id=letter["Message-ID"])

    def _connected(self, talk: _Talk) -> smtplib.SMTP:
        plugin, seconds = self._plugin, self._timeouts.read
        is_tls = plugin.secure_mode == "ssl"
        server = smtplib.SMTP_SSL(timeout=seconds, context=self._tls()) if is_tls else smtplib.SMTP(timeout=seconds)
        talk.follow(server)
        server._host = plugin.smtp_host  # type: ignore[attr-defined]  # noqa: SLF001 - whose certificate it must be; `connect` leaves that out
        try:
            code, said = server.connect(plugin.smtp_host, plugin.port)
            if code != WELCOME:
                raise smtplib.SMTPConnectError(code, said)
            if plugin.secure_mode == "starttls":
                server.starttls(context=self._tls())
            if plugin.user and plugin.password:
                server.login(plugin.user, plugin.password)
        except BaseException:
            server.close()
            raise
        return server

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if not self._plugin.verify_certificate:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _has_left(error: Exception) -> bool:
    """Or it takes no further mail by this connection, whatever it says to that."""
    if isinstance(error, smtplib.SMTPSenderRefused):
        return True
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == LEAVES
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code == LEAVES for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError)


@dataclass(slots=True)
class _Line:
    """A connection that is open, and by whom it is used: one thread at a time."""

    server: smtplib.SMTP
    talk: _Talk
    mails: int = 0  # that it took

    def hang_up(self) -> None:
        self.server.close()

    def leave(self) -> None:
        """Without listening to what is said to that: the mails were taken, and some go on talking."""
        with suppress(OSError, smtplib.SMTPException):
            if self.server.sock:
                self.server.sock.settimeout(GOODBYE)
            self.server.putcmd("quit")
        self.server.close()


class _Shelf:
    """Where a connection waits for the next mail, for some seconds."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._line: _Line | None = None
        self._until = 0.0
        self._timer: Timer | None = None
        self._is_closed = False

    def take(self) -> _Line | None:
        with self._lock:
            line, self._line = self._line, None
            return line

    def put(self, line: _Line) -> None:
        with self._lock:
            is_kept = not self._is_closed and self._line is None and line.mails < MOST
            if is_kept:
                self._line, self._until = line, monotonic() + IDLE
                self._wake(IDLE)
        if not is_kept:
            line.leave()

    def close(self) -> None:
        with self._lock:
            self._is_closed = True
            line, self._line = self._line, None
        if line:
            line.leave()

    def _wake(self, seconds: float) -> None:
        """One timer at a time: mails may come by hundreds."""
        if self._timer is not None:
            return
        with suppress(RuntimeError):  # no thread can be had: then the server hangs up
            self._timer = Timer(seconds, self._look)
            self._timer.daemon = True
            self._timer.start()

    def _look(self) -> None:
        with self._lock:
            self._timer = None
            rest = self._until - monotonic()
            if self._line is not None and rest > 0:
                self._wake(rest)
                return
            line, self._line = self._line, None
        if line:
            line.leave()


class _Lines:
    """What a server says, up to a limit for each answer: it may have any number of lines, and smtplib keeps them all."""

    def __init__(self, lines: BinaryIO) -> None:
        self.left = SAYS_LIMIT
        self._lines = lines

    def readline(self, size: int) -> bytes:
        line = self._lines.readline(size)
        self.left -= len(line)
        if self.left < 0:
            raise OSError("the answer does not end")
        return line

    def close(self) -> None:
        self._lines.close()


class _Talk:
    """What is said to and fro: answers are not listened to for ever, and it is known who had the last word."""

    def __init__(self) -> None:
        self.owes_verdict = False  # the server was given all of a mail, and did not say yet what becomes of it
        self._last = 0

    def follow(self, server: smtplib.SMTP) -> None:
        getreply = server.getreply

        def overheard() -> tuple[int, bytes]:
            if server.file is None and server.sock is not None:
                server.file = _Lines(server.sock.makefile("rb"))
            if isinstance(server.file, _Lines):
                server.file.left = SAYS_LIMIT
            self.owes_verdict = self._last == GO_ON
            self._last, said = getreply()
            self.owes_verdict = False
            return self._last, said

        server.getreply = overheard  # type: ignore[method-assign]  # smtplib has no other place for it
