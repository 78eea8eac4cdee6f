"""A folder that can't be written, a disk that is full, a clock that was never set: one plain line each, with what to type."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor.app import places
from monitor.app.machine import Machine
from monitor.settings import Settings, Storage
from monitor.store.database import Database
from tests.build import NOON, settings

ROOT = Path(__file__).parents[2]
OTHER = 12345  # a user that is not us
ONLY_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")
HOST = "type on the host, for the folder that is mounted there: "


def storing(url: str, archive: Path | str) -> Settings:
    return settings(storage=Storage(url=SecretStr(url), archive=str(archive)))


def in_folder(folder: Path) -> Settings:
    """As shipped: the database and below it the archive."""
    return storing(f"sqlite:///{folder}/monitor.db", folder / "articles")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user may come to; pytest's own are root's alone."""
    with tempfile.TemporaryDirectory(prefix="monitor-places-") as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        (folder / "data").mkdir()
        yield folder


@pytest.fixture
def machine(place: Path) -> Machine:
    """One that is no container, with a disk and a time zone."""
    found = Machine(place / "machine", environ={})
    (found.root / "proc/self").mkdir(parents=True)
    mounted(found, "/ ext4")
    (found.root / "usr/share/zoneinfo/Asia").mkdir(parents=True)
    (found.root / "usr/share/zoneinfo/Asia/Jakarta").touch()
    return found


def mounted(machine: Machine, *mounts: str) -> None:
    """Each: a place and a kind."""
    lines = [
        f"{number} 1 0:{number} / {mount.rpartition(' ')[0]} rw,relatime shared:1 - {mount.rpartition(' ')[2]} src rw\n"
        for number, mount in enumerate(mounts, 20)
    ]
    (machine.root / "proc/self/mountinfo").write_text("".join(lines))


def told(watched: Settings, machine: Machine, *, uid: int | None = None, within: str = "") -> list[str]:
    """By a process of its own: of another user, or behind mounts that nobody else sees."""
    url, archive = watched.storage.url.get_secret_value(), watched.storage.archive
    child = [sys.executable, "-m", "tests.app.other_user", str(uid or os.getuid()), url, archive, str(machine.root)]
    alone = ["unshare", "--mount", *(() if os.geteuid() == 0 else ("--map-root-user",))]
    command = [*alone, "sh", "-c", f"{within} && exec {shlex.join(child)}"] if within else child
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if within and "mount" in ended.stderr:
        pytest.skip("this machine lets us mount nothing")
    assert (ended.returncode, ended.stderr) == (0, "")
    return ended.stdout.splitlines()


# -- all is well ---------------------------------------------------------------------------------


def test_where_all_is_well_nothing_is_said_and_nothing_is_left_behind(place: Path, machine: Machine) -> None:
    watched = in_folder(place / "data")
    assert places.problems(watched, now=NOON, machine=machine) == []
    assert places.warnings(watched, now=NOON, machine=machine) == []
    assert list((place / "data").iterdir()) == []


def test_folders_that_are_not_there_yet_are_made_by_who_needs_them(place: Path, machine: Machine) -> None:
    watched = in_folder(place / "new" / "data")
    assert places.problems(watched, now=NOON, machine=machine) == []
    assert places.warnings(watched, now=NOON, machine=machine) == []
    assert not (place / "new").exists()


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///data/monitor.db",
        "sqlite:////var/lib/monitor/monitor.db",
        "sqlite+pysqlite:///news.db?timeout=5",
        "sqlite:///a%20b/c#d.db",
        "sqlite://",
        "sqlite:///:memory:",
    ],
)
def test_the_file_is_the_one_that_the_store_opens(url: str) -> None:
    opened = Database(url)
    opened.close()
    assert places.database_file(storing(url, "articles")) == (opened.path.absolute() if opened.path else None)


@pytest.mark.parametrize("url", ["sqlite://", "postgresql://ana:secret@db.example/monitor"])
def test_of_a_database_that_is_no_file_only_the_archive_counts(url: str, place: Path, machine: Machine) -> None:
    (place / "articles").touch()
    (line,) = places.problems(storing(url, place / "articles"), now=NOON, machine=machine)
    assert line.startswith(f"{place}/articles is a file, and should be a folder")


@ONLY_ROOT
def test_what_lies_beside_the_archive_of_another_kind_of_database_does_not_matter(
    place: Path, machine: Machine
) -> None:
    (place / "articles").mkdir()
    os.chown(place / "articles", OTHER, OTHER)
    assert told(storing("sqlite://", place / "articles"), machine, uid=OTHER) == []


# -- whose it is ---------------------------------------------------------------------------------


@ONLY_ROOT
def test_a_folder_of_another_user_is_one_line_with_both_users_and_the_command(place: Path, machine: Machine) -> None:
    (place / "data/articles").mkdir()
    for name in ("monitor.db", "monitor.db-wal"):
        (place / "data" / name).touch(mode=0o600)
    (line,) = told(in_folder(place / "data"), machine, uid=OTHER)
    what, _, to_type = line.partition("; ")
    assert what == f"{place}/data belongs to user 0, and monitor runs as {OTHER}:{OTHER}"
    assert to_type == f"type: sudo chown -R {OTHER}:{OTHER} {place}/data"


@ONLY_ROOT
def test_the_command_that_is_named_mends_it(place: Path, machine: Machine) -> None:
    (line,) = told(in_folder(place / "data"), machine, uid=OTHER)
    subprocess.run(line.partition("type: sudo ")[2], shell=True, check=True)
    assert told(in_folder(place / "data"), machine, uid=OTHER) == []


@ONLY_ROOT
@pytest.mark.parametrize("mark", [".dockerenv", "run/.containerenv"])
def test_in_a_container_it_is_typed_on_the_host(place: Path, machine: Machine, mark: str) -> None:
    (machine.root / "run").mkdir()
    (machine.root / mark).touch()
    mounted(machine, "/ overlay", f"{place}/data ext4")
    (line,) = told(in_folder(place / "data"), machine, uid=OTHER)
    assert line.endswith(f"; {HOST}sudo chown -R {OTHER}:{OTHER} ./data")


@ONLY_ROOT
def test_on_the_host_of_podman_without_root_it_is_typed_among_its_users(place: Path, machine: Machine) -> None:
    (machine.root / "run").mkdir()
    (machine.root / "run/.containerenv").touch()
    (machine.root / "proc/self/uid_map").write_text(
        "         0       1000          1\n         1     100000      65536\n"
    )
    mounted(machine, "/ overlay", f"{place}/data ext4")
    (line,) = told(in_folder(place / "data"), machine, uid=OTHER)
    assert line.endswith(f"; {HOST}podman unshare chown -R {OTHER}:{OTHER} ./data")


@ONLY_ROOT
def test_in_a_container_each_file_is_named_by_the_volume_it_lies_on(place: Path, machine: Machine) -> None:
    """The database is a link into another volume."""
    (machine.root / ".dockerenv").touch()
    mounted(machine, "/ overlay", f"{place}/data ext4", f"{place}/big/disk ext4")
    (place / "big/disk").mkdir(parents=True)
    (place / "data/monitor.db").symlink_to(place / "big/disk/news.db")
    os.chown(place / "data", OTHER, OTHER)
    for name in ("big/disk/news.db", "data/monitor.db-wal"):
        (place / name).touch(mode=0o600)
    (line,) = told(in_folder(place / "data"), machine, uid=OTHER)
    assert line.endswith(f"; {HOST}sudo chown -R {OTHER}:{OTHER} ./disk/news.db ./data/monitor.db-wal")


def test_the_image_says_itself_that_it_is_one(machine: Machine) -> None:
    assert not machine.is_container
    assert Machine(machine.root, {"container": "oci"}).is_container


@ONLY_ROOT
def test_in_a_container_a_place_without_a_volume_needs_one(place: Path, machine: Machine) -> None:
    (machine.root / ".dockerenv").touch()
    mounted(machine, "/ overlay")
    (line,) = told(in_folder(place / "data"), machine, uid=OTHER)
    assert line.endswith(f"; mount a volume at {place}/data")


@ONLY_ROOT
def test_what_a_run_as_root_left_behind_is_named(place: Path, machine: Machine) -> None:
    os.chown(place / "data", OTHER, OTHER)
    for name in ("monitor.db", "monitor.db-wal", "monitor.db.lock", "monitor.db.heartbeat"):
        (place / "data" / name).touch(mode=0o600)
    (line,) = told(in_folder(place / "data"), machine, uid=OTHER)
    assert line.startswith(f"{place}/data/monitor.db belongs to user 0, and monitor runs as {OTHER}:{OTHER}; ")
    assert line.endswith("/monitor.db-wal {0}/monitor.db.lock {0}/monitor.db.heartbeat".format(place / "data"))


@ONLY_ROOT
def test_an_archive_of_another_user_is_named(place: Path, machine: Machine) -> None:
    os.chown(place / "data", OTHER, OTHER)
    (place / "data/articles").mkdir()
    (line,) = told(in_folder(place / "data"), machine, uid=OTHER)
    assert line.endswith(f"type: sudo chown -R {OTHER}:{OTHER} {place}/data/articles")


@ONLY_ROOT
def test_todays_folder_of_another_user_is_named(place: Path, machine: Machine) -> None:
    (place / "data/articles/2026-03-10").mkdir(parents=True)
    for folder in ("data", "data/articles"):
        os.chown(place / folder, OTHER, OTHER)
    (line,) = told(in_folder(place / "data"), machine, uid=OTHER)
    assert line.endswith(f"type: sudo chown -R {OTHER}:{OTHER} {place}/data/articles/2026-03-10")


@ONLY_ROOT
def test_a_folder_that_can_not_be_made_is_to_be_made_and_nothing_else_changes_hands(
    place: Path, machine: Machine
) -> None:
    (line,) = told(in_folder(place / "data/new"), machine, uid=OTHER)
    assert line.startswith(f"{place}/data/new can't be made, as {place}/data belongs to user 0, and monitor runs as")
    assert line.endswith(f"; type: sudo install -d -o {OTHER} -g {OTHER} {place}/data/new")


@ONLY_ROOT
@pytest.mark.parametrize("folder", ["", "/", "/var/lib", "/usr/local/../local"])
def test_a_folder_of_the_system_is_never_given_away(folder: str, place: Path, machine: Machine) -> None:
    (line,) = told(storing(f"sqlite:///{folder}/monitor.db", place), machine, uid=OTHER)[:1]
    assert "chown" not in line
    assert line.endswith("; name a folder of its own in storage, in config.yaml")


@ONLY_ROOT
def test_a_folder_of_ours_that_forbids_to_write(place: Path, machine: Machine) -> None:
    os.chown(place / "data", OTHER, OTHER)
    (place / "data").chmod(0o555)
    (line,) = told(in_folder(place / "data"), machine, uid=OTHER)
    assert line == f"{place}/data is ours, and its mode forbids to write; type: chmod -R u+rwX {place}/data"


@ONLY_ROOT
def test_with_a_server_for_a_database_the_heartbeat_that_root_left_in_the_archive_is_named(
    place: Path, machine: Machine
) -> None:
    (place / "articles").mkdir()
    os.chown(place / "articles", OTHER, OTHER)
    (place / "articles/monitor.heartbeat").touch(mode=0o600)
    (line,) = told(storing("postgresql://db.example/monitor", place / "articles"), machine, uid=OTHER)
    assert line.endswith(f"type: sudo chown -R {OTHER}:{OTHER} {place}/articles/monitor.heartbeat")


# -- what it is ----------------------------------------------------------------------------------


def test_a_file_where_a_folder_should_be(place: Path, machine: Machine) -> None:
    (place / "data").rmdir()
    (place / "data").touch()
    (line,) = places.problems(in_folder(place / "data"), now=NOON, machine=machine)
    assert line.endswith(f"move it away; type: mv {place}/data {place}/data.old")


def test_a_folder_where_the_database_should_be(place: Path, machine: Machine) -> None:
    (place / "data/monitor.db").mkdir()
    (line,) = places.problems(in_folder(place / "data"), now=NOON, machine=machine)
    assert line.endswith(f"should be a file: take it away; type: rmdir {place}/data/monitor.db")


def test_a_volume_that_is_mounted_read_only(place: Path, machine: Machine) -> None:
    mount = f"mount -t tmpfs -o ro none {place}/data"
    (line,) = told(in_folder(place / "data"), machine, within=mount)
    assert line.startswith(f"{place}/data is read-only: mount it to be written")
    (machine.root / ".dockerenv").touch()
    (line,) = told(in_folder(place / "data"), machine, within=mount)
    assert line == f"{place}/data is read-only: take ':ro' from its volume, or mount a volume at {place}/data"


def test_a_disk_that_is_full(place: Path, machine: Machine) -> None:
    mount = f"mount -t tmpfs -o size=4k none {place}/data"
    (line,) = told(in_folder(place / "data"), machine, within=mount)
    assert line == f"{place}/data has no room left: delete what is not needed; type: df -h {place}/data"


# -- warnings ------------------------------------------------------------------------------------


def warned(watched: Settings, machine: Machine, **environ: str) -> list[str]:
    return places.warnings(watched, now=NOON, machine=Machine(machine.root, environ))


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "ceph", "fuse.rclone"])
def test_a_database_on_a_network_file_system_is_warned_of(kind: str, place: Path, machine: Machine) -> None:
    mounted(machine, "/ ext4", f"{place} {kind}")
    (line,) = warned(in_folder(place / "data"), machine)
    assert line.startswith(f"{place}/data/monitor.db is on a network file system ({kind})")


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "overlay", "tmpfs", "virtiofs", "fuse.mergerfs"])
def test_a_disk_of_this_machine_is_not(kind: str, place: Path, machine: Machine) -> None:
    mounted(machine, "/ nfs4", f"{place} {kind}")
    assert warned(in_folder(place / "data"), machine) == []


def test_what_is_mounted_last_and_deepest_counts_also_under_a_name_with_a_blank(place: Path, machine: Machine) -> None:
    (place / "my data").mkdir()
    seen = str(place / "my data").replace(" ", r"\040")
    mounted(machine, "/ ext4", f"{seen} ext4", f"{seen} nfs4", f"{place} ext4")
    assert "(nfs4)" in warned(in_folder(place / "my data"), machine)[0]


def test_a_machine_that_does_not_tell_its_mounts_is_not_warned_of(place: Path, tmp_path: Path) -> None:
    assert warned(in_folder(place / "data"), Machine(tmp_path, {})) == []


def test_an_emptied_database_is_not_begun_anew_where_something_was_archived(place: Path, machine: Machine) -> None:
    watched = in_folder(place / "data")
    file = place / "data/monitor.db"
    file.touch()
    assert places.problems(watched, now=NOON, machine=machine) == [], "a first start that was cut off"
    Path(watched.storage.archive, "2026-03-09").mkdir(parents=True)
    [line] = places.problems(watched, now=NOON, machine=machine)
    assert line.startswith(f"{file} is empty, though much was archived: put a copy back: monitor restore FILE")
    file.write_bytes(b"SQLite format 3")
    assert places.problems(watched, now=NOON, machine=machine) == []


def test_little_room_is_told_before_there_is_none(place: Path) -> None:
    folder = Path("/dev/shm")
    free = os.statvfs(folder)
    assert places.little_room(folder, low=free.f_bavail * free.f_frsize + 1).endswith("; type: df -h /dev/shm")
    assert places.little_room(folder, low=0) == ""


@pytest.mark.parametrize("zone", ["", "Asia/Jakarta", ":Asia/Jakarta", "WIB-7", "<+07>-7"])
def test_a_zone_that_is_known_needs_no_words(zone: str, place: Path, machine: Machine) -> None:
    assert warned(in_folder(place / "data"), machine, TZ=zone) == []


@pytest.mark.parametrize("zone", ["Asia/Jakata", "Asia", "Jakarta"])
def test_a_zone_that_nobody_knows_is_told(zone: str, place: Path, machine: Machine) -> None:
    (line,) = warned(in_folder(place / "data"), machine, TZ=zone)
    assert line.startswith(f"TZ is '{zone}', which this machine does not know, so the log's times are UTC")


# -- the clock -----------------------------------------------------------------------------------


def test_a_clock_that_was_never_set_is_a_problem(place: Path, machine: Machine) -> None:
    watched, start = in_folder(place / "data"), datetime(1970, 1, 1, 0, 3, tzinfo=UTC)
    command = "sudo timedatectl set-ntp true"
    assert places.problems(watched, now=start, machine=machine) == [
        f"the clock says 1970-01-01 00:03 UTC, and was never set; set it, type: {command}"
    ]
    (machine.root / ".dockerenv").touch()
    assert places.problems(watched, now=start, machine=machine)[0].endswith(f"type on the host: {command}")


def test_a_clock_that_went_back_is_told(place: Path, machine: Machine) -> None:
    watched, file = in_folder(place / "data"), place / "data/monitor.db.heartbeat"
    file.touch()
    for ahead, lines in ((timedelta(minutes=4), 0), (timedelta(hours=2), 1)):
        moment = (NOON + ahead).timestamp()
        os.utime(file, (moment, moment))
        assert len(warned(watched, machine)) == lines
    assert "2026-03-10 12:00 UTC, and the database was last written at 2026-03-10 14:00" in warned(watched, machine)[0]


# -- as the user meets it ------------------------------------------------------------------------

# All is loaded before the change of user: this Python may lie where that user may not look.
AS_OTHER = f"""
import os, sys
import monitor.cli.run
from monitor.cli import main
main(["check"])
os.setgroups([])
os.setresgid({OTHER}, {OTHER}, {OTHER})
os.setresuid({OTHER}, {OTHER}, {OTHER})
sys.exit(main(sys.argv[1:]))
"""


@ONLY_ROOT
@pytest.mark.parametrize("command", ["run", "once"])
def test_started_on_a_folder_of_another_user_it_ends_with_2_and_one_line(place: Path, command: str) -> None:
    (place / "news").mkdir()
    (place / "config.yaml").write_text(
        "feeds: [news/]\nchannels: {here: console}\ntopics: [Gempa]\nalerts: {channels: [here]}\n"
    )
    child = [sys.executable, "-c", AS_OTHER, command]
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(child, cwd=place, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 2, ended.stderr
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"monitor: {place}/data belongs to user 0, and monitor runs as {OTHER}:{OTHER}; ")
    assert list((place / "data").iterdir()) == []
