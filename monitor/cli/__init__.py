"""The commands. Every failure is one line on stderr; 0 is fine, 1 a "no", 2 wrong use or wrong configuration."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import typer
from typer.exceptions import TyperException as UsageMistake

from monitor.cli import check, export, match, normalize, notify, run, status
from monitor.errors import ConfigError, MonitorError


def program() -> typer.Typer:
    app = typer.Typer(
        name="monitor",
        help="Watches the news for people who must not miss it, and does not tire them.",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    for room in (run, check, match, normalize, export, status, notify):
        for command in room.COMMANDS:
            app.command()(command)
    return app


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit status."""
    if sys.stderr is None:  # closed at the start: what would be said there goes nowhere
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # for as long as the program lives
    try:
        status = program()(arguments or ["--help"], standalone_mode=False) or 0
        return status if arguments else 2
    except UsageMistake as error:
        _complain(f"monitor: {' '.join(error.format_message().split())} (monitor --help shows what there is)")
    except ConfigError as error:
        _complain(str(error))
    except MonitorError as error:
        _complain(f"monitor: {error}")
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
