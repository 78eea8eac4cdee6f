"""Many machines: whoever hands on, whoever does it, and whoever comes or goes: everything is done, and once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from monitor.app import utc_now
from monitor.store import feeds, leases
from monitor.store.database import Database
from monitor.work.procrastinate import Queue
from tests.build import a_feed
from tests.cluster import Part, cluster
from tests.own_postgres import Place, own_server
from tests.sinks import JsonSink
from tests.site import FeedEntry, Site
from tests.soak import free_port, until
from tests.work.company import Company
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, RICE, RICE_PARAGRAPHS
from tests.work.live_daemon import until as soon
from tests.work.test_daemon import monitor

CONFIG = """
timezone: Asia/Jakarta
language: id
engine: {engine}
channels: {{here: "{channel}"}}
feeds: [{{url: "{feed}", name: Kabar, every: 2s, backlog: alert, allow_private: true, full_text: {full_text}}}]
topics: [{{name: {topic}}}]
alerts: {{channels: [here], wait: 0s, limit: off}}
web: {{listen: "127.0.0.1:{port}"}}
storage: {{url: "{url}", archive: "{folder}/articles"}}
"""


def configure(  # each by its name
    folder: Path,
    url: str,
    *,
    feed: str = "",
    sink: JsonSink | None = None,
    engine: str = "procrastinate",
    full_text: str = "never",
    topic: str = "Korea Utara Rusia",
    name: str = "config.yaml",
) -> None:
    text = CONFIG.format(
        engine=engine,
        channel=sink.channel if sink else "console",
        feed=feed or "https://kabar.example/rss",
        full_text=full_text,
        topic=topic,
        port=free_port(),
        url=url,
        folder=folder,
    )
    draft = folder / f".{name}.new"
    draft.write_text(text, encoding="utf-8")
    draft.replace(folder / name)


@pytest.fixture
def company(tmp_path: Path, place: Place, site: Site, sink: JsonSink) -> Iterator[Company]:
    """A feed with two pieces of news for the topic and one for nobody, and a channel."""
    site.feed("/rss", [an_entry(KIM, PARAGRAPHS, 1), an_entry(RICE, RICE_PARAGRAPHS, 2)])
    configure(tmp_path, place.url, feed=site.url_of("/rss"), sink=sink)
    many = Company(tmp_path, place)
    with structlog.testing.capture_logs() as many.log:
        yield many


def an_entry(title: str, paragraphs: tuple[str, ...], number: int) -> FeedEntry:
    return FeedEntry(title, f"/berita/{number}", description="\n".join(paragraphs))


def titles(sink: JsonSink) -> list[str]:
    return sorted(message["title"].partition(": ")[2] for message in sink.messages)


# -- who is there ----------------------------------------------------------------------------------


async def test_what_one_hands_on_another_does(company: Company, sink: JsonSink) -> None:
    async with company.run(), company.worker():
        await soon(lambda: titles(sink) == [KIM])
        await soon(lambda: company.count("article WHERE archived_at IS NOT NULL") == 2)
    assert company.count("worker") == 0
    assert company.count("procrastinate_jobs") == 0


async def test_with_no_worker_nothing_is_handed_on_and_nothing_is_lost(
    company: Company, site: Site, sink: JsonSink
) -> None:
    async with company.run():
        await asyncio.sleep(2.5)  # some looks
        assert site.paths == []
        assert company.count("procrastinate_jobs") == 0
        assert company.count("feed WHERE lease_token IS NOT NULL OR claims > 0") == 0
        async with company.worker():
            await soon(lambda: titles(sink) == [KIM])


async def test_a_worker_does_no_stage_but_its_own(company: Company, site: Site, sink: JsonSink) -> None:
    async with company.run():
        async with company.worker("poll"):
            await soon(lambda: len(site.asked("/rss")) >= 2)
            assert company.count("entry WHERE state = 'waiting'") == 2
            assert company.count("article") == 0
        async with company.worker("ingest"):
            await soon(lambda: company.count("article") == 2)
            assert company.count("delivery WHERE state = 'waiting'") == 1
            assert sink.tries == []
        async with company.worker("deliver"):
            await soon(lambda: titles(sink) == [KIM])


async def test_two_that_hand_on_double_nothing(company: Company, site: Site, sink: JsonSink, place: Place) -> None:
    configure(company.folder, place.url, feed=site.url_of("/rss"), sink=sink, name="other.yaml")
    async with AsyncExitStack() as open_:
        for one in (company.run(), company.run("other.yaml"), company.worker(), company.worker()):
            await open_.enter_async_context(one)
        await soon(lambda: titles(sink) == [KIM])
        site.feed("/rss", [an_entry(MISSILE, MISSILE_PARAGRAPHS, 3), an_entry(KIM, PARAGRAPHS, 1)])
        await soon(lambda: MISSILE in titles(sink))
        await asyncio.sleep(2.5)  # what should not come would come now
    assert titles(sink) == sorted([KIM, MISSILE])
    assert company.count("article") == 3
    assert company.count("story") == 3


async def test_an_edit_reaches_a_worker(company: Company, site: Site, sink: JsonSink, place: Place) -> None:
    async with company.run(), company.worker():
        await soon(lambda: titles(sink) == [KIM])
        configure(company.folder, place.url, feed=site.url_of("/rss"), sink=sink, topic="Harga beras panen")
        await soon(lambda: len(company.said("the edited configuration is in force")) == 2)
        news = "Harga Beras Naik Sebelum Panen"
        site.feed("/rss", [an_entry(news, RICE_PARAGRAPHS[:1], 4), an_entry(KIM, PARAGRAPHS, 1)])
        await soon(lambda: news in titles(sink))


# -- jobs ------------------------------------------------------------------------------------------


async def test_a_job_that_comes_twice_or_late_does_nothing(company: Company, site: Site, place: Place) -> None:
    async with company.run():  # so that the feed has its row
        pass
    database = Database(place.url)
    with Queue(database.conninfo).opened() as queue:
        claims = database.write(feeds.claim, now=utc_now(), limit=1)
        until_then = utc_now() + timedelta(minutes=2)
        database.write(leases.queue, leases.FEEDS, claims, until=until_then)
        for _ in range(2):
            queue.put("poll", claims)
        async with company.worker("poll"):
            await soon(lambda: site.asked("/rss") and not company.count("procrastinate_jobs"))
            queue.put("poll", claims)
            await soon(lambda: not company.count("procrastinate_jobs"))
    assert len(site.asked("/rss")) == 1
    assert company.count("feed WHERE lease_token IS NOT NULL OR claims > 0") == 0
    database.close()


def test_jobs_that_get_lost_do_not_count_against_a_row(company: Company, place: Place) -> None:
    database = Database(place.url)
    now = utc_now()
    database.write(feeds.configure, [a_feed()], now=now)
    for lost in range(5):
        (claim,) = database.write(feeds.claim, now=now, limit=1)
        now += timedelta(minutes=2)
        database.write(leases.queue, leases.FEEDS, [claim], until=now)
        now += timedelta(seconds=lost + 1)
    assert company.count("feed WHERE claims = 0 AND paused IS NULL") == 1
    database.close()


# -- the end ---------------------------------------------------------------------------------------


def test_a_worker_that_is_told_to_stop_gives_back_what_it_has_and_nothing_is_lost_or_doubled(
    company: Company, site: Site, sink: JsonSink, place: Place
) -> None:
    site.article("/berita/1", KIM, PARAGRAPHS)
    site.slow("/berita/1", 3600)
    sink.hang()
    told = an_entry(MISSILE, MISSILE_PARAGRAPHS, 3)
    site.feed("/rss", [FeedEntry(KIM, "/berita/1"), told])
    configure(company.folder, place.url, feed=site.url_of("/rss"), sink=sink, full_text="auto")
    with cluster(company.folder, place) as many:
        many.begin(Part(("run",)))
        first = many.begin(Part(("worker",)))
        process = many.processes[first]
        assert until(lambda: bool(sink.tries) and bool(site.asked("/berita/1")), process), many.log()
        (end,) = many.stop([first])
        assert (end.status, "Traceback" in many.log()) == (0, False), many.log()
        for table in ("feed", "entry", "delivery"):
            assert many.count(f"{table} WHERE lease_token LIKE '%:%' OR claims > 0") == 0, table
        site.article("/berita/1", KIM, PARAGRAPHS)
        many.begin(Part(("worker",)))
        assert until(lambda: titles(sink) == sorted([KIM, MISSILE]), many.processes[-1]), many.log()
        time.sleep(2)  # what should not come would come now
        assert titles(sink) == sorted([KIM, MISSILE])
        assert many.count("article") == 2


# -- who may not be there --------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "once"])
def test_who_works_alone_is_kept_out_by_a_company(tmp_path: Path, place: Place, command: str) -> None:
    configure(tmp_path, place.url, engine="local")
    database = Database(place.url)
    with database.in_company():
        alone = monitor(tmp_path, command)
    database.close()
    assert (alone.returncode, alone.stdout) == (2, "")
    (line,) = alone.stderr.splitlines()
    assert line == "monitor: another monitor is running on this database; stop it first"


@pytest.mark.parametrize("command", ["run", "worker"])
def test_a_company_is_kept_out_by_who_works_alone(tmp_path: Path, place: Place, command: str) -> None:
    configure(tmp_path, place.url)
    database = Database(place.url)
    with database.sole_runner():
        one_of_many = monitor(tmp_path, command)
    database.close()
    assert (one_of_many.returncode, one_of_many.stdout) == (2, "")
    (line,) = one_of_many.stderr.splitlines()
    assert line == "monitor: another monitor is running on this database; stop it first"


def test_a_worker_where_one_works_alone_is_told_what_to_set(tmp_path: Path, place: Place) -> None:
    configure(tmp_path, place.url, engine="local")
    worker = monitor(tmp_path, "worker")
    assert (worker.returncode, worker.stdout) == (2, "")
    (line,) = worker.stderr.splitlines()
    assert "set engine: procrastinate and a storage.url of PostgreSQL" in line


# -- a database that is away -----------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run", "worker"])
def test_a_database_that_is_away_at_the_start_is_told_in_a_line(tmp_path: Path, command: str) -> None:
    configure(tmp_path, f"postgresql://ana@127.0.0.1:{free_port()}/kabar")
    one = monitor(tmp_path, command)
    assert (one.returncode, one.stdout) == (1, "")  # whoever starts it again may have more luck
    (line,) = one.stderr.splitlines()
    assert "can't be opened" in line


async def test_when_all_connections_break_they_come_back_by_themselves(
    company: Company, site: Site, sink: JsonSink, place: Place
) -> None:
    async with company.run(), company.worker():
        await soon(lambda: titles(sink) == [KIM])
        place.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        site.feed("/rss", [an_entry(MISSILE, MISSILE_PARAGRAPHS, 3), an_entry(KIM, PARAGRAPHS, 1)])
        await soon(lambda: MISSILE in titles(sink), within=120)  # what was in hand is tried again after half a minute
    assert titles(sink) == sorted([KIM, MISSILE])
    assert not [entry for entry in company.log if "nobody foresaw" in entry["event"]]
    assert company.count("feed WHERE claims > 0") == 0


def test_a_stop_while_the_database_is_away_ends_in_time(tmp_path: Path, site: Site) -> None:
    site.feed("/rss", [an_entry(KIM, PARAGRAPHS, 1)])
    site.slow("/rss", 3600)
    with own_server(tmp_path) as server, cluster(tmp_path, server) as many:
        configure(tmp_path, server.url, feed=site.url_of("/rss"))
        both = [many.begin(Part(("run",))), many.begin(Part(("worker",)))]
        assert until(lambda: bool(site.asked("/rss")), many.processes[-1]), many.log()
        server.stop(at_once=True)
        time.sleep(2)
        ends = many.stop(both)
        assert [end.status for end in ends] == [0, 0], many.log()
        assert "Traceback" not in many.log()
        server.start()
