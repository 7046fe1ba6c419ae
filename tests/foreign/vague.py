"""Deadlines as people write them, read into a due date with a precision; the words are kept beside it.

Where words bear several readings, the one that is taken says so beside them, as a reading of ours.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from re import Match

from commitments.choices import Precision
from commitments.promises import Due
from tests.foreign.shaping import spaced

MONTHS = tuple(name.lower() for name in calendar.month_name[1:])
# Winter begins in December of the year that is named: in a plan that begins in 2025, "winter 2025" is still to come.
SEASONS = {"winter": 12, "spring": 3, "summer": 6, "fall": 9, "autumn": 9}
_MONTH = rf"({'|'.join(MONTHS)}) (\d{{4}})"
_SEASON = rf"({'|'.join(SEASONS)}) (\d{{4}})"
_NEXT_DATE = re.compile(
    rf"(?:; |,? and )(?=(?:report initial progress )?(?:by )?(?:{_MONTH}|\d{{4}}\b))", re.I
)


@dataclass(frozen=True)
class Deadline:
    """What was read: the due date, the days by which earlier steps are due, by which rule, and what we read into it."""

    due: Due
    rule: str
    steps: tuple[date, ...] = ()
    reading: str = ""


class Unreadable(ValueError):
    """No rule reads these words; add one, rather than drop them."""


def read(text: str, last_year: int) -> Deadline:
    """The deadline in `text`; `last_year` is the plan's own, for what is due at its end. Raises Unreadable."""
    words = spaced(text)
    for rule, pattern, make in RULES:
        found = re.search(pattern, words, re.IGNORECASE)
        if found:
            deadline = make(found, last_year)
            return replace(deadline, rule=rule, due=replace(deadline.due, text=words))
    return _several(words, last_year)


def _several(words: str, last_year: int) -> Deadline:
    """Several dates in one text: the last is the due date, the others are steps on the way."""
    parts = [part for part in _NEXT_DATE.split(words) if part and len(part.split()) > 1]
    if len(parts) < 2:
        raise Unreadable(words)
    dues = sorted((read(part, last_year).due for part in parts), key=_ends)
    steps = tuple(_ends(due) for due in dues[:-1])
    return Deadline(replace(dues[-1], text=words), "several dates, the last counts", steps)


def _ends(due: Due) -> date:
    if due.ends_on is None:
        raise Unreadable(due.text)
    return due.ends_on


def _due(
    on: date | None, precision: Precision, *, reading: str = "", steps: tuple[date, ...] = ()
) -> Deadline:
    return Deadline(Due(on, precision), "", steps, reading)


def _ongoing(found: Match[str], last_year: int) -> Deadline:
    reading = (
        ""
        if found[0].lower() == "ongoing"
        else "It comes round again; only that it goes on is kept as a date."
    )
    return _due(None, Precision.ONGOING, reading=reading)


def _from_then_on(found: Match[str], last_year: int) -> Deadline:
    start = _ends(_month(found, last_year).due)
    return _due(None, Precision.ONGOING, steps=(start,), reading="It begins by that month, and goes on.")


def _year(found: Match[str], last_year: int) -> Deadline:
    return _due(date(int(found[1]), 1, 1), Precision.YEAR)


def _until(found: Match[str], last_year: int) -> Deadline:
    return replace(
        _year(found, last_year), reading="It comes round until then; the last time is what is due."
    )


def _month(found: Match[str], last_year: int) -> Deadline:
    return _due(date(int(found[2]), MONTHS.index(found[1].lower()) + 1, 1), Precision.MONTH)


def _day(found: Match[str], last_year: int) -> Deadline:
    return _due(date(int(found[3]), MONTHS.index(found[2].lower()) + 1, int(found[1])), Precision.DAY)


def _season(found: Match[str], last_year: int) -> Deadline:
    return _due(date(int(found[2]), SEASONS[found[1].lower()], 1), Precision.SEASON)


def _fiscal_year(found: Match[str], last_year: int) -> Deadline:
    ends = date(int(found[1]) + 1, 3, 1)
    return _due(ends, Precision.MONTH, reading="The fiscal year of the source ends with March.")


def _early(found: Match[str], last_year: int) -> Deadline:
    return _due(
        date(int(found[1]), 1, 1), Precision.QUARTER, reading="Early in a year is read as its first quarter."
    )


def _then_and_at_the_end(found: Match[str], last_year: int) -> Deadline:
    step = _ends(_month(found, last_year).due)
    reading = "The end of the commitment is read as the end of the plan's last year."
    return _due(date(last_year, 1, 1), Precision.YEAR, steps=(step,), reading=reading)


Rule = tuple[str, str, Callable[[Match[str], int], Deadline]]
RULES: tuple[Rule, ...] = (
    ("in a month, then ongoing", rf"^(?:by )?{_MONTH} and ongoing$", _from_then_on),
    ("then and at the end", rf"\bin {_MONTH} and at the end of the commitment\b", _then_and_at_the_end),
    ("comes round until a year", r"^(?:bi)?annually until (\d{4})$", _until),
    ("ongoing", r"^ongoing$", _ongoing),
    ("comes round", r"^(?:ongoing, annually|annually|updated (?:monthly|annually))\b.*", _ongoing),
    ("a fiscal year", r"^(?:by )?(?:fiscal year )?(\d{4})-\d\d$", _fiscal_year),
    ("from year to year", r"^\d{4} to (\d{4})$", _year),
    ("early in a year", r"^(?:by )?early (\d{4})$", _early),
    ("a year", r"^(?:report initial progress )?(?:by )?(?:the )?(?:end of )?(\d{4})$", _year),
    ("a season", rf"^(?:by )?{_SEASON}$", _season),
    ("a day", rf"^(?:by |on )?(\d{{1,2}}) {_MONTH}$", _day),
    ("a month", rf"^(?:completion )?(?:by )?{_MONTH}(?: for reporting year \d{{4}})?$", _month),
    ("a month, in a sentence", rf"^[^;]*, {_MONTH}\.$", _month),
)
"""By name, form and reading; the first that fits. What none fits is tried as several dates."""
