"""This program's round over many feeds, as a process of its own (bench/laps.py).

    python -m bench.ours CONFIG.yaml

Worker processes import this module again, so it loads nothing but when it is run.
"""

import sys
from pathlib import Path

if __name__ == "__main__":
    from bench.laps import main

    main(Path(sys.argv[1]))
