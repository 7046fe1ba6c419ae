"""Teams: the parts of organisations that own commitments, each with its scorecard."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from accounts import actions
from accounts.models import LONGEST_NAME, Organisation, Succession, Team
from api import parts
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import Machine, PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Patches, Posts
from api.named import all_named, named
from api.organisations import CODE
from api.scorecards import TeamScorecardOut
from api.voices import BodyVoicesOut
from commitments import summaries, voices
from commitments.actions import reorganise
from commitments.choices import HandOverState
from commitments.models import HandOver, Owner
from commitments.narrowing import inside


class SuccessionOut(serializers.Serializer[Any]):
    """A team that took over from another, or from which another took over."""

    team = serializers.CharField()
    name = serializers.CharField()
    organisation = serializers.CharField()
    on = serializers.DateField()
    reason = serializers.CharField(allow_null=True)


class TeamOut(serializers.Serializer[Any]):
    """A team with its scorecard; a post, never a person."""

    slug = serializers.CharField()
    name = serializers.CharField()
    organisation = serializers.CharField()
    url = serializers.URLField()
    position = serializers.IntegerField()
    area = serializers.CharField(allow_null=True, help_text="An ONS code.")
    ended_on = serializers.DateField(allow_null=True)
    succeeded_by = SuccessionOut(many=True, help_text="The teams that took over what it owned.")
    preceded_by = SuccessionOut(many=True, help_text="The teams from which it took over.")
    scorecard = TeamScorecardOut()
    voices = BodyVoicesOut()
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


SOME_PASSING: dict[str, Any] = {"many": True, "required": False, "max_length": 1000}


class PassingIn(inputs.StrictSerializer):
    """Which commitment goes to which successor."""

    commitment = inputs.Line(max_length=24, help_text="A reference.")
    team = inputs.Slug()


class ReorganisationIn(inputs.StrictSerializer):
    """Who takes over from a team that ends, and why; the first takes what `passing` gives to no other."""

    successors = serializers.ListField(child=inputs.Slug(), max_length=20, help_text="Slugs of teams.")
    passing = PassingIn(**SOME_PASSING)
    reason = inputs.Prose()


class LeftOut(serializers.Serializer[Any]):
    """What a team still owns, and which body has to accept it first."""

    commitment = serializers.CharField(help_text="A reference.")
    organisation = serializers.CharField()
    since = serializers.DateField()


class ReorganisedOut(TeamOut):
    """The team as it is now, and what it waits for where it has not ended yet."""

    waiting = LeftOut(
        many=True, help_text="Offers to other bodies; the team goes on until they are accepted."
    )
    next_step = serializers.CharField(allow_null=True, help_text="What is left to do, in words.")


class TeamFilters(filters.StrictFilterSet):
    """Which teams."""

    organisation = filters.Slugs("organisation__slug", label="Of these organisations.")
    area = filters.AreaCodes(method="by_area", label="Of these areas, or of areas inside them.")
    updated_since = filters.UpdatedSince()

    def by_area(self, rows: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Everything inside; a code that no register holds matches itself."""
        return rows.filter(area_code__in=[*value, *inside(value).values_list("code", flat=True)])


def all_rows() -> QuerySet[Team]:
    """Every team with its organisation."""
    rows: QuerySet[Team] = Team.objects.select_related("organisation")
    return rows


def shapes(rows: list[Team], base: str, today: date) -> list[Shape]:
    """The JSON of these rows, in four queries more."""
    keys = [row.pk for row in rows]
    counted = summaries.of_owners("team", keys, today)
    later, earlier = _linked(keys, "earlier", "later"), _linked(keys, "later", "earlier")
    return [_shape(row, base, counted[row.pk], later[row.pk], earlier[row.pk]) for row in rows]


def _linked(keys: list[int], near: str, far: str) -> dict[int, list[Shape]]:
    """What stands at the `far` end of each team's successions."""
    linked: dict[int, list[Shape]] = defaultdict(list)
    links = Succession.objects.filter(**{f"{near}__in": keys}).select_related(f"{far}__organisation")
    for link in links.order_by("on", "pk"):
        team = getattr(link, far)
        linked[getattr(link, f"{near}_id")].append(
            {
                "team": team.slug,
                "name": team.name,
                "organisation": team.organisation.slug,
                "on": link.on,
                "reason": link.reason or None,
            }
        )
    return linked


def _shape(row: Team, base: str, counted: Shape, later: list[Shape], earlier: list[Shape]) -> Shape:
    card = counted["scorecard"]
    return {
        "slug": row.slug,
        "name": row.name,
        "organisation": row.organisation.slug,
        "url": f"{base}/api/v1/teams/{row.slug}/",
        "area": row.area_code or None,
        "ended_on": row.ended_on,
        "succeeded_by": later,
        "preceded_by": earlier,
        "scorecard": {name: count for name, count in card.items() if name != "unanswered_recommendations"},
        "voices": voices.of_body(counted["voices"]),
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
        """Correct its name, or say when it ended; the old stays in the record.

        A team that owns something ends by its reorganisation.
        """
        made = self.row()
        if "ended_on" in data and made.ended_on is None:
            ended = {"ended_on": data.pop("ended_on"), "reason": data["reason"]}
            made = reorganise(made, by=self.by, today=self.today, **ended)
        if data.keys() - {"reason"}:
            made = actions.correct_team(made, by=self.by, today=self.today, **data)
        return Done(self.shape(made), row=made)


class Reorganisation(Posts, Machine):
    """Reorganise a team."""

    scope = "commitments:write"
    post_input, post_output, post_status = ReorganisationIn, ReorganisedOut, 200

    def on_post(self, data: dict[str, Any]) -> Done:
        """End the team and pass all that it owns to its successors, in one act.

        What goes to a successor in another body is offered, and the team goes on until that body has accepted; then
        this is said again, and ends it.
        """
        team = found(all_rows(), slug=self.kwargs["slug"])
        heirs = all_named(all_rows(), "slug", data["successors"], "successors")
        said = data.get("passing", [])
        teams = {heir.slug: heir for heir in heirs}
        passing = {
            one["commitment"]: teams.get(one["team"])
            or named(all_rows(), "slug", one["team"], f"passing/{place}/team")
            for place, one in enumerate(said)
        }
        done = reorganise(
            team, by=self.by, today=self.today, successors=heirs, passing=passing, reason=data["reason"]
        )
        left = _left_by(done)
        said = {"waiting": left, "next_step": _next_step(done, left) if done.ended_on is None else None}
        return Done(shapes([done], self.base, self.today)[0] | said, row=done)


def _left_by(team: Team) -> list[Shape]:
    """What it owns that is offered to another body."""
    owns = Owner.objects.filter(team=team, ended_on=None).values("commitment")
    offers = HandOver.objects.filter(state=HandOverState.OFFERED, commitment__in=owns)
    rows = offers.order_by("commitment").values("commitment__reference", "organisation__slug", "offered_on")
    return [
        {
            "commitment": row["commitment__reference"],
            "organisation": row["organisation__slug"],
            "since": row["offered_on"],
        }
        for row in rows
    ]


def _next_step(team: Team, left: list[Shape]) -> str:
    bodies = ", ".join(dict.fromkeys(one["organisation"] for one in left))
    named = ", ".join(one["commitment"] for one in left)
    return (
        f"{team.name} has not ended: it owns {named} until accepted by {bodies}. "
        "Send this request again then, and the team ends."
    )
