"""compose.yaml and the systemd unit say what docs/operations.md and SECURITY.md promise of them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.app.configuration import configuration

ROOT = Path(__file__).parent.parent
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
UNIT = ROOT / "deploy" / "monitor.service"
ANALYZE = shutil.which("systemd-analyze")
# A line of YAML behind a comment sign; what is only said there does not look like one.
EXAMPLE = re.compile(r"^( *)# ((?:\w+:|- | +\w+:).*)$", re.MULTILINE)


def uncommented() -> str:
    return EXAMPLE.sub(r"\1\2", COMPOSE)


def service(text: str = COMPOSE) -> dict[str, Any]:
    return dict(yaml.safe_load(text)["services"]["monitor"])


# -- compose.yaml --------------------------------------------------------------------------------


def test_the_container_can_write_nowhere_but_into_its_volume() -> None:
    monitor = service()
    assert monitor["read_only"] is True
    assert monitor["cap_drop"] == ["ALL"]
    assert monitor["security_opt"] == ["no-new-privileges:true"]
    assert monitor["volumes"] == ["./config:/etc/monitor:ro", "data:/srv/monitor/data"]
    assert [place.partition(":")[0] for place in monitor["tmpfs"]] == ["/tmp"]
    assert monitor["user"] == "${PUID:-10001}:${PGID:-10001}"


def test_it_can_take_neither_the_memory_nor_the_disk_nor_the_processes_of_the_host() -> None:
    monitor = service()
    assert monitor["mem_limit"] == "1g"
    assert monitor["pids_limit"] == 512
    assert set(monitor["logging"]["options"]) == {"max-size", "max-file"}


def test_it_has_the_time_to_finish_what_it_has_in_hand() -> None:
    monitor = service()
    assert monitor["init"] is True
    assert monitor["stop_grace_period"] == "30s"
    assert monitor["restart"] == "unless-stopped"


def test_many_machines_come_with_a_profile_of_their_own() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    assert [name for name, each in services.items() if "profiles" not in each] == ["monitor"]
    assert {name for name, each in services.items() if each.get("profiles") == ["cluster"]} == {"worker", "postgres"}
    worker = services["worker"]
    assert worker["command"][0] == "worker"
    assert worker["deploy"]["replicas"] == 2
    assert {name: worker[name] for name in ("read_only", "cap_drop", "user", "environment")} == {
        name: service()[name] for name in ("read_only", "cap_drop", "user", "environment")
    }
    # Who uses the one machine alone has neither the database nor to wait for it.
    assert service()["depends_on"]["postgres"] == {"condition": "service_healthy", "required": False}


def test_no_port_is_open_until_somebody_wants_it() -> None:
    assert "ports" not in service()
    assert service(uncommented())["ports"] == ["127.0.0.1:8080:8080"]


def test_the_time_zone_can_be_set() -> None:
    assert service()["environment"]["TZ"] == "${TZ:-UTC}"


def test_the_examples_work_when_their_signs_are_taken_away() -> None:
    monitor, whole = service(uncommented()), yaml.safe_load(uncommented())
    assert {"TZ", "TELEGRAM_TOKEN", "TELEGRAM_CHAT", "SMTP_USER", "SMTP_PASSWORD", "DB_PASSWORD"} == set(
        monitor["environment"]
    )
    assert monitor["secrets"] == list(whole["secrets"])
    assert {**service(), **{name: monitor[name] for name in ("secrets", "ports", "environment")}} == monitor


@pytest.mark.parametrize("page", ["compose.yaml", "docs/operations.md"])
def test_every_secret_that_is_read_is_handed_in(page: str) -> None:
    read = re.findall(r"\$\{file:/run/secrets/(\w+)\}", (ROOT / page).read_text(encoding="utf-8"))
    assert read
    assert set(read) <= set(yaml.safe_load(uncommented())["secrets"])


def test_the_channels_that_are_shown_are_channels(tmp_path: Path) -> None:
    """Copied into config.yaml as they stand, with secrets that need to be written otherwise in an address."""
    shown = yaml.safe_load("\n".join(re.findall(r"^ *## (.*)$", COMPOSE, re.MULTILINE)))["channels"]
    (tmp_path / "telegram_token").write_text("123456789:abcdefg_hijklmnop\n")
    (tmp_path / "smtp_password").write_text("p@ss:w/rd\n")
    (tmp_path / "news").mkdir()
    channels = {name: address.replace("/run/secrets", str(tmp_path)) for name, address in shown.items()}
    watched = {
        "channels": channels,
        "feeds": ["news/"],
        "topics": [{"name": "Gempa"}],
        "alerts": {"channels": list(channels)},
    }
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(watched, sort_keys=False))
    settings = configuration(tmp_path / "config.yaml", environ={}).settings
    assert [channel.scheme for channel in settings.channels] == ["tgram", "mailtos"]


# -- systemd -------------------------------------------------------------------------------------


def directives() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE):
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Type", "exec"),
        ("User", "monitor"),
        ("StateDirectory", "monitor"),
        ("WorkingDirectory", "/var/lib/monitor"),
        ("EnvironmentFile", "-/etc/monitor/environment"),
        ("ExecReload", "/bin/kill -HUP $MAINPID"),
        ("KillSignal", "SIGTERM"),
        ("TimeoutStopSec", "30"),
        ("Restart", "on-failure"),
        ("RestartPreventExitStatus", "2"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateTmp", "yes"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("RestrictAddressFamilies", "AF_INET AF_INET6 AF_UNIX"),
        ("MemoryDenyWriteExecute", "yes"),
        ("SystemCallFilter", "@system-service"),
        ("UMask", "0027"),
    ],
)
def test_the_unit_says(name: str, value: str) -> None:
    assert directives()[name][0] == value


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """With a program and a user that are here, as the unit's own may not be."""
    assert ANALYZE
    text = UNIT.read_text(encoding="utf-8").replace("/opt/news-monitor/.venv/bin/monitor", sys.executable)
    (tmp_path / UNIT.name).write_text(text)
    ended = subprocess.run([ANALYZE, "verify", tmp_path / UNIT.name], capture_output=True, text=True, check=False)
    about_it = [line for line in ended.stderr.splitlines() if UNIT.name in line]
    assert (ended.returncode, about_it) == (0, [])


@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")
def test_systemd_calls_the_unit_well_confined() -> None:
    """Its own scale: 0 is closed, 10 is open."""
    assert ANALYZE
    command = [ANALYZE, "security", "--offline=true", "--threshold=20", str(UNIT)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-200:]
