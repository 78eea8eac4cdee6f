"""What portals put inside the body, as whole lines: rules by name, Indonesian and English. Pure.

docs/cleaning.md tells of each. A rule fits a whole line, whatever its case; a line that only mentions such words stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_SHARES: Final = (
    "facebook|twitter|x|whatsapp|telegram|linkedin|line|pinterest|e-?mail|copy link|salin (?:tautan|link)|share|tweet|print"
    "|cetak|bagikan|instagram|threads|tiktok|youtube|messenger|reddit|komentar|comments?|simpan|save"
)
_CHANNELS: Final = (
    r"google news|(?:whatsapp|telegram) channel|(?:channel|saluran|kanal|grup) (?:whatsapp|wa|telegram)|di whatsapp"
)
_PEOPLE: Final = "pewarta|penulis|editor|reporter|redaktur|kontributor|penyunting|uploader|pengunggah|sumber foto|fotografer|penerjemah"
_SITE: Final = r"[\w-]{2,40}(?:\.[\w-]{2,20}){0,2}\.(?:com|co\.id|id|net|org|tv|co)"
_WHEN: Final = (
    r"(?:(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|jan\w*|feb\w*|mar(?:et|ch)?|apr(?:il)?|may|mei|jun[ei]?|jul[iy]?|ag[us]\w*|aug\w*|sept?\w*|o[ck]t\w*|nov\w*|de[cs]\w*"
    r"|wib|wita|wit|gmt|utc|am|pm|pukul|at|on|published|updated|diperbarui|dipublikasikan|diterbitkan|tayang|last"
    r"|\d[\dTZ:.+/-]*|[,|:•·()–—-])"
)

# Titles of a list of other articles; the headlines below one go too, as "listed".
_LISTS: Final = {
    "list": (
        r"(?:berita|artikel|topik) (?:terkait|lainnya|terbaru|terkini|populer|terpopuler|pilihan)",
        r"terkini lainnya|terpopuler|rekomendasi(?: untuk (?:anda|kamu))?|pilihan (?:redaksi|editor)",
        r"(?:baca|lihat|simak|tonton) juga",
        (
            r"related (?:posts?|articles?|stor(?:y|ies)|news|topics?|coverage)|more on this (?:story|topic)"
            r"|more (?:stories|from .{1,40})"
        ),
        r"you (?:may|might) also like|recommended(?: for you| stories)?|most (?:read|popular|viewed)|editor'?s'? picks?",
    )
}

_ANYWHERE: Final = {
    "read-also": (
        r"[(\[]?(?:baca|lihat|simak|tonton) (?:juga|pula)\s*[:：–—-].*",
        r"(?:baca|lihat|simak|tonton) (?:juga|pula)\b.*[^.!?”\"]",
        r"(?:pilihan (?:redaksi|editor)|(?:artikel|berita) terkait)\s*[:：].*",
        r"(?:also read|read also|see also|related|related (?:article|story|stories|news))\s*:.*",
    ),
    "read-on": (
        (
            r"(?:baca|lihat|simak) (?:berita |artikel )?selengkapnya\s*"
            r"(?:[:>»].*|(?:di|pada|dalam|melalui)\s*(?:sini|tautan|link|halaman|laman).{0,40})?\.?"
        ),
        r"read (?:more|on)\s*:.*|read (?:more|the full (?:story|article))(?: here)?|continue reading",
        r"the post .* (?:appeared first on|first appeared on) .*",
    ),
    "rule": (r"[-–—_*=~•·|.…\s]+|\[(?:…|\.\.\.)\]",),
    "button": (
        r"(?:back|scroll) to top(?: button)?|kembali ke atas|load more|show (?:all|more)|muat lebih banyak|lihat semua",
    ),
    "share": (
        rf"(?:share|tweet|bagikan|cetak|copy link|salin (?:tautan|link))|(?:(?:{_SHARES})(?:[\s|,·•/:]+|$)){{2,}}",
        r"(?:bagikan|share)(?: artikel| berita)?(?: ini| this(?: article| story)?)?(?: ke| di| on| via)?.{0,20}:",
        r"\d+ (?:shares?|komentar|comments?|views?)",
    ),
    "tags": (r"(?:tags?|topik|kata kunci)\s*:.{0,200}",),
    "comments": (
        r"tinggalkan (?:balasan|komentar)|leave a (?:reply|comment)|alamat email anda tidak akan dipublikasikan.*",
        r"your email address will not be published.*|ruas yang wajib ditandai.*",
    ),
    "advert": (
        r"[-–—\s]*(?:advertisements?|iklan|pariwara|sponsored(?: content)?)[-–—\s]*",
        r"(?:advertisement )?scroll to (?:continue|resume)(?: with)?(?: content)?|(?:continue|resume) (?:with )?content",
        r"(?:scroll|gulir|geser) ke bawah untuk .{0,60}|lanjut(?:kan)? (?:dengan|ke) konten",
        r"(?:article|story|content) continues (?:below|after).{0,40}",
    ),
    "video": (
        r"\[gambas ?:.*\]|\[video .*\]",
        r"(?:simak|tonton|saksikan|lihat)(?: juga)? (?:video|momen|siaran|live)\b.{0,150}",
    ),
    "post": (r"view this post on instagram|(?:a post|sebuah kiriman) (?:shared by|dibagikan oleh) .*",),
    "paging": (
        r"(?:halaman|page)\s*:?\s*\d+(?:\s*(?:/|dari|of)?\s*\d+)*(?: selanjutnya| berikutnya| next)?",
        r"halaman (?:selanjutnya|berikutnya|sebelumnya)|(?:selanjutnya|berikutnya|next page|previous page)\s*[>»]*",
    ),
    "promotion": (
        (
            rf"(?:simak|ikuti|dapatkan|baca|temukan|follow|gabung|bergabung|yuk|jangan lewatkan)\b.{{0,200}}\b(?:{_CHANNELS})\b"
            r".{0,120}"
        ),
        r"(?:follow us|join our|subscribe to our|sign up (?:for|to) our)\b.{0,150}",
        r"dapatkan (?:berita|update|informasi) .{0,60}(?:up to date|terbaru|terkini|pilihan).{0,120}",
        r"follow berita .{2,60} di .{2,60}|fakta atau hoaks\?.*|(?:ingin|mau) (?:tahu|cek) kebenaran .{0,60}whatsapp.*",
        r"(?:download|unduh|instal) aplikasi .{0,120}",
    ),
    "subscribe": (r"baca selengkapnya dengan berlangganan.*|sudah berlangganan\?.*",),
    "reprint": (
        r"(?:artikel|berita) ini (?:telah|sudah) (?:tayang|terbit|dimuat|naik) (?:di|pada) .*",
        r"dilarang keras (?:mengambil|menyalin|mengcopy|mengutip|melakukan).*",
    ),
    "copyright": (
        r"(?:copyright|hak cipta)\b.{0,20}(?:©|\(c\)|@|\d{4}).{0,120}|(?:©|\(c\)) ?.{0,60}\d{4}.{0,100}|all rights reserved\.?",
    ),
}

# Below the last paragraph only.
_AT_THE_END: Final = {
    "credit": (
        r"\((?:[a-z]{2,4}|[a-z]{1,3}-\d{1,2})(?:/[a-z]{2,4}){0,3}\)",
        rf"(?:{_PEOPLE})(?:\s*/\s*(?:{_PEOPLE}))?\s*[:：].{{0,200}}",
        rf"(?-i:[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){{0,4}}\s*)(?:{_PEOPLE})\s*[:：].{{0,200}}",
        r".{2,80} (?:ber|turut ber|ikut ber)kontribusi dalam (?:penulisan|tulisan|artikel|laporan).{0,40}",
        rf"\({_SITE}(?:/[^()]{{2,60}})?\)",
    ),
}

# So, but in English a name in brackets may be the text's own.
_AT_AN_INDONESIAN_END: Final = {"credit": (r"(?-i:\((?:[A-Z][\w.'’-]*\s?){1,4}\))",)}

# Above the first paragraph only: when, by whom, where on the site.
_AT_THE_START: Final = {
    "when": (rf"(?:{_WHEN}\s*)*\d(?:\s*{_WHEN})*(?:\s+[\w.-]+){{0,2}}",),
    "byline": (r"(?:oleh|by|penulis|reporter|editor|pewarta)\s*:?\s+.{2,60}",),
    "trail": (r"(?:home|beranda|news|berita)(?:\s*[>»/|].{1,60})+",),
}

RULES: Final = tuple(
    dict.fromkeys(
        name.replace("_", "-")
        for place in (_LISTS, _ANYWHERE, _AT_THE_END, _AT_THE_START, {"listed": (), "title": ()})
        for name in place
    )
)


def _any_of(rules: Mapping[str, tuple[str, ...]], end: str = "") -> re.Pattern[str]:
    groups = (
        f"(?P<{name.replace('-', '_')}>{'|'.join(f'(?:{pattern})' for pattern in patterns)})"
        for name, patterns in rules.items()
    )
    return re.compile(f"(?:{'|'.join(groups)}){end}", re.IGNORECASE)


LIST: Final = _any_of(_LISTS, r"\s*:?")
ANYWHERE: Final = _any_of(_ANYWHERE)
END: Final = _any_of(_AT_THE_END)
INDONESIAN_END: Final = _any_of(_AT_AN_INDONESIAN_END)
START: Final = _any_of(_AT_THE_START)
