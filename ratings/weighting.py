"""What raters would say if they were made up as the population is: from published figures and census margins alone.

Each community's published mean counts as much as its share of the population. A pure function of numbers that everyone
can read, so that it can tell nothing about anybody that they do not; where any group that counts is withheld, so is it.
"""

from collections.abc import Mapping
from math import ceil, floor, sqrt
from typing import NamedTuple

from ratings import statistics
from ratings.statistics import Interval

METHOD = f"weighted/1; {statistics.WEIGHT_METHOD}"
BASE = 5


class Group(NamedTuple):
    """A published figure: how many rated, to the nearest five, and their mean with its interval."""

    n: int
    said: Interval


class Weighted(NamedTuple):
    """A weighted mean with its interval, to one decimal, and how many equal voices it is worth, rounded down to 5."""

    effective_n: int
    mean: float
    low: float
    high: float


def weighted(groups: Mapping[str, Group], counts: Mapping[str, float]) -> Weighted | None:
    """The weighted mean; None unless every group that the population has is published."""
    living = {name: count for name, count in counts.items() if count > 0}
    if not living or any(name not in groups for name in living):
        return None
    population = sum(living.values())
    raked = statistics.rake(
        [[groups[name].n] for name in living], [count / population for count in living.values()], [1.0]
    )
    heard = {name: groups[name].n * cell[0] for name, cell in zip(living, raked.cells, strict=True)}
    shares = {name: voices / sum(heard.values()) for name, voices in heard.items()}
    return _shown(shares, groups, raked.effective_n)


def _shown(shares: Mapping[str, float], groups: Mapping[str, Group], effective_n: float) -> Weighted:
    """The weighted sum of independent means, its interval recovered from theirs (MOVER, Zou and Donner 2008)."""
    said = [(share, groups[name].said) for name, share in shares.items()]
    mean = sum(share * one.value for share, one in said)
    below = sqrt(sum((share * (one.value - one.low)) ** 2 for share, one in said))
    above = sqrt(sum((share * (one.high - one.value)) ** 2 for share, one in said))
    return Weighted(
        BASE * floor(effective_n / BASE + 1e-9),
        floor(10 * mean + 0.5 + 1e-9) / 10,
        max(1.0, floor(10 * (mean - below) + 1e-9) / 10),
        min(5.0, ceil(10 * (mean + above) - 1e-9) / 10),
    )
