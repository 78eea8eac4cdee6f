"""Processes to be killed: for each line on stdin a function is called in a process of its own; its id and end are told.

The processes are forked from one that has loaded everything. Worker processes import this file again, so what they
need not know is imported inside.
"""

from __future__ import annotations

import sys


def main(module: str, function: str) -> None:
    import importlib
    import json
    import os

    from monitor.cli.common import log_to_stderr

    call = getattr(importlib.import_module(module), function)
    log_to_stderr(50)
    for line in sys.stdin:
        process = os.fork()
        if not process:
            call(**json.loads(line))
            os._exit(0)
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
