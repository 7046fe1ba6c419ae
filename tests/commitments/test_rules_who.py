"""Who may do what, off the beaten path: owners that said no yes, replaced promises, people with several roles."""

import pytest

from accounts import actions as accounts
from accounts.models import Role, Team
from commitments import actions, errors, permissions
from commitments.models import Challenge, Commitment
from commitments.promises import Ownership
from tests import make
from tests.make import TODAY, days
from tests.recording import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Team:
    """Who leads."""
    return make.team()


@pytest.fixture
def partner() -> Team:
    """A team of another body, which is named as a co-owner."""
    return make.team()


@pytest.fixture
def commitment(lead: Team, partner: Team) -> Commitment:
    """A promise that the partner has not accepted."""
    return make.commitment(lead=lead, co_owners=(partner,))


def test_who_was_named_without_saying_yes_finishes_no_step(
    commitment: Commitment, lead: Team, partner: Team
) -> None:
    step = actions.add_milestone(commitment, by=make.member(lead), today=TODAY, title="Hire", due_on=days(9))
    by = make.member(partner)
    with refused(errors.NotAcceptedYet):
        actions.finish_milestone(step, by=by, today=TODAY)
    actions.accept(commitment, by=make.responder(partner.organisation), today=TODAY)
    assert actions.finish_milestone(step, by=by, today=TODAY).done_on == TODAY


def test_who_was_named_without_saying_yes_answers_no_challenge(
    commitment: Commitment, lead: Team, partner: Team
) -> None:
    challenge, by = make.open_challenge(make.claim(commitment)), make.member(partner)
    with refused(errors.NotAcceptedYet):
        actions.reply(challenge, by=by, today=TODAY, body="It is done.")
    actions.accept(commitment, by=make.responder(partner.organisation), today=TODAY)
    assert actions.reply(challenge, by=by, today=TODAY, body="It is done.").replied_by == partner


def test_on_a_replaced_promise_nothing_is_accepted_or_finished_any_more(
    commitment: Commitment, lead: Team, partner: Team
) -> None:
    officer, by = make.member(lead), make.responder(partner.organisation)
    step = actions.add_milestone(commitment, by=officer, today=TODAY, title="Hire", due_on=days(9))
    successor = make.commitment(commitment.assembly, lead=lead)
    responder = make.responder(lead.organisation)
    actions.supersede(commitment, by=responder, today=TODAY, successor=successor, reason="Better")
    with refused(errors.Replaced):
        actions.accept(commitment, by=by, today=TODAY)
    with refused(errors.Replaced):
        actions.finish_milestone(step, by=officer, today=TODAY)


def test_a_challenge_of_a_replaced_promise_is_answered_still(commitment: Commitment, lead: Team) -> None:
    challenge = make.open_challenge(make.claim(commitment))
    successor = make.commitment(commitment.assembly, lead=lead)
    responder = make.responder(lead.organisation)
    actions.supersede(commitment, by=responder, today=TODAY, successor=successor, reason="Better")
    assert actions.reply(challenge, by=responder, today=TODAY, body="See there.").answered_on == TODAY


def test_who_accepts_leaves_nobody_out_whom_the_source_names(lead: Team, partner: Team) -> None:
    entered = make.entered(owners=[Ownership(team=lead, lead=True), Ownership(team=partner)])
    by, usurper = make.responder(lead.organisation), make.responder(partner.organisation)
    first, second = Ownership(team=lead), Ownership(team=partner)
    with refused(errors.NotItsOwner, "owners"):
        actions.accept(entered, by=by, today=TODAY, owners=[Ownership(team=lead, lead=True)])
    with refused(errors.NotItsOwner, "owners"):
        actions.accept(entered, by=usurper, today=TODAY, owners=[Ownership(team=partner, lead=True), first])
    colleagues = make.team(lead.organisation)
    owners = [Ownership(team=colleagues, lead=True), second]
    actions.accept(entered, by=by, today=days(2), owners=owners)
    assert permissions.lead_of(entered).team == colleagues
    past = entered.owners.exclude(ended_on=None).values_list("team", "ended_on")
    assert set(past) == {(lead.pk, days(2)), (partner.pk, days(2))}


def test_a_body_named_without_a_team_stands_in_nobodys_way(lead: Team, partner: Team) -> None:
    owners = [Ownership(team=lead, lead=True), Ownership(organisation=partner.organisation)]
    entered = make.entered(owners=owners)
    actions.accept(entered, by=make.responder(lead.organisation), today=TODAY)
    accepted = entered.owners.filter(ended_on=None).values_list("organisation", "accepted_on")
    assert set(accepted) == {(lead.organisation_id, TODAY), (partner.organisation_id, None)}


def test_nobody_decides_a_challenge_that_they_raised(commitment: Commitment, lead: Team) -> None:
    claim, both, officer = make.claim(commitment), make.panel(), make.member(lead)
    accounts.grant_role(both, Role.CONVENOR, assembly=commitment.assembly.slug)
    challenge = actions.challenge_claim(commitment, by=both, today=TODAY, claim=claim, reason="Nobody came.")
    actions.reply(challenge, by=officer, today=TODAY, body="They came.")
    with refused(errors.OwnRequest):
        actions.resolve(challenge, by=both, today=TODAY, outcome="upheld", reason="Nobody did.")
    other = make.convenor()
    resolved = actions.resolve(challenge, by=other, today=TODAY, outcome="not_upheld", reason="They did.")
    assert resolved.resolved_on == TODAY


def test_who_supported_a_challenge_and_became_convenor_does_not_decide_it(commitment: Commitment) -> None:
    claim, resident = make.claim(commitment), make.person()
    challenge = make.challenge(claim, by=resident)
    accounts.grant_role(resident, Role.CONVENOR, assembly=commitment.assembly.slug)
    with refused(errors.OwnRequest):
        actions.admit(challenge, by=resident, today=TODAY)
    actions.admit(challenge, by=make.convenor(), today=TODAY)
    assert Challenge.objects.get().state == "gathering"
