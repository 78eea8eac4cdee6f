"""Which addresses are opened: none of the inner network unless allowed, and the checked one is the one connected to."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import AsyncIterator, Sequence
from ipaddress import ip_address
from pathlib import Path

import pytest

from monitor.errors import FetchError
from monitor.fetch.address import is_forbidden, is_inner_name, is_public
from monitor.fetch.client import FEED, Client, Limits
from monitor.fetch.guard import Names as NamesOfTheSystem
from monitor.model import Page
from tests.fetch.origin import Detour, Names, Origin, black_hole, redirect, reply

SMALL = Limits(bytes=1000, seconds=5)
PUBLIC = "93.184.216.34"
CERTIFICATE = Path(__file__).with_name("news.example.pem")


@pytest.fixture
async def origin() -> AsyncIterator[Origin]:
    async with Origin({"/": reply(b"inside")}) as origin:
        yield origin


async def read(client: Client, url: str, *, allow_private: bool = False) -> bytes:
    page = await client.get(url, limits=SMALL, allow_private=allow_private)
    assert isinstance(page, Page)
    return page.content


async def refusal(client: Client, url: str, *, allow_private: bool = False) -> str:
    with pytest.raises(FetchError) as caught:
        await read(client, url, allow_private=allow_private)
    return str(caught.value)


# -- judging an address ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "8.8.8.8",
        "93.184.216.34",
        "172.32.0.1",
        "100.128.0.1",
        "192.0.1.1",
        "2001:4860:4860::8888",
        "2606:2800:220:1:248:1893:25c8:1946",
        "::ffff:8.8.8.8",
        "64:ff9b::8.8.8.8",
    ],
)
def test_the_open_internet_is_public(text: str) -> None:
    assert is_public(ip_address(text))
    assert not is_forbidden(ip_address(text))


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.9",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::8.8.8.8",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::8.8.8.8",
        "100::1",
        "2001::1",
        "2001:0:5ef5:79fd:0:0:80ff:fffe",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "4000::1",
        "5f00::1",
        "fc00::1",
        "fd12:3456::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_everything_else_is_not(text: str) -> None:
    assert not is_public(ip_address(text))
    assert not is_forbidden(ip_address(text))


@pytest.mark.parametrize(
    "text",
    [
        "169.254.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fe80::1",
        "fe80::1%eth0",
        "febf::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "::ffff:0:169.254.169.254",
        "64:ff9b::169.254.169.254",
        "64:ff9b:1::169.254.169.254",
        "2002:a9fe:a9fe::",
        "2001:0:a9fe:a9fe::1",
        "2001:0:808:808:0:0:5601:5601",
    ],
)
async def test_link_local_and_metadata_addresses_are_never_opened(text: str) -> None:
    detour = Detour()
    async with Client(resolver=Names(cloud_example=[[text]]), sockets=detour) as client:
        for allowed in (False, True):
            assert await refusal(client, "http://cloud.example/", allow_private=allowed) == (
                "link-local or metadata address refused"
            )
    assert detour.connected == []


@pytest.mark.parametrize(
    ("host", "inner"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("nas", True),
        ("NAS.local.", True),
        ("wiki.corp.internal", True),
        ("8.8.8.8", False),
        ("example.org", False),
        ("local.example.org", False),
    ],
)
def test_inner_hosts_are_told_by_their_names(host: str, inner: bool) -> None:
    assert is_inner_name(host) is inner


# -- odd spellings --------------------------------------------------------------------------------

SPELLINGS = [
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.0.1",
    "127.0.0.2",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0X7F.0.0.0x1",
    "017700000001",
    "0177.0.0.1",
    "0177.0x0.1",
    "0",
    "0.0.0.0",
    "0x0",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "sub.localhost",
    "①②⑦.⓪.⓪.①",
    "１２７.０.０.１",
    "127。0。0。1",
    "127%2e0.0.1",
    "127.0.0.1%00.example.org",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[::1%25lo]",
    "example.org@127.0.0.1",
    "example.org:80@127.0.0.1",
    "8.8.8.8\\@127.0.0.1",
    "127.0.0.1.nip.example",
]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_however_an_inner_address_is_spelt_no_connection_is_made(host: str, origin: Origin) -> None:
    local = [["127.0.0.1", "::1"]]
    names = Names(
        localhost=local, localhost_=local, sub_localhost=local, **{"127_0_0_1_": local, "127_0_0_1_nip_example": local}
    )
    async with Client(resolver=names) as client:
        for path in ("/", "/?http://example.org", "/#@example.org"):
            words = await refusal(client, f"http://{host}:{origin.port}{path}")
            assert words in {"private address refused", "not an http(s) address"}
    assert origin.connections == 0


async def test_who_may_reach_inner_addresses_reaches_them(origin: Origin) -> None:
    async with Client(resolver=Names(localhost=[["127.0.0.1"]])) as client:
        for host in ("127.0.0.1", "127.1", "localhost", "0x7f000001"):
            assert await read(client, f"http://{host}:{origin.port}/", allow_private=True) == b"inside"


async def test_a_connection_opened_for_who_may_is_not_met_by_who_may_not() -> None:
    async with Origin({"/": reply(b"inside")}, keep=True) as origin, Client() as client:
        assert await read(client, origin.url(), allow_private=True) == b"inside"
        assert await refusal(client, origin.url()) == "private address refused"
        assert len(origin.asked) == 1


# -- names ----------------------------------------------------------------------------------------


async def test_the_address_that_was_checked_is_the_one_connected_to(origin: Origin) -> None:
    """A name server that gives a public address first and an inner one a moment later (rebinding)."""
    names, detour = Names(news_example=[[PUBLIC], ["127.0.0.1"]]), Detour()
    async with Client(resolver=names, sockets=detour) as client:
        url = f"http://news.example:{origin.port}/"
        assert await read(client, url) == b"inside"
        assert (names.asked, detour.connected) == (["news.example"], [PUBLIC])
        assert await refusal(client, url) == "private address refused"
        assert detour.connected == [PUBLIC]


@pytest.mark.parametrize(
    "answers", [[PUBLIC, "10.0.0.1"], ["::1", PUBLIC], [PUBLIC, "2606:2800:220::1", "192.168.0.1"]]
)
async def test_one_inner_address_among_the_answers_is_enough_to_refuse(answers: Sequence[str]) -> None:
    detour = Detour()
    async with Client(resolver=Names(news_example=[answers]), sockets=detour) as client:
        assert await refusal(client, "http://news.example/") == "private address refused"
    assert detour.connected == []


async def test_a_name_nobody_knows() -> None:
    async with Client(resolver=Names(empty_example=[[]])) as client:
        assert await refusal(client, "http://nowhere.example/") == "unknown host"
        assert await refusal(client, "http://empty.example/") == "unknown host"
    async with Client() as client:
        assert await refusal(client, f"http://{'a' * 70}.example/") == "unknown host"


async def test_a_name_server_that_does_not_answer_is_given_up_in_time() -> None:
    async def silent(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(30)
        return []

    async with Client(resolver=silent) as client:
        with pytest.raises(FetchError, match="timed out"):
            await client.get("http://news.example/", limits=Limits(1000, 0.1))


async def test_a_host_is_tried_at_its_next_address(origin: Origin) -> None:
    names = Names(news_example=[["127.0.0.9", "127.0.0.1"]], down_example=[["127.0.0.9", "127.0.0.8"]])
    async with Client(resolver=names) as client:
        assert await read(client, f"http://news.example:{origin.port}/", allow_private=True) == b"inside"
        assert await refusal(client, f"http://down.example:{origin.port}/", allow_private=True) == "connection refused"


async def test_a_host_whose_first_address_is_dead_is_reached_at_its_next(origin: Origin) -> None:
    names = Names(news_example=[["127.0.0.9", "127.0.0.8", "127.0.0.1"]])
    with black_hole("127.0.0.9", origin.port), black_hole("127.0.0.8", origin.port):
        async with Client(resolver=names) as client:
            assert await read(client, f"http://news.example:{origin.port}/", allow_private=True) == b"inside"


async def test_a_host_with_many_addresses_of_a_kind_that_no_way_leads_to(origin: Origin) -> None:
    answers = [*(f"2606:2800:220:1::{n}" for n in range(9)), PUBLIC]
    detour = Detour(is_reached=lambda address: ":" not in address)
    async with Client(resolver=Names(news_example=[answers]), sockets=detour) as client:
        assert await read(client, f"http://news.example:{origin.port}/") == b"inside"


async def test_of_many_addresses_a_few_are_tried() -> None:
    detour = Detour(is_reached=lambda _: False)
    answers = [f"8.8.8.{n}" for n in range(200)]
    async with Client(resolver=Names(news_example=[answers]), sockets=detour) as client:
        assert await refusal(client, "http://news.example/") == "no connection"
    assert set(detour.connected) == set(answers[:4])


async def test_names_that_no_server_answers_for_keep_no_other_name_waiting(origin: Origin) -> None:
    over = threading.Event()

    def ask(host: str, _port: int) -> Sequence[str]:
        if host != "good.example":
            over.wait()
        return ["127.0.0.1"]

    looked_up = NamesOfTheSystem(ask)
    async with Client(resolver=looked_up) as client:
        dead = [asyncio.create_task(refusal(client, f"http://dead{n}.example/")) for n in range(40)]
        await asyncio.sleep(0)
        assert await read(client, f"http://good.example:{origin.port}/", allow_private=True) == b"inside"
        over.set()
        assert set(await asyncio.gather(*dead)) == {"private address refused"}
    looked_up.close()


async def test_a_name_of_this_machine_is_looked_up(origin: Origin) -> None:
    async with Client() as client:
        assert await read(client, f"http://localhost:{origin.port}/", allow_private=True) == b"inside"


@pytest.mark.parametrize(
    "host",
    [
        "1.2.3.4.5",
        "256.256",
        "08.8.8.8",
        "99999999999",
        "0..0",
        "xn--",
        "a=b",
        "a&b",
        "a;b",
        "a,b",
        "a{b}",
        "a\\b",
        "127.0.0.1\t",
        "[::1",
        "[8.8.8.8]",
        "[::1]x",
    ],
)
async def test_what_two_readers_may_read_in_two_ways_is_not_asked(host: str, origin: Origin) -> None:
    detour = Detour()
    async with Client(resolver=Names(), sockets=detour) as client:
        words = await refusal(client, f"http://{host}:{origin.port}/")
        assert words == "not an http(s) address"
    assert detour.connected == []


# -- redirects ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("http://127.0.0.1:{port}/", "private address refused"),
        ("//localhost:{port}/", "private address refused"),
        ("http://inner.example:{port}/", "private address refused"),
        ("http://10.0.0.1/", "private address refused"),
        ("http://169.254.169.254/latest/meta-data/", "link-local or metadata address refused"),
        ("http://[fe80::1]/", "link-local or metadata address refused"),
        ("file:///etc/passwd", "not an http(s) address"),
    ],
)
async def test_a_public_host_cannot_lead_us_inside(location: str, words: str, origin: Origin) -> None:
    origin.answers["/out"] = redirect(location.format(port=origin.port))
    local = [["127.0.0.1"]]
    names, detour = Names(news_example=[[PUBLIC]], localhost=local, inner_example=local), Detour()
    async with Client(resolver=names, sockets=detour) as client:
        assert await refusal(client, f"http://news.example:{origin.port}/out") == words
    assert [asked.path for asked in origin.asked] == ["/out"]
    assert detour.connected == [PUBLIC]


async def test_where_inner_addresses_are_allowed_metadata_still_is_not(origin: Origin) -> None:
    origin.answers["/out"] = redirect("http://169.254.169.254/latest/meta-data/")
    async with Client() as client:
        words = await refusal(client, origin.url("/out"), allow_private=True)
        assert words == "link-local or metadata address refused"


# -- TLS ------------------------------------------------------------------------------------------


@pytest.fixture
async def secure() -> AsyncIterator[Origin]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    async with Origin({"/": reply(b"inside")}, tls=context) as origin:
        yield origin


@pytest.mark.parametrize("head", ["Content-Length: 5000000\r\n", "Transfer-Encoding: chunked\r\n", ""])
async def test_a_large_page_arrives_whole_with_tls_and_without(head: str, origin: Origin, secure: Origin) -> None:
    text = bytes(range(250)) * 20_000
    pieces = (b"%x\r\n%b\r\n" % (250_000, text[:250_000]) for _ in range(20))
    body = b"".join(pieces) + b"0\r\n\r\n" if "chunked" in head else text
    origin.answers["/large"] = secure.answers["/large"] = f"HTTP/1.1 200 OK\r\n{head}\r\n".encode() + body
    names, tls = Names(news_example=[["127.0.0.1"]]), ssl.create_default_context(cafile=CERTIFICATE)
    async with Client(resolver=names, tls=tls) as client:
        for scheme, port in (("http", origin.port), ("https", secure.port)):
            url = f"{scheme}://news.example:{port}/large"
            page = await client.get(url, limits=FEED, allow_private=True)
            assert isinstance(page, Page)
            assert page.content == text


async def test_a_certificate_is_checked_by_name_though_we_connect_by_address(secure: Origin) -> None:
    names = Names(news_example=[["127.0.0.1"]], other_example=[["127.0.0.1"]])
    async with Client(resolver=names, tls=ssl.create_default_context(cafile=CERTIFICATE)) as client:
        assert await read(client, f"https://news.example:{secure.port}/", allow_private=True) == b"inside"
        words = await refusal(client, f"https://other.example:{secure.port}/", allow_private=True)
        assert words.startswith("TLS certificate not valid: Hostname mismatch")
        assert "'other.example'" in words


async def test_a_move_from_tls_to_none_is_not_for_good_but_the_other_way_is(origin: Origin, secure: Origin) -> None:
    names = Names(news_example=[["127.0.0.1"]])
    bare, behind = (f"{scheme}://news.example:{o.port}/" for scheme, o in (("http", origin), ("https", secure)))
    origin.answers["/up"] = redirect(behind, "301 Moved")
    secure.answers["/down"] = redirect(bare, "301 Moved")
    secure.answers["/down-and-up"] = redirect(bare + "up", "301 Moved")
    async with Client(resolver=names, tls=ssl.create_default_context(cafile=CERTIFICATE)) as client:
        moves = []
        for url in (bare + "up", behind + "down", behind + "down-and-up"):
            page = await client.get(url, limits=SMALL, allow_private=True)
            assert isinstance(page, Page)
            moves.append(page.moved_to)
    assert moves == [behind, None, None]


async def test_a_login_goes_along_to_the_same_host_behind_tls_and_not_back(origin: Origin, secure: Origin) -> None:
    origin.answers |= {"/up": redirect("https://news.example/down", "301 Moved"), "/end": reply(b"x")}
    secure.answers["/down"] = redirect("http://news.example/end")
    tls, ports = ssl.create_default_context(cafile=CERTIFICATE), Detour({80: origin.port, 443: secure.port})
    async with Client(resolver=Names(news_example=[[PUBLIC]]), sockets=ports, tls=tls) as client:
        await client.get("http://ana:s3cret@news.example/up", limits=SMALL)
        assert "authorization" in secure.asked[0].headers
        await client.get("https://ana:s3cret@news.example/down", limits=SMALL)
        assert ["authorization" in asked.headers for asked in origin.asked] == [True, True, False]


async def test_a_certificate_nobody_vouches_for_is_refused(secure: Origin) -> None:
    async with Client(resolver=Names(news_example=[["127.0.0.1"]])) as client:
        words = await refusal(client, f"https://news.example:{secure.port}/", allow_private=True)
        assert words == "TLS certificate not valid: self-signed certificate"


async def test_a_server_without_tls_is_told_as_such() -> None:
    def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server, Client() as client:
        port = server.sockets[0].getsockname()[1]
        assert await refusal(client, f"https://127.0.0.1:{port}/", allow_private=True) == "no TLS connection"
