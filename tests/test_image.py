"""What the Dockerfile promises; that the image keeps it is shown by running it (docs/decisions.md, "The image")."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HADOLINT = Path(sys.executable).with_name("hadolint")
Steps = list[tuple[str, str]]


def stages() -> list[Steps]:
    """Each a list of instructions with what follows them, on one line."""
    text = re.sub(r"^#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    found: list[Steps] = []
    for line in filter(str.strip, text.splitlines()):
        name, _, rest = line.partition(" ")
        if name == "FROM":
            found.append([])
        found[-1].append((name, " ".join(rest.split())))
    return found


BUILD, LAST = stages()


def said(name: str, stage: Steps = LAST) -> list[str]:
    return [rest for instruction, rest in stage if instruction == name]


@pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint is not installed")
def test_hadolint_finds_nothing() -> None:
    ended = subprocess.run([HADOLINT, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")


def test_every_stage_stands_on_the_slim_image() -> None:
    assert [said("FROM", stage)[0].split()[0] for stage in (BUILD, LAST)] == ["python:3.13-slim"] * 2


def test_every_package_is_installed_by_its_hash() -> None:
    installs = re.findall(r"pip install ([^&]*)", " ".join(said("RUN", BUILD)))
    assert len(installs) == 3
    for install in installs:
        assert "--no-cache-dir" in install
        assert "--require-hashes" in install or "dist/*.whl" in install, "but for our own"


def test_nothing_is_installed_into_the_last_stage() -> None:
    steps = " ".join(said("RUN"))
    assert not re.search(r"\b(pip|apt|apt-get|gcc|curl|wget)\b", steps)
    assert "--from=build /opt/monitor /opt/monitor" in said("COPY")
    assert "pip uninstall --yes pip" in " ".join(said("RUN", BUILD))


def test_it_runs_as_a_user_without_rights_who_has_no_name() -> None:
    assert said("USER") == ["10001:10001"]


def test_no_shell_stands_between_a_signal_and_the_program() -> None:
    assert json.loads(said("ENTRYPOINT")[0]) == ["monitor"]
    assert json.loads(said("CMD")[0]) == ["run", "-c", "/etc/monitor/config.yaml"]
    assert said("STOPSIGNAL") == ["SIGTERM"]


def test_its_health_is_asked_of_the_program_itself() -> None:
    (check,) = said("HEALTHCHECK")
    assert json.loads(check.partition("CMD ")[2])[:2] == ["monitor", "health"]


def test_the_configuration_is_a_folder_and_data_of_the_configuration_is_the_volume() -> None:
    assert said("VOLUME") == [f"{said('WORKDIR')[0]}/data"]
    assert {copied.split()[-1].rstrip("/") for copied in said("COPY")} == {
        "/etc/monitor",
        "/etc/monitor/seeds",
        "/opt/monitor",
    }


def test_it_says_what_it_is() -> None:
    labels = dict(pair.split("=", 1) for pair in shlex.split(said("LABEL")[0]))
    assert labels["org.opencontainers.image.title"] == "news-monitor"
    assert labels["org.opencontainers.image.licenses"] == "MIT"


def let_in(path: str) -> bool:
    """As .dockerignore says it: the last line that fits counts."""
    answer = True
    for line in (ROOT / ".dockerignore").read_text().split():
        pattern = line.removeprefix("!")
        if any(fnmatch(path, form) for form in (pattern, f"{pattern}/*", pattern.removeprefix("**/"))):
            answer = line.startswith("!")
    return answer


def test_only_what_is_copied_reaches_the_build() -> None:
    for copied in (rest for stage in (BUILD, LAST) for rest in said("COPY", stage) if "--from" not in rest):
        for source in copied.split()[:-1]:
            found = list(ROOT.glob(source))
            assert found, source
            assert all(let_in(str(path.relative_to(ROOT))) for path in found), source
    for kept_out in (".env", "secrets/telegram_token", "data/monitor.db", ".git/config", "config/config.yaml"):
        assert not let_in(kept_out)
