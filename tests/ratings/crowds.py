"""Crowds for tests of watching: many people who cast at a moment, and the flags that they raise."""

from datetime import UTC, datetime, timedelta

from django.core.cache import cache

from accounts.models import User
from ratings import actions
from ratings.models import Flag
from ratings.subjects import Rated, Said
from record import clock
from tests import make

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def rate(on: Rated, by: User, score: int | None, at: datetime = NOON) -> None:
    """One person casts at a moment."""
    with clock.at(at):
        actions.cast(on, by=by, today=clock.today(), said=Said(score, dont_know=score is None))


def crowd(on: Rated, number: int, score: int, at: datetime = NOON) -> None:
    """So many people cast the same at a moment."""
    for _ in range(number):
        rate(on, make.person(), score, at)


def watched(at: datetime) -> int:
    """What a look at this moment flags."""
    with clock.at(at):
        return actions.watch(clock.today())


def burst(on: Rated, score: int = 1, number: int = 22) -> Flag:
    """A flag on a whole assembly: a crowd in one hour, nine days after its first voter."""
    cache.clear()  # of people of other tests who had the same keys
    rate(on, make.person(), 3, NOON)
    watched(NOON)
    noon = NOON + timedelta(days=9)
    crowd(on, number, score, noon)
    assert watched(noon + timedelta(hours=1)) == 1
    return Flag.objects.get(rule="burst/1")


def shift(on: Rated) -> Flag:
    """A flag on a subject: thirty of many minds, and thirty of one mind the day after."""
    for score in (2, 3, 4, 5, 5):
        crowd(on, 6, score)
    actions.mix_ballots(NOON.date())
    crowd(on, 30, 1, NOON + timedelta(days=1))
    actions.mix_ballots(NOON.date() + timedelta(days=1))
    assert watched(NOON + timedelta(days=1)) == 1
    return Flag.objects.get(rule="shift/1")
