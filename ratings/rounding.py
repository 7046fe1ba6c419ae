"""One figure on its own: nothing under ten raters, numbers to five, a mean to a tenth and coded at either end."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from ratings import coarsening, statistics

THRESHOLD = 10
BASE = 5
LOWEST, HIGHEST = Decimal("1.2"), Decimal("4.8")
SHARES_FROM = 200
"""From here a share in steps of 5 % hides ten people."""
SHARE_STEP = 5

Counts = tuple[int, int, int, int, int]
Cell = tuple[int, int, int, int, int, int]
"""How many did not know, and how many rated 1 to 5."""
Breakdowns = Mapping[str, Mapping[str, Cell]]
"""For each breakdown its groups, which together are all who rated."""


class Part(NamedTuple):
    """Which figure of a subject: all of it, or one group of one breakdown."""

    by: str
    group: str


ALL = Part("all", "")


@dataclass(frozen=True)
class Tally:
    """What stands behind a figure: ratings of 1 to 5, and those who did not know."""

    counts: Counts = (0, 0, 0, 0, 0)
    dont_know: int = 0

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


WITHHELD = Shown()


def shown(tally: Tally) -> Shown:
    """The figure of a tally on its own: rounded and coded, or withheld."""
    if tally.n < THRESHOLD:
        return WITHHELD
    n, mean = rounded(tally.n), _mean(tally.counts)
    low, high = _interval(tally.counts, n, mean)
    return Shown(
        n=n,
        dont_know=rounded(tally.dont_know) if tally.dont_know >= THRESHOLD else None,
        mean=min(max(mean, LOWEST), HIGHEST),
        low=Decimal(low) / 10,
        high=Decimal(high) / 10,
        shares=_shares(tally.counts) if tally.n >= SHARES_FROM else None,
    )


def outline(tally: Tally) -> Shown:
    """What the audit needs of a figure: its number and mean."""
    return Shown(n=rounded(tally.n), mean=min(max(_mean(tally.counts), LOWEST), HIGHEST))


def _mean(counts: Counts) -> Decimal:
    return Decimal(repr(statistics.raw_mean(counts))).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def rounded(number: int) -> int:
    """To the nearest five."""
    return BASE * ((number + BASE // 2) // BASE)


def _interval(counts: Counts, n: int, mean: Decimal) -> coarsening.Tenths:
    """Its interval in tenths; of a mean at either end it says no more than the code and `n`."""
    if LOWEST < mean < HIGHEST:
        return coarsening.interval(counts, n, int(mean * 10))
    most, some = n * 0.8, n * 0.2
    end = (most, some, 0, 0, 0) if mean <= LOWEST else (0, 0, 0, some, most)
    return coarsening.tenths(statistics.mean(end))


def _shares(counts: Counts) -> tuple[int, ...]:
    """Shares of 1 to 5 in steps of 5 %, none under 5 or over 95, so that nobody's answer follows from a nought."""
    total = sum(counts)
    steps = (SHARE_STEP * round(100 * count / total / SHARE_STEP) for count in counts)
    return tuple(min(100 - SHARE_STEP, max(SHARE_STEP, step)) for step in steps)
