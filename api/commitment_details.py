"""A commitment with all that belongs to it: wordings, steps, moves of its date, updates, responses, lineage."""

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, CharField, Count, F, Q, QuerySet
from rest_framework import serializers

from api import (
    commitment_shapes,
    due_dates,
    hand_over_shapes,
    milestones,
    parts,
    responses,
    updates,
    wordings,
)
from api.commitment_shapes import CommitmentOut
from api.http.views import Shape
from api.wordings import WordingOut
from commitments import cards
from commitments.actions.corrections import TEXTS
from commitments.choices import ChallengeState, CommitmentStage, LineageKind, RequestState
from commitments.models import Challenge, Correction, DueDateChange, Lineage, Milestone, Owner, ProgressUpdate
from record.prepared import Blank, Prepared
from record.refusals import Missing

LAST_UPDATES = 10
WORDS = ("body", "measure", "baseline", "target", "proof")
COLUMNS = (*cards.COLUMNS, *WORDS, "stage", "notes", "verify_by")


class OwnershipOut(serializers.Serializer[Any]):
    """Who owns or owned a commitment, and since when it is theirs."""

    team = serializers.CharField(allow_null=True)
    organisation = serializers.CharField()
    lead = serializers.BooleanField()
    accepted_on = serializers.DateField(allow_null=True, help_text="Null while it has not said yes itself.")
    ended_on = serializers.DateField(allow_null=True)


class ClaimOut(serializers.Serializer[Any]):
    """The present claim of completion, and until when the panel judges it."""

    id = serializers.UUIDField(help_text="The update that claims completion.")
    claimed_on = serializers.DateField()
    verify_by = serializers.DateField()
    refuted_on = serializers.DateField(allow_null=True)


class LineageOut(serializers.Serializer[Any]):
    """One step by which a commitment came from another."""

    kind = serializers.ChoiceField(LineageKind.choices)
    commitment = serializers.CharField()
    on = serializers.DateField()
    reason = serializers.CharField(allow_null=True)


class LineagesOut(serializers.Serializer[Any]):
    """What it came from, and what it became."""

    came_from = LineageOut(many=True)
    became = LineageOut(many=True)


class ChallengeCounts(serializers.Serializer[Any]):
    """How many challenges of its claims stand where."""

    total = serializers.IntegerField()
    proposed = serializers.IntegerField()
    gathering = serializers.IntegerField()
    open = serializers.IntegerField()
    answered = serializers.IntegerField()
    unanswered = serializers.IntegerField()
    resolved = serializers.IntegerField()
    withdrawn = serializers.IntegerField()
    refused = serializers.IntegerField()


class CommitmentDetailOut(CommitmentOut):
    """A commitment with all that belongs to it."""

    body = serializers.CharField(allow_null=True)
    measure = serializers.CharField(allow_null=True)
    baseline = serializers.CharField(allow_null=True)
    target = serializers.CharField(allow_null=True)
    proof = serializers.CharField(allow_null=True, help_text="Where it can be seen whether it was done.")
    stage = serializers.ChoiceField(CommitmentStage.choices)
    accepted_on = serializers.DateField(allow_null=True, help_text="Since when its clocks run.")
    source: Any = parts.SourceOut(many=True, allow_null=True)
    notes = serializers.ListField(
        child=serializers.DictField(), help_text="Labelled readings by the convenor."
    )
    claim = ClaimOut(allow_null=True, help_text="The owner's present claim of completion.")
    ownership = OwnershipOut(many=True, help_text="Every owner: present ones, then former ones.")
    wordings = WordingOut(many=True)
    milestones = milestones.MilestoneOut(many=True)
    due_date_changes = due_dates.DueDateChangeOut(many=True)
    updates = updates.UpdateOut(many=True, help_text="The last ten, newest first.")
    responses = responses.ResponseOut(many=True, help_text="To the recommendations that it answers.")
    hand_over = hand_over_shapes.HandOverOut(allow_null=True, help_text="The offer that waits for an answer.")
    hand_overs = hand_over_shapes.HandOverOut(many=True, help_text="Every offer, newest first.")
    lineage = LineagesOut()
    challenges = ChallengeCounts()


def row_of(today: date, **lookup: Any) -> Shape:
    """The row of one commitment, by its `reference` or its `pk`, with all columns of its detail. Raises Missing."""
    [(name, value)] = lookup.items()
    row = _ROW[name].row(today=today, value=value)
    if row is None:
        raise Missing
    return row


def detail(row: Shape, base: str, today: date) -> Shape:
    """The JSON of a row from `row_of`."""
    key = row["id"]
    entered = parts.entered_from(row["entered_from"])
    offers = hand_over_shapes.shapes(key)
    return {
        **commitment_shapes.shape(row, base, today),
        **{name: row[name] or None for name in WORDS},
        "stage": row["stage"],
        "accepted_on": row["accepted_on"],
        "source": entered["sources"] if entered else None,
        "notes": row["notes"],
        "claim": _claim(row),
        "ownership": _ownership(key),
        "wordings": wordings.told(row, TEXTS, _CORRECTIONS.rows(key=key)),
        "milestones": milestones.shapes(_MILESTONES.rows(key=key), today),
        "due_date_changes": [due_dates.shape(change) for change in _DUE_DATE_CHANGES.rows(key=key)],
        "updates": updates.shapes(_UPDATES.rows(key=key), base),
        "responses": responses.shapes(_RESPONSES.rows(key=key), base),
        "hand_over": hand_over_shapes.waiting(offers),
        "hand_overs": offers,
        "lineage": _lineage(key),
        "challenges": _challenges(key, today),
    }


def _rows_by(name: str, field: Any) -> Prepared:
    def rows() -> QuerySet[Any]:
        return (
            cards.cards(Blank.day("today"))
            .filter(**{name: Blank("value", field)})
            .order_by()
            .values(*COLUMNS)
        )

    return Prepared(rows)


_KEY: Any = Blank("key", BigIntegerField())
_ROW = {"reference": _rows_by("reference", CharField()), "pk": _rows_by("pk", BigIntegerField())}
_OWNERS = Prepared(
    lambda: (
        Owner.objects.filter(commitment=_KEY)
        .order_by(F("ended_on").asc(nulls_first=True), "-lead", "pk")
        .values("team__slug", "organisation__slug", "lead", "accepted_on", "ended_on")
    )
)
_CORRECTIONS = Prepared(
    lambda: wordings.changes_of(Correction.objects.filter(commitment=_KEY, state=RequestState.APPROVED))
)
_MILESTONES = Prepared(lambda: Milestone.objects.filter(commitment=_KEY).values(*milestones.COLUMNS))
_DUE_DATE_CHANGES = Prepared(
    lambda: DueDateChange.objects.filter(commitment=_KEY).order_by("-position").values(*due_dates.COLUMNS)
)
_UPDATES = Prepared(
    lambda: (
        ProgressUpdate.objects.filter(commitment=_KEY)
        .order_by("-position")
        .values(*updates.COLUMNS)[:LAST_UPDATES]
    )
)
_RESPONSES = Prepared(
    lambda: responses.rows_of(recommendation__answered_by__commitment=_KEY).order_by("-position")
)
_LINEAGE = Prepared(
    lambda: (
        Lineage.objects.filter(Q(earlier=_KEY) | Q(later=_KEY))
        .order_by("on", "earlier__position", "later__position")
        .values("kind", "on", "reason", "earlier_id", "earlier__reference", "later__reference")
    )
)


def _counted_challenges() -> QuerySet[Any]:
    challenges: Any = Challenge.objects.filter(commitment=_KEY)
    shown = challenges.with_state(Blank.day("today")).order_by().values("shown_state")
    counted: QuerySet[Any] = shown.annotate(n=Count("pk"))
    return counted


_CHALLENGES = Prepared(_counted_challenges)


def _claim(row: Shape) -> Shape | None:
    if row["claim_id"] is None:
        return None
    return {"id": row["claim_id"], **{name: row[name] for name in ("claimed_on", "verify_by", "refuted_on")}}


def _ownership(key: int) -> list[Shape]:
    return [
        {
            "team": owner["team__slug"],
            "organisation": owner["organisation__slug"],
            **{name: owner[name] for name in ("lead", "accepted_on", "ended_on")},
        }
        for owner in _OWNERS.rows(key=key)
    ]


def _lineage(key: int) -> Shape:
    came_from: list[Shape] = []
    became: list[Shape] = []
    for link in _LINEAGE.rows(key=key):
        forward = link["earlier_id"] == key
        shape = {
            "kind": link["kind"],
            "commitment": link["later__reference" if forward else "earlier__reference"],
            "on": link["on"],
            "reason": link["reason"] or None,
        }
        (became if forward else came_from).append(shape)
    return {"came_from": came_from, "became": became}


def _challenges(key: int, today: date) -> Shape:
    counted = {row["shown_state"]: row["n"] for row in _CHALLENGES.rows(key=key, today=today)}
    return {
        "total": sum(counted.values()),
        **{state: counted.get(state, 0) for state in ChallengeState.values},
    }
