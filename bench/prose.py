"""Invented words that look like Indonesian news: entries, feeds and article pages, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import cache
from itertools import accumulate
from typing import Final

RARE: Final = "Korvania"  # a name that stands in the title of one entry in a hundred
ONSETS: Final = ("b", "d", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "t", "w", "ng", "ny", "tr", "pr")
VOWELS: Final = ("a", "a", "a", "e", "i", "i", "o", "u", "u")
CODAS: Final = ("", "", "", "n", "ng", "r", "s", "t", "k", "m", "h", "l")
PREFIXES: Final = ("", "", "", "", "me", "ber", "di", "pe", "ter", "ke")
SUFFIXES: Final = ("", "", "", "", "kan", "an", "i", "nya")
SECTIONS: Final = ("Nasional", "Dunia", "Ekonomi", "Hukum", "Olahraga", "Daerah", "Rusia", "Gempa", "Budaya", "Opini")
PARAGRAPHS: Final = 8


@dataclass(frozen=True, slots=True)
class Item:
    """One invented entry and what its article starts with."""

    feed: int
    number: int  # counts up within its feed, oldest first
    url: str
    title: str
    summary: str
    published_at: datetime


@cache
def vocabulary() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Four thousand words, the short ones first, and how often each is used, by Zipf's law, added up."""
    rng = random.Random("vocabulary")
    invented: dict[str, None] = {}
    while len(invented) < 4000:
        invented[_word(rng)] = None
    by_length = sorted(invented, key=lambda word: len(word) + 8 * rng.random())
    return tuple(by_length), tuple(accumulate(1 / rank for rank in range(3, 4003)))


def _word(rng: random.Random) -> str:
    syllables = ("".join(map(rng.choice, (ONSETS, VOWELS, CODAS))) for _ in range(rng.choice((1, 2, 2, 2, 3))))
    return rng.choice(PREFIXES) + "".join(syllables) + rng.choice(SUFFIXES)


def words(rng: random.Random, count: int) -> list[str]:
    known, weights = vocabulary()
    return rng.choices(known, cum_weights=weights, k=count)


def title(seed: int, feed: int, number: int) -> str:
    rng = random.Random(f"{seed}/title/{feed}/{number}")
    chosen = [word.capitalize() for word in words(rng, rng.randint(7, 11))]
    if (feed * 37 + number * 61) % 100 == 0:
        chosen[2] = RARE
    return " ".join(chosen)


def paragraph(rng: random.Random) -> str:
    return " ".join(_sentence(rng) for _ in range(rng.randint(3, 4)))


def _sentence(rng: random.Random) -> str:
    chosen = words(rng, rng.randint(9, 18))
    middle = len(chosen) // 2
    return f"{' '.join(chosen[:middle])}, {' '.join(chosen[middle:])}.".capitalize()


def summary(seed: int, feed: int, number: int) -> str:
    """The first paragraph of the article, as the feed gives it."""
    return paragraph(random.Random(f"{seed}/body/{feed}/{number}"))


def body(seed: int, feed: int, number: int) -> list[str]:
    rng = random.Random(f"{seed}/body/{feed}/{number}")
    return [paragraph(rng) for _ in range(PARAGRAPHS)]


def feed_document(feed: int, base: str, items: Sequence[Item]) -> str:
    """RSS for even feeds, Atom for odd ones; newest first."""
    return _atom(feed, base, items) if feed % 2 else _rss(feed, base, items)


def _rss(feed: int, base: str, items: Sequence[Item]) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
<title>Warta {feed}</title><link>{base}/</link><description>Kabar terkini dari Warta {feed}</description>
<language>id</language><atom:link href="{base}/feed/{feed}.xml" rel="self" type="application/rss+xml"/>
{"".join(map(_rss_item, items))}</channel></rss>
"""


def _rss_item(item: Item) -> str:
    return f"""<item>
<title>{item.title}</title><link>{item.url}</link><guid isPermaLink="false">warta-{item.feed}-{item.number}</guid>
<pubDate>{format_datetime(item.published_at)}</pubDate><category>{SECTIONS[item.number % len(SECTIONS)]}</category>
<description><![CDATA[<img src="{item.url}.jpg" width="120" align="left" /> {item.summary}]]></description>
</item>
"""


def _atom(feed: int, base: str, items: Sequence[Item]) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id">
<title>Warta {feed}</title><id>{base}/feed/{feed}.xml</id><link href="{base}/"/>
<link rel="self" href="{base}/feed/{feed}.xml"/><updated>{items[0].published_at.isoformat()}</updated>
{"".join(map(_atom_entry, items))}</feed>
"""


def _atom_entry(item: Item) -> str:
    instant = item.published_at.isoformat()
    return f"""<entry>
<title>{item.title}</title><link href="{item.url}"/><id>tag:warta-{item.feed},2025:{item.number}</id>
<published>{instant}</published><updated>{instant}</updated><author><name>Redaksi Warta {item.feed}</name></author>
<category term="{SECTIONS[item.number % len(SECTIONS)]}"/><summary type="html">&lt;p&gt;{item.summary}&lt;/p&gt;</summary>
</entry>
"""


def article_document(seed: int, item: Item, related: Sequence[tuple[str, str]]) -> str:
    """A page of ordinary weight (about 60 KB): menu, body, related links, sidebar, footer. `related`: (url, title)."""
    before, after = _furniture(seed)
    more = "".join(f'<li><a href="{url}">{name}</a></li>' for url, name in related)
    return f"""<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8"><title>{item.title} - Warta {item.feed}</title>
<link rel="canonical" href="{item.url}"><meta property="og:title" content="{item.title}">
<meta property="og:type" content="article"><meta name="description" content="{item.summary}">
<meta property="article:published_time" content="{item.published_at.isoformat()}">
{before}<main><article><header><h1>{item.title}</h1>
<p class="byline">Redaksi Warta {item.feed} <time datetime="{item.published_at.isoformat()}">hari ini</time></p></header>
<div class="article-body">{_body_html(seed, item, related)}</div>
</article><section class="related"><h3>Berita Terkait</h3><ul>{more}</ul></section></main>
{after}"""


def _body_html(seed: int, item: Item, related: Sequence[tuple[str, str]]) -> str:
    blocks = [f"<p>{text}</p>" for text in body(seed, item.feed, item.number)]
    blocks.insert(3, '<div class="ads"><span>ADVERTISEMENT</span></div>')
    if related:
        url, name = related[0]
        blocks.insert(6, f'<p><strong>Baca juga: <a href="{url}">{name}</a></strong></p>')
    return "\n".join(blocks)


@cache
def _furniture(seed: int) -> tuple[str, str]:
    """What every page carries around its article: styles, scripts and menu before it, sidebar and footer after."""
    rng = random.Random(f"{seed}/furniture")
    menu = "".join(f'<li class="menu-item"><a href="/kanal/{name.lower()}">{name}</a></li>' for name in SECTIONS * 4)
    before = f"""<style>{_lines(rng, 220, ".c-{a}-{b}{{margin:0 {n}px;padding:{n}px;color:#{n:06x}}}")}</style>
<script>{_lines(rng, 220, "window.q=window.q||[];q.push(['{a}','{b}',{n}]);")}</script></head><body>
<header class="site"><nav><ul>{menu}</ul></nav></header>
"""
    aside = _lines(rng, 60, '<li class="item"><a href="/kanal/{a}/{n}"><span>{n}</span> {A} {b} {a} {b}</a></li>')
    after = f"""<aside class="sidebar"><h3>Terpopuler</h3><ul>{aside}</ul></aside>
<footer><ul>{menu}</ul><p>Hak cipta Warta. Dilarang menyalin tanpa izin.</p><a href="#top">Back to top button</a></footer>
<script>{_lines(rng, 160, "track('{b}',{n},'{a}');")}</script></body></html>
"""
    return before, after


def _lines(rng: random.Random, count: int, form: str) -> str:
    pairs = (words(rng, 2) for _ in range(count))
    return "\n".join(form.format(a=a, b=b, A=a.capitalize(), n=rng.randint(0, 999_999)) for a, b in pairs)
