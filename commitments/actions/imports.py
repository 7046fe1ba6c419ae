"""Which thing of a file became which thing here."""

from commitments.models import ImportedItem
from record.guarded import Recorded
from record.ledger import action


@action
def remember_import(external_id: str, subject: Recorded, digest: str) -> ImportedItem:
    """Keep that the thing `external_id` of a file is `subject` here, and how the file said it (`digest`)."""
    return ImportedItem.objects.create(external_id=external_id, subject=subject.record_subject, digest=digest)
