"""Teams that end: what they own passes on with them, in one act, and what they did stays readable."""

from typing import Any

import pytest

from accounts.models import Organisation, Succession, Team, User
from commitments import actions, errors, permissions, summaries
from commitments.models import Commitment
from commitments.promises import Due, Ownership
from tests import make
from tests.make import TODAY, days
from tests.recording import refused, telling, told, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def police() -> Organisation:
    return make.organisation("police")


@pytest.fixture
def north(police: Organisation) -> Team:
    return make.team(police, "north")


@pytest.fixture
def east(police: Organisation) -> Team:
    return make.team(police, "east")


@pytest.fixture
def west(police: Organisation) -> Team:
    return make.team(police, "west")


@pytest.fixture
def commitment(north: Team) -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"), lead=north, due=Due(days(200)))


@pytest.fixture
def responder(police: Organisation) -> User:
    return make.responder(police)


def owners(commitment: Commitment) -> list[tuple[str, bool]]:
    present = permissions.present_owners(commitment).order_by("-lead", "team__slug")
    return list(present.values_list("team__slug", "lead"))


def reorganised(team: Team, by: User, *successors: Team, **more: Any) -> Team:
    more.setdefault("today", days(10))
    return actions.reorganise(team, by=by, successors=successors, reason="The borough was redrawn", **more)


def test_a_team_ends_and_its_successor_takes_all_that_it_owned(
    commitment: Commitment, north: Team, east: Team, responder: User
) -> None:
    officer = make.member(north)
    step = actions.add_milestone(commitment, by=officer, today=TODAY, title="Begin", due_on=days(30))
    change = actions.request_due_date(
        commitment, by=officer, today=TODAY, due=Due(days(300)), reason="Two posts are vacant"
    )
    challenge = make.open_challenge(make.claim(commitment))
    commitment.refresh_from_db()
    rhythm = commitment.update_due_on
    with telling() as entries:
        reorganised(north, responder, east)
    assert types(entries) == ["commitment.handed_over", "team.reorganised"]
    told(
        entries[1],
        "team.reorganised",
        actor="organisation:police",
        subject="team:north",
        facts={
            "organisation": "police",
            "ended_on": "2026-06-11",
            "successors": ["east"],
            "passed": [{"commitment": "AT25-C001", "to": "east"}],
        },
        words={"reason": "The borough was redrawn"},
        on=days(10),
        assembly="",
    )
    commitment.refresh_from_db()
    assert (owners(commitment), commitment.update_due_on) == ([("east", True)], rhythm)
    theirs, convenor = make.member(east), make.convenor()
    actions.reply(challenge, by=theirs, today=days(11), body="We do walk.")
    actions.finish_milestone(step, by=theirs, today=days(11))
    actions.approve_due_date(change, by=convenor, today=days(11))
    make.update(commitment, by=theirs, today=days(12), reason="Not yet after all")


def test_each_commitment_is_told_whose_it_is_now(
    commitment: Commitment, north: Team, east: Team, responder: User
) -> None:
    with telling() as entries:
        reorganised(north, responder, east)
    old = {"team": "north", "organisation": "police", "lead": True, "accepted_on": "2026-06-01"}
    told(
        entries[0],
        "commitment.handed_over",
        actor="organisation:police",
        subject="commitment:AT25-C001",
        facts={
            "old_owners": [old],
            "owners": [{**old, "team": "east", "accepted_on": "2026-06-11"}],
            "reorganised": "north",
        },
        on=days(10),
    )


def test_the_old_team_stays_with_its_successors_its_history_and_its_scorecard(
    commitment: Commitment, north: Team, east: Team, responder: User
) -> None:
    make.update(commitment)
    ended = reorganised(north, responder, east)
    assert ended.ended_on == days(10)
    link = Succession.objects.get()
    assert (link.earlier, link.later, link.on, link.reason) == (
        north,
        east,
        days(10),
        "The borough was redrawn",
    )
    cards = summaries.of_teams([north.pk, east.pk], days(300))
    assert [cards[team.pk]["promised"] for team in (north, east)] == [1, 1]
    assert [cards[team.pk]["late"] for team in (north, east)] == [1, 1]
    assert summaries.of_organisations([north.organisation_id], TODAY)[north.organisation_id]["promised"] == 1
    assert commitment.updates.get().team == north


def test_a_team_that_is_split_says_which_part_takes_what(
    commitment: Commitment, north: Team, east: Team, west: Team, responder: User
) -> None:
    other = make.commitment(commitment.assembly, lead=north)
    reorganised(north, responder, east, west, passing={other.reference: west})
    assert (owners(commitment), owners(other)) == ([("east", True)], [("west", True)])


def test_teams_that_are_merged_own_together_what_each_owned(
    north: Team, east: Team, west: Team, responder: User
) -> None:
    commitment = make.commitment(lead=north, co_owners=(east,))
    make.update(commitment, by=make.member(east))
    reorganised(north, responder, west)
    reorganised(east, responder, west, today=days(11))
    assert owners(commitment) == [("west", True)]
    assert set(west.earlier_links.values_list("earlier__slug", flat=True)) == {"north", "east"}


def test_a_partner_in_the_same_body_becomes_the_lead(north: Team, east: Team, responder: User) -> None:
    commitment = make.commitment(lead=north, co_owners=(east,))
    reorganised(north, responder, east)
    assert owners(commitment) == [("east", True)]


def test_what_a_co_owner_said_goes_with_its_part(
    commitment: Commitment, north: Team, east: Team, west: Team, responder: User
) -> None:
    both = [Ownership(team=north, lead=True), Ownership(team=east)]
    actions.hand_over(commitment, by=responder, today=TODAY, owners=both, reason="Together")
    make.update(commitment, by=make.member(east), status="abandoned", reason="No money")
    reorganised(east, responder, west)
    assert permissions.present_owners(commitment).get(team=west).team_status == "abandoned"


def test_members_of_the_old_team_gain_no_role_in_the_new(
    commitment: Commitment, north: Team, east: Team, responder: User
) -> None:
    officer = make.member(north)
    reorganised(north, responder, east)
    with refused(errors.NotAnOwner):
        make.update(commitment, by=officer, today=days(11))
    make.update(commitment, by=responder, today=days(11))


def test_a_team_that_owns_something_does_not_end_without_a_successor(
    commitment: Commitment, north: Team, responder: User
) -> None:
    with refused(errors.StillOwns):
        reorganised(north, responder)
    successor = make.commitment(commitment.assembly, lead=make.team(north.organisation, "south"))
    actions.supersede(commitment, by=responder, today=TODAY, successor=successor, reason="Better")
    assert reorganised(north, responder).ended_on == days(10)


def test_a_replaced_promise_with_a_challenge_to_answer_passes_on_too(
    commitment: Commitment, north: Team, east: Team, responder: User
) -> None:
    challenge = make.open_challenge(make.claim(commitment))
    successor = make.commitment(commitment.assembly, lead=east)
    actions.supersede(commitment, by=responder, today=TODAY, successor=successor, reason="Better")
    with refused(errors.StillOwns):
        reorganised(north, responder)
    reorganised(north, responder, east)
    actions.reply(challenge, by=make.member(east), today=days(11), body="We did walk.")


def test_a_successor_in_another_body_accepts_before_the_team_ends(
    commitment: Commitment, north: Team, responder: User
) -> None:
    wardens = make.team(make.organisation("council", kind="council"), "wardens")
    with telling() as entries:
        assert reorganised(north, responder, wardens).ended_on is None
    assert types(entries) == ["commitment.hand_over_offered"]
    assert reorganised(north, responder, wardens, today=days(11)).ended_on is None
    assert owners(commitment) == [("north", True)]
    actions.accept(commitment, by=make.responder(wardens.organisation), today=days(12))
    with telling() as entries:
        assert reorganised(north, responder, wardens, today=days(13)).ended_on == days(13)
    assert types(entries) == ["team.reorganised"]
    assert owners(commitment) == [("wardens", True)]
    assert Succession.objects.get().later == wardens


def test_a_part_in_the_promise_of_another_body_is_not_moved_away_by_a_co_owner(
    commitment: Commitment, responder: User
) -> None:
    council = make.organisation("council", kind="council")
    youth, elsewhere = make.team(council, "youth"), make.team()
    both = [*(Ownership(team=one.team, lead=True) for one in commitment.owners.all()), Ownership(team=youth)]
    actions.hand_over(commitment, by=responder, today=TODAY, owners=both, reason="Together")
    theirs = make.responder(council)
    actions.accept(commitment, by=theirs, today=TODAY)
    with refused(errors.NotTheLeadsResponder):
        reorganised(youth, theirs, elsewhere)
    reorganised(youth, theirs, make.team(council, "young-people"))
    assert owners(commitment) == [("north", True), ("young-people", False)]


def test_a_part_moves_to_another_body_when_its_own_body_leads_and_no_rhythm_begins(
    commitment: Commitment, north: Team, east: Team, responder: User
) -> None:
    both = [Ownership(team=north, lead=True), Ownership(team=east)]
    actions.hand_over(commitment, by=responder, today=TODAY, owners=both, reason="Together")
    youth = make.team(make.organisation("council", kind="council"), "youth")
    reorganised(east, responder, youth)
    actions.accept(commitment, by=make.responder(youth.organisation), today=days(12))
    assert owners(commitment) == [("north", True), ("youth", False)]
    commitment.refresh_from_db()
    assert commitment.update_due_on == days(90)
    make.update(commitment, by=make.member(youth), today=days(13))


def test_a_part_that_another_body_accepts_moves_nobody_elses(
    commitment: Commitment, north: Team, east: Team, responder: User
) -> None:
    both = [Ownership(team=north, lead=True), Ownership(team=east)]
    actions.hand_over(commitment, by=responder, today=TODAY, owners=both, reason="Together")
    youth = make.team(make.organisation("council", kind="council"), "youth")
    reorganised(east, responder, youth)
    south = make.team(north.organisation, "south")
    both = [Ownership(team=south, lead=True), Ownership(team=east)]
    actions.hand_over(commitment, by=responder, today=days(11), owners=both, reason="Moved")
    actions.accept(commitment, by=make.responder(youth.organisation), today=days(12))
    assert owners(commitment) == [("south", True), ("youth", False)]
    assert commitment.owners.get(team=east, ended_on=days(12)).passed_to == youth


def test_a_part_that_came_to_lead_is_accepted_as_the_lead(
    commitment: Commitment, north: Team, east: Team, responder: User
) -> None:
    both = [Ownership(team=north, lead=True), Ownership(team=east)]
    actions.hand_over(commitment, by=responder, today=TODAY, owners=both, reason="Together")
    youth = make.team(make.organisation("council", kind="council"), "youth")
    reorganised(east, responder, youth)
    alone = [Ownership(team=east, lead=True)]
    actions.hand_over(commitment, by=responder, today=days(11), owners=alone, reason="Moved")
    actions.accept(commitment, by=make.responder(youth.organisation), today=days(12))
    assert owners(commitment) == [("youth", True)]


def test_a_body_without_a_team_is_not_left_out_where_a_team_ends(north: Team, responder: User) -> None:
    council = make.organisation("council", kind="council")
    fire = make.organisation("fire")
    commitment = make.entered(owners=[Ownership(team=north, lead=True), Ownership(organisation=fire)])
    actions.accept(commitment, by=responder, today=TODAY)
    reorganised(north, responder, make.team(council, "wardens"))
    actions.accept(commitment, by=make.responder(council), today=days(12))
    present = permissions.present_owners(commitment).values_list("organisation__slug", "lead", "accepted_on")
    assert set(present) == {("council", True, days(12)), ("fire", False, None)}


@pytest.mark.parametrize("leaves", ["by its body", "by a successor in its body", "by a correction"])
def test_an_offer_of_a_part_ends_when_the_team_owns_it_no_more(
    commitment: Commitment, north: Team, east: Team, responder: User, leaves: str
) -> None:
    wardens = make.team(make.organisation("council", kind="council"), "wardens")
    theirs = make.responder(wardens.organisation)
    reorganised(north, responder, wardens)
    with telling() as entries:
        if leaves == "by its body":
            alone = [Ownership(team=east, lead=True)]
            actions.hand_over(commitment, by=responder, today=days(11), owners=alone, reason="Moved")
        elif leaves == "by a successor in its body":
            reorganised(north, responder, east, today=days(11))
        else:
            said: dict[str, Any] = {"field": "owners", "text": "east", "reason": "A slip"}
            asked = actions.correct_commitment(commitment, by=responder, today=days(11), **said)
            actions.approve_correction(asked, by=make.convenor(), today=days(11))
    assert "commitment.hand_over_withdrawn" in types(entries)
    assert owners(commitment) == [("east", True)]
    with refused(errors.AlreadyAccepted):
        actions.accept(commitment, by=theirs, today=days(12))


def test_an_offer_to_the_old_team_waits_for_its_successor(commitment: Commitment, responder: User) -> None:
    council = make.organisation("council", kind="council")
    youth, heir, theirs = make.team(council, "youth"), make.team(council, "heir"), make.responder(council)
    offered = [Ownership(team=youth, lead=True), Ownership(team=heir)]
    actions.hand_over(commitment, by=responder, today=TODAY, owners=offered, reason="Theirs")
    reorganised(youth, theirs, heir)
    actions.accept(commitment, by=theirs, today=days(12))
    assert owners(commitment) == [("heir", True)]


def test_an_offer_to_a_team_that_ended_without_a_successor_is_accepted_for_another(
    commitment: Commitment, responder: User
) -> None:
    council = make.organisation("council", kind="council")
    youth, theirs = make.team(council, "youth"), make.responder(council)
    actions.hand_over(
        commitment, by=responder, today=TODAY, owners=[Ownership(team=youth, lead=True)], reason="Theirs"
    )
    reorganised(youth, theirs)
    with refused(errors.TeamEnded, "owners"):
        actions.accept(commitment, by=theirs, today=days(12))
    parks = make.team(council, "parks")
    actions.accept(commitment, by=theirs, today=days(12), owners=[Ownership(team=parks, lead=True)])
    assert owners(commitment) == [("parks", True)]


def test_the_body_reorganises_and_the_convenor_only_what_nobody_accepted(
    north: Team, east: Team, responder: User
) -> None:
    entered = make.entered(owners=[Ownership(team=north, lead=True)])
    member, stranger, convenor = make.member(north), make.responder(make.organisation()), make.convenor()
    for by in (member, stranger, make.panel(), make.convenor("other-2025")):
        with refused(errors.NotTheConvenor):
            reorganised(north, by, east)
    reorganised(north, convenor, east)
    assert owners(entered) == [("east", True)]
    assert permissions.present_owners(entered).get().accepted_on is None
    actions.accept(entered, by=responder, today=days(11))
    again = make.team(north.organisation)
    with refused(errors.NotAResponder):
        reorganised(east, convenor, again)


def test_a_reorganisation_needs_a_reason_and_teams_that_can_succeed(
    commitment: Commitment, north: Team, east: Team, west: Team, responder: User
) -> None:
    reorganised(west, responder)
    with refused(errors.TeamGone):
        reorganised(west, responder, east)
    with refused(errors.TeamEnded, "successors"):
        reorganised(north, responder, west)
    for wrong in ((north,), (east, east)):
        with refused(errors.SucceedsItself, "successors"):
            reorganised(north, responder, *wrong)
    with refused(errors.NotOwned, "passing"):
        reorganised(north, responder, east, passing={"AT25-C099": east})
    with refused(errors.NoSuccessor, "passing"):
        reorganised(north, responder, east, passing={commitment.reference: west})
    with refused(errors.ReasonMissing, "reason"):
        actions.reorganise(north, by=responder, today=TODAY, successors=[east], reason="")
