"""Values that no database should have to refuse: the verbs refuse them first, with a sentence, on both databases."""

from typing import Any

import pytest

from accounts.models import Team
from commitments import actions, errors
from commitments.models import Owner, Theme
from commitments.promises import Ownership, Promise
from record.entries import body_of
from tests import make
from tests.make import SOURCE, TODAY, days
from tests.recording import one, refused, telling

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Team:
    """Who leads."""
    return make.team()


def test_what_a_promise_names_twice_it_names_once(lead: Team) -> None:
    assembly, area = make.assembly(), make.area()
    asked = make.recommendation(assembly)
    with telling() as entries:
        made = make.commitment(assembly, lead=lead, recommendations=[asked, asked], areas=[area, area])
    assert (made.recommendations.count(), made.areas.count()) == (1, 1)
    assert body_of(one(entries))["facts"]["recommendations"] == [asked.reference]


def test_an_owner_is_entered_once(lead: Team) -> None:
    assembly, by = make.assembly(), make.convenor()
    bodies = [Ownership(organisation=lead.organisation), Ownership(organisation=lead.organisation)]
    for owners in ([Ownership(team=lead, lead=True), Ownership(team=lead)], bodies):
        with refused(errors.OwnerTwice, "owners"):
            actions.enter_commitment(
                assembly, by=by, today=TODAY, promise=Promise(title="Walk", owners=owners), source=SOURCE
            )


@pytest.mark.parametrize("nothing", ["", " \n"])
def test_who_speaks_says_something(lead: Team, nothing: str) -> None:
    commitment, officer = make.commitment(lead=lead), make.member(lead)
    challenge = make.open_challenge(make.claim(commitment, by=officer))
    asked, by = make.recommendation(commitment.assembly), make.responder(lead.organisation)
    actions.ask(asked, by=make.convenor(), today=TODAY, organisation=lead.organisation)
    with refused(errors.UnknownField, "body"):
        actions.reply(challenge, by=officer, today=TODAY, body=nothing)
    with refused(errors.UnknownField, "body"):
        make.update(commitment, by=officer, body=nothing)
    with refused(errors.UnknownField, "body"):
        actions.respond(
            asked, by=by, today=TODAY, organisation=lead.organisation, stance="accepted", body=nothing
        )


@pytest.mark.parametrize("title", ["", " ", "x" * 301])
def test_a_title_is_corrected_to_one_that_can_be_kept(lead: Team, title: str) -> None:
    commitment, officer, convenor = make.commitment(lead=lead), make.member(lead), make.convenor()
    asked, theme = make.recommendation(commitment.assembly), make.theme(commitment.assembly)
    said: dict[str, Any] = {"today": TODAY, "field": "title", "text": title, "reason": "Shorter"}
    with refused(errors.UnknownField, "text"):
        actions.correct_commitment(commitment, by=officer, **said)
    with refused(errors.UnknownField, "text"):
        actions.correct_recommendation(asked, by=convenor, **said)
    with refused(errors.UnknownField, "text"):
        actions.correct_theme(Theme.objects.get(pk=theme.pk), by=convenor, **said)


def test_an_update_keeps_words(lead: Team) -> None:
    officer = make.member(lead)
    update = make.update(make.commitment(lead=lead), by=officer)
    with refused(errors.UnknownField, "text"):
        actions.correct_update(update, by=officer, today=TODAY, field="body", text=" ", reason="Gone")


def test_a_step_of_another_commitment_is_not_corrected_here(lead: Team) -> None:
    commitment, officer = make.commitment(lead=lead), make.member(lead)
    other = make.commitment(commitment.assembly, lead=lead)
    step = actions.add_milestone(other, by=officer, today=TODAY, title="Hire", due_on=days(9))
    with refused(errors.UnknownField, "milestone"):
        actions.correct_commitment(
            commitment,
            by=officer,
            today=TODAY,
            field="milestone",
            text="2026-09-09",
            reason="Typo",
            milestone=step,
        )
    with refused(errors.DueDateMissing, "text"):
        actions.correct_commitment(
            other, by=officer, today=TODAY, field="milestone", text="20260909", reason="Typo", milestone=step
        )


@pytest.mark.parametrize(
    "clock",
    [{"response_days": 0}, {"reply_days": -1}, {"support_needed": "5"}, {"rhythm_days": 99_999}, {"x": 1}],
)
def test_clocks_count_days(clock: dict[str, Any]) -> None:
    [name], assembly, by = clock, make.assembly("other-2025"), make.convenor("other-2025")
    convenor = make.convenor()
    with refused(errors.UnknownField, name):
        actions.publish_assembly(
            make.SLUG, by=convenor, today=TODAY, prefix="AT", title="Assembly", clocks=clock
        )
    with refused(errors.UnknownField, name):
        actions.correct_assembly(assembly, by=by, today=TODAY, reason="Agreed", **clock)


def test_a_co_owner_that_stays_has_said_what_it_said(lead: Team) -> None:
    partner, colleagues = make.team(), make.team(lead.organisation)
    commitment = make.commitment(lead=lead, co_owners=(partner,))
    actions.accept(commitment, by=make.responder(partner.organisation), today=TODAY)
    make.update(commitment, by=make.member(partner), status="in_progress")
    owners = [Ownership(team=colleagues, lead=True), Ownership(team=partner)]
    by = make.responder(lead.organisation)
    actions.hand_over(commitment, by=by, today=days(3), owners=owners, reason="Moved")
    stays = Owner.objects.get(team=partner, ended_on=None)
    assert stays.team_status == "in_progress"
    assert stays.team_status_at is not None
