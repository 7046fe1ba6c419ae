"""The calendar walked forward, day by day, with the clock's own tick each week."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db import transaction

from accounts import people
from accounts.actions import grant_role
from accounts.roles import held
from commitments.actions import tick
from commitments.demonstration import answers, changing, disputed, kept, seeing, slipping
from commitments.demonstration.stage import Diary, Stage, Step
from commitments.models import Assembly
from record import clock

DAYS = 548
ROLES = {
    "council@example.org": "responder of waltham-forest-council",
    "council-team@example.org": "member of demo-community-safety",
}
TICK_EVERY = 7
FIRST_AT, MINUTES_APART = time(10), 11


def make(assembly: str, today: date) -> None:
    """Tell the whole story of an assembly up to `today`, all of it or none, every object marked as invented.

    Everybody in it has an account already. Raises SimulationRefused in production.
    """
    stage = Stage(assembly=Assembly.objects.get(slug=assembly), end=today)
    with transaction.atomic(), clock.invented():
        for ago, steps in _days(_diary()):
            day = stage.day(ago)
            with clock.at(_moment(day, time.min)):
                if ago % TICK_EVERY == 0:
                    tick(day)
            for number, step in enumerate(steps):
                with clock.at(_moment(day, FIRST_AT) + timedelta(minutes=MINUTES_APART * number)):
                    step(stage, day)


def _diary() -> Diary:
    diary = [*answers.DIARY, (DAYS - 1, _people), *kept.DIARY, *disputed.DIARY]
    return [*diary, *slipping.DIARY, *changing.DIARY, *seeing.DIARY]


def _days(diary: Diary) -> Iterator[tuple[int, list[Step]]]:
    """Every day of the story with its steps, from the first to the last."""
    ordered = sorted(diary, key=lambda entry: -entry[0])
    steps = {ago: [step for _, step in entries] for ago, entries in groupby(ordered, key=lambda one: one[0])}
    for ago in range(DAYS, -1, -1):
        yield ago, steps.get(ago, [])


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=clock.LONDON)


def _people(stage: Stage, today: date) -> None:
    """The council's people take up their roles."""
    responder, member = stage.person("council"), stage.person("council-team")
    if not held(responder).exists():
        grant_role(responder, "responder", organisation=stage.organisation("waltham-forest-council"))
        grant_role(member, "team_member", team=people.team("demo-community-safety"))
