"""The pages show what happened: to whoever asks on this machine, whatever feeds write."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from monitor.settings import Settings, Silenced, Web
from monitor.store import configuration, deliveries, workers
from monitor.store.tables import DELIVERY
from monitor.store.workers import Worker
from monitor.web.site import site
from tests.build import NOON, a_channel, a_topic, settings
from tests.prepared import prepared
from tests.site import FeedEntry, Site
from tests.tools import tools_for
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, Desk, local

PAGES = (
    "/",
    "/stories",
    "/stories/1",
    "/articles/1",
    "/search",
    "/search?q=korea",
    "/topics",
    "/feeds",
    "/deliveries",
    "/silences",
    "/settings",
)
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> Kim Jong Un di Wonsan, Korea Utara dan Rusia"


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    database = prepared(tmp_path / "monitor.db")
    yield Desk(tmp_path, database)
    database.close()


def browser(desk: Desk, wanted: Settings, *, is_on_time: bool = True) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(site(tools_for(desk.database, wanted, desk.clock, is_on_time=is_on_time)))
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080")


@pytest.fixture
async def told(desk: Desk, site: Site, other_site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """Two outlets reported, and the terminal was told; then a feed failed."""
    site.article("/berita/1", KIM, PARAGRAPHS)
    other_site.article("/news/9", KIM, PARAGRAPHS, outlet="Warta Timur")
    feeds = (
        local(site.feed("/rss", [FeedEntry(KIM, "/berita/1")])),
        local(other_site.feed("/rss", [FeedEntry(KIM, "/news/9")]), name="Warta Timur"),
        local(site.url_of("/gone"), name="Kabar Hilang"),
    )
    wanted = settings(feeds=feeds, storage=desk.storage)
    await desk.round(feeds=feeds)
    async with browser(desk, wanted) as client:
        yield client


@pytest.fixture
async def failed(desk: Desk, told: httpx.AsyncClient) -> httpx.AsyncClient:
    """The message did not arrive."""
    desk.database.write(lambda session: deliveries.bury(session, DELIVERY.c.id == 1, "HTTP 404 of the service"))
    return told


async def test_the_first_page_says_how_it_stands_and_what_was_found(told: httpx.AsyncClient) -> None:
    page = (await told.get("/")).text
    assert "Worth a look: 2 of 3 feeds answer" in page
    assert "1 feed is unwell: Kabar Hilang" in page
    assert KIM in page
    assert "Told on" in page


async def test_a_story_shows_its_reports_why_it_matched_and_what_was_told(told: httpx.AsyncClient) -> None:
    page = (await told.get("/stories/1")).text
    assert "<mark>Korea</mark> <mark>Utara</mark>" in page
    assert "Why it matched" in page
    assert "terminal" in page
    assert page.count("<title>") > 1  # the page, and the picture for those who do not see it


async def test_an_articles_text_can_be_read_here(told: httpx.AsyncClient) -> None:
    page = (await told.get("/articles/1")).text
    assert f"<p>{PARAGRAPHS[0]}</p>" in page
    assert 'href="/articles/1"' in (await told.get("/stories/1")).text
    assert (await told.get("/articles/77")).status_code == 404


@pytest.fixture
async def missed(desk: Desk, site: Site) -> AsyncIterator[httpx.AsyncClient]:
    """One topic matched an article; eleven others did not, and one would by now."""
    site.article("/berita/1", KIM, PARAGRAPHS)
    feeds = (local(site.feed("/rss", [FeedEntry(KIM, "/berita/1")])),)
    await desk.round(feeds=feeds)
    others = [a_topic(f"T{number}", query="gempa tsunami") for number in range(10)]
    near = a_topic("Dekat", query='Wansan Lavrov "Kim Un"')
    newer = a_topic("<b>Baru</b>", query="Wonsan")
    wanted = settings(feeds=feeds, storage=desk.storage, topics=(a_topic(), near, *others, newer))
    async with browser(desk, wanted) as client:
        yield client


async def test_an_article_says_why_it_concerned_no_other_topic(missed: httpx.AsyncClient) -> None:
    page = (await missed.get("/articles/1", headers={"Accept-Language": "en"})).text
    folded = unescape(page[page.index("<details><summary>Why 12 topics did not match</summary>") :])
    assert "<p>'Wansan' is not in it; nearest: 'Wonsan'</p>" in folded
    assert "✗ all of these\n  ✗ 'Wansan'; nearest: 'Wonsan'\n  ✓ 'Lavrov' (" in folded
    assert "✗ \"Kim Un\"; nearest: 'Kim Jong Un' (with 1 word between)" in folded
    assert "<p>Would match now: 'Wonsan' is in it</p>" in folded
    assert "Nor did these: T8, T9" in folded
    assert "<b>Baru</b>" not in page
    assert "Korea Utara Rusia</a></h2>" not in folded


async def test_why_an_article_concerned_no_other_topic_is_said_in_indonesian(missed: httpx.AsyncClient) -> None:
    page = unescape((await missed.get("/articles/1", headers={"Accept-Language": "id"})).text)
    assert "Mengapa 12 topik tidak cocok" in page
    assert "<p>'Wansan' tidak ada dalam artikel; paling dekat: 'Wonsan'</p>" in page
    assert "✗ semua ini\n  ✗ 'Wansan'; paling dekat: 'Wonsan'\n  ✓ 'Lavrov' (" in page
    assert "<p>Sekarang akan cocok: 'Wonsan' ada dalam artikel</p>" in page
    assert "Juga tidak cocok: T8, T9" in page


async def test_an_article_that_every_topic_wanted_has_nothing_to_say_of_others(told: httpx.AsyncClient) -> None:
    assert "did not match" not in (await told.get("/articles/1")).text


async def test_every_page_is_shown_in_the_readers_language(told: httpx.AsyncClient) -> None:
    for path in PAGES:
        english = await told.get(path, headers={"Accept-Language": "en"})
        indonesian = await told.get(path, headers={"Accept-Language": "id-ID,id;q=0.9,en;q=0.5"})
        assert (english.status_code, indonesian.status_code) == (200, 200)
        assert '<html lang="en">' in english.text
        assert '<html lang="id">' in indonesian.text
        assert len(english.content) < 100_000


async def test_stories_by_topic_and_day(told: httpx.AsyncClient) -> None:
    assert KIM in (await told.get("/stories?topic=Korea+Utara+Rusia&day=2026-03-10")).text
    for none in ("/stories?topic=Lain", "/stories?day=2026-03-09", "/stories?after=1"):
        assert KIM not in (await told.get(none)).text
    for rubbish in ("/stories?day=x", "/stories?after=-1", "/stories?after=%00"):
        assert (await told.get(rubbish)).status_code == 200


async def test_a_topic_shows_its_matches_and_has_an_atom_feed(told: httpx.AsyncClient) -> None:
    page = (await told.get("/topics/Korea%20Utara%20Rusia")).text
    assert "<mark>Rusia</mark>" in page
    atom = await told.get("/topics/Korea%20Utara%20Rusia/atom")
    assert atom.headers["content-type"].startswith("application/atom+xml")
    entries = ET.fromstring(atom.content).findall("{http://www.w3.org/2005/Atom}entry")
    assert [entry.findtext("{http://www.w3.org/2005/Atom}title") for entry in entries] == [KIM]
    assert 'href="/topics/Korea%20Utara%20Rusia/atom" type="application/atom+xml"' in (await told.get("/topics")).text


async def test_a_topic_names_its_aliases_that_found_nothing(desk: Desk, told: httpx.AsyncClient) -> None:
    aliases = {"Korea Utara": ("Korut", "Wonsan"), "Rusia": ("Kreml*", '"Negeri Beruang"'), "Beras": ("Padi",)}
    topics = (a_topic(), a_topic("Tanpa alias", query="gajah"))
    async with browser(desk, settings(aliases=aliases, topics=topics, storage=desk.storage)) as client:
        page = (await client.get("/topics/Korea%20Utara%20Rusia")).text
        assert "Aliases that nothing was found by since 2026-03-10" in page
        assert "Korut, &#34;Negeri Beruang&#34;</dd>" in page
        assert "nothing was found by" not in (await client.get("/topics/Tanpa%20alias")).text


async def test_deliveries_and_feeds_say_what_became_of_them(told: httpx.AsyncClient) -> None:
    assert KIM in (await told.get("/deliveries")).text
    assert KIM not in (await told.get("/deliveries?state=dead")).text
    feeds = (await told.get("/feeds")).text
    assert "HTTP 404" in feeds
    assert feeds.index("Kabar Hilang") < feeds.index("Warta Timur")  # what is wrong comes first


async def test_secrets_are_never_shown(desk: Desk) -> None:
    secret = "sangat-rahasia"
    feed = local(
        "https://kabar.example/rss", headers={"X-Key": SecretStr(secret)}, secret=SecretStr(f"https://u:{secret}@x/")
    )
    wanted = settings(feeds=(feed,), channels=(a_channel("telepon", f"tgram://{secret}/1"),), storage=desk.storage)
    async with browser(desk, wanted) as client:
        for path in ("/", "/settings", "/feeds"):
            page = await client.get(path)
            assert page.status_code == 200
            assert secret not in page.text


async def test_an_edit_that_can_not_be_used_is_shown_with_its_place(desk: Desk) -> None:
    desk.database.write(configuration.take_into_force, "config.yaml", now=NOON)
    desk.database.write(configuration.refuse, "config.yaml", ["config.yaml:3:5: 'fedes' is no setting"], now=NOON)
    async with browser(desk, settings(storage=desk.storage)) as client:
        for path in ("/", "/settings"):
            assert "config.yaml:3:5: 'fedes' is no setting" in unescape((await client.get(path)).text)


async def test_a_daemon_that_stands_still_says_so_first(desk: Desk) -> None:
    async with browser(desk, settings(storage=desk.storage), is_on_time=False) as client:
        assert "The daemon is late" in (await client.get("/")).text
        assert (await client.get("/healthz")).status_code == 503


async def test_what_feeds_write_stays_text(desk: Desk, site: Site) -> None:
    topic = a_topic('<b>"x"</b>/..\'', query='"Korea Utara"')
    entry = FeedEntry(HOSTILE, "javascript:alert(1)", guid="1", description=HOSTILE)
    feeds = (local(site.feed("/rss", [entry]), name="<i>feed</i>", full_text="never"),)
    wanted = settings(feeds=feeds, topics=(topic,), storage=desk.storage)
    await desk.round(feeds=feeds, topics=(topic,))
    async with browser(desk, wanted) as client:
        for path in (
            *PAGES,
            "/topics/%3Cb%3E%22x%22%3C%2Fb%3E%2F..%27",
            "/topics/%3Cb%3E%22x%22%3C%2Fb%3E%2F..%27/atom",
        ):
            page = await client.get(path)
            assert page.status_code == 200, path
            for piece in ("<script>alert", "<img src=x", "<b>", "<i>feed", 'href="javascript:'):
                assert piece not in page.text, path


async def test_browsers_are_told_to_run_and_load_nothing_else(told: httpx.AsyncClient) -> None:
    for path in (*PAGES, "/static/style.css", "/nope"):
        headers = (await told.get(path)).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize("host", ["kabar.example", "127.0.0.1.kabar.example", "", "127.0.0.1@kabar.example", "[::1"])
async def test_who_asks_by_another_name_is_refused(desk: Desk, host: str) -> None:
    async with browser(desk, settings(storage=desk.storage)) as client:
        for path in ("/", "/healthz", "/static/style.css"):
            assert (await client.get(path, headers={"Host": host})).status_code == 400
        assert (await client.get("/", headers={"Host": "localhost:9999"})).status_code == 200


@pytest.mark.parametrize(
    ("url", "host", "origin"),
    [
        ("https://pantau.example", "pantau.example", "https://pantau.example"),
        ("https://pantau.example:443/", "pantau.example", "https://pantau.example"),
        ("http://pantau.example:8000", "pantau.example:8000", "http://pantau.example:8000"),
        ("https://münchen.example", "xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example"),
        ("https://[2001:db8::7]:8443", "[2001:db8::7]:8443", "https://[2001:db8::7]:8443"),
    ],
)
async def test_it_is_known_by_its_public_address(desk: Desk, url: str, host: str, origin: str) -> None:
    async with browser(desk, settings(storage=desk.storage, web=Web(url=url))) as client:
        assert (await client.get("/healthz", headers={"Host": host})).status_code == 200
        # A proxy may ask us by the address on which we listen.
        answer = await client.post("/deliveries/1/send", headers={"Origin": origin})
        assert answer.status_code == 303


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ({"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}, 200),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "style"}, 200),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}, 403),
    ],
)
async def test_pages_elsewhere_may_link_to_it_and_not_make_it_work(
    told: httpx.AsyncClient, sent: dict[str, str], status: int
) -> None:
    assert (await told.get("/search?q=korea", headers=sent)).status_code == status


async def test_nothing_is_changed_and_no_file_beside_its_own_is_given(told: httpx.AsyncClient) -> None:
    for method in ("POST", "PUT", "DELETE", "TRACE"):
        for path in ("/stories", "/api/v1/stories"):
            answer = await told.request(method, path)
            assert (answer.status_code, set(answer.headers["allow"].split(", "))) == (405, {"GET", "HEAD"})
    for path in (
        "/static/../site.py",
        "/static/%2e%2e/site.py",
        "/static//etc/passwd",
        "/stories/0",
        "/stories/x",
        f"/stories/{2**63}",
        f"/articles/{'9' * 5000}",
        "/topics/Lain",
    ):
        assert (await told.get(path)).status_code == 404, path


# -- search ------------------------------------------------------------------------------------------


async def test_articles_are_found_by_what_stands_in_them(told: httpx.AsyncClient) -> None:
    page = (await told.get("/search?q=%22korea+utara%22+lavrov")).text
    assert page.count('class="card"') == 2
    assert "<mark>Korea Utara</mark>" in page
    assert "<mark>Lavrov</mark>" in page
    for none in ("/search?q=gajah", "/search?q=korea+-lavrov", "/search?q=korea&to=2026-03-09"):
        assert "Nothing was found" in (await told.get(none)).text


async def test_articles_are_found_by_day_and_feed(told: httpx.AsyncClient) -> None:
    for some in ("feed=Warta+Timur", "feed=warta", "from=2026-03-10&to=2026-03-10&feed=Kabar+Nusantara"):
        assert 'class="card"' in (await told.get(f"/search?q=korea&{some}")).text, some
    for none in ("feed=Kabar+Hilang", "feed=Lain", "from=2026-03-11"):
        assert 'class="card"' not in (await told.get(f"/search?q=korea&{none}")).text, none


@pytest.mark.parametrize(
    "odd",
    ["q=%00", "q=%22", "q=-", "q=%ff", "q=<script>alert(1)</script>", "q=korea&from=x&to=%00&after=x&feed=%ff", "q="],
)
async def test_any_text_can_be_searched_for(told: httpx.AsyncClient, odd: str) -> None:
    page = await told.get(f"/search?{odd}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text


# -- who may change something ----------------------------------------------------------------------

OF_A_BROWSER = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://kabar.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "http://127.0.0.1:8080.kabar.example"},
    {"Origin": "file://127.0.0.1:8080"},
    {"Referer": "https://kabar.example/127.0.0.1:8080"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://kabar.example"},
)


@pytest.mark.parametrize("headers", OF_A_BROWSER)
async def test_a_form_of_another_site_changes_nothing(failed: httpx.AsyncClient, headers: dict[str, str]) -> None:
    assert (await failed.post("/deliveries/1/send", headers=headers)).status_code == 403
    assert KIM in (await failed.get("/deliveries?state=dead")).text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://127.0.0.1:8080"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": "http://127.0.0.1:8080"},
        {"Referer": "http://127.0.0.1:8080/deliveries"},
    ],
)
async def test_what_could_not_be_delivered_is_sent_again_by_a_button(
    failed: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    page = (await failed.get("/deliveries")).text
    assert '<form method="post" action="/deliveries/1/send">' in page
    answer = await failed.post("/deliveries/1/send", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/deliveries?again=yes")
    assert "It goes out again now." in (await failed.get(answer.headers["location"])).text
    assert KIM in (await failed.get("/deliveries?state=waiting")).text


async def test_what_went_out_or_is_not_there_can_not_be_sent_again(told: httpx.AsyncClient) -> None:
    assert "/send" not in (await told.get("/deliveries")).text
    for delivery in (1, 77):
        answer = await told.post(f"/deliveries/{delivery}/send")
        assert "sent again" in (await told.get(answer.headers["location"])).text
    assert KIM not in (await told.get("/deliveries?state=waiting")).text
    for odd in ("/deliveries/x/send", "/deliveries/-1/send"):
        assert (await told.post(odd)).status_code == 404
    assert (await told.get("/deliveries/1/send")).status_code == 405


# -- silences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ({"topic": "Korea Utara Rusia", "for": "1d", "reason": "<b>cukup</b>"}, "Korea Utara Rusia</a>"),
        ({"story": "1", "for": "1h"}, "Story 1</a>"),
        ({"words": '"Kim Jong Un" Wonsan', "for": "7d"}, "<code>&#34;Kim Jong Un&#34; Wonsan</code>"),
    ],
)
async def test_a_form_silences_and_a_button_ends_it(told: httpx.AsyncClient, form: dict[str, str], shown: str) -> None:
    answer = await told.post("/silences", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, "/silences?said=yes")
    page = (await told.get("/silences?said=yes")).text
    assert shown in page
    assert "Nobody hears of it now." in page
    assert "<b>cukup" not in page
    ended = await told.post("/silences/1/end")
    assert "It is heard of again." in (await told.get(ended.headers["location"])).text
    assert shown not in (await told.get("/silences")).text
    assert (await told.post("/silences/1/end")).headers["location"] == "/silences?said=no"


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"topic": "Lain", "for": "1h"},
        {"topic": "Korea Utara Rusia"},
        {"topic": "Korea Utara Rusia", "for": "99y"},
        {"topic": "Korea Utara Rusia", "story": "1", "for": "1h"},
        {"story": "77", "for": "1h"},
        {"story": "x", "for": "1h"},
        {"words": '"Kim', "for": "1h"},
        {"words": "Kim " * 200, "for": "1h"},
    ],
)
async def test_what_can_not_be_silenced_is_told(told: httpx.AsyncClient, form: dict[str, str]) -> None:
    answer = await told.post("/silences", data=form)
    location = answer.headers.get("location", "")
    assert (answer.status_code, location) in {(303, "/silences?said=no"), (303, "/silences?said=words"), (400, "")}
    assert "Nothing is silenced." in (await told.get("/silences")).text


async def test_what_is_silenced_in_the_file_is_shown_while_it_holds_and_without_a_button(desk: Desk) -> None:
    silenced = (
        Silenced(until=NOON + timedelta(days=1), topic="Korea Utara Rusia", reason="<b>cukup</b>"),
        Silenced(until=NOON + timedelta(days=2), words='"Kim Jong Un" Wonsan'),
        Silenced(until=NOON, story_id=77),
    )
    async with browser(desk, settings(storage=desk.storage, silences=silenced)) as client:
        page = (await client.get("/silences")).text
        indonesian = (await client.get("/silences", headers={"Accept-Language": "id"})).text
    assert "Korea Utara Rusia</a>" in page
    assert "<code>&#34;Kim Jong Un&#34; Wonsan</code>" in page
    assert page.count("It stands in the configuration file; take it out there to hear of it again.") == 2
    assert "Tertulis di berkas konfigurasi" in indonesian
    assert "/end" not in page
    assert "Story 77" not in page
    assert "<b>cukup" not in page


async def test_neither_a_link_nor_another_site_silences(told: httpx.AsyncClient) -> None:
    form = {"topic": "Korea Utara Rusia", "for": "1d"}
    assert (await told.post("/silences", data=form, headers={"Origin": "https://kabar.example"})).status_code == 403
    await told.get("/silences", params=form)
    assert (await told.get("/silences/1/end")).status_code == 405
    assert "Nothing is silenced." in (await told.get("/silences")).text


async def test_a_feed_shows_what_its_last_polls_gave(told: httpx.AsyncClient) -> None:
    page = (await told.get("/feeds")).text
    assert "the last 1 polls: 1 with news, 0 without, 0 failed" in page
    assert "the last 1 polls: 0 with news, 0 without, 1 failed" in page


# -- behind a password -------------------------------------------------------------------------------

PASSWORD = "kunci pintu ruang redaksi"


@pytest.fixture
async def locked(desk: Desk, told: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    wanted = settings(storage=desk.storage, web=Web(host="0.0.0.0", password=SecretStr(PASSWORD)))
    async with browser(desk, wanted) as client:
        yield client


async def test_where_a_password_is_set_it_opens_every_page(locked: httpx.AsyncClient) -> None:
    html = {"Accept": "text/html"}
    for path in (*PAGES, "/nope", "/api/v1/articles", "/openapi.json", "/atom", "/metrics"):
        assert (await locked.get(path)).status_code == 401
        answer = await locked.get(path, headers=html)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login")
    for path in ("/healthz", "/readyz", "/login"):
        assert (await locked.get(path)).status_code == 200

    wrong = await locked.post("/login", data={"password": "kunci"})
    assert (wrong.status_code, "That is not the password." in wrong.text) == (403, True)
    right = await locked.post("/login", data={"password": PASSWORD, "next": "/stories/1"})
    assert (right.status_code, right.headers["location"]) == (303, "/stories/1")
    for path in PAGES:
        page = await locked.get(path, headers=html)
        assert (page.status_code, 'action="/logout"' in page.text) == (200, True)
        assert PASSWORD not in page.text

    await locked.post("/logout")
    assert (await locked.get("/")).status_code == 401


async def test_the_links_to_feeds_open_them_without_a_login(locked: httpx.AsyncClient) -> None:
    password = httpx.BasicAuth("", PASSWORD)
    for page in ("/topics", "/stories", "/topics/Korea%20Utara%20Rusia"):
        text = unescape((await locked.get(page, auth=password)).text)
        addresses = set(re.findall(r'href="([^"]*/?atom\?token=[^"]+)"', text))
        assert addresses
        for address in addresses:
            assert (await locked.get(address)).status_code == 200
            assert "token=" not in (await locked.get(address)).text
            token = address.partition("=")[2]
            assert (await locked.get(f"/api/v1/articles?token={token}")).status_code == 401


async def test_the_token_of_the_settings_opens_the_api_for_reading(locked: httpx.AsyncClient) -> None:
    page = (await locked.get("/settings", auth=httpx.BasicAuth("", PASSWORD))).text
    headers = {"Authorization": f"Bearer {page.partition('Bearer ')[2].partition('<')[0]}"}
    for path in ("/api/v1/articles", "/api/v1/stories?format=csv", "/openapi.json", "/atom", "/metrics"):
        assert (await locked.get(path, headers=headers)).status_code == 200, path
    assert (await locked.post("/deliveries/1/send", headers=headers)).status_code == 401
    assert (await locked.get("/settings", headers=headers)).status_code == 401


async def test_a_page_that_listens_everywhere_is_asked_by_number_or_by_its_machines_name(
    locked: httpx.AsyncClient,
) -> None:
    for host in ("192.0.2.7:8080", "redaksi:8080", "[2001:db8::7]:8080"):
        assert (await locked.get("/healthz", headers={"Host": host})).status_code == 200
    for host in ("kabar.example", "192.0.2.7.kabar.example", ""):
        assert (await locked.get("/healthz", headers={"Host": host})).status_code == 400


async def test_a_page_of_stories_ends_where_the_next_begins(desk: Desk, site: Site) -> None:
    titles = [f"{MISSILE} ke-{number}: Kota {chr(65 + number)}{'xyz'[number % 3]}" for number in range(3)]
    entries = [
        FeedEntry(title, f"/{number}", description=f"{MISSILE_PARAGRAPHS[number]} {number}")
        for number, title in enumerate(titles)
    ]
    feeds = (local(site.feed("/rss", entries), full_text="never"),)
    await desk.round(feeds=feeds)
    desk.clock.forward(days=1)
    async with browser(desk, settings(feeds=feeds, storage=desk.storage)) as client:
        page = (await client.get("/topics/Korea%20Utara%20Rusia")).text
        assert (await client.get("/")).text.count('class="card"') == 0  # none of today
        assert 'class="card"' in page
    assert desk.clock.now - NOON == timedelta(days=1)


async def test_many_machines_are_shown_with_what_nobody_does(desk: Desk) -> None:
    now = desk.clock()
    hands_on = Worker("r1", "depan:4", "run", (), 0, "0.1.0", now, now)
    worker = Worker("w1", "gudang:17", "worker", ("poll", "deliver"), 16, "0.1.0", now, now)
    for each in (hands_on, worker):
        desk.database.write(workers.beat, each, now=now)
    async with browser(desk, settings()) as client:
        shown, first = (await client.get("/settings")).text, (await client.get("/")).text
    assert "depan:4" in shown
    assert "poll, deliver; 16 at a time" in shown
    assert "No worker does this: ingest." in first
