"""What the daemon asks of its system: memory that large documents held is given back, and files may be open."""

from __future__ import annotations

import ctypes
import resource
from contextlib import suppress
from typing import Final

# As mallopt(3) has them.
_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
MOST_FILES: Final = 65_536
_LARGE: Final = 256 * 1024  # bytes; the body of a page, seldom anything else


def give_back_what_is_large() -> None:
    """Documents of megabytes come and go. After the first, glibc would keep such pieces for the next ones, each thread its own
    (measured with 1,000 feeds: 290 MB instead of 225). Elsewhere than on glibc it does nothing.
    """
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, _LARGE)
        library.mallopt(_ARENA_MAX, 2)


def open_as_many_files_as_may_be() -> None:
    """A session of a shell or of systemd begins with 1,024, though the system would allow more: feeds, readers of the page and
    the database share them.
    """
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(MOST_FILES, most)
    if allowed < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
