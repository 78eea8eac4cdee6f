"""An instant is right or it is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.parse.dates import instant

# Each line: what a feed or a page says, and the instant in UTC; "-" where it names none that we can be sure of.
TABLE = """
Mon, 14 Jul 2025 10:00:00 +0700                | 2025-07-14 03:00
Mon, 14 Jul 2025 03:00:00 GMT                  | 2025-07-14 03:00
Mon, 14 Jul 2025 03:00:00 UT                   | 2025-07-14 03:00
Mon, 14 Jul 2025 03:00:00 UTC                  | 2025-07-14 03:00
Mon, 14 Jul 2025 03:00:00 Z                    | 2025-07-14 03:00
Mon, 14 Jul 2025 03:00:00 z                    | 2025-07-14 03:00
Mon, 14 Jul 2025 03:00:00 +0000                | 2025-07-14 03:00
Mon, 14 Jul 2025 03:00:00 -0000                | 2025-07-14 03:00
Mon, 14 Jul 2025 03:00 GMT                     | 2025-07-14 03:00
Mon,14 Jul 2025 03:00 GMT                      | 2025-07-14 03:00
Mon, 14 Jul 2025 3:00 GMT                      | 2025-07-14 03:00
14 Jul 2025 03:00:00 GMT                       | 2025-07-14 03:00
MON, 14 JUL 2025 03:00:00 GMT                  | 2025-07-14 03:00
Mon 14 Jul 2025 03:00:00 GMT                   | 2025-07-14 03:00
Mon., 14 Jul. 2025 03:00:00 GMT                | 2025-07-14 03:00
Monday, 14-Jul-25 03:00:00 GMT                 | 2025-07-14 03:00
Monday, 14-Jul-2025 03:00:00 GMT               | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00:00 +07:00               | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00:00 +07                  | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00:00 +7                   | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00:00 +700                 | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00:00 +0700 (WIB)          | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00:00 GMT+7                | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00:00 GMT+07               | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00:00 GMT+0700             | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00:00 GMT +7               | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00:00 UTC+07:00            | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00:00 (GMT+7)              | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00:00 WIB (GMT+7)          | 2025-07-14 03:00
Mon Jul 14 2025 10:00:00 GMT+0700 (Western Indonesia Time) | 2025-07-14 03:00
Sun, 13 Jul 2025 22:00:00 EST                  | 2025-07-14 03:00
Sun, 13 Jul 2025 23:00:00 EDT                  | 2025-07-14 03:00
Sun, 13 Jul 2025 20:00:00 PDT                  | 2025-07-14 03:00
Sun, 13 Jul 2025 19:00:00 PST                  | 2025-07-14 03:00
Mon, 14 Jul 2025 05:00:00 CEST                 | 2025-07-14 03:00
Mon, 14 Jul 2025 04:00:00 CET                  | 2025-07-14 03:00
Mon, 14 Jul 2025 11:00:00 SGT                  | 2025-07-14 03:00
Mon, 14 Jul 2025 12:00:00 JST                  | 2025-07-14 03:00
Mon, 14 Jul 2025 12:00:00 KST                  | 2025-07-14 03:00
Mon, 14 Jul 2025 08:30:00 +0530                | 2025-07-14 03:00
Mon, 14 Jul 2025 08:45:00 +0545                | 2025-07-14 03:00
Mon, 14 Jul 2025 15:45:00 +1245                | 2025-07-14 03:00
Mon, 14 Jul 2025 17:00:00 +1400                | 2025-07-14 03:00
Sun, 13 Jul 2025 23:30:00 -0330                | 2025-07-14 03:00
Sun, 13 Jul 2025 11:00 PM EDT                  | 2025-07-14 03:00
Sen, 14 Jul 2025 10:00:00 +0700                | 2025-07-14 03:00
Senin, 14 Juli 2025 10:00 WIB                  | 2025-07-14 03:00
Senin, 14 Juli 2025 10:00 wib                  | 2025-07-14 03:00
Senin, 14 Juli 2025 10:00 Wib                  | 2025-07-14 03:00
Senin, 14 Juli 2025 10:00WIB                   | 2025-07-14 03:00
Senin, 14 Juli 2025 10.00 WIB                  | 2025-07-14 03:00
Senin, 14 Juli 2025 10.00.00 WIB               | 2025-07-14 03:00
Senin, 14 Juli 2025 | 10.00 WIB                | 2025-07-14 03:00
Senin, 14 Juli 2025 - 10:00 WIB                | 2025-07-14 03:00
Senin, 14 Juli 2025 – 10:00 WIB                | 2025-07-14 03:00
Senin, 14 Juli 2025, 10:00 WIB                 | 2025-07-14 03:00
Senin, 14 Juli 2025 pukul 10.00 WIB            | 2025-07-14 03:00
Senin, 14 Juli 2025 Pukul 10:00 WIB            | 2025-07-14 03:00
Senin, 14 Juli 2025 jam 10:00 WIB              | 2025-07-14 03:00
Senin 14 Juli 2025 10:00 WIB                   | 2025-07-14 03:00
Senin, 14 Jul 2025 10:00 (WIB)                 | 2025-07-14 03:00
14 Juli 2025 pukul 11.00.00 WITA               | 2025-07-14 03:00
14 Juli 2025, 12:00 WIT                        | 2025-07-14 03:00
14 Juli 2025 · 10:00 WIB                       | 2025-07-14 03:00
14 Jul 25 10:00 WIB                            | 2025-07-14 03:00
14-07-2025 10:00 WIB                           | 2025-07-14 03:00
14/07/2025 10.00 WIB                           | 2025-07-14 03:00
14/7/2025 10:00 WIB                            | 2025-07-14 03:00
14.07.2025 10:00 WIB                           | 2025-07-14 03:00
Senin, 14/07/2025 10:00 WIB                    | 2025-07-14 03:00
Sel, 15 Jul 2025 10:00 WIB                     | 2025-07-15 03:00
Selasa, 15 Juli 2025 10:00 WIB                 | 2025-07-15 03:00
Rab, 16 Jul 2025 10:00 WIB                     | 2025-07-16 03:00
Rabu, 16 Juli 2025 10:00 WIB                   | 2025-07-16 03:00
Kam, 17 Jul 2025 10:00 WIB                     | 2025-07-17 03:00
Kamis, 17 Juli 2025 10:00 WIB                  | 2025-07-17 03:00
Jum, 08 Agu 2025 10:00 WIB                     | 2025-08-08 03:00
Jumat, 8 Agustus 2025 10:00 WIB                | 2025-08-08 03:00
Jum'at, 8 Agustus 2025 10:00 WIB               | 2025-08-08 03:00
Jum’at, 8 Agustus 2025 10:00 WIB               | 2025-08-08 03:00
Sab, 9 Agt 2025 10:00 WIB                      | 2025-08-09 03:00
Sabtu, 9 Agst 2025 10:00 WIB                   | -
Min, 10 Agu 2025 10:00 WIB                     | 2025-08-10 03:00
Minggu, 10 Agustus 2025 10:00 WIB              | 2025-08-10 03:00
Ahad, 10 Agustus 2025 10:00 WIB                | 2025-08-10 03:00
1 Januari 2025 10:00 WIB                       | 2025-01-01 03:00
1 Februari 2025 10:00 WIB                      | 2025-02-01 03:00
1 Pebruari 2025 10:00 WIB                      | 2025-02-01 03:00
1 Peb 2025 10:00 WIB                           | 2025-02-01 03:00
1 Maret 2025 10:00 WIB                         | 2025-03-01 03:00
1 Mar 2025 10:00 WIB                           | 2025-03-01 03:00
1 April 2025 10:00 WIB                         | 2025-04-01 03:00
1 Mei 2025 10:00 WIB                           | 2025-05-01 03:00
1 Juni 2025 10:00 WIB                          | 2025-06-01 03:00
1 September 2025 10:00 WIB                     | 2025-09-01 03:00
1 Sept 2025 10:00 WIB                          | 2025-09-01 03:00
1 Oktober 2025 10:00 WIB                       | 2025-10-01 03:00
1 Okt 2025 10:00 WIB                           | 2025-10-01 03:00
1 November 2025 10:00 WIB                      | 2025-11-01 03:00
1 Nopember 2025 10:00 WIB                      | 2025-11-01 03:00
1 Desember 2025 10:00 WIB                      | 2025-12-01 03:00
1 Des 2025 10:00 WIB                           | 2025-12-01 03:00
July 14, 2025 10:00 AM +07:00                  | 2025-07-14 03:00
September 14, 2025 10:00 AM +07:00             | 2025-09-14 03:00
Monday, July 14, 2025 - 10:00 +0700            | 2025-07-14 03:00
Monday, July 14th, 2025 at 10:00 AM +0700      | 2025-07-14 03:00
Jul. 14, 2025 10:00 am +0700                   | 2025-07-14 03:00
Jul 14, 2025 10:00 a.m. +0700                  | 2025-07-14 03:00
Mon, 14 Jul 2025 10:00 PM +0700                | 2025-07-14 15:00
Mon, 14 Jul 2025 12:30 AM +0700                | 2025-07-13 17:30
Mon, 14 Jul 2025 12:30 PM +0700                | 2025-07-14 05:30
Mon Jul 14 10:00:00 +0700 2025                 | 2025-07-14 03:00
Mon Jul 14 10:00:00 WIB 2025                   | 2025-07-14 03:00
2025-07-14T10:00:00+07:00                      | 2025-07-14 03:00
2025-07-14T10:00:00+0700                       | 2025-07-14 03:00
2025-07-14T10:00:00+07                         | 2025-07-14 03:00
2025-07-14T10:00+07:00                         | 2025-07-14 03:00
2025-07-14T10:00+0700                          | 2025-07-14 03:00
2025-07-14T03:00Z                              | 2025-07-14 03:00
2025-07-14T03:00:00Z                           | 2025-07-14 03:00
2025-07-14t03:00:00z                           | 2025-07-14 03:00
2025-07-14T03:00:00.123Z                       | 2025-07-14 03:00
2025-07-14T03:00:00.123456789Z                 | 2025-07-14 03:00
2025-07-14T03:00:00,5Z                         | 2025-07-14 03:00
2025-07-14T10:00:00.000+07:00[Asia/Jakarta]    | 2025-07-14 03:00
2025-07-13T23:00:00-04:00                      | 2025-07-14 03:00
2025-07-13T23:00:00−04:00                      | 2025-07-14 03:00
2025-07-14 10:00:00 +0700                      | 2025-07-14 03:00
2025-07-14 10:00:00+07                         | 2025-07-14 03:00
2025-07-14 10:00:00 WIB                        | 2025-07-14 03:00
2025-07-14 10.00 WIB                           | 2025-07-14 03:00
2025-07-14 03:00:00 UTC                        | 2025-07-14 03:00
2025/07/14 10:00:00 +0700                      | 2025-07-14 03:00
2025.07.14 10:00 +0700                         | 2025-07-14 03:00
2025-7-4 10:00 +0700                           | 2025-07-04 03:00
20250714T100000+0700                           | 2025-07-14 03:00
20250714T030000Z                               | 2025-07-14 03:00
20250714T0300Z                                 | 2025-07-14 03:00
1752462000                                     | 2025-07-14 03:00
1752462000000                                  | 2025-07-14 03:00
1752462000.0                                   | 2025-07-14 03:00
1752462000.75                                  | 2025-07-14 03:00
31 Dec 2025 24:00 WIB                          | 2025-12-31 17:00
2025-12-31T24:00:00+07:00                      | 2025-12-31 17:00
Rabu, 31 Desember 2025 24.00 WIB               | 2025-12-31 17:00
28 Feb 2024 24:00 GMT                          | 2024-02-29 00:00
29 Feb 2024 03:00 GMT                          | 2024-02-29 03:00
Mon, 30 Jun 1997 23:59:60 GMT                  | 1997-06-30 23:59
Tue, 14 Jul 2025 03:00:00 GMT                  | 2025-07-14 03:00
Xyz, 14 Jul 2025 03:00:00 GMT                  | 2025-07-14 03:00
14 Jul 99 03:00 GMT                            | 1999-07-14 03:00
14 Jul 05 03:00 GMT                            | 2005-07-14 03:00
Fri, 14 Jul 2045 03:00:00 GMT                  | 2045-07-14 03:00
lun, 14 juil. 2025 05:00:00 +0200              | 2025-07-14 03:00
mer., 13 août 2025 05:00:00 +0200              | 2025-08-13 03:00
Mo, 14 Dez 2025 04:00:00 +0100                 | 2025-12-14 03:00
Donnerstag, 13. März 2025 04:00 +0100          | 2025-03-13 03:00
lun, 14 de julio de 2025 05:00 +0200           | 2025-07-14 03:00
Segunda-feira, 14 Out 2025 00:00:00 -0300      | 2025-10-14 03:00
Çar, 14 Ağustos 2025 06:00 +0300               | 2025-08-14 03:00
  Mon,  14 Jul  2025   03:00:00   GMT          | 2025-07-14 03:00
14\u00a0Juli\u00a02025\u00a010:00\u00a0WIB     | 2025-07-14 03:00
kemarin                                        | -
2 jam yang lalu                                | -
Baru saja                                      | -
0                                              | -
-1                                             | -
null                                           | -
2025                                           | -
2025-07                                        | -
2025-07-14                                     | -
20250714                                       | -
2025071410                                     | -
20250714100000                                 | -
9999999999                                     | -
175246200                                      | -
17524620000                                    | -
-1752462000                                    | -
10:00 WIB                                      | -
14 Juli 2025                                   | -
14 Juli 2025 WIB                               | -
Senin, 14 Juli 2025                            | -
2025-07-14T10:00:00                            | -
2025-07-14T10                                  | -
2025-07-14 10:00                               | -
20250714T100000                                | -
Mon, 14 Jul 2025 10:00:00                      | -
Mon, 14 Jul 2025 +0700                         | -
Mon, 31 Feb 2025 10:00:00 GMT                  | -
29 Feb 2025 03:00 GMT                          | -
31 Juni 2025 10:00 WIB                         | -
0 Juli 2025 10:00 WIB                          | -
32 Juli 2025 10:00 WIB                         | -
32-07-2025 10:00 WIB                           | -
14-13-2025 10:00 WIB                           | -
2025-13-01 10:00 WIB                           | -
2025-14-07 10:00 WIB                           | -
03/04/2025 10:00 WIB                           | -
03-04-2025 10:00 +0000                         | -
03.04.2025 10:00 GMT                           | -
12-07-2025 10:00 WIB                           | -
07/14/2025 10:00 GMT                           | -
14/07-2025 10:00 GMT                           | -
Mon, 14 Jul 2025 24:00:01 GMT                  | -
Mon, 14 Jul 2025 24:30 WIB                     | -
Mon, 14 Jul 2025 25:00:00 +0700                | -
Mon, 14 Jul 2025 10:60:00 GMT                  | -
Mon, 14 Jul 2025 10:00:61 GMT                  | -
Mon, 14 Jul 2025 10:00.30 GMT                  | -
Mon, 14 Jul 2025 13:00 PM GMT                  | -
Mon, 14 Jul 2025 00:30 AM GMT                  | -
Mon, 14 Jul 2025 1000 GMT                      | -
Mon, 14 Jul 2025 10:00:00 CST                  | -
Mon, 14 Jul 2025 10:00:00 IST                  | -
Mon, 14 Jul 2025 10:00:00 BST                  | -
Mon, 14 Jul 2025 10:00:00 AST                  | -
Mon, 14 Jul 2025 10:00:00 A                    | -
Mon, 14 Jul 2025 10:00:00 WIBB                 | -
Mon, 14 Jul 2025 10:00:00 LT                   | -
Mon, 14 Jul 2025 10:00:00 Asia/Jakarta         | -
Mon, 14 Jul 2025 10:00:00 +9900                | -
Mon, 14 Jul 2025 10:00:00 +1500                | -
Mon, 14 Jul 2025 10:00:00 +0799                | -
Mon, 14 Jul 2025 10:00:00 +0707                | -
Mon, 14 Jul 2025 10:00:00 +0000 (WIB)          | -
Mon, 14 Jul 2025 10:00:00 WIB (GMT+8)          | -
Mon, 14 Jul 2025 10:00:00 + 0700 WIB           | -
Mon, 14 Foo 2025 10:00:00 GMT                  | -
14 Ju 2025 10:00 GMT                           | -
Thu, 01 Jan 1970 00:00:00 GMT                  | -
Mon, 01 Jan 0001 00:00:00 GMT                  | -
0001-01-01T00:00:00Z                           | -
9999-12-31T23:59:59Z                           | -
14 Jul 70 03:00 GMT                            | -
14 Jul 69 03:00 GMT                            | 2069-07-14 03:00
Mon, 14 Jul 20255 10:00:00 GMT                 | -
14 Juli 2568 10:00 +0700                       | -
2025-W29-1T10:00:00Z                           | -
2025-195T10:00:00Z                             | -
14 Juli 2025 10:00 WIB - diperbarui            | -
Diperbarui: 14 Juli 2025 10:00 WIB             | -
١٤ Jul 2025 10:00 GMT                          | -
"""


def rows() -> list[tuple[str, datetime | None]]:
    lines = (line.rpartition("|") for line in TABLE.strip("\n").splitlines())
    told = ((text.removesuffix(" ").rstrip(), when.strip()) for text, _, when in lines)
    return [(text, None if when == "-" else datetime.fromisoformat(f"{when}:00+00:00")) for text, when in told]


@pytest.mark.parametrize(("text", "expected"), rows())
def test_an_instant_is_right_or_none(text: str, expected: datetime | None) -> None:
    found = instant(text)
    assert (found.replace(second=0) if found else None) == expected


@pytest.mark.parametrize("text", [None, "", " ", "\x00", "1" * 100_000, "Mon, 14 Jul 2025 03:00:00 GMT" + " " * 100])
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert instant(text) is None


def test_seconds_count_and_parts_of_them_do_not() -> None:
    assert instant("2025-07-14T10:00:07.9+07:00") == datetime(2025, 7, 14, 3, 0, 7, tzinfo=UTC)
    assert instant("14 Juli 2025 10.00.07 WIB") == datetime(2025, 7, 14, 3, 0, 7, tzinfo=UTC)


@given(st.datetimes(datetime(1996, 1, 1), datetime(2098, 1, 1), timezones=st.timezones()))  # noqa: DTZ001  the bounds are local
def test_every_instant_in_iso_form_comes_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    offset = moment.utcoffset()
    assert offset is not None
    if offset.total_seconds() % 900 == 0:
        assert instant(moment.isoformat()) == moment.astimezone(UTC)


@given(st.text(max_size=90) | st.from_regex(r"[0-9]{1,2} [A-Za-z]{3} [0-9]{2,4} [0-9]{1,2}[:.][0-9]{2} [A-Z+0-9]{1,6}"))
def test_no_text_is_too_odd(text: str) -> None:
    found = instant(text)
    assert found is None or found.tzinfo is UTC
