"""The page of a recommendation: what was asked for, of whom, what they answered and promised, and every wording."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.choices import RequestState
from commitments.models import Answering, Asked, Correction, Recommendation, Response
from portal import redlines, wording
from portal.cards import cards
from portal.kept import kept
from portal.sources import sources
from record import clock

Row = dict[str, Any]
MOST = 100


@kept
def recommendation(request: HttpRequest, reference: str) -> HttpResponse:
    """One recommendation with its whole story. Seven questions."""
    today = clock.today()
    rows = Recommendation.objects.with_state(today).select_related("assembly", "theme")
    row: Any = rows.filter(reference=reference).first()
    if row is None:
        raise Http404
    asked, answers = _asked(row.pk, today), _answers(row.pk)
    corrected = _wordings(row.pk)
    promises = Answering.objects.filter(recommendation=row.pk).order_by("commitment__position")
    context = {
        "it": row,
        "word": wording.RECOMMENDATION_STATES[row.state],
        "asked": asked,
        "answers": answers,
        "is_asked_invented": not row.invented and any(one["invented"] for one in asked),
        "cards": cards(promises.values_list("commitment_id", flat=True)[:MOST], today),
        "first": next((one["old"] for one in corrected if one["field"] == "title"), row.title),
        "corrected": corrected,
        "sources": sources(row.entered_from),
        "ground": wording.GROUNDS.get(row.held_ground or ""),
    }
    return render(request, "portal/recommendation.html", context)


def _asked(key: int, today: date) -> list[Row]:
    """Who was asked, and how each clock stands."""
    rows = Asked.objects.filter(recommendation=key).order_by("position")
    columns = ("asked_on", "due_on", "answered_on", "position", "invented")
    named = rows.values(*columns, name=F("organisation__name"), slug=F("organisation__slug"))
    return [row | _clock(row, today) for row in named]


def _clock(row: Row, today: date) -> Row:
    late = ((row["answered_on"] or today) - row["due_on"]).days
    waiting = "no_response" if late > 0 else "awaiting_response"
    return {
        "word": wording.RECOMMENDATION_STATES["responded" if row["answered_on"] else waiting],
        "late": max(late, 0),
        "left": -late if not row["answered_on"] and late <= 0 else None,
    }


def _answers(key: int) -> list[list[Row]]:
    """Each organisation's answer, the newest version first; organisations in the order of their first answers."""
    rows = Response.objects.filter(recommendation=key).order_by("position")
    columns = (
        "stance",
        "body",
        "reason",
        "answered_on",
        "late_by_days",
        "position",
        "held_on",
        "invented",
        "published_at",
    )
    by: dict[str, list[Row]] = defaultdict(list)
    for row in rows.values(
        *columns, "entered_from", name=F("organisation__name"), slug=F("organisation__slug")
    ):
        told = {"word": wording.POSITIONS[row["stance"]], "sources": sources(row["entered_from"])}
        by[row["slug"]].insert(0, row | told)
    return list(by.values())


def _wordings(key: int) -> list[Row]:
    """Every correction that took effect, the oldest first, each word by word."""
    rows = Correction.objects.filter(recommendation=key, state=RequestState.APPROVED).order_by(
        "updated_position"
    )
    found = rows.values(
        "field", "old", "new", "reason", "decided_on", "requested_on", "updated_position", "invented"
    )
    return [row | {"pieces": redlines.between(row["old"], row["new"])} for row in found]
