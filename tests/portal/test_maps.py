"""The tile map: places on a grid, each near its neighbours, and the same tomorrow."""

import json
import math
from importlib import import_module
from itertools import combinations
from random import Random
from typing import Any

import numpy
import pytest

from commitments.preparing import REAL_RECORD
from portal import maps

optimize: Any = import_module("scipy.optimize")
Places = dict[str, tuple[float, float]]


def wards() -> Places:
    """The positions that the real record carries."""
    areas = json.loads(REAL_RECORD.read_text())["areas"]
    return {one["code"]: (one["latitude"], one["longitude"]) for one in areas if one["kind"] == "ward"}


def random_places(number: int, seed: int) -> Places:
    """Anywhere near 51 north."""
    dice = Random(seed)
    return {f"E{at:08}": (51 + dice.random(), dice.random()) for at in range(number)}


@pytest.mark.parametrize("places", [wards(), random_places(60, 1), random_places(7, 2), random_places(1, 3)])
def test_every_place_has_a_tile_of_its_own(places: Places) -> None:
    found = maps.tiles(places)
    assert {tile.code for tile in found} == set(places)
    assert len({(tile.column, tile.row) for tile in found}) == len(places)
    assert min(tile.column for tile in found) == min(tile.row for tile in found) == 0


def test_the_map_is_the_same_however_the_places_are_told() -> None:
    told = list(wards().items())
    Random(4).shuffle(told)
    first = maps.tiles(wards())
    maps._laid_out.cache_clear()
    assert maps.tiles(dict(told)) == first


def test_north_is_up_and_east_is_right() -> None:
    """No ward of the borough stands on the wrong side of another, in either direction."""
    places, found = wards(), {tile.code: tile for tile in maps.tiles(wards())}
    for one, other in combinations(places, 2):
        south, east = places[one][0] - places[other][0], places[other][1] - places[one][1]
        assert south * (found[other].row - found[one].row) >= 0
        assert east * (found[other].column - found[one].column) >= 0


def test_the_nearest_wards_are_neighbours_on_the_map() -> None:
    """Of the four nearest of each ward, at least 85 in a hundred touch it, corners included."""
    places, found = wards(), {tile.code: tile for tile in maps.tiles(wards())}
    touching = [
        max(abs(found[one].column - found[other].column), abs(found[one].row - found[other].row)) <= 1
        for one in places
        for other in sorted(places.keys() - {one}, key=lambda code: _apart(places[one], places[code]))[:4]
    ]
    assert sum(touching) / len(touching) > 0.85


def _apart(one: tuple[float, float], other: tuple[float, float]) -> float:
    return math.hypot(one[0] - other[0], (one[1] - other[1]) * math.cos(math.radians(one[0])))


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 3), (22, 30), (10, 40), (60, 81)])
def test_tiles_are_given_out_as_cheaply_as_can_be(rows: int, columns: int) -> None:
    dice = Random(rows)
    costs = [[dice.random() for _ in range(columns)] for _ in range(rows)]
    given = maps.cheapest(costs)
    best = numpy.array(costs)[optimize.linear_sum_assignment(costs)].sum()
    assert len(set(given)) == rows
    assert math.isclose(sum(costs[row][column] for row, column in enumerate(given)), best)


@pytest.mark.parametrize(
    "places",
    [
        {"E00000001": (51.5, 0.0), "E00000002": (51.5, 0.0), "E00000003": (51.5, 0.0)},
        {f"E0000000{at}": (51.5, at / 100) for at in range(5)},
        {f"E0000000{at}": (51.5 + at / 100, 0.0) for at in range(5)},
    ],
)
def test_places_on_one_spot_or_one_line_have_a_map_too(places: Places) -> None:
    found = maps.tiles(places)
    assert len({(tile.column, tile.row) for tile in found}) == len(places)


def test_nothing_and_too_much_have_no_map() -> None:
    assert maps.tiles({}) == []
    assert maps.tiles(random_places(maps.MOST + 1, 5)) == []
