"""Roles are granted by two people and taken up by a third; one person alone only takes power away."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import errors, offices, roles
from accounts.actions import erase_account, grant_role
from accounts.backends import as_resident
from accounts.models import Membership, Role, RoleRequest, RoleRequestState, User
from accounts.offices import Office
from commitments.actions import granting
from commitments.errors import NotIndependent
from record import clock
from record.guarded import opened
from record.refusals import Refusal
from tests import make
from tests.recording import refused

pytestmark = pytest.mark.django_db
NEW = "new@example.org"


def proposed(office: Office, by: User, email: str = NEW) -> RoleRequest:
    """A proposal that waits for a second person."""
    return granting.propose_role(email, office, by=by)


def taken_up(office: Office, first: User, second: User, who: User) -> Membership:
    """A role that went the whole way."""
    request = granting.approve_role(proposed(office, first, who.email), by=second)
    return granting.take_up_role(request, by=who)


def assembly_office(role: Role = Role.PANEL) -> Office:
    """An office of an assembly that is there."""
    return Office(role, assembly=make.assembly().slug)


def test_two_convenors_grant_a_seat_on_the_panel_and_the_person_takes_it_up() -> None:
    office = assembly_office()
    first, second, who = make.convenor(), make.convenor(), make.person("new")
    request = proposed(office, first, " NEW@example.org ")
    assert not roles.held(who).exists()
    request = granting.approve_role(request, by=second)
    assert not roles.held(who).exists()
    assert list(roles.invitations(who)) == [request]
    membership = granting.take_up_role(request, by=who)
    assert roles.is_panel(who, office.assembly)
    request.refresh_from_db()
    assert (request.state, request.email, request.membership) == (RoleRequestState.TAKEN_UP, "", membership)


def test_nobody_approves_what_they_proposed_or_what_is_about_themselves() -> None:
    office = assembly_office()
    first, second = make.convenor(), make.convenor()
    with refused(errors.ConcernsYourself):
        proposed(office, first, first.email)
    request = proposed(office, first)
    with refused(errors.ProposedByYou):
        granting.approve_role(request, by=first)
    other = proposed(Office(Role.PANEL, assembly=office.assembly), first, second.email)
    third = make.convenor()
    with refused(errors.ConcernsYourself):
        granting.approve_role(other, by=second)
    granting.approve_role(other, by=third)
    with opened(), pytest.raises(IntegrityError), transaction.atomic():
        RoleRequest.objects.filter(pk=request.pk).update(decided_by=first, state="approved")


@pytest.mark.parametrize("who", ["panel", "member", "responder", "other convenor", "resident", "by code"])
def test_who_administers_nothing_there_neither_proposes_nor_approves_nor_ends(who: str) -> None:
    office = assembly_office()
    first, _second, seated = make.convenor(), make.convenor(), make.panel()
    if who == "by code":
        by = as_resident(make.convenor())
    elif who in ("member", "responder"):
        by = make.member(make.team()) if who == "member" else make.responder(make.organisation())
    else:
        by = {"panel": make.panel(), "other convenor": make.convenor("other-2026")}.get(who) or make.person()
    request = proposed(office, first)
    with refused(errors.NotYoursToAdminister):
        proposed(office, by, "more@example.org")
    with refused(errors.NotYoursToAdminister):
        granting.approve_role(request, by=by)
    with refused(errors.NotYoursToAdminister):
        granting.take_role_away(seated.memberships.get(), by=by)


def test_the_first_responder_of_a_body_comes_by_two_convenors_and_the_rest_by_the_body() -> None:
    make.assembly()
    body = make.organisation()
    office = Office(Role.RESPONDER, organisation=body)
    first, second, ann = make.convenor(), make.convenor(), make.person("ann")
    taken_up(office, first, second, ann)
    with refused(errors.NotYoursToAdminister):
        proposed(office, first)
    # One responder alone: the convenor is the second.
    bo = make.person("bo")
    taken_up(office, ann, second, bo)
    # Two responders: a convenor is not needed, and is not let in.
    team = make.team(body)
    request = proposed(Office(Role.TEAM_MEMBER, organisation=body, team=team), ann)
    third = proposed(office, ann, "third@example.org")
    granting.approve_role(third, by=bo)
    cy = make.person("third")
    granting.take_up_role(third, by=cy)
    with refused(errors.NotYoursToAdminister):
        granting.approve_role(request, by=second)
    granting.approve_role(request, by=cy)


def test_a_convenor_ends_the_role_of_the_only_responder_and_of_no_other() -> None:
    body = make.organisation()
    convenor, ann, bo = make.convenor(), make.responder(body), make.responder(body)
    with refused(errors.NotYoursToAdminister):
        granting.take_role_away(ann.memberships.get(), by=convenor)
    granting.take_role_away(ann.memberships.get(), by=bo)
    with refused(errors.RoleEnded):
        granting.take_role_away(ann.memberships.get(), by=bo)
    ended = granting.take_role_away(bo.memberships.get(), by=convenor)
    assert ended.ended_by == convenor
    assert not roles.responders(body).exists()


def test_where_nobody_could_approve_it_is_said_at_once() -> None:
    office = assembly_office()
    only = make.convenor()
    with opened():
        Membership.objects.exclude(user=only).update(ended_at=clock.now())
    with refused(errors.NoSecondPerson):
        proposed(office, only)


def test_a_role_is_taken_up_by_its_address_alone_and_with_a_second_factor() -> None:
    office = assembly_office()
    request = granting.approve_role(proposed(office, make.convenor()), by=make.convenor())
    who = make.person("new")
    with refused(errors.NoSuchOffice):
        granting.take_up_role(request, by=make.person())
    with refused(errors.SecondFactorFirst):
        granting.take_up_role(request, by=as_resident(make.person("other")))
    granting.take_up_role(request, by=who)
    with refused(errors.RequestOver):
        granting.take_up_role(request, by=who)


def test_nobody_takes_up_a_judging_role_where_a_body_of_theirs_owns_something() -> None:
    commitment = make.commitment()
    team = commitment.owners.get(lead=True).team
    assert team is not None
    office = Office(Role.PANEL, assembly=commitment.assembly.slug)
    who = make.member(team)
    request = granting.approve_role(proposed(office, make.convenor(), who.email), by=make.convenor())
    with refused(NotIndependent):
        granting.take_up_role(request, by=who)
    juror, ann, bo = (
        make.panel(commitment.assembly.slug),
        make.responder(team.organisation),
        make.responder(team.organisation),
    )
    theirs = Office(Role.TEAM_MEMBER, organisation=team.organisation, team=team)
    # To the body it looks as for anybody else: it does not learn who judges.
    request = granting.approve_role(proposed(theirs, ann, juror.email), by=bo)
    with refused(NotIndependent):
        granting.take_up_role(request, by=juror)


def test_a_post_is_handed_on_and_ends_when_the_next_one_takes_it_up() -> None:
    team = make.team()
    leaver, responder = make.member(team), make.responder(team.organisation)
    request = granting.hand_on_post(leaver.memberships.get(), NEW, by=leaver)
    assert roles.teams(leaver).get() == team
    granting.approve_role(request, by=responder)
    granting.take_up_role(request, by=make.person("new"))
    assert not roles.held(leaver).exists()
    assert leaver.memberships.get().ended_by == leaver


def test_a_last_day_holds_until_it_is_over_with_no_job_running() -> None:
    team = make.team()
    leaver = make.member(team)
    membership = leaver.memberships.get()
    today = clock.today()
    for wrong, day in ((errors.LeavesInThePast, -1), (errors.LeavesTooFarAhead, 400)):
        with refused(wrong):
            granting.leave_post(membership, by=leaver, today=today, last_day=today + timedelta(days=day))
    granting.leave_post(membership, by=leaver, today=today, last_day=today + timedelta(days=3))
    granting.stay_in_post(membership, by=leaver)
    granting.leave_post(membership, by=leaver, today=today, last_day=today + timedelta(days=3))
    with clock.at(make.noon(today + timedelta(days=3))):
        assert roles.teams(leaver).exists()
    with clock.at(make.noon(today + timedelta(days=4))):
        assert not roles.held(leaver).exists()
        grant_role(leaver, Role.TEAM_MEMBER, team=team)
        assert roles.teams(leaver).exists()


def test_an_assembly_is_not_left_without_a_convenor() -> None:
    office = assembly_office(Role.CONVENOR)
    with opened():
        Membership.objects.all().update(ended_at=clock.now())
    only = make.convenor()
    today = clock.today()
    with refused(errors.LastConvenor):
        granting.leave_post(only.memberships.get(), by=only, today=today)
    other = make.convenor()
    later = today + timedelta(days=9)
    granting.leave_post(other.memberships.get(), by=other, today=today, last_day=later)
    with refused(errors.LastConvenor):
        granting.leave_post(only.memberships.get(), by=only, today=today, last_day=later)
    granting.leave_post(only.memberships.get(), by=only, today=today)
    assert list(roles.convenors(office.assembly)) == [other]


def test_a_proposal_lapses_and_lets_go_of_the_address() -> None:
    office = assembly_office()
    first, second = make.convenor(), make.convenor()
    request = proposed(office, first)
    with pytest.raises(errors.RoleProposed):
        proposed(office, second)
    with clock.at(clock.now() + timedelta(days=31)):
        with pytest.raises(errors.RequestOver):
            granting.approve_role(request, by=second)
        again = proposed(office, second)
    request.refresh_from_db()
    assert (request.email, request.state) == ("", RoleRequestState.WITHDRAWN)
    for over, by in ((granting.withdraw_role, second), (granting.refuse_role, first)):
        over(again, by=by)
        again.refresh_from_db()
        assert again.email == ""
        again = proposed(office, second)
    erase_account(User.objects.create_user(NEW))
    again.refresh_from_db()
    assert again.email == ""


def test_offices_are_known_by_the_names_that_entries_use() -> None:
    team = make.team()
    for key in ("convenor:x", "panel:x", f"organisation:{team.organisation.slug}", f"team:{team.slug}"):
        assert offices.named(key).key == key
    assert {one.office for one in Membership.objects.all()} == {
        offices.of(one).key for one in Membership.objects.all()
    }
    for nothing in ("", "clock", "team:none", "resident:x", "panel:"):
        with pytest.raises(Refusal):
            offices.named(nothing)
