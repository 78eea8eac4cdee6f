"""`python -m monitor`, and the script `monitor`.

Worker processes import the main module again (multiprocessing's way): what they need not know is loaded only when
the program itself runs.
"""

import sys


def main() -> None:
    from monitor.cli import main as command

    sys.exit(command(sys.argv[1:]))


if __name__ == "__main__":
    main()
