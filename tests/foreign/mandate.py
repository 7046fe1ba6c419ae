"""Spreadsheets of promises with a lead and several others, one row each: text and owners come through whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.foreign.shaping import Bodies, Item, commitment, note, owners, record, several, source, unescaped
from tests.foreign.sources import Row


@dataclass(frozen=True)
class Sheet:
    """Which columns of a spreadsheet say what. `left_out` names people: offices own promises, persons do not."""

    slug: str
    prefix: str
    title: str
    url: str
    number: str
    text: str
    lead: str
    others: str
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def columns(self) -> set[str]:
        """Every column that the mapping knows."""
        return {self.number, self.text, self.lead, self.others, *self.notes, *self.left_out}


MANDATES = Sheet(
    slug="mandates-2021",
    prefix="MC21",
    title="Mandate letters of 2021",
    url="https://github.com/BuildCanada/OutcomeTracker",
    number="MLC ID",
    text="Commitment",
    lead="Reporting Lead",
    others="All ministers",
)
PLATFORM = Sheet(
    slug="platform-2025",
    prefix="LP25",
    title="A platform of 2025",
    url="https://github.com/BuildCanada/OutcomeTracker",
    number="ID",
    text="Commitment",
    lead="Reporting Lead",
    others="All ministers",
    left_out=("Reporting Lead Name",),
)
CONSOLIDATED = Sheet(
    slug="consolidated-2025",
    prefix="LC25",
    title="A platform and a speech of 2025, put together",
    url="https://github.com/BuildCanada/OutcomeTracker",
    number="commitment_id",
    text="canonical_commitment_text",
    lead="reporting_lead_title",
    others="all_other_ministers_involved",
    notes=("appears_in", "notes_and_differences"),
)


def record_of(rows: Sequence[Row], sheet: Sheet) -> Item:
    """The whole spreadsheet as one assembly's commitments, in its order."""
    bodies = Bodies()
    return record(
        {
            "slug": sheet.slug,
            "prefix": sheet.prefix,
            "title": sheet.title,
            "sources": [source(sheet.url, "secondary")],
        },
        bodies=bodies,
        commitments=[_commitment(row, sheet, bodies) for row in rows],
    )


def _commitment(row: Row, sheet: Sheet, bodies: Bodies) -> Item:
    [lead] = several(unescaped(row[sheet.lead]))
    return commitment(
        f"row {row[sheet.number]}",
        unescaped(row[sheet.text]),
        [source(sheet.url, "secondary", said=f"{sheet.number} {row[sheet.number]}")],
        owners=owners(bodies, lead, several(unescaped(row[sheet.others]))),
        notes=[note(name, unescaped(row[name])) for name in sheet.notes if row[name]],
    )
