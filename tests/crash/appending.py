"""A process that appends until it is killed, and says after each commit what it wrote."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

from django.db import InterfaceError, OperationalError, connection, connections

from accounts.models import User
from commitments import actions
from record import clock

SECONDS_TO_BEGIN = 60


@dataclass
class Appender:
    """A child of ours; `acknowledged` are the positions that it said were written, with what stands there."""

    pid: int
    said: BinaryIO
    acknowledged: dict[int, str] = field(default_factory=dict)

    def wait_for_first(self) -> None:
        """Until it has written something. Raises RuntimeError where it ended before."""
        line = self.said.readline()
        if not line.endswith(b"\n"):
            raise RuntimeError("The process that should append ended before it wrote anything.")
        self._take(line)

    def kill(self) -> None:
        """At once, without a word; then read what it had said."""
        os.kill(self.pid, signal.SIGKILL)
        self.end()

    def end(self) -> None:
        """Read what it said until it ended; a line cut short was not acknowledged."""
        os.waitpid(self.pid, 0)
        for line in self.said:
            self._take(line)
        self.said.close()

    def _take(self, line: bytes) -> None:
        if line.endswith(b"\n"):
            position, code = line.decode().split()
            self.acknowledged[int(position)] = code


@contextmanager
def appending(by: User, name: str) -> Iterator[Appender]:
    """An appender at work."""
    connections.close_all()
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        _append(by, name, writing)
    os.close(writing)
    yield Appender(pid, os.fdopen(reading, "rb"))


def _append(by: User, name: str, said: int) -> None:
    """Never returns."""
    number = 0
    try:
        while True:
            number += 1
            code = f"{name}-{number:x}"
            area = actions.publish_area(
                code, by=by, today=clock.today(), name=code, kind="ward", vintage="2026", parent=None
            )
            os.write(said, f"{area.position} {code}\n".encode())
    except (InterfaceError, OperationalError) as error:
        sys.stderr.write(f"{name} ended: {error}\n")  # where the database was stopped it should
    finally:
        os._exit(0)


def pause(seconds: float) -> None:
    """Let it write."""
    time.sleep(seconds)


def use_port(port: int) -> None:
    """Go on with a database that came back at another port."""
    connections.close_all()
    connection.settings_dict["PORT"] = str(port)


def say(words: str) -> None:
    """At once, also into a file."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
