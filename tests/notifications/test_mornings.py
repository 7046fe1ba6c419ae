"""When a digest is due: at seven where the follower lives, on days when clocks change too."""

from datetime import UTC, datetime

import pytest

from notifications.models import Cadence
from notifications.mornings import next_morning

LONDON, NEW_YORK = "Europe/London", "America/New_York"


@pytest.mark.parametrize(
    ("now", "cadence", "zone", "due"),
    [
        ("2026-06-01T05:59", Cadence.DAILY, LONDON, "2026-06-01T06:00"),
        ("2026-06-01T06:00", Cadence.DAILY, LONDON, "2026-06-02T06:00"),
        ("2026-03-28T07:00", Cadence.DAILY, LONDON, "2026-03-29T06:00"),  # clocks go forward in that night
        ("2026-03-29T05:30", Cadence.DAILY, LONDON, "2026-03-29T06:00"),
        ("2026-10-24T06:00", Cadence.DAILY, LONDON, "2026-10-25T07:00"),  # and back in that one
        ("2026-10-25T06:30", Cadence.DAILY, LONDON, "2026-10-25T07:00"),
        ("2026-10-24T06:00", Cadence.WEEKLY, LONDON, "2026-10-26T07:00"),
        ("2026-10-26T07:00", Cadence.WEEKLY, LONDON, "2026-11-02T07:00"),
        ("2026-06-01T03:00", Cadence.DAILY, NEW_YORK, "2026-06-01T11:00"),
        ("2026-11-01T10:00", Cadence.DAILY, NEW_YORK, "2026-11-01T12:00"),
        ("2026-06-01T05:59", Cadence.DAILY, "Mars/Olympus", "2026-06-01T06:00"),
    ],
)
def test_a_digest_is_due_at_seven_of_the_clock_on_the_wall(
    now: str, cadence: str, zone: str, due: str
) -> None:
    found = next_morning(datetime.fromisoformat(now).replace(tzinfo=UTC), cadence, zone)
    assert found == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_what_is_told_at_once_waits_for_no_morning() -> None:
    assert next_morning(datetime(2026, 6, 1, tzinfo=UTC), Cadence.AT_ONCE, LONDON) is None
