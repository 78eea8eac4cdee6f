"""What feeds and pages say of themselves, in plain words."""

from __future__ import annotations

import pytest

from monitor.parse.plain import two_letters


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("id", "id"),
        ("id-ID", "id"),
        (" ID_id ", "id"),
        ("in", "id"),
        ("ind", "id"),
        ("eng-GB", "en"),
        ("nb", "no"),
        ("nn-NO", "no"),
        ("jw", "jv"),
        ("fil-PH", "tl"),
        ("ceb", None),
        ("und", None),
        ("indonesia", None),
        ("x", None),
        ("", None),
        (None, None),
    ],
)
def test_a_language_is_known_by_one_code_of_two_letters(written: str | None, code: str | None) -> None:
    assert two_letters(written) == code
