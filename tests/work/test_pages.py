"""Pages that can't be had: nothing that concerns a topic waits for them longer than it must."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from monitor.model import Quality
from monitor.settings import Site as MonitoredSite
from monitor.store import articles
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, PARAGRAPHS, RICE, Desk, local, text_of

SAYS_IT_ALL = FeedEntry(KIM, "/berita/1", description=PARAGRAPHS[0])
SAYS_LITTLE = FeedEntry(KIM, "/berita/1", description="Pertemuan itu berlangsung hangat.")


def qualities(desk: Desk) -> list[Quality]:
    kept = desk.database.read(lambda session: list(articles.kept(session, topic=None, story_id=None, since=None)))
    return [item.article.quality for item in kept]


def watching(site: Site, entry: FeedEntry, **changes: Any) -> dict[str, Any]:
    return {"feeds": (local(site.feed("/rss", [entry]), every=timedelta(days=1), **changes),)}


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_page_that_is_not_there_leaves_the_words_of_the_feed(desk: Desk, site: Site, status: int) -> None:
    site.fail("/berita/1", status)
    await desk.round(**watching(site, SAYS_IT_ALL))
    assert desk.archived() == [text_of(KIM, PARAGRAPHS[:1])]
    assert qualities(desk) == [Quality.FEED_ONLY]
    assert KIM in desk.console.getvalue()
    assert len(site.asked("/berita/1")) == 1


async def test_a_page_that_fails_is_not_waited_for_where_the_feed_says_enough(desk: Desk, site: Site) -> None:
    site.fail("/berita/1", 503)
    await desk.round(**watching(site, SAYS_IT_ALL))
    assert KIM in desk.console.getvalue()


async def test_a_page_that_fails_is_tried_again_after_a_minute(desk: Desk, site: Site) -> None:
    site.fail("/berita/1", 503)
    plan = watching(site, SAYS_LITTLE)
    await desk.round(**plan)
    assert desk.archived() == []
    desk.clock.forward(seconds=59)
    await desk.round(**plan)
    assert len(site.asked("/berita/1")) == 1
    site.article("/berita/1", KIM, PARAGRAPHS)
    desk.clock.forward(seconds=1)
    await desk.round(**plan)
    assert KIM in desk.console.getvalue()
    assert (desk.archived(), qualities(desk)) == ([text_of(KIM, PARAGRAPHS)], [Quality.FULL])


async def test_a_page_that_keeps_failing_is_given_up_for_the_words_of_the_feed(desk: Desk, site: Site) -> None:
    site.fail("/berita/1", 503)
    plan = watching(site, SAYS_LITTLE)
    for _ in range(3):
        await desk.round(**plan)
        assert desk.archived() == [] or len(site.asked("/berita/1")) == 3
        desk.clock.forward(minutes=5)
    assert desk.archived() == [text_of(KIM, ["Pertemuan itu berlangsung hangat."])]
    assert qualities(desk) == [Quality.FEED_ONLY]


async def test_a_page_of_the_inner_network_is_never_opened_for_a_public_feed(
    desk: Desk, site: Site, other_site: Site
) -> None:
    """The feed itself is refused likewise, and says so."""
    other_site.article("/berita/1", KIM, PARAGRAPHS)
    await desk.round(**watching(site, SAYS_IT_ALL, allow_private=False))
    assert (site.paths, other_site.paths) == ([], [])
    assert desk.feed_health().last_error == "private address refused"


async def test_a_page_about_something_else_is_not_taken_for_the_article(desk: Desk, site: Site) -> None:
    """A login, a consent, an "error" that comes with 200."""
    site.page("/berita/1", "<html><body><h1>Masuk</h1><p>Silakan masuk untuk membaca.</p></body></html>")
    await desk.round(**watching(site, SAYS_IT_ALL))
    assert desk.archived() == [text_of(KIM, PARAGRAPHS[:1])]


async def test_pages_are_not_asked_for_where_the_user_does_not_want_them(desk: Desk, site: Site) -> None:
    await desk.round(**watching(site, SAYS_IT_ALL, full_text="never"))
    assert site.paths == ["/rss"]
    assert desk.archived() == [text_of(KIM, PARAGRAPHS[:1])]


async def test_what_the_page_only_has_around_the_article_does_not_match(desk: Desk, site: Site) -> None:
    """Menu, related links and "Baca juga" of every page name Korea Utara and Rusia."""
    site.article(
        "/berita/2", RICE, ["Harga beras di pasar induk turun seiring datangnya panen raya.", *PARAGRAPHS[1:2]]
    )
    summary = await desk.round(**watching(site, FeedEntry(RICE, "/berita/2")))
    assert (summary.articles, summary.matches) == (1, 0)
    assert desk.console.getvalue() == ""


# -- what a site asks, and what its users say of it ------------------------------------------------

OURS = "User-agent: *\nDisallow: /berita/\n"


async def test_what_robots_txt_forbids_is_not_read(desk: Desk, site: Site) -> None:
    site.page("/robots.txt", OURS, content_type="text/plain")
    site.article("/berita/1", KIM, PARAGRAPHS)
    await desk.round(**watching(site, SAYS_IT_ALL))
    assert site.paths == ["/rss"]
    assert (desk.archived(), qualities(desk)) == ([text_of(KIM, PARAGRAPHS[:1])], [Quality.FEED_ONLY])
    assert KIM in desk.console.getvalue()


async def test_a_feed_may_be_read_in_spite_of_it(desk: Desk, site: Site) -> None:
    site.page("/robots.txt", OURS, content_type="text/plain")
    site.article("/berita/1", KIM, PARAGRAPHS)
    await desk.round(**watching(site, SAYS_IT_ALL, robots="ignore"))
    assert desk.archived() == [text_of(KIM, PARAGRAPHS)]


async def test_a_sites_rule_and_headers_are_used_for_its_pages_alone(desk: Desk, site: Site) -> None:
    html = f"<html><body><h1>{KIM}</h1><div class=kata><p>{PARAGRAPHS[0]}</p><p class=kuis>{PARAGRAPHS[1]}</p></div></body></html>"
    site.page("/berita/1", html)
    rule = {"content": ".kata", "remove": (".kuis",), "headers": {"X-Reader": SecretStr("redaksi")}}
    await desk.round(**watching(site, SAYS_LITTLE), sites={"127.0.0.1": MonitoredSite(**rule)})
    assert desk.archived() == [text_of(KIM, PARAGRAPHS[:1])]
    assert [request.headers.get("x-reader") for request in site.requests] == [None, None, "redaksi"]


# -- articles in several pages ---------------------------------------------------------------------


def in_pages(site: Site, parts: list[list[str]]) -> None:
    """/berita/1, then /berita/1?page=2 …, with links between them as portals have them."""
    for number, part in enumerate(parts, 1):
        others = "".join(f'<a href="/berita/1?page={n}">{n}</a>' for n in range(1, len(parts) + 1) if n != number)
        body = "".join(line if line == ALL else f"<p>{line}</p>" for line in part)
        path = "/berita/1" if number == 1 else f"/berita/1?page={number}"
        site.page(
            path, f"<html><body><article><h1>{KIM}</h1>{body}<div class=paging>{others}</div></article></body></html>"
        )


async def test_an_article_in_pages_is_read_whole(desk: Desk, site: Site) -> None:
    in_pages(site, [[PARAGRAPHS[0]], [PARAGRAPHS[1]], [PARAGRAPHS[2]]])
    await desk.round(**watching(site, SAYS_LITTLE))
    assert desk.archived() == [text_of(KIM, PARAGRAPHS)]
    assert site.paths == ["/rss", "/berita/1", "/berita/1?page=2", "/berita/1?page=3"]
    kept = desk.database.read(lambda session: list(articles.kept(session, topic=None, story_id=None, since=None)))
    assert kept[0].article.url == site.url_of("/berita/1")


async def test_a_page_of_it_that_fails_leaves_the_others_and_says_so(desk: Desk, site: Site) -> None:
    in_pages(site, [[PARAGRAPHS[0]], [PARAGRAPHS[1]], [PARAGRAPHS[2]]])
    site.fail("/berita/1?page=2", 503)
    await desk.round(**watching(site, SAYS_LITTLE))
    assert desk.archived() == [text_of(KIM, [PARAGRAPHS[0], PARAGRAPHS[2]])]
    assert qualities(desk) == [Quality.TEASER]


ALL = '<a href="/berita/1?page=all">Tampilkan Semua</a>'


async def test_the_form_for_all_pages_is_asked_first(desk: Desk, site: Site) -> None:
    in_pages(site, [[PARAGRAPHS[0], ALL], [PARAGRAPHS[1]]])
    site.article("/berita/1?page=all", KIM, PARAGRAPHS)
    await desk.round(**watching(site, SAYS_LITTLE))
    assert desk.archived() == [text_of(KIM, PARAGRAPHS)]
    assert site.paths == ["/rss", "/berita/1", "/berita/1?page=all"]


async def test_where_the_form_for_all_pages_leads_back_the_pages_are_read_one_by_one(desk: Desk, site: Site) -> None:
    in_pages(site, [[PARAGRAPHS[0], ALL], [PARAGRAPHS[1]], [PARAGRAPHS[2]]])
    site.redirect("/berita/1?page=all", "/berita/1")
    await desk.round(**watching(site, SAYS_LITTLE))
    assert desk.archived() == [text_of(KIM, PARAGRAPHS)]


async def test_a_login_in_place_of_a_further_page_is_no_part_of_the_article(desk: Desk, site: Site) -> None:
    in_pages(site, [[PARAGRAPHS[0]], [PARAGRAPHS[1]]])
    login = "<h1>Masuk</h1><p>Silakan masuk dengan surel dan kata sandi. Lupa kata sandi? Belum punya akun?</p>"
    site.page("/berita/1?page=2", f"<html><head><title>Masuk</title></head><body>{login}</body></html>")
    await desk.round(**watching(site, SAYS_LITTLE))
    assert desk.archived() == [text_of(KIM, PARAGRAPHS[:1])]
    assert qualities(desk) == [Quality.TEASER]


async def test_no_more_than_ten_pages_are_read(desk: Desk, site: Site) -> None:
    in_pages(site, [[f"Bagian {number}. {PARAGRAPHS[number % 3]}"] for number in range(14)])
    await desk.round(**watching(site, SAYS_LITTLE))
    assert len(site.paths) == 11
    assert qualities(desk) == [Quality.TEASER]


async def test_a_page_that_cannot_be_reached_is_tried_again(desk: Desk, site: Site) -> None:
    """As one that answers an error for now is."""
    site.article("/berita/1", KIM, PARAGRAPHS)
    plan = watching(
        site, FeedEntry(KIM, "http://127.0.0.1:9/berita/1", description="Pertemuan itu berlangsung hangat.")
    )
    await desk.round(**plan)
    assert desk.archived() == []
