"""A channel is one recipient: an address that names several becomes several channels, each with its own deliveries."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.app.configuration import configuration
from monitor.errors import ConfigError
from monitor.settings import Settings

CONFIG = """
channels:
  mail: "mailto://mail.example.org?from=watch@example.org&to=ana@example.org,budi@example.org"
  phone: {url: "tgram://123456789:abcdefghijklmnopqrstuvwxyzABCDEFGHI/111/222", fallback: mail, limit: 3/hour}
  here: console
feeds: [texts/]
topics: [{name: Gempa, channels: [phone, here]}, {name: Banjir}]
alerts: {channels: [mail]}
"""


def read(folder: Path, text: str) -> Settings:
    (folder / "texts").mkdir(exist_ok=True)
    (folder / "config.yaml").write_text(text)
    return configuration(folder / "config.yaml", environ={}).settings


def test_each_recipient_is_a_channel_of_its_own(tmp_path: Path) -> None:
    settings = read(tmp_path, CONFIG)
    assert [channel.name for channel in settings.channels] == ["mail", "mail (2)", "phone", "phone (2)", "here"]
    urls = {channel.name: channel.url.get_secret_value() for channel in settings.channels}
    assert ("ana%40" in urls["mail"], "budi%40" in urls["mail"]) == (True, False)
    assert ("ana%40" in urls["mail (2)"], "budi%40" in urls["mail (2)"]) == (False, True)


def test_all_of_them_are_told_and_keep_the_channels_own_words(tmp_path: Path) -> None:
    settings = read(tmp_path, CONFIG)
    assert [topic.channels for topic in settings.topics] == [("phone", "phone (2)", "here"), ("mail", "mail (2)")]
    assert settings.ops == ("mail", "mail (2)")
    phones = [channel for channel in settings.channels if channel.name.startswith("phone")]
    assert [(phone.fallback, phone.limit and phone.limit.count) for phone in phones] == [("mail", 3), ("mail", 3)]


def test_the_name_of_a_further_recipient_is_taken(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        read(tmp_path, CONFIG.replace("  here: console", '  here: console\n  "mail (2)": console'))
    (problem,) = error.value.problems
    assert (problem.line, problem.what) == (6, "this is what a further recipient of 'mail' is called")
