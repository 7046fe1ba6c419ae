"""How much an interval may say: with few raters it would tell how many gave each answer; so like ones are shown as one.

A number (to five) and a mean (to a tenth) leave many ways in which people may have answered; an interval, being
worked out from the answers, leaves fewer, and sometimes one. Up to `ALL_WAYS` raters all ways are tried: intervals that
lie next to each other are shown as one wide one until the number is known no closer than to five, and how many gave an
answer no closer than to three values, unless it may be nobody. Beyond, only spreads near the least and the most that a
mean allows would tell; they are shown as wider ones.
"""

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from math import floor
from typing import Any, NamedTuple

from ratings import statistics

ALL_WAYS = 60
AT_LEAST = 2
"""The count of an answer that somebody gave keeps at least this range, unless number and mean alone leave less."""
TAIL = 0.05
"""This share of the possible spreads at either end is shown as one."""
LEAST, HALF = 10, 2

Tenths = tuple[int, int]
"""Low and high, in tenths."""


class Kind(NamedTuple):
    """What an interval depends on: how many rated, the sum of their ratings, and the sum of their squares."""

    n: int
    total: int
    squares: int


def interval(counts: Sequence[int], n: int, mean: int) -> Tenths:
    """The interval to show of these answers beside `n` (to five) and `mean` (in tenths); it holds the true one."""
    kind = kind_of(counts)
    return _merged(n, mean)[kind] if n <= ALL_WAYS else _tails_coded(kind)


def kind_of(counts: Sequence[int]) -> Kind:
    """What the interval of these answers depends on."""
    total = sum(point * count for point, count in zip(statistics.SCALE, counts, strict=True))
    squares = sum(point * point * count for point, count in zip(statistics.SCALE, counts, strict=True))
    return Kind(sum(counts), total, squares)


def ways(n: int, mean: int) -> Any:
    """All ways to answer that show this number and this mean: an array of counts of 1 to 5."""
    numpy: Any = import_module("numpy")
    found = [
        _ways_to(exact, total)
        for exact in range(max(LEAST, n - HALF), n + HALF + 1)
        for total in range(exact, 5 * exact + 1)
        if (20 * total + exact) // (2 * exact) == mean
    ]
    return numpy.concatenate(found)


def _ways_to(n: int, total: int) -> Any:
    """All ways in which `n` people give ratings of this sum: the first three counts leave one for the other two."""
    numpy: Any = import_module("numpy")
    ones, twos, threes = _first_three(n)
    rest = n - ones - twos - threes
    fives = total - ones - 2 * twos - 3 * threes - 4 * rest
    possible = (fives >= 0) & (fives <= rest)
    columns = (ones, twos, threes, rest - fives, fives)
    return numpy.stack([column[possible] for column in columns], axis=1)


@lru_cache(maxsize=5)
def _first_three(n: int) -> Any:
    numpy: Any = import_module("numpy")
    grid = numpy.indices((n + 1,) * 3).reshape(3, -1)
    return grid[:, grid.sum(axis=0) <= n]


@lru_cache(maxsize=1000)
def _merged(n: int, mean: int) -> dict[Kind, Tenths]:
    """What to show of every kind of answers with this number and mean."""
    numpy: Any = import_module("numpy")
    counts = ways(n, mean)
    points = numpy.array(statistics.SCALE)
    kinds = [counts.sum(1), counts @ points, counts @ points**2]
    coded = (kinds[0] << 40) + (kinds[1] << 20) + kinds[2]
    _, first, which = numpy.unique(coded, return_index=True, return_inverse=True)
    exact = _exact(counts[first])
    order = sorted(set(exact), key=lambda ends: (ends[1] - ends[0], ends))
    place_of = {ends: place for place, ends in enumerate(order)}
    places = numpy.array([place_of[ends] for ends in exact])[which]
    cells = numpy.column_stack([counts, kinds[0]])
    shown = _shown({ends: places == place for place, ends in enumerate(order)}, cells)
    of_each = zip(*(kind[first].tolist() for kind in kinds), strict=True)
    return {Kind(*kind): shown[ends] for kind, ends in zip(of_each, exact, strict=True)}


def _exact(counts: Any) -> list[Tenths]:
    """The interval of each row of counts, in tenths."""
    _, low, high = statistics.means(counts.T)
    return [tenths(statistics.Interval(0, *ends)) for ends in zip(low.tolist(), high.tolist(), strict=True)]


def _shown(classes: dict[Tenths, Any], cells: Any) -> dict[Tenths, Tenths]:
    """What each interval is shown as: one with its neighbours, from the narrowest on, until nothing follows from it."""
    alone = cells.max(0) - cells.min(0)
    groups: list[list[Tenths]] = [[]]
    rows: Any = 0
    for ends, mine in classes.items():
        groups[-1].append(ends)
        rows = rows + mine
        if _tells_nothing(cells[rows > 0], alone):
            groups.append([])
            rows = 0
    last = groups.pop()
    if groups:
        groups[-1] += last
    else:
        groups = [last]
    return {
        ends: (min(low for low, _ in group), max(high for _, high in group))
        for group in groups
        for ends in group
    }


def _tells_nothing(held: Any, alone: Any) -> bool:
    """Whether these ways to answer leave open the number, and the count of each answer that somebody gave."""
    least = held.min(0)
    known = held.max(0) - least
    open_counts = (known >= alone.clip(max=AT_LEAST)) | (least == 0)
    return bool(open_counts[:-1].all() and known[-1] == alone[-1])


def _tails_coded(kind: Kind) -> Tenths:
    """The interval; of a spread near the least possible that of a wider one, near the most possible of the most."""
    mean = kind.total / kind.n
    spread = kind.squares / kind.n - mean * mean
    part = mean - floor(mean)
    least, most = part * (1 - part), (mean - 1) * (5 - mean)
    edge = TAIL * (most - least)
    shown = max(spread, least + edge) if spread <= most - edge else most
    return tenths(statistics.mean(_like(kind.n, mean, shown)))


def _like(n: int, mean: float, spread: float) -> tuple[float, ...]:
    """Some counts of this number, mean and spread; an interval needs no more, and they need be nobody's answers."""
    ones = n * ((mean - 3) ** 2 + spread - 2 * (mean - 3)) / 8
    fives = n * ((mean - 3) ** 2 + spread + 2 * (mean - 3)) / 8
    return (ones, 0, n - ones - fives, 0, fives)


def tenths(found: statistics.Interval) -> Tenths:
    """An interval in tenths, rounded outwards."""
    return floor(10 * found.low), -floor(-10 * found.high)
