"""What belongs to the page and not to the article: whole lines only, Indonesian and English. Pure."""

from __future__ import annotations

import re
from typing import Final

_LONGEST: Final = 300  # a leaving is a short line
_NEVER_MORE_HEADLINES: Final = 6
_NO_HEADLINE: Final = (".", "!", "”", '"', ":", ",")
_SHARES: Final = (
    "facebook|twitter|x|whatsapp|telegram|linkedin|line|pinterest|e-?mail|copy link|salin (?:tautan|link)|share|tweet|print"
    "|cetak|bagikan|instagram|threads|tiktok|youtube|messenger|reddit|komentar|comments?|simpan|save"
)
_CHANNELS: Final = (
    r"google news|(?:whatsapp|telegram) channel|(?:channel|saluran|kanal|grup) (?:whatsapp|wa|telegram)|di whatsapp"
)

# Titles of a list of other articles: the headlines below them go too.
_LISTS: Final = (
    r"(?:berita|artikel|topik) (?:terkait|lainnya|terbaru|terkini|populer|terpopuler|pilihan)",
    r"terkini lainnya|terpopuler|rekomendasi(?: untuk (?:anda|kamu))?|pilihan (?:redaksi|editor)",
    r"(?:baca|lihat|simak|tonton) juga",
    r"related (?:posts?|articles?|stor(?:y|ies)|news|topics?|coverage)|more on this (?:story|topic)|more (?:stories|from .{1,40})",
    r"you (?:may|might) also like|recommended(?: for you| stories)?|most (?:read|popular|viewed)|editor'?s'? picks?",
)

# Lines that are never an article's, wherever they stand.
_ANYWHERE: Final = (
    # other articles
    r"[(\[]?(?:baca|lihat|simak|tonton) (?:juga|pula)\s*[:：–—-].*",
    r"(?:baca|lihat|simak|tonton) (?:juga|pula)\b.*[^.!?”\"]",
    r"(?:baca|lihat|simak) (?:berita |artikel )?selengkapnya\s*(?:[:>»].*|(?:di|pada|dalam|melalui)\s*(?:sini|tautan|link|halaman|laman).{0,40})?\.?",
    r"(?:pilihan (?:redaksi|editor)|artikel terkait|berita terkait)\s*:.*",
    r"(?:also read|read also|read more|see also|related|related (?:article|story|stories|news))\s*:.*",
    r"read (?:more|the full (?:story|article))(?: here)?|continue reading",
    r"the post .* (?:appeared first on|first appeared on) .*",
    r"[-–—_*=~•·|.…\s]+|\[(?:…|\.\.\.)\]",  # a rule, stars, an ellipsis
    # buttons
    r"(?:back|scroll) to top(?: button)?|kembali ke atas|load more|show (?:all|more)|muat lebih banyak|lihat semua",
    rf"(?:share|tweet|bagikan|cetak|copy link|salin (?:tautan|link))|(?:(?:{_SHARES})(?:[\s|,·•/:]+|$)){{2,}}",
    r"(?:bagikan|share)(?: artikel| berita)?(?: ini| this(?: article| story)?)?(?: ke| di| on| via)?.{0,20}:",
    r"\d+ (?:shares?|komentar|comments?|views?)",
    r"(?:tags?|topik|kata kunci)\s*:.{0,200}",
    r"tinggalkan (?:balasan|komentar)|leave a (?:reply|comment)|alamat email anda tidak akan dipublikasikan.*",
    # advertisement
    r"[-–—\s]*(?:advertisements?|iklan|pariwara|sponsored(?: content)?)[-–—\s]*",
    r"(?:advertisement )?scroll to (?:continue|resume)(?: with)?(?: content)?|(?:continue|resume) (?:with )?content",
    r"(?:scroll|gulir|geser) ke bawah untuk .{0,60}|lanjut(?:kan)? (?:dengan|ke) konten",
    r"(?:article|story|content) continues (?:below|after).{0,40}",
    # films and posts
    r"\[gambas ?:.*\]|\[video .*\]",
    r"(?:simak|tonton|saksikan|lihat)(?: juga)? (?:video|momen|siaran|live)\b.{0,150}",
    r"view this post on instagram|(?:a post|sebuah kiriman) (?:shared by|dibagikan oleh) .*",
    # pages
    r"(?:halaman|page)\s*:?\s*\d+(?:\s*(?:/|dari|of)?\s*\d+)*(?: selanjutnya| berikutnya| next)?",
    r"halaman (?:selanjutnya|berikutnya|sebelumnya)|(?:selanjutnya|berikutnya|next page|previous page)\s*[>»]*",
    # the house speaks of itself
    rf"(?:simak|ikuti|dapatkan|baca|temukan|follow|gabung|bergabung|yuk|jangan lewatkan)\b.{{0,200}}\b(?:{_CHANNELS})\b.{{0,120}}",
    r"(?:follow us|join our|subscribe to our|sign up (?:for|to) our)\b.{0,150}",
    r"dapatkan (?:berita|update|informasi) .{0,60}(?:up to date|terbaru|terkini|pilihan).{0,120}",
    r"dilarang keras (?:mengambil|menyalin|mengcopy|mengutip|melakukan).*",
    r"(?:artikel|berita) ini (?:telah|sudah) (?:tayang|terbit|dimuat|naik) di.*|fakta atau hoaks\?.*",
    r"baca selengkapnya dengan berlangganan.*|sudah berlangganan\?.*",
    r"(?:copyright|hak cipta)\b.{0,20}(?:©|\(c\)|@|\d{4}).{0,120}|(?:©|\(c\)) ?.{0,60}\d{4}.{0,100}|all rights reserved\.?",
)

# Credits: only below the last paragraph.
_AT_THE_END: Final = (
    r"\((?:[a-z]{2,4}|[a-z]{1,3}-\d{1,2})(?:/[a-z]{2,4}){0,3}\)",
    r"(?:pewarta|penulis|editor|reporter|redaktur|kontributor|penyunting|uploader)\s*:.{0,200}",
    r".{2,80} (?:ber|turut ber|ikut ber)kontribusi dalam (?:penulisan|tulisan|artikel|laporan).{0,40}",
    r"(?-i:\((?:[A-Z][\w.'’-]*\s?){1,4}\))",
    r"\([\w .-]{2,40}\.(?:com|co\.id|id|net)/[^()]{2,60}\)",
)

# A line that says only when, by whom or where on the site: above the first paragraph.
_WHEN: Final = (
    r"(?:(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|jan\w*|feb\w*|mar(?:et|ch)?|apr(?:il)?|may|mei|jun[ei]?|jul[iy]?|ag[us]\w*|aug\w*|sept?\w*|o[ck]t\w*|nov\w*|de[cs]\w*"
    r"|wib|wita|wit|gmt|utc|am|pm|pukul|at|on|published|updated|diperbarui|dipublikasikan|diterbitkan|tayang|last"
    r"|\d[\dTZ:.+/-]*|[,|:•·()–—-])"
)
_AT_THE_START: Final = (
    rf"(?:{_WHEN}\s*)*\d(?:\s*{_WHEN})*(?:\s+[\w.-]+){{0,2}}",
    r"(?:oleh|by|penulis|reporter|editor|pewarta)\s*:?\s+.{2,60}",
    r"(?:home|beranda|news|berita)(?:\s*[>»/|].{1,60})+",
)


def _any_of(patterns: tuple[str, ...], end: str = "") -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern}){end}" for pattern in patterns), re.IGNORECASE)


_LIST_TITLE: Final = _any_of(_LISTS, r"\s*:?")
_LEAVING: Final = _any_of(_ANYWHERE)
_CREDIT: Final = _any_of(_AT_THE_END)
_OPENING: Final = _any_of(_AT_THE_START)


def cleaned(lines: list[str], *, titles: tuple[str, ...]) -> list[str]:
    """The lines that are the article's: no leavings, no credits at the end, the title not said again."""
    kept = _without_leavings(lines)
    while kept and _fits(_CREDIT, kept[-1]):
        kept.pop()
    return kept[_start(kept, frozenset(map(_bare, titles))) :]


def _without_leavings(lines: list[str]) -> list[str]:
    kept: list[str] = []
    headlines = 0  # how many more lines may be headlines of a list
    for line in lines:
        if _fits(_LIST_TITLE, line):
            headlines = _NEVER_MORE_HEADLINES
        elif _fits(_LEAVING, line) or (headlines and _is_headline(line)):
            headlines = max(0, headlines - 1)
        else:
            headlines = 0
            kept.append(line)
    return kept


def same_words(one: str, other: str) -> bool:
    return _bare(one) == _bare(other)


def _start(lines: list[str], titles: frozenset[str]) -> int:
    """The first line that is neither the title nor only says when and by whom."""
    start = 0
    while start < min(4, len(lines) - 1) and (_bare(lines[start]) in titles or _fits(_OPENING, lines[start])):
        start += 1
    return start


def _fits(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= _LONGEST and pattern.fullmatch(line) is not None


def _is_headline(line: str) -> bool:
    """Short, several words, no sentence's end, not the numbered heading of a section."""
    if not 20 <= len(line) <= 150 or line.endswith(_NO_HEADLINE):  # noqa: PLR2004
        return False
    return line.count(" ") >= 4 and ". " not in line and not line[0].isdigit()  # noqa: PLR2004


def _bare(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
