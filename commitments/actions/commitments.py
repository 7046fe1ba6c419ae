"""Promises: published by their owners, or entered from a source."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from accounts.models import User
from commitments import deadlines, errors, events, permissions
from commitments.actions.owners import check_not_ended, check_owners, lock_teams, owner_facts, place_owners
from commitments.choices import CommitmentStage, Precision
from commitments.models import Answering, Assembly, Commitment, CommitmentArea
from commitments.promises import Due, Promise
from commitments.search import index
from commitments.withholding import vault
from record.ledger import action, append

Sources = Sequence[Mapping[str, Any]]


@action
def publish_commitment(assembly: Assembly, *, by: User, today: date, promise: Promise) -> Commitment:
    """Publish a promise in the name of the body that leads it; its clocks run from today.

    Owners of other bodies are named, and stay unaccepted until they accept themselves.
    """
    lead = check_owners(promise.owners)
    office = permissions.check_responder(by, lead.body)
    commitment = create(
        assembly, promise, CommitmentStage.PUBLISHED, today=today, accepts=lead.body.pk, accepted_on=today
    )
    append(
        events.COMMITMENT_PUBLISHED,
        commitment,
        actor=office,
        today=today,
        facts=promise_facts(commitment, promise),
        words=promise_words(commitment),
        assembly=assembly.slug,
    )
    return commitment


@action
def enter_commitment(
    assembly: Assembly,
    *,
    by: User,
    today: date,
    promise: Promise,
    source: Sources,
    reported_state: str = "",
    notes: Sequence[Mapping[str, Any]] = (),
    number: int | None = None,
) -> Commitment:
    """Enter a promise from a published source. What the source does not say stays unknown, and no clock runs.

    `reported_state` is the source's words, never a status; `notes` are labelled readings of ours. `number` keeps a
    reference that is known already; the next free one is given otherwise.
    """
    office = permissions.check_convenor(by, assembly.slug)
    if not source:
        raise errors.SourceMissing(field="source")
    if sum(owner.lead for owner in promise.owners) > 1:
        raise errors.TwoLeads(field="owners")
    if len({(owner.body.pk, owner.team) for owner in promise.owners}) < len(promise.owners):
        raise errors.OwnerTwice(field="owners")
    check_not_ended(owner.team for owner in promise.owners if owner.team)
    commitment = create(
        assembly,
        promise,
        CommitmentStage.ENTERED,
        today=today,
        number=number,
        entered_from=list(source),
        reported_state=reported_state,
        notes=list(notes),
    )
    facts = {
        **promise_facts(commitment, promise),
        "entered_from": events.without_words(source),
        "readings": events.without_words(notes),
    }
    words = {
        **promise_words(commitment),
        "reported_state": reported_state,
        "notes": "\n".join(note["text"] for note in notes),
        "source_notes": events.source_notes(source),
    }
    append(
        events.COMMITMENT_ENTERED,
        commitment,
        actor=office,
        today=today,
        facts=facts,
        words=words,
        assembly=assembly.slug,
    )
    return commitment


def create(
    assembly: Assembly,
    promise: Promise,
    stage: str,
    *,
    today: date,
    accepts: int | None = None,
    number: int | None = None,
    **more: Any,
) -> Commitment:
    """Make the rows of a promise under `number`, or the assembly's next; the callers record it.

    `accepts` is the body whose owners have said yes by publishing.
    """
    assembly = Assembly.objects.select_for_update().get(pk=assembly.pk)
    _check_recommendations(assembly, promise)
    number = _free(assembly, number) if number else assembly.commitment_count + 1
    assembly.commitment_count = max(assembly.commitment_count, number)
    assembly.save(update_fields=["commitment_count"])
    due = promise.due
    accepted_on = more.get("accepted_on")
    if accepted_on:
        more |= {
            "update_due_on": deadlines.days_after(today, assembly.rhythm_days),
            "clock_moved_on": today,
        }
    commitment = Commitment.objects.create(
        reference=f"{assembly.prefix}-C{number:03d}",
        assembly=assembly,
        number=number,
        stage=stage,
        title=promise.title,
        body=promise.body,
        measure=promise.measure,
        baseline=promise.baseline,
        target=promise.target,
        proof=promise.proof,
        due_on=due.ends_on if due else None,
        due_precision=due.precision if due else "",
        due_text=due.text if due else "",
        first_due_on=due.ends_on if due else None,
        **more,
    )
    _place(commitment, promise, accepts, today)
    index(commitment)
    return commitment


def locked(commitment: Commitment) -> Commitment:
    """The commitment as it is now, its row locked until the action ends, and what is held of it open."""
    found = Commitment.objects.select_for_update(of=("self",)).select_related("assembly", "claim")
    commitment = found.get(pk=commitment.pk)
    return found.get(pk=commitment.pk) if vault.opened(commitment) else commitment


def iso(day: date | None) -> str | None:
    """A date as entries write it."""
    return day.isoformat() if day else None


def due_facts(commitment: Commitment) -> dict[str, Any] | None:
    """A due date as entries write it."""
    if not commitment.due_precision:
        return None
    return {"on": iso(commitment.due_on), "precision": commitment.due_precision}


def promise_facts(commitment: Commitment, promise: Promise) -> dict[str, Any]:
    """What an entry says of a new commitment, but for its words."""
    return {
        "assembly": commitment.assembly.slug,
        "recommendations": [one.reference for one in dict.fromkeys(promise.recommendations)],
        "owners": owner_facts(commitment),
        "areas": sorted(commitment.areas.values_list("code", flat=True)),
        "due": due_facts(commitment),
        "stage": commitment.stage,
        "measurable": commitment.is_measurable,
        "update_due_on": iso(commitment.update_due_on),
    }


def promise_words(commitment: Commitment) -> dict[str, str]:
    """The words of a new commitment."""
    names = ("title", "body", "measure", "baseline", "target", "proof", "due_text")
    return {name: getattr(commitment, name) for name in names}


def check_due(due: Due | None, field: str = "due/on") -> None:
    """Raise at `field` unless a promised date can be one: plausible, and present but for `ongoing`."""
    if due is None or due.precision == Precision.ONGOING:
        return
    if due.on is None or not deadlines.is_plausible(due.on):
        raise errors.DueDateMissing(field=field)


def _place(commitment: Commitment, promise: Promise, accepts: int | None, today: date) -> None:
    lock_teams(promise.owners)
    place_owners(commitment, promise.owners, accepts, today)
    assembly = commitment.assembly
    areas = dict.fromkeys(promise.areas) or ([assembly.area] if assembly.area else [])
    CommitmentArea.objects.bulk_create(CommitmentArea(commitment=commitment, area=area) for area in areas)
    Answering.objects.bulk_create(
        Answering(commitment=commitment, recommendation=one) for one in dict.fromkeys(promise.recommendations)
    )


def _free(assembly: Assembly, number: int) -> int:
    if Commitment.objects.filter(assembly=assembly, number=number).exists():
        raise errors.AlreadyPublished(field="number", name=f"number {number}")
    return number


def _check_recommendations(assembly: Assembly, promise: Promise) -> None:
    check_due(promise.due)
    for recommendation in promise.recommendations:
        if recommendation.assembly_id != assembly.pk:
            raise errors.OtherAssembly(field="recommendations", name=recommendation.reference)
