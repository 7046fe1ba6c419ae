"""Which priorities of neighbourhood teams a commitment answers: said, and taken back; the record keeps both."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from commitments import actions, permissions
from commitments.models import Commitment, Priority, Tie
from portal.desk.accepting import commitment_at
from portal.desk.door import desk
from portal.desk.once import once, token
from portal.desk.sending import FORM, person
from portal.private import Fault, said, status_of
from record import clock
from record.refusals import Missing, Refusal
from record.values import UUID_FORM

MOST = 100
TIE, UNTIE = "tie", "untie"


@desk
def priorities(request: HttpRequest, reference: str) -> HttpResponse:
    """Those that it answers, and those of its places that it could; one press each. Nothing is typed."""
    it = commitment_at(reference)
    permissions.check_answers_priorities(person(request), it)
    if request.method != "POST":
        return _page(request, it)
    try:
        return once(request, lambda: _done(request, it))
    except Missing:
        raise
    except Refusal as no:
        return _page(request, it, no)


def _done(request: HttpRequest, it: Commitment) -> str:
    verb = actions.untie if UNTIE in request.POST else actions.tie
    named = request.POST.get(UNTIE if UNTIE in request.POST else TIE, "")
    found = Priority.objects.filter(pk=named).first() if UUID_FORM.fullmatch(named) else None
    if found is None:
        raise Missing
    verb(found, by=person(request), today=clock.today(), commitment=it)
    return reverse("desk_priorities", args=[it.reference])


def _page(request: HttpRequest, it: Commitment, no: Refusal | None = None) -> HttpResponse:
    page: dict[str, Any] = {
        "it": it,
        "tied": list(_tied(it)),
        "near": list(_near(it)),
        "most": MOST,
        "once": token(),
        "faults": [Fault(FORM, said(no))] if no else [],
        "sent": "sent" in request.GET,
    }
    return render(request, "portal/desk/priorities.html", page, status=status_of(no) if no else 200)


def _tied(it: Commitment) -> Any:
    ties = Tie.objects.filter(commitment=it).values("priority_id")
    return Priority.objects.filter(pk__in=ties).select_related("neighbourhood").order_by("position")


def _near(it: Commitment) -> Any:
    """Priorities of today in the places where it applies, and in those around them; the newest first."""
    paths = list(it.areas.values_list("path", flat=True))
    here = Q(pk__in=())
    for path in paths:
        around = [path[: place + 1] for place, sign in enumerate(path) if sign == "/"]
        here |= Q(neighbourhood__area__path__startswith=path) | Q(neighbourhood__area__path__in=around)
    ties = Tie.objects.filter(commitment=it).values("priority_id")
    rows = Priority.objects.current().filter(here).exclude(pk__in=ties)
    return rows.select_related("neighbourhood__area").order_by("-position")[:MOST]
