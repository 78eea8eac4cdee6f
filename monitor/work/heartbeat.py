"""A file whose age tells whether the daemon still looks for work, not only whether its port is open."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

LATE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    path: Path

    @property
    def draft(self) -> Path:
        """Of this process alone: where many share an archive, each writes one."""
        return self.path.with_name(f"{self.path.name}.{os.getpid()}.part")

    def beat(self, *, now: datetime) -> str | None:
        """Why it can't be written; None: it was."""
        draft = self.draft
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)  # that of an archive comes with the first article
            draft.write_text(now.isoformat())
            draft.replace(self.path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            return error.strerror or type(error).__name__
        return None

    def end(self) -> None:
        """A daemon that was told to stop is not late, it is gone."""
        self.path.unlink(missing_ok=True)

    @property
    def last(self) -> datetime | None:
        """None: nothing runs, or it was told to stop."""
        try:
            return datetime.fromisoformat(self.path.read_text())
        except (OSError, ValueError):
            return None

    def is_on_time(self, *, now: datetime) -> bool:
        last = self.last
        return last is not None and abs(now - last) < LATE
