"""The one gate through which every figure is published: what may be shown without showing anybody.

Pure functions of counts and of what was published before. Nothing is shown of under ten raters, nor may so few be what
is left when shown groups are taken from the whole; numbers are rounded, each on its own (`ratings/rounding.py`); an
interval says little more than number and mean (`ratings/coarsening.py`); a figure, and what is left beside figures,
changes by ten ratings or more since each time it could be known, by twenty where it stood on few; and, audited over
all that was published in the period, a hidden number keeps a range of ten (`ratings/auditing.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from ratings import auditing
from ratings.auditing import ANY_MEAN, OPEN, Range, Slot
from ratings.rounding import (
    ALL,
    BASE,
    HIGHEST,
    LOWEST,
    THRESHOLD,
    WITHHELD,
    Breakdowns,
    Cell,
    Counts,
    Part,
    Shown,
    Tally,
    outline,
    rounded,
    shown,
)

__all__ = [
    "ALL",
    "CHANGES",
    "RULES",
    "THRESHOLD",
    "WITHHELD",
    "Breakdowns",
    "Cell",
    "Counts",
    "Part",
    "Publication",
    "Shown",
    "Tally",
    "changes",
    "is_enough",
    "needed",
    "release",
    "rounded",
    "shown",
    "slots_of",
]

RULES = "release/4"
CHANGES = 10
FEW, CHANGES_OF_FEW = 30, 20
"""Under thirty raters ten newcomers move a figure so far that one of them could be guessed (docs/decisions/0026)."""
HALF_A_TENTH = 0.05


@dataclass(frozen=True)
class Publication:
    """An earlier slot: the figures that it published, and what stood behind all groups then."""

    figures: Mapping[Part, Shown]
    behind: Breakdowns


# --- What to publish now ---


def release(
    now: Breakdowns, before: Sequence[Publication] = (), *, never: frozenset[str] = frozenset()
) -> dict[Part, Shown]:
    """What to publish now of a subject: the whole with the parts that stand beside it; what is not named stays.

    `before` is what earlier slots of the period published, `never` the groups that are no figure. The smallest parts
    are withheld until nothing hidden can be worked out; where that does not help, nothing new is published. A part
    comes out with its whole or not at all, so that no two slots can be set against each other.
    """
    return _Gate(now, before, never).open()


def is_enough(now: Breakdowns) -> bool:
    """Whether a subject that was never published has raters enough."""
    return _tally(_sum(next(iter(now.values())).values())).n >= THRESHOLD


def needed(n: float) -> int:
    """How many ratings must have changed behind a figure of `n` raters before it is published anew."""
    return CHANGES_OF_FEW if THRESHOLD <= n < FEW else CHANGES


def changes(now: Iterable[Cell], then: Iterable[Cell]) -> int:
    """How many ballots at least came, went or changed between two counts of the same groups, however often each did."""
    moved = [
        new - old for one, other in zip(now, then, strict=True) for new, old in zip(one, other, strict=True)
    ]
    return max(sum(more for more in moved if more > 0), -sum(less for less in moved if less < 0))


def _sum(cells: Iterable[Cell]) -> Cell:
    none, one, two, three, four, five = (sum(column) for column in zip((0,) * 6, *cells, strict=True))
    return (none, one, two, three, four, five)


def _tally(cell: Cell) -> Tally:
    none, one, two, three, four, five = cell
    return Tally((one, two, three, four, five), none)


@dataclass
class _Gate:
    """One subject at the gate."""

    now: Breakdowns
    before: Sequence[Publication]
    never: frozenset[str]
    _chosen: dict[str, list[str]] = field(default_factory=dict)
    _passed: dict[tuple[object, ...], bool] = field(default_factory=dict)

    def open(self) -> dict[Part, Shown]:
        """What passes."""
        whole = _sum(next(iter(self.now.values())).values())
        if not self._is_due(ALL):
            return {}
        if _tally(whole).n < THRESHOLD:
            return {ALL: WITHHELD} | dict.fromkeys(self._standing(), WITHHELD)
        self._chosen = {by: self._candidates(by) for by in self.now}
        while failing := [by for by in self.now if not self._passes(by)]:
            if not any(self._chosen[by] for by in failing):
                return {}
            by = next(by for by in failing if self._chosen[by])
            self._chosen[by].pop()
        return {ALL: shown(_tally(whole)), **self._parts()}

    def _parts(self) -> dict[Part, Shown]:
        """The chosen parts; those that were shown, and are due but must not be shown again, are withheld."""
        chosen = self._chosen_parts()
        figures = {part: shown(Tally(_tally(self.now[part.by][part.group]).counts)) for part in chosen}
        return figures | self._gone(chosen)

    def _chosen_parts(self) -> list[Part]:
        return sorted(Part(by, group) for by, groups in self._chosen.items() for group in groups)

    def _gone(self, chosen: Iterable[Part]) -> dict[Part, Shown]:
        """The parts whose figure is taken back, since it is due and is not among the chosen."""
        gone = {part for part in self._standing() if self._is_moved(part)}.difference(chosen)
        return dict.fromkeys(sorted(gone), WITHHELD)

    def _standing(self) -> list[Part]:
        """The parts of which a figure stands."""
        last = {part: figure for one in self.before for part, figure in one.figures.items()}
        return sorted(part for part, figure in last.items() if part != ALL and not figure.is_withheld)

    def _candidates(self, by: str) -> list[str]:
        """The groups that may be shown on their own, the smallest last."""
        groups = {
            group: _tally(cell).n
            for group, cell in self.now[by].items()
            if group not in self.never and _tally(cell).n >= THRESHOLD and self._is_due(Part(by, group))
        }
        return sorted(groups, key=lambda group: (-groups[group], group))

    def _is_due(self, part: Part) -> bool:
        """Whether it is new, or differs enough from the last time, and by none or ten from any time before."""
        past = [self._changes(one, part) for one in self.before if part in one.figures]
        if not past:
            return part != ALL or is_enough(self.now)
        return self._is_moved(part) and all(_is_none_or_ten(number) for number in past)

    def _is_moved(self, part: Part) -> bool:
        """Whether enough ratings behind a part changed since its figure was published last."""
        last = next(one for one in reversed(self.before) if part in one.figures)
        return self._changes(last, part) >= needed(_tally(_behind(last, part)).n)

    def _changes(self, since: Publication, part: Part) -> int:
        """How many ratings behind a part, or behind the whole, changed since a slot."""
        if part == ALL:
            groups = ((self.now[by].values(), since.behind[by].values()) for by in self.now)
            return max(changes(now, then) for now, then in groups)
        return changes([self.now[part.by][part.group]], [since.behind[part.by][part.group]])

    # --- What is left beside what is shown ---

    def _passes(self, by: str) -> bool:
        chosen = self._chosen[by]
        rest = [cell for group, cell in self.now[by].items() if group not in chosen]
        if rest and _tally(_sum(rest)).n < THRESHOLD:
            return False
        return self._is_rest_due(by) and self._is_audited(by)

    def _is_rest_due(self, by: str) -> bool:
        """Whether what is left beside the groups shown now and at an earlier slot is the same, or changed by ten."""
        for one in self.before:
            both = set(self._chosen[by]).intersection(_groups_shown(one.figures, by))
            rest = [group for group in self.now[by] if group not in both]
            moved = changes((self.now[by][name] for name in rest), (one.behind[by][name] for name in rest))
            if not _is_none_or_ten(moved):
                return False
        return True

    def _is_audited(self, by: str) -> bool:
        """Whether what is hidden stays hidden, with all that was published before and is chosen now."""
        slots = self._slots(by)
        asked = (by, tuple(self._chosen[by]), *(slot.total for slot in slots))
        if asked not in self._passed:
            self._passed[asked] = auditing.is_safe(slots)
        return self._passed[asked]

    def _slots(self, by: str) -> list[Slot]:
        """What each slot tells of a breakdown; a slot that withheld the whole tells only that."""
        whole = _tally(_sum(next(iter(self.now.values())).values()))
        figures = {ALL: outline(whole)}
        chosen = self._chosen_parts()
        figures |= {part: outline(_tally(self.now[part.by][part.group])) for part in chosen}
        figures |= self._gone(chosen)
        published = [*self.before, Publication(figures, self.now)]
        return slots_of(published, by)


def _behind(one: Publication, part: Part) -> Cell:
    """What stood behind a part, or behind the whole, at a slot."""
    groups = next(iter(one.behind.values())).values() if part == ALL else [one.behind[part.by][part.group]]
    return _sum(groups)


def _is_none_or_ten(number: int) -> bool:
    return number == 0 or number >= CHANGES


def _groups_shown(figures: Mapping[Part, Shown], by: str) -> set[str]:
    return {part.group for part, figure in figures.items() if part.by == by and not figure.is_withheld}


# --- What a reader knows ---


def slots_of(published: Sequence[Publication], by: str) -> list[Slot]:
    """What the figures of each slot tell of a breakdown, to a reader who knows all rules.

    A figure that was left standing changed by fewer than it needs to come out anew; what is left beside shown groups is
    ten or more; and the groups of one breakdown narrow the whole of all others. A group whose figure was left standing
    is not hidden, unless it has fallen below ten since.
    """
    found: list[Slot] = []
    standing: dict[str, Range] = {}
    for one in published:
        n, groups = one.figures[ALL].n, one.behind[by]
        for part in one.figures:
            if part.by == by:
                standing.pop(part.group, None)
        if n is None:
            continue
        now = {
            part.group: range_of(figure.n)
            for part, figure in one.figures.items()
            if part.by == by and figure.n
        }
        ranges = {group: now.get(group) or _left_standing(standing.get(group)) for group in groups}
        rest = [group for group in groups if group not in now]
        if len(rest) == 1:
            ranges[rest[0]] = (max(THRESHOLD, ranges[rest[0]][0]), ranges[rest[0]][1])
        few = {group for group in rest if _tally(groups[group]).n < THRESHOLD}
        means = {
            part.group: _mean_of(figure) for part, figure in one.figures.items() if part.by == by and figure.n
        }
        hidden = frozenset(set(rest) - (standing.keys() - few))
        found.append(Slot(_total(one, n), ranges, hidden, _mean_of(one.figures[ALL]), means))
        standing |= now
    return found


def _mean_of(figure: Shown) -> Range:
    """The means that are shown as this one."""
    mean = figure.mean
    if mean is None:
        return ANY_MEAN
    low, high = float(mean) - HALF_A_TENTH, float(mean) + HALF_A_TENTH
    return (1 if mean <= LOWEST else low, 5 if mean >= HIGHEST else high)


def range_of(n: int) -> Range:
    """The numbers that are shown as this one."""
    return (max(THRESHOLD, n - BASE // 2), n + BASE // 2)


def _left_standing(known: Range | None) -> Range:
    if known is None:
        return OPEN
    low, high = known
    of_few = min(high, FEW - 1) + CHANGES_OF_FEW - 1 if low < FEW else 0
    return (max(0, low - needed(low) + 1), max(of_few, high + needed(high) - 1))


def _total(one: Publication, n: int) -> Range:
    """Between which numbers all raters are: as shown, and as the groups of every breakdown tell."""
    low, high = range_of(n)
    for by, groups in one.behind.items():
        now = [range_of(figure.n) for part, figure in one.figures.items() if part.by == by and figure.n]
        whole = len(now) == len(groups)
        low = max(low, sum(ends[0] for ends in now) + (0 if whole else THRESHOLD))
        high = min(high, sum(ends[1] for ends in now) if whole else inf)
    return (low, high)
