"""What offices owe, by when: read from the dates in force, so that a date that moved or was met is no duty any more."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from commitments.choices import ChallengeState
from commitments.models import Asked, Challenge, Commitment, Milestone, Owner
from commitments.models.commitments import CLOSED, NO_CLAIM_STANDS, is_overdue, is_silent
from notifications.models import ReminderKind as Kind

RUNNING = Q(accepted_on__isnull=False) & (Q(status=None) | ~Q(status__in=CLOSED)) & NO_CLAIM_STANDS
"""An owner said yes, and there is still something to do."""
Subjects = Collection[str] | None


class Duty(NamedTuple):
    """One thing that is owed: its date, since when that date can be in force, who owes it, and what it is called.

    `commitment` is the key of the promise whose owners are meant; else `organisation` is who was asked.
    """

    kind: str
    subject: str
    on: date
    since: date | None
    story: str
    title: str
    commitment: int | None = None
    organisation: str = ""


def between(first: date, last: date) -> list[Duty]:
    """All that is due from one day to another, both counted. Five queries."""
    return [
        duty
        for kind in _COMING
        for duty in _COMING[kind](Q(**{f"{_DATES[kind]}__range": (first, last)}), None)
    ]


def passed(today: date, before: date) -> list[Duty]:
    """What was due before a day and is still owed today: late promises, silence, challenges without a reply."""
    return [
        duty for kind in _STILL for duty in _STILL[kind](today, Q(**{f"{_DATES[kind]}__lt": before}), None)
    ]


def in_force(kind: str, subjects: Collection[str], today: date) -> dict[str, Duty]:
    """Of these subjects what is owed today: a date that is not over yet, or what is still so after it."""
    if kind in _COMING:
        found = _COMING[kind](Q(**{f"{_DATES[kind]}__gte": today}), subjects)
    else:
        found = _STILL[kind](today, Q(), subjects)
    return {duty.subject: duty for duty in found}


def keys(found: Iterable[Duty]) -> set[int]:
    """The promises of these duties."""
    return {duty.commitment for duty in found if duty.commitment is not None}


def offices(promises: Collection[int]) -> dict[int, list[str]]:
    """Who owns each promise now: its teams, or bodies where no team is named. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    for key, team, organisation in _owners(promises):
        found[key].append(f"team:{team}" if team else f"organisation:{organisation}")
    return found


def bodies(promises: Collection[int]) -> dict[int, list[str]]:
    """Whose responders answer for each promise. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    for key, _, organisation in _owners(promises):
        if f"organisation:{organisation}" not in found[key]:
            found[key].append(f"organisation:{organisation}")
    return found


def _owners(promises: Collection[int]) -> Iterable[tuple[int, str | None, str]]:
    present = Owner.objects.filter(commitment__in=promises, ended_on=None).order_by("pk")
    return present.values_list("commitment_id", "team__slug", "organisation__slug") if promises else ()


def _keys(subjects: Subjects, column: str) -> Q:
    if subjects is None:
        return Q()
    return Q(**{f"{column}__in": [one.partition(":")[2] for one in subjects]})


def _promises(rows: "QuerySet[Commitment]", kind: str, date_: str, since: Any) -> list[Duty]:
    named = rows.annotate(on=F(date_), from_=since).order_by("on", "reference")
    return [
        Duty(
            kind, f"commitment:{reference}", on, from_, f"commitment:{reference}", "" if held else title, key
        )
        for key, reference, title, on, from_, held in named.values_list(
            "pk", "reference", "title", "on", "from_", "held_on"
        )
    ]


def _updates(when: Q, of: Subjects) -> list[Duty]:
    rows = Commitment.objects.filter(RUNNING, when, _keys(of, "reference"))
    rhythm = dict(rows.values_list("reference", "assembly__rhythm_days"))
    return [
        duty._replace(since=duty.on - timedelta(days=rhythm[duty.subject.partition(":")[2]]))
        for duty in _promises(rows, Kind.UPDATE_DUE, "update_due_on", F("accepted_on"))
    ]


def _due(when: Q, of: Subjects) -> list[Duty]:
    rows = Commitment.objects.filter(RUNNING, when, _keys(of, "reference"))
    return _promises(rows, Kind.DUE, "due_on", F("accepted_on"))


def _steps(when: Q, of: Subjects) -> list[Duty]:
    running = Commitment.objects.filter(RUNNING)
    rows = Milestone.objects.filter(when, _keys(of, "pk"), commitment__in=running, done_on=None)
    named = rows.order_by("due_on", "pk").values_list(
        "pk", "due_on", "title", "held_on", "commitment_id", "commitment__reference"
    )
    return [
        Duty(Kind.STEP_DUE, f"milestone:{pk}", on, None, f"commitment:{name}", "" if held else title, key)
        for pk, on, title, held, key, name in named
    ]


def _replies(when: Q, of: Subjects, kind: str = Kind.REPLY_DUE) -> list[Duty]:
    rows = Challenge.objects.filter(when, _keys(of, "pk"), state=ChallengeState.OPEN)
    named = rows.order_by("reply_due_on", "pk").values_list(
        "pk", "reply_due_on", "opened_on", "commitment_id", "commitment__reference", "commitment__title",
        "commitment__held_on",
    )  # fmt: skip
    return [
        Duty(kind, f"challenge:{pk}", on or date.max, since, f"commitment:{name}", "" if held else title, key)
        for pk, on, since, key, name, title, held in named
    ]


def _responses(when: Q, of: Subjects) -> list[Duty]:
    rows = Asked.objects.filter(when, _keys(of, "pk"), answered_on=None)
    named = rows.order_by("due_on", "pk").values_list(
        "pk", "due_on", "asked_on", "organisation__slug", "recommendation__reference",
        "recommendation__title", "recommendation__held_on",
    )  # fmt: skip
    return [
        Duty(
            Kind.RESPONSE_DUE,
            f"asked:{pk}",
            on,
            since,
            f"recommendation:{name}",
            "" if held else title,
            None,
            body,
        )
        for pk, on, since, body, name, title, held in named
    ]


def _late(today: date, when: Q, of: Subjects) -> list[Duty]:
    rows = Commitment.objects.filter(RUNNING, is_overdue(today), when, _keys(of, "reference"))
    return _promises(rows, Kind.STILL_LATE, "due_on", F("accepted_on"))


def _silent(today: date, when: Q, of: Subjects) -> list[Duty]:
    rows = Commitment.objects.filter(is_silent(today), when, _keys(of, "reference"))
    return _promises(rows, Kind.STILL_SILENT, "update_due_on", F("accepted_on"))


def _unanswered(today: date, when: Q, of: Subjects) -> list[Duty]:
    return _replies(Q(reply_due_on__lt=today) & when, of, Kind.STILL_UNANSWERED)


_COMING: dict[str, Callable[[Q, Subjects], list[Duty]]] = {
    Kind.UPDATE_DUE: _updates,
    Kind.DUE: _due,
    Kind.STEP_DUE: _steps,
    Kind.REPLY_DUE: _replies,
    Kind.RESPONSE_DUE: _responses,
}
_STILL: dict[str, Callable[[date, Q, Subjects], list[Duty]]] = {
    Kind.STILL_LATE: _late,
    Kind.STILL_SILENT: _silent,
    Kind.STILL_UNANSWERED: _unanswered,
}
_DATES: dict[str, str] = {
    Kind.UPDATE_DUE: "update_due_on",
    Kind.DUE: "due_on",
    Kind.STEP_DUE: "due_on",
    Kind.REPLY_DUE: "reply_due_on",
    Kind.RESPONSE_DUE: "due_on",
    Kind.STILL_LATE: "due_on",
    Kind.STILL_SILENT: "update_due_on",
    Kind.STILL_UNANSWERED: "reply_due_on",
}
"""In which column the date of each kind stands."""
