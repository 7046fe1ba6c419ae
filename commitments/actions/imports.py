"""Which thing of a file became which thing here."""

from collections.abc import Mapping
from types import MappingProxyType

from django.db import connection

from commitments.models import ImportedItem
from record.guarded import Recorded
from record.ledger import action


@action
def begin_import() -> None:
    """Wait for another import to end: two of one file at once would both find nothing here.

    SQLite has one writer at a time anyway. Whoever only reads waits for nobody.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {ImportedItem._meta.db_table} IN EXCLUSIVE MODE")


@action
def remember_import(
    external_id: str, subject: Recorded, digest: str, parts: Mapping[str, str] = MappingProxyType({})
) -> ImportedItem:
    """Keep that the thing `external_id` of a file is `subject` here, and how the file said it, whole and in `parts`."""
    return ImportedItem.objects.create(
        external_id=external_id, subject=subject.record_subject, digest=digest, parts=dict(parts)
    )


@action
def renew_import(external_id: str, digest: str, parts: Mapping[str, str]) -> None:
    """Keep how a later file said the thing `external_id`."""
    ImportedItem.objects.filter(external_id=external_id).update(digest=digest, parts=dict(parts))
