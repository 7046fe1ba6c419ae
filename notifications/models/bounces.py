"""What came back of what was sent: who is not written to any more, what providers told, and the brake."""

from typing import ClassVar

from django.db import models


class BounceKind(models.TextChoices):
    """What a provider told of one message."""

    HARD = "hard", "there is no such mailbox or number"
    SOFT = "soft", "it could not be delivered this time"
    COMPLAINT = "complaint", "whoever got it says that it was not wanted"


class Suppression(models.Model):
    """Somebody who is not written to any more.

    About people: `mark`, a keyed hash of the address, so that whoever reads this table reads no addresses, and without
    SECRET_KEY cannot try any. Stays until an operator lets it go: whoever complained is not written to again.
    """

    mark = models.CharField(max_length=64, primary_key=True)
    kind = models.CharField(max_length=9, choices=BounceKind.choices)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"not written to since {self.at:%Y-%m-%d}"


class BounceReport(models.Model):
    """One thing that a provider told, once however often it tells it. About people: `mark`; gone after thirty days."""

    key = models.CharField(max_length=64, primary_key=True)
    channel = models.CharField(max_length=12)
    kind = models.CharField(max_length=9, choices=BounceKind.choices)
    mark = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["channel", "at"], name="bounces_of_a_channel"),
            models.Index(fields=["mark", "at"], name="bounces_of_a_mark"),
        ]

    def __str__(self) -> str:
        return self.kind


class Brake(models.Model):
    """That a channel stands still since too much came back, until an operator lets it go. About people: nothing."""

    channel = models.CharField(max_length=12, primary_key=True)
    pulled_at = models.DateTimeField(null=True, blank=True)
    released_at = models.DateTimeField(null=True, blank=True)
    sent = models.PositiveIntegerField(default=0)
    bounced = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.channel} {'stands still' if self.pulled_at else 'goes'}"
