"""How promises pass on: handed over, superseded, split, merged; what came from what is kept for ever."""

from typing import Any

import pytest

from accounts.models import Team, User
from commitments import actions, errors, standing
from commitments.models import Commitment
from commitments.promises import Due, Ownership, Promise
from tests import make
from tests.make import TODAY, days
from tests.recording import one, refused, telling, told, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Team:
    return make.team(make.organisation("police"), "north")


@pytest.fixture
def commitment(lead: Team) -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"), lead=lead)


@pytest.fixture
def responder(lead: Team) -> User:
    return make.responder(lead.organisation)


def owned(team: str, body: str, accepted: bool, *, leads: bool) -> dict[str, Any]:
    accepted_on = TODAY.isoformat() if accepted else None
    return {"team": team, "organisation": body, "lead": leads, "accepted_on": accepted_on}


def leading(team: Team) -> list[Ownership]:
    return [Ownership(team=team, lead=True)]


def standings(*commitments: Commitment) -> list[str]:
    for each in commitments:
        each.refresh_from_db()
    return [standing.standing(standing.facts_of(each), TODAY) for each in commitments]


def links(earlier: Commitment) -> list[tuple[str, str]]:
    return list(earlier.later_links.order_by("later").values_list("kind", "later__reference"))


def test_a_commitment_is_handed_to_another_team_and_told(
    commitment: Commitment, lead: Team, responder: User
) -> None:
    south = make.team(lead.organisation, "south")
    with telling() as entries:
        actions.hand_over(commitment, by=responder, today=TODAY, owners=leading(south), reason="Reorganised")
    told(
        one(entries),
        "commitment.handed_over",
        actor="organisation:police",
        subject="commitment:AT25-C001",
        facts={
            "old_owners": [owned("north", "police", True, leads=True)],
            "owners": [owned("south", "police", True, leads=True)],
        },
        words={"reason": "Reorganised"},
    )
    assert commitment.owners.get(team=lead).ended_on == TODAY
    make.update(commitment, by=make.member(south))
    former = make.member(lead)
    with refused(errors.NotAnOwner):
        make.update(commitment, by=former)


def test_a_hand_over_erases_no_silence_and_starts_no_clock_anew(
    commitment: Commitment, lead: Team, responder: User
) -> None:
    south = make.team(lead.organisation, "south")
    with telling() as entries:
        actions.hand_over(
            commitment, by=responder, today=days(100), owners=leading(south), reason="Reorganised"
        )
    assert types(entries) == ["commitment.silent", "commitment.handed_over"]
    assert entries[0].occurred_on == days(91)
    commitment.refresh_from_db()
    assert commitment.update_due_on == days(90)


def test_a_hand_over_needs_the_leads_responder_a_reason_and_other_owners(
    commitment: Commitment, lead: Team, responder: User
) -> None:
    south = make.team(lead.organisation, "south")
    for by in (make.member(lead), make.responder(make.organisation()), make.convenor(), make.person()):
        with refused(errors.NotTheLeadsResponder):
            actions.hand_over(commitment, by=by, today=TODAY, owners=leading(south), reason="Mine")
    with refused(errors.ReasonMissing, "reason"):
        actions.hand_over(commitment, by=responder, today=TODAY, owners=leading(south), reason="")
    with refused(errors.OwnsAlready):
        actions.hand_over(commitment, by=responder, today=TODAY, owners=leading(lead), reason="Same")
    with refused(errors.LeadMissing, "owners"):
        actions.hand_over(
            commitment, by=responder, today=TODAY, owners=[Ownership(team=south)], reason="None"
        )


def test_a_promise_is_superseded_by_another_and_both_stay(
    commitment: Commitment, lead: Team, responder: User
) -> None:
    successor = make.commitment(commitment.assembly, lead=lead, title="Walk twice a day")
    with telling() as entries:
        actions.supersede(
            commitment, by=responder, today=TODAY, successor=successor, reason="A better promise"
        )
    assert types(entries) == ["update.posted", "commitment.superseded"]
    told(
        entries[1],
        "commitment.superseded",
        actor="organisation:police",
        subject="commitment:AT25-C001",
        facts={"by": ["AT25-C002"]},
        words={"reason": "A better promise"},
    )
    assert standings(commitment, successor) == ["superseded", "no_word"]
    assert (commitment.stage, commitment.status) == ("superseded", "superseded")
    assert links(commitment) == [("superseded", "AT25-C002")]


def test_what_was_replaced_takes_no_further_steps(
    commitment: Commitment, lead: Team, responder: User
) -> None:
    successor = make.commitment(commitment.assembly, lead=lead)
    officer = make.member(lead)
    actions.supersede(commitment, by=responder, today=TODAY, successor=successor, reason="Better")
    with refused(errors.Replaced):
        make.update(commitment, by=officer)
    with refused(errors.Replaced):
        actions.add_milestone(commitment, by=officer, today=TODAY, title="Step", due_on=days(9))
    with refused(errors.Replaced):
        actions.supersede(commitment, by=responder, today=TODAY, successor=successor, reason="Again")
    with refused(errors.Replaced):
        actions.request_due_date(commitment, by=officer, today=TODAY, due=Due(days(9)), reason="More")
    assert actions.tick(days(1)) == 0


def test_superseding_needs_the_leads_responder_a_reason_and_another_promise(
    commitment: Commitment, lead: Team, responder: User
) -> None:
    successor, officer = make.commitment(commitment.assembly, lead=lead), make.member(lead)
    with refused(errors.NotTheLeadsResponder):
        actions.supersede(commitment, by=officer, today=TODAY, successor=successor, reason="Mine")
    with refused(errors.ReasonMissing, "reason"):
        actions.supersede(commitment, by=responder, today=TODAY, successor=successor, reason=" ")
    with refused(errors.ReplacesItself):
        actions.supersede(commitment, by=responder, today=TODAY, successor=commitment, reason="Same")


def test_a_promise_is_not_superseded_by_one_of_another_assembly(
    commitment: Commitment, lead: Team, responder: User
) -> None:
    elsewhere = make.commitment(make.assembly("other-2025"), lead=lead)
    with refused(errors.OtherAssembly, "successor"):
        actions.supersede(commitment, by=responder, today=TODAY, successor=elsewhere, reason="There")


def test_two_promises_do_not_replace_each_other(commitment: Commitment, lead: Team, responder: User) -> None:
    successor = make.commitment(commitment.assembly, lead=lead)
    actions.supersede(commitment, by=responder, today=TODAY, successor=successor, reason="Better")
    commitment.refresh_from_db()
    with refused(errors.Replaced):
        actions.supersede(successor, by=responder, today=TODAY, successor=commitment, reason="Worse")


def test_superseding_after_the_date_keeps_the_lateness(lead: Team, responder: User) -> None:
    commitment = make.commitment(lead=lead, due=Due(days(10)))
    successor = make.commitment(commitment.assembly, lead=lead)
    with telling() as entries:
        actions.supersede(commitment, by=responder, today=days(20), successor=successor, reason="Better")
    assert types(entries) == ["commitment.overdue", "update.posted", "commitment.superseded"]


def test_a_promise_is_split_into_new_ones_that_are_published_in_the_same_breath(
    commitment: Commitment, lead: Team, responder: User
) -> None:
    parts = [make.promise(lead, title="Walk by day"), make.promise(lead, title="Walk by night")]
    with telling() as entries:
        later = actions.split(commitment, by=responder, today=TODAY, parts=parts, reason="Two teams")
    assert types(entries) == [
        "commitment.published",
        "commitment.published",
        "update.posted",
        "commitment.split",
    ]
    told(
        entries[-1],
        "commitment.split",
        actor="organisation:police",
        subject="commitment:AT25-C001",
        facts={"into": ["AT25-C002", "AT25-C003"]},
        words={"reason": "Two teams"},
    )
    assert links(commitment) == [("split", part.reference) for part in later]
    assert standings(commitment, *later) == ["superseded", "no_word", "no_word"]
    assert commitment.stage == "split"


def test_a_split_needs_two_parts_and_fails_whole(commitment: Commitment, lead: Team, responder: User) -> None:
    good = make.promise(lead)
    with refused(errors.TooFewParts, "parts"):
        actions.split(commitment, by=responder, today=TODAY, parts=[good], reason="One")
    with refused(errors.LeadMissing, "owners"):
        actions.split(
            commitment, by=responder, today=TODAY, parts=[good, Promise(title="Nobody's")], reason="Two"
        )


def test_promises_are_merged_into_one(commitment: Commitment, lead: Team, responder: User) -> None:
    other = make.commitment(commitment.assembly, lead=lead)
    with telling() as entries:
        later = actions.merge(
            commitment,
            by=responder,
            today=TODAY,
            others=[other],
            promise=make.promise(lead, title="Walk"),
            reason="One team",
        )
    assert types(entries) == [
        "commitment.published",
        *["update.posted", "commitment.merged"] * 2,
    ]
    for entry, earlier in ((entries[2], commitment), (entries[4], other)):
        told(
            entry,
            "commitment.merged",
            actor="organisation:police",
            subject=earlier.record_subject,
            facts={"into": "AT25-C003"},
            words={"reason": "One team"},
        )
        assert links(earlier) == [("merged", "AT25-C003")]
    assert standings(commitment, other, later) == ["superseded", "superseded", "no_word"]


def test_no_theme_loses_sight_of_what_is_split_or_merged(lead: Team, responder: User) -> None:
    assembly = make.assembly(prefix="AT25")
    first, second = (make.recommendation(assembly) for _ in range(2))
    whole = make.commitment(assembly, lead=lead, recommendations=[first, second])
    parts = [make.promise(lead), make.promise(lead, recommendations=[second])]
    said: dict[str, Any] = {"by": responder, "today": TODAY, "reason": "Two teams"}
    by_day, by_night = actions.split(whole, parts=parts, **said)
    assert [list(one.recommendations.order_by("pk")) for one in (by_day, by_night)] == [
        [first, second],
        [second],
    ]
    again = actions.merge(by_day, others=[by_night], promise=make.promise(lead), **said)
    assert list(again.recommendations.order_by("pk")) == [first, second]


def test_a_merger_needs_two_of_one_assembly_and_the_right_to_replace_each(
    commitment: Commitment, lead: Team, responder: User
) -> None:
    foreign = make.commitment(commitment.assembly)
    elsewhere = make.commitment(make.assembly("other-2025"), lead=lead)
    promise = make.promise(lead)
    said: dict[str, Any] = {"by": responder, "today": TODAY, "promise": promise, "reason": "One"}
    with refused(errors.TooFewParts, "others"):
        actions.merge(commitment, others=[commitment], **said)
    with refused(errors.OtherAssembly, "others"):
        actions.merge(commitment, others=[elsewhere], **said)
    with refused(errors.NotTheLeadsResponder):
        actions.merge(commitment, others=[foreign], **said)


def test_what_was_only_entered_is_not_passed_on(lead: Team, responder: User) -> None:
    entered = make.entered(owners=leading(lead))
    successor, other = make.commitment(entered.assembly, lead=lead), leading(make.team())
    with refused(errors.NotAcceptedYet):
        actions.supersede(entered, by=responder, today=TODAY, successor=successor, reason="Better")
    with refused(errors.NotAcceptedYet):
        actions.hand_over(entered, by=responder, today=TODAY, owners=other, reason="Moved")
