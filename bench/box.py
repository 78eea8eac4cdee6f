"""A small machine: runs a command on so many cores, and where the system lets us with so much memory.

    python -m bench.box --cores 1 --memory-mb 512 -- COMMAND…

The memory is that of a cgroup, in which the page cache counts too: whoever needs more is killed by the kernel, as on a
small server. Where no cgroup can be made (it takes root), it says so, and only the cores are few.
"""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

GROUPS: Final = Path("/sys/fs/cgroup")
# Version 1 and version 2 name it differently.
LIMITS: Final = {"memory/monitor-bench": "memory.limit_in_bytes", "monitor-bench": "memory.max"}


def box(*, cores: int, memory_mb: int) -> Path | None:
    """This process from here on, and all that it starts; the cgroup, None where none could be made."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    for name, limit in LIMITS.items():
        group = GROUPS / name
        try:
            group.mkdir(exist_ok=True)
            if not (group / limit).exists():  # a plain folder
                group.rmdir()
                continue
            (group / limit).write_text(str(memory_mb * 1024 * 1024))
            (group / "cgroup.procs").write_text(str(os.getpid()))
        except OSError:
            continue
        return group
    return None


def clear() -> None:
    """After the last process ended."""
    for name in LIMITS:
        with suppress(OSError):
            (GROUPS / name).rmdir()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.box", description="A command on a small machine.")
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--memory-mb", type=int, default=512)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    if box(cores=options.cores, memory_mb=options.memory_mb) is None:
        print("no cgroup can be made here: memory is not limited", file=sys.stderr)
    os.execvp(options.command[0], options.command)


if __name__ == "__main__":
    main()
