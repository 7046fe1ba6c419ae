"""What a text to a telephone says: that there is something, and where; whoever else looks at it learns no more."""

from notifications import following, links, telling
from notifications.models import Follow, Follower, Message
from record import checkpoints

ASKING = "Somebody, probably you, asked us to tell this number of news. To say yes:"
NEWS = "There is news of what you follow. To read it, change it or stop:"


def written(message: Message, follower: Follower) -> str | None:
    """The text of a message as it may be said now; None where nothing is left of it."""
    asked = message.deliveries.filter(notice__startswith=following.CONFIRM).first()
    if asked:
        wanted = Follow.objects.filter(pk=asked.notice.split(":")[1], confirmed_at=None).first()
        return f"{ASKING} {links.address(links.CONFIRM, wanted)}" if wanted else None
    if follower.confirmed_at is None or not telling.entries_of(message).exists():
        return None
    return f"{NEWS} {links.address(links.NEWS, message)}{_state()}"


def _state() -> str:
    """The newest signed state of the record as a line: how many entries, and the root over them."""
    state = checkpoints.latest()
    return "\nRecord: {1} {2}".format(*state.note.split("\n")[:3]) if state else ""
