"""What mail programs make of a letter: threads, lists, a way to leave them, two forms of the same."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lxml import html
from pydantic import SecretStr

from monitor.alerts.links import Signer
from monitor.alerts.message import compose
from monitor.model import Card, HeldBy, Kind, Message, Notification, Passage, Sent
from monitor.notify.channel import OpenChannel, open_channel
from monitor.notify.letter import list_id
from monitor.settings import Channel
from tests.build import NOON
from tests.services import GONE, MailServer
from tests.sinks import MailSink

CERTIFICATE = Path(__file__).parents[2] / "bench/origin.pem"
LINKS = Signer("https://a-long-name-of-a-newsroom.news.example.org:8443", b"k" * 32).links(12, now=NOON)
CARD = Card(
    ("Korea Utara Rusia",),
    "Tentara Korut tiba di Rusia",
    "https://www.antaranews.com/berita/1?a=1&b=2",
    ("antaranews.com", "tempo.co"),
    NOON - timedelta(minutes=3),
    passages=(Passage("Tentara Korea Utara tiba di Rusia pada Senin.", ((8, 19), (28, 33))),),
    story_id=7,
)
ATTACK = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> \"'><style>*{}</style> \r\nBcc: x@evil.example &lt;b&gt;"
)
HOSTILE = Card(
    (ATTACK,), ATTACK, f"javascript:alert(1)//{ATTACK}", (ATTACK,), NOON, passages=(Passage(ATTACK, ((0, 9),)),), was=ATTACK, story_id=7
)  # fmt: skip


def opened(url: str) -> OpenChannel:
    return open_channel(Channel(name="surat", url=SecretStr(url)), console=StringIO())


def letter(sink: MailSink, *cards: Card, kind: Kind = Kind.STORY, uid: str = "d-7", text: str = "") -> EmailMessage:
    channel = opened(sink.channel)
    held_by = HeldBy.DIGEST if kind is Kind.DIGEST else None
    notification = Notification("surat", kind, cards, text, held_by)
    message = compose(notification, markup=channel.markup, zone=ZoneInfo("Asia/Jakarta"), now=NOON, links=LINKS)
    before = len(sink.messages)
    assert isinstance(channel.send(message, uid=uid), Sent)
    channel.close()
    return sink.wait_for(before + 1)[-1]


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def page_of(mail: EmailMessage) -> html.HtmlElement:
    part = mail.get_body(("html",))
    assert part is not None
    return html.document_fromstring(part.get_content())


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with MailSink() as sink:
        yield sink


def test_a_letter_is_the_same_as_text_and_as_a_page(sink: MailSink) -> None:
    mail = letter(sink, CARD)
    assert mail.get_content_type() == "multipart/alternative"
    text, page = text_of(mail), page_of(mail)
    for said in (CARD.title, "antaranews.com, tempo.co", "18:57"):
        assert said in text
        assert said in page.text_content()
    assert CARD.url in text
    assert page.xpath("//h3/a/@href") == [CARD.url]
    assert page.xpath("//mark/text()") == ["Korea Utara", "Rusia"]
    links = [LINKS.story(7), LINKS.topic("Korea Utara Rusia")]
    assert [link in text for link in links] == [True, True]
    assert page.xpath("//p[@class='ways']/a/@href") == [LINKS.about(7), *links]


def test_letters_about_one_story_are_one_thread(sink: MailSink) -> None:
    first, second = letter(sink, CARD), letter(sink, CARD, kind=Kind.FOLLOW_UP, uid="d-8")
    other = letter(sink, replace(CARD, story_id=8), uid="d-9")
    assert first["References"] == second["References"] == first["In-Reply-To"] == "<story-7@example.org>"
    assert other["References"] == "<story-8@example.org>"
    assert len({mail["Message-ID"] for mail in (first, second, other)}) == 3


def test_each_topic_is_a_list_and_what_tells_of_several_another(sink: MailSink) -> None:
    other = replace(CARD, topics=("Gempa",), story_id=8)
    assert letter(sink, CARD)["List-Id"] == '"Korea Utara Rusia" <korea-utara-rusia.monitor.example.org>'
    assert letter(sink, CARD)["Keywords"] == "Korea Utara Rusia"
    digest = letter(sink, CARD, other, kind=Kind.DIGEST)
    assert digest["List-Id"] == "<digest.monitor.example.org>"
    assert digest["Keywords"] == "Korea Utara Rusia, Gempa"
    assert digest["References"] is None
    assert letter(sink, kind=Kind.NOTICE, text="A feed is broken.")["List-Id"] == "<notices.monitor.example.org>"


@pytest.mark.parametrize(
    ("topic", "label"),
    [
        ("Gempa", "gempa"),
        ("Korea Utara & Rusia", "korea-utara-rusia-"),
        ("북한", ""),
        ("notices", "notices-"),
        ("a" * 90, "a"),
    ],
)
def test_every_topic_has_a_list_of_its_own_name(topic: str, label: str) -> None:
    name = list_id((topic,), "example.org").rpartition("<")[2]
    assert name.startswith(label)
    assert name.isascii()
    assert len(name.partition(".")[0]) <= 63
    assert list_id((topic + "!",), "example.org").rpartition("<")[2] != name


def test_a_mail_program_can_end_it_with_one_click(sink: MailSink) -> None:
    mail = letter(sink, CARD)
    assert mail["List-Unsubscribe"] == f"<{LINKS.unsubscribe}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter(sink, kind=Kind.NOTICE, text="A feed is broken.")["List-Unsubscribe"] is None


def test_a_digest_reads_well_and_each_story_has_its_own_links(sink: MailSink) -> None:
    other = replace(CARD, topics=("Gempa",), title="Gempa di Maluku", story_id=8)
    page = page_of(letter(sink, CARD, other, kind=Kind.DIGEST))
    assert page.xpath("string(//h1)") == "Digest: 2 stories"
    assert page.xpath("//h2/text()") == ["Korea Utara Rusia", "Gempa"]
    assert page.xpath("//a[text()='mute this story']/@href") == [LINKS.story(7), LINKS.story(8)]


@pytest.mark.parametrize("kind", [Kind.STORY, Kind.DIGEST, Kind.FOLLOW_UP, Kind.CORRECTION])
def test_nothing_of_a_hostile_feed_lives_in_a_letter(sink: MailSink, kind: Kind) -> None:
    mail = letter(sink, HOSTILE, kind=kind)
    assert mail["Bcc"] is None
    assert {part.get_content_type() for part in mail.iter_parts()} == {"text/plain", "text/html"}
    page = page_of(mail)
    assert page.xpath("count(//script | //img | //iframe | //form | //body//style | //link)") == 0
    assert [each for each in page.xpath("//@*") if each.lower().startswith(("javascript:", "alert"))] == []
    assert {each.attrib.keys()[0] for each in page.xpath("//a")} == {"href"}
    assert all(each.startswith("https://") for each in page.xpath("//a/@href"))
    assert "<script>alert(1)</script>" in page.text_content()


def test_a_letter_fetches_nothing_from_elsewhere(sink: MailSink) -> None:
    page = page_of(letter(sink, CARD))
    assert page.xpath("//@src | //link/@href | //@background") == []
    assert "url(" not in page.xpath("string(//style)")
    assert "@import" not in page.xpath("string(//style)")


# -- the way there -------------------------------------------------------------------------------


def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


MESSAGE = Message("Gempa", "Gempa di Maluku")


def test_with_starttls_nothing_goes_in_the_clear() -> None:
    with MailSink(tls()) as sink:
        to = f"mailtos://127.0.0.1:{sink.port}?mode=starttls&from=watch@example.org&to=ana@example.org"
        channel = opened(f"{to}&verify=no")
        assert isinstance(channel.send(MESSAGE, uid="d-1"), Sent)
        channel.close()
        assert sink.encrypted == [True]
        refused = opened(to).send(MESSAGE, uid="d-2")
        assert "certificate could not be verified" in str(refused)
        assert len(sink.messages) == 1


def test_many_letters_go_by_one_connection(sink: MailSink) -> None:
    channel = opened(sink.channel)
    for number in range(40):
        assert isinstance(channel.send(MESSAGE, uid=f"d-{number}"), Sent)
    assert len(sink.wait_for(40)) == 40
    assert sink.connections == 1
    channel.close()


def test_after_a_refusal_the_next_letter_goes_all_the_same(sink: MailSink) -> None:
    channel = opened(sink.channel)
    assert isinstance(channel.send(MESSAGE, uid="d-1"), Sent)
    sink.refuse("450 4.2.0 greylisted, come back in 5 minutes")
    assert "450 4.2.0 greylisted" in str(channel.send(MESSAGE, uid="d-2"))
    assert isinstance(channel.send(MESSAGE, uid="d-2"), Sent)
    assert [mail["Message-ID"] for mail in sink.wait_for(2)] == ["<d-1@example.org>", "<d-2@example.org>"]


@pytest.mark.parametrize("says", [GONE, "421 4.4.2 idle for too long"])
def test_a_server_that_hung_up_meanwhile_is_called_again(says: str) -> None:
    with MailServer() as server:
        channel = opened(server.channel)
        assert isinstance(channel.send(MESSAGE, uid="d-1"), Sent)
        server.next["MAIL"] = says
        assert isinstance(channel.send(MESSAGE, uid="d-2"), Sent)
        assert len(server.mails) == 2


def test_a_server_that_takes_one_letter_a_call_is_called_for_each() -> None:
    with MailServer() as server:
        channel = opened(server.channel)
        assert isinstance(channel.send(MESSAGE, uid="d-1"), Sent)
        server.next["MAIL"] = "550 one mail a session"
        assert isinstance(channel.send(MESSAGE, uid="d-2"), Sent)
        assert len(server.mails) == 2


@pytest.mark.parametrize("topic", ["Ein sehr langer Name " * 5, "Grüße aus Ambon", "북한", 'A "B" <c@d>'])
def test_headers_for_programs_stand_on_one_line_whatever_a_topic_is_called(sink: MailSink, topic: str) -> None:
    letter(sink, replace(CARD, topics=(topic,)))
    lines = sink.contents[-1].decode("ascii").splitlines()
    for name in ("List-Id", "List-Unsubscribe", "References", "In-Reply-To"):
        (line,) = (each for each in lines if each.startswith(f"{name}: "))
        assert line.endswith(">")
        assert "=?" not in line


def test_a_public_address_of_other_letters_is_written_in_ascii(sink: MailSink) -> None:
    links = Signer("https://bücher.example/", b"k" * 32).links(12, now=NOON)
    assert links.all.startswith("https://xn--bcher-kva.example/mute/")


def test_a_letter_whose_fate_is_not_known_is_not_sent_again_at_once() -> None:
    with MailServer() as server:
        channel = opened(server.channel)
        channel.send(MESSAGE, uid="d-1")
        server.next["end"] = GONE
        assert "Unknown" in repr(channel.send(MESSAGE, uid="d-2"))
        assert len(server.mails) == 2
