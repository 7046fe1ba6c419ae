"""Two detectors of organised voting. They look at bare counts, flag, and decide nothing: people do, in public.

`burst` looks at how many people an hour or a day brought; `shift` at how the answers of a day lie beside those before.
How often each flags by chance, and what it misses, is measured in docs/ratings-rules.md.
"""

from collections.abc import Sequence
from importlib import import_module
from math import log
from statistics import fmean, variance
from typing import Any, NamedTuple

BURST_RULE, SHIFT_RULE = "burst/1", "shift/1"
HOURS_NEEDED = 24 * 7
"""A week of hours before a baseline is one."""
LEAST_BURST = 20
DAYS_NEEDED = 30
"""Ratings before a day, and on it, that a comparison needs."""
RARE_HOUR, RARE_DAY = 5e-5, 1e-3
WHOLE_DAYS_NEEDED, LEAST_OF_A_DAY, RARE_WHOLE_DAY = 14, 30, 5e-4
"""The same for whole days, whose people may come spread over many hours."""
LEAST_SPREAD = 1.2
"""Hours are never taken to be steadier than this many times a Poisson process."""


class Flag(NamedTuple):
    """Something rare: by which rule, and how rarely chance alone would bring it."""

    rule: str
    chance: float


class Width(NamedTuple):
    """How long a time is looked at as one: how many before it are needed, how many people at least, how rare."""

    needed: int
    least: int
    rare: float


HOUR = Width(HOURS_NEEDED, LEAST_BURST, RARE_HOUR)
DAY = Width(WHOLE_DAYS_NEEDED, LEAST_OF_A_DAY, RARE_WHOLE_DAY)


def burst(before: Sequence[int], latest: int, width: Width = HOUR) -> Flag | None:
    """A flag where `latest` people in one hour (or day) are too many beside the hours (days) before.

    The tail of a negative binomial distribution with the mean and variance of the hours before (method of moments;
    Anscombe 1950): P(X ≥ x) = I(1−p; x, r) with the regularised incomplete beta function.
    """
    if len(before) < width.needed or latest < width.least:
        return None
    mean = max(fmean(before), 1 / width.needed)
    spread = max(variance(before), LEAST_SPREAD * mean)
    r, p = mean * mean / (spread - mean), mean / spread
    chance = float(_special().betainc(latest, r, 1 - p))
    return Flag(BURST_RULE, chance) if chance < width.rare else None


def shift(before: Sequence[int], today: Sequence[int]) -> Flag | None:
    """A flag where today's answers 1 to 5 lie too differently from those before.

    The G-test of homogeneity of two rows (Sokal and Rohlf 1981), 4 degrees of freedom less the answers that nobody
    gave; its chance from the chi-squared distribution.
    """
    if sum(before) < DAYS_NEEDED or sum(today) < DAYS_NEEDED:
        return None
    given = [pair for pair in zip(before, today, strict=True) if sum(pair)]
    if len(given) < 2:
        return None
    totals = [sum(row) for row in zip(*given, strict=True)]
    everything = sum(totals)
    g = 0.0
    for pair in given:
        for count, total in zip(pair, totals, strict=True):
            expected = sum(pair) * total / everything
            g += 2 * count * log(count / expected) if count else 0.0
    chance = float(_special().chdtrc(len(given) - 1, g))
    return Flag(SHIFT_RULE, chance) if chance < RARE_DAY else None


def _special() -> Any:
    return import_module("scipy.special")
