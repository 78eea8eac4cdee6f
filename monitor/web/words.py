"""The words of the page, in English and in Indonesian. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal
from zoneinfo import ZoneInfo

Language = Literal["en", "id"]

_MONTHS: Final[Mapping[Language, tuple[str, ...]]] = MappingProxyType(
    {
        "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        "id": ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"),
    }
)

# A text with {n} may have two forms in English, for one and for more, parted by a |.
_TEXTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        # frame
        "skip": ("Skip to the content", "Langsung ke isi"),
        "pages": ("Pages", "Halaman"),
        "today": ("Today", "Hari ini"),
        "stories": ("Stories", "Berita"),
        "search": ("Search", "Cari"),
        "topics": ("Topics", "Topik"),
        "feeds": ("Feeds", "Sumber"),
        "deliveries": ("Deliveries", "Pengiriman"),
        "settings": ("Settings", "Pengaturan"),
        "as_of": ("As of", "Keadaan"),
        "metrics": ("Metrics", "Metrik"),
        "leave": ("Log out", "Keluar"),
        "more": ("Show more", "Tampilkan lagi"),
        "show": ("Show", "Tampilkan"),
        "all": ("All", "Semua"),
        "yes": ("yes", "ya"),
        "never": ("never", "belum pernah"),
        "nobody": ("nobody", "tidak ada"),
        "untitled": ("(no title)", "(tanpa judul)"),
        "nothing_here": ("Nothing here yet.", "Belum ada apa-apa di sini."),
        "to_the_start": ("To the start", "Ke halaman awal"),
        "as_table": ("As a table", "Sebagai tabel"),
        "subscribe": ("Subscribe", "Berlangganan"),
        # home
        "all_well": ("All is well: {what}.", "Semua baik: {what}."),
        "needs_look": ("Worth a look: {what}.", "Perlu dilihat: {what}."),
        "stands_still": ("The daemon is late: nothing is being done.", "Layanan terlambat: tidak ada yang dikerjakan."),
        "feeds_fine": ("{fine} of {n} feeds answer", "{fine} dari {n} sumber menjawab"),
        "last_alert": ("last alert {when}", "peringatan terakhir {when}"),
        "no_alert_yet": ("no alert yet", "belum ada peringatan"),
        "problems": ("Problems", "Masalah"),
        "feeds_unwell": ("{n} feed is unwell: {names}|{n} feeds are unwell: {names}", "{n} sumber bermasalah: {names}"),
        "dead_letters": (
            "{n} message could not be delivered|{n} messages could not be delivered",
            "{n} pesan tidak dapat dikirim",
        ),
        "maybe_letters": (
            "Of {n} message nobody knows whether it arrived|Of {n} messages nobody knows whether they arrived",
            "{n} pesan tidak diketahui sampai atau tidak",
        ),
        "broken_channels": (
            "{n} channel is broken: {names}|{n} channels are broken: {names}",
            "{n} saluran rusak: {names}",
        ),
        "bad_edit": (
            "The last edit of the configuration can't be used; the one before goes on.",
            "Perubahan terakhir konfigurasi tidak dapat dipakai; yang sebelumnya tetap berlaku.",
        ),
        "alerts_per_hour": ("Messages sent in the last 48 hours", "Pesan terkirim dalam 48 jam terakhir"),
        "hour": ("Hour", "Jam"),
        "alerts": ("Messages", "Pesan"),
        "stories_today": ("Stories of today", "Berita hari ini"),
        "all_stories": ("All stories", "Semua berita"),
        "no_stories_today": (
            "Nothing concerned your topics today so far.",
            "Sejauh ini hari ini belum ada yang menyangkut topik Anda.",
        ),
        # stories
        "and_more": ("and {n} more", "dan {n} lagi"),
        "articles": ("{n} article|{n} articles", "{n} artikel"),
        "copies": ("{n} copy|{n} copies", "{n} salinan"),
        "outlets": ("{n} outlet|{n} outlets", "{n} media"),
        "told_on": ("Told on", "Diberitahukan di"),
        "topic": ("Topic", "Topik"),
        "day": ("Day", "Hari"),
        "over_time": ("Its reports over time", "Laporannya dari waktu ke waktu"),
        "reported_at": ("{outlet}, {when}", "{outlet}, {when}"),
        "told_at": ("told on {channel}, {when}", "diberitahukan di {channel}, {when}"),
        "what_was_told": ("What was told, to whom, and when", "Apa yang diberitahukan, kepada siapa, dan kapan"),
        "not_told": ("It was not told to anybody.", "Tidak diberitahukan kepada siapa pun."),
        "why_it_matched": ("Why it matched", "Mengapa cocok"),
        "score": ("score {n} of 100", "nilai {n} dari 100"),
        "its_articles": ("Its articles", "Artikelnya"),
        "published": ("published", "terbit"),
        "a_copy": ("a copy", "salinan"),
        "q_teaser": ("only a teaser was readable", "hanya cuplikan yang terbaca"),
        "q_feed only": ("from the feed's own text", "dari teks sumber sendiri"),
        "q_paywall": ("behind a paywall", "di balik tembok berbayar"),
        "q_consent or error page": (
            "its page showed no article; from the feed's own text",
            "halamannya tidak memuat artikel; dari teks sumber sendiri",
        ),
        "kind_story": ("new story", "berita baru"),
        "kind_follow_up": ("follow-up", "lanjutan"),
        "kind_now_also": ("now also", "kini juga"),
        "kind_correction": ("correction", "ralat"),
        "kind_digest": ("digest", "rangkuman"),
        "kind_notice": ("notice", "pemberitahuan"),
        "kind_flood": ("flood", "banjir entri"),
        "kind_rest": ("together with others", "bersama yang lain"),
        "timeline_legend": (
            "a dot is a report, a pale one a copy, a stroke a message",
            "titik: laporan, titik pucat: salinan, garis: pesan",
        ),
        "since": ("since", "sejak"),
        "now": ("now", "sekarang"),
        "its_text": ("text", "teks"),
        "its_story": ("its story", "beritanya"),
        "listed_by": ("Listed by", "Dimuat oleh"),
        # search
        "words": ("Words", "Kata"),
        "from_day": ("From", "Dari"),
        "to_day": ("To", "Sampai"),
        "feed": ("Feed", "Sumber"),
        "read_there": ("read there", "baca di sana"),
        "nothing_found": ("Nothing was found for these words.", "Tidak ada yang ditemukan untuk kata-kata ini."),
        "not_yet_found": (
            "Nothing among the newest of this feed; older ones may hold them.",
            "Tidak ada di antara yang terbaru dari sumber ini; yang lebih lama mungkin memuatnya.",
        ),
        "how_to_search": (
            'All the words must stand in an article. "In quotes" they stand in a row, -so a word must not be there, and begin* stands for any ending.',
            'Semua kata harus ada dalam artikel. "Dalam tanda kutip" kata berurutan, -begini kata tidak boleh ada, dan awal* berarti akhiran apa pun.',
        ),
        # topics
        "last_30_days": ("Last 30 days", "30 hari terakhir"),
        "matches": ("Matches", "Kecocokan"),
        "last_match": ("Last match", "Kecocokan terakhir"),
        "matches_per_day": ("Matches per day, last 30 days", "Kecocokan per hari, 30 hari terakhir"),
        "aliases_without_hit": (
            "Aliases that nothing was found by since {day}",
            "Alias yang tidak menemukan apa pun sejak {day}",
        ),
        "topic_refused": (
            "As it is written now it can't be used; its last good version goes on.",
            "Seperti tertulis sekarang tidak dapat dipakai; versi baik terakhirnya tetap berlaku.",
        ),
        "last_matches": ("Last matches", "Kecocokan terakhir"),
        "no_matches": ("Nothing matched yet.", "Belum ada yang cocok."),
        "query": ("Query", "Kueri"),
        "urgent": ("Urgent", "Mendesak"),
        # feeds
        "feeds_summary": (
            "{fine} of {n} feed well|{fine} of {n} feeds well",
            "{fine} dari {n} sumber baik",
        ),
        "last_96": ("Last polls", "Pembacaan terakhir"),
        "last_success": ("Last success", "Berhasil terakhir"),
        "next_poll": ("Next poll", "Pembacaan berikut"),
        "a_day": ("A day", "Per hari"),
        "lag": ("Lag", "Jeda"),
        "polls_title": (
            "the last {n} polls: {new} with news, {same} without, {bad} failed",
            "{n} pembacaan terakhir: {new} ada yang baru, {same} tidak, {bad} gagal",
        ),
        "polls_legend": (
            "Each stroke is a poll, the newest at the right: tall where something was new, short and pale where nothing was, red where it failed.",
            "Tiap garis adalah satu pembacaan, yang terbaru di kanan: tinggi bila ada yang baru, pendek dan pucat bila tidak, merah bila gagal.",
        ),
        "feed_failing": ("{why}|{why} ({n} in a row)", "{why} ({n} kali berturut-turut)"),
        "feed_paused": ("left alone: {why}", "dibiarkan: {why}"),
        "feed_moved": ("moved for good to {where}", "pindah untuk selamanya ke {where}"),
        "feed_silent": ("silent: nothing new since {when}", "sunyi: tidak ada yang baru sejak {when}"),
        "feed_in_part": ("part of it can't be read: {why}", "sebagian tidak dapat dibaca: {why}"),
        "why_as configured": ("", ""),
        "why_its server asked for a longer pause": ("as its server asks", "sesuai permintaan servernya"),
        "why_its server asked to be left alone": ("as its server asks", "sesuai permintaan servernya"),
        "why_more often for now: entries came and went between two readings": (
            "after gaps",
            "karena ada yang terlewat",
        ),
        "why_it failed": ("as it failed", "karena gagal"),
        # deliveries
        "message": ("Message", "Pesan"),
        "channel": ("Channel", "Saluran"),
        "state": ("State", "Keadaan"),
        "tries": ("Tries", "Percobaan"),
        "next_try": ("next try", "coba lagi"),
        "send_again": ("Send again", "Kirim lagi"),
        "sent_again": ("It goes out again now.", "Pesan dikirim lagi sekarang."),
        "not_sent_again": (
            "It can't be sent again: it went out meanwhile, or its channel is gone.",
            "Tidak dapat dikirim lagi: sudah terkirim, atau salurannya tidak ada lagi.",
        ),
        "state_all": ("all", "semua"),
        "state_waiting": ("waiting", "menunggu"),
        "state_sent": ("sent", "terkirim"),
        "state_dead": ("dead", "gagal"),
        "state_maybe": ("maybe delivered", "mungkin terkirim"),
        "state_held": ("held", "ditahan"),
        # settings
        "settings_where": (
            "What is in force now, from {file}. Secrets are not shown. To change it, edit that file: it counts at once (storage, web and engine from the next start on).",
            "Yang berlaku sekarang, dari {file}. Rahasia tidak ditampilkan. Untuk mengubahnya, sunting berkas itu: langsung berlaku (storage, web, dan engine sejak dijalankan ulang).",
        ),
        "in_general": ("In general", "Umum"),
        "bad_topics": (
            "These topics can't be used as they stand now; their last good version goes on: {names}",
            "Topik ini tidak dapat dipakai seperti tertulis; versi baik terakhirnya tetap berlaku: {names}",
        ),
        "last_bad_edit": ("The last edit that can't be used", "Perubahan terakhir yang tidak dapat dipakai"),
        "token": ("For programs", "Untuk program"),
        "token_how": (
            "With this header programs read the API, CSV and Atom. It changes with the password.",
            "Dengan tajuk ini program membaca API, CSV, dan Atom. Ia berubah bersama kata sandi.",
        ),
        # login and errors
        "log_in": ("Log in", "Masuk"),
        "password": ("Password", "Kata sandi"),
        "wrong_password": ("That is not the password.", "Kata sandi itu salah."),
        "too_many": (
            "Too many tries. Try again in {n} second.|Too many tries. Try again in {n} seconds.",
            "Terlalu banyak percobaan. Coba lagi dalam {n} detik.",
        ),
        "not_found": ("There is no such page", "Halaman itu tidak ada"),
        "not_allowed": ("That can't be done here", "Itu tidak dapat dilakukan di sini"),
        "not_now": ("The database is busy or away; try again in a moment", "Basis data sibuk; coba lagi sebentar"),
        "went_wrong": ("Something went wrong; the log says what", "Ada yang salah; lihat log"),
        # lengths and ages
        "seconds": ("{n} s", "{n} dtk"),
        "minutes": ("{n} min", "{n} mnt"),
        "hours": ("{n} h", "{n} jam"),
        "days": ("{n} d", "{n} hari"),
        "just_now": ("just now", "baru saja"),
        "minutes_ago": ("{n} min ago", "{n} menit lalu"),
        "hours_ago": ("{n} h ago", "{n} jam lalu"),
        "days_ago": ("{n} d ago", "{n} hari lalu"),
        "in_minutes": ("in {n} min", "{n} menit lagi"),
        "in_hours": ("in {n} h", "{n} jam lagi"),
        "in_days": ("in {n} d", "{n} hari lagi"),
        "at_once": ("any moment", "sebentar lagi"),
    }
)


def say(language: Language, key: str, **facts: object) -> str:
    """The text; a key that it has not comes back as it is, so that a later version's word is shown all the same."""
    if key not in _TEXTS:
        return key.partition("_")[2].replace("_", " ") or key
    text = _TEXTS[key][0 if language == "en" else 1]
    if "|" in text:
        one, _, more = text.partition("|")
        text = one if facts.get("n") == 1 else more
    return text.format(**facts) if facts else text


_LANGUAGES: Final[Mapping[str, Language]] = MappingProxyType({"id": "id", "in": "id", "en": "en"})  # "in" until 1989


def preferred(accept: str) -> Language:
    """What a browser asks for (RFC 9110, 12.5.4): Indonesian where it stands before English."""
    ranked: list[tuple[float, int, Language]] = []
    for index, part in enumerate(accept.split(",")[:20]):
        name, _, weight = part.strip().lower().partition(";")
        language = _LANGUAGES.get(name.partition("-")[0])
        if language and (quality := _quality(weight)) > 0:
            ranked.append((-quality, index, language))
    return min(ranked)[2] if ranked else "en"


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def clock(moment: datetime, zone: ZoneInfo, language: Language, *, now: datetime) -> str:
    """A moment as people write it: the day is left out where it is today."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    hour = f"{local:%H:%M}"
    if local.date() == today.date():
        return hour
    year = f" {local.year}" if local.year != today.year else ""
    return f"{local.day} {_MONTHS[language][local.month - 1]}{year} {hour}"


_STEPS: Final = ((timedelta(days=2), timedelta(days=1), "days"), (timedelta(hours=2), timedelta(hours=1), "hours"))


def lasting(time: timedelta, language: Language) -> str:
    for unit, name in ((timedelta(days=1), "days"), (timedelta(hours=1), "hours"), (timedelta(minutes=1), "minutes")):
        if time >= 2 * unit:
            return say(language, name, n=round(time / unit))
    return say(language, "seconds", n=round(time.total_seconds()))


def age(moment: datetime, language: Language, *, now: datetime) -> str:
    """How long ago it was, or how soon it will be."""
    past = now >= moment
    distance = now - moment if past else moment - now
    if distance < timedelta(minutes=1):
        return say(language, "just_now" if past else "at_once")
    for least, unit, name in _STEPS:
        if distance >= least:
            return say(language, f"{name}_ago" if past else f"in_{name}", n=distance // unit)
    return say(language, "minutes_ago" if past else "in_minutes", n=distance // timedelta(minutes=1))
