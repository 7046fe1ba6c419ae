"""The tree cut into tiles and the entries into bundles, as files that anybody can copy (C2SP tlog-tiles).

A tile holds up to 256 hashes of one level in eight; a bundle up to 256 entries, each after its length in 16 bits. What
is full never changes; the last of each level grows until it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from record import tree
from record.proofs import HASH_BYTES

WIDTH = 256
HEIGHT = 8
HIGHEST = 63
ENTRIES = "entries"
_ADDRESS = re.compile(
    r"(?P<level>entries|0|[1-9][0-9]?)/(?P<number>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)


class BadBundle(ValueError):
    """A bundle does not hold the entries that it should."""


@dataclass(frozen=True)
class Tile:
    """Which one: `level` 0 are leaves, -1 the entries themselves; `width` 256 is a full one."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def is_bundle(self) -> bool:
        """Whether it holds entries."""
        return self.level < 0

    @property
    def is_full(self) -> bool:
        """Whether it never changes."""
        return self.width == WIDTH

    @property
    def end(self) -> int:
        """How many entries the record must have for it."""
        return (self.number * WIDTH + self.width) << HEIGHT * max(self.level, 0)

    @property
    def address(self) -> str:
        """Its path below `tile/`: `0/x001/x234/067.p/12`."""
        digits = f"{self.number:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        thousands = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        path = "/".join([f"x{part}" for part in thousands[:-1]] + thousands[-1:])
        partial = "" if self.is_full else f".p/{self.width}"
        return f"{ENTRIES if self.is_bundle else self.level}/{path}{partial}"


def at(address: str) -> Tile | None:
    """The tile at a path below `tile/`, written in the one right way; None for anything else."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        return None
    level = -1 if found["level"] == ENTRIES else int(found["level"])
    tile = Tile(level, int(re.sub("[x/]", "", found["number"])), int(found["width"] or WIDTH))
    in_range = level <= HIGHEST and (found["width"] is None or tile.width < WIDTH)
    return tile if in_range and tile.address == address else None


def content(tile: Tile) -> bytes:
    """Its bytes, of a record that reaches `tile.end`. One query. Raises tree.IncompleteTree."""
    if tile.is_bundle:
        first = tile.number * WIDTH + 1
        wanted = range(first, first + tile.width)
        found = tree.bodies(wanted)
        missing = [position for position in wanted if position not in found]
        if missing:
            raise tree.IncompleteTree(f"The record has no entry at position {missing[0]}.")
        return bundled(found[position] for position in wanted)
    level, first = HEIGHT * tile.level, tile.number * WIDTH
    return b"".join(tree.perfect((level, first + at) for at in range(tile.width)))


def of_size(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles and bundles of a record of `size`, but for the full ones that one of `since` had already."""
    yield from _row(-1, size, since)
    for level in range(HIGHEST + 1):
        if not size >> HEIGHT * level:
            return
        yield from _row(level, size >> HEIGHT * level, since >> HEIGHT * level)


def bundled(bodies: Iterable[bytes]) -> bytes:
    """Entries one after the other, each after its length."""
    return b"".join(len(body).to_bytes(2, "big") + body for body in bodies)


def unbundled(data: bytes) -> list[bytes]:
    """The entries of a bundle. Raises BadBundle where they do not fill it."""
    found, start = [], 0
    while start < len(data):
        end = start + 2 + int.from_bytes(data[start : start + 2], "big")
        if end > len(data) or start + 2 > len(data):
            raise BadBundle("The bundle ends within an entry.")
        found.append(data[start + 2 : end])
        start = end
    return found


def hashes(data: bytes) -> list[bytes]:
    """The hashes of a tile. Raises BadBundle where they do not fill it."""
    if not data or len(data) % HASH_BYTES or len(data) > WIDTH * HASH_BYTES:
        raise BadBundle("The tile is not a row of hashes.")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def _row(level: int, width: int, since: int) -> Iterator[Tile]:
    for number in range(since // WIDTH, width // WIDTH):
        yield Tile(level, number)
    if width % WIDTH:
        yield Tile(level, width // WIDTH, width % WIDTH)
