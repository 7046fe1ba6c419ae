"""Corrections: nothing published is edited; old and new wording stand in the record, and promises need approval."""

from datetime import date

import pytest

from accounts import actions as accounts
from accounts.models import Role, Team, User
from commitments import actions, errors, permissions
from commitments.models import Commitment, Correction, Milestone
from commitments.promises import Ownership
from tests import make
from tests.make import SLUG, TODAY, days
from tests.recording import one, refused, telling, told, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Team:
    return make.team(slug="north")


@pytest.fixture
def commitment(lead: Team) -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"), lead=lead, measure="Patrols")


@pytest.fixture
def officer(lead: Team) -> User:
    return make.member(lead)


@pytest.fixture
def convenor(commitment: Commitment) -> User:
    return make.convenor()


@pytest.fixture
def milestone(commitment: Commitment, officer: User) -> Milestone:
    return actions.add_milestone(commitment, by=officer, today=TODAY, title="Recruit", due_on=days(30))


def ask(
    commitment: Commitment,
    by: User,
    text: str = "Patrols a week",
    *,
    field: str = "measure",
    reason: str = "Clearer",
    milestone: Milestone | None = None,
) -> Correction:
    return actions.correct_commitment(
        commitment, by=by, today=TODAY, field=field, text=text, reason=reason, milestone=milestone
    )


def test_a_recommendation_is_corrected_by_the_convenor_at_once_with_both_wordings() -> None:
    recommendation, convenor = make.recommendation(title="Engage wiht youth"), make.convenor()
    with telling() as entries:
        correction = actions.correct_recommendation(
            recommendation, by=convenor, today=TODAY, field="title", text="Engage with youth", reason="A slip"
        )
    told(
        one(entries),
        "recommendation.corrected",
        actor=f"convenor:{SLUG}",
        subject=f"correction:{correction.pk}",
        root=recommendation.record_subject,
        facts={"correction": str(correction.pk), "field": "title"},
        words={"old": "Engage wiht youth", "new": "Engage with youth", "reason": "A slip"},
    )
    recommendation.refresh_from_db()
    assert (recommendation.title, recommendation.version) == ("Engage with youth", 2)
    assert (correction.old, correction.state) == ("Engage wiht youth", "approved")


def test_a_correction_of_a_recommendation_needs_the_convenor_a_text_field_a_reason_and_a_change() -> None:
    recommendation, convenor, panel = make.recommendation(), make.convenor(), make.panel()

    def correct(by: User, field: str = "title", text: str = "New", reason: str = "Why") -> None:
        actions.correct_recommendation(
            recommendation, by=by, today=TODAY, field=field, text=text, reason=reason
        )

    with refused(errors.NotTheConvenor):
        correct(panel)
    with refused(errors.NothingToCorrect, "field"):
        correct(convenor, field="number")
    with refused(errors.ReasonMissing, "reason"):
        correct(convenor, reason="")
    with refused(errors.NothingChanged, "text"):
        correct(convenor, text=recommendation.title)


def test_the_words_of_an_update_are_corrected_by_the_team_that_posted_it(
    commitment: Commitment, officer: User
) -> None:
    update = make.update(commitment, by=officer, body="Ten offices walk.")
    with telling() as entries:
        correction = actions.correct_update(
            update, by=officer, today=TODAY, field="body", text="Ten officers walk.", reason="A slip"
        )
    told(
        one(entries),
        "update.corrected",
        actor="team:north",
        subject=f"correction:{correction.pk}",
        root=f"update:{update.pk}",
        facts={"correction": str(correction.pk), "field": "body"},
        words={"old": "Ten offices walk.", "new": "Ten officers walk.", "reason": "A slip"},
    )
    update.refresh_from_db()
    assert (update.body, update.status) == ("Ten officers walk.", "in_progress")


def test_an_update_is_corrected_by_nobody_else_and_its_status_never(lead: Team) -> None:
    second = make.team(lead.organisation)
    commitment = make.commitment(lead=lead, co_owners=(second,))
    update = make.update(commitment, by=make.member(lead))
    officer = make.member(lead)
    for by in (make.member(second), make.convenor(), make.person()):
        with refused(errors.NotAnOwner):
            actions.correct_update(update, by=by, today=TODAY, field="body", text="Mine", reason="Mine")
    with refused(errors.NothingToCorrect, "field"):
        actions.correct_update(update, by=officer, today=TODAY, field="status", text="completed", reason="So")


def test_an_owner_asks_for_a_corrected_wording_and_it_waits(commitment: Commitment, officer: User) -> None:
    with telling() as entries:
        correction = ask(commitment, officer)
    told(
        one(entries),
        "correction.requested",
        actor="team:north",
        subject=f"correction:{correction.pk}",
        root="commitment:AT25-C001",
        facts={"commitment": "AT25-C001", "field": "measure", "milestone": None},
        words={"old": "Patrols", "new": "Patrols a week", "reason": "Clearer"},
    )
    commitment.refresh_from_db()
    assert commitment.measure == "Patrols"


def test_the_convenor_approves_and_both_wordings_are_told(
    commitment: Commitment, officer: User, convenor: User
) -> None:
    correction = ask(commitment, officer)
    with telling() as entries:
        actions.approve_correction(correction, by=convenor, today=days(2), reason="Same meaning")
    told(
        one(entries),
        "commitment.corrected",
        actor=f"convenor:{SLUG}",
        subject=f"correction:{correction.pk}",
        root="commitment:AT25-C001",
        on=days(2),
        facts={
            "correction": str(correction.pk),
            "field": "measure",
            "milestone": None,
            "requested_by": "team:north",
        },
        words={
            "old": "Patrols",
            "new": "Patrols a week",
            "reason": "Clearer",
            "decision_reason": "Same meaning",
        },
    )
    commitment.refresh_from_db()
    assert commitment.measure == "Patrols a week"
    assert list(commitment.corrections.values_list("old", "new")) == [("Patrols", "Patrols a week")]


def test_the_convenor_refuses_a_changed_promise_with_a_reason(
    commitment: Commitment, officer: User, convenor: User
) -> None:
    correction = ask(commitment, officer)
    with refused(errors.ReasonMissing, "reason"):
        actions.refuse_correction(correction, by=convenor, today=TODAY, reason=" ")
    with telling() as entries:
        actions.refuse_correction(correction, by=convenor, today=TODAY, reason="It promises less.")
    told(
        one(entries),
        "correction.refused",
        actor=f"convenor:{SLUG}",
        subject=f"correction:{correction.pk}",
        root="commitment:AT25-C001",
        facts={"commitment": "AT25-C001", "field": "measure"},
        words={"reason": "It promises less."},
    )
    commitment.refresh_from_db()
    assert commitment.measure == "Patrols"
    for verb in (actions.approve_correction, actions.refuse_correction):
        with refused(errors.AlreadyDecided):
            verb(correction, by=convenor, today=TODAY, reason="Again")


def test_only_an_independent_convenor_decides_and_never_the_author(
    commitment: Commitment, officer: User, lead: Team
) -> None:
    author = make.person()
    membership = accounts.grant_role(author, Role.TEAM_MEMBER, team=lead)
    correction = ask(commitment, author)
    accounts.end_role(membership)
    accounts.grant_role(author, Role.CONVENOR, assembly=SLUG)
    both = make.convenor()
    accounts.grant_role(both, Role.TEAM_MEMBER, team=lead)
    refusals = [(officer, errors.NotTheConvenor), (both, errors.NotIndependent), (author, errors.OwnRequest)]
    for by, refusal in refusals:
        with refused(refusal):
            actions.approve_correction(correction, by=by, today=TODAY)
        with refused(refusal):
            actions.refuse_correction(correction, by=by, today=TODAY, reason="No")


def test_what_was_corrected_at_once_is_not_decided_again(convenor: User) -> None:
    correction = actions.correct_recommendation(
        make.recommendation(make.assembly("other-2025")),
        by=make.convenor("other-2025"),
        today=TODAY,
        field="body",
        text="More words",
        reason="Cut off",
    )
    for verb in (actions.approve_correction, actions.refuse_correction):
        with refused(errors.AlreadyDecided):
            verb(correction, by=convenor, today=TODAY, reason="Again")


def test_one_request_for_a_field_waits_at_a_time(commitment: Commitment, officer: User) -> None:
    ask(commitment, officer)
    with refused(errors.CorrectionWaits):
        ask(commitment, officer, "Patrols a month")
    ask(commitment, officer, "A new title", field="title")


def test_a_wording_that_has_changed_since_is_not_replaced(lead: Team) -> None:
    commitment = make.entered(owners=[Ownership(team=lead, lead=True)], measure="Patrols")
    actions.accept(commitment, by=make.responder(lead.organisation), today=TODAY)
    officer, convenor = make.member(lead), make.convenor()
    new_team = make.team(lead.organisation, "south")
    correction = ask(commitment, officer, "north, south", field="owners")
    owners = [Ownership(team=new_team, lead=True)]
    actions.hand_over(
        commitment, by=make.responder(lead.organisation), today=TODAY, owners=owners, reason="Moved"
    )
    with refused(errors.WordsHaveChanged):
        actions.approve_correction(correction, by=convenor, today=TODAY)


@pytest.mark.parametrize("field", ["due_on", "status", "reference", "reported_state"])
def test_what_is_no_wording_is_not_corrected(commitment: Commitment, officer: User, field: str) -> None:
    with refused(errors.NothingToCorrect, "field"):
        ask(commitment, officer, "2030-01-01", field=field)


def test_a_correction_needs_an_owner_a_reason_and_a_change(
    commitment: Commitment, officer: User, convenor: User
) -> None:
    with refused(errors.NotAnOwner):
        ask(commitment, convenor)
    with refused(errors.ReasonMissing, "reason"):
        ask(commitment, officer, reason="")
    with refused(errors.NothingChanged, "text"):
        ask(commitment, officer, "Patrols")
    with refused(errors.NothingChanged, "text"):
        ask(commitment, officer, "north", field="owners")
    with refused(errors.UnknownTeam, "text"):
        ask(commitment, officer, "north, nobody", field="owners")


def test_what_is_only_entered_is_corrected_by_the_convenor_at_once() -> None:
    commitment, convenor = make.entered(title="Reviwe the panels"), make.convenor()
    officer = make.member(make.team())
    with refused(errors.NotTheConvenor):
        ask(commitment, officer, "Review the panels", field="title")
    with telling() as entries:
        correction = ask(commitment, convenor, "Review the panels", field="title")
    assert (one(entries).type, one(entries).actor) == ("commitment.corrected", f"convenor:{SLUG}")
    commitment.refresh_from_db()
    assert (commitment.title, correction.state) == ("Review the panels", "approved")


def test_owners_are_corrected_with_approval_and_the_old_ones_stay_in_the_past(
    commitment: Commitment, officer: User, convenor: User, lead: Team
) -> None:
    make.team(lead.organisation, "south")
    correction = ask(commitment, officer, "south, north", field="owners")
    actions.approve_correction(correction, by=convenor, today=days(1))
    present = permissions.present_owners(commitment)
    assert list(present.values_list("team__slug", "lead", "accepted_on")) == [
        ("south", True, days(1)),
        ("north", False, TODAY),
    ]
    assert commitment.owners.get(ended_on=days(1)).team == lead


def test_the_date_of_a_step_is_corrected_with_approval_and_lateness_stays(
    commitment: Commitment, officer: User, convenor: User, milestone: Milestone
) -> None:
    correction = ask(commitment, officer, "2026-12-24", field="milestone", milestone=milestone)
    with telling() as entries:
        actions.approve_correction(correction, by=convenor, today=days(40))
    assert types(entries) == ["milestone.overdue", "commitment.corrected"]
    assert entries[0].occurred_on == days(31)
    milestone.refresh_from_db()
    assert (milestone.due_on, milestone.first_due_on) == (date(2026, 12, 24), days(30))


def test_a_step_that_is_past_when_its_date_is_corrected_is_overdue_from_that_day(
    commitment: Commitment, officer: User, convenor: User, milestone: Milestone
) -> None:
    correction = ask(commitment, officer, days(5).isoformat(), field="milestone", milestone=milestone)
    actions.approve_correction(correction, by=convenor, today=days(10))
    with telling() as entries:
        actions.tick(days(12))
    assert (one(entries).type, one(entries).occurred_on) == ("milestone.overdue", days(10))


@pytest.mark.parametrize("day", ["soon", "0001-01-01", "2026-02-30"])
def test_a_day_that_is_none_is_refused(
    commitment: Commitment, officer: User, milestone: Milestone, day: str
) -> None:
    with refused(errors.DueDateMissing, "text"):
        ask(commitment, officer, day, field="milestone", milestone=milestone)


def test_a_milestone_is_named_when_its_date_is_corrected_and_only_then(
    commitment: Commitment, officer: User, milestone: Milestone
) -> None:
    with refused(errors.UnknownField, "milestone"):
        ask(commitment, officer, "2026-12-24", field="milestone")
    with refused(errors.UnknownField, "milestone"):
        ask(commitment, officer, milestone=milestone)
