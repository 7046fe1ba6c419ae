"""The post of offices: one message for each person when their time has come, and how each wants it."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from notifications.models import Message, PostCadence, Reader, Reminded
from notifications.mornings import MORNING, next_morning
from record.clock import LONDON

CHANNEL = "post"
ZONE = "Europe/London"
MOST = 500
"""So many people stand in one transaction."""
KEPT = timedelta(days=90)
"""So long it is kept who was told what; that an office was reminded is kept for ever, so that it is not again."""


def readers(users: Collection[int]) -> dict[int, Reader]:
    """How each of these accounts wants its post; who never said gets it once a day, first of all now."""
    there = dict(Reader.objects.filter(user__in=users).values_list("user_id", "pk"))
    Reader.objects.bulk_create(
        (Reader(user_id=user) for user in sorted(set(users) - set(there))),
        ignore_conflicts=True,
    )
    return {one.user_id: one for one in Reader.objects.filter(user__in=users)}


def wanting(office: Iterable[Reader]) -> list[Reader]:
    """Who of an office gets its post: all but those who switched it off; all, where nobody else would read it."""
    everybody = list(office)
    return [one for one in everybody if one.cadence != PostCadence.OFF] or everybody


def compose(now: datetime) -> int:
    """Make the messages that are due, one a person, whatever it tells; how many."""
    made = 0
    while some := _portion(now):
        made += some
    return made


def is_due(now: datetime) -> bool:
    """Whether anybody waits for a message."""
    return _due(now).exists()


@transaction.atomic
def _portion(now: datetime) -> int:
    locked = [one.pk for one in _due(now).select_for_update(skip_locked=True)[:MOST]]
    # Asked again under the lock: whoever had it before may have written what waited.
    some = list(_due(now).filter(pk__in=locked))
    messages = Message.objects.bulk_create(
        Message(channel=CHANNEL, next_at=not_at_night(now), created_at=now) for _ in some
    )
    for reader, message in zip(some, messages, strict=True):
        Reminded.objects.filter(reader=reader, written_at=None).update(message=message, written_at=now)
        reader.next_at = next_morning(now, _cadence(reader), ZONE)
    Reader.objects.bulk_update(some, ["next_at"])
    return len(some)


def _due(now: datetime) -> QuerySet[Reader]:
    unwritten = Reminded.objects.filter(reader=OuterRef("pk"), written_at=None)
    due = Q(cadence=PostCadence.AT_ONCE) | Q(next_at=None) | Q(next_at__lte=now)
    return Reader.objects.filter(due, Exists(unwritten)).order_by("pk")


def _cadence(reader: Reader) -> str:
    """Who switched it off and is the last who reads gets it once a day."""
    return PostCadence.DAILY if reader.cadence == PostCadence.OFF else reader.cadence


def not_at_night(now: datetime) -> datetime:
    """Now, or at seven in the morning where it is earlier in London."""
    here = now.astimezone(LONDON)
    return max(now, datetime.combine(here.date(), MORNING, tzinfo=ZoneInfo(ZONE)))


@transaction.atomic
def choose(reader: Reader, cadence: str, now: datetime) -> None:
    """Get the post of all one's offices as often as one says."""
    mine = Reader.objects.select_for_update().get(pk=reader.pk)
    mine.cadence = PostCadence(cadence).value
    mine.next_at = next_morning(now, _cadence(mine), ZONE)
    mine.save(update_fields=["cadence", "next_at"])


def sweep(now: datetime) -> int:
    """Forget who was told what long ago; how much."""
    return Reminded.objects.filter(written_at__lt=now - KEPT).delete()[0]


def forget_person(user: User) -> None:
    """With an account goes how it wanted its post, and what it was told."""
    Reader.objects.filter(user=user).delete()
