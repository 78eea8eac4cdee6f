"""What editors add to a text: a word that it was corrected, and what is no statement of it: hints, credits, stamps. Pure."""

from __future__ import annotations

import re
from typing import Final

from monitor.text import fold

_LONGEST_ASIDE: Final = 220  # characters; what is longer is a paragraph
_STOPS: Final = (".", "!", "?", "”", '"', "。")


# -- corrections ---------------------------------------------------------------------------------

# What a note begins with, alone or before a colon, a dash, a bracket.
_HEADS: Final = (
    "ralat|koreksi|klarifikasi|pembetulan|hak jawab|hak koreksi|permohonan maaf|permintaan maaf"
    "|corrections?|corrected|corrects|clarifications?|clarified|retraction|retracted|withdrawn|erratum|errata(?: corrige)?"
    "|fe de erratas|fe de errores|correccion|rectificacion|aclaracion|correcao|erramos|retificacao|esclarecimento"
    "|rectificatif|mise au point|korrektur|korrigiert|berichtigung|richtigstellung|rectificatie|correctie|rettifica"
    "|sprostowanie|korekta|rattelse|rettelse|oikaisu|duzeltme|tekzip|pagtatama|pagwawasto|dinh chinh"
    "|исправление|исправлено|уточнение|поправка|опровержение|виправлення|спростування"
    "|تصحيح|تصويب|تنويه|اصلاح|更正|勘误|勘誤|訂正|お詫びと訂正|お詫び|정정|정정보도|바로잡습니다|भूल सुधार|แก้ไขข่าว"
)
_OF_EDITORS: Final = "redaksi|dari redaksi|berita|redaktur|editor|of the editor|redaktion|de la redaccion|da redacao"
# An editor's note may also be about something else.
_EDITORS_NOTE: Final = (
    r"(?:catatan (?:dari )?(?:redaksi|editor|redaktur)|editor'?s'? notes?|dari redaksi|nota de la redaccion)"
)
_WRONG: Final = (
    r"(?:ralat|koreksi|dikoreksi|keliru|kekeliruan|kesalahan|salah (?:tulis|sebut|ketik)|diperbaiki|perbaikan|mencabut|dicabut"
    r"|maaf|meralat|correct\w*|errors?|mistake\w*|misstated|incorrect\w*|inaccura\w*|amended|retract\w*|clarif\w*|apologi\w*)"
)
_THIS: Final = r"(?:artikel|berita|tulisan|judul|naskah|konten|foto|laporan) (?:artikel |berita )?(?:ini|di atas|tersebut|sebelumnya)"
_CORRECTED: Final = r"(?:dikoreksi|diralat|diperbaiki|dibetulkan|dicabut|ditarik|direvisi)"
_ITSELF: Final = r"(?:this|an? (?:earlier|previous|prior)|the (?:original|initial|earlier)) (?:version|article|story|report|headline|post|piece|item|dispatch|page)"

_NOTE: Final = re.compile(
    rf"^\W{{0,4}}(?P<head>{_HEADS})(?:(?: (?:{_OF_EDITORS}))?\s*(?:[:：)\]】\-–—*]|$)| (?:redaksi|berita)\b)"
    rf"|(?P<inside>\((?:{_HEADS})\)|\[(?:{_HEADS})\]|【(?:{_HEADS})】)"
    r"|(?P<agency>^[(\[](?:corrects|corrected|clarifies|corrige|korrigiert)\b)"
    rf"|^\W{{0,4}}(?P<editor>{_EDITORS_NOTE}\b).{{0,300}}?\b{_WRONG}\b"
    r"|(?P<verb>\b(?:me|di)ralat\b)"
    rf"|(?P<own>\b{_THIS}\b.{{0,60}}\b{_CORRECTED}\b|\bredaksi\b.{{0,60}}\b(?:maaf|mengoreksi|mencabut|memperbaiki)\b"
    rf"|\bversi (?:sebelumnya|awal|terdahulu) (?:dari )?(?:artikel|berita|tulisan)\b"
    rf"|\b{_ITSELF}\b.{{0,120}}\b{_WRONG}\b|\bhas been (?:corrected|amended|retracted)\b)"
)


def correction_note(paragraph: str) -> str:
    """By which words a paragraph or a title says that something was corrected; empty where it does not."""
    found = _NOTE.search(fold(paragraph[:600]))
    return next(filter(None, found.groups()), "") if found else ""


# -- what is no statement ------------------------------------------------------------------------

_HINT: Final = (
    r"[\[(*>»]?\s*(?:(?:baca|lihat|simak|tonton|saksikan|dengarkan|cek) (?:juga|pula|selengkapnya|lengkap|berita|artikel|video)\b"
    r"|(?:saksikan|nikmati|simak|ikuti) (?:terus|pembahasan|live|siaran)|jangan lewatkan|klik di sini|gabung|ikuti|pilihan (?:editor|redaksi)|(?:berita|artikel) (?:terkait|lainnya|populer|pilihan)"
    r"|also read|read (?:also|more|next)|see also|related\b|watch\s*:|more (?:on|from)\b|tags?\s*:|topik\s*:|kata kunci\s*:"
    r"|lee tambien|lire aussi|lesen sie auch|leia tambem|leggi anche|lees ook|okuyun|читайте также|اقرأ أيضا)"
)
_CREDIT: Final = (
    r"\(?(?:(?:reporter|penulis|editor|pewarta|oleh|by|foto|photo|video|sumber|source|redaktur|penyunting|uploader|kontributor"
    r"|author|laporan|written by|reporting by|edited by|editing by|teks|infografis|copyright|hak cipta)\s*[:：©|/]"
    r"|©|\(c\)|copyright\b|hak cipta\b|all rights reserved)"
)
_SIGNATURE: Final = r"(?:by|oleh|reporting by|editing by|written by|laporan wartawan)\s.{2,80}"
_STAMP: Final = (
    r"\(?(?:terakhir )?(?:diperbarui|diperbaharui|diterbitkan|dipublikasikan|tayang|terbit|dimuat|dibaca|dilihat|ditonton"
    r"|(?:last )?(?:updated|modified|published)|posted|views?|dibagikan|actualizado|publicado|publie|mis a jour|aktualisiert)"
    r"\b.{0,30}\d.{0,40}"
)
_COUNT: Final = (
    r"\d[\d.,]*\s*(?:k|m|rb|jt|ribu|juta)?\s*(?:x|kali|orang)?\s*(?:telah |sudah )?"
    r"(?:views?|kali|dibaca|dilihat|ditonton|komentar|comments?|shares?|likes?|suka|pembaca)\W*"
)
_AGO: Final = (
    r".{0,40}\d+\s*(?:detik|menit|jam|hari|pekan|minggu|bulan|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?)"
    r"\s*(?:yang\s*)?(?:lalu|ago)\b.{0,20}"
)
_ASIDE: Final = re.compile(rf"{_HINT}|{_CREDIT}|(?:{_STAMP}|{_COUNT})$")
_OPEN_ASIDE: Final = re.compile(rf"{_AGO}|{_SIGNATURE}")  # with a full stop these would be sentences
_SIGNED: Final = re.compile(r"\s*[(\[](?:[\w.-]{2,10}(?:[/|, -]+[\w.-]{2,14}){0,4})[)\]]\s*$")
_OF_DATES: Final = re.compile(
    r"[\d.,:/|()–—-]*|senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|jan\w*|feb\w*|mar(?:et|ch)?|apr(?:il)?|may|mei|jun[ei]?|jul[iy]?|ag[us]\w*|aug\w*|sept?\w*|o[ck]t\w*|nov\w*|de[cs]\w*"
    r"|wib|wita|wit|gmt|utc|am|pm|pukul|at|on|[\w-]+\.(?:com|co|id|net|org|tv)"
)


def is_aside(line: str) -> bool:
    """Whether a line or sentence belongs to the page and not to what is told: a hint to another article, a credit, a
    time, a count of readers.
    """
    if len(line) > _LONGEST_ASIDE:
        return False
    said = fold(line).strip()
    if said.endswith(_STOPS):
        return _ASIDE.match(said) is not None
    if _ASIDE.match(said) or _OPEN_ASIDE.fullmatch(said):
        return True
    return all(_OF_DATES.fullmatch(word.strip("(),|")) for word in said.split())


def unsigned(line: str) -> str:
    """A paragraph without the short names of its writers at the end: (abc/def)."""
    found = _SIGNED.search(line[-80:])
    return line[: len(line) - len(found[0])] if found and _is_signature(found[0]) else line


def _is_signature(said: str) -> bool:
    inside = said.strip().strip("()[]")
    return (
        not any(char.isdigit() for char in inside) and ("/" in inside or inside.islower()) and " " not in inside.strip()
    )
