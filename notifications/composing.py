"""From what followers are to be told to messages: one for each follower whose time has come, whatever it tells."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from notifications import following
from notifications.models import Cadence, Delivery, Follower, Message
from notifications.mornings import next_morning

READING = timedelta(hours=1)
MOST = 500
"""So many followers stand in one transaction."""


def compose(now: datetime) -> int:
    """Make the messages that are due; how many. Who paused, or waits for the morning, keeps what is to be told."""
    made = 0
    while some := _portion(now):
        made += some
    return made


def is_due(now: datetime) -> bool:
    """Whether anybody waits for a message."""
    return _due(now).exists()


@transaction.atomic
def _portion(now: datetime) -> int:
    locked = list(_due(now).select_for_update(skip_locked=True)[:MOST])
    for one in locked:
        _let_go(one, now)
    # Asked again under the lock: whoever had it before may have written what waited.
    followers = list(_due(now).filter(pk__in=[one.pk for one in locked]))
    messages = Message.objects.bulk_create(
        Message(channel=one.channel, follower=one, next_at=now, created_at=now) for one in followers
    )
    _fill(followers, messages)
    _wait_for_the_next_morning(followers, now)
    return len(followers)


def _let_go(one: Follower, now: datetime) -> None:
    """What somebody let go of while it was read for them is forgotten; for an hour, in which all reading ends."""
    if one.let_go_at is None:
        return
    following.forget_unwanted(one)
    if one.let_go_at < now - READING:
        Follower.objects.filter(pk=one.pk, let_go_at=one.let_go_at).update(let_go_at=None)


def _due(now: datetime) -> QuerySet[Follower]:
    untold = Delivery.objects.filter(follower=OuterRef("pk"), message=None)
    due = Q(cadence=Cadence.AT_ONCE) | Q(next_at__lte=now)
    reached = Q(channel__in=settings.NOTIFICATION_CHANNELS, unreachable_since=None)
    wanted = Q(paused=False, confirmed_at__isnull=False)
    return Follower.objects.filter(due, Exists(untold), reached, wanted).order_by("pk")


def _fill(followers: Sequence[Follower], messages: Sequence[Message]) -> None:
    """Put each follower's untold things into its message."""
    mine = Message.objects.filter(pk__in=[one.pk for one in messages], follower=OuterRef("follower"))
    Delivery.objects.filter(message=None, follower__in=followers).update(
        message=Subquery(mine.values("pk")[:1])
    )


def _wait_for_the_next_morning(followers: Sequence[Follower], now: datetime) -> None:
    digests = [one for one in followers if one.cadence != Cadence.AT_ONCE]
    for one in digests:
        one.next_at = next_morning(now, one.cadence, one.zone)
    Follower.objects.bulk_update(digests, ["next_at"])
