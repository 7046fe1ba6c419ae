"""Due dates move only when an owner asks and the convenor agrees; the first date and every move are kept."""

from datetime import date
from typing import Any

from accounts.models import User
from commitments import errors, events, lifecycle, permissions
from commitments.actions.clock import settle_commitment
from commitments.actions.commitments import check_due, iso, locked
from commitments.actions.updates import office_of, spoken_for
from commitments.choices import RequestState
from commitments.models import Commitment, DueDateChange
from commitments.promises import Due
from record.event_types import EventType
from record.ledger import action, append


@action
def request_due_date(
    commitment: Commitment, *, by: User, today: date, due: Due, reason: str, team: str | None = None
) -> DueDateChange:
    """Ask the convenor for another due date; one request waits at a time."""
    commitment = locked(commitment)
    owner = permissions.check_owner(by, commitment, team)
    lifecycle.check_reportable(commitment, owner)
    lifecycle.check_due_some_day(commitment)
    lifecycle.check_reason(reason)
    check_due(due, field="on")
    if commitment.due_date_changes.filter(state=RequestState.REQUESTED).exists():
        raise errors.DateChangeWaits
    if (due.ends_on, due.precision) == (commitment.due_on, commitment.due_precision):
        raise errors.NothingChanged(field="on")
    change = DueDateChange.objects.create(
        commitment=commitment,
        team=spoken_for(owner),
        old_on=commitment.due_on,
        old_precision=commitment.due_precision,
        old_text=commitment.due_text,
        on=due.ends_on,
        precision=due.precision,
        text=due.text,
        reason=reason,
        requested_on=today,
        author=by,
    )
    facts = {"commitment": commitment.reference, "team": change.team.slug, **_move(change)}
    append(
        events.DUE_DATE_REQUESTED,
        change,
        actor=office_of(owner),
        today=today,
        facts=facts,
        words={"text": due.text, "reason": reason},
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    return change


@action
def approve_due_date(change: DueDateChange, *, by: User, today: date, reason: str = "") -> DueDateChange:
    """Agree to another due date. Lateness that was recorded stays, and the first date is kept for ever."""
    commitment = locked(change.commitment)
    change = _decide(change, commitment, by, today, "approve", reason)
    settle_commitment(commitment, today)
    commitment.due_on, commitment.due_precision = change.on, change.precision
    commitment.due_text = change.text
    if commitment.first_due_on is None:
        commitment.first_due_on = change.on
    else:
        commitment.due_changes += 1
    commitment.clock_moved_on = today
    commitment.save()
    _record(events.DUE_DATE_APPROVED, change, commitment, today)
    return change


@action
def refuse_due_date(change: DueDateChange, *, by: User, today: date, reason: str) -> DueDateChange:
    """Refuse another due date, with the reason; the present one stays."""
    commitment = locked(change.commitment)
    change = _decide(change, commitment, by, today, "refuse", reason)
    lifecycle.check_reason(reason)
    _record(events.DUE_DATE_REFUSED, change, commitment, today)
    return change


def _decide(
    change: DueDateChange, commitment: Commitment, by: User, today: date, verb: str, reason: str
) -> DueDateChange:
    office = permissions.check_convenor(by, commitment.assembly.slug)
    change = commitment.due_date_changes.select_related("team").get(pk=change.pk)
    if change.author_id == by.pk:
        raise errors.OwnRequest
    change.state = lifecycle.check_request_move(change.state, verb)
    lifecycle.check_due_some_day(commitment)
    change.decided_on, change.decided_by, change.decided_by_office = today, by, office
    change.decision_reason = reason
    change.save()
    return change


def _record(event: EventType, change: DueDateChange, commitment: Commitment, today: date) -> None:
    facts = {"commitment": commitment.reference, "asked_by": f"team:{change.team.slug}", **_move(change)}
    append(
        event,
        change,
        actor=change.decided_by_office,
        today=today,
        facts=facts,
        words={"reason": change.decision_reason},
        root=commitment,
        assembly=commitment.assembly.slug,
        edits_root=event is events.DUE_DATE_APPROVED,
    )


def _move(change: DueDateChange) -> dict[str, Any]:
    return {
        "old": {"on": iso(change.old_on), "precision": change.old_precision},
        "new": {"on": iso(change.on), "precision": change.precision},
    }
