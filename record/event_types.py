"""What an event type is: its name and the only facts and words that an entry of it may carry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


class UndeclaredContent(ValueError):
    """An entry was given a fact or a word that its event type does not name; mend the type or the action."""


EVENT_TYPES: dict[str, "EventType"] = {}


@dataclass(frozen=True)
class EventType:
    """`name` like `update.posted`; `facts` go into the leaf as they are, `words` only as salted hashes."""

    name: str
    facts: frozenset[str]
    words: frozenset[str]

    def check(self, facts: Mapping[str, Any], words: Mapping[str, str]) -> None:
        """Raise UndeclaredContent unless every fact and word is declared."""
        strangers = (set(facts) - self.facts) | (set(words) - self.words)
        if strangers:
            raise UndeclaredContent(f"{self.name} does not declare {', '.join(sorted(strangers))}.")


def declare(name: str, *, facts: Iterable[str] = (), words: Iterable[str] = ()) -> EventType:
    """Declare an event type once, at import."""
    if name in EVENT_TYPES:
        raise ValueError(f"{name} is declared twice.")
    EVENT_TYPES[name] = EventType(name, frozenset(facts), frozenset(words))
    return EVENT_TYPES[name]
