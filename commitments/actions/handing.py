"""Commitments handed to other teams: among those of one body at once, to another body when it says yes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from accounts.models import Organisation, Team, User
from commitments import deadlines, errors, events, lifecycle, permissions
from commitments.actions.clock import settle_commitment
from commitments.actions.commitments import iso, locked
from commitments.actions.owners import check_owners, lock_teams, named_facts, owner_facts, replace_owners
from commitments.choices import HandOverState
from commitments.models import Commitment, HandOver, OfferedOwner
from commitments.promises import Ownership
from record.event_types import EventType
from record.ledger import action, append


@action
def hand_over(
    commitment: Commitment, *, by: User, today: date, owners: Sequence[Ownership], reason: str
) -> Commitment:
    """Pass a commitment to other teams: at once while its body goes on to lead it, else when the other body accepts.

    Until then the owners stay owners, with all duties and clocks, and everybody sees the offer.
    """
    commitment = locked(commitment)
    office = permissions.check_lead_responder(by, commitment)
    present = permissions.lead_of(commitment)
    lifecycle.check_reportable(commitment, present)
    lifecycle.check_reason(reason)
    lead = check_owners(owners)
    old = owner_facts(commitment)
    if {(one["team"], one["lead"]) for one in old} == {(_slug(one), one.lead) for one in owners}:
        raise errors.OwnsAlready(reference=commitment.reference)
    lock_teams(owners)
    if lead.body.pk != present.organisation_id:
        offer(commitment, owners, to=lead.body, office=office, today=today, reason=reason)
        return commitment
    settle_commitment(commitment, today)
    replace_owners(commitment, owners, today)
    take_back_what_left(commitment, office=office, today=today)
    append(
        events.COMMITMENT_HANDED_OVER,
        commitment,
        actor=office,
        today=today,
        facts={"old_owners": old, "owners": owner_facts(commitment)},
        words={"reason": reason},
        assembly=commitment.assembly.slug,
    )
    return commitment


@action
def refuse_hand_over(commitment: Commitment, *, by: User, today: date, reason: str) -> Commitment:
    """Say no, with the reason, to a commitment that another body offers; it stays with its owners."""
    commitment = locked(commitment)
    waiting = _the_offer(commitment)
    office = permissions.check_responder(by, waiting.organisation)
    lifecycle.check_reason(reason)
    _decide(waiting, HandOverState.REFUSED, today, reason)
    _record(events.COMMITMENT_HAND_OVER_REFUSED, waiting, commitment, office, today)
    return commitment


@action
def withdraw_hand_over(commitment: Commitment, *, by: User, today: date, reason: str = "") -> Commitment:
    """Take an offer back before the other body has answered."""
    commitment = locked(commitment)
    office = permissions.check_lead_responder(by, commitment)
    take_back(commitment, _the_offer(commitment), office=office, today=today, reason=reason)
    return commitment


def offer(
    commitment: Commitment,
    owners: Sequence[Ownership],
    *,
    to: Organisation,
    office: str,
    today: date,
    reason: str,
    instead_of: Team | None = None,
) -> HandOver:
    """Offer a commitment, or a part in it, to another body; the teams of `owners` are locked. Everybody sees it wait.

    `instead_of` is the team that passes on its part because it ends.
    """
    if found := waiting_offer(commitment):
        raise errors.HandOverWaits(reference=commitment.reference, organisation=found.organisation.name)
    made = HandOver.objects.create(
        commitment=commitment,
        organisation=to,
        instead_of=instead_of,
        offered_by=office,
        offered_on=today,
        reason=reason,
    )
    OfferedOwner.objects.bulk_create(
        OfferedOwner(hand_over=made, team=owner.team, lead=owner.lead) for owner in owners
    )
    said = {"to": to.slug, "owners": named_facts(owners)}
    append(
        events.COMMITMENT_HAND_OVER_OFFERED,
        commitment,
        actor=office,
        today=today,
        facts=said | ({"reorganised": instead_of.slug} if instead_of else {}),
        words={"reason": reason},
        assembly=commitment.assembly.slug,
    )
    return made


def take_back(commitment: Commitment, waiting: HandOver, *, office: str, today: date, reason: str) -> None:
    """End an offer that its own side no longer makes."""
    _decide(waiting, HandOverState.WITHDRAWN, today, reason)
    _record(events.COMMITMENT_HAND_OVER_WITHDRAWN, waiting, commitment, office, today)


def take_back_what_left(commitment: Commitment, *, office: str, today: date) -> None:
    """End the offer of a team's part, once that team owns the commitment no more: there is nothing left to pass on."""
    waiting = waiting_offer(commitment)
    if waiting is None or waiting.instead_of_id is None:
        return
    if not permissions.present_owners(commitment).filter(team=waiting.instead_of_id).exists():
        take_back(commitment, waiting, office=office, today=today, reason="")


def waiting_offer(commitment: Commitment) -> HandOver | None:
    """The offer that waits for another body's answer."""
    found = commitment.hand_overs.filter(state=HandOverState.OFFERED)
    return found.select_related("organisation").first()


def take_over(
    commitment: Commitment, waiting: HandOver, *, by: User, today: date, owners: Sequence[Ownership] = ()
) -> Commitment:
    """The other body says yes: it owns the commitment with all its history, and its own rhythm begins.

    The first due date, what is late and what was missed stay as they are; nor does a rhythm begin again for a body that
    has accepted it before. `owners` are the accepting body's own teams, where it would rather name others than were
    offered.
    """
    lifecycle.check_not_replaced(commitment.stage, commitment.reference)
    office = permissions.check_responder(by, waiting.organisation)
    later, lead = _later_owners(commitment, waiting, owners)
    old = owner_facts(commitment)
    lock_teams(later)
    settle_commitment(commitment, today)
    known = commitment.owners.filter(organisation=waiting.organisation_id).exclude(accepted_on=None).exists()
    replace_owners(commitment, later, today, accepts=waiting.organisation_id)
    _remember_heir(commitment, waiting, later, today)
    if not known and lead.body.pk == waiting.organisation_id:
        commitment.clock_moved_on = today
        commitment.update_due_on = deadlines.days_after(today, commitment.assembly.rhythm_days)
        commitment.save(update_fields=["clock_moved_on", "update_due_on"])
    _decide(waiting, HandOverState.ACCEPTED, today, "")
    facts = {
        "old_owners": old,
        "owners": owner_facts(commitment),
        "offered_on": iso(waiting.offered_on),
        "update_due_on": iso(commitment.update_due_on),
    }
    append(
        events.COMMITMENT_HANDED_OVER,
        commitment,
        actor=office,
        today=today,
        facts=facts,
        assembly=commitment.assembly.slug,
    )
    return commitment


def _in_its_place(commitment: Commitment, waiting: HandOver, owners: Sequence[Ownership]) -> list[Ownership]:
    """The owners as they are by now, the accepting body's teams in the place of the one that ends."""
    rows = permissions.present_owners(commitment).select_related("team__organisation", "organisation")
    leads = {row.team_id for row in rows if row.lead}
    passes_lead = waiting.instead_of_id in leads
    offered = [one for one in _offered(waiting) if one.body.pk == waiting.organisation_id][:1]
    heirs = {
        heir.team: replace(heir, lead=heir.team.pk in leads or (heir.lead if owners else passes_lead))
        for heir in owners or offered
        if heir.team
    }
    others = [
        Ownership(team=row.team, organisation=None if row.team else row.organisation, lead=row.lead)
        for row in rows
        if row.team_id != waiting.instead_of_id and row.team not in heirs
    ]
    return [*heirs.values(), *others]


def _as_offered(waiting: HandOver, owners: Sequence[Ownership]) -> list[Ownership]:
    """The owners as they were offered, the accepting body's own teams replaced where it names others.

    A partner that has ended meanwhile takes no part; only the accepting body can mend its own.
    """
    offered = _offered(waiting)
    if not owners:
        return offered
    return [*owners, *(one for one in offered if one.body.pk != waiting.organisation_id)]


def _offered(waiting: HandOver) -> list[Ownership]:
    to = waiting.organisation_id
    rows = waiting.owners.select_related("team__organisation")
    there = [row for row in rows if row.lead or row.team.organisation_id == to or not row.team.ended_on]
    return [Ownership(team=row.team, lead=row.lead) for row in there]


def _later_owners(
    commitment: Commitment, waiting: HandOver, owners: Sequence[Ownership]
) -> tuple[list[Ownership], Ownership]:
    """Who will own it when the offer is accepted, and which of them leads."""
    for owner in owners:
        if owner.body.pk != waiting.organisation_id:
            raise errors.NotOffered(field="owners", organisation=waiting.organisation.name)
    if len({owner.team for owner in owners}) < len(owners):
        raise errors.OwnerTwice(field="owners")
    later = _as_offered(waiting, owners)
    if waiting.instead_of_id is not None:
        later = _in_its_place(commitment, waiting, owners)
    return later, check_owners([owner for owner in later if owner.team])


def _remember_heir(
    commitment: Commitment, waiting: HandOver, later: Sequence[Ownership], today: date
) -> None:
    """Which team took over the part of the one that ends: on that one's scorecard it stays."""
    heir = next((one.team for one in later if one.body.pk == waiting.organisation_id), None)
    left = commitment.owners.filter(team=waiting.instead_of_id, ended_on=today)
    if waiting.instead_of_id is not None:
        left.update(passed_to=heir)


def _the_offer(commitment: Commitment) -> HandOver:
    found = waiting_offer(commitment)
    if found is None:
        raise errors.NothingOffered(reference=commitment.reference)
    return found


def _decide(waiting: HandOver, state: HandOverState, today: date, reason: str) -> None:
    waiting.state, waiting.decided_on, waiting.decision_reason = state, today, reason
    waiting.save(update_fields=["state", "decided_on", "decision_reason"])


def _record(event: EventType, waiting: HandOver, commitment: Commitment, office: str, today: date) -> None:
    append(
        event,
        commitment,
        actor=office,
        today=today,
        facts={"to": waiting.organisation.slug, "offered_on": iso(waiting.offered_on)},
        words={"reason": waiting.decision_reason},
        assembly=commitment.assembly.slug,
    )


def _slug(owner: Ownership) -> str | None:
    return owner.team.slug if owner.team else None
