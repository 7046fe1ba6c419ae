"""Who holds which role where one administers, own posts, invitations; ending roles, and shutting accounts."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import offices, permissions, roles
from accounts.models import INDEPENDENT_ROLES, Membership, Organisation, Role, RoleRequestState, Team, User
from accounts.offices import Office
from commitments.actions import granting
from commitments.permissions import is_allowed
from portal.desk.door import desk
from record.refusals import Forbidden, Missing

BESIDE = ("user", "organisation", "team__organisation")


class Held(NamedTuple):
    """A role that somebody holds, and whether it may be ended from here."""

    row: Membership
    may_end: bool


class Group(NamedTuple):
    """An office, by name, who works in it, and whether one may invite into it."""

    name: str
    key: str
    held: list[Held]
    may_invite: bool


@desk
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """By office."""
    by = person(request)
    context = {
        "groups": groups(by),
        "thin": thin(by),
        "own": roles.exercised(by).select_related("organisation", "team").order_by("pk"),
        "invitations": granting.invitations(by),
        "waiting": waiting_for(by),
    }
    return render(request, "portal/desk/people.html", context)


@desk
def end_role(request: HttpRequest, key: int) -> HttpResponse:
    """End somebody's role at once, once one is sure."""
    by, membership = _one(request, key)
    if request.method == "POST":
        granting.take_role_away(membership, by=by)
        return redirect("desk_people")
    context = {
        "it": membership,
        "office": offices.of(membership),
        "may_shut": is_allowed(permissions.check_shuts, by, membership.user),
    }
    return render(request, "portal/desk/end_role.html", context)


@desk
def shut(request: HttpRequest, key: int) -> HttpResponse:
    """End all that somebody holds, and shut their account: sessions, keys and links."""
    by, membership = _one(request, key)
    if request.method == "POST":
        granting.shut_account(membership.user, by=by)
        return redirect("desk_people")
    permissions.check_shuts(by, membership.user)
    held = [offices.of(one) for one in roles.present_of(membership.user).select_related(*BESIDE)]
    return render(request, "portal/desk/shut.html", {"it": membership, "held": held})


def person(request: HttpRequest) -> User:
    """Who asks; behind the door of the desk it is somebody."""
    if not isinstance(request.user, User):
        raise Forbidden
    return request.user


def groups(by: User) -> list[Group]:
    """The offices that this person administers."""
    there = administered(by)
    found = defaultdict(list)
    for row in _memberships(there):
        found[row.office].append(Held(row, row.user_id != by.pk))
    return [Group(name_of(office), office.key, found[office.key], may_invite=True) for office in there]


def administered(by: User) -> list[Office]:
    """The offices of the assemblies that one convenes, of the bodies for which one answers, and of their teams."""
    found = [Office(role, assembly=slug) for slug in roles.convened(by) for role in INDEPENDENT_ROLES]
    bodies = Organisation.objects.filter(pk__in=roles.responds_for(by)).order_by("slug")
    teams = Team.objects.filter(organisation__in=bodies, ended_on=None).select_related("organisation")
    of_body = defaultdict(list)
    for team in teams:
        of_body[team.organisation_id].append(
            Office(Role.TEAM_MEMBER, organisation=team.organisation, team=team)
        )
    for body in bodies:
        found += [Office(Role.RESPONDER, organisation=body), *of_body[body.pk]]
    return found


def thin(by: User) -> list[Group]:
    """For a convenor the bodies that lack responders: those with none, whose first one they propose, or with one."""
    if not roles.convened(by):
        return []
    answers = Q(memberships__role=Role.RESPONDER, memberships__user__is_active=True)
    here = Q(memberships__in=Membership.objects.filter(roles.present()))
    counted = Organisation.objects.annotate(responders=Count("memberships", filter=answers & here))
    bodies = list(
        counted.filter(responders__lt=2).exclude(pk__in=roles.organisation_ids(by)).order_by("slug")
    )
    found = defaultdict(list)
    rows = Membership.objects.filter(roles.present(), organisation__in=bodies).select_related(*BESIDE)
    for row in rows.order_by("pk"):
        found[row.organisation_id].append(row)
    return [_thin_group(body, found[body.pk]) for body in bodies]


def name_of(office: Office) -> str:
    """An office as a heading has it."""
    if office.role == Role.CONVENOR:
        return _("Convenors of %(name)s") % {"name": office.assembly}
    if office.role == Role.PANEL:
        return _("Panel of %(name)s") % {"name": office.assembly}
    if office.team is not None:
        return _("Team: %(name)s") % {"name": office.team.name}
    return _("Responders of %(name)s") % {"name": office.organisation}


def waiting_for(by: User) -> int:
    """How many proposals wait for this person as the second."""
    rows = [one for one, _office in granting.open_for(by)]
    return sum(one.state == RoleRequestState.PROPOSED and one.proposed_by_id != by.pk for one in rows)


def _thin_group(body: Organisation, rows: list[Membership]) -> Group:
    responders = [row for row in rows if row.role == Role.RESPONDER and row.user.is_active]
    shown = [Held(row, may_end=True) for row in (responders or rows)]
    office = Office(Role.RESPONDER, organisation=body)
    return Group(name_of(office), office.key, shown, may_invite=not responders)


def _memberships(there: Iterable[Office]) -> QuerySet[Membership]:
    assemblies = {one.assembly for one in there if one.assembly}
    bodies = {one.organisation.pk for one in there if one.organisation}
    where = Q(assembly__in=assemblies) | Q(organisation__in=bodies)
    return Membership.objects.filter(roles.present(), where).select_related(*BESIDE).order_by("pk")


def _one(request: HttpRequest, key: int) -> tuple[User, Membership]:
    """A role that one may end; to everybody else it is not there."""
    by = person(request)
    rows = Membership.objects.filter(roles.present(), pk=key).select_related(*BESIDE)
    found = rows.first()
    if found is None or not is_allowed(permissions.check_ends, by, found):
        raise Missing
    return by, found
