"""The links of messages: whoever holds one is asked once, and speaks for the channel that the message went to."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pydantic import SecretStr

from monitor.settings import Settings, Web
from monitor.store import silences
from monitor.web.site import site as pages
from tests.build import a_channel, a_topic, settings
from tests.prepared import prepared
from tests.sinks import JsonSink, MailSink
from tests.site import FeedEntry, Site
from tests.tools import tools_for
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, Desk, local

BASE = "https://news.example.org"
MORE = "Rudal Korea Utara dan Kapal Rusia di Laut Jepang"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@dataclass
class Reader:
    """Somebody who is told by mail, and what he can reach; the phone belongs to somebody else."""

    desk: Desk
    site: Site
    mail: MailSink
    phone: JsonSink
    browser: httpx.AsyncClient
    wanted: Settings
    listed: list[FeedEntry] = field(default_factory=list)

    async def told(self, title: str, path: str, paragraphs: Any = PARAGRAPHS) -> None:
        self.site.article(path, title, paragraphs)
        self.listed.append(FeedEntry(title, path))
        self.site.feed("/rss", self.listed)
        await self.desk.round(
            **{name: getattr(self.wanted, name) for name in ("feeds", "channels", "topics", "web", "ops")}
        )

    def link(self, words: str) -> str:
        """Where these words of the last mail lead."""
        page = self.mail.messages[-1].get_body(("html",))
        assert page is not None
        found = re.search(rf'<a href="([^"]+)">{words}</a>', page.get_content())
        assert found, page.get_content()
        return found[1].replace("&amp;", "&").removeprefix(BASE)

    async def press(self, link: str, **headers: str) -> httpx.Response:
        """Open it, and press the first button on the page, as a browser does."""
        shown = await self.browser.get(link)
        action = re.search(r'action="([^"]+)"', shown.text)
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', shown.text)
        assert action
        return await self.browser.post(action[1], data=dict(fields[:1]), headers=headers)

    def silenced(self) -> list[tuple[str | None, int | None, str | None]]:
        known = self.desk.database.read(silences.active, now=self.desk.clock())
        return [(each.topic, each.story_id, each.channel) for each in known]


@pytest.fixture
async def reader(tmp_path: Path, site: Site) -> AsyncIterator[Reader]:
    database = prepared(tmp_path / "monitor.db")
    desk = Desk(tmp_path, database)
    with MailSink() as mail, JsonSink() as phone:
        channels = (a_channel("surat", mail.channel), a_channel("telepon", phone.channel))
        wanted = settings(
            feeds=(local(site.feed("/rss", [])),),
            channels=channels,
            topics=(a_topic(channels=("surat", "telepon")),),
            ops=("telepon",),
            web=Web(url=BASE, password=SecretStr("kunci ruang redaksi")),
            storage=desk.storage,
        )
        transport = httpx.ASGITransport(pages(tools_for(database, wanted, desk.clock)))
        async with httpx.AsyncClient(transport=transport, base_url=BASE) as browser:
            reader = Reader(desk, site, mail, phone, browser, wanted)
            await reader.told(KIM, "/berita/1")
            yield reader
    database.close()


async def test_looking_at_a_link_changes_nothing_and_needs_no_login(reader: Reader) -> None:
    for link in (reader.link("mute this story"), reader.link("mute this topic for a day")):
        for method in ("GET", "HEAD"):
            shown = await reader.browser.request(method, link)
            assert shown.status_code == 200
            assert shown.headers["Cache-Control"] == "no-store"
        assert "surat" in (await reader.browser.get(link)).text
        assert (await reader.browser.get(link)).text.count("<button>") == 1
    assert reader.silenced() == []
    assert (await reader.browser.get("/stories/1")).status_code in {303, 401}


async def test_a_muted_story_is_told_no_more_where_it_was_muted(reader: Reader) -> None:
    pressed = await reader.press(reader.link("mute this story"))
    assert pressed.status_code == 200
    assert KIM in pressed.text
    assert reader.silenced() == [(None, 1, "surat")]
    reader.desk.clock.forward(hours=1)
    await reader.told(MISSILE, "/berita/2", MISSILE_PARAGRAPHS)
    assert len(reader.mail.wait_for(2)) == 2  # another story


async def test_a_muted_topic_is_quiet_for_a_day_and_others_hear_of_it(reader: Reader) -> None:
    assert (await reader.press(reader.link("mute this topic for a day"))).status_code == 200
    assert reader.silenced() == [("Korea Utara Rusia", None, "surat")]
    reader.desk.clock.forward(hours=23, minutes=59)
    await reader.told(MISSILE, "/berita/2", MISSILE_PARAGRAPHS)
    assert len(reader.phone.wait_for(2)) == 2
    assert len(reader.mail.messages) == 1
    reader.desk.clock.forward(minutes=1)
    assert reader.silenced() == []


async def test_a_link_asks_once(reader: Reader) -> None:
    link = reader.link("mute this story")
    await reader.press(link)
    reader.desk.database.write(silences.end, 1, now=reader.desk.clock())
    again = await reader.press(link)
    assert again.status_code == 409
    assert reader.silenced() == []


async def test_a_link_that_is_too_old_asks_for_nothing(reader: Reader) -> None:
    link = reader.link("mute this story")
    reader.desk.clock.forward(days=7)
    assert (await reader.browser.get(link)).status_code == 410
    assert (await reader.browser.post(urlsplit(link).path, data={"story": "1"})).status_code == 410
    assert reader.silenced() == []


@pytest.mark.parametrize("field", [{"story": "2"}, {"topic": "Gempa"}, {"story": "1e0"}, {}, {"words": "Korea"}])
async def test_a_link_asks_for_nothing_but_what_its_message_tells(reader: Reader, field: dict[str, str]) -> None:
    path = urlsplit(reader.link("mute this story")).path
    assert (await reader.browser.post(path, data=field)).status_code == 400
    assert reader.silenced() == []


async def test_a_forged_link_asks_for_nothing(reader: Reader) -> None:
    path = urlsplit(reader.link("mute this story")).path
    number, until, seal = path.removeprefix("/mute/").split(".")
    for forged in (f"2.{until}.{seal}", f"{number}.{int(until) + 1}.{seal}", f"{number}.{until}.{seal[::-1]}", "x"):
        assert (await reader.browser.get(f"/mute/{forged}")).status_code == 403
        assert (await reader.browser.post(f"/mute/{forged}", data={"story": "1"})).status_code == 403
    assert reader.silenced() == []


async def test_another_site_can_not_press_the_button(reader: Reader) -> None:
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await reader.press(reader.link("mute this story"), **headers)).status_code == 403
    assert reader.silenced() == []


async def test_the_button_of_a_mail_program_unsubscribes_and_whoever_keeps_the_place_hears_of_it(
    reader: Reader,
) -> None:
    mail = reader.mail.messages[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip("<>").removeprefix(BASE)
    assert "<button>" in (await reader.browser.get(address)).text
    assert (await reader.browser.post(address, data={"other": "1"})).status_code == 400
    done = await reader.browser.post(address, data=ONE_CLICK)
    assert (done.status_code, "location" in done.headers) == (200, False)
    assert reader.silenced() == [("Korea Utara Rusia", None, "surat")]
    assert (await reader.browser.post(address, data=ONE_CLICK)).status_code == 409
    reader.desk.clock.forward(days=29)
    await reader.told(MORE, "/berita/3", MISSILE_PARAGRAPHS)
    told = [str(message) for message in reader.phone.wait_for(3)]
    assert any("unsubscribed from “Korea Utara Rusia”" in message for message in told)
    assert len(reader.mail.messages) == 1


async def test_the_button_may_send_its_form_in_parts(reader: Reader) -> None:
    address = reader.mail.messages[0]["List-Unsubscribe"].strip("<>").removeprefix(BASE)
    files = {"List-Unsubscribe": (None, "One-Click")}
    assert (await reader.browser.post(address, files=files)).status_code == 200
    assert reader.silenced() == [("Korea Utara Rusia", None, "surat")]


async def test_who_silenced_it_for_longer_is_not_cut_short(reader: Reader) -> None:
    link = reader.link("mute this topic for a day")
    address = reader.mail.messages[0]["List-Unsubscribe"].strip("<>").removeprefix(BASE)
    await reader.browser.post(address, data=ONE_CLICK)
    assert (await reader.press(link)).status_code == 200
    (kept,) = reader.desk.database.read(silences.active, now=reader.desk.clock())
    assert (kept.until - reader.desk.clock()).days == 30


async def test_the_page_speaks_as_the_browser_asks(reader: Reader) -> None:
    shown = await reader.browser.get(reader.link("mute this story"), headers={"Accept-Language": "id"})
    assert "Bisukan berita ini" in shown.text


async def test_a_chat_gets_the_same_links(reader: Reader) -> None:
    (told,) = reader.phone.wait_for(1)
    addresses = re.findall(rf"{BASE}/mute/\S+", told["message"])
    assert [list(parse_qs(urlsplit(each).query)) for each in addresses] == [["story"], ["topic"]]
