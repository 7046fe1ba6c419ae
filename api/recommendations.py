"""Recommendations: what an assembly asked for, who was asked, and where their answers stand."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from rest_framework import serializers

from accounts.models import Organisation
from api import held, parts, responses
from api.held import HeldOut
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import Machine, PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Posts
from api.named import all_named, named
from api.ranking import ranked
from api.wordings import WordingOut, wordings
from commitments import actions, search
from commitments.choices import RecommendationState, RequestState
from commitments.models import Answering, Asked, Assembly, Correction, Recommendation, Response, Theme
from commitments.narrowing import inside

MOST_ASKED = 20
COLUMNS = (
    "pk", "reference", "number", "title", "body", "theme_assigned_by", "entered_from", "state",
    "assembly__slug", "theme__slug", "theme__title",
    "position", "version", "invented", "published_at", "updated_at", *held.COLUMNS,
)  # fmt: skip


class AskedOut(serializers.Serializer[Any]):
    """That an organisation was asked, and how its clock stands."""

    organisation = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField([c for c in RecommendationState.choices if c[0] != "not_asked"])
    asked_on = serializers.DateField()
    due_on = serializers.DateField()
    answered_on = serializers.DateField(allow_null=True)
    late_by_days = serializers.IntegerField(
        allow_null=True, help_text="Days past its date: to the answer, or to today while there is none."
    )
    position = serializers.IntegerField()
    invented = serializers.BooleanField()
    url = serializers.URLField(help_text="Of the recommendation.")


class RecommendationOut(serializers.Serializer[Any]):
    """A recommendation, in lists."""

    reference = serializers.CharField()
    number = serializers.IntegerField()
    title = serializers.CharField()
    url = serializers.URLField()
    position = serializers.IntegerField()
    assembly = serializers.CharField()
    theme = parts.ThemeNameOut(allow_null=True)
    theme_assigned_by = serializers.CharField(
        allow_null=True, help_text="Whose reading the theme is, where no source says."
    )
    state = serializers.ChoiceField(RecommendationState.choices)
    asked = AskedOut(many=True)
    commitments = serializers.ListField(child=serializers.CharField())
    entered_from = parts.EnteredFromOut(allow_null=True)
    held = HeldOut(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class RecommendationDetailOut(RecommendationOut):
    """A recommendation with its text, every wording, and the answers (newest first)."""

    body = serializers.CharField(allow_null=True)
    wordings = WordingOut(many=True)
    responses = responses.ResponseOut(many=True)


class RecommendationIn(inputs.StrictSerializer):
    """What an assembly asked for; `asked` starts the clock of each body named."""

    assembly = inputs.Slug()
    theme = inputs.Slug(required=False)
    title = inputs.Line(max_length=300)
    body = inputs.Prose()
    asked = serializers.ListField(child=inputs.Slug(), max_length=MOST_ASKED, required=False)
    source: Any = parts.Sources(required=False)


class AskedIn(inputs.StrictSerializer):
    """The body to ask, and its last day for an answer; without one it has the assembly's usual time."""

    organisation = inputs.Slug()
    due_on = serializers.DateField(required=False)


class RecommendationFilters(filters.StrictFilterSet):
    """Which recommendations."""

    assembly = filters.Slugs("assembly__slug", label="Of these assemblies.")
    theme = filters.Slugs(method="by_theme", label="Of these themes; `none` for those without one.")
    area = filters.AreaCodes(
        method="by_area",
        label="Of an assembly in one of these areas, or answered by a commitment that applies in one.",
    )
    organisation = filters.Slugs(method="by_organisation", label="Put to, or answered by, one of these.")
    state = filters.Choices("state", choices=RecommendationState.values, label="In one of these states.")
    updated_since = filters.UpdatedSince()
    q = filters.Text(method="search", label="Says all of these words, or their stems; best first.")

    def by_theme(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Of one of the themes, or of none."""
        without = Q(theme=None) if "none" in value else Q(pk__in=[])
        return rows.filter(Q(theme__slug__in=value) | without)

    def by_area(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """By the assembly's area, or by where its commitments apply."""
        areas = inside(value)
        placed = Answering.objects.filter(recommendation=OuterRef("pk"), commitment__areas__in=areas)
        return rows.filter(Q(assembly__area__in=areas) | Exists(placed))

    def by_organisation(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Asked or answering."""
        own = {"recommendation": OuterRef("pk"), "organisation__slug__in": value}
        return rows.filter(Exists(Asked.objects.filter(**own)) | Exists(Response.objects.filter(**own)))

    def search(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that say the words, with their rank."""
        return search.matching(rows, value)


def rows_on(today: date) -> QuerySet[Any]:
    """Every recommendation as a dictionary of its columns, with its state on `today`."""
    rows: QuerySet[Any] = Recommendation.objects.with_state(today).values(*COLUMNS)
    return rows


def shapes(rows: list[Any], base: str, today: date) -> list[Shape]:
    """The JSON of these rows, in two queries more."""
    keys = [row["pk"] for row in rows]
    asked, commitments = _asked(keys, base, today), _commitments(keys)
    return [_shape(row, base, asked[row["pk"]], commitments[row["pk"]]) for row in rows]


def detail(row: Any, base: str, today: date) -> Shape:
    """The JSON of one row with all that belongs to it."""
    [shape] = shapes([row], base, today)
    approved = Correction.objects.filter(recommendation=row["pk"], state=RequestState.APPROVED)
    said = responses.rows_of(recommendation_id=row["pk"]).order_by("-position")
    return {
        **shape,
        "body": row["body"] or None,
        "wordings": wordings(row, ("title", "body"), approved),
        "responses": responses.shapes(list(said), base),
    }


def _shape(row: Any, base: str, asked: list[Shape], commitments: list[str]) -> Shape:
    theme = {"slug": row["theme__slug"], "title": row["theme__title"]} if row["theme__slug"] else None
    return {
        "reference": row["reference"],
        "number": row["number"],
        "title": row["title"],
        "url": f"{base}/api/v1/recommendations/{row['reference']}/",
        "assembly": row["assembly__slug"],
        "theme": theme,
        "theme_assigned_by": row["theme_assigned_by"] or None,
        "state": row["state"],
        "asked": asked,
        "commitments": commitments,
        "entered_from": parts.entered_from(row["entered_from"]),
        "held": held.held(row),
        **parts.recorded(row),
    }


def _asked(keys: list[int], base: str, today: date) -> dict[int, list[Shape]]:
    found: dict[int, list[Shape]] = defaultdict(list)
    rows = Asked.objects.filter(recommendation__in=keys).select_related("organisation", "recommendation")
    for row in rows.order_by("position"):
        found[row.recommendation_id].append(asked_shape(row, base, today))
    return found


def asked_shape(row: Asked, base: str, today: date) -> Shape:
    """The JSON of one asking."""
    late_by = ((row.answered_on or today) - row.due_on).days
    waiting = "no_response" if late_by > 0 else "awaiting_response"
    return {
        "organisation": row.organisation.slug,
        "name": row.organisation.name,
        "state": "responded" if row.answered_on else waiting,
        "asked_on": row.asked_on,
        "due_on": row.due_on,
        "answered_on": row.answered_on,
        "late_by_days": late_by if late_by > 0 else None,
        "position": row.position,
        "invented": row.invented,
        "url": f"{base}/api/v1/recommendations/{row.recommendation.reference}/",
    }


def _commitments(keys: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    pairs = Answering.objects.filter(recommendation__in=keys).order_by("commitment__position")
    for key, reference in pairs.values_list("recommendation_id", "commitment__reference"):
        found[key].append(reference)
    return found


class Recommendations(Posts, PublicList):
    """Recommendations of all assemblies."""

    output, filterset = RecommendationOut, RecommendationFilters
    ordering = by(
        "position",
        position="position",
        number="number",
        reference="reference",
        published_at="published_at",
        updated_at="updated_at",
        rank="rank",
    )
    scope = "recommendations:write"
    post_input, post_output = RecommendationIn, RecommendationDetailOut

    def usual_order(self, found: dict[str, Any]) -> str | None:
        """The best first where words are looked for."""
        return "-rank" if "q" in found else None

    def rows(self) -> QuerySet[Any]:
        """All of them."""
        return ranked(rows_on(self.today), self.request.query_params)

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return shapes(rows, self.base, self.today)

    def on_post(self, data: dict[str, Any]) -> Done:
        """Enter a recommendation, and ask those who should answer it."""
        assembly = named(Assembly.objects.all(), "slug", data["assembly"], "assembly")
        themes = Theme.objects.filter(assembly=assembly)
        theme = named(themes, "slug", data["theme"], "theme") if "theme" in data else None
        bodies = all_named(Organisation.objects.all(), "slug", data.get("asked", []), "asked")
        made = actions.publish_recommendation(
            assembly,
            by=self.by,
            today=self.today,
            title=data["title"],
            body=data["body"],
            theme=theme,
            source=data.get("source"),
        )
        for body in bodies:
            actions.ask(made, by=self.by, today=self.today, organisation=body)
        row = rows_on(self.today).get(pk=made.pk)
        return Done(detail(row, self.base, self.today), row=row)


class OneRecommendation(PublicDetail):
    """One recommendation, with the organisations asked, their answers, and its commitments."""

    output = RecommendationDetailOut

    def row(self) -> Any:
        """By its reference."""
        return found(rows_on(self.today), reference=self.kwargs["reference"])

    def shape(self, row: Any) -> Shape:
        """With all that belongs to it."""
        return detail(row, self.base, self.today)


class Asking(Posts, Machine):
    """Put a recommendation to an organisation."""

    scope = "recommendations:write"
    post_input, post_output = AskedIn, AskedOut

    def on_post(self, data: dict[str, Any]) -> Done:
        """Ask an organisation; its clock for answering starts today."""
        recommendation = found(Recommendation.objects.all(), reference=self.kwargs["reference"])
        body = named(Organisation.objects.all(), "slug", data["organisation"], "organisation")
        asked = actions.ask(
            recommendation, by=self.by, today=self.today, organisation=body, due_on=data.get("due_on")
        )
        return Done(asked_shape(asked, self.base, self.today), row=asked)
