"""A tile map as it is drawn: each tile with its place on the picture, its name in lines that fit, and its address."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.urls import reverse

from portal import maps

SIDE, GUTTER, EDGE = 100, 6, 3
"""Of a tile, between tiles, and around them all, so that the line of a focused tile is not cut off."""
LINE, LONGEST_LINE, MOST_LINES = 18, 10, 4
IN_ORDER = 4
"""Columns where tiles stand in the order of their names."""


class Drawn(NamedTuple):
    """One tile."""

    x: int
    y: int
    code: str
    name: str
    address: str
    promised: int
    lines: list[tuple[int, str, bool]]
    """Each with its height in the tile, and whether it has to be squeezed."""


class TileMap(NamedTuple):
    """A whole map; `is_placed` says whether the tiles tell where the places lie."""

    width: int
    height: int
    tiles: list[Drawn]
    is_placed: bool


class Place(NamedTuple):
    """What is drawn of a place; its position may be unknown."""

    code: str
    name: str
    latitude: float | None
    longitude: float | None


def drawn(places: Iterable[Place], counts: Mapping[str, int]) -> TileMap | None:
    """The map of these places; in the order of their names where the record has no positions; None for too many."""
    named = {place.code: place for place in places}
    known = {
        place.code: (place.latitude, place.longitude)
        for place in named.values()
        if place.latitude is not None and place.longitude is not None
    }
    is_placed = len(known) > 1
    found = maps.tiles(known) if is_placed else _in_order(named.values())
    if len(found) < 2:
        return None
    found.sort(key=lambda tile: (tile.row, tile.column))
    tiles = [_drawn(tile, named[tile.code], counts.get(tile.code, 0)) for tile in found]
    return TileMap(
        max(tile.x for tile in tiles) + SIDE + EDGE,
        max(tile.y for tile in tiles) + SIDE + EDGE,
        tiles,
        is_placed,
    )


def _in_order(places: Iterable[Place]) -> list[maps.Tile]:
    """A grid that tells nothing but names."""
    codes = [place.code for place in sorted(places, key=lambda place: place.name)][: maps.MOST]
    return [maps.Tile(code, at % IN_ORDER, at // IN_ORDER) for at, code in enumerate(codes)]


def _drawn(tile: maps.Tile, place: Place, count: int) -> Drawn:
    lines = in_lines(place.name)
    top = (SIDE - LINE * (len(lines) - 1)) // 2
    return Drawn(
        x=EDGE + tile.column * (SIDE + GUTTER),
        y=EDGE + tile.row * (SIDE + GUTTER),
        code=place.code,
        name=place.name,
        address=reverse("area", args=[place.code]),
        promised=count,
        lines=[(top + at * LINE, line, len(line) > LONGEST_LINE) for at, line in enumerate(lines)],
    )


def in_lines(name: str) -> list[str]:
    """A name in a few short lines, broken between words alone; what does not fit ends in a mark."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + 1 + len(word) <= LONGEST_LINE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines if len(lines) <= MOST_LINES else [*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]} …"]
