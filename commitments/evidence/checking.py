"""Whether evidence files are what the record says: each is there, and its bytes have the hash that the entry holds."""

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from commitments.evidence import storage
from commitments.models import EvidenceFile
from commitments.withholding.files import ERASED, standing_of
from record.entries import body_of
from record.models import Entry
from record.projections import Fault

POSTED = "update.posted"
BATCH = 200


def faults() -> Iterator[Fault]:
    """What does not fit, in the order of the record."""
    for entry in Entry.objects.filter(type=POSTED).order_by("position").iterator(chunk_size=BATCH):
        named = {
            one["file"]["id"]: one["file"] for one in body_of(entry)["facts"]["evidence"] if "file" in one
        }
        rows = EvidenceFile.objects.filter(evidence__update__position=entry.position)
        yield from _of_entry(entry.position, named, {str(row.pk): row for row in rows} if named else {})
    for row in EvidenceFile.objects.exclude(evidence=None).select_related("evidence__update").iterator():
        yield from _stray(row)


def _of_entry(
    position: int, named: dict[str, dict[str, Any]], rows: dict[str, EvidenceFile]
) -> Iterator[Fault]:
    for key, facts in named.items():
        row = rows.get(key)
        if row is None:
            yield Fault(position, f"there is no row of the evidence file {key}")
        elif (row.sha256, row.media_type, row.size) != (facts["sha256"], facts["media_type"], facts["bytes"]):
            yield Fault(position, f"the row of the evidence file {key} says something else than the entry")
        else:
            yield from _bytes(position, row)


def _bytes(position: int, row: EvidenceFile) -> Iterator[Fault]:
    is_erased = standing_of(position, is_erased=row.erased_on is not None) == ERASED
    file = storage.path_of(row.sha256, UUID(str(row.pk)))
    if is_erased and file.exists():
        yield Fault(position, f"the evidence file {row.pk} was erased, and its bytes are still here")
    elif not is_erased and not file.exists():
        yield Fault(position, f"the bytes of the evidence file {row.pk} are not here")
    elif not is_erased and hashlib.sha256(file.read_bytes()).hexdigest() != row.sha256:
        yield Fault(
            position, f"the bytes of the evidence file {row.pk} are not those whose hash the entry holds"
        )


def _stray(row: EvidenceFile) -> Iterator[Fault]:
    """A row whose update's entry does not name it."""
    position = (row.evidence and row.evidence.update.position) or 0
    entry = Entry.objects.filter(position=position).first()
    named = body_of(entry)["facts"].get("evidence", []) if entry else []
    if str(row.pk) not in {one["file"]["id"] for one in named if "file" in one}:
        yield Fault(position, f"no entry names the evidence file {row.pk}")
