"""An instance begun anew from an archive: entries byte for byte, rows as they were, and no verb is done again."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from accounts.models import User
from api.archiving import tables
from api.archiving.packing import EVIDENCE, is_person
from commitments import search
from commitments.evidence import checking, storage
from commitments.withholding import files as evidence_files
from record import clock, tree, verify
from record.guarded import opened
from record.models import Entry, Head, Words, WordsState

BATCH = 500


class NotRestored(RuntimeError):
    """Nothing was restored; the words say why."""


def restore(file: Path, vkey: str = "") -> int:
    """Fill an empty instance from an archive whose state `vkey` signed (the archive's own key by default).

    Returns how many entries there are. All of it or nothing. Raises NotRestored.
    """
    if Head.objects.get().position or User.objects.exists():
        raise NotRestored("This instance is not empty; restore into one that was just migrated.")
    with zipfile.ZipFile(file) as archive:
        try:
            vkey = vkey or archive.read("vkey").decode().split()[0]
            size, root, _ = verify.checkpoint(archive.read("checkpoint").decode(), vkey, [])
            leaves = verify.leaves_of(archive.read, size)
            entries = verify.check_entries(leaves, [(size, root, {})])
            words = _checked_words(archive, entries)
        except (ValueError, LookupError) as error:
            raise NotRestored(f"The archive does not hold: {error}") from error
        with transaction.atomic(), opened():
            _fill(archive, leaves, entries, words)
            if tree.root(size) != root:
                raise NotRestored("The entries do not come to the signed root.")
            _bring_evidence(archive)
    search.rebuild()
    return size


def _fill(
    archive: zipfile.ZipFile, leaves: list[bytes], entries: list[dict[str, Any]], words: list[Words]
) -> None:
    _insert(Entry, (_entry(leaf, entry) for leaf, entry in zip(leaves, entries, strict=True)))
    tree.complete(len(leaves))
    _insert(Words, iter(words))
    people = Stand()
    for label in tables.ARCHIVED:
        model = apps.get_model(label)
        rows = (json.loads(line) for line in archive.read(f"tables/{label}.ndjson").split(b"\n") if line)
        if model is Head:
            [row] = rows
            Head.objects.filter(pk=1).update(**{name: row[name] for name in ("position", "revision", "at")})
        else:
            _insert(model, (_row(model, row, people) for row in rows))
    _go_on_counting()


def _bring_evidence(archive: zipfile.ZipFile) -> None:
    """Put the files of shown evidence where they are kept, checked against what the entries say of them."""
    there = set(archive.namelist())
    for file in evidence_files.shown():
        name = f"{EVIDENCE}{file.sha256}"
        if name not in there or hashlib.sha256(archive.read(name)).hexdigest() != file.sha256:
            raise NotRestored(f"The evidence file {file.pk} is not in the archive as its entry has it.")
        storage.put(archive.read(name), file.pk)
    wrong = next(checking.faults(), None)
    if wrong is not None:
        raise NotRestored(f"The evidence does not hold: {wrong}")


class Stand:
    """The emptied accounts that stand where people were."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def key(self, column: str) -> int:
        """Who stands in a column: one for most, another for whoever had to be another, a new one for each proposer."""
        name = column if column in tables.SECOND else ""
        if column in tables.EACH:
            return _emptied().pk
        if name not in self._known:
            self._known[name] = _emptied().pk
        return self._known[name]


def _emptied() -> User:
    """An account of nobody, as one is after erasure."""
    user = User(email=f"erased-{uuid4()}@invalid.invalid", is_active=False, erased_at=clock.now())
    user.set_unusable_password()
    user.save()
    return user


def _row(model: Any, row: Mapping[str, Any], people: Stand) -> Any:
    made = model(**tables.LEFT_OUT.get(model._meta.label, {}))
    for name, value in row.items():
        field = model._meta.get_field(name)
        setattr(made, field.attname, _value(field, value, people))
    return made


def _value(field: Any, value: Any, people: Stand) -> Any:
    if value is None:
        return None
    if is_person(field):
        return people.key(field.name)
    if isinstance(field, models.BinaryField):
        return bytes.fromhex(value)
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return value if isinstance(field, models.JSONField) else target.to_python(value)


def _entry(leaf: bytes, entry: dict[str, Any]) -> Entry:
    columns = ("position", "type", "occurred_on", "actor", "subject", "root", "assembly")
    at = datetime.fromisoformat(entry["at"])
    return Entry(at=at, body=leaf, **{name: entry[name] for name in columns})


def _checked_words(archive: zipfile.ZipFile, entries: list[dict[str, Any]]) -> list[Words]:
    """A row for each of an entry's words; of those that are not shown, only the hash remains."""
    rows = [json.loads(line) for line in archive.read("words.ndjson").split(b"\n") if line]
    for row in rows:
        verify.check_words(entries[row["position"] - 1], row["name"], row["text"], row["salt"])
    named = sorted((row["position"], row["name"]) for row in rows)
    held = sorted((entry["position"], name) for entry in entries for name in entry["words"])
    verify.check(named == held, "The words are not those that the entries hold.")
    return [_words(**row) for row in rows]


def _words(position: int, name: str, text: str | None, salt: str | None) -> Words:
    state = WordsState.REDACTED if salt is None else WordsState.PUBLISHED
    return Words(position=position, name=name, text=text, salt=salt and bytes.fromhex(salt), state=state)


def _insert(model: Any, rows: Iterator[Any]) -> None:
    model._base_manager.bulk_create(rows, batch_size=BATCH)


def _go_on_counting() -> None:
    """Let the database number new rows after those that came with their numbers (PostgreSQL)."""
    restored = [apps.get_model(label) for label in tables.ARCHIVED]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), restored):
            cursor.execute(statement)
