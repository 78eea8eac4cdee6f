"""The small world the other tests run in does what it says."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage

import feedparser
import httpx
import pytest

from tests.site import FeedEntry, JsonSink, MailSink, Site


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as site:
        yield site


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=10) as client:
        yield client


def test_a_page_can_be_swapped_and_asked_whether_it_changed(site: Site, client: httpx.Client) -> None:
    url = site.page("/berita", "satu")
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    site.page("/berita", "dua")
    changed = client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert [first.text, again.status_code, again.content, changed.text] == ["satu", 304, b"", "dua"]
    assert site.paths == ["/berita"] * 3
    assert site.asked("/berita")[1].headers["if-none-match"] == first.headers["ETag"]


def test_a_site_without_etags_answers_304_by_date(site: Site, client: httpx.Client) -> None:
    stamp = "Sat, 12 Jul 2025 08:00:00 GMT"
    url = site.page("/berita", "satu", headers={"ETag": "", "Last-Modified": stamp})
    assert "ETag" not in client.get(url).headers
    assert client.get(url, headers={"If-Modified-Since": stamp}).status_code == 304


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_a_feed_is_read_with_all_its_entries_say(site: Site, client: httpx.Client, kind: str) -> None:
    at = datetime(2025, 7, 12, 8, 30, tzinfo=UTC)
    entry = FeedEntry("Kim & Lavrov", "/berita/1", guid="g-1", description="<p>Di <b>Wonsan</b></p>", published=at)
    url = site.feed("/feed", [entry], "atom" if kind == "atom" else "rss", title="Kabar")
    parsed = feedparser.parse(client.get(url).content)
    (read,) = parsed.entries
    assert not parsed.bozo
    assert (parsed.feed.title, read.title, read.id) == ("Kabar", "Kim & Lavrov", "g-1")
    assert read.link == site.url_of("/berita/1")
    assert read.summary == "<p>Di <b>Wonsan</b></p>"
    assert read.published_parsed[:5] == (2025, 7, 12, 8, 30)


def test_an_article_page_is_surrounded_by_other_topics(site: Site, client: httpx.Client) -> None:
    url = site.article("/berita/1", "Harga <beras> naik", ["Satu.", "Dua.", "Tiga."], outlet="Kabar Timur")
    html = client.get(url).text
    assert f'<link rel="canonical" href="{url}">' in html
    assert "Harga &lt;beras&gt; naik" in html
    assert all(f"<p>{paragraph}</p>" in html for paragraph in ("Satu.", "Dua.", "Tiga."))
    assert all(
        word in html for word in ("Rusia", "Baca juga:", "Berita Terkait", "ADVERTISEMENT", "Back to top button")
    )


def test_a_site_can_fail_redirect_and_be_slow(site: Site, client: httpx.Client) -> None:
    busy = client.get(site.fail("/feed", 503, retry_after="120"))
    moved = client.get(site.redirect("/lama", "/baru", status=301))
    site.page("/lambat", "nanti")
    site.slow("/lambat", 3600)
    assert (busy.status_code, busy.headers["Retry-After"]) == (503, "120")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/baru")
    assert client.get(site.url_of("/tidak-ada")).status_code == 404
    with pytest.raises(httpx.ReadTimeout):
        client.get(site.url_of("/lambat"), timeout=0.2)


def test_a_json_sink_keeps_what_it_accepted(client: httpx.Client) -> None:
    with JsonSink() as sink:
        sink.refuse(429, retry_after=3)
        sink.refuse(500)
        answers = [client.post(sink.url, json={"try": number}) for number in range(3)]
        assert [answer.status_code for answer in answers] == [429, 500, 200]
        assert answers[0].headers["Retry-After"] == "3"
        assert sink.messages == sink.wait_for(1) == [{"try": 2}]
        assert len(sink.tries) == 3


def test_a_json_sink_can_hang(client: httpx.Client) -> None:
    with JsonSink() as sink:
        sink.hang()
        with pytest.raises(httpx.ReadTimeout):
            client.post(sink.url, json={"try": 0}, timeout=0.2)
        assert client.post(sink.url, json={"try": 1}).status_code == 200
        assert (sink.tries, sink.messages) == ([{"try": 0}, {"try": 1}], [{"try": 1}])


def test_a_mail_sink_keeps_what_it_accepted() -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "watch@example.org", "ana@example.org", "Gempa – Maluku"
    mail.set_content("Gempa magnitudo 6,1 mengguncang Maluku.")
    with MailSink() as sink, smtplib.SMTP("127.0.0.1", sink.port, timeout=10) as smtp:
        sink.refuse("451 try later")
        with pytest.raises(smtplib.SMTPDataError):
            smtp.send_message(mail)
        smtp.send_message(mail)
        (taken,) = sink.wait_for(1)
    assert taken["Subject"] == "Gempa – Maluku"
    assert "magnitudo 6,1" in taken.get_content()
    assert sink.recipients == [["ana@example.org"]]
