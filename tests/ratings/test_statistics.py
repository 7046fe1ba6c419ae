"""Figures against reference values that others computed (SciPy, statsmodels, simulation), and by their own logic."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ratings import statistics

VECTORS = Path(__file__).parents[1] / "vectors"
PRECISE = 1e-6
COUNTS = some.lists(some.integers(0, 300), min_size=5, max_size=5).filter(any)


def reference(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_text())


def near(value: float) -> Any:
    return pytest.approx(value, abs=PRECISE)


@pytest.mark.parametrize("case", reference("stats_reference")["beta_interval_perks"], ids=str)
def test_a_mean_and_its_interval_are_the_reference_values(case: dict[str, Any]) -> None:
    found = statistics.mean(case["counts"])
    assert list(found) == [near(case["mean"]), near(case["low"]), near(case["high"])]
    assert statistics.raw_mean(case["counts"]) == near(case["raw_mean"])
    # The reference also holds what sampling the posterior itself gave; the beta fits it closely.
    assert (found.low, found.high) == pytest.approx((case["mc_low"], case["mc_high"]), abs=0.02)


@pytest.mark.parametrize("case", reference("stats_reference")["wilson"], ids=str)
def test_a_share_has_wilsons_interval(case: dict[str, Any]) -> None:
    found = statistics.share(case["x"], case["n"])
    assert found == (near(case["x"] / case["n"]), near(case["low"]), near(case["high"]))


@pytest.mark.parametrize("case", reference("stats_reference")["newcombe"], ids=str)
def test_a_difference_of_shares_has_newcombes_interval(case: dict[str, Any]) -> None:
    found = statistics.share_difference((case["x1"], case["x2"]), (case["n1"], case["n2"]))
    assert found[1:] == (near(case["low"]), near(case["high"]))


def test_a_difference_of_means_is_recovered_from_both_intervals() -> None:
    case = reference("stats_reference")["mover_difference"]
    found = statistics.mean_difference(case["a"], case["b"])
    assert found == tuple(near(value) for value in case["diff_low_high"])
    welch = reference("stats_reference")["welch_difference"]
    assert found[1:] == pytest.approx(tuple(welch["ci"]), abs=0.15)
    assert statistics.chance(found) < 0.001


def test_raking_meets_its_margins_and_says_what_it_costs() -> None:
    case = reference("raking_reference")
    found = statistics.rake(case["table"], case["row_share"], case["col_share"])
    fitted = [
        [count * weight for count, weight in zip(*rows, strict=True)]
        for rows in zip(case["table"], found.cells, strict=True)
    ]
    assert fitted == [pytest.approx(row, abs=PRECISE) for row in case["fitted"]]
    assert found.effective_n == near(case["n_eff"])
    (a, b), (c, d) = fitted
    assert a * d / (b * c) == near(case["odds_ratio"])


def test_no_weight_leaves_the_bounds_it_is_trimmed_to() -> None:
    found = statistics.rake([[990, 5], [4, 1]], [0.5, 0.5], [0.5, 0.5], trim=3)
    assert all(1 / 3 <= weight <= 3 for row in found.cells for weight in row)
    assert 1 < found.effective_n < 1000


@pytest.mark.parametrize(
    ("table", "rows", "columns", "words"),
    [
        ([[5, 5], [0, 0]], [0.5, 0.5], [0.5, 0.5], "nobody answered"),
        ([[5, 5], [5, 5]], [0.5, 0.6], [0.5, 0.5], "add to 1"),
        ([[5, 0], [0, 5]], [0.9, 0.1], [0.1, 0.9], "cannot be met"),
    ],
)
def test_margins_that_cannot_be_met_are_refused(table: Any, rows: Any, columns: Any, words: str) -> None:
    with pytest.raises(statistics.NotRakable, match=words):
        statistics.rake(table, rows, columns)


def corrected(chances: list[float]) -> list[float]:
    return [one.chance for one in statistics.holm(chances)]


def test_holm_corrects_each_comparison_for_the_others() -> None:
    assert corrected([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert corrected([0.9, 0.8]) == [1.0, 1.0]
    assert corrected([]) == []


def test_from_the_first_that_fails_on_all_keep_its_confidence() -> None:
    found = [one.confidence for one in statistics.holm([0.01, 0.04, 0.03, 0.005])]
    assert found == pytest.approx([1 - 0.05 / 3, 1 - 0.05 / 2, 1 - 0.05 / 2, 1 - 0.05 / 4])


@given(some.lists(some.floats(0, 1), max_size=8))
def test_holm_never_helps_and_keeps_the_order(chances: list[float]) -> None:
    pairs = sorted(zip(chances, corrected(chances), strict=True))
    assert all(before <= after <= 1 for before, after in pairs)
    assert [after for _, after in pairs] == sorted(corrected(chances))


@given(some.lists(some.tuples(some.floats(-3, 3), some.floats(0.05, 1)), min_size=1, max_size=8))
def test_an_interval_excludes_nought_just_where_holm_finds_a_difference(pairs: list[Any]) -> None:
    found = [statistics.Interval(value, value - side, value + side) for value, side in pairs]
    for one, each in zip(found, statistics.holm([statistics.chance(one) for one in found]), strict=True):
        wider = statistics.widened(one, each.confidence)
        if abs(each.chance - 0.05) > PRECISE:
            assert (each.chance < 0.05) == (not wider.low <= 0 <= wider.high)


def shrunken(*tables: list[int]) -> list[float]:
    return statistics.shrunken([statistics.moments(table) for table in tables])


def test_the_less_is_known_of_a_thing_the_nearer_to_all_it_is_ordered() -> None:
    one_rating, many = [0, 0, 0, 0, 1], [0, 0, 0, 5, 300]
    low = [300, 5, 0, 0, 0]
    shrunk = shrunken(one_rating, many, low)
    assert shrunk[1] > shrunk[0] > shrunk[2]
    assert shrunken(many) == [statistics.mean(many).value]
    assert shrunken() == []


@given(some.lists(COUNTS, min_size=2, max_size=6))
def test_a_shrunken_mean_lies_between_its_own_and_the_others(tables: list[list[int]]) -> None:
    own = [statistics.mean(table).value for table in tables]
    for before, after in zip(own, shrunken(*tables), strict=True):
        assert min(own) - PRECISE <= after <= max(own) + PRECISE
        assert 1 <= before <= 5


@given(some.lists(COUNTS, min_size=2, max_size=6), some.randoms())
def test_in_whichever_order_things_are_given_they_shrink_alike(
    tables: list[list[int]], drawn: Random
) -> None:
    places = list(range(len(tables)))
    drawn.shuffle(places)
    shuffled = shrunken(*[tables[place] for place in places])
    assert shuffled == [shrunken(*tables)[place] for place in places]


@given(COUNTS)
def test_an_interval_holds_its_mean_and_mirrors_with_the_scale(counts: list[int]) -> None:
    found, mirrored = statistics.mean(counts), statistics.mean(counts[::-1])
    assert 1 <= found.low < found.value < found.high <= 5
    assert (6 - mirrored.high, 6 - mirrored.low) == pytest.approx((found.low, found.high), abs=PRECISE)


@cache
def interval(counts: tuple[int, ...]) -> statistics.Interval:
    return statistics.mean(counts)


def coverages(n: int) -> Iterator[float]:
    """For each shape of opinion, how often the interval of n drawn ratings holds the true mean."""
    given_ = reference("coverage_shapes")
    for shape in given_["shapes"].values():
        drawn = Random(given_["seed"])
        true = sum(point * chance for point, chance in zip(statistics.SCALE, shape, strict=True)) / sum(shape)
        within = 0
        for _ in range(given_["draws"]):
            ratings = drawn.choices(statistics.SCALE, weights=shape, k=n)
            found = interval(tuple(ratings.count(point) for point in statistics.SCALE))
            within += found.low <= true <= found.high
        yield within / given_["draws"]


@pytest.mark.parametrize("n", [10, 30])
def test_the_interval_covers_the_true_mean_as_often_as_it_says(n: int) -> None:
    worst, mean, _ = next(one["dir1/5"] for one in reference("coverage") if one["n"] == n)
    found = list(coverages(n))
    assert min(found) >= 0.92
    assert sum(found) / len(found) >= 0.94
    assert min(found) == pytest.approx(worst, abs=0.015)
    assert sum(found) / len(found) == pytest.approx(mean, abs=0.01)
