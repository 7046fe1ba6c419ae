"""Organisations and teams at the desk: entered, corrected, and reorganised when posts move."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts import roles
from accounts.models import Organisation, Team, User
from portal.desk.body_forms import CorrectOrganisation, CorrectTeam, EnterOrganisation, EnterTeam, Reorganise
from portal.desk.door import desk
from portal.desk.people import person
from record.refusals import Missing


@desk
@require_safe
def bodies(request: HttpRequest) -> HttpResponse:
    """All of them, with what one may do."""
    by = person(request)
    mine, convenes = roles.responds_for(by), bool(roles.convened(by))
    own = roles.organisation_ids(by)
    rows = (
        Organisation.objects.prefetch_related("teams")
        if convenes
        else Organisation.objects.filter(pk__in=mine)
    )
    shown = [
        {"it": one, "keeps": convenes and one.pk not in own, "teams": _teams(by, one, mine, own, convenes)}
        for one in rows.prefetch_related("teams").order_by("slug")
    ]
    return render(
        request,
        "portal/desk/bodies.html",
        {"rows": shown, "convenes": convenes, "sent": "sent" in request.GET},
    )


@desk
def enter_organisation(request: HttpRequest) -> HttpResponse:
    """A new one."""
    return EnterOrganisation(request).answer()


@desk
def correct_organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Another name."""
    return CorrectOrganisation(request, _organisation(slug)).answer()


@desk
def enter_team(request: HttpRequest, slug: str) -> HttpResponse:
    """A new team of it."""
    return EnterTeam(request, _organisation(slug)).answer()


@desk
def correct_team(request: HttpRequest, slug: str) -> HttpResponse:
    """Another name."""
    return CorrectTeam(request, _team(slug)).answer()


@desk
def reorganise_team(request: HttpRequest, slug: str) -> HttpResponse:
    """It ends, and others go on."""
    return Reorganise(request, _team(slug)).answer()


def _teams(
    by: User, body: Organisation, mine: set[int], own: set[int], convenes: bool
) -> list[dict[str, Any]]:
    keeps = convenes and body.pk not in own
    return [
        {"it": one, "keeps": keeps, "moves": one.ended_on is None and (keeps or body.pk in mine)}
        for one in body.teams.all()
    ]


def _organisation(slug: str) -> Organisation:
    found = Organisation.objects.filter(slug=slug).first()
    if found is None:
        raise Missing
    return found


def _team(slug: str) -> Team:
    found = Team.objects.select_related("organisation").filter(slug=slug, ended_on=None).first()
    if found is None:
        raise Missing
    return found
