"""Programs that want to be called when something happens, the calls to them, and how each try went."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from notifications.models.outbox import MessageState


class EndpointState(models.TextChoices):
    """Whether it is called."""

    UNVERIFIED = "unverified", "has not yet answered a signed webhook.verify"
    ACTIVE = "active", "is called"
    DISABLED = "disabled", "is not called any more"


class Endpoint(models.Model):
    """An address that is called, and of what it wants to hear; nothing in `assembly`, `kinds` or topics is all.

    `after` is the position after which it hears of everything. Secrets are sealed, earlier ones with spaces
    between. About people: `owner`, whose it is; goes when they remove it and with the account. A removed one is emptied
    at once and stays a day, so that what was asked of it still counts against its owner's limit.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="endpoints")
    address = models.CharField(max_length=500, blank=True)
    host = models.CharField(max_length=260, blank=True)
    assembly = models.CharField(max_length=80, blank=True)
    kinds = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=EndpointState.choices, default=EndpointState.UNVERIFIED)
    reason = models.CharField(max_length=40, blank=True)
    after = models.PositiveBigIntegerField(null=True, blank=True)
    secret = models.CharField(max_length=300, blank=True)
    previous_secret = models.CharField(max_length=1000, blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    owner_to_be_told = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"a webhook, {self.state}"


class EndpointTopic(models.Model):
    """One of the topics of which an endpoint wants to hear (`commitment:WF24-C012`). About people: nothing."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="topics", db_index=False)
    topic = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["endpoint", "topic"], name="an_endpoint_names_a_topic_once")
        ]

    def __str__(self) -> str:
        return self.topic


class CallKind(models.TextChoices):
    """Why it is called."""

    ENTRY = "entry", "something happened"
    VERIFY = "verify", "to see that it is theirs"
    PING = "ping", "its owner wants to see it work"


class Call(models.Model):
    """One thing told to one endpoint, under one id however often it is tried. About people: nothing.

    Claimed with a lease, and marked after. Gone after thirty days.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="calls", db_index=False)
    host = models.CharField(max_length=260)
    kind = models.CharField(max_length=6, choices=CallKind.choices)
    position = models.PositiveBigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=MessageState.choices, default=MessageState.WAITING)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claims = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["endpoint", "position"],
                condition=Q(position__isnull=False),
                name="an_endpoint_is_told_an_entry_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=CallKind.ENTRY, position__isnull=False)
                | ~Q(kind=CallKind.ENTRY) & Q(position=None),
                name="a_call_tells_an_entry_or_tests",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["endpoint", "-created_at", "id"], name="calls_of_an_endpoint"),
            models.Index(fields=["next_at"], name="calls_waiting", condition=Q(state=MessageState.WAITING)),
            models.Index(fields=["host"], name="calls_in_flight", condition=Q(lease_until__isnull=False)),
            models.Index(fields=["created_at"], name="calls_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Attempt(models.Model):
    """How one try went: the status or a word for what failed, never what they answered. About people: nothing."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    milliseconds = models.PositiveIntegerField()
    error = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return str(self.status or self.error)
