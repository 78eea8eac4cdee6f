"""A whole monitor for one test: a database, an archive, a clock that stands still, and rounds on demand."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, TypeVar, TypeVarTuple

from anyio import to_thread
from pydantic import SecretStr

from monitor.app.configuration import Configuration
from monitor.app.house import Ground
from monitor.app.round import Summary, once
from monitor.metrics import Metrics
from monitor.settings import Channel, Feed, Settings, Storage
from monitor.store import channels, health
from monitor.store.channels import ChannelHealth
from monitor.store.database import Database
from monitor.store.health import FeedHealth
from monitor.topics.watchlist import Watchlist
from monitor.work.cpu import PARSING, Limits
from tests.build import NOON, a_channel, a_feed, settings
from tests.sinks import JsonSink

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
KIM = "Kim Jong Un Sambut Lavrov di Wonsan"
PARAGRAPHS = (
    "Pemimpin Korea Utara, Kim Jong Un, menyambut Menteri Luar Negeri Rusia, Sergey Lavrov, di kota Wonsan pada Sabtu.",
    "Keduanya membicarakan kerja sama militer, perdagangan dan hubungan kedua negara yang kian erat sejak tahun lalu.",
    "Lavrov dijadwalkan bertolak ke Beijing pada Minggu pagi untuk menghadiri pertemuan para menteri luar negeri.",
)
MISSILE = "Pyongyang Uji Rudal Baru di Hadapan Delegasi Moskow"
MISSILE_PARAGRAPHS = (
    "Korea Utara menguji rudal jarak menengah pada Sabtu, disaksikan delegasi Rusia yang datang sehari sebelumnya.",
    "Rudal itu jatuh di laut setelah menempuh delapan ratus kilometer, kata kepala staf gabungan Korea Selatan.",
    "Jepang memprotes uji coba itu dan meminta sidang darurat Dewan Keamanan Perserikatan Bangsa-Bangsa.",
)
RICE = "Harga Beras Turun Menjelang Panen Raya"
RICE_PARAGRAPHS = (
    "Harga beras di sejumlah pasar induk turun seiring datangnya panen raya di Jawa Tengah dan Sulawesi Selatan.",
    "Pedagang memperkirakan harga akan bertahan rendah sampai akhir bulan depan karena pasokan yang berlimpah.",
    "Pemerintah berjanji membeli gabah petani dengan harga yang telah ditetapkan agar mereka tidak merugi.",
)


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        self.now += timedelta(**duration)


@dataclass
class Desk:
    """Settings are handed to each round, as they would be read at each start."""

    folder: Path
    database: Database
    clock: Clock = field(default_factory=Clock)
    console: io.StringIO = field(default_factory=io.StringIO)

    async def round(self, **changes: Any) -> Summary:
        """What `monitor once` does."""
        return await once(self.ground(**changes), all_feeds=False)

    def ground(self, *, parsing: Limits | None = None, **changes: Any) -> Ground:
        """Parsed in worker processes where `parsing` says their limits."""
        wanted = settings(**{"storage": self.storage, **changes})
        return Ground(
            configuration=configuration_of(wanted),
            database=self.database,
            console=self.console,
            clock=self.clock,
            metrics=Metrics(),
            random=Random(0),
            cpu=InThread() if parsing is None else None,
            parsing=parsing or PARSING,
        )

    @property
    def storage(self) -> Storage:
        url = self.database.url.render_as_string(hide_password=False)
        return Storage(url=SecretStr(url), archive=str(self.folder / "archive"))

    def archived(self) -> list[str]:
        """What the files of the archive say, in order of arrival."""
        return [file.read_bytes().decode() for file in sorted((self.folder / "archive").rglob("*.txt"))]

    def feed_health(self) -> FeedHealth:
        """What `monitor status` says of the first feed."""
        return self.database.read(health.feeds, now=self.clock())[0]

    def channel_health(self, name: str) -> ChannelHealth:
        return self.database.read(channels.health, [name], now=self.clock())[0]


class InThread:
    """Parses here: to start a process for it takes a second of work, which few tests are about."""

    async def call(self, fn: Callable[[*Ts], T], *args: *Ts) -> T:
        return await to_thread.run_sync(partial(_quietly, partial(fn, *args)))


def _quietly(call: Callable[[], T]) -> T:
    """What a parser thinks of a page is no mistake of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call()


def configuration_of(wanted: Settings) -> Configuration:
    return Configuration(wanted, Watchlist.compile(wanted.topics, wanted.aliases))


def local(url: str, **changes: Any) -> Feed:
    """A feed of a site on loopback; what it lists at first is told too."""
    return a_feed(url, **{"name": "Kabar Nusantara", "allow_private": True, "backlog": "alert", **changes})


def to(sink: JsonSink) -> Channel:
    return a_channel("sink", sink.channel)


def text_of(title: str, paragraphs: Sequence[str]) -> str:
    """The article as a file of the archive holds it."""
    return "\n\n".join((title, *paragraphs))
