"""Rounds that are killed: for each line on stdin a process of its own, ended with SIGKILL after its n-th commit.

The processes are forked from one that has loaded everything. Worker processes import this file again, so what they
need not know is imported inside.
"""

from __future__ import annotations

import sys


def main() -> None:
    import json
    import os

    from monitor.cli.common import log_to_stderr
    from tests.work.test_crash import round_that_dies

    log_to_stderr(50)
    for line in sys.stdin:
        process = os.fork()
        if not process:
            round_that_dies(**json.loads(line))
            os._exit(0)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
