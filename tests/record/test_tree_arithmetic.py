"""RFC 9162 as arithmetic: the published probes, every pair of sizes up to 130, and no bit of a proof may differ."""

import json
from base64 import b64decode
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pymerkle import InmemoryTree

from record.proofs import (
    EMPTY,
    BadProof,
    check_consistency,
    check_inclusion,
    consistency_spans,
    folded,
    inclusion_spans,
    leaf_hash,
    node_hash,
    subtrees,
)

VECTORS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "vectors"
PROBES = VECTORS / "merkle-testdata" / "testdata"
LARGEST = 130
LEAVES = [bytes([number % 256, number // 256]) for number in range(LARGEST)]


@cache
def defined(start: int, end: int) -> bytes:
    """The root over leaves as RFC 9162, 2.1.1 defines it, word for word."""
    if end - start == 0:
        return EMPTY
    if end - start == 1:
        return leaf_hash(LEAVES[start])
    half = 1
    while half * 2 < end - start:
        half *= 2
    return node_hash(defined(start, start + half), defined(start + half, end))


def inclusion(index: int, size: int) -> list[bytes]:
    """A proof made of the definition."""
    return [defined(*span) for span in inclusion_spans(index, size)]


def consistency(old: int, new: int) -> list[bytes]:
    """A proof made of the definition."""
    return [defined(*span) for span in consistency_spans(old, new)]


def probes(kind: str) -> list[dict[str, Any]]:
    """The published cases; skips where they are not beside this project."""
    if not PROBES.is_dir():
        pytest.skip("the published probes of transparency-dev/merkle are not beside this project")
    return [json.loads(file.read_text()) for file in sorted((PROBES / kind).rglob("*.json"))]


def hashes(texts: list[str] | None) -> list[bytes]:
    """Hashes as the probes write them."""
    return [b64decode(text) for text in texts or []]


def test_the_98_published_inclusion_probes_are_judged_as_published() -> None:
    cases = probes("inclusion")
    assert len(cases) == 98
    for case in cases:
        leaf, root = hashes([case["leafHash"] or "", case["root"] or ""])
        try:
            check_inclusion(case["leafIdx"], case["treeSize"], leaf, hashes(case["proof"]), root)
            refused = False
        except BadProof:
            refused = True
        assert refused == case["wantErr"], case["desc"]


def test_the_98_published_consistency_probes_are_judged_as_published() -> None:
    cases = probes("consistency")
    assert len(cases) == 98
    for case in cases:
        first, second = hashes([case["root1"] or "", case["root2"] or ""])
        try:
            check_consistency(case["size1"], case["size2"], hashes(case["proof"]), first, second)
            refused = False
        except BadProof:
            refused = True
        assert refused == case["wantErr"], case["desc"]


def test_the_published_roots_of_eight_leaves_are_ours() -> None:
    file = VECTORS / "rfc6962_8_leaves.json"
    if not file.is_file():
        pytest.skip("the published roots of RFC 6962 are not beside this project")
    published = json.loads(file.read_text())
    leaves = [leaf_hash(bytes.fromhex(leaf)) for leaf in published["leaves_hex"]]

    def perfect(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        return node_hash(perfect(level - 1, 2 * index), perfect(level - 1, 2 * index + 1))

    ours = [folded([perfect(*one) for one in subtrees(0, size)]) for size in range(9)]
    assert [root.hex() for root in ours] == published["roots_hex_by_size"]


def test_every_leaf_is_proved_in_every_tree_up_to_130() -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            check_inclusion(index, size, leaf_hash(LEAVES[index]), inclusion(index, size), defined(0, size))


def test_every_tree_up_to_130_is_proved_the_beginning_of_every_later_one() -> None:
    for new in range(1, LARGEST + 1):
        for old in range(1, new + 1):
            check_consistency(old, new, consistency(old, new), defined(0, old), defined(0, new))


def test_somebody_elses_tree_has_the_same_roots_and_paths() -> None:
    theirs = InmemoryTree(algorithm="sha256")
    for size, leaf in enumerate(LEAVES, 1):
        theirs.append_entry(leaf)
        assert theirs.get_root(size) == defined(0, size)
    for index in range(LARGEST):
        path = theirs.prove_inclusion(index + 1, LARGEST).serialize()["path"]
        assert [bytes.fromhex(step) for step in path] == [
            leaf_hash(LEAVES[index]),
            *inclusion(index, LARGEST),
        ]


@pytest.mark.parametrize("size", [2, 7, 8, 13, 64, 130])
def test_an_inclusion_proof_with_any_bit_turned_is_refused(size: int) -> None:
    for index in {0, 1, size // 2, size - 1}:
        leaf, proof, root = leaf_hash(LEAVES[index]), inclusion(index, size), defined(0, size)
        for bit in range(256 * (len(proof) + 2)):
            changed, other = turned([leaf, root, *proof], bit)[:2], turned([leaf, root, *proof], bit)[2:]
            with pytest.raises(BadProof):
                check_inclusion(index, size, changed[0], other, changed[1])


@pytest.mark.parametrize(("old", "new"), [(1, 2), (3, 7), (4, 8), (6, 13), (64, 130), (65, 130), (130, 130)])
def test_a_consistency_proof_with_any_bit_turned_is_refused(old: int, new: int) -> None:
    proof = consistency(old, new)
    for bit in range(256 * (len(proof) + 2)):
        first, second, *rest = turned([defined(0, old), defined(0, new), *proof], bit)
        with pytest.raises(BadProof):
            check_consistency(old, new, rest, first, second)


def test_a_proof_holds_for_its_own_place_and_sizes_alone() -> None:
    proof, leaf, root = inclusion(5, 13), leaf_hash(LEAVES[5]), defined(0, 13)
    for index, size in [(4, 13), (6, 13), (13, 13), (-1, 13), (5, 0)]:
        with pytest.raises(BadProof):
            check_inclusion(index, size, leaf, proof, root)
    for changed in (proof[1:], proof[:-1], [*proof, proof[0]], [*proof, b""], proof[::-1]):
        with pytest.raises(BadProof):
            check_inclusion(5, 13, leaf, changed, root)


def test_what_cannot_be_proved_is_not_asked_for() -> None:
    for index, size in [(0, 0), (3, 3), (-1, 3)]:
        with pytest.raises(ValueError, match="no leaf"):
            inclusion_spans(index, size)
    for old, new in [(0, 3), (4, 3)]:
        with pytest.raises(ValueError, match="No proof leads"):
            consistency_spans(old, new)


def turned(hashes: list[bytes], bit: int) -> list[bytes]:
    """The same hashes, but for one bit."""
    changed = bytearray(b"".join(hashes))
    changed[bit // 8] ^= 1 << bit % 8
    return [bytes(changed[at : at + 32]) for at in range(0, len(changed), 32)]
