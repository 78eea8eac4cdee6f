"""What the pages say on which something is tried out, or asked by a link; in English and in Indonesian. Pure."""

from __future__ import annotations

from typing import Final

WORKSHOP: Final[dict[str, tuple[str, str]]] = {
    # try
    "try": ("Try a topic", "Coba topik"),
    "try_it": ("Try it", "Coba"),
    "try_a_change": ("Try a change of it", "Coba perubahannya"),
    "what_trying_is": (
        "What it would have found in the archive, and told after all rules. Nothing is sent and nothing is changed.",
        "Apa yang akan ditemukan di arsip, dan diberitahukan setelah semua aturan. Tidak ada yang dikirim atau diubah.",
    ),
    "of_topic": ("Topic, to compare with", "Topik, sebagai pembanding"),
    "none_of_them": ("(none)", "(tidak ada)"),
    "how_far_back": ("How far back", "Sejauh mana"),
    "look_closer": ("Also what it just missed", "Juga yang nyaris ditemukan"),
    "look_closer_at_it": (
        "What did it just miss, and what in it is of no use?",
        "Apa yang nyaris ditemukan, dan apa di dalamnya yang tidak berguna?",
    ),
    "try_reading": ("Reading the archive: {percent} %", "Membaca arsip: {percent} %"),
    "try_judging": ("Going through the rules", "Menerapkan aturan"),
    "try_looking": ("Looking at what it just missed: {percent} %", "Mencari yang nyaris ditemukan: {percent} %"),
    "try_weighing": ("Weighing its words", "Menimbang kata-katanya"),
    "last_days": ("{n} day|{n} days", "{n} hari"),
    "tried_read": ("{n} article read|{n} articles read", "{n} artikel dibaca"),
    "tried_match": ("{n} matches|{n} match", "{n} cocok"),
    "tried_stories": ("in {n} story|in {n} stories", "dalam {n} berita"),
    "tried_messages": (
        "{n} message would have gone out|{n} messages would have gone out",
        "{n} pesan akan terkirim",
    ),
    "tried_per_day": ("Matching articles per day", "Artikel cocok per hari"),
    "found_now": ("Stories that it finds", "Berita yang ditemukan"),
    "more_than_before": ("Found now and not before: {n}", "Kini ditemukan, sebelumnya tidak: {n}"),
    "fewer_than_before": ("Found before and not now: {n}", "Sebelumnya ditemukan, kini tidak: {n}"),
    "difference_of": (
        "{topic}: {change} stories in {n} days, as before: {stays}",
        "{topic}: {change} berita dalam {n} hari, seperti sebelumnya: {stays}",
    ),
    "score_n": ("score {n}", "nilai {n}"),
    "would_be_told": ("told {when}", "diberitahukan {when}"),
    "would_not_be_told": ("not told, by the rules", "tidak diberitahukan, menurut aturan"),
    "to_copy": ("To copy into config.yaml, under topics", "Untuk disalin ke config.yaml, di bawah topics"),
    "only_newest": ("The newest {n} are shown.", "Ditampilkan {n} yang terbaru."),
    # a second look
    "near_misses": ("Near misses", "Yang nyaris ditemukan"),
    "what_near_misses_are": (
        "Articles that failed by one clause alone, the likest to what it finds first.",
        "Artikel yang gagal karena satu klausa saja, yang paling mirip dengan temuannya lebih dahulu.",
    ),
    "no_near_misses": ("Nothing failed by one clause alone.", "Tidak ada yang gagal karena satu klausa saja."),
    "words_that_they_share": ("Words that they share", "Kata yang sama-sama mereka punya"),
    "of_no_use": ("Of no use in {n} days", "Tidak berguna dalam {n} hari"),
    "all_of_use": ("Each of its words decided something.", "Setiap katanya menentukan sesuatu."),
    "in_longer": ("And in {n} days?", "Dan dalam {n} hari?"),
    "overlapping": ("Nearly the same as another topic", "Hampir sama dengan topik lain"),
    "idle_topics": ("Topics that found nothing since {day}", "Topik yang tidak menemukan apa pun sejak {day}"),
    # by example
    "like_these": ("Like one of these", "Mirip salah satu dari ini"),
    "like_by": ("by {n} of 100 or more", "dengan nilai {n} dari 100 atau lebih"),
    "like_what": ("like {name}; in common: {words}", "mirip {name}; kata yang sama: {words}"),
    # links of messages
    "hear_no_more": ("Hear no more of it?", "Tidak ingin dengar lagi?"),
    "mute_for_whom": (
        "This counts for what goes to {channel}, and for nobody else.",
        "Ini berlaku untuk yang dikirim ke {channel}, dan tidak untuk yang lain.",
    ),
    "mute_this_story": ("Mute this story until {until}", "Bisukan berita ini sampai {until}"),
    "mute_this_topic": ("Mute this topic until {until}", "Bisukan topik ini sampai {until}"),
    "it_is_muted": ("It is quiet now", "Sekarang hening"),
    "muted_story": (
        "Nothing more of the story “{title}” goes to {channel} until {until}.",
        "Berita “{title}” tidak lagi dikirim ke {channel} sampai {until}.",
    ),
    "muted_topic": (
        "Nothing of the topic “{title}” goes to {channel} until {until}.",
        "Topik “{title}” tidak dikirim ke {channel} sampai {until}.",
    ),
    "muted_how_back": (
        "To hear of it again sooner, ask whoever keeps monitor: it stands under Silences.",
        "Agar terdengar lagi lebih cepat, minta pengelola monitor: tercatat di halaman Dibisukan.",
    ),
    "nothing_changed": ("Nothing was changed", "Tidak ada yang diubah"),
    "mute_forged": (
        "This link is not whole. Copy all of it from the message.",
        "Tautan ini tidak utuh. Salin seluruhnya dari pesan.",
    ),
    "mute_expired": (
        "This link is too old: it counts for a week. The next message brings a new one.",
        "Tautan ini kedaluwarsa: berlaku seminggu. Pesan berikutnya membawa yang baru.",
    ),
    "mute_used": (
        "This link was used before, and counts once. The next message brings a new one.",
        "Tautan ini sudah dipakai, dan hanya berlaku sekali. Pesan berikutnya membawa yang baru.",
    ),
    "mute_unclear": (
        "It is not clear what to be silent about. Open the link in the message and choose there.",
        "Tidak jelas apa yang dibisukan. Buka tautan dalam pesan dan pilih di sana.",
    ),
}
