"""When a digest is due: at seven in the morning where the follower lives."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notifications.models import Cadence

MORNING = time(7)
MONDAY = 0


def next_morning(now: datetime, cadence: str, zone: str) -> datetime | None:
    """The first morning after `now`, of any day or of a Monday; None for what is told at once."""
    if cadence == Cadence.AT_ONCE:
        return None
    here = now.astimezone(ZoneInfo(zone))
    day = here.date()
    while _at(day, zone) <= here or (cadence == Cadence.WEEKLY and day.weekday() != MONDAY):
        day += timedelta(days=1)
    return _at(day, zone)


def _at(day: date, zone: str) -> datetime:
    return datetime.combine(day, MORNING, tzinfo=ZoneInfo(zone))
