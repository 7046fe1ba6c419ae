"""Somebody who reads everything that is published, knows every rule, has the program, and solves for what is hidden.

From rows as `ratings/` gives them, whole numbers are looked for: for each slot and group how many rated, and the sum of
their ratings. What was shown, how it was rounded, that an interval comes from counts, what it means that a figure was
left standing or withheld, that groups add up to all: each is a rule, and a solver says what remains possible.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from itertools import combinations, pairwise
from typing import Any, NamedTuple

import numpy

from ratings import coarsening, disclosure
from ratings.disclosure import Tally

Row = Mapping[str, Any]
Cell = tuple[int, str, str]
"""Slot (by place), breakdown and group."""
optimize: Any = import_module("scipy.optimize")
sparse: Any = import_module("scipy.sparse")
MOST = 10_000
OPEN_NUMBER, OPEN_MEAN = 9, 2.0
"""A number is hidden while it may be any of ten, as it may be after the bare fact that it is withheld (0 to 9); a mean
while half of the four points are possible."""
MOST_WAYS = 40
"""Up to so many raters all ways to answer are tried."""


class Found(NamedTuple):
    """Something that should be hidden, and between which limits it was found."""

    what: str
    cell: tuple[Any, ...]
    low: float
    high: float


@cache
def ways(n: int, mean: int, low: int, high: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The least and the most of: each answer's count, the number, the sum; over all ways that would be shown so."""
    counts = coarsening.ways(n, mean)
    shown_so = [row for row in counts.tolist() if coarsening.interval(row, n, mean) == (low, high)]
    found = numpy.array([[*row, sum(row), coarsening.kind_of(row).total] for row in shown_so])
    return tuple(found.min(0).tolist()), tuple(found.max(0).tolist())


def tenths(number: float) -> int:
    return round(number * 10)


@dataclass
class Attacker:
    """One subject in one quarter: `groups` of each breakdown are public, so are the rows, slot after slot."""

    groups: Mapping[str, Sequence[str]]
    slots: list[dict[tuple[str, str], Row]]
    growing: bool
    """Whether to assume that nobody ever withdrew or changed."""
    least_left: int = 10
    """What is left beside shown groups is so many at least, as the rules have it."""
    _names: dict[Cell, int] = field(default_factory=dict)
    _rules: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for at, shown in enumerate(self.slots):
            for by in self.groups:
                for group in ("*", *self.groups[by]):
                    self._names.setdefault((at, by, group), 2 * len(self._names))
            for by, groups in self.groups.items():
                self._read_breakdown(at, by, groups, shown)
            self._same_whole(at)
        if self.growing:
            self._only_grows()

    # --- What is known ---

    def n(self, at: int, by: str, *groups: str) -> dict[int, float]:
        return {self._names[at, by, group]: 1.0 for group in groups}

    def total(self, at: int, by: str, *groups: str) -> dict[int, float]:
        return {self._names[at, by, group] + 1: 1.0 for group in groups}

    def _rule(self, low: float, high: float, *parts: tuple[float, Mapping[int, float]]) -> None:
        terms: dict[int, float] = {}
        for factor, part in parts:
            for column, value in part.items():
                terms[column] = terms.get(column, 0.0) + factor * value
        self._rules.append((terms, low, high))

    def _read_breakdown(
        self, at: int, by: str, groups: Sequence[str], shown: Mapping[tuple[str, str], Row]
    ) -> None:
        self._rule(0, 0, (1, self.n(at, by, "*")), (-1, self.n(at, by, *groups)))
        self._rule(0, 0, (1, self.total(at, by, "*")), (-1, self.total(at, by, *groups)))
        self._read(at, by, "*", shown["all", ""])
        hidden = []
        for group in groups:
            row = shown.get((by, group))
            if row is None or row["n"] is None:
                hidden.append(group)
                self._between_one_and_five(at, by, group)
            if row is None:
                self._left_standing(at, by, group)
            elif row["n"] is not None:
                self._read(at, by, group, row)
        if hidden and shown["all", ""]["n"] is not None:
            self._rule(self.least_left, MOST, (1, self.n(at, by, *hidden)))

    def _read(self, at: int, by: str, group: str, row: Row) -> None:
        """A figure: how its number and mean were rounded, and which counts would be shown with this interval."""
        number, total = self.n(at, by, group), self.total(at, by, group)
        if row["n"] is None:
            self._rule(0, 9, (1, number))
            self._between_one_and_five(at, by, group)
            return
        mean = row["mean"]
        self._rule(max(10, row["n"] - 2), row["n"] + 2, (1, number))
        least = 1.0 if mean <= 1.2 else mean - 0.05
        most = 5.0 if mean >= 4.8 else mean + 0.05
        self._rule(0, MOST, (1, total), (-least, number))
        self._rule(-MOST, 0, (1, total), (-most, number))
        if 1.2 < mean < 4.8 and row["n"] <= MOST_WAYS:
            low, high = ways(row["n"], tenths(mean), tenths(row["low"]), tenths(row["high"]))
            self._rule(low[5], high[5], (1, number))
            self._rule(low[6], high[6], (1, total))

    def _between_one_and_five(self, at: int, by: str, group: str) -> None:
        self._rule(0, MOST, (1, self.total(at, by, group)), (-1, self.n(at, by, group)))
        self._rule(-MOST, 0, (1, self.total(at, by, group)), (-5, self.n(at, by, group)))

    def _left_standing(self, at: int, by: str, group: str) -> None:
        """It was published before and not now: at most nine ballots came, went or changed."""
        before = [place for place in range(at) if (by, group) in self.slots[place]]
        if before and self.slots[before[-1]][by, group]["n"] is not None:
            then = before[-1]
            self._rule(-9, 9, (1, self.n(at, by, group)), (-1, self.n(then, by, group)))
            self._rule(-45, 45, (1, self.total(at, by, group)), (-1, self.total(then, by, group)))

    def _same_whole(self, at: int) -> None:
        first, *others = self.groups
        for by in others:
            self._rule(0, 0, (1, self.n(at, by, "*")), (-1, self.n(at, first, "*")))
            self._rule(0, 0, (1, self.total(at, by, "*")), (-1, self.total(at, first, "*")))

    def _only_grows(self) -> None:
        for at, by, group in self._names:
            if at:
                more = [(1.0, self.n(at, by, group)), (-1.0, self.n(at - 1, by, group))]
                points = [(1.0, self.total(at, by, group)), (-1.0, self.total(at - 1, by, group))]
                self._rule(0, MOST, *more)
                self._rule(0, MOST, *points, *((-factor, part) for factor, part in more))
                self._rule(-MOST, 0, *points, *((-5 * factor, part) for factor, part in more))

    # --- What follows ---

    def _matrix(self) -> tuple[Any, list[float], list[float]]:
        rows, columns, values = [], [], []
        for place, (terms, _, _) in enumerate(self._rules):
            rows += [place] * len(terms)
            columns += list(terms)
            values += list(terms.values())
        shape = (len(self._rules), 2 * len(self._names))
        matrix = sparse.csr_array((values, (rows, columns)), shape=shape)
        return matrix, [low for _, low, _ in self._rules], [high for _, _, high in self._rules]

    def number(self, *parts: tuple[float, Mapping[int, float]]) -> tuple[float, float] | None:
        """The least and the most of a sum, in whole numbers; None where nothing fits (somebody withdrew)."""
        matrix, low, high = self._matrix()
        aim = numpy.zeros(2 * len(self._names))
        for factor, part in parts:
            for column, value in part.items():
                aim[column] += factor * value
        ends = []
        for sign in (1, -1):
            solved = optimize.milp(
                sign * aim,
                constraints=optimize.LinearConstraint(matrix, low, high),
                integrality=numpy.ones_like(aim),
                bounds=optimize.Bounds(0, MOST),
            )
            if solved.x is None:
                return None
            ends.append(float(sign * round(solved.fun)))
        return ends[0], ends[1]

    def mean(
        self,
        number: Sequence[tuple[float, Mapping[int, float]]],
        total: Sequence[tuple[float, Mapping[int, float]]],
    ) -> tuple[float, float] | None:
        """The least and most mean of some who are at least one (Charnes and Cooper 1962); None where nothing fits."""
        matrix, low, high = self._matrix()
        width = 2 * len(self._names)
        scale = numpy.array([[*low]]).T, numpy.array([[*high]]).T
        upper = sparse.hstack([matrix, -scale[1]])
        lower = sparse.hstack([-matrix, scale[0]])
        aims = []
        for parts in (number, total):
            aim = numpy.zeros(width + 1)
            for factor, part in parts:
                for column, value in part.items():
                    aim[column] += factor * value
            aims.append(aim)
        ends = []
        for sign in (1, -1):
            solved = optimize.linprog(
                sign * aims[1],
                A_ub=sparse.vstack([upper, lower]),
                b_ub=numpy.zeros(2 * matrix.shape[0]),
                A_eq=aims[0].reshape(1, -1),
                b_eq=[1.0],
                bounds=[(0, None)] * width + [(0, 1)],
                method="highs",
            )
            if solved.x is None:
                return None
            ends.append(float(sign * solved.fun))
        return ends[0], ends[1]


# --- Looking at everything ---


def solve(
    groups: Mapping[str, Sequence[str]],
    slots: list[dict[tuple[str, str], Row]],
    truth: Sequence[disclosure.Breakdowns],
    least_left: int = 10,
) -> list[Found]:
    """All that an attacker finds of cells that are truly under ten: their number, their mean, or one answer's count.

    `truth` (what stood behind each slot) says only which cells to look for, and whether nobody withdrew.
    """
    found = [*_answers(slots)]
    for growing in (True, False):
        attacker = Attacker(groups, slots, growing, least_left)
        for at, by in ((at, by) for at in range(len(slots)) for by in groups):
            found += _cells(attacker, at, by, groups[by], truth)
            if growing and at and _grew(truth):
                found += _newcomers(attacker, at, by, groups[by], truth)
    return found


def _grew(truth: Sequence[disclosure.Breakdowns]) -> bool:
    """Whether it is true that nobody withdrew or changed: from what is false nothing follows."""
    return all(
        old <= new
        for before, after in pairwise(truth)
        for by in before
        for group in before[by]
        for old, new in zip(before[by][group], after[by][group], strict=True)
    )


def _answers(slots: Iterable[Mapping[tuple[str, str], Row]]) -> Iterable[Found]:
    """How many gave one answer, where a figure tells it exactly."""
    for at, shown in enumerate(slots):
        for part, row in shown.items():
            if row["n"] is None or row["n"] > MOST_WAYS or not 1.2 < row["mean"] < 4.8:
                continue
            low, high = ways(row["n"], tenths(row["mean"]), tenths(row["low"]), tenths(row["high"]))
            for answer in range(5):
                if 0 < low[answer] == high[answer] < 10:
                    yield Found("answer", (at, *part, answer + 1), low[answer], high[answer])


def _cells(
    attacker: Attacker, at: int, by: str, groups: Sequence[str], truth: Sequence[disclosure.Breakdowns]
) -> Iterable[Found]:
    """Hidden groups, and any of them together, that are under ten."""
    shown = {group for (one, group), row in attacker.slots[at].items() if one == by and row["n"] is not None}
    hidden = [group for group in groups if group not in shown]
    if attacker.slots[at]["all", ""]["n"] is None:
        return
    for size in (1, 2, len(hidden)):
        for some in sorted(set(combinations(hidden, size))):
            if some and sum(sum(truth[at][by][group][1:]) for group in some) < 10:
                yield from _of(
                    attacker,
                    (at, by, some),
                    [(1, attacker.n(at, by, *some))],
                    [(1, attacker.total(at, by, *some))],
                )


def _newcomers(
    attacker: Attacker, at: int, by: str, groups: Sequence[str], truth: Sequence[disclosure.Breakdowns]
) -> Iterable[Found]:
    """Where fewer than ten came or changed between two slots, in a group or beside those shown twice: their mean."""
    for then in range(at):
        both = {
            group
            for group in groups
            if all(
                (attacker.slots[place].get((by, group)) or {"n": None})["n"] is not None
                for place in (then, at)
            )
        }
        rest = tuple(group for group in groups if group not in both)
        for some in {*((group,) for group in groups), rest} - {()}:
            moved = disclosure.changes(
                (truth[at][by][group] for group in some), (truth[then][by][group] for group in some)
            )
            if 0 < moved < 10:
                number = [(1.0, attacker.n(at, by, *some)), (-1.0, attacker.n(then, by, *some))]
                total = [(1.0, attacker.total(at, by, *some)), (-1.0, attacker.total(then, by, *some))]
                mean = attacker.mean(number, total)
                if mean and mean[1] - mean[0] < OPEN_MEAN:
                    yield Found("mean of newcomers", (then, at, by, some), *mean)


def _of(attacker: Attacker, cell: tuple[Any, ...], number: Any, total: Any) -> Iterable[Found]:
    ends = attacker.number(*number)
    if ends is None:
        return
    if ends[1] - ends[0] < OPEN_NUMBER:
        yield Found("number", cell, *ends)
    mean = attacker.mean(number, total)
    if mean and mean[1] - mean[0] < OPEN_MEAN:
        yield Found("mean", cell, *mean)


# --- Rows without a server ---


def rows_of(figures: Mapping[disclosure.Part, disclosure.Shown]) -> dict[tuple[str, str], Row]:
    """Figures as the rows in which `ratings/` gives them."""
    return {
        (part.by, part.group): {
            "n": figure.n,
            **{
                name: None if figure.n is None else float(getattr(figure, name))
                for name in ("mean", "low", "high")
            },
        }
        for part, figure in figures.items()
    }


def unguarded(now: disclosure.Breakdowns) -> dict[disclosure.Part, disclosure.Shown]:
    """What a gate that only withholds figures under ten would publish: whoever attacks this must find something."""
    whole = [sum(column) for column in zip(*next(iter(now.values())).values(), strict=True)]
    parts = {disclosure.ALL: whole}
    parts |= {
        disclosure.Part(by, group): list(cell) for by, groups in now.items() for group, cell in groups.items()
    }
    return {part: disclosure.shown(Tally((c[1], c[2], c[3], c[4], c[5]))) for part, c in parts.items()}
