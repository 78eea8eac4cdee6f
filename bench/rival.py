"""The library `reader` (https://reader.readthedocs.io), as a process of its own.

    python -m bench.rival add DB.sqlite FEEDS.txt      its feeds; not measured
    python -m bench.rival update DB.sqlite             one round over all feeds, ten workers
    python -m bench.rival count DB.sqlite              how many entries it stores

It stores entries and tells nobody: no pages, no topics, no alerts. It sends what it asks past the part of requests that heeds
REQUESTS_CA_BUNDLE, so that is done here.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from reader import make_reader

from bench.measure import Lap

WORKERS = 10


def trusting(reader: Any) -> None:
    """In the way of a plugin of its own."""

    @reader._parser.lazy_init  # type: ignore[untyped-decorator]  # noqa: SLF001  it has no other way
    def trust(parser: Any) -> None:
        parser.get_retriever("https://").session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True


def main(verb: str, database: str, *rest: str) -> None:
    reader = make_reader(database, plugins=[trusting])
    match verb:
        case "add":
            for url in Path(rest[0]).read_text().split():
                reader.add_feed(url)
        case "update":
            lap = Lap()
            reader.update_feeds(workers=WORKERS, scheduled=False)  # also what is not due, like `once --all`
            print(json.dumps(lap.so_far()))
        case "count":
            print(reader.get_entry_counts().total)
        case _:
            sys.exit(f"unknown: {verb}")
    reader.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
