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
_MONTH: Final = (
    r"(?:jan(?:uar[iy])?|feb(?:ruar[iy])?|mar(?:et|ch)?|apr(?:il)?|mei|may|jun[ei]?|jul[iy]?|agu(?:stus)?|ags|aug(?:ust)?"
    r"|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|de[sc](?:ember)?)"
)
_DAY: Final = (
    r"(?:sen(?:in)?|sel(?:asa)?|rabu?|kam(?:is)?|jum'?at|sab(?:tu)?|min(?:ggu)?|ahad"
    r"|mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:r|rs|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_TIME_WORD: Final = (
    rf"(?:{_MONTH}|{_DAY}|wib|wita|wit|gmt|utc|am|pm|pukul|at|on|published|updated?|diperbarui|dipublikasikan|diterbitkan|tayang"
    r"|last|this (?:post|article|story) was|artikel ini|terakhir|menit|jam|hari|minggu|bulan|min(?:ute)?s?|hours?|days?|weeks?|months?|yang|lalu|ago|waktu|baca|read)\b"
)
_TIME: Final = (
    rf"(?:{_TIME_WORD}|\d++(?:st|nd|rd|th|[\dtz]*+)|[\s./:+,|•·()–—-])"  # possessive: a line of digits is read once
)
_DATE: Final = rf"(?:\d\W{{0,2}}\b{_MONTH}\b|\b{_MONTH}\b\W{{0,2}}\d|\d{{4}}-\d\d-\d\d|\d\d?[./-]\d\d?[./-]\d\d)"
_CLOCK: Final = rf"(?:{_DATE}|\b{_DAY}\b|\d\d?[:.]\d\d\s*(?:wib|wita|wit|am|pm)\b|\b(?:lalu|ago|baca|read)\b)"
_WORD: Final = r"(?-i:[A-Z][\w.'’-]*+)"
_NAME: Final = rf"{_WORD}(?:[\s,]++(?:{_WORD}|dan|and|bin|binti|de|van|von|[|&/–-])){{0,9}}"
# In front of a line of a list; and who says so, by which a quoted call to look at something is known.
_MARK: Final = r"(?:[-*•●▪►»→>]{1,3}\s*)?"
_UNSAID: Final = (
    r"(?!.*[,”\"]\s*(?:kata|ujar|ucap|tutur|tegas|jelas|ungkap|imbuh|terang|tambah|pungkas|said|says|told)(?:nya)?\b)"
)

# Titles of a list of other articles; the headlines below one go too, as "listed".
_LISTS: Final = {
    "list": (
        r"(?:berita|artikel|topik) (?:terkait|lainnya|terbaru|terkini|populer|terpopuler|pilihan)",
        r"terkini lainnya|terpopuler|rekomendasi (?:untuk (?:anda|kamu)|artikel|berita)|pilihan (?:redaksi|editor)",
        r"(?:baca|lihat|simak|tonton) juga|(?:next|previous) (?:article|post|story)|(?:artikel|berita) (?:selanjutnya|sebelumnya)",
        (
            r"related(?: (?:posts?|articles?|stor(?:y|ies)|news|topics?|coverage|reading)(?: (?:from|on) .{1,40})?)?"
            r"|more on this (?:story|topic)"
            r"|more (?:stories|from .{1,40})"
        ),
        r"you (?:may|might) also like|recommended(?: for you| stories)?|most (?:read|popular|viewed)|editor'?s'? picks?",
    )
}

_ANYWHERE: Final = {
    "read-also": (
        rf"{_MARK}[(\[]?(?:baca|lihat|simak|tonton) (?:juga|pula)\s*[:：–—-].*",
        rf"{_MARK}{_UNSAID}(?:baca|lihat|simak|tonton) (?:juga|pula)(?:\b|(?-i:(?=[A-Z]))).*[^.!?”\"]",
        r"(?:pilihan (?:redaksi|editor)|(?:artikel|berita) terkait)\s*[:：].*",
        r"(?:also read|read also|see also|related(?: (?:article|story|stories|news|reading|post|posts|video))?)\s*:.*",
    ),
    "read-on": (
        (
            r"(?:baca|lihat|simak) (?:berita |artikel )?selengkapnya\s*"
            r"(?:[:>»].*|(?:di|pada|dalam|melalui)\s*(?:sini|tautan|link|halaman|laman).{0,40})?\.?"
        ),
        r"read (?:our|the) (?:full|entire|complete) .{2,80}[^.!?]",
        r"read (?:more|on)\s*:.*|read (?:more|the full (?:story|article))(?: here)?|continue reading",
        r"the post .* (?:appeared first on|first appeared on) .*",
    ),
    "rule": (r"[-–—_*=~•·|\s]+|\.",),
    "button": (
        r"(?:back|scroll) to top(?: button)?|kembali ke atas|table of contents|daftar isi|on this page|in this article",
        r"navigasi pos|post navigation|skip to (?:main )?content|langsung ke konten",
        r"load more|show (?:all|more)|muat lebih banyak|(?:lihat|tampilkan) (?:semua|lagi)",
    ),
    "share": (
        rf"(?:share|tweet|bagikan|cetak|copy link|salin (?:tautan|link))|(?:(?:{_SHARES})(?:[\s|,·•/:]+|$)){{2,}}",
        r"(?:bagikan|share)(?: artikel| berita)?(?: ini| this(?: article| story)?)?(?: ke| di| on| via)?.{0,20}:(?: url telah tercopy)?",
        rf"(?:share|bagikan|klik untuk berbagi|click to share)(?: on| di| ke| via| to)? (?:{_SHARES})(?: \(.{{0,60}}\))?",
        r"like this:|menyukai ini:|suka ini:|(?:like|suka) (?:loading|memuat)[.…]*|(?:post views|dilihat|dibaca)\s*:?\s*\d[\d.,]*(?: kali)?",
        r"share this(?: post| article| story| page)?|bagikan (?:artikel|berita|halaman)(?: ini)?",
        r"\d+ (?:shares?|komentar|comments?|views?)",
    ),
    "tags": (r"(?:tags?|topik|kata kunci)\s*:.{0,200}(?<![.!?])",),
    "comments": (
        r"tinggalkan (?:balasan|komentar)|leave a (?:reply|comment)|alamat email anda tidak akan dipublikasikan.*",
        r"your email address will not be published.*|ruas yang wajib ditandai.*",
    ),
    "advert": (
        r"[-–—\s]*+(?:advertisements?|iklan|pariwara|sponsored(?: content)?)[-–—\s]*",
        r"(?:advertisement )?scroll to (?:continue|resume)(?: with)?(?: content)?|(?:continue|resume) (?:with )?content",
        r"(?:scroll|gulir|geser)(?: (?:ke bawah|down))? untuk (?:melanjutkan|lanjut|membaca|baca|melihat)\b.{0,60}|lanjut(?:kan)? (?:dengan|ke) konten",
        r"baca (?:berita|artikel) (?:dengan|tanpa) (?:sedikit )?iklan\b.{0,60}",
        r"(?:article|story|content) continues (?:below|after).{0,40}|advertisement\s*:.{2,80}[^.!?]",
    ),
    "video": (
        r"to (?:view|watch) this (?:video|content),? (?:please )?enable javascript.*",
        r"\[gambas ?:.*\]|\[video .*\]",
        (
            rf"{_MARK}{_UNSAID}(?:simak|tonton|saksikan|lihat)(?: juga)? (?:video|momen|siaran|live)\b"
            r"(?:[^,]{0,150}(?:[^.]|\.\.\.)|.{0,80}\b(?:di sini|ini|berikut)\.)?"
        ),
    ),
    "post": (r"view this post on instagram|(?:a post|sebuah kiriman) (?:shared by|dibagikan oleh) .*",),
    "paging": (
        r"(?:halaman|page)\s*+:?\s*+\d++(?:\s*+(?:/|dari|of)?\s*+\d++)*+(?: selanjutnya| berikutnya| next)?",
        r"(?:baca|buka|lanjut(?:kan)?|bersambung)(?: baca)?(?: ke)? (?:halaman|laman) (?:selanjutnya|berikutnya|\d{1,2})\b.{0,10}",
        r"(?:lanjut|bersambung)(?: baca)? ke (?:sebelah|halaman sebelah|bawah).{0,10}",
        r"halaman (?:selanjutnya|berikutnya|sebelumnya)|(?:selanjutnya|berikutnya|next page|previous page)\s*[>»]*",
    ),
    "promotion": (
        (
            rf"{_MARK}{_UNSAID}(?:simak|ikuti|dapatkan|baca|cek|temukan|follow|gabung|bergabung|yuk|jangan lewatkan|update)\b"
            rf"(?!.{{0,40}}\b(?:yang beredar|itu|tersebut|membuka|bpbd|banjir)\b).{{0,200}}\b(?:{_CHANNELS})\b.{{0,120}}"
        ),
        (
            rf"{_UNSAID}(?:follow us (?:on|at|@)|join our .{{0,60}}(?:channel|newsletter|community|group)|subscribe to our|sign up (?:for|to) our"
            r" .{0,40}newsletter)\b.{0,150}"
        ),
        r"dapatkan (?:berita|update|informasi) .{0,60}(?:up to date|terbaru|terkini|pilihan).{0,120}",
        rf"{_MARK}(?:follow berita .{{2,60}} di .{{2,60}}|fakta atau hoaks\?.*|(?:ingin|mau) (?:tahu|cek) kebenaran .{{0,60}}whatsapp.*)",
        r"(?:download|unduh|instal) aplikasi (?:kami|.{2,40} (?:sekarang|untuk (?:membaca|berita|kabar)))\b.{0,80}",
        r"(?:ikuti|follow) kami di [^,]{2,80}[^.!?,]|gabung .{2,40} (?:plus|premium) sekarang.{0,20}",
        r"click here (?:to|for) .{2,80}[^.!?]|klik di ?sini untuk .{2,80}[^.!?]",
    ),
    "subscribe": (
        r"baca selengkapnya dengan berlangganan.*|sudah berlangganan\?.*|subscribe to (?:get access|continue reading|read).{0,60}",
        r"this (?:article|story) is (?:exclusive to|for|only for|available to) .{0,40}(?:subscribers|members)(?: only)?\.?",
    ),
    "picture": (
        r"(?:photo|image|picture|photo illustration|illustration|foto|gambar|ilustrasi)(?: (?:credit|by|via|oleh))?\s*: .{2,80}[^.!?:]",
        r"(?:ilustrasi|foto|gambar)\b[^.]{0,80}\.?\s*\([^()\d]{0,40}/[^()\d]{1,40}\)",
        r".{3,150}\((?:(?:foto|photo)(?: (?:credit|by|oleh))?\s*[:/]|dok(?:umentasi)?[.: ]|istimewa)[^()]{0,60}\)",
    ),
    "reprint": (
        (
            rf"{_MARK}{_UNSAID}(?:artikel|berita) ini (?:(?:sebagian )?(?:telah|sudah) |pertama kali |lebih dulu ){{0,2}}"
            r"(?:tayang|ditayangkan|terbit|diterbitkan|dimuat|naik|diolah|bersumber) (?:di|pada|dari|dalam bahasa).{0,200}"
        ),
        r"this (?:article|story|post) (?:was |has been )?(?:originally |first )(?:published|appeared) (?:on|in|by|at) .{2,150}",
        r"dilarang keras (?:mengambil|menyalin|mengcopy|mengutip|melakukan (?:crawling|pengindeksan|penyalinan)).*",
    ),
    "copyright": (
        (
            r"(?:copyright|hak cipta)\s*(?:©|\(c\)|@|\d{4}).{0,200}|©(?=.*\d{4}).{0,160}|\(c\)\s*(?:\d{4}|copyright)\b.{0,120}"
            r"|all rights reserved\.?|hak cipta dilindungi(?: (?:oleh )?undang-undang)?\.?"
        ),
    ),
}

# Below the last paragraph only.
_AT_THE_END: Final = {
    "credit": (
        r"\((?:[a-z]{2,4}|[a-z]{1,3}-\d{1,2})(?:/[a-z]{2,4}){0,3}\)",
        rf"\(?(?:{_PEOPLE})(?:\s*/\s*(?:{_PEOPLE}))?\s*[:：].{{0,200}}",
        r"[a-z]{2,4}(?:/[a-z]{2,4}){0,3} \([a-z]{2,4}(?:[,/ ]+[a-z]{2,4}){0,3}\)",
        rf"(?:diadaptasi|disunting|ditulis|(?:article )?(?:written|edited|reviewed)) (?:oleh|by) {_NAME}\.?",
        r"\(?(?:additional )?(?:reporting|writing|editing|compiled) by .{2,200}|this (?:article|story) was (?:edited|written) by .{2,80}",
        rf"(?-i:[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){{0,4}}\s*)(?:{_PEOPLE})\s*[:：].{{0,200}}",
        r".{2,80} (?:ber|turut ber|ikut ber)kontribusi dalam (?:penulisan|tulisan|artikel|laporan).{0,40}",
        rf"\({_SITE}(?:/[^()]{{2,60}})?\)",
    ),
    "when": (rf"(?=.*\d{{4}})(?=.*{_DATE}){_TIME}++",),
    "tags": (r"tags?|topik terkait|kata kunci|label",),
    "share": (rf"{_SHARES}",),
    "list": (r"rekomendasi|terkait",),
}

# So, but in English a name in brackets may be the text's own.
_AT_AN_INDONESIAN_END: Final = {
    "credit": (
        rf"\({_WORD}(?:[\s,/]++{_WORD}){{0,4}}\s*\)",
        r"sumber\s*:\s*.{2,60}[^.]",
    )
}

# Above the first paragraph only: when, by whom, where on the site.
_AT_THE_START: Final = {
    "when": (
        rf"(?=.*{_DATE}){_TIME}{{3,}}+(?:{_WORD}(?:\s+{_WORD})?|{_SITE})",
        rf"(?=.*\d)(?=.*{_CLOCK}){_TIME}++",
    ),
    "byline": (
        rf"(?:(?:ditulis|posted|written) )?(?:oleh|by|{_PEOPLE})\s*:?\s+{_NAME}(?:\s+{_TIME}++)?|(?:{_PEOPLE}|rep|red)\s*:.{{2,150}}",
        r"laporan (?:wartawan|reporter|kontributor) .{2,80}[^.]",
    ),
    "trail": (r"(?:home|beranda|news|berita)\s*[>»/|].{1,200}",),
}

RULES: Final = tuple(
    dict.fromkeys(
        name.replace("_", "-")
        for place in (
            _LISTS,
            _ANYWHERE,
            _AT_THE_END,
            _AT_THE_START,
            {"listed": (), "title": (), "kicker": (), "link": ()},
        )
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
