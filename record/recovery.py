"""Lost entries, put back from somebody's copy of the record: only what was signed, and only after what is here."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from record import checkpoints, tiles, tree
from record.checkpoints import State
from record.guarded import opened
from record.models import Entry, Head
from record.notes import BadNote
from record.signing import NotSigned, Signer
from record.tiles import BadBundle, Tile


class NotRecovered(RuntimeError):
    """The copy cannot be used; the words say why."""


def recover(by: Signer, folder: Path) -> list[Entry]:
    """Put back the entries that a copy has and this record lost; the words and tables beside them are not in it.

    `folder` holds the files that `publish_record` writes. Its checkpoint must be signed by our key and go as far as
    what was signed last, its entries must lead to it, and those that are here must be their beginning. Raises
    NotRecovered.
    """
    with by.alone():
        try:
            noted, keys = by.noted(), [key.verifier for key in by.read_keys()]
            state = checkpoints.checked((folder / "checkpoint").read_text("utf-8"), keys)
        except (BadNote, NotSigned, OSError, UnicodeDecodeError) as bad:
            raise NotRecovered(f"The copy's checkpoint cannot be used: {bad}") from None
        if state.size < noted.size:
            raise NotRecovered(
                f"The copy has {state.size} entries, and {noted.size} were signed; find a newer one."
            )
        with transaction.atomic(), opened():
            head = Head.objects.select_for_update().get(pk=1)
            lost = _lost(folder, state, noted, head.position)
            entries = [_put_back(head, body) for body in lost]
        by.note(state)
        return entries


def _lost(folder: Path, state: State, noted: State, here: int) -> list[bytes]:
    """The bodies after position `here`, of a copy that fits what is here, what was signed last and what it says."""
    if here >= state.size:
        raise NotRecovered(
            f"The copy has {state.size} entries, and {here} are here: nothing is lost that it has."
        )
    expected = {here: tree.root(here), noted.size: noted.root, state.size: state.root}
    edge, lost = tree.Frontier(), []
    _compare(expected, edge)
    for tile in (one for one in tiles.of_size(state.size) if one.is_bundle):
        for body in _bundle(folder, tile):
            edge.add(body)
            _compare(expected, edge)
            if edge.size > here:
                lost.append(body)
    return lost


def _compare(expected: dict[int, bytes], edge: tree.Frontier) -> None:
    if expected.get(edge.size, edge.root) != edge.root:
        raise NotRecovered(
            f"The first {edge.size} entries of the copy are others than those here, or than were signed."
        )


def _bundle(folder: Path, tile: Tile) -> list[bytes]:
    """The entries of a bundle; one that is not full may have become so since."""
    file = folder / "tile" / tile.address
    if not file.exists():
        file = folder / "tile" / Tile(tile.level, tile.number).address
    try:
        found = tiles.unbundled(file.read_bytes())[: tile.width]
    except (OSError, BadBundle) as bad:
        raise NotRecovered(f"{file} cannot be used: {bad}") from None
    if len(found) != tile.width:
        raise NotRecovered(f"{file} has {len(found)} entries, and must have {tile.width}.")
    return found


def _put_back(head: Head, body: bytes) -> Entry:
    """The entry that this body is, at the next position."""
    said: dict[str, Any] = json.loads(body)
    entry = Entry(
        position=head.position + 1,
        at=datetime.fromisoformat(said["at"]),
        occurred_on=date.fromisoformat(said["occurred_on"]),
        body=body,
        **{name: said[name] for name in ("type", "actor", "subject", "root", "assembly")},
    )
    entry.save(force_insert=True)
    tree.grow(entry.position, body)
    head.position, head.at = entry.position, entry.at
    head.save(update_fields=["position", "at"])
    return entry
