"""What pages of portals are made of: head, menu, boxes, footer, and a report with what stands inside its text."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from tests.parse.portal_stories import Block, Story

URL: Final = "https://kabar.example/berita/7812/laporan"


def page(story: Story, content: str, *, head: str = "", site: str = "KabarKini") -> str:
    return (
        f'<!doctype html><html lang="id-ID"><head><meta charset="utf-8"><title>{story.title} - {site}</title>'
        f'<meta property="og:title" content="{escape(story.title)}"><meta property="og:description" content="{escape(story.summary)}">'
        f'<meta name="description" content="{escape(story.summary)}"><link rel="canonical" href="{URL}">{head}'
        f"<style>.ads{{height:250px}}</style></head><body>{content}</body></html>"
    )


def json_ld(story: Story) -> str:
    return (
        '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
        f'"headline":"{story.title}","datePublished":"2025-07-14T10:05:00+07:00",'
        '"author":[{"@type":"Person","name":"Tirta Maheswari"}]}</script>'
    )


def links(names: tuple[str, ...], *, item: str = "<li>{}</li>", start: int = 0) -> str:
    return "".join(item.format(f'<a href="/berita/{start + n}">{name}</a>') for n, name in enumerate(names))


def menu(*names: str) -> str:
    return f"<nav><ul>{links(names or ('Nasional', 'Daerah', 'Ekonomi', 'Olahraga', 'Gaya Hidup', 'Masuk'))}</ul></nav>"


def popular(story: Story, title: str = "Terpopuler") -> str:
    return f'<aside class="sidebar"><div class="box"><h3>{title}</h3><ol>{links(story.others[3:], start=90)}</ol></div></aside>'


FOOTER: Final = (
    '<footer class="footer"><div><a href="/redaksi">Redaksi</a> <a href="/pedoman">Pedoman Media Siber</a> <a href="/karir">Karier</a>'
    ' <a href="/privasi">Kebijakan Data Pribadi</a></div><p>Copyright © 2025 KabarKini, All Rights Reserved</p></footer>'
)


def rendered(blocks: tuple[Block, ...], *, after: Mapping[int, str], dateline: str = "") -> str:
    """The text, with what the portal puts in after this and that block; after the last one where the text is short."""
    late = "".join(leaving for at, leaving in after.items() if at >= len(blocks))
    texts = [
        _block(block, dateline if not at else "") + after.get(at + 1, "" if at + 1 < len(blocks) else late)
        for at, block in enumerate(blocks)
        if at + 1 < len(blocks)
    ]
    return "".join((*texts, _block(blocks[-1], ""), late))


def _block(block: Block, dateline: str) -> str:
    match block.kind:
        case "table":
            rows = ("".join(f"<td>{cell}</td>" for cell in line.split(" | ")) for line in block.lines)
            return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
        case "ul" | "ol":
            return f"<{block.kind}>{''.join(f'<li>{line}</li>' for line in block.lines)}</{block.kind}>"
        case "blockquote":
            return f"<blockquote><p>{block.lines[0]}</p></blockquote>"
        case kind:
            return f"<{kind}>{dateline}{block.lines[0]}</{kind}>"


def with_breaks(blocks: tuple[Block, ...], *, after: Mapping[int, str], dateline: str = "") -> str:
    """Old-fashioned: paragraphs that only line breaks divide."""
    text = rendered(blocks, after=after, dateline=dateline)
    return text.replace("<p>", "").replace("</p>", "<br><br>")
