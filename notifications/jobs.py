"""What is to be done again and again, on one screen: each job may run anywhere, twice, beside another, or late."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from time import monotonic

from django.conf import settings
from django.utils.module_loading import import_string

from commitments.actions import forget_files, tick
from commitments.models import Area
from commitments.policeuk.client import PoliceUK
from commitments.policeuk.taking import take
from notifications import (
    bounces,
    calling,
    composing,
    dispatching,
    fanout,
    feeds,
    following,
    post,
    reading,
    reminding,
    searches,
    troubles,
)
from notifications.channels import Channel
from notifications.channels.table import channels
from notifications.outside import Outside
from notifications.stopping import STOPPING
from ratings.actions import close, cut_figures, watch
from record import clock, witnesses

NEWS, CALLS, UPKEEP = "news", "calls", "upkeep"
LANES = (NEWS, CALLS, UPKEEP)
"""Jobs of one lane take turns; no lane waits for another, so that a slow receiver or a long count delays no mail."""
AT_LEAST = timedelta(seconds=20)
"""So often what usually runs on demand runs anyway: its heartbeat."""
SPELL = 10.0
"""Seconds for which one thing goes on while there is more of it."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Job:
    """One thing to do: `every` so often, or daily `at` a time in London; sooner where it is `wanted`."""

    name: str
    lane: str
    run: Callable[[], object]
    every: timedelta = DAY
    at: time | None = None
    wanted: Callable[[], bool] | None = None
    shared: bool = False
    """Whether it goes the faster the more do it at once."""

    def next_after(self, now: datetime) -> datetime:
        """When it is due again, having run at `now`."""
        if self.at is None:
            return now + self.every
        here = now.astimezone(clock.LONDON)
        due = datetime.combine(here.date(), self.at, tzinfo=clock.LONDON)
        return due if due > here else datetime.combine(here.date() + DAY, self.at, tzinfo=clock.LONDON)


def all_jobs() -> tuple[Job, ...]:
    """Every job of this instance; those of rooms upstairs are named in the settings."""
    upstairs = [
        Job(name, UPKEEP, import_string(path), every, at)
        for name, (path, every, at) in settings.JOBS_UPSTAIRS.items()
    ]
    return (*_news(), *_calls(), *_upkeep(), *upstairs, *_outside())


def named(name: str) -> Job:
    """One of them. Raises KeyError."""
    return {job.name: job for job in all_jobs()}[name]


def _news() -> list[Job]:
    return [
        Job("fan_out", NEWS, _fan_out, AT_LEAST, wanted=lambda: reading.is_behind(fanout.NAME)),
        Job("remind", NEWS, _remind, AT_LEAST, wanted=lambda: reminding.is_behind(clock.now())),
        Job("compose", NEWS, _compose, AT_LEAST, wanted=_is_somebody_waiting),
        Job("send", NEWS, _send, AT_LEAST, wanted=_is_message_due, shared=True),
    ]


def _calls() -> list[Job]:
    return [
        Job(
            "fan_out_calls", CALLS, calling.fan_out, AT_LEAST, wanted=lambda: reading.is_behind(calling.NAME)
        ),
        Job("call", CALLS, _call, AT_LEAST, wanted=lambda: calling.is_due(clock.now()), shared=True),
        Job("tell_owners", CALLS, troubles.tell_owners, MINUTE),
    ]


def _upkeep() -> list[Job]:
    return [
        Job("tick", UPKEEP, lambda: tick(clock.today()), timedelta(minutes=30)),
        Job("forget", UPKEEP, _forget, HOUR),
        Job("forget_files", UPKEEP, lambda: forget_files(clock.now()), HOUR),
        Job("cut_figures", UPKEEP, lambda: cut_figures(clock.today()), at=time(6, 5)),
        Job("watch_ratings", UPKEEP, lambda: watch(clock.today()), at=time(6, 15)),
        Job("destroy_keys", UPKEEP, lambda: close(clock.today()), at=time(6, 25)),
    ]


def _outside() -> list[Job]:
    """What asks other sites, and so only where somebody named them."""
    found = []
    if settings.RECORD_WITNESSES:
        found.append(Job("ask_witnesses", UPKEEP, _ask_witnesses, MINUTE))
    if settings.PRIORITIES_FROM:
        found.append(Job("take_priorities", UPKEEP, _take_priorities, at=time(3, 40)))
    return found


def _fan_out() -> int:
    return fanout.fan_out(searches.matches)


def _remind() -> int:
    return reminding.remind(clock.now())


def _compose() -> int:
    now = clock.now()
    return composing.compose(now) + post.compose(now)


def _is_somebody_waiting() -> bool:
    now = clock.now()
    return composing.is_due(now) or post.is_due(now)


def _send() -> int:
    return sum(_sent(way) for way in channels())


def _sent(way: Channel) -> int:
    return _for_a_while(lambda: dispatching.dispatch(way, clock.now()))


def _is_message_due() -> bool:
    now = clock.now()
    ways = settings.NOTIFICATION_CHANNELS
    return any(dispatching.is_due(way, now) and not bounces.is_braked(way) for way in ways)


def _call() -> int:
    outside = Outside()
    return _for_a_while(lambda: calling.deliver(outside, clock.now()))


def _for_a_while(batch: Callable[[], int]) -> int:
    """One batch after another; what is left then waits for the next time, so that nothing else waits for it."""
    done, ends = 0, monotonic() + SPELL
    while not STOPPING.is_set() and (some := batch()):
        done += some
        if monotonic() > ends:
            break
    return done


def _forget() -> None:
    now = clock.now()
    following.forget_unconfirmed(now)
    dispatching.sweep(now)
    calling.sweep(now)
    bounces.sweep(now)
    feeds.sweep(now)
    post.sweep(now)


class NotAll(RuntimeError):
    """Some of it was not done; what was, stays."""


def _ask_witnesses() -> None:
    if any(witnesses.ask_all(witnesses.OverHTTP()).values()):
        raise NotAll


def _take_priorities() -> None:
    force, _, code = settings.PRIORITIES_FROM.partition(":")
    area = Area.objects.get(code=code) if code else None
    if take(PoliceUK(), force, today=clock.today(), area=area).failed:
        raise NotAll
