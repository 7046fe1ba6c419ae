"""What waits to go out is claimed with a lease and marked after: at least once, always under the same id.

Who dies with a claim leaves it to the next one when the lease is over. Only what had an outcome counts as a try, so
that a process that is killed again and again uses up nobody's tries; and what was claimed waits behind the others, so
that one thing at which a process falls cannot hold up the rest.
"""

import random
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from notifications.channels import Dropped, Later, Outcome, Sent
from notifications.models import Call, Message, MessageState

LEASE = timedelta(minutes=10)
"""So long what was claimed is another's."""
AT_A_TIME = 100
JITTER = 0.2
"""A wait is longer or shorter by up to this share, so that not all come back at once."""


def due(now: datetime) -> Q:
    """What nobody has claimed, and whose time has come."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    return free & Q(state=MessageState.WAITING, next_at__lte=now)


def taken(rows: "QuerySet[Any]", beside: str, now: datetime) -> list[Any]:
    """These rows, ours until the lease ends, in order, with what is `beside`; in the transaction that chose them."""
    keys = list(rows.values_list("pk", flat=True))
    mine = rows.model._default_manager.filter(pk__in=keys).select_related(beside)
    mine.update(lease_until=now + LEASE, next_at=now + LEASE, claims=F("claims") + 1)
    place = {key: number for number, key in enumerate(keys)}
    return sorted(mine, key=lambda row: place[row.pk])


def give_back(rows: Iterable[Message | Call], now: datetime) -> None:
    """Let others have what we did not come to."""
    for row in rows:
        _mine(row).update(lease_until=None, next_at=now)


def settle(
    row: Message | Call, outcome: Outcome, waits: Sequence[timedelta], now: datetime, **more: Any
) -> bool:
    """Write down what became of it, and whether it was still ours: not if it was dropped, or another has it by now."""
    values = after(row, outcome, waits, now) | more
    if _mine(row).update(lease_until=None, attempts=F("attempts") + 1, **values):
        return True
    type(row)._default_manager.filter(pk=row.pk, claims=row.claims).update(lease_until=None)
    return False


def after(row: Message | Call, outcome: Outcome, waits: Sequence[timedelta], now: datetime) -> dict[str, Any]:
    """What an outcome makes of it; after the last of `waits` it is given up."""
    if isinstance(outcome, Sent):
        return {"state": MessageState.SENT, "done_at": now}
    if isinstance(outcome, Dropped):
        return {"state": MessageState.DROPPED, "done_at": now}
    if isinstance(outcome, Later) and row.attempts < len(waits):
        return {"next_at": now + max(jittered(waits[row.attempts]), outcome.after or timedelta())}
    return {"state": MessageState.FAILED, "done_at": now}


def jittered(wait: timedelta) -> timedelta:
    """A wait a little longer or shorter."""
    return wait * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load, hides nothing


def _mine(row: Message | Call) -> "QuerySet[Any]":
    return type(row)._default_manager.filter(pk=row.pk, claims=row.claims, state=MessageState.WAITING)
