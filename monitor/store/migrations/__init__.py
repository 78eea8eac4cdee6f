"""The history of the tables, one for both databases."""

from typing import Final

HEAD: Final = "0001"  # the newest revision; a test holds it against versions/
