"""Charts as plain numbers for inline SVG: intervals of residents' figures, and a promise's days on a line.

Whole numbers alone, so that no language writes them with a comma. Beside each chart its page has a table that says the
same.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import days

WIDTH, EDGE = 360, 14
ROW, HEAD, FOOT = 46, 6, 34
LOWEST, HIGHEST = 10, 50
"""Ratings in tenths of points."""
NEAR = 46
"""Marks closer than this would write over each other: the later one's words go a line down."""


class Bar(NamedTuple):
    """A figure with its interval; `mean` is None where it is withheld."""

    label: str
    n: int | None
    y: int
    text_y: int
    low: int
    width: int
    mean: int | None
    said: str


class Intervals(NamedTuple):
    """The chart of a few figures on the scale from 1 to 5."""

    width: int
    height: int
    base: int
    text_y: int
    ticks: list[tuple[int, int]]
    bars: list[Bar]
    title: str
    description: str


class Mark(NamedTuple):
    """A day on the line. `kind`: said, moved, due, claimed, found, today."""

    kind: str
    label: str
    on: date
    x: int
    text_x: int
    y: int
    anchor: str


class Days(NamedTuple):
    """The chart of a promise's days."""

    width: int
    height: int
    line: int
    start: int
    end: int
    late_from: int | None
    late_width: int
    marks: list[Mark]
    title: str
    description: str


def intervals(groups: Sequence[dict[str, Any]], title: str) -> Intervals | None:
    """A line for each group, from `label`, `n`, `mean`, `low` and `high`; None where there is nothing to draw."""
    if not groups:
        return None
    bars = [_bar(group, place) for place, group in enumerate(groups)]
    base = HEAD + ROW * len(bars) + 4
    return Intervals(
        width=WIDTH,
        height=base + FOOT,
        base=base,
        text_y=base + 16,
        ticks=[(score, _at(score * 10)) for score in range(1, 6)],
        bars=bars,
        title=title,
        description=" ".join(bar.said for bar in bars),
    )


def _bar(group: dict[str, Any], place: int) -> Bar:
    top, label = HEAD + ROW * place, str(group["label"])
    if group["mean"] is None:
        words = _("%(label)s: no figure is shown.") % {"label": label}
        return Bar(label, None, top + 30, top + 15, 0, 0, None, words)
    low, high, mean = (round(group[name] * 10) for name in ("low", "high", "mean"))
    parts = {
        "label": label,
        "mean": group["mean"],
        "low": group["low"],
        "high": group["high"],
        "n": group["n"],
    }
    words = _("%(label)s: %(mean)s of 5, between %(low)s and %(high)s, about %(n)s people.") % parts
    return Bar(label, group["n"], top + 30, top + 15, _at(low), _at(high) - _at(low), _at(mean), words)


def _at(tenths: int) -> int:
    return EDGE + round((tenths - LOWEST) * (WIDTH - 2 * EDGE) / (HIGHEST - LOWEST))


def line_of_days(
    points: Iterable[tuple[str, str, date | None]], due: date | None, until: date | None
) -> Days | None:
    """The days `(kind, label, day)` on a line; from `due` to `until` it is late. None with fewer than two days."""
    known = sorted(
        ((kind, label, on) for kind, label, on in points if on is not None), key=lambda one: one[2]
    )
    if len({on for _kind, _label, on in known}) < 2:
        return None
    first, last = known[0][2], known[-1][2]

    def place(on: date) -> int:
        return EDGE + round((on - first).days * (WIDTH - 2 * EDGE) / (last - first).days)

    marks = _marks([(kind, label, on, place(on)) for kind, label, on in known])
    is_late = due is not None and until is not None and until > due
    late_from = place(due) if is_late and due else None
    line = 20 * (1 + max(mark.y for mark in marks)) + 14
    return Days(
        width=WIDTH,
        height=line + 34,
        line=line,
        start=EDGE,
        end=WIDTH - EDGE,
        late_from=late_from,
        late_width=place(until) - late_from if late_from is not None and until else 0,
        marks=[mark._replace(y=line - 14 - 20 * mark.y) for mark in marks],
        title=_("The days of this promise"),
        description="; ".join(f"{label} {days.day(on)}" for _kind, label, on in known) + ".",
    )


def _marks(placed: list[tuple[str, str, date, int]]) -> list[Mark]:
    """Each mark with the line on which its words stand, so that none writes over another."""
    ends: list[int] = []
    marks = []
    for kind, label, on, x in placed:
        wide = 7 * len(label) + 8
        anchor = "end" if x + wide > WIDTH else "start"
        left = x - wide if anchor == "end" else x
        row = next((row for row, end in enumerate(ends) if end <= left), len(ends))
        ends[row:] = [x + wide if anchor == "start" else x + 4, *ends[row + 1 :]]
        marks.append(Mark(kind, label, on, x, x, row, anchor))
    return marks


def late_for(number: int | None) -> str:
    """How many days, for the caption of a chart."""
    return "" if not number else ngettext("%(n)d day", "%(n)d days", number) % {"n": number}
