"""The commands. Every failure is one line on stderr; 0 is fine, 1 a "no", 2 wrong use or wrong configuration.

Only what is asked for is loaded: `health` runs every half minute, and `check` after every edit.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Container, Sequence
from contextlib import suppress
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Final

import typer
from typer.exceptions import TyperException as UsageMistake

from monitor.errors import ConfigError, MonitorError

# In the order of the help: where each is, and what it does.
COMMANDS: Final = {
    "run": ("run", "Watch the news until told to stop."),
    "worker": ("worker", "Do what a running monitor hands on, on this machine (engine: procrastinate)."),
    "once": ("run", "One round: poll what is due, read it, tell what is new; then a summary."),
    "health": ("health", "Is the daemon alive? 0 if it looked for work within the last 30 seconds, else 1."),
    "check": ("check", "Read the configuration and the topics' own examples, and say what is wrong."),
    "feeds": ("feeds", "The feeds: which there are, which a site has, and in and out as OPML."),
    "match": ("match", "Which of these text files match, and why."),
    "normalize": ("normalize", "Print the article of a page in text form: its title, an empty line, its paragraphs."),
    "try": ("trying", "What a topic or a query would have found and told: tried out on the archive."),
    "replay": ("replaying", "What would have been told by this configuration: the archive once more, nothing is sent."),
    "export": ("export", "Write articles out."),
    "status": ("status", "Feeds and their health, stories today, what waits to be told."),
    "explain": ("explain", "What became of an address at every stage, and why."),
    "silence": ("silence", "What nobody wants to hear of for a while: add, list, end."),
    "retry": ("retry", "Send again what is dead, and what may not have arrived."),
    "doctor": ("doctor", "What is well, what is wrong, and what to do: everything is looked at once, nothing is sent."),
    "backup": ("backup", "Copy all that is remembered into a file, also while the daemon works."),
    "restore": ("backup", "Put such a copy back."),
    "db": ("db", "The tables: bring them up to date, check them, copy them elsewhere."),
    "notify": ("notify", "Send a test message and say what the service answered."),
}


def program(asked: Container[str] = COMMANDS) -> typer.Typer:
    """All commands; of those that are not asked for only the name and what they do."""
    app = typer.Typer(
        name="monitor",
        help="Watches the news for people who must not miss it, and does not tire them.",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for name, (room, does) in COMMANDS.items():
        found = _command(room, name) if name in asked else _not_asked
        if isinstance(found, typer.Typer):
            app.add_typer(found, name=name, help=does)
        else:
            app.command(name, help=does)(found)
    return app


def _command(room: str, name: str) -> Callable[..., None] | typer.Typer:
    """One command, or a group of them."""
    called = f"{name}_" if iskeyword(name) else name
    command: Callable[..., None] | typer.Typer = getattr(import_module(f"monitor.cli.{room}"), called)
    return command


def _not_asked() -> None:
    """Stands in the help for a command that is not among the arguments, and so can't be run."""


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit status."""
    if sys.stderr is None:  # closed at the start: what would be said there goes nowhere
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # for as long as the program lives
    try:
        status = program(arguments)(arguments or ["--help"], standalone_mode=False) or 0
        return status if arguments else 2
    except UsageMistake as error:
        _complain(f"monitor: {' '.join(error.format_message().split())} (monitor --help shows what there is)")
    except ConfigError as error:
        _complain(str(error))
    except MonitorError as error:
        _complain(f"monitor: {error}")
        return 2 if error.permanent else 1
    except BrokenPipeError:
        # Whoever read our output has had enough; Python would complain about it once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        _complain(f"monitor: {error.filename or 'the output'} can't be used: {error.strerror}")
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except Exception as error:  # noqa: BLE001  # a user never sees a traceback
        _complain(f"monitor: something nobody foresaw went wrong ({type(error).__name__}: {error}); please report it")
    return 2


def _complain(text: str) -> None:
    with suppress(OSError):  # with stderr gone there is nobody left to tell
        print(text, file=sys.stderr)  # noqa: T201  # this is where people look
