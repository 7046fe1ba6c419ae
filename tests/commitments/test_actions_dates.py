"""Due dates move only when an owner asks and somebody else, the convenor, agrees; the first date is kept for ever."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import actions as accounts
from accounts.models import Role, Team, User
from commitments import actions, errors, standing
from commitments.models import Commitment, DueDateChange
from commitments.promises import Due
from record.guarded import opened
from tests import make
from tests.make import SLUG, TODAY, days
from tests.recording import one, refused, telling, told, types

pytestmark = pytest.mark.django_db

FIRST = Due(days(30))
LATER = Due(date(2026, 11, 5), "month", "in November")


@pytest.fixture
def lead() -> Team:
    return make.team(slug="north")


@pytest.fixture
def commitment(lead: Team) -> Commitment:
    return make.commitment(make.assembly(prefix="AT25"), lead=lead, due=FIRST)


@pytest.fixture
def officer(lead: Team) -> User:
    return make.member(lead)


@pytest.fixture
def convenor(commitment: Commitment) -> User:
    return make.convenor()


def request(
    commitment: Commitment,
    by: User,
    due: Due = LATER,
    *,
    today: date = TODAY,
    reason: str = "Recruiting is slow.",
) -> DueDateChange:
    return actions.request_due_date(commitment, by=by, today=today, due=due, reason=reason)


def late(commitment: Commitment, deadline: date | None, today: date) -> int | None:
    return standing.days_late(standing.facts_of(commitment), deadline, today)


def test_another_date_is_asked_for_with_a_reason_and_moves_nothing_yet(
    commitment: Commitment, officer: User
) -> None:
    with telling() as entries:
        change = request(commitment, officer)
    told(
        one(entries),
        "due_date.requested",
        actor="team:north",
        subject=f"due_date_change:{change.pk}",
        root="commitment:AT25-C001",
        facts={
            "commitment": "AT25-C001",
            "team": "north",
            "old": {"on": days(30).isoformat(), "precision": "day"},
            "new": {"on": "2026-11-30", "precision": "month"},
        },
        words={"text": "in November", "reason": "Recruiting is slow."},
    )
    commitment.refresh_from_db()
    assert (commitment.due_on, commitment.due_changes) == (days(30), 0)


def test_the_convenor_approves_and_the_first_date_is_kept_for_ever(
    commitment: Commitment, officer: User, convenor: User
) -> None:
    change = request(commitment, officer)
    with telling() as entries:
        actions.approve_due_date(change, by=convenor, today=days(3), reason="Understood.")
    told(
        one(entries),
        "due_date.approved",
        actor=f"convenor:{SLUG}",
        subject=f"due_date_change:{change.pk}",
        root="commitment:AT25-C001",
        on=days(3),
        facts={
            "commitment": "AT25-C001",
            "asked_by": "team:north",
            "old": {"on": days(30).isoformat(), "precision": "day"},
            "new": {"on": "2026-11-30", "precision": "month"},
        },
        words={"reason": "Understood."},
    )
    commitment.refresh_from_db()
    assert (commitment.due_on, commitment.due_precision) == (date(2026, 11, 30), "month")
    assert (commitment.due_text, commitment.due_changes) == ("in November", 1)
    for number in range(2):
        further = Due(date(2027, 1 + number, 1))
        again = request(commitment, officer, further)
        actions.approve_due_date(again, by=convenor, today=days(4))
    commitment.refresh_from_db()
    assert (commitment.first_due_on, commitment.due_changes) == (days(30), 3)
    assert late(commitment, commitment.due_on, days(300)) == (days(300) - date(2027, 2, 1)).days
    assert late(commitment, commitment.first_due_on, days(300)) == 270


def test_the_convenor_refuses_with_a_reason_and_the_date_stays(
    commitment: Commitment, officer: User, convenor: User
) -> None:
    change = request(commitment, officer)
    with refused(errors.ReasonMissing, "reason"):
        actions.refuse_due_date(change, by=convenor, today=days(3), reason="")
    with telling() as entries:
        actions.refuse_due_date(change, by=convenor, today=days(3), reason="It was promised.")
    assert (one(entries).type, one(entries).actor) == ("due_date.refused", f"convenor:{SLUG}")
    commitment.refresh_from_db()
    assert (commitment.due_on, commitment.due_changes) == (days(30), 0)
    change.refresh_from_db()
    assert (change.state, change.decided_on, change.decision_reason) == (
        "refused",
        days(3),
        "It was promised.",
    )


def test_a_request_is_decided_once_and_one_waits_at_a_time(
    commitment: Commitment, officer: User, convenor: User
) -> None:
    change = request(commitment, officer)
    with refused(errors.DateChangeWaits):
        request(commitment, officer, Due(days(400)))
    actions.refuse_due_date(change, by=convenor, today=TODAY, reason="It was promised.")
    for verb in (actions.approve_due_date, actions.refuse_due_date):
        with refused(errors.AlreadyDecided):
            verb(change, by=convenor, today=TODAY, reason="Again")
    request(commitment, officer, Due(days(400)))


def test_a_request_needs_a_reason_a_day_and_a_change(commitment: Commitment, officer: User) -> None:
    with refused(errors.ReasonMissing, "reason"):
        request(commitment, officer, reason=" ")
    with refused(errors.DueDateMissing, "on"):
        request(commitment, officer, Due(None, "month"))
    with refused(errors.NothingChanged, "on"):
        request(commitment, officer, FIRST)


def test_only_owners_ask_and_only_the_assemblys_convenor_decides(
    commitment: Commitment, officer: User, convenor: User
) -> None:
    change = request(commitment, officer)
    for by in (officer, make.panel(), make.convenor("other-2025"), make.person()):
        with refused(errors.NotTheConvenor):
            actions.approve_due_date(change, by=by, today=TODAY)
        with refused(errors.NotTheConvenor):
            actions.refuse_due_date(change, by=by, today=TODAY, reason="No")
    with refused(errors.NotAnOwner):
        request(commitment, convenor)


def test_nobody_who_belongs_to_an_owner_body_decides_even_as_convenor(
    commitment: Commitment, officer: User
) -> None:
    change = request(commitment, officer)
    both = make.convenor()
    accounts.grant_role(both, Role.RESPONDER, organisation=make.lead_team(commitment).organisation)
    with refused(errors.NotIndependent):
        actions.approve_due_date(change, by=both, today=TODAY)


def test_an_own_request_is_not_decided_by_its_author_even_with_the_role_to_do_so(
    commitment: Commitment, lead: Team
) -> None:
    author = make.person()
    membership = accounts.grant_role(author, Role.TEAM_MEMBER, team=lead)
    change = request(commitment, author)
    accounts.end_role(membership)
    accounts.grant_role(author, Role.CONVENOR, assembly=SLUG)
    with refused(errors.OwnRequest):
        actions.approve_due_date(change, by=author, today=TODAY)
    with refused(errors.OwnRequest):
        actions.refuse_due_date(change, by=author, today=TODAY, reason="No")
    change.state, change.decided_by, change.decided_on = "approved", author, TODAY
    with pytest.raises(IntegrityError), transaction.atomic(), opened():
        change.save()


def test_lateness_recorded_survives_a_later_approved_date(
    commitment: Commitment, officer: User, convenor: User
) -> None:
    change = request(commitment, officer, today=days(29))
    with telling() as entries:
        actions.approve_due_date(change, by=convenor, today=days(40))
    assert types(entries) == ["commitment.overdue", "due_date.approved"]
    told(
        entries[0],
        "commitment.overdue",
        actor="clock",
        subject="commitment:AT25-C001",
        on=days(31),
        facts={"due_on": days(30).isoformat()},
    )
    commitment.refresh_from_db()
    assert not standing.is_overdue(standing.facts_of(commitment), days(40))
    assert late(commitment, commitment.first_due_on, days(40)) == 10


def test_every_date_that_was_in_force_is_missed_for_itself(
    commitment: Commitment, officer: User, convenor: User
) -> None:
    change = request(commitment, officer, Due(days(60)), today=days(40))
    actions.approve_due_date(change, by=convenor, today=days(41))
    with telling() as entries:
        actions.tick(days(62))
        actions.tick(days(62))
    assert (one(entries).type, one(entries).occurred_on) == ("commitment.overdue", days(61))


def test_a_date_that_is_past_when_approved_is_missed_from_that_day(
    commitment: Commitment, officer: User, convenor: User
) -> None:
    make.update(commitment, by=officer, today=days(1))
    change = request(commitment, officer, Due(days(5)), today=days(8))
    actions.approve_due_date(change, by=convenor, today=days(10))
    with telling() as entries:
        actions.tick(days(20))
    assert (one(entries).type, one(entries).occurred_on) == ("commitment.overdue", days(10))


def test_the_first_date_of_a_promise_without_one_is_no_change(lead: Team, officer: User) -> None:
    commitment = make.commitment(lead=lead)
    actions.approve_due_date(request(commitment, officer), by=make.convenor(), today=TODAY)
    commitment.refresh_from_db()
    assert (commitment.first_due_on, commitment.due_changes) == (LATER.ends_on, 0)
    ongoing = request(commitment, officer, Due(None, "ongoing"))
    actions.approve_due_date(ongoing, by=make.convenor(), today=TODAY)
    commitment.refresh_from_db()
    assert (commitment.due_on, commitment.first_due_on) == (None, LATER.ends_on)
    assert commitment.due_changes == 1


@pytest.mark.parametrize(
    ("due", "last"),
    [
        (Due(date(2026, 8, 3)), date(2026, 8, 3)),
        (Due(date(2026, 8, 3), "month"), date(2026, 8, 31)),
        (Due(date(2026, 8, 3), "quarter"), date(2026, 9, 30)),
        (Due(date(2026, 8, 3), "season", "by the end of summer"), date(2026, 8, 31)),
        (Due(date(2026, 8, 3), "year"), date(2026, 12, 31)),
    ],
)
def test_a_promise_is_late_only_after_the_last_day_of_its_period(lead: Team, due: Due, last: date) -> None:
    commitment = make.commitment(lead=lead, due=due)
    facts = standing.facts_of(commitment)
    one_day = timedelta(days=1)
    assert not standing.is_overdue(facts, last)
    assert standing.standing(facts, last + one_day) == "late"
    assert not Commitment.objects.overdue(last).exists()
    assert Commitment.objects.overdue(last + one_day).exists()


def test_very_late_begins_on_the_91st_day(commitment: Commitment) -> None:
    facts = standing.facts_of(commitment)
    assert standing.standing(facts, days(30 + 90)) == "late"
    assert standing.standing(facts, days(30 + 91)) == "very_late"
    with telling() as entries:
        actions.tick(days(30 + 90))
    assert "commitment.very_late" not in types(entries)
    with telling() as entries:
        actions.tick(days(30 + 200))
    very_late = [entry for entry in entries if entry.type == "commitment.very_late"]
    assert one(very_late).occurred_on == days(30 + 91)
