"""The topics that are in force and what their words mean, kept so that an edit can be compared with them."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from monitor.settings import AlertPolicy, Examples, Settings, Topic
from monitor.topics.watchlist import Vocabulary


class InForce(BaseModel):
    model_config = ConfigDict(frozen=True)

    aliases: dict[str, tuple[str, ...]] = {}
    alias_packs: tuple[str, ...] = ()
    protect: tuple[str, ...] = ()
    feed_names: dict[str, str] = {}  # by URL
    topics: tuple[Topic, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> InForce:
        names = {feed.url: feed.name for feed in settings.feeds}
        return cls(
            aliases=settings.aliases,
            alias_packs=settings.alias_packs,
            protect=settings.protect,
            feed_names=names,
            topics=settings.topics,
        )

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.aliases, self.alias_packs, self.protect, self.feed_names)

    @property
    def named(self) -> Mapping[str, Topic]:
        """By name; who is told, and how, has no say in what a topic finds, and is left out."""
        alike = {"channels": (), "policy": AlertPolicy(), "has_own_limit": False, "hides": (), "examples": Examples()}
        return {topic.name: topic.model_copy(update=alike) for topic in self.topics}
