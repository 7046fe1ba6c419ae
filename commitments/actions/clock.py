"""What the clock has decided is written into the record: once, dated the day it happened.

A verb that moves a clock settles it first, so that no later change erases a missed deadline; `tick` settles the rest.
What is shown never waits for this: states are computed on read.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from commitments import events
from commitments.choices import ChallengeState
from commitments.models import Asked, Challenge, Commitment, Milestone, Missed, Recommendation
from commitments.models.commitments import (
    CLOSED,
    NO_CLAIM_STANDS,
    VERY_LATE_AFTER,
    is_overdue,
    is_silent,
    is_very_late,
)
from record.event_types import EventType
from record.guarded import Recorded
from record.ledger import action, append

ACTOR = "clock"
ONE_DAY = timedelta(days=1)


def settle_commitment(commitment: Commitment, today: date) -> None:
    """Write that the commitment became overdue, very late or silent, and which of its milestones passed undone."""
    facts = Commitment.objects.filter(pk=commitment.pk)
    moved = commitment.clock_moved_on or date.min
    missed: list[tuple[date, EventType, date, str]] = []
    due, update_due = commitment.due_on, commitment.update_due_on
    if due and facts.filter(is_overdue(today)).exists():
        missed.append((max(due + ONE_DAY, moved), events.COMMITMENT_OVERDUE, due, "due_on"))
    if update_due and facts.filter(is_silent(today)).exists():
        missed.append(
            (max(update_due + ONE_DAY, moved), events.COMMITMENT_SILENT, update_due, "update_due_on")
        )
    if due and facts.filter(is_very_late(today)).exists():
        day = max(due + VERY_LATE_AFTER + ONE_DAY, moved)
        missed.append((day, events.COMMITMENT_VERY_LATE, due, "due_on"))
    for occurred_on, event, deadline, name in sorted(missed, key=lambda one: one[0]):
        _write(event, commitment, deadline, occurred_on, {name: deadline.isoformat()}, commitment)
    if facts.filter(_steps_count()).exists():
        for milestone in commitment.milestones.filter(done_on=None, due_on__lt=today).order_by(
            "due_on", "pk"
        ):
            settle_milestone(milestone, moved)


def settle_milestone(milestone: Milestone, moved: date) -> None:
    """Write that a step passed undone."""
    commitment = milestone.commitment
    facts = {"commitment": commitment.reference, "due_on": milestone.due_on.isoformat()}
    day = max(milestone.due_on + ONE_DAY, moved)
    _write(events.MILESTONE_OVERDUE, milestone, milestone.due_on, day, facts, commitment)


def settle_asked(asked: Asked, today: date) -> None:
    """Write that an organisation did not answer in time."""
    if asked.answered_on is not None or asked.due_on >= today:
        return
    recommendation = asked.recommendation
    facts = {
        "recommendation": recommendation.reference,
        "organisation": asked.organisation.slug,
        "due_on": asked.due_on.isoformat(),
    }
    day = asked.due_on + ONE_DAY
    _write(events.RECOMMENDATION_NO_RESPONSE, asked, asked.due_on, day, facts, recommendation)


def settle_challenge(challenge: Challenge, today: date) -> None:
    """Write that a challenge got no reply in time."""
    due = challenge.reply_due_on
    if challenge.state != ChallengeState.OPEN or due is None or due >= today:
        return
    facts = {"commitment": challenge.commitment.reference, "reply_due_on": due.isoformat()}
    _write(events.CHALLENGE_UNANSWERED, challenge, due, due + ONE_DAY, facts, challenge.commitment)


def tick(today: date) -> int:
    """Write every deadline that has passed and is not in the record yet, each in a transaction of its own.

    Returns how many entries it wrote. May run twice, late, or beside another: each deadline is written once.
    """
    before = Missed.objects.count()
    for pks, settle in _candidates(today):
        for pk in pks:
            settle(pk, today)
    return Missed.objects.count() - before


def _candidates(today: date) -> Iterable[tuple[list[Any], Callable[[Any, date], None]]]:
    steps = Milestone.objects.filter(done_on=None, due_on__lt=today).values("commitment_id")
    passed = is_overdue(today) | is_silent(today) | _steps_count() & Q(pk__in=steps)
    yield (
        list(Commitment.objects.filter(passed).order_by("pk").values_list("pk", flat=True)),
        _tick_commitment,
    )
    asked = Asked.objects.filter(answered_on=None, due_on__lt=today)
    yield list(asked.order_by("due_on", "pk").values_list("pk", flat=True)), _tick_asked
    challenges = Challenge.objects.filter(state=ChallengeState.OPEN, reply_due_on__lt=today)
    yield list(challenges.order_by("reply_due_on", "pk").values_list("pk", flat=True)), _tick_challenge


@action
def _tick_commitment(pk: int, today: date) -> None:
    commitments = Commitment.objects.select_for_update(of=("self",)).select_related("assembly")
    settle_commitment(commitments.get(pk=pk), today)


@action
def _tick_asked(pk: Any, today: date) -> None:
    asked = Asked.objects.select_related("recommendation__assembly", "organisation").get(pk=pk)
    type(asked.recommendation).objects.select_for_update().get(pk=asked.recommendation_id)
    asked.refresh_from_db(fields=["answered_on"])
    settle_asked(asked, today)


@action
def _tick_challenge(pk: Any, today: date) -> None:
    challenge = Challenge.objects.select_related("commitment__assembly").get(pk=pk)
    Commitment.objects.select_for_update().get(pk=challenge.commitment_id)
    challenge.refresh_from_db(fields=["state"])
    settle_challenge(challenge, today)


def _steps_count() -> Q:
    open_still = Q(status=None) | ~Q(status__in=CLOSED)
    return Q(accepted_on__isnull=False) & open_still & NO_CLAIM_STANDS


def _write(
    event: EventType,
    subject: Recorded,
    deadline: date,
    occurred_on: date,
    facts: dict[str, Any],
    root: Commitment | Recommendation,
) -> None:
    mark = {"type": event.name, "subject": subject.record_subject, "deadline": deadline}
    if Missed.objects.filter(**mark).exists():
        return
    Missed.objects.create(**mark)
    assembly = root.assembly.slug
    append(
        event,
        subject,
        actor=ACTOR,
        today=occurred_on,
        facts=facts,
        root=root,
        assembly=assembly,
    )
