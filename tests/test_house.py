"""The rules of the house hold: who imports whom, how long things are, what they are called, and what pure rooms may see."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GENERATED = ROOT / "monitor" / "store" / "migrations" / "versions"
MODULES = sorted(path for path in (ROOT / "monitor").rglob("*.py") if GENERATED not in path.parents)
SOURCES = [*MODULES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "bench").rglob("*.py"))]

LONGEST_MODULE = 320
LONGEST_FUNCTION = 60
NOUNS = "model.py"  # a list of nouns without logic, read as one: docs/decisions.md
LONGEST_LIST_OF_NOUNS = 570

PURE_ROOMS = ("parse", "topics", "stories", "alerts", "timing", "languages", "text")
PURE = [path for path in MODULES if path.relative_to(ROOT / "monitor").parts[0].removesuffix(".py") in PURE_ROOMS]
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today")}

EMPTY_WORDS = frozenset({"manager", "handler", "helper", "helpers", "util", "utils", "service", "base"})
EMPTY_VERBS = frozenset({"process", "handle"})
SHORTEST_REASON = 4  # words, with the first

# Put together here, or this file would hold what it looks for.
UNFINISHED = "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X"))
REGISTRIES = ("py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js", "deb.deb" + "ian.org", "ghcr" + ".io")
UNREAD = frozenset({".git", ".venv", "data", "build", "dist", "__pycache__"})


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def place(path: Path, line: int = 1) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def in_python(*statements: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, where nothing is loaded yet."""
    return subprocess.run(
        [sys.executable, "-c", "\n".join(statements)], cwd=ROOT, capture_output=True, text=True, check=False
    )


# -- imports -------------------------------------------------------------------------------------


def test_each_floor_knows_only_the_floors_below_it() -> None:
    ended = in_python("from importlinter.cli import lint_imports_command", "lint_imports_command()")
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("module", ["monitor.parse.feed", "monitor.parse.article"])
def test_a_worker_process_loads_neither_channels_nor_the_database(module: str) -> None:
    ended = in_python(
        f"import sys, {module}", "print(sorted({'apprise', 'sqlmodel', 'sqlalchemy', 'typer'} & set(sys.modules)))"
    )
    assert ended.stdout == "[]\n", ended.stderr


def test_the_main_module_loads_nothing_before_it_runs() -> None:
    ended = in_python(
        "import sys, monitor.__main__", "print([name for name in sys.modules if name.startswith('monitor.')])"
    )
    assert ended.stdout == "['monitor.__main__']\n", ended.stderr


# -- pure rooms ----------------------------------------------------------------------------------


def clocks(module: ast.Module) -> Iterator[int]:
    """The lines where a clock is read, or the module of clocks imported."""
    for node in ast.walk(module):
        match node:
            case ast.Attribute(value=ast.Name(id=owner) | ast.Attribute(attr=owner), attr=name) if (
                owner,
                name,
            ) in CLOCKS:
                yield node.lineno
            case ast.Import(names=names) if "time" in {each.name for each in names}:
                yield node.lineno
            case ast.ImportFrom(module="time"):
                yield node.lineno
            case _:
                pass


def test_pure_rooms_read_no_clock() -> None:
    assert PURE
    assert [place(path, line) for path in PURE for line in clocks(tree(path))] == []


# -- lengths -------------------------------------------------------------------------------------


def test_modules_are_short() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    most = {path: LONGEST_LIST_OF_NOUNS if path.name == NOUNS else LONGEST_MODULE for path in MODULES}
    assert [place(path, length) for path, length in lengths.items() if length > most[path]] == []


def test_functions_are_short() -> None:
    lengths = [
        (path, function, (function.end_lineno or 0) - function.lineno + 1)
        for path in MODULES
        for function in functions(tree(path))
    ]
    assert [(place(path, each.lineno), each.name) for path, each, lines in lengths if lines > LONGEST_FUNCTION] == []


# -- words ---------------------------------------------------------------------------------------


def words_of(path: Path) -> set[str]:
    """Of the names of a module and its classes."""
    classes = [node.name for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]
    return {word.lower() for name in [*classes, path.stem.title()] for word in re.findall(r"[A-Z][a-z0-9]*", name)}


def test_names_of_classes_and_modules_say_something() -> None:
    assert [(place(path), words) for path in SOURCES if (words := words_of(path) & EMPTY_WORDS)] == []


def test_names_of_functions_say_something() -> None:
    named = [(path, each) for path in SOURCES for each in functions(tree(path))]
    assert [place(path, each.lineno) for path, each in named if each.name.strip("_") in EMPTY_VERBS] == []


def test_what_is_unfinished_has_a_reason() -> None:
    left = [
        (place(path), found[0])
        for path in SOURCES
        for found in re.finditer(rf"\b(?:{UNFINISHED})\b(.*)", path.read_text(encoding="utf-8"))
    ]
    assert [each for each in left if len(each[1].split()) < SHORTEST_REASON] == []


def imported(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=str(name)):
                yield name
            case _:
                pass


def test_no_test_pretends() -> None:
    assert [place(path) for path in SOURCES for name in imported(tree(path)) if "mock" in name] == []


# -- packaging -----------------------------------------------------------------------------------


def texts() -> Iterator[tuple[Path, str]]:
    for path in sorted(ROOT.rglob("*")):
        inside = path.relative_to(ROOT).parts
        if UNREAD & set(inside[:-1]) or any(part.endswith("_cache") or part == ".hypothesis" for part in inside):
            continue
        if path.is_file():
            yield path, path.read_bytes().decode(errors="replace")


def test_no_file_names_the_host_of_a_package_registry() -> None:
    named = [(str(path), host) for path, text in texts() for host in REGISTRIES if host in text]
    assert named == []


def test_packages_are_pinned_in_requirements_alone() -> None:
    assert not (ROOT / ("uv" + ".lock")).exists()
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        pinned = [
            line for line in path.read_text(encoding="utf-8").splitlines() if re.match(r"[a-z0-9]", line, re.IGNORECASE)
        ]
        assert [line for line in pinned if "==" not in line] == []
