"""What the clock has decided is written into the record: once, dated the day it happened.

A verb that moves a clock settles it first, so that no later change erases a missed deadline; `tick` settles the rest.
What is shown never waits for this: states are computed on read.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Expression, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Concat, Replace, Substr

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
UUID_PARTS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))

log = logging.getLogger(__name__)


class ClockStumbled(RuntimeError):
    """Some deadlines could not be written; all others were. Mend what the log shows, and let the clock tick again."""


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


def restart(commitment: Commitment, today: date) -> None:
    """Note that a clock moved today: what passes from now on is dated no earlier. Settle first."""
    commitment.clock_moved_on = today
    commitment.save(update_fields=["clock_moved_on"])


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

    Returns how many entries it wrote. May run twice, late, or beside another: each deadline is written once. One that
    fails is logged and ends nothing; ClockStumbled says at the end how many did, so that whoever runs it knows.
    """
    before = Missed.objects.count()
    stumbled = 0
    for pks, settle in unwritten(today):
        for pk in pks:
            stumbled += not _has_settled(settle, pk, today)
    if stumbled:
        raise ClockStumbled(f"Deadlines that could not be written: {stumbled}. The log says which and why.")
    return Missed.objects.count() - before


def unwritten(today: date) -> Iterable[tuple[list[Any], Callable[[Any, date], None]]]:
    """What has passed by `today` and is not in the record yet, as keys beside the verb that writes it."""
    commitments = Commitment.objects.filter(_passed(today) | Q(pk__in=_undone(today)))
    yield list(commitments.order_by("pk").values_list("pk", flat=True)), _tick_commitment
    asked = Asked.objects.filter(
        ~_written(events.RECOMMENDATION_NO_RESPONSE, _named(Asked), "due_on"),
        answered_on=None,
        due_on__lt=today,
    )
    yield list(asked.order_by("due_on", "pk").values_list("pk", flat=True)), _tick_asked
    challenges = Challenge.objects.filter(
        ~_written(events.CHALLENGE_UNANSWERED, _named(Challenge), "reply_due_on"),
        state=ChallengeState.OPEN,
        reply_due_on__lt=today,
    )
    yield list(challenges.order_by("reply_due_on", "pk").values_list("pk", flat=True)), _tick_challenge


def _passed(today: date) -> Q:
    subject = Concat(Value(f"{Commitment.record_kind}:"), OuterRef("reference"))
    return (
        is_overdue(today) & ~Q(_written(events.COMMITMENT_OVERDUE, subject, "due_on"))
        | is_very_late(today) & ~Q(_written(events.COMMITMENT_VERY_LATE, subject, "due_on"))
        | is_silent(today) & ~Q(_written(events.COMMITMENT_SILENT, subject, "update_due_on"))
    )


def _undone(today: date) -> QuerySet[Milestone, int]:
    """The keys of the commitments with a step that passed undone."""
    running = Commitment.objects.filter(_steps_count())
    steps = Milestone.objects.filter(
        ~_written(events.MILESTONE_OVERDUE, _named(Milestone), "due_on"),
        done_on=None,
        due_on__lt=today,
        commitment__in=running,
    )
    return steps.values_list("commitment_id", flat=True)


def _written(event: EventType, subject: Expression, deadline: str) -> Exists:
    """Whether the record holds the deadline in the column `deadline` as missed."""
    marks = Missed.objects.filter(type=event.name, deadline=OuterRef(deadline))
    return Exists(marks.filter(subject=subject))


def _named(model: type[Recorded]) -> Expression:
    """The subject of a row that is known by its UUID, which SQLite keeps without dashes and PostgreSQL with them."""
    plain = Replace(Cast(OuterRef("pk"), TextField()), Value("-"), Value(""))
    parts: list[Expression] = [Value(f"{model.record_kind}:")]
    for start, length in UUID_PARTS:
        parts += [Substr(plain, start, length), Value("-")]
    return Concat(*parts[:-1])


def _has_settled(settle: Callable[[Any, date], None], pk: Any, today: date) -> bool:
    try:
        settle(pk, today)
    except Exception:
        log.exception("%s %s could not be settled", settle.__name__.removeprefix("_tick_"), pk)
        return False
    return True


@action
def _tick_commitment(pk: int, today: date) -> None:
    commitments = Commitment.objects.select_for_update(of=("self",)).select_related("assembly")
    settle_commitment(commitments.get(pk=pk), today)


@action
def _tick_asked(pk: Any, today: date) -> None:
    # The root first, then what belongs to it: an entry stamps both, with what they are once they are locked.
    Recommendation.objects.select_for_update(of=("self",)).get(asked=pk)
    settle_asked(Asked.objects.select_related("recommendation__assembly", "organisation").get(pk=pk), today)


@action
def _tick_challenge(pk: Any, today: date) -> None:
    Commitment.objects.select_for_update(of=("self",)).get(challenges=pk)
    settle_challenge(Challenge.objects.select_related("commitment__assembly").get(pk=pk), today)


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
        edits=False,
    )
