"""What calls the jobs: out of the box threads of the serving process, one process of all at a time.

Each lane has a thread. Whose turn a lane is stands in the database, for a minute at a time; when a job is due, and when
it last ran to its end, too. So any process may be killed at any moment, and another goes on. With PostgreSQL workers
call the same jobs in the same way (`notifications/workers.py`).
"""

import logging
import os
import signal
import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from multiprocessing.util import Finalize

from django.conf import settings
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from django.db.models import Q

from notifications import jobs
from notifications.jobs import Job
from notifications.models import Beat, Turn
from notifications.stopping import STOPPING
from record import clock

SCHEDULER = "scheduler"
LOOK = 1.0
"""Seconds between two looks at what is due."""
TURN = timedelta(seconds=60)
QUIET = timedelta(seconds=10)
"""So long a heartbeat is as good as a new one; they are not written more often."""
PATIENCE = timedelta(minutes=10)
"""After so long what failed, or died, is tried again, if it is not due sooner."""
SECONDS_TO_STOP = 8

_log = logging.getLogger(__name__)


def due(lane: str, now: datetime) -> Iterator[Job]:
    """The jobs of a lane whose time has come, or that are wanted before it: each looked at when it is asked for."""
    beats = {one.job: one for one in Beat.objects.all()}
    for job in jobs.all_jobs():
        if job.lane == lane and _is_due(job, beats.get(job.name), now):
            yield job


def _is_due(job: Job, beat: Beat | None, now: datetime) -> bool:
    if beat is None or beat.next_at is None or beat.next_at <= now:
        return True
    return not beat.error and job.wanted is not None and job.wanted()


def is_wanted(job: Job) -> bool:
    """Whether it has something to do now, and did not just fail."""
    has_failed = Beat.objects.filter(job=job.name, next_at__gt=clock.now()).exclude(error="").exists()
    return not has_failed and job.wanted is not None and job.wanted()


def run(job: Job) -> bool:
    """Run it once and note how it went; whether it ran to its end. Nothing that it raises gets out."""
    _note_begin(job)
    try:
        job.run()
    except Exception as error:  # noqa: BLE001 - whatever it was, the other jobs go on
        _log.exception("a job did not end well", extra={"job": job.name})
        _note_failure(job, error)
        return False
    beat(job.name, job.next_after(clock.now()))
    return True


def _note_begin(job: Job) -> None:
    """What runs seldom is begun by one: others see it as due again only when it should have ended."""
    if job.wanted is None:
        defaults = {"next_at": clock.now() + PATIENCE}
        Beat.objects.update_or_create(job=job.name, defaults=defaults)


def _note_failure(job: Job, error: Exception) -> None:
    if isinstance(error, DatabaseError | InterfaceError):
        connection.close()
    wait = min(PATIENCE, job.every)
    values = {"next_at": clock.now() + wait, "error": type(error).__name__}
    try:
        Beat.objects.update_or_create(job=job.name, defaults=values)
    except (DatabaseError, InterfaceError):
        connection.close()


def beat(name: str, next_at: datetime | None = None) -> None:
    """Note that it ran to its end; not more often than every ten seconds."""
    now = clock.now()
    if not Beat.objects.filter(job=name, at__gt=now - QUIET, error="", next_at__gt=now).exists():
        Beat.objects.update_or_create(job=name, defaults={"at": now, "next_at": next_at, "error": ""})


def look(lane: str) -> int:
    """Run what is due in a lane, one after the other; how many jobs."""
    done = 0
    for job in due(lane, clock.now()):
        if STOPPING.is_set():
            break
        run(job)
        done += 1
    return done


def has_turn(lane: str, me: str, now: datetime) -> bool:
    """Whether the lane is ours for the next minute; it becomes ours when nobody else has said so for one."""
    mine = Turn.objects.filter(lane=lane, holder=me, until__gt=now + TURN / 2)
    if mine.exists():
        return True
    Turn.objects.get_or_create(lane=lane, defaults={"until": now - TURN})
    free = Turn.objects.filter(Q(holder=me) | Q(until__lte=now), lane=lane)
    return bool(free.exists() and free.update(holder=me, until=now + TURN))


def keep_looking(lane: str, me: str) -> None:
    """Until the process ends; then another may go on at once."""
    while not STOPPING.wait(LOOK):
        try:
            close_old_connections()
            if has_turn(lane, me, clock.now()):
                beat(SCHEDULER, clock.now() + PATIENCE)
                look(lane)
        except Exception:  # noqa: BLE001 - a database that is away comes back
            _log.exception("the engine stumbled, and goes on", extra={"job": lane})
            connection.close()
        finally:
            close_old_connections()
    with suppress(DatabaseError, InterfaceError):
        Turn.objects.filter(lane=lane, holder=me).update(until=clock.now() - TURN)
    connection.close()


def threads(lanes: Iterable[str] = jobs.LANES) -> list[threading.Thread]:
    """Begin to look, a thread a lane."""
    me = uuid.uuid4().hex
    begun = [threading.Thread(target=keep_looking, args=(lane, me), name=lane, daemon=True) for lane in lanes]
    for one in begun:
        one.start()
    return begun


def work() -> None:
    """The same as a process of its own, until told to stop (SIGTERM, SIGINT)."""
    for wish in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wish, lambda *_: STOPPING.set())
    running = threads()
    STOPPING.wait()
    _end(running)


def work_once() -> int:
    """All that is due, once, for whoever has cron call us; how many jobs."""
    beat(SCHEDULER, clock.now() + PATIENCE)
    return sum(look(lane) for lane in jobs.LANES)


def begin_beside_the_server() -> None:
    """Called where a web server finds the application; in each process that is forked from there again."""
    if settings.ENGINE != "thread":
        return
    _begin()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_begin)


def _begin() -> None:
    # Not `atexit`: web servers start their processes through multiprocessing, which ends them without it.
    Finalize(None, _end, args=(threads(),), exitpriority=0)


def _end(running: list[threading.Thread]) -> None:
    """What is half done ends: nothing is told twice for being stopped politely."""
    STOPPING.set()
    for one in running:
        one.join(SECONDS_TO_STOP)
