"""The words in which it is said why a topic matched or did not, and what in it could be better, in one place so that they can be translated. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from monitor.model import Field
from monitor.topics.filters import Filter
from monitor.topics.nearest import How


@dataclass(frozen=True, slots=True)
class Tongue:
    """A text with {n} may have two forms, for one and for more, parted by a |."""

    all: str
    any: str
    no: str
    it: str
    the: str
    fields: Mapping[Field, str]
    in_field: str
    conj: str
    and_also: str
    more_parts: str
    disj: str
    within: str
    units: Mapping[str, str]
    words_in_a_row: str
    near: str
    near_ordered: str
    at_least: str
    times: str
    places: str
    is_in: str
    is_not_in: str
    must_not_be: str
    nothing_of: str
    nothing_amiss: str
    are_in_but_not: str
    is_in_but_not: str
    only: str
    as_: str
    nearest: str
    elsewhere: str
    come_closest: str
    how: Mapping[How, str]
    filters: Mapping[Filter, str]
    thousands: str
    offered: str
    add_beside: str
    add_as_alias: str
    only_related: str
    by_itself: str
    for_another: str
    in_no_article: str
    in_matches: str
    decided_some: str
    decided_none: str
    kept_out: str
    none_of_them: str
    some_of_them: str
    is_all_within: str
    is_nearly_all_within: str

    def number(self, count: int) -> str:
        return f"{count:,}".replace(",", self.thousands)

    def quoted(self, clause: str) -> str:
        """A clause as it is written, in quotes if it has none."""
        return clause if clause[:1] in _QUOTES else f'"{clause}"'


_QUOTES: Final = frozenset('"“”„«')


ENGLISH: Final = Tongue(
    all="all of these",
    any="any of these",
    no="not",
    it="it",
    the="the {what}",
    fields={"title": "title", "body": "body", "url": "address", "author": "author", "feed": "feed"},
    in_field=" in {what}",
    conj=" and ",
    and_also="; and ",
    more_parts="… and {n} more parts",
    disj=" or ",
    within="within {what}",
    units={"title": "the title", "paragraph": "one paragraph", "sentence": "one sentence"},
    words_in_a_row="{n} word in a row|{n} words in a row",
    near="near each other, with {n} word between at most|near each other, with {n} words between at most",
    near_ordered=(
        "near each other, with {n} word between at most, in this order"
        "|near each other, with {n} words between at most, in this order"
    ),
    at_least="{n} time or more|{n} times or more",
    times="{n} time|{n} times",
    places="{n} place|{n} places",
    is_in="{what} is in {where}",
    is_not_in="{what} is not in {where}",
    must_not_be="{hit}, and must not be",
    nothing_of="nothing of {what} is in it",
    nothing_amiss="nothing is amiss",
    are_in_but_not="{what} are in it, but not {how}",
    is_in_but_not="{what} is in it, but not {how}",
    only="{what} is in it {times} only, not {how}",
    as_=" (as {what})",
    nearest="; nearest: {what}",
    elsewhere="; but {what} is in {where}",
    come_closest="; they come closest in {what}",
    how={
        "capitals": "with other capitals",
        "form": "in another form",
        "apart": "with {n} word between|with {n} words between",
        "order": "in another order",
        "part": "a part of it",
        "paragraphs": "in different paragraphs",
    },
    filters={
        "languages": "it is in {language}, and the topic's languages are {languages}",
        "feeds": "its feed is none of the topic's feeds",
        "except_feeds": "its feed is one of the topic's except_feeds",
        "min_score": "its score is {score}, and the topic's min_score is {min_score}",
    },
    thousands=",",
    offered="{word} occurs in {misses} of {of} near misses without {clause} and in {others} of {of_others} other articles",
    add_beside=": add it beside {clause}?",
    add_as_alias=": add it as an alias of {clause}?",
    only_related=": a word of like news, not another name; add it only to be told of that too",
    by_itself="{what} by itself",
    for_another="{what} for {other}",
    in_no_article="{what} is in no article",
    in_matches="{what} is in {hits} of {of} matches, and {decided}",
    decided_some="decided {n} of them",
    decided_none="decided none of them",
    kept_out="{what} is in {hits} of {of} articles, and alone kept out {decided}",
    none_of_them="none of them",
    some_of_them="{n} of them",
    is_all_within="{smaller} is all within {larger}: {common} of its {n} articles, of {m} there",
    is_nearly_all_within="{smaller} is nearly all within {larger}: {common} of its {n} articles, of {m} there",
)

INDONESIAN: Final = Tongue(
    all="semua ini",
    any="salah satu dari ini",
    no="tanpa",
    it="artikel",
    the="{what}",
    fields={"title": "judul", "body": "isi", "url": "alamat", "author": "penulis", "feed": "sumber"},
    in_field=" dalam {what}",
    conj=" dan ",
    and_also="; dan ",
    more_parts="… dan {n} bagian lagi",
    disj=" atau ",
    within="dalam {what}",
    units={"title": "judul", "paragraph": "satu paragraf", "sentence": "satu kalimat"},
    words_in_a_row="{n} kata berurutan",
    near="berdekatan, paling banyak {n} kata di antaranya",
    near_ordered="berdekatan, paling banyak {n} kata di antaranya, dengan urutan ini",
    at_least="{n} kali atau lebih",
    times="{n} kali",
    places="{n} tempat",
    is_in="{what} ada dalam {where}",
    is_not_in="{what} tidak ada dalam {where}",
    must_not_be="{hit}, padahal tidak boleh",
    nothing_of="tidak ada satu pun dari {what}",
    nothing_amiss="tidak ada yang kurang",
    are_in_but_not="{what} ada, tetapi tidak {how}",
    is_in_but_not="{what} ada, tetapi tidak {how}",
    only="{what} hanya ada {times}, bukan {how}",
    as_=" (sebagai {what})",
    nearest="; paling dekat: {what}",
    elsewhere="; tetapi {what} ada dalam {where}",
    come_closest="; paling dekat dalam {what}",
    how={
        "capitals": "dengan huruf besar lain",
        "form": "dalam bentuk lain",
        "apart": "dengan {n} kata di antaranya",
        "order": "dengan urutan lain",
        "part": "sebagian",
        "paragraphs": "dalam paragraf yang berbeda",
    },
    filters={
        "languages": "bahasanya {language}, sedangkan bahasa topik ini {languages}",
        "feeds": "sumbernya bukan salah satu feeds topik ini",
        "except_feeds": "sumbernya termasuk except_feeds topik ini",
        "min_score": "nilainya {score}, sedangkan min_score topik ini {min_score}",
    },
    thousands=".",
    offered="{word} ada dalam {misses} dari {of} artikel yang nyaris cocok tanpa {clause}, dan dalam {others} dari {of_others} artikel lain",
    add_beside=": tambahkan di samping {clause}?",
    add_as_alias=": tambahkan sebagai alias {clause}?",
    only_related=": kata dari berita serupa, bukan nama lain; tambahkan hanya bila itu pun ingin Anda dengar",
    by_itself="{what} sendiri",
    for_another="{what} untuk {other}",
    in_no_article="{what} tidak ada dalam artikel mana pun",
    in_matches="{what} ada dalam {hits} dari {of} artikel yang cocok, dan {decided}",
    decided_some="menentukan {n} di antaranya",
    decided_none="tidak menentukan satu pun",
    kept_out="{what} ada dalam {hits} dari {of} artikel, dan sendirian menyisihkan {decided}",
    none_of_them="tidak satu pun",
    some_of_them="{n} di antaranya",
    is_all_within="{smaller} seluruhnya ada dalam {larger}: {common} dari {n} artikelnya, dari {m} di sana",
    is_nearly_all_within="{smaller} hampir seluruhnya ada dalam {larger}: {common} dari {n} artikelnya, dari {m} di sana",
)
