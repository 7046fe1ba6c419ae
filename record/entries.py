"""Reading the record: entries with the words that may be shown."""

import json
from collections.abc import Sequence
from typing import Any

from record.models import Entry, Words, WordsState
from record.prepared import Among, Prepared

Opening = tuple[str | None, str | None]

_WORDS = Prepared(
    lambda: (
        Words.objects.filter(Among("position", "keys"))
        .order_by("pk")
        .values("position", "name", "text", "salt", "state")
    )
)


def body_of(entry: Entry) -> dict[str, Any]:
    """The entry's leaf as JSON values."""
    body: dict[str, Any] = json.loads(bytes(entry.body))
    return body


def shown_words(positions: Sequence[int]) -> dict[int, dict[str, str | None]]:
    """For each position its words by name; None where they are pending, hidden or redacted. One query."""
    found = shown_openings(positions)
    return {position: {name: text for name, (text, _) in words.items()} for position, words in found.items()}


def shown_openings(positions: Sequence[int]) -> dict[int, dict[str, Opening]]:
    """For each position its words by name, each with the salt (in hex) that its leaf was made with. One query.

    Who has both can hash them and compare; of words that may not be shown, neither is.
    """
    found: dict[int, dict[str, Opening]] = {position: {} for position in positions}
    for row in _WORDS.rows(keys=positions):
        is_shown = row["state"] == WordsState.PUBLISHED
        shown = (row["text"], bytes(row["salt"]).hex()) if is_shown else (None, None)
        found[row["position"]][row["name"]] = shown
    return found
