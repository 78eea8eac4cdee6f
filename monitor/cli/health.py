"""`health`: does the daemon live? A container asks every half minute, so next to nothing is loaded for it."""

from __future__ import annotations

import os

import typer

from monitor.app import utc_now
from monitor.cli.common import STANDARD, Config, Json, read, say, say_json
from monitor.config import storage_of
from monitor.work.heartbeat import Heartbeat


def health(config: Config = STANDARD, json: Json = False) -> None:
    # Only where the heartbeat is: a bad edit leaves the daemon at work with what was in force before.
    storage = storage_of(config, environ=os.environ)
    is_alive = storage is not None and Heartbeat(storage.heartbeat).is_on_time(now=utc_now())
    if not is_alive:
        read(config)  # one that can't be used is why nothing runs
    if json:
        say_json({"healthy": is_alive})
    else:
        say("ok" if is_alive else "not running, or it hangs")
    if not is_alive:
        raise typer.Exit(1)
