"""`python -m tests.wrong_clock SECONDS MODULE COMMAND…`: what the main() of a module does, so wrong about the time.

The steady clock of the process goes on as it should, as it does on a machine with a wrong clock. Worker processes import
this file again, so nothing is loaded before it is the program itself that runs.
"""

import sys


def main() -> None:
    from datetime import UTC, datetime, timedelta
    from importlib import import_module

    import time_machine

    ahead, program = timedelta(seconds=float(sys.argv.pop(1))), import_module(sys.argv.pop(1))
    with time_machine.travel(datetime.now(UTC) + ahead, tick=True):
        program.main()


if __name__ == "__main__":
    main()
