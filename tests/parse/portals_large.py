"""Pages made up in the manner of the large Indonesian portals: what stands around a report, and what stands inside its text."""

from __future__ import annotations

from tests.parse.portal_pieces import FOOTER, json_ld, links, menu, page, popular, rendered, with_breaks
from tests.parse.portal_stories import Story


def detik(s: Story) -> str:
    body = rendered(
        s.blocks,
        dateline="<strong>Kelana</strong> - ",
        after={
            1: '<div class="parallax_abs"><p>ADVERTISEMENT</p></div><p class="para_caption">SCROLL TO CONTINUE WITH CONTENT</p>',
            2: f'<table class="linksisip"><tr><td><div class="lihatjg"><strong>Baca juga: </strong><a href="/d-1">{s.others[0]}</a></div></td></tr></table>',
            4: "<p>[Gambas:Video 20detik]</p>",
            7: f'<table class="linksisip"><tr><td><div class="lihatjg"><strong>Baca juga: </strong><a href="/d-2">{s.others[1]}</a></div></td></tr></table>',
            98: f"<p><strong>Simak Video '{s.others[2]}':</strong></p><p>[Gambas:Video 20detik]</p>",
            99: "<br><strong>(tmh/gnr)</strong>",
        },
    )
    return page(
        s,
        f'<header>{menu()}</header><div class="container"><div class="page__breadcrumb"><a href="/">detikKini</a> <a href="/b">Berita</a></div>'
        f'<article class="detail"><div class="detail__header"><h1 class="detail__title">{s.title}</h1><div class="detail__author">Tirta Maheswari - detikKini</div>'
        '<div class="detail__date">Senin, 14 Jul 2025 10:05 WIB</div><div class="detail__share"><a href="#">Share</a> <a href="#">Salin Tautan</a> <span>0 komentar</span></div></div>'
        f'<div class="detail__media"><figure><img src="/f.jpg"><figcaption class="detail__media-caption">Suasana pagi (Foto: Tirta Maheswari/detikKini)</figcaption></figure></div>'
        f'<div class="detail__body itp_bodycontent_wrapper"><div class="detail__body-text itp_bodycontent">{body}</div>'
        '<div class="detail__body-tag"><a href="/tag/a">nelayan</a> <a href="/tag/b">pesisir</a> <a href="/tag/c">daerah</a></div></div></article>'
        f'<div class="list-content"><h3>Berita Terkait</h3>{links(s.others[:4], item="<article><h3>{}</h3></article>")}</div></div>{popular(s)}{FOOTER}',
        head=json_ld(s),
    )


def cnn(s: Story) -> str:
    box = f'<div class="paradetail"><h3>Pilihan Redaksi</h3><ul>{links(s.others[:3])}</ul></div>'
    body = rendered(
        s.blocks,
        dateline="<strong>Jakarta, Kabar Indonesia</strong> -- ",
        after={
            1: '<div class="paradetail"><p>ADVERTISEMENT</p><p>SCROLL TO CONTINUE WITH CONTENT</p></div>',
            3: box,
            6: "<p>[Gambas:Video KABAR]</p>",
            8: "<p>[Gambas:Instagram]</p>",
            98: "<p><strong>(tmh/gnr)</strong></p><p>[Gambas:Video KABAR]</p>",
        },
    )
    return page(
        s,
        f'<div class="header">{menu()}</div><div class="breadcrumb"><a href="/">Home</a> &gt; <a href="/n">Nasional</a> &gt; Berita</div>'
        f'<div class="content"><h1>{s.title}</h1><div>Kabar Indonesia</div><div>Senin, 14 Jul 2025 10:05 WIB</div><div class="share">Bagikan : <a href="#"></a> URL telah tercopy</div>'
        f'<img src="/f.jpg"><div class="caption">Ilustrasi. (Kabar Indonesia/Tirta Maheswari)</div><div class="detail-wrap">{body}</div>'
        f'<div class="topik">TOPIK TERKAIT <a href="/t/a">nelayan</a> <a href="/t/b">daerah</a></div></div>'
        f"<section><h2>ARTIKEL TERKAIT</h2>{links(s.others[:3], item='<div><h4>{}</h4></div>')}</section>"
        f"<section><h2>LAINNYA DI KABAR</h2>{links(s.others[3:], item='<div><h4>{}</h4><span>Nasional</span><span>2 jam yang lalu</span></div>')}</section>{FOOTER}",
        head=json_ld(s),
    )


def kompas(s: Story) -> str:
    body = rendered(
        s.blocks,
        dateline="<strong>KELANA, KABARKINI.com</strong> - ",
        after={
            1: '<div class="ads-on-body"></div>',
            3: f'<p><strong>Baca juga: <a href="/r/1" class="inner-link-baca-juga">{s.others[0]}</a></strong></p>',
            6: f'<p><strong>Baca juga: <a href="/r/2" class="inner-link-baca-juga">{s.others[1]}</a></strong></p>',
            98: '<div class="kcm__wa"><p><em>Simak breaking news dan berita pilihan kami langsung di ponselmu. Pilih saluran andalanmu akses berita KabarKini.com WhatsApp Channel : <a href="https://wa.example/c">https://wa.example/c</a>. Pastikan kamu sudah install aplikasi WhatsApp ya.</em></p></div>',
        },
    )
    return page(
        s,
        f'<header>{menu("News", "Nasional", "Tren", "Bola")}</header><div class="breadcrumb__wrap"><ul><li><a href="/">Home</a></li><li><a href="/r">Regional</a></li></ul></div>'
        f'<h1 class="read__title">{s.title}</h1><div class="read__header"><div class="read__time">KabarKini.com, 14 Juli 2025, 10:05 WIB</div><div class="read__count">Komentar</div></div>'
        f'<div class="credit"><div class="credit-title">Tirta Maheswari, Galuh Nareswara</div><div>Tim Redaksi</div></div>'
        f'<div class="photo"><img src="/f.jpg"><div class="photo__caption">Suasana pagi.(Dok. Kabar)</div></div><div class="read__content"><div class="clearfix">{body}</div></div>'
        f'<div class="paging"><a href="?page=1">1</a> <a href="?page=2">2</a> <a href="?page=all">Show All</a></div><div class="tag"><ul><li>Tag</li>{links(("nelayan", "pesisir"))}</ul></div>'
        '<div class="comment__wrap"><h3>Komentar</h3><p>Segera lengkapi data dirimu untuk ikutan program berhadiah.</p><p>Lengkapi Profil</p></div>'
        f'<div class="related"><h2>Terkini Lainnya</h2>{links(s.others, item="<div><h3>{}</h3><p>Regional</p></div>")}</div>{popular(s)}{FOOTER}',
        head=json_ld(s),
    )


def tribun(s: Story) -> str:
    body = rendered(
        s.blocks,
        dateline="<strong>TRIBUNKINI.COM, KELANA</strong> - ",
        after={
            2: f'<p class="baca"><strong>Baca juga: </strong><strong><a href="/1">{s.others[0]}</a></strong></p>',
            5: f'<p class="baca"><strong>Baca juga: </strong><strong><a href="/2">{s.others[1]}</a></strong></p>',
            97: "<p><em>(Tribunkini.com/Tirta Maheswari)</em></p>",
            98: "<p><strong>Artikel ini telah tayang di <a href=/>Tribunkini.com</a> dengan judul Nelayan Menolak, Bupati Menunggu</strong></p>",
            99: "<p>Baca berita TribunKini lainnya di Google News</p>",
        },
    )
    return page(
        s,
        f'<div id="head">{menu()}</div><div class="bc"><a href="/">Home</a> » <a href="/d">Daerah</a></div><div id="article"><h1 id="arttitle">{s.title}</h1>'
        '<div class="mt10"><time>Senin, 14 Juli 2025 10:05 WIB</time></div><div id="penulis">Penulis: Tirta Maheswari | Editor: Galuh Nareswara</div>'
        f'<div class="pb20"><img src="/f.jpg"><div class="arial f12 pt5 grey2">Dok. Kabar</div></div><div class="side-article txt-article multi-fontsize">{body}</div>'
        f'<div class="paging"><a href="?page=1">1</a><a href="?page=2">Halaman Selanjutnya</a><a href="?page=all">Halaman 1/2</a></div>'
        f'<div class="mb10"><h5>Tags</h5>{links(("nelayan", "pesisir"), item="<h5>{}</h5>")}</div></div>'
        f'<div class="populer"><h4>Berita Terkait</h4><ul>{links(s.others[:3])}</ul></div><div class="ad">Sponsored Content</div>{popular(s, "Berita Populer")}{FOOTER}',
        head=json_ld(s),
    )


def tempo(s: Story) -> str:
    body = rendered(
        s.blocks,
        dateline="<strong>TEMPOKINI.CO</strong>, <strong>Kelana</strong> - ",
        after={
            1: "<p>Scroll ke bawah untuk melanjutkan membaca</p><p>Iklan</p>",
            4: f'<p><strong>Baca juga: <a href="/b">{s.others[0]}</a></strong></p>',
            7: "<p>Baca berita dengan sedikit iklan, klik di sini</p>",
            97: f'<p><strong>Pilihan Editor: <a href="/p">{s.others[1]}</a></strong></p>',
            98: "<p><em>Laras Kinasih berkontribusi dalam penulisan artikel ini</em></p>",
        },
    )
    return page(
        s,
        f'{menu()}<main><div class="crumb"><a href="/">Beranda</a> | <a href="/d">Daerah</a></div><h1 class="title margin-bottom-sm">{s.title}</h1>'
        '<div class="reporter"><p class="title bold"><a href="/u/1">Reporter</a></p><p>Tirta Maheswari</p><p class="title bold">Editor</p><p>Galuh Nareswara</p></div>'
        f'<p class="date margin-bottom-sm">Senin, 14 Juli 2025 10.05 WIB</p><figure><img src="/f.jpg"><figcaption>Suasana pagi. TEMPO/Tirta</figcaption></figure>'
        f'<div class="detail-konten">{body}</div><div class="tag"><a href="/t">nelayan</a><a href="/t">pesisir</a></div><div class="share">Bagikan <a href="#">Facebook</a> <a href="#">X</a></div>'
        f'<div class="terkait"><h2>Artikel Terkait</h2>{links(s.others[:3], item="<article><h2>{}</h2><p>1 jam lalu</p></article>")}</div>'
        f'<div class="rekomendasi"><h2>Rekomendasi Artikel</h2>{links(s.others[3:], item="<article><h2>{}</h2></article>")}</div></main>{FOOTER}',
        head=json_ld(s),
    )


def liputan(s: Story) -> str:
    body = rendered(
        s.blocks,
        dateline="<b>LiputanKini.com, Kelana</b> - ",
        after={
            2: f'<div class="baca-juga"><h6>BACA JUGA:</h6><ul>{links(s.others[:1])}</ul></div>',
            4: '<div class="advertisement-placeholder"><p class="advertisement-text">Advertisement</p></div>',
            6: f"<div class='baca-juga-collections'><h6>Baca Juga</h6><ul class='list'>{links(s.others[1:3])}</ul></div>",
            98: "<p>* <em>Fakta atau Hoaks? Untuk mengetahui kebenaran informasi yang beredar, silakan WhatsApp ke nomor Cek Fakta LiputanKini.com <b>0800 1234 567</b> hanya dengan ketik kata kunci yang diinginkan.</em></p>",
            99: "<p><strong>Saksikan Video Pilihan Berikut Ini:</strong></p>",
        },
    )
    return page(
        s,
        f'<header>{menu()}</header><ul class="read-page--breadcrumb"><li><a href="/">Home</a></li><li><a href="/r">Regional</a></li></ul><article class="main">'
        f'<header class="read-page--header"><h1 class="read-page--header--title">{s.title}</h1><p class="lead"> {s.summary}</p><p class="author">Oleh <a href="/me">Tirta Maheswari</a> Diterbitkan 14 Juli 2025, 10:05 WIB</p>'
        f'<ul class="share">{links(("Facebook", "X", "WhatsApp", "Copy Link"))}</ul></header><figure><img src="/f.jpg"><figcaption>Suasana pagi. (LiputanKini.com/Tirta)</figcaption></figure>'
        f'<div class="article-content-body"><div class="article-content-body__item-content">{body}</div></div><ul class="tags--snippet">{links(("nelayan", "pesisir"))}</ul></article>'
        f'<section class="related"><h4>Berita Terkini</h4>{links(s.others, item="<article><h4>{}</h4><time>14 Jul 2025, 11:00 WIB</time></article>")}</section>{popular(s, "POPULER")}{FOOTER}',
        head=json_ld(s),
    )


def antara(s: Story) -> str:
    body = with_breaks(
        s.blocks,
        dateline="Kelana (KABAR) - ",
        after={
            3: f'<span class="baca-juga"><b>Baca juga: <a href="/1">{s.others[0]}</a></b></span><br><b>Baca juga: <a href="/2">{s.others[1]}</a></b><br><br>',
            98: '<p class="text-muted small mt10">Pewarta: Tirta Maheswari<br>Editor: Galuh Nareswara<br>Copyright © KABAR 2025</p>',
            99: '<p class="small text-muted">Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI di situs web ini tanpa izin tertulis dari Kantor Berita KABAR.</p>',
        },
    )
    return page(
        s,
        f'{menu()}<div id="main-container"><ol class="breadcrumb"><li><a href="/">Home</a></li><li>Daerah</li></ul><article class="post-wrapper"><div class="wrap__article-detail-title"><h1>{s.title}</h1></div>'
        '<ul class="list-inline"><li><span>Senin, 14 Juli 2025 10:05 WIB</span></li><li><span>waktu baca 2 menit</span></li></ul>'
        f'<div class="wrap__article-detail-image"><figure><img src="/f.jpg"><figcaption>Suasana pagi. KABAR/Tirta Maheswari</figcaption></figure></div><div class="wrap__article-detail-content post-content">{body}</div>'
        f'<div class="blog-tags"><ul><li>Tags:</li>{links(("nelayan", "pesisir"))}</ul></div></article><div class="wrapper__related"><h4>Berita Terkait</h4>{links(s.others[:3], item="<div class=card><h5>{}</h5><span>1 jam lalu</span></div>")}</div></div>{popular(s)}{FOOTER}',
    )
