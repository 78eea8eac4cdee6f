"""A message as a letter: the headers by which mail programs thread, sort, unsubscribe and tell copies."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import localtime
from typing import Any, Final

from monitor.model import MailParts, Message

LONGEST_LABEL: Final = 63  # of a List-Id, as in a name of the DNS
_NOTICES: Final = "notices"
_SEVERAL: Final = "digest"


class _Whole(UnstructuredHeader):
    """An address in one piece: the way other long words are folded would make it unreadable for programs."""

    def fold(self, *, policy: EmailPolicy) -> str:
        header: Any = self  # the registry makes it a header, with a name
        if not str(header).isascii():  # only by the user's own wish
            folded: str = super().fold(policy=policy)  # type: ignore[misc]  # of what the registry adds
            return folded
        return f"{header.name}: {header}{policy.linesep}"


def _headers() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("list-unsubscribe", "list-id", "references", "in-reply-to"):
        registry.map_to_type(name, _Whole)  # type: ignore[arg-type]  # the registry adds the base itself
    return registry


_POLICY: Final = SMTP.clone(header_factory=_headers())


def written(message: Message, plugin: Any, uid: str) -> EmailMessage:
    """The letter; ValueError: something in it can't stand in a header.

    Its Message-ID is the same at every try, so that a mailbox can tell a copy. All letters about a story refer to one
    that was never sent, so that they are one thread (RFC 5322, 3.6.4); one topic is one list (RFC 2919, 8058).
    """
    sender = plugin.from_addr[1]
    host = _in_ascii(sender.rpartition("@")[2])
    letter = EmailMessage(policy=_POLICY)
    letter["Subject"] = message.subject
    letter["From"] = _mailbox(plugin.from_addr[0], sender)
    letter["To"] = _mailbox(*plugin.targets[0])
    letter["Date"] = localtime()
    letter["Message-ID"] = f"<{uid}@{host}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody answers that they are on holiday
    if plugin.reply_to:
        letter["Reply-To"] = ", ".join(sorted(plugin.reply_to))
    parts = message.mail or MailParts(html="")
    for name, value in (*plugin.headers.items(), *_of_list(parts, host).items()):
        if name not in letter:
            letter[name] = value
    letter.set_content(message.body + "\n")
    if parts.html:
        letter.add_alternative(parts.html, subtype="html")
    return letter


def _of_list(parts: MailParts, host: str) -> dict[str, str]:
    headers = {"List-Id": list_id(parts.topics, host)}
    if parts.topics:
        headers["Keywords"] = ", ".join(re.sub(r"[,\s]+", " ", topic) for topic in parts.topics)
    if parts.story_id is not None:
        headers["References"] = headers["In-Reply-To"] = f"<story-{parts.story_id}@{host}>"
    if parts.unsubscribe:
        headers["List-Unsubscribe"] = f"<{parts.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def list_id(topics: Sequence[str], host: str) -> str:
    """Of one topic its own; what tells of several, and notices, have one each."""
    if len(topics) != 1:
        return f"<{_SEVERAL if topics else _NOTICES}.monitor.{host}>"
    return f"{_phrase(topics[0])}<{_label(topics[0])}.monitor.{host}>"


def _phrase(name: str) -> str:
    """The name before the list's own, where that can be written as it is; the keywords of the mail have it in any case."""
    plain = re.sub(r'["\\<>]', "", name)
    return f'"{plain}" ' if plain.isascii() and len(plain) <= LONGEST_LABEL else ""


def _in_ascii(host: str) -> str:
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _label(name: str) -> str:
    """Its name in letters that every mail program sorts by; where those leave something out, told apart by a number."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    label = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if label.replace("-", " ") == name.casefold() and len(label) <= LONGEST_LABEL and label not in {_NOTICES, _SEVERAL}:
        return label
    mark = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{label[: LONGEST_LABEL - len(mark) - 1].rstrip('-')}-{mark}".lstrip("-")


def _mailbox(name: str | bool, mailbox: str) -> Address:
    return Address(name if isinstance(name, str) else "", addr_spec=mailbox)
