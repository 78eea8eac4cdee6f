"""The history of the tables, one for both databases."""

from typing import Final

NEWER: Final = "this database was written by a newer version of monitor; install that version"
HEAD: Final = "0015"  # the newest revision; a test holds it against versions/
MARK: Final = "copying"  # the table by which a copy that was cut off is known
UNFINISHED: Final = (
    "a copy into this database is not finished; say monitor db copy again, as before, or take another database"
)
