"""The jobs of ratings, timed: a whole cut, one a week later, and mixing. `python -m bench.door ratings_jobs FILE`."""

import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db.models import F

from accounts.models import User
from commitments.models import Commitment
from ratings import actions
from ratings.models import Ballot, Figure
from ratings.subjects import Said
from record import clock
from record.guarded import opened

WEEK = timedelta(days=7)
FRESH = 20


def main(file: str) -> None:
    """Run them and write down how long each took."""
    jobs = [_timed("a full cut with its audit", _cut, clock.today())]
    _move_on()
    jobs.append(_timed("the next cut, everything changed", _cut, clock.today() + WEEK))
    _cast()
    jobs.append(_timed("mixing in twenty fresh ballots", lambda _: f"{_mix()} ballots", None))
    Path(file).write_text(json.dumps(jobs))


def _timed(name: str, job: Callable[[Any], str], argument: Any) -> dict[str, Any]:
    ballots, started = Ballot.objects.count(), time.monotonic()
    did = job(argument)
    return {"job": name, "ballots": ballots, "seconds": time.monotonic() - started, "did": did}


def _cut(day: Any) -> str:
    before = Figure.objects.count()
    with clock.at(datetime(day.year, day.month, day.day, 6, tzinfo=clock.LONDON)):
        subjects = actions.cut_figures(day)
    return f"{subjects:,} subjects, {Figure.objects.count() - before:,} figures"


def _move_on() -> None:
    """So many ballots say something else that every figure may be cut anew: those of 1 or 2 say one more."""
    with opened():
        Ballot.objects.filter(score__in=(1, 2)).update(score=F("score") + 1)


def _cast() -> None:
    subject = Commitment.objects.select_related("assembly").order_by("pk")[0]
    for voter in User.objects.filter(email__startswith="voter").order_by("pk")[:FRESH]:
        actions.cast(subject, by=voter, today=clock.today(), said=Said(4))


def _mix() -> int:
    mixed = actions.mix_ballots(clock.today())
    actions.sweep()
    return mixed
