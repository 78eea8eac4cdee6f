"""`python -m tests.app.other_user UID URL ARCHIVE ROOT`: what stands in the way of that user, a line each."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pydantic import SecretStr

from monitor.app.machine import Machine
from monitor.app.places import problems
from monitor.settings import Storage
from tests.build import NOON, settings


def main(uid: int, url: str, archive: str, root: str) -> None:
    watched = settings(storage=Storage(url=SecretStr(url), archive=archive))
    if uid != os.getuid():  # all is loaded: this Python may lie where that user may not look
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    sys.stdout.writelines(f"{line}\n" for line in problems(watched, now=NOON, machine=Machine(Path(root), {})))


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
