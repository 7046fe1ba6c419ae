"""The Merkle tree over the entries (RFC 9162): grown with each of them, asked for roots and proofs at any size.

A leaf is the exact body of an entry; the entry at position 1 is leaf 0. Of the nodes above, those of perfect subtrees
are kept and never change: one row for each entry, less a few. All else is computed from them when it is asked, from
a number of rows that grows with the tree's height alone.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.db import connection
from django.db.models import Max

from record.models import Entry, Node
from record.prepared import cursor_keeping_plans
from record.proofs import (
    Span,
    Subtree,
    consistency_spans,
    folded,
    inclusion_spans,
    leaf_hash,
    node_hash,
    subtrees,
)

BATCH = 2000
_READ = {
    "postgresql": """
        SELECT place, hash FROM record_node WHERE place = ANY(%s)
        UNION ALL SELECT -position, body FROM record_entry WHERE position = ANY(%s)""",
    "sqlite": """
        SELECT place, hash FROM record_node WHERE place IN (SELECT value FROM json_each(%s))
        UNION ALL SELECT -position, body FROM record_entry WHERE position IN (SELECT value FROM json_each(%s))""",
}


class IncompleteTree(RuntimeError):
    """Entries or nodes are missing that the tree of this size must have; `manage.py check_record` says which."""


def size() -> int:
    """How many leaves the tree has at present."""
    return int(Entry.objects.aggregate(last=Max("position"))["last"] or 0)


def root(size: int) -> bytes:
    """The root of the tree over the first `size` entries. One query."""
    [found] = _hashes([(0, size)]) if size else [folded([])]
    return found


def inclusion(index: int, size: int) -> list[bytes]:
    """The proof that the leaf `index` is in the tree of `size`, from its sibling up. One query."""
    return _hashes(inclusion_spans(index, size))


def consistency(old: int, new: int) -> list[bytes]:
    """The proof that the tree of `old` leaves is the beginning of that of `new`. One query."""
    return _hashes(consistency_spans(old, new))


def perfect(wanted: Iterable[Subtree]) -> list[bytes]:
    """The hashes of perfect subtrees, in the order asked. One query. Raises IncompleteTree."""
    asked = list(wanted)
    known = _read(asked)
    try:
        return [known[one] for one in asked]
    except KeyError as missing:
        level, index = missing.args[0]
        raise IncompleteTree(f"The record's tree has no node {index} at level {level}.") from None


def grow(position: int, body: bytes) -> None:
    """Add the leaf of the entry that was just appended; under the head lock. At most two statements.

    Every second leaf completes subtrees, whose left halves are there already. Where they are not (an older release
    appended beside this one), all that is missing is made.
    """
    lefts = [(level, ((position - 1) >> level) - 1) for level in range(_completed(position))]
    if not lefts:
        return
    needed = {*lefts, *_last_before(position)}
    known = _read(needed)
    if needed - known.keys():
        complete(position)
        return
    first = place_of((1, position // 2 - 1))
    made = _stacked(leaf_hash(body), [known[one] for one in lefts])
    _write([Node(place=first + at, hash=found) for at, found in enumerate(made)])


def complete(size: int) -> int:
    """Make the nodes that the tree over the first `size` entries lacks, in batches; how many they were.

    Nodes come in the order in which entries complete them, so those that are there are a beginning. The caller has
    opened the guard and holds the head, so that nobody else makes them.
    """
    start = min(_entries_covered(), size)
    stack = list(zip(subtrees(0, start), perfect(subtrees(0, start)), strict=True))
    made: list[Node] = []
    count = 0
    for position, body in bodies_between(start, size):
        made += [Node(place=place_of(one), hash=found) for one, found in _push(stack, position, body)]
        if len(made) >= BATCH:
            count += _write(made)
            made = []
    return count + _write(made)


def place_of(subtree: Subtree) -> int:
    """The number of a node, counted from 1 in the order in which leaves complete them."""
    level, index = subtree
    before = ((index + 1) << level) - 1
    return before - before.bit_count() + level


def count_of(size: int) -> int:
    """How many nodes a tree of `size` leaves has above them."""
    return size - size.bit_count()


def bodies(positions: Sequence[int]) -> dict[int, bytes]:
    """The exact bodies of these entries."""
    found = Entry.objects.filter(position__in=positions).values_list("position", "body")
    return {position: bytes(body) for position, body in found}


def bodies_between(start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The bodies after position `start` up to `end`, read in batches. Raises IncompleteTree where one is missing."""
    while start < end:
        rows = Entry.objects.filter(position__gt=start, position__lte=min(end, start + BATCH))
        found = list(rows.order_by("position").values_list("position", "body"))
        for position, body in found:
            if position != start + 1:
                break
            yield position, bytes(body)
            start = position
        if not found or start != found[-1][0]:
            raise IncompleteTree(f"The record has no entry at position {start + 1}.")


class Frontier:
    """The right edge of a growing tree: enough to add leaves and to say the root, without asking the database."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        self.size = size
        self._stack: list[tuple[Subtree, bytes]] = list(zip(subtrees(0, size), hashes, strict=True))

    @property
    def root(self) -> bytes:
        """The root over what was added so far."""
        return folded([found for _, found in self._stack])

    def add(self, body: bytes) -> list[tuple[Subtree, bytes]]:
        """Add a leaf; the nodes that it completes, lowest first."""
        self.size += 1
        return _push(self._stack, self.size, body)


def frontier(size: int) -> Frontier:
    """The right edge of the tree over the first `size` entries. One query."""
    return Frontier(size, perfect(subtrees(0, size)))


def _push(stack: list[tuple[Subtree, bytes]], position: int, body: bytes) -> list[tuple[Subtree, bytes]]:
    lefts = _completed(position)
    merged = [stack.pop()[1] for _ in range(lefts)]
    hashes = _stacked(leaf_hash(body), merged)
    made = [((level, (position >> level) - 1), found) for level, found in enumerate(hashes, 1)]
    stack.append(made[-1] if made else ((0, position - 1), leaf_hash(body)))
    return made


def _stacked(leaf: bytes, lefts: Sequence[bytes]) -> list[bytes]:
    """The nodes above a leaf that completes them, from the left halves, lowest first."""
    made, found = [], leaf
    for left in lefts:
        found = node_hash(left, found)
        made.append(found)
    return made


def _completed(position: int) -> int:
    """How many subtrees the leaf of this position completes."""
    return (position & -position).bit_length() - 1


def _last_before(position: int) -> list[Subtree]:
    """The last node that is there before those which this even position completes."""
    before = position - 2
    return [(_completed(before), (before >> _completed(before)) - 1)] if before else []


def _hashes(spans: Sequence[Span]) -> list[bytes]:
    """The hash over each span of leaves, in one query for all."""
    parts = [subtrees(*span) for span in spans]
    found = iter(perfect(one for part in parts for one in part))
    return [folded([next(found) for _ in part]) for part in parts]


def _read(wanted: Collection[Subtree]) -> Mapping[Subtree, bytes]:
    """The hashes of the subtrees that are there; leaves are hashed from their entries."""
    leaves = {-(index + 1): (level, index) for level, index in wanted if level == 0}
    nodes = {place_of(one): one for one in wanted if one[0]}
    places, positions = list(nodes), [-place for place in leaves]
    filled = [places, positions] if connection.vendor == "postgresql" else [_json(places), _json(positions)]
    with cursor_keeping_plans() as cursor:
        cursor.execute(_READ[connection.vendor], filled)
        rows: list[tuple[int, bytes]] = cursor.fetchall()
    return {
        nodes[place] if place > 0 else leaves[place]: bytes(found) if place > 0 else leaf_hash(bytes(found))
        for place, found in rows
    }


def _json(numbers: Sequence[int]) -> str:
    return json.dumps(list(numbers))


def _write(nodes: list[Node]) -> int:
    Node.objects.bulk_create(nodes)
    return len(nodes)


def _entries_covered() -> int:
    """For how many entries all nodes are there."""
    last = int(Node.objects.aggregate(last=Max("place"))["last"] or 0)
    low, high = 0, 2 * last + 2
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if count_of(middle) <= last else (low, middle - 1)
    return low
