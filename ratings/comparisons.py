"""Whether communities differ, and whether a figure has changed: pure functions of published figures, as anyone can do.

A difference is named only when its interval, corrected for all that were compared, excludes nought, and it is at least
0.3 points. Everything else is "no difference that these figures could show", never "no difference".
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from ratings import statistics
from ratings.statistics import Interval

METHOD = f"comparison/1; {statistics.DIFFERENCE_METHOD}; {statistics.MANY_METHOD}"
CHANGE_METHOD = f"change/1; {statistics.DIFFERENCE_METHOD}"
SMALLEST = 0.3
ROUNDING = 0.05
"""Published numbers are known to half a tenth: no side of an interval is taken to be shorter."""
NOTE = (
    "Self-selected opinion: these figures speak for the people who chose to rate, not for everybody in a community. "
    "They do not say why groups differ."
)


class Difference(NamedTuple):
    """First less second, in points, with the interval that Holm's correction leaves it."""

    first: str
    second: str
    value: float
    low: float
    high: float
    chance: float
    is_named: bool


class Change(NamedTuple):
    """A figure less the one of an earlier period, in points, with its own interval of 95 %."""

    since: str
    value: float
    low: float
    high: float
    is_named: bool


def published(mean: float, low: float, high: float) -> Interval:
    """A published figure as an estimate between two limits."""
    return Interval(mean, min(low, mean - ROUNDING), max(high, mean + ROUNDING))


def differences(figures: Mapping[str, Interval]) -> list[Difference]:
    """Every two of the published figures, in their order."""
    pairs = list(combinations(figures, 2))
    found = [statistics.difference(figures[one], figures[other]) for one, other in pairs]
    corrected = statistics.holm([statistics.chance(one) for one in found])
    return [
        _difference(pair, statistics.widened(one, each.confidence), each.chance)
        for pair, one, each in zip(pairs, found, corrected, strict=True)
    ]


def _difference(pair: tuple[str, str], found: Interval, chance: float) -> Difference:
    shown = _shown(found)
    return Difference(*pair, *shown, round(chance, 4), _is_named(shown))


def changes(figures: Sequence[tuple[str, Interval]]) -> dict[str, Change]:
    """What changed from each period to the next that is published; by the later one. Periods come in their order."""
    found = {}
    for (before, old), (period, new) in pairwise(figures):
        shown = _shown(statistics.difference(new, old))
        found[period] = Change(before, *shown, _is_named(shown))
    return found


def _shown(found: Interval) -> Interval:
    """To two decimals; nought has no sign."""
    return Interval(*(round(number, 2) + 0.0 for number in found))


def _is_named(found: Interval) -> bool:
    """The wording rule: the interval, as it is shown, excludes nought, and the difference is at least 0.3."""
    return not found.low <= 0 <= found.high and abs(found.value) >= SMALLEST - 1e-9


def said_of(found: Difference, names: Mapping[str, str]) -> str:
    """A comparison in plain English, by the wording rule."""
    first, second = (names.get(one, one) for one in (found.first, found.second))
    if not found.is_named:
        return f"{_begun(first)} and {second}: these figures show no difference that can be told from chance."
    than = "lower" if found.value < 0 else "higher"
    return f"{_begun(first)} rated it {abs(found.value):.1f} points {than} than {second} ({_between(found)})."


def said_of_change(found: Change, period: str) -> str:
    """A change in plain English, by the wording rule."""
    if not found.is_named:
        return f"{found.since} to {period}: these figures show no change that can be told from chance."
    way = "fell" if found.value < 0 else "rose"
    return (
        f"{found.since} to {period}: the figure {way} by {abs(found.value):.1f} points ({_between(found)})."
    )


def _between(found: Difference | Change) -> str:
    ends = sorted((abs(found.low), abs(found.high)))
    among = ", corrected for all that are compared" if isinstance(found, Difference) else ""
    return f"between {ends[0]:.2f} and {ends[1]:.2f} with 95 % confidence{among}"


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
