"""A commitment as lists show it: a page in one question, with what stands beside in other tables."""

from datetime import date
from typing import Any

from django.db.models import OuterRef, QuerySet

from commitments.models import Answering, Commitment, CommitmentArea, Owner, Verification
from commitments.models.commitments import FACTS, truth
from commitments.standing import Facts, days_late
from commitments.voices import RESIDENTS
from record.nested import Nested
from record.prepared import Among, Blank, Prepared

Row = dict[str, Any]
HELD = ("held_on", "held_ground")
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
    *HELD,
    "its_owners",
    "its_answers",
    "its_areas",
    "its_findings",
    *RESIDENTS,
)
_OWNER = (
    "team__slug", "team__name", "organisation__slug", "organisation__name", "lead", "team_status", "team_status_at",
)  # fmt: skip
_ANSWER = ("recommendation__reference", "recommendation__theme__slug", "recommendation__theme__title")


def with_clocks(today: date) -> QuerySet[Any]:
    """Commitments with all that the clock decides on `today`, computed in SQL."""
    return Commitment.objects.with_standing(today).annotate(
        **{name: truth(holds(today)) for name, holds in FACTS.items()}
    )


def cards(today: date) -> QuerySet[Any]:
    """Commitments with all that lists show of them on `today`, what stands in other tables included."""
    owners = Owner.objects.filter(commitment=OuterRef("pk"), ended_on=None).order_by("-lead", "pk")
    answering = Answering.objects.filter(commitment=OuterRef("pk")).order_by("recommendation__position")
    areas = CommitmentArea.objects.filter(commitment=OuterRef("pk")).order_by("area__code")
    findings = Verification.objects.filter(claim=OuterRef("claim")).order_by("-position")[:1]
    rows: QuerySet[Any] = with_clocks(today).annotate(
        its_owners=Nested(owners, *_OWNER),
        its_answers=Nested(answering, *_ANSWER),
        its_areas=Nested(areas, "area__code", "area__name"),
        its_findings=Nested(findings, "id", "finding", "reason", "published_at"),
    )
    return rows


CARDS = Prepared(lambda: cards(Blank.day("today")).filter(Among("pk", "keys")).order_by().values(*COLUMNS))


def due_of(row: Row, today: date) -> Row:
    """When it was promised, now and first, and how many days late it is against either, from a row of COLUMNS."""
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
