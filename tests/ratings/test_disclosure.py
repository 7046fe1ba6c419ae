"""The gate: what may be shown, and that what is hidden cannot be worked out."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from ratings import disclosure
from ratings.disclosure import FEASIBLE, WHOLE, WITHHELD, Counts, Shown, Slot, Tally

STRATA = ("local", "other", "member")


def tally(n: int, *, changed: int | None = None) -> Tally:
    half = n // 2
    return Tally((half, n - half, 0, 0, 0), 0, n if changed is None else changed)


def released(whole: int, **parts: int) -> dict[str, int | None]:
    found = disclosure.release(tally(whole), {name: tally(n) for name, n in parts.items()}, [], known={})
    return {name: figure.n for name, figure in found.items()}


@pytest.mark.parametrize("n", range(10))
def test_under_ten_raters_only_that_it_is_withheld(n: int) -> None:
    assert disclosure.shown(tally(n)) == WITHHELD


def test_few_looks_like_none() -> None:
    assert disclosure.shown(tally(9)) == disclosure.shown(tally(0))
    assert released(9, local=9, other=0, member=0) == {}


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
    # 45 − 25 − 20 would say that hardly anyone is left.
    assert released(45, local=25, other=18, member=2) == {WHOLE: 45, "local": 25}


def test_groups_stand_where_nothing_can_be_worked_out() -> None:
    assert released(90, local=40, other=30, member=20) == {WHOLE: 90, "local": 40, "other": 30, "member": 20}


def test_a_figure_waits_for_ten_changes() -> None:
    known = {WHOLE: disclosure.shown(tally(40))}
    before = [Slot(40, dict.fromkeys(STRATA))]
    parts = {name: tally(0) for name in STRATA}
    assert disclosure.release(tally(49, changed=9), parts, before, known=known) == {}
    later = disclosure.release(tally(50, changed=10), parts, before, known=known)
    assert later[WHOLE].n == 50


def test_a_figure_whose_raters_left_is_withheld_again() -> None:
    known = {WHOLE: disclosure.shown(tally(20))}
    found = disclosure.release(
        tally(4, changed=16),
        {name: tally(0) for name in STRATA},
        [Slot(20, dict.fromkeys(STRATA))],
        known=known,
    )
    assert found == {} or found[WHOLE].is_withheld


def test_what_earlier_slots_showed_counts() -> None:
    # Alone, each slot hides `member`; together, the first slot's narrow total would give it away.
    before = [Slot(45, {"local": 25, "other": None, "member": None})]
    now = Slot(65, {"local": 45, "other": 20, "member": None})
    assert not disclosure.is_safe([*before, now])


def brute(slot: Slot) -> dict[str, tuple[int, int]]:
    """The ranges of hidden groups of one slot, by trying every whole number."""
    spans = [
        range(61) if number is None else range(max(0, number - 2), number + 3)
        for number in slot.groups.values()
    ]
    fits = [
        numbers for numbers in product(*spans) if slot.total is None or abs(sum(numbers) - slot.total) <= 2
    ]
    return {
        name: (min(fit[place] for fit in fits), max(fit[place] for fit in fits))
        for place, (name, number) in enumerate(slot.groups.items())
        if number is None and fits
    }


@settings(max_examples=25)
@given(
    some.lists(some.integers(0, 25), min_size=3, max_size=3), some.sets(some.sampled_from(STRATA), min_size=1)
)
def test_the_audit_finds_what_trying_everything_finds(numbers: list[int], hidden: set[str]) -> None:
    groups = {
        name: None if name in hidden else disclosure.rounded(n)
        for name, n in zip(STRATA, numbers, strict=True)
    }
    slot = Slot(disclosure.rounded(sum(numbers)), groups)
    found = {name: ends for (_, name), ends in disclosure.hidden_ranges([slot]).items()}
    assert found == {name: pytest.approx(ends) for name, ends in brute(slot).items()}


@settings(max_examples=60)
@given(some.lists(some.lists(some.integers(0, 40), min_size=3, max_size=3), min_size=1, max_size=3))
def test_nothing_that_is_released_leaves_a_hidden_number_under_ten_apart(steps: list[list[int]]) -> None:
    """Several slots of a quarter, each adding raters; after every one an attacker solves for what is hidden."""
    counts, slots, known = [0, 0, 0], list[Slot](), dict[str, Shown]()
    for step in steps:
        counts = [before + more for before, more in zip(counts, step, strict=True)]
        parts = {name: tally(n, changed=m) for name, n, m in zip(STRATA, counts, step, strict=True)}
        found = disclosure.release(tally(sum(counts), changed=sum(step)), parts, slots, known=known)
        if not found:
            continue
        known |= found
        slots.append(
            Slot(
                found[WHOLE].n if WHOLE in found else None,
                {name: found[name].n if name in found else None for name in STRATA},
            )
        )
        for low, high in disclosure.hidden_ranges(slots).values():
            assert high - low >= FEASIBLE
        assert all(figure.n is None or figure.n >= 10 for figure in found.values())
