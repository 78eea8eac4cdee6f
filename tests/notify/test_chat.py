"""Feed text arrives in every chat as text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Markup
from monitor.notify.chat import UNSEEN, dialect_of, utf16


def markup_of(scheme: str) -> Markup:
    dialect = dialect_of(scheme)
    assert dialect is not None
    return dialect.markup


MARKDOWN_CHATS = ["discord", "mmost", "mmosts", "rocket", "revolt"]


@pytest.mark.parametrize("scheme", MARKDOWN_CHATS)
@pytest.mark.parametrize(
    "attack",
    ["@everyone", "@here", "<!channel>", "<@123>", "<@&1>", "[x](http://evil)", "![x](http://evil)", "<http://evil|bank>"],
)  # fmt: skip
def test_no_mention_or_link_comes_alive_in_markdown(scheme: str, attack: str) -> None:
    shown = markup_of(scheme).escape(f"Judul {attack} lagi")
    assert attack not in shown
    assert not re.search(r"@[a-z]|<[!@#h]|(?<!\\)\]\(", shown)


@pytest.mark.parametrize("scheme", MARKDOWN_CHATS)
def test_no_text_is_set_in_markdown(scheme: str) -> None:
    escape = markup_of(scheme).escape
    assert escape("**a** __b__ ~~c~~ ||d|| `e`") == r"\*\*a\*\* \_\_b\_\_ \~\~c\~\~ \|\|d\|\| \`e\`"
    assert escape("# judul") == r"\# judul"
    assert escape("1. satu\n- dua\n> tiga") == "1\\. satu\n\\- dua\n\\> tiga"


@pytest.mark.parametrize("scheme", MARKDOWN_CHATS)
def test_an_address_stays_whole(scheme: str) -> None:
    url = "https://www.antaranews.com/berita/4321/korut_rusia-*?a=1&b_c=2#x_y"
    assert markup_of(scheme).escape(url) == url.replace("*", "%2A")


def test_an_address_ends_nothing_and_calls_nobody() -> None:
    escape = markup_of("discord").escape
    assert escape("https://a.id/x_(y)/@everyone") == "https://a.id/x_%28y%29/%40everyone"
    assert escape("(https://a.id/x)") == "(https://a.id/x)"
    assert escape("[a](https://a.id/x)") == r"\[a\](https://a.id/x)"
    assert escape("https://medium.com/@ana/x") == "https://medium.com/@ana/x"


@pytest.mark.parametrize("scheme", ["tgram", "slack"])
def test_no_tag_comes_alive(scheme: str) -> None:
    shown = markup_of(scheme).escape('<b>tebal</b> & "kutip" <!channel>')
    assert shown.replace(UNSEEN, "") == '&lt;b&gt;tebal&lt;/b&gt; &amp; "kutip" &lt;!channel&gt;'


@pytest.mark.parametrize("scheme", ["json", "mailto"])
def test_a_service_we_do_not_know_has_no_markup_of_its_own(scheme: str) -> None:
    assert dialect_of(scheme) is None


def test_google_chat_knows_no_backslashes() -> None:
    shown = markup_of("gchat").escape("<users/all> <http://evil|bank> [x]")
    assert "[x]" in shown
    assert "<u" not in shown
    assert "<h" not in shown


@pytest.mark.parametrize(
    ("scheme", "attack", "dead"),
    [
        ("tgram", "@durov", "@_durov"),
        ("tgram", "북한@durov", "북한@_durov"),
        ("tgram", "#tag $USD", "#_tag $_USD"),
        ("tgram", "/start 24/7 /", "/_start 24/7 /_"),
        ("tgram", "tg://resolve?domain=x", "tg:_//_resolve?domain=x"),
        ("tgram", "https://medium.com/@ana?a=1&b=2", "https://medium.com/@ana?a=1&amp;b=2"),
        ("slack", "*x* ~y~ _z_ a_b", "_*_x_*_ _~_y_~_ ___z___ a_b"),
        ("slack", "> kutip", "_&gt; kutip"),
        ("slack", "`kode`", "ˋkodeˋ"),
        ("slack", "&lt;!here&gt;", "&amp;lt;!here&amp;gt;"),
        ("slack", "<!date^1^{date}|x> <#C1>", "&lt;!date^1^{date}|x&gt; &lt;#C1&gt;"),
        ("slack", "https://a.id/a_b_*c*?x=1&y", "https://a.id/a_b_%2Ac%2A?x=1&amp;y"),
        ("slack", ":x: 12:30", ":_x: 12:30"),
        ("gchat", "*x* `y` <users/all>", "_*_x_*_ ˋyˋ <_users/all>"),
        ("mmost", "#tagar ~kanal @all", r"\#_tagar \~_kanal @_all"),
        ("mmost", "&lt;b&gt; &#39; A&B; c", r"&_lt;b&_gt; &\#_39; A&_B; c"),
        ("mmost", "https://a.id/~~x~~", "https://a.id/%7E%7Ex%7E%7E"),
        ("mmost", "---", "_---"),
        ("mmost", "| a | b |", r"\| a \| b \|"),
        ("discord", ":x: <t:1:R> <#1> <id:browse>", r":_x: <_t:_1:R\> <_\#_1\> <_id:browse\>"),
        ("discord", "-# kecil", r"-\# kecil"),
        ("discord", "discord://x https://a.id/?x&lt;y", "discord:_//x https://a.id/?x&lt%3By"),
    ],
)
def test_what_a_chat_would_act_on_is_dead(scheme: str, attack: str, dead: str) -> None:
    """The low line stands for the mark that nobody sees, where the attack itself has none."""
    shown = markup_of(scheme).escape(attack)
    assert shown.replace(UNSEEN, "_") == dead


def test_telegram_counts_an_emoji_as_two() -> None:
    assert markup_of("tgram").measure("🇮🇩a") == utf16("🇮🇩a") == 5


@given(st.text(alphabet=st.characters() | st.sampled_from("@<>[]()*_`h:/!#|\\ \n")))
def test_whatever_the_text_nobody_is_called(text: str) -> None:
    shown = markup_of("discord").escape(f"{text} @everyone <@1> [x](http://evil)")
    assert "@everyone" not in shown
    assert "<@" not in shown
    assert "[x](" not in shown
