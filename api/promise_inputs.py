"""A promise as it is sent: its owners, its due date, what it answers; read into what the actions take."""

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework import serializers

from accounts.models import Organisation, Team
from api.http import inputs
from api.named import all_named, named
from api.parts import Sources
from commitments.choices import Precision
from commitments.models import Area, Recommendation
from commitments.models.commitments import LONGEST_DEADLINE
from commitments.promises import Due, Ownership, Promise
from record.refusals import Invalid

LONGEST_TITLE = 300
SOME_OWNERS: dict[str, Any] = {"many": True, "max_length": 20}
MOST_NAMED = 50


class OwnerUnclear(Invalid):
    """An owner that is neither a team nor, with a source, a body."""

    code = "owner_unclear"
    title = "Who owns it is not clear"
    sentence = "Name a `team`; where a published source names only the body, name the `organisation`."


class OwnerIn(inputs.StrictSerializer):
    """A team; or, where a source names no team, its body."""

    team = inputs.Slug(required=False)
    organisation = inputs.Slug(required=False, help_text="Only with `source`, where it names no team.")
    lead = inputs.StrictBoolean(required=False, default=False)


class TeamOwnerIn(inputs.StrictSerializer):
    """A team that owns a promise."""

    team = inputs.Slug()
    lead = inputs.StrictBoolean(required=False, default=False)


class DueIn(inputs.StrictSerializer):
    """A day in the promised period, how exactly it is meant, and the owner's own words."""

    on = serializers.DateField(required=False)
    precision = serializers.ChoiceField(Precision.choices, required=False, default=Precision.DAY)
    text = inputs.Line(required=False, allow_blank=True, default="", max_length=LONGEST_DEADLINE)


class PromiseIn(inputs.StrictSerializer):
    """What is promised; what is left out is unknown, and shown so."""

    recommendations = serializers.ListField(
        child=inputs.Line(max_length=24), required=False, max_length=MOST_NAMED, help_text="References."
    )
    title = inputs.Line(max_length=LONGEST_TITLE)
    body = inputs.Prose(required=False, allow_blank=True)
    owners = OwnerIn(**SOME_OWNERS, required=False)
    due = DueIn(required=False)
    measure = inputs.Prose(required=False, allow_blank=True)
    baseline = inputs.Prose(required=False, allow_blank=True)
    target = inputs.Prose(required=False, allow_blank=True)
    proof = inputs.Prose(required=False, allow_blank=True)
    areas = serializers.ListField(
        child=inputs.Line(max_length=9), required=False, max_length=MOST_NAMED, help_text="ONS codes."
    )


class CommitmentIn(PromiseIn):
    """A promise; with `source`, one that the convenor enters from elsewhere."""

    assembly = inputs.Slug()
    source: Any = Sources(required=False)
    reported_state = inputs.Line(required=False, max_length=300, help_text="The source's words.")


def promise_of(data: Mapping[str, Any], at: str = "") -> Promise:
    """The promise that a body makes; `at` is where in the body it stands (`parts/0/`). Raises UnknownName."""
    texts = {name: data.get(name, "") for name in ("body", "measure", "baseline", "target", "proof")}
    rows = Recommendation.objects.select_related("assembly")
    return Promise(
        title=data["title"],
        recommendations=all_named(rows, "reference", data.get("recommendations", ()), f"{at}recommendations"),
        owners=owners_of(data.get("owners", ()), at),
        due=due_of(data["due"]) if "due" in data else None,
        areas=all_named(Area.objects.all(), "code", data.get("areas", ()), f"{at}areas"),
        **texts,
    )


def due_of(data: Mapping[str, Any]) -> Due:
    """The due date of a body."""
    return Due(on=data.get("on"), precision=data["precision"], text=data["text"])


def owners_of(data: Sequence[Mapping[str, Any]], at: str = "") -> list[Ownership]:
    """The owners of a body. Raises UnknownName, OwnerUnclear."""
    slugs = [one["team"] for one in data if "team" in one]
    teams = Team.objects.filter(slug__in=slugs).select_related("organisation")
    known = {team.slug: team for team in teams}
    return [_owner(one, known, f"{at}owners/{place}") for place, one in enumerate(data)]


def _owner(one: Mapping[str, Any], known: Mapping[str, Team], at: str) -> Ownership:
    if ("team" in one) == ("organisation" in one):
        raise OwnerUnclear(field=f"{at}/team")
    if "organisation" in one:
        body = named(Organisation.objects.all(), "slug", one["organisation"], f"{at}/organisation")
        return Ownership(organisation=body, lead=one["lead"])
    team = known.get(one["team"]) or named(Team.objects.all(), "slug", one["team"], f"{at}/team")
    return Ownership(team=team, lead=one["lead"])
