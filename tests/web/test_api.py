"""Programs read what the pages show: JSON a page at a time, CSV as a whole, and a document that says how."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest

from monitor.web.table import lines
from tests.build import settings
from tests.site import FeedEntry, Site
from tests.web.test_pages import HOSTILE, browser, desk, failed, told
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, Desk, local

__all__ = ["desk", "failed", "told"]  # fixtures

LISTS = ("articles", "stories", "topics", "feeds", "alerts", "deliveries")


async def items(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    answer = await client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def table(client: httpx.AsyncClient, path: str) -> list[dict[str, str]]:
    answer = await client.get(f"/api/v1/{path}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_every_list_needs_no_parameter(told: httpx.AsyncClient) -> None:
    for name in LISTS:
        answer = await told.get(f"/api/v1/{name}")
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["next_cursor"] is None
        assert answer.json()["items"], name


async def test_an_article_with_its_text_story_and_topics(told: httpx.AsyncClient) -> None:
    copy, first = await items(told, "articles")
    assert (first["title"], first["story"], first["topics"]) == (KIM, 1, ["Korea Utara Rusia"])
    assert first["text"].startswith("Pemimpin Korea Utara, Kim Jong Un")
    assert (first["published_at"] or first["first_seen_at"]).endswith("Z")
    assert copy["copy_of"] == first["id"]
    assert len(first["file_id"]) == 16
    assert (await told.get(f"/api/v1/articles/{first['id']}")).json() == first


async def test_a_story_with_its_articles_and_why_it_matched(told: httpx.AsyncClient) -> None:
    (story,) = await items(told, "stories")
    whole = (await told.get("/api/v1/stories/1")).json()
    assert whole["story"] == story
    assert [each["copy_of"] for each in whole["articles"]] == [None, 1]
    passage = whole["matches"][0]["evidence"][0]
    start, end = passage["hits"][0]
    assert passage["snippet"][start:end] in {"Korea", "Kim"}


async def test_topics_feeds_alerts_and_deliveries(told: httpx.AsyncClient) -> None:
    (topic,) = await items(told, "topics")
    assert (topic["name"], topic["matches"]) == ("Korea Utara Rusia", 2)
    assert (await told.get(topic["atom"])).status_code == 200
    assert [(each["name"], each["polls"]) for each in await items(told, "feeds")][-1] == ("Kabar Hilang", "f")
    assert [(each["decision"], each["topic"]) for each in await items(told, "alerts")] == [("send", topic["name"])]
    (delivery,) = await items(told, "deliveries")
    assert (delivery["state"], delivery["title"], delivery["story"]) == ("sent", KIM, 1)


async def test_a_list_can_be_asked_by_what_it_names(failed: httpx.AsyncClient) -> None:
    for some in (
        "articles?topic=Korea+Utara+Rusia",
        "articles?story=1",
        "stories?day=2026-03-10",
        "alerts?decision=send",
    ):
        assert await items(failed, some), some
    assert [each["outlet"] for each in await items(failed, "articles?outlet=Warta+Timur")] == ["Warta Timur"]
    assert len(await items(failed, "deliveries?state=dead")) == 1
    assert len(await items(failed, "articles?q=korea+lavrov")) == 2
    assert len(await items(failed, "articles?q=korea&feed=Warta+Timur&from=2026-03-10&to=2026-03-10")) == 1
    for none in (
        "articles?topic=Lain",
        "articles?q=gajah",
        "articles?story=2",
        "stories?day=2026-03-09",
        "deliveries?state=sent",
    ):
        assert await items(failed, none) == [], none


async def test_a_list_goes_on_where_its_page_ended_until_its_end(desk: Desk, site: Site) -> None:
    entries = [FeedEntry(f"{MISSILE} {n}", f"/{n}", description=f"{MISSILE_PARAGRAPHS[n % 3]} {n}") for n in range(5)]
    feeds = (local(site.feed("/rss", entries), full_text="never"),)
    await desk.round(feeds=feeds)
    async with browser(desk, settings(feeds=feeds, storage=desk.storage)) as client:
        found: list[int] = []
        address = "/api/v1/articles?limit=2"
        while address:
            answer = await client.get(address)
            found += [each["id"] for each in answer.json()["items"]]
            assert len(answer.json()["items"]) <= 2
            address = answer.links["next"]["url"] if answer.json()["next_cursor"] else ""
        assert found == [5, 4, 3, 2, 1]
        assert len(await table(client, "articles?format=csv&limit=2")) == 5  # a table is whole


@pytest.mark.parametrize(
    "rubbish",
    [
        "articles?limit=0", "articles?limit=-1", "articles?limit=x", "articles?cursor=%00", "articles?cursor=-1",
        "articles?limit=99999999999999999999999", "articles?story=x", "stories?day=x", "articles?where=1", "feeds?format=xml",
        "articles?cursor=%D9%A3", f"articles?cursor={'0' * 20}{2**64}", f"articles?story={2**63}", "articles?from=2026-03-10", "deliveries?state=nope", "alerts?decision=nope", "articles?q=korea&topic=x", "articles?q=korea&from=x",
    ],
)  # fmt: skip
async def test_what_can_not_be_asked_is_told_in_words(told: httpx.AsyncClient, rubbish: str) -> None:
    answer = await told.get(f"/api/v1/{rubbish}")
    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_a_page_is_never_larger_than_two_hundred(told: httpx.AsyncClient) -> None:
    assert len(await items(told, "articles?limit=100000")) == 2


async def test_what_is_not_there_is_told_in_json(told: httpx.AsyncClient) -> None:
    for path in ("articles/77", "stories/77", "nope", "articles/x", f"articles/{2**63}", f"stories/{'9' * 5000}", ""):
        answer = await told.get(f"/api/v1/{path}")
        assert (answer.status_code, list(answer.json())) == (404, ["error"]), path
    assert (await told.post("/api/v1/articles")).status_code == 405


async def test_who_has_an_answer_already_gets_none(told: httpx.AsyncClient) -> None:
    for path in ("/api/v1/articles", "/topics/Korea%20Utara%20Rusia/atom", "/openapi.json"):
        tag = (await told.get(path)).headers["etag"]
        again = await told.get(path, headers={"If-None-Match": f'W/"x", {tag}'})
        assert (again.status_code, again.content) == (304, b"")


async def test_the_openapi_document_tells_of_every_address_that_answers(told: httpx.AsyncClient) -> None:
    document = (await told.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) >= {f"/api/v1/{name}" for name in LISTS}
    for path, methods in document["paths"].items():
        answer = await told.get(path.replace("{id}", "1"))
        assert answer.status_code == 200
        shape = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        one = answer.json()
        if "properties" in shape:
            shape, one = shape["properties"]["items"]["items"], one["items"][0]
        described = document["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
        assert set(described["properties"]) == set(one), path


# -- tables ------------------------------------------------------------------------------------------


async def test_every_list_as_a_table(told: httpx.AsyncClient) -> None:
    for name in LISTS:
        rows = await table(told, f"{name}?format=csv")
        assert len(rows) == len(await items(told, name))
    (story,) = await table(told, "stories?format=csv")
    assert (story["title"], story["copies"], story["told"]) == (KIM, "1", "terminal")
    assert story["outlets"] in {"Kabar Nusantara", "Warta Timur"}


async def test_a_program_may_ask_for_a_table_by_its_type(told: httpx.AsyncClient) -> None:
    answer = await told.get("/api/v1/feeds", headers={"Accept": "text/csv"})
    assert answer.headers["content-disposition"] == 'attachment; filename="feeds.csv"'


async def test_what_can_not_be_asked_is_no_table(told: httpx.AsyncClient) -> None:
    for rubbish in ("stories?format=csv&day=x", "articles?format=csv&story=x", "articles?format=csv&from=2026-01-01"):
        answer = await told.get(f"/api/v1/{rubbish}")
        assert (answer.status_code, list(answer.json())) == (400, ["error"])


@pytest.mark.parametrize("mark", [";", "\n", "\t", ';"', "; ", "\n\n"])
def test_a_cell_that_is_parted_by_semicolons_is_no_formula(mark: str) -> None:
    for sign in "=+-@＝":
        written = lines([[f"gempa{mark}{sign}cmd|' /C calc'!A0", ("x", f"{sign}1")]]).decode()
        for separator in (";", ",", "\t"):
            for row in csv.reader(io.StringIO(written), delimiter=separator):
                assert not [cell for cell in row if cell.lstrip('" ').startswith(sign)], (written, row)


@pytest.mark.parametrize(
    "title",
    ['=HYPERLINK("http://x","y")', "+1+1", "-1", "@SUM(1)", "\t=1", " =1", "＝1+1", "\u200b=1", "\ufeff=1", "\n=1"],
)
async def test_what_a_feed_writes_is_no_formula(desk: Desk, site: Site, title: str) -> None:
    entry = FeedEntry(f"{title} Korea Utara Rusia", "/1", description=f"{title} {HOSTILE}")
    feeds = (local(site.feed("/rss", [entry]), name=title, full_text="never"),)
    await desk.round(feeds=feeds)
    async with browser(desk, settings(feeds=feeds, storage=desk.storage)) as client:
        for name in LISTS:
            for row in await table(client, f"{name}?format=csv"):
                for cell in row.values():
                    assert not cell.lstrip(" \t\r\n\u200b\ufeff").startswith(("=", "+", "-", "@", "＝")), (name, cell)
