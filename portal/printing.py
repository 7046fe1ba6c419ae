"""Sheets of paper for ward panels: what was promised for a ward or under a theme, on one or a few pages of A4."""

from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from commitments.models import Answering, Area, Commitment, CommitmentArea, Theme
from portal.areas import promised_inside
from portal.cards import Card, cards
from portal.kept import kept
from record import clock
from record.models import Head

MOST = 60
"""Commitments on a sheet; it says so where there are more."""


@kept
def area_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """What concerns an area: what was promised inside it first, then for the areas around it."""
    row = Area.objects.filter(code=code).first()
    if row is None:
        raise Http404
    codes = row.path.rstrip("/").split("/")
    inside = promised_inside(row)
    around = CommitmentArea.objects.filter(area__code__in=codes[:-1]).values("commitment")
    beyond = Commitment.objects.filter(pk__in=around).exclude(pk__in=inside.values("pk"))
    within = list(Area.objects.filter(code__in=codes[:-1]).order_by("path"))
    own, more = _shown(inside, MOST)
    others, left = _shown(beyond, MOST - len(own))
    context = {"area": row, "within": within, "parts": [own, others], "left": more + left}
    return _sheet(request, "portal/print_area.html", context)


@kept
def theme_sheet(request: HttpRequest, slug: str, theme: str) -> HttpResponse:
    """What was promised under a theme."""
    row = Theme.objects.filter(assembly__slug=slug, slug=theme).select_related("assembly").first()
    if row is None:
        raise Http404
    answering = Answering.objects.filter(recommendation__theme=row).values("commitment")
    own, more = _shown(Commitment.objects.filter(pk__in=answering), MOST)
    return _sheet(request, "portal/print_theme.html", {"theme": row, "parts": [own], "left": more})


def _shown(rows: QuerySet[Commitment], most: int) -> tuple[list[Card], int]:
    """The first of them by due date, unknown ones last, and how many more there are."""
    ordered = rows.order_by(F("due_on").asc(nulls_last=True), "position")
    shown = cards(ordered.values_list("pk", flat=True)[:most], clock.today())
    return shown, rows.count() - len(shown)


def _sheet(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    position = Head.objects.values_list("position", flat=True).get()
    return render(request, template, {**context, "today": clock.today(), "position": position})
