"""`python -m tests.hurried run|worker -c FILE`: one of many who miss each other sooner than usual."""

from __future__ import annotations

import sys


def main() -> None:
    """Worker processes import this file again, and need none of it."""
    import asyncio
    import logging
    from datetime import timedelta
    from functools import partial
    from pathlib import Path

    from monitor.app import daemon
    from monitor.app.beside import Wishes
    from monitor.app.company import Offer, work
    from monitor.app.configuration import configuration
    from monitor.app.house import Ground
    from monitor.cli.common import log_to_stderr, working_database
    from monitor.cli.run import leave, listening
    from monitor.cli.worker import STAGES
    from monitor.errors import StoreError
    from monitor.store.workers import Pace

    command, _, file = sys.argv[1:]
    config, wishes = Path(file), Wishes()
    second = timedelta(seconds=1)
    pace = Pace(
        beat=second, lost=8 * second, looks_after=second, queued=10 * second, sending=20 * second, again=3 * second
    )
    log_to_stderr(logging.INFO)
    wanted = configuration(config)
    try:
        with working_database(wanted.settings, is_alone=False) as database:
            ground = Ground(wanted, database, sys.stdout, pace=pace)
            begin = (
                partial(daemon.run, ground, wishes, config=config)
                if command == "run"
                else partial(work, ground, wishes, config=config, offer=Offer(STAGES, 8))
            )
            asyncio.run(listening(begin, wishes))
            database.close()
    except StoreError as error:
        sys.exit(f"monitor: {error}")
    leave()


if __name__ == "__main__":
    main()
