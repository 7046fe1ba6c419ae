"""Followers for tests."""

from datetime import datetime

from notifications.models import Cadence, Follow, Follower
from notifications.mornings import next_morning
from record import clock


def follower(
    address: str = "ana@example.org", *topics: str, cadence: str = Cadence.AT_ONCE, **more: str
) -> Follower:
    """Somebody who confirmed an address and follows these topics, with `kinds` packed as a follow keeps them."""
    now: datetime = clock.now()
    one = Follower.objects.create(
        address=address,
        confirmed_at=now,
        created_at=now,
        cadence=cadence,
        next_at=next_morning(now, cadence, "Europe/London"),
    )
    for topic in topics:
        Follow.objects.create(
            follower=one, topic=topic, created_at=now, confirmed_at=now, kinds=more.get("kinds", "")
        )
    return one
