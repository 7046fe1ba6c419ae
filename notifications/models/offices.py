"""What offices are to be told, once each, and how those who work in them want their post."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from notifications.models.following import new_key
from notifications.models.outbox import Message


class PostCadence(models.TextChoices):
    """How often somebody gets the post of their offices."""

    AT_ONCE = "at_once", "at once, from seven in the morning on"
    DAILY = "daily", "once a day, in the morning"
    WEEKLY = "weekly", "once a week, on Monday morning"
    OFF = "off", "not at all, while somebody else in the office reads it"


class ReminderKind(models.TextChoices):
    """What an office is told: dates that come, what is still so after its date, a week's list, an entry, roles."""

    UPDATE_DUE = "update_due", "an update is due"
    DUE = "due", "a promise is due"
    STEP_DUE = "step_due", "a step is due"
    REPLY_DUE = "reply_due", "a reply to a challenge is due"
    RESPONSE_DUE = "response_due", "an answer to a recommendation is due"
    STILL_LATE = "still_late", "a promise is late still"
    STILL_SILENT = "still_silent", "nothing was heard still"
    STILL_UNANSWERED = "still_unanswered", "a challenge has no reply still"
    WEEK = "week", "what is late, silent, unanswered or waits in an assembly"
    ENTRY = "entry", "an entry of the record"
    ROLES = "roles", "a role is proposed, was taken up or ended"


class Reader(models.Model):
    """How somebody who works in an office gets its post. About people: all of it; it goes with the account.

    The post belongs to the office: whoever works there when it goes out gets it, and nobody who left. `next_at` is when
    the next mail is due, null for at once and before the first.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reader")
    cadence = models.CharField(max_length=8, choices=PostCadence.choices, default=PostCadence.DAILY)
    key = models.CharField(max_length=40, default=new_key)
    next_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return "a reader"


class Reminder(models.Model):
    """That an office is to hear of one thing once. Nothing in it is about a person.

    What comes from a date is known by that date and by how many days before it (`days`); what comes from an entry by
    its `position`. Whether it still holds is asked when it is sent, and nowhere kept.
    """

    office = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=ReminderKind.choices)
    subject = models.CharField(max_length=160)
    on = models.DateField()
    days = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveBigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()
    placed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["office", "kind", "subject", "on", "days"],
                condition=Q(position=None),
                name="an_office_is_reminded_once",
            ),
            models.UniqueConstraint(
                fields=["office", "position"],
                condition=Q(position__isnull=False),
                name="an_office_is_told_an_entry_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=ReminderKind.ENTRY, position__isnull=False)
                | ~Q(kind=ReminderKind.ENTRY) & Q(position=None),
                name="an_entry_has_its_place",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["made_at"], name="reminders_unplaced", condition=Q(placed_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.office}: {self.kind} {self.subject} {self.on}"


class Reminded(models.Model):
    """That one person is to be told a reminder of their office, once; `message` is null until it is written.

    About people: what somebody was told at work. Goes with the account, and ninety days after it was written.
    """

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="told")
    reader = models.ForeignKey(Reader, models.CASCADE, related_name="told", db_index=False)
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="reminded")
    written_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reader", "reminder"], name="a_person_is_reminded_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["reader"], name="reminded_unwritten", condition=Q(written_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.reminder_id)
