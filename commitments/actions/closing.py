"""What waited on a promise that is no more: requests and offers are closed with it, and shown as such."""

from datetime import date

from commitments import events
from commitments.actions.handing import take_back, waiting_offer
from commitments.choices import RequestState
from commitments.models import Commitment, Correction, DueDateChange
from record.event_types import EventType
from record.ledger import append


def close_waiting(commitment: Commitment, *, office: str, today: date, reason: str) -> None:
    """End the requests and the offer that wait on a commitment whose place another has taken."""
    close_dates(commitment, office=office, today=today)
    for correction in commitment.corrections.filter(state=RequestState.REQUESTED).order_by("position"):
        facts = {"commitment": commitment.reference, "field": correction.field}
        _close(events.CORRECTION_CLOSED, correction, commitment, facts, office, today)
    if waiting := waiting_offer(commitment):
        take_back(commitment, waiting, office=office, today=today, reason=reason)


def close_dates(commitment: Commitment, *, office: str, today: date) -> None:
    """End the requests for another date, which wait for the convenor: nothing is left that could be due then."""
    for change in commitment.due_date_changes.filter(state=RequestState.REQUESTED).select_related("team"):
        change.decided_by_office = office
        facts = {"commitment": commitment.reference, "asked_by": f"team:{change.team.slug}"}
        _close(events.DUE_DATE_CLOSED, change, commitment, facts, office, today)


def _close(
    event: EventType,
    request: DueDateChange | Correction,
    commitment: Commitment,
    facts: dict[str, str],
    office: str,
    today: date,
) -> None:
    request.state, request.decided_on = RequestState.CLOSED, today
    request.save()
    append(
        event,
        request,
        actor=office,
        today=today,
        facts=facts,
        root=commitment,
        assembly=commitment.assembly.slug,
    )
