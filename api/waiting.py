"""Waiting for what comes next: a request sleeps until there is something, a few of them at a time in one process.

A thread that waits serves nobody else, so that only `EVENTS_WAITING` of them wait; who comes beyond that is answered at
once, as if they had not asked to wait. A sleeper holds no connection to the database.
"""

import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from rest_framework.request import Request

from api.http.errors import at_parameter, bad_parameters
from notifications.stopping import STOPPING
from record import values
from record.editions import edition

LONGEST = 25
"""Seconds; proxies between us may hang up after thirty."""
EVERY = 0.5
"""So many seconds lie between two looks at where the record is."""
WAIT = values.Whole(0, LONGEST)
COME_BACK = 5
"""After so many seconds whoever could not wait is asked to come again."""
PARAMETER = "wait"
SCHEMA = {
    PARAMETER: {
        "schema": WAIT.schema(),
        "description": "Where there is nothing yet, so many seconds may pass before the answer; less where many wait.",
    }
}


class Beds:
    """Who sleeps in this process at present, counted."""

    def __init__(self) -> None:
        self.taken = 0
        self._counting = threading.Lock()

    def take(self) -> bool:
        """One more; False where all are taken."""
        with self._counting:
            is_free: bool = self.taken < settings.EVENTS_WAITING
            self.taken += is_free
        return is_free

    def leave(self) -> None:
        """One fewer."""
        with self._counting:
            self.taken -= 1


BEDS = Beds()


def seconds_in(request: Request) -> int:
    """How long the reader would wait; 0 where nothing is said of it."""
    text = request.query_params.get(PARAMETER)
    try:
        return 0 if text is None else int(WAIT.read(text))
    except values.Malformed as exc:
        raise bad_parameters([at_parameter(PARAMETER, "malformed", str(exc))]) from None


def until(is_there: Callable[[], bool], seconds: float) -> bool:
    """Sleep until it is there or so many seconds are over; False where too many wait already, and nobody slept."""
    ends = time.monotonic() + seconds
    seen = edition().position
    if is_there():
        return True
    if not BEDS.take():
        return False
    try:
        while (left := ends - time.monotonic()) > 0 and not _pause(min(EVERY, left)):
            now = edition().position
            if now != seen and is_there():
                return True
            seen = now
    finally:
        BEDS.leave()
    return True


def _pause(seconds: float) -> bool:
    """Let the connection go and sleep; True where the process is to stop."""
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        connection.close()
    return STOPPING.wait(seconds)
