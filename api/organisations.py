"""Organisations: the bodies that are asked, answer and promise, each with its scorecard."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from accounts import actions
from accounts.models import LONGEST_NAME, Organisation, OrganisationKind, Team
from api import parts
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Patches, Posts
from api.scorecards import ScorecardOut
from api.voices import BodyVoicesOut
from commitments import summaries, voices
from commitments.narrowing import inside

CODE = r"^[A-Z][0-9]{8}\Z"


class TeamNameOut(serializers.Serializer[Any]):
    """A team by name."""

    slug = serializers.CharField()
    name = serializers.CharField()
    ended_on = serializers.DateField(allow_null=True)


class OrganisationOut(serializers.Serializer[Any]):
    """A body with its teams and its scorecard."""

    slug = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(OrganisationKind.choices)
    url = serializers.URLField()
    position = serializers.IntegerField()
    area = serializers.CharField(allow_null=True, help_text="An ONS code.")
    teams = TeamNameOut(many=True)
    scorecard = ScorecardOut()
    voices = BodyVoicesOut()
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class OrganisationIn(inputs.StrictSerializer):
    """A body to enter."""

    slug = inputs.Slug()
    name = inputs.Line(max_length=LONGEST_NAME)
    kind = serializers.ChoiceField(OrganisationKind.choices)
    area = serializers.RegexField(CODE, required=False)


class OrganisationChange(inputs.StrictSerializer):
    """A corrected name, and why."""

    name = inputs.Line(max_length=LONGEST_NAME)
    reason = inputs.Prose()


class OrganisationFilters(filters.StrictFilterSet):
    """Which organisations."""

    kind = filters.Choices("kind", choices=OrganisationKind.values, label="Of these kinds.")
    area = filters.AreaCodes(method="by_area", label="Of these areas, or of areas inside them.")
    updated_since = filters.UpdatedSince()

    def by_area(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Everything inside; a code that no register holds matches itself."""
        return rows.filter(area_code__in=[*value, *inside(value).values_list("code", flat=True)])


def shapes(rows: list[Organisation], base: str, today: date) -> list[Shape]:
    """The JSON of these rows, in four queries more."""
    keys = [row.pk for row in rows]
    teams: dict[int, list[Shape]] = defaultdict(list)
    for team in Team.objects.filter(organisation__in=keys).order_by("slug"):
        own = {"slug": team.slug, "name": team.name, "ended_on": team.ended_on}
        teams[team.organisation_id].append(own)
    counted = summaries.of_owners("organisation", keys, today)
    return [_shape(row, base, teams[row.pk], counted[row.pk]) for row in rows]


class Organisations(Posts, PublicList):
    """Organisations."""

    output, filterset = OrganisationOut, OrganisationFilters
    ordering = by("slug", tie="slug", slug="slug", name="name", position="position", updated_at="updated_at")
    scope = "accounts:write"
    post_input, post_output = OrganisationIn, OrganisationOut

    def rows(self) -> QuerySet[Any]:
        """All of them."""
        rows: QuerySet[Any] = Organisation.objects.all()
        return rows

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return shapes(rows, self.base, self.today)

    def on_post(self, data: dict[str, Any]) -> Done:
        """Enter a body that can be asked and promise."""
        made = actions.publish_organisation(data.pop("slug"), by=self.by, today=self.today, **data)
        return Done(shapes([made], self.base, self.today)[0], row=made)


def _shape(row: Organisation, base: str, teams: list[Shape], counted: Shape) -> Shape:
    return {
        "slug": row.slug,
        "name": row.name,
        "kind": row.kind,
        "url": f"{base}/api/v1/organisations/{row.slug}/",
        "area": row.area_code or None,
        "teams": teams,
        "scorecard": counted["scorecard"],
        "voices": voices.of_body(counted["voices"]),
        **parts.recorded(row),
    }


class OneOrganisation(Patches, PublicDetail):
    """One organisation."""

    output = patch_output = OrganisationOut
    patch_input = OrganisationChange
    scope = "accounts:write"

    def row(self) -> Any:
        """By its slug."""
        return found(Organisation.objects.all(), slug=self.kwargs["slug"])

    def shape(self, row: Any) -> Shape:
        """It alone."""
        return shapes([row], self.base, self.today)[0]

    def target(self) -> Any:
        """The row, locked."""
        return found(Organisation.objects.select_for_update(), slug=self.kwargs["slug"])

    def on_patch(self, data: dict[str, Any]) -> Done:
        """Correct its name; the old one stays in the record."""
        made = actions.correct_organisation(self.row(), by=self.by, today=self.today, **data)
        return Done(self.shape(made), row=made)
