"""How promises become others: superseded, split, merged. What came from what is kept for ever."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from accounts.models import User
from commitments import errors, events, lifecycle, permissions
from commitments.actions.clock import settle_commitment
from commitments.actions.closing import close_waiting
from commitments.actions.commitments import locked, publish_commitment
from commitments.actions.owners import lock_teams
from commitments.actions.updates import record_update, write_update
from commitments.choices import CommitmentStage, LineageKind, Status
from commitments.models import Assembly, Commitment, Lineage, Owner, Recommendation, Withholding
from commitments.promises import Promise
from record.event_types import EventType
from record.ledger import action, append


@action
def supersede(
    commitment: Commitment, *, by: User, today: date, successor: Commitment, reason: str
) -> Commitment:
    """Replace a promise by another that an owner has said yes to, with the reason; both stay readable."""
    successor = _locked_in_order(commitment, successor)[successor.pk]
    [commitment] = _to_replace([commitment], by, today, reason)
    _check_successor(commitment, successor)
    _replace(commitment, [successor], LineageKind.SUPERSEDED, by, today, reason)
    _record(events.COMMITMENT_SUPERSEDED, commitment, by, today, reason, by_=[successor.reference])
    return commitment


@action
def split(
    commitment: Commitment, *, by: User, today: date, parts: Sequence[Promise], reason: str
) -> list[Commitment]:
    """Split a promise into at least two new ones, which are published in the same breath.

    A part that names no recommendation answers what the whole answered, so that no theme loses sight of it.
    """
    [commitment] = _to_replace([commitment], by, today, reason, parts)
    if len(parts) < 2:
        raise errors.TooFewParts(field="parts")
    pieces = [_answering(part, [commitment]) for part in parts]
    later = [publish_commitment(commitment.assembly, by=by, today=today, promise=piece) for piece in pieces]
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
    """Merge a promise with others into one new promise, which is published in the same breath.

    Where it names no recommendation it answers all that they answered.
    """
    together = _locked_in_order(commitment, *others)
    if len(together) < 2:
        raise errors.TooFewParts(field="others")
    earlier = _to_replace(together.values(), by, today, reason, [promise])
    for one in earlier:
        if one.assembly_id != commitment.assembly_id:
            raise errors.OtherAssembly(field="others", name=one.reference)
    promise = _answering(promise, earlier)
    later = publish_commitment(commitment.assembly, by=by, today=today, promise=promise)
    for one in earlier:
        _replace(one, [later], LineageKind.MERGED, by, today, reason)
        _record(events.COMMITMENT_MERGED, one, by, today, reason, into=later.reference)
    return later


def _answering(promise: Promise, earlier: Sequence[Commitment]) -> Promise:
    if promise.recommendations:
        return promise
    answered = Recommendation.objects.filter(commitments__in=earlier).select_related("assembly")
    return replace(promise, recommendations=list(answered.order_by("pk").distinct()))


def _locked_in_order(*commitments: Commitment) -> dict[int, Commitment]:
    """By key, each as it is now: locked in one order, so that two who replace the same do not wait for each other."""
    return {one.pk: locked(one) for one in sorted(commitments, key=lambda one: one.pk)}


def _to_replace(
    commitments: Iterable[Commitment],
    by: User,
    today: date,
    reason: str,
    promises: Iterable[Promise] = (),
) -> list[Commitment]:
    """The commitments, locked and settled, if they may be replaced by these promises.

    Settling takes the head of the record, so the rows come first: also the assembly's, which numbers new promises,
    and the teams that will own them.
    """
    found = [locked(one) for one in commitments]
    for one in found:
        permissions.check_lead_responder(by, one)
        lifecycle.check_reportable(one, permissions.lead_of(one))
        lifecycle.check_status_move(one.status, Status.SUPERSEDED, reason=reason, has_evidence=False)
        _check_not_held(one)
    Assembly.objects.select_for_update().get(pk=found[0].assembly_id)
    lock_teams(owner for promise in promises for owner in promise.owners)
    for one in found:
        settle_commitment(one, today)
    return found


def _check_not_held(commitment: Commitment) -> None:
    """Raise HeldBack while its words are held: those that replace it would say them anew, where no hold reaches."""
    if Withholding.objects.filter(subject=commitment.record_subject, lifted_on=None).exists():
        raise errors.HeldBack(reference=commitment.reference)


def _check_successor(commitment: Commitment, successor: Commitment) -> None:
    if successor.pk == commitment.pk:
        raise errors.ReplacesItself(reference=commitment.reference)
    if successor.assembly_id != commitment.assembly_id:
        raise errors.OtherAssembly(field="successor", name=successor.reference)
    lifecycle.check_not_replaced(successor.stage, successor.reference)
    if successor.accepted_on is None:
        raise errors.NotAcceptedYet(reference=successor.reference)


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
    office = permissions.check_lead_responder(by, commitment)
    close_waiting(commitment, office=office, today=today, reason=reason)


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
