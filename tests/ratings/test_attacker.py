"""An attacker who has everything that is published finds no cell under ten, in any of many invented quarters."""

import json
import os
from pathlib import Path
from random import Random

import pytest

from ratings import disclosure
from ratings.disclosure import Breakdowns, Cell, Publication
from tests.ratings import attacker, guessing

SEEDS = int(os.environ.get("ATTACKS", "10"))
"""So many quarters; `ATTACKS=500` looks deeper."""
GROUPS = {"stratum": ("local", "other", "member"), "sex": ("female", "male", "prefer_not_to_say", "")}
NEVER = frozenset({"prefer_not_to_say", ""})


class Town:
    """People who come, change their minds and go; each has a place in every breakdown, and a rating or 0."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.changing = self.random.random() < 0.5
        self.people: list[tuple[str, str, int]] = []
        self.weights = [self.random.random() ** 2 + 0.02 for _ in range(5)]
        self.shares = {by: [self.random.random() ** 2 for _ in groups] for by, groups in GROUPS.items()}

    def live(self) -> None:
        """One week."""
        for _ in range(self.random.choice((0, 3, 9, 10, 12, 18, 30))):
            strata, sexes = (self.random.choices(GROUPS[by], self.shares[by])[0] for by in GROUPS)
            self.people.append((strata, sexes, self._score()))
        for _ in range(self.random.choice((0, 0, 1, 4, 12)) if self.changing else 0):
            if self.people:
                place = self.random.randrange(len(self.people))
                stratum, sex, _ = self.people[place]
                self.people[place] = (stratum, sex, self._score())
        if self.changing and self.random.random() < 0.2:
            self.people = self.people[self.random.choice((1, 5, 12)) :]

    def _score(self) -> int:
        return self.random.choices(range(6), [0.05, *self.weights])[0]

    def counted(self) -> Breakdowns:
        return {
            by: {
                group: self._cell([score for *places, score in self.people if places[at] == group])
                for group in GROUPS[by]
            }
            for at, by in enumerate(GROUPS)
        }

    @staticmethod
    def _cell(scores: list[int]) -> Cell:
        none, one, two, three, four, five = (scores.count(score) for score in range(6))
        return (none, one, two, three, four, five)


def quarter(seed: int) -> list[Publication]:
    town, published = Town(seed), list[Publication]()
    for _ in range(town.random.choice((1, 2, 4, 6))):
        town.live()
        now = town.counted()
        figures = disclosure.release(now, published, never=NEVER)
        if figures:
            published.append(Publication(figures, now))
    return published


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_cell_under_ten_is_found_in_what_the_gate_lets_through(seed: int) -> None:
    published = quarter(seed)
    slots = [attacker.rows_of(one.figures) for one in published]
    assert attacker.solve(GROUPS, slots, [one.behind for one in published]) == []


def test_the_attacker_finds_what_a_gate_would_let_through_that_only_looks_at_each_figure() -> None:
    counted = {
        "stratum": {
            "local": (0, 5, 10, 10, 5, 2),
            "other": (0, 10, 8, 4, 2, 1),
            "member": (0, 3, 0, 0, 0, 0),
        },
        "sex": {
            "female": (0, 18, 18, 14, 7, 3),
            "male": (0,) * 6,
            "prefer_not_to_say": (0,) * 6,
            "": (0,) * 6,
        },
    }
    now: Breakdowns = {by: dict(groups) for by, groups in counted.items()}
    found = attacker.solve(GROUPS, [attacker.rows_of(attacker.unguarded(now))], [now], least_left=0)
    assert {one.what for one in found} >= {"number"}
    assert (0, "sex", ("male",)) in {one.cell for one in found}


SHAPES = json.loads((Path(__file__).parents[1] / "vectors" / "coverage_shapes.json").read_text())["shapes"]


@pytest.mark.parametrize("shape", SHAPES)
def test_two_cuts_tell_hardly_more_of_one_new_rating_than_the_latest_alone(shape: str) -> None:
    """As many join ten as the rules ask for: the best guess from both figures beside that from the latest one."""
    found = guessing.gains(tuple(SHAPES[shape]), 10, disclosure.needed(10), 12, seed=11)
    assert found.public - found.latest <= 3
    assert found.insider > found.public
