"""Who holds which role: proposed by one, approved by another, taken up by the person; ended, left and handed on.

None of it is a public fact, so nothing of it enters the record; who did what stands in the rows. Whether somebody may
hold a role beside their others is said to them alone, when they take it up: told to a proposer, it would tell a body
who sits on a panel.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts import errors as refusals
from accounts import offices, roles, second_factor
from accounts import permissions as administering
from accounts.actions import disable_account, enable_account, end_what_is_over
from accounts.models import (
    INDEPENDENT_ROLES,
    Membership,
    Role,
    RoleRequest,
    RoleRequestState,
    User,
    canonical,
)
from accounts.offices import Office
from commitments import errors, permissions
from commitments.models import Assembly
from record import clock
from record.ledger import action

OPEN = (RoleRequestState.PROPOSED, RoleRequestState.APPROVED)
LAPSES = timedelta(days=30)
"""So long a proposal waits, for a second person and for the one whom it names."""
FARTHEST = timedelta(days=366)


@action
def propose_role(
    email: str, office: Office, *, by: User, instead_of: Membership | None = None
) -> RoleRequest:
    """Propose that an address is to hold a role; it holds when a second person approved and they took it up.

    `instead_of` is the own role that somebody hands on.
    """
    email = canonical(email)
    _lock(office)
    forget_lapsed()
    _check_there(office)
    administering.check_proposes(by, office, email, hands_on=instead_of is not None)
    _check_independent(by, office)
    if roles.present_office(office).filter(user__email=email).exists():
        raise refusals.RoleHeld(field="email")
    if not administering.seconds(office, email, by).exists():
        raise refusals.NoSecondPerson(office=office)
    try:
        with transaction.atomic():
            return RoleRequest.objects.create(
                email=email, office=office.key, proposed_by=by, proposed_at=clock.now(), instead_of=instead_of
            )
    except IntegrityError as error:
        raise refusals.RoleProposed(field="email") from error


@action
def approve_role(request: RoleRequest, *, by: User) -> RoleRequest:
    """Agree, as a second person; the one whom it names may take it up from now on."""
    office, request = _locked(request, RoleRequestState.PROPOSED)
    administering.check_decides(by, request, office)
    _check_independent(by, office)
    _open_again(request.email)
    return _decided(request, RoleRequestState.APPROVED, by)


@action
def refuse_role(request: RoleRequest, *, by: User) -> RoleRequest:
    """Say no, as a second person; also to what was approved and not taken up yet."""
    office, request = _locked(request, *OPEN)
    administering.check_decides(by, request, office)
    return _decided(request, RoleRequestState.REFUSED, by)


@action
def withdraw_role(request: RoleRequest, *, by: User) -> RoleRequest:
    """Take back what one proposed oneself, while it is not taken up."""
    _, request = _locked(request, *OPEN)
    if request.proposed_by_id != by.pk:
        raise refusals.NotYoursToAdminister(office="this proposal", who="who proposed it")
    return _decided(request, RoleRequestState.WITHDRAWN, by)


@action
def take_up_role(request: RoleRequest, *, by: User) -> Membership:
    """Begin: who confirmed the address, and gave a second factor. A post that is handed on ends with it."""
    if not roles.is_resident(by):
        raise refusals.NoSuchOffice
    if not by.acts_in_office:
        raise refusals.SecondFactorFirst
    office, request = _locked(request, RoleRequestState.APPROVED)
    if request.email != by.email:
        raise refusals.NoSuchOffice
    _check_may_hold(by, office)
    end_what_is_over(by)
    if roles.present_office(office).filter(user=by).exists():
        raise refusals.RoleHeld
    membership = Membership.objects.create(user=by, **office.where)
    _decided(request, RoleRequestState.TAKEN_UP, request.decided_by, membership)
    before = request.instead_of
    if before is not None and before.ended_at is None and before.last_day is None:
        _end(before, before.user)
    return membership


@action
def take_role_away(membership: Membership, *, by: User) -> Membership:
    """End somebody's role at once; one person may, since it only takes power away, and the others are told."""
    membership = _locked_role(membership)
    administering.check_ends(by, membership)
    return _end(membership, by)


@action
def shut_account(user: User, *, by: User) -> User:
    """End all roles of somebody, and shut their account at once: sessions, keys and links.

    For an officer who left, or whose telephone was stolen. It opens again when two people grant it a role.
    """
    held = list(roles.present_of(user).select_related("organisation", "team__organisation").order_by("pk"))
    for membership in held:
        _lock(offices.of(membership))
    administering.check_shuts(by, user)
    for membership in roles.present_of(user):
        _end(membership, by)
    return disable_account(user)


@action
def leave_post(membership: Membership, *, by: User, today: date, last_day: date | None = None) -> Membership:
    """Leave one's own post: now, or with the end of a day to come. What it holds stays with the post."""
    membership = _locked_role(membership)
    _check_own(membership, by)
    day = last_day or today
    if day < today:
        raise refusals.LeavesInThePast(field="last_day")
    if day > today + FARTHEST:
        raise refusals.LeavesTooFarAhead(field="last_day")
    _check_not_the_last(membership, day)
    if last_day is None:
        return _end(membership, by)
    membership.last_day = last_day
    membership.save(update_fields=["last_day"])
    return membership


@action
def stay_in_post(membership: Membership, *, by: User) -> Membership:
    """Take back the last day that one said, before it is over."""
    membership = _locked_role(membership)
    _check_own(membership, by)
    membership.last_day = None
    membership.save(update_fields=["last_day"])
    return membership


@action
def hand_on_post(membership: Membership, email: str, *, by: User) -> RoleRequest:
    """Propose a successor for one's own post; without a last day it ends when they take it up."""
    membership = _locked_role(membership)
    _check_own(membership, by)
    return propose_role(email, offices.of(membership), by=by, instead_of=membership)


@action
def forget_lapsed() -> int:
    """End the proposals that waited too long, and with them the address; how many."""
    lapsed = RoleRequest.objects.filter(state__in=OPEN, proposed_at__lt=clock.now() - LAPSES)
    return lapsed.update(state=RoleRequestState.WITHDRAWN, email="", decided_at=clock.now())


def open_for(by: User) -> list[tuple[RoleRequest, Office]]:
    """The proposals of others that this person could decide, and those that they made, the oldest first."""
    waits = RoleRequest.objects.filter(state__in=OPEN, proposed_at__gte=clock.now() - LAPSES)
    rows = waits.select_related("proposed_by", "instead_of__user").order_by("proposed_at", "pk")
    return [
        (one, office)
        for one, office in _in_offices(rows)
        if one.proposed_by_id == by.pk or permissions.is_allowed(administering.check_decides, by, one, office)
    ]


def invitations(user: User) -> list[tuple[RoleRequest, Office]]:
    """What somebody may take up, each with its office."""
    waits = roles.invitations(user).filter(proposed_at__gte=clock.now() - LAPSES)
    return list(_in_offices(waits.order_by("proposed_at", "pk")))


def _in_offices(rows: Iterable[RoleRequest]) -> Iterator[tuple[RoleRequest, Office]]:
    """Each with its office; those of teams that ended meanwhile are left out."""
    for one in rows:
        with suppress(refusals.NoSuchOffice):
            yield one, offices.named(one.office)


def _open_again(email: str) -> None:
    """Open an account that was shut at the desk, where two people agree that it is to hold a role.

    One that an operator shut holds its roles still, and stays shut. Its second factor begins anew: it may have been
    shut because somebody else had the telephone. Its password stays, and is asked for before another is set up.
    """
    user = User.objects.filter(email=email, is_active=False, erased_at=None, is_superuser=False).first()
    if user is None or roles.present_of(user).exists():
        return
    if user.memberships.exclude(ended_by=None).exclude(ended_by=user).exists():
        second_factor.begin_anew(user)
        enable_account(user)


def _check_there(office: Office) -> None:
    if office.assembly and not Assembly.objects.filter(slug=office.assembly).exists():
        raise refusals.NoSuchOffice


def _check_independent(by: User, office: Office) -> None:
    """A convenor who is not independent of the owners administers nobody in the assembly."""
    if office.assembly and roles.is_convenor(by, office.assembly):
        permissions.check_convenor(by, office.assembly)


def _check_may_hold(user: User, office: Office) -> None:
    """Nobody judges in an assembly in which a body of theirs owns something."""
    if office.organisation is None:
        permissions.check_independent(user, office.assembly)
        return
    judged = roles.held(user).filter(role__in=INDEPENDENT_ROLES).values_list("assembly", flat=True)
    for assembly in sorted(set(judged)):
        if permissions.owner_bodies(assembly).filter(organisation=office.organisation).exists():
            raise errors.NotIndependent(assembly=assembly)


def _check_own(membership: Membership, by: User) -> None:
    if membership.user_id != by.pk or not roles.exercised(by).filter(pk=membership.pk).exists():
        raise refusals.NotYoursToAdminister(office="this post", who="who holds it")


def _check_not_the_last(membership: Membership, day: date) -> None:
    """An assembly has a convenor on every day."""
    if membership.role != Role.CONVENOR:
        return
    stays = Q(last_day=None) | Q(last_day__gt=day)
    others = roles.present_office(offices.of(membership)).filter(stays, user__is_active=True)
    if not others.exclude(pk=membership.pk).exists():
        raise refusals.LastConvenor(assembly=membership.assembly)


def _lock(office: Office) -> None:
    """Who administers the office, and who works in it: neither changes under our eyes."""
    body = Q(organisation=office.organisation) if office.organisation else Q(assembly=office.assembly)
    list(Membership.objects.filter(body, ended_at=None).order_by("pk").select_for_update())


def _locked(request: RoleRequest, *states: str) -> tuple[Office, RoleRequest]:
    """The office, and then the proposal in it, while it is in one of these states. Raises RequestOver."""
    office = offices.named(request.office)
    _lock(office)
    row = RoleRequest.objects.select_for_update().select_related(None).get(pk=request.pk)
    if row.state not in states or row.proposed_at < clock.now() - LAPSES:
        raise refusals.RequestOver
    return office, row


def _locked_role(membership: Membership) -> Membership:
    """A role that has not ended, its office locked. Raises RoleEnded."""
    _lock(offices.of(membership))
    row = Membership.objects.filter(roles.present(), pk=membership.pk)
    found = row.select_related("user", "organisation", "team__organisation").first()
    if found is None:
        raise refusals.RoleEnded
    return found


def _decided(
    request: RoleRequest, state: str, by: User | None, membership: Membership | None = None
) -> RoleRequest:
    request.state, request.decided_by, request.decided_at = state, by, clock.now()
    request.membership = membership
    if state not in OPEN:
        request.email = ""
    request.save()
    return request


def _end(membership: Membership, by: User) -> Membership:
    membership.ended_at, membership.ended_by = clock.now(), by
    membership.save(update_fields=["ended_at", "ended_by"])
    return membership
