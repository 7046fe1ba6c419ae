"""What is held back or erased, since when, on which ground and by which office; and where held words wait meanwhile."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commitments.choices import (
    HidingGround,
    HoldGround,
    RedactionCategory,
    RedactionGround,
    RedactionState,
    WithholdingKind,
)
from commitments.models.assemblies import Assembly
from record.guarded import GuardedModel, Recorded

LONGEST_SUBJECT = 160


class Withholding(Recorded):
    """That the convenor holds words back while a case is live, or hides them after looking at them.

    `subject` is the thing whose words they are, `root` the thing to whose story it belongs and whose row is locked for
    it. `entries` are the positions whose words alone are meant; empty means all of the subject. A hold reaches
    everything that belongs to its subject, also what comes later; hiding reaches the subject's own words.

    About people: `placed_by` and `lifted_by`, never shown; `note` is the convenor's own, and is never published. All
    are kept while the accounts are.
    """

    record_kind = "hold"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=6, choices=WithholdingKind.choices)
    assembly = models.ForeignKey(Assembly, models.PROTECT, null=True, blank=True, related_name="withholdings")
    subject = models.CharField(max_length=LONGEST_SUBJECT, db_index=True)
    root = models.CharField(max_length=LONGEST_SUBJECT, db_index=True)
    entries = models.JSONField(default=list, blank=True)
    ground = models.CharField(max_length=13, choices=[*HoldGround.choices, *HidingGround.choices])
    note = models.TextField(blank=True)
    placed_on = models.DateField()
    office = models.CharField(max_length=120)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_on = models.DateField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["-position"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(kind=WithholdingKind.HELD, lifted_on=None),
                name="a_thing_is_held_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(lifted_on=None, lifted_by=None)
                | Q(lifted_on__isnull=False, lifted_by__isnull=False),
                name="a_lifted_hold_has_its_day",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["root"], name="withheld_at_present", condition=Q(lifted_on=None))
        ]

    @property
    def record_subject(self) -> str:
        """`hold:…`, or `hiding:…`."""
        return f"{'hold' if self.kind == WithholdingKind.HELD else 'hiding'}:{self.pk}"

    def __str__(self) -> str:
        return f"{self.subject}: {self.kind}"


class Vaulted(GuardedModel):
    """A text while it is held back: from which column of which row it was taken, so that it goes back as it was.

    Read by what puts it back, and by the convenor of its assembly; in no list, export, window or feed. `table` is a
    model's label, `value` what stood in the column. Of the record's own words the state alone is kept here: they stay
    where they are, as hidden.

    About people: `value` may name some. It goes with its words by redaction.
    """

    root = models.CharField(max_length=LONGEST_SUBJECT, db_index=True)
    table = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    column = models.CharField(max_length=60)
    value = models.JSONField()

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["table", "key", "column"], name="a_text_is_in_the_vault_once")
        ]

    def __str__(self) -> str:
        return f"{self.column} of {self.table} {self.key}"


class Redaction(Recorded):
    """That words are to be erased: one convenor asks, another agrees; then words and salt are gone, and it is public.

    While it is only asked for it has no position and is shown to convenors alone, since it points to the words.
    `entries` are the positions that were named, or none for all of the subject; `erased` those whose words went.

    About people: `asked_by` and `decided_by`, never shown; kept while the accounts are.
    """

    record_kind = "redaction"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    assembly = models.ForeignKey(Assembly, models.PROTECT, null=True, blank=True, related_name="redactions")
    subject = models.CharField(max_length=LONGEST_SUBJECT, db_index=True)
    root = models.CharField(max_length=LONGEST_SUBJECT)
    entries = models.JSONField(default=list, blank=True)
    erased = models.JSONField(default=list, blank=True)
    ground = models.CharField(max_length=16, choices=RedactionGround.choices)
    category = models.CharField(max_length=16, choices=RedactionCategory.choices)
    state = models.CharField(max_length=10, choices=RedactionState.choices, default=RedactionState.ASKED)
    asked_on = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["-asked_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=RedactionState.WITHDRAWN)
                | Q(decided_by=None)
                | ~Q(decided_by=F("asked_by")),
                name="nobody_approves_an_own_redaction",
            ),
            models.CheckConstraint(
                condition=Q(state=RedactionState.ASKED, decided_on=None, decided_by=None)
                | ~Q(state=RedactionState.ASKED) & Q(decided_on__isnull=False, decided_by__isnull=False),
                name="a_decided_redaction_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(state=RedactionState.APPROVED) | Q(position=None),
                name="a_redaction_is_public_once_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.state}"
