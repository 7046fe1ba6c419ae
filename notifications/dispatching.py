"""Sending what waits: claimed with a lease, sent, and marked after; at least once, always under the same id."""

import logging
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from notifications import bounces, claiming
from notifications.channels import Channel, Connected, Later, Never, Outcome, Sent
from notifications.models import Message
from notifications.stopping import STOPPING

_log = logging.getLogger(__name__)


def dispatch(channel: Channel, now: datetime, most: int = claiming.AT_A_TIME) -> int:
    """Try the messages of a channel that are due, at most so many; how many. One bad one never ends the batch."""
    claimed = [] if bounces.is_braked(channel.name) else claim(channel.name, now, most)
    ends = time.monotonic() + claiming.LEASE.total_seconds() / 2
    with _connected(channel) if claimed else nullcontext():
        for number, message in enumerate(claimed):
            if STOPPING.is_set() or time.monotonic() > ends:
                claiming.give_back(claimed[number:], now)
                return number
            _settle(channel, message, _tried(channel, message), now)
    return len(claimed)


def _connected(channel: Channel) -> AbstractContextManager[None]:
    return channel.connected() if isinstance(channel, Connected) else nullcontext()


def is_due(channel: str, now: datetime) -> bool:
    """Whether anything waits to be sent."""
    return _due(channel, now).exists()


def claim(channel: str, now: datetime, most: int) -> list[Message]:
    """Take messages for oneself until the lease ends; two who ask at once get different ones."""
    return _claimed(channel, now, most) if is_due(channel, now) else []


@transaction.atomic
def _claimed(channel: str, now: datetime, most: int) -> list[Message]:
    free = _due(channel, now).select_for_update(skip_locked=True).order_by("next_at", "pk")
    return claiming.taken(free[:most], "follower", now)


def _due(channel: str, now: datetime) -> QuerySet[Message]:
    return Message.objects.filter(claiming.due(now), channel=channel)


def _tried(channel: Channel, message: Message) -> Outcome:
    try:
        return channel.send(message)
    except Exception as error:  # noqa: BLE001 - whatever it was, the others still go out
        _log.warning(
            "a message could not be sent", extra={"channel": channel.name, "error": type(error).__name__}
        )
        return Later(type(error).__name__)


def _settle(channel: Channel, message: Message, outcome: Outcome, now: datetime) -> None:
    """Write down what became of it."""
    said = outcome.why[:300] if isinstance(outcome, Later | Never) else ""
    more = {"error": said} if isinstance(outcome, Later | Never | Sent) else {}
    claiming.settle(message, outcome, channel.waits, now, **more)


def sweep(now: datetime, keep: timedelta = timedelta(days=30)) -> int:
    """Forget messages that were sent, dropped or given up long ago; how many."""
    return Message.objects.filter(done_at__lt=now - keep).delete()[1].get("notifications.Message", 0)
