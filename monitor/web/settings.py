"""`/settings`: the configuration that is in force, with its secrets hidden."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from pydantic import BaseModel, SecretStr
from starlette.requests import Request
from starlette.responses import Response

from monitor.store import configuration, workers
from monitor.store.configuration import ConfigurationState
from monitor.web.dress import Dress, Voice, voice_of
from monitor.web.tools import Tools

HIDDEN: Final = "•••"
MOST: Final = 300  # lines of one part; `monitor feeds list` names all feeds


async def page(request: Request, tools: Tools, dress: Dress) -> Response:
    settings = tools.settings()
    now = tools.clock()
    voice = voice_of(request, zone=settings.timezone, now=now)
    state = await tools.database.run(configuration.state, tools.file)
    known = await tools.database.run(workers.known)
    parts = [(name, list(_rows(getattr(settings, name)))) for name in type(settings).model_fields]
    plain = [(name, rows[0][1]) for name, rows in parts if rows and not rows[0][0]]
    parts = [("", plain), *((name, rows) for name, rows in parts if rows and rows[0][0])]
    return dress.page(
        "settings.html",
        voice,
        here="/settings",
        file=tools.file,
        trouble=trouble(state, voice),
        token=dress.token,
        workers=[(worker, worker.is_alive(now=now)) for worker in known],
        parts=[(name or voice.say("in_general"), rows[:MOST]) for name, rows in parts],
    )


def trouble(state: ConfigurationState | None, voice: Voice) -> dict[str, str] | None:
    """What of the last edit can't be used; None where it can."""
    if state is None or state.refused_at is None:
        return None
    key = "bad_topics" if state.refused_topics else "bad_edit"
    text = voice.say(key, names=", ".join(state.refused_topics))
    return {"text": text, "detail": "\n".join(state.refused_for)}


def _rows(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Each setting that is not as it is by itself, on a line; what may be a secret never."""
    match value:
        case BaseModel():
            for field, by_itself in type(value).model_fields.items():
                if (said := getattr(value, field)) != by_itself.get_default() and field != "name":
                    yield from _rows(said, _below(name, field))
        case dict():
            for key, item in value.items():
                yield from _rows(item, _below(name, str(key)))
        case tuple() if any(isinstance(item, BaseModel) for item in value):
            for number, item in enumerate(value, 1):
                yield from _rows(item, _below(name, str(getattr(item, "name", number))))
        case None | () | "":
            return
        case _:
            yield name, _said(value)


def _below(name: str, part: str) -> str:
    return f"{name}.{part}" if name else part


def _said(value: Any) -> str:
    match value:
        case SecretStr():
            return HIDDEN
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(map(_said, value))
        case timedelta():
            return _lasting(value)
        case _:
            return str(value)


def _lasting(time: timedelta) -> str:
    for unit, sign in ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "m")):
        if time and not time % unit:
            return f"{time // unit}{sign}"
    return f"{time.total_seconds():g}s"
