"""`retry`: what could not be delivered, and what may not have arrived, is sent again."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.app import utc_now
from monitor.cli.common import STANDARD, Config, Json, counted, database_to_look_at, read, say, say_json
from monitor.errors import UsageError
from monitor.settings import Settings
from monitor.store import channels, outbox
from monitor.store.database import Session


def retry(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[CHANNEL]...", help="Only what these were to be told; else all.")
    ] = None,
    config: Config = STANDARD,
    to: Annotated[str | None, typer.Option(help="Through this channel, where the one it was for left.")] = None,
    json: Json = False,
) -> None:
    settings = read(config).settings
    database = database_to_look_at(settings)
    try:
        count = database.write(_send_again, settings, names or [], to)
    finally:
        database.close()
    if json:
        say_json({"deliveries": count})
    else:
        say(
            f"{counted(count, 'delivery', 'deliveries')} will be sent again" if count else "nothing is to be sent again"
        )
    if not count:
        raise typer.Exit(1)


def _send_again(session: Session, settings: Settings, names: list[str], to: str | None) -> int:
    configured = [channel.name for channel in settings.channels]
    known = list(dict.fromkeys([*configured, *channels.known(session)]))
    for name in [*names, *([to] if to else [])]:
        if name not in known or (name == to and name not in configured):
            raise UsageError(f"there is no channel named '{name}'; there is {', '.join(configured) or 'none'}")
    gone = [name for name in names if name not in configured]
    if gone and to is None:
        raise UsageError(f"the channel '{gone[0]}' left the configuration; say which one shall tell it: --to CHANNEL")
    which = names or (known if to else configured)
    return outbox.send_again(session, channels=which, to=to, now=utc_now())
