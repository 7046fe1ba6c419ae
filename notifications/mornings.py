"""When a digest is due: at seven in the morning where the follower lives."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from notifications.models import Cadence
from record.clock import LONDON

MORNING = time(7)
MONDAY = 0


def next_morning(now: datetime, cadence: str, zone: str) -> datetime | None:
    """The first morning after `now`, of any day or of a Monday; None for what is told at once."""
    if cadence == Cadence.AT_ONCE:
        return None
    there = _zone(zone)
    day = now.astimezone(there).date()
    while _at(day, there) <= now or (cadence == Cadence.WEEKLY and day.weekday() != MONDAY):
        day += timedelta(days=1)
    return _at(day, there)


def _at(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, MORNING, tzinfo=zone)


def _zone(name: str) -> ZoneInfo:
    """The zone; London's, where a machine does not know it: one follower's zone holds up nobody else's mail."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return LONDON
