"""One GET: what comes back, what is asked, and what is said when nothing comes."""

from __future__ import annotations

import asyncio
import base64
import os
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path

import pytest

from monitor.errors import FetchError
from monitor.fetch.client import ARTICLE, FEED, Client, Limits
from monitor.model import NotModified, Page, Validators
from tests.fetch.origin import Origin, redirect, reply

SMALL = Limits(bytes=1000, seconds=5)
BRIEF = Limits(bytes=1000, seconds=0.15)


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with Client() as client:
        yield client


async def get(client: Client, url: str, limits: Limits = SMALL) -> Page:
    page = await client.get(url, limits=limits, allow_private=True)
    assert isinstance(page, Page)
    return page


async def failure(client: Client, url: str, limits: Limits = SMALL) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await client.get(url, limits=limits, allow_private=True)
    assert "\n" not in str(caught.value)
    return caught.value


# -- a page ---------------------------------------------------------------------------------------


async def test_a_page_comes_with_what_http_said_of_it(client: Client) -> None:
    headers = {
        "Content-Type": "text/xml; charset=windows-1252",
        "ETag": 'W/"a"',
        "Last-Modified": "Sat, 21 Nov 2026 10:00:00 GMT",
        "Cache-Control": "public, max-age=600",
    }
    async with Origin({"/feed?a=1": reply(b"<rss/>", headers=headers)}) as origin:
        page = await get(client, origin.url("/feed?a=1#top"))
        assert page == Page(
            url=origin.url("/feed?a=1"),
            content=b"<rss/>",
            content_type="text/xml; charset=windows-1252",
            validators=Validators('W/"a"', "Sat, 21 Nov 2026 10:00:00 GMT"),
            max_age=timedelta(minutes=10),
        )


async def test_a_page_without_any_headers_is_a_page(client: Client) -> None:
    async with Origin({"/": b"HTTP/1.0 200 OK\r\n\r\nhello"}) as origin:
        assert await get(client, origin.url()) == Page(url=origin.url(), content=b"hello")


async def test_it_says_who_it_is_and_asks_only_for_what_it_can_inflate(client: Client) -> None:
    async with Origin({"/": reply()}) as origin:
        await get(client, origin.url())
        headers = origin.asked[0].headers
        assert headers["user-agent"] == f"news-monitor/{version('news-monitor')}"
        assert headers["accept-encoding"] == "gzip, deflate"
        assert headers["host"] == f"127.0.0.1:{origin.port}"


async def test_the_user_may_give_it_another_name() -> None:
    async with Client(user_agent="Kantor Berita/2") as client, Origin({"/": reply()}) as origin:
        await get(client, origin.url())
        assert origin.asked[0].headers["user-agent"] == "Kantor Berita/2"


async def test_a_feed_may_be_told_another_name_yet(client: Client) -> None:
    async with Origin({"/": redirect("/new"), "/new": reply()}) as origin:
        await client.get(origin.url(), limits=SMALL, allow_private=True, user_agent="Mozilla/5.0")
        await get(client, origin.url("/new"))
        assert [asked.headers["user-agent"].split("/")[0] for asked in origin.asked] == [
            "Mozilla",
            "Mozilla",
            "news-monitor",
        ]


@pytest.mark.parametrize("status", ["200 OK", "203 Non-Authoritative Information"])
async def test_these_answers_are_pages(client: Client, status: str) -> None:
    async with Origin({"/": reply(b"x", status)}) as origin:
        assert (await get(client, origin.url())).content == b"x"


@pytest.mark.parametrize(
    ("control", "max_age"),
    [
        ("max-age=60", timedelta(seconds=60)),
        ("s-maxage=9, MAX-AGE=60", timedelta(seconds=60)),
        ('no-cache="Set-Cookie", max-age="60"', timedelta(seconds=60)),
        ("max-age=60, no-cache", None),
        ("no-store, max-age=60", None),
        ("s-maxage=60", None),
        ("max-age=soon", None),
        ("", None),
    ],
)
async def test_how_long_the_server_says_nothing_changes(
    client: Client, control: str, max_age: timedelta | None
) -> None:
    async with Origin({"/": reply(headers={"Cache-Control": control})}) as origin:
        assert (await get(client, origin.url())).max_age == max_age


async def test_an_endless_etag_is_not_kept(client: Client) -> None:
    async with Origin({"/": reply(headers={"ETag": '"' + "a" * 5000 + '"'})}) as origin:
        assert (await get(client, origin.url())).validators == Validators()


# -- has it changed? ------------------------------------------------------------------------------


async def test_what_did_not_change_is_not_sent_again(client: Client) -> None:
    known = Validators('"a"', "Sat, 21 Nov 2026 10:00:00 GMT")
    unchanged = reply(status="304 Not Modified", headers={"Cache-Control": "max-age=30"})
    async with Origin({"/": unchanged}) as origin:
        answer = await client.get(origin.url(), limits=SMALL, validators=known, allow_private=True)
        assert answer == NotModified(max_age=timedelta(seconds=30))
        assert origin.asked[0].headers["if-none-match"] == '"a"'
        assert origin.asked[0].headers["if-modified-since"] == "Sat, 21 Nov 2026 10:00:00 GMT"


async def test_the_first_time_nothing_is_said_of_before(client: Client) -> None:
    async with Origin({"/": reply()}) as origin:
        await get(client, origin.url())
        assert not {"if-none-match", "if-modified-since"} & set(origin.asked[0].headers)


async def test_not_modified_is_no_answer_to_who_has_nothing(client: Client) -> None:
    async with Origin({"/": reply(status="304 Not Modified")}) as origin:
        assert str(await failure(client, origin.url())) == "HTTP 304"


async def test_a_connection_is_used_again(client: Client) -> None:
    async with Origin({"/": reply(b"x"), "/same": b"HTTP/1.1 304 Not Modified\r\n\r\n"}, keep=True) as origin:
        await get(client, origin.url())
        await client.get(origin.url("/same"), limits=SMALL, validators=Validators('"a"'), allow_private=True)
        await get(client, origin.url())
        assert (len(origin.asked), origin.connections) == (3, 1)


# -- a server that says no ------------------------------------------------------------------------


@pytest.mark.parametrize("status", [204, 206, 300, 400, 401, 403, 404, 429, 451, 500, 502, 503, 599])
async def test_any_other_answer_is_told_by_its_number(client: Client, status: int) -> None:
    async with Origin({"/": f"HTTP/1.1 {status} <b>Oops</b>\r\n\r\n".encode()}) as origin:
        error = await failure(client, origin.url())
        assert (str(error), error.status, error.gone) == (f"HTTP {status}", status, False)


async def test_gone_is_gone(client: Client) -> None:
    async with Origin({"/": reply(status="410 Gone")}) as origin:
        error = await failure(client, origin.url())
        assert (str(error), error.status, error.gone) == ("HTTP 410", 410, True)


@pytest.mark.parametrize(("status", "gone"), [("302 Found", False), ("301 Moved", True)])
async def test_where_it_leads_for_now_may_be_gone_without_it(client: Client, status: str, *, gone: bool) -> None:
    async with Origin({"/": redirect("/there", status), "/there": reply(status="410 Gone")}) as origin:
        error = await failure(client, origin.url())
        assert (str(error), error.gone) == ("HTTP 410", gone)


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize(
    ("asked", "rest"),
    [
        ("120", timedelta(minutes=2)),
        ("Sat, 21 Nov 2026 10:05:00 GMT", timedelta(minutes=5)),
        ("Saturday, 21-Nov-26 10:05:00 GMT", timedelta(minutes=5)),
        ("Sat, 21 Nov 2026 09:00:00 GMT", timedelta(0)),
        ("Sat, 21 Nov 2037 10:00:00 GMT", timedelta(days=1)),
        ("99999999999999999999", timedelta(days=1)),
        ("-5", None),
        ("soon", None),
        ("", None),
    ],
)
async def test_when_to_come_back_counts_from_the_servers_clock(
    client: Client, status: str, asked: str, rest: timedelta | None
) -> None:
    headers = {"Retry-After": asked, "Date": "Sat, 21 Nov 2026 10:00:00 GMT"}
    async with Origin({"/": reply(status=status, headers=headers)}) as origin:
        assert (await failure(client, origin.url())).retry_after == rest


# -- too large, too slow, broken ------------------------------------------------------------------


async def test_what_is_announced_as_too_large_is_not_read(client: Client) -> None:
    async with Origin({"/": b"HTTP/1.1 200 OK\r\nContent-Length: 10000001\r\n\r\n"}) as origin:
        assert str(await failure(client, origin.url(), FEED)) == "too large (over 10 MB)"


async def test_a_page_may_be_as_large_as_the_limit_and_no_byte_larger(client: Client) -> None:
    async with Origin(
        {"/fits": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1000, "/not": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1001}
    ) as origin:
        assert len((await get(client, origin.url("/fits"))).content) == 1000
        assert str(await failure(client, origin.url("/not"))).startswith("too large")


async def test_of_an_endless_page_little_more_than_the_limit_is_taken(client: Client) -> None:
    sent = 0

    async def endless(writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 100_000)
            await writer.drain()
            sent += 100_000

    async with Origin({"/": endless}) as origin:
        assert str(await failure(client, origin.url(), ARTICLE)) == "too large (over 3 MB)"
        assert sent < 20_000_000  # the rest is what the system's buffers hold


async def test_a_page_that_drips_is_given_up_in_time(client: Client) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    async with Origin({"/": drip, "/good": reply(b"x")}) as origin:
        assert str(await failure(client, origin.url(), BRIEF)) == "timed out"
        assert (await get(client, origin.url("/good"))).content == b"x"


async def test_a_server_that_never_answers_is_given_up_in_time(client: Client) -> None:
    async def silent(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3)
        writer.close()

    async with Origin({"/": silent}) as origin:
        assert str(await failure(client, origin.url(), BRIEF)) == "timed out"


async def test_the_time_counts_for_all_redirects_together(client: Client) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(redirect("/"))

    async with Origin({"/": slow}) as origin:
        assert str(await failure(client, origin.url(), BRIEF)) == "timed out"


async def test_no_one_there(client: Client) -> None:
    async with Origin({}) as origin:
        url = origin.url()
    assert str(await failure(client, url)) == "connection refused"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "connection broke off"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", "connection broke off"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "connection broke off"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe", "connection broke off"),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", "not an HTTP answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", "not an HTTP answer"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "not an HTTP answer"),
    ],
)
async def test_what_is_no_answer_is_told_in_plain_words(client: Client, answer: bytes, words: str) -> None:
    async with Origin({"/": answer}) as origin:
        assert str(await failure(client, origin.url())) == words


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/feed",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "javascript:alert(1)",
        "http://",
        "http:///feed",
        "http:127.0.0.1/",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "http://127.0.0.1:port/",
        "http://[::1/",
        "http://a b/",
        "http://127.0.0.1\n/",
        "http://\ud800/",
    ],
)
async def test_what_is_no_address_is_not_asked(client: Client, url: str) -> None:
    assert str(await failure(client, url)).startswith("not an http(s) address")


# -- redirects ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_moved_page_is_followed_and_says_where_it_was_found(client: Client, status: int) -> None:
    async with Origin({"/old": redirect("new?x=ü#part", f"{status} Moved"), "/new?x=%C3%BC": reply(b"x")}) as origin:
        page = await get(client, origin.url("/old"))
        assert (page.content, page.url) == (b"x", origin.url("/new?x=%C3%BC"))


@pytest.mark.parametrize(
    ("statuses", "is_moved"),
    [
        ([301], True),
        ([308], True),
        ([301, 308, 301], True),
        ([302], False),
        ([303], False),
        ([307], False),
        ([301, 302], False),
        ([307, 301], False),
        ([], False),
    ],
)
async def test_where_a_page_has_moved_for_good(client: Client, statuses: list[int], is_moved: bool) -> None:
    answers = {f"/{n}": redirect(f"/{n + 1}#top", f"{status} Moved") for n, status in enumerate(statuses)}
    async with Origin({**answers, f"/{len(statuses)}": reply(b"x")}) as origin:
        moved_to = (await get(client, origin.url("/0", user="ana:s3cret@"))).moved_to
        assert moved_to == (origin.url(f"/{len(statuses)}") if is_moved else None)


async def test_a_move_names_no_login(client: Client) -> None:
    async with Origin({"/new": reply(b"x")}) as origin:
        origin.answers["/"] = redirect(origin.url("/new", user="eve:pw@"), "301 Moved")
        assert (await get(client, origin.url())).moved_to == origin.url("/new")


@pytest.mark.parametrize("answer", [reply(status="404 Not Found"), redirect("/"), b""])
async def test_a_move_to_where_nothing_is_is_none(client: Client, answer: bytes) -> None:
    async with Origin({"/": redirect("/new", "301 Moved"), "/new": answer}) as origin:
        await failure(client, origin.url())


async def test_five_redirects_are_followed_and_not_six(client: Client) -> None:
    answers = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)}
    async with Origin({**answers, "/6": reply(b"x")}) as origin:
        assert (await get(client, origin.url("/1"))).content == b"x"
        assert str(await failure(client, origin.url("/0"))) == "too many redirects"


async def test_a_circle_of_redirects_ends(client: Client) -> None:
    async with Origin({"/a": redirect("/b"), "/b": redirect("/a")}) as origin:
        assert str(await failure(client, origin.url("/a"))) == "too many redirects"
        assert len(origin.asked) == 6


async def test_a_redirect_that_leads_nowhere(client: Client) -> None:
    async with Origin({"/": reply(status="302 Found")}) as origin:
        assert str(await failure(client, origin.url())) == "redirect without an address"


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "http://[", "data:,x"]
)
async def test_a_redirect_away_from_the_web_is_refused(client: Client, location: str) -> None:
    async with Origin({"/": redirect(location)}) as origin:
        assert str(await failure(client, origin.url())) == "not an http(s) address"


async def test_the_question_has_it_changed_goes_with_a_redirect(client: Client) -> None:
    async with Origin({"/": redirect("/new"), "/new": reply(status="304 Not Modified")}) as origin:
        known = Validators('"a"')
        assert await client.get(origin.url(), limits=SMALL, validators=known, allow_private=True) == NotModified()


# -- secrets --------------------------------------------------------------------------------------


async def test_user_and_password_of_an_address_are_sent_as_basic_auth(client: Client) -> None:
    async with Origin({"/": reply()}) as origin:
        page = await get(client, origin.url(user="ana:p%40ss%3Aw%C3%B6rd@"))
        expected = base64.b64encode("ana:p@ss:wörd".encode()).decode()
        assert origin.asked[0].headers["authorization"] == f"Basic {expected}"
        assert page.url == origin.url()


async def test_headers_of_the_user_are_sent_and_come_before_ours(client: Client) -> None:
    async with Origin({"/": reply()}) as origin:
        headers = {"X-Token": "s3cret", "user-agent": "Mozilla", "accept": "text/plain"}
        await client.get(origin.url(), limits=SMALL, headers=headers, allow_private=True)
        heard = origin.asked[0].headers
        assert (heard["x-token"], heard["user-agent"], heard["accept"]) == ("s3cret", "Mozilla", "text/plain")


async def test_credentials_stay_with_the_place_they_are_for(client: Client) -> None:
    async with Origin({}) as other, Origin({}) as origin:
        origin.answers = {"/": redirect("/next"), "/next": redirect(other.url("/away"))}
        other.answers = {"/away": redirect(origin.url("/back"))}
        url = origin.url(user="ana:s3cret@")
        headers = {"X-Token": "s3cret", "Cookie": "s3cret", "User-Agent": "Mozilla"}
        with pytest.raises(FetchError, match="HTTP 404"):
            await client.get(url, limits=SMALL, headers=headers, allow_private=True)
        assert [asked.path for asked in origin.asked] == ["/", "/next", "/back"]
        assert all("s3cret" in asked.headers["x-token"] for asked in origin.asked)
        assert all("authorization" in asked.headers for asked in origin.asked)
        heard = other.asked[0].headers
        assert not {"x-token", "cookie", "authorization"} & set(heard)
        assert "s3cret" not in str(heard)
        assert heard["user-agent"].startswith("news-monitor/")


async def test_where_a_page_has_moved_to_only_its_own_host_hears_what_was_meant_for_the_old(client: Client) -> None:
    async with Origin({"/feed": reply()}) as other, Origin({"/new": reply()}) as origin:
        trusted = origin.url(user="ana:s3cret@")
        for url in (origin.url("/new"), other.url("/feed"), other.url("/feed", user="eve:pw@")):
            await client.get(url, limits=SMALL, headers={"X-Token": "s3cret"}, trusted=trusted, allow_private=True)
        assert {"x-token", "authorization"} <= set(origin.asked[0].headers)
        assert not any({"x-token", "authorization"} & set(asked.headers) for asked in other.asked)


async def test_a_redirect_cannot_name_a_user(client: Client) -> None:
    async with Origin({"/new": reply()}) as origin:
        origin.answers["/"] = redirect(origin.url("/new", user="eve:pw@"))
        assert (await get(client, origin.url())).url == origin.url("/new")
        assert "authorization" not in origin.asked[1].headers


async def test_no_failure_and_no_log_line_tells_a_secret(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    async with Origin({"/?key=s3cret": redirect("file:///s3cret"), "/cut?key=s3cret": b"HTTP/1.1 200"}) as origin:
        for path in ("/?key=s3cret", "/cut?key=s3cret", "/none?key=s3cret"):
            url = origin.url(path, user="ana:s3cret@")
            with pytest.raises(FetchError) as caught:
                await client.get(url, limits=SMALL, headers={"X-Token": "s3cret"}, allow_private=True)
            assert "s3cret" not in str(caught.value)
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("headers", [{"X-Token": "a\r\nX-Other: b"}, {"X Token": "a"}, {"X-Tokén": "a"}, {"": "a"}])
async def test_a_header_that_cannot_be_sent_is_said_so(client: Client, headers: dict[str, str]) -> None:
    async with Origin({"/": reply()}) as origin:
        with pytest.raises(FetchError, match="a header for this address can't be sent"):
            await client.get(origin.url(), limits=SMALL, headers=headers, allow_private=True)


async def test_cookies_are_not_kept(client: Client) -> None:
    async with Origin({"/": reply(headers={"Set-Cookie": "who=me"})}) as origin:
        await get(client, origin.url())
        await get(client, origin.url())
        assert "cookie" not in origin.asked[1].headers


async def test_proxies_named_in_the_environment_are_not_used() -> None:
    program = (
        "import asyncio, sys\n"
        "from monitor.fetch.client import FEED, Client\n"
        "async def main():\n"
        "    async with Client() as client:\n"
        "        print((await client.get(sys.argv[1], limits=FEED, allow_private=True)).content.decode())\n"
        "asyncio.run(main())\n"
    )
    async with Origin({"/": reply(b"direct")}) as origin, Origin({}) as proxy:
        env = {**os.environ, **dict.fromkeys(("http_proxy", "HTTP_PROXY", "ALL_PROXY"), proxy.url()), "NO_PROXY": ""}
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, origin.url(), env=env, stdout=pipe, cwd=Path(__file__).parents[2]
        )
        out, _ = await process.communicate()
        assert (out.strip(), proxy.connections) == (b"direct", 0)
