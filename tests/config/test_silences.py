"""`silences`: until when, by the file's clock, in whichever file they stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.config import Loaded, load, parse
from monitor.errors import ConfigError
from monitor.settings import Silenced

REST = """\
channels: {terminal: console}
feeds: [https://news.example/rss.xml]
topics: [Gempa, Banjir]
alerts: {channels: [terminal]}
"""
NOON = datetime(2026, 12, 20, 12, 0, tzinfo=UTC)


def loaded(text: str, *, zone: str = "Asia/Jakarta", rest: str = REST, now: datetime | None = None) -> Loaded:
    content = f"timezone: {zone}\n{rest}silences:\n{text}"
    return parse(content.encode(), path=Path("config.yaml"), environ={"END": "2026-12-20"}, now=now)


def until(written: str, zone: str = "Asia/Jakarta") -> datetime:
    (silence,) = loaded(f"  - {{topic: Gempa, until: {written}}}", zone=zone).settings.silences
    return silence.until


def mistakes(text: str, rest: str = REST) -> list[str]:
    with pytest.raises(ConfigError) as error:
        loaded(text, rest=rest)
    return [problem.what for problem in error.value.problems]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-20", "2026-12-19T17:00"),
        ("2026-12-20 08:00", "2026-12-20T01:00"),
        ("2026-12-20T08:00", "2026-12-20T01:00"),
        ("2026-12-20 8:05", "2026-12-20T01:05"),
        ("2026-12-20 08:00:30", "2026-12-20T01:00:30"),
        ("2026-12-20T08:00+07:00", "2026-12-20T01:00"),
        ("2026-12-20T08:00-0330", "2026-12-20T11:30"),
        ("2026-12-20 08:00 +09:00", "2026-12-19T23:00"),
        ("2026-12-20T08:00Z", "2026-12-20T08:00"),
        ("2026-12-20T08:00:00.123456+00:00", "2026-12-20T08:00"),
        ("'2026-12-20'", "2026-12-19T17:00"),
        ("'${END}'", "2026-12-19T17:00"),
        ("2028-02-29", "2028-02-28T17:00"),
        ("2000-01-01", "1999-12-31T17:00"),
        ("2999-12-31 23:59", "2999-12-31T16:59"),
    ],
)
def test_a_silence_ends_at_a_day_or_a_time_by_the_clock_of_the_file(written: str, meant: str) -> None:
    assert until(written) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "zone", "meant"),
    [
        ("2026-11-01 01:30", "America/New_York", "2026-11-01T06:30"),  # shown twice
        ("2026-11-01T01:30-04:00", "America/New_York", "2026-11-01T05:30"),  # which of both is said
        ("2026-03-08 02:30", "America/New_York", "2026-03-08T07:00"),  # skipped
        ("2026-03-08 03:00", "America/New_York", "2026-03-08T07:00"),
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00"),  # a day without midnight
    ],
)
def test_a_time_that_the_clock_skips_or_shows_twice_is_read_as_in_quiet_hours(
    written: str, zone: str, meant: str
) -> None:
    assert until(written, zone) == datetime.fromisoformat(meant).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ("20.12.2026", "write 2026-12-20"),
        ("20/12/2026", "write 2026-12-20"),
        ("2026/12/20", "write 2026-12-20"),
        ("20 Desember 2026", "write 2026-12-20"),
        ("20 Dec 2026 8pm", "write 2026-12-20 20:00"),
        ("20. Dezember 2026 um acht", "write 2026-12-20 or 2026-12-20 08:00"),
        ("10/12/2026", "write 2026-12-20 or 2026-12-20 08:00"),  # October, or December?
        ("08:00", "write 2026-12-20 or 2026-12-20 08:00"),
        ("tomorrow", "write 2026-12-20 or 2026-12-20 08:00"),
        ("2026-12-20Z", "write 2026-12-20 or 2026-12-20 08:00"),
    ],
)
def test_a_time_that_is_written_otherwise_is_told_how_to_write_it(written: str, hint: str) -> None:
    with pytest.raises(ConfigError) as error:
        until(written)
    (problem,) = error.value.problems
    assert (problem.what, problem.hint) == (f"'{written}' is not a time", hint)


def test_of_what_it_is_stands_in_the_settings() -> None:
    text = "  - {story: 2147483647, until: 2026-12-20T00:00Z}\n  - {words: a OR b, until: 2026-12-20T00:00Z, reason: x}"
    end = datetime(2026, 12, 20, tzinfo=UTC)
    assert loaded(text).settings.silences == (
        Silenced(until=end, story_id=2147483647),
        Silenced(until=end, words="a OR b", reason="x"),
    )


@pytest.mark.parametrize("number", ["2147483648", "21474836470", "1" * 5000])
def test_a_number_that_no_story_can_have_is_no_story(number: str) -> None:
    (what,) = mistakes(f"  - {{story: {number}, until: 2026-12-20}}")
    assert what.endswith(" is too large")


def test_what_holds_at_a_moment_are_those_whose_end_is_still_to_come() -> None:
    text = "  - {topic: Gempa, until: 2026-12-21}\n  - {topic: Banjir, until: 2026-12-20}"
    settings = loaded(text, zone="UTC").settings
    for ago, names in ((timedelta(days=1), ["Banjir", "Gempa"]), (timedelta(hours=12), ["Gempa"])):
        assert [each.topic for each in settings.silent(now=NOON - ago)] == names
    assert settings.silent(now=NOON + timedelta(hours=12)) == []


def test_one_that_is_over_is_odd_for_whoever_says_what_time_it_is() -> None:
    text = "  - {topic: Gempa, until: 2026-12-20 19:01}\n  - {topic: Banjir, until: 2026-12-20 19:00}"
    assert loaded(text).warnings == ()
    (warning,) = loaded(text, now=NOON).warnings
    assert (warning.line, warning.column, warning.what) == (8, 28, "this silence is over")


def test_those_of_an_included_file_are_added_and_a_mistake_stands_where_it_was_made(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text("silences:\n  - {topic: Banjir, until: 2026-12-20}\n")
    main = f"include: more.yaml\n{REST}silences: [{{topic: Gempa, until: 2026-12-20}}]\n"
    (tmp_path / "config.yaml").write_text(main)
    settings = load(tmp_path / "config.yaml", environ={}).settings
    assert [silence.topic for silence in settings.silences] == ["Gempa", "Banjir"]

    (tmp_path / "more.yaml").write_text("silences:\n  - {topic: Gempa, until: 2026-12-20}\n")
    with pytest.raises(ConfigError) as error:
        load(tmp_path / "config.yaml", environ={})
    (problem,) = error.value.problems
    assert (Path(problem.file).name, problem.line, problem.what) == ("more.yaml", 2, "the same topic is silenced twice")


@pytest.mark.parametrize("topics", ["topics: [{nama: Gempa}]", "topics:\n  - Gempa: {any: [x]}", "topik: [Gempa]"])
def test_where_topics_can_not_be_read_no_silence_is_blamed(topics: str) -> None:
    rest = REST.replace("topics: [Gempa, Banjir]", topics)
    assert not any("no topic" in what for what in mistakes("  - {topic: Gempa, until: 2026-12-20}", rest=rest))


def test_a_topic_is_named_as_it_is_called_whatever_that_is() -> None:
    rest = REST.replace("[Gempa, Banjir]", "['“Gempa”', 62]")
    text = "  - {topic: '“Gempa”', until: 2026-12-20}\n  - {topic: 62, until: 2026-12-20}"
    assert [silence.topic for silence in loaded(text, rest=rest).settings.silences] == ["“Gempa”", "62"]
