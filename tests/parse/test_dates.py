"""An instant is right or it is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.dates import instant

TEN_IN_JAKARTA = datetime(2025, 7, 14, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Mon, 14 Jul 2025 10:00:00 +0700",
        "Mon, 14 Jul 2025 03:00:00 GMT",
        "Mon, 14 Jul 2025 10:00:00 +0700 (WIB)",
        "14 Jul 25 10:00 WIB",
        "Sen, 14 Jul 2025 10:00:00 +0700",
        "Senin, 14 Juli 2025 10:00 WIB",
        "Senin, 14 Juli 2025 | 10.00 WIB",
        "14 Juli 2025 pukul 11.00.00 WITA",
        "14 Juli 2025, 12:00 WIT",
        "Mon, 14 Jul 2025 10:00:00 GMT+7",
        "July 14, 2025 10:00 AM +07:00",
        "Sun, 13 Jul 2025 11:00 PM EDT",
        "2025-07-14T10:00:00+07:00",
        "2025-07-14T10:00+0700",
        "2025-07-14T03:00:00.123Z",
        "2025-07-14 10:00:00 WIB",
        "1752462000",
        "1752462000000",
        "14-07-2025 10:00 WIB",
        "14/07/2025 10.00 WIB",
        "20250714T100000+0700",
        "20250714T030000Z",
        "Mon Jul 14 10:00:00 +0700 2025",
        "Mon Jul 14 10:00:00 WIB 2025",
    ],
)
def test_an_instant_with_a_zone_is_understood(text: str) -> None:
    assert instant(text) == TEN_IN_JAKARTA


@pytest.mark.parametrize(
    ("month", "number"),
    [("Mei", 5), ("Agu", 8), ("Agustus", 8), ("Okt", 10), ("Desember", 12), ("Peb", 2), ("Nopember", 11)],
)
def test_indonesian_months_are_known(month: str, number: int) -> None:
    assert instant(f"14 {month} 2025 10:00 WIB") == datetime(2025, number, 14, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "kemarin",
        "2025-07-14",
        "2025-07-14T10:00:00",
        "Mon, 14 Jul 2025 10:00:00",
        "Mon, 31 Feb 2025 10:00:00 GMT",
        "Mon, 14 Jul 2025 24:00:01 GMT",
        "Mon, 14 Jul 2025 24:30 WIB",
        "Mon, 14 Jul 2025 25:00:00 +0700",
        "03/04/2025 10:00 WIB",
        "12-07-2025 10:00 WIB",
        "32-07-2025 10:00 WIB",
        "20250714T100000",
        "Mon, 14 Jul 2025 13:00 PM GMT",
        "Mon, 14 Jul 2025 10:00:00 CST",
        "Mon, 14 Jul 2025 10:00:00 +9900",
        "Mon, 14 Foo 2025 10:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "0001-01-01T00:00:00Z",
        "07/14/2025 10:00 GMT",
    ],
)
def test_in_doubt_there_is_none(text: str | None) -> None:
    assert instant(text) is None


@given(st.datetimes(datetime(1996, 1, 1), datetime(2098, 1, 1), timezones=st.timezones()))  # noqa: DTZ001  the bounds are local
def test_every_instant_in_iso_form_comes_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    offset = moment.utcoffset()
    assert offset is not None
    if offset.total_seconds() % 60 == 0:
        assert instant(moment.isoformat()) == moment.astimezone(UTC)


@given(st.text(max_size=90) | st.from_regex(r"[0-9]{1,2} [A-Za-z]{3} [0-9]{2,4} [0-9]{1,2}[:.][0-9]{2} [A-Z+0-9]{1,6}"))
def test_no_text_is_too_odd(text: str) -> None:
    found = instant(text)
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["31 Dec 2025 24:00 WIB", "2025-12-31T24:00:00+07:00", "Rabu, 31 Desember 2025 24.00 WIB"]
)
def test_twenty_four_o_clock_is_the_first_moment_of_the_next_day(text: str) -> None:
    assert instant(text) == datetime(2025, 12, 31, 17, tzinfo=UTC)
