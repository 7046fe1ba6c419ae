"""What the record shows of a commitment, as a pure function: the twin in Python of the SQL beside the model.

Lists and filters use the SQL. This is the definition to read, and a property test holds the two together.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from commitments import deadlines
from commitments.choices import Finding, Standing, Status
from commitments.models import Commitment

VERY_LATE_AFTER = timedelta(days=90)
_CLOSED = (Status.ABANDONED, Status.SUPERSEDED)


@dataclass(frozen=True)
class Facts:
    """What standing depends on beside the day. `due_on` is the last day of the promised period."""

    status: str | None = None
    claimed_on: date | None = None
    verify_by: date | None = None
    finding: str | None = None
    disputed: bool = False
    refuted: bool = False
    accepted: bool = False
    due_on: date | None = None
    update_due_on: date | None = None


def facts_of(commitment: Commitment) -> Facts:
    """The facts that a commitment holds."""
    return Facts(
        status=commitment.status,
        claimed_on=commitment.claimed_on,
        verify_by=commitment.verify_by,
        finding=commitment.finding,
        disputed=commitment.disputed,
        refuted=commitment.refuted_on is not None,
        accepted=commitment.accepted_on is not None,
        due_on=commitment.due_on,
        update_due_on=commitment.update_due_on,
    )


def standing(facts: Facts, today: date) -> Standing:
    """What the record shows on `today`: the first that holds."""
    if facts.status in _CLOSED:
        return Standing(facts.status)
    if facts.status == Status.COMPLETED:
        return _claimed(facts, today)
    return _unfinished(facts, today)


def has_standing_claim(facts: Facts) -> bool:
    """Claimed complete, and neither the panel nor a challenge has refuted it."""
    return facts.status == Status.COMPLETED and not facts.refuted


def is_contested(facts: Facts) -> bool:
    """The present claim is disputed, or its latest finding is not `verified`."""
    found_wanting = facts.finding is not None and facts.finding != Finding.VERIFIED
    return facts.status == Status.COMPLETED and (facts.disputed or found_wanting)


def is_overdue(facts: Facts, today: date) -> bool:
    """Past the due date of a promise that an owner accepted, while no claim stands."""
    return facts.accepted and deadlines.is_missed(facts.due_on, today) and not has_standing_claim(facts)


def is_very_late(facts: Facts, today: date) -> bool:
    """Overdue by more than 90 days."""
    return is_overdue(facts, today) and deadlines.is_missed(facts.due_on, today - VERY_LATE_AFTER)


def is_silent(facts: Facts, today: date) -> bool:
    """The promised rhythm of updates was missed while there was something to report."""
    nothing_to_report = facts.status in _CLOSED or has_standing_claim(facts)
    return deadlines.is_missed(facts.update_due_on, today) and not nothing_to_report


def days_late(facts: Facts, deadline: date | None, today: date) -> int | None:
    """Days from `deadline` (the present or the first) to the standing claim, else to `today`; None without clocks."""
    if not facts.accepted:
        return None
    return deadlines.days_late(deadline, today, facts.claimed_on if has_standing_claim(facts) else None)


def _claimed(facts: Facts, today: date) -> Standing:
    if is_contested(facts):
        return Standing.CONTESTED
    if facts.finding == Finding.VERIFIED:
        return Standing.VERIFIED
    return Standing.UNVERIFIED if deadlines.is_missed(facts.verify_by, today) else Standing.CLAIMED


def _unfinished(facts: Facts, today: date) -> Standing:
    if is_overdue(facts, today):
        return Standing.VERY_LATE if is_very_late(facts, today) else Standing.LATE
    if is_silent(facts, today):
        return Standing.SILENT
    if facts.status == Status.IN_PROGRESS:
        return Standing.ON_TRACK
    return Standing.NOT_STARTED if facts.status == Status.NOT_STARTED else Standing.NO_WORD
