"""Who follows what, what they are to be told, and the messages that tell them. None of it is a public fact."""

from notifications.models.following import Cadence, Follow, Follower, SavedSearch
from notifications.models.outbox import Delivery, Message, MessageState
from notifications.models.running import Beat, Cursor

__all__ = [
    "Beat",
    "Cadence",
    "Cursor",
    "Delivery",
    "Follow",
    "Follower",
    "Message",
    "MessageState",
    "SavedSearch",
]
