"""Proposing that somebody is to hold a role; a second person approves it, and then the invitation goes out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import offices
from accounts.models import User, canonical
from commitments.actions import granting
from portal.desk.door import desk
from portal.desk.people import administered, name_of, person, thin
from portal.private import Fault, said, status_of
from portal.typed import fault_of_address
from record.refusals import Invalid, NotNow, Refusal

ADDRESS, OFFICE = "address", "office"


@desk
def invite(request: HttpRequest) -> HttpResponse:
    """Whom, and for what."""
    by = person(request)
    choices = _choices(by)
    if request.method != "POST":
        return _form(request, choices)
    address, key = canonical(request.POST.get(ADDRESS, "")), request.POST.get(OFFICE, "")
    fault = fault_of_address(ADDRESS, address)
    if fault or not key:
        return _form(request, choices, fault or Fault(OFFICE, _("Choose for what.")))
    try:
        granting.propose_role(address, offices.named(key), by=by)
    except (Invalid, NotNow) as no:
        return _form(request, choices, fault_of(no), status=status_of(no))
    return redirect("desk_grants")


def fault_of(no: Refusal) -> Fault:
    """A refusal at the field that mends it."""
    return Fault(ADDRESS if no.field == "email" else OFFICE, said(no))


def _choices(by: User) -> list[tuple[str, str]]:
    """The offices into which one may invite, by their key."""
    first = [(one.key, one.name) for one in thin(by) if one.may_invite]
    return [(one.key, name_of(one)) for one in administered(by)] + first


def _form(
    request: HttpRequest, choices: list[tuple[str, str]], *faults: Fault, status: int = 400
) -> HttpResponse:
    context = {
        "choices": choices,
        "chosen": request.POST.get(OFFICE) or request.GET.get(OFFICE, ""),
        "typed": request.POST.get(ADDRESS, ""),
        "faults": faults,
        "days": granting.LAPSES.days,
    }
    return render(request, "portal/desk/invite.html", context, status=status if faults else 200)
