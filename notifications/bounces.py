"""What comes back: who is not written to any more, and the brake that stops a channel of which too much comes back.

Nobody is kept by address: a mark is a keyed hash, so that the list of those who complained is no address book.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import TruncDate
from django.utils.crypto import salted_hmac

from accounts.models import canonical
from notifications.models import (
    BounceKind,
    BounceReport,
    Brake,
    Follower,
    Message,
    MessageState,
    Suppression,
)

SOFT_DAYS = 5
"""On so many different days in a month may something soft come back; then it counts as hard."""
KEPT = timedelta(days=30)
WINDOW = timedelta(hours=24)
MOST_PERCENT, LEAST_SENT = 5, 100
"""At this share of what went out in a day the brake is pulled, where at least so much went out."""
COUNTS = (BounceKind.HARD, BounceKind.COMPLAINT)


@dataclass(frozen=True)
class Told:
    """What came back of one message; `key` is the same however often it is told."""

    channel: str
    kind: str
    address: str
    key: str
    at: datetime


def mark_of(address: str) -> str:
    """What is kept in the place of an address."""
    return _marks(address)[0]


def _marks(address: str) -> list[str]:
    """Under the present key, and under those that are still believed."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    said = canonical(address)
    return [
        salted_hmac("notifications.bounces", said, secret=key, algorithm="sha256").hexdigest() for key in keys
    ]


def is_suppressed(address: str) -> bool:
    """Whether nothing is sent there any more."""
    return Suppression.objects.filter(mark__in=_marks(address)).exists()


@transaction.atomic
def take(told: Told) -> bool:
    """Write down what came back; False where it was told before. One hard bounce or complaint is enough."""
    mark = mark_of(told.address)
    key = hashlib.sha256(f"{told.channel}\n{told.key}".encode()).hexdigest()
    values = {"channel": told.channel, "kind": told.kind, "mark": mark, "at": told.at}
    if not BounceReport.objects.get_or_create(key=key, defaults=values)[1]:
        return False
    if told.kind in COUNTS or _is_too_often(mark, told.at):
        _suppress(told, mark)
        _pull_if_too_much(told.channel, told.at)
    return True


def _is_too_often(mark: str, now: datetime) -> bool:
    soft = BounceReport.objects.filter(mark=mark, kind=BounceKind.SOFT, at__gt=now - KEPT)
    return soft.annotate(day=TruncDate("at")).values("day").distinct().count() >= SOFT_DAYS


def _suppress(told: Told, mark: str) -> None:
    """Who complained is forgotten at once; who cannot be reached waits, since providers are wrong at times."""
    Suppression.objects.get_or_create(mark=mark, defaults={"kind": told.kind, "at": told.at})
    mine = Follower.objects.filter(address=canonical(told.address))
    if told.kind == BounceKind.COMPLAINT:
        mine.filter(user=None).delete()
    mine.filter(unreachable_since=None).update(unreachable_since=told.at)


def _pull_if_too_much(channel: str, now: datetime) -> None:
    brake = Brake.objects.select_for_update().get_or_create(channel=channel)[0]
    since = max(now - WINDOW, brake.released_at or now - WINDOW)
    bounced = BounceReport.objects.filter(channel=channel, kind__in=COUNTS, at__gt=since).count()
    went = Message.objects.filter(channel=channel, state=MessageState.SENT, done_at__gt=since).count()
    sent = max(went, bounced)
    if brake.pulled_at is None and sent >= LEAST_SENT and bounced * 100 >= sent * MOST_PERCENT:
        brake.pulled_at, brake.sent, brake.bounced = now, sent, bounced
        brake.save()


def is_braked(channel: str) -> bool:
    """Whether nothing goes out that way until an operator says so."""
    return Brake.objects.filter(channel=channel, pulled_at__isnull=False).exists()


def pulled() -> list[Brake]:
    """The brakes that are pulled: each is a reason for the service to say that it is not well."""
    return list(Brake.objects.filter(pulled_at__isnull=False).order_by("channel"))


def release(channel: str, now: datetime) -> bool:
    """Let it go; False where it was not pulled. What came back until now does not count again."""
    mine = Brake.objects.filter(channel=channel, pulled_at__isnull=False)
    return bool(mine.update(pulled_at=None, released_at=now))


@transaction.atomic
def forgive(address: str) -> bool:
    """Write to this address again; False where it was not suppressed."""
    Follower.objects.filter(address=canonical(address)).update(unreachable_since=None)
    BounceReport.objects.filter(mark__in=_marks(address)).delete()
    return bool(Suppression.objects.filter(mark__in=_marks(address)).delete()[0])


@transaction.atomic
def forgive_since(when: datetime) -> int:
    """Undo what a provider that was wrong told since then, but for complaints; how many."""
    wrong = ~Q(kind=BounceKind.COMPLAINT)
    Follower.objects.filter(unreachable_since__gte=when).update(unreachable_since=None)
    BounceReport.objects.filter(wrong, at__gte=when).delete()
    return Suppression.objects.filter(wrong, at__gte=when).delete()[0]


def sweep(now: datetime) -> None:
    """Forget reports after thirty days, and then also those who could not be reached all that time."""
    BounceReport.objects.filter(at__lt=now - KEPT).delete()
    Follower.objects.filter(user=None, unreachable_since__lt=now - KEPT).delete()
