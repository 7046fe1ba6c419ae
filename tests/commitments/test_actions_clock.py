"""The clock: what it decides holds without any scheduler; `tick` only writes it, once, dated the day it happened."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from commitments import actions, standing
from commitments.actions import clock as verbs
from commitments.models import Asked, Challenge, Commitment, Missed, Recommendation
from commitments.promises import Due
from record import clock
from record.models import Entry
from tests import make
from tests.make import SLUG, TODAY, days
from tests.recording import everything, one, telling, told, types

pytestmark = pytest.mark.django_db

VECTORS = Path(__file__).parents[1] / "vectors" / "deadlines.json"
LATE_FROM = [*json.loads(VECTORS.read_text())["late_from_utc_for_due_date"].items()]
ONE_DAY = timedelta(days=1)


@pytest.fixture
def police() -> Organisation:
    return make.organisation("police")


@pytest.fixture
def recommendation() -> Recommendation:
    return make.recommendation()


def ask(recommendation: Recommendation, police: Organisation, today: date = TODAY) -> Asked:
    return actions.ask(recommendation, by=make.convenor(), today=today, organisation=police)


def read_now(recommendation: Recommendation) -> str:
    found = Recommendation.objects.with_state(clock.today()).get(pk=recommendation.pk)
    state: str = vars(found)["state"]
    return state


def kinds(entries: list[Entry]) -> list[tuple[str, date]]:
    return [(entry.type, entry.occurred_on) for entry in entries]


@contextmanager
def stumbling(monkeypatch: pytest.MonkeyPatch, *, over: Any, error: BaseException) -> Iterator[None]:
    """Let the clock fall over one thing, and over no other."""
    settle = verbs.settle_asked

    def fall(asked: Asked, today: date) -> None:
        if asked.pk == over:
            raise error
        settle(asked, today)

    with monkeypatch.context() as patch:
        patch.setattr(verbs, "settle_asked", fall)
        yield


@pytest.mark.parametrize(("due_on", "late_from"), LATE_FROM)
def test_a_deadline_is_missed_from_midnight_in_london_with_no_scheduler_running(
    recommendation: Recommendation, police: Organisation, due_on: str, late_from: str
) -> None:
    due, midnight = date.fromisoformat(due_on), datetime.fromisoformat(late_from)
    asked = ask(recommendation, police, due - timedelta(days=56))
    assert asked.due_on == due
    commitment = make.commitment(recommendation.assembly, due=Due(due), today=asked.asked_on)
    facts = standing.facts_of(commitment)
    with clock.at(midnight - timedelta(seconds=1)):
        assert read_now(recommendation) == "awaiting_response"
        assert not standing.is_overdue(facts, clock.today())
    with clock.at(midnight):
        assert read_now(recommendation) == "no_response"
        assert standing.is_overdue(facts, clock.today())
    assert not Missed.objects.exists()


@pytest.mark.parametrize(("due_on", "late_from"), LATE_FROM)
def test_a_late_tick_writes_no_response_once_dated_the_day_after(
    recommendation: Recommendation, police: Organisation, due_on: str, late_from: str
) -> None:
    due, midnight = date.fromisoformat(due_on), datetime.fromisoformat(late_from)
    asked = ask(recommendation, police, due - timedelta(days=56))
    with clock.at(midnight - timedelta(seconds=1)):
        assert actions.tick(clock.today()) == 0
    with clock.at(midnight + timedelta(days=40)), telling() as entries:
        assert actions.tick(clock.today()) == 1
        assert actions.tick(clock.today()) == 0
    told(
        one(entries),
        "recommendation.no_response",
        actor="clock",
        subject=f"asked:{asked.pk}",
        root=recommendation.record_subject,
        on=due + ONE_DAY,
        facts={
            "recommendation": recommendation.reference,
            "organisation": "police",
            "due_on": due_on,
        },
    )


def test_each_kind_of_deadline_is_written_once_and_dated_when_it_happened(
    recommendation: Recommendation, police: Organisation
) -> None:
    team = make.team(police, "north")
    commitment = make.commitment(recommendation.assembly, lead=team, due=Due(days(20)))
    actions.add_milestone(commitment, by=make.member(team), today=TODAY, title="Step", due_on=days(10))
    ask(recommendation, police)
    claimed = make.commitment(recommendation.assembly, lead=team)
    challenge = make.challenge(make.claim(claimed), by=make.panel())
    with telling() as entries:
        assert actions.tick(days(400)) == 6
    assert sorted(kinds(entries)) == [
        ("challenge.unanswered", days(29)),
        ("commitment.overdue", days(21)),
        ("commitment.silent", days(91)),
        ("commitment.very_late", days(111)),
        ("milestone.overdue", days(11)),
        ("recommendation.no_response", days(57)),
    ]
    assert {entry.actor for entry in entries} == {"clock"}
    assert {entry.assembly for entry in entries} == {SLUG}
    unanswered = next(entry for entry in entries if entry.type == "challenge.unanswered")
    assert unanswered.subject == challenge.record_subject
    assert Challenge.objects.get().state == "open"
    before = everything()
    assert actions.tick(days(400)) == 0
    assert actions.tick(days(500)) == 0
    assert everything() == before


def test_nothing_is_missed_on_the_day_itself(recommendation: Recommendation, police: Organisation) -> None:
    ask(recommendation, police)
    make.commitment(recommendation.assembly, due=Due(days(56)))
    assert actions.tick(days(56)) == 0
    with telling() as entries:
        actions.tick(days(57))
    assert sorted(types(entries)) == ["commitment.overdue", "recommendation.no_response"]


def test_ticking_often_and_ticking_late_write_the_same(police: Organisation) -> None:
    team = make.team(police)
    often = make.commitment(lead=team, due=Due(days(20)))
    with telling() as entries:
        for number in (20, 21, 22, 90, 91, 92, 110, 111, 112, 129):
            actions.tick(days(number))
    expected = [
        ("commitment.overdue", days(21)),
        ("commitment.silent", days(91)),
        ("commitment.very_late", days(111)),
    ]
    assert kinds(entries) == expected
    assert {entry.subject for entry in entries} == {often.record_subject}
    once = make.commitment(often.assembly, lead=team, due=Due(days(20)))
    with telling() as entries:
        actions.tick(days(130))
    assert {entry.subject for entry in entries} == {once.record_subject}
    assert kinds(entries) == expected


def test_silence_can_be_missed_again_after_an_update(police: Organisation) -> None:
    team = make.team(police)
    commitment = make.commitment(lead=team)
    with telling() as entries:
        actions.tick(days(95))
        make.update(commitment, by=make.member(team), today=days(100))
        actions.tick(days(191))
    assert kinds(entries) == [
        ("commitment.silent", days(91)),
        ("update.posted", days(100)),
        ("commitment.silent", days(191)),
    ]


def test_an_answered_asked_a_standing_claim_and_a_closed_promise_miss_nothing(
    recommendation: Recommendation, police: Organisation
) -> None:
    ask(recommendation, police)
    by = make.responder(police)
    actions.respond(
        recommendation, by=by, today=TODAY, organisation=police, stance="accepted", body="We will."
    )
    team = make.team(police)
    officer = make.member(team)
    done, given_up = (make.commitment(recommendation.assembly, lead=team) for _ in range(2))
    make.claim(done, by=officer)
    make.update(given_up, by=officer, status="abandoned", reason="No money.")
    for commitment in (done, given_up):
        actions.add_milestone(commitment, by=officer, today=TODAY, title="Step", due_on=days(3))
    with telling() as entries:
        assert actions.tick(days(5000)) == 0
    assert entries == []


def test_giving_up_does_not_unmake_the_date(police: Organisation) -> None:
    team = make.team(police)
    commitment = make.commitment(lead=team, due=Due(days(20)))
    make.update(commitment, by=make.member(team), status="abandoned", reason="No money.")
    with telling() as entries:
        actions.tick(days(50))
    assert kinds(entries) == [("commitment.overdue", days(21))]


def test_one_bad_item_is_logged_and_does_not_end_the_batch(
    recommendation: Recommendation,
    police: Organisation,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad = ask(recommendation, police)
    good = ask(recommendation, make.organisation())
    broken = RuntimeError("a row that cannot be")
    with (
        telling() as entries,
        caplog.at_level(logging.ERROR, logger=verbs.__name__),
        stumbling(monkeypatch, over=bad.pk, error=broken),
        pytest.raises(verbs.ClockStumbled, match="could not be written: 1"),
    ):
        actions.tick(days(57))
    assert one(entries).subject == good.record_subject
    assert f"asked {bad.pk} could not be settled" in caplog.text
    with telling() as entries:
        assert actions.tick(days(80)) == 1
    assert kinds(entries) == [("recommendation.no_response", days(57))]


def test_an_interrupted_tick_is_finished_by_the_next(
    recommendation: Recommendation, police: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make.commitment(recommendation.assembly, due=Due(days(20)))
    second = ask(recommendation, police)
    with (
        telling() as entries,
        stumbling(monkeypatch, over=second.pk, error=KeyboardInterrupt()),
        pytest.raises(KeyboardInterrupt),
    ):
        actions.tick(days(60))
    assert one(entries).subject == first.record_subject
    with telling() as entries:
        actions.tick(days(60))
    assert one(entries).subject == second.record_subject


def test_what_is_written_already_is_no_candidate_any_more(
    recommendation: Recommendation, police: Organisation
) -> None:
    team = make.team(police)
    officer = make.member(team)
    for _ in range(3):
        commitment = make.commitment(recommendation.assembly, lead=team, due=Due(days(20)))
        actions.add_milestone(commitment, by=officer, today=TODAY, title="Step", due_on=days(10))
        make.challenge(make.claim(make.commitment(recommendation.assembly, lead=team)), by=make.panel())
    ask(recommendation, police)
    assert [len(pks) for pks, _ in verbs.unwritten(days(400))] == [3, 1, 3]
    actions.tick(days(400))
    assert [pks for pks, _ in verbs.unwritten(days(401))] == [[], [], []]
    with CaptureQueriesContext(connection) as queries:
        actions.tick(days(401))
    assert len(queries) == 5


def test_a_commitment_is_a_candidate_again_when_another_of_its_deadlines_passes(police: Organisation) -> None:
    make.commitment(lead=make.team(police), due=Due(days(20)))
    for today, expected in ((20, 0), (21, 1), (22, 0), (91, 1), (92, 0), (110, 0), (111, 1), (112, 0)):
        assert actions.tick(days(today)) == expected, today


def test_two_clocks_cannot_write_one_deadline_twice(
    recommendation: Recommendation, police: Organisation
) -> None:
    asked = ask(recommendation, police)
    waiting = [*verbs.unwritten(days(60))]
    assert actions.tick(days(60)) == 1
    with telling() as entries:
        for pks, settle in waiting:
            for pk in pks:
                settle(pk, days(60))
    assert entries == []
    assert Missed.objects.get().subject == asked.record_subject


def test_the_standing_shown_never_waits_for_a_tick(police: Organisation) -> None:
    make.commitment(lead=make.team(police), due=Due(days(20)))
    shown = {
        day: vars(Commitment.objects.with_standing(days(day)).get())["standing"] for day in (20, 21, 110, 111)
    }
    assert shown == {20: "no_word", 21: "late", 110: "late", 111: "very_late"}
