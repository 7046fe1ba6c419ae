"""Whether communities differ: a pure function of published figures, which anyone can recompute.

A difference is named only when its interval, corrected for all that were compared, excludes nought, and it is at least
0.3 points. Everything else is "no difference that these figures could show", never "no difference".
"""

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import sqrt
from typing import NamedTuple

from ratings import statistics
from ratings.disclosure import Shown

METHOD = "comparison/1"
SMALLEST = 0.3
ROUNDING = 0.05
"""Published numbers are known to half a tenth."""


class Difference(NamedTuple):
    """First group less second, in points, with the interval that Holm's correction leaves it."""

    first: str
    second: str
    value: float
    low: float
    high: float
    is_named: bool


class _Pair(NamedTuple):
    first: str
    second: str
    value: float
    below: float
    above: float

    @property
    def chance(self) -> float:
        """The two-sided p-value, from the side of the interval that looks at nought."""
        towards = max(self.below if self.value > 0 else self.above, ROUNDING)
        z = abs(self.value) / towards * _z(statistics.CONFIDENCE)
        return 2 * statistics.normal_tail(z)


def differences(figures: Mapping[str, Shown]) -> list[Difference]:
    """Every two groups that are published, in their order."""
    pairs = [_pair(one, other, figures) for one, other in combinations(sorted(_published(figures)), 2)]
    levels = _levels(pairs)
    return [_difference(pair, level) for pair, level in zip(pairs, levels, strict=True)]


def _published(figures: Mapping[str, Shown]) -> list[str]:
    return [name for name, figure in figures.items() if not figure.is_withheld]


def _pair(one: str, other: str, figures: Mapping[str, Shown]) -> _Pair:
    """By MOVER from the published means and intervals (Zou and Donner 2008)."""
    mean, low, high = _numbers(figures[one])
    others_mean, others_low, others_high = _numbers(figures[other])
    below = sqrt((mean - low) ** 2 + (others_high - others_mean) ** 2)
    above = sqrt((high - mean) ** 2 + (others_mean - others_low) ** 2)
    return _Pair(one, other, mean - others_mean, below, above)


def _numbers(figure: Shown) -> tuple[float, float, float]:
    return float(figure.mean or 0), float(figure.low or 0), float(figure.high or 0)


def _levels(pairs: Sequence[_Pair]) -> list[float]:
    """The confidence that Holm's steps leave each comparison; after the first that fails, that one's."""
    ordered = sorted(range(len(pairs)), key=lambda place: pairs[place].chance)
    levels, failed = [0.0] * len(pairs), 0.0
    for rank, place in enumerate(ordered):
        error = (1 - statistics.CONFIDENCE) / (len(pairs) - rank)
        levels[place] = failed or 1 - error
        if not failed and pairs[place].chance > error:
            failed = levels[place]
    return levels


def _difference(pair: _Pair, level: float) -> Difference:
    wider = _z(level) / _z(statistics.CONFIDENCE)
    low, high = pair.value - pair.below * wider, pair.value + pair.above * wider
    is_named = not low <= 0 <= high and abs(pair.value) >= SMALLEST - 1e-9
    return Difference(pair.first, pair.second, round(pair.value, 2), round(low, 2), round(high, 2), is_named)


def _z(confidence: float) -> float:
    return statistics.normal_quantile(1 - (1 - confidence) / 2)
