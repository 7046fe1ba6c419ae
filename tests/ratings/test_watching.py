"""Watching: what is counted holds no person and soon goes, and what is rare is flagged once."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db.models import Model, Sum

from accounts.models import User
from commitments.models import Assembly, Commitment
from ratings import actions, detection
from ratings.actions import watching
from ratings.models import Ballot, DayCount, Figure, Flag, HourlyCount
from record import clock
from record.models import Entry
from tests import make
from tests.make import TODAY, days
from tests.ratings.crowds import NOON, crowd, rate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_cast_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def assembly() -> Assembly:
    return make.assembly()


@pytest.fixture
def commitment(assembly: Assembly) -> Commitment:
    return make.commitment(assembly)


def people(at: datetime) -> int:
    rows = HourlyCount.objects.filter(hour=at.replace(minute=0))
    return int(rows.aggregate(number=Sum("people"))["number"] or 0)


def test_a_person_counts_once_an_hour_however_much_they_rate(
    assembly: Assembly, commitment: Commitment
) -> None:
    resident, second = make.person(), make.commitment(assembly)
    for score in (1, 2, 3):
        rate(commitment, resident, score, NOON + timedelta(minutes=score))
        rate(second, resident, score, NOON)
    rate(commitment, make.person(), 4, NOON)
    rate(commitment, resident, 5, NOON + timedelta(hours=1))
    assert (people(NOON), people(NOON + timedelta(hours=1))) == (2, 1)


def test_reading_ones_rating_counts_nobody(commitment: Commitment) -> None:
    resident = make.person()
    rate(commitment, resident, 3, NOON)
    before = list(HourlyCount.objects.order_by("pk").values_list())
    with clock.at(NOON + timedelta(hours=2)):
        actions.own(commitment, by=resident, today=TODAY)
    assert list(HourlyCount.objects.order_by("pk").values_list()) == before


def test_an_hours_count_holds_an_assembly_an_hour_and_a_number(commitment: Commitment) -> None:
    rate(commitment, make.person(), 5, NOON + timedelta(minutes=41, seconds=7))
    [row] = HourlyCount.objects.values()
    assert set(row) == {"id", "assembly_id", "hour", "drawer", "people"}
    assert (row["hour"], row["people"]) == (NOON, 1)
    assert row["drawer"] in range(watching.DRAWERS)


@pytest.mark.parametrize("model", [HourlyCount, DayCount, Flag])
def test_no_count_refers_to_a_person(model: type[Model]) -> None:
    assert not [field for field in model._meta.concrete_fields if field.related_model is User]


def test_hours_are_forgotten_after_thirty_days(commitment: Commitment) -> None:
    rate(commitment, make.person(), 5, NOON)
    watching.watch(days(30))
    assert people(NOON) == 1
    watching.watch(days(31))
    assert not HourlyCount.objects.exists()


def watched_for_a_week(on: Commitment) -> datetime:
    """An assembly that was watched for eight days, with a voter each noon; the noon after."""
    for day in range(8):
        rate(on, make.person(), 3, NOON + timedelta(days=day))
        with clock.at(NOON + timedelta(days=day, hours=8)):
            actions.watch(clock.today())
    return NOON + timedelta(days=8)


def test_a_crowd_in_a_quiet_hour_is_flagged_once_and_nothing_else_happens(commitment: Commitment) -> None:
    noon = watched_for_a_week(commitment)
    crowd(commitment, 32, 1, noon)
    entries, figures = Entry.objects.count(), Figure.objects.count()
    with clock.at(noon + timedelta(minutes=30)):
        assert actions.watch(clock.today()) == 0, "the hour is not over"
    with clock.at(noon + timedelta(hours=1)):
        assert actions.watch(clock.today()) == 1
        assert actions.watch(clock.today()) == 0
    flag = Flag.objects.get()
    assert (flag.rule, flag.subject, flag.about, flag.hour) == ("burst/1", "", 30, noon)
    assert (flag.day, flag.period.name) == (date(2026, 6, 9), "2026-Q2")
    assert flag.chance == 1e-12
    assert (Entry.objects.count(), Figure.objects.count()) == (entries, figures)


def test_a_crowd_of_one_person_is_no_crowd(assembly: Assembly, commitment: Commitment) -> None:
    noon, resident = watched_for_a_week(commitment), make.person()
    for one in [make.commitment(assembly) for _ in range(25)]:
        rate(one, resident, 1, noon)
    with clock.at(noon + timedelta(hours=1)):
        assert actions.watch(clock.today()) == 0


def test_a_crowd_that_spreads_over_a_day_is_flagged_by_the_day(commitment: Commitment) -> None:
    rate(commitment, make.person(), 3, NOON)
    with clock.at(NOON):
        actions.watch(clock.today())
    later = NOON + timedelta(days=15)
    for hour in range(5):
        crowd(commitment, 9, 1, later + timedelta(hours=hour))
    with clock.at(later + timedelta(hours=6)):
        assert actions.watch(clock.today()) == 0, "the day is not over"
    with clock.at(later + timedelta(days=1)):
        assert actions.watch(clock.today()) == 1
        assert actions.watch(clock.today()) == 0
    flag = Flag.objects.get()
    assert (flag.rule, flag.hour, flag.day, flag.about) == ("burst/1", None, days(15), 45)


def test_before_a_week_was_watched_no_hour_is_flagged(commitment: Commitment) -> None:
    rate(commitment, make.person(), 3, NOON)
    with clock.at(NOON + timedelta(hours=2)):
        actions.watch(clock.today())
    crowd(commitment, 32, 1, NOON + timedelta(days=6))
    with clock.at(NOON + timedelta(days=6, hours=1)):
        assert actions.watch(clock.today()) == 0


def test_after_a_month_of_silence_a_crowd_is_still_seen(commitment: Commitment) -> None:
    rate(commitment, make.person(), 3, NOON)
    with clock.at(NOON + timedelta(hours=2)):
        actions.watch(clock.today())
    later = NOON + timedelta(days=50)
    with clock.at(later):
        actions.watch(clock.today())
    assert not HourlyCount.objects.exists()
    crowd(commitment, 32, 1, later)
    with clock.at(later + timedelta(hours=1)):
        assert actions.watch(clock.today()) == 1


def test_an_hour_that_was_flagged_does_not_hide_the_next(commitment: Commitment) -> None:
    noon = watched_for_a_week(commitment)
    for back in range(3):
        crowd(commitment, 25, 1, noon + timedelta(hours=back))
    with clock.at(noon + timedelta(hours=4)):
        assert actions.watch(clock.today()) == 3


def test_a_day_of_other_answers_is_flagged_and_then_forgotten(commitment: Commitment) -> None:
    for score in (2, 3, 4, 4, 5):
        crowd(commitment, 8, score, NOON)
    actions.mix_ballots(TODAY)
    assert actions.watch(TODAY) == 0
    crowd(commitment, 33, 1, NOON + timedelta(days=1))
    actions.mix_ballots(days(1))
    assert actions.watch(days(1)) == 1
    assert actions.watch(days(1)) == 0
    flag = Flag.objects.get()
    assert (flag.rule, flag.subject, flag.about) == ("shift/1", commitment.record_subject, 35)
    assert (flag.day, flag.hour) == (days(1), None)
    assert list(DayCount.objects.values_list("day", "ones")) == [(days(1), 33)]
    actions.watch(days(2))
    assert not DayCount.objects.exists()


def test_a_day_counts_new_and_changed_scores_alone(commitment: Commitment) -> None:
    voters = [make.person() for _ in range(12)]
    for voter in voters:
        rate(commitment, voter, 2, NOON)
    actions.mix_ballots(TODAY)
    actions.watch(days(1))
    for voter in voters[:4]:
        rate(commitment, voter, 2, NOON + timedelta(days=1))
    for voter in voters[4:8]:
        rate(commitment, voter, 5, NOON + timedelta(days=1))
    actions.withdraw(commitment, by=voters[8], today=days(1))
    rate(commitment, voters[9], None, NOON + timedelta(days=1))
    actions.mix_ballots(days(1))
    assert Ballot.objects.count() == 11
    [day] = DayCount.objects.all()
    assert [getattr(day, name) for name in watching.SCORES] == [0, 0, 0, 0, 4]


def test_a_days_batches_add_up(commitment: Commitment) -> None:
    for _ in range(2):
        crowd(commitment, 10, 4, NOON)
        actions.mix_ballots(TODAY)
    assert DayCount.objects.get().fours == 20


@pytest.mark.parametrize(("chance", "told"), [(0.0, 1e-12), (3e-7, 1e-6), (1e-4, 1e-4), (9e-4, 1e-3)])
def test_a_chance_is_told_as_a_power_of_ten(chance: float, told: float) -> None:
    assert watching._power(chance) == told


def test_the_least_burst_is_two_groups_of_ten() -> None:
    assert detection.LEAST_BURST >= 20
