"""What waits on a promise ends with it; and who says yes can report."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Team, User
from commitments import actions, errors, permissions
from commitments.models import Challenge, Commitment, Correction, DueDateChange
from commitments.promises import Due, Ownership
from record.guarded import opened
from record.models import Entry
from tests import make
from tests.make import TODAY, days
from tests.recording import one, refused, telling, told, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Team:
    return make.team(make.organisation("police"), "north")


@pytest.fixture
def commitment(lead: Team) -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"), lead=lead, due=make.DUE)


@pytest.fixture
def responder(lead: Team) -> User:
    return make.responder(lead.organisation)


@pytest.fixture
def officer(lead: Team) -> User:
    return make.member(lead)


@pytest.fixture
def change(commitment: Commitment, officer: User) -> DueDateChange:
    return actions.request_due_date(
        commitment, by=officer, today=TODAY, due=Due(days(300)), reason="Two posts are vacant"
    )


@pytest.fixture
def correction(commitment: Commitment, officer: User) -> Correction:
    return actions.correct_commitment(
        commitment, by=officer, today=TODAY, field="title", text="Walk the high street", reason="A slip"
    )


def abandon(commitment: Commitment, by: User, today: date = TODAY) -> None:
    make.update(commitment, by=by, today=today, status="abandoned", reason="No money")


def refuse_to_decide(
    change: DueDateChange, correction: Correction, refusal: type[errors.AlreadyDecided]
) -> None:
    convenor = make.convenor()
    with refused(refusal):
        actions.approve_due_date(change, by=convenor, today=days(2))
    with refused(refusal):
        actions.refuse_due_date(change, by=convenor, today=days(2), reason="Late")
    with refused(refusal):
        actions.approve_correction(correction, by=convenor, today=days(2))
    with refused(refusal):
        actions.refuse_correction(correction, by=convenor, today=days(2), reason="Late")


def test_requests_that_wait_are_closed_when_their_promise_is_replaced(
    commitment: Commitment, lead: Team, responder: User, change: DueDateChange, correction: Correction
) -> None:
    successor = make.commitment(commitment.assembly, lead=lead)
    with telling() as entries:
        actions.supersede(commitment, by=responder, today=days(1), successor=successor, reason="Better")
    assert types(entries) == [
        "update.posted",
        "due_date.closed",
        "correction.closed",
        "commitment.superseded",
    ]
    told(
        entries[1],
        "due_date.closed",
        actor="organisation:police",
        subject=change.record_subject,
        root="commitment:AT25-C001",
        facts={"commitment": "AT25-C001", "asked_by": "team:north"},
        on=days(1),
    )
    for request in (change, correction):
        request.refresh_from_db()
        assert (request.state, request.decided_on, request.decided_by) == ("closed", days(1), None)
    refuse_to_decide(change, correction, errors.AlreadyDecided)


def test_a_request_for_a_date_is_closed_when_its_promise_is_given_up_and_a_correction_waits(
    commitment: Commitment, officer: User, change: DueDateChange, correction: Correction
) -> None:
    convenor = make.convenor()
    with telling() as entries:
        abandon(commitment, officer, days(1))
    assert types(entries) == ["update.posted", "commitment.abandoned", "due_date.closed"]
    with refused(errors.AlreadyDecided):
        actions.approve_due_date(change, by=convenor, today=days(2))
    actions.approve_correction(correction, by=convenor, today=days(2))
    commitment.refresh_from_db()
    assert (commitment.title, commitment.status) == ("Walk the high street", "abandoned")


def test_what_was_given_up_gets_no_new_date_until_it_is_taken_up(
    commitment: Commitment, officer: User
) -> None:
    abandon(commitment, officer)
    with refused(errors.GivenUp):
        actions.request_due_date(commitment, by=officer, today=TODAY, due=Due(days(300)), reason="Later")
    make.update(commitment, by=officer, today=days(1), reason="There is money again")
    actions.request_due_date(commitment, by=officer, today=days(1), due=Due(days(300)), reason="Later")


def test_a_slip_in_what_was_given_up_is_still_corrected_and_unmakes_no_missed_step(
    commitment: Commitment, officer: User
) -> None:
    convenor = make.convenor()
    step = actions.add_milestone(commitment, by=officer, today=TODAY, title="Begin", due_on=days(10))
    abandon(commitment, officer, days(20))
    said: dict[str, Any] = {"field": "milestone", "text": days(300).isoformat(), "milestone": step}
    for more in ({"field": "body", "text": "Every evening."}, said):
        asked = actions.correct_commitment(commitment, by=officer, today=days(21), reason="A slip", **more)
        actions.approve_correction(asked, by=convenor, today=days(22))
    missed = Entry.objects.get(type="milestone.overdue")
    assert (missed.subject, missed.occurred_on) == (step.record_subject, days(11))


def test_a_partner_giving_up_its_part_closes_nothing(
    lead: Team, change: DueDateChange, commitment: Commitment, responder: User
) -> None:
    partner = make.team(lead.organisation)
    owners = [Ownership(team=lead, lead=True), Ownership(team=partner)]
    actions.hand_over(commitment, by=responder, today=TODAY, owners=owners, reason="Together")
    make.update(commitment, by=make.member(partner), status="abandoned", reason="No money")
    change.refresh_from_db()
    assert change.state == "requested"


def test_a_co_owner_whom_a_source_names_without_a_team_names_it_and_reports(lead: Team) -> None:
    council = make.organisation("council", kind="council")
    owners = [Ownership(team=lead, lead=True), Ownership(organisation=council)]
    commitment = make.entered(owners=owners)
    actions.accept(commitment, by=make.responder(lead.organisation), today=TODAY)
    theirs, youth = make.responder(council), make.team(council, "youth")
    stranger = make.team()
    with refused(errors.TeamMissing, "owners"):
        actions.accept(commitment, by=theirs, today=TODAY)
    with refused(errors.NotOffered, "owners"):
        actions.accept(commitment, by=theirs, today=TODAY, owners=[Ownership(team=stranger)])
    with refused(errors.TwoLeads, "owners"):
        actions.accept(commitment, by=theirs, today=TODAY, owners=[Ownership(team=youth, lead=True)])
    with refused(errors.OwnerTwice, "owners"):
        actions.accept(commitment, by=theirs, today=TODAY, owners=[Ownership(team=youth)] * 2)
    with telling() as entries:
        actions.accept(commitment, by=theirs, today=days(1), owners=[Ownership(team=youth)])
    assert one(entries).type == "commitment.accepted"
    update = make.update(commitment, by=make.member(youth), today=days(2))
    assert (update.team, update.team_status) == (youth, "in_progress")
    assert permissions.present_owners(commitment).count() == 2
    with refused(errors.AlreadyAccepted):
        actions.accept(commitment, by=theirs, today=days(2), owners=[Ownership(team=youth)])


def test_a_part_of_the_leads_own_body_without_a_team_waits_until_it_names_one(lead: Team) -> None:
    owners = [Ownership(team=lead, lead=True), Ownership(organisation=lead.organisation)]
    commitment, by = make.entered(owners=owners), make.responder(lead.organisation)
    actions.accept(commitment, by=by, today=TODAY)
    assert permissions.present_owners(commitment).get(team=None).accepted_on is None
    south = make.team(lead.organisation, "south")
    actions.accept(commitment, by=by, today=TODAY, owners=[Ownership(team=south)])
    make.update(commitment, by=make.member(south))
    make.update(commitment, by=make.member(lead))


def test_a_team_that_has_ended_is_entered_as_an_owner_no_more(lead: Team) -> None:
    ended, assembly = make.team(lead.organisation), make.assembly()
    actions.reorganise(ended, by=make.responder(lead.organisation), today=TODAY, reason="It closed")
    convenor = make.convenor()
    with refused(errors.TeamEnded, "owners"):
        actions.enter_commitment(
            assembly,
            by=convenor,
            today=TODAY,
            promise=make.promise(ended),
            source=make.SOURCE,
        )


def test_the_database_keeps_one_running_challenge_a_person_and_claim(commitment: Commitment) -> None:
    challenge = make.open_challenge(make.claim(commitment))
    with (
        pytest.raises(IntegrityError, match=r"one_challenge_a_person|claim_id"),
        transaction.atomic(),
        opened(),
    ):
        again(challenge)
    with opened():
        again(challenge, proposer=make.person(), voice="panel")
    another = make.person()
    with pytest.raises(IntegrityError), transaction.atomic(), opened():
        again(challenge, proposer=another, voice="panel")


def again(challenge: Challenge, **other: object) -> None:
    """The same challenge once more, past every check."""
    challenge = Challenge.objects.get(pk=challenge.pk)
    challenge.pk, challenge.position = None, None
    for name, value in other.items():
        setattr(challenge, name, value)
    challenge.save(force_insert=True)


def test_the_database_lets_nobody_approve_an_own_correction(correction: Correction) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), opened():
        Correction.objects.filter(pk=correction.pk).update(
            state="approved", decided_on=TODAY, decided_by=correction.author
        )


def test_what_needs_no_approval_names_nobody_who_approved() -> None:
    entered, convenor = make.entered(title="Reviwe"), make.convenor()
    correction = actions.correct_commitment(
        entered, by=convenor, today=TODAY, field="title", text="Review", reason="Typo"
    )
    assert (correction.state, correction.decided_by) == ("approved", None)
