"""Periods, missed deadlines, working days and the London calendar."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commitments import deadlines
from commitments.choices import Precision

VECTORS = Path(__file__).parents[1] / "vectors" / "deadlines.json"
LATE_FROM: dict[str, str] = json.loads(VECTORS.read_text())["late_from_utc_for_due_date"]

unhurried = settings(deadline=None)
days = st.dates(deadlines.EARLIEST, deadlines.LATEST)
instants = st.datetimes(
    datetime.fromisoformat("1900-01-02"),
    datetime.fromisoformat("2199-12-30"),
    timezones=st.just(UTC),
)
periods = st.sampled_from([each for each in Precision if each != Precision.ONGOING])


def end(on: date, precision: Precision) -> date:
    """The last day of a period that ends."""
    last = deadlines.period_end(on, precision)
    assert last is not None
    return last


@pytest.mark.parametrize(
    ("precision", "first", "last"),
    [
        (Precision.DAY, "2026-05-20", "2026-05-20"),
        (Precision.MONTH, "2026-05-01", "2026-05-31"),
        (Precision.QUARTER, "2026-04-01", "2026-06-30"),
        (Precision.SEASON, "2026-03-01", "2026-05-31"),
        (Precision.YEAR, "2026-01-01", "2026-12-31"),
    ],
)
def test_a_period_runs_from_its_first_to_its_last_day(precision: Precision, first: str, last: str) -> None:
    on = date(2026, 5, 20)
    assert deadlines.period_start(on, precision) == date.fromisoformat(first)
    assert end(on, precision) == date.fromisoformat(last)


@pytest.mark.parametrize("on", ["2027-12-01", "2028-01-15", "2028-02-29"])
def test_winter_runs_from_december_to_the_end_of_february_leap_years_included(on: str) -> None:
    day = date.fromisoformat(on)
    assert deadlines.period_start(day, Precision.SEASON) == date(2027, 12, 1)
    assert end(day, Precision.SEASON) == date(2028, 2, 29)


def test_an_ongoing_promise_has_no_period_and_is_never_missed() -> None:
    assert deadlines.period_start(date(2026, 5, 20), Precision.ONGOING) is None
    assert deadlines.period_end(date(2026, 5, 20), Precision.ONGOING) is None
    assert not deadlines.is_missed(None, date(2199, 1, 1))
    assert deadlines.days_late(None, date(2199, 1, 1), None) is None


@unhurried
@given(days, periods)
def test_each_day_lies_in_its_period(on: date, precision: Precision) -> None:
    start = deadlines.period_start(on, precision)
    assert start is not None
    assert start <= on <= end(on, precision)


@unhurried
@given(days, periods)
def test_all_days_of_a_period_share_its_ends(on: date, precision: Precision) -> None:
    start = deadlines.period_start(on, precision)
    assert start is not None
    last = end(on, precision)
    assert deadlines.period_start(last, precision) == start
    assert end(start, precision) == last


@unhurried
@given(days, periods)
def test_periods_follow_each_other_without_a_gap(on: date, precision: Precision) -> None:
    next_day = end(on, precision) + timedelta(days=1)
    assert deadlines.period_start(next_day, precision) == next_day


@pytest.mark.parametrize(("due", "from_utc"), LATE_FROM.items())
def test_a_deadline_is_missed_from_the_published_instant(due: str, from_utc: str) -> None:
    assert deadlines.missed_from(date.fromisoformat(due)).isoformat() == from_utc


@pytest.mark.parametrize(("due", "from_utc"), LATE_FROM.items())
def test_a_second_before_that_instant_it_is_not_missed(due: str, from_utc: str) -> None:
    deadline, instant = date.fromisoformat(due), datetime.fromisoformat(from_utc)
    before = instant - timedelta(seconds=1)
    assert deadlines.is_missed(deadline, deadlines.london_date(instant))
    assert not deadlines.is_missed(deadline, deadlines.london_date(before))


@unhurried
@given(days, instants)
def test_the_instant_and_the_london_day_agree_on_what_is_missed(deadline: date, moment: datetime) -> None:
    by_day = deadlines.is_missed(deadline, deadlines.london_date(moment))
    assert by_day == (moment >= deadlines.missed_from(deadline))


@unhurried
@given(instants)
def test_the_london_day_holds_its_instant(moment: datetime) -> None:
    day = deadlines.london_date(moment)
    assert deadlines.missed_from(day - timedelta(days=1)) <= moment < deadlines.missed_from(day)


def test_the_london_day_changes_at_local_midnight_in_summer_and_at_the_year_end() -> None:
    assert deadlines.london_date(datetime(2026, 6, 30, 22, 59, tzinfo=UTC)) == date(2026, 6, 30)
    assert deadlines.london_date(datetime(2026, 6, 30, 23, 0, tzinfo=UTC)) == date(2026, 7, 1)
    assert deadlines.london_date(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == date(2026, 12, 31)


def test_a_naive_instant_has_no_london_day() -> None:
    with pytest.raises(ValueError, match="time zone"):
        deadlines.london_date(datetime.fromisoformat("2026-06-30T22:59"))


def test_fifty_six_days_cross_a_clock_change_as_whole_days() -> None:
    assert deadlines.days_after(date(2026, 3, 1), 56) == date(2026, 4, 26)
    assert deadlines.days_after(date(2026, 9, 15), 56) == date(2026, 11, 10)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-11-23", 0, "2026-11-23"),
        ("2026-11-23", 1, "2026-11-24"),
        ("2026-11-27", 1, "2026-11-30"),  # over a weekend
        ("2026-04-02", 1, "2026-04-07"),  # over Good Friday and Easter Monday
        ("2026-12-24", 1, "2026-12-29"),  # Boxing Day on a Saturday, its substitute on the Monday
        ("2026-08-28", 1, "2026-09-01"),  # over the summer bank holiday, which Scotland keeps earlier
        ("2026-11-28", 1, "2026-11-30"),  # from a Saturday
        ("2026-11-23", 20, "2026-12-21"),
    ],
)
def test_working_days_skip_weekends_and_bank_holidays(start: str, count: int, expected: str) -> None:
    assert deadlines.working_days_after(date.fromisoformat(start), count) == date.fromisoformat(expected)


@unhurried
@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.integers(1, 60))
def test_the_last_of_so_many_working_days_is_one_and_so_many_lie_between(start: date, count: int) -> None:
    last = deadlines.working_days_after(start, count)
    between = [start + timedelta(days=each) for each in range(1, (last - start).days + 1)]
    assert deadlines.is_working_day(last)
    assert sum(deadlines.is_working_day(each) for each in between) == count


def test_lateness_runs_to_the_claim_or_to_today_and_is_never_below_nought() -> None:
    due, today = date(2026, 6, 30), date(2026, 7, 12)
    assert deadlines.days_late(due, today, None) == 12
    assert deadlines.days_late(due, today, date(2026, 7, 2)) == 2
    assert deadlines.days_late(due, today, date(2026, 6, 1)) == 0


@unhurried
@given(days, days)
def test_what_is_missed_today_is_late_by_at_least_a_day(deadline: date, today: date) -> None:
    late = deadlines.days_late(deadline, today, None)
    assert late is not None
    assert deadlines.is_missed(deadline, today) == (late > 0)


def test_a_year_beyond_reach_is_not_plausible() -> None:
    assert deadlines.is_plausible(date(2026, 1, 1))
    assert not deadlines.is_plausible(date(202, 1, 1))
    assert not deadlines.is_plausible(date(9999, 12, 31))
