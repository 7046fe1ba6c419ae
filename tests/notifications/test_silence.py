"""Nothing ran for ten days: what the clock decided meanwhile is told afterwards, once each, with its right day."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail

from accounts.models import User
from commitments import actions
from commitments.actions import clock as deadlines
from commitments.actions import tick
from commitments.promises import Due
from notifications import composing, fanout, post, reminding, rounds
from notifications.channels.mail import Mail
from notifications.channels.post import Post
from notifications.models import Cadence, Follower, Message, MessageState
from record import clock
from record.models import Entry
from tests import make
from tests.make import TODAY, days
from tests.notifications.following import follower
from tests.notifications.posted import lines, morning

pytestmark = pytest.mark.django_db

BACK = days(12)
"""The day on which everything runs again; it ran last on the day that the tests begin with."""
MISSED = {
    "commitment.overdue": days(4),
    "commitment.very_late": days(6),
    "commitment.silent": days(11),
    "milestone.overdue": days(8),
    "recommendation.no_response": days(9),
    "challenge.unanswered": days(10),
}
"""What passes in those days, and on which day it happened."""


class World:
    """An assembly in which one deadline of each kind passes while nothing runs, and those who want to know."""

    def __init__(self) -> None:
        began = days(-100)
        with clock.at(make.noon(began)):
            clocks = {"rhythm_days": 110, "response_days": 108, "reply_days": 9}
            assembly = make.assembly(clocks=clocks)
            team = make.team()
            self.officer = make.member(team)
            self.chief = make.responder(team.organisation)
            make.commitment(assembly, lead=team, due=Due(days(-85), "day", "early"), today=began)
            late = make.commitment(assembly, lead=team, due=Due(days(3), "day", "now"), today=began)
            actions.add_milestone(late, by=self.officer, today=began, title="First walk", due_on=days(7))
            disputed = make.commitment(assembly, lead=team, today=began)
            asked = make.recommendation(assembly, today=began)
            actions.ask(asked, by=make.convenor(), today=began, organisation=team.organisation)
        with clock.at(make.noon(TODAY)):
            make.update(late, today=TODAY)
            make.open_challenge(make.claim(disputed, today=TODAY), today=TODAY)
            tick(TODAY)
        with clock.at(make.noon(TODAY) + timedelta(minutes=1)):
            self.followers = [
                follower(f"{cadence}@example.org", assembly.record_subject, cadence=cadence)
                for cadence in Cadence.values
            ]
            rounds.one_round()
            mail.outbox.clear()

    def news(self, person: User | Follower) -> Counter[str]:
        """What somebody was told by events since, and how often."""
        address = person.email if isinstance(person, User) else person.address
        return Counter(line for sent in mail.outbox if sent.to == [address] for line in lines(sent))


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    with clock.at(morning(BACK)):
        yield made


def missed() -> list[tuple[str, date]]:
    rows = Entry.objects.filter(actor="clock", occurred_on__gt=TODAY).order_by("type")
    return list(rows.values_list("type", "occurred_on"))


def told(world: World) -> None:
    """Everybody was told everything once, with its day."""
    assert missed() == sorted(MISSED.items())
    for one in world.followers:
        said = world.news(one)
        dated = sorted(line.partition(":")[0] for line in said)
        assert dated == sorted(f"{on.day} {on:%B %Y}" for on in MISSED.values())
        assert set(said.values()) == {1}
    officer = world.news(world.officer)
    assert set(officer.values()) == {1}
    assert len([line for line in officer if "June 2026: " in line]) == len(MISSED) - 1


def test_each_deadline_is_written_and_told_once_with_its_day_in_each_digest(world: World) -> None:
    for _ in range(2):
        tick(BACK)
        rounds.one_round()
    told(world)
    chief = world.news(world.chief)
    assert [line for line in chief if "has not answered" in line]
    assert [line for line in chief if "more than 90 days late" in line]
    with clock.at(morning(days(14))):
        assert days(14).weekday() == 0
        tick(days(14))
        rounds.one_round()
    told(world)


Step = tuple[Any, str]
STEPS: list[Step] = [
    (deadlines, "append"),
    (fanout, "insert"),
    (composing, "_fill"),
    (reminding, "_note"),
    (post, "next_morning"),
    (Mail, "send"),
    (Post, "send"),
]


@pytest.mark.parametrize("before", [True, False], ids=["before", "after"])
def test_a_machine_that_falls_at_every_step_loses_nothing_and_repeats_nothing(
    world: World, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashed = [crash_once(step, before, monkeypatch) for step in STEPS]
    for number in range(len(STEPS) + 2):
        with clock.at(morning(BACK) + timedelta(minutes=15 * number)):
            for work in (lambda: tick(BACK), rounds.one_round):
                with suppress(Crash, deadlines.ClockStumbled):
                    work()
    assert crashed == [[1]] * len(STEPS)
    sent = {one.extra_headers["Message-ID"]: one for one in mail.outbox}
    # What was sent and not marked before the machine fell goes out again, under the same name.
    assert len(mail.outbox) - len(sent) == (0 if before else 2)
    mail.outbox[:] = sent.values()
    told(world)
    assert not Message.objects.filter(state=MessageState.WAITING).exists()


class Crash(BaseException):
    """The machine went away."""


def crash_once(step: Step, before: bool, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let a function fall the first time that it is called."""
    owner, name = step
    real: Callable[..., Any] = getattr(owner, name)
    crashed: list[int] = []

    def falling(*args: Any, **more: Any) -> Any:
        if crashed:
            return real(*args, **more)
        crashed.append(1)
        if not before:
            real(*args, **more)
        raise Crash

    monkeypatch.setattr(owner, name, falling)
    return crashed
