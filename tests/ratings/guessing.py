"""How well one new rating can be guessed from two published figures, by the best guesser that there can be.

The guesser knows how opinions lie among people at large, and that nobody changed or withdrew, and weighs every way in
which the two figures could have come about (Bayes), exactly.
"""

from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any, NamedTuple

import numpy

from ratings import coarsening, disclosure
from ratings.disclosure import Shown, Tally

SCORES = range(1, 6)
Shape = tuple[float, ...]


class Gains(NamedTuple):
    """How often the guess is right, in percent: `blind` of one who sees no figure, `latest` who sees the latest alone,
    `public` who sees both, `exact` who knows besides how many rated, `insider` who knows all ballots but one.
    """

    public: float
    exact: float
    latest: float
    blind: float
    insider: float


@cache
def chances(shape: Shape, n: int) -> Any:
    """For each sum of ratings and of their squares its chance among `n` people of this opinion."""
    table = numpy.zeros((5 * n + 1, 25 * n + 1))
    if n == 0:
        table[0, 0] = 1.0
        return table
    before = chances(shape, n - 1)
    for score, chance in zip(SCORES, shape, strict=True):
        table[score : score + before.shape[0], score**2 : score**2 + before.shape[1]] += chance * before
    return table


@cache
def shown_so(n: int, figure: Shown) -> Any:
    """Which sums and sums of squares of exactly `n` ratings are published as this figure."""
    counts = [row for mean in _means(figure) for row in coarsening.ways(disclosure.rounded(n), mean).tolist()]
    mask = numpy.zeros((5 * n + 1, 25 * n + 1))
    for kind, row in {coarsening.kind_of(row): row for row in counts}.items():
        if kind.n == n and shown_of(row) == figure:
            mask[kind.total, kind.squares] = 1.0
    return mask


def _means(figure: Shown) -> Sequence[int]:
    mean = int((figure.mean or 0) * 10)
    return range(10, 13) if mean == 12 else range(48, 51) if mean == 48 else [mean]


def weights(shape: Shape, n: int, more: int, before: Shown | None, after: Shown) -> Any:
    """For each score the chance that one who came gave it and the figures are these; `before` None: not looked at."""
    old = chances(shape, n) * (1.0 if before is None else shown_so(n, before))
    of_all, of_others = chances(shape, more), chances(shape, more - 1)
    (old_total, old_squares), (new_total, new_squares) = (
        numpy.nonzero(old),
        numpy.nonzero(shown_so(n + more, after)),
    )
    total = new_total[None, :] - old_total[:, None]
    squares = new_squares[None, :] - old_squares[:, None]
    ways = old[old_total, old_squares][:, None]
    fits = (total >= 0) & (squares >= 0) & (total < of_all.shape[0]) & (squares < of_all.shape[1])
    ways, total, squares = numpy.broadcast_to(ways, fits.shape)[fits], total[fits], squares[fits]
    found = []
    for score, chance in zip(SCORES, shape, strict=True):
        left, rest = total - score, squares - score**2
        can = (left >= 0) & (rest >= 0) & (left < of_others.shape[0]) & (rest < of_others.shape[1])
        found.append(chance * float((ways[can] * of_others[left[can], rest[can]]).sum()))
    return numpy.array(found)


def posterior(shape: Shape, n: int, more: int, before: Shown | None, after: Shown) -> Any:
    """The chances of each score, where the numbers are known to the last person."""
    found = weights(shape, n, more, before, after)
    return found / found.sum()


def from_the_public(shape: Shape, before: Shown, after: Shown) -> Any:
    """The same, from what is published alone: the numbers are known to five, and that ten or more came."""
    pairs = [
        (n, all_ - n)
        for n in _numbers(before)
        for all_ in _numbers(after)
        if all_ - n >= disclosure.needed(n)
    ]
    found = sum(weights(shape, n, more, before, after) for n, more in pairs)
    return found / found.sum()


def _numbers(figure: Shown) -> range:
    low, high = disclosure.range_of(figure.n or 0)
    return range(int(low), int(high) + 1)


def gains(shape: Shape, n: int, more: int, times: int, seed: int) -> Gains:
    """How right guessers are on average, over so many invented pairs of cuts."""
    random = Random(seed)
    right: list[Gains] = []
    for _ in range(times):
        old, new = _drawn(random, shape, n), _drawn(random, shape, more - 1)
        [target] = random.choices(SCORES, shape)
        known = [a + b for a, b in zip(old, new, strict=True)]
        before, after = shown_of(old), _with(known, target)
        possible = [
            chance for score, chance in zip(SCORES, shape, strict=True) if _with(known, score) == after
        ]
        right.append(
            Gains(
                public=float(from_the_public(shape, before, after).max()),
                exact=float(posterior(shape, n, more, before, after).max()),
                latest=_from_latest(shape, n + more, after),
                blind=max(shape),
                insider=max(possible) / sum(possible),
            )
        )
    return Gains(*(100 * sum(column) / times for column in zip(*right, strict=True)))


def _from_latest(shape: Shape, n: int, figure: Shown) -> float:
    return float(posterior(shape, 0, n, None, figure).max())


def _drawn(random: Random, shape: Shape, n: int) -> list[int]:
    scores = random.choices(SCORES, shape, k=n)
    return [scores.count(score) for score in SCORES]


def _with(known: Sequence[int], score: int) -> Shown:
    return shown_of([count + (place == score) for place, count in zip(SCORES, known, strict=True)])


def shown_of(counts: Sequence[int]) -> Shown:
    """The figure of so many ratings of 1 to 5."""
    one, two, three, four, five = counts
    return disclosure.shown(Tally((one, two, three, four, five)))
