"""Redlines and charts: nothing is lost between two wordings, and nothing is drawn where it is not."""

import itertools
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal import charts, redlines

WORDINGS = st.text(st.sampled_from("ab \n"), max_size=40)
DAYS = st.lists(st.dates(date(2024, 1, 1), date(2028, 1, 1)), min_size=2, max_size=8, unique=True)


@given(old=WORDINGS, new=WORDINGS)
def test_without_what_was_put_in_a_redline_is_the_old_wording_and_without_what_was_taken_out_the_new(
    old: str, new: str
) -> None:
    pieces = redlines.between(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "new") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "old") == new


def test_a_redline_marks_words_and_not_letters() -> None:
    pieces = redlines.between("Ten officers walk.", "Ten constables walk.")
    assert [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"] == [
        ("old", "officers"),
        ("new", "constables"),
    ]


def test_very_long_wordings_are_shown_whole_and_not_compared() -> None:
    old, new = "a " * 3000, "b " * 3000
    assert redlines.between(old, new) == [("old", old), ("new", new)]


@given(days=DAYS)
def test_every_day_stands_on_the_line_in_order_and_no_words_overlap(days: list[date]) -> None:
    chart = charts.line_of_days([("moved", f"day {n}", on) for n, on in enumerate(days)], None, None)
    assert chart
    places = [mark.x for mark in chart.marks]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (chart.start, chart.end)
    spans: dict[int, list[tuple[int, int]]] = {}
    for mark in chart.marks:
        wide = 7 * len(mark.label)
        left = mark.x - wide if mark.anchor == "end" else mark.x
        assert left >= 0
        assert left + wide <= chart.width
        spans.setdefault(mark.y, []).append((left, left + wide))
    for row in spans.values():
        row.sort()
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(row))


def test_lateness_is_drawn_from_the_due_day_to_the_day_it_is_counted_to() -> None:
    first = date(2026, 1, 1)
    due, until = first + timedelta(days=50), first + timedelta(days=100)
    points = [("said", "said", first), ("due", "due", due), ("today", "today", until)]
    chart = charts.line_of_days(points, due, until)
    assert chart
    assert chart.late_from == (chart.start + chart.end) // 2
    assert chart.late_from + chart.late_width == chart.end
    assert chart.description == "said 1 January 2026; due 20 February 2026; today 11 April 2026."
    on_time = charts.line_of_days(points, due, None)
    assert on_time
    assert on_time.late_from is None
    assert charts.line_of_days(points[:1], None, None) is None


def test_an_interval_lies_where_its_numbers_are_and_what_is_withheld_has_no_mark() -> None:
    shown = {"label": "All", "n": 40, "mean": Decimal("3.0"), "low": Decimal("1.0"), "high": Decimal("5.0")}
    withheld = {"label": "Few", "n": None, "mean": None, "low": None, "high": None}
    chart = charts.intervals([shown, withheld], "Figures")
    assert chart
    whole, few = chart.bars
    assert (whole.low, whole.low + whole.width, whole.mean) == (14, 346, 180)
    assert few.mean is None
    assert (
        chart.description == "All: 3.0 of 5, between 1.0 and 5.0, about 40 people. Few: no figure is shown."
    )
    assert charts.intervals([], "Nothing") is None
