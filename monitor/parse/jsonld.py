"""What a page's data says of its article and its site: JSON-LD (schema.org) and meta elements. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from lxml.html import HtmlElement

from monitor.parse.cleaner import bare

_TYPES: Final = (
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle BackgroundNewsArticle ReviewNewsArticle"
    " BlogPosting LiveBlogPosting Report AdvertiserContentArticle WebPage"
)
_ARTICLES: Final = frozenset(_TYPES.split())
_AROUND: Final = re.compile(r"^(?://|/\*)?\s*(?:<!\[CDATA\[|<!--)(?:\s*\*/)?|(?://|/\*)?\s*(?:\]\]>|-->)(?:\s*\*/)?$")
_LAST_COMMA: Final = re.compile(r",(\s*[}\]])")
_DEEPEST: Final = 6
_MOST_NAMES: Final = 20
_LONGEST: Final = 1_000_000  # characters of a script; a longer one is a shop's list of goods
_LONGEST_HOST: Final = 300
_FEWEST_OF_HOST: Final = 4  # letters of a name that a host's name is known by
_SITES: Final = ("og:site_name", "application-name", "publisher")
MARK: Final = re.compile(r"\s+(?:[|•·–—»-]|::)\s+")  # between a title and the name of its site

Thing = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Names:
    """Who wrote it: people, and houses that stand in for them."""

    people: tuple[str, ...] = ()
    houses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """The thing on a page that is most surely its article; empty where there is none."""

    article: Thing
    by_id: Mapping[str, Thing]  # what other things on the page are known by

    def text(self, name: str) -> str:
        value = self.article.get(name)
        if isinstance(value, list) and value:
            value = value[0]
        return value if isinstance(value, str) else ""

    @property
    def authors(self) -> Names:
        return self._named(self.article.get("author") or self.article.get("creator"))

    @property
    def image(self) -> str:
        return self._address(self.article.get("image"))

    @property
    def publishers(self) -> tuple[str, ...]:
        names = self._named(self.article.get("publisher"))
        return (*names.people, *names.houses)

    @property
    def is_news(self) -> bool:
        return any(name.endswith("NewsArticle") for name in types_of(self.article))

    @property
    def is_free(self) -> bool | None:
        """Whether all may read all of it; None where nothing is said."""
        match self.article.get("isAccessibleForFree"):
            case bool() as free:
                return free
            case str() as text:
                return {"true": True, "false": False}.get(text.strip().lower())
            case _:
                return None

    def _named(self, said: object) -> Names:
        """An author is a text, a thing with a name, a thing said elsewhere on the page, or a list of these."""
        people: list[str] = []
        houses: list[str] = []
        for author in (said if isinstance(said, list) else [said])[:_MOST_NAMES]:
            thing = self._whole(author)
            name = _name(thing) if thing is not None else author
            if isinstance(name, str) and name.strip():
                is_house = thing is not None and "Organization" in "".join(types_of(thing))
                (houses if is_house else people).append(name.strip())
        return Names(tuple(dict.fromkeys(people)), tuple(dict.fromkeys(houses)))

    def _address(self, said: object) -> str:
        for one in (said if isinstance(said, list) else [said])[:_MOST_NAMES]:
            thing = self._whole(one)
            found = (thing.get("url") or thing.get("contentUrl")) if thing is not None else one
            if isinstance(found, str) and found.strip():
                return found.strip()
        return ""

    def _whole(self, said: object) -> Thing | None:
        if not isinstance(said, dict):
            return None
        name = said.get("@id")
        return self.by_id.get(name, said) if isinstance(name, str) and len(said) <= 2 else said  # noqa: PLR2004  id and type


def told(tree: HtmlElement) -> Told:
    things = [thing for script in _scripts(tree) for thing in _things(script, _DEEPEST)]
    articles = [thing for thing in things if types_of(thing) & _ARTICLES]
    by_id = {thing["@id"]: thing for thing in things if isinstance(thing.get("@id"), str) and _name(thing)}
    shown = {bare(str(h1.text_content())) for h1 in tree.iter("h1")} - {""}
    return Told(max(articles, key=lambda thing: (_is_of(thing, shown), _fullness(thing)), default={}), by_id)


def _is_of(thing: Thing, shown: set[str]) -> bool:
    """Its headline is one that stands on the page: a page may describe articles beside its own."""
    headline = thing.get("headline")
    return isinstance(headline, str) and bare(headline) in shown


def types_of(thing: Thing) -> set[str]:
    said = thing.get("@type")
    return {name for name in (said if isinstance(said, list) else [said]) if isinstance(name, str)}


def _scripts(tree: HtmlElement) -> Iterator[object]:
    for script in tree.iter("script"):
        if "ld+json" in str(script.get("type")).lower() and script.text and len(script.text) <= _LONGEST:
            try:
                yield json.loads(_mended(script.text), strict=False)
            except (ValueError, RecursionError):
                continue


def _mended(text: str) -> str:
    """Without what old templates put around it, and the comma behind a last item."""
    text = _AROUND.sub("", text.strip()).strip().rstrip(";")
    return _LAST_COMMA.sub(r"\1", text)


def _things(data: object, deepest: int) -> Iterator[dict[str, Any]]:
    match data:
        case dict():
            yield data
            inner = [data.get("@graph"), data.get("mainEntity"), data.get("mainEntityOfPage")]
        case list():
            inner = data
        case _:
            return
    for thing in inner if deepest else ():
        yield from _things(thing, deepest - 1)


def _fullness(thing: Thing) -> int:
    names = ("headline", "datePublished", "articleBody", "author")
    return sum(name in thing for name in names) - ("WebPage" in types_of(thing))


def _name(thing: Thing) -> str:
    name = thing.get("name")
    if isinstance(name, list) and name:
        name = name[0]
    if isinstance(name, str) and name.strip():
        return name
    parts = [part for key in ("givenName", "familyName") if isinstance(part := thing.get(key), str)]
    return " ".join(parts)


def metas_of(tree: HtmlElement) -> dict[str, str]:
    """The first content of each meta element, by its name in lower case."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        if content := str(meta.get("content") or ""):
            metas.setdefault(str(name).lower(), content)
    return metas


# -- the site ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Site:
    """What a site calls itself, by letters and digits alone."""

    known: frozenset[str]
    host: str

    def names(self, text: str) -> bool:
        name = bare(text)
        return name in self.known or (len(name) >= _FEWEST_OF_HOST and name in self.host)

    def cut_from(self, title: str) -> str:
        """A title without the name of the site at its end."""
        head = without_site(title)
        return head if head != title and self.names(MARK.split(title)[-1]) else title


def site_of(said: Told, metas: Mapping[str, str], base: str) -> Site:
    names = (*(metas.get(name, "") for name in _SITES), *said.publishers, *said.authors.houses)
    return Site(
        frozenset(filter(None, map(bare, names))),
        bare((base or "")[:_LONGEST_HOST].partition("://")[2].partition("/")[0]),
    )


def without_site(title: str) -> str:
    """A page's own title ends in the name of its site."""
    *_, mark = (0, *(found.start() for found in MARK.finditer(title)))
    return title[:mark] if mark else title
