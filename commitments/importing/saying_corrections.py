"""Corrections as a file says them: what was changed, from what to what, and why, in the order of the record."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from accounts.events import ORGANISATION_CORRECTED, TEAM_CORRECTED, TEAM_REORGANISED
from accounts.models import Team
from commitments import events
from commitments.importing.entered import as_entered, owners_as_entered, slugs_of
from commitments.importing.owner_lists import owners_of_correction, written
from commitments.models import Assembly, Correction
from record import entries
from record.models import Entry

Said = dict[str, Any]
Placed = tuple[int, Said]
TAKEN_OUT = "(these words were taken out of the record)"
IN_FACTS = (events.AREA_CORRECTED, ORGANISATION_CORRECTED, TEAM_CORRECTED, events.ASSEMBLY_CORRECTED)
REGISTERS = tuple(one.name for one in (*IN_FACTS, TEAM_REORGANISED, events.THEME_CORRECTED))


def corrections(assembly: Assembly) -> list[Said]:
    """Those that the convenor made, of the registers and of this assembly."""
    placed = [*_of_registers(assembly), *_of_wordings(assembly)]
    return [one for _, one in sorted(placed, key=lambda pair: pair[0])]


def convenors_own(assembly: Assembly) -> Any:
    """Corrections of wordings that the convenor made, of recommendations and of promises entered from a source."""
    of_promise = Q(commitment__assembly=assembly, commitment__entered_from__isnull=False)
    mine = Q(recommendation__assembly=assembly) | of_promise
    made = {"state": "approved", "invented": False, "requested_by": f"convenor:{assembly.slug}"}
    return Correction.objects.filter(mine, **made).order_by("position")


def _of_registers(assembly: Assembly) -> Iterator[Placed]:
    """From the entries, which alone remember them."""
    found = list(
        Entry.objects.filter(type__in=REGISTERS, assembly__in=["", assembly.slug]).order_by("position")
    )
    words = entries.shown_words([entry.position for entry in found])
    passed_on = {f"team:{slug}" for slug in teams_that_passed_on()}
    for entry in found:
        body = entries.body_of(entry)
        changes = [] if body.get("invented") else list(_changes(body["facts"], words[entry.position]))
        why = words[entry.position].get("reason") or TAKEN_OUT
        for field, old, new in changes:
            if field != "ended_on" or entry.subject not in passed_on:
                yield entry.position, _said(entry.subject, field, old, new, why)


def teams_that_passed_on() -> set[str]:
    """The slugs of teams that ended by passing on what they owned; a file carries only those that just ended."""
    return set(Team.objects.filter(later_links__isnull=False).values_list("slug", flat=True))


def _changes(facts: Said, words: dict[str, str | None]) -> Iterator[tuple[str, Any, Any]]:
    if "field" in facts:
        yield facts["field"], words.get("old", ""), words.get("new", "")
        return
    if "successors" in facts:
        yield "ended_on", None, facts["ended_on"]
        return
    for field, new in facts["new"].items():
        if new != facts["old"][field]:
            yield field, facts["old"][field], new


def _said(subject: str, field: str, old: Any, new: Any, reason: str) -> Said:
    kind, _, key = subject.partition(":")
    of = key.rpartition("/")[2]
    return {"kind": kind, "of": of, "field": field, "old": text(old), "new": text(new), "reason": reason}


def text(value: Any) -> str:
    """A value as the text of a correction; unknown is empty."""
    return "" if value is None else str(value)


def _of_wordings(assembly: Assembly) -> Iterator[Placed]:
    slugs = slugs_of(assembly)
    owned = {name: written(owners_as_entered(facts)) for name, facts in as_entered(assembly).items()}
    for row in convenors_own(assembly).select_related("recommendation", "commitment"):
        change = {"field": row.field, "old": row.old, "new": row.new, "reason": row.reason}
        if row.recommendation:
            yield row.position, {"kind": "recommendation", "of": str(row.recommendation.number), **change}
            continue
        reference = row.commitment.reference
        if row.field == "owners":
            change["old"] = owned[reference]
            owned[reference] = written(owners_of_correction(row.new))
        yield row.position, {"kind": "commitment", "of": slugs[reference], **change}
