"""What config.yaml may hold, as data: each section's settings and how their values are read."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, cast, get_args

from monitor.config import addresses, languages, moments, sites, words
from monitor.config.nodes import Items, Node, Pairs, Scalar, inside
from monitor.config.samples import samples
from monitor.config.shape import (
    Draft,
    ListOf,
    Named,
    OneOrMore,
    Ref,
    SectionOf,
    Setting,
    Shape,
    Word,
    bare,
    exact,
    line,
    reference,
    text,
)
from monitor.config.source import Wrong, shortened
from monitor.model import Field

FEWEST_SECONDS: Final = timedelta(seconds=2)
MOMENT: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)
MOST_TIMES: Final = 999
MOST_STORIES: Final = 2**31 - 1
FIELDS: Final[tuple[Field, ...]] = get_args(Field)

# The sections of the file: one that stands within another is too far right.
TOO_FAR: Final = dict.fromkeys(
    (
        "channels",
        "feeds",
        "aliases",
        "alias_packs",
        "protect",
        "topics",
        "alerts",
        "silences",
        "stories",
        "storage",
        "web",
        "include",
    ),
    "it is a section of its own: start it at the left edge",
) | {"heartbeat": "it stands by itself: start it at the left edge"}

# Where secrets may be written: these are never shown, and of any URL only the scheme, but that of these places: there
# only a login is hidden.
SECRETS: Final = (
    "channels.*.secret",
    "feeds.*.headers",
    "feeds.*.proxy",
    "sites.*.headers",
    "web.password",
    "heartbeat",
)
SHOWN_URLS: Final = ("feeds", "storage", "web", "topics")
SECRET_URLS: Final = ("topics.*.channels",)
_UNFILLED: Final = r"\$\(?([A-Za-z_][A-Za-z0-9_]*)\)?"
_UNFILLED_PART: Final = r"(?<=[/:@])\$\(?([A-Z][A-Z0-9_]+)\)?(?=[/:@?]|$)"


def channel_url(draft: Draft, node: Node) -> str:
    url = bare(draft, node)
    written = _written(node)
    if found := re.fullmatch(_UNFILLED, written) or re.search(_UNFILLED_PART, written):
        place = inside(draft.source.text, cast("Scalar", node), cast("Scalar", node).text.index(found[0]))
        raise Wrong(place, "this is not filled in", f"write ${{{shortened(found[1])}}}")
    return url


def feed_url(draft: Draft, node: Node) -> str:
    """An http(s) address, or a folder that is there, as it is written."""
    url = bare(draft, node)
    if url.casefold().startswith(("http://", "https://")):
        return Word(addresses.feed_address)(draft, node)
    folder = draft.folder / url
    if os.path.isdir(folder):  # noqa: PTH112 - pathlib raises on names that no folder can have
        return url
    if os.path.isfile(folder):  # noqa: PTH113 - likewise
        raise Wrong(node.start, "this is a file, not a folder", "name the folder it stands in")
    raise Wrong(node.start, *addresses.no_feed(url, _written(node)))


def _written(node: Node) -> str:
    return node.text.strip() if isinstance(node, Scalar) else ""


def file_name(draft: Draft, node: Node) -> Ref:
    """A name or a pattern of files; whether they are there is for whoever reads them."""
    ref = reference(draft, node)
    if "**" in ref.name:
        raise Wrong(node.start, "'**' can't stand here", "name each folder: [topics/*.yaml, more/*.yaml]")
    return ref


def topic_name(draft: Draft, node: Node) -> Ref:
    """Whatever a topic may be called."""
    return Ref(line(draft, node), node.start, node.text if isinstance(node, Scalar) else "")


_wait = Word(words.duration)
_follow_up = Word(words.or_else("never", None, words.outlets))
_max_age = Word(words.or_else("off", None, words.at_least(MOMENT, "1s")))
_only = Word(words.one_of("all", "best"))
_quiet_report = Word(words.or_else("off", None, words.report))
_limit = Word(words.or_else("off", None, words.limit))

QUIET_HOURS: Final[Shape] = {
    "from": Setting(Word(words.clock), "From this minute on, in the file's time zone."),
    "to": Setting(Word(words.clock), "Until just before this minute; over midnight where it is earlier than from."),
    "then": Setting(Word(words.one_of("hold", "drop")), "What to do with an alert of that time.", "hold"),
}

_quiet_hours = ListOf(SectionOf(QUIET_HOURS))

CHANNEL: Final[Shape] = {
    "url": Setting(
        channel_url,
        "Where a message goes: console, atom (a feed), webhook(s)://…, or an Apprise URL of one recipient.",
    ),
    "secret": Setting(exact, "What is posted to a webhook is signed with it.", may_be_empty=False),
    "limit": Setting(Word(words.or_else("off", "off", words.limit)), "At most so many messages, like 10/hour."),
    "fallback": Setting(reference, "The channel that is told instead if this one keeps failing."),
    "send": Setting(Word(words.send), f"When it is told: {words.SENDS}.", "as_it_happens"),
    "quiet_hours": Setting(_quiet_hours, "When nothing is sent here."),
}

FEED: Final[Shape] = {
    "url": Setting(feed_url, "What to read: an http(s) address, or a folder of text files beside this file."),
    "name": Setting(line, "What it is called in the status and the log."),
    "every": Setting(Word(words.at_least(FEWEST_SECONDS, "2s")), "How often it is asked; 2s at the least.", "15m"),
    "full_text": Setting(Word(words.one_of("auto", "always", "never")), "Whether the linked page is read.", "auto"),
    "backlog": Setting(
        Word(words.backlog), "What of the first reading is news: nothing (skip), all (alert), or the newest so many."
    ),
    "allow_private": Setting(
        Word(words.yes), "Whether this feed and its articles may be in the inner network.", "false"
    ),
    "headers": Setting(Named(Word(addresses.header)), "Sent to the feed's own host; the place for a feed's secret."),
    "user_agent": Setting(Word(addresses.user_agent), "What it is asked as, instead of news-monitor."),
    "proxy": Setting(Word(addresses.proxy), f"The way to it and its articles, like {addresses.A_PROXY}."),
    "tags": Setting(OneOrMore(Word(words.tag)), "Names for it and others, by which topics may name them all."),
    "language": Setting(Word(languages.code), "Of all its articles, whatever they say themselves, like id or en."),
    "robots": Setting(
        Word(words.one_of("respect", "ignore")),
        "Whether pages that robots.txt asks not to read are left alone.",
        "respect",
    ),
}

SITE: Final[Shape] = {
    "content": Setting(Word(sites.selector), "A CSS selector of what holds the article, like .article-body."),
    "remove": Setting(OneOrMore(Word(sites.selector)), "CSS selectors of what is in there and not the article's."),
    "headers": Setting(Named(Word(addresses.header)), "Sent to this site's pages; the place for a secret."),
}

EXAMPLES: Final[Shape] = {
    "match": Setting(ListOf(text), "Texts that the topic must find, or nothing starts."),
    "no_match": Setting(ListOf(text), "Texts that the topic must not find."),
}

TOPIC: Final[Shape] = {
    "name": Setting(line, "Shown in alerts; alone, all its words must be in the article."),
    "query": Setting(text, "What must be true of the article, in the query language.", may_be_empty=False),
    "any": Setting(ListOf(text), "One of these words or phrases must be in the article.", may_be_empty=False),
    "all": Setting(ListOf(text), "All of these words or phrases must be in the article.", may_be_empty=False),
    "none": Setting(ListOf(text), "None of these words or phrases may be in the article.", may_be_empty=False),
    "regex": Setting(OneOrMore(text), "A pattern that must be found, or one of several.", may_be_empty=False),
    "within": Setting(Word(words.within), "In which part by itself all of it must be true.", "article"),
    "min_count": Setting(Word(words.number(1, MOST_TIMES)), "How often what is looked for must be there.", "1"),
    "fields": Setting(OneOrMore(Word(words.one_of(*FIELDS))), "Where to look; left out: in title and body."),
    "language": Setting(Word(languages.language), "The language of this topic's words, like id or en."),
    "languages": Setting(
        ListOf(Word(languages.code)), "Only articles in one of these languages, like id or en.", may_be_empty=False
    ),
    "feeds": Setting(ListOf(reference), "Only articles of these feeds: their names, urls or tags.", may_be_empty=False),
    "except_feeds": Setting(ListOf(reference), "No articles of these feeds: their names, urls or tags."),
    "min_score": Setting(Word(words.number(0, 100)), "How well an article must match, from 0 to 100.", "0"),
    "like": Setting(
        OneOrMore(samples),
        "Articles that it must be like: text files, folders of them, addresses.",
        may_be_empty=False,
    ),
    "like_score": Setting(Word(words.number(1, 100)), "How like one of them it must be, from 1 to 100.", "20"),
    "examples": Setting(SectionOf(EXAMPLES), "Texts that show what the topic means; checked before anything starts."),
    "channels": Setting(ListOf(reference), "Who is told, instead of the channels under alerts."),
    "wait": Setting(_wait, "How long its stories wait, instead of the wait under alerts."),
    "follow_up": Setting(_follow_up, "When it is told again, instead of the follow_up under alerts."),
    "max_age": Setting(_max_age, "How old its articles may be, instead of the max_age under alerts."),
    "limit": Setting(_limit, "At most so many messages, instead of the limit under alerts."),
    "quiet_hours": Setting(_quiet_hours, "When nothing of it is told, instead of the quiet_hours under alerts."),
    "urgent": Setting(Word(words.yes), "Whether it is told without waiting."),
    "only": Setting(_only, "Which of its stories are told, instead of the only under alerts."),
    "quiet_report": Setting(
        _quiet_report, "When it says that it told nothing, instead of the quiet_report under alerts."
    ),
    "hides": Setting(ListOf(reference), "Wider topics that are not told where this one is.", may_be_empty=False),
}

ALERTS: Final[Shape] = {
    "channels": Setting(ListOf(reference), "Who is told of topics that name no channels of their own."),
    "ops": Setting(ListOf(reference), "Who hears that a feed, a channel or an edit of this file is broken."),
    "wait": Setting(_wait, "How long a story waits, so that its first message names several outlets.", "2m"),
    "follow_up": Setting(_follow_up, "Told again each time so many further outlets report it.", "5 outlets"),
    "max_age": Setting(_max_age, "What was older when it was first seen is kept, not told.", "3d"),
    "limit": Setting(_limit, "At most so many messages for each channel.", "20/hour"),
    "quiet_hours": Setting(_quiet_hours, "When nothing is sent; for channels without their own."),
    "urgent": Setting(Word(words.yes), "Whether alerts are told without waiting.", "false"),
    "only": Setting(_only, "All stories, or the best: a good match, or two outlets at the least.", "all"),
    "quiet_report": Setting(_quiet_report, f"When topics say that they told nothing: {words.REPORTS}.", "off"),
}

SILENCE: Final[Shape] = {
    "topic": Setting(topic_name, "All that only this topic would tell."),
    "words": Setting(text, "Articles that this query finds."),
    "story": Setting(Word(words.number(1, MOST_STORIES)), "The number of a story, whatever topic it concerns."),
    "until": Setting(Word(moments.moment), f"When it ends, by the file's clock: {moments.LIKE}."),
    "reason": Setting(line, "Why, for whoever wonders."),
}

STORIES: Final[Shape] = {
    "window": Setting(
        Word(words.at_least(MINUTE, "1m")), "Reports that are further apart are different stories.", "3d"
    ),
}

STORAGE: Final[Shape] = {
    "url": Setting(
        Word(addresses.storage), "What is remembered: sqlite:///path or postgresql://….", "sqlite:///data/monitor.db"
    ),
    "archive": Setting(line, "The folder where each article is written as a text file.", "data/articles"),
    "keep": Setting(Word(words.or_else("off", None, words.days)), "How long texts and messages are kept.", "180d"),
}

WEB: Final[Shape] = {
    "listen": Setting(Word(addresses.listen), "Where the page and the metrics answer.", "127.0.0.1:8080"),
    "password": Setting(exact, "Asked of whoever looks; needed where others reach the address."),
    "url": Setting(Word(addresses.own_address), "The public address, for links in messages."),
}

INCLUDES: Final = OneOrMore(file_name)

SETTINGS: Final[Shape] = {
    "timezone": Setting(Word(words.zone), "The clock of your messages, like Asia/Jakarta.", "UTC"),
    "language": Setting(Word(languages.language), "The language of your topics' words, like id or en.", "none"),
    "engine": Setting(Word(words.one_of("local", "procrastinate")), "One process, or many machines.", "local"),
    "channels": Setting(Named(SectionOf(CHANNEL, "url", TOO_FAR)), "Where to tell."),
    "feeds": Setting(ListOf(SectionOf(FEED, "url", TOO_FAR)), "What to read."),
    "aliases": Setting(Named(ListOf(text)), "Words that mean the same, in every topic."),
    "alias_packs": Setting(ListOf(Word(words.pack)), "Shipped lists of aliases, by name."),
    "protect": Setting(ListOf(Word(words.protected)), "Names that only look as if they had affixes."),
    "topics": Setting(ListOf(SectionOf(TOPIC, "name", TOO_FAR)), "What to watch for."),
    "alerts": Setting(SectionOf(ALERTS, elsewhere=TOO_FAR), "How to tell; a topic may say otherwise for itself."),
    "silences": Setting(ListOf(SectionOf(SILENCE, elsewhere=TOO_FAR)), "What nobody wants to hear of for a while."),
    "sites": Setting(
        Named(SectionOf(SITE)), "How single sites are read, by host, where the program does not find the text."
    ),
    "stories": Setting(SectionOf(STORIES, elsewhere=TOO_FAR), "How reports of one event are found."),
    "storage": Setting(SectionOf(STORAGE, elsewhere=TOO_FAR), "What is kept, and where."),
    "web": Setting(SectionOf(WEB, elsewhere=TOO_FAR), "Where the page answers, and what machines ask."),
    "heartbeat": Setting(
        Word(addresses.heartbeat), "Pinged once a minute while all is well, by whose silence another service warns you."
    ),
    "include": Setting(INCLUDES, "Further files with topics, feeds, channels and aliases, like topics/*.yaml."),
}

# What an included file may hold: what can be added up.
INCLUDED: Final[Mapping[str, type[Items | Pairs]]] = {
    name: Items if isinstance(setting.read, ListOf) else Pairs
    for name, setting in SETTINGS.items()
    if isinstance(setting.read, ListOf | Named)
}

# Where a setting belongs that stands at the left edge by mistake.
HOMES: Final = (
    dict.fromkeys(CHANNEL, "it belongs to a channel: indent it as far as the channel's url")
    | dict.fromkeys(FEED, "it belongs to a feed: indent it as far as the feed's url")
    | dict.fromkeys(TOPIC, "it belongs to a topic: indent it as far as the topic's name")
    | dict.fromkeys(ALERTS, "it belongs under alerts: indent it")
    | dict.fromkeys(("until", "reason"), "it belongs to a silence, under silences: indent it")
    | dict.fromkeys(STORIES, "it belongs under stories: indent it")
    | dict.fromkeys(STORAGE, "it belongs under storage: indent it")
    | {"listen": "it belongs under web: indent it", "password": "it belongs under web: indent it"}
)
