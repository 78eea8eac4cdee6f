"""The history of the tables, one for both databases."""

from typing import Final

NEWER: Final = "this database was written by a newer version of monitor; install that version"
HEAD: Final = "0015"  # the newest revision; a test holds it against versions/
