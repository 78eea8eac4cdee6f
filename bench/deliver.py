"""The table: messages a second through each kind of channel, beside bare Apprise.

    python -m bench.deliver [--seconds 2] [--repeat 3]

Both send the same message, one after the other in one thread, to the same sinks on loopback, which run in a process of
their own. Ours goes through a channel that is opened once, as the daemon does; Apprise's through an `Apprise` object
that holds the same address, made once too. They take turns, so that a busy moment meets both, and the table shows
medians. What the sinks took is compared with what was said to be sent, so that a quick wrong run is caught.

Where Apprise sleeps between two messages (5.5 s for ntfy and mail) it sends only a few: its first is not slept before, so
it is sent before the clock runs. The last column has Apprise with that sleep taken off, to show what the rest costs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import platform
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

from aiosmtpd.smtp import SMTP, Envelope, Session
from apprise import Apprise
from pydantic import SecretStr

from bench.wire import header
from monitor.model import Message, Sent
from monitor.notify.channel import OpenChannel, open_channel
from monitor.settings import Channel

ADDRESSES: Final = {
    "json": "json://127.0.0.1:{http}/alerts",
    "webhook": "webhook://127.0.0.1:{http}/alerts",
    "gotify": "gotify://127.0.0.1:{http}/AbcdefgHijk.mnp",
    "ntfy": "ntfy://127.0.0.1:{http}/berita",
    "mattermost": "mmost://127.0.0.1:{http}/abcdefghijklmnop",
    "mailto": "mailto://127.0.0.1:{smtp}?from=watch@example.org&to=ana@example.org",
}
RIVALS: Final = {"webhook": ADDRESSES["json"]}  # what comes nearest to it
SUBJECT: Final = "Pasukan Korut: Tentara Korea Utara tiba di Rusia"
BODY: Final = "Tentara Korea Utara tiba di Rusia\nantaranews.com, tempo.co\n" + "Sebuah paragraf tentang itu. " * 15
ANSWER: Final = b'{"id": "1"}'


class WrongRunError(Exception):
    """What was said to be sent is not what arrived."""


# -- the sinks, a process of their own ------------------------------------------------------------


async def sinks() -> None:
    """Says its ports, then, at each line it is given, how many of each kind have come."""
    taken: Counter[str] = Counter()
    http = await asyncio.start_server(partial(web, taken), "127.0.0.1", 0)
    mailbox = Mailbox(taken)
    smtp = await asyncio.get_running_loop().create_server(lambda: SMTP(mailbox, hostname="sink"), "127.0.0.1", 0)
    ports = {"http": http.sockets[0].getsockname()[1], "smtp": smtp.sockets[0].getsockname()[1]}
    print(json.dumps(ports), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(json.dumps(taken.total()), flush=True)


async def web(taken: Counter[str], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            await reader.readexactly(int(header(head, b"content-length") or 0))
            taken["http"] += 1
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER))
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


@dataclass(frozen=True, slots=True)
class Mailbox:
    taken: Counter[str]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - the name and the arguments that aiosmtpd calls
        self.taken["smtp"] += 1
        return "250 taken"


@dataclass(frozen=True, slots=True)
class Sinks:
    process: subprocess.Popen[str]
    ports: dict[str, int]

    def taken(self) -> int:
        assert self.process.stdin
        assert self.process.stdout
        print(file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())


@contextmanager
def running() -> Iterator[Sinks]:
    command = [sys.executable, "-m", "bench.deliver", "--sinks"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Sinks(process, json.loads(process.stdout.readline()))
        finally:
            process.terminate()


# -- those who send ------------------------------------------------------------------------------


class Sender(Protocol):
    """One channel, opened; each call is one message."""

    def __call__(self) -> bool: ...


def ours(url: str) -> Sender:
    channel: OpenChannel = open_channel(Channel(name="bench", url=SecretStr(url)), console=None)
    message = Message(SUBJECT, BODY)
    return lambda: isinstance(channel.send(message, uid="d-1"), Sent)


def bare(url: str, *, sleeps: bool = True) -> Sender:
    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    apprise = Apprise()
    apprise.add(url)
    if not sleeps:
        for plugin in apprise:
            plugin.request_rate_per_sec = 0
    return lambda: bool(apprise.notify(title=SUBJECT, body=BODY))


OURS: Final = "monitor"
SENDERS: Final[dict[str, Callable[[str], Sender]]] = {
    OURS: ours,
    "apprise": bare,
    "apprise, no sleep": partial(bare, sleeps=False),
}


@dataclass(slots=True)
class Results:
    """Messages a second, by kind of channel and sender."""

    rates: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def median(self, kind: str, who: str) -> float:
        return statistics.median(self.rates[kind, who])


def compare(sinks: Sinks, options: argparse.Namespace) -> Results:
    results = Results()
    for kind, form in ADDRESSES.items():
        forms = {who: form if who == OURS else RIVALS.get(kind, form) for who in SENDERS}
        senders = {who: opened(forms[who].format(**sinks.ports)) for who, opened in SENDERS.items()}
        for turn in range(options.repeat):
            for who in list(senders)[:: -1 if turn % 2 else 1]:
                say(f"{kind}: {who} …")
                rate = checked_rate(senders[who], sinks, options.seconds)
                results.rates.setdefault((kind, who), []).append(rate)
    return results


def checked_rate(send: Sender, sinks: Sinks, seconds: float) -> float:
    if not send():  # what only the first pays for is not measured
        raise WrongRunError("the first message did not go")
    before, sent = sinks.taken(), 0
    started = time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds or not sent:
        sent += send()
    if (arrived := sinks.taken() - before) != sent:
        raise WrongRunError(f"{sent} messages were sent, {arrived} arrived")
    return sent / spent


# -- the table -----------------------------------------------------------------------------------


def table(results: Results) -> str:
    lines = [
        f"{'messages a second':<19}{OURS:>9}" + "".join(f"{who:>19}{'ratio':>8}" for who in SENDERS if who != OURS)
    ]
    for kind in ADDRESSES:
        our = results.median(kind, OURS)
        others = (results.median(kind, who) for who in SENDERS if who != OURS)
        lines.append(f"{kind:<19}{our:>9.1f}" + "".join(f"{their:>19.1f}{our / their:>8.2f}" for their in others))
    return "\n".join(lines)


def say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.deliver", description="Messages a second, by channel.")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each run")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--sinks", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    options = asked()
    if options.sinks:
        asyncio.run(sinks())
        return
    before = os.getloadavg()[0]
    with running() as there:
        results = compare(there, options)
    print(f"one thread, {options.seconds:g} s each; medians of {options.repeat}, alternating")
    print(
        f"Python {platform.python_version()}, {os.cpu_count()} CPUs, "
        f"load {before:.1f} before, {os.getloadavg()[0]:.1f} after\n"
    )
    print(table(results))


if __name__ == "__main__":
    try:
        main()
    except WrongRunError as error:
        sys.exit(f"{type(error).__name__}: {error}")
