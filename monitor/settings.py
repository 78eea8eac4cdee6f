"""What the user asks, read from config.yaml and frozen. docs/configuration.md is the reference."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Final, Literal
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Limit(Frozen):
    """At most `count` notifications in any stretch of `per`."""

    count: int
    per: timedelta


class QuietHours(Frozen):
    """`start` inclusive, `end` exclusive, in the user's zone; over midnight where end < start. YAML: from, to, then."""

    start: time
    end: time
    then: Literal["hold", "drop"] = "hold"


class Send(Frozen):
    """When a channel is told."""

    when: Literal["as_it_happens", "hourly", "daily", "weekly"] = "as_it_happens"
    at: time | None = None
    weekday: int | None = None  # Monday is 0


ATOM: Final = "atom"  # a channel's address: what it is told stands in an Atom feed on the page
WEBHOOKS: Final[Mapping[str, str]] = {
    "webhook": "http",
    "webhooks": "https",
}  # addresses that are sent our own document


class Channel(Frozen):
    """One recipient. Of it only `name` and `scheme` are ever shown."""

    name: str
    url: SecretStr  # "console", "atom", webhook(s):// or an Apprise URL
    secret: SecretStr | None = None  # what is posted to a webhook is signed with it
    limit: Limit | Literal["off"] | None = None  # None: as in alerts
    fallback: str | None = None
    send: Send = Send()
    quiet_hours: tuple[QuietHours, ...] | None = None

    @property
    def scheme(self) -> str:
        return self.url.get_secret_value().partition(":")[0].lower()


class Feed(Frozen):
    """What to read. `url` is an http(s) address, or the path of a folder, as it is written in the file.

    It is the feed's identity, kept and shown; so what is filled in for ${…} and a login stand in `secret` alone.
    """

    url: str
    secret: SecretStr | None = None  # the address to ask, where it is not `url`
    path: str | None = None  # where the folder is, resolved against the file's place; None for an address
    name: str
    every: timedelta = timedelta(minutes=15)
    full_text: Literal["auto", "always", "never"] = "auto"
    backlog: Literal["skip", "alert"] | int = "skip"  # default of a folder: "alert"
    allow_private: bool = False
    headers: dict[str, SecretStr] = {}
    user_agent: str | None = None  # None: monitor's own
    proxy: SecretStr | None = None  # http(s)://[user:password@]host:port; for the feed and the pages of its entries
    tags: tuple[str, ...] = ()  # folders of an OPML file; a topic may name a tag where it names feeds
    language: str | None = None  # of its entries, whatever they say themselves
    robots: Literal["respect", "ignore"] = "respect"  # for the pages of its entries

    @property
    def address(self) -> str:
        """What is asked."""
        return self.secret.get_secret_value() if self.secret else self.url

    @property
    def host(self) -> str | None:
        """Where it is asked; None for a folder."""
        return None if self.path is not None or "://" not in self.url else host_of(self.address)


def host_of(address: str) -> str:
    """Host and port of an http(s) address; manners count by it."""
    parts = urlsplit(address.strip())
    default = 443 if parts.scheme.lower() == "https" else 80
    return f"{parts.hostname or ''}:{parts.port or default}"


class Examples(Frozen):
    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()


class AlertPolicy(Frozen):
    """How to tell. A topic's own words come before these, and a channel's before both for limit and quiet hours."""

    wait: timedelta = timedelta(minutes=2)
    follow_up: int | None = 5  # further outlets; None: never
    max_age: timedelta | None = timedelta(days=3)  # None: off
    limit: Limit | None = Limit(count=20, per=timedelta(hours=1))  # None: off
    quiet_hours: tuple[QuietHours, ...] = ()
    urgent: bool = False
    only: Literal["all", "best"] = "all"
    quiet_report: Send | None = None  # daily or weekly; None: off


class Sample(Frozen):
    """An article that others are to be like: as a file has it, or at an address, as the archive has it."""

    name: str  # as it is shown: the file's, or the address as it is written
    title: str = ""
    text: str = Field(default="", repr=False)
    key: str = ""  # of an address: that of its article
    item: int = 0  # which item of the list names it


class Topic(Frozen):
    """What to watch. A query, any/all/none/regex, or the name alone; and `like`, alone or beside the first two."""

    name: str
    query: str | None = None
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    regex: tuple[str, ...] = ()  # one of these patterns must be found; RE2
    like: tuple[Sample, ...] = ()  # the article must be like one of these
    like_score: int = 20  # 1–100: by so much of 100
    within: str = "article"  # article | title | paragraph | sentence | N words
    min_count: int = 1  # how often what is looked for must be there
    fields: tuple[Literal["title", "body", "url", "author", "feed"], ...] = ("title", "body")
    languages: tuple[str, ...] = ()  # of articles; none: any. An article of unknown language passes
    feeds: tuple[str, ...] = ()  # URLs; none: any
    except_feeds: tuple[str, ...] = ()  # URLs
    min_score: int = 0  # 0–100: what matches less is no match
    language: str  # the topic's own, else the configuration's; "none" means no stemming
    examples: Examples = Examples()
    channels: tuple[str, ...]  # resolved: the topic's own, else those of alerts
    policy: AlertPolicy  # resolved: what the topic overrides, over alerts
    has_own_limit: bool = False  # of messages that name this topic; else of all on a channel
    hides: tuple[str, ...] = ()  # wider topics, not told where this one is; a name that no topic has means nothing


class Silenced(Frozen):
    """What nobody wants to hear of up to `until`, that moment not included; exactly one of the others says of what."""

    until: datetime  # UTC
    topic: str | None = None
    story_id: int | None = None
    words: str | None = None  # a query, asked of the article that would be told
    reason: str = ""


class Site(Frozen):
    """What holds for a site, and for its subdomains that have nothing of their own; selectors are CSS."""

    content: str = ""  # the article's containers; empty: found as everywhere
    remove: tuple[str, ...] = ()  # what is not the article's
    headers: dict[str, SecretStr] = {}  # sent to its pages


def site_of(url: str, sites: Mapping[str, Site]) -> Site | None:
    """What holds for the site of this address: of the names that fit its host the longest counts."""
    if not sites:
        return None
    place = host_of(url)
    host, port = place.rsplit(":", 1)
    labels = host.split(".")
    names = (".".join(labels[start:]) for start in range(len(labels)))
    return next((sites[each] for name in names for each in (f"{name}:{port}", name) if each in sites), None)


class Stories(Frozen):
    """How reports of one event are found."""

    window: timedelta = timedelta(days=3)  # an older report is another story


class Storage(Frozen):
    url: SecretStr = SecretStr("sqlite:///data/monitor.db")
    archive: str = "data/articles"
    keep: timedelta | None = timedelta(days=180)  # texts and messages; None: for ever

    @property
    def path(self) -> Path | None:
        """Where the SQLite file is; None for PostgreSQL and for a database in memory."""
        scheme, _, rest = self.url.get_secret_value().partition("://")
        name = unquote(rest.partition("?")[0].removeprefix("/"))
        return Path(name) if scheme.startswith("sqlite") and name not in {"", ":memory:"} else None

    @property
    def heartbeat(self) -> Path:
        """The file whose age tells whether the daemon lives: beside the database, else within the archive."""
        if (path := self.path) is not None:
            return path.with_name(path.name + ".heartbeat")
        return Path(self.archive) / "monitor.heartbeat"


class Web(Frozen):
    host: str = "127.0.0.1"
    port: int = 8080
    password: SecretStr | None = None
    url: str | None = None


class Settings(Frozen):
    timezone: ZoneInfo = ZoneInfo("UTC")
    language: str = "none"
    engine: Literal["local", "procrastinate"] = "local"
    channels: tuple[Channel, ...]
    feeds: tuple[Feed, ...]
    aliases: dict[str, tuple[str, ...]] = {}
    alias_packs: tuple[str, ...] = ()
    protect: tuple[str, ...] = ()  # words that have no affixes, though they look so: names
    topics: tuple[Topic, ...]
    ops: tuple[str, ...] = ()
    heartbeat: SecretStr | None = None  # an address that is pinged while all is well
    silences: tuple[Silenced, ...] = ()  # those of the file; the database knows others
    sites: dict[str, Site] = {}  # by host, in lower case
    stories: Stories = Stories()
    storage: Storage = Storage()
    web: Web = Web()

    def silent(self, *, now: datetime) -> list[Silenced]:
        """What holds, the first to end first."""
        return sorted((each for each in self.silences if each.until > now), key=lambda each: each.until)
