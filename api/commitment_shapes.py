"""A commitment as lists show it, in a constant number of queries for a page."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from api import voices
from api.http.views import Shape
from api.parts import AreaNameOut, EnteredFromOut, ThemeNameOut, entered_from
from commitments.choices import Finding, Precision, Standing, Status
from commitments.models import Answering, Commitment, CommitmentArea, Owner, Verification
from commitments.models.commitments import FACTS, truth
from commitments.standing import Facts, days_late
from record.prepared import Among, Blank, Prepared

COLUMNS = (
    "id",
    "reference",
    "title",
    "position",
    "version",
    "assembly__slug",
    "entered_from",
    "reported_state",
    "invented",
    "due_on",
    "due_precision",
    "due_text",
    "first_due_on",
    "due_changes",
    "status",
    "status_at",
    "claim_id",
    "claimed_on",
    "refuted_on",
    "accepted_on",
    "update_due_on",
    "last_update_at",
    "open_challenges",
    "published_at",
    "updated_at",
    "standing",
    "overdue",
    "silent",
    "contested",
    "measurable",
)


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


class ResidentsVoice(serializers.Serializer[Any]):
    """What residents say; while there are few ratings or none, only that the figure is withheld."""

    period = serializers.CharField(allow_null=True)
    n = serializers.IntegerField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    withheld = serializers.ChoiceField([("few", "few or none")], allow_null=True)


class PanelVoice(serializers.Serializer[Any]):
    """What the panel found about the present claim."""

    id = serializers.UUIDField()
    claim = serializers.UUIDField()
    finding = serializers.ChoiceField(Finding.choices)
    reason = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()


class GapOut(serializers.Serializer[Any]):
    """How far the owner's claim and the residents' judgement lie apart, and by which method."""

    value = serializers.FloatField(allow_null=True)
    method = serializers.CharField()


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


def with_clocks(today: date) -> QuerySet[Any]:
    """Commitments with all that the clock decides on `today`, computed in SQL."""
    return Commitment.objects.with_standing(today).annotate(
        **{name: truth(holds(today)) for name, holds in FACTS.items()}
    )


def shapes(rows: Iterable[Shape], base: str, today: date) -> list[Shape]:
    """The JSON of the commitments whose `id` these rows hold, in their order."""
    keys = [row["id"] for row in rows]
    found = {row["id"]: row for row in CARDS.rows(today=today, keys=keys)}
    return shapes_of([found[key] for key in keys if key in found], base, today)


def shapes_of(rows: list[Shape], base: str, today: date) -> list[Shape]:
    """The JSON of rows that hold all COLUMNS of `with_clocks(today)`."""
    beside = Beside(rows)
    return [_shape(row, beside, base, today) for row in rows]


CARDS = Prepared(
    lambda: with_clocks(Blank.day("today")).filter(Among("pk", "keys")).order_by().values(*COLUMNS)
)
_OWNERS = Prepared(
    lambda: Owner.objects.filter(Among("commitment", "keys"), ended_on=None)
    .order_by("-lead", "pk")
    .values(
        "commitment_id", "team__slug", "team__name", "organisation__slug", "organisation__name",
        "lead", "team_status", "team_status_at",
    )
)  # fmt: skip
_ANSWERING = Prepared(
    lambda: Answering.objects.filter(Among("commitment", "keys"))
    .order_by("recommendation__position")
    .values(
        "commitment_id", "recommendation__reference", "recommendation__theme__slug", "recommendation__theme__title"
    )
)  # fmt: skip
_AREAS = Prepared(
    lambda: (
        CommitmentArea.objects.filter(Among("commitment", "keys"))
        .order_by("area__code")
        .values("commitment_id", "area__code", "area__name")
    )
)
_FINDINGS = Prepared(
    lambda: (
        Verification.objects.filter(Among("claim", "keys"))
        .order_by("position")
        .values("id", "claim_id", "finding", "reason", "published_at")
    )
)


class Beside:
    """What stands in other tables beside these rows: five queries, however many rows."""

    def __init__(self, rows: Iterable[Shape]) -> None:
        rows = list(rows)
        keys = [row["id"] for row in rows]
        self.owners: dict[int, list[Shape]] = defaultdict(list)
        self.team_statuses: dict[int, list[Shape]] = defaultdict(list)
        self.recommendations: dict[int, list[str]] = defaultdict(list)
        self.themes: dict[int, dict[str, Shape]] = defaultdict(dict)
        self.areas: dict[int, list[Shape]] = defaultdict(list)
        self._owners(keys)
        self._recommendations(keys)
        self._areas(keys)
        self.residents = voices.residents(f"commitment:{row['reference']}" for row in rows)
        self.findings = _findings([row["claim_id"] for row in rows if row["claim_id"]])

    def _owners(self, keys: list[int]) -> None:
        for one in _OWNERS.rows(keys=keys):
            self.owners[one["commitment_id"]].append(
                {
                    "team": one["team__slug"],
                    "name": one["team__name"] or one["organisation__name"],
                    "organisation": one["organisation__slug"],
                    "lead": one["lead"],
                }
            )
            if one["team_status"] and not one["lead"]:
                said = {"team": one["team__slug"], "status": one["team_status"], "at": one["team_status_at"]}
                self.team_statuses[one["commitment_id"]].append(said)

    def _recommendations(self, keys: list[int]) -> None:
        for one in _ANSWERING.rows(keys=keys):
            self.recommendations[one["commitment_id"]].append(one["recommendation__reference"])
            slug = one["recommendation__theme__slug"]
            if slug:
                theme = {"slug": slug, "title": one["recommendation__theme__title"]}
                self.themes[one["commitment_id"]][slug] = theme

    def _areas(self, keys: list[int]) -> None:
        for one in _AREAS.rows(keys=keys):
            area = {"code": one["area__code"], "name": one["area__name"]}
            self.areas[one["commitment_id"]].append(area)


def _findings(claims: list[Any]) -> dict[Any, Shape]:
    """The latest finding on each of these claims."""
    return {
        one["claim_id"]: {
            "id": one["id"],
            "claim": one["claim_id"],
            "finding": one["finding"],
            "reason": one["reason"] or None,
            "at": one["published_at"],
        }
        for one in (_FINDINGS.rows(keys=claims) if claims else ())
    }


def _shape(row: Shape, beside: Beside, base: str, today: date) -> Shape:
    key = row["id"]
    return {
        "reference": row["reference"],
        "title": row["title"],
        "url": f"{base}/api/v1/commitments/{row['reference']}/",
        "position": row["position"],
        "assembly": row["assembly__slug"],
        "themes": list(beside.themes[key].values()),
        "recommendations": beside.recommendations[key],
        "areas": beside.areas[key],
        "owners": beside.owners[key],
        "status": row["status"],
        "standing": row["standing"],
        "measurable": row["measurable"],
        "entered_from": entered_from(row["entered_from"]),
        "reported_state": row["reported_state"] or None,
        "due": _due(row, today),
        "overdue": row["overdue"],
        "silent": row["silent"],
        "contested": row["contested"],
        "last_update_at": row["last_update_at"],
        "update_due_on": row["update_due_on"],
        "voices": _voices(row, beside),
        "open_challenges": row["open_challenges"],
        "invented": row["invented"],
        "published_at": row["published_at"],
        "updated_at": row["updated_at"],
    }


def _due(row: Shape, today: date) -> Shape:
    facts = Facts(
        status=row["status"],
        claimed_on=row["claimed_on"],
        refuted=row["refuted_on"] is not None,
        accepted=row["accepted_on"] is not None,
    )
    return {
        "on": row["due_on"],
        "precision": row["due_precision"] or None,
        "text": row["due_text"] or None,
        "first_on": row["first_due_on"],
        "changes": row["due_changes"],
        "days_late": days_late(facts, row["due_on"], today),
        "days_late_first": days_late(facts, row["first_due_on"], today),
    }


def _voices(row: Shape, beside: Beside) -> Shape:
    by_team = beside.team_statuses[row["id"]]
    residents = beside.residents.get(f"commitment:{row['reference']}", voices.WITHHELD)
    return {
        "owner": {"status": row["status"], "at": row["status_at"], "by_team": by_team},
        "residents": residents,
        "panel": beside.findings.get(row["claim_id"]),
        "gap": voices.gap(voices.claim_of(row["status"]), residents),
    }
