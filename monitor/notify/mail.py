"""Mail: Apprise reads the address, we speak SMTP, so that what the server says is heard."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime
from typing import Any, BinaryIO, Final

from apprise.plugins.base import NotifyBase

from monitor.model import Message, Outcome, Sent
from monitor.notify.chat import PLAIN
from monitor.notify.outcome import sorted_mail
from monitor.notify.timeouts import Timeouts
from monitor.notify.wire import SAYS_LIMIT

WELCOME: Final = 220
GO_ON: Final = 354  # the mail itself comes next
GOODBYE: Final = 2.0  # seconds


class Mail:
    """One mailbox. Each mail has its own connection: there are few, and a server closes an idle one."""

    markup: Final = PLAIN

    def __init__(self, name: str, plugin: NotifyBase, url: str, timeouts: Timeouts) -> None:
        self.name = name
        self._plugin: Any = plugin  # Apprise gives the fields of an address no types that help
        self._url = url
        self._timeouts = timeouts

    def send(self, message: Message, *, uid: str) -> Outcome:
        talk = _Talk()
        try:
            letter = written(message, self._plugin, uid)
            server = self._connected(talk)
            try:
                server.send_message(letter)
            except BaseException:
                server.close()
                raise
        except Exception as error:  # noqa: BLE001 - an outcome is owed, whatever went wrong
            return sorted_mail(error, self._url, was_written=talk.owes_verdict)
        _leave(server, min(GOODBYE, self._timeouts.read))
        return Sent("the mail server took it", provider_id=letter["Message-ID"])

    def close(self) -> None:
        """Nothing stays open between mails."""

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


def _leave(server: smtplib.SMTP, seconds: float) -> None:
    """Whatever is said to our goodbye: the mail was taken."""
    with suppress(OSError, smtplib.SMTPException):
        if server.sock:
            server.sock.settimeout(seconds)
        server.quit()
    server.close()


def written(message: Message, plugin: Any, uid: str) -> EmailMessage:
    """The mail. Its Message-ID is the same at every try, so that a mailbox can tell a copy."""
    sender = plugin.from_addr[1]
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = message.subject
    letter["From"] = _mailbox(plugin.from_addr[0], sender)
    letter["To"] = _mailbox(*plugin.targets[0])
    letter["Date"] = localtime()
    letter["Message-ID"] = f"<{uid}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    if plugin.reply_to:
        letter["Reply-To"] = ", ".join(sorted(plugin.reply_to))
    for name, value in plugin.headers.items():
        if name not in letter:
            letter[name] = value
    letter.set_content(message.body + "\n")
    return letter


def _mailbox(name: str | bool, mailbox: str) -> Address:
    return Address(name if isinstance(name, str) else "", addr_spec=mailbox)
