"""Whether a page shows the article, a beginning of it, or none: a consent, a login, an error. Pure.

A page is said to show none only where little text was found, or where what was found speaks of nothing else: an article is
never thrown away for the banner above it, nor for its subject.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from lxml.html import HtmlElement

from monitor.model import Quality
from monitor.parse.meta import About
from monitor.parse.plain import joined
from monitor.text import fold, one_line, terms

_SHORT: Final = 400  # characters; a teaser is shorter
_LITTLE: Final = 900  # characters: a page that says so much more than a notice is an article
_HEAD: Final = 200  # characters of a page's title and headings in which a notice names itself
_SENTENCE_END: Final = re.compile(r"[.!?]\s|\n")
_MORE: Final = 1.5  # times: what the page says of itself holds so much more than what it shows

_BROKEN_OFF: Final = re.compile(r"(?:…|\.\.\.|\[…\]|[^.!?”\"’')\]»。！？])\s*$")
_READ_MORE: Final = re.compile(
    r"(?:read (?:more|on|the full (?:story|article))|continue reading|baca selengkapnya|selengkapnya|lanjut(?:kan)? (?:baca|membaca))"
    r"[\s.…>»→]*$",
    re.IGNORECASE,
)

# What a page is called that is none, in whole or at its beginning.
_ERROR_NAMES: Final = re.compile(
    r"(?:error\s*)?(?:40[0-9]|41[0-9]|42[0-9]|45[01]|50[0-9]|52[0-9])\b(?:$|\s*[-–—:|!.,]|\s+(?:error|not|page|halaman|forbidden|gone"
    r"|bad|internal|service|gateway|unauthorized|access|maaf|oops|file|server))"
    r"|(?:(?:oops|ups|maaf|sorry|whoops|error)[\s,!.:-]+)*(?:(?:the|this|that|your) )?(?:page|halaman|artikel|article|berita|url|konten|content|file)"
    r"(?: (?:you|that|yang|ini|anda|kamu)(?: \w+){0,6})? (?:(?:is|was|could|can|cannot|can't|does|has|tidak|belum|sudah) ?)?(?:be )?"
    r"(?:not (?:be )?(?:found|available|exist\w*)|no longer (?:available|exists?)|ditemukan|tersedia|ada lagi|telah dihapus|dihapus|unavailable|been removed)"
    r"|not found$|page not found|halaman tidak ditemukan|access denied|akses ditolak|forbidden$|just a moment|attention required"
    r"|service unavailable|bad gateway|internal server error|under (?:maintenance|construction)|sedang (?:dalam )?(?:pemeliharaan|perbaikan)"
    r"|(?:are you|verify (?:that )?you(?:'re| are)|checking (?:if|that) you(?:'re| are)) (?:a )?(?:human|robot|not a robot)|robot check"
    r"|captcha|security check|domain (?:is )?for sale|index of /",
    re.IGNORECASE,
)
_LOGIN_NAMES: Final = re.compile(
    r"(?:(?:please |silakan )?(?:log ?in|sign ?in|masuk|login|daftar|register|sign up|subscribe|berlangganan|anmelden))"
    r"(?: (?:to|ke|untuk|or|atau|dulu|dahulu|akun|your|account|in|here|required|diperlukan)\b.{0,60})?[.!]?$",
    re.IGNORECASE,
)
_CONSENT_NAMES: Final = re.compile(
    r"(?:(?:we value )?your privacy|before you continue|privacy (?:settings|preferences|notice)|cookie (?:consent|settings|policy|preferences)"
    r"|we (?:value|respect|care about) your privacy|your (?:data|privacy) .{0,30}choice|we use cookies|consent|einwilligung|datenschutz\w*"
    r"|ihre (?:privatsphäre|zustimmung)|wir (?:verwenden|nutzen) cookies|kami (?:menghargai|menggunakan) (?:privasi|cookie).{0,20}"
    r"|persetujuan(?: cookie)?|kebijakan (?:privasi|cookie)|pengaturan (?:privasi|cookie)|respect de votre vie privée|gestion des cookies"
    r"|(?:nous )?respect\w* (?:de )?votre vie privée|valoramos (?:su|tu) privacidad|age verification|verifikasi (?:usia|umur))\b.{0,60}",
    re.IGNORECASE,
)

# What such a page says, sentence by sentence; counted, never enough alone.
_CONSENT_WORDS: Final = re.compile(
    r"cookies?\b|consent|einwilligung|zustimm|datenschutz|privasi|privacy|gdpr|dsgvo|personenbezogen|personal data|data pribadi"
    r"|vie privée|partners? (?:store|process|use)|our (?:\d+ )?partners|unsere(?:n)? (?:\d+ )?partner|accept all|alle akzeptieren|tout accepter"
    r"|terima semua|setujui|legitimate interest|berechtigtes interesse|store and/or access|werbefrei|tracking",
    re.IGNORECASE,
)
_ERROR_WORDS: Final = re.compile(
    r"(?:page|halaman|artikel|article|berita|url|link|tautan|konten|content)[^.!?\n]{0,60}(?:not (?:be )?(?:found|available|exist\w*)|no longer"
    r"|(?:tidak|belum) (?:dapat |bisa )?(?:di)?(?:temukan|tersedia|ada)|telah (?:dihapus|dipindahkan)|been (?:removed|moved|deleted))"
    r"|enable (?:javascript|cookies)|javascript (?:is|to be|must be|and cookies)[^.\n]{0,30}(?:enabled|disabled|required)|aktifkan javascript|mengaktifkan javascript"
    r"|checking your browser|verify(?:ing)? (?:that )?you are (?:a )?human|unusual traffic|not a robot|bukan robot|captcha|ray id|cloudflare"
    r"|access (?:to this page )?(?:has been )?denied|you don't have permission|akses (?:anda )?ditolak|try again later|coba (?:lagi|beberapa saat)"
    r"|not available in your (?:country|region)|tidak tersedia di (?:negara|wilayah)|unavailable for legal reasons|under maintenance|sedang dalam (?:pemeliharaan|perbaikan)"
    r"|return to (?:the )?home ?page|kembali ke (?:beranda|halaman (?:utama|awal))|this domain (?:is|may be) for sale|buy this domain|are you (?:over|at least) \d\d",
    re.IGNORECASE,
)
_LOGIN_WORDS: Final = re.compile(
    r"(?:log|sign) ?in\b|password|kata sandi|silakan (?:masuk|login|log in)|(?:masuk|login) (?:untuk|ke akun|dengan)|forgot (?:your )?password|lupa (?:kata sandi|password)"
    r"|create an account|buat akun|belum punya akun|don't have an account|already have an account|sudah punya akun|remember me|ingat saya|sign up",
    re.IGNORECASE,
)
_PAYWALL: Final = re.compile(
    r"(?:subscribe|sign up|become a (?:member|subscriber)|subscription)[^.\n]{0,60}(?:to (?:continue|read|keep reading|unlock|access)|for (?:full|unlimited) access)"
    r"|(?:continue reading|keep reading|read the (?:full|rest)|unlock (?:this|the) (?:article|story))[^.\n]{0,60}(?:subscri|membership|account|trial)"
    r"|this (?:article|content|story) is (?:for|available to|reserved for|exclusive to|only for)[^.\n]{0,20} (?:subscribers|members)"
    r"|already (?:a )?(?:subscriber|member|subscribed)|(?:subscriber|member|premium)[- ]only (?:article|content|story)|you(?:'ve| have) reached your (?:limit|free)"
    r"|berlangganan (?:untuk|dan|agar)[^.\n]{0,40}(?:membaca|baca|akses|lanjut)|(?:baca selengkapnya|lanjut(?:kan)? membaca)[^.\n]{0,40}berlangganan"
    r"|(?:artikel|konten|berita) (?:ini )?(?:khusus|hanya|eksklusif)[^.\n]{0,20}(?:untuk )?(?:pelanggan|anggota|member)|sudah berlangganan"
    r"|(?:nur|exklusiv) für abonnent|jetzt (?:weiterlesen|abonnieren)|réservé aux abonnés",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How much of the article a page shows, and why that is not all of it."""

    quality: Quality
    reason: str


WHOLE: Final = Verdict(Quality.FULL, "")


def verdict(tree: HtmlElement, text: str, *, said: About, title: str = "") -> Verdict:
    """What the page shows. `text` is what was found on it, `title` the feed's."""
    if why := _no_article(text, said, title):
        return Verdict(Quality.NO_ARTICLE, why)
    if _is_behind_paywall(tree, text, said):
        return Verdict(Quality.PAYWALL, "the page shows its readers only a beginning")
    if _is_teaser(text, said):
        return Verdict(Quality.TEASER, "the page shows only a beginning")
    return WHOLE


# -- none ----------------------------------------------------------------------------------------


def _no_article(text: str, said: About, title: str) -> str:
    """Why it is none, or nothing."""
    if len(text) > _LITTLE or _speaks_of(title, text):
        return ""
    name = one_line(said.title)[:_HEAD]
    is_told = _is_prose(text) and _speaks_of(name, text)  # in sentences, and at some length
    is_named = not is_told and (not title or not _is_alike(name, title))
    kinds = (
        ("the page asks for consent", _CONSENT_NAMES, _CONSENT_WORDS, 3),
        ("the page is an error", _ERROR_NAMES, _ERROR_WORDS, 2),
        ("the page asks its readers to log in", _LOGIN_NAMES, _LOGIN_WORDS, 3),
    )
    for why, names, words, enough in kinds:
        found = len({fold(hit[0]) for hit in words.finditer(text)})
        if is_named and names.match(name) and (found or len(text) < _SHORT // 4 or not _is_prose(text)):
            return why
        if found >= enough and not _is_mostly_else(words, text):
            return why
    return ""


def _is_mostly_else(words: re.Pattern[str], text: str) -> bool:
    """Half of its sentences say nothing of the kind: an article about such a thing."""
    said = [part for part in _SENTENCE_END.split(text) if len(part) > 20]  # noqa: PLR2004  a button is shorter
    return bool(said) and sum(words.search(part) is None for part in said) * 2 >= len(said)


def _is_prose(text: str) -> bool:
    """Two sentences of a usual length at least."""
    return sum(len(part.split()) >= 8 for part in _SENTENCE_END.split(text)) >= 2  # noqa: PLR2004


def _speaks_of(title: str, text: str) -> bool:
    """Most of the feed's title stands in the text: it is what the feed announced."""
    words = {word for word in terms(title) if len(word) > 3}  # noqa: PLR2004
    if len(words) < 3:  # noqa: PLR2004  a word or two may stand anywhere
        return False
    said = set(terms(text))
    return len(words & said) * 2 > len(words)


def _is_alike(one: str, other: str) -> bool:
    mine, theirs = set(terms(one)), set(terms(other))
    return bool(mine and theirs) and len(mine & theirs) * 2 > min(len(mine), len(theirs))


# -- a part --------------------------------------------------------------------------------------


def _is_behind_paywall(tree: HtmlElement, text: str, said: About) -> bool:
    """It says so of itself, or its readers are told so, and what it shows is short or breaks off."""
    if len(text) > 4 * _SHORT or not (_is_cut(text) or len(text) < 2 * _SHORT):
        return False
    if said.is_free is False:
        return not _holds_all(text, said)
    return said.is_free is None and len(text) < 2 * _SHORT and _PAYWALL.search(_notices(tree)) is not None


def _holds_all(text: str, said: About) -> bool:
    return bool(said.body) and len(text) >= len(said.body) * 0.9


def _notices(tree: HtmlElement) -> str:
    """What the page tells its readers outside of menus: short blocks only."""
    parts: list[str] = []
    for count, element in enumerate(tree.iter("p", "div", "h2", "h3", "h4", "span", "button", "a")):
        if count > 4_000:  # noqa: PLR2004  of more nobody reads the notice either
            break
        is_block = len(element) < 8  # noqa: PLR2004  what holds more is no notice but a part of the page
        own = " ".join(piece for piece in element.itertext() if piece.strip()) if is_block else (element.text or "")
        if 10 < len(own) < 300:  # noqa: PLR2004
            parts.append(own)
    return joined(parts)


def _is_teaser(text: str, said: About) -> bool:
    if len(said.body) > _MORE * len(text) + _SHORT:
        return True
    if len(text) < 2 * _SHORT and _READ_MORE.search(text):
        return True
    return len(text) < _SHORT and _is_cut(text)


def _is_cut(text: str) -> bool:
    return _BROKEN_OFF.search(text) is not None
