"""Which deadlines a told story missed, and when: worked out from its steps alone, beside the service's own clock."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from commitments.deadlines import london_date
from commitments.promises import Due
from tests.foreign.tracker import FINDINGS, STATUSES, Publish, Replace, Report, Step, Story

RHYTHM, VERY_LATE, DAY = timedelta(days=90), timedelta(days=90), timedelta(days=1)
OPEN, DONE, CLOSED = "open", "done", "closed"


class Miss(NamedTuple):
    """A deadline of a promise that passed: which kind, which day it was, and on which day that became so."""

    kind: str
    promise: int
    deadline: date
    on: date


def missed(story: Story, due: Mapping[int, Due], until: date) -> set[Miss]:
    """All that the record should hold as missed by `until`."""
    return {
        miss
        for promise, words in _words(story).items()
        for miss in _of_one(promise, [*words, (until, "")], due.get(promise))
    }


def _words(story: Story) -> dict[int, list[tuple[date, str]]]:
    """For each promise the days on which something was said, and what it was from then on."""
    words: dict[int, list[tuple[date, str]]] = {}
    for step in story.steps:
        said = _said(step)
        if said:
            words.setdefault(step.promise, []).append((london_date(step.at), said))
    return words


def _said(step: Step) -> str:
    if isinstance(step, Report):
        if STATUSES[step.said] == "abandoned":
            return CLOSED
        return DONE if STATUSES[step.said] == "completed" and step.said not in FINDINGS else OPEN
    return {Publish: OPEN, Replace: CLOSED}.get(type(step), "")


def _of_one(promise: int, words: list[tuple[date, str]], due: Due | None) -> Iterator[Miss]:
    seen = set()
    for (since, state), (end, _) in pairwise(words):
        for kind, deadline, day in _clocks(since, state, due):
            if day <= end and (kind, deadline) not in seen:
                seen.add((kind, deadline))
                yield Miss(kind, promise, deadline, max(day, since))


def _clocks(since: date, state: str, due: Due | None) -> Iterator[tuple[str, date, date]]:
    """Each deadline that runs in a state, and the first day on which it is missed."""
    if due and due.ends_on and state != DONE:
        yield "commitment.overdue", due.ends_on, due.ends_on + DAY
        yield "commitment.very_late", due.ends_on, due.ends_on + VERY_LATE + DAY
    if state == OPEN:
        yield "commitment.silent", since + RHYTHM, since + RHYTHM + DAY
