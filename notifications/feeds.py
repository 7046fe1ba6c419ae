"""Feeds of one's own: what somebody follows, for a feed reader that has the address, with or without mails.

The address is all that one needs, and can do nothing but read. A new one ends the earlier; whoever only reads a feed
gives no address of their own at all.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from notifications import kinds, links, searches, telling, topics
from notifications.channels.table import FEED
from notifications.errors import LinkGone
from notifications.following import Wanted
from notifications.models import Delivery, Follow, Follower, SavedSearch
from notifications.models.following import new_key
from record import clock
from record.models import Entry

UNREAD = timedelta(days=7)
"""A feed that nobody read so long after it was made goes, where no address belongs to it."""
FORGOTTEN = timedelta(days=90)
"""And so does one that nobody reads any more; and what it told so long ago."""
LOOKED_AT = 500
"""Among so many of the newest things told is looked for those of one follow."""
_HEX, _SIGNED = 32, 40


def address(follower: Follower, one: Follow | None = None) -> str | None:
    """Where its feed is read, whole or of one follow; None where it has none."""
    if not follower.feed_key:
        return None
    part = f"follows/{one.pk}/" if one else ""
    return f"{settings.PUBLIC_URL}/api/v1/feeds/{token(follower)}/{part}feed.atom"


def token(follower: Follower) -> str:
    """What makes the address its own. It reads, and does nothing else."""
    return follower.pk.hex + _signature(follower)


def _signature(follower: Follower) -> str:
    signed = salted_hmac("notifications.feed", f"{follower.pk.hex}.{follower.feed_key}", algorithm="sha256")
    return signed.hexdigest()[:_SIGNED]


def reader_of(text: str) -> Follower:
    """Whose feed it is. Raises LinkGone, also where it was ended or has another address by now."""
    try:
        key = UUID(text[:_HEX])
    except ValueError:
        raise LinkGone from None
    rows = Follower.objects.exclude(feed_key="").filter(links.of_open_accounts(), confirmed_at__isnull=False)
    found = rows.filter(pk=key).first()
    if found is None or not constant_time_compare(text[_HEX:], _signature(found)):
        raise LinkGone
    return found


def begin(follower: Follower) -> Follower:
    """Give it a feed, or its feed another address; the earlier one shows nothing from then on."""
    return _set(follower, new_key())


def end(follower: Follower) -> Follower:
    """Its feed shows nothing any more, at any address."""
    return _set(follower, "")


def _set(follower: Follower, key: str) -> Follower:
    if not Follower.objects.filter(pk=follower.pk).update(feed_key=key, feed_read_on=None):
        raise LinkGone
    follower.feed_key = key
    return follower


@transaction.atomic
def open_for(wanted: Sequence[tuple[Wanted, Sequence[str]]], now: datetime) -> Follower:
    """Somebody who follows these, each with its kinds, by a feed alone: nobody is written to, so nobody is asked."""
    follower = Follower(channel=FEED, confirmed_at=now, created_at=now, feed_key=new_key())
    follower.address = f"{FEED}:{follower.pk.hex}"
    follower.save()
    named = {_topic(what): (what, of) for what, of in wanted}
    Follow.objects.bulk_create(
        Follow(
            follower=follower,
            topic=topic,
            search=what if isinstance(what, SavedSearch) else None,
            kinds=kinds.packed(list(of)),
            confirmed_at=now,
            created_at=now,
        )
        for topic, (what, of) in named.items()
    )
    return follower


def _topic(wanted: Wanted) -> str:
    return f"search:{wanted.pk}" if isinstance(wanted, SavedSearch) else wanted


def entries(follower: Follower, of: Follow | None, before: int | None, most: int) -> list[Entry]:
    """The newest that it was told, of one follow or of all, as far as they may be shown at this moment."""
    told = Delivery.objects.filter(follower=follower, position__isnull=False)
    if before is not None:
        told = told.filter(position__lt=before)
    positions: Any = told.order_by("-position").values_list("position", flat=True)
    if of is not None:
        positions = _of(of, list(positions[:LOOKED_AT]))
    rows: QuerySet[Entry] = telling.showable(Entry.objects.filter(position__in=positions))
    return list(rows.order_by("-position")[:most])


def _of(one: Follow, positions: list[int]) -> list[int]:
    """Which of these entries one follow is about."""
    if one.search:
        found: Callable[[SavedSearch, list[int]], Any] = searches.finder()
        return list(found(one.search, positions))
    read = topics.at(positions)
    about = topics.of_entries(read)
    wanted = kinds.unpacked(one.kinds)
    return [
        each.position
        for each in read
        if one.topic in about[each.position] and (not wanted or kinds.kind_of(each.type) in wanted)
    ]


def note_reading(follower: Follower, today: date) -> None:
    """That it is read at all, to the day: what nobody reads is not kept for ever."""
    if follower.feed_read_on != today:
        Follower.objects.filter(pk=follower.pk).update(feed_read_on=today)


def sweep(now: datetime) -> None:
    """Forget feeds without an address that nobody reads, and what they told long ago."""
    mine = Follower.objects.filter(channel=FEED)
    never = Q(feed_read_on=None, created_at__lt=now - UNREAD)
    no_more = Q(feed_read_on__lt=(now - FORGOTTEN).astimezone(clock.LONDON).date())
    mine.filter(never | no_more).delete()
    last = Entry.objects.filter(at__lt=now - FORGOTTEN).aggregate(last=Max("position"))["last"]
    if last:
        Delivery.objects.filter(follower__channel=FEED, position__lte=last).delete()
