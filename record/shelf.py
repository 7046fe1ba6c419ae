"""Answers kept as bytes: given again until the record moves, the London day ends, or room runs out.

In each process, without asking another. What was asked for (`caching.name_of`) and the edition are the whole of an
answer's name, so nothing here can be stale, and nobody needs to be told.
"""

from collections import OrderedDict
from threading import Lock
from typing import Any, NamedTuple

from django.conf import settings

USUAL_ROOM = 32 * 1024 * 1024
LARGEST = 512 * 1024
OVERHEAD = 3000
"""What an answer takes beside its body and its name: some fifteen headers, each a text of its own."""


class Kept(NamedTuple):
    """A body and its tag, with the headers that it went out with and the route that it came by."""

    tag: str
    body: bytes
    headers: dict[str, str] = {}
    match: Any = None


class Shelf:
    """The kept answers of one edition at a time; the least recently asked for goes first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: OrderedDict[str, Kept] = OrderedDict()
        self._edition: object = None
        self._used = 0

    def knows(self, name: str) -> bool:
        """Whether there is an answer of that name, of whatever edition: else nobody need ask for the edition."""
        return name in self._answers

    def find(self, edition: object, name: str) -> Kept | None:
        """The answer of that name, if it was made from this edition."""
        with self._lock:
            if edition != self._edition:
                return None
            found = self._answers.get(name)
            if found is not None:
                self._answers.move_to_end(name)
            return found

    def keep(self, edition: object, name: str, answer: Kept) -> None:
        """Keep an answer; a new edition clears the shelf."""
        room = getattr(settings, "KEPT_ANSWERS_BYTES", USUAL_ROOM)
        size = _size(name, answer)
        if size > min(room, LARGEST):
            return
        with self._lock:
            if edition != self._edition:
                self._empty(edition)
            if name in self._answers:
                return
            self._answers[name] = answer
            self._used += size
            while self._used > room:
                self._used -= _size(*self._answers.popitem(last=False))

    def clear(self) -> None:
        """Forget everything (tests, whose databases go back in time)."""
        with self._lock:
            self._empty(None)

    def _empty(self, edition: object) -> None:
        self._answers.clear()
        self._edition, self._used = edition, 0


def _size(name: str, answer: Kept) -> int:
    """The room that it takes, in bytes: with its name, which a stranger may make long."""
    return len(name) + len(answer.body) + OVERHEAD


SHELF = Shelf()
