"""The sign of life, where several write it to one place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BEATS = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from monitor.work.heartbeat import Heartbeat
heartbeat = Heartbeat(Path(sys.argv[1]))
for _ in range(500):
    heartbeat.beat(now=datetime.now(UTC))
"""


def test_several_that_share_an_archive_do_not_get_in_each_others_way(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BEATS, str(tmp_path / "monitor.heartbeat")]
    beating = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) for _ in range(3)]
    assert [process.communicate(timeout=60)[0] for process in beating] == [b"", b"", b""]
    assert [path.name for path in tmp_path.iterdir()] == ["monitor.heartbeat"]
