"""Copies of an invented record as strangers keep them: bundles in a folder, signed with a key of the test's own."""

from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rfc8785

from record import tiles
from record.notes import SigningKey, signed
from record.proofs import folded, leaf_hash, node_hash, subtrees

KEY = SigningKey("record.example/log", bytes(range(32)))
VKEY = str(KEY.verifier)


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaves."""

    def perfect(level: int, index: int) -> bytes:
        if level == 0:
            return leaf_hash(leaves[index])
        return node_hash(perfect(level - 1, 2 * index), perfect(level - 1, 2 * index + 1))

    return folded([perfect(*one) for one in subtrees(0, len(leaves))])


def note(leaves: Sequence[bytes], key: SigningKey = KEY) -> str:
    """The signed state of a record with these leaves."""
    packed = b64encode(root(leaves)).decode()
    return signed(f"{key.name}\n{len(leaves)}\n{packed}\n", [key])


def leaf(position: int, **more: Any) -> bytes:
    """An entry's leaf."""
    body: dict[str, Any] = {
        "v": 1,
        "position": position,
        "type": "theme.published",
        "at": f"2026-06-01T12:{position // 60 % 60:02d}:{position % 60:02d}.000000Z",
        "occurred_on": "2026-06-01",
        "actor": "clock",
        "subject": f"theme:{position}",
        "root": f"theme:{position}",
        "assembly": "anytown-2025",
        "facts": {},
        "words": {},
    }
    return rfc8785.dumps({**body, **more})


def kept(folder: Path, leaves: Sequence[bytes], key: SigningKey = KEY) -> Path:
    """A copy of these leaves in a folder."""
    for tile in tiles.of_size(len(leaves)):
        if tile.is_bundle:
            start = tile.number * tiles.WIDTH
            file = folder / "tile" / tile.address
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(tiles.bundled(leaves[start : start + tile.width]))
    folder.mkdir(exist_ok=True)
    (folder / "checkpoint").write_text(note(leaves, key))
    return folder
