"""Assemblies: the bodies of residents that recommended, with the clocks that hold for answers to them."""

from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from rest_framework import serializers

from api import parts
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Patches, Posts
from api.named import named
from commitments import actions
from commitments.actions.registers import CLOCKS
from commitments.choices import ReplyDays
from commitments.models import Area, Assembly, Commitment, Recommendation
from commitments.narrowing import inside

MOST_FACTS = 100
PREFIX = r"^[A-Z][A-Z0-9]{0,9}\Z"
PARTIAL_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z"


class FactOut(serializers.Serializer[Any]):
    """One fact as sources report it; what they report differently stands here once for each."""

    name = serializers.CharField()
    value = serializers.JSONField(allow_null=True)
    sources = parts.SourceOut(many=True)


class AssemblyOut(serializers.Serializer[Any]):
    """An assembly with its clocks, in days."""

    slug = serializers.CharField()
    prefix = serializers.CharField(help_text="Begins the references of its recommendations and commitments.")
    title = serializers.CharField()
    question = serializers.CharField(allow_null=True)
    url = serializers.URLField()
    position = serializers.IntegerField()
    area = parts.AreaNameOut(allow_null=True)
    held = serializers.CharField(allow_null=True)
    held_from = serializers.CharField(allow_null=True)
    held_to = serializers.CharField(allow_null=True)
    response_days = serializers.IntegerField(help_text="For answering a recommendation.")
    rhythm_days = serializers.IntegerField(help_text="Between updates of a commitment.")
    verification_days = serializers.IntegerField(help_text="For the panel's finding on a claim.")
    reply_days = serializers.IntegerField(help_text="For replying to a challenge.")
    reply_days_are = serializers.ChoiceField(ReplyDays.choices)
    support_needed = serializers.IntegerField(help_text="Residents who open a challenge together.")
    recommendations = serializers.IntegerField()
    commitments = serializers.IntegerField()
    facts = FactOut(many=True)
    entered_from = parts.EnteredFromOut(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ClocksIn(inputs.StrictSerializer):
    """The clocks that an assembly sets for itself."""

    response_days = inputs.StrictInteger(required=False, min_value=1, max_value=730)
    rhythm_days = inputs.StrictInteger(required=False, min_value=1, max_value=730)
    verification_days = inputs.StrictInteger(required=False, min_value=1, max_value=730)
    reply_days = inputs.StrictInteger(required=False, min_value=1, max_value=730)
    reply_days_are = serializers.ChoiceField(ReplyDays.choices, required=False)
    support_needed = inputs.StrictInteger(required=False, min_value=1, max_value=1000)


class FactIn(inputs.StrictSerializer):
    """A fact with its sources."""

    name = inputs.Line(max_length=100)
    value = inputs.Line(max_length=500)
    sources = parts.Sources()


class AssemblyIn(ClocksIn):
    """An assembly to publish; clocks that are not set have their usual length."""

    slug = inputs.Slug()
    prefix = serializers.RegexField(PREFIX, max_length=10)
    title = inputs.Line(max_length=300)
    question = inputs.Prose(required=False)
    area = inputs.Line(required=False, max_length=9)
    held = inputs.Line(required=False)
    held_from = serializers.RegexField(PARTIAL_DATE, required=False)
    held_to = serializers.RegexField(PARTIAL_DATE, required=False)
    facts = FactIn(many=True, required=False)
    source: Any = parts.Sources(required=False)


class AssemblyChange(ClocksIn):
    """New clocks, and why. Deadlines that run already keep their day."""

    reason = inputs.Prose()


class AssemblyFilters(filters.StrictFilterSet):
    """Which assemblies."""

    area = filters.AreaCodes(method="by_area", label="In one of these areas.")
    updated_since = filters.UpdatedSince()

    def by_area(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Everything inside."""
        return rows.filter(area__in=inside(value))


def all_rows() -> QuerySet[Assembly]:
    """Every assembly with its area and its counts, in one query."""
    rows: QuerySet[Assembly] = Assembly.objects.select_related("area")
    return rows.annotate(recommended=_count(Recommendation), promised=_count(Commitment))


def _count(model: Any) -> Coalesce:
    own = model.objects.filter(assembly=OuterRef("pk")).order_by().values("assembly")
    return Coalesce(Subquery(own.annotate(n=Count("pk")).values("n")), 0)


def shape(row: Any, base: str) -> Shape:
    """The JSON of a row of `all_rows()`."""
    return {
        "slug": row.slug,
        "prefix": row.prefix,
        "title": row.title,
        "question": row.question or None,
        "url": f"{base}/api/v1/assemblies/{row.slug}/",
        "area": {"code": row.area.code, "name": row.area.name} if row.area else None,
        "held": row.held or None,
        "held_from": row.held_from or None,
        "held_to": row.held_to or None,
        **{name: getattr(row, name) for name in CLOCKS},
        "recommendations": row.recommended,
        "commitments": row.promised,
        "facts": [_fact(one) for one in row.facts],
        "entered_from": parts.entered_from(row.entered_from),
        **parts.recorded(row),
    }


def _fact(one: dict[str, Any]) -> Shape:
    return {"name": one["name"], "value": one.get("value"), "sources": parts.sources(one.get("sources"))}


class Assemblies(Posts, PublicList):
    """Assemblies."""

    output, filterset = AssemblyOut, AssemblyFilters
    ordering = by("position", position="position", slug="slug", updated_at="updated_at")
    scope = "assemblies:write"
    post_input, post_output = AssemblyIn, AssemblyOut

    def rows(self) -> QuerySet[Any]:
        """All of them."""
        return all_rows()

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [shape(row, self.base) for row in rows]

    def on_post(self, data: dict[str, Any]) -> Done:
        """Publish an assembly that you convene."""
        area = named(Area.objects.all(), "code", data.pop("area"), "area") if "area" in data else None
        clocks = {name: data.pop(name) for name in CLOCKS if name in data}
        facts = [dict(one) for one in data.pop("facts", [])]
        made = actions.publish_assembly(
            data.pop("slug"), by=self.by, today=self.today, area=area, facts=facts, clocks=clocks, **data
        )
        row = all_rows().get(pk=made.pk)
        return Done(shape(row, self.base), row=row)


class OneAssembly(Patches, PublicDetail):
    """One assembly."""

    output = patch_output = AssemblyOut
    patch_input = AssemblyChange
    scope = "assemblies:write"

    def row(self) -> Any:
        """By its slug."""
        return found(all_rows(), slug=self.kwargs["slug"])

    def shape(self, row: Any) -> Shape:
        """It alone."""
        return shape(row, self.base)

    def target(self) -> Any:
        """The row, locked."""
        return found(Assembly.objects.select_for_update(), slug=self.kwargs["slug"])

    def on_patch(self, data: dict[str, Any]) -> Done:
        """Set its clocks anew, with a reason; deadlines that run already keep the day they were given."""
        assembly = found(Assembly.objects.all(), slug=self.kwargs["slug"])
        actions.correct_assembly(assembly, by=self.by, today=self.today, **data)
        row = self.row()
        return Done(shape(row, self.base), row=row)
