"""What figures are made of: one method for each, with its source; every method has a name and a version.

Ratings are counts of the answers 1 to 5, lowest first. Everything here is a pure function of such counts: no database,
no rounding, no thresholds (`ratings/disclosure.py` decides what may be shown). The special functions are SciPy's; it is
imported when a figure is made, since it is large and most processes never need it.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from math import fsum, sqrt
from typing import Any, NamedTuple

MEAN_METHOD = "mean/dirichlet-1-5/1"
SHARE_METHOD = "share/wilson/1"
DIFFERENCE_METHOD = "difference/mover/1"
SHARE_DIFFERENCE_METHOD = "share-difference/newcombe/1"
MANY_METHOD = "many/holm/1"
ORDER_METHOD = "order/shrinkage/1"
WEIGHT_METHOD = "weights/raking/1"

SCALE = (1, 2, 3, 4, 5)
PRIOR = 1 / len(SCALE)
"""Perks' prior: together the five cells weigh as much as one rating. Its intervals covered 94.5 % at n = 10."""

CONFIDENCE = 0.95
TRIM = 5.0
"""No weight counts more than five times the mean, or less than a fifth of it."""

MOST_ROUNDS, CLOSE_ENOUGH = 1000, 1e-10


class Interval(NamedTuple):
    """An estimate between two limits, on the scale of what is estimated."""

    value: float
    low: float
    high: float


class Weights(NamedTuple):
    """One weight for each cell of a table, and how many equal voices they are worth together."""

    cells: tuple[tuple[float, ...], ...]
    effective_n: float


class NotRakable(ValueError):
    """The margins cannot be met: somebody counts in the population of whom no answer came."""


def raw_mean(counts: Sequence[float]) -> float:
    """The mean of the ratings themselves, between 1 and 5; at least one is needed."""
    return sum(point * count for point, count in zip(SCALE, counts, strict=True)) / sum(counts)


def mean(counts: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """The posterior mean of ratings and its interval, both between 1 and 5.

    Dirichlet posterior with prior 1/5 in each cell (Perks 1947; Agresti and Hitchcock 2005, section 2). The interval is
    that of the beta distribution on [1, 5] with the posterior's own mean and variance.
    """
    value, low, high = _beta(counts, confidence)
    return Interval(float(value), float(low), float(high))


def means(columns: Sequence[Any], confidence: float = CONFIDENCE) -> tuple[Any, Any, Any]:
    """The same of many at once: from an array of how many gave each answer, arrays of means and of both limits."""
    return _beta(columns, confidence)


def _beta(counts: Sequence[Any], confidence: float) -> tuple[Any, Any, Any]:
    """Mean and limits, of numbers or of arrays."""
    value, variance = moments(counts)
    share, spread = (value - 1) / 4, variance / 16
    weight = share * (1 - share) / spread - 1
    tail = (1 - confidence) / 2
    a, b = share * weight, (1 - share) * weight
    return value, 1 + 4 * beta_quantile(a, b, tail), 1 + 4 * beta_quantile(a, b, 1 - tail)


def moments(counts: Sequence[Any]) -> tuple[Any, Any]:
    """Mean and variance of the posterior of the mean rating (Dirichlet, prior 1/5 in each cell)."""
    alphas = [count + PRIOR for count in counts]
    total = sum(alphas)
    value = sum(point * alpha for point, alpha in zip(SCALE, alphas, strict=True)) / total
    square = sum(point * point * alpha for point, alpha in zip(SCALE, alphas, strict=True)) / total
    return value, (square - value * value) / (total + 1)


def share(successes: float, n: float, confidence: float = CONFIDENCE) -> Interval:
    """A share and its score interval (Wilson 1927), all between 0 and 1; `n` is above 0."""
    z = _z(confidence)
    found = successes / n
    centre = (found + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(found * (1 - found) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if successes <= 0 else max(0.0, centre - half)
    high = 1.0 if successes >= n else min(1.0, centre + half)
    return Interval(found, low, high)


def difference(one: Interval, other: Interval) -> Interval:
    """One estimate less another, from their limits alone: MOVER (Zou and Donner 2008), for independent estimates."""
    value = one.value - other.value
    below = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Interval(value, value - below, value + above)


def mean_difference(
    first: Sequence[float], second: Sequence[float], confidence: float = CONFIDENCE
) -> Interval:
    """First mean less second, in points, by MOVER from their own intervals."""
    return difference(mean(first, confidence), mean(second, confidence))


def share_difference(
    successes: tuple[float, float], n: tuple[float, float], confidence: float = CONFIDENCE
) -> Interval:
    """First share less second, between -1 and 1, from Wilson's intervals (Newcombe 1998, method 10)."""
    return difference(share(successes[0], n[0], confidence), share(successes[1], n[1], confidence))


def chance(found: Interval, confidence: float = CONFIDENCE) -> float:
    """How often chance alone would part two estimates as far: the two-sided p-value of a difference.

    Normal, from the side of its interval that looks at nought.
    """
    towards = found.value - found.low if found.value > 0 else found.high - found.value
    return 2 * normal_tail(abs(found.value) / towards * _z(confidence))


def widened(found: Interval, confidence: float) -> Interval:
    """An interval of 95 % at another confidence: each side by the ratio of normal quantiles."""
    wider = _z(confidence) / _z(CONFIDENCE)
    below, above = (found.value - found.low) * wider, (found.high - found.value) * wider
    return Interval(found.value, found.value - below, found.value + above)


class Corrected(NamedTuple):
    """One comparison of several: its p-value, corrected for the others, and the confidence that its interval keeps."""

    chance: float
    confidence: float


def holm(chances: Sequence[float], confidence: float = CONFIDENCE) -> list[Corrected]:
    """Several comparisons made at once, each corrected for the others (Holm 1979); order kept.

    The smallest of m p-values is held against 0.05 / m, the next against 0.05 / (m - 1), and so on; from the first that
    fails on, all keep its confidence, so that an interval excludes nought just where the corrected p-value says so.
    """
    ordered = sorted(range(len(chances)), key=lambda place: chances[place])
    corrected, highest, failed = [Corrected(1.0, confidence)] * len(chances), 0.0, 0.0
    for rank, place in enumerate(ordered):
        left = len(chances) - rank
        highest = max(highest, min(1.0, chances[place] * left))
        level = failed or 1 - (1 - confidence) / left
        corrected[place] = Corrected(highest, level)
        if not failed and highest > 1 - confidence:
            failed = level
    return corrected


def variance_of(found: Interval, confidence: float = CONFIDENCE) -> float:
    """The variance of an estimate, read off its interval."""
    return ((found.high - found.low) / (2 * _z(confidence))) ** 2


def shrunken(found: Sequence[tuple[float, float]]) -> list[float]:
    """Estimates (each with its variance) for putting things in order: each drawn towards the mean of all.

    The less is known of a thing, the further: empirical Bayes with the moment estimator of the variance between things
    (DerSimonian and Laird 1986). Only for ordering: the figure shown is the raw mean. Sums are exact, so that the order
    in which things are given changes nothing.
    """
    if len(found) < 2:
        return [value for value, _ in found]
    between = _variance_between(found)
    middle, _ = _middle([(value, variance + between) for value, variance in found])
    return [
        middle + (value - middle) * between / (between + variance) if between else middle
        for value, variance in found
    ]


def _variance_between(found: Sequence[tuple[float, float]]) -> float:
    middle, weights = _middle(found)
    total = fsum(weights)
    spread = fsum(weight * (value - middle) ** 2 for weight, (value, _) in zip(weights, found, strict=True))
    scale = total - fsum(weight * weight for weight in weights) / total
    return max(0.0, (spread - (len(found) - 1)) / scale)


def _middle(found: Sequence[tuple[float, float]]) -> tuple[float, list[float]]:
    """The mean of estimates, each weighted by the inverse of its variance, and these weights."""
    weights = [1 / variance for _, variance in found]
    weighed = fsum(weight * value for weight, (value, _) in zip(weights, found, strict=True))
    return weighed / fsum(weights), weights


def rake(
    table: Sequence[Sequence[float]],
    row_shares: Sequence[float],
    column_shares: Sequence[float],
    trim: float = TRIM,
) -> Weights:
    """Weights that make a two-way table of respondents look like the population, and its effective n.

    Iterative proportional fitting (Deming and Stephan 1940) to shares of rows and columns, each adding to 1; weights
    have mean 1 and are trimmed to [1/trim, trim]; effective n is (sum of weights)² / sum of squares (Kish 1965).
    """
    total = sum(map(sum, table))
    _check_margins(table, row_shares, column_shares)
    fitted = [list(map(float, row)) for row in table]
    for _ in range(MOST_ROUNDS):
        if _fit(fitted, [one * total for one in row_shares], [one * total for one in column_shares]):
            break
    else:
        raise NotRakable("these margins cannot be met by the answers that came.")
    return _weights(table, fitted, trim)


def _check_margins(table: Sequence[Sequence[float]], rows: Sequence[float], columns: Sequence[float]) -> None:
    for have, want in ((table, rows), (list(zip(*table, strict=True)), columns)):
        if abs(sum(want) - 1) > 1e-6:
            raise NotRakable("shares of a margin add to 1.")
        if any(share_ > 0 and sum(line) <= 0 for share_, line in zip(want, have, strict=True)):
            raise NotRakable("nobody answered of a group that the population has.")


def _fit(fitted: list[list[float]], rows: Sequence[float], columns: Sequence[float]) -> bool:
    """One round: scale rows, then columns; whether the rows are still met."""
    for row, want in zip(fitted, rows, strict=True):
        _scale(row, want)
    for place, want in enumerate(columns):
        have = sum(row[place] for row in fitted)
        for row in fitted:
            row[place] *= want / have if have else 0.0
    return all(
        abs(sum(row) - want) <= CLOSE_ENOUGH * max(1.0, want) for row, want in zip(fitted, rows, strict=True)
    )


def _scale(row: list[float], want: float) -> None:
    have = sum(row)
    row[:] = [cell * want / have if have else 0.0 for cell in row]


def _weights(table: Sequence[Sequence[float]], fitted: Sequence[Sequence[float]], trim: float) -> Weights:
    cells = tuple(
        tuple(
            min(trim, max(1 / trim, after / before)) if before else 0.0
            for before, after in zip(*pair, strict=True)
        )
        for pair in zip(table, fitted, strict=True)
    )
    pairs = [pair for rows in zip(table, cells, strict=True) for pair in zip(*rows, strict=True)]
    voices = sum(count * weight for count, weight in pairs)
    squares = sum(count * weight * weight for count, weight in pairs)
    return Weights(cells, voices * voices / squares)


def beta_quantile(a: Any, b: Any, probability: float) -> Any:
    """The point below which a beta variable falls with this probability; of arrays an array."""
    return _special().betaincinv(a, b, probability)


def normal_quantile(probability: float) -> float:
    """The point below which a standard normal variable falls with this probability."""
    return float(_special().ndtri(probability))


def normal_tail(z: float) -> float:
    """The probability that a standard normal variable exceeds `z`."""
    return float(_special().ndtr(-z))


def _z(confidence: float) -> float:
    return normal_quantile(1 - (1 - confidence) / 2)


@cache
def _special() -> Any:
    return import_module("scipy.special")
