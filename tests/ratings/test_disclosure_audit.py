"""The audit: bounds and examples say what linear programming says, and that says what trying everything says."""

from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from ratings import auditing, disclosure
from ratings.auditing import OPEN, Range, Ranges, Slot

NAMES = ("local", "other", "member", "visitor")


def slot_of(numbers: dict[str, int], hidden: set[str]) -> Slot:
    return Slot(
        disclosure.range_of(disclosure.rounded(sum(numbers.values()))),
        {
            name: OPEN if name in hidden else disclosure.range_of(disclosure.rounded(n))
            for name, n in numbers.items()
        },
        frozenset(hidden),
    )


def brute(slots: list[Slot]) -> Ranges:
    """The ranges of hidden groups, by trying every whole number in each slot, one slot after another."""
    paths: list[list[tuple[int, ...]]] = [[]]
    for slot in slots:
        fits = list(fitting(slot))
        paths = [[*path, fit] for path in paths for fit in fits if not path or grows(path[-1], fit)]
    return {
        (at, name): (min(path[at][place] for path in paths), max(path[at][place] for path in paths))
        for at, slot in enumerate(slots)
        for place, name in enumerate(slot.groups)
        if name in slot.hidden and paths
    }


def fitting(slot: Slot) -> list[tuple[int, ...]]:
    spans = [range(int(low), int(min(high, slot.total[1])) + 1) for low, high in slot.groups.values()]
    return [fit for fit in product(*spans) if slot.total[0] <= sum(fit) <= slot.total[1]]


def grows(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(a <= b for a, b in zip(one, other, strict=True))


@settings(max_examples=12, deadline=None)
@given(
    some.lists(some.integers(0, 9), min_size=3, max_size=3),
    some.lists(some.integers(0, 5), min_size=3, max_size=3),
    some.sets(some.sampled_from(NAMES[:3]), min_size=1),
    some.sets(some.sampled_from(NAMES[:3])),
)
def test_linear_programming_finds_what_trying_everything_finds(
    first: list[int], more: list[int], hidden: set[str], later: set[str]
) -> None:
    before = dict(zip(NAMES, first, strict=False))
    after = {name: number + new for (name, number), new in zip(before.items(), more, strict=True)}
    slots = [
        slot_of(before, hidden | {name for name, number in before.items() if number < 10}),
        slot_of(after, later | {name for name, number in after.items() if number < 10}),
    ]
    expected = brute(slots)
    found = auditing.solved(slots) or {}
    assert found == {cell: pytest.approx(ends) for cell, ends in expected.items()} or not expected


def history(random: Random) -> list[Slot]:
    """Slots as no gate would let them pass: whatever is ten or more is shown by chance."""
    names = NAMES[: random.choice((3, 4))]
    numbers = {name: random.randint(0, 30) for name in names}
    slots = []
    for _ in range(random.randint(1, 4)):
        for name in names:
            change = random.randint(0 if random.random() < 0.9 else -12, 14)
            numbers[name] = max(0, numbers[name] + change)
        if sum(numbers.values()) >= 10:
            hidden = {name for name, number in numbers.items() if number < 10 or random.random() < 0.4}
            slots.append(slot_of(numbers, hidden))
    return slots


@pytest.mark.parametrize("seed", range(40))
def test_bounds_and_examples_decide_as_linear_programming_does(seed: int) -> None:
    random = Random(seed)
    for slots in [history(random) for _ in range(4)]:
        ranges = auditing.hidden_ranges(slots)
        assert auditing.is_safe(slots) == all(
            high - low >= auditing.FEASIBLE for low, high in ranges.values()
        )


def test_what_earlier_slots_showed_counts() -> None:
    # Alone, each slot hides `member`; together, the first slot's narrow total would give it away.
    def between(n: int | None) -> Range:
        return OPEN if n is None else disclosure.range_of(n)

    def slot(total: int, *numbers: int | None) -> Slot:
        groups = dict(zip(NAMES, numbers, strict=False))
        hidden = frozenset(name for name, n in groups.items() if n is None)
        return Slot(between(total), {name: between(n) for name, n in groups.items()}, hidden)

    before, now = slot(45, 25, None, None), slot(65, 45, 20, None)
    assert auditing.is_safe([before])
    assert not auditing.is_safe([before, now])
