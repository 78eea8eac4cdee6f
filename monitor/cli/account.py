"""What became of an article, in the words of `explain`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from monitor.alerts.words import ENGLISH
from monitor.cli.account_topics import NAMED, Topics, topic_lines
from monitor.cli.common import clock, counted, named
from monitor.model import Against, Article, Correction, DeliveryState, Likeness, Nearest, Quality, Reason
from monitor.store.explain import Account, Carried, Listed, Placed, Telling
from monitor.work.archive import id_of

WORD_FOR_WORD: Final = 0.995

REASONS: Final[Mapping[tuple[str, str], str]] = {
    ("send", Reason.NEW_STORY): "told, as the story was new",
    ("send", Reason.NOW_ALSO): "told in short, as the channel knew the story and this topic was new to it",
    ("send", Reason.STORY_GREW): "told again, as enough further outlets had taken the story up",
    ("send", Reason.CORRECTED): "told, as what was told before was corrected",
    ("hold", Reason.SETTLING): "waits a little, so that the first message already names several outlets",
    ("hold", Reason.DIGEST): "waits for the channel's next digest",
    ("hold", Reason.QUIET_HOURS): "waits for the end of the quiet hours",
    ("hold", Reason.THROTTLED): "waits, as the channel had as many messages as its limit lets through",
    ("hold", Reason.FLOOD): "waits, as its feed listed hundreds of new entries at once, which are told together",
    ("drop", Reason.TOO_OLD): "not told, as the article was older than max_age when it was first seen",
    ("drop", Reason.SILENCED): "not told, as somebody asked not to hear of it for a while",
    ("drop", Reason.ALREADY_TOLD): "not told again, as the channel knows the story",
    ("drop", Reason.HIDDEN): "not told, as it is left to a narrower topic that hides this one",
    (
        "drop",
        Reason.WEAK,
    ): "not told so far, as only the best is: it matched too little, and no second outlet had it",
    ("drop", Reason.QUIET_HOURS): "not told, as it came in quiet hours that let such alerts be (then: drop)",
    ("drop", Reason.REMOVED): "not told, as its topic or its channel left the configuration",
}


AGAINST: Final = {
    Against.SAME_OUTLET: "both are by one outlet",
    Against.OTHER_FIGURES: "each title has figures that the other has not",
    Against.OTHER_NAMES: "each title names somebody or something that the other text does not",
    Against.SERIES: "the titles are of one make, with other names or of another day, like two parts of a series",
}


def in_words(account: Account, topics: Topics, file: Path | None, zone: ZoneInfo) -> str:
    lines = ["entry", *(f"  {_entry(listed, zone)}" for listed in account.entries)]
    if not account.entries:
        lines.append("  no feed's list knows it any more")
    placed = account.placed
    if placed is None:
        return "\n".join([*lines, "", "article", "  there is none yet, so nobody was told"])
    lines += ["", "article", *_indented(_article(placed, account.others, file, zone))]
    lines += ["", "topics", *_indented(topic_lines(topics))]
    lines += ["", "story", *_indented(_story(placed, zone))]
    lines += ["", "alerts", *_indented(_alerts(account.alerts, placed, zone))]
    return "\n".join(lines)


def in_words_of_topic(account: Account, topics: Topics, zone: ZoneInfo) -> str:
    """What one topic says of the article, and who was told for it."""
    placed = account.placed
    if placed is None:
        return in_words(account, topics, None, zone)
    article = placed.article
    lines = [called(article), f"{article.url or '(no address)'}; {quality_in_words(article)}"]
    lines += ["", "topic", *_indented(topic_lines(topics, is_one=True))]
    alerts = _alerts(account.alerts, placed, zone) if account.alerts else iter(("none for this topic",))
    return "\n".join([*lines, "", "alerts", *_indented(alerts)])


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def called(article: Article) -> str:
    return f"“{article.title or ENGLISH.untitled}” ({article.outlet})"


# -- entry ---------------------------------------------------------------------------------------


def _entry(listed: Listed, zone: ZoneInfo) -> str:
    return f"listed by {listed.feed_name}, first seen {clock(listed.first_seen_at, zone)}: {_state(listed, zone)}"


def _state(listed: Listed, zone: ZoneInfo) -> str:
    error = f" ({listed.last_error})" if listed.last_error else ""
    match listed.state:
        case "skipped":
            return "backlog; it was there before this feed was watched, so it is remembered and neither read nor told"
        case "poisoned":
            return f"set aside and not tried again{error}"
        case "waiting" if listed.has_article:
            return "read, and waits to be read anew, as the feed changed what it lists"
        case "waiting" if listed.tries:
            times = counted(listed.tries, "time")
            again = f"; tried again {clock(listed.due_at, zone)}" if listed.due_at else ""
            return f"waits to be read, as its page could not be had {times}{error}{again}"
        case "waiting":
            return "waits to be read"
        case _:
            failed = f"; its page could not be had {counted(listed.tries, 'time')}{error}" if listed.tries else ""
            return f"read{_anew(listed.readings)}{failed}"


def _anew(readings: int) -> str:
    return f", and {counted(readings, 'time')} anew, as the feed changed what it lists" if readings else ""


# -- article -------------------------------------------------------------------------------------


def _article(placed: Placed, others: Sequence[Article], file: Path | None, zone: ZoneInfo) -> Iterator[str]:
    article = placed.article
    yield called(article)
    yield article.url or "(no address)"
    seen = f"first seen {clock(article.first_seen_at, zone)}"
    dated = f"published {clock(article.published_at, zone)}" if article.published_at else "without a date of its own"
    yield f"{dated}, {seen}; {quality_in_words(article)}"
    yield f"kept as {file}" if placed.archived_at else f"not in the archive yet; it will be {file}"
    if original := placed.original:
        yield f"a copy of {called(original)}: {_wording(placed)}"
    if others:
        told = ", ".join(id_of(other) for other in others)
        yield f"the same address, or name, stood for other articles before; `monitor explain` tells of each: {told}"


def quality_in_words(article: Article) -> str:
    if article.quality is Quality.FULL:
        return "the whole text"
    why = f" ({article.quality_reason})" if article.quality_reason else ""
    return f"{ENGLISH.quality[article.quality]}{why}"


def _wording(placed: Placed) -> str:
    likeness = likeness_of(placed.placing)
    if likeness is None:
        return "the same text"
    if likeness.wording >= WORD_FOR_WORD:
        return "all of its wording stands there"
    return f"{likeness.wording:.0%} of its wording stands there".replace("%", " %")


def likeness_of(placing: Likeness | Nearest | None) -> Likeness | None:
    return placing.likeness if isinstance(placing, Nearest) else placing


# -- story ---------------------------------------------------------------------------------------


def _story(placed: Placed, zone: ZoneInfo) -> Iterator[str]:
    story = placed.story
    yield f"story {story.id}, “{story.title}”, since {clock(story.opened_at, zone)}"
    carried = f"; also carried by {named(story.carried_by, most=NAMED)}" if story.carried_by else ""
    yield f"reported by {named(story.outlets, most=NAMED) or 'nobody with a text of its own'}{carried}"
    yield from _decided(placed)
    likeness = likeness_of(placed.placing)
    if likeness and likeness.against and placed.original is None:
        why = "; ".join(AGAINST[reason] for reason in likeness.against)
        yield f"{likeness.bar:.2f} is more than is asked as a rule, as {why}"
    if likeness and likeness.shared:
        yield f"heaviest words in common: {', '.join(likeness.shared)}"


def _decided(placed: Placed) -> Iterator[str]:
    like = called(placed.nearest) if placed.nearest else "an article that is no longer kept"
    match placed.placing:
        case Nearest(story_id, likeness):
            yield "this article opened it, as no story was like it enough"
            yield f"nearest was story {story_id} with {like}: {missed(likeness)}"
        case Likeness() as likeness if placed.original and likeness.score < likeness.bar:
            yield f"this article joined it as a copy; likeness {likeness.score:.2f} alone would not have been enough"
        case Likeness() as likeness if likeness.bar == 0:
            yield f"this article joined it, as it has the same text as {like}"
        case Likeness() as likeness:
            asked = f"likeness {likeness.score:.2f} where {likeness.bar:.2f} was asked"
            yield f"this article joined it: {asked}; nearest was {like}"
        case None if placed.is_first:
            yield "this article opened it, as no story shared a telling word with it"
        case None:
            yield "this article joined it; the numbers that decided were not kept then"


def missed(likeness: Likeness) -> str:
    if likeness.bar > 1:
        return f"likeness {likeness.score:.2f} of at most 1, but it is taken for another event, however like it is"
    asked = f"likeness {likeness.score:.2f} where {likeness.bar:.2f} was asked"
    return f"{asked}, {likeness.bar - likeness.score:.2f} too little"


# -- alerts --------------------------------------------------------------------------------------


def _alerts(alerts: Sequence[Telling], placed: Placed, zone: ZoneInfo) -> Iterator[str]:
    if not alerts:
        yield "none: no article of the story concerned a topic" if not placed.matches else "none: nothing was decided"
    for telling in alerts:
        own = telling.occasion.key == placed.article.key
        occasion = "" if own else f", on the occasion of {called(telling.occasion)}"
        yield f"{telling.topic} on {telling.channel}{_turn(telling)}: {_reason(telling, zone)}{occasion}"
        if telling.correction:
            yield from (f"    {line}" for line in _corrected(telling.correction))
        for carried in telling.deliveries:
            yield f"    {_delivery(carried, zone)}"


def _corrected(correction: Correction) -> Iterator[str]:
    if correction.was and all(change.before != correction.was for change in correction.changes):
        yield ENGLISH.was.format(text=f"“{correction.was}”")
    for change in correction.changes:
        said = (ENGLISH.was, change.before), (ENGLISH.now if change.before else ENGLISH.added, change.after)
        yield "; ".join(words.format(text=f"“{text}”") for words, text in said if text)


def _turn(telling: Telling) -> str:
    urgent = ", urgent" if telling.is_urgent else ""
    return f"{f', telling {telling.turn + 1}' if telling.turn else ''}{urgent}"


def _reason(telling: Telling, zone: ZoneInfo) -> str:
    said = REASONS.get((telling.decision, telling.reason), f"{telling.decision}: {telling.reason}")
    until = f"; judged again {clock(telling.until, zone)}" if telling.decision == "hold" and telling.until else ""
    correction = " (a correction)" if telling.is_correction and telling.reason != Reason.CORRECTED else ""
    closer = f" ({telling.note})" if telling.note else ""
    return f"{said}{closer}{correction} (decided {clock(telling.decided_at, zone)}){until}"


def _delivery(carried: Carried, zone: ZoneInfo) -> str:
    error = f": {carried.last_error}" if carried.last_error else ""
    match carried.state:
        case DeliveryState.SENT:
            at = f" {clock(carried.sent_at, zone)}" if carried.sent_at else ""
            number = f", the service calls it {carried.provider_id}" if carried.provider_id else ""
            return f"{carried.channel}: sent{at}{number}"
        case DeliveryState.WAITING:
            tried = f"tried {counted(carried.attempts, 'time')}, " if carried.attempts else ""
            due = f"due {clock(carried.due_at, zone)}" if carried.due_at else "due"
            return f"{carried.channel}: not sent yet, {tried}{due}{error}"
        case DeliveryState.MAYBE:
            return f"{carried.channel}: maybe delivered{error}; `monitor retry` sends it again"
        case DeliveryState.DEAD:
            return f"{carried.channel}: dead{error}; `monitor retry` sends it again"
        case DeliveryState.MOVED:
            return f"{carried.channel}: handed over to another message{error}"
        case state:
            return f"{carried.channel}: {state}{error}"
