"""Offers of a commitment to another body, as a commitment shows them."""

from typing import Any

from django.db.models import BigIntegerField
from rest_framework import serializers

from api.http.views import Shape
from commitments.choices import HandOverState
from commitments.models import HandOver
from record.prepared import Blank, Prepared


class OfferedOwnerOut(serializers.Serializer[Any]):
    """A team that will own it once the offer is accepted."""

    team = serializers.CharField()
    organisation = serializers.CharField()
    lead = serializers.BooleanField()


class HandOverOut(serializers.Serializer[Any]):
    """An offer to another body; until that says yes, the owners stay owners with all duties."""

    to = serializers.CharField(help_text="The organisation that is asked.")
    owners = OfferedOwnerOut(many=True)
    state = serializers.ChoiceField(HandOverState.choices)
    since = serializers.DateField()
    reason = serializers.CharField(allow_null=True)
    offered_by = serializers.CharField(help_text="The office that offers it.")
    decided_on = serializers.DateField(allow_null=True)
    decision_reason = serializers.CharField(allow_null=True)


_OFFERED = Prepared(
    lambda: HandOver.objects.filter(commitment=Blank("key", BigIntegerField())).order_by().values("pk")
)


def shapes(commitment: int) -> list[Shape]:
    """The JSON of every offer of the commitment with this key, newest first; one query where there is none."""
    if not _OFFERED.row(key=commitment):
        return []
    rows = HandOver.objects.filter(commitment=commitment).select_related("organisation")
    return [_shape(row) for row in rows.prefetch_related("owners__team__organisation")]


def waiting(offers: list[Shape]) -> Shape | None:
    """The one that waits for an answer."""
    return next((one for one in offers if one["state"] == HandOverState.OFFERED), None)


def _shape(row: HandOver) -> Shape:
    return {
        "to": row.organisation.slug,
        "owners": [
            {"team": one.team.slug, "organisation": one.team.organisation.slug, "lead": one.lead}
            for one in row.owners.all()
        ],
        "state": row.state,
        "since": row.offered_on,
        "reason": row.reason or None,
        "offered_by": row.offered_by,
        "decided_on": row.decided_on,
        "decision_reason": row.decision_reason or None,
    }
