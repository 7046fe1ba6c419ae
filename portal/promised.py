"""What was said: a commitment's words, who promised them, by when, how it could be judged, and where it came from."""

from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from commitments.cards import COLUMNS, cards, due_of
from commitments.choices import HandOverState, RequestState
from commitments.models import Answering, Correction, DueDateChange, HandOver, Lineage, Milestone, Owner
from commitments.models.commitments import CLOSED
from commitments.standing import Facts, has_standing_claim
from portal import days
from portal.happenings import FIELDS

Row = dict[str, Any]
WORDS = ("body", "measure", "baseline", "target", "proof")
TEXTS = ("title", *WORDS)
NEEDED = {
    "measure": later("how it is measured"),
    "target": later("a target"),
    "due_on": later("a due date"),
    "proof": later("a place where it can be checked"),
}
"""What it takes to judge a promise."""


def row_of(reference: str, today: date) -> Row:
    """The row of one commitment with all that the clock decides. Raises Http404."""
    columns = (*COLUMNS, *WORDS, "stage", "notes", "verify_by", "assembly__title", "assembly__invented")
    row: Row | None = cards(today).filter(reference=reference).order_by().values(*columns).first()
    if row is None:
        raise Http404
    return row


def owners(key: int) -> Row:
    """Who leads, who promised with them, and who owned it before."""
    rows = Owner.objects.filter(commitment=key).order_by("-lead", "pk")
    named = rows.values(
        "lead", "accepted_on", "ended_on", "team__slug", "organisation__slug", "team_status",
        team_name=F("team__name"), body_name=F("organisation__name"), passed=F("passed_to__name"),
    )  # fmt: skip
    present = [row for row in named if row["ended_on"] is None]
    return {
        "lead": next((row for row in present if row["lead"]), None),
        "others": [row for row in present if not row["lead"]],
        "former": [row for row in named if row["ended_on"] is not None],
    }


def corrections(key: int) -> list[Row]:
    """The corrections that took effect, the oldest first."""
    rows: QuerySet[Any] = Correction.objects.filter(commitment=key, state=RequestState.APPROVED).order_by(
        "updated_position"
    )
    return list(
        rows.values(
            "field", "old", "new", "reason", "decision_reason", "requested_on", "decided_on", "requested_by",
            "updated_position", "invented", step=F("milestone__title"),
        )
    )  # fmt: skip


def original(row: Row, corrected: list[Row]) -> Row:
    """Each of its texts as it was published first."""
    first: Row = {name: row[name] for name in TEXTS}
    for one in reversed(corrected):
        if one["field"] in first:
            first[one["field"]] = one["old"]
    return first


def due(row: Row, today: date, moves: list[Row]) -> Row:
    """When it was promised: now, first, and each move between, with its reasons; and what was refused or waits."""
    present = days.promised(row["due_on"], row["due_precision"], row["due_text"])
    approved = [move for move in moves if move["state"] == RequestState.APPROVED]
    told = due_of(row, today)
    return {
        "present": present,
        "first_on": row["first_due_on"],
        "moves": approved,
        "refused": [move for move in moves if move["state"] == RequestState.REFUSED],
        "waiting": next((move for move in moves if move["state"] == RequestState.REQUESTED), None),
        "late": told["days_late"],
        "late_first": told["days_late_first"],
        "counted_to": row["claimed_on"] if _stands(row) else today,
        "is_counted": row["accepted_on"] is not None,
        "passed": row["due_on"] is not None and row["due_on"] < today,
    }


def moves(key: int) -> list[Row]:
    """Every request to move the due date, the oldest first: who asked, who decided, and why."""
    rows = DueDateChange.objects.filter(commitment=key).order_by("position").values(
        "on", "precision", "text", "old_on", "old_precision", "old_text", "reason", "state", "requested_on",
        "decided_on", "decision_reason", "position", "updated_position", "invented", asker=F("team__name"),
    )  # fmt: skip
    return [
        row
        | {
            "old": days.promised(row["old_on"], row["old_precision"], row["old_text"]),
            "new": days.promised(row["on"], row["precision"], row["text"]),
        }
        for row in rows
    ]


def missing(row: Row) -> list[str]:
    """What it lacks for anybody to judge whether it was kept."""
    return [str(label) for name, label in NEEDED.items() if not row[name]]


def steps(key: int, row: Row, today: date) -> list[Row]:
    """Its milestones, the earliest first; when each was due and when it was done are two things."""
    expected = row["accepted_on"] is not None and row["status"] not in CLOSED and not _stands(row)
    rows = Milestone.objects.filter(commitment=key).values(
        "id", "title", "due_on", "first_due_on", "done_on", "held_on", "invented"
    )
    return [
        one
        | {
            "overdue": one["done_on"] is None and expected and one["due_on"] < today,
            "late": max(0, (one["done_on"] - one["due_on"]).days) if one["done_on"] else None,
        }
        for one in rows
    ]


def lineage(key: int) -> Row:
    """What it came from, and what became of it."""
    rows: QuerySet[Any] = Lineage.objects.filter(Q(earlier=key) | Q(later=key))
    found = list(
        rows.order_by("on", "earlier__position", "later__position").values(
            "kind", "on", "reason", "earlier_id", "earlier__reference", "earlier__title",
            "later__reference", "later__title",
        )
    )  # fmt: skip
    return {
        "came_from": [_kin(one, "earlier") for one in found if one["earlier_id"] != key],
        "became": [_kin(one, "later") for one in found if one["earlier_id"] == key],
    }


def _kin(row: Row, side: str) -> Row:
    return {
        "kind": row["kind"],
        "on": row["on"],
        "reason": row["reason"],
        "reference": row[f"{side}__reference"],
        "title": row[f"{side}__title"],
    }


def hand_overs(key: int) -> list[Row]:
    """Offers of it to other bodies, newest first."""
    rows = HandOver.objects.filter(commitment=key).values(
        "state", "offered_on", "decided_on", "reason", "decision_reason",
        to=F("organisation__name"), to_slug=F("organisation__slug"),
    )  # fmt: skip
    return [row | {"label": HandOverState(row["state"]).label} for row in rows]


def recommendations(key: int) -> list[Row]:
    """The recommendations that it answers, with their themes."""
    rows: QuerySet[Any] = Answering.objects.filter(commitment=key).order_by("recommendation__position")
    return list(
        rows.values(
            reference=F("recommendation__reference"),
            title=F("recommendation__title"),
            theme=F("recommendation__theme__slug"),
            theme_title=F("recommendation__theme__title"),
        )
    )


def sources(row: Row) -> list[Row] | None:
    """From what the convenor entered it; None for what its owner published here."""
    given = row["entered_from"]
    names = ("url", "date", "reliability", "note")
    return None if given is None else [{name: one.get(name) for name in names} for one in given]


def field(name: str) -> str:
    """What a text of a promise is called."""
    return str(FIELDS.get(name, _("another part")))


def _stands(row: Row) -> bool:
    return has_standing_claim(Facts(status=row["status"], refuted=row["refuted_on"] is not None))
