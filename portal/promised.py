"""What was said: a commitment's words, who promised them, by when, how it could be judged, and where it came from."""

from datetime import date
from typing import Any

from django.db.models import BigIntegerField, CharField, F, Q
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.utils.translation import ngettext

from commitments.cards import COLUMNS, cards, due_of
from commitments.choices import RequestState, Standing
from commitments.models import Answering, Correction, DueDateChange, HandOver, Lineage, Milestone, Owner
from commitments.models.commitments import CLOSED
from commitments.standing import Facts, has_standing_claim
from portal import days, wording
from portal.happenings import FIELDS
from record.prepared import Blank, Prepared

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
    row = _ROW.row(today=today, reference=reference)
    if row is None:
        raise Http404
    return row


def owners(key: int) -> Row:
    """Who leads, who promised with them, and who owned it before."""
    named = _OWNERS.rows(key=key)
    present = [row for row in named if row["ended_on"] is None]
    return {
        "lead": next((row for row in present if row["lead"]), None),
        "others": [row for row in present if not row["lead"]],
        "former": [row for row in named if row["ended_on"] is not None],
    }


def corrections(key: int) -> list[Row]:
    """The corrections that took effect, the oldest first."""
    return _CORRECTIONS.rows(key=key)


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
    return [
        row
        | {
            "old": days.promised(row["old_on"], row["old_precision"], row["old_text"]),
            "new": days.promised(row["on"], row["precision"], row["text"]),
        }
        for row in _MOVES.rows(key=key)
    ]


def missing(row: Row) -> list[str]:
    """What it lacks for anybody to judge whether it was kept."""
    return [str(label) for name, label in NEEDED.items() if not row[name]]


def steps(key: int, row: Row, today: date) -> list[Row]:
    """Its milestones, the earliest first; when each was due and when it was done are two things."""
    expected = row["accepted_on"] is not None and row["status"] not in CLOSED and not _stands(row)
    return [
        one
        | {
            "overdue": one["done_on"] is None and expected and one["due_on"] < today,
            "late": max(0, (one["done_on"] - one["due_on"]).days) if one["done_on"] else None,
        }
        for one in _STEPS.rows(key=key)
    ]


def lineage(key: int) -> Row:
    """What it came from, and what became of it."""
    found = _LINEAGE.rows(key=key)
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
    return _HAND_OVERS.rows(key=key)


def recommendations(key: int) -> list[Row]:
    """The recommendations that it answers, with their themes."""
    return _ANSWERS.rows(key=key)


def sources(row: Row) -> list[Row] | None:
    """From what the convenor entered it; None for what its owner published here."""
    given = row["entered_from"]
    names = ("url", "date", "reliability", "note")
    return None if given is None else [{name: one.get(name) for name in names} for one in given]


def in_short(row: Row, late: int | None) -> str:
    """How it stands in a few words, and what that word alone would flatter: lateness, and moves of its date."""
    parts = [] if late and row["standing"] in (Standing.LATE, Standing.VERY_LATE) else [str(_label(row))]
    parts += [days.late(late)] if late else []
    moved = row["due_changes"]
    parts += [ngettext("date moved once", "date moved %(n)s times", moved) % {"n": moved}] if moved else []
    return ", ".join(parts)


def _label(row: Row) -> Any:
    return wording.standing(row["standing"]).label


def field(name: str) -> str:
    """What a text of a promise is called."""
    return str(FIELDS.get(name, _("another part")))


def _stands(row: Row) -> bool:
    return has_standing_claim(Facts(status=row["status"], refuted=row["refuted_on"] is not None))


_KEY: Any = Blank("key", BigIntegerField())
_COLUMNS = (*COLUMNS, *WORDS, "stage", "notes", "verify_by", "assembly__title", "assembly__invented")
_ROW = Prepared(
    lambda: (
        cards(Blank.day("today"))
        .filter(reference=Blank("reference", CharField()))
        .order_by()
        .values(*_COLUMNS)
    )
)
_OWNERS = Prepared(
    lambda: (
        Owner.objects.filter(commitment=_KEY)
        .order_by("-lead", "pk")
        .values(
            "lead", "accepted_on", "ended_on", "team__slug", "organisation__slug", "team_status",
            team_name=F("team__name"), body_name=F("organisation__name"), passed=F("passed_to__name"),
        )
    )
)  # fmt: skip
_CORRECTIONS = Prepared(
    lambda: (
        Correction.objects.filter(commitment=_KEY, state=RequestState.APPROVED)
        .order_by("updated_position")
        .values(
            "field", "old", "new", "reason", "decision_reason", "requested_on", "decided_on", "requested_by",
            "updated_position", "invented", step=F("milestone__title"),
        )
    )
)  # fmt: skip
_MOVES = Prepared(
    lambda: (
        DueDateChange.objects.filter(commitment=_KEY)
        .order_by("position")
        .values(
            "on", "precision", "text", "old_on", "old_precision", "old_text", "reason", "state", "requested_on",
            "decided_on", "decision_reason", "position", "updated_position", "invented", asker=F("team__name"),
        )
    )
)  # fmt: skip
_STEPS = Prepared(
    lambda: Milestone.objects.filter(commitment=_KEY).values(
        "id", "title", "due_on", "first_due_on", "done_on", "held_on", "invented"
    )
)
_LINEAGE = Prepared(
    lambda: (
        Lineage.objects.filter(Q(earlier=_KEY) | Q(later=_KEY))
        .order_by("on", "earlier__position", "later__position")
        .values(
            "kind", "on", "reason", "earlier_id", "earlier__reference", "earlier__title",
            "later__reference", "later__title",
        )
    )
)  # fmt: skip
_HAND_OVERS = Prepared(
    lambda: HandOver.objects.filter(commitment=_KEY).values(
        "state", "offered_on", "decided_on", "reason", "decision_reason", to=F("organisation__name")
    )
)
_ANSWERS = Prepared(
    lambda: (
        Answering.objects.filter(commitment=_KEY)
        .order_by("recommendation__position")
        .values(
            reference=F("recommendation__reference"),
            title=F("recommendation__title"),
            theme=F("recommendation__theme__slug"),
            theme_title=F("recommendation__theme__title"),
        )
    )
)
