"""Feeds and article pages as news sites write them, with all that surrounds an article and is none of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from typing import Literal

MENU = ("Nasional", "Internasional", "Rusia", "Korea Utara", "Ekonomi", "Olahraga", "Gempa", "Indeks")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed on the site. `link` is a path of the site or a whole address."""

    title: str
    link: str
    guid: str = ""  # the link, where empty
    description: str = ""  # may hold markup
    published: datetime | None = None


def rss(title: str, base: str, entries: Sequence[FeedEntry]) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel><title>{escape(title)}</title><link>{base}/</link>
<description>{escape(title)}</description><language>id</language>
{"".join(_item(base, entry) for entry in entries)}</channel></rss>
"""


def _item(base: str, entry: FeedEntry) -> str:
    date = f"<pubDate>{format_datetime(entry.published)}</pubDate>" if entry.published else ""
    return f"""<item><title>{escape(entry.title)}</title><link>{escape(absolute(base, entry.link))}</link>
<guid isPermaLink="false">{escape(entry.guid or absolute(base, entry.link))}</guid>{date}
<description>{escape(entry.description)}</description></item>
"""


def atom(title: str, base: str, entries: Sequence[FeedEntry]) -> str:
    updated = max((entry.published for entry in entries if entry.published), default=datetime(2025, 7, 12, tzinfo=UTC))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="id"><title>{escape(title)}</title><id>{base}/</id>
<link href="{base}/"/><updated>{updated.isoformat()}</updated>
{"".join(_entry(base, entry, updated) for entry in entries)}</feed>
"""


def _entry(base: str, entry: FeedEntry, updated: datetime) -> str:
    date = f"<published>{entry.published.isoformat()}</published>" if entry.published else ""
    link = escape(absolute(base, entry.link))
    return f"""<entry><title>{escape(entry.title)}</title><link rel="alternate" href="{link}"/>
<id>{escape(entry.guid) or link}</id><updated>{(entry.published or updated).isoformat()}</updated>{date}
<summary type="html">{escape(entry.description)}</summary></entry>
"""


def absolute(base: str, link: str) -> str:
    return link if link.startswith(("http://", "https://")) else base + link


def article_page(
    title: str,
    paragraphs: Sequence[str],
    *,
    outlet: str = "Kabar Nusantara",
    canonical: str = "",
    published: datetime | None = None,
    author: str = "Rina Wulandari",
) -> str:
    """A page whose menu, advertisements, "Baca juga" lines and related links name topics that the article may not."""
    named = escape(title)
    return f"""<!DOCTYPE html>
<html lang="id"><head><meta charset="utf-8">
<title>{named} - {escape(outlet)}</title>
<meta property="og:title" content="{named}"><meta property="og:type" content="article">
<meta property="og:site_name" content="{escape(outlet)}"><meta name="author" content="{escape(author)}">
{_link("canonical", canonical)}{_meta("article:published_time", published.isoformat() if published else "")}
<style>.menu{{display:flex}}</style><script>window.dataLayer = window.dataLayer || [];</script></head>
<body>{_top(outlet)}
<main><article>
<header><h1 class="entry-title">{named}</h1>
<div class="entry-meta">Oleh <a href="/penulis/1" rel="author">{escape(author)}</a></div></header>
<div class="entry-content">
{_content(paragraphs)}
</div>
{_share()}</article>
{_related()}</main>
{_bottom(outlet)}</body></html>
"""


def _link(rel: Literal["canonical"], href: str) -> str:
    return f'<link rel="{rel}" href="{escape(href)}">' if href else ""


def _meta(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{escape(content)}">' if content else ""


def _top(outlet: str) -> str:
    items = "".join(f'<li class="menu-item"><a href="/kanal/{n}">{name}</a></li>' for n, name in enumerate(MENU))
    return f"""<header id="site-header"><a href="/">{escape(outlet)}</a>
<nav class="menu" aria-label="Menu utama"><ul>{items}</ul></nav></header>
<div class="ads banner"><p>ADVERTISEMENT</p><a href="/iklan/1">Paket wisata ke Moskow mulai 9 juta</a></div>"""


def _content(paragraphs: Sequence[str]) -> str:
    blocks = [f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs]
    blocks.insert(1, '<div class="ads"><p>SCROLL TO CONTINUE WITH CONTENT</p></div>')
    blocks.insert(3, '<p><strong>Baca juga: <a href="/baca/2">Tentara Rusia berlatih di perbatasan</a></strong></p>')
    blocks.append('<p>Baca juga: <a href="/baca/3">Kim Jong Un hadiri parade militer Korea Utara</a></p>')
    blocks.append('<p class="paging"><a href="?page=2">Halaman Selanjutnya</a></p>')
    return "\n".join(blocks)


def _share() -> str:
    return (
        '<div class="share-buttons"><a href="/wa">WhatsApp</a> <a href="/x">X</a> <button>Salin tautan</button></div>'
    )


def _related() -> str:
    titles = ("Rusia dan Korea Utara teken perjanjian baru", "Gempa guncang Maluku", "Harga beras naik lagi")
    items = "".join(f'<li><h4><a href="/terkait/{n}">{title}</a></h4></li>' for n, title in enumerate(titles))
    return f'<section class="related-posts"><h3>Berita Terkait</h3><ul>{items}</ul></section>'


def _bottom(outlet: str) -> str:
    return f"""<aside class="sidebar"><h3>Terpopuler</h3><ol><li><a href="/p/1">Kremlin bantah kabar itu</a></li></ol></aside>
<footer id="site-footer"><p>Hak cipta {escape(outlet)} 2025. Dilarang menyalin tanpa izin.</p>
<a href="/redaksi">Redaksi</a> <a href="/pedoman">Pedoman Media Siber</a></footer>
<a id="go-to-top" class="go-to-top-button" href="#go-to-tie-body"><span class="screen-reader-text">Back to top button</span></a>
<script src="/statistik.js"></script>"""
