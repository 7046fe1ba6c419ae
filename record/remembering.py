"""Results that cost much to compute, remembered until the record says that they may have changed."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Any

from django.db import connection

MOST = 2000

Marks = Mapping[int, Hashable]
Computing = Callable[[list[int]], Mapping[int, Any]]


class Remembered:
    """Results by key, each with the mark of what it was made from; the least recently asked for goes first.

    In each process for itself. One thread computes what is missing while others wait for it. Inside a transaction
    nothing is remembered: what it has written may yet be taken back. Results are shared, so nobody may change them.
    """

    def __init__(self, most: int = MOST) -> None:
        self._computing, self._lock, self._most = Lock(), Lock(), most
        self._found: OrderedDict[int, tuple[Hashable, Any]] = OrderedDict()

    def get(self, marks: Marks, compute: Computing) -> dict[int, Any]:
        """The result of every key of `marks`; `compute` is asked at once for those whose mark has changed."""
        if connection.in_atomic_block:
            return dict(compute(list(marks)))
        known = self._present(marks)
        if len(known) < len(marks):
            with self._computing:
                known = self._present(marks)
                missing = [key for key in marks if key not in known]
                fresh = compute(missing) if missing else {}
                self._keep(fresh, marks)
            known |= fresh
        return known

    def clear(self) -> None:
        """Forget everything (tests, whose databases go back in time)."""
        with self._lock:
            self._found.clear()

    def _present(self, marks: Marks) -> dict[int, Any]:
        with self._lock:
            known = {}
            for key, mark in marks.items():
                found = self._found.get(key)
                if found is not None and found[0] == mark:
                    self._found.move_to_end(key)
                    known[key] = found[1]
            return known

    def _keep(self, fresh: Mapping[int, Any], marks: Marks) -> None:
        with self._lock:
            for key, result in fresh.items():
                self._found[key] = marks[key], result
                self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
