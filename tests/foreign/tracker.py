"""The history of a tracker, told as what would have happened here: each of its events becomes a step, or says why not.

The tracker's editors stand in for the owner, so that every verb meets real dates and real changes of mind. Of a real
promise their word would be `reported_state`, entered from a source, and no status at all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.utils.text import slugify

STATUSES = {
    "Not started": "not_started",
    "In progress": "in_progress",
    "Achieved": "completed",
    "Compromised": "completed",
    "Broken": "abandoned",
}
"""The tracker's words in ours. `Compromised` is a claim that the panel finds partly verified."""
FINDINGS = {"Compromised": "partly_verified"}
SAME_WORDS, SAME_PROMISE = 0.95, 0.5
"""How alike two texts are: at least the first is a rewording, at least the second a changed promise."""
COMMIT = "https://github.com/TrumpTracker/trumptracker.github.io/commit/"

# What became of an event. The last three make no fact here, and say why.
PUBLISHED = "published, and its status reported"
REWORDED = "wording corrected"
REPLACED = "superseded by a new commitment, since the promise changed"
REPORTED = "status reported"
REPORTED_BACK = "status reported, backward, with a reason"
SHOWN = "evidence of an update"
STOOD = "no fact: gone from the list and back, and it stood here all along"
STAYS = "no fact: dropped from the list, and nothing published is deleted here"
NOWHERE = "no fact: a link that leads nowhere"

Event = Mapping[str, Any]
Tally = Counter[tuple[str, str]]


class Link(NamedTuple):
    """What shows that an update is so."""

    title: str
    url: str


@dataclass(frozen=True)
class Step:
    """Something to do at a moment, to the promise that is known by a number."""

    at: datetime
    promise: int


@dataclass(frozen=True)
class Publish(Step):
    """A promise is published."""

    text: str


@dataclass(frozen=True)
class Report(Step):
    """An update: a status of the tracker's, why, and what shows it."""

    said: str
    reason: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Reword(Step):
    """A corrected wording. Where it is `shortened` the whole text stays, as the body."""

    text: str
    shortened: bool


@dataclass(frozen=True)
class Replace(Step):
    """Another promise, published before, takes the place of this one."""

    by: int


@dataclass
class Story:
    """All steps in order, what became of each event, and how the list knows each promise and it is worded here."""

    steps: list[Step] = field(default_factory=list)
    tally: Tally = field(default_factory=Counter)
    titles: dict[str, int] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    said: dict[int, str] = field(default_factory=dict)
    links: dict[int, list[Link]] = field(default_factory=dict)
    away: dict[str, int] = field(default_factory=dict)
    promises: int = 0


def story(events: Sequence[Event]) -> Story:
    """The whole history, commit by commit, in the order of time."""
    told = Story()
    ordered = sorted(events, key=lambda event: datetime.fromisoformat(event["at"]))
    away = _gone_and_back(ordered)
    for commit, together in groupby(ordered, key=lambda event: event["commit"]):
        _tell(told, list(together), {title for left, title in away if left == commit})
    return told


def link(url: str) -> Link:
    """A link, by the name of its host."""
    return Link(urlsplit(url).hostname or url, url)


def _gone_and_back(events: Iterable[Event]) -> set[tuple[str, str]]:
    """The removals, by commit and title, of what comes back later as it was."""
    gone: dict[str, str] = {}
    found = set()
    for event in events:
        if event["kind"] == "removed_or_reworded":
            gone[event["title"]] = event["commit"]
        elif event["kind"] == "added" and event["title"] in gone:
            found.add((gone.pop(event["title"]), event["title"]))
    return found


def _tell(told: Story, together: list[Event], away: set[str]) -> None:
    """One commit: what is listed first, then what is said of it."""
    at = datetime.fromisoformat(together[0]["at"])
    kinds = {
        kind: [event for event in together if event["kind"] == kind]
        for kind in ("initial", "added", "removed_or_reworded", "status", "source_added")
    }
    for event in kinds["initial"]:
        _publish(told, event, at)
    removed = {event["title"]: event for event in kinds["removed_or_reworded"]}
    added = {event["title"]: event for event in kinds["added"]}
    for old, new, how in list(_pairs(removed.keys() - away, added.keys() - told.away.keys())):
        _change(told, removed.pop(old), added.pop(new), how, at)
    for event in removed.values():
        _leave(told, event, away)
    for event in added.values():
        _come(told, event, at)
    _report(told, kinds["status"], kinds["source_added"], at)


def _publish(told: Story, event: Event, at: datetime) -> int:
    told.promises += 1
    promise = told.promises
    told.titles[event["title"]], told.texts[promise] = promise, event["title"]
    told.links[promise] = []
    told.steps.append(Publish(at, promise, event["title"]))
    _say(told, promise, event, at)
    told.tally[event["kind"], PUBLISHED] += 1
    return promise


def _change(told: Story, old: Event, new: Event, how: str, at: datetime) -> None:
    promise = told.titles.pop(old["title"])
    if how == REPLACED:
        successor = _publish(told, new, at)
        told.tally[new["kind"], PUBLISHED] -= 1
        told.links[successor] = list(told.links[promise])
        told.steps.append(Replace(at, promise, successor))
    else:
        told.titles[new["title"]] = promise
        if new["new"] != told.said[promise]:
            _say(told, promise, new, at)
        how = _reword(told, promise, old["title"], new["title"], at)
    for event in (old, new):
        told.tally[event["kind"], how] += 1


def _reword(told: Story, promise: int, old: str, new: str, at: datetime) -> str:
    shortened = plain(old) != plain(new) and _begins(old, new)
    told.steps.append(Reword(at, promise, new, shortened))
    told.texts[promise] = new
    return REWORDED


def _leave(told: Story, event: Event, away: set[str]) -> None:
    promise = told.titles.pop(event["title"])
    returns = event["title"] in away
    if returns:
        told.away[event["title"]] = promise
    told.tally[event["kind"], STOOD if returns else STAYS] += 1


def _come(told: Story, event: Event, at: datetime) -> None:
    promise = told.away.pop(event["title"], None)
    if promise is None:
        _publish(told, event, at)
        return
    told.titles[event["title"]] = promise
    told.tally[event["kind"], STOOD] += 1
    if event["new"] != told.said[promise]:
        _say(told, promise, event, at)


def _report(told: Story, statuses: list[Event], sources: list[Event], at: datetime) -> None:
    """One update for each promise of which something is said: its status, and the links that came with it."""
    said = {event["title"]: event for event in statuses}
    shown: dict[str, list[Link]] = {}
    for event in sources:
        if event["url"].strip():
            shown.setdefault(event["title"], []).append(link(event["url"]))
        told.tally[event["kind"], SHOWN if event["url"].strip() else NOWHERE] += 1
    for title in dict.fromkeys([*said, *shown]):
        promise = told.titles[title]
        backward = title in said and is_backward(told.said[promise], said[title]["new"])
        event = said.get(
            title, {"new": told.said[promise], "commit": sources[0]["commit"] if sources else ""}
        )
        _say(told, promise, event, at, shown.get(title, []))
        if title in said:
            told.tally["status", REPORTED_BACK if backward else REPORTED] += 1


def _say(told: Story, promise: int, event: Event, at: datetime, shown: Sequence[Link] = ()) -> None:
    before, now = told.said.get(promise), event["new"]
    told.links[promise] += shown
    links = list(shown)
    if STATUSES[now] == "completed" and not links:
        links = told.links[promise][:] or [Link("The tracker's entry", f"{COMMIT}{event['commit']}")]
    reason = event.get("status_info") or f"The tracker says {now}; before, {before or 'nothing'}."
    told.steps.append(Report(at, promise, now, reason, tuple(links)))
    told.said[promise] = now


def titled_alike(title: str, text: str) -> bool:
    """Whether a title, cut where it was too long, stands for a text."""
    return text.startswith(title.removesuffix("…"))


def is_backward(before: str, now: str) -> bool:
    """Whether a status leaves one that was thought final."""
    return STATUSES[before] in ("completed", "abandoned") and before != now


def _pairs(removed: set[str], added: set[str]) -> Iterator[tuple[str, str, str]]:
    """Which addition takes the place of which removal, the most alike first, and whether it still says the same."""
    pairs = [(likeness(old, new), old, new) for old in sorted(removed) for new in sorted(added)]
    free_old, free_new = set(removed), set(added)
    for alike, old, new in sorted(pairs, reverse=True):
        shorter = _begins(old, new)
        if old in free_old and new in free_new and (alike >= SAME_PROMISE or shorter):
            free_old.remove(old)
            free_new.remove(new)
            yield old, new, REWORDED if shorter or _says_the_same(alike, old, new) else REPLACED


def likeness(old: str, new: str) -> float:
    """How alike two texts are, from 0 to 1, capitals and punctuation aside."""
    if plain(old) == plain(new):
        return 1
    both = SequenceMatcher(None, plain(old), plain(new), autojunk=False)
    quick = min(both.real_quick_ratio(), both.quick_ratio())
    return quick if quick < SAME_PROMISE else both.ratio()


@cache
def plain(text: str) -> str:
    """The words of a text, without capitals and punctuation."""
    return slugify(text).replace("-", " ")


def _begins(text: str, part: str) -> bool:
    return plain(text).startswith(plain(part))


def _says_the_same(alike: float, old: str, new: str) -> bool:
    return alike >= SAME_WORDS and _numbers(old) == _numbers(new)


def _numbers(text: str) -> list[str]:
    return [word for word in plain(text).split() if word.isdigit()]
