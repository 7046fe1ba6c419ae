"""When something is due, missed and late: periods, days and the London calendar; no database behind it."""

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from typing import cast

from commitments.choices import Precision
from record.clock import LONDON

# A typing error in a year (0202, 20226) is no promise; and periods at the calendar's ends would leave it.
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
_ONE_DAY = timedelta(days=1)
_MONTHS = {Precision.MONTH: 1, Precision.QUARTER: 3, Precision.SEASON: 3, Precision.YEAR: 12}
# Meteorological seasons: winter is December to February, so seasons begin a month before quarters do.
_FIRST_MONTH = {Precision.SEASON: 12}
_SATURDAY = 5


def is_plausible(on: date) -> bool:
    """Whether `on` lies in the years that this service takes: 1900 to 2199."""
    return EARLIEST <= on <= LATEST


def period_start(on: date, precision: Precision) -> date | None:
    """The first day of the period that holds `on`; None when ongoing."""
    if precision == Precision.ONGOING:
        return None
    if precision == Precision.DAY:
        return on
    since = (on.month - _FIRST_MONTH.get(precision, 1)) % _MONTHS[precision]
    return _month_start(_months(on) - since)


def period_end(on: date, precision: Precision) -> date | None:
    """The last day of the period that holds `on`, after which it is late; None when ongoing."""
    start = period_start(on, precision)
    if start is None or precision == Precision.DAY:
        return start
    return _month_end(_months(start) + _MONTHS[precision] - 1)


def is_missed(deadline: date | None, today: date) -> bool:
    """Whether the London day `today` comes after `deadline`; a clock that never started misses nothing."""
    return deadline is not None and deadline < today


def missed_from(deadline: date) -> datetime:
    """The instant, in UTC, from which `deadline` is missed: 00:00 in London of the next day."""
    return datetime.combine(deadline + _ONE_DAY, time.min, tzinfo=LONDON).astimezone(UTC)


def london_date(moment: datetime) -> date:
    """The London day that holds an aware instant; ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("An instant must say its time zone.")
    return moment.astimezone(LONDON).date()


def days_after(start: date, days: int) -> date:
    """The day `days` calendar days after `start`."""
    return start + timedelta(days=days)


def working_days_after(start: date, days: int) -> date:
    """The `days`-th working day after `start`: not a weekend, not a bank holiday in England and Wales."""
    bank_holidays = _bank_holidays()
    day = start
    for _ in range(days):
        day += _ONE_DAY
        while not _is_working(day, bank_holidays):
            day += _ONE_DAY
    return day


def is_working_day(day: date) -> bool:
    """Whether offices in England and Wales are open on `day`."""
    return _is_working(day, _bank_holidays())


def days_late(deadline: date | None, today: date, claimed_on: date | None) -> int | None:
    """Days from `deadline` to the standing claim, else to `today`; None without a deadline."""
    if deadline is None:
        return None
    return max(0, ((claimed_on or today) - deadline).days)


def _is_working(day: date, bank_holidays: Container[date]) -> bool:
    return day.weekday() < _SATURDAY and day not in bank_holidays


@cache
def _bank_holidays() -> Container[date]:
    # By name and late: the package is heavy, and most processes never count working days.
    countries = import_module("holidays")
    return cast(Container[date], countries.country_holidays("GB", subdiv="ENG"))


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _month_start(months: int) -> date:
    year, month = divmod(months, 12)
    return date(year, month + 1, 1)


def _month_end(months: int) -> date:
    return _month_start(months + 1) - _ONE_DAY
