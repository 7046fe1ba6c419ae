"""A tile map: places as equal tiles on a grid, each as near as can be to where it lies. A pure function of positions.

No boundary is drawn, and none is needed: who lives in a place finds it by its neighbours. Tiles are given out so that
the sum of the squared distances between places and tiles is the least that there is, on a grid of the shape in which
the places lie.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import ceil, cos, inf, radians, sqrt
from typing import NamedTuple

MOST = 60
"""Places on one map; more would be too small to read, and slow to lay out."""
ROOM = 1.35
"""Cells of the grid for each place, so that the outline can follow the places."""
BY_ORDER = 0.3
"""How much of a tile's wanted place is its order among the others; of what was tried, it kept most neighbours."""
Point = tuple[float, float]


class Tile(NamedTuple):
    """Where the tile of a place stands; columns run from west to east, rows from north to south."""

    code: str
    column: int
    row: int


def tiles(positions: Mapping[str, tuple[float, float]]) -> list[Tile]:
    """One tile for each place, by code, from latitude and longitude in degrees; empty for more than MOST places."""
    if not positions or len(positions) > MOST:
        return []
    return list(_laid_out(tuple(sorted((code, *place) for code, place in positions.items()))))


@lru_cache(maxsize=64)
def _laid_out(places: tuple[tuple[str, float, float], ...]) -> tuple[Tile, ...]:
    codes = [code for code, _, _ in places]
    points = _flat([(latitude, longitude) for _, latitude, longitude in places])
    columns, rows = _size(points)
    cells = [(column, row) for row in range(rows) for column in range(columns)]
    wanted = [_on_grid(point, points, columns, rows) for point in points]
    costs = [[(x - column) ** 2 + (y - row) ** 2 for column, row in cells] for x, y in wanted]
    found = [cells[at] for at in cheapest(costs)]
    west, north = min(column for column, _ in found), min(row for _, row in found)
    return tuple(
        Tile(code, column - west, row - north) for code, (column, row) in zip(codes, found, strict=True)
    )


def _flat(places: Sequence[tuple[float, float]]) -> list[Point]:
    """East and south in one unit; at this size the earth is flat, but a degree of longitude is shorter."""
    shrink = cos(radians(sum(latitude for latitude, _ in places) / len(places)))
    return [(longitude * shrink, -latitude) for latitude, longitude in places]


def _size(points: Sequence[Point]) -> tuple[int, int]:
    """Columns and rows of a grid of the shape in which the places lie."""
    width, height = (max(axis) - min(axis) for axis in zip(*points, strict=True))
    cells = ceil(len(points) * ROOM)
    shape = min(max((width or height or 1) / (height or width or 1), 1 / 8), 8.0)
    columns = max(1, round(sqrt(cells * shape)))
    return columns, ceil(cells / columns)


def _on_grid(point: Point, points: Sequence[Point], columns: int, rows: int) -> Point:
    """Where a place would lie on the grid: mostly by its position, partly by its order, so that dense parts spread."""
    axes = list(zip(*points, strict=True))
    return (
        _between(point[0], axes[0]) * (columns - 1),
        _between(point[1], axes[1]) * (rows - 1),
    )


def _between(value: float, axis: Sequence[float]) -> float:
    """How far along, from 0 to 1: the share of the way and, as BY_ORDER says, the share of the places passed."""
    least, most = min(axis), max(axis)
    if least == most:
        return 0.5
    passed = (sum(one < value for one in axis) + sum(one <= value for one in axis) - 1) / 2
    return (1 - BY_ORDER) * (value - least) / (most - least) + BY_ORDER * passed / (len(axis) - 1)


def cheapest(costs: Sequence[Sequence[float]]) -> list[int]:
    """For each row a column of its own, so that the sum is the least (Kuhn and Munkres); rows are at most columns."""
    owner: list[int] = [-1] * (len(costs[0]) + 1)
    by_row, by_column = [0.0] * len(costs), [0.0] * (len(costs[0]) + 1)
    for row in range(len(costs)):
        _seat(row, costs, owner, by_row, by_column)
    given = {row: column for column, row in enumerate(owner[:-1]) if row >= 0}
    return [given[row] for row in range(len(costs))]


def _seat(
    row: int,
    costs: Sequence[Sequence[float]],
    owner: list[int],
    by_row: list[float],
    by_column: list[float],
) -> None:
    """Give one row more a column, moving others where that is cheaper: the shortest way to a free column."""
    start = at = len(owner) - 1
    owner[start] = row
    reached: dict[int, float] = {}
    shortest, came_from = [inf] * start, [start] * start
    while owner[at] >= 0:
        reached[at] = 0.0
        here = owner[at]
        for column in range(start):
            left = costs[here][column] - by_row[here] - by_column[column]
            if column not in reached and left < shortest[column]:
                shortest[column], came_from[column] = left, at
        at = min((column for column in range(start) if column not in reached), key=shortest.__getitem__)
        step = shortest[at]
        for column in reached:
            by_row[owner[column]] += step
            by_column[column] -= step
        shortest = [one if column in reached else one - step for column, one in enumerate(shortest)]
    while at != start:
        owner[at] = owner[came_from[at]]
        at = came_from[at]
    owner[start] = -1
