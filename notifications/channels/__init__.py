"""Ways in which a message reaches somebody: one file each, all with the same one verb."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, runtime_checkable

from notifications.models import Message


@dataclass(frozen=True)
class Sent:
    """It was taken by whoever carries it on."""


@dataclass(frozen=True)
class Later:
    """It was not taken now; to be tried again, not before `after` where the other side said so."""

    why: str
    after: timedelta | None = None


@dataclass(frozen=True)
class Never:
    """It will never be taken; trying again is no use."""

    why: str


@dataclass(frozen=True)
class Dropped:
    """There is nothing left to tell: hidden, held or redacted meanwhile, or no longer wanted."""


Outcome = Sent | Later | Never | Dropped


class Channel(Protocol):
    """One way. `waits` is how long to wait after each try in vain; after the last the message is given up."""

    name: str
    waits: tuple[timedelta, ...]

    def send(self, message: Message) -> Outcome:
        """Send one message. It looks again at what may be shown; it raises nothing that it expects."""


@runtime_checkable
class Connected(Protocol):
    """A way that can keep one connection for many messages."""

    def connected(self) -> AbstractContextManager[None]:
        """Keep it until the block ends; one that breaks is made anew for the next message."""
