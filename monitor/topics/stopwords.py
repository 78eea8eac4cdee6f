"""Words that stand in nearly every article. Pure."""

from __future__ import annotations

from typing import Final

# Not and, or, not, near: in small letters they are taken for operators.
INDONESIAN: Final = frozenset(
    """
    ada adalah agar akan antara apabila atas atau bagi bahwa beberapa belum bila bukan dalam dan dapat dari daripada demi
    dengan di dia hanya harus hingga ia ialah ini itu jadi jika juga kalau kami karena ke kepada ketika kita lagi lain lalu
    lebih maka masih mereka namun oleh pada para pula pun saat sampai sang sangat saya sebab sebagai sebelum secara sedang
    sejak selama semua seperti serta setelah setiap si sudah tak tanpa telah tentang tersebut tetapi tidak untuk yaitu
    yakni yang
    """.split()  # noqa: SIM905  a hundred quotes would be no easier to read
)
ENGLISH: Final = frozenset(
    """
    a about after again all also an any are as at be because been before being but by can could did do does for from had
    has have he her his how i if in into is it its just more most no of on only other our over said she so some such than
    that the their them then there these they this those to under up us was we were what when where which while who will
    with would you your
    """.split()  # noqa: SIM905  likewise
)


def stop_words(language: str) -> frozenset[str]:
    """Those of a topic's language; news in Indonesian, and of no language that is known, hold English names too."""
    match language.partition("-")[0].casefold():
        case "en":
            return ENGLISH
        case "id" | "in" | "ms" | "none" | "":
            return _BOTH
        case _:
            return _NONE


_BOTH: Final = INDONESIAN | ENGLISH
_NONE: Final = frozenset[str]()
