"""Looking at the record from outside: what an action told, and that a refusal told nothing and changed nothing."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import rfc8785
from django.apps import apps

from record.guarded import GuardedModel
from record.ledger import word_hash
from record.models import Entry, Head, Words
from record.refusals import Refusal
from tests.make import SLUG, TODAY


def guarded_models() -> list[Any]:
    """Every model of ours that is written only inside an action."""
    return [model for model in apps.get_models() if issubclass(model, GuardedModel)]


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every guarded model."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in guarded_models()
    }


@contextmanager
def telling() -> Iterator[list[Entry]]:
    """Collect, in order, the entries that are written inside."""
    before = Head.objects.get().position
    entries: list[Entry] = []
    yield entries
    entries += Entry.objects.filter(position__gt=before)


@contextmanager
def refused(refusal: type[Refusal], field: str | None = None) -> Iterator[None]:
    """Expect this refusal, no entry, and every row as it was."""
    before = everything()
    with pytest.raises(refusal) as raised:
        yield
    assert type(raised.value) is refusal, raised.value
    assert raised.value.detail
    if field is not None:
        assert raised.value.field == field
    assert everything() == before


def types(entries: list[Entry]) -> list[str]:
    """What sort of facts these are."""
    return [entry.type for entry in entries]


def told(
    entry: Entry,
    kind: str,
    *,
    actor: str,
    subject: str,
    root: str = "",
    facts: Mapping[str, Any],
    words: Mapping[str, str] | None = None,
    on: date = TODAY,
    assembly: str = SLUG,
    state: str = "published",
) -> None:
    """Hold an entry against what it should say, columns, body and words alike."""
    body = json.loads(bytes(entry.body))
    assert rfc8785.dumps(body) == bytes(entry.body)
    assert body["facts"] == dict(facts)
    columns = {
        "type": kind,
        "actor": actor,
        "subject": subject,
        "root": root or subject,
        "assembly": assembly,
        "occurred_on": on.isoformat(),
        "position": entry.position,
    }
    assert {name: body[name] for name in columns} == columns
    assert {name: getattr(entry, name) for name in columns} == {**columns, "occurred_on": on}
    rows = {row.name: row for row in Words.objects.filter(position=entry.position)}
    assert {name: row.text for name, row in rows.items()} == dict(words or {})
    assert {row.state for row in rows.values()} <= {state}
    hashes = {name: word_hash(bytes(row.salt or b""), row.text or "") for name, row in rows.items()}
    assert body["words"] == hashes


def one(entries: list[Entry]) -> Entry:
    """The only entry."""
    assert len(entries) == 1, types(entries)
    return entries[0]
