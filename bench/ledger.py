"""The record of a bench database, written as `record.ledger` writes it, only many entries at once."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from bench.tables import Sink
from record.event_types import EventType
from record.models import Entry, Words

START = datetime(2024, 1, 2, 9, tzinfo=UTC)
END = datetime(2026, 11, 1, 17, tzinfo=UTC)
SALT_BYTES = 16
CHECKED = 2000
"""So many first entries are held against their event types; the others are made by the same code."""


class Ledger:
    """Positions in order and without gaps; its time runs evenly from START to END."""

    def __init__(self, sink: Sink, random: Random, expected: int) -> None:
        self.sink, self._random = sink, random
        self.position, self.at = 0, START
        self._step = (END - START) / max(1, expected)
        self._words = 0

    @property
    def today(self) -> date:
        """The day of the record's last entry."""
        return self.at.date()

    def append(
        self,
        event: EventType,
        subject: str,
        *,
        actor: str,
        facts: dict[str, Any],
        words: dict[str, str] | None = None,
        root: str = "",
        assembly: str = "",
    ) -> dict[str, Any]:
        """Write one entry; the answer is what it stamps a new thing with."""
        words = {name: text for name, text in (words or {}).items() if text}
        if self.position < CHECKED:
            event.check(facts, words)
        self.position += 1
        self.at = min(self.at + self._step, END)
        entry = {
            "position": self.position,
            "type": event.name,
            "occurred_on": self.today,
            "actor": actor,
            "subject": subject,
            "root": root or subject,
            "assembly": assembly,
        }
        leaf = {
            **entry,
            "v": 1,
            "at": self.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "occurred_on": self.today.isoformat(),
            "facts": facts,
            "words": {name: self._keep(name, text) for name, text in words.items()},
        }
        self.sink.put(Entry, {**entry, "at": self.at, "body": canonical(leaf)})
        return stamped(self.position, self.at)

    def _keep(self, name: str, text: str) -> str:
        salt = self._random.randbytes(SALT_BYTES)
        self._words += 1
        row = {"id": self._words, "position": self.position, "name": name, "text": text, "salt": salt}
        self.sink.put(Words, row)
        return hashlib.sha256(salt + text.encode()).hexdigest()


def canonical(leaf: dict[str, Any]) -> bytes:
    """RFC 8785 bytes of what entries hold here: ASCII texts, whole numbers, true, false and null."""
    return json.dumps(leaf, sort_keys=True, separators=(",", ":")).encode()


def stamped(position: int, at: datetime) -> dict[str, Any]:
    """What a new thing carries of the entry that published it."""
    return {
        "position": position,
        "version": 1,
        "published_at": at,
        "updated_at": at,
        "updated_position": position,
    }


def days(number: int, since: date) -> date:
    """The day `number` days after `since`."""
    return since + timedelta(days=number)
