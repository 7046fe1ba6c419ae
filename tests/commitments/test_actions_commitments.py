"""Promises: published by their owners, entered from a source without any clock, accepted."""

from datetime import date

import pytest

from accounts.models import Organisation, Team
from commitments import actions, errors, permissions, standing
from commitments.models import Assembly, Commitment
from commitments.promises import Due, Ownership, Promise
from record.refusals import Refusal
from tests import make
from tests.make import DUE, MEASURABLE, SLUG, SOURCE, TODAY, days
from tests.recording import one, refused, telling, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly(prefix="AT25")


@pytest.fixture
def police() -> Organisation:
    return make.organisation("police")


@pytest.fixture
def lead(police: Organisation) -> Team:
    return make.team(police, "north")


@pytest.fixture
def council_team() -> Team:
    return make.team(make.organisation("council", kind="council"), "wardens")


def owned(team: str, body: str, accepted: date | None, *, leads: bool = False) -> dict[str, object]:
    """An owner as entries write it."""
    accepted_on = accepted.isoformat() if accepted else None
    return {"team": team, "organisation": body, "lead": leads, "accepted_on": accepted_on}


def test_a_promise_is_published_by_its_lead_and_told(
    assembly: Assembly, lead: Team, council_team: Team
) -> None:
    recommendations = [make.recommendation(assembly), make.recommendation(assembly)]
    area, by = make.area("E09000031"), make.responder(lead.organisation)
    promise = make.promise(
        lead, council_team, recommendations=recommendations, due=DUE, areas=[area], body="Daily", **MEASURABLE
    )
    with telling() as entries:
        commitment = actions.publish_commitment(assembly, by=by, today=TODAY, promise=promise)
    assert (commitment.status, commitment.first_due_on, commitment.update_due_on) == (
        None,
        date(2026, 9, 30),
        days(90),
    )
    told(
        one(entries),
        "commitment.published",
        actor="organisation:police",
        subject="commitment:AT25-C001",
        facts={
            "assembly": SLUG,
            "recommendations": ["AT25-R01", "AT25-R02"],
            "owners": [owned("north", "police", TODAY, leads=True), owned("wardens", "council", None)],
            "areas": ["E09000031"],
            "due": {"on": "2026-09-30", "precision": "quarter"},
            "stage": "published",
            "measurable": True,
            "update_due_on": days(90).isoformat(),
        },
        words={
            "title": "Walk the high street every evening",
            "body": "Daily",
            "due_text": "by the end of summer",
            **MEASURABLE,
        },
    )


@pytest.mark.parametrize("missing", ["measure", "target", "proof", "due"])
def test_a_promise_that_cannot_be_judged_is_published_and_counted_as_such(missing: str) -> None:
    whole = {**MEASURABLE, "due": DUE}
    vague = make.commitment(**{name: part for name, part in whole.items() if name != missing})
    assert not vague.is_measurable
    assert not Commitment.objects.measurable().exists()


def test_only_a_responder_of_the_lead_publishes(assembly: Assembly, lead: Team, council_team: Team) -> None:
    promise = make.promise(lead, council_team)
    others = [make.member(lead), make.responder(council_team.organisation), make.convenor(), make.person()]
    for by in others:
        with refused(errors.NotAResponder):
            actions.publish_commitment(assembly, by=by, today=TODAY, promise=promise)


def test_owners_are_teams_that_live_each_named_once_and_one_of_them_leads(
    assembly: Assembly, lead: Team
) -> None:
    by, ended = make.responder(lead.organisation), make.team(lead.organisation)
    actions.reorganise(ended, by=by, today=TODAY, reason="Closed")
    ended.refresh_from_db()
    refusals: dict[type[Refusal], list[Ownership]] = {
        errors.LeadMissing: [Ownership(team=lead)],
        errors.TwoLeads: [Ownership(team=lead, lead=True), Ownership(team=ended, lead=True)],
        errors.OwnerTwice: [Ownership(team=lead, lead=True), Ownership(team=lead)],
        errors.TeamEnded: [Ownership(team=lead, lead=True), Ownership(team=ended)],
    }
    for refusal, owners in refusals.items():
        with refused(refusal, "owners"):
            actions.publish_commitment(
                assembly, by=by, today=TODAY, promise=Promise(title="Walk", owners=owners)
            )


def test_a_recommendation_of_another_assembly_and_a_day_that_is_none_are_refused(
    assembly: Assembly, lead: Team
) -> None:
    by = make.responder(lead.organisation)
    elsewhere = make.recommendation(make.assembly("other-2025"))
    promise = make.promise(lead, recommendations=[elsewhere])
    with refused(errors.OtherAssembly, "recommendations"):
        actions.publish_commitment(assembly, by=by, today=TODAY, promise=promise)
    for due in (Due(None, "month"), Due(date(1026, 5, 1))):
        with refused(errors.DueDateMissing, "due/on"):
            actions.publish_commitment(assembly, by=by, today=TODAY, promise=make.promise(lead, due=due))


def test_an_ongoing_promise_needs_no_day_and_is_never_late(lead: Team) -> None:
    commitment = make.commitment(lead=lead, due=Due(None, "ongoing", "always"))
    assert commitment.due_on is None
    assert not Commitment.objects.overdue(days(10_000)).exists()


def test_a_promise_applies_where_the_assembly_is_unless_it_says_where(lead: Team) -> None:
    area = make.area("E09000031")
    assembly = make.assembly(area=area)
    assert list(make.commitment(assembly, lead=lead).areas.all()) == [area]


def test_what_is_entered_from_a_source_stays_unknown_where_the_source_is_silent(assembly: Assembly) -> None:
    convenor = make.convenor()
    with telling() as entries:
        commitment = actions.enter_commitment(
            assembly,
            by=convenor,
            today=TODAY,
            promise=Promise(title="Review the ward panels"),
            source=SOURCE,
            reported_state="well under way",
            notes=[{"text": "our reading"}],
        )
    told(
        one(entries),
        "commitment.entered",
        actor=f"convenor:{SLUG}",
        subject="commitment:AT25-C001",
        facts={
            "assembly": SLUG,
            "recommendations": [],
            "owners": [],
            "areas": [],
            "due": None,
            "stage": "entered",
            "measurable": False,
            "update_due_on": None,
            "entered_from": SOURCE,
            "readings": [{}],
        },
        words={
            "title": "Review the ward panels",
            "reported_state": "well under way",
            "notes": "our reading",
        },
    )
    assert (commitment.status, commitment.due_on, commitment.owners.count()) == (None, None, 0)


def test_entered_commitments_have_no_clocks(assembly: Assembly, lead: Team) -> None:
    past = Due(days(-400))
    commitment = make.entered(assembly, due=past, owners=[Ownership(team=lead, lead=True)])
    for today in (TODAY, days(10_000)):
        assert actions.tick(today) == 0
        assert not Commitment.objects.overdue(today).exists()
        assert not Commitment.objects.silent(today).exists()
        assert standing.standing(standing.facts_of(commitment), today) == "no_word"
        assert standing.days_late(standing.facts_of(commitment), commitment.due_on, today) is None


def test_entering_needs_the_convenor_a_source_and_at_most_one_lead(assembly: Assembly, lead: Team) -> None:
    convenor, responder = make.convenor(), make.responder(lead.organisation)
    promise = make.promise(lead)
    with refused(errors.SourceMissing, "source"):
        actions.enter_commitment(assembly, by=convenor, today=TODAY, promise=promise, source=[])
    with refused(errors.NotTheConvenor):
        actions.enter_commitment(assembly, by=responder, today=TODAY, promise=promise, source=SOURCE)
    leads = [Ownership(team=make.team(), lead=True), Ownership(team=lead, lead=True)]
    two = Promise(title="Two", owners=leads)
    with refused(errors.TwoLeads, "owners"):
        actions.enter_commitment(assembly, by=convenor, today=TODAY, promise=two, source=SOURCE)


def test_an_owner_accepts_what_was_entered_and_from_then_on_all_clocks_run(
    assembly: Assembly, lead: Team
) -> None:
    commitment = make.entered(assembly, due=Due(days(-10)), owners=[Ownership(team=lead, lead=True)])
    by = make.responder(lead.organisation)
    with telling() as entries:
        commitment = actions.accept(commitment, by=by, today=days(5))
    told(
        one(entries),
        "commitment.accepted",
        actor="organisation:police",
        subject="commitment:AT25-C001",
        on=days(5),
        facts={
            "owners": [owned("north", "police", days(5), leads=True)],
            "update_due_on": days(95).isoformat(),
        },
    )
    assert (commitment.stage, commitment.accepted_on, commitment.status) == ("accepted", days(5), None)
    assert not Commitment.objects.silent(days(95)).exists()
    assert Commitment.objects.silent(days(96)).exists()
    assert Commitment.objects.overdue(days(5)).exists()


def test_lateness_of_an_entered_promise_happens_on_the_day_that_its_owner_accepts(
    assembly: Assembly, lead: Team
) -> None:
    commitment = make.entered(assembly, due=Due(days(-10)), owners=[Ownership(team=lead, lead=True)])
    actions.accept(commitment, by=make.responder(lead.organisation), today=days(5))
    with telling() as entries:
        actions.tick(days(6))
    assert (one(entries).type, one(entries).occurred_on) == ("commitment.overdue", days(5))


def test_who_accepts_names_the_teams_where_the_source_named_none(
    assembly: Assembly, lead: Team, council_team: Team
) -> None:
    commitment, by = make.entered(assembly), make.responder(lead.organisation)
    with refused(errors.LeadMissing, "owners"):
        actions.accept(commitment, by=by, today=TODAY)
    owners = [Ownership(team=lead, lead=True), Ownership(team=council_team)]
    actions.accept(commitment, by=by, today=TODAY, owners=owners)
    rows = commitment.owners.values_list("team__slug", "lead", "accepted_on")
    assert set(rows) == {("north", True, TODAY), ("wardens", False, None)}


def test_who_answers_for_nobody_is_told_so_before_anything_else(assembly: Assembly) -> None:
    commitment, convenor = make.entered(assembly), make.convenor()
    with refused(errors.NotTheLeadsResponder):
        actions.accept(commitment, by=convenor, today=TODAY)


def test_a_body_that_a_source_names_without_a_team_accepts_with_its_teams(
    assembly: Assembly, lead: Team
) -> None:
    body = lead.organisation
    commitment = make.entered(assembly, owners=[Ownership(organisation=body, lead=True)])
    other = make.team()
    stranger = make.responder(other.organisation)
    with refused(errors.NotItsOwner, "owners"):
        actions.accept(commitment, by=stranger, today=TODAY, owners=[Ownership(team=other, lead=True)])
    actions.accept(commitment, by=make.responder(body), today=TODAY, owners=[Ownership(team=lead, lead=True)])
    assert permissions.lead_of(commitment).team == lead


def test_nobody_else_accepts_and_nobody_twice(assembly: Assembly, lead: Team) -> None:
    commitment = make.entered(assembly, owners=[Ownership(team=lead, lead=True)])
    by = make.responder(lead.organisation)
    others = [
        (make.responder(make.organisation()), errors.NotAResponder),
        (make.member(lead), errors.NotTheLeadsResponder),
        (make.convenor(), errors.NotTheLeadsResponder),
    ]
    for person, refusal in others:
        with refused(refusal):
            actions.accept(commitment, by=person, today=TODAY)
    actions.accept(commitment, by=by, today=TODAY)
    with refused(errors.AlreadyAccepted):
        actions.accept(commitment, by=by, today=days(1))


def test_a_named_co_owner_says_yes_itself_before_it_may_report(lead: Team, council_team: Team) -> None:
    commitment = make.commitment(lead=lead, co_owners=(council_team,))
    warden, by = make.member(council_team), make.responder(council_team.organisation)
    with refused(errors.NotAcceptedYet):
        make.update(commitment, by=warden)
    stranger = make.responder(make.organisation())
    with refused(errors.NotAResponder):
        actions.accept(commitment, by=stranger, today=days(3))
    with telling() as entries:
        actions.accept(commitment, by=by, today=days(3))
    assert (one(entries).type, one(entries).actor) == ("commitment.accepted", "organisation:council")
    commitment.refresh_from_db()
    assert (commitment.accepted_on, commitment.update_due_on) == (TODAY, days(90))
    make.update(commitment, by=warden)


def test_a_commitment_that_nobody_accepted_is_reported_on_by_nobody(assembly: Assembly, lead: Team) -> None:
    commitment = make.entered(assembly, owners=[Ownership(team=lead, lead=True)])
    member = make.member(lead)
    with refused(errors.NotAcceptedYet):
        make.update(commitment, by=member)
    with refused(errors.NotAcceptedYet):
        actions.add_milestone(commitment, by=member, today=TODAY, title="Step", due_on=days(5))
    with refused(errors.NotAcceptedYet):
        actions.request_due_date(commitment, by=member, today=TODAY, due=DUE, reason="More time")
