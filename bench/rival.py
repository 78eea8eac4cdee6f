"""The library `reader` (https://reader.readthedocs.io), as a process of its own.

    python -m bench.rival add DB.sqlite FEEDS.txt      its feeds; not measured
    python -m bench.rival update DB.sqlite             one round over all feeds, ten workers
    python -m bench.rival count DB.sqlite              how many entries it stores

It stores entries and tells nobody: no pages, no topics, no alerts.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reader import make_reader

from bench.measure import Lap

WORKERS = 10


def main(verb: str, database: str, *rest: str) -> None:
    reader = make_reader(database)
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
