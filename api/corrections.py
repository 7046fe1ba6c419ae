"""Corrections of wordings: of recommendations, commitments and updates."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.due_dates import ApprovalIn, RefusalIn
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import Machine, PublicList, Shape, found
from api.http.writing import Done, Posts
from api.named import named
from api.of_commitments import OfCommitment, locked_part
from commitments import actions
from commitments.actions.corrections import LONGEST_TITLE
from commitments.choices import RequestState
from commitments.models import Correction, ProgressUpdate, Recommendation

FIELD = 20
COLUMNS = (
    "id",
    "version",
    "position",
    "commitment__reference",
    "recommendation__reference",
    "update_id",
    "milestone_id",
    "field",
    "old",
    "new",
    "reason",
    "state",
    "requested_by",
    "requested_on",
    "decided_on",
    "decision_reason",
    "invented",
    "published_at",
    "updated_at",
)


class CorrectionOut(serializers.Serializer[Any]):
    """A changed wording: old text, new text, reason."""

    id = serializers.UUIDField()
    position = serializers.IntegerField()
    commitment = serializers.CharField(allow_null=True)
    recommendation = serializers.CharField(allow_null=True)
    progress_update = serializers.UUIDField(allow_null=True)
    milestone = serializers.UUIDField(allow_null=True, help_text="The step whose date is corrected.")
    field = serializers.CharField()
    old = serializers.CharField(allow_null=True)
    new = serializers.CharField()
    reason = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(RequestState.choices)
    requested_by = serializers.CharField(help_text="An office, never a person.")
    requested_on = serializers.DateField()
    decided_on = serializers.DateField(allow_null=True)
    decision_reason = serializers.CharField(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class CorrectionIn(inputs.StrictSerializer):
    """Which text, how it should read, and why."""

    field = inputs.Line(max_length=FIELD, help_text="title, body, …")
    text = inputs.Prose(help_text="A title is one line, without invisible marks.")
    reason = inputs.Prose()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold a corrected title to what a title is."""
        if attrs["field"] == "title":
            attrs["text"] = self._title(attrs["text"])
        return attrs

    def _title(self, text: str) -> str:
        try:
            return str(inputs.Line(max_length=LONGEST_TITLE).run_validation(text))
        except ValidationError as exc:
            raise ValidationError({"text": exc.detail}) from None


class CommitmentCorrectionIn(CorrectionIn):
    """`field` is a text, `owners` (team slugs with commas, the lead first) or `milestone` (its date)."""

    milestone = serializers.UUIDField(required=False, help_text="Which one, where `field` is `milestone`.")


class CorrectionFilters(filters.StrictFilterSet):
    """The filters of corrections."""

    state = filters.Choices("state", choices=RequestState.values, label="Only in these states.")
    updated_since = filters.UpdatedSince()


def shape(row: Shape) -> Shape:
    """The JSON of a row from `.values(*COLUMNS)`."""
    return {
        "id": row["id"],
        "position": row["position"],
        "commitment": row["commitment__reference"],
        "recommendation": row["recommendation__reference"],
        "progress_update": row["update_id"],
        "milestone": row["milestone_id"],
        "field": row["field"],
        "old": row["old"] or None,
        "new": row["new"],
        "reason": row["reason"] or None,
        "state": row["state"],
        "requested_by": row["requested_by"],
        "requested_on": row["requested_on"],
        "decided_on": row["decided_on"],
        "decision_reason": row["decision_reason"] or None,
        "invented": row["invented"],
        "published_at": row["published_at"],
        "updated_at": row["updated_at"],
    }


class _Corrections(Posts, PublicList):
    """The corrections of one thing, newest first."""

    output, filterset = CorrectionOut, CorrectionFilters
    ordering = by("-position", position="position", updated_at="updated_at")
    post_output, post_if_match = CorrectionOut, "optional"

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [shape(row) for row in rows]


class CommitmentCorrections(OfCommitment, _Corrections):
    """The corrections of one commitment, asked for, approved or refused; newest first."""

    scope = "commitments:write"
    post_input = CommitmentCorrectionIn

    def rows(self) -> QuerySet[Any]:
        """Of this commitment only."""
        rows: QuerySet[Any] = Correction.objects.filter(commitment=self.commitment).values(*COLUMNS)
        return rows

    def on_post(self, data: dict[str, Any]) -> Done:
        """Ask for a corrected wording of one's own commitment; it waits for the convenor."""
        if "milestone" in data:
            rows = self.commitment.milestones.all()
            data["milestone"] = named(rows, "pk", data["milestone"], "milestone")
        return _answered(actions.correct_commitment(self.commitment, by=self.by, today=self.today, **data))


class RecommendationCorrections(_Corrections):
    """The corrections of one recommendation, newest first."""

    scope = "recommendations:write"
    post_input = CorrectionIn

    @property
    def recommendation(self) -> Recommendation:
        """The recommendation. Raises Missing."""
        row: Recommendation = found(Recommendation.objects.all(), reference=self.kwargs["reference"])
        return row

    def target(self) -> Any:
        """The recommendation, locked."""
        rows = Recommendation.objects.select_for_update(of=("self",))
        return found(rows, reference=self.kwargs["reference"])

    def rows(self) -> QuerySet[Any]:
        """Of this recommendation only."""
        rows: QuerySet[Any] = Correction.objects.filter(recommendation=self.recommendation).values(*COLUMNS)
        return rows

    def on_post(self, data: dict[str, Any]) -> Done:
        """Correct a recommendation's wording, as the convenor."""
        return _answered(
            actions.correct_recommendation(self.recommendation, by=self.by, today=self.today, **data)
        )


class UpdateCorrections(_Corrections):
    """The corrections of one update, newest first."""

    scope = "updates:write"
    post_input = CorrectionIn

    @property
    def update(self) -> ProgressUpdate:
        """The update. Raises Missing."""
        rows = ProgressUpdate.objects.select_related("commitment")
        row: ProgressUpdate = found(rows, pk=self.kwargs["id"])
        return row

    def target(self) -> Any:
        """The update, its commitment locked."""
        return locked_part(ProgressUpdate.objects.all(), pk=self.kwargs["id"])

    def rows(self) -> QuerySet[Any]:
        """Of this update only."""
        rows: QuerySet[Any] = Correction.objects.filter(update=self.update).values(*COLUMNS)
        return rows

    def on_post(self, data: dict[str, Any]) -> Done:
        """Correct the words of an update, for the team that posted it; its status never changes so."""
        return _answered(actions.correct_update(self.update, by=self.by, today=self.today, **data))


class _Deciding(Posts, Machine):
    """A correction that the convenor decides."""

    scope = "approvals:write"
    post_output, post_status, post_if_match = CorrectionOut, 200, "optional"

    @property
    def correction(self) -> Correction:
        """The correction. Raises Missing."""
        row: Correction = found(
            Correction.objects.select_related("commitment"),
            pk=self.kwargs["id"],
            commitment__reference=self.kwargs["reference"],
        )
        return row

    def target(self) -> Any:
        """The correction, its commitment locked."""
        rows = Correction.objects.filter(commitment__reference=self.kwargs["reference"])
        return locked_part(rows, pk=self.kwargs["id"])


class CorrectionApproval(_Deciding):
    """Approve a correction."""

    post_input = ApprovalIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Agree, as the convenor, that it changes no meaning; both wordings stay readable."""
        return _answered(actions.approve_correction(self.correction, by=self.by, today=self.today, **data))


class CorrectionRefusal(_Deciding):
    """Refuse a correction."""

    post_input = RefusalIn

    def on_post(self, data: dict[str, Any]) -> Done:
        """Refuse it, as the convenor: a changed promise is a new commitment."""
        return _answered(actions.refuse_correction(self.correction, by=self.by, today=self.today, **data))


def _answered(correction: Correction) -> Done:
    row = Correction.objects.values(*COLUMNS).get(pk=correction.pk)
    return Done(shape(row), row=row)
