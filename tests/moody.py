"""Far ends of channels in a bad mood: they refuse, hang, ask to wait, or take a message and do not say so."""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Final, Generic, Self, TypeVar

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.loopback import Request, Response, http_server, served

T = TypeVar("T")
FOREVER: Final = 3600.0
SHARE: Final = 0.3  # of the messages, on a usual day
REPEATED: Final = "(may come twice)"


@dataclass(frozen=True, slots=True)
class Trouble(Generic[T]):
    """What is answered instead of "taken"."""

    answer: T
    has_it: bool = False  # nevertheless


LEAVES: Final = Response(status=0)
HANGS: Final = Response(delay=FOREVER)
FAILING: Final = (Trouble(Response(500, b"no")), Trouble(Response(503, b"down")))
SILENT: Final = tuple(Trouble(answer, has_it=has_it) for answer in (LEAVES, HANGS) for has_it in (False, True))
BUSY: Final = tuple(Trouble(Response(429, b"slow down", {"Retry-After": seconds})) for seconds in ("1", "2", "90"))
REFUSING: Final = (Trouble(Response(404, b"not found")), Trouble(Response(410, b"gone")))
NO_MAIL: Final = (Trouble("451 try later"), Trouble("550 no such user"), Trouble("", has_it=True), Trouble(""))


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that somebody could read, and in which life of the sender it came."""

    end: str
    life: int
    text: str

    @property
    def is_marked(self) -> bool:
        return REPEATED in self.text


@dataclass(slots=True)
class Diary:
    """What came, at all far ends, in order."""

    life: int = 0
    arrived: list[Arrived] = field(default_factory=list)

    def note(self, end: str, text: str) -> None:
        # Our markup sets a backslash before what a chat would take for its own.
        self.arrived.append(Arrived(end, self.life, text.replace("\\", "")))


@dataclass(slots=True)
class Mood(Generic[T]):
    random: Random
    troubles: Sequence[Trouble[T]]
    share: float = SHARE

    def trouble(self) -> Trouble[T] | None:
        return self.random.choice(self.troubles) if self.random.random() < self.share else None


@contextmanager
def web_service(
    name: str, mood: Mood[Response], diary: Diary, *, address: str = "json://{host}/alerts"
) -> Iterator[str]:
    """Takes posted JSON; the address of the channel."""

    def answer(request: Request) -> Response:
        trouble = mood.trouble()
        if trouble is None or trouble.has_it:
            diary.note(name, "\n".join(map(str, json.loads(request.body).values())))
        if trouble is None:
            return Response(200, b"ok")
        if trouble.answer is LEAVES:
            raise ConnectionAbortedError
        return trouble.answer

    with http_server(answer) as url:
        yield address.format(host=url.removeprefix("http://"))


@dataclass(frozen=True, slots=True)
class _Postmaster:
    name: str
    mood: Mood[str]
    diary: Diary

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - the name and the arguments that aiosmtpd calls
        trouble = self.mood.trouble()
        if trouble is None or trouble.has_it:
            assert isinstance(envelope.content, bytes)
            self.diary.note(self.name, _words(envelope.content))
        if trouble is None:
            return "250 taken"
        if not trouble.answer:  # silence
            await asyncio.sleep(FOREVER)
        return trouble.answer


@contextmanager
def mail_server(name: str, mood: Mood[str], diary: Diary) -> Iterator[str]:
    """Takes mail for anybody; the address of the channel."""
    protocol = partial(SMTP, _Postmaster(name, mood, diary), hostname="sink.example.org")

    async def start() -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)

    with served(start) as port:
        yield f"mailto://127.0.0.1:{port}?from=watch@example.org&to=ana@example.org"


def _words(content: bytes) -> str:
    mail = email.message_from_bytes(content, policy=email.policy.default)
    parts = [part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain"]
    return "\n".join([str(mail["Subject"]), *parts])


class Town:
    """Channels of all kinds, each with its own trouble, and one to turn to."""

    def __init__(self, seed: int) -> None:
        self.diary = Diary()
        self.channels: dict[str, str] = {}
        self._random = Random(seed)
        self._moods: list[Mood[Response] | Mood[str]] = []
        self._open = ExitStack()

    def bad_days(self) -> None:
        """Before another life of the sender: some are gone altogether, most have their usual mood."""
        self.diary.life += 1
        for mood in self._moods:
            if self._random.random() < 0.2:
                mood.share = self._random.choice((SHARE, SHARE, 1.0))

    def good_days(self) -> None:
        self.diary.life += 1
        for mood in self._moods:
            mood.share = 0.0

    def __enter__(self) -> Self:
        chat = "mmost://{host}/abcdefghijklmnopqrstuvwx"
        self._web("failing", FAILING)
        self._web("silent", SILENT)
        self._web("busy", BUSY)
        self._web("refusing", REFUSING)
        self._web("moved", REFUSING)  # this one has a fallback
        self._web("spare", FAILING)
        self._web("chat", (*FAILING, *SILENT), chat)
        mood = Mood(Random(self._random.random()), NO_MAIL)
        self._moods.append(mood)
        self.channels["mail"] = self._open.enter_context(mail_server("mail", mood, self.diary))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _web(self, name: str, troubles: Sequence[Trouble[Response]], address: str = "json://{host}/alerts") -> None:
        mood = Mood(Random(self._random.random()), troubles)
        self._moods.append(mood)
        self.channels[name] = self._open.enter_context(web_service(name, mood, self.diary, address=address))
