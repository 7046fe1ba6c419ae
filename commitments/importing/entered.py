"""Commitments entered from a source: which they are, how a file calls them, and how they were entered."""

from typing import Any

from commitments.models import Assembly, Commitment, ImportedItem
from record import entries
from record.models import Entry

Said = dict[str, Any]


def entered(assembly: Assembly) -> Any:
    """The commitments of an assembly that a file can carry: entered from a source, and not invented."""
    return Commitment.objects.filter(assembly=assembly, entered_from__isnull=False, invented=False)


def slugs_of(assembly: Assembly) -> dict[str, str]:
    """The slug of each commitment by its reference: the one that a file gave it, or its reference in small letters."""
    begin = f"commitment:{assembly.slug}/"
    own = Commitment.objects.filter(assembly=assembly).values_list("reference", flat=True)
    named = {reference: reference.lower() for reference in own}
    known = ImportedItem.objects.filter(external_id__startswith=begin).order_by("-pk")
    for external_id, subject in known.values_list("external_id", "subject"):
        named[subject.removeprefix("commitment:")] = external_id.removeprefix(begin)
    return named


def as_entered(assembly: Assembly) -> dict[str, Said]:
    """What the record's entries say of owners and due dates, by reference: owners may have changed both since."""
    found = Entry.objects.filter(type="commitment.entered", assembly=assembly.slug)
    return {entry.subject.removeprefix("commitment:"): entries.body_of(entry)["facts"] for entry in found}


def owners_as_entered(facts: Said) -> list[Said]:
    """The owners that an entry names, as a file names them."""
    return [
        ({"team": one["team"]} if one["team"] else {"organisation": one["organisation"]})
        | ({"lead": True} if one["lead"] else {})
        for one in facts["owners"]
    ]
