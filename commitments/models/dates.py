"""Steps, requests for later dates, and which deadlines the record already knows as missed."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Team
from commitments.choices import Precision, RequestState
from commitments.models.commitments import LONGEST_DEADLINE, Commitment
from commitments.models.held import Holdable
from record.guarded import GuardedModel, Recorded


class Milestone(Recorded, Holdable):
    """A dated step of a commitment; when it is due and when it was done are two things."""

    record_kind = "milestone"
    typed, part_of = ("title",), ("commitment",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="milestones")
    title = models.CharField(max_length=300)
    due_on = models.DateField(db_index=True)
    first_due_on = models.DateField()
    done_on = models.DateField(null=True, blank=True)

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["due_on", "id"]

    def __str__(self) -> str:
        return self.title


class DueDateChange(Recorded):
    """A move of a due date: who asked, why, who decided. About people: `author`, `decided_by`, never shown."""

    record_kind = "due_date_change"
    typed, part_of = ("old_text", "text", "reason", "decision_reason"), ("commitment",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="due_date_changes")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    old_on = models.DateField(null=True, blank=True)
    old_precision = models.CharField(max_length=8, choices=Precision.choices, blank=True)
    old_text = models.CharField(max_length=LONGEST_DEADLINE, blank=True)
    on = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=8, choices=Precision.choices)
    text = models.CharField(max_length=LONGEST_DEADLINE, blank=True)
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.REQUESTED)
    requested_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)
    decided_by_office = models.CharField(max_length=120, blank=True)
    decision_reason = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["-position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["commitment"],
                condition=Q(state=RequestState.REQUESTED),
                name="one_due_date_request_waits",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.REQUESTED, decided_on=None, decided_by=None)
                | Q(state=RequestState.CLOSED, decided_on__isnull=False, decided_by=None)
                | ~Q(state__in=[RequestState.REQUESTED, RequestState.CLOSED])
                & Q(decided_on__isnull=False, decided_by__isnull=False),
                name="a_decided_date_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("author")), name="nobody_approves_an_own_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} → {self.text or self.on}: {self.state}"


class Missed(GuardedModel):
    """A deadline that the record already holds as missed, so that the clock writes each one once."""

    type = models.CharField(max_length=40)
    subject = models.CharField(max_length=160)
    deadline = models.DateField()

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["type", "subject", "deadline"], name="a_deadline_is_missed_once")
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject} {self.deadline}"
