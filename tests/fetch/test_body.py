"""Compressed pages: every honest form is read, no bomb goes off, nothing half is taken for whole."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import FetchError
from monitor.fetch.body import Body
from monitor.fetch.client import FEED, Client
from monitor.model import Page
from tests.fetch.origin import Origin, reply

TEXT = b"Korea Utara mengirim pasukan ke Rusia. " * 50


def deflated(text: bytes) -> bytes:
    return zlib.compress(text)


def bare(text: bytes) -> bytes:
    press = zlib.compressobj(wbits=-15)
    return press.compress(text) + press.flush()


def read(coding: str, data: bytes, limit: int = 10_000, step: int = 7) -> bytes:
    body = Body(coding, limit)
    for start in range(0, len(data), step):
        body.add(data[start : start + step])
    return body.content()


FORMS = [
    ("gzip", gzip.compress),
    ("x-gzip", gzip.compress),
    ("GZip ", gzip.compress),
    ("deflate", deflated),
    ("deflate", bare),
]


@pytest.mark.parametrize("step", [1, 2, 3, 1000])
@pytest.mark.parametrize(("coding", "press"), FORMS)
def test_every_form_is_read_in_pieces_of_any_size(coding: str, press: Callable[[bytes], bytes], step: int) -> None:
    assert read(coding, press(TEXT), step=step) == TEXT
    assert read(coding, press(b""), step=step) == b""


@pytest.mark.parametrize("coding", ["", "identity", "none", "UTF-8"])
def test_what_is_not_compressed_stays_as_it_is(coding: str) -> None:
    assert read(coding, TEXT) == TEXT


@settings(deadline=None)
@given(parts=st.lists(st.binary(max_size=200), min_size=1, max_size=5), step=st.integers(1, 50))
def test_a_gzip_file_of_several_members_is_one_text(parts: list[bytes], step: int) -> None:
    assert read("gzip", b"".join(map(gzip.compress, parts)), step=step) == b"".join(parts)


@pytest.mark.parametrize("padding", [b"\0", b"\0" * 600, b"\n", b"<!-- cached -->"])
@pytest.mark.parametrize("step", [1, 1000])
@pytest.mark.parametrize(("coding", "press"), FORMS)
def test_padding_after_the_end_is_passed_over(
    coding: str, press: Callable[[bytes], bytes], padding: bytes, step: int
) -> None:
    assert read(coding, press(TEXT) + padding, step=step) == TEXT


@pytest.mark.parametrize("cut", [1, 8, 12])
@pytest.mark.parametrize(("coding", "press"), FORMS)
def test_what_ends_too_early_is_an_error(coding: str, press: Callable[[bytes], bytes], cut: int) -> None:
    with pytest.raises(FetchError, match="unreadable compression: it ends too early"):
        read(coding, press(TEXT)[:-cut])


def test_a_second_member_that_ends_too_early_is_an_error() -> None:
    with pytest.raises(FetchError, match="it ends too early"):
        read("gzip", gzip.compress(TEXT) + gzip.compress(TEXT)[:-9])


def test_an_answer_of_no_bytes_is_an_empty_page() -> None:
    assert read("gzip", b"") == b""


@pytest.mark.parametrize(
    "data",
    [b"<rss></rss>", gzip.compress(TEXT)[:40] + b"x" * 40, gzip.compress(TEXT)[:-8] + b"x" * 8],
    ids=["no gzip", "cut", "another checksum"],
)
def test_what_is_not_gzip_is_an_error(data: bytes) -> None:
    with pytest.raises(FetchError, match="unreadable compression"):
        read("gzip", data)


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, br", "gzip, gzip", "s3cret"])
def test_a_compression_that_was_not_asked_for_is_refused(coding: str) -> None:
    with pytest.raises(FetchError) as caught:
        read(coding, TEXT)
    assert str(caught.value) == "unreadable compression: neither gzip nor deflate"


@pytest.mark.parametrize(("coding", "press"), [*FORMS, ("", bytes)])
def test_the_limit_is_exact(coding: str, press: Callable[[bytes], bytes]) -> None:
    assert read(coding, press(TEXT), limit=len(TEXT)) == TEXT
    with pytest.raises(FetchError, match="too large"):
        read(coding, press(TEXT), limit=len(TEXT) - 1)


def test_parts_that_hold_nothing_do_not_keep_us_busy() -> None:
    with pytest.raises(FetchError, match="unreadable compression: too many parts"):
        read("gzip", gzip.compress(b"") * 1001, limit=1_000_000, step=65536)


def test_compressed_bytes_count_too() -> None:
    filler = b"\x00\x00\x00\xff\xff" * 3000  # stored blocks of no bytes
    with pytest.raises(FetchError, match="too large"):
        read("deflate", filler, limit=10_000)


async def test_a_page_sent_byte_by_byte_does_not_keep_us_busy() -> None:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with Origin({"/": head + b"1\r\nx\r\n" * 60_000}) as origin, Client() as client:
        with pytest.raises(FetchError, match="sent in too many pieces"):
            await client.get(origin.url(), limits=FEED, allow_private=True)


@pytest.mark.parametrize(("coding", "press"), FORMS[2:])
async def test_a_bomb_stops_at_the_limit(coding: str, press: Callable[[bytes], bytes]) -> None:
    bomb = press(bytes(200_000_000))
    assert len(bomb) < 250_000
    async with Origin({"/": reply(bomb, headers={"Content-Encoding": coding})}) as origin, Client() as client:
        tracemalloc.start()
        with pytest.raises(FetchError, match=r"too large \(over 10 MB\)"):
            await client.get(origin.url(), limits=FEED, allow_private=True)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 4 * FEED.bytes


async def test_a_compressed_page_arrives_inflated() -> None:
    answers = {
        "/gzip": reply(gzip.compress(TEXT), headers={"Content-Encoding": "gzip"}),
        "/cut": reply(gzip.compress(TEXT)[:-5], headers={"Content-Encoding": "gzip"}),
    }
    async with Origin(answers) as origin, Client() as client:
        page = await client.get(origin.url("/gzip"), limits=FEED, allow_private=True)
        assert isinstance(page, Page)
        assert page.content == TEXT
        with pytest.raises(FetchError, match="it ends too early"):
            await client.get(origin.url("/cut"), limits=FEED, allow_private=True)
