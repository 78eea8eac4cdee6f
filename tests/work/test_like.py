"""Topics by example: what is like a given article is told, whatever words it uses."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.app.house import open_house
from monitor.app.reload import Reload
from monitor.app.workshop import Bench
from monitor.config import parse
from monitor.model import Match
from monitor.parse import textfile
from monitor.settings import Sample, Topic
from monitor.stories.frequencies import Frequencies
from monitor.topics.clause_words import says
from monitor.topics.watchlist import Vocabulary, Watchlist, compile_all
from monitor.work.like import MENTIONED, Like
from monitor.work.rehearse import rehearsal
from monitor.work.replay import Span
from tests.build import NOON, a_topic, an_article, settings
from tests.site import FeedEntry, Site
from tests.work.desk import KIM, MISSILE, MISSILE_PARAGRAPHS, PARAGRAPHS, RICE, RICE_PARAGRAPHS, Desk, local
from tests.work.live_daemon import QUICK, a_config, housed

SEEDS = Path(__file__).parents[2] / "seeds"
FIRST, SECOND = sorted(SEEDS.iterdir())
LAVROV = "Di Wonsan, Menlu Rusia Lavrov Temui Kim Jong Un"
LAVROV_PARAGRAPHS = (
    "Menteri Luar Negeri Rusia Sergey Lavrov tiba di Wonsan dan disambut pemimpin Korea Utara Kim Jong Un pada Sabtu.",
    "Dari sana Lavrov akan bertolak ke Beijing untuk pertemuan para menteri luar negeri.",
)
ABOUT_KIM = Sample(name="kim.txt", title=KIM, text="\n".join(PARAGRAPHS))
TEXTS = {
    KIM: PARAGRAPHS,
    LAVROV: LAVROV_PARAGRAPHS,
    MISSILE: MISSILE_PARAGRAPHS,
    RICE: RICE_PARAGRAPHS,
}


def sample(file: Path) -> Sample:
    read = textfile.read(file.read_bytes(), file.name)
    return Sample(name=file.name, title=read.title, text=read.text)


def of(*topics: Topic, frequencies: Frequencies | None = None) -> Watchlist:
    watchlist, errors = compile_all(topics, Vocabulary())
    assert not errors
    return watchlist.comparing(Like(topics, frequencies) if frequencies else Like(topics))


def matches(title: str, *topics: Topic) -> dict[str, Match]:
    article = an_article(title, text="\n".join(TEXTS[title]))
    return {match.topic: match for match in of(*topics).match(article)}


# -- what is like it -----------------------------------------------------------------------------


def test_another_report_of_the_same_is_found_and_other_news_is_not() -> None:
    topic = a_topic("Pertemuan", like=(ABOUT_KIM,))
    assert [title for title in TEXTS if matches(title, topic)] == [KIM, LAVROV]


def test_with_one_seed_as_an_example_the_other_is_found() -> None:
    first, second = sample(FIRST), sample(SECOND)
    [match] = of(a_topic(like=(first,))).match(an_article(second.title, text=second.text))
    assert match.score > 2 * Topic.model_fields["like_score"].default


RELATED = {
    "Korea Utara Uji Rudal Lagi, Kim Jong Un Hadir": "Pemimpin Korea Utara Kim Jong Un menyaksikan uji rudal balistik di pantai timur. Jepang dan Korea Selatan mengecamnya.",
    "Lavrov: Rusia Siap Berunding soal Ukraina": "Menteri Luar Negeri Rusia Sergey Lavrov mengatakan di Moskow bahwa negaranya siap berunding soal Ukraina tanpa syarat dari Barat.",
    "Pasukan Korea Utara di Kursk Ditarik": "Rusia menyebut tentara Korea Utara yang membantu di Kursk pulang setelah wilayah itu direbut kembali dari Ukraina.",
    "Putin Undang Kim Jong Un ke Moskow": "Presiden Rusia Vladimir Putin mengundang Kim Jong Un berkunjung ke Moskow. Kremlin belum menyebut tanggalnya.",
    "Wonsan Dibuka untuk Turis": "Resor pantai Wonsan di Korea Utara menerima turis pertama. Hotel, kolam renang, dan toko sudah dibuka, kata media pemerintah.",
    "Zelensky Minta Tambahan Senjata": "Presiden Ukraina Volodymyr Zelensky meminta tambahan sistem pertahanan udara setelah serangan Rusia semalam.",
    "Menlu ASEAN Bertemu di Kuala Lumpur": "Para menteri luar negeri ASEAN membahas Laut China Selatan dan Myanmar. Menlu Rusia dan Amerika Serikat dijadwalkan hadir.",
}  # fmt: skip


def test_of_a_whole_archive_nothing_is_as_like_the_first_seed_as_the_second() -> None:
    first, second = sample(FIRST), sample(SECOND)
    topic = a_topic("Contoh", like=(first,), like_score=1)
    others = RELATED | {title: "\n".join(text) for title, text in TEXTS.items() if title in {MISSILE, RICE}}
    conf = settings(topics=(topic,))
    with rehearsal(conf, of(topic)) as told:
        for at, (title, text) in enumerate([*others.items(), (second.title, second.text)]):
            told.see(an_article(title, text=text), now=NOON + timedelta(minutes=at))
        span = Span(NOON - timedelta(days=1), NOON + timedelta(days=1))
        found = told.database.read(Bench.of(topic, conf).find, span)
    scores = {hit.arrived.article.title: hit.matches[0].score for hit in found.hits}
    assert scores.pop(second.title) > max(scores.values()) > 0
    assert scores.keys() <= others.keys()


def test_its_score_is_how_like_it_is_and_an_example_is_like_itself() -> None:
    topic = a_topic("Pertemuan", like=(ABOUT_KIM,))
    assert matches(KIM, topic)["Pertemuan"].score == 100
    assert 20 <= matches(LAVROV, topic)["Pertemuan"].score < 100


def test_one_example_of_several_is_enough_and_the_nearest_is_named() -> None:
    rice = Sample(name="beras.txt", title=RICE, text="\n".join(RICE_PARAGRAPHS))
    topic = a_topic("Keduanya", like=(rice, ABOUT_KIM))
    assert matches(LAVROV, topic)["Keduanya"].evidence[0].term.startswith("like kim.txt: ")
    assert matches(RICE, topic)["Keduanya"].evidence[0].term.startswith("like beras.txt: ")


def test_how_like_it_must_be_is_said_by_the_topic() -> None:
    topics = [a_topic(str(wanted), like=(ABOUT_KIM,), like_score=wanted) for wanted in (1, 20, 90, 100)]
    assert matches(LAVROV, *topics).keys() == {"1", "20"}
    assert matches(KIM, *topics).keys() == {"1", "20", "90", "100"}


def test_beside_a_query_both_must_hold() -> None:
    topics = (
        a_topic("ya", query="beijing", like=(ABOUT_KIM,)),
        a_topic("tidak", query="rudal", like=(ABOUT_KIM,)),
        a_topic("kecuali", none=("beijing",), like=(ABOUT_KIM,)),
    )
    assert matches(LAVROV, *topics).keys() == {"ya"}
    assert matches(MISSILE, *topics).keys() == set()


def test_beside_a_query_the_score_is_that_of_the_words() -> None:
    words = matches(LAVROV, a_topic("a", query="beijing"))["a"]
    both = matches(LAVROV, a_topic("a", query="beijing", like=(ABOUT_KIM,)))["a"]
    assert both.score == words.score
    assert both.evidence[: len(words.evidence)] == words.evidence
    assert both.evidence[len(words.evidence)].term.startswith("like kim.txt: ")


def test_filters_hold_and_min_score_counts_likeness() -> None:
    assert not matches(LAVROV, a_topic(like=(ABOUT_KIM,), except_feeds=("https://example.com/rss",)))
    assert not matches(LAVROV, a_topic(like=(ABOUT_KIM,), min_score=90))
    assert matches(KIM, a_topic(like=(ABOUT_KIM,), min_score=90))


# -- why -----------------------------------------------------------------------------------------


def test_a_match_names_the_words_in_common_and_shows_where_they_stand() -> None:
    found = matches(LAVROV, a_topic("a", like=(ABOUT_KIM,)))["a"].evidence
    body = "\n".join(LAVROV_PARAGRAPHS)
    assert [evidence.field for evidence in found] == ["title", "body"]
    for evidence in found:
        name, _, listed = evidence.term.partition(": ")
        text = LAVROV if evidence.field == "title" else body
        words = listed.split(", ")
        assert (name, len(words)) == ("like kim.txt", 5)
        assert "wonsan" in words
        assert text[evidence.start : evidence.end].casefold() in words
        assert evidence.snippet in text
        assert evidence.hits
        assert {evidence.snippet[start:end].casefold() for start, end in evidence.hits} <= set(words)


def test_a_miss_says_how_like_it_was() -> None:
    watchlist = of(a_topic("a", query="wonsan", like=(ABOUT_KIM,), like_score=90))
    account = watchlist.account("a", an_article(LAVROV, text="\n".join(LAVROV_PARAGRAPHS)))
    assert not account.is_match
    words, like = account.why.parts
    assert (words.is_hit, like.is_hit) == (True, False)
    assert says(like.of).startswith("like kim.txt, by 90 of 100 or more (")


@given(st.permutations(list(TEXTS)), st.integers(1, 100))
def test_names_matches_and_accounts_agree(order: list[str], wanted: int) -> None:
    samples = [Sample(name=title, title=title, text="\n".join(TEXTS[title])) for title in order[:2]]
    topics = (
        a_topic("suka", like=tuple(samples), like_score=wanted),
        a_topic("dan", query="rusia", like=tuple(samples), like_score=wanted),
    )
    watchlist = of(*topics)
    for title, paragraphs in TEXTS.items():
        article = an_article(title, text="\n".join(paragraphs))
        found = [match.topic for match in watchlist.match(article)]
        assert list(watchlist.topics(article)) == found
        assert [name for name, account in watchlist.accounts(article) if account.is_match] == found
        assert [t.name for t in topics if watchlist.match_text(t.name, title, article.text)] == found
        assert {name: score.score for name, score in watchlist.compare(title, article.text).items()} == {
            name: score.score for name, score in Like(topics)(title, article.text).items()
        }


def test_what_is_alike_by_chance_is_not_mentioned_but_where_a_topic_wants_so_little() -> None:
    article = an_article(RICE, text="\n".join(RICE_PARAGRAPHS))
    assert "a" not in Like([a_topic("a", like=(ABOUT_KIM,), like_score=MENTIONED)])(article.title, article.text)


def test_words_that_became_common_make_less_alike() -> None:
    like = Like([a_topic("a", like=(ABOUT_KIM,))])
    before = like(LAVROV, "\n".join(LAVROV_PARAGRAPHS))["a"].score
    like.weigh(Frequencies.of(100_000, dict.fromkeys(("lavrov", "wonsan", "kim", "jong", "un", "beijing"), 90_000)))
    assert like(LAVROV, "\n".join(LAVROV_PARAGRAPHS))["a"].score < before


def test_a_rehearsal_compares_too() -> None:
    wanted = settings(topics=(a_topic("Pertemuan", like=(ABOUT_KIM,)),))
    watchlist = Watchlist.compile(wanted.topics, {})
    with rehearsal(wanted, watchlist) as rehearsed:
        assert rehearsed.see(an_article(LAVROV, text="\n".join(LAVROV_PARAGRAPHS)), now=NOON)
        assert not rehearsed.see(an_article(RICE, text="\n".join(RICE_PARAGRAPHS)), now=NOON)


# -- while the program works ---------------------------------------------------------------------


def listing(site: Site, *titles: str, topic: Topic) -> dict[str, Any]:
    for place, title in enumerate(titles):
        site.article(f"/berita/{place}", title, TEXTS[title])
    feed = site.feed("/rss", [FeedEntry(title, f"/berita/{place}") for place, title in enumerate(titles)])
    return {"feeds": (local(feed),), "topics": (topic,)}


async def test_a_round_tells_what_is_like_an_example(any_desk: Desk, site: Site) -> None:
    await any_desk.round(**listing(site, LAVROV, RICE, topic=a_topic("Pertemuan", like=(ABOUT_KIM,))))
    assert LAVROV in any_desk.console.getvalue()
    assert RICE not in any_desk.console.getvalue()


async def test_a_count_weighs_the_examples_anew(desk: Desk, site: Site) -> None:
    plan = listing(site, KIM, LAVROV, RICE, topic=a_topic("Pertemuan", like=(ABOUT_KIM,)))
    async with open_house(desk.ground(**plan)) as house:
        await house.engine.drain("poll", "ingest")
        before = house.live.plan.watchlist.compare(LAVROV, "\n".join(LAVROV_PARAGRAPHS))["Pertemuan"]
        await house.crew.count.count()
        after = house.live.plan.watchlist.compare(LAVROV, "\n".join(LAVROV_PARAGRAPHS))["Pertemuan"]
        fresh = Like(house.live.plan.settings.topics, house.live.frequencies)
        assert after == fresh(LAVROV, "\n".join(LAVROV_PARAGRAPHS))["Pertemuan"] != before


async def test_an_address_counts_from_when_its_article_is_in_the_archive(any_desk: Desk, site: Site) -> None:
    at = Sample(name=site.url_of("/berita/0"), key=textless_key(site.url_of("/berita/0")))
    topic = a_topic("Pertemuan", like=(at,))
    await any_desk.round(**listing(site, KIM, topic=topic))
    assert KIM not in any_desk.console.getvalue()
    any_desk.clock.forward(hours=1)
    await any_desk.round(**listing(site, KIM, LAVROV, RICE, topic=topic))
    assert LAVROV in any_desk.console.getvalue()
    assert RICE not in any_desk.console.getvalue()


async def test_an_address_counts_at_once_where_its_article_comes_while_the_program_works(
    desk: Desk, site: Site
) -> None:
    at = Sample(name=site.url_of("/berita/0"), key=textless_key(site.url_of("/berita/0")))
    plan = listing(site, KIM, topic=a_topic("Pertemuan", like=(at,)))
    async with open_house(desk.ground(**plan)) as house:
        compare = house.live.plan.watchlist.compare
        assert not compare(LAVROV, "\n".join(LAVROV_PARAGRAPHS))
        await house.engine.drain("poll", "ingest")
        assert compare(LAVROV, "\n".join(LAVROV_PARAGRAPHS))["Pertemuan"].score >= 20


def textless_key(url: str) -> str:
    """As the configuration reads an address."""
    text = (
        f"channels: {{t: console}}\nalerts: {{channels: [t]}}\nfeeds: ['{url}']\ntopics: [{{name: a, like: '{url}'}}]"
    )
    return parse(text.encode(), path=Path("config.yaml"), environ={}).settings.topics[0].like[0].key


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "contoh").mkdir()
    shutil.copy(FIRST, tmp_path / "contoh")
    return tmp_path


CHANNELS = "channels: {terminal: console}\nalerts: {channels: [terminal]}\nfeeds: [{url: contoh/, every: 1d}]"


async def test_an_edit_of_an_example_or_a_further_one_counts_without_a_restart(folder: Path) -> None:
    text = a_config(folder, CHANNELS, "topics: [{name: Pertemuan, like: contoh/}]")
    async with housed(folder, text) as service:
        reload = Reload(service.house, service.file, stillness=QUICK)
        await reload.look(even_if_unchanged=True)
        assert not compared(service.house.live.plan.watchlist, RICE)

        (folder / "contoh" / "beras.txt").write_text(f"{RICE}\n\n" + "\n".join(RICE_PARAGRAPHS), "utf-8")
        await reload.look()
        assert service.changes == ["1 topic changed"]
        assert compared(service.house.live.plan.watchlist, RICE) == 100


async def test_an_address_that_is_not_known_yet_is_said_in_the_log(folder: Path) -> None:
    text = a_config(folder, CHANNELS, "topics: [{name: Pertemuan, like: 'https://news.example/kim'}]")
    async with housed(folder, text) as service:
        [said] = service.said("no article of this address is in the archive yet")
    assert (said["topic"], said["address"]) == ("Pertemuan", "https://news.example/kim")


def compared(watchlist: Watchlist, title: str) -> int:
    found = watchlist.compare(title, "\n".join(TEXTS[title])).get("Pertemuan")
    return found.score if found else 0
