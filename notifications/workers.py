"""Workers: processes beside the web server that call the jobs; with PostgreSQL as many as wanted, on any machine.

The queue is Procrastinate's, in the same database. One periodic job of all workers, `schedule`, queues what is due;
a name stands in the queue once at most. PostgreSQL rings (notifications/migrations/0006_doorbell.py) when there is an
entry, a message or a call, so that nobody waits for the next look. A worker that is killed leaves nothing behind that
counts: what it had claimed is free again after its lease, and its jobs are swept.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from typing import Any

from asgiref.sync import sync_to_async
from django.db import close_old_connections, connection
from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import Status

from notifications import engines, jobs
from notifications.jobs import Job
from notifications.stopping import STOPPING
from record import clock

CHANNEL = "said_and_done"
SCHEDULE, SWEEP = "schedule", "sweep"
EVERY_FIVE_SECONDS, EVERY_MINUTE = "* * * * * */5", "* * * * *"
AT_ONCE, FIRST = 6, 10
"""Jobs at a time in one worker; and the priority of what queues the others."""
SILENT_WORKER = 30.0
SECONDS_TO_STOP = 60.0

_log = logging.getLogger(__name__)


def work() -> None:
    """Until told to stop (SIGTERM, SIGINT); what is half done is ended first."""
    asyncio.run(_work())


async def _work() -> None:
    app = made()
    async with app.open_async():
        ring = asyncio.Event()
        beside = [asyncio.create_task(one) for one in (_listen(app, ring), _answer(app, ring))]
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=AT_ONCE,
                install_signal_handlers=False,
                delete_jobs="always",
                shutdown_graceful_timeout=SECONDS_TO_STOP,
                stalled_worker_timeout=SILENT_WORKER,
            )
        )
        _stop_politely(worker)
        try:
            await worker
        except asyncio.CancelledError:
            _log.info("stopped, as was asked")
        finally:
            for one in beside:
                one.cancel()


def _stop_politely(worker: "asyncio.Task[None]") -> None:
    def stop() -> None:
        STOPPING.set()
        worker.cancel()

    for wish in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(wish, stop)


def made() -> App:
    """Every job as Procrastinate has it, and the two that look after them."""
    app = App(connector=PsycopgConnector(kwargs=connector_params()))
    for job in jobs.all_jobs():
        app.task(name=job.name, queue=job.lane, queueing_lock=job.name)(_task(app, job))
    _periodic(app, SCHEDULE, EVERY_FIVE_SECONDS, partial(_schedule, app))
    _periodic(app, SWEEP, EVERY_MINUTE, partial(_sweep, app))
    return app


def _periodic(app: App, name: str, cron: str, run: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Queued by one worker of all, for each moment once."""

    async def task(timestamp: int) -> None:
        await run()

    app.periodic(cron=cron)(app.task(name=name, queue=jobs.UPKEEP, queueing_lock=name, priority=FIRST)(task))


def _task(app: App, job: Job) -> Callable[[], Coroutine[Any, Any, None]]:
    async def task() -> None:
        if job.shared:
            await _queue_wanted(app, [job])  # whoever has nothing to do helps
        await _here(partial(engines.run, job))
        await _queue_wanted(app, [one for one in jobs.all_jobs() if one.lane == job.lane])

    return task


async def _schedule(app: App) -> None:
    """Queue what is due."""
    await _here(partial(engines.beat, engines.SCHEDULER, clock.now() + engines.PATIENCE))
    for lane in jobs.LANES:
        for job in await _here(partial(_due, lane)):
            await _queue(app, job)


def _due(lane: str) -> list[Job]:
    return list(engines.due(lane, clock.now()))


async def _sweep(app: App) -> None:
    """Take away what workers that died had begun; it is due again when its time comes."""
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_WORKER):
        with suppress(exceptions.ConnectorException):  # it was only slow, and ended meanwhile
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)


async def _queue_wanted(app: App, some: list[Job]) -> None:
    for job in some:
        if job.wanted is not None and not STOPPING.is_set() and await _here(partial(engines.is_wanted, job)):
            await _queue(app, job)


async def _queue(app: App, job: Job) -> None:
    try:
        await app.tasks[job.name].defer_async()
    except exceptions.AlreadyEnqueued:
        return


async def _listen(app: App, ring: asyncio.Event) -> None:
    """Hear the bell; a connection that breaks is made anew."""

    async def heard(**_said: str) -> None:
        ring.set()

    while True:
        try:
            await app.connector.listen_notify(on_notification=heard, channels=[CHANNEL])
        except exceptions.ConnectorException:
            await asyncio.sleep(engines.LOOK)


async def _answer(app: App, ring: asyncio.Event) -> None:
    """Many rings in a moment are one."""
    while True:
        await ring.wait()
        ring.clear()
        try:
            await _queue_wanted(app, list(jobs.all_jobs()))
        except exceptions.ConnectorException:
            _log.warning("the bell was heard, and nothing could be queued; the next look does it")


async def _here(run: Callable[[], Any]) -> Any:
    """In a thread, since our jobs are ordinary functions, with a connection that is given back."""

    def inside() -> Any:
        close_old_connections()
        try:
            return run()
        finally:
            connection.close()

    return await sync_to_async(inside, thread_sensitive=False)()
