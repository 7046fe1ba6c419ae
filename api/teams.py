"""Teams: the parts of organisations that own commitments, each with its scorecard."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from accounts import actions
from accounts.models import LONGEST_NAME, Organisation, Team
from api import parts
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Patches, Posts
from api.named import named
from api.organisations import CODE, TeamScorecardOut
from commitments import summaries


class TeamOut(serializers.Serializer[Any]):
    """A team with its scorecard; a post, never a person."""

    slug = serializers.CharField()
    name = serializers.CharField()
    organisation = serializers.CharField()
    url = serializers.URLField()
    position = serializers.IntegerField()
    area = serializers.CharField(allow_null=True, help_text="An ONS code.")
    ended_on = serializers.DateField(allow_null=True)
    scorecard = TeamScorecardOut()
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class TeamIn(inputs.StrictSerializer):
    """A team to enter."""

    slug = inputs.Slug()
    name = inputs.Line(max_length=LONGEST_NAME)
    organisation = inputs.Slug()
    area = serializers.RegexField(CODE, required=False)


class TeamChange(inputs.StrictSerializer):
    """A corrected name or the day on which the team ended, and why."""

    name = inputs.Line(required=False, max_length=LONGEST_NAME)
    ended_on = serializers.DateField(required=False)
    reason = inputs.Prose()


class TeamFilters(filters.StrictFilterSet):
    """Which teams."""

    organisation = filters.Slugs("organisation__slug", label="Of these organisations.")
    area = filters.AreaCodes(method="by_area", label="Of these areas, or of areas inside them.")
    updated_since = filters.UpdatedSince()

    def by_area(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Everything inside; a code that no register holds matches itself."""
        return rows.filter(area_code__in=[*value, *parts.inside(value).values_list("code", flat=True)])


def all_rows() -> QuerySet[Team]:
    """Every team with its organisation."""
    rows: QuerySet[Team] = Team.objects.select_related("organisation")
    return rows


def shapes(rows: list[Team], base: str, today: date) -> list[Shape]:
    """The JSON of these rows, in two queries more."""
    cards = summaries.of_teams([row.pk for row in rows], today)
    return [_shape(row, base, cards[row.pk]) for row in rows]


def _shape(row: Team, base: str, card: Shape) -> Shape:
    return {
        "slug": row.slug,
        "name": row.name,
        "organisation": row.organisation.slug,
        "url": f"{base}/api/v1/teams/{row.slug}/",
        "area": row.area_code or None,
        "ended_on": row.ended_on,
        "scorecard": {name: count for name, count in card.items() if name != "unanswered_recommendations"},
        **parts.recorded(row),
    }


class Teams(Posts, PublicList):
    """Teams."""

    output, filterset = TeamOut, TeamFilters
    ordering = by("slug", tie="slug", slug="slug", name="name", position="position", updated_at="updated_at")
    scope = "accounts:write"
    post_input, post_output = TeamIn, TeamOut

    def rows(self) -> QuerySet[Any]:
        """All of them."""
        return all_rows()

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return shapes(rows, self.base, self.today)

    def on_post(self, data: dict[str, Any]) -> Done:
        """Enter a team of an organisation."""
        body = named(Organisation.objects.all(), "slug", data.pop("organisation"), "organisation")
        made = actions.publish_team(data.pop("slug"), by=self.by, today=self.today, organisation=body, **data)
        return Done(shapes([made], self.base, self.today)[0], row=made)


class OneTeam(Patches, PublicDetail):
    """One team."""

    output = patch_output = TeamOut
    patch_input = TeamChange
    scope = "accounts:write"

    def row(self) -> Any:
        """By its slug."""
        return found(all_rows(), slug=self.kwargs["slug"])

    def shape(self, row: Any) -> Shape:
        """It alone."""
        return shapes([row], self.base, self.today)[0]

    def target(self) -> Any:
        """The row, locked."""
        return found(Team.objects.select_for_update(of=("self",)), slug=self.kwargs["slug"])

    def on_patch(self, data: dict[str, Any]) -> Done:
        """Correct its name, or say when it ended; the old stays in the record."""
        made = actions.correct_team(self.row(), by=self.by, today=self.today, **data)
        return Done(self.shape(made), row=made)
