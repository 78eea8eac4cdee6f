"""What came of `make soak-outbox`: what was lost, what came twice, and whether a kill explains that."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.moody import Arrived


@dataclass(frozen=True, slots=True)
class Story:
    title: str
    url: str

    def is_in(self, message: Arrived) -> bool:
        return self.title in message.text and self.url in message.text


@dataclass(frozen=True, slots=True)
class Result:
    kills: int
    after_commits: Counter[str]  # of those kills, by what was committed
    stories: int
    expected: int  # a story for each channel
    messages: int
    lost: tuple[str, ...]
    repeats: int  # messages that came twice without a word
    marked: int  # and with one
    unexcused: tuple[str, ...]  # of the repeats: those that no kill explains
    left: dict[str, int]  # deliveries that did not end well
    exit_status: int
    surprises: tuple[str, ...]  # lines of its log that nobody foresaw

    @property
    def is_good(self) -> bool:
        repeats_are_good = self.repeats <= self.kills and not self.unexcused
        is_well = not self.left and not self.surprises and self.exit_status == 0
        return not self.lost and repeats_are_good and is_well

    def __str__(self) -> str:
        told = self.expected - len(self.lost)
        commits = ", ".join(f"{name} {count}" for name, count in self.after_commits.most_common())
        left = ", ".join(f"{count} {state}" for state, count in self.left.items()) or "nothing"
        lines = (
            f"{self.kills} kills, {self.after_commits.total()} of them right after a commit ({commits})",
            f"{self.stories} stories to be told {self.expected} times: {told} told, {len(self.lost)} lost",
            f"{self.messages} messages came, {self.repeats} of them once more without a word, {self.marked} with one",
            f"{len(self.unexcused)} repeats that no kill explains; left in the outbox: {left}",
            f"the last daemon ended with {self.exit_status}",
            *(f"LOST: {lost}" for lost in self.lost),
            *(f"REPEATED: {repeated}" for repeated in self.unexcused),
            *(f"IN THE LOG: {line}" for line in self.surprises),
        )
        return "\n".join(lines)


@dataclass(slots=True)
class Ends:
    """How far the deliveries were when each life ended, by the channel they were for and the title of a story."""

    marked: dict[tuple[str, str], int] = field(default_factory=dict)  # the first life at whose end it stood as sent
    cut_off: set[tuple[int, str, str]] = field(default_factory=set)  # with the life at whose end it was in hand


@dataclass(slots=True)
class Repeats:
    """Goes through what came to one channel (and its fallback), in order."""

    channel: str
    stories: list[Story]
    ends: Ends
    marked: int = 0
    silent: dict[int, Arrived] = field(default_factory=dict)  # by their own id: one may be repeated by several
    unexcused: list[str] = field(default_factory=list)
    last: dict[str, Arrived] = field(default_factory=dict)  # by title

    def look(self, message: Arrived) -> None:
        titles = [story.title for story in self.stories if story.title in message.text]
        again = [title for title in titles if title in self.last]
        self.marked += bool(again) and message.is_marked
        for title in again:
            self._check(title, self.last[title], message)
        self.last |= dict.fromkeys(titles, message)

    def _check(self, title: str, before: Arrived, message: Arrived) -> None:
        if message.life > self.ends.marked.get((self.channel, title), message.life):
            self._blame(title, f"in life {message.life}, though it was marked as sent")
        if message.is_marked or id(before) in self.silent:
            return
        if before.life == message.life:
            self._blame(title, f"twice in life {message.life}")
        elif (before.life, self.channel, title) not in self.ends.cut_off:
            self._blame(title, f"in life {message.life}, though not in hand when life {before.life} ended")
        elif (before.end, before.life) in {(other.end, other.life) for other in self.silent.values()}:
            self._blame(title, f"not the only one cut off at {before.end} when life {before.life} ended")
        self.silent[id(before)] = before

    def _blame(self, title: str, why: str) -> None:
        self.unexcused.append(f"{self.channel}: {title}: {why}")
