"""Who follows what, what they are to be told, and the messages that tell them. None of it is a public fact."""

from notifications.models.bounces import BounceKind, BounceReport, Brake, Suppression
from notifications.models.endpoints import (
    Attempt,
    Call,
    CallKind,
    Endpoint,
    EndpointState,
    EndpointTopic,
)
from notifications.models.following import Cadence, Follow, Follower, SavedSearch
from notifications.models.offices import PostCadence, Reader, Reminded, Reminder, ReminderKind
from notifications.models.outbox import Delivery, Message, MessageState
from notifications.models.running import Beat, Cursor, Turn

__all__ = [
    "Attempt",
    "Beat",
    "BounceKind",
    "BounceReport",
    "Brake",
    "Cadence",
    "Call",
    "CallKind",
    "Cursor",
    "Delivery",
    "Endpoint",
    "EndpointState",
    "EndpointTopic",
    "Follow",
    "Follower",
    "Message",
    "MessageState",
    "PostCadence",
    "Reader",
    "Reminded",
    "Reminder",
    "ReminderKind",
    "SavedSearch",
    "Suppression",
    "Turn",
]
