"""Whether what lists and pages show is what the record says: the rows of public things, held against their entries."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Q

from record.guarded import Recorded
from record.models import Entry, Words, WordsState
from record.stand_ins import STAND_INS

BATCH = 300
SEARCHED = "words"
"""A column of the words by which something is found, small and without signs."""
SEEN = frozenset({WordsState.PUBLISHED, WordsState.PENDING})


@dataclass(frozen=True)
class Fault:
    """Something that is wrong, and the position where it begins."""

    position: int
    words: str

    def __str__(self) -> str:
        return f"position {self.position}: {self.words}"


@dataclass(frozen=True)
class _Told:
    """An entry of a thing's story, with the words that stand beside it; None where they are erased or held."""

    entry: Entry
    body: dict[str, Any]
    words: dict[str, str | None]


def projections() -> Iterator[Fault]:
    """What rows say otherwise than their entries, kind by kind, a batch of rows at a time."""
    for model in apps.get_models():
        if issubclass(model, Recorded):
            for rows in _batches(model):
                stories = _stories([row.record_subject for row in rows])
                for row in rows:
                    yield from _of_row(row, stories.get(row.record_subject, []))


def _of_row(row: Recorded, story: Sequence[_Told]) -> Iterator[Fault]:
    name = row.record_subject
    entries = {told.entry.position: told.entry for told in story}
    at, first = row.position or 0, entries.get(row.position or 0)
    last = entries.get(row.updated_position or 0)
    if first is None or last is None:
        yield Fault(at, f"{name} stands in a table, and no entry published it or changed it last")
        return
    if (row.published_at, row.updated_at) != (first.at, last.at):
        yield Fault(at, f"{name} is dated otherwise than its entries")
    invented = next(bool(told.body.get("invented")) for told in story if told.entry.position == at)
    if row.invented != invented:
        yield Fault(at, f"{name} says otherwise than its entry whether it is invented")
    for column in row.typed_here:
        value = getattr(row, column)
        if isinstance(value, str) and value and not _is_told(value, column, name, story):
            yield Fault(at, f"{column} of {name} shows words that its entries do not have")


def _is_told(value: str, column: str, subject: str, story: Sequence[_Told]) -> bool:
    """Whether the record has these words for this column: the last that changed it, or any of the thing's own."""
    changes = [change for told in story for change in _changes(told, column)]
    if changes:
        return changes[-1] in (value, None)
    own = [text for told in story if told.entry.subject == subject for text in told.words.values()]
    if column == SEARCHED:
        return None in own or set(value.split()) <= set(re.findall(r"\w+", " ".join(map(str, own)).lower()))
    if value in own or None in own or not own or value in _around(story):
        return True
    return value in STAND_INS and _is_withheld_around(story)


def _around(story: Sequence[_Told]) -> set[str | None]:
    """The words of the whole story that a thing belongs to: some columns repeat what another thing said."""
    positions = Entry.objects.filter(root__in={told.entry.root for told in story}).values("position")
    return set(Words.objects.filter(position__in=positions, state__in=SEEN).values_list("text", flat=True))


def _is_withheld_around(story: Sequence[_Told]) -> bool:
    """Whether words of the whole story are held, hidden or erased: the same words went wherever else they stood."""
    positions = Entry.objects.filter(root__in={told.entry.root for told in story}).values("position")
    return Words.objects.filter(position__in=positions).exclude(state__in=SEEN).exists()


def _changes(told: _Told, column: str) -> Iterator[str | None]:
    """The words that an entry puts into a column in the place of others."""
    facts = told.body.get("facts")
    facts = facts if isinstance(facts, dict) else {}
    is_correction = told.entry.type.endswith(".corrected") and not facts.get("milestone")
    if is_correction and facts.get("field") == column and "new" in told.words:
        yield told.words["new"]
    elif f"new_{column}" in told.words:
        yield told.words[f"new_{column}"]


def _stories(subjects: list[str]) -> dict[str, list[_Told]]:
    """For each thing the entries about it, in order, and those about others that belong to it. Two queries."""
    found: dict[str, list[_Told]] = {subject: [] for subject in subjects}
    entries = Entry.objects.filter(Q(subject__in=subjects) | Q(root__in=subjects)).order_by("position")
    listed = list(entries)
    words: dict[int, dict[str, str | None]] = {}
    for start in range(0, len(listed), BATCH):
        part = [entry.position for entry in listed[start : start + BATCH]]
        for row in Words.objects.filter(position__in=part):
            words.setdefault(row.position, {})[row.name] = row.text if row.state in SEEN else None
    for entry in listed:
        told = _Told(entry, _read(bytes(entry.body)), words.get(entry.position, {}))
        for subject in {entry.subject, entry.root} & found.keys():
            found[subject].append(told)
    return found


def _read(body: bytes) -> dict[str, Any]:
    """The leaf as JSON values; nothing where it is spoilt, which the entry's own check names."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _batches(model: type[Recorded]) -> Iterator[list[Recorded]]:
    """The published rows of a kind."""
    rows = model.objects.exclude(position=None).order_by("position", "pk")
    after = 0
    while found := list(rows.filter(position__gt=after)[:BATCH]):
        yield found
        after = found[-1].position or 0
