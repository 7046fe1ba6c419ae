"""Areas: force, borough and ward, with ONS codes and the year of their boundaries."""

from collections import defaultdict
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api.http import filters, inputs
from api.http.paging import by
from api.http.views import PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Patches, Posts
from api.named import named
from api.parts import AreaNameOut, EnteredFromOut, Sources, entered_from, recorded
from api.priorities import OfAreaOut, of_area
from commitments import actions
from commitments.choices import AreaKind
from commitments.models import Area
from commitments.narrowing import inside
from record import values

CODE = r"^[A-Z][0-9]{8}\Z"


class AreaOut(serializers.Serializer[Any]):
    """A place, what it lies in (the nearest last), and what lies directly in it."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(AreaKind.choices)
    vintage = serializers.CharField(allow_null=True, help_text="The year of its boundaries.")
    url = serializers.URLField()
    position = serializers.IntegerField()
    parent: Any = serializers.CharField(allow_null=True)
    within = serializers.ListField(child=serializers.CharField())
    parts = AreaNameOut(many=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    entered_from = EnteredFromOut(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class AreaDetailOut(AreaOut):
    """A place, and how the priorities of its neighbourhood teams and its commitments answer each other."""

    priorities = OfAreaOut()


class AreaIn(inputs.StrictSerializer):
    """A place under its ONS code."""

    code = serializers.RegexField(CODE)
    name = inputs.Line(max_length=120)
    kind = serializers.ChoiceField(AreaKind.choices)
    vintage = inputs.Line(required=False, max_length=10)
    parent: Any = inputs.Line(required=False, max_length=9)
    latitude = inputs.StrictNumber(required=False, min_value=-90, max_value=90)
    longitude = inputs.StrictNumber(required=False, min_value=-180, max_value=180)
    source: Any = Sources(required=False)


class AreaChange(inputs.StrictSerializer):
    """A corrected name or vintage, and why."""

    name = inputs.Line(required=False, max_length=120)
    vintage = inputs.Line(required=False, max_length=10)
    reason = inputs.Prose()


class AreaFilters(filters.StrictFilterSet):
    """Which areas."""

    area = filters.AreaCodes(method="by_area", label="These, and everything inside them.")
    kind = filters.Choices("kind", choices=AreaKind.values, label="Of these levels.")
    parent = filters.AreaCodes("parent__code", label="Directly in one of these.")
    vintage = filters.Several(
        "vintage",
        one=values.Pattern(r"[0-9]{4}", "A year such as 2022"),
        label="With boundaries of these years.",
    )
    updated_since = filters.UpdatedSince()

    def by_area(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Everything inside."""
        return rows.filter(pk__in=inside(value).values("pk"))


def shapes(rows: list[Area], base: str) -> list[Shape]:
    """The JSON of these rows, in one query more."""
    below: dict[int | None, list[Shape]] = defaultdict(list)
    children = Area.objects.filter(parent__in=[row.pk for row in rows]).order_by("code")
    for parent, code, name in children.values_list("parent_id", "code", "name"):
        below[parent].append({"code": code, "name": name})
    return [_shape(row, base, below[row.pk]) for row in rows]


def detail(row: Area, base: str) -> Shape:
    """The JSON of one row with what is counted in it."""
    [shape] = shapes([row], base)
    return {**shape, "priorities": of_area(row.code, base)}


def _shape(row: Area, base: str, below: list[Shape]) -> Shape:
    within = row.path.rstrip("/").split("/")[:-1]
    return {
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "vintage": row.vintage or None,
        "url": f"{base}/api/v1/areas/{row.code}/",
        "parent": within[-1] if within else None,
        "within": within,
        "parts": below,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "entered_from": entered_from(row.entered_from),
        **recorded(row),
    }


class Areas(Posts, PublicList):
    """Areas of every level."""

    output, filterset = AreaOut, AreaFilters
    ordering = by("code", tie="code", code="code", name="name", position="position", updated_at="updated_at")
    scope = "assemblies:write"
    post_input, post_output = AreaIn, AreaOut

    def rows(self) -> QuerySet[Any]:
        """All of them."""
        rows: QuerySet[Any] = Area.objects.all()
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return shapes(rows, self.base)

    def on_post(self, data: dict[str, Any]) -> Done:
        """Enter a place under its ONS code."""
        parent = named(Area.objects.all(), "code", data.pop("parent"), "parent") if "parent" in data else None
        made = actions.publish_area(data.pop("code"), by=self.by, today=self.today, parent=parent, **data)
        return Done(shapes([made], self.base)[0], row=made)


class OneArea(Patches, PublicDetail):
    """One area."""

    output = patch_output = AreaDetailOut
    patch_input = AreaChange
    scope = "assemblies:write"

    def row(self) -> Any:
        """By its ONS code."""
        return found(Area.objects.all(), code=self.kwargs["code"])

    def shape(self, row: Any) -> Shape:
        """It alone."""
        return detail(row, self.base)

    def target(self) -> Any:
        """The row, locked."""
        return found(Area.objects.select_for_update(of=("self",)), code=self.kwargs["code"])

    def on_patch(self, data: dict[str, Any]) -> Done:
        """Correct its name or vintage; the old stays in the record."""
        made = actions.correct_area(self.row(), by=self.by, today=self.today, **data)
        return Done(detail(made, self.base), row=made)
