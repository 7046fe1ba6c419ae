"""Neighbourhoods of police forces as data.police.uk lists them, and in which area of ours each lies."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from rest_framework import serializers

from api.http import filters, inputs
from api.http.paging import by
from api.http.views import PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Patches
from api.named import named
from api.parts import AreaNameOut, recorded
from commitments import actions
from commitments.choices import PlacedBy
from commitments.models import Area, Neighbourhood
from commitments.narrowing import inside
from commitments.policeuk.reading import LICENCE

COLUMNS = (
    "pk", "force", "code", "name", "population", "latitude", "longitude", "source", "placed_by",
    "area__code", "area__name", "first_seen_on", "looked_on", "gone_on", "current_priorities",
    "position", "version", "invented", "published_at", "updated_at",
)  # fmt: skip


class SeenAtOut(serializers.Serializer[Any]):
    """Where something was read, and under which licence it was published there."""

    url = serializers.CharField()
    licence = serializers.CharField(help_text="By its SPDX name: the Open Government Licence v3.0.")


class NeighbourhoodOut(serializers.Serializer[Any]):
    """A neighbourhood of a force. `area` is null until it is certain, or a convenor said which it is."""

    id = serializers.UUIDField()
    force = serializers.CharField(help_text="The force's id at data.police.uk.")
    code = serializers.CharField(help_text="Its id at data.police.uk, unique within the force alone.")
    name = serializers.CharField(allow_null=True)
    url = serializers.URLField()
    position = serializers.IntegerField()
    area = AreaNameOut(allow_null=True)
    placed_by = serializers.ChoiceField(PlacedBy.choices, allow_null=True)
    population = serializers.IntegerField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    current_priorities = serializers.IntegerField()
    first_seen_on = serializers.DateField()
    last_seen_on = serializers.DateField(help_text="The last day on which its priorities were read whole.")
    gone_on = serializers.DateField(allow_null=True, help_text="From when its force no longer listed it.")
    seen_at = SeenAtOut()
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class NeighbourhoodChange(inputs.StrictSerializer):
    """In which area it lies (null: in none of ours), and how that is known."""

    area: Any = inputs.Line(max_length=9, allow_null=True)
    reason = inputs.Prose()


class NeighbourhoodFilters(filters.StrictFilterSet):
    """Which neighbourhoods."""

    force = filters.Slugs("force", label="Of these forces, by their ids at data.police.uk.")
    code = filters.Several("code", label="With these ids at data.police.uk; several forces may have one.")
    area = filters.AreaCodes(method="by_area", label="In these areas, everything inside them included.")
    placed = filters.TrueFalse(method="by_place", label="Whether it is known in which area it lies.")
    current = filters.TrueFalse(method="by_current", label="Whether its force still lists it.")
    updated_since = filters.UpdatedSince()

    def by_area(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Or inside one."""
        return rows.filter(area__in=inside(value))

    def by_place(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Placed, or not yet."""
        return rows.filter(area__isnull=not value)

    def by_current(self, rows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        """Listed, or gone."""
        return rows.filter(gone_on__isnull=value)


def rows_of() -> QuerySet[Any]:
    """Every neighbourhood as a dictionary of its columns."""
    current = Count("priorities", filter=Q(priorities__gone_on=None))
    rows: QuerySet[Any] = Neighbourhood.objects.annotate(current_priorities=current).values(*COLUMNS)
    return rows


def name_of_area(row: Any, before: str = "") -> Shape | None:
    """The area of a row by name, if it has one."""
    code = row[f"{before}area__code"]
    return {"code": code, "name": row[f"{before}area__name"]} if code else None


def shape(row: Any, base: str) -> Shape:
    """The JSON of one row."""
    return {
        "id": row["pk"],
        "force": row["force"],
        "code": row["code"],
        "name": row["name"] or None,
        "url": f"{base}/api/v1/neighbourhoods/{row['pk']}/",
        "area": name_of_area(row),
        "placed_by": row["placed_by"] or None,
        "population": row["population"],
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        "current_priorities": row["current_priorities"],
        "first_seen_on": row["first_seen_on"],
        "last_seen_on": row["looked_on"],
        "gone_on": row["gone_on"],
        "seen_at": {"url": row["source"], "licence": LICENCE},
        **recorded(row),
    }


class Neighbourhoods(PublicList):
    """Neighbourhoods of all forces that were looked at."""

    output, filterset = NeighbourhoodOut, NeighbourhoodFilters
    ordering = by("position", position="position", code="code", name="name", updated_at="updated_at")

    def rows(self) -> QuerySet[Any]:
        """All of them."""
        return rows_of()

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return [shape(row, self.base) for row in rows]


class OneNeighbourhood(Patches, PublicDetail):
    """One neighbourhood."""

    output = patch_output = NeighbourhoodOut
    patch_input = NeighbourhoodChange
    scope = "assemblies:write"

    def row(self) -> Any:
        """By its id here."""
        return found(rows_of(), pk=self.kwargs["id"])

    def shape(self, row: Any) -> Shape:
        """It alone."""
        return shape(row, self.base)

    def target(self) -> Any:
        """The row, locked."""
        return found(Neighbourhood.objects.select_for_update(of=("self",)), pk=self.kwargs["id"])

    def on_patch(self, data: dict[str, Any]) -> Done:
        """Say in which area it lies, as a convenor; no code or name changes that later."""
        there = found(Neighbourhood.objects.all(), pk=self.kwargs["id"])
        code = data["area"]
        area = named(Area.objects.all(), "code", code, "area") if code is not None else None
        actions.place_neighbourhood(there, by=self.by, today=self.today, area=area, reason=data["reason"])
        row = self.row()
        return Done(self.shape(row), row=row)
