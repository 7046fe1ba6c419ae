"""Erasing words for good: out of the columns and the record, with their salt, and out of what was made from them."""

from typing import Any

from django.db import connection, models, transaction

from commitments.models import ImportedItem, SearchDocument, Vaulted, Withholding
from commitments.withholding import stories
from commitments.withholding.files import erase_with, remove
from commitments.withholding.reach import Reach
from commitments.withholding.texts import columns, replaced
from commitments.withholding.vault import save
from record.guarded import GuardedModel, Recorded
from record.models import Words, WordsState

REDACTED = "redacted"
WIPED = (ImportedItem, SearchDocument, Vaulted, Withholding, Words)
"""Tables that are vacuumed beside those from which a text went."""


def erase(root: Recorded, thing: Recorded, reach: Reach) -> None:
    """Erase all that `reach` means, in an open story. Hashes, entries and every fact stay, so that proofs hold."""
    changed = [row for row in reach.rows if _erased(row, reach)]
    Words.objects.filter(pk__in=reach.words).update(text=None, salt=None, state=WordsState.REDACTED)
    files = erase_with(reach.words)
    Withholding.objects.filter(root=root.record_subject).update(note="")
    _forget_imports([*stories.subjects(changed), thing.record_subject])
    _forget_searched()
    touched: list[type[models.Model]] = [*map(type, changed), *WIPED]
    tables = sorted({model._meta.db_table for model in touched})
    transaction.on_commit(lambda: sweep(tables), robust=True)
    transaction.on_commit(lambda: remove(files), robust=True)


def sweep(tables: list[str]) -> None:
    """Ask the database to let go of what stood in these tables; outside any transaction.

    SQLite has overwritten what it freed (`secure_delete`), and empties its log now. PostgreSQL frees old rows.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"VACUUM {', '.join(map(connection.ops.quote_name, tables))}")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _erased(row: GuardedModel, reach: Reach) -> bool:
    names = []
    for field, value in columns(row):
        if reach.texts_in(row, value):
            setattr(row, field.name, replaced(field, value, REDACTED, _meaning(reach, row)))
            names.append(field.name)
    save(row, names)
    return bool(names)


def _meaning(reach: Reach, row: GuardedModel) -> Any:
    return lambda text: reach.wanted(row, text)


def _forget_imports(subjects: list[str]) -> None:
    """Digests of what a file said could be compared with guesses; what takes their place matches nothing ever said.

    A file that still says what was erased is refused then, since it was changed here and the file says a third thing.
    """
    for item in ImportedItem.objects.filter(subject__in=subjects):
        item.digest, item.parts = REDACTED, dict.fromkeys(item.parts, REDACTED)
        item.save(update_fields=["digest", "parts"])


def _forget_searched() -> None:
    """SQLite's full-text index keeps words of gone rows until its parts are merged."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO commitments_searchwords(commitments_searchwords) VALUES('optimize')")
