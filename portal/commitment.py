"""The page of a commitment, of its wordings and dates, and of a challenge: what was said, and what came of it."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from commitments import deadlines
from commitments.actions.corrections import MILESTONE
from commitments.choices import Status
from commitments.models import Challenge
from commitments.models.commitments import CLOSED
from portal import charts, days, done, happenings, promised, redlines, sharing, wording
from portal.kept import kept
from record import clock

Row = dict[str, Any]


@kept
def commitment(request: HttpRequest, reference: str) -> HttpResponse:
    """One commitment. Its story is paged: `?before=` a position of the record."""
    today = clock.today()
    row = promised.row_of(reference, today)
    return render(request, "portal/commitment.html", _page(row, today, _before(request)))


def _before(request: HttpRequest) -> int | None:
    """Where the part of the story ends that was asked for. Raises Http404 for what is no position."""
    text = request.GET.get("before")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise Http404
    return int(text)


def _page(row: Row, today: date, before: int | None) -> Row:
    key, moves = row["id"], promised.moves(row["id"])
    corrected, steps = promised.corrections(key), promised.steps(key, row, today)
    due = promised.due(row, today, moves)
    found, reports = done.findings(key, row["claim_id"]), done.reports(key, row["claim_id"])
    heard = done.residents(f"commitment:{row['reference']}", row)
    titles = {str(step["id"]): step["title"] for step in steps}
    return {
        "it": row,
        "today": today,
        "standing": wording.standing(row["standing"]),
        "said": _said(row, corrected, key),
        "due": due,
        "days": _days(row, due, found, today),
        "steps": steps,
        "steps_done": sum(step["done_on"] is not None for step in steps),
        "is_running": row["accepted_on"] is not None and row["status"] not in (*CLOSED, Status.COMPLETED),
        "status": wording.STATUSES.get(row["status"] or ""),
        "reports": reports,
        "found": found,
        "verify_days": (row["verify_by"] - today).days if row["verify_by"] else None,
        "heard": heard,
        "chart": charts.intervals(heard["groups"], _("What residents say, from 1 to 5")),
        "spoken": done.spoken(commitment=key),
        "challenges": done.challenges(key, today),
        "most": done.CHALLENGES,
        "story": happenings.story(row["reference"], key, titles, before),
        "before": before,
        "is_claimed": row["status"] == Status.COMPLETED,
        "share": _shared(row, due),
        **_words(),
    }


def _said(row: Row, corrected: list[Row], key: int) -> Row:
    first = promised.original(row, corrected)
    return {
        "first": first,
        "corrected": corrected,
        "is_reworded": any(row[name] != first[name] for name in ("title", "body")),
        "missing": promised.missing(row),
        "owners": promised.owners(key),
        "recommendations": promised.recommendations(key),
        "lineage": promised.lineage(key),
        "hand_overs": promised.hand_overs(key),
        "sources": promised.sources(row),
        "ground": wording.GROUNDS.get(row["held_ground"] or ""),
    }


def _shared(row: Row, due: Row) -> dict[str, str]:
    word = wording.standing(row["standing"])
    says = promised.in_short(row, due["late"])
    path = reverse("commitment", args=[row["reference"]])
    image = reverse("commitment_picture", args=[row["reference"]])
    frames = {
        "card": sharing.whole(reverse("commitment_card", args=[row["reference"]])),
        "badge": sharing.whole(reverse("commitment_badge", args=[row["reference"]])),
    }
    return sharing.of(row["title"], f"{says}. {word.meaning}", path, image) | frames


def _days(row: Row, due: Row, found: Row, today: date) -> charts.Days | None:
    """The days of the promise on a line."""
    verdict, moved = found["present"], due["moves"]
    points = [
        ("said", _("said"), deadlines.london_date(row["published_at"]) if row["accepted_on"] else None),
        *(
            ("moved", _("moved") if place else _("due first"), move["old_on"])
            for place, move in enumerate(moved)
        ),
        ("due", _("due"), row["due_on"]),
        ("claimed", _("claimed"), row["claimed_on"]),
        ("found", _("the panel"), verdict["found_on"] if verdict else None),
        ("today", _("today"), today),
    ]
    return charts.line_of_days(points, row["due_on"], due["counted_to"] if due["late"] else None)


def _words() -> Row:
    return {
        "self_selected": wording.SELF_SELECTED,
        "not_shown": wording.NOT_SHOWN,
        "states": wording.CHALLENGE_STATES,
        "outcomes": wording.OUTCOMES,
        "whole": False,
        "on_its_own": False,
    }


@kept
def commitment_history(request: HttpRequest, reference: str) -> HttpResponse:
    """Every wording of a commitment, word by word, and every move of its date."""
    today = clock.today()
    row = promised.row_of(reference, today)
    corrected = promised.corrections(row["id"])
    first = promised.original(row, corrected)
    context = {
        "it": row,
        "standing": wording.standing(row["standing"]),
        "first": [(promised.field(name), text) for name, text in first.items() if text],
        "changes": [
            one | {"name": promised.field(one["field"]), "pieces": redlines.between(*_wordings(one))}
            for one in corrected
        ],
        "due": promised.due(row, today, promised.moves(row["id"])),
    }
    return render(request, "portal/commitment_history.html", context)


def _wordings(one: Row) -> tuple[str, str]:
    """The old one and the new one; dates as they are said."""
    if one["field"] == MILESTONE:
        old, new = (days.day(date.fromisoformat(one[name])) for name in ("old", "new"))
        return old, new
    return one["old"], one["new"]


@kept
def challenge(request: HttpRequest, key: UUID) -> HttpResponse:
    """One challenge: the claim, why it is disputed, the answer and its clock, and what was decided."""
    today = clock.today()
    rows: QuerySet[Any] = Challenge.objects.with_state(today).filter(pk=key)
    row = rows.values(
        *done.COLUMNS_OF_A_CHALLENGE,
        "commitment_id",
        replier=F("replied_by__name"),
        reference=F("commitment__reference"),
        title=F("commitment__title"),
        assembly=F("commitment__assembly__title"),
        assembly_slug=F("commitment__assembly__slug"),
    ).first()
    if row is None:
        raise Http404
    told = done.told(row, today)
    context = {
        "it": told,
        "state": wording.CHALLENGE_STATES[row["shown_state"]],
        "outcome": wording.OUTCOMES.get(row["outcome"] or ""),
        "claim": done.reports(row["commitment_id"], row["claim_id"]),
        **_words(),
    }
    return render(request, "portal/challenge.html", context)
