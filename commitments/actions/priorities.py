"""What people say about priorities: where a neighbourhood lies, and which commitment answers which priority."""

from datetime import date

from accounts.models import User
from commitments import errors, events, lifecycle, permissions
from commitments.actions.commitments import locked
from commitments.choices import PlacedBy
from commitments.models import Area, Commitment, Neighbourhood, Priority, Tie
from record.ledger import action, append


@action
def place_neighbourhood(
    neighbourhood: Neighbourhood, *, by: User, today: date, area: Area | None, reason: str
) -> Neighbourhood:
    """Say in which area a neighbourhood lies, or that it is in none of ours; no name or code changes that later."""
    office = permissions.check_any_convenor(by)
    neighbourhood = Neighbourhood.objects.select_for_update(of=("self",)).get(pk=neighbourhood.pk)
    lifecycle.check_reason(reason)
    old = neighbourhood.area
    if neighbourhood.placed_by == PlacedBy.CONVENOR and old == area:
        raise errors.NothingChanged(field="area")
    neighbourhood.area, neighbourhood.placed_by = area, PlacedBy.CONVENOR
    neighbourhood.save(update_fields=["area", "placed_by"])
    append(
        events.NEIGHBOURHOOD_PLACED,
        neighbourhood,
        actor=office,
        today=today,
        facts={
            "force": neighbourhood.force,
            "neighbourhood": neighbourhood.code,
            "old": old.code if old else None,
            "area": area.code if area else None,
            "placed_by": PlacedBy.CONVENOR.value,
        },
        words={"reason": reason},
    )
    return neighbourhood


@action
def tie(priority: Priority, *, by: User, today: date, commitment: Commitment) -> Tie:
    """Say that a commitment answers a priority."""
    commitment = locked(commitment)
    office = permissions.check_answers_priorities(by, commitment)
    lifecycle.check_not_replaced(commitment.stage, commitment.reference)
    priority = Priority.objects.select_for_update().get(pk=priority.pk)
    if Tie.objects.filter(priority=priority, commitment=commitment).exists():
        raise errors.AlreadyTied(reference=commitment.reference)
    made = Tie.objects.create(priority=priority, commitment=commitment, tied_on=today)
    append(
        events.PRIORITY_TIED,
        priority,
        actor=office,
        today=today,
        facts={"priority": str(priority.pk), "commitment": commitment.reference},
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    return made


@action
def untie(priority: Priority, *, by: User, today: date, commitment: Commitment) -> Priority:
    """Take back that a commitment answers a priority; the record keeps that it was said."""
    commitment = locked(commitment)
    office = permissions.check_answers_priorities(by, commitment)
    priority = Priority.objects.select_for_update().get(pk=priority.pk)
    found = Tie.objects.filter(priority=priority, commitment=commitment).first()
    if found is None:
        raise errors.NotTied(reference=commitment.reference)
    facts = {
        "priority": str(priority.pk),
        "commitment": commitment.reference,
        "tied_on": found.tied_on.isoformat(),
    }
    found.delete()
    append(
        events.PRIORITY_UNTIED,
        priority,
        actor=office,
        today=today,
        facts=facts,
        root=commitment,
        assembly=commitment.assembly.slug,
    )
    return priority
