"""Killed while its channels fail, hang and refuse, it loses nothing; `make soak-outbox` goes on for much longer."""

from __future__ import annotations

from pathlib import Path

from tests.soak_outbox import soak


def test_killed_while_its_channels_fail_it_tells_every_channel_every_story(tmp_path: Path) -> None:
    result = soak(tmp_path, kills=2, seed=2, report=print)
    assert result.is_good, result
