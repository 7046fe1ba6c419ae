"""Which thing of a file became which thing here."""

from collections.abc import Mapping
from types import MappingProxyType

from commitments.models import ImportedItem
from record.guarded import Recorded
from record.ledger import action


@action
def remember_import(
    external_id: str, subject: Recorded, digest: str, parts: Mapping[str, str] = MappingProxyType({})
) -> ImportedItem:
    """Keep that the thing `external_id` of a file is `subject` here, and how the file said it, whole and in `parts`."""
    said = {"digest": digest, "parts": dict(parts)}
    known = ImportedItem.objects.filter(external_id=external_id).first()
    if known is None:
        return ImportedItem.objects.create(external_id=external_id, subject=subject.record_subject, **said)
    known.digest, known.parts = digest, dict(parts)
    known.save(update_fields=["digest", "parts"])
    return known
