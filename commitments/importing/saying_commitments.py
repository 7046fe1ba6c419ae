"""Commitments entered from a source, as a file says them: as the convenor entered and corrected them."""

from collections.abc import Mapping, Sequence
from typing import Any

from commitments.importing.canonical import sources
from commitments.importing.entered import as_entered, entered, owners_as_entered, slugs_of
from commitments.importing.owner_lists import owners_of_correction
from commitments.importing.references import TEXTS
from commitments.importing.saying_corrections import convenors_own
from commitments.models import Assembly, Commitment, Correction, DueDateChange

Said = dict[str, Any]


def commitments(assembly: Assembly, corrected: Sequence[Said]) -> list[Said]:
    """Each of them, in the order of the record. `corrected` are the assembly's corrections as a file says them."""
    rows = list(entered(assembly).prefetch_related("recommendations", "areas").order_by("position"))
    slugs = slugs_of(assembly)
    begun = as_entered(assembly)
    changed = _changed_by_others(assembly)
    dues = _first_dues(assembly)
    owned = {
        one["of"]: one["new"] for one in corrected if (one["kind"], one["field"]) == ("commitment", "owners")
    }
    found = []
    for row in rows:
        slug, facts = slugs[row.reference], begun[row.reference]
        given = owners_of_correction(owned[slug]) if slug in owned else owners_as_entered(facts)
        due = _due(facts["due"], dues.get(row.pk, row.due_text))
        texts = {name: changed.get((row.pk, name), getattr(row, name)) for name in TEXTS}
        found.append(_commitment(row, slug, given, due, texts))
    return found


def _commitment(
    row: Commitment, slug: str, owners: list[Said], due: Said | None, texts: Mapping[str, str]
) -> Said:
    return {
        "slug": slug,
        "number": row.number,
        "title": texts["title"],
        "body": texts["body"],
        "recommendations": sorted(one.number for one in row.recommendations.all()),
        "owners": owners,
        "due": due,
        **{name: texts[name] for name in ("measure", "baseline", "target", "proof")},
        "reported_state": row.reported_state,
        "areas": sorted(one.code for one in row.areas.all()),
        "notes": row.notes,
        "sources": sources(row.entered_from),
    }


def _changed_by_others(assembly: Assembly) -> dict[tuple[int, str], str]:
    """The texts before an owner corrected them, by commitment and field."""
    others = Correction.objects.filter(commitment__assembly=assembly, state="approved")
    others = others.exclude(pk__in=convenors_own(assembly).values("pk")).order_by("-updated_position")
    return {(one.commitment_id or 0, one.field): one.old for one in others}


def _first_dues(assembly: Assembly) -> dict[int, str]:
    """The words of due dates before the first approved change."""
    moves = DueDateChange.objects.filter(commitment__assembly=assembly, state="approved")
    return dict(moves.order_by("-updated_position").values_list("commitment_id", "old_text"))


def _due(facts: Said | None, text: str) -> Said | None:
    return {**facts, "text": text} if facts else None
