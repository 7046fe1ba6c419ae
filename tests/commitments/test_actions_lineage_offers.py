"""Hand-overs to another body: offered in public, and nobody's duty ends before somebody else has said yes."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Team, User
from commitments import actions, errors, permissions
from commitments.models import Commitment, HandOver
from commitments.promises import Due, Ownership
from record.guarded import opened
from tests import make
from tests.make import TODAY, days
from tests.recording import one, refused, telling, told, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Team:
    return make.team(make.organisation("police"), "north")


@pytest.fixture
def wardens() -> Team:
    return make.team(make.organisation("council", kind="council"), "wardens")


@pytest.fixture
def commitment(lead: Team) -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"), lead=lead, due=Due(days(10)))


@pytest.fixture
def responder(lead: Team) -> User:
    return make.responder(lead.organisation)


@pytest.fixture
def theirs(wardens: Team) -> User:
    return make.responder(wardens.organisation)


def leading(team: Team, *others: Team) -> list[Ownership]:
    return [Ownership(team=team, lead=True), *(Ownership(team=other) for other in others)]


def offered(commitment: Commitment, by: User, to: Team, *others: Team, today: date = TODAY) -> HandOver:
    owners = leading(to, *others)
    actions.hand_over(commitment, by=by, today=today, owners=owners, reason="It is theirs by law")
    return commitment.hand_overs.get(state="offered")


def test_an_offer_is_told_and_changes_no_owner(
    commitment: Commitment, lead: Team, wardens: Team, responder: User
) -> None:
    with telling() as entries:
        offer = offered(commitment, responder, wardens, lead)
    told(
        one(entries),
        "commitment.hand_over_offered",
        actor="organisation:police",
        subject="commitment:AT25-C001",
        facts={
            "to": "council",
            "owners": [
                {"team": "wardens", "organisation": "council", "lead": True},
                {"team": "north", "organisation": "police", "lead": False},
            ],
        },
        words={"reason": "It is theirs by law"},
    )
    assert (offer.organisation.slug, offer.offered_on, offer.offered_by) == (
        "council",
        TODAY,
        "organisation:police",
    )
    assert permissions.lead_of(commitment).team == lead


def test_until_the_other_body_says_yes_the_owners_keep_every_duty(
    commitment: Commitment, lead: Team, wardens: Team, responder: User
) -> None:
    offered(commitment, responder, wardens)
    warden = make.member(wardens)
    with refused(errors.NotAnOwner):
        make.update(commitment, by=warden)
    make.update(commitment, by=make.member(lead), today=days(1))
    with telling() as entries:
        actions.tick(days(92, since=days(1)))
    assert types(entries) == ["commitment.overdue", "commitment.silent"]
    assert permissions.lead_of(commitment).team == lead


def test_accepting_passes_the_promise_with_its_history_and_starts_a_rhythm(
    commitment: Commitment, lead: Team, wardens: Team, responder: User, theirs: User
) -> None:
    make.update(commitment, by=make.member(lead))
    offered(commitment, responder, wardens, lead)
    with telling() as entries:
        actions.accept(commitment, by=theirs, today=days(20))
    assert types(entries) == ["commitment.overdue", "commitment.handed_over"]
    assert entries[0].occurred_on == days(11)
    told(
        entries[1],
        "commitment.handed_over",
        actor="organisation:council",
        subject="commitment:AT25-C001",
        facts={
            "old_owners": [
                {"team": "north", "organisation": "police", "lead": True, "accepted_on": "2026-06-01"}
            ],
            "owners": [
                {"team": "wardens", "organisation": "council", "lead": True, "accepted_on": "2026-06-21"},
                {"team": "north", "organisation": "police", "lead": False, "accepted_on": "2026-06-01"},
            ],
            "offered_on": "2026-06-01",
            "update_due_on": days(110).isoformat(),
        },
        on=days(20),
    )
    commitment.refresh_from_db()
    assert (commitment.update_due_on, commitment.clock_moved_on) == (days(110), days(20))
    assert (commitment.first_due_on, commitment.due_on, commitment.status) == (
        days(10),
        days(10),
        "in_progress",
    )
    assert commitment.updates.count() == 1
    offer = HandOver.objects.get()
    assert (offer.state, offer.decided_on) == ("accepted", days(20))
    make.update(commitment, by=make.member(wardens), today=days(21))
    make.update(commitment, by=make.member(lead), today=days(21))


def test_the_body_that_accepts_may_name_its_own_other_team(
    commitment: Commitment, lead: Team, wardens: Team, responder: User, theirs: User
) -> None:
    offered(commitment, responder, wardens, lead)
    parks, stranger = make.team(wardens.organisation, "parks"), make.team()
    with refused(errors.NotOffered, "owners"):
        actions.accept(commitment, by=theirs, today=TODAY, owners=leading(stranger))
    with refused(errors.LeadMissing, "owners"):
        actions.accept(commitment, by=theirs, today=TODAY, owners=[Ownership(team=parks)])
    actions.accept(commitment, by=theirs, today=TODAY, owners=leading(parks))
    present = permissions.present_owners(commitment).order_by("-lead")
    assert [(owner.team, owner.lead) for owner in present] == [(parks, True), (lead, False)]


def test_the_other_body_refuses_with_its_reason(
    commitment: Commitment, lead: Team, wardens: Team, responder: User, theirs: User
) -> None:
    offered(commitment, responder, wardens)
    with refused(errors.ReasonMissing, "reason"):
        actions.refuse_hand_over(commitment, by=theirs, today=days(3), reason=" ")
    with telling() as entries:
        actions.refuse_hand_over(commitment, by=theirs, today=days(3), reason="It was never ours")
    told(
        one(entries),
        "commitment.hand_over_refused",
        actor="organisation:council",
        subject="commitment:AT25-C001",
        facts={"to": "council", "offered_on": "2026-06-01"},
        words={"reason": "It was never ours"},
        on=days(3),
    )
    assert permissions.lead_of(commitment).team == lead
    with refused(errors.NothingOffered):
        actions.refuse_hand_over(commitment, by=theirs, today=days(3), reason="Again")
    with refused(errors.AlreadyAccepted):
        actions.accept(commitment, by=theirs, today=days(3))


def test_the_offering_body_takes_it_back(commitment: Commitment, wardens: Team, responder: User) -> None:
    offered(commitment, responder, wardens)
    with telling() as entries:
        actions.withdraw_hand_over(commitment, by=responder, today=days(2), reason="We keep it")
    told(
        one(entries),
        "commitment.hand_over_withdrawn",
        actor="organisation:police",
        subject="commitment:AT25-C001",
        facts={"to": "council", "offered_on": "2026-06-01"},
        words={"reason": "We keep it"},
        on=days(2),
    )
    offered(commitment, responder, wardens, today=days(3))
    assert [offer.state for offer in commitment.hand_overs.all()] == ["offered", "withdrawn"]


def test_only_the_body_that_is_asked_answers_and_only_the_lead_takes_back(
    commitment: Commitment, lead: Team, wardens: Team, responder: User, theirs: User
) -> None:
    offered(commitment, responder, wardens)
    for by in (responder, make.member(wardens), make.convenor(), make.responder(make.organisation())):
        with refused(errors.NotAResponder):
            actions.accept(commitment, by=by, today=TODAY)
        with refused(errors.NotAResponder):
            actions.refuse_hand_over(commitment, by=by, today=TODAY, reason="No")
    for by in (theirs, make.member(lead), make.convenor()):
        with refused(errors.NotTheLeadsResponder):
            actions.withdraw_hand_over(commitment, by=by, today=TODAY)


def test_one_offer_waits_at_a_time_and_the_database_insists(
    commitment: Commitment, wardens: Team, responder: User
) -> None:
    offered(commitment, responder, wardens)
    other = leading(make.team())
    with refused(errors.HandOverWaits):
        actions.hand_over(commitment, by=responder, today=TODAY, owners=other, reason="Or theirs")
    with pytest.raises(IntegrityError), transaction.atomic(), opened():
        HandOver.objects.create(
            commitment=commitment,
            organisation=wardens.organisation,
            offered_by="organisation:police",
            offered_on=TODAY,
            reason="Twice",
        )


def test_a_partner_that_owns_it_already_says_yes_to_leading_it(
    lead: Team, wardens: Team, responder: User, theirs: User
) -> None:
    commitment = make.commitment(lead=lead, co_owners=(wardens,))
    actions.accept(commitment, by=theirs, today=TODAY)
    offered(commitment, responder, wardens)
    assert permissions.lead_of(commitment).team == lead
    actions.accept(commitment, by=theirs, today=days(1))
    assert permissions.lead_of(commitment).team == wardens


def test_a_promise_that_is_passed_to_and_fro_begins_no_rhythm_again_and_falls_silent(
    commitment: Commitment, lead: Team, wardens: Team, responder: User, theirs: User
) -> None:
    offered(commitment, responder, wardens, today=days(80))
    actions.accept(commitment, by=theirs, today=days(80))
    offered(commitment, theirs, lead, today=days(160))
    with telling() as entries:
        actions.accept(commitment, by=responder, today=days(180))
    [silent] = [entry for entry in entries if entry.type == "commitment.silent"]
    assert silent.occurred_on == days(171)
    commitment.refresh_from_db()
    assert (commitment.update_due_on, commitment.clock_moved_on) == (days(170), days(80))


def test_a_partner_that_comes_to_lead_has_a_rhythm_that_runs_already(
    lead: Team, wardens: Team, responder: User, theirs: User
) -> None:
    commitment = make.commitment(lead=lead, co_owners=(wardens,))
    actions.accept(commitment, by=theirs, today=TODAY)
    offered(commitment, responder, wardens)
    actions.accept(commitment, by=theirs, today=days(60))
    commitment.refresh_from_db()
    assert commitment.update_due_on == days(90)


def test_who_stays_an_owner_has_said_yes_when_it_said_it(
    commitment: Commitment, lead: Team, responder: User
) -> None:
    south = make.team(lead.organisation, "south")
    both = leading(lead, south)
    actions.hand_over(commitment, by=responder, today=days(5), owners=both, reason="Together")
    present = permissions.present_owners(commitment).values_list("team__slug", "accepted_on")
    assert set(present) == {("north", TODAY), ("south", days(5))}
    assert commitment.owners.count() == 2


def test_nobody_says_yes_for_another_team_of_a_partner(
    lead: Team, wardens: Team, responder: User, theirs: User
) -> None:
    commitment = make.commitment(lead=lead, co_owners=(wardens,))
    actions.accept(commitment, by=theirs, today=TODAY)
    parks = make.team(wardens.organisation, "parks")
    other = leading(lead, wardens, parks)
    actions.hand_over(commitment, by=responder, today=days(5), owners=other, reason="They too")
    present = permissions.present_owners(commitment).values_list("team__slug", "accepted_on")
    assert set(present) == {("north", TODAY), ("wardens", TODAY), ("parks", None)}
    keeper = make.member(parks)
    with refused(errors.NotAcceptedYet):
        make.update(commitment, by=keeper, today=days(6))
    actions.accept(commitment, by=theirs, today=days(7))
    make.update(commitment, by=keeper, today=days(8))


def test_within_the_body_it_changes_teams_while_an_offer_waits(
    commitment: Commitment, lead: Team, wardens: Team, responder: User, theirs: User
) -> None:
    offered(commitment, responder, wardens)
    south = make.team(lead.organisation, "south")
    actions.hand_over(commitment, by=responder, today=TODAY, owners=leading(south), reason="Busy")
    assert permissions.lead_of(commitment).team == south
    actions.accept(commitment, by=theirs, today=days(1))
    assert permissions.lead_of(commitment).team == wardens


def test_replacing_the_promise_takes_the_offer_back(
    commitment: Commitment, lead: Team, wardens: Team, responder: User, theirs: User
) -> None:
    offered(commitment, responder, wardens)
    successor = make.commitment(commitment.assembly, lead=lead)
    with telling() as entries:
        actions.supersede(commitment, by=responder, today=days(1), successor=successor, reason="Better")
    assert types(entries) == ["update.posted", "commitment.hand_over_withdrawn", "commitment.superseded"]
    with refused(errors.Replaced):
        actions.accept(commitment, by=theirs, today=days(2))


def test_owners_are_not_corrected_to_a_lead_that_has_not_said_yes(
    commitment: Commitment, lead: Team, wardens: Team
) -> None:
    officer = make.member(lead)
    with refused(errors.UseHandOver, "text"):
        actions.correct_commitment(
            commitment, by=officer, today=TODAY, field="owners", text="wardens, north", reason="A slip"
        )
    actions.correct_commitment(
        commitment, by=officer, today=TODAY, field="owners", text="north, wardens", reason="Left out"
    )
