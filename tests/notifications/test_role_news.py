"""Those who administer an office hear of its roles by post, without a name; what waits for a leaver is passed on."""

from typing import Any

import pytest

from accounts.models import Role
from accounts.offices import Office
from commitments.actions import granting
from notifications import reminding, role_news
from notifications.models import Reminded, Reminder, ReminderKind
from record import clock
from tests import make
from tests.make import TODAY, days
from tests.notifications.posted import morning, round_at

pytestmark = pytest.mark.django_db
NEW = "new@example.org"


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(make.noon(TODAY)):
        yield


def test_the_others_hear_that_a_role_was_proposed_taken_up_and_ended_and_nobody_is_named() -> None:
    slug = make.assembly().slug
    first, second, elsewhere = make.convenor(), make.convenor(), make.convenor("other-2026")
    request = granting.propose_role(NEW, Office(Role.PANEL, assembly=slug), by=first)
    assert role_news.is_behind()
    sent = round_at(morning(days(1)))
    told = {one.to[0]: one.body for one in sent if "A role is proposed in the panel of" in one.body}
    assert set(told) >= {first.email, second.email}
    assert elsewhere.email not in told
    assert not any(NEW in one.message().as_string() for one in sent)
    assert not role_news.is_behind()
    with clock.at(morning(days(2))):
        granting.approve_role(request, by=second)
        membership = granting.take_up_role(request, by=make.person("new"))
        granting.take_role_away(membership, by=first)
    sent = round_at(morning(days(3)), to=second)
    said = "".join(one.body for one in sent)
    assert "A role was taken up in the panel" in said
    assert "A role was ended in the panel" in said
    assert not round_at(morning(days(4)), to=elsewhere)


def test_the_convenor_hears_of_a_body_that_has_one_responder_and_of_no_other() -> None:
    make.assembly()
    convenor, body = make.convenor(), make.organisation()
    ann, bo, cy = (make.responder(body) for _ in range(3))
    granting.take_role_away(cy.memberships.get(), by=ann)
    round_at(morning(days(1)))
    granting.take_role_away(bo.memberships.get(), by=ann)
    round_at(morning(days(2)))
    rows = Reminder.objects.filter(kind=ReminderKind.ROLES).values_list("office", flat=True)
    assert f"organisation:{body.slug}" in rows
    assert Reminder.objects.filter(office=f"convenor:{make.SLUG}", subject__contains=body.slug).count() == 1
    assert convenor.pk


def test_what_waits_for_somebody_who_left_reaches_those_who_come_next() -> None:
    commitment = make.commitment()
    team = make.lead_team(commitment)
    leaver, stays = make.member(team), make.responder(team.organisation)
    make.open_challenge(make.claim(commitment, by=leaver))
    reminding.remind(clock.now())
    waits = Reminded.objects.filter(reminder__office=f"team:{team.slug}", written_at=None)
    assert {one.reader.user for one in waits} >= {leaver}
    granting.leave_post(leaver.memberships.get(), by=leaver, today=TODAY)
    reminding.remind(clock.now())
    there = {one.reader.user for one in waits.all()}
    assert stays in there
    assert leaver not in there


def test_a_last_day_that_passes_is_told_once_with_no_job_that_ends_it() -> None:
    team = make.team()
    leaver, chief = make.member(team), make.responder(team.organisation)
    granting.leave_post(leaver.memberships.get(), by=leaver, today=TODAY, last_day=days(3))
    said = []
    for number in range(1, 8):
        said += [line for one in round_at(morning(days(number)), to=chief) for line in one.body.splitlines()]
    assert sum("A role was ended in" in line for line in said) == 1
