"""Roles that are proposed: a second person decides, the first may take it back, the one named takes it up."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts import permissions
from accounts.models import RoleRequest, RoleRequestState, User
from accounts.offices import Office
from commitments.actions import granting
from commitments.permissions import is_allowed
from portal.desk import invitations
from portal.desk.door import desk, with_second_factor
from portal.desk.people import name_of, person
from record.refusals import Missing

APPROVE, REFUSE, WITHDRAW, AGAIN = "approve", "refuse", "withdraw", "again"


@desk
def grants(request: HttpRequest) -> HttpResponse:
    """What waits for a second person, and what waits to be taken up."""
    by = person(request)
    if request.method == "POST":
        return _decided(request, by)
    rows = [_shown(by, one, office) for one, office in granting.open_for(by)]
    mailed = request.GET.get("mailed", "")
    return render(request, "portal/desk/grants.html", {"rows": rows, "mailed": mailed})


@with_second_factor
def take_up(request: HttpRequest, key: UUID) -> HttpResponse:
    """Begin in an office to which one was invited. For somebody who may not hold any yet."""
    by = person(request)
    row, office = next((pair for pair in granting.invitations(by) if pair[0].pk == key), (None, None))
    if row is None or office is None:
        raise Missing
    if request.method == "POST":
        granting.take_up_role(row, by=by)
        return redirect("desk")
    return render(request, "portal/desk/take_up.html", {"it": row, "name": name_of(office)})


@with_second_factor
@require_safe
def invited(request: HttpRequest) -> HttpResponse:
    """Where the mail leads: the roles that one may take up."""
    by = person(request)
    rows = [(one, name_of(office)) for one, office in granting.invitations(by)]
    return render(request, "portal/desk/invited.html", {"rows": rows})


def _shown(by: User, row: RoleRequest, office: Office) -> dict[str, object]:
    is_waiting = row.state == RoleRequestState.PROPOSED
    decides = is_allowed(permissions.check_decides, by, row, office)
    return {
        "it": row,
        "name": name_of(office),
        "is_waiting": is_waiting,
        "decides": decides,
        "is_own": row.proposed_by_id == by.pk,
        "until": row.proposed_at + granting.LAPSES,
    }


def _decided(request: HttpRequest, by: User) -> HttpResponse:
    """What was pressed, for which proposal; to whom it does not concern it is not there."""
    which = request.POST.get("which")
    row = next((one for one, _office in granting.open_for(by) if str(one.pk) == which), None)
    if row is None:
        raise Missing
    pressed = request.POST.get("press", "")
    if pressed == APPROVE:
        row = granting.approve_role(row, by=by)
    elif pressed == REFUSE:
        granting.refuse_role(row, by=by)
    elif pressed == WITHDRAW:
        granting.withdraw_role(row, by=by)
    mailed = ""
    if pressed in (APPROVE, AGAIN) and row.state == RoleRequestState.APPROVED:
        mailed = f"?mailed={'yes' if invitations.send(row) else 'no'}"
    return redirect(f"{reverse('desk_grants')}{mailed}")
