"""The source without the source: a transport that answers from files in the recorded shape, or as a test says."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commitments.policeuk.client import BASE, Answer, PoliceUK

ANSWERS = Path(__file__).resolve().parent / "answers"
FORCE, ELSEWHERE = "invented-police", "elsewhere-police"


def answer(body: Any, status: int = 200, **headers: str) -> Answer:
    """What the source says: bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {name.replace("_", "-"): text for name, text in headers.items()}, content)


@dataclass
class Recorded:
    """A transport. `said` puts other answers (or an OSError) in the place of files; a list is given one by one."""

    said: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, address: str) -> Answer:
        """The next answer at this address."""
        assert address.startswith(BASE), address
        path = address.removeprefix(BASE)
        self.asked.append(path)
        given = self.said.get(path)
        if isinstance(given, list):
            given = given.pop(0) if len(given) > 1 else given[0]
        if isinstance(given, OSError):
            raise given
        if given is not None:
            return given if isinstance(given, Answer) else answer(given)
        file = ANSWERS / f"{path}.json"
        return answer(file.read_bytes()) if file.exists() else answer(b"Not Found", 404)

    def say(self, path: str, *answers: Any) -> None:
        """Answer otherwise from now on."""
        self.said[path] = list(answers)


@dataclass
class Hours:
    """A clock that moves when somebody sleeps."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        """Seconds."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(round(seconds, 3))
        self.now += seconds


def source(recorded: Recorded | None = None, hours: Hours | None = None) -> PoliceUK:
    """The client, with nobody behind it."""
    hours = hours or Hours()
    return PoliceUK(transport=recorded or Recorded(), monotonic=hours.monotonic, sleep=hours.sleep)


def pauses(hours: Hours, shortest: float = 0.5) -> Iterable[float]:
    """The sleeps that are more than keeping pace."""
    return [seconds for seconds in hours.slept if seconds >= shortest]
