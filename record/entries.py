"""Reading the record: entries with the words that may be shown."""

import json
from collections.abc import Sequence
from typing import Any

from record.models import Entry, Words, WordsState
from record.prepared import Among, Prepared

_WORDS = Prepared(
    lambda: (
        Words.objects.filter(Among("position", "keys"))
        .order_by("pk")
        .values("position", "name", "text", "state")
    )
)


def body_of(entry: Entry) -> dict[str, Any]:
    """The entry's leaf as JSON values."""
    body: dict[str, Any] = json.loads(bytes(entry.body))
    return body


def shown_words(positions: Sequence[int]) -> dict[int, dict[str, str | None]]:
    """For each position its words by name; None where they are pending, hidden or redacted. One query."""
    found: dict[int, dict[str, str | None]] = {position: {} for position in positions}
    for row in _WORDS.rows(keys=positions):
        found[row["position"]][row["name"]] = row["text"] if row["state"] == WordsState.PUBLISHED else None
    return found
