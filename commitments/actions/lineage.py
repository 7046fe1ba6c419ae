"""How promises pass on: handed over, superseded, split, merged. What came from what is kept for ever."""

from collections.abc import Sequence
from datetime import date

from accounts.models import User
from commitments import errors, events, lifecycle, permissions
from commitments.actions.clock import settle_commitment
from commitments.actions.commitments import (
    check_owners,
    locked,
    owner_facts,
    publish_commitment,
    replace_owners,
)
from commitments.actions.updates import record_update, write_update
from commitments.choices import CommitmentStage, LineageKind, Status
from commitments.models import Commitment, Lineage, Owner
from commitments.promises import Ownership, Promise
from record.event_types import EventType
from record.ledger import action, append


@action
def hand_over(
    commitment: Commitment, *, by: User, today: date, owners: Sequence[Ownership], reason: str
) -> Commitment:
    """Pass a commitment to other teams; those of another body accept it themselves before they can report."""
    commitment = locked(commitment)
    office = permissions.check_lead_responder(by, commitment)
    lifecycle.check_reportable(commitment, permissions.lead_of(commitment))
    lifecycle.check_reason(reason)
    check_owners(owners)
    old = owner_facts(commitment)
    if {(one["team"], one["lead"]) for one in old} == {(_slug(one), one.lead) for one in owners}:
        raise errors.OwnsAlready(reference=commitment.reference)
    settle_commitment(commitment, today)
    replace_owners(commitment, owners, today)
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
def supersede(
    commitment: Commitment, *, by: User, today: date, successor: Commitment, reason: str
) -> Commitment:
    """Replace a promise by another that is published already, with the reason; both stay readable."""
    commitment = _to_replace(commitment, by, today, reason)
    _check_successor(commitment, successor)
    _replace(commitment, [successor], LineageKind.SUPERSEDED, by, today, reason)
    _record(events.COMMITMENT_SUPERSEDED, commitment, by, today, reason, by_=[successor.reference])
    return commitment


@action
def split(
    commitment: Commitment, *, by: User, today: date, parts: Sequence[Promise], reason: str
) -> list[Commitment]:
    """Split a promise into at least two new ones, which are published in the same breath."""
    commitment = _to_replace(commitment, by, today, reason)
    if len(parts) < 2:
        raise errors.TooFewParts(field="parts")
    later = [publish_commitment(commitment.assembly, by=by, today=today, promise=part) for part in parts]
    _replace(commitment, later, LineageKind.SPLIT, by, today, reason)
    _record(events.COMMITMENT_SPLIT, commitment, by, today, reason, into=[one.reference for one in later])
    return later


@action
def merge(
    commitment: Commitment,
    *,
    by: User,
    today: date,
    others: Sequence[Commitment],
    promise: Promise,
    reason: str,
) -> Commitment:
    """Merge a promise with others into one new promise, which is published in the same breath."""
    together = sorted({commitment.pk: commitment, **{one.pk: one for one in others}}.items())
    if len(together) < 2:
        raise errors.TooFewParts(field="others")
    earlier = [_to_replace(one, by, today, reason) for _, one in together]
    for one in earlier:
        if one.assembly_id != commitment.assembly_id:
            raise errors.OtherAssembly(field="others", name=one.reference)
    later = publish_commitment(commitment.assembly, by=by, today=today, promise=promise)
    for one in earlier:
        _replace(one, [later], LineageKind.MERGED, by, today, reason)
        _record(events.COMMITMENT_MERGED, one, by, today, reason, into=later.reference)
    return later


def _to_replace(commitment: Commitment, by: User, today: date, reason: str) -> Commitment:
    commitment = locked(commitment)
    permissions.check_lead_responder(by, commitment)
    lifecycle.check_reportable(commitment, permissions.lead_of(commitment))
    lifecycle.check_status_move(commitment.status, Status.SUPERSEDED, reason=reason, has_evidence=False)
    settle_commitment(commitment, today)
    return commitment


def _check_successor(commitment: Commitment, successor: Commitment) -> None:
    if successor.pk == commitment.pk:
        raise errors.ReplacesItself(reference=commitment.reference)
    if successor.assembly_id != commitment.assembly_id:
        raise errors.OtherAssembly(field="successor", name=successor.reference)
    lifecycle.check_not_replaced(successor.stage, successor.reference)


def _replace(
    commitment: Commitment, later: Sequence[Commitment], kind: LineageKind, by: User, today: date, reason: str
) -> None:
    """Say, in an update of the lead, that the promise is replaced, and keep by what."""
    lead: Owner = permissions.lead_of(commitment)
    commitment.stage = CommitmentStage(kind.value)
    body = f"Replaced by {', '.join(one.reference for one in later)}."
    update = write_update(
        commitment, lead, by=by, today=today, body=body, status=Status.SUPERSEDED, reason=reason
    )
    Lineage.objects.bulk_create(
        Lineage(kind=kind, earlier=commitment, later=one, reason=reason, on=today, author=by) for one in later
    )
    record_update(commitment, update, [], today)


def _record(
    event: EventType,
    commitment: Commitment,
    by: User,
    today: date,
    reason: str,
    *,
    by_: Sequence[str] | None = None,
    into: Sequence[str] | str | None = None,
) -> None:
    facts = {"by": list(by_)} if by_ else {"into": into}
    append(
        event,
        commitment,
        actor=permissions.check_lead_responder(by, commitment),
        today=today,
        facts=facts,
        words={"reason": reason},
        assembly=commitment.assembly.slug,
    )


def _slug(owner: Ownership) -> str | None:
    return owner.team.slug if owner.team else None
