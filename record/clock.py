"""What time it is: the one place that asks the machine, so that tests and the demonstration can pretend.

A pretended moment or an invented story is refused where `SIMULATION_ALLOWED` is false (production).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings

LONDON = ZoneInfo("Europe/London")

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)
_inventing: ContextVar[bool] = ContextVar("inventing", default=False)


class SimulationRefused(RuntimeError):
    """Time may not be pretended, nor a story invented, on a production record."""


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _pretended.get() or datetime.now(UTC)


def today() -> date:
    """The present calendar day in London."""
    return now().astimezone(LONDON).date()


def is_invented() -> bool:
    """Whether what is recorded now belongs to an invented story."""
    return _inventing.get()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Pretend that it is `moment` (an aware datetime); tests and the demonstration only."""
    _check_allowed()
    if moment.tzinfo is None:
        raise ValueError("A pretended moment must carry its time zone.")
    token = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


@contextmanager
def invented() -> Iterator[None]:
    """Mark everything recorded inside as invented; the demonstration only."""
    _check_allowed()
    token = _inventing.set(True)
    try:
        yield
    finally:
        _inventing.reset(token)


def _check_allowed() -> None:
    if not settings.SIMULATION_ALLOWED:
        raise SimulationRefused(
            "SIMULATION_ALLOWED is off: a public record keeps real time and real stories."
        )
