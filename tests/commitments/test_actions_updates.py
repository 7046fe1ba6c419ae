"""What owners report: the lead's claim, the co-owners' words beside it, evidence, milestones."""

from datetime import date
from typing import Any

import pytest

from accounts import actions as accounts
from accounts.models import Role, Team, User
from commitments import actions, errors, standing
from commitments.models import Commitment
from commitments.promises import Due
from tests import make
from tests.make import EVIDENCE, TODAY, days
from tests.recording import one, refused, telling, told, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Team:
    return make.team(slug="north")


@pytest.fixture
def co_owner() -> Team:
    return make.team(slug="wardens")


@pytest.fixture
def commitment(lead: Team, co_owner: Team) -> Commitment:
    found = make.commitment(make.assembly(prefix="AT25"), lead=lead, co_owners=(co_owner,))
    return actions.accept(found, by=make.responder(co_owner.organisation), today=TODAY)


@pytest.fixture
def officer(lead: Team) -> User:
    return make.member(lead)


def shown(commitment: Commitment, today: date = TODAY) -> str:
    commitment.refresh_from_db()
    return standing.standing(standing.facts_of(commitment), today)


def test_an_update_of_the_lead_sets_the_status_and_the_rhythm_and_is_told(
    commitment: Commitment, officer: User
) -> None:
    with telling() as entries:
        update = actions.post_update(
            commitment, by=officer, today=days(10), body="Begun.", status="in_progress", evidence=EVIDENCE
        )
    told(
        one(entries),
        "update.posted",
        actor="team:north",
        subject=f"update:{update.pk}",
        root="commitment:AT25-C001",
        on=days(10),
        facts={
            "commitment": "AT25-C001",
            "team": "north",
            "lead": True,
            "status": "in_progress",
            "team_status": None,
            "claim": False,
            "verify_by": None,
            "update_due_on": days(100).isoformat(),
            "evidence": [{"dated": None}],
        },
        words={
            "body": "Begun.",
            "evidence_titles": EVIDENCE[0].title,
            "evidence_urls": EVIDENCE[0].url,
        },
    )
    commitment.refresh_from_db()
    assert (commitment.status, commitment.update_due_on) == ("in_progress", days(100))
    assert list(update.evidence.values_list("title", "url")) == [(EVIDENCE[0].title, EVIDENCE[0].url)]
    assert shown(commitment) == "on_track"


def test_a_co_owners_update_never_sets_the_status_and_keeps_the_rhythm(
    commitment: Commitment, co_owner: Team
) -> None:
    update = make.update(
        commitment, by=make.member(co_owner), today=days(10), status="completed", evidence=EVIDENCE
    )
    commitment.refresh_from_db()
    assert (update.status, update.team_status, update.is_claim) == (None, "completed", False)
    assert (commitment.status, commitment.claim, commitment.update_due_on) == (None, None, days(100))
    assert commitment.owners.get(team=co_owner).team_status == "completed"
    assert shown(commitment, days(10)) == "no_word"


def test_a_claim_starts_the_window_for_verification(commitment: Commitment, officer: User) -> None:
    with telling() as entries:
        claim = make.claim(commitment, by=officer, today=days(10))
    commitment.refresh_from_db()
    assert (commitment.claim, commitment.claimed_on, commitment.verify_by) == (claim, days(10), days(38))
    assert one(entries).subject == f"update:{claim.pk}"
    assert shown(commitment, days(38)) == "claimed"
    assert shown(commitment, days(39)) == "unverified"


def test_completed_needs_evidence_whoever_says_it(
    commitment: Commitment, officer: User, co_owner: Team
) -> None:
    for by in (officer, make.member(co_owner)):
        with refused(errors.EvidenceMissing, "evidence"):
            make.update(commitment, by=by, status="completed")


@pytest.mark.parametrize("status", ["not_started", "abandoned"])
def test_going_back_and_giving_up_need_a_reason(commitment: Commitment, officer: User, status: str) -> None:
    make.update(commitment, by=officer)
    with refused(errors.ReasonMissing, "reason"):
        make.update(commitment, by=officer, status=status, reason=" ")
    make.update(commitment, by=officer, status=status, reason="The money is gone.")
    assert shown(commitment) == status


def test_any_move_is_possible_even_after_giving_up(commitment: Commitment, officer: User) -> None:
    for status in ("abandoned", "in_progress", "completed", "not_started", "completed", "abandoned"):
        make.update(commitment, by=officer, status=status, reason="It is so.", evidence=EVIDENCE)
        commitment.refresh_from_db()
        assert commitment.status == status


def test_giving_up_is_a_fact_of_its_own(commitment: Commitment, officer: User) -> None:
    with telling() as entries:
        update = make.update(commitment, by=officer, status="abandoned", reason="No money.")
    assert types(entries) == ["update.posted", "commitment.abandoned"]
    told(
        entries[1],
        "commitment.abandoned",
        actor="team:north",
        subject="commitment:AT25-C001",
        facts={"update": str(update.pk)},
        words={"reason": "No money."},
    )


def test_a_co_owner_that_gives_up_abandons_nothing(commitment: Commitment, co_owner: Team) -> None:
    with telling() as entries:
        make.update(commitment, by=make.member(co_owner), status="abandoned", reason="Not ours.")
    assert types(entries) == ["update.posted"]
    assert shown(commitment) == "no_word"


def test_superseding_is_said_by_naming_the_successor(commitment: Commitment, officer: User) -> None:
    with refused(errors.UseSupersede, "status"):
        make.update(commitment, by=officer, status="superseded", reason="Better")


def test_a_status_that_does_not_exist_is_refused(commitment: Commitment, officer: User) -> None:
    with refused(errors.UnknownField, "status"):
        make.update(commitment, by=officer, status="nearly")


def test_an_update_by_anyone_who_owns_nothing_of_it_is_refused(commitment: Commitment, lead: Team) -> None:
    sister = make.member(make.team(lead.organisation))
    for by in (sister, make.convenor(), make.panel(), make.person(), make.responder(make.organisation())):
        with refused(errors.NotAnOwner):
            make.update(commitment, by=by)


def test_a_responder_speaks_for_every_team_of_its_body_and_chooses_which(lead: Team) -> None:
    second = make.team(lead.organisation, "south")
    commitment = make.commitment(lead=lead, co_owners=(second,))
    responder = make.responder(lead.organisation)
    assert make.update(commitment, by=responder).team == lead
    assert make.update(commitment, by=responder, team="south").team == second
    with refused(errors.NotAnOwner):
        make.update(commitment, by=responder, team="elsewhere")


def test_a_role_that_ended_opens_nothing(commitment: Commitment, lead: Team) -> None:
    user = make.person()
    membership = accounts.grant_role(user, Role.TEAM_MEMBER, team=lead)
    accounts.end_role(membership)
    with refused(errors.NotAnOwner):
        make.update(commitment, by=user)


def test_an_update_after_silence_records_the_silence_first(commitment: Commitment, officer: User) -> None:
    assert shown(commitment, days(91)) == "silent"
    with telling() as entries:
        make.update(commitment, by=officer, today=days(120))
    assert types(entries) == ["commitment.silent", "update.posted"]
    told(
        entries[0],
        "commitment.silent",
        actor="clock",
        subject="commitment:AT25-C001",
        on=days(91),
        facts={"update_due_on": days(90).isoformat()},
    )
    assert shown(commitment, days(120)) == "on_track"


def test_a_new_status_ends_what_was_found_on_the_last_claim(commitment: Commitment, officer: User) -> None:
    claim = make.claim(commitment, by=officer)
    actions.verify(
        commitment,
        by=make.panel(),
        today=days(1),
        claim=claim,
        finding="not_verified",
        reason="Nobody there.",
    )
    assert shown(commitment, days(1)) == "contested"
    second = make.claim(commitment, by=officer, today=days(20))
    commitment.refresh_from_db()
    assert (commitment.claim, commitment.finding, commitment.refuted_on) == (second, None, None)
    assert commitment.verify_by == days(48)
    assert shown(commitment, days(20)) == "claimed"
    assert claim.verifications.count() == 1


def test_a_milestone_is_added_and_done_and_both_are_told(commitment: Commitment, officer: User) -> None:
    with telling() as entries:
        milestone = actions.add_milestone(
            commitment, by=officer, today=TODAY, title="Recruit", due_on=days(30)
        )
        actions.finish_milestone(milestone, by=officer, today=days(30), done_on=days(29))
    about: dict[str, Any] = {
        "actor": "team:north",
        "subject": f"milestone:{milestone.pk}",
        "root": "commitment:AT25-C001",
    }
    due = {"commitment": "AT25-C001", "due_on": days(30).isoformat()}
    added, done = entries
    told(added, "milestone.added", facts=due, words={"title": "Recruit"}, **about)
    told(done, "milestone.done", facts={**due, "done_on": days(29).isoformat()}, on=days(30), **about)
    milestone.refresh_from_db()
    assert (milestone.due_on, milestone.done_on) == (days(30), days(29))


def test_a_step_done_late_was_late(commitment: Commitment, officer: User) -> None:
    milestone = actions.add_milestone(commitment, by=officer, today=TODAY, title="Recruit", due_on=days(30))
    with telling() as entries:
        actions.finish_milestone(milestone, by=officer, today=days(40))
    assert types(entries) == ["milestone.overdue", "milestone.done"]
    assert (entries[0].actor, entries[0].occurred_on) == ("clock", days(31))


def test_a_step_that_was_overdue_when_it_was_added_is_overdue_from_that_day(
    commitment: Commitment, officer: User
) -> None:
    make.update(commitment, by=officer, today=days(5))
    actions.add_milestone(commitment, by=officer, today=days(10), title="Recruit", due_on=days(-30))
    with telling() as entries:
        actions.tick(days(20))
    assert (one(entries).type, one(entries).occurred_on) == ("milestone.overdue", days(10))


def test_a_step_is_done_once_not_in_the_future_and_by_an_owner(commitment: Commitment, officer: User) -> None:
    milestone = actions.add_milestone(commitment, by=officer, today=TODAY, title="Recruit", due_on=days(30))
    stranger = make.person()
    with refused(errors.DoneInTheFuture, "done_on"):
        actions.finish_milestone(milestone, by=officer, today=TODAY, done_on=days(1))
    with refused(errors.NotAnOwner):
        actions.finish_milestone(milestone, by=stranger, today=TODAY)
    with refused(errors.NotAnOwner):
        actions.add_milestone(commitment, by=stranger, today=TODAY, title="Mine", due_on=days(3))
    with refused(errors.DueDateMissing, "due_on"):
        actions.add_milestone(commitment, by=officer, today=TODAY, title="Then", due_on=date(2999, 1, 1))
    actions.finish_milestone(milestone, by=officer, today=days(1))
    with refused(errors.MilestoneDone):
        actions.finish_milestone(milestone, by=officer, today=days(2))


def test_days_late_run_to_the_standing_claim_and_run_on_when_it_is_refuted(lead: Team, officer: User) -> None:
    commitment = make.commitment(lead=lead, due=Due(days(10)))
    claim = make.claim(commitment, by=officer, today=days(15))

    def late(today: date) -> int | None:
        commitment.refresh_from_db()
        return standing.days_late(standing.facts_of(commitment), commitment.due_on, today)

    assert late(days(30)) == 5
    verdict: dict[str, Any] = {"claim": claim, "reason": "We looked."}
    actions.verify(commitment, by=make.panel(), today=days(30), finding="partly_verified", **verdict)
    assert late(days(40)) == 30
    actions.verify(commitment, by=make.panel(), today=days(41), finding="verified", **verdict)
    assert late(days(50)) == 5
