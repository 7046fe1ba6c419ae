"""Moves of due dates: asked for by owners, decided by the convenor, all of them kept."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api.http import inputs
from api.http.paging import by
from api.http.views import PublicList, Shape, found
from api.http.writing import Done, Posts
from api.of_commitments import OfCommitment, locked_part
from api.promise_inputs import DueIn, due_of
from commitments import actions
from commitments.choices import Precision, RequestState
from commitments.models import DueDateChange

COLUMNS = (
    "id",
    "version",
    "position",
    "commitment__reference",
    "team__slug",
    "on",
    "precision",
    "text",
    "old_on",
    "old_precision",
    "old_text",
    "reason",
    "state",
    "requested_on",
    "decided_on",
    "decided_by_office",
    "decision_reason",
    "invented",
    "published_at",
    "updated_at",
)


class DueDateChangeOut(serializers.Serializer[Any]):
    """A move of a due date: who asked, why, who decided."""

    id = serializers.UUIDField()
    position = serializers.IntegerField()
    commitment = serializers.CharField()
    on = serializers.DateField(allow_null=True, help_text="The last day of the period asked for.")
    precision = serializers.ChoiceField(Precision.choices)
    text = serializers.CharField(allow_null=True)
    old_on = serializers.DateField(allow_null=True)
    old_precision = serializers.ChoiceField(Precision.choices, allow_null=True)
    old_text = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(RequestState.choices)
    requested_by = serializers.CharField(help_text="The team that asked.")
    requested_on = serializers.DateField()
    reason = serializers.CharField(allow_null=True)
    decided_by = serializers.CharField(allow_null=True, help_text="The office that decided.")
    decided_on = serializers.DateField(allow_null=True)
    decision_reason = serializers.CharField(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class DueDateChangeIn(DueIn):
    """Another due date, and why."""

    reason = inputs.Prose()
    team = inputs.Slug(required=False)


class ApprovalIn(inputs.StrictSerializer):
    """Why, if there is something to say."""

    reason = inputs.Prose(required=False, allow_blank=True)


class RefusalIn(inputs.StrictSerializer):
    """Why not."""

    reason = inputs.Prose()


def shape(row: Shape) -> Shape:
    """The JSON of a row from `.values(*COLUMNS)`."""
    return {
        "id": row["id"],
        "position": row["position"],
        "commitment": row["commitment__reference"],
        "on": row["on"],
        "precision": row["precision"],
        "text": row["text"] or None,
        "old_on": row["old_on"],
        "old_precision": row["old_precision"] or None,
        "old_text": row["old_text"] or None,
        "state": row["state"],
        "requested_by": row["team__slug"],
        "requested_on": row["requested_on"],
        "reason": row["reason"] or None,
        "decided_by": row["decided_by_office"] or None,
        "decided_on": row["decided_on"],
        "decision_reason": row["decision_reason"] or None,
        "invented": row["invented"],
        "published_at": row["published_at"],
        "updated_at": row["updated_at"],
    }


class DueDateChanges(OfCommitment, Posts, PublicList):
    """Every move of a due date, asked for, approved or refused; newest first."""

    output = DueDateChangeOut
    ordering = by("-position", position="position", updated_at="updated_at")
    scope = "updates:write"
    post_input, post_output = DueDateChangeIn, DueDateChangeOut

    def rows(self) -> QuerySet[Any]:
        """Of this commitment only."""
        rows: QuerySet[Any] = DueDateChange.objects.filter(commitment=self.commitment).values(*COLUMNS)
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [shape(row) for row in rows]

    def on_post(self, data: dict[str, Any]) -> Done:
        """Ask the convenor for another due date of one's own commitment."""
        change = actions.request_due_date(
            self.commitment,
            by=self.by,
            today=self.today,
            due=due_of(data),
            reason=data["reason"],
            team=data.get("team"),
        )
        return _answered(change)


class _Deciding(OfCommitment, Posts):
    """A request that the convenor decides."""

    scope = "approvals:write"
    post_output, post_status = DueDateChangeOut, 200

    @property
    def change(self) -> DueDateChange:
        """The request. Raises Missing."""
        rows = self.commitment.due_date_changes.select_related("commitment__assembly")
        row: DueDateChange = found(rows, pk=self.kwargs["id"])
        return row

    def target(self) -> Any:
        """The request, its commitment locked."""
        return locked_part(self.commitment.due_date_changes.all(), pk=self.kwargs["id"])


class DueDateApproval(_Deciding):
    """Agree to another due date."""

    post_input = ApprovalIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Agree to another due date, as the convenor; lateness that was recorded stays."""
        return _answered(actions.approve_due_date(self.change, by=self.by, today=self.today, **data))


class DueDateRefusal(_Deciding):
    """Refuse another due date."""

    post_input = RefusalIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Refuse another due date, as the convenor; the present one stays."""
        return _answered(actions.refuse_due_date(self.change, by=self.by, today=self.today, **data))


def _answered(change: DueDateChange) -> Done:
    row = DueDateChange.objects.values(*COLUMNS).get(pk=change.pk)
    return Done(shape(row), row=row)
