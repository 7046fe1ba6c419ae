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
CLOCK = "facts that the clock found: overdue, silent, unanswered"
PASSED_ON = "promises handed over, replaced, split or merged, with the offers of it"
CHALLENGES = "openings, answers and withdrawals of challenges"
POLICE = "things seen at data.police.uk, which take_priorities asks for anew"
ANSWERS = "answers of commitments to priorities, said or taken back"
MODERATED = "words that were shown, hidden or taken out"
HOLDS = "holds that were placed or lifted"
SET_ASIDE = "periods of ratings that were set aside or restored"
CALLED: Mapping[str, str] = {
    "recommendation.asked": "questions put to organisations through this service, with their clocks",
    "recommendation.no_response": CLOCK,
    "commitment.published": "commitments that their owners published",
    "commitment.accepted": "acceptances of commitments by their owners",
    "commitment.abandoned": "abandonments by owners",
    "commitment.overdue": CLOCK,
    "commitment.very_late": CLOCK,
    "commitment.silent": CLOCK,
    "commitment.superseded": PASSED_ON,
    "commitment.split": PASSED_ON,
    "commitment.merged": PASSED_ON,
    "commitment.handed_over": PASSED_ON,
    "commitment.hand_over_offered": PASSED_ON,
    "commitment.hand_over_refused": PASSED_ON,
    "commitment.hand_over_withdrawn": PASSED_ON,
    "correction.requested": "requests for corrections",
    "correction.refused": "refused requests for corrections",
    "correction.closed": "requests for corrections that were closed unanswered",
    "update.posted": "updates of owners, with their evidence",
    "update.corrected": "corrections of updates",
    "milestone.added": "milestones of owners",
    "milestone.done": "milestones reported done",
    "milestone.overdue": CLOCK,
    "due_date.requested": "requests for another due date",
    "due_date.approved": "approved changes of due dates",
    "due_date.refused": "refused changes of due dates",
    "due_date.closed": "requests for another due date that were closed unanswered",
    "verification.published": "findings of the panel",
    "challenge.proposed": "proposed challenges",
    "challenge.opened": CHALLENGES,
    "challenge.answered": CHALLENGES,
    "challenge.withdrawn": CHALLENGES,
    "challenge.refused": CHALLENGES,
    "challenge.unanswered": CLOCK,
    "challenge.resolved": "resolved challenges",
    "figures.cut": "published figures of ratings",
    "margin.loaded": "census counts by which figures are weighted",
    "period.change_proposed": SET_ASIDE,
    "period.change_refused": SET_ASIDE,
    "period.set_aside": SET_ASIDE,
    "period.restored": SET_ASIDE,
    "key.destroyed": "destroyed keys of periods of ratings",
    "words.published": MODERATED,
    "words.hidden": MODERATED,
    "words.restored": MODERATED,
    "words.redacted": MODERATED,
    "hold.placed": HOLDS,
    "hold.lifted": HOLDS,
    "priority.tied": ANSWERS,
    "priority.untied": ANSWERS,
    "neighbourhood.placed": "findings in which area a neighbourhood lies",
    **{
        f"{thing}.{what}": POLICE
        for thing in ("neighbourhood", "priority")
        for what in ("published", "changed", "withdrawn", "returned")
    },
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
