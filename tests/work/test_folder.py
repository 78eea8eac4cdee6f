"""A folder of text files, as in seeds/: told once, archived byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monitor.settings import Feed
from tests.build import a_feed
from tests.work.desk import MISSILE, MISSILE_PARAGRAPHS, Desk

SEEDS = Path(__file__).parents[2] / "seeds"
TITLE = "Kim Jong Un Dukung Rusia Terkait Soal Ukraina, Tegaskan Solidaritas Korea Utara"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(SEEDS, tmp_path / "texts")


def read_from(folder: Path) -> Feed:
    return a_feed("texts/", name="texts", path=str(folder), backlog="alert")


async def test_the_seeds_are_one_story_told_once_and_archived_byte_for_byte(desk: Desk, folder: Path) -> None:
    plan = {"feeds": (read_from(folder),)}
    first = await desk.round(**plan)
    desk.clock.forward(hours=1)
    second = await desk.round(**plan)
    assert desk.console.getvalue().count(TITLE) == 1
    assert "texts/000_af52723efe8b9ce8.txt" in desk.console.getvalue()
    kept = sorted((desk.folder / "archive" / "2026-03-10").iterdir())
    assert [file.name for file in kept] == ["000_af52723efe8b9ce8.txt", "001_bf961051b976ab37.txt"]
    assert [file.read_bytes() for file in kept] == [file.read_bytes() for file in sorted(SEEDS.iterdir())]
    assert (first.articles, first.deliveries["sent"], second.articles, second.deliveries["sent"]) == (2, 1, 0, 0)


async def test_a_file_that_comes_later_is_told(desk: Desk, folder: Path) -> None:
    plan = {"feeds": (read_from(folder),)}
    await desk.round(**plan)
    (folder / "baru.txt").write_text(f"{MISSILE}\n\n{MISSILE_PARAGRAPHS[0]}\n", newline="\r\n")
    desk.clock.forward(hours=1)
    summary = await desk.round(**plan)
    assert summary.deliveries["sent"] == 1
    assert desk.archived()[-1] == f"{MISSILE}\n\n{MISSILE_PARAGRAPHS[0]}"


async def test_a_broken_file_harms_no_other(desk: Desk, folder: Path) -> None:
    """What is no text, empty, a folder, a link to nowhere, or another kind of file."""
    (folder / "001_rusak.txt").write_bytes(b"\xff\xfe\x00Korea Utara\x81 Rusia")
    (folder / "002_kosong.txt").write_bytes(b"")
    (folder / "004_folder.txt").mkdir()
    (folder / "005_tautan.txt").symlink_to(folder / "tidak-ada")
    (folder / "catatan.md").write_text("Korea Utara dan Rusia")
    summary = await desk.round(feeds=(read_from(folder),))
    assert (summary.articles, summary.deliveries["sent"], summary.feeds["failed"]) == (2, 1, 0)


async def test_a_folder_that_went_away_is_a_line_in_status(desk: Desk, folder: Path) -> None:
    plan = {"feeds": (read_from(folder),)}
    shutil.rmtree(folder)
    await desk.round(**plan)
    assert desk.feed_health().last_error == "the folder is not there"


async def test_a_very_long_text_is_told_as_any_other(desk: Desk, folder: Path) -> None:
    long = "Jalan raya masih tertutup lumpur tebal.\n" * 2_000 + "Bantuan dari Rusia sampai di Korea Utara."
    (folder / "panjang.txt").write_text(f"Laporan lengkap dari Hamhung\n\n{long}")
    summary = await desk.round(feeds=(read_from(folder),))
    assert summary.deliveries["sent"] == 2
    assert "Laporan lengkap dari Hamhung" in desk.console.getvalue()


async def test_a_link_out_of_the_folder_is_not_followed(desk: Desk, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("Rahasia Korea Utara dan Rusia\n\nkata sandi", encoding="utf-8")
    (folder / "a.txt").symlink_to(tmp_path / "secret")
    await desk.round(feeds=(read_from(folder),))
    assert "Rahasia" not in desk.console.getvalue()
    assert desk.feed_health().last_error == "a.txt lies outside of the folder"


async def test_a_complaint_stays_until_it_is_mended(desk: Desk, folder: Path) -> None:
    (folder / "a.txt").write_bytes(b"\xff\xfe")
    for _ in range(2):
        await desk.round(feeds=(read_from(folder),))
        assert "a.txt" in str(desk.feed_health().last_error)
        desk.clock.forward(hours=1)
    (folder / "a.txt").write_text("Korea Utara dan Rusia sepakat\n\nDi Wonsan.", encoding="utf-8")
    await desk.round(feeds=(read_from(folder),))
    assert desk.feed_health().last_error is None
    assert "Korea Utara dan Rusia sepakat" in desk.console.getvalue()


async def test_hidden_files_are_no_articles(desk: Desk, folder: Path) -> None:
    (folder / ".draft.txt").write_text("Korea Utara dan Rusia sepakat\n\nDi Wonsan.", encoding="utf-8")
    summary = await desk.round(feeds=(read_from(folder),))
    assert summary.articles == 2
