"""Responses: what organisations answered to a recommendation, every version."""

from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from accounts.models import Organisation
from api import held, parts
from api.held import HeldOut
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Posts
from api.named import named
from commitments import actions
from commitments.choices import ResponsePosition
from commitments.models import Recommendation, Response


class ResponseOut(serializers.Serializer[Any]):
    """One version of an organisation's answer. `position` is the answer; its place in the record stands beside it."""

    id = serializers.UUIDField()
    url = serializers.URLField()
    recommendation = serializers.CharField()
    organisation = serializers.CharField()
    name = serializers.CharField()
    position = serializers.ChoiceField(ResponsePosition.choices)
    body = serializers.CharField()
    reason = serializers.CharField(allow_null=True)
    answered_on = serializers.DateField(
        allow_null=True, help_text="The day it was given here; null where it was entered from a source."
    )
    late_by_days = serializers.IntegerField(allow_null=True)
    record_position = serializers.IntegerField()
    entered_from = parts.EnteredFromOut(allow_null=True)
    held = HeldOut(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ResponseIn(inputs.StrictSerializer):
    """An answer in an organisation's name; with `source`, one that the convenor found published elsewhere."""

    organisation = inputs.Slug()
    position = serializers.ChoiceField(ResponsePosition.choices)
    body = inputs.Prose()
    reason = inputs.Prose(required=False)
    source: Any = parts.Sources(required=False)


class ResponseFilters(filters.StrictFilterSet):
    """Which answers."""

    organisation = filters.Slugs("organisation__slug", label="Of these organisations.")
    position = filters.Choices("stance", choices=ResponsePosition.values, label="With one of these answers.")
    updated_since = filters.UpdatedSince()


COLUMNS = (
    "id",
    "version",
    "recommendation__reference",
    "organisation__slug",
    "organisation__name",
    "stance",
    "body",
    "reason",
    "answered_on",
    "late_by_days",
    "entered_from",
    *held.COLUMNS,
    "position",
    "invented",
    "published_at",
    "updated_at",
)


def rows_of(**recommendation: Any) -> QuerySet[Any]:
    """The answers to a recommendation, with what their shape needs."""
    rows: QuerySet[Any] = Response.objects.filter(**recommendation).values(*COLUMNS)
    return rows


def shapes(rows: list[Shape], base: str) -> list[Shape]:
    """The JSON of rows from `rows_of`; no further query."""
    return [_shape(row, base) for row in rows]


def _shape(row: Shape, base: str) -> Shape:
    reference = row["recommendation__reference"]
    return {
        **parts.recorded(row),
        "id": row["id"],
        "url": f"{base}/api/v1/recommendations/{reference}/responses/{row['id']}/",
        "recommendation": reference,
        "organisation": row["organisation__slug"],
        "name": row["organisation__name"],
        "position": row["stance"],
        "body": row["body"],
        "reason": row["reason"] or None,
        "answered_on": None if row["entered_from"] is not None else row["answered_on"],
        "late_by_days": row["late_by_days"],
        "record_position": row["position"],
        "entered_from": parts.entered_from(row["entered_from"]),
        "held": held.held(row),
    }


class Responses(Posts, PublicList):
    """The answers to one recommendation, every version, newest first."""

    output, filterset = ResponseOut, ResponseFilters
    ordering = by("-record_position", record_position="position", published_at="published_at")
    scope = "responses:write"
    post_input, post_output = ResponseIn, ResponseOut

    def recommendation(self) -> Recommendation:
        """The one at this address."""
        row: Recommendation = found(Recommendation.objects.all(), reference=self.kwargs["reference"])
        return row

    def rows(self) -> QuerySet[Any]:
        """Its answers."""
        return rows_of(recommendation=self.recommendation())

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return shapes(rows, self.base)

    def on_post(self, data: dict[str, Any]) -> Done:
        """Answer in your organisation's name or, as the convenor, enter an answer from a source."""
        bodies = Organisation.objects.all()
        said: dict[str, Any] = {
            "organisation": named(bodies, "slug", data["organisation"], "organisation"),
            "stance": data["position"],
            "body": data["body"],
            "reason": data.get("reason", ""),
        }
        recommendation = self.recommendation()
        if "source" in data:
            made = actions.enter_response(
                recommendation, by=self.by, today=self.today, source=data["source"], **said
            )
        else:
            made = actions.respond(recommendation, by=self.by, today=self.today, **said)
        return Done(_shape(rows_of().get(pk=made.pk), self.base), row=made)


class OneResponse(PublicDetail):
    """One version of an organisation's answer."""

    output = ResponseOut

    def row(self) -> Any:
        """By its recommendation and its own id."""
        return found(rows_of(recommendation__reference=self.kwargs["reference"]), pk=self.kwargs["id"])

    def shape(self, row: Any) -> Shape:
        """It alone."""
        return _shape(row, self.base)
