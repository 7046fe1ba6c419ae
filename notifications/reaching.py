"""Whether a message still has somebody who wants it and can be reached: asked right before it goes out."""

from notifications import bounces, following
from notifications.models import Follower, Message


def recipient(message: Message) -> Follower | None:
    """For whom it is; None for who stopped meanwhile, complained, or cannot be reached."""
    follower = Follower.objects.filter(messages=message.pk, unreachable_since=None).first()
    if follower and follower.paused:
        following.give_back(message)
    return follower if follower and not bounces.is_suppressed(follower.address) else None
