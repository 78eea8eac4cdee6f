"""Who is let in, and who is not."""

from __future__ import annotations

import asyncio
import base64
import hmac
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message

from monitor.web.access import Access, Guarded, token_for, with_token
from monitor.web.dress import Dress, voice_of
from monitor.web.login import Wait, Wrong
from monitor.web.throttle import Throttle
from tests.build import NOON

PASSWORD = "kuda-laut é 17"
HTML = {"Accept": "text/html,application/xhtml+xml"}
ATOM = "/topics/Korea Utara & Rusia/atom"


@dataclass(slots=True)
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture(scope="module")
def made() -> tuple[Access, Clock]:
    """Once for all: it is slow on purpose, and nothing of it changes but the clock."""
    clock = Clock()
    return Access(SecretStr(PASSWORD), b"k" * 32, is_https=False, clock=clock), clock


@pytest.fixture
def clock(made: tuple[Access, Clock]) -> Clock:
    made[1].now = NOON
    return made[1]


@pytest.fixture
def access(made: tuple[Access, Clock], clock: Clock) -> Access:
    return made[0]


@pytest.fixture
def house(access: Access) -> ASGIApp:
    return guarded(access)


def guarded(access: Access) -> ASGIApp:
    """Behind the door every path answers with what was asked for."""
    dress = Dress()

    async def inside(request: Request) -> Response:
        headers = {"Cache-Control": "max-age=60"} if request.url.path == "/static/kept" else {}
        return PlainTextResponse(f"inside {request.url.path}?{request.url.query}", headers=headers)

    def page(request: Request, said: Wrong | Wait | None, after: str) -> Response:
        voice = voice_of(request, zone=ZoneInfo("UTC"), now=access.clock())
        wait = said.seconds if isinstance(said, Wait) else None
        return dress.page("login.html", voice, wait=wait, wrong=isinstance(said, Wrong), next=after)

    methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]
    return Guarded(Starlette(routes=[Route("/{path:path}", inside, methods=methods)]), access, page)


def visitor(house: ASGIApp, address: str = "192.0.2.1", base: str = "http://127.0.0.1:8080") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(house, client=(address, 4711)), base_url=base)


async def log_in(client: httpx.AsyncClient, password: str = PASSWORD, after: str = "/") -> httpx.Response:
    return await client.post("/login", data={"password": password, "next": after})


async def guess(house: ASGIApp, address: str, times: int) -> list[int]:
    async with visitor(house, address) as client:
        return [(await log_in(client, f"tebakan {number}")).status_code for number in range(times)]


def basic(password: str, user: str = "siapa saja") -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


async def raw(house: ASGIApp, path: str, *, method: str = "GET", query: bytes = b"", **headers: bytes) -> int:
    """As a server hands it on when no client has tidied the path."""
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": [(name.encode(), value) for name, value in headers.items()],
        "client": ("192.0.2.1", 4711),
        "server": ("127.0.0.1", 8080),
    }
    await house(scope, receive, send)
    return int(said[0]["status"])


# -- without a way in


async def test_only_health_the_form_and_its_looks_answer_without_a_login(house: ASGIApp) -> None:
    async with visitor(house) as client:
        for path in ("/healthz", "/readyz", "/login", "/static/style.css", "/static/icon.svg"):
            assert (await client.get(path)).status_code == 200
            assert (await client.head(path)).status_code == 200
        for path in ("/", "/stories", "/settings", "/metrics", "/openapi.json", "/api/v1/stories", "/atom"):
            answer = await client.get(path)
            assert answer.status_code == 401
            assert "inside" not in answer.text
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
            for path in ("/", "/healthz", "/static/style.css", "/deliveries"):
                assert (await client.request(method, path, headers=HTML)).status_code == 401


async def test_a_program_is_told_how_to_get_in(house: ASGIApp) -> None:
    async with visitor(house) as client:
        answer = await client.get("/api/v1/stories")
    assert answer.headers.get_list("www-authenticate") == [
        'Basic realm="monitor", charset="UTF-8"',
        'Bearer realm="monitor"',
    ]
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    assert "/login" in answer.text
    assert answer.text.count("\n") == 1


async def test_a_person_is_led_to_the_form_and_back_to_the_page(house: ASGIApp) -> None:
    async with visitor(house) as client:
        refused = await client.get("/stories?topic=Korea+Utara&day=2026-03-10", headers=HTML)
        assert refused.status_code == 303
        form = await client.get(refused.headers["location"])
        after = re.search(r'name="next" value="([^"]*)"', form.text)
        assert after is not None
        answer = await log_in(client, after=after[1].replace("&amp;", "&"))
        assert (answer.status_code, answer.headers["location"]) == (303, "/stories?topic=Korea+Utara&day=2026-03-10")
        assert (await client.get(answer.headers["location"])).text.startswith("inside /stories?topic=")


@pytest.mark.parametrize(
    "path",
    [
        *(
            "//",
            "///healthz",
            "//healthz",
            "/healthz/",
            "/healthz/.",
            "/./healthz",
            "/HEALTHZ",
            "/healthz.",
            "healthz",
            "",
        ),
        *(
            "/login/../stories",
            "/login/",
            "/login/..",
            "//login",
            "/login;x",
            "/login\x00",
            "/login/%2e%2e/stories",
            "*",
        ),
        *(
            "/static/../stories",
            "/static/style.css/../../stories",
            "/static/style.css/",
            "/static/style.css\x00/stories",
        ),
        *(
            "/static//style.css",
            "/static/STYLE.CSS",
            "/static",
            "/static/",
            "/static/htmx.min.js",
            "/static\\style.css",
        ),
        *(
            "http://127.0.0.1:8080/login",
            "http://127.0.0.1/healthz",
            "/healthz%2f..%2fstories",
            "/healthz/..%2fstories",
        ),
        *("/readyz\t", "/readyz ", " /readyz", "/ｈealthz", "/healthz?", "/healthz#", "/metrics/../healthz", "/logout"),
    ],
)
async def test_no_way_of_writing_a_path_gets_past_the_door(house: ASGIApp, path: str) -> None:
    assert await raw(house, path) == 401
    assert await raw(house, path, accept=b"text/html") == 303
    assert await raw(house, path, method="POST") == (303 if path == "/logout" else 401)


async def test_a_web_socket_is_refused(house: ASGIApp) -> None:
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        said.append(message)

    await house({"type": "websocket", "path": "/login", "headers": [], "query_string": b""}, receive, send)
    assert [message["type"] for message in said] == ["websocket.close"]


# -- the form


async def test_a_right_password_opens_everything_for_thirty_days(house: ASGIApp, clock: Clock) -> None:
    async with visitor(house) as client:
        answer = await log_in(client)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        clock.later(days=29, hours=23)
        assert (await client.get("/settings")).text == "inside /settings?"
        assert (await client.post("/deliveries")).status_code == 200
        clock.later(hours=1)
        assert (await client.get("/settings")).status_code == 401


async def test_the_cookie_is_for_the_server_only(access: Access) -> None:
    for is_https in (False, True):
        base = f"http{'s' if is_https else ''}://127.0.0.1"
        async with visitor(guarded(replace(access, is_https=is_https)), base=base) as client:
            set_cookie = (await log_in(client)).headers["set-cookie"]
            parts = {part.strip().lower() for part in set_cookie.split(";")[1:]}
            assert parts >= {"httponly", "samesite=lax", "path=/", "max-age=2592000"}
            assert ("secure" in parts) is is_https
            assert not any(part.startswith("domain") for part in parts)
            assert (await client.get("/")).status_code == 200


async def test_a_wrong_password_is_told_in_the_readers_language(house: ASGIApp) -> None:
    async with visitor(house) as client:
        answer = await client.post(
            "/login", data={"password": "salah", "next": "/feeds"}, headers={"Accept-Language": "id"}
        )
        assert answer.status_code == 403
        assert "Kata sandi itu salah." in answer.text
        assert 'value="/feeds"' in answer.text
        assert "salah-" not in answer.text
        assert "set-cookie" not in answer.headers


async def test_what_is_already_open_needs_no_form(house: ASGIApp) -> None:
    async with visitor(house) as client:
        await log_in(client)
        answer = await client.get("/login?next=/feeds")
        assert (answer.status_code, answer.headers["location"]) == (303, "/feeds")
        assert (await client.get("/login?next=/login")).headers["location"] == "/"


async def test_who_logs_out_is_out_also_with_a_copy_of_the_cookie(house: ASGIApp) -> None:
    async with visitor(house) as client, visitor(house) as copy, visitor(house) as other:
        await log_in(client)
        await log_in(other)
        kept = {"Cookie": f"monitor_session={client.cookies['monitor_session']}"}
        assert (await copy.get("/", headers=kept)).status_code == 200
        answer = await client.post("/logout")
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
        assert "monitor_session" not in client.cookies
        assert (await client.get("/")).status_code == 401
        assert (await copy.get("/", headers=kept)).status_code == 401
        assert (await other.get("/")).status_code == 200


async def test_a_link_can_not_log_out(house: ASGIApp) -> None:
    async with visitor(house) as client:
        await log_in(client)
        await client.get("/logout")
        assert (await client.get("/")).status_code == 200


async def test_a_letter_typed_as_one_sign_or_as_two_is_the_same(house: ASGIApp) -> None:
    async with visitor(house) as client:
        assert (await log_in(client, unicodedata.normalize("NFD", PASSWORD))).status_code == 303


@pytest.mark.parametrize(
    "after",
    [
        *(
            "https://evil.example/",
            "//evil.example/",
            "///evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "evil.example",
        ),
        *(
            "javascript:alert(1)",
            "/\t/evil.example",
            "/\r\nSet-Cookie: a=b",
            "/a\x00",
            " //evil.example",
            "/%2fevil.example",
        ),
        *(
            "/%5cevil.example",
            "/a//evil.example",
            "/%0d%0aa",
            "http:/evil.example",
            "/login",
            "/logout?x",
            "",
            "/" + "a" * 3000,
        ),
        *("/x?\r\n", "/\x85/", "data:text/html,x"),
    ],
)
async def test_nobody_is_sent_to_another_site(house: ASGIApp, after: str) -> None:
    async with visitor(house) as client:
        form = await client.get("/login", params={"next": after})
        assert '<input type="hidden" name="next" value="/">' in form.text
        assert (await log_in(client, after=after)).headers["location"] == "/"
        assert (await client.get("/login", params={"next": after})).headers["location"] == "/"
        assert (await client.get("/login", params={"next": after}, headers=HTML)).status_code == 303


async def test_a_hostile_path_is_led_to_the_form_and_no_further(house: ASGIApp) -> None:
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    for path in ("//evil.example/", "/\\evil.example", "/\r\nX-Own: 1", "https://evil.example/", "/a\x00"):
        headers = [(b"accept", b"text/html")]
        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers, "client": None}
        await house(scope, receive, send)
    starts = [message for message in said if message["type"] == "http.response.start"]
    assert [dict(start["headers"])[b"location"] for start in starts] == [b"/login"] * 5


async def test_the_way_back_holds_no_token(house: ASGIApp) -> None:
    async with visitor(house) as client:
        for query in (
            "token=geheim&day=2026-03-10",
            "day=2026-03-10&tok%65n=geheim",
            "token=a&token=geheim&day=2026-03-10",
        ):
            answer = await client.get(f"/stories?{query}", headers=HTML)
            assert answer.headers["location"] == "/login?next=/stories%3Fday%3D2026-03-10"
        assert (await log_in(client, after="/atom?token=geheim")).headers["location"] == "/atom"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"password=" + b"a" * 5000, "application/x-www-form-urlencoded", 413),
        (
            b'--x\r\nContent-Disposition: form-data; name="password"\r\n\r\na\r\n--x--',
            "multipart/form-data; boundary=x",
            400,
        ),
        (b'{"password": "a"}', "application/json", 400),
        (b"password=a", "", 400),
        (b"", "application/x-www-form-urlencoded", 400),
        (b"next=/", "application/x-www-form-urlencoded", 400),
        (b"password=a&password=b", "application/x-www-form-urlencoded", 400),
        (b"password=%ff", "application/x-www-form-urlencoded", 400),
        (b"password=\xff", "application/x-www-form-urlencoded", 400),
        (b"&".join([b"a=b"] * 100), "application/x-www-form-urlencoded", 400),
        (b"password=", "application/x-www-form-urlencoded; charset=utf-8", 403),
    ],
)
async def test_a_form_that_is_none_is_shown_again(house: ASGIApp, content: bytes, kind: str, status: int) -> None:
    async with visitor(house) as client:
        answer = await client.post("/login", content=content, headers={"Content-Type": kind})
        assert answer.status_code == status
        assert 'action="/login"' in answer.text
        assert answer.headers["cache-control"] == "no-store"


async def test_a_body_without_an_end_is_not_read_to_its_end(house: ASGIApp) -> None:
    async def endless() -> Any:
        while True:
            yield b"password=" + b"a" * 1000

    async with visitor(house) as client:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        assert (await client.post("/login", content=endless(), headers=kind)).status_code == 413


async def test_who_goes_away_while_logging_in_leaves_nothing_behind(house: ASGIApp) -> None:
    said: list[Message] = []
    coming: list[Message] = [
        {"type": "http.request", "body": b"password=", "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        said.append(message)

    kind = [(b"content-type", b"application/x-www-form-urlencoded")]
    scope = {"type": "http", "method": "POST", "path": "/login", "query_string": b"", "headers": kind, "client": None}
    await house(scope, receive, send)
    assert not said


# -- the cookie


@pytest.fixture
def forged(access: Access, clock: Clock) -> list[str]:
    """What somebody might write into a cookie who has no password."""
    moment = int(clock.now.timestamp())
    by_guess = hmac.digest(b"k" * 32, f"session:{moment}.00".encode(), "sha256").hex()
    by_token = token_for(access, f"{moment}.00")
    return [
        *("", ".", "..", "a", "1.2.3", f"{moment}.00.", f"{moment}.00.{by_guess}", f"{moment}.00.{by_token}", "é.ü.ß"),
        *(f"{10**30}.00.x", "x" * 9000, "\x00", "None", "true", token_for(access, "api"), PASSWORD.replace(" ", "")),
    ]


async def test_a_forged_cookie_opens_nothing(house: ASGIApp, forged: list[str]) -> None:
    for cookie in forged:
        assert await raw(house, "/", cookie=f"monitor_session={cookie}".encode()) == 401


async def test_every_changed_letter_spoils_a_cookie(house: ASGIApp) -> None:
    async with visitor(house) as client:
        await log_in(client)
    cookie = client.cookies["monitor_session"]
    assert await raw(house, "/", cookie=f"a=b; monitor_session={cookie}; c".encode()) == 200
    for place in range(len(cookie)):
        other = "A" if cookie[place] != "A" else "B"
        changed = cookie[:place] + other + cookie[place + 1 :]
        assert await raw(house, "/", cookie=f"monitor_session={changed}".encode()) == 401


async def test_a_cookie_set_by_another_site_of_this_host_does_not_shut_out(house: ASGIApp) -> None:
    async with visitor(house) as client:
        await log_in(client)
    cookie = client.cookies["monitor_session"]
    assert await raw(house, "/", cookie=f"monitor_session=fremd; monitor_session={cookie}".encode()) == 200


async def test_a_cookie_of_the_future_is_none(house: ASGIApp, clock: Clock) -> None:
    async with visitor(house) as client:
        clock.later(days=1)
        await log_in(client)
        clock.later(days=-1)
        assert (await client.get("/")).status_code == 401


async def test_a_changed_password_or_key_ends_sessions_and_tokens(access: Access) -> None:
    token = token_for(access, "api")
    async with visitor(guarded(access)) as client:
        await log_in(client)
    cookie = client.cookies["monitor_session"]
    for changed in (replace(access, password=SecretStr("lain")), replace(access, key=b"l" * 32)):
        house = guarded(changed)
        assert await raw(house, "/", cookie=f"monitor_session={cookie}".encode()) == 401
        assert await raw(house, "/metrics", authorization=f"Bearer {token}".encode()) == 401
    again = guarded(replace(access))  # a restart
    assert await raw(again, "/", cookie=f"monitor_session={cookie}".encode()) == 200
    assert await raw(again, "/metrics", authorization=f"Bearer {token}".encode()) == 200


# -- HTTP Basic


async def test_the_password_may_come_with_every_request(house: ASGIApp) -> None:
    async with visitor(house) as client:
        for user in ("", "admin", "ü"):
            assert (await client.get("/api/v1/stories", headers=basic(PASSWORD, user))).status_code == 200
        assert (await client.post("/deliveries", headers=basic(PASSWORD))).status_code == 200
        assert (await client.get("/", headers=basic("salah"))).status_code == 401
        assert (await client.get("/", headers={**basic("salah"), **HTML})).headers["location"] == "/login"


@pytest.mark.parametrize(
    "given",
    [
        *(
            b"",
            b"Basic",
            b"Basic ",
            b"Basic !!!",
            b"Basic YQ",
            b"Basic YQ==",
            b"Bearer",
            b"Bearer ",
            b"Digest x",
            b"\xff\xfe",
        ),
        *(
            b"Basic \xff\xff\xff\xff",
            b"Bearer \xff\xff",
            b"Basic " + b"A" * 60_000,
            b"Basic " + base64.b64encode(b"\xff:\xff\x00"),
        ),
    ],
)
async def test_rubbish_as_authorization_is_refused_without_an_accident(house: ASGIApp, given: bytes) -> None:
    assert await raw(house, "/", authorization=given) == 401


async def test_a_browser_of_old_sends_the_password_in_latin_1(house: ASGIApp) -> None:
    given = b"Basic " + base64.b64encode(f"u:{PASSWORD}".encode("latin-1"))
    assert await raw(house, "/", authorization=given) == 200


async def test_many_right_requests_at_once_are_all_let_in(house: ASGIApp) -> None:
    async with visitor(house) as client:
        answers = await asyncio.gather(*(client.get("/metrics", headers=basic(PASSWORD)) for _ in range(40)))
    assert {answer.status_code for answer in answers} == {200}


# -- tokens


async def test_the_token_of_the_api_opens_what_programs_read(house: ASGIApp, access: Access) -> None:
    token = token_for(access, "api")
    paths = (
        "/api/v1/stories",
        "/api/v1",
        "/openapi.json",
        "/metrics",
        "/atom",
        ATOM,
        "/channels/arsip/atom",
    )
    for path in paths:
        assert await raw(house, path, authorization=f"Bearer {token}".encode()) == 200
        assert await raw(house, path, query=f"limit=5&token={token}".encode()) == 200
        assert await raw(house, path, method="HEAD", query=f"token={token}".encode()) == 200
        assert await raw(house, path, method="POST", query=f"token={token}".encode()) == 401
        assert await raw(house, path, method="DELETE", authorization=f"bearer {token}".encode()) == 401


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/",
            "/stories",
            "/settings",
            "/settings.csv",
            "/feeds",
            "/topics/a",
            "/deliveries",
            "/login/x",
            "/atom/",
            "/API/v1/x",
        ),
        *(
            "/api/v1/../settings",
            "/api/v1/./x",
            "/api/v1//x",
            "/api/v1/..",
            "/api/v1\\..",
            "/api/v1/\x00",
            "/api/v2",
            "/api/v1x",
        ),
        *(
            "/topics/../atom",
            "/topics//atom",
            "/topics/a/atom/",
            "/x/topics/a/atom",
            "/topics/a/../../settings/atom",
            "/metrics/",
        ),
    ],
)
async def test_the_token_of_the_api_opens_no_page(house: ASGIApp, access: Access, path: str) -> None:
    assert await raw(house, path, authorization=f"Bearer {token_for(access, 'api')}".encode()) == 401


async def test_a_page_does_not_pass_for_a_table(house: ASGIApp, access: Access) -> None:
    token = token_for(access, "api")
    for path in ("/stories", "/settings", "/"):
        assert await raw(house, path, query=f"format=csv&token={token}".encode()) == 401


async def test_the_token_of_a_topic_opens_its_atom_only(house: ASGIApp, access: Access) -> None:
    token = token_for(access, ATOM).encode()
    assert await raw(house, ATOM, query=b"token=" + token) == 200
    for path in (
        "/atom",
        "/topics/Lain/atom",
        "/topics/Korea Utara & Rusia",
        "/api/v1/stories",
        "/",
        ATOM + "/",
        ATOM.upper(),
    ):
        assert await raw(house, path, query=b"token=" + token) == 401
    assert await raw(house, "/settings", query=b"token=" + token_for(access, "/settings").encode()) == 401


async def test_the_address_of_an_atom_feed_opens_as_it_is_given(house: ASGIApp, access: Access) -> None:
    async with visitor(house) as client:
        for address in (
            "/atom",
            "/topics/Korea%20Utara%20%26%20Rusia/atom",
            "/topics/50%25%2F%C3%A9/atom",
            "/topics/%2E%2E/atom",
        ):
            assert (await client.get(with_token(access, address))).text.startswith("inside ")


async def test_what_lies_behind_does_not_see_the_token(house: ASGIApp, access: Access) -> None:
    async with visitor(house) as client:
        answer = await client.get(f"/atom?a=%C3%A9&token={token_for(access, 'api')}&b=2&a=+")
        assert answer.text == "inside /atom?a=%C3%A9&b=2&a=+"


async def test_wrong_tokens_open_nothing(house: ASGIApp, access: Access) -> None:
    right = token_for(access, "api")
    for token in ("", right[:-2], right + "=", right.swapcase(), PASSWORD, "\xff", "\x00"):
        assert await raw(house, "/metrics", query=urlencode({"token": token}).encode()) == 401
    assert await raw(house, "/metrics", query=b"token=\xff\xfe") == 401


# -- guessing


async def test_after_five_wrong_ones_an_address_waits_even_with_the_right_one(house: ASGIApp, clock: Clock) -> None:
    assert await guess(house, "192.0.2.1", 7) == [403] * 5 + [429] * 2
    async with visitor(house) as client:
        clock.later(minutes=1)
        answer = await log_in(client)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "240")
        assert "Too many tries. Try again in 240 seconds." in answer.text
        assert (await client.get("/", headers=basic(PASSWORD))).status_code == 429
        clock.later(minutes=4)
        assert (await log_in(client)).status_code == 303


async def test_others_are_let_in_while_one_guesses(house: ASGIApp) -> None:
    await guess(house, "192.0.2.1", 7)
    async with visitor(house, "192.0.2.2") as client:
        assert (await log_in(client)).status_code == 303


async def test_a_claimed_address_does_not_count(house: ASGIApp) -> None:
    async with visitor(house) as client:
        codes = [
            (
                await client.post("/login", data={"password": "x"}, headers={"X-Forwarded-For": f"198.51.100.{n}"})
            ).status_code
            for n in range(6)
        ]
    assert codes == [403] * 5 + [429]


async def test_guesses_at_the_same_time_are_counted(house: ASGIApp) -> None:
    async with visitor(house) as client:
        answers = await asyncio.gather(*(log_in(client, f"tebakan {number}") for number in range(30)))
    codes = sorted(answer.status_code for answer in answers)
    assert codes == [403] * 5 + [429] * 25


async def test_guesses_by_basic_and_by_the_form_count_together(house: ASGIApp) -> None:
    async with visitor(house) as client:
        for number in range(3):
            assert (await client.get("/", headers=basic(f"tebakan {number}"))).status_code == 401
        assert await guess(house, "192.0.2.1", 3) == [403, 403, 429]
        answer = await client.get("/", headers=basic(PASSWORD))
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "300")


async def test_a_session_and_a_token_go_on_while_their_address_waits(house: ASGIApp, access: Access) -> None:
    async with visitor(house) as client:
        await log_in(client)
        await guess(house, "192.0.2.1", 6)
        assert (await client.get("/")).status_code == 200
        assert await raw(house, "/atom", query=f"token={token_for(access, 'api')}".encode()) == 200


async def test_who_shares_an_address_with_one_who_is_right_may_not_guess_on(house: ASGIApp) -> None:
    async with visitor(house) as client:
        codes = []
        for number in range(6):
            codes += await guess(house, "192.0.2.1", 1)
            if number < 4:
                assert (await client.get("/metrics", headers=basic(PASSWORD))).status_code == 200
    assert codes == [403] * 5 + [429]


async def test_guesses_from_many_addresses_are_stopped_and_who_was_right_is_not(house: ASGIApp, clock: Clock) -> None:
    async with visitor(house, "198.51.100.1") as friend:
        assert (await log_in(friend)).status_code == 303
        codes = [code for number in range(13) for code in await guess(house, f"192.0.2.{number}", 4)]
        assert codes == [403] * 50 + [429] * 2
        assert (await log_in(friend)).status_code == 303
    async with visitor(house, "203.0.113.9") as stranger:
        assert (await log_in(stranger)).status_code == 429
        clock.later(minutes=5)
        assert (await log_in(stranger)).status_code == 303


async def test_all_addresses_of_one_ipv6_network_count_as_one(house: ASGIApp) -> None:
    codes = [code for number in range(6) for code in await guess(house, f"2001:db8::{number}", 1)]
    assert codes == [403] * 5 + [429]
    assert await guess(house, "2001:db8:0:1::1", 1) == [403]


async def test_a_clock_set_back_locks_nobody_out(house: ASGIApp, clock: Clock) -> None:
    await guess(house, "192.0.2.1", 6)
    clock.later(days=-1)
    async with visitor(house) as client:
        assert (await log_in(client)).status_code == 303


def test_guesses_from_ever_new_addresses_fill_no_memory() -> None:
    throttle = Throttle()
    for number in range(5000):
        throttle.tried(f"one {number}", now=NOON)
        throttle.trust(f"two {number}")
    assert max(len(table) for table in (throttle._by_one, throttle._by_all, throttle._right)) == 1024
    assert throttle.wait("two 4999", now=NOON) == 0
    assert throttle.wait("two 0", now=NOON) == 300


# -- what is left behind


async def test_what_needed_a_login_is_not_kept_by_the_browser(house: ASGIApp) -> None:
    async with visitor(house) as client:
        assert (await log_in(client)).headers["cache-control"] == "no-store"
        assert (await client.get("/stories")).headers["cache-control"] == "no-store"
        assert (await client.get("/static/kept")).headers["cache-control"] == "max-age=60"
        assert "cache-control" not in (await client.get("/static/style.css")).headers


async def test_nothing_that_opens_the_door_is_logged_or_shown(
    house: ASGIApp, access: Access, capsys: pytest.CaptureFixture[str]
) -> None:
    async with visitor(house) as client:
        await log_in(client, "tebakan-rahasia")
        await log_in(client)
        await client.get("/", headers=basic("tebakan-rahasia"))
        await client.get(f"/atom?token={token_for(access, 'api')}")
        secrets = ("tebakan-rahasia", PASSWORD, token_for(access, "api"), client.cookies["monitor_session"])
    told = "".join(capsys.readouterr())
    assert "192.0.2.1" in told
    assert not [secret for secret in (*secrets, "kkkk") if secret in told + repr(access) + repr(house)]
    assert str(access.root) not in repr(access)
