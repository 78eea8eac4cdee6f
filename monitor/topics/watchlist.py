"""All topics, ready to be asked which of them an article concerns. Pure."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from monitor.errors import QueryError, UsageError
from monitor.model import Article, Field, Match
from monitor.settings import AlertPolicy, Settings, Topic
from monitor.topics.aliases import Aliases, TopicError, compile_aliases
from monitor.topics.alike import Compare, Likeness, asks_for_words, nothing_known
from monitor.topics.analysis import Analyser
from monitor.topics.evaluate import Fields, is_true
from monitor.topics.explain import explain
from monitor.topics.filters import Filter, refused_by
from monitor.topics.garbage import uncollected
from monitor.topics.groups import Group, Watch, groups_of
from monitor.topics.index import Rarity
from monitor.topics.nearest import COMPARED, Vicinity
from monitor.topics.packs import pack
from monitor.topics.question import ready
from monitor.topics.spelled import Effort
from monitor.topics.sugar import of_topic
from monitor.topics.why import Why, why

Errors = tuple[tuple[int | None, TopicError], ...]  # place of the topic (None: an alias) and what is wrong


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What all topics share: what else things are called, which words have no affixes, what feeds are called."""

    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    packs: tuple[str, ...] = ()
    protect: tuple[str, ...] = ()
    feed_names: Mapping[str, str] = field(default_factory=dict)  # by URL

    @classmethod
    def of(cls, settings: Settings) -> Vocabulary:
        names = {feed.url: feed.name for feed in settings.feeds}
        return cls(settings.aliases, settings.alias_packs, settings.protect, names)

    @property
    def all_protected(self) -> frozenset[str]:
        return frozenset(self.protect).union(*(pack(name).protect for name in self.packs))


@dataclass(frozen=True, slots=True)
class Account:
    """What becomes of an article under a topic, and why."""

    why: Why
    score: int | None  # of a query that is true
    refused_by: Filter | None  # though its query may be true

    @property
    def is_match(self) -> bool:
        return self.score is not None and self.refused_by is None


@dataclass(frozen=True, slots=True, eq=False)
class Watchlist:
    """`compile_all` makes it."""

    watches: tuple[Watch, ...]
    words: _Words
    groups: tuple[Group, ...]
    rarity: Rarity
    by_name: Mapping[str, Watch]
    compare: Compare = nothing_known  # with what topics want articles to be like

    @classmethod
    def compile(cls, topics: Sequence[Topic], aliases: Mapping[str, tuple[str, ...]]) -> Watchlist:
        """Raises `TopicError` for the first thing wrong; `compile_all` gives all."""
        return _whole(topics, Vocabulary(aliases))

    def match(self, article: Article) -> tuple[Match, ...]:
        """Every topic that the article concerns, in the order of the topics."""
        texts = self._texts(article)
        likeness = Likeness(self.compare, texts)
        found: list[tuple[int, Match]] = []
        for group in self.groups:
            fields = group.read(texts)
            for place, watch in group.asked(fields, article):
                if match := _match(watch, fields, likeness):
                    found.append((place, match))
        return tuple(match for _, match in sorted(found, key=lambda each: each[0]))

    def topics(self, article: Article) -> tuple[str, ...]:
        """The names of the topics that it concerns, without evidence."""
        texts = self._texts(article)
        likeness = Likeness(self.compare, texts)
        found: list[tuple[int, str]] = []
        for group in self.groups:
            fields = group.read(texts)
            for place, watch in group.asked(fields, article):
                topic = watch.topic
                if likeness.suffices(topic) and (
                    not topic.min_score or _score(watch, fields, likeness) >= topic.min_score
                ):
                    found.append((place, topic.name))
        return tuple(name for _, name in sorted(found))

    def match_text(self, topic: str, title: str, body: str) -> tuple[Match, ...]:
        """Of a text that is no article: whatever its language, and the feed it may come from."""
        watch, group = self._found(topic)
        texts: Mapping[Field, str] = {"title": title, "body": body}
        fields = group.read(texts)
        if not is_true(watch.question, fields):
            return ()
        match = _match(watch, fields, Likeness(self.compare, texts))
        return (match,) if match else ()

    def account(self, topic: str, article: Article) -> Account:
        watch, group = self._found(topic)
        texts = self._texts(article)
        return _account(watch, group.read(texts), article, Likeness(self.compare, texts))

    def accounts_with_nearest(self, topics: Sequence[str], article: Article) -> Iterator[tuple[str, Account]]:
        """Of these topics, also what comes closest to what is missing; if that takes too long, not of the last ones."""
        texts, effort = self._texts(article), Effort(COMPARED)
        likeness = Likeness(self.compare, texts)
        vicinities: dict[int, Vicinity] = {}
        for topic in topics:
            watch, group = self._found(topic)
            vicinity = vicinities.get(id(watch.analyser))
            if vicinity is None:
                vicinity = Vicinity(group.read(texts), watch.analyser, effort)
                vicinities[id(watch.analyser)] = vicinity
            yield topic, _account(watch, vicinity.article, article, likeness, vicinity)

    def read(self, topic: str, article: Article) -> Fields:
        """The article as the topic's query sees it."""
        _, group = self._found(topic)
        return group.read(self._texts(article))

    def accounts(self, article: Article) -> Iterator[tuple[str, Account]]:
        """Of every topic, by its name."""
        texts = self._texts(article)
        likeness = Likeness(self.compare, texts)
        for group in self.groups:
            fields = group.read(texts)
            for watch in group.watches:
                yield watch.topic.name, _account(watch, fields, article, likeness)

    def weighed(self, rarity: Rarity) -> Watchlist:
        """The same, looked up by how rare words are in the own stream; ready for the first article."""
        groups = tuple(replace(group, rarity=rarity) for group in self.groups)
        for group in groups:
            _ = group.index
        return replace(self, groups=groups, rarity=rarity)

    def comparing(self, compare: Compare) -> Watchlist:
        """The same, with what its topics want articles to be like."""
        return replace(self, compare=compare)

    def keeping(self, topics: Sequence[Topic], kept: Container[str], other: Watchlist) -> Watchlist:
        """These topics; the query of those `kept` as `other` has it, whatever its words mean by now."""
        watches = tuple(_of(topic, other if topic.name in kept else self) for topic in topics)
        groups = tuple(groups_of(watches, self.rarity, self.groups))
        return replace(self, watches=watches, groups=groups, by_name={watch.topic.name: watch for watch in watches})

    def watch(self, topic: str) -> Watch | None:
        return self.by_name.get(topic)

    def found(self, topic: str) -> Watch:
        """Raises `UsageError` if there is none."""
        return self._found(topic)[0]

    def _found(self, topic: str) -> tuple[Watch, Group]:
        if topic not in self.by_name:
            raise UsageError(f"there is no topic called {topic}")
        watch = self.by_name[topic]
        return watch, next(group for group in self.groups if group.analyser is watch.analyser)

    def _texts(self, article: Article) -> Mapping[Field, str]:
        name = self.words.vocabulary.feed_names.get(article.feed)
        return {
            "title": article.title,
            "body": article.text,
            "url": article.url,
            "author": article.author or "",
            "feed": f"{name}\n{article.feed}" if name and name != article.feed else article.feed,
        }


def compile_query(query: str, vocabulary: Vocabulary, language: str = "none") -> Watchlist:
    """A single query, as a topic without a name; raises `TopicError`."""
    return _whole([Topic(name="", query=query, language=language, channels=(), policy=AlertPolicy())], vocabulary)


def compile_all(
    topics: Sequence[Topic], vocabulary: Vocabulary, *, previous: Watchlist | None = None
) -> tuple[Watchlist, Errors]:
    """The topics that can be read, and what is wrong with the others.

    A topic that `previous` has, in the same words of the same meaning, is taken from there.
    """
    with uncollected():
        return _compiled(topics, vocabulary, previous)


def _compiled(topics: Sequence[Topic], vocabulary: Vocabulary, previous: Watchlist | None) -> tuple[Watchlist, Errors]:
    words = _words(vocabulary, previous)
    known = previous.by_name if previous and _mean_the_same(words, previous.words) else {}
    errors: list[tuple[int | None, TopicError]] = [(None, error) for error in words.errors]
    watches: list[Watch] = []
    for place, topic in enumerate(topics):
        watch = known.get(topic.name)
        try:
            watches.append(watch if watch and watch.topic == topic else _watch(topic, words))
        except TopicError as error:
            errors.append((place, error))
    rarity: Rarity = previous.rarity if previous else len
    groups = tuple(groups_of(watches, rarity, previous.groups if previous else ()))
    by_name = {watch.topic.name: watch for watch in watches}
    compare = previous.compare if previous else nothing_known
    return Watchlist(tuple(watches), words, groups, rarity, by_name, compare), tuple(errors)


def _of(topic: Topic, watchlist: Watchlist) -> Watch:
    """Its query from there; its filters are its own."""
    watch = watchlist.by_name[topic.name]
    filters = {"feeds": topic.feeds, "except_feeds": topic.except_feeds}
    if filters == {name: getattr(watch.topic, name) for name in filters}:
        return watch
    return replace(watch, topic=watch.topic.model_copy(update=filters))


def _whole(topics: Sequence[Topic], vocabulary: Vocabulary) -> Watchlist:
    watchlist, errors = compile_all(topics, vocabulary)
    if errors:
        raise errors[0][1]
    return watchlist


def _watch(topic: Topic, words: _Words) -> Watch:
    query = of_topic(topic, words.aliases)
    try:
        analyser = words.analyser(topic.language)
        return Watch(topic, ready(query, analyser), analyser)
    except TopicError:
        raise
    except QueryError as error:
        raise TopicError(error, ("name",) if topic.query is None else ("query",)) from None


# -- words ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Words:
    """A vocabulary, read; and who knows the words of a language. An analyser remembers what it read, so it is kept."""

    vocabulary: Vocabulary
    aliases: Aliases
    errors: tuple[TopicError, ...]
    protect: frozenset[str]
    analysers: dict[str, Analyser]

    def analyser(self, language: str) -> Analyser:
        if language not in self.analysers:
            self.analysers[language] = Analyser(language, self.protect)
        return self.analysers[language]


def _words(vocabulary: Vocabulary, previous: Watchlist | None) -> _Words:
    protect = vocabulary.all_protected
    kept = previous.words if previous else None
    analysers = kept.analysers if kept and kept.protect == protect else {}
    if kept and (kept.vocabulary.aliases, kept.vocabulary.packs) == (vocabulary.aliases, vocabulary.packs):
        return _Words(vocabulary, kept.aliases, kept.errors, protect, analysers)
    aliases, errors = compile_aliases(vocabulary.aliases, [pack(name).aliases for name in vocabulary.packs])
    return _Words(vocabulary, aliases, errors, protect, analysers)


def _mean_the_same(one: _Words, other: _Words) -> bool:
    return one.aliases is other.aliases and one.analysers is other.analysers


def _match(watch: Watch, fields: Fields, likeness: Likeness) -> Match | None:
    """Of a topic whose query is true."""
    topic, question = watch.topic, watch.question
    if not likeness.suffices(topic):
        return None
    is_of_words = asks_for_words(question)
    match = explain(topic.name, question, fields) if is_of_words else Match(topic.name, likeness.score(topic), ())
    return likeness.shown_in(match, topic) if match.score >= topic.min_score else None


def _account(
    watch: Watch, fields: Fields, article: Article, likeness: Likeness, vicinity: Vicinity | None = None
) -> Account:
    tree = likeness.beside(why(watch.question, fields, vicinity), watch.topic)
    is_hit = is_true(watch.question, fields) and likeness.suffices(watch.topic)
    score = _score(watch, fields, likeness) if is_hit else None
    refused = refused_by(watch.topic, article)
    if refused is None and score is not None and score < watch.topic.min_score:
        refused = "min_score"
    return Account(tree, score, refused)


def _score(watch: Watch, fields: Fields, likeness: Likeness) -> int:
    """How well the words match; where there are none, how like it is."""
    if not asks_for_words(watch.question):
        return likeness.score(watch.topic)
    return explain(watch.topic.name, watch.question, fields).score
