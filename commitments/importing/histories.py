"""How wordings came to be: what a file tells of corrections, held against those that are recorded already."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from commitments import permissions
from commitments.importing import owner_lists
from commitments.importing.canonical import owners
from commitments.importing.cells import tidy
from commitments.importing.publishing import KINDS, Item, Pen, Thing
from commitments.importing.saying_corrections import corrections, text
from commitments.models import Assembly, Commitment, ImportedItem
from record.guarded import Recorded
from record.refusals import Missing

Row = tuple[Any, ...]
PARTS = ("kind", "of", "field", "old", "new", "reason")


class Past:
    """The corrections in a file: the first wordings behind them, and which of them are recorded."""

    def __init__(self, data: Item, pen: Pen) -> None:
        self._firsts: dict[tuple[str, str], dict[str, str]] = {}
        for row in data.get("corrections", []):
            if isinstance(row, dict) and all(isinstance(row.get(part), str) for part in PARTS):
                self._firsts.setdefault((row["kind"], row["of"]), {}).setdefault(row["field"], row["old"])
        there = Assembly.objects.filter(slug=pen.assembly).first() if self._firsts else None
        self._recorded = Counter(map(_row, corrections(there))) if there else Counter[Row]()

    def first(self, thing: Thing) -> dict[str, Any]:
        """A thing as it was said first, before its corrections."""
        item = dict(thing.item)
        for field, old in self._firsts.get((thing.kind, key_of(thing)), {}).items():
            item |= _with(thing.kind, item, field, old)
        return item if thing.kind != "team" else {**item, "ended_on": None}

    def is_recorded(self, row: Item) -> bool:
        """Whether this correction was made already; each recorded one answers for one row."""
        known = self._recorded[_row(row)] > 0
        self._recorded[_row(row)] -= known
        return known


def _row(row: Item) -> Row:
    return tuple(tidy(row[part]) for part in PARTS)


def _with(kind: str, item: Item, field: str, old: str) -> dict[str, Any]:
    if kind == "assembly":
        value = int(old) if old.isdecimal() else old
        return {"clocks": {**item.get("clocks", {}), field: value}}
    return {field: owner_lists.parsed(old) if field == "owners" else old}


def key_of(thing: Thing) -> str:
    """The name of a thing within its kind, as a correction names it."""
    return thing.external_id.partition(":")[2].rpartition("/")[2]


def located(kind: str, key: str, pen: Pen, item: Item | None = None) -> Recorded:
    """The thing of this name (`item`, where a file says all of it) in the record. Raises Missing."""
    named = item or _named(kind, key)
    found = _commitment(key, pen) if kind == "commitment" else KINDS[kind].find(named, pen)
    if found is None:
        raise Missing(f"There is no {kind} {key} in the record; add it to the file.")
    return found


def _named(kind: str, key: str) -> Mapping[str, Any]:
    if kind == "recommendation":
        return {"number": int(key) if key.isdecimal() else 0}
    return {"code": key, "slug": key}


def _commitment(slug: str, pen: Pen) -> Commitment | None:
    known = ImportedItem.objects.filter(external_id=f"commitment:{pen.assembly}/{slug}").first()
    reference = known.subject.removeprefix("commitment:") if known else slug.upper()
    found: Commitment | None = Commitment.objects.filter(
        assembly__slug=pen.assembly, reference=reference, entered_from__isnull=False
    ).first()
    return found


def present(subject: Recorded, field: str) -> str:
    """The present value of a field that can be corrected, as the text of a correction."""
    if field == "owners" and isinstance(subject, Commitment):
        rows = permissions.present_owners(subject).select_related("team", "organisation")
        named = [
            ({"team": one.team.slug} if one.team else {"organisation": one.organisation.slug})
            | {"lead": one.lead}
            for one in rows
        ]
        return owner_lists.written(named)
    return text(getattr(subject, field))


def is_same(field: str, here: str, there: str) -> bool:
    """Whether two texts of a correction say the same; owners do in any order."""
    if field == "owners":
        return owners(owner_lists.parsed(here)) == owners(owner_lists.parsed(there))
    return tidy(here) == tidy(there)
