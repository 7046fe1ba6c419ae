"""What is to be told to whom, and the messages in which it goes."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import Q

from notifications.models.following import Follower


class MessageState(models.TextChoices):
    """What became of a message."""

    WAITING = "waiting", "to be sent"
    SENT = "sent", "sent"
    FAILED = "failed", "given up"
    DROPPED = "dropped", "not sent, since nothing of it may be shown any more, or nobody wants it"


class Message(models.Model):
    """One mail, text or call, with what it tells. Its `id` is the same however often it is tried.

    Claimed with a lease (`lease_until`) and marked after sending: it goes out at least once, and a crash between
    repeats it under the same id. About people: for whom it is; gone thirty days after it was sent or given up.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    channel = models.CharField(max_length=12)
    follower = models.ForeignKey(
        Follower, models.CASCADE, null=True, blank=True, related_name="messages", db_index=False
    )
    state = models.CharField(max_length=8, choices=MessageState.choices, default=MessageState.WAITING)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claims = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["follower"], name="messages_of_a_follower"),
            models.Index(
                fields=["channel", "next_at"],
                name="messages_waiting",
                condition=Q(state=MessageState.WAITING),
            ),
            models.Index(fields=["done_at"], name="messages_done", condition=~Q(state=MessageState.WAITING)),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Delivery(models.Model):
    """That a follower is to be told one thing once: an entry of the record (`position`), or a reminder (`notice`).

    `message` is null until it is put into one. About people: who follows what; goes with the follower, and with its
    message.
    """

    follower = models.ForeignKey(
        Follower,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="deliveries",
        db_index=False,
        # Who stops while deliveries are written neither waits for that nor undoes it; what is left over goes later.
        db_constraint=False,
    )
    position = models.PositiveBigIntegerField(null=True, blank=True)
    notice = models.CharField(max_length=200, blank=True)
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="deliveries")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["follower", "position"],
                condition=Q(position__isnull=False),
                name="a_follower_is_told_an_entry_once",
            ),
            models.UniqueConstraint(
                fields=["follower", "notice"], condition=~Q(notice=""), name="a_follower_is_reminded_once"
            ),
            models.CheckConstraint(
                condition=Q(position__isnull=False, notice="") | Q(position=None) & ~Q(notice=""),
                name="a_delivery_tells_one_thing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["follower"], name="deliveries_untold", condition=Q(message=None)),
        ]

    def __str__(self) -> str:
        return self.notice or f"entry {self.position}"
