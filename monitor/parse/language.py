"""The language of a text: by its letters, and by the little words that no text of its language does without. Pure."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_LOOKED_AT: Final = 3_000  # characters
_FEWEST_WORDS: Final = 12
_ENOUGH: Final = 0.08  # of the words are little words of the language
_LEAD: Final = 1.3  # times as many as of the next language
_SURE: Final = 0.14  # as before, where the page says another language
_FAR_AHEAD: Final = 5  # times as many as of the language that the page says
_FEWEST_LETTERS: Final = 20

_WORD: Final = re.compile(r"[^\W\d_]+")
# Letters that tell a language, or a few of which the most likely one is taken.
_SCRIPTS: Final = {
    "ko": re.compile("[\uac00-\ud7a3]"),
    "ja": re.compile("[\u3040-\u30ff]"),
    "zh": re.compile("[\u3400-\u9fff]"),
    "th": re.compile("[\u0e01-\u0e5b]"),
    "lo": re.compile("[\u0e81-\u0edf]"),
    "my": re.compile("[\u1000-\u109f]"),
    "km": re.compile("[\u1780-\u17ff]"),
    "hi": re.compile("[\u0900-\u097f]"),
    "bn": re.compile("[\u0980-\u09ff]"),
    "ta": re.compile("[\u0b80-\u0bff]"),
    "he": re.compile("[\u0590-\u05ff]"),
    "el": re.compile("[\u0370-\u03ff]"),
    "ar": re.compile("[\u0600-\u06ff]"),
    "ru": re.compile("[\u0400-\u04ff]"),
}
_OWN_LETTERS: Final = {
    "ar": (("fa", "گچپژ"), ("ur", "ٹڈڑں")),
    "ru": (("uk", "іїєґ"), ("be", "ўі"), ("bg", "ъщ")),
}
_SHARE_OF_OWN: Final = {"fa": 0.01, "ur": 0.01, "uk": 0.02, "be": 0.02, "bg": 0.015}  # of all letters
_KANA_OF_JAPANESE: Final = 0.1

_LITTLE_WORDS: Final = {
    "id": "yang dan di ke dari untuk dengan pada ini itu dalam tidak akan juga adalah oleh karena bahwa sebagai telah sudah bisa"
    " ada saat namun tersebut para hingga atau lebih kata mereka kami dia secara seperti setelah menjadi serta dapat",
    "en": "the of and to in a is that for it was on with as are be this by at from have not has he his they or an were which but"
    " will you would their been its who had",
    "de": "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie"
    " nach wird bei einer um am sind noch wie einem über",
    "nl": "de van het een en in is dat op te zijn voor met niet aan er die om ook als door maar naar bij uit nog worden heeft dan"
    " wordt over hij werd deze",
    "fr": "de la le les et des en un une du que est pour dans qui par sur au pas plus avec ce il sont ne se aux été cette ses mais"
    " ont comme",
    "es": "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha este sí porque entre",
    "pt": "de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou são",
    "it": "di che e la il un a per in è una non sono da con si del le della i al dei nel alla più gli ha come anche ma delle",
    "pl": "w i na z do nie się to jest że o jak po za od przez ale dla tym są przy co tego oraz był może które",
    "tr": "ve bir bu da de için ile olarak çok daha olan gibi en ne kadar sonra ancak olduğunu var oldu tarafından",
    "sv": "och i att det som en på är av för med till den har de inte om ett han men var jag sig från vi så kan",
    "da": "og i at det er en til af på med for de den som har der et ikke han om var men fra sig vil kan efter",
    "no": "og i det er på en til av for at med som de har den et ikke om han fra var men så vi kan etter seg også",
    "fi": "ja on ei että se oli hän mutta ovat myös kun niin joka mukaan vain sekä jos ole mitä tai olla",
    "vi": "và của là các có cho không được trong với một những người đã này khi từ đến để về ra cũng",
    "cs": "a se v na je že o s z do i to k ve pro za by ale jako po které jsou který od jeho",
    "ro": "de și în a la cu pe că din pentru nu este un o care mai sau au fi ca prin sunt fost",
    "hu": "a az és hogy nem is egy ez meg de csak már még volt szerint lesz vagy mint el",
    "hr": "i je u na se da su za od s a o će kao koji iz bi ne ali to što nije te po do",
    "tl": "ang ng sa na mga at ay ni para ito siya kay hindi mula nang kung may din rin",
    "sw": "na ya wa kwa ni katika za kuwa la hiyo huo hayo ambao alisema watu baada kama hii",
}
# Malay and Indonesian share most little words; of these each has but one.
_MALAY: Final = frozenset(
    ["kerana", "bahawa", "sahaja", "ialah", "daripada", "selepas", "menerusi", "boleh", "kerajaan", "polis"]
)
_INDONESIAN: Final = frozenset(
    ["karena", "bahwa", "bisa", "setelah", "usai", "saat", "namun", "pemerintah", "polisi", "kantor", "uang", "rp"]
)
_BY_WORD: Final = {language: frozenset(words.split()) for language, words in _LITTLE_WORDS.items()}
_SIBLINGS: Final = ({"id", "ms"}, {"da", "no"})


def language_of(said: str | None, text: str) -> str | None:
    """What the page says of its language, but where the text is clearly in another one, as behind templates that say "en"."""
    shares = _shares(text)
    found = _best(shares, _ENOUGH)
    if said is None or found is None or found == said or any({said, found} <= pair for pair in _SIBLINGS):
        return said or found
    if said not in _BY_WORD:
        return found if (said in _SCRIPTS or found in _SCRIPTS) and _best(shares, _SURE) == found else said
    is_clear = _best(shares, _SURE) == found or shares.get(said, 0.0) * _FAR_AHEAD <= shares[found]
    return found if is_clear else said


def detected(text: str) -> str | None:
    """Two letters; None where the text is short, or no language is clearly ahead."""
    return _best(_shares(text), _ENOUGH)


def _shares(text: str) -> dict[str, float]:
    """For each language how much of the text speaks for it."""
    beginning = text[:_LOOKED_AT].casefold()
    if script := _script(beginning):
        return {script: 1.0}
    words = _WORD.findall(beginning)
    if len(words) < _FEWEST_WORDS:
        return {}
    counted = Counter(words)
    shares = {
        language: sum(counted[word] for word in little if word in counted) / len(words)
        for language, little in _BY_WORD.items()
    }
    if _is_malay(counted):
        shares["ms"] = shares.pop("id")
    return shares


def _is_malay(counted: Counter[str]) -> bool:
    malay = [counted[word] for word in _MALAY if word in counted]
    return len(malay) > 1 and sum(malay) > 2 * sum(counted[word] for word in _INDONESIAN)


def _best(shares: dict[str, float], enough: float) -> str | None:
    if not shares:
        return None
    best, *others = sorted(shares, key=shares.__getitem__, reverse=True)
    if shares[best] < enough:
        return None
    rival = next((other for other in others if not any({best, other} <= pair for pair in _SIBLINGS)), None)
    return best if rival is None or shares[best] >= _LEAD * shares[rival] else None


def _script(text: str) -> str | None:
    letters = sum(map(str.isalpha, text))
    if letters < _FEWEST_LETTERS or text.isascii():
        return None
    counts = {language: len(letter.findall(text)) for language, letter in _SCRIPTS.items()}
    main = max(counts, key=counts.__getitem__)
    if counts["ja"] > _KANA_OF_JAPANESE * (counts["ja"] + counts["zh"]) and counts["ja"] + counts["zh"] > letters / 2:
        return "ja"
    if counts[main] <= letters / 2:
        return None
    own = ((language, sum(map(text.count, signs)) / letters) for language, signs in _OWN_LETTERS.get(main, ()))
    return next((language for language, share in own if share >= _SHARE_OF_OWN[language]), main)
