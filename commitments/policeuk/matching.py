"""Which priority of today is which of yesterday: the source gives them no ids, so the words and the date must say.

A priority is the same where its neighbourhood, its date and its words are; it is an edit of one that is gone where
the date is the same and the words nearly so. Another date is another priority: ward panels set the same words anew,
and who answered the earlier decision has not answered the later.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Generic, Protocol, TypeVar

NEAR, NEAR_WITHOUT_A_DATE = 0.8, 0.9
"""How alike, from 0 to 1, two wordings of one date must be; without a date they must be more so."""
MOST_COMPARED = 2_000


class Said(Protocol):
    """What can be compared: the words and the dates of a priority."""

    @property
    def issue(self) -> str | None:
        """What is to be dealt with."""

    @property
    def action(self) -> str | None:
        """What was done."""

    @property
    def issue_date(self) -> date | None:
        """When it was set."""


Before = TypeVar("Before", bound=Said)
Now = TypeVar("Now", bound=Said)


@dataclass
class Matched(Generic[Before, Now]):
    """How today's answer relates to what is known."""

    same: list[tuple[Before, Now]] = field(default_factory=list)
    """One thing then and now; its words or dates may have been edited."""
    returned: list[tuple[Before, Now]] = field(default_factory=list)
    new: list[Now] = field(default_factory=list)
    gone: list[Before] = field(default_factory=list)


def normalised(text: str | None) -> str:
    """The words of a text in lower case, without marks and punctuation: what tells one issue from another."""
    spelled = unicodedata.normalize("NFKC", text or "").casefold()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in spelled).split())


def match(current: Sequence[Before], withdrawn: Sequence[Before], now: Sequence[Now]) -> Matched[Before, Now]:
    """Pair what is known with what is seen: by identity first, then by nearness, and only then with what was gone."""
    found: Matched[Before, Now] = Matched()
    before, left = list(current), list(now)
    found.same += _identical(before, left)
    found.same += _near(before, left)
    found.returned += _identical(list(withdrawn), left)
    found.new, found.gone = left, before
    return found


def identity(one: Said) -> tuple[date | None, str]:
    """Its date and its words; an issue without words is known by its action."""
    return one.issue_date, normalised(one.issue) or normalised(one.action)


def likeness(one: Said, other: Said) -> float:
    """How alike two wordings are, from 0 to 1; -1 where they are of two dates."""
    dates = {one.issue_date, other.issue_date}
    if len(dates) == 2 and None not in dates:
        return -1
    first, second = identity(one)[1][:MOST_COMPARED], identity(other)[1][:MOST_COMPARED]
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def _identical(before: list[Before], now: list[Now]) -> list[tuple[Before, Now]]:
    """Take out of both lists the pairs of one identity; among several the one with the same action first."""
    pairs = []
    for only_same_action in (True, False):
        for seen in list(now):
            known = next((one for one in before if _is(one, seen, only_same_action)), None)
            if known is not None:
                before.remove(known)
                now.remove(seen)
                pairs.append((known, seen))
    return pairs


def _is(known: Said, seen: Said, same_action: bool) -> bool:
    return identity(known) == identity(seen) and (
        not same_action or normalised(known.action) == normalised(seen.action)
    )


def _near(before: list[Before], now: list[Now]) -> list[tuple[Before, Now]]:
    """Take out of both lists the pairs that are nearly the same, the most alike first."""
    scored = [
        (likeness(known, seen), -first, -second, known, seen)
        for first, known in enumerate(before)
        for second, seen in enumerate(now)
    ]
    pairs = []
    for score, _, _, known, seen in sorted(scored, key=lambda one: one[:3], reverse=True):
        dated = known.issue_date is not None and seen.issue_date is not None
        if score < (NEAR if dated else NEAR_WITHOUT_A_DATE):
            continue
        if known in before and seen in now:
            before.remove(known)
            now.remove(seen)
            pairs.append((known, seen))
    return pairs
