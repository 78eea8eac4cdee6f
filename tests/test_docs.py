"""What the documents say is true: every setting, command and metric is there, and every example does what it shows."""

from __future__ import annotations

import glob
import importlib
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import reduce
from io import StringIO
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml
from sqlmodel import SQLModel

from monitor.alerts.decide import RULES
from monitor.app.configuration import configuration
from monitor.cli import main, program
from monitor.config import layout, parse
from monitor.config.silences import WAYS
from monitor.errors import QueryError
from monitor.metrics import Metrics
from monitor.model import Reason
from monitor.settings import AlertPolicy, Settings, Topic
from monitor.topics import query
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all
from tests.sinks import JsonSink

ROOT = Path(__file__).parent.parent
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *DOCS]
SECRETS = {
    "TELEGRAM_TOKEN": "123456789:abcdefg_hijklmnop",
    "TELEGRAM_CHAT": "12315544",
    "SLACK_A": "T1JJ3T3L2",
    "SLACK_B": "A1BRTD4JD",
    "SLACK_C": "TIiajkdnlazkcOXrIdevi7FQ",
    "SMTP_USER": "ana",
    "SMTP_PASSWORD": "pass@word",
    "DB_PASSWORD": "pass@word",
    "WEB_PASSWORD": "pass@word",
    "WEBHOOK_SECRET": "rahasia",
    "TOKEN": "pass@word",
    "HEALTHCHECK": "4f2c",
    "KUMA_TOKEN": "4f2c",
    "LANGGANAN": "sid=1",
}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def section(text: str, heading: str) -> str:
    """What stands below a heading, up to the next of its kind."""
    found = re.search(rf"^(##+) {re.escape(heading)}\n(.*?)(?=^##+ |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, heading
    return found[2]


def rows(text: str, heading: str = "") -> Iterator[list[str]]:
    """The rows of every table below a heading, without those of their heads."""
    lines = (section(text, heading) if heading else text).splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("| ") and not following.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


# -- configuration.md ----------------------------------------------------------------------------

SECTIONS: Mapping[str, Any] = {
    "": layout.SETTINGS,
    "channels.*.": layout.CHANNEL,
    "feeds.*.": layout.FEED,
    "topics.*.": layout.TOPIC,
    "topics.*.examples.": ("match", "no_match"),
    "alerts.": layout.ALERTS,
    "quiet_hours.*.": layout.QUIET_HOURS,
    "silences.*.": layout.SILENCE,
    "sites.*.": layout.SITE,
    "stories.": layout.STORIES,
    "storage.": layout.STORAGE,
    "web.": layout.WEB,
}
KEYS = [f"{section}{name}" for section, names in SECTIONS.items() for name in names]


@dataclass(frozen=True, slots=True)
class Setting:
    """A row of the reference."""

    key: str
    kind: str
    default: str  # empty: there is none to write
    example: str
    meaning: str


def _setting(cells: list[str]) -> Setting:
    key, kind, default, example, meaning = cells
    return Setting(key.strip("`"), kind, default.strip("`—"), example.strip("`"), meaning)


REFERENCE = [_setting(row) for row in rows(read("docs/configuration.md"))]


def base() -> dict[str, Any]:
    """A small configuration that every setting fits into."""
    hours = [{"from": "22:00", "to": "05:30"}]
    return {
        "channels": {
            "phone": {"url": "json://127.0.0.1:8000", "quiet_hours": hours},
            "terminal": "console",
            "mail": "console",
        },
        "feeds": [{"url": "https://news.example/rss"}],
        "topics": [{"name": "Gempa Maluku"}, {"name": "Gempa"}],
        "alerts": {"channels": ["terminal"]},
    }


def with_setting(key: str, value: str) -> dict[str, Any]:
    """The small configuration with one setting more, written as YAML."""
    config = base()
    if key.startswith("silences."):  # each says of what, and until when
        what = {} if key.rpartition(".")[2] in WAYS else {"topic": "Gempa Maluku"}
        config["silences"] = [{**what, "until": "2026-12-20"}]
    path = re.sub(r"^quiet_hours\.", "channels.*.quiet_hours.", key).split(".")
    below: Any = config
    for name in path[:-1]:
        if isinstance(below, list):
            below = below[0]
        elif name == "*":
            below = below.setdefault("example.com", {}) if path[0] == "sites" else below["phone"]
        else:
            below = below.setdefault(name, {})
    (below[0] if isinstance(below, list) else below)[path[-1]] = yaml.load(value, Loader=yaml.BaseLoader)
    return config


def loaded(config: object, folder: Path) -> Settings:
    shutil.copytree(ROOT / "seeds", folder / "seeds", dirs_exist_ok=True)
    (folder / "more").mkdir(exist_ok=True)
    content = yaml.safe_dump(config, allow_unicode=True, sort_keys=False).encode()
    return parse(content, path=folder / "config.yaml", environ=SECRETS).settings


def test_every_setting_stands_in_the_reference_once() -> None:
    assert sorted(setting.key for setting in REFERENCE) == sorted(KEYS)


def test_no_section_of_the_file_is_forgotten_here() -> None:
    shapes = [
        shape for shape in vars(layout).values() if isinstance(shape, dict) and all(map(callable, shape.values()))
    ]
    assert {name for shape in shapes for name in shape} <= {key.rpartition(".")[2] for key in KEYS}


@pytest.mark.parametrize("setting", REFERENCE, ids=attrgetter("key"))
def test_the_example_of_a_setting_is_accepted(setting: Setting, tmp_path: Path) -> None:
    loaded(with_setting(setting.key, setting.example), tmp_path)


@pytest.mark.parametrize("setting", [row for row in REFERENCE if row.default], ids=attrgetter("key"))
def test_the_default_of_a_setting_is_what_counts_where_it_is_left_out(setting: Setting, tmp_path: Path) -> None:
    assert loaded(with_setting(setting.key, setting.default), tmp_path) == loaded(base(), tmp_path)


# -- every block of YAML -------------------------------------------------------------------------

YAMLS = [(page, block) for page in PAGES for block in blocks(page.read_text(encoding="utf-8"), "yaml")]


@pytest.mark.parametrize(("page", "block"), YAMLS, ids=[f"{page.stem}{n}" for n, (page, _) in enumerate(YAMLS)])
def test_an_example_of_a_configuration_passes_the_check(page: Path, block: str, tmp_path: Path) -> None:
    part = yaml.load(block, Loader=yaml.BaseLoader)
    assert part, page
    whole = base() | part
    whole["channels"] = base()["channels"] | part.get("channels", {})
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(whole, allow_unicode=True), encoding="utf-8")
    configuration(tmp_path / "config.yaml", environ=SECRETS)


# -- topics.md -----------------------------------------------------------------------------------

TOPICS = read("docs/topics.md")
LANGUAGE = "id"  # of the examples
NEWS = re.findall(r"^### (\d+\. .+)$", TOPICS, re.MULTILINE)
PARTS = ("Words and affixes", "Phrases and NEAR", "AND, OR, NOT", "Wildcards, fields, counts", "Aliases")
ALIASES = yaml.load(blocks(section(TOPICS, "Aliases"), "yaml")[0], Loader=yaml.BaseLoader)["aliases"]
QUERIES = [(part, *row) for part in PARTS for row in rows(TOPICS, part)]


def finds(watchlist: Watchlist, topic: str, text: str) -> bool:
    """`¶¶` in a text ends its title, `¶` a paragraph."""
    title, _, body = text.rpartition(" ¶¶ ")
    return bool(watchlist.match_text(topic, title, body.replace(" ¶ ", "\n")))


def test_there_are_ten_examples() -> None:
    assert len(NEWS) == 10


@pytest.mark.parametrize("heading", NEWS)
def test_an_example_from_the_news_finds_what_it_says(heading: str, tmp_path: Path) -> None:
    wanted = yaml.load(blocks(section(TOPICS, heading), "yaml")[0], Loader=yaml.BaseLoader)
    settings = loaded(base() | {"language": LANGUAGE} | wanted, tmp_path)
    watchlist, errors = compile_all(settings.topics, Vocabulary.of(settings))
    assert not errors
    examples = list(rows(TOPICS, heading))
    assert examples
    for found, missed in examples:
        assert finds(watchlist, settings.topics[0].name, found), found
        assert not finds(watchlist, settings.topics[0].name, missed), missed


@pytest.mark.parametrize(("part", "wanted", "found", "missed"), QUERIES, ids=[row[1] for row in QUERIES])
def test_a_query_finds_what_its_example_says(part: str, wanted: str, found: str, missed: str) -> None:
    aliases = {key: tuple(values) for key, values in ALIASES.items()} if part == "Aliases" else {}
    topic = Topic(name="it", query=wanted.strip("`"), language=LANGUAGE, channels=(), policy=AlertPolicy())
    watchlist, errors = compile_all([topic], Vocabulary(aliases))
    assert not errors
    assert finds(watchlist, "it", found)
    assert not finds(watchlist, "it", missed)


@pytest.mark.parametrize(("written", "what", "column"), list(rows(TOPICS, "What is refused")))
def test_a_query_is_refused_as_the_table_says(written: str, what: str, column: str) -> None:
    with pytest.raises(QueryError) as error:
        query.parse(written.strip("`"))
    assert (error.value.what, str(error.value.column)) == (what, column)


# -- the other pages -----------------------------------------------------------------------------


def test_the_rules_stand_in_their_order_with_every_reason() -> None:
    alerts = read("docs/alerts.md")
    assert [row[0] for row in rows(alerts, "The rules, in order")] == [
        rule.__name__.replace("_", " ") for rule in RULES
    ]
    for reason in Reason:
        assert f"*{reason}*" in alerts


def test_every_metric_is_described() -> None:
    described = {row[0].strip("`") for row in rows(read("docs/operations.md"), "Metrics")}
    families = Metrics().registry.collect()
    assert described == {f"{each.name}_total" if each.type == "counter" else each.name for each in families}


def test_every_table_is_described() -> None:
    described = {row[0].strip("`") for row in rows(read("docs/architecture.md"), "The tables")}
    assert described == set(SQLModel.metadata.tables)


def test_what_the_architecture_names_is_there() -> None:
    named = re.findall(r"`([a-z_/]+)\.py: ([A-Za-z_.]+)`", read("docs/architecture.md"))
    assert len(named) > 10
    for module, name in named:
        found = importlib.import_module(f"monitor.{module.replace('/', '.')}")
        assert callable(reduce(getattr, name.split("."), found)), name


def test_every_room_stands_in_the_readme() -> None:
    rooms = {folder.parent.name for folder in (ROOT / "monitor").glob("*/__init__.py")}
    assert {room for room in rooms if f"`{room}/`" not in read("README.md")} == set()


def test_the_readme_is_short() -> None:
    assert len(read("README.md").splitlines()) <= 150


# -- links ---------------------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=attrgetter("name"))
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
        file, _, anchor = target.partition("#")
        if file.startswith("https://"):
            continue
        place = (page.parent / file).resolve() if file else page
        assert place.exists(), target
        assert not anchor or anchor in anchors(place), target


def test_what_the_program_says_of_the_documents_is_there() -> None:
    for source in [*(ROOT / "monitor").rglob("*.py"), ROOT / "config.yaml", ROOT / "Makefile"]:
        for name, title in re.findall(r"(docs/\w+\.md)(?:, \"([^\"]+)\")?", source.read_text(encoding="utf-8")):
            assert (ROOT / name).exists(), source
            assert not title or title.lower().replace(" ", "-") in anchors(ROOT / name), source


# -- commands ------------------------------------------------------------------------------------

COMMANDS = typer.main.get_command(program()).commands  # type: ignore[attr-defined]  # a group of them
TYPED = [
    (page, line.partition("  #")[0].strip())
    for page in PAGES
    for block in blocks(page.read_text(encoding="utf-8"), "sh")
    for line in block.splitlines()
    if re.match(r"(?:docker compose exec monitor |\.venv/bin/)?monitor ", line)
]


def arguments(line: str) -> list[str]:
    return shlex.split(line.removeprefix("docker compose exec monitor ").removeprefix(".venv/bin/"))[1:]


def all_commands(commands: Mapping[str, Any], group: str = "") -> Iterator[tuple[str, Any]]:
    """Those of a group each by itself, as `feeds list`."""
    for name, command in commands.items():
        if below := getattr(command, "commands", None):
            yield from all_commands(below, f"{group}{name} ")
        else:
            yield f"{group}{name}", command


def command_of(words: list[str], commands: Mapping[str, Any]) -> str:
    return next((name for name in (" ".join(words[:2]), words[0]) if name in commands), words[0])


def test_every_command_and_option_is_described() -> None:
    typable = dict(all_commands(COMMANDS))
    described = {
        command_of(row[0].strip("`").split()[1:], typable): row[0]
        for row in rows(read("docs/operations.md"), "Commands")
        if "`monitor" in row[0]
    }
    assert set(described) == set(typable)
    for name, command in typable.items():
        options = {option for parameter in command.params for option in parameter.opts if option.startswith("--")}
        assert {option for option in options - {"--config"} if option not in described[name]} == set(), name


@pytest.mark.parametrize(("page", "line"), TYPED, ids=[line for _, line in TYPED])
def test_a_command_that_is_shown_can_be_typed(page: Path, line: str) -> None:
    name, *rest = arguments(line)
    if name == "--help":
        return
    assert name in COMMANDS, page
    COMMANDS[name].make_context(name, rest)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """What comes along, without the feeds that are far away."""
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    configure(tmp_path)
    return tmp_path


def configure(folder: Path, *, topics: object = None, **channels: str) -> None:
    shipped = yaml.load(read("config.yaml"), Loader=yaml.BaseLoader)
    shipped["feeds"] = ["seeds/"]
    shipped["topics"] = topics or shipped["topics"]
    shipped["channels"] |= channels
    shipped["alerts"]["channels"] = list(shipped["channels"])
    (folder / "config.yaml").write_text(yaml.safe_dump(shipped, allow_unicode=True), encoding="utf-8")


def typed(line: str) -> tuple[int, str]:
    """Run it in this folder, with * filled in as a shell does."""
    filled = [found for each in arguments(line) for found in (sorted(glob.glob(each)) or [each])]  # noqa: PTH207  # as typed
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        status = main(filled)
    return status, out.getvalue() + err.getvalue()


def test_the_tutorial_leads_to_an_alert_on_the_phone(home: Path) -> None:
    """Its commands one after the other, as they are written; the phone is a sink on this machine."""
    lines = [line for block in blocks(read("docs/tutorial.md"), "sh") for line in block.splitlines()]
    with chdir(home), JsonSink() as phone:
        typed("monitor once")  # stands for `make run`
        configure(home, phone=phone.channel)
        for line in lines:
            if line.startswith("printf"):
                subprocess.run(line, shell=True, check=True)
            elif line.startswith("monitor "):
                status, said = typed(line)
                assert status == 0, said
        subjects = [message["title"] for message in phone.messages]
    assert len(subjects) == 2, "the test message and the alert"
    assert "Rusia dan Korea Utara teken perjanjian baru" in subjects[1]
    assert len(list((home / "kept").iterdir())) == 2


def test_the_alert_in_the_readme_is_the_one_that_is_shown(home: Path) -> None:
    [shown] = [block for block in blocks(read("README.md"), "text") if block.startswith("Korea Utara")]
    with chdir(home):
        _, said = typed("monitor once")
    timeless = [line for line in shown.splitlines() if "just now" not in line]
    assert [line for line in timeless if line not in said.splitlines()] == []


def test_the_first_matches_of_the_topics_page_are_what_is_printed(home: Path) -> None:
    shown, *_ = blocks(section(TOPICS, "Evidence and score"), "text")
    with chdir(home):
        _, said = typed("monitor match seeds/000_af52723efe8b9ce8.txt")
    assert said.startswith(shown)


def test_what_is_found_by_example_is_what_is_printed(home: Path) -> None:
    by_example = section(TOPICS, "By example")
    configure(home, topics=yaml.load(blocks(by_example, "yaml")[0], Loader=yaml.BaseLoader)["topics"])
    with chdir(home):
        _, said = typed("monitor match seeds/003_bf961051b976ab37.txt")
    assert said.startswith(blocks(by_example, "text")[0])


def test_the_way_from_a_first_query_to_a_good_one_is_as_it_is_told(tmp_path: Path) -> None:
    story = section(TOPICS, "From a first query to a good one")
    first, better = blocks(story, "yaml")
    news, missed, changed = blocks(story, "text")
    (tmp_path / "news").mkdir()
    for number, line in enumerate(news.splitlines()):
        (tmp_path / "news" / f"{number:03}.txt").write_text(line.replace(" | ", "\n\n"), encoding="utf-8")
    frame = "language: id\nchannels: {terminal: console}\nfeeds: [news/]\nalerts: {channels: [terminal], wait: 0s}\n"
    with chdir(tmp_path):
        (tmp_path / "config.yaml").write_text(frame + first, encoding="utf-8")
        typed("monitor once")
        _, said = typed("monitor try --topic Tentara --near")
        assert "12 articles since" in said
        assert ": 2 match" in said
        assert [line for line in missed.splitlines() if line.strip() not in said] == []
        (tmp_path / "config.yaml").write_text(frame + better, encoding="utf-8")
        _, said = typed("monitor check --diff")
        assert [line for line in changed.splitlines() if line.strip() not in said] == []
        _, said = typed("monitor try --topic Tentara")
        assert ": 4 match" in said
        assert "in 2 stories" in said
