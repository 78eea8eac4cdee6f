"""Mails as they are sent, for looking at them: one story, one with all that can be corrected, and a digest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts.links import Signer
from monitor.alerts.message import compose
from monitor.model import Card, Change, HeldBy, Kind, Notification, Passage, Quality
from monitor.notify.mail import TEXT
from tests.build import NOON

STORY: Final = Card(
    ("Korea Utara Rusia",),
    "Kim Jong Un Sambut Lavrov di Wonsan, Bahas Kerja Sama Militer dan Perdagangan",
    "https://www.antaranews.com/berita/4321/kim-jong-un-sambut-lavrov-di-wonsan?utm=1&halaman=2",
    ("antaranews.com", "tempo.co", "kompas.com"),
    NOON - timedelta(minutes=4),
    carried_by=("republika.co.id",),
    published_at=NOON - timedelta(minutes=21),
    passages=(
        Passage(
            "Pemimpin Korea Utara, Kim Jong Un, menyambut Menteri Luar Negeri Rusia, Sergey Lavrov, di Wonsan.",
            ((9, 20), (65, 70)),
        ),
        Passage("Keduanya membicarakan kerja sama militer antara Pyongyang dan Moskow", ((48, 57), (62, 68))),
    ),
    story_id=7,
)
QUAKE: Final = replace(
    STORY,
    topics=("Gempa besar", "Maluku"),
    title="Gempa M 6,2 Guncang Ambon",
    url="https://tempo.co/1",
    outlets=("tempo.co", "kompas.com", "bbc.com", "detik.com"),
    new_outlets=("bbc.com", "detik.com"),
    news=("Dua orang tewas di Pulau Haruku, kata BNPB pada Selasa pagi.",),
    carried_by=(),
    story_id=8,
)
TEASER: Final = replace(STORY, title="Harga Beras " + "Naik" * 40, quality=Quality.PAYWALL, story_id=9)
CORRECTED: Final = replace(
    STORY,
    topics=("Gempa besar",),
    title="Gempa M 6,2 Guncang Ambon",
    was="Gempa M 2,6 Guncang Ambon",
    changes=(Change("Kedalaman gempa 10 km.", "Kedalaman gempa 100 km."),),
    story_id=8,
)
HOSTILE: Final = replace(
    STORY,
    title='"><img src=x onerror=alert(1)><script>alert(2)</script>',
    url="javascript:alert(3)",
    outlets=("<b>tebal</b>",),
    passages=(Passage("</p></div></body><script>alert(4)</script>", ((4, 10),)),),
    story_id=10,
)
MAILS: Final = {
    "mail": Notification("mail", Kind.STORY, (STORY,)),
    "mail-correction": Notification("mail", Kind.CORRECTION, (CORRECTED,)),
    "mail-digest": Notification("mail", Kind.DIGEST, (STORY, TEASER, QUAKE, CORRECTED), held_by=HeldBy.QUIET_HOURS),
    "mail-notice": Notification(
        "mail", Kind.NOTICE, text="The feed Kabar Hilang does not work: HTTP 404.\nLook at it."
    ),
    "mail-hostile": Notification("mail", Kind.STORY, (HOSTILE,)),
}


def page_of(name: str) -> str:
    links = Signer("https://news.example.org", b"k" * 32).links(12, now=NOON)
    message = compose(MAILS[name], markup=TEXT, zone=ZoneInfo("Asia/Jakarta"), now=NOON, links=links)
    assert message.mail
    return message.mail.html
