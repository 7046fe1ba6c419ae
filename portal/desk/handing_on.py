"""Leaving one's own post, on a day or at once, and handing it on; what the post holds stays with the post."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import offices, roles
from accounts.models import Membership, User, canonical
from commitments.actions import granting
from portal.desk.door import desk
from portal.desk.people import name_of, person
from portal.private import Fault, said, status_of
from portal.typed import fault_of_address
from record import clock
from record.refusals import Invalid, Missing, NotNow, Refusal

LAST_DAY, ADDRESS, STAY, NOW = "last_day", "address", "stay", "now"


@desk
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """One's own posts."""
    rows = _own(person(request)).order_by("pk")
    return render(
        request, "portal/desk/posts.html", {"rows": [(one, name_of(offices.of(one))) for one in rows]}
    )


@desk
def hand_on(request: HttpRequest, key: int) -> HttpResponse:
    """One of them: until when one stays, and who is to come next."""
    by = person(request)
    membership = _own(by).filter(pk=key).first()
    if membership is None:
        raise Missing
    if request.method != "POST":
        return _form(request, membership)
    if STAY in request.POST:
        granting.stay_in_post(membership, by=by)
        return redirect("desk_hand_on")
    last_day, address, faults = _typed(request)
    if faults:
        return _form(request, membership, *faults)
    try:
        _do(membership, by, last_day, address, is_leaving=NOW in request.POST or last_day is not None)
    except (Invalid, NotNow) as no:
        return _form(request, membership, _fault(no), status=status_of(no))
    return redirect("desk_hand_on" if roles.exercised(by).exists() else "account")


@transaction.atomic
def _do(membership: Membership, by: User, last_day: date | None, address: str, *, is_leaving: bool) -> None:
    """Both or neither. With a successor and no day, the post ends when they take it up."""
    if address:
        granting.hand_on_post(membership, address, by=by)
    if is_leaving:
        granting.leave_post(membership, by=by, today=clock.today(), last_day=last_day)


def _typed(request: HttpRequest) -> tuple[date | None, str, list[Fault]]:
    is_now = NOW in request.POST
    day = "" if is_now else request.POST.get(LAST_DAY, "").strip()
    address = canonical(request.POST.get(ADDRESS, ""))
    last_day, faults = _day(day), []
    if day and last_day is None:
        faults.append(Fault(LAST_DAY, _("Write the day as 2026-03-31.")))
    wrong = fault_of_address(ADDRESS, address) if address else None
    faults += [wrong] if wrong else []
    if not (day or address or is_now):
        faults.append(Fault(LAST_DAY, _("Say your last day, or who comes next, or that you leave now.")))
    return last_day, address, faults


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _fault(no: Refusal) -> Fault:
    return Fault(ADDRESS if no.field == "email" else LAST_DAY, said(no))


def _own(by: User) -> QuerySet[Membership]:
    return roles.exercised(by).select_related("user", "organisation", "team__organisation")


def _form(request: HttpRequest, membership: Membership, *faults: Fault, status: int = 400) -> HttpResponse:
    context = {
        "it": membership,
        "name": name_of(offices.of(membership)),
        "last_day": request.POST.get(LAST_DAY, ""),
        "typed": request.POST.get(ADDRESS, ""),
        "today": clock.today(),
        "faults": faults,
    }
    return render(request, "portal/desk/hand_on.html", context, status=status if faults else 200)
