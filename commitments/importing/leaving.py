"""What no file can carry into another record: what owners, the panel and residents did themselves, and inventions."""

from collections import Counter
from collections.abc import Mapping

from accounts.models import Organisation, Team
from commitments.importing.saying_corrections import convenors_own, teams_that_passed_on
from commitments.models import Area, Assembly, Commitment, Correction, Recommendation, Response, Theme
from record.models import Entry

CARRIED = (
    "assembly.published",
    "assembly.corrected",
    "theme.published",
    "theme.corrected",
    "recommendation.published",
    "recommendation.corrected",
    "commitment.entered",
    "area.published",
    "area.corrected",
    "organisation.published",
    "organisation.corrected",
    "team.published",
    "team.corrected",
    # Told apart below.
    "team.reorganised",
    "commitment.corrected",
    "response.published",
)
CALLED: Mapping[str, str] = {
    "recommendation.asked": "questions put to organisations through this service, with their clocks",
    "commitment.published": "commitments that their owners published",
    "commitment.accepted": "acceptances of commitments by their owners",
    "update.posted": "updates of owners, with their evidence",
    "milestone.added": "milestones of owners",
    "due_date.requested": "requests for another due date",
    "due_date.approved": "approved changes of due dates",
    "verification.published": "findings of the panel",
    "challenge.proposed": "proposed challenges",
    "challenge.resolved": "resolved challenges",
}


def left_out(assembly: Assembly) -> dict[str, int]:
    """How many of each kind an export of this assembly leaves out, by words for the kind."""
    here = Entry.objects.filter(assembly__in=["", assembly.slug])
    types = here.exclude(type__in=CARRIED).values_list("type", flat=True)
    found = Counter(CALLED.get(name, f"entries of the type {name}") for name in types)
    found["responses that organisations gave themselves"] = Response.objects.filter(
        recommendation__assembly=assembly, entered_from__isnull=True
    ).count()
    found["teams that passed on what they owned"] = len(teams_that_passed_on())
    found["corrections that owners asked for"] = _corrections_of_others(assembly)
    found["invented things of a demonstration"] = _invented(assembly)
    return {name: count for name, count in sorted(found.items()) if count}


def _corrections_of_others(assembly: Assembly) -> int:
    of_commitments = Correction.objects.filter(commitment__assembly=assembly)
    return of_commitments.exclude(pk__in=convenors_own(assembly).values("pk")).count()


def _invented(assembly: Assembly) -> int:
    registers = [model.objects.all() for model in (Area, Organisation, Team)]
    own = [model.objects.filter(assembly=assembly) for model in (Theme, Recommendation, Commitment)]
    return sum(rows.filter(invented=True).count() for rows in [*registers, *own])
