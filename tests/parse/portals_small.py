"""Pages made up in the manner of other Indonesian portals, and of the themes that small ones use."""

from __future__ import annotations

from tests.parse.portal_pieces import FOOTER, json_ld, links, menu, page, popular, rendered, with_breaks
from tests.parse.portal_stories import Story

REPLY = (
    '<div id="respond" class="comment-respond"><h3 id="reply-title">Tinggalkan Balasan <small><a href="#">Batalkan balasan</a></small></h3>'
    '<form><p class="comment-notes">Alamat email Anda tidak akan dipublikasikan. Ruas yang wajib ditandai *</p><p><label>Komentar *</label>'
    "<textarea></textarea></p><p><label>Nama *</label><input></p><p>Simpan nama, email, dan situs web saya pada peramban ini untuk"
    " komentar saya berikutnya.</p></form></div>"
)


def okezone(s: Story) -> str:
    body = rendered(
        s.blocks,
        dateline="<strong>KELANA</strong> - ",
        after={
            3: f'<div id="bacajuga"><p><strong>Baca Juga:</strong></p><p><a href="/1">{s.others[0]}</a></p></div>',
            6: f'<div class="box-gallery-baca"><p>BACA JUGA: <a href="/2">{s.others[1]}</a></p></div>',
            97: "<p>(Tirta Maheswari)</p>",
            98: '<p>Follow Berita OkeKini di <a href="#">Google News</a></p>',
            99: "<p>Dapatkan berita up to date dengan semua berita terkini dari OkeKini hanya dengan satu akun di ORBIT, daftar sekarang dengan <a href=#>klik disini</a> dan nantikan kejutan menarik lainnya</p>",
        },
    )
    return page(
        s,
        f'{menu()}<div class="container"><div class="title"><h1>{s.title}</h1><div class="namerep">Tirta Maheswari, Jurnalis-Senin, 14 Juli 2025 | 10:05 WIB</div></div><div class="social-share"><a href="#">Share</a><a href="#">Tweet</a></div>'
        f'<div class="detfoto"><img src="/f.jpg"><div class="caption-img-ab">Suasana pagi (Foto: Okekini)</div></div><div class="read" id="contentx">{body}</div>'
        '<div class="paging"><span>Halaman:</span> <a href="?page=1">1</a> <a href="?page=2">2</a> <a href="?page=all">Lihat Semua</a></div>'
        f'<div class="newtag"><ul>{links(("nelayan", "pesisir"))}</ul></div><div class="artterkait"><h2>Berita Terkait</h2><ul>{links(s.others[:3])}</ul></div></div>{popular(s)}{FOOTER}',
        head=json_ld(s),
    )


def sindonews(s: Story) -> str:
    body = with_breaks(
        s.blocks,
        dateline="<strong>KELANA</strong> - ",
        after={
            3: f'<div class="baca-inline"><div class="baca-inline-head">Baca Juga</div><a href="/1">{s.others[0]}</a></div>',
            6: f"<strong>Baca juga:</strong> <a href='/2'>{s.others[1]}</a><br><br>",
            98: "<div class='reporter'>(tmh)</div>",
            99: "<div class='wa-channel'>Dapatkan berita terkini dan kejutan menarik dari SindoKini, Klik Disini untuk mendaftarkan diri anda sekarang dan dapatkan berita terbaik langsung dari WhatsApp Channel.</div>",
        },
    )
    return page(
        s,
        f'{menu()}<section class="article"><div class="detail-title"><h1>{s.title}</h1></div><div class="detail-nama-redaksi"><a href="/u">Tirta Maheswari</a></div><div class="detail-date-artikel">Senin, 14 Juli 2025 - 10:05 WIB</div>'
        f'<div class="img-article"><img src="/f.jpg"><figcaption>Suasana pagi. Foto/Dok. SindoKini</figcaption></div><div class="detail-desc" id="detail-desc">{body}</div>'
        '<div class="more-news"><div>Lihat Juga :</div></div>'
        f'<div class="topik"><ul>{links(("nelayan", "pesisir"))}</ul></div><div class="terkait"><h3>Berita Terkait</h3>{links(s.others[:3], item="<div class=terkait-item><div>{}</div></div>")}</div></section>{popular(s, "Terpopuler")}{FOOTER}',
        head=json_ld(s),
    )


def republika(s: Story) -> str:
    body = rendered(
        s.blocks,
        dateline="<strong>REPUBLIKINI.CO.ID, KELANA</strong> -- ",
        after={
            1: '<div class="ads-inread"><p>Advertisement</p></div><p>Scroll untuk membaca</p>',
            3: f'<div class="baca-juga"><p><strong>Baca Juga</strong></p><ul>{links(s.others[:3])}</ul></div>',
            97: "<p><strong>BACA JUGA: Update Berita-Berita Daerah Republikini.co.id, Klik di Sini</strong></p>",
            98: '<p class="sumber">sumber : Antara</p>',
            99: '<div class="berita-lain"><p>Ikuti WhatsApp Channel Republikini</p></div>',
        },
    )
    return page(
        s,
        f'{menu()}<main class="main-wrapper"><div class="max-card__title"><div class="date">Senin 14 Jul 2025 10:05 WIB</div><h1>{s.title}</h1><h2 class="sub">{s.summary}</h2></div><div class="by"><p>Rep: Tirta Maheswari/ Red: Galuh Nareswara</p></div>'
        f'<div class="max-card__image"><img src="/f.jpg"><p class="caption">Suasana pagi. Foto: Antara/Tirta</p></div><div class="article-content"><article>{body}</article></div>'
        f'<div class="tags">{links(("nelayan", "pesisir"))}</div><div class="comment"><h3>Komentar</h3><p>Gabung dan berdiskusi bersama pembaca lain.</p></div><div class="terkait"><h3>Berita Terkait</h3>{links(s.others[:3], item="<div><h2>{}</h2><span>Daerah - 2 jam lalu</span></div>")}</div></main>{popular(s)}{FOOTER}',
        head=json_ld(s),
    )


def media(s: Story) -> str:
    body = rendered(
        s.blocks,
        after={
            2: f'<p><strong>Baca juga : <a href="/1">{s.others[0]}</a></strong></p>',
            5: f'<p><strong>Baca juga : <a href="/2">{s.others[1]}</a></strong></p>',
            98: "<p><strong>(E-2)</strong></p>",
            99: '<div class="follow"><p>Baca berita terbaru <a href="#">Media Kini</a> di Google News dan ikuti WhatsApp channel <a href="#">mediakini.com</a></p></div><p>Editor : Galuh Nareswara</p>',
        },
    )
    return page(
        s,
        f'<header>{menu()}</header><div class="wrap"><div class="breadcrumb"><a href="/">Home</a> <a href="/n">Nusantara</a></div><h1>{s.title}</h1><div class="meta"><span>Tirta Maheswari</span><span>14/7/2025 10:05</span></div>'
        f'<img src="/f.jpg"><div class="caption">Suasana pagi.(MI/Tirta Maheswari)</div><div class="article" itemprop="articleBody">{body}</div><div class="tag-list"><p>Tags</p>{links(("#nelayan", "#pesisir"), item="{}")}</div>'
        f'<div class="other"><h2>Berita Lainnya</h2>{links(s.others, item="<div><h3><b>{}</b></h3><p>14/7/2025 11:20</p></div>")}<a href="#">LOAD MORE</a></div></div>{popular(s, "TERPOPULER")}<div>Copyright @ 2025 Media Kini. All Rights Reserved</div>',
    )


def cnbc(s: Story) -> str:
    body = rendered(
        s.blocks,
        dateline="<strong>Jakarta, KBC Indonesia</strong> - ",
        after={
            1: '<div class="ads"><p>ADVERTISEMENT</p><p>SCROLL TO RESUME CONTENT</p></div>',
            4: f'<div class="linksisip"><p>Lihat Juga :</p><a href="/1"><h4>{s.others[0]}</h4></a></div>',
            6: f'<div class="linksisip"><p>Pilihan Redaksi</p><ul>{links(s.others[1:4])}</ul></div>',
            97: "<p><strong>(tmh/tmh)</strong></p>",
            98: "<p>[Gambas:Video KBC]</p>",
            99: f'<p>Next Article<br><a href="/n">{s.others[4]}</a></p>',
        },
    )
    return page(
        s,
        f'{menu("Market", "News", "Tech", "Syariah")}<article><div class="breadcrumb"><a href="/">KBC Indonesia</a> <a href="/n">News</a> <a href="/b">Berita</a></div><h1 class="mb-4">{s.title}</h1><div class="author">Tirta Maheswari, KBC Indonesia</div><div class="date">14 July 2025 10:05</div>'
        f'<figure><img src="/f.jpg"><figcaption>Foto: Suasana pagi (KBC Indonesia/Tirta)</figcaption></figure><div class="detail-text min-w-0">{body}</div>'
        f'<div class="tags"><b>Tags</b> {links(("nelayan", "pesisir"), item="{}")}</div></article><section class="recommendation"><h2>Related Articles</h2>{links(s.others[:3], item="<div><h2>{}</h2><span>News</span></div>")}<h2>Recommendation</h2>{links(s.others[3:], item="<div><h2>{}</h2></div>")}</section>{popular(s, "Most Popular")}{FOOTER}',
        head=json_ld(s),
    )


def jawapos(s: Story) -> str:
    body = rendered(
        s.blocks,
        dateline="<strong>JawaKini.com</strong> - ",
        after={
            2: f'<p class="read__others"><strong>Baca Juga: <a href="/1">{s.others[0]}</a></strong></p>',
            4: f'<p class="read__others"><strong>Baca Juga: <a href="/2">{s.others[1]}</a></strong></p>',
            99: '<div class="read__info__author"><p>Editor: Galuh Nareswara</p></div>',
        },
    )
    return page(
        s,
        f'{menu()}<div class="row"><div class="breadcrumb"><a href="/">Home</a> / <a href="/b">Berita Daerah</a></div><h1 class="read__title">{s.title}</h1><div class="read__info"><div class="read__info__author"><a href="/a">Tirta Maheswari</a></div><div class="read__info__date">- Senin, 14 Juli 2025 | 10:05 WIB</div></div>'
        f'<div class="photo"><img src="/f.jpg"><p class="photo__caption">Suasana pagi (Dok. Jawakini)</p></div><article class="read__content">{body}</article><div class="paging"><div class="paging__item">Halaman:</div><a href="?page=1">1</a> <a href="?page=2">2</a> <a href="?page=2">Selanjutnya</a></div>'
        f'<div class="tag"><h4>Tags</h4><ul>{links(("nelayan", "pesisir"))}</ul></div><div class="related"><h3>Artikel Terkait</h3>{links(s.others[:4], item="<div class=latest__item><h2>{}</h2><date>Senin, 14 Juli 2025 | 09:12 WIB</date></div>")}</div><div class="latest"><h3>Terkini</h3>{links(s.others[2:], item="<div><h2>{}</h2></div>")}</div></div>{FOOTER}',
        head=json_ld(s),
    )


def jannah(s: Story) -> str:
    body = rendered(
        s.blocks,
        dateline="<strong>HASANAKINI.ID</strong> – ",
        after={
            3: f'<div id="inline-related-post" class="mag-box mini-posts-box"><h3>Related Articles</h3><ul>{links(s.others[:2], item="<li><h3 class=post-title>{}</h3><span class=date>12 Juli 2025</span></li>")}</ul></div>',
            6: f'<p>Baca Juga <a href="/2">{s.others[2]}</a></p>',
            99: "<p>***</p>",
        },
    )
    return page(
        s,
        f'<div id="tie-wrapper"><header id="theme-header">{menu("Beranda", "Berita", "Politik", "Kontak")}</header><div class="main-content"><article id="the-post"><header class="entry-header"><nav id="breadcrumb"><a href="/">Beranda</a><em>/</em><a href="/d">Daerah</a></nav><h1 class="post-title entry-title">{s.title}</h1>'
        '<div class="post-meta"><span class="author">Redaksi</span><span class="date">14 Juli 2025</span><span>0</span> <span>12</span> <span>1 minute read</span></div></header>'
        f'<div class="featured-area"><img src="/f.jpg"></div><div class="entry-content entry clearfix">{body}</div><div class="post-bottom-meta post-bottom-tags"><div>Tags</div>{links(("nelayan", "pesisir"), item="{}")}</div>'
        '<div class="share-buttons"><a href="#">Facebook</a><a href="#">X</a><a href="#">WhatsApp</a><a href="#">Print</a></div></article>'
        f'<div class="about-author"><h3>Redaksi</h3></div><div id="related-posts"><h3>Related Articles</h3>{links(s.others[:3], item="<div><h3>{}</h3><span>13 Juli 2025</span></div>")}</div>{REPLY}</div><aside class="sidebar"><h3>Follow Us</h3>{links(("Facebook", "YouTube", "Instagram"))}<h3>Berita Terbaru</h3>{links(s.others)}</aside></div>'
        f'{FOOTER}<a id="go-to-top" href="#go-to-tie-body"><span>Back to top button</span></a>',
    )


def jnews(s: Story) -> str:
    body = rendered(
        s.blocks,
        dateline="<b>KELANA</b> – ",
        after={
            2: '<div class="jeg_ad jeg_ad_article"><p>ADVERTISEMENT</p></div>',
            4: f'<div class="jnews_inline_related_post"><h3>Berita Terkait</h3>{links(s.others[:2], item="<article><h3 class=jeg_post_title>{}</h3></article>")}</div>',
            7: f'<p>Baca Juga : <a href="/2">{s.others[2]}</a></p>',
            98: "<p><strong>Penulis: Tirta Maheswari</strong><br><strong>Editor: Galuh Nareswara</strong></p>",
            99: "<p><em>Dapatkan update berita pilihan setiap hari dari Kabar Kini. Mari bergabung di Grup Telegram “Kabar Kini Update”, caranya klik link ini kemudian join.</em></p>",
        },
    )
    return page(
        s,
        f'<div class="jeg_header">{menu()}</div><div class="jeg_main"><div class="jeg_breadcrumbs"><a href="/">Home</a> <a href="/d">Daerah</a></div><div class="entry-header"><h1 class="jeg_post_title">{s.title}</h1><div class="jeg_meta_container">by <a href="/u">admin</a> 14 Juli 2025 in <a href="/d">Daerah</a> 0 Komentar</div></div>'
        f'<div class="jeg_share_top"><span>0</span> SHARES <span>12</span> VIEWS <a href="#">Share on Facebook</a> <a href="#">Share on Twitter</a></div><div class="entry-content no-share"><div class="content-inner">{body}<div class="jeg_post_tags"><span>Tags:</span> {links(("nelayan", "pesisir"), item="{}")}</div></div></div>'
        f'<div class="jnews_prev_next"><a href="/p">Previous Post <h3>{s.others[3]}</h3></a><a href="/n">Next Post <h3>{s.others[4]}</h3></a></div><div class="jnews_related_post_container"><h3>Related Posts</h3>{links(s.others[:3], item="<article><h3>{}</h3><p>14 Juli 2025</p></article>")}</div>{REPLY}</div>'
        f'<div class="jeg_sidebar"><h3>Stay Connected</h3><h3>Trending</h3>{links(s.others)}</div>{FOOTER}',
        head=json_ld(s),
    )


def viva(s: Story) -> str:
    body = rendered(
        s.blocks,
        dateline="<strong>Kelana, VIKINI</strong> – ",
        after={
            2: "<div class='ads'><span>ADVERTISEMENT</span></div><p>GULIR UNTUK LANJUT BACA</p>",
            3: f'<div class="article-list"><h3>Baca Juga</h3><p><a href="/1">{s.others[0]}</a></p></div>',
            98: '<div class="next-page"><p>Halaman Selanjutnya</p></div>',
            99: f'<div class="baca-juga-box"><h5>Baca Juga :</h5><a href="/2">{s.others[2]}</a></div>',
        },
    )
    return page(
        s,
        f'{menu()}<div class="content-container"><div class="breadcrumb-container"><a href="/">VIKini</a> &raquo; <a href="/d">Daerah</a></div><h1 class="main-content-title">{s.title}</h1><div class="main-content-date">Senin, 14 Juli 2025 - 10:05 WIB</div><div class="main-content-author">Oleh : Tirta Maheswari</div>'
        f'<div class="main-content-image"><img src="/f.jpg"><span>Suasana pagi</span></div><div class="main-content-detail">{body}</div><div class="tag-container"><a href="/t">nelayan</a><a href="/t">pesisir</a></div><div class="share-container">Share :</div>'
        f'<div class="image-link"><a href="/x"><h2>{s.others[5]}</h2><p>Laporan dari lapangan tentang kehidupan warga yang menunggu kabar baik.</p></a><span>15 Juli 2025</span></div></div>{popular(s, "Terpopuler")}{FOOTER}',
        head=json_ld(s),
    )


def plain(s: Story) -> str:
    """A page with no names for anything."""
    body = rendered(
        s.blocks,
        after={
            2: f'<p>Baca juga: <a href="/1">{s.others[0]}</a></p>',
            4: "<p>Iklan</p>",
            97: "<p>(Red)</p>",
            98: f"<p>Bagikan ini:</p><ul>{links(('Facebook', 'WhatsApp', 'Telegram'))}</ul>",
            99: f"<h3>Berita Terkait</h3><ul>{links(s.others[:4])}</ul>",
        },
    )
    return page(
        s,
        f"<div>{menu()}</div><div><div><h1>{s.title}</h1><p>Senin, 14 Juli 2025</p>{body}</div><div><h3>Terbaru</h3><ul>{links(s.others)}</ul></div></div><div><p>© 2025 Kabar Kini</p></div>",
    )
