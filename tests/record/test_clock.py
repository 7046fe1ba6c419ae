"""What time it is: London days around clock changes, and no pretending on a public record."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.test import override_settings

from record import clock

VECTORS = Path(__file__).parents[1] / "vectors" / "deadlines.json"
LATE_FROM = [*json.loads(VECTORS.read_text())["late_from_utc_for_due_date"].items()]


@pytest.mark.parametrize(("due_on", "late_from"), LATE_FROM)
def test_the_day_turns_at_midnight_in_london(due_on: str, late_from: str) -> None:
    due, midnight = date.fromisoformat(due_on), datetime.fromisoformat(late_from)
    with clock.at(midnight - timedelta(microseconds=1)):
        assert clock.today() == due
    with clock.at(midnight):
        assert clock.today() == due + timedelta(days=1)


def test_the_pretended_moment_is_in_utc_and_ends_with_its_block() -> None:
    moment = datetime(2026, 6, 1, 9, tzinfo=timezone(timedelta(hours=5)))
    with clock.at(moment):
        assert clock.now() == moment
        assert clock.now().tzinfo is UTC
    assert abs(datetime.now(UTC) - clock.now()) < timedelta(minutes=1)


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime.fromisoformat("2026-06-01")):
        pass


def test_inventing_ends_with_its_block_even_when_it_fails() -> None:
    def fails() -> None:
        with clock.invented():
            raise RuntimeError(f"invented: {clock.is_invented()}")

    with pytest.raises(RuntimeError, match="invented: True"):
        fails()
    assert not clock.is_invented()


@override_settings(SIMULATION_ALLOWED=False)
def test_a_public_record_pretends_no_time_and_invents_no_story() -> None:
    with pytest.raises(clock.SimulationRefused), clock.at(datetime(2026, 6, 1, tzinfo=UTC)):
        pass
    with pytest.raises(clock.SimulationRefused), clock.invented():
        pass
    assert not clock.is_invented()
