"""A plausible day of an Indonesian newsroom, read from real feeds and told on real channels: what the pages show in a browser.

Outlets, headlines and events are invented.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from monitor.model import DeliveryState
from monitor.settings import AlertPolicy, Settings
from monitor.store import configuration, silences
from monitor.store.database import Database, Session
from monitor.store.silences import Silence
from monitor.store.tables import ARTICLE, DELIVERY, FEED, STORY
from monitor.web.tools import Tools
from tests.build import a_channel, a_topic, settings
from tests.prepared import prepared
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.tools import tools_for
from tests.work.desk import Clock, Desk, local

MORNING: Final = datetime(2026, 3, 10, 0, 5, tzinfo=UTC)
HOSTILE: Final = "<img src=x onerror=alert(1)>\"'</title><script>alert(2)</script>"
ODD_TOPIC: Final = 'a/b <x> & "y"'
LONG: Final = "Nusantara" * 40


@dataclass(frozen=True, slots=True)
class Report:
    at: int  # minutes after the morning
    outlet: str
    title: str
    text: str
    link: str = ""


KIM: Final = "Menteri Luar Negeri Rusia Tiba di Wonsan, Disambut Pemimpin Korea Utara"
KIM_TEXT: Final = (
    "Menteri Luar Negeri Rusia tiba di kota pesisir Wonsan pada Selasa pagi dan disambut pemimpin Korea Utara Kim Jong Un. "
    "Keduanya membicarakan kerja sama militer, perdagangan, dan jalur kereta baru antara kedua negara. "
    "Rombongan akan bertolak ke Beijing pada Rabu."
)
REPORTS: Final = (
    Report(0, "Kabar Nusantara", KIM, KIM_TEXT),
    Report(
        25,
        "Warta Timur",
        "Kim Jong Un Sambut Menlu Rusia di Wonsan, Bahas Jalur Kereta",
        "Pertemuan dua jam di Wonsan antara Kim Jong Un dan menteri luar negeri Rusia membahas jalur kereta yang "
        "menghubungkan Korea Utara dengan Vladivostok. Kantor berita Pyongyang menyebut suasananya hangat.",
    ),
    Report(50, "Suara Khatulistiwa", KIM, KIM_TEXT),
    Report(
        100,
        "Harian Bahari",
        "Rusia dan Korea Utara Sepakati Jalur Kereta Baru di Wonsan",
        "Kim Jong Un dan menteri luar negeri Rusia menandatangani nota kesepahaman di Wonsan: jalur kereta baru "
        "dibuka tahun depan. Seoul dan Tokyo menyatakan keprihatinan atas pertemuan Korea Utara dan Rusia itu.",
    ),
    Report(
        75,
        "Kabar Nusantara",
        "Harga Beras Medium Turun di Pasar Induk Menjelang Panen Raya",
        "Harga beras medium di pasar induk turun menjadi Rp12.400 per kilogram menjelang panen raya di Jawa Tengah. "
        "Bulog menyerap gabah petani dengan harga pembelian pemerintah.",
    ),
    Report(
        125,
        "Harian Bahari",
        "Panen Raya Tiba, Harga Beras Medium di Pasar Induk Turun",
        "Menjelang panen raya di Jawa Tengah, harga beras medium di pasar induk turun. Petani berharap harga gabah "
        "tidak jatuh; pedagang memperkirakan harga bertahan rendah sampai akhir bulan.",
    ),
    Report(
        300,
        "Warta Timur",
        "Gempa Magnitudo 6,2 Guncang Laut Banda, Tidak Berpotensi Tsunami",
        "Gempa bermagnitudo 6,2 mengguncang Laut Banda pada Selasa siang. Badan Meteorologi menyatakan gempa berpusat "
        "di kedalaman 131 kilometer dan tidak berpotensi tsunami.",
    ),
    Report(
        300,
        "Kabar Nusantara",
        "Laut Banda Diguncang Gempa 6,2, Warga Ambon Keluar Rumah",
        "Warga Ambon dan Tual berlarian keluar rumah ketika gempa 6,2 mengguncang Laut Banda, Selasa siang. Sekolah "
        "memulangkan murid lebih awal; tidak ada potensi tsunami.",
    ),
    Report(
        325,
        "Suara Khatulistiwa",
        "BMKG: Gempa Laut Banda M 6,2 Tidak Picu Tsunami, Ada Empat Susulan",
        "BMKG mencatat empat gempa susulan setelah gempa magnitudo 6,2 di Laut Banda. Masyarakat diminta tenang; belum "
        "ada laporan korban dari Maluku.",
    ),
    Report(
        375,
        "Harian Bahari",
        "Polisi Ungkap Penyelundupan Solar Subsidi Bernilai Rp4 Miliar",
        "Polisi menyita solar subsidi di pelabuhan Cilacap dan menahan tiga orang pemilik gudang.",
    ),
    Report(
        400,
        "Suara Khatulistiwa",
        f"{HOSTILE} solar",
        f"{HOSTILE} {LONG} \u202esolar langka\u202c 🌾 {HOSTILE}",
        "javascript:alert(3)",
    ),
    Report(400, "Warta Timur", f"{LONG} solar", f"{LONG} solar"),
    Report(
        425,
        "Kabar Nusantara",
        "Pelabuhan Ikan Baru di Bitung Dibuka, Kapal Tak Lagi Antre Tiga Hari",
        "Dermaga kedua pelabuhan ikan Bitung dibuka pada Selasa. Nelayan menyebut antrean bongkar muat yang dulu tiga hari "
        "kini selesai sebelum malam.",
    ),
    Report(
        425,
        "Harian Bahari",
        "Perpustakaan Keliling Kembali ke Desa-Desa di Flores Setelah Enam Tahun",
        "Dua truk berisi empat ribu buku kembali berkeliling Flores. Guru sekolah dasar meminta lebih banyak buku cerita "
        "bergambar.",
    ),
)
OUTLETS: Final = ("Kabar Nusantara", "Warta Timur", "Suara Khatulistiwa", "Harian Bahari")


@dataclass(frozen=True, slots=True)
class Newsroom:
    tools: Tools
    clock: Clock


def newsroom(folder: Path, *, is_hostile: bool = True) -> Newsroom:
    """Filled by the program itself, round after round."""
    database = prepared(folder / "monitor.db")
    desk = Desk(folder, database, clock=Clock(MORNING))
    with Site() as site, JsonSink() as phone, JsonSink() as team:
        wanted = _settings(site, phone, team, is_hostile=is_hostile)
        asyncio.run(_day(desk, site, wanted, team, is_hostile=is_hostile))
    _spoil(database, now=desk.clock())
    if is_hostile:
        _spoil_all(database, now=desk.clock())
    return Newsroom(tools_for(database, wanted, desk.clock), desk.clock)


def _settings(site: Site, phone: JsonSink, team: JsonSink, *, is_hostile: bool) -> Settings:
    policy = AlertPolicy(wait=timedelta(0), follow_up=2)
    telling: dict[str, Any] = {"channels": ("telepon", "redaksi"), "policy": policy}
    topics = [
        a_topic("Korea Utara Rusia", **telling),
        a_topic("Gempa besar", query="gempa -simulasi", **telling | {"channels": ("telepon", "umpan")}),
        a_topic("Harga beras", query='"harga beras"', **telling | {"channels": ("redaksi",)}),
    ]
    if is_hostile:
        topics.append(a_topic(ODD_TOPIC, query="solar", **telling | {"channels": ("redaksi",)}))
    return settings(
        topics=tuple(topics),
        aliases={"Korea Utara": ("Korut", "Pyongyang"), "Rusia": ("Moskow",)},
        channels=(
            a_channel("telepon", phone.channel), a_channel("redaksi", team.channel), a_channel("umpan", "atom"),
        ),
        feeds=(
            *(local(site.url_of(f"/{number}"), name=name, full_text="never") for number, name in enumerate(OUTLETS)),
            local(site.url_of("/gone"), name="Radar Selatan"),
        ),
    )  # fmt: skip


async def _day(desk: Desk, site: Site, wanted: Settings, team: JsonSink, *, is_hostile: bool) -> None:
    reports = [each for each in REPORTS if is_hostile or (each.at < 400 and "Solar" not in each.title)]
    known: defaultdict[str, list[FeedEntry]] = defaultdict(list)
    for step in range(0, 450, 25):
        for report in (each for each in reports if each.at == step):
            known[report.outlet].append(_entry(report, len(known[report.outlet])))
        for number, name in enumerate(OUTLETS):
            site.feed(f"/{number}", known[name], title=name)
        if step == 75:
            team.refuse(404)
        await desk.round(feeds=wanted.feeds, topics=wanted.topics, channels=wanted.channels, aliases=wanted.aliases)
        desk.clock.forward(minutes=25 if step < 425 else 3)


def _entry(report: Report, number: int) -> FeedEntry:
    link = report.link or f"/berita/{report.outlet.split()[0].lower()}/{number}"
    return FeedEntry(report.title, link, guid=f"{report.outlet}:{number}", description=_escaped(report.text))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _spoil(database: Database, *, now: datetime) -> None:
    """One message that may have arrived, and an edit of the configuration that can't be used."""
    may_be = (
        DELIVERY.update()
        .where(DELIVERY.c.id == 2)
        .values(state=DeliveryState.MAYBE, last_error="no answer within 30 s")
    )
    database.write(lambda session: session.execute(may_be))
    database.write(configuration.take_into_force, "config.yaml", now=MORNING)
    why = "config.yaml:12:5: 'chanels' is no setting; did you mean channels?"
    database.write(configuration.refuse, "config.yaml", [why], now=now)


def _spoil_all(database: Database, *, now: datetime) -> None:
    """One message that waits, and what no feed brings past the reading of it but a database may hold."""
    waiting: dict[str, Any] = {"state": DeliveryState.WAITING, "sent_at": None, "due_at": now + timedelta(minutes=9)}
    changes = (
        DELIVERY.update().where(DELIVERY.c.id == 11).values(**waiting, last_error=f"HTTP 503: {HOSTILE} {LONG}"),
        ARTICLE.update().where(ARTICLE.c.id == 12).values(title=HOSTILE, url="javascript:alert(4)", author=HOSTILE),
        STORY.update().where(STORY.c.id == 4).values(title=f"{HOSTILE} \u202esolar langka\u202c 🌾"),
        FEED.update().where(FEED.c.name == "Radar Selatan").values(last_error=f"{HOSTILE} {LONG}"),
    )
    for change in changes:
        database.write(Session.execute, change)
    unheard = Silence(now + timedelta(days=1), words=f'"{HOSTILE}"', reason=f"{HOSTILE} {LONG}")
    database.write(silences.add, unheard, now=now)
