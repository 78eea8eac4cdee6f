"""A mistake in a table: what was written, where the caret stands, what is said and what to do about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from monitor.config import parse
from monitor.errors import ConfigError, Problem

BAD = Path(__file__).parent.parent / "data" / "config" / "bad"
ENVIRON = {"TOKEN": "hunter2", "EMPTY": "", "EVERY": "hunter2", "TELEGRAM_TOKEN": "hunter2"}
REST = """\
channels: {terminal: console}
feeds: [https://news.example/rss.xml]
topics: [Gempa]
alerts: {channels: [terminal]}
"""


def alert(text: str) -> str:
    return f"alerts:\n  channels: [terminal]\n  {text}"


def topic(text: str) -> str:
    return topics(f"- name: Gempa\n    {text}")


def topics(text: str) -> str:
    return f"topics:\n  {text}"


def feeds(text: str) -> str:
    return f"feeds:\n  {text}"


def channels(text: str) -> str:
    return f"channels:\n  {text}"


# A table is read by its columns.
# fmt: off
MISTAKES = [
    # -- durations
    (feeds("- url: https://news.example\n    every: 5"),           3, 12, "5 has no unit",                                     "write 5m (minutes), 5s, 5h or 5d"),
    (alert("wait: 5 min"),                                         3, 9,  "'5 min' is not a duration",                         "write 5m"),
    (alert("wait: 2 minutes"),                                     3, 9,  "'2 minutes' is not a duration",                     "write 2m"),
    (alert("wait: 2 menit"),                                       3, 9,  "'2 menit' is not a duration",                       "write 2m"),
    (alert("wait: 2 Stunden"),                                     3, 9,  "'2 Stunden' is not a duration",                     "write 2h"),
    (alert("wait: 1,5h"),                                          3, 9,  "'1,5h' is not a duration",                          "write 90m"),
    (alert("wait: 5m30s"),                                         3, 9,  "'5m30s' is not a duration",                         "write 330s"),
    (alert("wait: 5M"),                                            3, 9,  "'5M' is not a duration",                            "write 5m"),
    (alert("wait: 5\xa0m"),                                        3, 9,  "'5 m' is not a duration",                           "write 5m"),
    (alert("max_age: 1 minggu"),                                   3, 12, "'1 minggu' is not a duration",                      "write 7d; or off"),
    (alert("wait: as soon as possible"),                           3, 9,  "'as soon as possible' is not a duration",           "write a whole number and a unit, like 30s, 5m, 2h or 3d"),
    (alert("wait: -5m"),                                           3, 9,  "'-5m' is not a duration",                           "write a whole number and a unit, like 30s, 5m, 2h or 3d"),
    (alert("max_age: never"),                                      3, 12, "'never' is not possible here",                      "write off"),
    (alert("wait: 5m,"),                                           3, 9,  "'5m,' is not a duration",                           "take the ',' away"),
    (feeds("- {url: https://news.example, every: 1s}"),            2, 40, "'1s' is too short",                                 "the shortest here is 2s"),
    # -- limits, numbers, truths
    (alert("limit: 20"),                                           3, 10, "20 does not say in which time",                     "write 20/hour, 20/minute or 20/day; or off"),
    (alert("limit: 20/h"),                                         3, 10, "'20/h' is not a limit",                             "write 20/hour; or off"),
    (alert("limit: 20 per jam"),                                   3, 10, "'20 per jam' is not a limit",                       "write 20/hour; or off"),
    (alert("limit: 5/week"),                                       3, 10, "'5/week' is not a limit",                           "write 5/minute, 5/hour or 5/day; or off"),
    (alert("limit: 0/hour"),                                       3, 10, "'0/hour' would tell nothing, ever",                 "write 1/day or more; or off"),
    (alert("limit: none"),                                         3, 10, "'none' is not possible here",                       "write off"),
    (alert("follow_up: 5"),                                        3, 14, "5 has no unit",                                     "write 5 outlets; or never"),
    (alert("follow_up: 5 media"),                                  3, 14, "'5 media' is not a number of outlets",              "write 5 outlets; or never"),
    (alert("follow_up: off"),                                      3, 14, "'off' is not possible here",                        "write never"),
    (topics("- {name: Gempa, urgent: ya}"),                        2, 27, "'ya' is neither true nor false",                    "write true"),
    (topics("- {name: Gempa, urgent: tidak}"),                     2, 27, "'tidak' is neither true nor false",                 "write false"),
    (topics("- {name: Gempa, urgent: on}"),                        2, 27, "'on' is neither true nor false",                    "write true"),
    (topics("- {name: Gempa, urgent: maybe}"),                     2, 27, "'maybe' is neither true nor false",                 "write true or false"),
    (topics("- {name: Gempa, within: 20}"),                        2, 27, "20 is no part of an article",                       "write 20 words"),
    (topics("- {name: Gempa, within: paragraf}"),                  2, 27, "'paragraf' is no part of an article",               "did you mean 'paragraph'?"),
    (feeds("- {url: https://news.example, backlog: all}"),         2, 42, "'all' does not say what to do with old entries",    "write skip (tell none), alert (tell all) or a number"),
    (feeds("- {url: https://news.example, full_text: true}"),      2, 44, "'true' is not possible here",                       "write auto, always or never"),
    # -- times, zones, languages
    (alert("quiet_hours: [{from: 22.00, to: 05:30}]"),             3, 24, "'22.00' is not a time of day",                      'write "22:00"'),
    (alert("quiet_hours: [{from: 10pm, to: 05:30}]"),              3, 24, "'10pm' is not a time of day",                       'write "22:00"'),
    (alert('quiet_hours: [{from: 22:00, to: "24:00"}]'),           3, 35, "there is no '24:00' on a clock",                    "write 00:00 to 23:59; midnight is 00:00"),
    (alert("quiet_hours: 22:00-05:30"),                            3, 16, "this must be a list, not a text",                   "write [{from: …, to: …, then: …}]"),
    (alert("quiet_hours: [{from: 22:00}]"),                        3, 17, "these quiet hours have no 'to'",                    'write {from: "22:00", to: "05:30"}'),
    (channels("terminal: {url: console, send: daily}"),            2, 34, "'daily' does not say when to send",                 "write daily 07:00"),
    (channels("terminal: {url: console, send: weekly Selasa 7}"),  2, 34, "'weekly Selasa 7' does not say when to send",       "write weekly Tuesday 07:00"),
    ("timezone: WIB",                                              1, 11, "there is no time zone 'WIB'",                       "write Asia/Jakarta"),
    ("timezone: Jakarta",                                          1, 11, "there is no time zone 'Jakarta'",                   "did you mean 'Asia/Jakarta'?"),
    ("timezone: UTC+7",                                            1, 11, "there is no time zone 'UTC+7'",                     "write the zone of a place, like Asia/Jakarta"),
    ("language: Indonesia",                                        1, 11, "'Indonesia' is not a language's code",              "write id"),
    ("language: [id, en]",                                         1, 11, "this must be a text, not a list",                   'write one text; text that starts with [ goes in quotes: "[…]"'),
    # -- addresses
    (feeds("- www.antaranews.com/rss"),                            2, 5,  "this address has no http:// or https://",           "write https:// before it; a folder's name ends with '/'"),
    (feeds("- news.example/rss.xml"),                              2, 5,  "this address has no http:// or https://",           "write https:// before it; a folder's name ends with '/'"),
    (feeds("- htp://news.example/rss"),                            2, 5,  "an address starts with http:// or https://, not 'htp://'", "write https:// in its place"),
    (feeds("- feed://news.example/rss"),                           2, 5,  "an address starts with http:// or https://, not 'feed://'", "write https:// in its place"),
    (feeds("- https//news.example/rss"),                           2, 5,  "an address starts with http:// or https://",        "write the ':' and both strokes of https://"),
    (feeds("- https: //news.example/rss"),                         2, 5,  "a blank can't stand after 'https:'",                "write https://… without a blank"),
    (feeds("- https://news.example/a b.xml"),                      2, 5,  "a blank can't stand in an address",                 "write %20 for it"),
    (feeds("- https://a.example https://b.example"),               2, 5,  "a blank can't stand in an address",                 "write each in a line of its own"),
    (feeds("- <https://news.example/rss>"),                        2, 5,  "'<' would be a part of this text",                  "write it without '<' and '>'"),
    (feeds("- [BBC](https://news.example/rss)"),                   2, 10, "an address stands alone, without a title",          "write '- https://…'"),
    (feeds("- seedss/"),                                           2, 5,  "there is no such folder",                           "it is looked for beside config.yaml; an address starts with https://"),
    (feeds("- https://news.example:99999/rss"),                    2, 5,  "this port is not possible",                         "write one from 1 to 65535"),
    (feeds("- news.example, other.example"),                       2, 5,  "this is neither an address nor a folder that is there", "write each feed in a line of its own"),
    # -- what a feed is asked with
    (feeds("- {url: https://news.example, proxy: socks5://127.0.0.1:9050}"), 2, 40, "a SOCKS proxy can't be used",       "an HTTP proxy can: http://proxy.example:3128; Privoxy makes one of it"),
    (feeds("- {url: https://news.example, proxy: 'proxy.example:3128'}"), 2, 40, "this proxy has no http:// or https://", "write http:// before it"),
    (feeds("- {url: https://news.example, proxy: ftp://proxy.example:3128}"), 2, 40, "a proxy starts with http:// or https://", "write one like http://proxy.example:3128"),
    (feeds("- {url: https://news.example, proxy: http://proxy.example}"), 2, 40, "the port of this proxy is missing",    "write it at the end: http://proxy.example:3128"),
    (feeds("- {url: https://news.example, proxy: 'http://proxy.example:0'}"), 2, 40, "this port is not possible",        "write one from 1 to 65535"),
    (feeds("- {url: https://news.example, proxy: 'http://proxy.example:80/x'}"), 2, 40, "a proxy ends with its port",    "write one like http://proxy.example:3128"),
    (feeds("- {url: https://news.example, proxy: 'http://ana:hun/ter2@proxy.example:80'}"), 2, 40, "the login of this proxy can't be read", "in a name or password write %40 for @, %2F for /, %3F for ? and %23 for #"),
    (feeds("- {url: https://news.example, proxy: 'http://ana:hun@ter2@proxy.example:80'}"), 2, 40, "the login of this proxy can't be read", "in a name or password write %40 for @, %2F for /, %3F for ? and %23 for #"),
    (feeds("- {url: https://news.example, proxy: '${TOKEN}'}"),    2, 40, "this proxy has no http:// or https://",           "look at what is filled in for ${…}"),
    (feeds("- {url: https://news.example, proxies: 'http://proxy.example:80'}"), 2, 33, "there is no setting 'proxies' here", "did you mean 'proxy'?"),
    (feeds("- {url: https://news.example, user_agent: Kabár}"),    2, 45, "a user agent may hold plain letters, digits and signs only", "write it without accents and emoji"),
    (feeds("- {url: https://news.example, language: none}"),       2, 43, "'none' is not a language's code",                 "write its short form, like id, en or ko"),
    (feeds("- {url: https://news.example, language: Indonesian}"), 2, 43, "'Indonesian' is not a language's code",           "write id"),
    (feeds("- {url: https://news.example, tags: 'nasional, ekonomi'}"), 2, 39, "'nasional, ekonomi' holds a comma",          "write each as an item of its own: [a, b]"),
    (feeds("- {url: https://news.example, tags: [nasional, /a/b]}"), 2, 50, "'/a/b' starts with a stroke",                  "write it without"),
    (feeds("- {url: https://news.example, tags: {a: b}}"),         2, 39, "this must be a text, not settings",               'text that starts with { or holds ": " goes in quotes: "…: …"'),
    (feeds("- {url: https://news.example, categories: [a]}"),      2, 33, "there is no setting 'categories' here",           "did you mean 'tags'?"),
    ("web: {listen: 8080}",                                        1, 15, "8080 is not an address and a port",                 "write 127.0.0.1:8080"),
    ("web: {listen: '*:8080'}",                                    1, 15, "'*:8080' is not an address and a port",             "write 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080"),
    ("web: {listen: 0.0.0.0:8080}",                                1, 7,  "others can reach this address: it needs a password", "write password: ${WEB_PASSWORD} beside it"),
    ("web: {port: 8080}",                                          1, 7,  "there is no setting 'port' here",                   "did you mean 'listen'?"),
    ("web: {url: watch.example}",                                  1, 12, "'watch.example' is not a web address",              "write one like https://watch.example"),
    ("storage: {url: mysql://db/monitor}",                         1, 16, "this is no storage",                                "write sqlite:///data/monitor.db or postgresql://…"),
    ("storage: {url: 'sqlite://data/monitor.db'}",                 1, 16, "this storage names no file",                        "write sqlite:///data/monitor.db"),
    # -- names that mean nothing
    ("feed: [https://news.example]",                               1, 1,  "there is no setting 'feed' here",                   "did you mean 'feeds'?"),
    ("topiks: [Gempa]",                                            1, 1,  "there is no setting 'topiks' here",                 "did you mean 'topics'?"),
    ("colour: red",                                                1, 1,  "there is no setting 'colour' here",                 "possible here: timezone, language, engine, channels, feeds, aliases, alias_packs, …"),
    ("wait: 5m",                                                   1, 1,  "there is no setting 'wait' here",                   "it belongs under alerts: indent it"),
    (topic("keywords: [gempa]"),                                   3, 5,  "there is no setting 'keywords' here",               "did you mean 'any'?"),
    (topic("exclude: [simulasi]"),                                 3, 5,  "there is no setting 'exclude' here",                "did you mean 'none'?"),
    (topics("- name: Gempa\nany: [gempa]"),                        3, 1,  "there is no setting 'any' here",                    "it belongs to a topic: indent it as far as the topic's name"),
    (feeds("- url: https://news.example\n    interval: 5m"),       3, 5,  "there is no setting 'interval' here",               "did you mean 'every'?"),
    (feeds("- link: https://news.example"),                        2, 5,  "there is no setting 'link' here",                   "did you mean 'url'?"),
    (alert("max-age: 3d"),                                         3, 3,  "there is no setting 'max-age' here",                "did you mean 'max_age'?"),
    (alert("WAIT: 3d"),                                            3, 3,  "there is no setting 'WAIT' here",                   "did you mean 'wait'?"),
    ("channels:\nterminal: console",                               2, 1,  "there is no setting 'terminal' here",               "indent it if it belongs under 'channels'"),
    # -- names that must be there
    (alert("ops: [terminall]"),                                    3, 9,  "there is no channel 'terminall'",                   "did you mean 'terminal'?"),
    (alert("ops: [mail]"),                                         3, 9,  "there is no channel 'mail'",                        "there are: terminal"),
    (channels("terminal: {url: console, fallback: terminal}"),     2, 38, "a channel can't be its own fallback",               "name another channel"),
    ("topics:",                                                    1, 1,  "there are no topics",                               "write topics: and below it '- name: words to watch for'"),
    ("feeds: []",                                                  1, 1,  "there are no feeds",                                "write feeds: and below it '- https://…' or '- seeds/'"),
    (topics("- query: gempa"),                                     2, 5,  "this topic has no name",                            "write name: and a few words; they are shown in alerts"),
    (topics("- name:"),                                            2, 5,  "this topic has no name",                            "write name: and a few words; they are shown in alerts"),
    (topics("- name: #viral"),                                     2, 5,  "this topic has no name",                            'text that starts with # goes in quotes: "#…"'),
    (topics("- Gempa\n  - Gempa"),                                 3, 5,  "there are two topics 'Gempa'",                      "first in line 2; give one another name"),
    (feeds("- https://news.example\n  - https://news.example"),    3, 5,  "this feed is here twice",                           "first in line 2; take one away"),
    (channels("terminal:"),                                        2, 12, "nothing stands here",                               "write something, or take the line away"),
    ("alerts: {wait: 5m}",                                         4, 10, "nobody is told of this topic",                      "write channels: [terminal] here or under alerts, and terminal: console under channels"),
    # -- one thing in the place of another
    (topics("Gempa:\n    any: [gempa]"),                           2, 3,  "this must be a list: each item starts with '-'",    "write '- name: Gempa', and its settings below that"),
    (topics("name: Gempa\n  any: [gempa]"),                        2, 3,  "this must be a list: each item starts with '-'",    "write '- name: …'"),
    ("topics: Gempa",                                              1, 9,  "this must be a list, not a text",                   "write [Gempa]"),
    ("topics: 5",                                                  1, 9,  "this must be a list, not a text",                   "write [5]"),
    (feeds("bbc: https://news.example"),                           2, 3,  "this must be a list: each item starts with '-'",    "write '- url: bbc', and its settings below that"),
    ("feeds: https://news.example",                                1, 8,  "this must be a list, not a text",                   "write each item in a line of its own: - …"),
    (channels("- terminal: console"),                              2, 3,  "names must stand here, not a list",                 "write 'terminal: …' lines, without a dash"),
    ("channels: console",                                          1, 11, "names must stand here, not a text",                 "write 'name: …' in a line below"),
    ("alerts: [terminal]",                                         1, 9,  "settings must stand here, not a list",              "possible here: channels, ops, wait, follow_up, max_age, limit, quiet_hours, urgent, …"),
    ("alerts: {channels: terminal}",                               1, 20, "this must be a list, not a text",                   "write [terminal]"),
    (topic("any: gempa, tsunami"),                                 3, 10, "this must be a list, not a text",                   "write [gempa, tsunami]"),
    (topics("- name: [Gempa]"),                                    2, 11, "this must be a text, not a list",                   'write one text; text that starts with [ goes in quotes: "[…]"'),
    (topic("any: [title: gempa]"),                                 3, 11, "this must be a text, not settings",                 'text that starts with { or holds ": " goes in quotes: "…: …"'),
    (topics("- - name: Gempa"),                                    2, 5,  "settings must stand here, not a list",              "possible here: name, query, any, all, none, regex, within, min_count, fields, …"),
    ("aliases: {Rusia: Moskow}",                                   1, 18, "this must be a list, not a text",                   "write [Moskow]"),
    ("aliases: [Rusia, Moskow]",                                   1, 10, "names must stand here, not a list",                 "write 'name: …' lines, without a dash"),
    ("aliases: {Rusia: }",                                         1, 18, "nothing stands here",                               "write a list, like [a, b], or take the line away"),
    (topics("-"),                                                  2, 4,  "nothing stands here",                               "write something, or take the line away"),
    (topics("- name: ''"),                                         2, 11, "nothing stands here",                               "write a text, or take the line away"),
    (topic("query:"),                                              3, 5,  "'query' is empty",                                  "write something, or take the line away"),
    (topic("any:\n      # - gempa"),                               3, 5,  "'any' is empty",                                    "write something, or take the line away"),
    (topic("any: []"),                                             3, 5,  "'any' holds no words",                              "write some, or take it away"),
    (topics("- name: |\n      Gempa\n      besar"),                2, 11, "this must be one line",                             "write it in one, without '|' or '>'"),
    (topics("- {name: Gempa, query: gempa, any: [gempa]}"),        2, 33, "a topic has either a query or 'any'",               "take one of them away"),
    (topics("- Gempa: besar"),                                     2, 10, "text can't hold ': '",                              'put all of it in quotes: "…: …"'),
    (topics("- Gempa:\n      any: [gempa]"),                       2, 5,  "there is no setting 'Gempa' here",                  "write '- name: Gempa', and its settings below that"),
    (feeds("- https://news.example/rss:"),                         2, 29, "text can't end with ':'",                           "take it away, or put all of it in quotes"),
    # -- what a topic asks beside its words
    (topic("within: 0 words"),                                     3, 13, "'0 words' is no part of an article",                "1 to 1000 words are possible"),
    (topic("within: 1001 words"),                                  3, 13, "'1001 words' is no part of an article",             "1 to 1000 words are possible"),
    (topic("within: 20 kata"),                                     3, 13, "'20 kata' is no part of an article",                "write 20 words"),
    (topic("within: 5000"),                                        3, 13, "5000 is no part of an article",                     "write article, title, paragraph, sentence or 20 words"),
    (topic("within: [title]"),                                     3, 13, "this must be a text, not a list",                   'write one text; text that starts with [ goes in quotes: "[…]"'),
    (topic("min_count: 0"),                                        3, 16, "0 is too small",                                    "write one from 1 to 999"),
    (topic("min_count: 1000"),                                     3, 16, "1000 is too large",                                 "write one from 1 to 999"),
    (topic("min_count: two"),                                      3, 16, "'two' is not a whole number",                       "write one from 1 to 999"),
    (topic("min_score: 101"),                                      3, 16, "101 is too large",                                  "write one from 0 to 100"),
    (topic("min_score: 50 %"),                                     3, 16, "'50 %' is not a whole number",                      "write one from 0 to 100"),
    (topic("min_score: -1"),                                       3, 16, "'-1' is not a whole number",                        "write one from 0 to 100"),
    (topic("threshold: 50"),                                       3, 5,  "there is no setting 'threshold' here",              "did you mean 'min_score'?"),
    (topic("fields: titel"),                                       3, 13, "'titel' is not possible here",                      "did you mean 'title'?"),
    (topic("fields: [title, text]"),                               3, 21, "'text' is not possible here",                       "write title, body, url, author or feed"),
    (topic("fields: {title: true}"),                               3, 13, "this must be a text, not settings",                 'text that starts with { or holds ": " goes in quotes: "…: …"'),
    (topic("fields: []"),                                          3, 5,  "'fields' holds no fields",                          "write some, or take it away"),
    (topic("regex:"),                                              3, 5,  "'regex' is empty",                                  "write something, or take the line away"),
    (topic("regex: []"),                                           3, 5,  "'regex' holds no patterns",                         "write some, or take it away"),
    (topic("regex: ['M 6', ' ']"),                                 3, 20, "nothing stands here",                               "write a text, or take the line away"),
    (topic("regexp: M 6"),                                         3, 5,  "there is no setting 'regexp' here",                 "did you mean 'regex'?"),
    (topic("language: inggris"),                                   3, 15, "'inggris' is not a language's code",                "write en"),
    (topic("languages: id"),                                       3, 16, "this must be a list, not a text",                   "write [id]"),
    (topic("languages: [id, English]"),                            3, 21, "'English' is not a language's code",                "write en"),
    (topic("languages: [none]"),                                   3, 17, "'none' is not a language's code",                   "write its short form, like id, en or ko"),
    (topic("languages: []"),                                       3, 5,  "'languages' holds no languages",                    "write some, or take it away"),
    (topic("feeds:"),                                              3, 5,  "'feeds' is empty",                                  "write something, or take the line away"),
    (topic("feeds: []"),                                           3, 5,  "'feeds' holds no feeds",                            "write some, or take it away"),
    (topic("feeds: news.example"),                                 3, 12, "this must be a list, not a text",                   "write [news.example]"),
    (topic("feeds: [news.example/rss]"),                           3, 13, "there is no feed 'news.example/rss'",               "did you mean 'news.example/rss.xml'?"),
    (topic("feeds: [Tempo]"),                                      3, 13, "there is no feed 'Tempo'",                          "there are: news.example/rss.xml"),
    (topic("except_feeds: [https://other.example]"),               3, 20, "there is no feed 'https://…'",                      "there are: news.example/rss.xml"),
    (topic("feeds: [news.example/rss.xml]\n    except_feeds: [https://news.example/rss.xml]"), 4, 20, "'https://…' stands under feeds too", "take it away from one of them"),
    (topic("exclude_feeds: [news.example/rss.xml]"),               3, 5,  "there is no setting 'exclude_feeds' here",          "did you mean 'except_feeds'?"),
    # -- what a topic hides, and which stories are told
    (topic("hides:"),                                              3, 5,  "'hides' is empty",                                  "write something, or take the line away"),
    (topic("hides: []"),                                           3, 5,  "'hides' holds no topics",                           "write some, or take it away"),
    (topic("hides: Banjir"),                                       3, 12, "this must be a list, not a text",                   "write [Banjir]"),
    (topic("hides: [Gempa]"),                                      3, 13, "a topic can't hide itself",                         "name a wider topic"),
    (topic("hides: [Banjir]"),                                     3, 13, "there is no topic 'Banjir'",                        "write it under topics, too"),
    (topic("hides: [Banjr]\n  - Banjir"),                          3, 13, "there is no topic 'Banjr'",                         "did you mean 'Banjir'?"),
    (topic("hides: [Longsor]\n  - Banjir\n  - Ambon"),             3, 13, "there is no topic 'Longsor'",                       "there are: Banjir, Ambon"),
    (topic("hides: [Banjir]\n  - {name: Banjir, hides: [Gempa]}"), 4, 28, "with this, topics hide each other in a circle",     "it goes: Gempa, Banjir, Gempa"),
    (topic("suppress: [Banjir]"),                                  3, 5,  "there is no setting 'suppress' here",               "did you mean 'hides'?"),
    (topic("only: good"),                                          3, 11, "'good' is not possible here",                       "write all or best"),
    (alert("only: the best"),                                      3, 9,  "'the best' is not possible here",                   "write all or best"),
    # -- packs and protected words
    ("alias_packs: [indonesa]",                                    1, 15, "there is no alias pack 'indonesa'",                 "did you mean 'indonesia'?"),
    ("alias_packs: [world]",                                       1, 15, "there is no alias pack 'world'",                    "there are: indonesia, negara"),
    ("alias_packs: indonesia",                                     1, 14, "this must be a list, not a text",                   "write [indonesia]"),
    ("alias_pack: [indonesia]",                                    1, 1,  "there is no setting 'alias_pack' here",             "did you mean 'alias_packs'?"),
    ("protect: [Ukraina, Kim Jong Un]",                            1, 20, "'Kim Jong Un' is more than one word",               "write each word as an item of its own"),
    ("protect: Ukraina",                                           1, 10, "this must be a list, not a text",                   "write [Ukraina]"),
    ("protected: [Ukraina]",                                       1, 1,  "there is no setting 'protected' here",              "did you mean 'protect'?"),
    # -- columns
    (topics("- name: Gempa\n  any: [gempa]"),                      3, 3,  "this does not fit what stands before it",           "start it below the text after the '-', not below the '-'"),
    (topic("  any: [gempa]"),                                      3, 7,  "this setting does not fit those above it",          "what belongs together starts in the same column"),
    (topics("- name: Gempa\n   any: [gempa]"),                     3, 4,  "this does not fit what stands before it",           "what belongs together starts in the same column"),
    (topics("- name: Gempa\n   - name: Banjir"),                   3, 4,  "this does not fit what stands before it",           "all '-' of a list stand in the same column"),
    (topics("- name: Gempa\n\tany: [gempa]"),                      3, 1,  "a tab can't stand here",                            "use blanks, not tabs, at the start of a line"),
    (topics("-\tname: Gempa"),                                     2, 4,  "a tab can't stand here",                            "use blanks, not tabs, at the start of a line"),
    (topics("- name: Gempa\n\xa0\xa0\xa0\xa0any: [gempa]"),        3, 1,  "a blank of another kind stands here (U+00A0)",      "take it away and type an ordinary blank"),
    (channels("\xa0terminal: console"),                            2, 3,  "a blank of another kind stands here (U+00A0)",      "take it away and type an ordinary blank"),
    ("timezone:\xa0UTC",                                           1, 10, "a blank of another kind stands here (U+00A0)",      "take it away and type an ordinary blank"),
    (topics("-\xa0name: Gempa"),                                   2, 4,  "a blank of another kind stands here (U+00A0)",      "take it away and type an ordinary blank"),
    ("\u200btimezone: UTC",                                        1, 1,  "a blank of another kind stands here (U+200B)",      "take it away and type an ordinary blank"),
    ("channels:\n\u3000terminal: console",                         2, 1,  "a blank of another kind stands here (U+3000)",      "take it away and type an ordinary blank"),
    # -- blanks, dashes, colons
    ("timezone:UTC\nlanguage: id",                                 1, 9,  "a blank is missing after this ':'",                 "write 'timezone: …'"),
    (topics("- name:Gempa"),                                       2, 9,  "a blank is missing after this ':'",                 "write 'name: …'"),
    (topics("- name:Gempa\n    any: [gempa]"),                     2, 9,  "a blank is missing after this ':'",                 "write 'name: …'"),
    (topics("-name: Gempa"),                                       2, 3,  "a blank is missing after this '-'",                 "write '- …'"),
    (topics("- name: Gempa\n  -name: Banjir"),                     3, 3,  "a blank is missing after this '-'",                 "write '- …'"),
    (feeds("-https://news.example"),                               2, 3,  "a blank is missing after this '-'",                 "write '- …'"),
    (feeds("• https://news.example"),                              2, 3,  "an item of a list starts with '-', not with '•'",   "write '- …'"),
    (feeds("* https://news.example"),                              2, 3,  "an item of a list starts with '-', not with '*'",   "write '- …'"),
    (feeds("1. https://news.example"),                             2, 3,  "an item of a list starts with '-', not with '1.'",  "write '- …'"),
    ("timezone UTC",                                               1, 1,  "a ':' is missing after this",                       "write 'timezone: …'"),
    ("feeds\n  - https://news.example",                            1, 1,  "a ':' is missing after this",                       "write 'feeds: …'"),
    ("timezone = UTC",                                             1, 10, "a ':' must stand here, not '='",                    "write 'timezone: …'"),
    ("timezone：UTC",                                               1, 9,  "this is not the ':' of a setting (U+FF1A)",         "write 'timezone: …'"),
    (topics("- name：Gempa"),                                       2, 9,  "this is not the ':' of a setting (U+FF1A)",         "write 'name: …'"),
    (topics("- name: Gempa any: [gempa]"),                         2, 20, "a second ':' can't stand here",                     'put text that holds ": " in quotes, and each setting in a line of its own'),
    ("timezone: UTC language: id",                                 1, 23, "a second ':' can't stand here",                     'put text that holds ": " in quotes, and each setting in a line of its own'),
    ("timezone: UTC:",                                             1, 14, "a second ':' can't stand here",                     'put text that holds ": " in quotes, and each setting in a line of its own'),
    (topics("- name: Gempa: besar"),                               2, 16, "a second ':' can't stand here",                     'put text that holds ": " in quotes, and each setting in a line of its own'),
    (topic("query: title: gempa"),                                 3, 17, "a second ':' can't stand here",                     'put text that holds ": " in quotes, and each setting in a line of its own'),
    ("feeds: - https://news.example",                              1, 8,  "a list can't start here",                           "start it on the next line; text that starts with '- ' goes in quotes"),
    (": 5",                                                        1, 1,  "the name of a setting is missing before this ':'",  "write 'name: …'"),
    # -- signs that have a meaning
    (topics("- name: @presiden"),                                  2, 11, "text can't start with '@'",                         'put it in quotes: "@…"'),
    (topics("- name: `Gempa`"),                                    2, 11, "text can't start with '`'",                         'put it in quotes: "`…"'),
    (topics("- name: %Gempa"),                                     2, 11, "text can't start with '%'",                         'put it in quotes: "%…"'),
    (topics("- name: *Gempa"),                                     2, 11, "text can't start with '*'",                         'put it in quotes: "*…" (alone, * repeats what & has named)'),
    (topic("any: [*kerja*]"),                                      3, 11, "text can't start with '*'",                         'put it in quotes: "*…"'),
    (topics("- name: &Gempa"),                                     2, 11, "text can't start with '&'",                         'put it in quotes: "&…"'),
    (topics("- name: & Gempa"),                                    2, 11, "text can't start with '&'",                         'put it in quotes: "&…"'),
    (topics("- name: !Gempa"),                                     2, 11, "text can't start with '!'",                         'put it in quotes: "!…"'),
    (topics("- name: ? Gempa"),                                    2, 11, "text can't start with '? '",                        'put it in quotes: "? …"'),
    (topics("- name: - Gempa"),                                    2, 11, "a list can't start here",                           "start it on the next line; text that starts with '- ' goes in quotes"),
    (topics("- name: | Gempa"),                                    2, 13, "nothing can follow '|' in its line",                'put all of it in quotes: "| …"'),
    (channels("terminal: {{ env.URL }}"),                          2, 14, "text can't start with '{' here",                    'put it in quotes: "{…}"; a variable is ${NAME}'),
    ("[a]: b",                                                     1, 1,  "the name of a setting can't be a list",             'text that starts with [ goes in quotes: "[…]"'),
    ("%x",                                                         1, 1,  "a line can't start with '%'",                       'take it away, or put the text in quotes: "%…"'),
    ("// a comment\ntimezone: UTC",                                1, 1,  "'//' is no comment here",                           "a comment starts with '#'"),
    (topics('- name: "Gempa \\d"'),                                2, 18, "'\\' has a meaning of its own in double quotes",    "use single quotes, or write \\\\"),
    # -- quotes and brackets
    (topic('query: "Korea Utara" AND Rusia'),                      3, 26, "text can't go on after a closing quote",            'put all of it in single quotes: \'"a b" AND c\''),
    (topics("- name: 'Jum'at'"),                                   2, 16, "text can't go on after a closing quote",            'put all of it in double quotes: "it\'s here"'),
    (topics('- name: "Gempa'),                                     2, 11, "this quote is never closed",                        "add the same quote at its end"),
    (topics('- name: "Gempa\n    any: ["gempa"]'),                 2, 11, "this quote is closed only in line 3",               "add the same quote at its end"),
    (topic("any: [gempa"),                                         3, 10, "this '[' is never closed",                          "write ']' at its end: [a, b]"),
    (feeds("- {url: https://news.example"),                        2, 5,  "this '{' is never closed",                          "write '}' at its end: {a: 1, b: 2}"),
    (feeds("- {url: https://news.example every: 5m}"),             2, 37, "a ',' is missing before this, or '}'",              "write {a: 1, b: 2}"),
    (feeds("- {url: https://news.example}}"),                      2, 32, "this '}' closes nothing",                           "take it away"),
    (alert("quiet_hours: [{from: 22:00, to: 05:30]"),              3, 40, "']' does not fit here: '{' is still open",          "close each by its own: {a: 1, b: 2}"),
    (alert("wait: “5m”"),                                          3, 9,  "'“' would be a part of this text",                  "use straight quotes, or none"),
    (channels("terminal: “console”"),                              2, 13, "'“' would be a part of this text",                  "use straight quotes, or none"),
    ("“timezone”: UTC",                                            1, 1,  "there is no setting '“timezone”' here",             "did you mean 'timezone'?"),
    # -- what is filled in
    (channels("terminal: ${NO}"),                                  2, 13, "${NO} is not set",                                  "set it before the start, or write ${NO:-default}"),
    (channels("terminal: ${TOKN}"),                                2, 13, "${TOKN} is not set",                                "did you mean 'TOKEN'?"),
    (channels("terminal: $TOKEN"),                                 2, 13, "this is not filled in",                             "write ${TOKEN}"),
    (channels("terminal: tgram://$TOKEN/$CHAT"),                   2, 21, "this is not filled in",                             "write ${TOKEN}"),
    (channels("terminal: {url: 'json://x/${TOKEN}/$CHAT?x=1'}"),   2, 38, "this is not filled in",                             "write ${CHAT}"),
    (channels("terminal: ${ TOKEN }"),                             2, 13, "this ${ can't be read",                             "write ${TOKEN}"),
    (channels("terminal: ${TOKEN"),                                2, 13, "this ${ can't be read",                             "write ${TOKEN}"),
    (channels("terminal: ${TOKEN-x}"),                             2, 13, "this ${ can't be read",                             "write ${NAME} or ${NAME:-default}; $${ for the signs alone"),
    (channels("terminal: ${EMPTY}"),                               2, 13, "${EMPTY} is empty",                                 "write ${EMPTY:-} if it may be"),
    (channels("terminal: ${file:/no/such/file}"),                  2, 13, "there is no such file",                             "a secret's file holds the secret and nothing else"),
    (alert("wait: ${TOKEN}"),                                      3, 9,  "'${TOKEN}' is not a duration",                      "look at what is filled in for ${…}"),
    # -- repeating
    (feeds("- &slow {url: https://news.example}\n  - {<<: *slow, url: https://two.example}"), 3, 6,  "settings can't be merged with '<<' here",           "write them out"),
    ("feeds: &a [*a]",                                             1, 12, "*a would hold itself",                              "write out what it stands for"),
    ("timezone: UTC\ntimezone: UTC",                               2, 1,  "'timezone' is here twice",                          "first in line 1; put both together, or take one away"),
    ("timezone: UTC\n---\nlanguage: id",                           2, 1,  "'---' starts a second file within this one",        "take the line away"),
    ("timezone: UTC\n...\nlanguage: id",                           2, 1,  "'...' ends the file",                               "take the line away"),
    ("feeds: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",            1, 37, "more than 30 levels stand in each other here",      "look for a bracket never closed"),
]

# The same for files in which nothing else stands.
FILES = [
    (b"",                                                          1, 1,  "the file is empty",                                 "it needs feeds and topics; start from the config.yaml that came with monitor"),
    (b"# nothing yet\n",                                           1, 1,  "the file is empty",                                 "it needs feeds and topics; start from the config.yaml that came with monitor"),
    (b"---\n",                                                     1, 1,  "the file is empty",                                 "it needs feeds and topics; start from the config.yaml that came with monitor"),
    (b"Gempa\n",                                                   1, 1,  "settings must stand here, not a text",              "begin with a line like 'topics:' or 'feeds:'"),
    (b"- feeds\n- topics\n",                                       1, 1,  "settings must stand here, not a list",              "begin with a line like 'topics:' or 'feeds:'"),
    (b"<!DOCTYPE html>\n<title>404: Not Found</title>\n",          1, 1,  "this is a web page or XML, not a configuration",    "start from the config.yaml that came with monitor"),
    (b"404: Not Found\n",                                          1, 1,  "there is no setting 404 here",                      "possible here: timezone, language, engine, channels, feeds, aliases, alias_packs, …"),
    (b'{\n  "feeds": ["https://news.example"]\n  "topics": ["Gempa"]\n}\n', 3, 3,  "a ',' is missing before this, or '}'",              "write {a: 1, b: 2}"),
    (b'{\n  // feeds\n  "topics": ["Gempa"]\n}\n',                 2, 3,  "'//' is no comment here",                           "a comment starts with '#'"),
    (b"[feeds]\nurl = 'https://news.example'\n",                   2, 5,  "a ':' must stand here, not '='",                    "write 'url: …'"),
    (b"{\\rtf1\\ansi channels:}\n",                                1, 1,  "this was saved by a word processor",                "save it as plain text, in UTF-8"),
    ("channels: {terminal: console}".encode("utf-16"),             1, 1,  "this file is UTF-16, not UTF-8",                    "save the file as UTF-8 (editors ask for it under 'Save as' or 'Encoding')"),
    ("channels: {terminal: console}".encode("utf-16-le"),          1, 1,  "this file is UTF-16, not UTF-8",                    "save the file as UTF-8 (editors ask for it under 'Save as' or 'Encoding')"),
    ("channels: {terminal: console}".encode("utf-16-be"),          1, 1,  "this file is UTF-16, not UTF-8",                    "save the file as UTF-8 (editors ask for it under 'Save as' or 'Encoding')"),
    ("channels: {terminal: console}".encode("utf-32"),             1, 1,  "this file is UTF-32, not UTF-8",                    "save the file as UTF-8 (editors ask for it under 'Save as' or 'Encoding')"),
    ("timezone: UTC\ntopics: [Gémpa]".encode("latin-1"),           2, 11, "this sign is not UTF-8",                            "save the file as UTF-8 (editors ask for it under 'Save as' or 'Encoding')"),
    (b"topics: [Gem\0pa]",                                         1, 13, "a sign that can't be seen stands here (NUL)",       "take it away"),
    (bytes(512),                                                   1, 1,  "this is not a text file",                           "start from the config.yaml that came with monitor"),
    (b"PK\x03\x04\x14\x00",                                        1, 1,  "this is not a text file",                           "start from the config.yaml that came with monitor"),
]
# fmt: on


def problems(content: bytes) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as error:
        parse(content, path=Path("config.yaml"), environ=ENVIRON)
    return error.value.problems


def completed(text: str) -> bytes:
    """A file of this part, and of the plainest sections where they are left out."""
    sections = {line.partition(":")[0] for line in text.splitlines()}
    return "\n".join([text, *(line for line in REST.splitlines() if line.partition(":")[0] not in sections)]).encode()


@pytest.mark.parametrize(("text", "line", "column", "what", "hint"), MISTAKES, ids=[row[0] for row in MISTAKES])
def test_a_mistake_is_one_message_that_says_where_what_and_what_to_do(
    text: str, line: int, column: int, what: str, hint: str
) -> None:
    (problem,) = problems(completed(text))
    assert (problem.line, problem.column, problem.what, problem.hint) == (line, column, what, hint)
    assert not wordings(problem)


@pytest.mark.parametrize(("content", "line", "column", "what", "hint"), FILES)
def test_a_file_that_is_something_else_is_told_in_one_message(
    content: bytes, line: int, column: int, what: str, hint: str
) -> None:
    (problem,) = problems(content)
    assert (problem.line, problem.column, problem.what, problem.hint) == (line, column, what, hint)
    assert not wordings(problem)


@pytest.mark.parametrize(
    ("name", "within", "what"),
    [
        ("feeds", "channels", "'feeds' stands too far right"),
        ("topics", "channels", "'topics' stands too far right"),
        ("alerts", "channels", "'alerts' stands too far right"),
        ("feeds", "alerts", "there is no setting 'feeds' here"),
        ("topics", "alerts", "there is no setting 'topics' here"),
    ],
)
def test_a_section_within_another_is_one_mistake(name: str, within: str, what: str) -> None:
    rest = REST.replace("{terminal: console}", "\n  terminal: console").replace("{channels:", "\n  channels:")
    lines = rest.replace("]}", "]").splitlines(keepends=True)
    at = next(place for place, line in enumerate(lines) if line.startswith(name))
    moved = [f"  {lines.pop(at)}"] if name != "alerts" else [f"  {lines.pop(at)}", f"  {lines.pop(at)}"]
    below = next(place for place, line in enumerate(lines) if line.startswith(within)) + 1
    text = "".join((*lines[:below], *moved, *lines[below:]))
    (problem,) = problems(text.encode())
    assert (problem.line, problem.column) == (below + 1, 3), text
    assert (problem.what, problem.hint) == (what, "it is a section of its own: start it at the left edge")


# -- how it is said ------------------------------------------------------------------------------

LONGEST = 100
JARGON = re.compile(
    r"(?i)\b(?:validation|expected|mapping|scalar|sequence|token|tags?|anchors?|node|flow|block|document|directive|indicator"
    r"|parser?|syntax|invalid|exception|traceback|error|nonetype|none_|str|dict|int|bool|float|tuple|null|boolean|integer"
    r"|string|object|array|python|pydantic|yaml_?error|codec|byte|regex|schema|argument)\b"
)
SHOWN_SIGN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ufffd]{3}")


def wordings(problem: Problem) -> list[str]:
    """What is wrong with a message itself."""
    said = re.sub(
        r"'[^']*'|\"[^\"]*\"|\[[^]]*\]|possible here: .*|there are: .*|write .*", "", f"{problem.what} {problem.hint}"
    )
    lines = str(problem).splitlines()
    at = problem.caret or problem.column
    return [
        *(f"jargon: {found}" for found in JARGON.findall(said)),
        *(f"long: {line}" for line in lines if len(line) > LONGEST),
        *(["nothing to do"] if not problem.hint else []),
        *(["no caret"] if problem.source and not lines[2].endswith("^") else []),
        *(["the caret is off the line"] if problem.source and at > len(problem.source) + 1 else []),
        *(["garbage"] if SHOWN_SIGN.search(problem.source) else []),
        *(["hunter2"] if "hunter2" in repr(problem) else []),
        *(["ends with a dot"] if problem.what.endswith(".") or problem.hint.endswith(".") else []),
    ]


@pytest.mark.parametrize("file", sorted(BAD.glob("*.yaml")), ids=lambda file: file.stem)
def test_a_message_fits_a_line_says_what_to_do_and_names_nothing_of_the_program(file: Path) -> None:
    assert [wrong for problem in problems(file.read_bytes()) for wrong in wordings(problem)] == []


@pytest.mark.parametrize("length", [10, 90, 91, 200, 5_000, 100_000])
@pytest.mark.parametrize("behind", [0, 300])
def test_the_caret_stands_under_the_place_however_long_the_line(length: int, behind: int) -> None:
    others = "".join(f", z{number}" for number in range(behind))
    text = f"topics: [{'x' * length}, {{name: y, urgent: soon}}{others}]"
    (problem,) = problems(completed(text))
    assert problem.column == len("topics: [") + length + len(", {name: y, urgent: ") + 1
    _, source, caret, _ = str(problem).splitlines()
    assert source[len(caret) - 1 :].startswith("soon")
    assert len(source) <= LONGEST
    assert not wordings(problem)


def test_the_caret_stands_under_the_place_behind_wide_signs_too() -> None:
    (problem,) = problems(completed("topics: [{name: 북한 러시아, urgent: soon}]"))
    _, source, caret, _ = str(problem).splitlines()
    wide = sum(char > "\u1100" for char in source)
    assert len(caret) - 1 == source.index("soon") + wide


def test_a_long_name_of_the_writer_does_not_make_a_message_long() -> None:
    name = "x" * 500
    for text in (
        f"{name}: 1",
        f"topics: [{{name: y, {name}: 1}}]",
        f"topics: [{name}, {name}]",
        f"alerts: {{channels: [{name}]}}",
        f"alerts: {{channels: {name}}}",
        f"channels: {{terminal: '${{{name}}}'}}",
        f"channels: {{terminal: '${{{name}'}}",
        f"channels: {{terminal: {{limit: 5/hour}}, {name}: console}}\nalerts: {{channels: [mail, terminal]}}",
        f"channels: {{{name}: {{limit: 5/hour}}}}",
        f"feeds:\n  {name}: https://news.example",
        f"feeds: [{name}]",
        f"feeds: [{name}://news.example]",
        f"timezone: {name}",
        f"include: {name}.yaml",
        f"topics: [*{name}]",
        f"{name}=1\ntimezone: UTC",
        f"{name}\ntimezone: UTC",
    ):
        for problem in problems(completed(text)):
            assert not wordings(problem), problem


@pytest.mark.parametrize(
    "text",
    [
        "chanels: {phone: tgram://123:hunter2/7}",
        "alerts: {channels: [tgram://123:hunter2/7]}",
        "alerts: {channels: tgram://123:hunter2/7}",
        "topics: [{name: Gempa, channels: [tgram://123:hunter2/7]}]",
        "channels: {tgram://123:hunter2/7: console, mail: {limit: 1}}",
        "channels: {phone: tgram：//123:hunter2/7, mail: tgram://123:hunter2/7, other: {limit: 1}}",
        "channels: [{name: phone, url: tgram://123:hunter2/7}]",
        "channels: tgram://123:hunter2/7",
        "web: {password: *hunter2}",
        "web: {password: &hunter2 }",
        "storage: {url: 'postgresql://ana:hun/hunter2@db/x', keep: 5}",
        "feeds: [{url: 'https://ana:hunter2@news.example', every: 5}]",
        "feeds: [{url: https://news.example, headers: {Authorization: hunter2}, every: 5}]",
        "feeds: [{url: https://news.example, proxy: 'http://ana:hunter2@proxy.example:80', every: 5}]",
        "feeds: [{url: https://news.example, proxy: 'http://ana:hunter2'}]",
        "feeds: [{url: https://news.example, proxy: 'ana:hunter2@proxy.example'}]",
        "feeds: [{url: https://news.example, proxy: [a, hunter2]}]",
        "feeds: [{url: https://news.example, prox: 'http://proxy.example:80/hunter2'}]",
        "timezone: tgram://123:hunter2/7",
        "include: https://ana:hunter2@news.example/x",
        "web: {pasword: hunter2}",
        "web: {passwrd: [a b hunter2]}",
        "web: {listen: 'ana:hunter2@127.0.0.1'}",
        "web: {url: https//ana:hunter2@watch.example}",
        "storage: {url: postgresql//ana:hunter2@db}",
        "storage: {pw: correct horse hunter2, keep: 5}",
        "SMTP_PASSWORD: hunter2",
        "SMTP_PASSWORD=hunter2\ntimezone: UTC",
        "colour: a hunter2",
        "channels: {phone: {tokn: hunter2, url: console}}",
        "channels: {phone: {acces: hunter2, url: console}}",
        "feeds: [{url: https://news.example, header: {Authorization: Bearer hunter2}}]",
        "feeds: ana:hunter2@news.example",
        "topics: [{name: Gempa, api-key: 'a hunter2'}]",
        "topics: Gempa, TOKEN=hunter2",
        "timezone: ana:hunter2@x",
    ],
)
def test_a_secret_in_the_wrong_place_is_not_shown(text: str) -> None:
    shown = "".join(f"{problem} {problem!r}" for problem in problems(completed(text)) if "：" not in text)
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    "content",
    [
        "TELEGRAM_TOKEN=12345:hunter2SECRET\n",
        "# for compose\nSMTP_USER=ana\nSMTP_PASSWORD='correct horse: hunter2'\n",
        "export TOKEN=hunter2\nA: b: c\n",
        "12345:hunter2SECRET\n",
        "- hunter2\n- hunter2\n",
        "hunter2\n",
        '"hunter2\n',
        "\thunter2: hunter2\n",
        "[mail]\npassword = hunter2\n",
        "-----BEGIN KEY-----\nProc: 4,x\n\nhunter2:\n hunter2\n",
    ],
)
def test_of_a_file_that_holds_no_settings_no_line_is_shown(content: str) -> None:
    found = problems(content.encode())
    assert found
    assert all(problem.source == "" for problem in found)
    assert "hunter2" not in "".join(f"{problem} {problem!r}" for problem in found)


@pytest.mark.parametrize(
    "broken",
    [
        "web: {password: hun,ter hunter2",
        "web:\n  pasword: [a] hunter2",
        "web:\n  password: 'a' hunter2 and more",
        "storage:\n  url: postgresql//ana:hunter2@db: x",
        "web:\n  SMTP_TOKN: a: hunter2",
        "web:\n\tAPI_KEY=a hunter2",
        "channels:\n  phone: [12345:hunter2SECRET",
    ],
)
def test_a_line_that_can_not_be_read_shows_no_secret(broken: str) -> None:
    (problem,) = problems(f"timezone: UTC\n{broken}".encode())
    assert problem.source
    assert "hunter2" not in f"{problem} {problem!r}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("topics: [{name: Gempa, keywords: [gempa, tsunami]}]", "keywords: [gempa, tsunami]"),
        ("topisc: [Gempa]", "topisc: [Gempa]"),
        ("wait: 5m", "wait: 5m"),
        (
            "feeds: [{url: https://medium.com/feed/ana?format=xml, every: 5}]",
            "https://medium.com/feed/ana?format=xml",
        ),
        ("topics: [{name: Gempa, query: 'author:ana OR (b', urgent: ya}]", "author:ana OR (b"),
        ("web: {password: '${WEB_PASSWORD:-x}', listen: 5}", "password: '${WEB_PASSWORD:-*}'"),
    ],
)
def test_what_is_no_secret_stays_readable(text: str, shown: str) -> None:
    assert shown in problems(completed(text))[0].source


def test_a_comma_that_parts_a_number_is_a_warning() -> None:
    text = "topics: [{name: Gempa, any: [M 6,1, 'M 7,2', a, 2024,2025], examples: {match: [Gempa M 6,5 di Ambon]}}]"
    warnings = [one for one in parse(completed(text), path=Path("c.yaml"), environ={}).warnings if "comma" in one.what]
    assert [one.source[(one.caret or one.column) - 2 :][:3] for one in warnings] == ["6,1", "6,5"]


@pytest.mark.parametrize(
    ("text", "line", "column", "what", "hint"),
    [
        ("timezone:", 1, 1, "nothing stands here: it is UTC", "write something, or take the line away"),
        (alert("wait: ~"), 3, 3, "nothing stands here: it is 2m", "write something, or take the line away"),
        (
            topic("any: [gempa OR tsunami]"),
            *(3, 17, "'OR' is a word here: items know no operators"),
            "write any: [gempa, tsunami], or query: gempa OR tsunami",
        ),
        (
            topic('any: [banjir, "gempa, tsunami"]'),
            *(3, 25, "this comma separates nothing: all of it is one phrase"),
            """write any: [gempa, tsunami], or '"…"' if it is one phrase""",
        ),
        (
            topics("- name: gempa OR banjir"),
            *(2, 17, "operators have no meaning in a name: all its words count"),
            "write query: gempa OR banjir",
        ),
        (
            topics("- gempa OR banjir"),
            *(2, 11, "operators have no meaning in a name: all its words count"),
            "write query: gempa OR banjir",
        ),
        (
            topic("query: gempa or tsunami"),
            *(3, 18, "'or' is a word here: operators are in capitals"),
            "write OR, or put quotes around the word",
        ),
    ],
)
def test_what_may_not_be_what_is_meant_is_a_warning(text: str, line: int, column: int, what: str, hint: str) -> None:
    (warning,) = parse(completed(text), path=Path("c.yaml"), environ={}).warnings
    assert (warning.line, warning.column, warning.what, warning.hint) == (line, column, what, hint)
    assert not wordings(warning)


AFFIXES = "write none if that is right; makan* finds all that begins so"


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        ("language: ms", 1, 11, "ms"),
        ("language: ms-MY", 1, 11, "ms-my"),
        ("language: tlh\ntopics: [Gempa, {name: Banjir, language: tlh}, {name: Longsor, language: id}]", 1, 11, "tlh"),
        ("language: id\ntopics: [{name: A1, language: jv}, {name: B1, language: jv}]", 2, 31, "jv"),
    ],
)
def test_a_language_whose_affixes_are_not_known_is_a_warning_once(text: str, line: int, column: int, code: str) -> None:
    (warning,) = parse(completed(text), path=Path("c.yaml"), environ={}).warnings
    what = f"the affixes of '{code}' are not known: its words are found as they are written"
    assert (warning.line, warning.column, warning.what, warning.hint) == (line, column, what, AFFIXES)
    assert not wordings(warning)


def ambiguous(text: str) -> list[tuple[int, int]]:
    """Where it is said that what a pack adds means something else too."""
    packs = f"alias_packs: [indonesia, negara]\n{text}"
    return [(one.line, one.column) for one in parse(completed(packs), path=Path("c.yaml"), environ={}).warnings]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("topics: [Mahkamah Agung]", [(2, 10)]),
        ("topics: [Hakim Mahkamah Agung]", [(2, 16)]),
        ('topics:\n- name: Hakim\n  query: gempa OR (hakim "Mahkamah Agung")', [(4, 26)]),
        ("topics:\n- name: Hakim\n  any: [hakim, Mahkamah Agung]", [(4, 16)]),
        ("topics:\n- name: Hakim\n  query: Mahkamah Agung -(Mahkamah Agung)", [(4, 10)]),
        ("topics: [Mahkamah Agung, {name: Hakim, all: [Mahkamah Agung]}]", [(2, 10), (2, 46)]),
        ("topics: [Cambodia]", [(2, 10)]),
        # What is written is meant.
        ("topics: [Kamboja, DPR, Mahkamah]", []),
        ("topics:\n- name: Hakim\n  query: exact:(Mahkamah Agung) case:MA", []),
        ("aliases: {mahkamah agung: [MA]}\ntopics: [Mahkamah Agung]", []),
        ("aliases: {Mahkamah Agung: []}\ntopics: [Mahkamah Agung]", []),
    ],
)
def test_what_a_pack_adds_to_a_topic_and_means_something_else_too_is_a_warning_once(
    text: str, places: list[tuple[int, int]]
) -> None:
    assert ambiguous(text) == places


def test_a_pack_that_is_not_asked_for_is_no_warning() -> None:
    text = "alias_packs: [negara]\ntopics: [Mahkamah Agung]"
    assert parse(completed(text), path=Path("c.yaml"), environ={}).warnings == ()


def test_a_warning_does_not_show_what_was_filled_in() -> None:
    text = "topics: ['${TOKEN} OR banjir', {name: b, any: ['${TOKEN}, c']}, {name: d, query: '${TOKEN} or e'}]"
    found = parse(completed(text), path=Path("c.yaml"), environ=ENVIRON).warnings
    assert len(found) == 3
    assert all(warning.hint for warning in found)
    assert "hunter2" not in repr(found)


def test_text_that_starts_with_an_ampersand_is_a_warning() -> None:
    (warning,) = parse(completed("topics: [&Co Gempa]"), path=Path("c.yaml"), environ={}).warnings
    assert (warning.column, warning.hint) == (10, 'put text that starts with & in quotes: "&…"')


@pytest.mark.parametrize(
    "text",
    [
        "topics: [{name: Gempa, query: 'title:gempa OR “Korea Utara” -simulasi'}]",
        "topics: ['*kerja*', \"Jum'at\", 62, 2026-11-22, y, 'Gempa: besar', R&D, 5 % naik, a@b, '#viral']",
        "topics:\n- name: Gempa\n  any:\n  - gempa\n  - title:tsunami\n  # a comment\n\n  none: [simulasi]",
        "language: en\ntopics: [{name: Perang, language: ja}, {name: Damai, language: pt-BR}, {name: Gempa, language: in}]",
        "topics: [{name: Gempa, regex: 'M [6-9]', min_count: 2, within: 20 words, fields: [title, url], min_score: 40}]",
        "topics: [{name: Gempa, any: &words [gempa]}, {name: Banjir, any: *words}]",
        '{"topics": ["Gempa"], "feeds": ["https://a.example"], "channels": {"x": "console"}, "alerts": {"channels": ["x"]}}',
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    content = text.encode() if text.startswith("{") else completed(text)
    assert parse(content, path=Path("config.yaml"), environ={}).warnings == ()
