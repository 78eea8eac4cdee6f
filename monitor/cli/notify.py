"""`notify`: send a test message to one channel and say what the service answered."""

from __future__ import annotations

import re
import sys
import uuid
from typing import Annotated

import typer

from monitor.app.house import send_test
from monitor.cli.common import STANDARD, Config, Json, read, say, say_json
from monitor.errors import UsageError
from monitor.model import Sent
from monitor.settings import Channel, Settings


def notify(
    channel: Annotated[str, typer.Argument(help="The channel's name in the configuration.")],
    config: Config = STANDARD,
    json: Json = False,
) -> None:
    settings = read(config).settings
    known = {each.name: each for each in settings.channels}
    if channel not in known:
        raise UsageError(f"there is no channel named '{channel}'; there is {', '.join(known) or 'none'}")
    # One that names several recipients is several (app/configuration.py).
    told = [_tell(each, settings, json=json) for name, each in known.items() if _is_of(name, channel)]
    if not all(told):
        raise typer.Exit(1)


def _is_of(name: str, channel: str) -> bool:
    return name == channel or re.fullmatch(rf"{re.escape(channel)} \(\d+\)", name) is not None


def _tell(channel: Channel, settings: Settings, *, json: bool) -> bool:
    console = sys.stderr if json else sys.stdout
    outcome = send_test(channel, settings, console=console, uid=uuid.uuid4().hex)
    answer = outcome.answer if isinstance(outcome, Sent) else outcome.what
    is_sent = isinstance(outcome, Sent)
    if json:
        say_json({"channel": channel.name, "sent": is_sent, "answer": answer})
    elif is_sent:
        say(f"{channel.name}: sent{f' ({answer})' if answer else ''}")
    else:
        say(f"{channel.name}: not sent: {answer or 'it asks to wait'}")
    return is_sent
