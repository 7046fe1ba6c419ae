"""Comparing communities: only what published figures bear out is called a difference."""

from decimal import Decimal

import pytest

from ratings import disclosure, statistics
from ratings.comparisons import differences
from ratings.disclosure import WITHHELD, Counts, Shown, Tally


def figure(*counts: int) -> Shown:
    one, two, three, four, five = counts
    return disclosure.shown(Tally((one, two, three, four, five)))


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
    first = Shown(20000, None, Decimal("3.2"), Decimal("3.2"), Decimal("3.3"))
    second = Shown(20000, None, Decimal("3.0"), Decimal("2.9"), Decimal("3.0"))
    [found] = differences({"a": first, "b": second})
    assert found.low > 0
    assert not found.is_named


def test_an_unsure_difference_is_not_named_however_wide_it_is() -> None:
    [found] = differences({"a": figure(4, 2, 2, 2, 2), "b": figure(2, 2, 2, 2, 4)})
    assert abs(found.value) >= 0.3
    assert not found.is_named


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


def test_withheld_groups_are_not_compared() -> None:
    assert differences({"a": LOW, "b": WITHHELD}) == []
    assert len(differences({"a": LOW, "b": HIGH, "c": WITHHELD, "d": HIGH})) == 3
