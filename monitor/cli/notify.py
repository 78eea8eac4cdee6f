"""`notify`: send a test message to one channel and say what the service answered."""

from __future__ import annotations

import sys
import uuid
from typing import Annotated

import typer

from monitor.app.house import send_test
from monitor.cli.common import STANDARD, Config, Json, read, say, say_json
from monitor.errors import UsageError
from monitor.model import Sent


def notify(
    channel: Annotated[str, typer.Argument(help="The channel's name in the configuration.")],
    config: Config = STANDARD,
    json: Json = False,
) -> None:
    settings = read(config).settings
    known = {each.name: each for each in settings.channels}
    if channel not in known:
        raise UsageError(f"there is no channel named '{channel}'; there is {', '.join(known) or 'none'}")
    console = sys.stderr if json else sys.stdout
    outcome = send_test(known[channel], settings, console=console, uid=uuid.uuid4().hex)
    answer = outcome.answer if isinstance(outcome, Sent) else outcome.what
    is_sent = isinstance(outcome, Sent)
    if json:
        say_json({"channel": channel, "sent": is_sent, "answer": answer})
    else:
        say(f"{channel}: sent{f' ({answer})' if answer else ''}" if is_sent else f"{channel}: not sent: {answer}")
    if not is_sent:
        raise typer.Exit(1)
