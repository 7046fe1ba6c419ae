"""Deadlines that passed on given days and that no clock has written into the record yet: shown, for all that.

What the clock decides is computed on read, so a page that tells of lateness and silence waits for no scheduler.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from commitments import events
from commitments.choices import ChallengeState
from commitments.models import Asked, Challenge, Commitment, Missed
from commitments.models.commitments import VERY_LATE_AFTER, is_overdue, is_silent

ONE_DAY = timedelta(days=1)
MOST = 100
"""Of each kind; the lists of what is late and silent have them all."""


class Passed(NamedTuple):
    """One deadline that passed: as the clock will say it."""

    type: str
    subject: str
    root: str
    deadline: date
    on: date
    facts: dict[str, Any]
    invented: bool


def passed(first: date, last: date, today: date) -> list[Passed]:
    """What was missed from the day `first` to the day `last`, and is not in the record. Five questions at most."""
    last = min(last, today)
    found = [
        one
        for kind in (_overdue, _very_late, _silent, _asked, _challenged)
        for one in kind(first, last, today)
    ]
    if not found:
        return []
    marks = Missed.objects.filter(deadline__in={one.deadline for one in found})
    written = set(marks.values_list("type", "subject", "deadline"))
    return [one for one in found if (one.type, one.subject, one.deadline) not in written]


def _of(rows: Any, event: str, column: str, after: timedelta) -> Iterator[Passed]:
    for row in rows.order_by(column, "pk")[:MOST]:
        deadline = getattr(row, column)
        subject = f"commitment:{row.reference}"
        facts = {column: deadline.isoformat()}
        yield Passed(event, subject, subject, deadline, deadline + after, facts, row.invented)


def _days(column: str, first: date, last: date, after: timedelta) -> dict[str, date]:
    return {f"{column}__gte": first - after, f"{column}__lte": last - after}


def _overdue(first: date, last: date, today: date) -> Iterator[Passed]:
    rows = Commitment.objects.filter(is_overdue(today), **_days("due_on", first, last, ONE_DAY))
    return _of(rows, events.COMMITMENT_OVERDUE.name, "due_on", ONE_DAY)


def _very_late(first: date, last: date, today: date) -> Iterator[Passed]:
    after = VERY_LATE_AFTER + ONE_DAY
    rows = Commitment.objects.filter(is_overdue(today), **_days("due_on", first, last, after))
    return _of(rows, events.COMMITMENT_VERY_LATE.name, "due_on", after)


def _silent(first: date, last: date, today: date) -> Iterator[Passed]:
    rows = Commitment.objects.filter(is_silent(today), **_days("update_due_on", first, last, ONE_DAY))
    return _of(rows, events.COMMITMENT_SILENT.name, "update_due_on", ONE_DAY)


def _asked(first: date, last: date, today: date) -> Iterator[Passed]:
    rows = Asked.objects.filter(answered_on=None, **_days("due_on", first, last, ONE_DAY))
    for row in rows.select_related("recommendation", "organisation").order_by("due_on", "pk")[:MOST]:
        reference, due = row.recommendation.reference, row.due_on
        facts = {
            "recommendation": reference,
            "organisation": row.organisation.slug,
            "due_on": due.isoformat(),
        }
        root = f"recommendation:{reference}"
        event = events.RECOMMENDATION_NO_RESPONSE.name
        yield Passed(event, row.record_subject, root, due, due + ONE_DAY, facts, row.invented)


def _challenged(first: date, last: date, today: date) -> Iterator[Passed]:
    rows = Challenge.objects.filter(
        state=ChallengeState.OPEN, **_days("reply_due_on", first, last, ONE_DAY)
    ).select_related("commitment")
    for row in rows.order_by("reply_due_on", "pk")[:MOST]:
        due = row.reply_due_on
        if due is not None:
            reference = row.commitment.reference
            facts = {"commitment": reference, "reply_due_on": due.isoformat()}
            root = f"commitment:{reference}"
            event = events.CHALLENGE_UNANSWERED.name
            yield Passed(event, row.record_subject, root, due, due + ONE_DAY, facts, row.invented)
