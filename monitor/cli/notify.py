"""`notify`: send a test message to one channel and say what the service answered."""

from __future__ import annotations

import sys
import uuid
from typing import Annotated

import typer

from monitor import app
from monitor.cli.common import STANDARD, Config, read, say
from monitor.errors import UsageError
from monitor.model import Failed, Sent


def notify(
    channel: Annotated[str, typer.Argument(help="The channel's name in the configuration.")],
    config: Config = STANDARD,
) -> None:
    """Send a test message and say what the service answered."""
    settings = read(config).settings
    known = {each.name: each for each in settings.channels}
    if channel not in known:
        raise UsageError(f"there is no channel named '{channel}'; there is {', '.join(known) or 'none'}")
    outcome = app.send_test(known[channel], settings, console=sys.stdout, uid=uuid.uuid4().hex)
    match outcome:
        case Sent(answer):
            say(f"{channel}: sent{f' ({answer})' if answer else ''}")
        case Failed(what):
            say(f"{channel}: not sent: {what}")
            raise typer.Exit(1)


COMMANDS = (notify,)
