"""Sending what waits: claimed with a lease, sent, and marked after; at least once, always under the same id."""

import logging
import random
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from notifications import bounces
from notifications.channels import Channel, Dropped, Later, Never, Outcome, Sent
from notifications.models import Message, MessageState

LEASE = timedelta(minutes=10)
"""So long a message is another's; who died while sending it leaves it to the next one after that."""
AT_A_TIME = 100
JITTER = 0.2
"""A wait is longer or shorter by up to this share, so that not all come back at once."""

_log = logging.getLogger(__name__)


def dispatch(channel: Channel, now: datetime, most: int = AT_A_TIME) -> int:
    """Try the messages of a channel that are due, at most so many; how many. One bad one never ends the batch."""
    claimed = [] if bounces.is_braked(channel.name) else claim(channel.name, now, most)
    for message in claimed:
        _settle(channel, message, _tried(channel, message), now)
    return len(claimed)


@transaction.atomic
def claim(channel: str, now: datetime, most: int) -> list[Message]:
    """Take messages for oneself until the lease ends; two who ask at once get different ones."""
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    waiting = Message.objects.filter(free, channel=channel, state=MessageState.WAITING, next_at__lte=now)
    keys = list(
        waiting.select_for_update(skip_locked=True).order_by("next_at").values_list("pk", flat=True)[:most]
    )
    Message.objects.filter(pk__in=keys).update(lease_until=now + LEASE, attempts=F("attempts") + 1)
    return list(Message.objects.filter(pk__in=keys).select_related("follower").order_by("next_at"))


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
    if isinstance(outcome, Later) and message.attempts <= len(channel.waits):
        wait = max(jittered(channel.waits[message.attempts - 1]), outcome.after or timedelta())
        _mark(message, state=MessageState.WAITING, next_at=now + wait, error=outcome.why[:300])
    elif isinstance(outcome, Later | Never):
        _mark(message, state=MessageState.FAILED, done_at=now, error=outcome.why[:300])
    elif isinstance(outcome, Dropped):
        _mark(message, state=MessageState.DROPPED, done_at=now)
    elif isinstance(outcome, Sent):
        _mark(message, state=MessageState.SENT, done_at=now, error="")


def _mark(message: Message, **values: object) -> None:
    Message.objects.filter(pk=message.pk, attempts=message.attempts).update(lease_until=None, **values)


def jittered(wait: timedelta) -> timedelta:
    """A wait a little longer or shorter, so that not all come back at once."""
    return wait * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - spreads load, hides nothing


def sweep(now: datetime, keep: timedelta = timedelta(days=30)) -> int:
    """Forget messages that were sent, dropped or given up long ago; how many."""
    return Message.objects.filter(done_at__lt=now - keep).delete()[1].get("notifications.Message", 0)
