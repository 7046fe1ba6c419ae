"""Calendar quarters in London, as `2026-Q4`: a rating counts in the one in which it was cast."""

import re
from collections.abc import Collection
from datetime import date, timedelta

NAME = re.compile(r"(\d{4})-Q([1-4])")


def of(day: date) -> str:
    """The quarter of a day."""
    return f"{day.year:04}-Q{(day.month + 2) // 3}"


def first_day(period: str) -> date:
    """The day on which a quarter begins. Raises ValueError for anything but `YYYY-Qn`."""
    found = NAME.fullmatch(period)
    if found is None:
        raise ValueError(f'"{period}" is no quarter; one looks like 2026-Q4.')
    return date(int(found[1]), int(found[2]) * 3 - 2, 1)


def last_day(period: str) -> date:
    """The day on which a quarter ends."""
    return first_day(following(period)) - timedelta(days=1)


def following(period: str) -> str:
    """The quarter after."""
    return of(first_day(period) + timedelta(days=95))


def previous(period: str) -> str:
    """The quarter before."""
    return of(first_day(period) - timedelta(days=1))


def between(periods: Collection[str]) -> list[str]:
    """Every quarter from the first of these to the last, the newest first."""
    found: list[str] = []
    period = max(periods, default="")
    while periods and period >= min(periods):
        found.append(period)
        period = previous(period)
    return found
