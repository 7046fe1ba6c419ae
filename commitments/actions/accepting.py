"""Saying yes: to a promise entered from a source, as a named co-owner, or to one that another body offers."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q

from accounts.models import Organisation, User
from commitments import deadlines, errors, events, lifecycle, permissions
from commitments.actions.commitments import iso, locked
from commitments.actions.handing import take_over, waiting_offer
from commitments.actions.owners import check_not_ended, check_owners, lock_teams, owner_facts, place_owners
from commitments.choices import CommitmentStage
from commitments.models import Commitment, Owner
from commitments.promises import Ownership
from record.ledger import action, append


@action
def accept(commitment: Commitment, *, by: User, today: date, owners: Sequence[Ownership] = ()) -> Commitment:
    """Say yes to a promise: to one entered from a source, to one that is offered, or as a named co-owner.

    From now on it is the owner's. `owners` names the teams: where the source names none, one of them leads; where
    another body offers it, they take the place of those that it named. A co-owner's name no lead.
    """
    commitment = locked(commitment)
    offer = waiting_offer(commitment)
    if offer and permissions.is_allowed(permissions.check_responder, by, offer.organisation):
        return take_over(commitment, offer, by=by, today=today, owners=owners)
    if commitment.accepted_on is None:
        office = _accept_entered(commitment, by, today, owners)
    else:
        waits_for = offer.organisation if offer else None
        office = _accept_as_co_owner(commitment, by, today, owners, waits_for)
    append(
        events.COMMITMENT_ACCEPTED,
        commitment,
        actor=office,
        today=today,
        facts={"owners": owner_facts(commitment), "update_due_on": iso(commitment.update_due_on)},
        assembly=commitment.assembly.slug,
    )
    return commitment


def _accept_entered(commitment: Commitment, by: User, today: date, owners: Sequence[Ownership]) -> str:
    permissions.check_answers(by, commitment)
    lifecycle.check_stage(commitment.stage, CommitmentStage.ACCEPTED, commitment.reference)
    present = permissions.present_owners(commitment).select_related("team__organisation", "organisation")
    named = [Ownership(team=one.team, lead=one.lead) for one in present if one.team]
    lead = check_owners(owners or named)
    office = permissions.check_responder(by, lead.body)
    lock_teams(owners or named)
    if owners:
        _check_named_in_source(present, owners, lead)
        present.update(ended_on=today)
        place_owners(commitment, owners, lead.body.pk, today)
    else:
        present.filter(organisation=lead.body).exclude(team=None).update(accepted_on=today)
    commitment.stage = CommitmentStage.ACCEPTED
    commitment.accepted_on = commitment.clock_moved_on = today
    commitment.update_due_on = deadlines.days_after(today, commitment.assembly.rhythm_days)
    commitment.save(update_fields=["stage", "accepted_on", "clock_moved_on", "update_due_on"])
    return office


def _check_named_in_source(present: Iterable[Owner], owners: Sequence[Ownership], lead: Ownership) -> None:
    """Who leads by the source leads, and nobody whom it names is left out; the convenor can correct owners."""
    bodies = {one.organisation_id for one in present}
    leads = {one.organisation_id for one in present if one.lead} or bodies
    left_out = bodies - {owner.body.pk for owner in owners}
    if left_out or (leads and lead.body.pk not in leads):
        raise errors.NotItsOwner(field="owners", organisation=lead.body.name)


def _accept_as_co_owner(
    commitment: Commitment,
    by: User,
    today: date,
    owners: Sequence[Ownership],
    waits_for: Organisation | None,
) -> str:
    lifecycle.check_not_replaced(commitment.stage, commitment.reference)
    waiting = permissions.present_owners(commitment).filter(Q(accepted_on=None) | Q(team=None))
    bodies = [owner.organisation for owner in waiting.select_related("organisation")]
    for body in bodies:
        if permissions.is_allowed(permissions.check_responder, by, body):
            _take_part(commitment, body, today, owners)
            return f"organisation:{body.slug}"
    asked = [*bodies, waits_for] if waits_for else bodies
    if not asked:
        raise errors.AlreadyAccepted(reference=commitment.reference)
    return permissions.check_responder(by, asked[0])


def _take_part(commitment: Commitment, body: Organisation, today: date, owners: Sequence[Ownership]) -> None:
    """The body's owners accept; where the source names none of its teams, `owners` does, so that one can report."""
    own = permissions.present_owners(commitment).filter(organisation=body)
    if not owners:
        if own.filter(team=None).exists():
            raise errors.TeamMissing(field="owners", organisation=body.name)
        own.filter(accepted_on=None).update(accepted_on=today)
        return
    _check_teams_of(body, owners)
    lock_teams(owners)
    waiting = own.filter(Q(accepted_on=None) | Q(team=None))
    waiting.update(ended_on=today)
    if own.filter(team__in=[owner.team for owner in owners]).exists():
        raise errors.OwnerTwice(field="owners")
    place_owners(commitment, owners, body.pk, today)


def _check_teams_of(body: Organisation, owners: Sequence[Ownership]) -> None:
    teams = [owner.team for owner in owners if owner.team]
    if len(set(teams)) < len(owners):
        raise errors.OwnerTwice(field="owners")
    if any(owner.lead for owner in owners):
        raise errors.TwoLeads(field="owners")
    for owner in owners:
        if owner.body.pk != body.pk:
            raise errors.NotOffered(field="owners", organisation=body.name)
    check_not_ended(teams)
