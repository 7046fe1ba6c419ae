"""Offices hear of dates before they come: each once, never wrongly, and never of what moved or was met."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import actions as accounts
from accounts.models import Role
from commitments import actions
from commitments.actions import tick
from commitments.choices import HoldGround
from commitments.models import Commitment
from commitments.promises import Due
from notifications import duties, post, reminding
from notifications.models import Cursor, PostCadence, Reminder, ReminderKind
from record import clock
from tests import make
from tests.make import TODAY, days
from tests.notifications.posted import lines, morning, round_at, rounds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_noon() -> Any:
    with clock.at(make.noon(TODAY)):
        yield


def promise(in_days: int = 30, **more: Any) -> Commitment:
    """A commitment that is due so many days from the usual one."""
    return make.commitment(due=Due(days(in_days), "day", "soon"), **more)


def test_a_team_hears_fourteen_seven_and_one_day_before_each_of_its_dates_and_of_nothing_twice() -> None:
    commitment = promise(30)
    colleague = make.member(make.lead_team(commitment))
    found = [one for first in (0, 15, 22, 28) for one in rounds(first, first + 2)]
    due = [(day, line) for day, line in found if " is due " in line]
    name = f"{commitment.reference} (“{commitment.title}”)"
    assert due == [
        (16, f"{name} is due in 14 days, on 1 July 2026."),
        (23, f"{name} is due in 7 days, on 1 July 2026."),
        (29, f"{name} is due tomorrow, on 1 July 2026."),
    ]
    assert {one.to[0] for one in mail.outbox if commitment.title in one.body} == {colleague.email}


def test_a_machine_that_stood_still_says_how_many_days_are_really_left_and_says_it_once() -> None:
    commitment = promise(30)
    make.member(make.lead_team(commitment))
    assert [line for _, line in rounds(26, 26)] == [
        f"{commitment.reference} (“{commitment.title}”) is due in 4 days, on 1 July 2026."
    ]
    assert [day for day, _ in rounds(27, 30)] == [29]


def test_what_was_written_late_and_lay_waiting_collapses_to_one_line() -> None:
    commitment = promise(30)
    make.member(make.lead_team(commitment))
    reminding.remind(make.noon(days(16)))
    reminding.remind(make.noon(days(23)))
    (sent,) = round_at(morning(days(29)))
    assert lines(sent) == [f"{commitment.reference} (“{commitment.title}”) is due tomorrow, on 1 July 2026."]


def test_nothing_is_said_of_a_date_that_moved_or_was_met_before_the_mail_went_out() -> None:
    moved = promise(30)
    met = promise(30, of=moved.assembly)
    for one in (moved, met):
        make.member(make.lead_team(one))
    reminding.remind(make.noon(days(16)))
    with clock.at(make.noon(days(16))):
        lead = make.member(make.lead_team(moved))
        asked = actions.request_due_date(
            moved, by=lead, today=days(16), due=Due(days(60), "day", "later"), reason="Staff left."
        )
        actions.approve_due_date(
            asked, by=make.convenor(moved.assembly.slug), today=days(16), reason="It is so."
        )
        make.claim(met, today=days(16))
    said = [line for sent in round_at(morning(days(17))) for line in lines(sent)]
    assert not [line for line in said if " is due " in line]
    assert any("moves from" in line for line in said)


def test_an_update_a_step_a_reply_and_an_answer_are_owed_like_a_due_date() -> None:
    commitment = make.commitment()
    team = make.lead_team(commitment)
    make.member(team)
    actions.add_milestone(commitment, by=make.member(team), today=TODAY, title="First walk", due_on=days(10))
    body = make.organisation()
    answers = make.responder(body)
    recommendation = make.recommendation(commitment.assembly)
    actions.ask(recommendation, by=make.convenor(), today=TODAY, organisation=body)
    challenged = make.commitment(commitment.assembly, lead=team)
    with clock.at(make.noon(days(1))):
        make.open_challenge(make.claim(challenged, today=days(1)), today=days(1))
    with_dates = {
        ("A step", commitment.reference): 10,
        ("A reply", challenged.reference): 29,
        ("An answer", recommendation.reference): 56,
        ("An update", commitment.reference): 90,
    }
    for (what, reference), due in with_dates.items():
        sent = round_at(morning(days(due - 7)))
        said = [(one.to, line) for one in sent for line in lines(one) if line.startswith(what)]
        assert said, what
        assert all(reference in line and " is due in 7 days" in line for _, line in said)
        if what == "An answer":
            assert [to for to, _ in said] == [[answers.email]]


def test_a_reminder_is_one_row_however_often_and_beside_whomever_it_is_derived() -> None:
    commitment = promise(10)
    make.member(make.lead_team(commitment))
    for _ in range(2):
        assert reminding.remind(make.noon(days(9))) in (0, 2)
        Cursor.objects.all().delete()
    one = Reminder.objects.get(kind=ReminderKind.DUE)
    assert (one.on, one.days) == (days(10), 1)
    one.pk = None
    with pytest.raises(IntegrityError, match=r"once|UNIQUE"), transaction.atomic():
        one.save()


def test_a_date_within_the_reminder_from_its_first_day_is_not_announced_at_once() -> None:
    duty = duties.Duty("due", "commitment:X", days(10), TODAY, "commitment:X", "")
    assert [reminding.offset(duty, days(day)) for day in (0, 2, 3, 8, 9, 10, 11)] == [
        None, None, 7, 7, 1, 1, None,
    ]  # fmt: skip


def test_everybody_who_works_there_gets_a_mail_alone_and_who_left_gets_none() -> None:
    commitment = promise(30)
    team = make.lead_team(commitment)
    stays, leaves = make.member(team), make.member(team)
    reminding.remind(make.noon(days(16)))
    accounts.end_role(leaves.memberships.get())
    sent = round_at(morning(days(17)))
    assert [(one.to, one.cc, one.bcc) for one in sent] == [([stays.email], [], [])]


def test_the_post_of_a_team_with_nobody_goes_to_its_bodys_responders() -> None:
    commitment = promise(30)
    team = make.lead_team(commitment)
    accounts.end_role(make.member(team).memberships.get())
    answers = {
        one.user.email for one in team.organisation.memberships.filter(role=Role.RESPONDER, ended_at=None)
    }
    assert {one.to[0] for one in round_at(morning(days(16)))} == answers != set()


def test_who_switched_it_off_gets_nothing_while_somebody_else_reads_and_everything_when_nobody_does() -> None:
    commitment = promise(30)
    team = make.lead_team(commitment)
    first, second = make.member(team), make.member(team)
    round_at(morning(days(15)))
    one, other = (post.readers([who.pk])[who.pk] for who in (first, second))
    post.choose(one, PostCadence.OFF, clock.now())
    assert [sent.to for sent in round_at(morning(days(16)))] == [[second.email]]
    reminding.remind(make.noon(days(23)))
    post.choose(other, PostCadence.OFF, clock.now())
    sent = round_at(morning(days(24)))
    assert sorted(sent.to[0] for sent in sent) == [second.email]
    assert sorted(one.to[0] for one in round_at(morning(days(29)))) == sorted([first.email, second.email])


def test_nobody_is_written_to_at_night_and_a_day_has_one_mail_a_person() -> None:
    commitment = promise(30)
    team = make.lead_team(commitment)
    reader = post.readers([make.member(team).pk]).popitem()[1]
    post.choose(reader, PostCadence.AT_ONCE, clock.now())
    assert round_at(morning(days(16), hour=2)) == []
    assert len(round_at(morning(days(16), hour=7))) == 1
    assert round_at(morning(days(16), hour=9)) == []


def test_a_held_promise_is_still_owed_and_nothing_but_its_reference_is_said() -> None:
    commitment = promise(30)
    make.member(make.lead_team(commitment))
    reminding.remind(make.noon(days(16)))
    actions.place_hold(
        commitment, by=make.convenor(commitment.assembly.slug), today=days(16), ground=HoldGround.LIVE_CASE
    )
    (sent,) = round_at(morning(days(17)))
    assert f"{commitment.reference} is due in 13 days" in sent.body
    assert commitment.title not in sent.message().as_string()


def test_bodies_hear_of_what_is_late_silent_or_unanswered_a_fortnight_after_and_once(settings: Any) -> None:
    assert settings.ESCALATE_AFTER_DAYS == 14
    commitment = promise(5)
    team = make.lead_team(commitment)
    make.member(team)
    chief = make.responder(team.organisation)
    found: list[tuple[int, str]] = []
    for day in (6, 18, 19, 20, 21, 40):
        tick(days(day))
        found += [(day, line) for one in round_at(morning(days(day)), chief) for line in lines(one)]
    name = f"{commitment.reference} (“{commitment.title}”)"
    assert found == [(20, f"{name} is late by 15 days: it was due by 6 June 2026.")]
    assert any("1 still waiting" in one.subject for one in mail.outbox if one.to == [chief.email])


def test_an_escalation_is_withdrawn_when_the_promise_was_kept_before_the_mail() -> None:
    commitment = promise(5)
    chief = make.responder(make.lead_team(commitment).organisation)
    reminding.remind(make.noon(days(20)))
    assert Reminder.objects.filter(kind=ReminderKind.STILL_LATE).exists()
    with clock.at(make.noon(days(20))):
        make.claim(commitment, today=days(20))
    said = [line for sent in round_at(morning(days(21)), chief) for line in lines(sent)]
    assert not [line for line in said if "is late by" in line]


def test_deriving_costs_as_many_questions_for_many_promises_as_for_few() -> None:
    def questions() -> int:
        Cursor.objects.all().delete()
        Reminder.objects.all().delete()
        with CaptureQueriesContext(connection) as asked:
            reminding.remind(make.noon(days(16)))
        return len(asked)

    first = promise(30)
    make.member(make.lead_team(first))
    few = questions()
    for _ in range(4):
        make.member(make.lead_team(promise(30, of=first.assembly)))
    assert questions() == few


def test_nothing_is_looked_at_again_until_the_day_or_the_record_moves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[date] = []

    def between(first: date, _last: date) -> list[duties.Duty]:
        asked.append(first)
        return []

    monkeypatch.setattr(duties, "between", between)
    commitment = promise(30)
    for moment in (make.noon(TODAY), make.noon(TODAY) + timedelta(minutes=1), make.noon(days(1))):
        reminding.remind(moment)
    make.update(commitment, today=TODAY)
    reminding.remind(make.noon(days(1)))
    assert asked == [TODAY, days(1), days(1)]
