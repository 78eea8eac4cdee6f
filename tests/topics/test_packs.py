"""The lists of names that come along: they are well formed, and what they hold is what the news means."""

from __future__ import annotations

from collections import Counter
from functools import cache
from importlib.resources import files
from itertools import chain

import pytest

from monitor.errors import UsageError
from monitor.settings import AlertPolicy, Topic
from monitor.text import tokens
from monitor.topics.aliases import Aliases, compile_aliases
from monitor.topics.packs import PACKS, pack
from monitor.topics.tree import Phrase, Word
from monitor.topics.watchlist import Vocabulary, compile_all

MODIFIERS = ("case:", "exact:")
MEMBERS = """
Afghanistan|Afrika Selatan|Albania|Aljazair|Amerika Serikat|Andorra|Angola|Antigua dan Barbuda|Arab Saudi|Argentina|Armenia
Australia|Austria|Azerbaijan|Bahama|Bahrain|Bangladesh|Barbados|Belanda|Belarus|Belgia|Belize|Benin|Bhutan|Bolivia
Bosnia dan Herzegovina|Botswana|Brasil|Brunei Darussalam|Bulgaria|Burkina Faso|Burundi|Ceko|Chad|Chile|Denmark|Djibouti
Dominika|Ekuador|El Salvador|Eritrea|Estonia|Eswatini|Etiopia|Fiji|Filipina|Finlandia|Gabon|Gambia|Georgia|Ghana|Grenada
Guatemala|Guinea|Guinea-Bissau|Guinea Khatulistiwa|Guyana|Haiti|Honduras|Hungaria|India|Indonesia|Inggris|Irak|Iran
Irlandia|Islandia|Israel|Italia|Jamaika|Jepang|Jerman|Kamboja|Kamerun|Kanada|Kazakhstan|Kenya|Kepulauan Marshall
Kepulauan Solomon|Kirgizstan|Kiribati|Kolombia|Komoro|Republik Kongo|Republik Demokratik Kongo|Korea Selatan|Korea Utara
Kosta Rika|Kroasia|Kuba|Kuwait|Laos|Latvia|Lebanon|Lesotho|Liberia|Libya|Liechtenstein|Lituania|Luksemburg|Madagaskar
Makedonia Utara|Maladewa|Malawi|Malaysia|Mali|Malta|Maroko|Mauritania|Mauritius|Meksiko|Mesir|Mikronesia|Moldova|Monako
Mongolia|Montenegro|Mozambik|Myanmar|Namibia|Nauru|Nepal|Niger|Nigeria|Nikaragua|Norwegia|Oman|Pakistan|Palau|Panama
Pantai Gading|Papua Nugini|Paraguay|Peru|Polandia|Portugal|Prancis|Qatar|Republik Afrika Tengah|Republik Dominika|Rumania
Rusia|Rwanda|Saint Kitts dan Nevis|Saint Lucia|Saint Vincent dan Grenadine|Samoa|San Marino|Sao Tome dan Principe
Selandia Baru|Senegal|Serbia|Seychelles|Sierra Leone|Singapura|Siprus|Slovenia|Slowakia|Somalia|Spanyol|Sri Lanka|Sudan
Sudan Selatan|Suriah|Suriname|Swedia|Swiss|Tajikistan|Tanjung Verde|Tanzania|Thailand|Timor Leste|Tiongkok|Togo|Tonga
Trinidad dan Tobago|Tunisia|Turki|Turkmenistan|Tuvalu|Uganda|Ukraina|Uni Emirat Arab|Uruguay|Uzbekistan|Vanuatu|Venezuela
Vietnam|Yaman|Yordania|Yunani|Zambia|Zimbabwe
""".strip().replace("\n", "|")


def words(text: str) -> tuple[str, ...]:
    return tuple(token.term for token in tokens(text))


def plain(written: str) -> str:
    for modifier in MODIFIERS:
        written = written.removeprefix(modifier)
    return written


def lines(name: str) -> list[str]:
    text = (files("monitor.topics") / "packs" / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def stands(option: Word | Phrase, text: str) -> bool:
    """Its words in a row, with its capitals if they count: what a phrase of a topic is found by."""
    said = [token.cased if option.case else token.term for token in tokens(text)]
    wanted = [token.cased if option.case else token.term for token in tokens(option.text)]
    return any(said[at : at + len(wanted)] == wanted for at in range(len(said)))


@cache
def everything() -> Aliases:
    return Aliases.compile({}, [pack(name).aliases for name in PACKS])


def found(topic: str, text: str) -> bool:
    """Is each of the topic's names, divided by +, in the text as itself or as one of its other names?"""
    aliases = everything()
    for name in topic.split(" + "):
        leaf = Phrase(name, 1, name)
        if not any(stands(option, text) for option in (leaf, *aliases.options.get(words(name), ()))):
            return False
    return True


# -- their form ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PACKS)
def test_every_name_of_a_pack_can_be_read_as_an_alias(name: str) -> None:
    _, errors = compile_aliases({}, [pack(name).aliases])
    assert errors == ()


@pytest.mark.parametrize("name", PACKS)
def test_a_line_names_one_thing_by_at_least_two_names(name: str) -> None:
    assert [line for line in lines(name) if line.count(" = ") != 1 or not all(line.split(" = "))] == []
    assert [key for key, values in pack(name).aliases.items() if not values] == []


def test_no_name_stands_for_two_things() -> None:
    keys = Counter(words(key) for name in PACKS for key in pack(name).aliases if not key.startswith("case:"))
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("name", PACKS)
def test_no_name_stands_for_itself_or_for_another_twice(name: str) -> None:
    for key, values in pack(name).aliases.items():
        said = [words(plain(value)) for value in values]
        assert words(plain(key)) not in said, key
        assert len(said) == len(set(said)), key


@pytest.mark.parametrize("name", PACKS)
def test_every_name_says_something_and_has_no_sign_of_the_format_left(name: str) -> None:
    written = {*map(plain, pack(name).aliases), *chain.from_iterable(pack(name).aliases.values())}
    assert [each for each in written if not words(plain(each)) or set(plain(each)) & set('()=:;,"*?')] == []


def test_what_counts_in_capitals_only_is_never_a_key_in_small_letters() -> None:
    """In small letters it is another word, and a topic that holds that word must not become a topic about Korea."""
    keys = {words(key) for name in PACKS for key in pack(name).aliases}
    cased = {value for name in PACKS for values in pack(name).aliases.values() for value in values if "case:" in value}
    assert [value for value in cased if words(plain(value)) in keys] == []


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("Presiden AS", "Presiden Amerika Serikat tiba"),
        ("AS", "Tentara AS"),
        ("Ketua MK", "Ketua Mahkamah Konstitusi"),
        ("Gubernur BI", "Gubernur Bank Indonesia"),
    ],
)
def test_a_short_form_in_capitals_is_looked_for_by_its_long_names_too(topic: str, text: str) -> None:
    assert matches(topic, text)


@pytest.mark.parametrize(
    ("topic", "text"),
    [("as", "Tentara Amerika Serikat"), ("AS", "gandar as roda"), ("Ketua mk", "Ketua Mahkamah Konstitusi")],
)
def test_in_small_letters_it_is_a_word(topic: str, text: str) -> None:
    assert not matches(topic, text)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("gubernur jawa barat", "Gubernur Jabar tiba"),
        ("menteri luar negeri rusia", "Menlu Rusia Lavrov"),
        ("Presiden Amerika Serikat", "Presiden AS Donald Trump"),
        ("Menlu AS", "Menteri Luar Negeri Amerika Serikat"),
    ],
)
def test_a_name_within_a_longer_phrase_is_looked_for_by_its_other_names(item: str, text: str) -> None:
    assert matches("x", text, any=(item,))


def test_a_phrase_in_quotes_is_looked_for_as_it_is() -> None:
    assert not matches("x", "Menlu Rusia Lavrov", any=('"menteri luar negeri rusia"',))


def matches(name: str, text: str, **said: tuple[str, ...]) -> bool:
    topic = Topic(name=name, language="id", channels=(), policy=AlertPolicy(), **said)
    watchlist, errors = compile_all([topic], Vocabulary(packs=PACKS))
    assert not errors
    return bool(watchlist.match_text(name, "", text))


def test_a_short_form_of_two_things_says_so() -> None:
    short = Counter(value for name in PACKS for line in lines(name) for value in set(shorts(line)))
    twice = {plain(value) for value, count in short.items() if count > 1}
    noted = {form for name in PACKS for notes in pack(name).ambiguous.values() for form, _ in notes}
    assert twice
    assert twice <= noted


def shorts(line: str) -> list[str]:
    return [part.split(" (")[0].strip() for part in line.split(" = ")[1].split(",") if part.strip().startswith("case:")]


@pytest.mark.parametrize("name", PACKS)
def test_what_else_a_short_form_means_is_said_in_words(name: str) -> None:
    ambiguous = pack(name).ambiguous
    assert set(ambiguous) <= set(pack(name).aliases)
    for key, notes in ambiguous.items():
        for form, meaning in notes:
            assert form in {key, *map(plain, pack(name).aliases[key])}
            assert meaning.strip() == meaning
            assert words(meaning) != words(form)


def test_there_are_enough_of_them() -> None:
    assert sum(len(lines(name)) for name in PACKS) >= 1_000


def test_a_pack_that_does_not_come_along_is_named() -> None:
    with pytest.raises(UsageError, match="there is no alias pack called korea"):
        pack("korea")


# -- what they hold ------------------------------------------------------------------------------


def test_every_member_of_the_united_nations_is_thought_of() -> None:
    countries = MEMBERS.split("|")
    text = (files("monitor.topics") / "packs" / "negara.txt").read_text(encoding="utf-8")
    one_name = "".join(text.split("# By one name only:")[1:]).replace("\n#", "")
    assert len(set(countries)) == 193
    assert [each for each in countries if each not in pack("negara").aliases and each not in one_name] == []
    assert {"Palestina", "Taiwan"} <= set(pack("negara").aliases)


@pytest.mark.parametrize(
    "capital",
    [
        "Pyongyang",
        "Seoul",
        "Moskow",
        "Kremlin",
        "Washington",
        "Gedung Putih",
        "Beijing",
        "Tokyo",
        "London",
        "Kiev",
        "Teheran",
    ],
)
def test_a_capital_is_not_another_name_of_its_country(capital: str) -> None:
    named = {words(plain(each)) for key, values in pack("negara").aliases.items() for each in (key, *values)}
    assert words(capital) not in named


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("Korea Utara", "Korut kembali uji rudal"),
        ("Korut", "Pemimpin Korea Utara tiba di Vladivostok"),
        ("Korut", "North Korea fires missile"),
        ("Menlu + Korsel", "Menteri Luar Negeri Korea Selatan bertolak ke Tokyo"),
        ("Menteri Luar Negeri", "Menlu RI bertemu mitranya"),
        ("Amerika Serikat", "Pasukan AS tiba"),
        ("Paman Sam", "Dolar AS menguat"),
        ("Tiongkok", "China naikkan tarif"),
        ("RRT", "Ekspor ke Cina turun"),
        ("Inggris", "PM of the United Kingdom"),
        ("Timor Leste", "East Timor joins Asean"),
        ("UEA", "Presiden Uni Emirat Arab tiba"),
        ("Papua Nugini", "Gempa guncang PNG"),
        ("Perserikatan Bangsa-Bangsa", "Sidang Majelis Umum PBB"),
        ("PBB", "Sekjen Perserikatan Bangsa-Bangsa mengecam"),
        ("Uni Eropa", "Tarif UE berlaku"),
        ("ASEAN", "Perhimpunan Bangsa-Bangsa Asia Tenggara"),
        ("Badan Tenaga Atom Internasional", "IAEA: fasilitas Natanz rusak"),
        ("KPK", "Komisi Pemberantasan Korupsi menahan bupati"),
        ("Mahkamah Konstitusi", "Putusan MK dibacakan"),
        ("Mahkamah Agung", "Kasasi ditolak MA"),
        ("Bank Indonesia", "BI tahan suku bunga"),
        ("Partai Amanat Nasional", "Ketua PAN tiba"),
        ("PDI Perjuangan", "Kader PDI-P dipecat"),
        ("PDIP", "Kongres PDI Perjuangan ditunda"),
        ("Komdigi", "Kementerian Komunikasi dan Digital blokir situs"),
        ("Kemenkomdigi", "Kata Komdigi, situs itu diblokir"),
        ("Kementerian Pendidikan Tinggi, Sains, dan Teknologi", "Kemendiktisaintek buka beasiswa"),
        ("Kemendikdasmen", "Kementerian Pendidikan Dasar dan Menengah"),
        ("Kejagung", "Kejaksaan Agung geledah kantor"),
        ("Jabar", "Gubernur Jawa Barat"),
        ("Nusa Tenggara Timur", "Gempa di NTT"),
        ("Polri", "Kepolisian RI"),
        ("Wali Kota", "Walikota Solo"),
        ("Karhutla", "Kebakaran hutan dan lahan di Riau"),
        ("Judol", "Bandar judi online"),
        ("Kecerdasan Buatan", "Perusahaan AI itu"),
        ("Badan Penanggulangan Bencana Daerah", "Kepala BPBD Lumajang"),
    ],
)
def test_a_topic_finds_what_is_called_otherwise(topic: str, text: str) -> None:
    assert found(topic, text)


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("Amerika Serikat", "Gandar as roda itu patah"),
        ("Partai Amanat Nasional", "Tuang ke dalam pan panas"),
        ("PAN", "Ketua Partai Amanat Nasional tiba"),  # not a key: it would be one for the pan, too
        ("Mahkamah Agung", "kata ma itu"),
        ("Bank Indonesia", "kata bi Inah"),
        ("Organisasi Kesehatan Dunia", "the man who came"),
        ("Papua Nugini", "simpan sebagai png"),
        ("Korea Utara", "Kata Pyongyang kemarin"),
        ("Korea Utara", "Korsel gelar latihan"),
        ("Rusia", "Kata Kremlin kemarin"),
        ("Amerika Serikat", "Washington menolak"),
        ("Kemenkum", "Kementerian Agama"),
        ("Kominfo", "Komdigi blokir situs"),  # split and renamed: another body
        ("Kemenparekraf", "Kemenpar luncurkan kalender wisata"),
        ("Kementerian Pekerjaan Umum", "Kementerian PUPR"),
        ("Republik Kongo", "Perang di Republik Demokratik Kongo"),
        ("Kuba", "Saya cuba hubungi dia"),
        ("Turki", "Roast turkey for dinner"),
        ("Kereta Api Indonesia", "Kai Havertz cetak gol"),
    ],
)
def test_a_topic_does_not_find_what_only_looks_alike(topic: str, text: str) -> None:
    assert not found(topic, text)


@pytest.mark.parametrize(
    ("name", "key", "short"),
    [
        ("indonesia", "Partai Kebangkitan Bangsa", "PKB"),
        ("indonesia", "Pajak Kendaraan Bermotor", "PKB"),
        ("indonesia", "Mahkamah Agung", "MA"),
        ("indonesia", "Palang Merah Indonesia", "PMI"),
        ("negara", "Perserikatan Bangsa-Bangsa", "PBB"),
        ("negara", "PBB", "PBB"),
        ("negara", "Paman Sam", "AS"),
    ],
)
def test_it_is_known_of_what_is_ambiguous(name: str, key: str, short: str) -> None:
    assert short in dict(pack(name).ambiguous[key])


@pytest.mark.parametrize(("name", "key"), [("indonesia", "KPK"), ("negara", "Korut"), ("indonesia", "Kemenkeu")])
def test_what_means_one_thing_is_not_warned_of(name: str, key: str) -> None:
    assert key not in pack(name).ambiguous


@pytest.mark.parametrize("word", ["Kejagung", "Sulut", "Jabar", "Kejari"])
def test_a_short_form_that_looks_like_a_word_with_affixes_is_kept_whole(word: str) -> None:
    assert word in pack("indonesia").protect
