"""The JSON of a commitment as lists show it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from rest_framework import serializers

from api import held
from api.held import HeldOut
from api.http.views import Shape
from api.parts import AreaNameOut, EnteredFromOut, ThemeNameOut, entered_from
from api.voices import GapOut, ResidentsVoice
from commitments import voices
from commitments.cards import CARDS, due_of
from commitments.choices import Finding, Precision, Standing, Status


class OwnerOut(serializers.Serializer[Any]):
    """A team that owns a commitment; one leads."""

    in_tables = "name"
    picked = ("lead", ("team", "organisation"))

    team = serializers.CharField(allow_null=True, help_text="Null where a source names only the body.")
    name = serializers.CharField()
    organisation = serializers.CharField()
    lead = serializers.BooleanField()


class DueOut(serializers.Serializer[Any]):
    """When it was promised, now and first; late days are null where no owner accepted it."""

    on = serializers.DateField(allow_null=True, help_text="The last day of the promised period.")
    precision = serializers.ChoiceField(Precision.choices, allow_null=True)
    text = serializers.CharField(allow_null=True, help_text="The owner's own words.")
    first_on = serializers.DateField(allow_null=True, help_text="The first promised date, kept for ever.")
    changes = serializers.IntegerField(help_text="How often the convenor agreed to another date.")
    days_late = serializers.IntegerField(allow_null=True, help_text="Against the present date.")
    days_late_first = serializers.IntegerField(allow_null=True, help_text="Against the first date.")


class TeamStatusOut(serializers.Serializer[Any]):
    """What a co-owner says of its part."""

    team = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    at = serializers.DateTimeField(allow_null=True)


class OwnerVoice(serializers.Serializer[Any]):
    """What the owner claims."""

    status = serializers.ChoiceField(Status.choices, allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    by_team = TeamStatusOut(many=True, help_text="What co-owners say, beside the lead's status.")


class PanelVoice(serializers.Serializer[Any]):
    """What the panel found about the present claim."""

    id = serializers.UUIDField()
    claim = serializers.UUIDField()
    finding = serializers.ChoiceField(Finding.choices)
    reason = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class Voices(serializers.Serializer[Any]):
    """Three voices side by side, never blended."""

    owner = OwnerVoice()
    residents = ResidentsVoice()
    panel = PanelVoice(allow_null=True, help_text="The latest finding on the present claim.")
    gap = GapOut()


class CommitmentOut(serializers.Serializer[Any]):
    """A commitment. `standing` is what the record shows; `status` is only what the owner says."""

    reference = serializers.CharField()
    title = serializers.CharField()
    url = serializers.URLField()
    position = serializers.IntegerField()
    assembly = serializers.CharField()
    themes = ThemeNameOut(many=True)
    recommendations = serializers.ListField(child=serializers.CharField())
    areas = AreaNameOut(many=True)
    owners = OwnerOut(many=True)
    status = serializers.ChoiceField(Status.choices, allow_null=True)
    standing = serializers.ChoiceField(Standing.choices)
    measurable = serializers.BooleanField()
    entered_from = EnteredFromOut(allow_null=True)
    reported_state = serializers.CharField(allow_null=True, help_text="The source's words, never a status.")
    held = HeldOut(allow_null=True)
    due = DueOut()
    overdue = serializers.BooleanField()
    silent = serializers.BooleanField()
    contested = serializers.BooleanField()
    last_update_at = serializers.DateTimeField(allow_null=True)
    update_due_on = serializers.DateField(allow_null=True)
    voices = Voices()
    open_challenges = serializers.IntegerField()
    invented = serializers.BooleanField(help_text="Part of a demonstration, not of anybody's record.")
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


def shapes(rows: Iterable[Shape], base: str, today: date) -> list[Shape]:
    """The JSON of the commitments whose `id` these rows hold, in their order."""
    keys = [row["id"] for row in rows]
    found = {row["id"]: row for row in CARDS.rows(today=today, keys=keys)}
    return [shape(found[key], base, today) for key in keys if key in found]


def shape(row: Shape, base: str, today: date) -> Shape:
    """The JSON of one row that holds all COLUMNS of `cards(today)`."""
    answers = row["its_answers"]
    return {
        "reference": row["reference"],
        "title": row["title"],
        "url": f"{base}/api/v1/commitments/{row['reference']}/",
        "position": row["position"],
        "assembly": row["assembly__slug"],
        "themes": _themes(answers),
        "recommendations": [reference for reference, _, _ in answers],
        "areas": [{"code": code, "name": name} for code, name in row["its_areas"]],
        "owners": [_owner(one) for one in row["its_owners"]],
        "status": row["status"],
        "standing": row["standing"],
        "measurable": row["measurable"],
        "entered_from": entered_from(row["entered_from"]),
        "reported_state": row["reported_state"] or None,
        "held": held.held(row),
        "due": due_of(row, today),
        "overdue": row["overdue"],
        "silent": row["silent"],
        "contested": row["contested"],
        "last_update_at": row["last_update_at"],
        "update_due_on": row["update_due_on"],
        "voices": _voices(row),
        "open_challenges": row["open_challenges"],
        "invented": row["invented"],
        "published_at": row["published_at"],
        "updated_at": row["updated_at"],
    }


def _owner(one: list[Any]) -> Shape:
    team, name, organisation, of_organisation, lead, _, _ = one
    return {"team": team, "name": name or of_organisation, "organisation": organisation, "lead": lead}


def _themes(answers: list[list[Any]]) -> list[Shape]:
    """Each once, in the order of the recommendations."""
    found = {slug: title for _, slug, title in answers if slug}
    return [{"slug": slug, "title": title} for slug, title in found.items()]


def _voices(row: Shape) -> Shape:
    return {
        "owner": {"status": row["status"], "at": row["status_at"], "by_team": _by_team(row["its_owners"])},
        "residents": voices.residents_of(row),
        "panel": _finding(row),
        "gap": voices.gap_of(row["status"], row["residents_mean"]),
    }


def _by_team(owners: list[list[Any]]) -> list[Shape]:
    """What co-owners say of their parts."""
    return [
        {"team": team, "status": status, "at": at}
        for team, _, _, _, lead, status, at in owners
        if status and not lead
    ]


def _finding(row: Shape) -> Shape | None:
    """The latest finding on the present claim."""
    for key, finding, reason, at in row["its_findings"]:
        return {
            "id": key,
            "claim": row["claim_id"],
            "finding": finding,
            "reason": reason or None,
            "at": at,
        }
    return None
