"""What a reader can work out of hidden numbers, from everything that was published in a period.

A slot is one publication of a subject: ranges for all raters and for each group. The reader is given more than is
true, namely that nobody ever withdrew, so that numbers never fall; where that contradicts what was shown, it is not.
Bounds and, at their ends, whole examples settle nearly all of it; what they leave open goes to a linear program.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from math import inf
from typing import Any

FEASIBLE = 10
"""A hidden number must keep at least this range of possible values."""

Range = tuple[float, float]
Ranges = dict[tuple[int, str], Range]
"""For each slot (by place) and hidden group the lowest and the highest number of raters."""
OPEN: Range = (0, inf)
ANY_MEAN: Range = (1, 5)
CLOSE = 30
"""Where a hidden number keeps less than this range, sums of ratings could tell more of it; they are looked at too."""


@dataclass(frozen=True)
class Slot:
    """What one slot tells: the bounds of all raters and of each group, which groups it hides, and bounds of means."""

    total: Range
    groups: Mapping[str, Range]
    hidden: frozenset[str]
    mean: Range = ANY_MEAN
    means: Mapping[str, Range] = field(default_factory=dict)


def is_safe(slots: Sequence[Slot]) -> bool:
    """Whether every number that a slot hides keeps a range of at least ten."""
    for story in _stories(slots):
        chains = [_chain(part) for part in story]
        if any(chain.is_contradictory() for chain in chains):
            continue
        found = [_is_surely_safe(part, chain) for part, chain in zip(story, chains, strict=True)]
        if None not in found:
            return all(found) and all(map(_stays_open_to_sums, story, chains))
        ranges = [solved(part) for part in story]
        if None not in ranges:
            numbers_are = all(_is_wide(part) for part in ranges if part is not None)
            return numbers_are and all(map(_stays_open_to_sums, story, chains))
    return True


def hidden_ranges(slots: Sequence[Slot]) -> Ranges:
    """The ranges of all hidden numbers, by linear programming alone."""
    for story in _stories(slots):
        found: Ranges = {}
        for first, part in enumerate(story):
            ranges = solved(part)
            if ranges is None:
                break
            found |= {(first + place, group): ends for (place, group), ends in ranges.items()}
        else:
            return found
    return {}


def _stories(slots: Sequence[Slot]) -> Iterator[list[Sequence[Slot]]]:
    """All slots in one chain in which numbers only grow; then each on its own, for people withdraw."""
    yield [slots]
    yield [[slot] for slot in slots]


def _is_wide(ranges: Ranges) -> bool:
    return all(high - low >= FEASIBLE for low, high in ranges.values())


# --- By bounds and examples ---


@dataclass
class _Chain:
    """Bounds of each group at each slot, and of all; none is wider than what comes before and after allows."""

    low: list[dict[str, float]]
    high: list[dict[str, float]]
    least: list[float]
    most: list[float]

    def is_contradictory(self) -> bool:
        """Whether the bounds alone leave no numbers at all."""
        return any(
            any(low[name] > high[name] for name in low)
            or sum(low.values()) > most
            or sum(high.values()) < least
            for low, high, least, most in zip(self.low, self.high, self.least, self.most, strict=True)
        )

    def example(self, group: str, wanted: Sequence[Range]) -> bool:
        """Whether numbers exist that fit everything, with those of `group` within `wanted`."""
        now: dict[str, float] = {}
        for at in range(len(self.low)):
            low = {**self.low[at], group: max(self.low[at][group], wanted[at][0])}
            high = {**self.high[at], group: min(self.high[at][group], wanted[at][1])}
            now = {name: max(now.get(name, 0), low[name]) for name in low}
            self._raise(now, high, at)
            if any(now[name] > high[name] for name in now):
                return False
            if not self.least[at] <= sum(now.values()) <= self.most[at]:
                return False
        return True

    def _raise(self, now: dict[str, float], high: Mapping[str, float], at: int) -> None:
        """Bring the sum to what it must be, first with those who must grow soonest anyway."""
        missing = self.least[at] - sum(now.values())
        for levels in (*self.low[at + 1 :], high):
            for name in now:
                room = min(levels[name], high[name]) - now[name]
                if missing > 0 and room > 0:
                    now[name] += min(room, missing)
                    missing -= min(room, missing)

    def bounds(self, group: str) -> list[Range]:
        """Between which numbers a group must be at each slot, at the closest that bounds alone tell."""
        rest_least = [sum(low.values()) - low[group] for low in self.low]
        rest_most = [sum(high.values()) - high[group] for high in self.high]
        places = range(len(self.low))
        lows = [max(self.low[at][group], self.least[at] - rest_most[at]) for at in places]
        highs = [min(self.high[at][group], self.most[at] - rest_least[at]) for at in places]
        return [(max(lows[: at + 1]), min(highs[at:])) for at in places]


def _chain(slots: Sequence[Slot]) -> _Chain:
    """The bounds, each carried on: numbers do not fall."""
    places, groups = range(len(slots)), list(slots[0].groups)
    least = [max(slot.total[0] for slot in slots[: at + 1]) for at in places]
    most = [min(slot.total[1] for slot in slots[at:]) for at in places]
    low = [{name: max(slot.groups[name][0] for slot in slots[: at + 1]) for name in groups} for at in places]
    high = [
        {name: min(most[at], *(slot.groups[name][1] for slot in slots[at:])) for name in groups}
        for at in places
    ]
    return _Chain(low, high, least, most)


def _is_surely_safe(slots: Sequence[Slot], chain: _Chain) -> bool | None:
    """Whether all hidden numbers keep their range; None where bounds and examples do not tell."""
    hidden = sorted({name for slot in slots for name in slot.hidden})
    if hidden and not chain.example(hidden[0], [OPEN] * len(slots)):
        return None
    for group in hidden:
        bounds = chain.bounds(group)
        at = [place for place, slot in enumerate(slots) if group in slot.hidden]
        if any(bounds[place][1] - bounds[place][0] < FEASIBLE for place in at):
            return False
        if not all(_keeps_its_range(chain, group, bounds, place) for place in at):
            return None
    return True


def _keeps_its_range(chain: _Chain, group: str, bounds: list[Range], place: int) -> bool:
    """Whether two examples, at least ten apart, show that a group's number is open at this slot."""
    low, high = bounds[place]
    for least in (low, high - FEASIBLE, (low + high - FEASIBLE) // 2):
        pair = ((0.0, least), (least + FEASIBLE, inf))
        if all(_exists(chain, group, bounds, place, wanted) for wanted in pair):
            return True
    return False


def _exists(chain: _Chain, group: str, bounds: list[Range], place: int, wanted: Range) -> bool:
    """Whether an example has this group within `wanted` at this slot: as one of a row of like numbers, or alone."""
    row = [(max(ends[0], min(wanted[0], ends[1])), max(ends[0], min(wanted[1], ends[1]))) for ends in bounds]
    alone = [wanted if at == place else OPEN for at in range(len(bounds))]
    return chain.example(group, alone) or chain.example(group, row)


# --- By linear programming ---


def solved(slots: Sequence[Slot]) -> Ranges | None:
    """The ranges of hidden numbers, where numbers never fall; None where that does not fit what was shown."""
    cells = [(at, name) for at, slot in enumerate(slots) for name in slot.groups]
    column = {cell: number for number, cell in enumerate(cells)}
    ends = [slots[at].groups[name] for at, name in cells]
    rules = _rules(slots, column)
    found: Ranges = {}
    for cell in [(at, name) for at, name in cells if name in slots[at].hidden]:
        pair = [_end(column[cell], sign, ends, rules) for sign in (1, -1)]
        if None in pair:
            return None
        low, high = (end for end in pair if end is not None)
        found[cell] = (low, high)
    return found


def _rules(
    slots: Sequence[Slot], column: Mapping[tuple[int, str], int]
) -> tuple[list[list[float]], list[float]]:
    """Each rule is a row of factors and what their sum may not exceed."""
    left: list[list[float]] = []
    right: list[float] = []

    def rule(terms: Mapping[int, float], most: float) -> None:
        left.append([terms.get(place, 0.0) for place in range(len(column))])
        right.append(most)

    for at, slot in enumerate(slots):
        rule({column[at, name]: 1.0 for name in slot.groups}, slot.total[1])
        rule({column[at, name]: -1.0 for name in slot.groups}, -slot.total[0])
        for name in slot.groups if at else ():
            rule({column[at - 1, name]: 1.0, column[at, name]: -1.0}, 0.0)
    return left, right


def _end(
    target: int, sign: int, ends: Sequence[Range], rules: tuple[list[list[float]], list[float]]
) -> float | None:
    """The least (sign 1) or greatest (-1) value of one number; None where the rules contradict each other."""
    found = _extreme([target], sign, ends, rules)
    return None if found is None else found[target]


def _extreme(
    targets: Sequence[int], sign: int, ends: Sequence[Range], rules: tuple[list[list[float]], list[float]]
) -> dict[int, float] | None:
    """These numbers where their sum is least (sign 1) or greatest (-1); None where the rules contradict each other.

    A number without an end is open; where the solver gives up, or of several has no end, nothing is: none may be shown.
    """
    optimize: Any = import_module("scipy.optimize")
    aim = [0.0] * len(ends)
    for target in targets:
        aim[target] = float(sign)
    left, right = rules
    result = optimize.linprog(aim, A_ub=left, b_ub=right, bounds=ends, method="highs")
    if result.status == 2:
        return None
    if result.status == 0:
        return {target: float(result.x[target]) for target in targets}
    is_open = result.status == 3 and len(targets) == 1
    return dict.fromkeys(targets, -sign * inf if is_open else sign * inf)


# --- With sums of ratings ---


def _stays_open_to_sums(slots: Sequence[Slot], chain: _Chain) -> bool:
    """Whether hidden numbers keep their range for a reader who knows sums of ratings too, from numbers and means.

    Who comes adds one to five points to their group: so what a group says later bounds how many it was before.
    """
    if len(slots) < 2:
        return True
    close = [
        (at, name)
        for at, slot in enumerate(slots)
        for name in sorted(slot.hidden)
        if chain.bounds(name)[at][1] - chain.bounds(name)[at][0] < CLOSE
    ]
    return not close or _are_open_to_sums(slots, close)


def _are_open_to_sums(slots: Sequence[Slot], close: Sequence[tuple[int, str]]) -> bool:
    """The same of these numbers: of each group first its least and most story, which mostly shows all of them open."""
    cells = {(at, name): place for place, (at, name) in enumerate(_cells(slots))}
    ends: list[Range] = [slots[at].groups[name] for at, name in cells] + [OPEN] * len(cells)
    rules = _rules_of_sums(slots, cells)
    for group in sorted({name for _, name in close}):
        mine = [cells[cell] for cell in close if cell[1] == group]
        stories = [_extreme(mine, sign, ends, rules) for sign in (1, -1)]
        if None in stories:
            return True
        least, most = (story or {} for story in stories)
        left = [place for place in mine if most[place] - least[place] < FEASIBLE]
        if len(mine) > 1:
            left = [place for place in left if not _is_open(place, ends, rules)]
        if left:
            return False
    return True


def _is_open(target: int, ends: Sequence[Range], rules: tuple[list[list[float]], list[float]]) -> bool:
    low, high = (_end(target, sign, ends, rules) for sign in (1, -1))
    return low is None or high is None or high - low >= FEASIBLE


def _cells(slots: Sequence[Slot]) -> list[tuple[int, str]]:
    return [(at, name) for at, slot in enumerate(slots) for name in slot.groups]


def _rules_of_sums(
    slots: Sequence[Slot], cells: Mapping[tuple[int, str], int]
) -> tuple[list[list[float]], list[float]]:
    """As `_rules`; a column for the number of each cell, then one for the sum of its ratings."""
    width = len(cells)
    left, right = _rules(slots, cells)
    left = [[*row, *[0.0] * width] for row in left]

    def between(numbers: Mapping[int, float], means: Range) -> None:
        """The sums of these cells lie between the numbers times either mean."""
        for sign, mean in ((1.0, means[1]), (-1.0, means[0])):
            row = [0.0] * 2 * width
            for place, value in numbers.items():
                row[place], row[place + width] = -sign * mean * value, sign * value
            left.append(row)
            right.append(0.0)

    for at, slot in enumerate(slots):
        between({cells[at, name]: 1.0 for name in slot.groups}, slot.mean)
        for name in slot.groups:
            between({cells[at, name]: 1.0}, slot.means.get(name, ANY_MEAN))
            if at:
                between({cells[at, name]: 1.0, cells[at - 1, name]: -1.0}, ANY_MEAN)
    return left, right
