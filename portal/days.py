"""Days and periods as people say them: 3 March 2026, autumn 2026, no date given."""

from datetime import date
from typing import Any, NamedTuple

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from commitments import deadlines
from commitments.choices import Precision

SPRING, SUMMER, AUTUMN = 5, 8, 11
"""The last months of three seasons; any other ends a winter."""


class Promised(NamedTuple):
    """A promised date: how it is said, the last day of its period, and the owner's own words for it."""

    said: str
    until: date | None
    words: str

    @property
    def is_known(self) -> bool:
        """Whether there is a day after which it is late."""
        return self.until is not None


def day(on: date) -> str:
    """3 March 2026, as the page's language writes it."""
    return formats.date_format(on, "DATE_FORMAT")


def promised(until: date | None, precision: str | None, words: str | None) -> Promised:
    """A date as it was promised; what nobody said is said to be unknown."""
    if until is None:
        ongoing = _("ongoing, with no end") if precision == Precision.ONGOING else _("no due date was given")
        return Promised(ongoing, None, words or "")
    return Promised(_period(until, precision or Precision.DAY), until, words or "")


def _period(until: date, precision: str) -> str:
    if precision == Precision.MONTH:
        return formats.date_format(until, "YEAR_MONTH_FORMAT")
    if precision == Precision.YEAR:
        return str(until.year)
    if precision == Precision.SEASON:
        return _season(until)
    if precision == Precision.QUARTER:
        start = deadlines.period_start(until, Precision.QUARTER) or until
        return _("%(first)s to %(last)s") % {
            "first": formats.date_format(start, "F"),
            "last": formats.date_format(until, "YEAR_MONTH_FORMAT"),
        }
    return day(until)


def _season(until: date) -> str:
    year = {"year": until.year}
    if until.month == SPRING:
        return _("spring %(year)s") % year
    if until.month == SUMMER:
        return _("summer %(year)s") % year
    if until.month == AUTUMN:
        return _("autumn %(year)s") % year
    return _("winter %(before)s–%(year)s") % {"before": until.year - 1, "year": until.year}


def late(days: int | None) -> str:
    """How late something is."""
    if days is None:
        return _("not counted: no owner has accepted it here")
    if days == 0:
        return _("not late")
    return ngettext("%(days)d day late", "%(days)d days late", days) % {"days": days}


def quarter(name: str | None) -> str:
    """A quarter such as 2026-Q4 as people say it."""
    year, _dash, number = (name or "").partition("-Q")
    names = {
        "1": _("January to March %(year)s"),
        "2": _("April to June %(year)s"),
        "3": _("July to September %(year)s"),
        "4": _("October to December %(year)s"),
    }
    return names[number] % {"year": year} if number in names else name or ""


def from_text(text: Any) -> date | None:
    """A date of the record's facts."""
    return date.fromisoformat(text) if text else None
