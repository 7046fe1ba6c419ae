"""What the record shows: its definition in Python, and the SQL of lists and filters, agree."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Organisation, Team, User
from commitments import standing
from commitments.choices import CommitmentStage, Finding, Precision, Standing, Status
from commitments.models import Assembly, Commitment, ProgressUpdate
from commitments.models import commitments as sql
from commitments.standing import Facts
from record.guarded import opened

TODAY = date(2026, 11, 23)
OPEN_STATUSES = [None, *(each for each in Status if each != Status.COMPLETED)]
EDGES = [None, *(TODAY + timedelta(days=days) for days in (-400, -91, -90, -89, -1, 0, 1))]
FEW_EDGES = [None, TODAY - timedelta(days=1), TODAY]


def later(days: int) -> date:
    """So many days after today."""
    return TODAY + timedelta(days=days)


CLAIMED = Facts(status=Status.COMPLETED, claimed_on=TODAY, verify_by=later(28), accepted=True)
OWNED = Facts(accepted=True, update_due_on=later(90))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (Facts(), Standing.NO_WORD),
        (Facts(due_on=later(-500)), Standing.NO_WORD),
        (OWNED, Standing.NO_WORD),
        (replace(OWNED, status=Status.NOT_STARTED), Standing.NOT_STARTED),
        (replace(OWNED, status=Status.IN_PROGRESS), Standing.ON_TRACK),
        (replace(OWNED, status=Status.IN_PROGRESS, due_on=TODAY), Standing.ON_TRACK),
        (replace(OWNED, status=Status.IN_PROGRESS, due_on=later(-1)), Standing.LATE),
        (replace(OWNED, due_on=later(-90)), Standing.LATE),
        (replace(OWNED, due_on=later(-91)), Standing.VERY_LATE),
        (replace(OWNED, update_due_on=later(-1), status=Status.NOT_STARTED), Standing.SILENT),
        (replace(OWNED, update_due_on=later(-1), due_on=later(-1)), Standing.LATE),
        (replace(OWNED, status=Status.ABANDONED, due_on=later(-200)), Standing.ABANDONED),
        (replace(OWNED, status=Status.SUPERSEDED, update_due_on=later(-1)), Standing.SUPERSEDED),
        (CLAIMED, Standing.CLAIMED),
        (replace(CLAIMED, due_on=later(-200)), Standing.CLAIMED),
        (replace(CLAIMED, verify_by=TODAY), Standing.CLAIMED),
        (replace(CLAIMED, verify_by=later(-1)), Standing.UNVERIFIED),
        (replace(CLAIMED, verify_by=later(-1), finding=Finding.VERIFIED), Standing.VERIFIED),
        (replace(CLAIMED, finding=Finding.VERIFIED, disputed=True), Standing.CONTESTED),
        (replace(CLAIMED, finding=Finding.PARTLY_VERIFIED, refuted=True), Standing.CONTESTED),
        (replace(CLAIMED, disputed=True), Standing.CONTESTED),
    ],
)
def test_the_first_standing_that_holds_is_shown(facts: Facts, expected: Standing) -> None:
    assert standing.standing(facts, TODAY) == expected


def test_a_disputed_claim_stops_lateness_and_a_refuted_one_does_not() -> None:
    claimed = replace(CLAIMED, claimed_on=later(-10), due_on=later(-30), disputed=True)
    assert standing.days_late(claimed, claimed.due_on, TODAY) == 20
    assert not standing.is_overdue(claimed, TODAY)
    refuted = replace(claimed, refuted=True)
    assert standing.days_late(refuted, refuted.due_on, TODAY) == 30
    assert standing.is_overdue(refuted, TODAY)


def test_nothing_is_late_that_nobody_accepted() -> None:
    entered = Facts(due_on=later(-500))
    assert standing.days_late(entered, entered.due_on, TODAY) is None
    assert not standing.is_overdue(entered, TODAY)
    assert not standing.is_silent(entered, TODAY)


@pytest.fixture
def claim() -> ProgressUpdate:
    """A claim that rows may name."""
    with opened():
        body = Organisation.objects.create(slug="met", name="Met", kind="police_force")
        team = Team.objects.create(slug="team", name="Team", organisation=body)
        assembly = Assembly.objects.create(slug="wf", prefix="WF24", title="Assembly")
        [commitment] = kept(assembly, [OWNED], None)
        made: ProgressUpdate = ProgressUpdate.objects.create(
            commitment=commitment,
            team=team,
            author=User.objects.create_user("team@example.org"),
            posted_on=TODAY,
            lead=True,
            status=Status.COMPLETED,
            is_claim=True,
            body="Done.",
        )
    return made


def kept(assembly: Assembly, all_facts: Iterable[Facts], claim: ProgressUpdate | None) -> list[Commitment]:
    """Rows that hold these facts, in their order."""
    made: list[Commitment] = Commitment.objects.bulk_create(
        Commitment(
            reference=f"WF24-C{number:05d}",
            number=number,
            assembly=assembly,
            title="Promise",
            stage=CommitmentStage.ACCEPTED if facts.accepted else CommitmentStage.ENTERED,
            entered_from=[],
            status=facts.status,
            claim=claim if facts.status == Status.COMPLETED else None,
            claimed_on=facts.claimed_on,
            verify_by=facts.verify_by,
            finding=facts.finding,
            disputed=facts.disputed,
            refuted_on=TODAY if facts.refuted else None,
            accepted_on=later(-400) if facts.accepted else None,
            due_on=facts.due_on,
            first_due_on=facts.due_on,
            due_precision=Precision.DAY if facts.due_on else "",
            update_due_on=facts.update_due_on,
        )
        for number, facts in enumerate(all_facts, start=0 if claim is None else 1)
    )
    return made


def check_twins(claim: ProgressUpdate, all_facts: list[Facts], days: Iterable[date]) -> None:
    """Compare the twins on rows that hold these facts, for each of these days; the rows go again."""
    with opened():
        kept(claim.commitment.assembly, all_facts, claim)
        rows = Commitment.objects.filter(number__gt=0)
        for today in days:
            for row in rows.with_standing(today).alias().annotate(**flags(today)):
                check_twin(row, standing.facts_of(row), today)
        assert rows.delete()[0] == len(all_facts)


def flags(today: date) -> dict[str, Q]:
    """The SQL of the filters."""
    return {
        "overdue": sql.is_overdue(today),
        "very_late": sql.is_very_late(today),
        "silent": sql.is_silent(today),
        "contested": sql.IS_CONTESTED,
        "claim_stands": sql.CLAIM_STANDS,
        "no_claim_stands": sql.NO_CLAIM_STANDS,
    }


def check_twin(row: Commitment, facts: Facts, today: date) -> None:
    """Both say the same of one row."""
    said = {name: bool(getattr(row, name)) for name in flags(today)}
    stands = standing.has_standing_claim(facts)
    assert said == {
        "overdue": standing.is_overdue(facts, today),
        "very_late": standing.is_very_late(facts, today),
        "silent": standing.is_silent(facts, today),
        "contested": standing.is_contested(facts),
        "claim_stands": stands,
        "no_claim_stands": not stands,
    }, facts
    assert vars(row)["standing"] == standing.standing(facts, today), facts


def at_the_edges() -> list[Facts]:
    """Every combination of facts around the days on which something changes."""
    unfinished = [
        Facts(status=status, accepted=True, due_on=due_on, update_due_on=update_due_on)
        for status, due_on, update_due_on in product(OPEN_STATUSES, EDGES, FEW_EDGES)
    ]
    claimed = [
        replace(
            CLAIMED,
            finding=finding,
            disputed=disputed,
            refuted=refuted,
            due_on=due_on,
            update_due_on=update_due_on,
            verify_by=verify_by,
        )
        for finding, disputed, refuted, due_on, update_due_on, verify_by in product(
            [None, *Finding], [True, False], [True, False], EDGES, FEW_EDGES, FEW_EDGES[1:]
        )
    ]
    return [*unfinished, *claimed, *(Facts(due_on=due_on) for due_on in EDGES)]


@pytest.mark.django_db
def test_sql_and_python_agree_around_every_edge(claim: ProgressUpdate) -> None:
    facts = at_the_edges()
    assert len(facts) > 800
    check_twins(claim, facts, [later(days) for days in (-1, 0, 1, 90)])


some_day = st.integers(-500, 500).map(later)
perhaps = st.none() | some_day
entered = st.builds(Facts, due_on=perhaps)
unfinished = st.builds(
    Facts,
    status=st.sampled_from(OPEN_STATUSES),
    accepted=st.just(True),
    due_on=perhaps,
    update_due_on=perhaps,
)
claimed = st.builds(
    Facts,
    status=st.just(Status.COMPLETED),
    claimed_on=some_day,
    verify_by=some_day,
    finding=st.sampled_from([None, *Finding]),
    disputed=st.booleans(),
    refuted=st.booleans(),
    accepted=st.just(True),
    due_on=perhaps,
    update_due_on=perhaps,
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(facts=st.lists(entered | unfinished | claimed, min_size=50, max_size=80), today=some_day)
def test_sql_and_python_agree_on_any_row(claim: ProgressUpdate, facts: list[Facts], today: date) -> None:
    check_twins(claim, facts, [today])
