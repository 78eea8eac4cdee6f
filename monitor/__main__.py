"""`python -m monitor`, and the script `monitor`.

Worker processes import the main module again (multiprocessing's way): what they need not know is loaded only when
the program itself runs.
"""

import sys


def main() -> None:
    if sys.argv[1:2] == ["run"]:
        _heed_signals()
    from monitor.cli import main as command

    sys.exit(command(sys.argv[1:]))


def _heed_signals() -> None:
    """While the daemon is being loaded: a stop is simply the end, and what a reload asks for is about to be read."""
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGHUP, lambda *_: None)


if __name__ == "__main__":
    main()
