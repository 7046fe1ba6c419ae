"""Comparing communities: only what published figures bear out is called a difference."""

from typing import Any

import pytest

from ratings import comparisons, disclosure, statistics
from ratings.comparisons import changes, differences, published, said_of, said_of_change
from ratings.disclosure import Counts, Tally
from ratings.statistics import Interval


def figure(*counts: int) -> Interval:
    """What is published of such ratings."""
    one, two, three, four, five = counts
    shown: Any = disclosure.shown(Tally((one, two, three, four, five)))
    return published(float(shown.mean), float(shown.low), float(shown.high))


LOW, HIGH = figure(60, 25, 10, 5, 0), figure(0, 5, 10, 25, 60)


def test_a_wide_difference_is_named_with_its_interval() -> None:
    [found] = differences({"black": LOW, "white": HIGH})
    assert (found.first, found.second, found.is_named) == ("black", "white", True)
    assert found.low < found.value < found.high < 0


def test_two_groups_compared_alone_have_the_interval_of_their_means() -> None:
    a: Counts = (12, 7, 5, 4, 2)
    b: Counts = (3, 3, 9, 20, 15)
    [found] = differences({"a": figure(*a), "b": figure(*b)})
    exact = statistics.mean_difference(a, b)
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=0.2)


def test_a_small_difference_is_not_named_however_sure_it_is() -> None:
    first, second = published(3.2, 3.2, 3.3), published(3.0, 2.9, 3.0)
    [found] = differences({"a": first, "b": second})
    assert found.low > 0
    assert not found.is_named


def test_an_unsure_difference_is_not_named_however_wide_it_is() -> None:
    [found] = differences({"a": figure(4, 2, 2, 2, 2), "b": figure(2, 2, 2, 2, 4)})
    assert abs(found.value) >= 0.3
    assert not found.is_named


def test_what_is_named_is_named_by_the_numbers_that_are_shown() -> None:
    barely = changes([("2026-Q1", published(3.0, 2.8, 3.2)), ("2026-Q2", published(3.4, 3.054, 3.7))])[
        "2026-Q2"
    ]
    assert (barely.low, barely.is_named) == (0.0, False)
    sure = changes([("2026-Q1", published(3.0, 2.8, 3.2)), ("2026-Q2", published(3.4, 3.1, 3.7))])["2026-Q2"]
    assert (sure.low, sure.is_named) == (0.04, True)
    assert "rose by 0.4 points (between 0.04 and 0.76" in said_of_change(sure, "2026-Q2")


def test_the_more_is_compared_the_wider_the_intervals() -> None:
    a, b = figure(8, 8, 8, 3, 3), figure(3, 3, 8, 8, 8)
    [alone] = differences({"a": a, "b": b})
    same = figure(6, 6, 6, 6, 6)
    among = next(
        one
        for one in differences({"a": a, "b": b, "c": same, "d": same, "e": same})
        if (one.first, one.second) == ("a", "b")
    )
    assert alone.is_named
    assert among.low < alone.low
    assert among.high > alone.high
    assert not among.is_named


def test_an_interval_of_many_comparisons_excludes_nought_just_where_the_corrected_chance_is_small() -> None:
    found = differences({"a": LOW, "b": HIGH, "c": figure(6, 6, 6, 6, 6), "d": figure(5, 6, 6, 6, 7)})
    assert len(found) == 6
    assert any(one.chance > 0.05 for one in found)
    for one in found:
        assert (one.chance < 0.05) == (not one.low <= 0 <= one.high)


def test_nobody_is_compared_where_fewer_than_two_are_published() -> None:
    assert differences({}) == []
    assert differences({"a": LOW}) == []


def test_a_named_difference_is_said_with_its_direction_and_its_interval() -> None:
    [found] = differences({"black": LOW, "white": HIGH})
    said = said_of(found, {"black": "Black residents", "white": "white residents"})
    assert said.startswith(f"Black residents rated it {-found.value:.1f} points lower than white residents")
    assert "corrected for all that are compared" in said


def test_what_is_not_named_is_no_proof_that_there_is_no_difference() -> None:
    [found] = differences({"a": figure(6, 6, 6, 6, 6), "b": figure(5, 6, 6, 6, 7)})
    assert said_of(found, {}) == "A and b: these figures show no difference that can be told from chance."


def test_a_change_is_from_one_published_period_to_the_next() -> None:
    found = changes([("2026-Q1", LOW), ("2026-Q3", HIGH), ("2026-Q4", HIGH)])
    assert {period: (one.since, one.is_named) for period, one in found.items()} == {
        "2026-Q3": ("2026-Q1", True),
        "2026-Q4": ("2026-Q3", False),
    }
    assert "rose by" in said_of_change(found["2026-Q3"], "2026-Q3")
    assert "no change that can be told from chance" in said_of_change(found["2026-Q4"], "2026-Q4")
    assert (found["2026-Q3"].low, found["2026-Q3"].high) == pytest.approx(
        statistics.difference(HIGH, LOW)[1:], abs=0.01
    )


def test_rounded_figures_are_never_taken_to_be_exact() -> None:
    assert published(3.0, 3.0, 3.0) == (3.0, 2.95, 3.05)
    assert comparisons.published(3.0, 2.5, 3.5) == (3.0, 2.5, 3.5)
