"""Detectors of organised voting: what they flag, and how seldom they flag nothing at all."""

from random import Random

from ratings import detection


def quiet_hours(seed: int, number: int = 24 * 28, mean: float = 1.5) -> list[int]:
    """Hours of an assembly: some people by day, hardly any at night."""
    drawn = Random(seed)
    return [
        sum(drawn.random() < mean / 20 * (1.6 if 8 <= hour % 24 <= 22 else 0.2) for _ in range(20))
        for hour in range(number)
    ]


def test_a_hundred_ballots_in_a_quiet_hour_are_flagged() -> None:
    flag = detection.burst(quiet_hours(1), 100)
    assert flag is not None
    assert flag.rule == "burst/1"
    assert flag.chance < 1e-9


def test_ordinary_hours_are_hardly_ever_flagged() -> None:
    hours = quiet_hours(2, number=24 * 90)
    flags = [detection.burst(hours[max(0, at - 24 * 28) : at], hours[at]) for at in range(24 * 7, len(hours))]
    assert sum(flag is not None for flag in flags) <= 1


def test_an_evening_after_a_newspaper_wrote_is_no_burst() -> None:
    restless = [hour if at % 50 else 30 for at, hour in enumerate(quiet_hours(3))]
    assert detection.burst(restless, 30) is None


def test_without_a_week_of_hours_nothing_is_flagged() -> None:
    assert detection.burst(quiet_hours(4)[:100], 500) is None
    assert detection.burst(quiet_hours(4), 19) is None


def test_people_who_come_spread_over_a_day_are_flagged_by_the_day() -> None:
    hours = quiet_hours(6)
    days = [sum(hours[at : at + 24]) for at in range(0, len(hours), 24)]
    assert detection.burst(hours, 9) is None, "a hundred people over twelve hours"
    flag = detection.burst(days, days[-1] + 100, detection.DAY)
    assert flag is not None
    assert detection.burst(days, 29, detection.DAY) is None
    assert detection.burst(days[:13], 500, detection.DAY) is None


def test_a_day_of_ones_among_people_of_many_minds_is_flagged() -> None:
    flag = detection.shift([60, 50, 80, 60, 50], [55, 2, 1, 0, 2])
    assert flag is not None
    assert flag.rule == "shift/1"
    assert flag.chance < 1e-9


def test_days_that_are_alike_are_hardly_ever_flagged() -> None:
    drawn = Random(5)

    def a_day(number: int) -> list[int]:
        scores = drawn.choices(range(5), weights=[3, 2, 2, 2, 1], k=number)
        return [scores.count(score) for score in range(5)]

    flags = [detection.shift(a_day(300), a_day(40)) for _ in range(400)]
    assert sum(flag is not None for flag in flags) <= 3


def test_few_ratings_are_no_distribution() -> None:
    assert detection.shift([60, 50, 80, 60, 50], [29, 0, 0, 0, 0]) is None
    assert detection.shift([29, 0, 0, 0, 0], [60, 50, 80, 60, 50]) is None
    assert detection.shift([40, 0, 0, 0, 0], [40, 0, 0, 0, 0]) is None
