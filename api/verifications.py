"""The panel's findings on claims of completion."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api import held
from api.held import HeldOut
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import PublicList, Shape
from api.http.writing import Done, Posts
from api.named import named
from api.of_commitments import OfCommitment
from commitments import actions
from commitments.choices import Finding
from commitments.models import Commitment, ProgressUpdate, Verification

COLUMNS = (
    "id",
    "version",
    "position",
    "commitment__reference",
    "claim_id",
    "finding",
    "reason",
    "found_on",
    *held.COLUMNS,
    "invented",
    "published_at",
    "updated_at",
)


class VerificationOut(serializers.Serializer[Any]):
    """A finding of the panel on a claim."""

    id = serializers.UUIDField()
    position = serializers.IntegerField()
    commitment = serializers.CharField()
    claim = serializers.UUIDField(help_text="The update that is judged.")
    present = serializers.BooleanField(help_text="Whether the owner's present claim is the one judged.")
    finding = serializers.ChoiceField(Finding.choices)
    reason = serializers.CharField(allow_null=True)
    found_on = serializers.DateField()
    held = HeldOut(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class VerificationIn(inputs.StrictSerializer):
    """What the panel found about the claim, an update's id."""

    claim = serializers.UUIDField()
    finding = serializers.ChoiceField(Finding.choices)
    reason = inputs.Prose()


class VerificationFilters(filters.StrictFilterSet):
    """The filters of findings."""

    finding = filters.Choices("finding", choices=Finding.values, label="Only these findings.")
    claim = filters.Identifier("claim", label="Only on this claim.")
    updated_since = filters.UpdatedSince()


def shape(row: Shape, present: Any) -> Shape:
    """The JSON of a row from `.values(*COLUMNS)`; `present` is the commitment's present claim."""
    return {
        "id": row["id"],
        "position": row["position"],
        "commitment": row["commitment__reference"],
        "claim": row["claim_id"],
        "present": row["claim_id"] == present,
        "finding": row["finding"],
        "reason": row["reason"] or None,
        "found_on": row["found_on"],
        "held": held.held(row),
        "invented": row["invented"],
        "published_at": row["published_at"],
        "updated_at": row["updated_at"],
    }


def claim_of(commitment: Commitment, claim: Any) -> ProgressUpdate:
    """The update of this commitment that a body names. Raises UnknownName."""
    update: ProgressUpdate = named(commitment.updates.all(), "pk", claim, "claim")
    return update


class Verifications(OfCommitment, Posts, PublicList):
    """The panel's findings on the claims of one commitment, newest first."""

    output, filterset = VerificationOut, VerificationFilters
    ordering = by("-position", position="position")
    scope = "verifications:write"
    post_input, post_output = VerificationIn, VerificationOut

    def rows(self) -> QuerySet[Any]:
        """Of this commitment only."""
        rows: QuerySet[Any] = Verification.objects.filter(commitment=self.commitment).values(*COLUMNS)
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [shape(row, self.commitment.claim_id) for row in rows]

    def on_post(self, data: dict[str, Any]) -> Done:
        """Say, for the panel, whether the owner's present claim holds."""
        data["claim"] = claim_of(self.commitment, data["claim"])
        made = actions.verify(self.commitment, by=self.by, today=self.today, **data)
        row = Verification.objects.values(*COLUMNS).get(pk=made.pk)
        return Done(shape(row, made.claim_id), row=row)
