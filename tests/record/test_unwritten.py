"""What the dates in the entries say must have been written: silence shows, also when it is mended later."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from commitments import actions
from commitments.models import Commitment
from commitments.promises import Due
from record import clock, unwritten
from record.models import Entry
from tests import make
from tests.make import SLUG, SOURCE, TODAY, days, noon
from tests.record.copies import VKEY, kept

pytestmark = pytest.mark.django_db

OVERDUE, VERY_LATE, SILENT = "commitment.overdue", "commitment.very_late", "commitment.silent"
STEP, NO_RESPONSE, UNANSWERED = "milestone.overdue", "recommendation.no_response", "challenge.unanswered"


@contextmanager
def on(day: date) -> Iterator[date]:
    """A day on which clock and calendar agree."""
    with clock.at(noon(day)):
        yield day


def leaves() -> list[bytes]:
    """The leaves, as strangers read them."""
    return [bytes(body) for body in Entry.objects.order_by("position").values_list("body", flat=True)]


def silent(by: date) -> list[tuple[str, str]]:
    """What passed by a day in silence: the entry that is missing, and the deadline."""
    found = unwritten.unwritten(map(json.loads, leaves()), by)
    return [(kind, deadline) for kind, _, deadline in found]


def due(number: int) -> Due:
    """A due date some days from the beginning."""
    return Due(days(number), "day", "")


@pytest.fixture
def commitment() -> Commitment:
    """A commitment due after 30 days, with updates expected every 90."""
    with on(TODAY):
        return make.commitment(due=due(30))


def tick(day: date) -> None:
    """The scheduler, on a day."""
    with on(day):
        actions.tick(day)


def test_a_stopped_clock_shows_two_days_after_a_deadline(commitment: Commitment) -> None:
    assert silent(days(32)) == []
    assert silent(days(33)) == [(OVERDUE, days(30).isoformat())]
    assert silent(days(93)) == [(OVERDUE, days(30).isoformat()), (SILENT, days(90).isoformat())]
    assert (VERY_LATE, days(30).isoformat()) in silent(days(123))
    tick(days(93))
    assert silent(days(93)) == []
    tick(days(123))
    assert silent(days(200)) == []


def test_the_last_day_of_a_period_counts() -> None:
    with on(TODAY):
        make.commitment(due=Due(date(2026, 7, 15), "month", "in July"))
    assert silent(date(2026, 8, 2)) == []
    assert silent(date(2026, 8, 3)) == [(OVERDUE, "2026-07-31")]


def test_a_claim_in_time_stops_the_clock_and_its_refutation_starts_it_again(commitment: Commitment) -> None:
    with on(days(10)) as day:
        claim = make.claim(commitment, today=day)
    assert silent(days(300)) == []
    with on(days(60)) as day:
        panel = make.panel()
        actions.verify(commitment, by=panel, today=day, claim=claim, finding="not_verified", reason="No.")
    assert silent(days(62)) == []
    assert silent(days(63)) == [(OVERDUE, days(30).isoformat())]
    tick(days(63))
    assert silent(days(63)) == []
    with on(days(70)) as day:
        actions.verify(commitment, by=panel, today=day, claim=claim, finding="verified", reason="Seen.")
    assert silent(days(500)) == []


def test_an_upheld_challenge_starts_the_clock_again_and_an_unanswered_one_is_told(
    commitment: Commitment,
) -> None:
    with on(days(10)) as day:
        claim = make.claim(commitment, today=day)
        challenge = make.open_challenge(claim, today=day)
    assert silent(days(41)) == [(UNANSWERED, days(38).isoformat())]
    with on(days(50)) as day:
        actions.resolve(challenge, by=make.convenor(), today=day, outcome="upheld", reason="So it is.")
    assert silent(days(51)) == []
    assert silent(days(53)) == [(OVERDUE, days(30).isoformat())]


def test_what_an_action_must_write_first_is_missed_without_it(commitment: Commitment) -> None:
    with on(days(60)) as day:
        make.claim(commitment, today=day)
    entries = [json.loads(leaf) for leaf in leaves()]
    told = [entry for entry in entries if entry["type"] == OVERDUE]
    assert len(told) == 1
    assert unwritten.unwritten(entries, days(60)) == []
    entries.remove(told[0])
    assert unwritten.unwritten(entries, days(60)) == [(OVERDUE, told[0]["subject"], days(30).isoformat())]


def test_a_date_moved_in_time_is_the_date(commitment: Commitment) -> None:
    with on(days(20)) as day:
        officer = make.member(make.lead_team(commitment))
        change = actions.request_due_date(commitment, by=officer, today=day, due=due(60), reason="Ill.")
        actions.approve_due_date(change, by=make.convenor(), today=day)
    assert silent(days(62)) == []
    assert silent(days(63)) == [(OVERDUE, days(60).isoformat())]


def test_steps_are_watched_also_when_they_move_or_are_done(commitment: Commitment) -> None:
    with on(TODAY) as day:
        officer = make.member(make.lead_team(commitment))
        first = actions.add_milestone(commitment, by=officer, today=day, title="Hire", due_on=days(5))
        actions.add_milestone(commitment, by=officer, today=day, title="Train", due_on=days(6))
        correction = actions.correct_commitment(
            commitment,
            by=officer,
            today=day,
            field="milestone",
            text=days(20).isoformat(),
            reason="Typo.",
            milestone=commitment.milestones.get(title="Train"),
        )
        actions.approve_correction(correction, by=make.convenor(), today=day)
    with on(days(5)) as day:
        actions.finish_milestone(first, by=officer, today=day)
    assert silent(days(22)) == []
    assert silent(days(23)) == [(STEP, days(20).isoformat())]
    tick(days(23))
    assert silent(days(23)) == []


def test_what_was_given_up_is_late_but_not_silent(commitment: Commitment) -> None:
    with on(days(10)) as day:
        make.update(commitment, today=day, status="abandoned", reason="No money.")
    assert silent(days(300)) == [(OVERDUE, days(30).isoformat()), (VERY_LATE, days(30).isoformat())]


def test_no_clock_runs_for_what_nobody_accepted() -> None:
    with on(TODAY):
        make.entered(due=due(5))
    assert silent(days(400)) == []


def test_answers_stop_the_clock_of_those_who_were_asked() -> None:
    with on(TODAY) as day:
        recommendation = make.recommendation()
        bodies = [make.organisation(f"body-{number}") for number in range(3)]
        for body in bodies:
            actions.ask(recommendation, by=make.convenor(), today=day, organisation=body)
    with on(days(20)) as day:
        actions.respond(
            recommendation,
            by=make.responder(bodies[0]),
            today=day,
            organisation=bodies[0],
            stance="accepted",
            body="Yes.",
        )
    with on(days(59)) as day:
        actions.enter_response(
            recommendation,
            by=make.convenor(),
            today=day,
            organisation=bodies[1],
            stance="accepted",
            body="Yes.",
            source=[{**SOURCE[0], "date": days(40).isoformat()}],
        )
    assert silent(days(58)) == []
    assert silent(days(59)) == [(NO_RESPONSE, days(56).isoformat())]
    tick(days(59))
    assert silent(days(59)) == []


def test_a_silence_that_was_mended_later_is_told_too(commitment: Commitment) -> None:
    tick(days(33))
    tick(days(100))
    late = unwritten.written_late(map(json.loads, leaves()))
    assert [days_after for _, days_after in late] == [9]


def test_every_deadline_of_a_working_clock_is_there(commitment: Commitment) -> None:
    for number in range(1, 200, 2):
        tick(days(number))
        assert silent(days(number)) == []
    assert {SILENT, OVERDUE, VERY_LATE} <= set(Entry.objects.values_list("type", flat=True))


def test_strangers_ask_on_the_command_line(commitment: Commitment, tmp_path: Path) -> None:
    copy = kept(tmp_path, leaves())
    for day, code in [(days(32), 0), (days(33), 1)]:
        words = [sys.executable, "record/unwritten.py", VKEY, str(copy), day.isoformat()]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        assert ("no commitment.overdue says so" in done.stderr) == bool(code)
    assert SLUG in leaves()[-1].decode()
