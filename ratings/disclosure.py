"""The one gate through which every figure is published: what may be shown without showing anybody.

Pure functions of counts and of what was published before. The rules: nothing under ten raters; numbers rounded to
five, each on its own; a mean at either end is shown as 1.2 or 4.8; a figure is published anew only after ten ratings
behind it changed; and, audited over all that was published in the period, a hidden number keeps a range of ten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from importlib import import_module
from math import inf
from typing import Any

from ratings import statistics

RULES = "release/1"
THRESHOLD = 10
CHANGES = 10
BASE = 5
FEASIBLE = 10
"""A hidden number must keep at least this range of possible values."""
LOWEST, HIGHEST = Decimal("1.2"), Decimal("4.8")
SHARES_FROM = 200
"""From here a share in steps of 5 % hides ten people."""
SHARE_STEP = 5

Counts = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class Tally:
    """What stands behind a figure: ratings of 1 to 5, those who did not know, and how many changed since."""

    counts: Counts = (0, 0, 0, 0, 0)
    dont_know: int = 0
    changed: int = 0

    @property
    def n(self) -> int:
        """How many rated."""
        return sum(self.counts)


@dataclass(frozen=True)
class Shown:
    """A figure as published; all None where it is withheld."""

    n: int | None = None
    dont_know: int | None = None
    mean: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    shares: tuple[int, ...] | None = None

    @property
    def is_withheld(self) -> bool:
        """Whether there is no figure."""
        return self.n is None


@dataclass
class Slot:
    """The numbers of raters (rounded) that one slot shows: of all, and of the groups that make up all."""

    total: int | None = None
    groups: dict[str, int | None] = field(default_factory=dict)


WITHHELD = Shown()
WHOLE = "*"


def shown(tally: Tally) -> Shown:
    """The figure of a tally on its own: rounded and coded, or withheld."""
    if tally.n < THRESHOLD:
        return WITHHELD
    n = rounded(tally.n)
    mean, interval = _coded(tally.counts, n)
    return Shown(
        n=n,
        dont_know=rounded(tally.dont_know) if tally.dont_know >= THRESHOLD else None,
        mean=mean,
        low=_tenth(interval.low, ROUND_FLOOR),
        high=_tenth(interval.high, ROUND_CEILING),
        shares=_shares(tally.counts) if tally.n >= SHARES_FROM else None,
    )


def release(
    whole: Tally,
    parts: Mapping[str, Tally],
    before: Sequence[Slot],
    *,
    known: Mapping[str, Shown],
    never: frozenset[str] = frozenset(),
) -> dict[str, Shown]:
    """What to publish now of a whole (named `WHOLE`) and its parts; what is not in the answer stays as it was.

    `before` is what earlier slots of the period showed, `known` the figures that stand now, `never` the parts that are
    no figure. Parts are withheld, the smallest first, until no hidden number can be worked out; where that does not
    help nothing new is published. A part comes out with its whole or not at all, so that no two slots can be set
    against each other.
    """
    if not _is_due(whole, known.get(WHOLE)):
        return {}
    tallies = {WHOLE: whole, **{name: tally for name, tally in parts.items() if name not in never}}
    due = {name: shown(tally) for name, tally in tallies.items() if _is_due(tally, known.get(name))}
    candidates = {name: figure for name, figure in due.items() if figure != known.get(name, WITHHELD)}
    while WHOLE in candidates:
        if is_safe([*before, _slot(candidates, list(parts))]):
            return candidates
        published = [name for name, figure in candidates.items() if name != WHOLE and not figure.is_withheld]
        if not published:
            return {}
        del candidates[min(published, key=lambda name: (tallies[name].n, name))]
    return {}


def _is_due(tally: Tally, known: Shown | None) -> bool:
    """Whether ten ratings behind it changed; of what was never shown, all are new."""
    return tally.changed >= CHANGES or (known is None and tally.n >= THRESHOLD)


def _slot(figures: Mapping[str, Shown], parts: Sequence[str]) -> Slot:
    number = {name: figure.n for name, figure in figures.items()}
    return Slot(number.get(WHOLE), {name: number.get(name) for name in parts})


def is_safe(slots: Sequence[Slot]) -> bool:
    """Whether every number that no slot shows keeps a range of at least ten."""
    ranges = hidden_ranges(slots)
    return all(high - low >= FEASIBLE for low, high in ranges.values())


def hidden_ranges(slots: Sequence[Slot]) -> dict[tuple[int, str], tuple[float, float]]:
    """For each slot (by place) and hidden group the lowest and highest number of raters that fits all that was shown.

    By linear programming over everything published in the period. The attacker is given more than is true: that nobody
    ever withdrew. Where that does not fit what was shown, it is not given.
    """
    for withdrawals in (False, True):
        found = _ranges(slots, withdrawals=withdrawals)
        if found is not None:
            return found
    return {}


def _ranges(slots: Sequence[Slot], *, withdrawals: bool) -> dict[tuple[int, str], tuple[float, float]] | None:
    cells = [(place, group) for place, slot in enumerate(slots) for group in slot.groups]
    column = {cell: number for number, cell in enumerate(cells)}
    rules: list[tuple[dict[int, float], float]] = []
    for place, slot in enumerate(slots):
        if slot.total is not None:
            rules += _between({column[place, group]: 1.0 for group in slot.groups}, slot.total)
        for group, number in slot.groups.items():
            if number is not None:
                rules += _between({column[place, group]: 1.0}, number)
            if place and not withdrawals and (place - 1, group) in column:
                rules.append(({column[place - 1, group]: 1.0, column[place, group]: -1.0}, 0.0))
    hidden = [cell for cell in cells if slots[cell[0]].groups[cell[1]] is None]
    return _solved(hidden, column, rules)


def _between(terms: dict[int, float], shown_: int) -> list[tuple[dict[int, float], float]]:
    """A rounded number as two inequalities on the whole numbers that round to it."""
    least, most = shown_ - BASE // 2, shown_ + BASE // 2
    return [(terms, float(most)), ({place: -value for place, value in terms.items()}, -float(least))]


def _solved(
    hidden: Sequence[tuple[int, str]],
    column: Mapping[tuple[int, str], int],
    rules: Sequence[tuple[dict[int, float], float]],
) -> dict[tuple[int, str], tuple[float, float]] | None:
    found: dict[tuple[int, str], tuple[float, float]] = {}
    for cell in hidden:
        ends = [_end(column[cell], sign, len(column), rules) for sign in (1, -1)]
        if None in ends:
            return None
        low, high = (end for end in ends if end is not None)
        found[cell] = (low, high)
    return found


def _end(
    target: int, sign: int, columns: int, rules: Sequence[tuple[dict[int, float], float]]
) -> float | None:
    """The least (sign 1) or greatest (-1) value of one number; None where the rules contradict each other."""
    optimize: Any = import_module("scipy.optimize")
    aim = [0.0] * columns
    aim[target] = float(sign)
    left = [[terms.get(place, 0.0) for place in range(columns)] for terms, _ in rules]
    right = [bound for _, bound in rules]
    solved = optimize.linprog(aim, A_ub=left or None, b_ub=right or None, bounds=(0, None), method="highs")
    if solved.status == 2:
        return None
    return float(solved.x[target]) if solved.status == 0 else sign * -inf


def rounded(number: int) -> int:
    """To the nearest five."""
    return BASE * ((number + BASE // 2) // BASE)


def _coded(counts: Counts, n: int) -> tuple[Decimal, statistics.Interval]:
    """The mean to one decimal and its interval; at either end both say no more than the code and `n`."""
    mean = _tenth(statistics.raw_mean(counts), ROUND_HALF_UP)
    if LOWEST < mean < HIGHEST:
        return mean, statistics.mean(counts)
    most, some = n * 0.8, n * 0.2
    end = (most, some, 0, 0, 0) if mean <= LOWEST else (0, 0, 0, some, most)
    return min(max(mean, LOWEST), HIGHEST), statistics.mean(end)


def _tenth(value: float, how: str) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal("0.1"), rounding=how)


def _shares(counts: Counts) -> tuple[int, ...]:
    """Shares of 1 to 5 in steps of 5 %, none under 5 or over 95, so that nobody's answer follows from a nought."""
    total = sum(counts)
    steps = (SHARE_STEP * round(100 * count / total / SHARE_STEP) for count in counts)
    return tuple(min(100 - SHARE_STEP, max(SHARE_STEP, step)) for step in steps)
