"""Workers to be killed: the engine of the database that is set, in processes of their own, with short leases."""

import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connections

from notifications import claiming, engines, jobs
from notifications.channels import webhook
from notifications.channels.mail import Mail
from notifications.outside import Outside

LEASE = timedelta(seconds=2)
"""Ten minutes outside of tests."""
SECONDS_TO_ANSWER = 2.0
SECONDS_TO_STOP = 30


def begun() -> int:
    """A worker at work, by its number."""
    connections.close_all()
    pid = os.fork()
    if not pid:
        _work()
    return pid


def _work() -> None:
    """Never returns."""
    try:
        _hasten()
        engine: Callable[[], None] = engines.work
        if not settings.ON_SQLITE:
            workers: Any = import_module("notifications.workers")
            workers.EVERY_FIVE_SECONDS = "* * * * * *"
            engine = workers.work
        engine()
        os._exit(0)
    except BaseException as error:  # noqa: BLE001 - a child that lives on would run its parent's lines
        sys.stderr.write(f"A worker ended: {error!r}\n")
    finally:
        os._exit(1)


def _hasten() -> None:
    """What takes minutes outside takes moments here, so that hundreds of crashes fit into some minutes."""
    claiming.LEASE = LEASE
    quick = partial(Outside, seconds=SECONDS_TO_ANSWER)
    engines.TURN, engines.LOOK = timedelta(seconds=1), 0.05
    soon = (timedelta(seconds=0.2),) * 40
    changed: dict[Any, dict[str, Any]] = {
        webhook: {"WAITS": soon},
        Mail: {"waits": soon},
        jobs: {"Outside": quick},
    }
    for owner, values in changed.items():
        for name, value in values.items():
            setattr(owner, name, value)


def kill(pid: int) -> None:
    """At once, without a word."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def stop(pid: int) -> None:
    """Politely. Raises AssertionError where it does not end, or not well."""
    os.kill(pid, signal.SIGTERM)
    ends = time.monotonic() + SECONDS_TO_STOP
    while time.monotonic() < ends:
        done, code = os.waitpid(pid, os.WNOHANG)
        if done:
            assert code == 0, f"A worker that was told to stop ended with {code}."
            return
        time.sleep(0.05)
    kill(pid)
    raise AssertionError("A worker that was told to stop went on.")
