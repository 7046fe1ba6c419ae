"""The gate: what may be shown, and that what is hidden cannot be worked out."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from ratings import auditing, disclosure
from ratings.auditing import FEASIBLE
from ratings.disclosure import ALL, WITHHELD, Breakdowns, Cell, Counts, Part, Publication, Shown, Tally

STRATA = ("local", "other", "member")


def cell(*counts: int, dont_know: int = 0) -> Cell:
    one, two, three, four, five = counts
    return (dont_know, one, two, three, four, five)


def people(number: int) -> Cell:
    """So many raters, half of whom say 1 and half 2."""
    return cell(number // 2, number - number // 2, 0, 0, 0)


def tally(n: int) -> Tally:
    return Tally((n // 2, n - n // 2, 0, 0, 0))


def of(*numbers: int) -> Breakdowns:
    """So many local and other raters and members."""
    return {"stratum": {name: people(number) for name, number in zip(STRATA, numbers, strict=True)}}


def told(figures: dict[Part, Shown]) -> dict[str, int | None]:
    return {part.group or part.by: figure.n for part, figure in figures.items()}


class Quarter:
    """Slot after slot of one subject."""

    def __init__(self) -> None:
        self.before: list[Publication] = []

    def cut(self, now: Breakdowns) -> dict[str, int | None]:
        found = disclosure.release(now, self.before)
        if found:
            self.before.append(Publication(found, now))
        return told(found)


@pytest.mark.parametrize("n", range(10))
def test_under_ten_raters_only_that_it_is_withheld(n: int) -> None:
    assert disclosure.shown(tally(n)) == WITHHELD


def test_few_looks_like_none() -> None:
    assert disclosure.shown(tally(9)) == disclosure.shown(tally(0))
    assert disclosure.release(of(9, 0, 0)) == {}


def test_numbers_are_rounded_and_the_mean_stands_with_its_interval() -> None:
    found = disclosure.shown(Tally((12, 7, 5, 4, 2), 13))
    assert found == Shown(30, 15, Decimal("2.2"), Decimal("1.8"), Decimal("2.8"), None)


@pytest.mark.parametrize(("number", "shown"), [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20)])
def test_a_number_is_rounded_to_the_nearest_five(number: int, shown: int) -> None:
    assert disclosure.rounded(number) == shown


def test_those_who_do_not_know_are_counted_from_ten_on() -> None:
    assert disclosure.shown(Tally((5, 5, 5, 5, 5), 9)).dont_know is None
    assert disclosure.shown(Tally((5, 5, 5, 5, 5), 10)).dont_know == 10


@pytest.mark.parametrize("counts", [(0, 0, 0, 0, 11), (0, 0, 0, 1, 10), (0, 0, 0, 2, 9)])
def test_that_all_said_the_same_is_not_shown(counts: Counts) -> None:
    found, mirrored = disclosure.shown(Tally(counts)), disclosure.shown(Tally(counts[::-1]))
    assert (found.mean, found.high) == (Decimal("4.8"), Decimal("5.0"))
    assert (mirrored.mean, mirrored.low) == (Decimal("1.2"), Decimal("1.0"))
    assert found == disclosure.shown(Tally((0, 0, 0, 0, 10)))


def test_shares_are_shown_where_a_step_of_five_percent_hides_ten_people() -> None:
    assert disclosure.shown(Tally((39, 40, 40, 40, 40))).shares is None
    assert disclosure.shown(Tally((200, 0, 0, 0, 0))).shares == (95, 5, 5, 5, 5)
    assert disclosure.shown(Tally((40, 40, 40, 40, 40))).shares == (20, 20, 20, 20, 20)


def test_a_small_group_is_hidden_and_another_with_it() -> None:
    # 45 - 25 - 20 would say that hardly anyone is left.
    assert Quarter().cut(of(25, 18, 2)) == {"all": 45, "local": 25}


def test_groups_stand_where_nothing_can_be_worked_out() -> None:
    assert Quarter().cut(of(40, 30, 20)) == {"all": 90, "local": 40, "other": 30, "member": 20}


def test_what_is_left_beside_shown_groups_is_never_fewer_than_ten() -> None:
    assert Quarter().cut(of(40, 9, 0)) == {"all": 50}
    assert Quarter().cut(of(40, 9, 1)) == {"all": 50, "local": 40}


def test_those_who_do_not_know_are_counted_of_the_whole_alone() -> None:
    """Of groups, theirs would be left over as n is, and nobody audits it."""
    now = {"stratum": {name: cell(10, 10, 10, 10, 10, dont_know=20) for name in STRATA}}
    found = disclosure.release(now)
    assert found[ALL].dont_know == 60
    assert {figure.dont_know for part, figure in found.items() if part != ALL} == {None}


def test_a_figure_waits_for_ten_changes() -> None:
    quarter = Quarter()
    assert quarter.cut(of(0, 40, 0)) == {"all": 40}
    assert quarter.cut(of(0, 49, 0)) == {}
    assert quarter.cut(of(0, 50, 0)) == {"all": 50}


def test_one_who_changes_to_and_fro_is_one_change() -> None:
    now, other = [cell(9, 20, 0, 0, 1)], [cell(10, 20, 0, 0, 0)]
    assert disclosure.changes(now, other) == 1
    assert disclosure.changes([cell(10, 20, 0, 0, 0)], [cell(0, 20, 0, 0, 10)]) == 10


def test_a_figure_that_differs_by_one_rating_from_any_before_it_is_not_shown() -> None:
    """Ten come, and go again while one votes: the third figure less the first one would be that one's rating."""
    quarter = Quarter()
    assert quarter.cut(of(0, 40, 0)) == {"all": 40}
    with_ten = {"stratum": {**of(0, 0, 0)["stratum"], "other": cell(20, 20, 0, 0, 10)}}
    assert quarter.cut(with_ten) == {"all": 50}
    with_one = {"stratum": {**of(0, 0, 0)["stratum"], "other": cell(20, 20, 1, 0, 0)}}
    assert quarter.cut(with_one) == {}
    assert quarter.cut(of(0, 40, 0)) == {"all": 40}


def test_a_part_stays_as_it_was_while_fewer_than_ten_changed_in_it() -> None:
    quarter = Quarter()
    assert quarter.cut(of(40, 30, 20)) == {"all": 90, "local": 40, "other": 30, "member": 20}
    assert quarter.cut(of(40, 45, 20)) == {"all": 105, "other": 45}


def test_what_is_left_beside_shown_groups_changes_by_ten_or_not_at_all() -> None:
    quarter = Quarter()
    assert quarter.cut(of(40, 30, 20)) == {"all": 90, "local": 40, "other": 30, "member": 20}
    # All less others less local would be the three members who came.
    assert quarter.cut(of(55, 45, 23)) == {"all": 125, "local": 55, "other": None}


def test_a_figure_whose_raters_left_is_withheld_again_and_its_parts_too() -> None:
    quarter = Quarter()
    assert quarter.cut(of(40, 30, 20)) == {"all": 90, "local": 40, "other": 30, "member": 20}
    assert quarter.cut(of(4, 3, 1)) == {"all": None, "local": None, "other": None, "member": None}


def test_a_part_that_fell_below_ten_looks_like_one_that_is_hidden_for_another() -> None:
    quarter = Quarter()
    assert quarter.cut(of(40, 30, 25)) == {"all": 95, "local": 40, "other": 30, "member": 25}
    assert quarter.cut(of(60, 31, 4)) == {"all": 95, "local": 60, "member": None}


def test_the_groups_of_one_breakdown_narrow_the_whole_for_all_others() -> None:
    figures = {ALL: Shown(n=35), **{Part("stratum", name): Shown(n=10) for name in STRATA}}
    behind = {**of(12, 12, 12), "sex": {"female": people(30), "male": people(6), "": people(0)}}
    [slot] = disclosure.slots_of([Publication(figures, behind)], "sex")
    assert slot.total == (33, 36)


@settings(max_examples=60, deadline=None)
@given(
    some.lists(some.lists(some.integers(-5, 40), min_size=3, max_size=3), min_size=1, max_size=5),
    some.integers(0, 10**6),
)
# A figure that is taken back is hidden from then on: that narrowed it to nine numbers once.
@example([[0, 33, 32], [0, 0, -1], [-3, 10, 0]], 248)
def test_nothing_that_is_released_leaves_a_hidden_number_under_ten_apart(
    steps: list[list[int]], seed: int
) -> None:
    """Several slots of a quarter, people coming and going; after every one an attacker solves for what is hidden."""
    random, quarter = Random(seed), Quarter()
    counts = {name: [0] * 6 for name in STRATA}
    for step in steps:
        for name, number in zip(STRATA, step, strict=True):
            for _ in range(abs(number)):
                place = random.randrange(6)
                counts[name][place] = max(0, counts[name][place] + (1 if number > 0 else -1))
        quarter.cut({"stratum": {name: cell(*mine[1:], dont_know=mine[0]) for name, mine in counts.items()}})
        slots = disclosure.slots_of(quarter.before, "stratum")
        for low, high in auditing.hidden_ranges(slots).values():
            assert high - low >= FEASIBLE
