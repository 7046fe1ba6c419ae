"""The panel's findings: on the present claim, by people who neither made it nor belong to an owner."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts import actions as accounts
from accounts.models import Role, Team, User
from commitments import actions, errors, standing
from commitments.models import Commitment, ProgressUpdate, Verification
from commitments.promises import Due, Ownership
from record.guarded import opened
from tests import make
from tests.make import SLUG, TODAY, days
from tests.recording import one, refused, telling, told, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead() -> Team:
    return make.team(slug="north")


@pytest.fixture
def commitment(lead: Team) -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"), lead=lead, due=Due(days(10)))


@pytest.fixture
def claim(commitment: Commitment) -> ProgressUpdate:
    return make.claim(commitment)


def verify(
    claim: ProgressUpdate, by: User, finding: str = "not_verified", reason: str = "We looked."
) -> Verification:
    return actions.verify(claim.commitment, by=by, today=TODAY, claim=claim, finding=finding, reason=reason)


def shown(commitment: Commitment) -> str:
    commitment.refresh_from_db()
    return standing.standing(standing.facts_of(commitment), TODAY)


@pytest.mark.parametrize(
    ("finding", "expected"),
    [("verified", "verified"), ("partly_verified", "contested"), ("not_verified", "contested")],
)
def test_a_finding_is_published_with_its_reason_and_told(
    claim: ProgressUpdate, finding: str, expected: str
) -> None:
    by = make.panel()
    with telling() as entries:
        verification = verify(claim, by, finding)
    told(
        one(entries),
        "verification.published",
        actor=f"panel:{SLUG}",
        subject=f"verification:{verification.pk}",
        root="commitment:AT25-C001",
        facts={"commitment": "AT25-C001", "claim": str(claim.pk), "finding": finding},
        words={"reason": "We looked."},
    )
    assert shown(claim.commitment) == expected


def test_the_latest_finding_counts_and_the_earlier_one_stays(claim: ProgressUpdate) -> None:
    verify(claim, make.panel(), "not_verified")
    assert shown(claim.commitment) == "contested"
    verify(claim, make.panel(), "verified")
    assert shown(claim.commitment) == "verified"
    assert claim.verifications.count() == 2


def test_a_finding_needs_a_reason_and_a_word_that_exists(claim: ProgressUpdate) -> None:
    by = make.panel()
    with refused(errors.ReasonMissing, "reason"):
        verify(claim, by, reason=" ")
    with refused(errors.UnknownField, "finding"):
        verify(claim, by, "nearly")


def test_only_the_panel_of_this_assembly_verifies(claim: ProgressUpdate, lead: Team) -> None:
    others = [make.convenor(), make.panel("other-2025"), make.member(lead), make.responder(lead.organisation)]
    for by in (*others, make.person()):
        with refused(errors.NotOnThePanel):
            verify(claim, by)


def test_there_must_be_a_claim_and_it_must_be_the_present_one(commitment: Commitment, lead: Team) -> None:
    by, officer = make.panel(), make.member(lead)
    word = make.update(commitment, by=officer)
    with refused(errors.NothingClaimed):
        verify(word, by)
    old = make.claim(commitment, by=officer)
    make.claim(commitment, by=officer)
    with refused(errors.NotThePresentClaim):
        verify(old, by)


@pytest.mark.parametrize("role", [Role.TEAM_MEMBER, Role.RESPONDER])
def test_no_member_of_an_owner_body_verifies(claim: ProgressUpdate, lead: Team, role: Role) -> None:
    by, sister = make.panel(), make.team(lead.organisation)
    scope = {"team": sister} if role == Role.TEAM_MEMBER else {"organisation": lead.organisation}
    accounts.grant_role(by, role, **scope)
    with refused(errors.NotIndependent):
        verify(claim, by)


def test_owning_anything_in_the_assembly_ends_independence_in_all_of_it(claim: ProgressUpdate) -> None:
    by, other = make.panel(), make.team()
    accounts.grant_role(by, Role.TEAM_MEMBER, team=other)
    make.entered(claim.commitment.assembly, owners=[Ownership(team=other)])
    with refused(errors.NotIndependent):
        verify(claim, by)


def test_a_body_that_owns_nothing_there_does_not_end_independence(claim: ProgressUpdate) -> None:
    by, other = make.panel(), make.team()
    accounts.grant_role(by, Role.TEAM_MEMBER, team=other)
    make.entered(make.assembly("other-2025"), owners=[Ownership(team=other)])
    verify(claim, by)


def test_who_made_the_claim_does_not_verify_it_after_changing_sides(
    commitment: Commitment, lead: Team
) -> None:
    author = make.person()
    membership = accounts.grant_role(author, Role.TEAM_MEMBER, team=lead)
    claim = make.claim(commitment, by=author)
    accounts.end_role(membership)
    accounts.grant_role(author, Role.PANEL, assembly=SLUG)
    with refused(errors.OwnClaim):
        verify(claim, author)


def row(claim: ProgressUpdate, verified_by: User, claimed_by: User) -> Verification:
    """A finding past every check of ours."""
    return Verification(
        commitment=claim.commitment,
        claim=claim,
        finding="verified",
        reason="Trust me.",
        found_on=TODAY,
        verified_by=verified_by,
        claimed_by=claimed_by,
    )


def test_the_database_refuses_a_finding_by_who_is_named_as_claimant(claim: ProgressUpdate) -> None:
    person = make.person()
    with pytest.raises(IntegrityError), transaction.atomic(), opened():
        row(claim, person, person).save()


def test_the_database_looks_up_itself_who_wrote_the_claim(claim: ProgressUpdate) -> None:
    somebody = make.person()
    with pytest.raises(DatabaseError, match="nobody verifies an own claim"), transaction.atomic(), opened():
        row(claim, claim.author, somebody).save()


def test_the_database_refuses_to_turn_a_finding_into_an_own_one(claim: ProgressUpdate) -> None:
    found = verify(claim, make.panel())
    statement = "UPDATE commitments_verification SET verified_by_id = %s"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [claim.author_id])
    found.refresh_from_db()
    assert found.verified_by_id != claim.author_id


def test_refuting_a_claim_late_records_lateness_from_the_day_of_the_finding(claim: ProgressUpdate) -> None:
    with telling() as entries:
        actions.verify(
            claim.commitment,
            by=make.panel(),
            today=days(20),
            claim=claim,
            finding="not_verified",
            reason="No.",
        )
        actions.tick(days(21))
    assert types(entries) == ["verification.published", "commitment.overdue"]
    assert entries[1].occurred_on == days(20)
