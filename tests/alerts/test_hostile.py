"""Whatever a feed says arrives as text: through every kind of message, at every kind of reader."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Final
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from _pytest.mark import ParameterSet
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.harmless import clean
from monitor.alerts.message import compose
from monitor.model import Card, Change, HeldBy, Kind, Markup, Message, Notification, Passage
from monitor.notify.chat import DISCORD, MARKDOWN, PLAIN, SLACK, TELEGRAM, UNSEEN, dialect_of

JAKARTA = ZoneInfo("Asia/Jakarta")
NOW = datetime(2026, 11, 22, 7, 8, tzinfo=UTC)

HOSTILE: Final = {
    "everyone": "@everyone @here @all @channel @EVERYONE",
    "mentions": "<!channel> <!here|x> <@U123> <@&12> <@!1> <users/all> @durov",
    "a link": "[x](http://evil.example) ![x](http://evil.example) [x]: http://evil.example",
    "a masked link": "<http://evil.example|bank> <https://evil.example>",
    "tags": "<b>tebal</b> <script>alert(1)</script> <a href='http://evil.example'>x</a>",
    "half a tag": "<b <i> </b> --> <!-- ]]>",
    "entities": "&amp; &lt;!here&gt; &#64;everyone &nbsp; & &",
    "a template": "{{ 7*7 }}{% raw %}{# x #}",
    "a header": "Judul\r\nBcc: x@evil.example",
    "terminal codes": "\x1b]0;evil\x07\x1b[31mmerah\x9b2J",
    "other line ends": "satu\u2028dua\u2029tiga\x85empat\x0blima\x0cenam",
    "control characters": "a\x00b\x01c\x7fd",
    "lone surrogates": "awal\ud800tengah\udfffakhir",
    "an override": "laporan \u202efdp.exe",
    "embeddings": "\u202babc \u2067def \u2066ghi",
    "closing marks": "abc\u2069\u2069\u202c\u202c def",
    "no width": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg",
    "bold and so on": "**a** __b__ *c* _d_ ~~e~~ ~f~ ||g|| `h` ```i",
    "one sign": "a * b _ c ~ d ` e | f",
    "a heading": "# satu ## dua -# tiga",
    "a quote": "> satu >>> dua",
    "a list": "1. satu 2) dua - tiga + empat",
    "a rule": "---",
    "an underline": "===",
    "a table": "| a | b | --|--",
    "discord": "<t:1700000000:R> <:kucing:12> <a:x:1> <#12> <id:browse> </x:1>",
    "emoji": ":x: :+1: :flag-id: 12:30:45",
    "tags of a chat": "#tagar ~kanal $USD /start",
    "apps": "tg://user?id=1 slack://x mattermost://y javascript:alert(1)",
    "backslashes": "\\*a\\* \\",
    "10,000 characters": "J" * 10_000,
    "10,000 signs": "*" * 10_000,
    "10,000 directions": "\u202b" * 10_000 + "a",
}
CARD = Card(("Topik",), "Judul", "https://a.id/x", ("a.id",), NOW)


def a_card(text: str) -> Card:
    """Every place that a feed, or a name from elsewhere, can fill says it."""
    middle = len(text) // 2
    passages = (Passage(text, ((0, 1), (middle, middle + 3))),)
    return Card((text,), text, f"https://a.id/{text}", (text, "b.id"), NOW, carried_by=(text,), passages=passages)


def grown(text: str) -> Card:
    return replace(a_card(text), new_outlets=(text,), news=(text, f"Sebab {text}"))


def corrected(text: str) -> Card:
    changes = (Change(text, f"{text} tidak"), Change("", text), Change(text, ""))
    return replace(a_card(text), outlets=(text, text), was=text, changes=changes)


Case = tuple[Kind, Callable[[str], Card]]
CASES: Final[dict[str, Case]] = {
    "a story": (Kind.STORY, a_card),
    "a further topic": (Kind.NOW_ALSO, a_card),
    "a follow-up": (Kind.FOLLOW_UP, grown),
    "a correction": (Kind.CORRECTION, corrected),
    "a digest": (Kind.DIGEST, a_card),
    "a digest with a follow-up": (Kind.DIGEST, grown),
    "a digest with a correction": (Kind.DIGEST, corrected),
}


def told(text: str, case: Case, markup: Markup) -> Message:
    kind, card = case
    held_by = HeldBy.LIMIT if kind is Kind.DIGEST else None
    notice = " ".join(text.split())
    return compose(Notification("phone", kind, (card(text),), notice, held_by), markup=markup, zone=JAKARTA, now=NOW)


# -- what a reader sees, and what would come alive -----------------------------------------------


class TelegramHtml(HTMLParser):
    """As Telegram reads it: our one tag, without attributes, opened and closed in turn."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.seen = ""
        self.open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert (tag, attrs, self.open) == ("b", [], False)
        self.open = True

    def handle_endtag(self, tag: str) -> None:
        assert (tag, self.open) == ("b", True)
        self.open = False

    def handle_data(self, data: str) -> None:
        self.seen += data

    def handle_entityref(self, name: str) -> None:
        assert name in {"amp", "lt", "gt"}
        self.seen += html.unescape(f"&{name};")

    def handle_charref(self, name: str) -> None:
        raise AssertionError(name)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(decl)

    def handle_pi(self, data: str) -> None:
        raise AssertionError(data)


def telegram(body: str) -> str:
    reader = TelegramHtml()
    reader.feed(body)
    reader.close()
    assert not reader.open
    words = without_addresses(reader.seen)
    assert not re.search(r"@\w|#\w|\$[A-Z]|(?<![\w/])/\w|\b[a-z]+://", words)
    return reader.seen


OURS: Final = ("\ue001", "\ue002")  # in place of our own marks, which are signs of the chat too


def slack(body: str) -> str:
    words = without_addresses(body)
    assert not re.search(r"[<>`]|&(?!amp;|lt;|gt;)|:[\w+-]+:|^&gt;|\b[a-z]+://", words, re.MULTILINE)
    assert not re.search(rf"(?<!{UNSEEN})[*~]|[*~](?!{UNSEEN})|(?<![^\W_])(?<!{UNSEEN})_", words)
    return html.unescape(without_ours(body)).replace("ˋ", "`")


_ESCAPED: Final = re.compile(r"\\([\\`*_\[\]#|~>.+)-])")


def markdown(body: str) -> str:
    assert not re.search(r"https?://[^\s\\]*[*`~|]", body)
    words = _ESCAPED.sub("", without_addresses(body))
    assert not re.search(r"[\\`*_\[\]#|~>]", words)
    assert not re.search(r"@(?!\u200b)|<(?!\u200b)|:[\w+-]+:|&#?\w+;|\b[a-z]+://", words)
    lines = _ESCAPED.sub("x", without_addresses(body))  # what is escaped still keeps a line from being a sign
    assert not re.search(r"^\s*(?:[-+]\s|\d+[.)]\s|-+\s*$|=+\s*$)", lines, re.MULTILINE)
    return _ESCAPED.sub(r"\1", without_ours(body))


def without_ours(body: str) -> str:
    assert re.fullmatch("[^\ue001\ue002]*(?:\ue001[^\ue001\ue002]+\ue002[^\ue001\ue002]*)*", body)
    return re.sub("[\ue001\ue002]", "", body)


def plain(body: str) -> str:
    return body


def without_addresses(body: str) -> str:
    return re.sub("https?://[^\\s\ue002]+", "", body)


@dataclass(frozen=True, slots=True)
class Chat:
    markup: Markup
    seen: Callable[[str], str]


def _ours(markup: Markup) -> Markup:
    return replace(markup, strong=OURS, mark=OURS)


CHATS: Final = {
    "plain": Chat(PLAIN, plain),
    "telegram": Chat(TELEGRAM, telegram),
    "discord": Chat(_ours(DISCORD), markdown),
    "slack": Chat(_ours(SLACK), slack),
    "mattermost": Chat(_ours(MARKDOWN), markdown),
}
NO_MARK: Final = replace(PLAIN, mark=("", ""))


def _in_turn() -> Iterator[ParameterSet]:
    """Every text in every chat, and in every kind of message; not all three with each other, which shows no more."""
    for which, (what, text) in enumerate(HOSTILE.items()):
        for kind in range(max(len(CHATS), len(CASES))):
            name = list(CHATS)[(which + kind) % len(CHATS)]
            case = list(CASES)[kind % len(CASES)]
            yield pytest.param(text, name, CASES[case], id=f"{what}, {name}, {case}")


in_turn = pytest.mark.parametrize(("text", "name", "case"), list(_in_turn()))


def comparable(text: str) -> str:
    """Without the marks that nobody sees; an address is the same one with and without percent signs."""
    return unquote(text).replace(UNSEEN, "")


@in_turn
def test_hostile_text_is_seen_as_it_was_written(text: str, name: str, case: Case) -> None:
    chat = CHATS[name]
    unlimited = replace(chat.markup, limit=None)
    body = told(text, case, unlimited).body
    as_written = told(text, case, NO_MARK).body
    seen = chat.seen(body)
    assert comparable(clean(text)) in comparable(seen)
    if name != "plain":  # whose marks are signs that the text may hold too
        assert comparable(seen) == comparable(as_written)


@in_turn
def test_hostile_text_fits_and_brings_no_line_and_no_control_character(text: str, name: str, case: Case) -> None:
    markup = CHATS[name].markup
    message = told(text, case, markup)
    CHATS[name].seen(message.body)
    assert markup.limit is None or markup.measure(message.body) <= markup.limit
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u202d\u202e]", message.body)
    assert len(message.body.splitlines()) <= 14, "no more than our own lines"
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", message.subject)
    assert len(message.subject) <= 200
    assert "\nBcc" not in message.body


@pytest.mark.parametrize("scheme", ["rocket", "gchat", "revolt"])
@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_other_chats_call_nobody_either(scheme: str, text: str) -> None:
    dialect = dialect_of(scheme)
    assert dialect is not None
    for case in (CASES["a correction"], CASES["a digest with a follow-up"]):
        words = without_addresses(told(text, case, dialect.markup).body)
        assert not re.search(r"@\w|<[@!#\w]|:[\w+-]+:", words)


ANY: Final = st.text(
    alphabet=st.characters(exclude_characters="`\ue001\ue002")
    | st.sampled_from("@<>[]()*_:/!#|\\~&;. -+=\n\u202e\u2067\u2069"),
    max_size=60,
)


@settings(deadline=None)
@given(text=ANY, name=st.sampled_from(list(CHATS)), case=st.sampled_from(list(CASES.values())))
def test_any_text_is_harmless(text: str, name: str, case: Case) -> None:
    message = told(text, case, CHATS[name].markup)
    CHATS[name].seen(message.body)
    message.body.encode()
    message.subject.encode()
    assert message.subject == " ".join(message.subject.split())


# -- what is taken away, and what stays ----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a\x00\x1b\x7f\x9f\ufeff\ud800b", "ab"),
        ("a\r\n\tb\u2028 c", "a b c"),
        ("a \u202eb\u202c c", "a b c"),  # an override goes with what closes it
        ("a \u202bb", "a \u202bb\u202c"),  # a direction ends where its text ends
        ("a \u2067b\u202bc", "a \u2067b\u202bc\u202c\u2069"),
        ("\u2067\u202bb\u2069c", "\u2067\u202bb\u2069c"),  # an isolate ends what was opened within
        ("a\u202c\u2069b", "ab"),  # nothing was opened
        ("\u202b" * 5000 + "a", "\u202b" * 100 + "a" + "\u202c" * 100),
        ("\u200fשלום\u200e a\u200cb\u200dc\u200bd", "\u200fשלום\u200e a\u200cb\u200dc\u200bd"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_what_clean_takes_away(text: str, kept: str) -> None:
    assert clean(text) == kept


@pytest.mark.parametrize("markup", [chat.markup for chat in CHATS.values()], ids=list(CHATS))
@pytest.mark.parametrize(
    "url",
    [
        "https://a.id/x)y",
        "https://a.id/x]y[z",
        "https://a.id/(x)[y]",
        'https://a.id/"><script>alert(1)</script>',
        "https://a.id/x y\n@all",
        "https://a.id/|x>",
        "https://a.id/*x*_y_`z`",
        "https://a.id/\u202ex",
        "https://a.id/@everyone",
    ],
)
def test_an_address_breaks_out_of_nothing(url: str, markup: Markup) -> None:
    card = replace(CARD, url=url)
    body = compose(Notification("p", Kind.STORY, (card,)), markup=markup, zone=JAKARTA, now=NOW).body
    last = body.splitlines()[-1]
    assert last.startswith("https://a.id/")
    assert not re.search(r"[\s<>\"`\u202e\\]", last)
    assert unquote(html.unescape(last)) == url


@pytest.mark.parametrize("markup", [chat.markup for chat in CHATS.values()], ids=list(CHATS))
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "javascript://a.id/%0aalert(1)", "tg://user?id=1", "vbscript:x"]
)
def test_an_address_that_is_none_of_the_web_is_text(url: str, markup: Markup) -> None:
    card = replace(CARD, url=url)
    body = compose(Notification("p", Kind.STORY, (card,)), markup=markup, zone=JAKARTA, now=NOW).body
    assert not re.search(r"[a-z]:(?=[^\u200b\s])", body.splitlines()[-1])
