"""What people say about priorities: where a neighbourhood lies, and which commitment answers which priority."""

from typing import Any

import pytest
from django.db.models import QuerySet

from accounts import actions as accounts
from accounts.models import Role
from commitments import actions, errors
from commitments.models import Area, Commitment, Neighbourhood, Priority, Tie
from commitments.policeuk.finding import saying
from tests import make
from tests.make import TODAY, days
from tests.recording import one, refused, telling, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def commitment() -> Commitment:
    """A promise of two bodies."""
    return make.commitment(lead=make.team(), co_owners=(make.team(),))


@pytest.fixture
def priority() -> Priority:
    """What a neighbourhood team says it works on."""
    return make.priority()


def committed(priority: Priority) -> bool:
    """Whether somebody committed to it."""
    rows: QuerySet[Any] = Priority.objects.with_committed()
    return bool(rows.get(pk=priority.pk).committed)


def test_an_owners_responder_ties_a_commitment_to_a_priority(
    commitment: Commitment, priority: Priority
) -> None:
    body = make.lead_team(commitment).organisation
    before = commitment.version
    with telling() as entries:
        actions.tie(priority, by=make.responder(body), today=TODAY, commitment=commitment)
    told(
        one(entries),
        "priority.tied",
        actor=f"organisation:{body.slug}",
        subject=f"priority:{priority.pk}",
        root=f"commitment:{commitment.reference}",
        facts={"priority": str(priority.pk), "commitment": commitment.reference},
    )
    assert committed(priority)
    commitment.refresh_from_db()
    priority.refresh_from_db()
    assert (commitment.version, priority.version) == (before, 2)


def test_a_co_owners_responder_and_the_convenor_may_too(commitment: Commitment) -> None:
    partner = commitment.owners.get(lead=False).organisation
    first, second = make.look("Burglary", "Drugs").priorities.all()
    with telling() as entries:
        actions.tie(first, by=make.responder(partner), today=TODAY, commitment=commitment)
        actions.tie(second, by=make.convenor(), today=TODAY, commitment=commitment)
    assert [entry.actor for entry in entries] == [f"organisation:{partner.slug}", "convenor:anytown-2025"]


def test_nobody_else_may(commitment: Commitment, priority: Priority) -> None:
    torn = make.convenor()
    accounts.grant_role(torn, Role.TEAM_MEMBER, team=make.lead_team(commitment))
    for by, why in (
        (make.person(), errors.NotAnOwnersResponder),
        (make.member(make.lead_team(commitment)), errors.NotAnOwnersResponder),
        (make.responder(make.organisation()), errors.NotAnOwnersResponder),
        (make.panel(), errors.NotAnOwnersResponder),
        (make.convenor("othertown-2025"), errors.NotAnOwnersResponder),
        (torn, errors.NotIndependent),
    ):
        with refused(why):
            actions.tie(priority, by=by, today=TODAY, commitment=commitment)
        with refused(why):
            actions.untie(priority, by=by, today=TODAY, commitment=commitment)


def test_a_tie_is_made_once_and_taken_back_once(commitment: Commitment, priority: Priority) -> None:
    by = make.convenor()
    with refused(errors.NotTied):
        actions.untie(priority, by=by, today=TODAY, commitment=commitment)
    actions.tie(priority, by=by, today=TODAY, commitment=commitment)
    with refused(errors.AlreadyTied):
        actions.tie(priority, by=by, today=TODAY, commitment=commitment)
    with telling() as entries:
        actions.untie(priority, by=by, today=days(3), commitment=commitment)
    told(
        one(entries),
        "priority.untied",
        actor="convenor:anytown-2025",
        subject=f"priority:{priority.pk}",
        root=f"commitment:{commitment.reference}",
        facts={"priority": str(priority.pk), "commitment": commitment.reference, "tied_on": "2026-06-01"},
        on=days(3),
    )
    assert not committed(priority)
    assert not Tie.objects.exists()


def test_a_commitment_that_was_replaced_takes_no_tie_and_commits_nobody(
    commitment: Commitment, priority: Priority
) -> None:
    actions.tie(priority, by=make.convenor(), today=TODAY, commitment=commitment)
    lead = make.lead_team(commitment)
    successor = make.commitment(commitment.assembly, lead=lead)
    by = make.responder(lead.organisation)
    actions.supersede(commitment, by=by, today=TODAY, successor=successor, reason="Clearer.")
    assert not committed(priority)
    other = make.priority()
    with refused(errors.Replaced):
        actions.tie(other, by=by, today=TODAY, commitment=commitment)
    actions.tie(priority, by=by, today=TODAY, commitment=successor)
    assert committed(priority)


def test_a_commitment_that_was_abandoned_commits_nobody(commitment: Commitment, priority: Priority) -> None:
    actions.tie(priority, by=make.convenor(), today=TODAY, commitment=commitment)
    make.update(commitment, status="abandoned", reason="There is no money.")
    assert not committed(priority)
    make.update(commitment, status="in_progress", reason="There is some again.")
    assert committed(priority)


def test_a_priority_that_is_gone_keeps_its_ties_and_comes_back_with_them(commitment: Commitment) -> None:
    place = make.look("Burglary")
    priority = place.priorities.get()
    actions.tie(priority, by=make.convenor(), today=TODAY, commitment=commitment)
    make.look(code=place.code, today=days(1))
    assert Priority.objects.get().gone_on == days(1)
    make.look("Burglary", code=place.code, today=days(2))
    back = Priority.objects.get()
    assert (back.pk, back.gone_on, back.ties.count()) == (priority.pk, None, 1)


def test_an_edit_keeps_the_ties(commitment: Commitment) -> None:
    place = make.look("Burglery in the evenings")
    actions.tie(place.priorities.get(), by=make.convenor(), today=TODAY, commitment=commitment)
    make.look("Burglary in the evenings", code=place.code, today=days(1))
    assert Priority.objects.get().ties.count() == 1


def placed(
    neighbourhood: Neighbourhood, area: Area | None, reason: str = "It is on the force's map."
) -> Neighbourhood:
    """After a convenor said so."""
    return actions.place_neighbourhood(
        neighbourhood, by=make.convenor(), today=TODAY, area=area, reason=reason
    )


def test_a_convenor_says_where_a_neighbourhood_lies() -> None:
    place, area = make.look("Burglary"), make.area("E09000031")
    with telling() as entries:
        placed(place, area)
    told(
        one(entries),
        "neighbourhood.placed",
        actor="convenor:anytown-2025",
        subject=f"neighbourhood:{place.pk}",
        facts={
            "force": "anytown-police",
            "neighbourhood": place.code,
            "old": None,
            "area": "E09000031",
            "placed_by": "convenor",
        },
        words={"reason": "It is on the force's map."},
        assembly="",
    )
    again = make.convenor()
    with refused(errors.NothingChanged):
        actions.place_neighbourhood(place, by=again, today=TODAY, area=area, reason="Again.")
    assert placed(place, None).area is None
    with refused(errors.NothingChanged):
        actions.place_neighbourhood(place, by=again, today=TODAY, area=None, reason="Again.")


def test_a_convenor_confirms_or_corrects_what_was_found() -> None:
    found, right = make.area("E09000031"), make.area("E09000025")
    place = make.look("Burglary", area=found)
    assert (place.area, place.placed_by) == (found, "code")
    assert placed(place, found).placed_by == "convenor"
    assert placed(place, right).area == right
    make.look("Burglary", code=place.code, area=found, today=days(1))
    assert Neighbourhood.objects.get().area == right


def test_a_place_needs_a_convenor_and_a_reason() -> None:
    place, area = make.look("Burglary"), make.area()
    resident, convenor = make.person(), make.convenor()
    with refused(errors.NotAnyConvenor):
        actions.place_neighbourhood(place, by=resident, today=TODAY, area=area, reason="I live there.")
    with refused(errors.ReasonMissing):
        actions.place_neighbourhood(place, by=convenor, today=TODAY, area=area, reason=" ")


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("burglary", 1),
        ("Burglaries", 1),
        ("burglary LOCKS", 1),
        ("lock", 1),
        ("moped", 1),
        ("burglary mopeds", 0),
        ("the", 0),
        ('"', 0),
        ("burglary OR mopeds' --", 0),
        ("x" * 500, 0),
        ("café", 1),
    ],
)
def test_words_are_found_by_their_stems(q: str, found: int) -> None:
    place = make.look("Burglary at night: locks are given out", "Mopeds by the café", "Drugs")
    make.look(
        "Burglary at night: locks are given out", "Mopeds by the café", "Dogs", code=place.code, today=days(1)
    )
    assert saying(Priority.objects.all(), q).count() == found


def test_an_edited_text_is_found_by_its_present_words() -> None:
    place = make.look("Street drinking around High Street")
    make.look("Street drinking around Wood Street", code=place.code, today=days(1))
    assert saying(Priority.objects.all(), "wood").count() == 1
    assert saying(Priority.objects.all(), "high").count() == 0
