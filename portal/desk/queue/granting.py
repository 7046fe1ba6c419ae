"""What waits about roles: those that need a second person, and those that somebody is invited to take up."""

from datetime import date
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Concat, Substr
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.models import Membership, Role, RoleRequest, RoleRequestState, Team
from commitments.actions.granting import LAPSES
from portal.desk.queue.kinds import Columns, Kind, Said
from portal.desk.queue.seats import Seats
from record import clock

ORGANISATION, TEAM = "organisation:", "team:"
_TEAM = Team.objects.filter(slug=Substr(OuterRef("office"), len(TEAM) + 1), ended_on=None)
BODY = Case(
    When(office__startswith=ORGANISATION, then=Substr("office", len(ORGANISATION) + 1)),
    When(office__startswith=TEAM, then=Coalesce(Subquery(_TEAM.values("organisation__slug")[:1]), Value(""))),
    default=Value(""),
    output_field=CharField(),
)
"""The slug of the body whose office it is; none of an assembly's, or of a team's that ended."""


def _alive(state: str) -> QuerySet[RoleRequest]:
    """Of those in a state: neither such as waited too long, written down or not, nor such for teams that ended."""
    rows = RoleRequest.objects.filter(state=state, proposed_at__gte=clock.now() - LAPSES)
    return rows.annotate(its_body=BODY).exclude(office__startswith=TEAM, its_body="")


def _proposed(seats: Seats, today: date) -> QuerySet[Any]:
    """Where this person could be the second, or was the first; as `accounts.permissions.check_decides` has it."""
    rows = _alive(RoleRequestState.PROPOSED)
    others = Membership.objects.filter(
        roles.present(), role=Role.RESPONDER, organisation__slug=OuterRef("its_body"), user__is_active=True
    )
    others = others.exclude(user=OuterRef("proposed_by")).exclude(user__email=OuterRef("email"))
    rows = rows.annotate(its_second=Exists(others))
    assemblies = [f"{kind}:{one}" for one in seats.convened for kind in ("convenor", "panel")]
    mine: Any = Q(office__in=assemblies) | Q(its_body__in=[slug for _key, slug in seats.bodies])
    if seats.convened:
        inside = Membership.objects.filter(
            roles.present(), user=seats.user, organisation__slug=OuterRef("its_body")
        )
        mine |= ~Q(its_body="") & Q(its_second=False) & ~Exists(inside)
    return rows.filter(mine)


def _proposed_columns(seats: Seats) -> Columns:
    first = f"convenor:{seats.convened[0]}" if seats.convened else "organisation:"
    bodies = [slug for _key, slug in seats.bodies]
    named = Case(
        When(its_body__in=bodies, then=Concat(Value(ORGANISATION), F("its_body"))),
        When(
            office__startswith="panel:", then=Concat(Value("convenor:"), Substr("office", len("panel:") + 1))
        ),
        When(office__startswith="convenor:", then=F("office")),
        default=Value(first),
        output_field=CharField(),
    )
    return Columns(
        office=named, story=F("office"), since=F("proposed_at"), key=F("pk"),
        barred=Q(proposed_by=seats.user) | Q(email=seats.email),
    )  # fmt: skip


def _invited(seats: Seats, today: date) -> QuerySet[Any]:
    return _alive(RoleRequestState.APPROVED).filter(email=seats.email)


def _invited_columns(seats: Seats) -> Columns:
    return Columns(office=Value("you"), story=F("office"), since=F("decided_at"), key=F("pk"))


KINDS = (
    Kind(
        "grant", "registers", _("Roles that wait for a second person"),
        _("Two people grant a role: one proposes it, another approves it. A proposal lapses after 30 days."),
        _proposed, _proposed_columns,
        Said(since=_("It was proposed on %(on)s, %(when)s, and a second person is to decide.")),
        ("desk_grants", ()),
        frozenset({"RoleRequest.state=proposed", "RoleRequest.decided_at"}),
    ),
    Kind(
        "invitation", "anyone", _("Roles that you are to take up"),
        _("Two people agreed that you hold it. You do once you take it up; it lapses 30 days after it was"
          " proposed."),
        _invited, _invited_columns,
        Said(since=_("You may take it up since %(on)s, %(when)s.")),
        ("desk_take_up", ("key",)),
        frozenset({"RoleRequest.state=approved"}),
    ),
)  # fmt: skip
