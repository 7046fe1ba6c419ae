"""The arithmetic of RFC 9162 trees: how leaves are hashed, which subtrees a proof is made of, and whether one holds.

Nothing here knows the database. A subtree is named `(level, index)`: it stands over the 2**level leaves from
`index * 2**level` on. Leaves count from 0, so the leaf of the entry at a position is `position - 1`.
"""

import hashlib
from collections.abc import Sequence

Subtree = tuple[int, int]
Span = tuple[int, int]

HASH_BYTES = 32
EMPTY = hashlib.sha256(b"").digest()
"""The root of a tree without leaves (RFC 9162, 2.1.1)."""


class BadProof(ValueError):
    """A proof does not show what it claims; the words say where it fails."""


def leaf_hash(body: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def folded(hashes: Sequence[bytes]) -> bytes:
    """The hash over neighbouring perfect subtrees, largest first; of none, the root of an empty tree."""
    if not hashes:
        return EMPTY
    *rest, root = hashes
    for left in reversed(rest):
        root = node_hash(left, root)
    return root


def subtrees(start: int, end: int) -> list[Subtree]:
    """The perfect subtrees over the leaves from `start` to before `end`, largest first.

    As trees are split, `start` is a multiple of the largest.
    """
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append((level, start >> level))
        start += 1 << level
    return found


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Whose hashes prove the leaf `index` in a tree of `size`, from the leaf's sibling up (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"A tree of {size} has no leaf {index}.")
    start, end, spans = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return spans[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """Whose hashes prove that the tree of `old` leaves is the beginning of that of `new` (RFC 9162, 2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError(f"No proof leads from {old} to {new} leaves.")
    start, end, spans = 0, new, []
    while old < end:
        middle = start + _split(end - start)
        if old <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((start, middle))
            start = middle
    return ([(start, end)] if start else []) + spans[::-1]


def check_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Raise BadProof unless the tree of `size` and `root` has the leaf hash `leaf` at `index` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        raise BadProof(f"a tree of {size} has no leaf {index}")
    _check_form(proof, len(inclusion_spans(index, size)), leaf, root)
    here, last, found = index, size - 1, leaf
    for step in proof:
        if here & 1 or here == last:
            found = node_hash(step, found)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, step)
        here, last = here >> 1, last >> 1
    if found != root:
        raise BadProof("the proof leads to another root")


def check_consistency(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> None:
    """Raise BadProof unless the tree of `old` leaves is the beginning of that of `new` (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        raise BadProof(f"no proof leads from {old} to {new} leaves")
    _check_form(proof, len(consistency_spans(old, new)))
    path = list(proof) if old & (old - 1) and old != new else [old_root, *proof]
    here, last = old - 1, new - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    of_old = of_new = path[0]
    for step in path[1:]:
        if here & 1 or here == last:
            of_old, of_new = node_hash(step, of_old), node_hash(step, of_new)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            of_new = node_hash(of_new, step)
        here, last = here >> 1, last >> 1
    if (of_old, of_new) != (old_root, new_root):
        raise BadProof("the proof leads to other roots")


def _check_form(proof: Sequence[bytes], steps: int, *hashes: bytes) -> None:
    if len(proof) != steps:
        raise BadProof("the proof is too long or too short")
    if any(len(one) != HASH_BYTES for one in (*proof, *hashes)):
        raise BadProof("a hash has another length than 32 bytes")


def _split(size: int) -> int:
    """How many leaves the left half of a tree has: the largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
