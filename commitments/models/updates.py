"""What owners report, with evidence; and corrections of wordings."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import Team
from commitments.choices import RequestState, Status
from commitments.models.commitments import Commitment
from commitments.models.held import Holdable
from commitments.models.recommendations import Recommendation
from record.guarded import GuardedModel, Recorded

NOT_WORDS = ("owners", "milestone")
"""What of a commitment is corrected, and is no words."""


class ProgressUpdate(Recorded, Holdable):
    """Dated words of an owner. A lead's `status` is the owner's claim; a co-owner's is its `team_status`.

    Where `nothing_to_report`, there are no words, and the status is what it was.

    About people: `author`, never shown; kept while the account is, since nobody verifies an own claim.
    """

    record_kind = "update"
    typed, part_of = ("body", "reason"), ("commitment",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="updates")
    team = models.ForeignKey(Team, models.PROTECT, related_name="updates")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    posted_on = models.DateField()
    lead = models.BooleanField()
    status = models.CharField(max_length=12, choices=Status.choices, null=True, blank=True)
    team_status = models.CharField(max_length=12, choices=Status.choices, null=True, blank=True)
    is_claim = models.BooleanField(default=False)
    nothing_to_report = models.BooleanField(default=False, db_default=False)
    body = models.TextField()
    reason = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["-position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(lead=True, team_status=None, status__isnull=False)
                | Q(lead=False, status=None, team_status__isnull=False),
                name="only_the_lead_sets_the_status",
            ),
            models.CheckConstraint(
                condition=Q(is_claim=True, status=Status.COMPLETED)
                | Q(is_claim=False) & ~Q(status=Status.COMPLETED)
                | Q(is_claim=False, status=None),
                name="a_claim_says_completed",
            ),
            models.CheckConstraint(
                condition=Q(nothing_to_report=False) | Q(nothing_to_report=True, is_claim=False),
                name="who_claims_has_something_to_report",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["commitment", "-position"], name="updates_of_a_commitment")]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.status or self.team_status}"


class Evidence(GuardedModel):
    """A link or a file that shows what an update says; a file's `url` is blank."""

    typed, part_of, words_of = ("title", "url"), ("update",), ("update",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    update = models.ForeignKey(ProgressUpdate, models.PROTECT, related_name="evidence")
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=1000, blank=True)
    dated = models.DateField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class Correction(Recorded):
    """A changed wording: old text, new text, reason. The old stays readable.

    An owner's correction of a commitment waits for the convenor; others take effect at once. `milestone` names the step
    whose date is corrected. About people: `author` and `decided_by` (null where nobody had to approve), never shown.
    """

    record_kind = "correction"
    typed = ("old", "new", "reason", "decision_reason")
    part_of = ("update", "milestone", "recommendation", "commitment")
    words_of = ("update", "recommendation", "commitment")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    update = models.ForeignKey(
        ProgressUpdate, models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    milestone = models.ForeignKey(
        "Milestone", models.PROTECT, null=True, blank=True, related_name="corrections"
    )
    field = models.CharField(max_length=20)
    old = models.TextField(blank=True)
    new = models.TextField()
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=RequestState.choices)
    requested_on = models.DateField()
    requested_by = models.CharField(max_length=120)
    decided_on = models.DateField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["-position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(commitment__isnull=False, recommendation=None, update=None)
                | Q(commitment=None, recommendation__isnull=False, update=None, milestone=None)
                | Q(commitment=None, recommendation=None, update__isnull=False, milestone=None),
                name="a_correction_has_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.REQUESTED, decided_on=None)
                | ~Q(state=RequestState.REQUESTED) & Q(decided_on__isnull=False),
                name="a_decided_correction_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("author")),
                name="nobody_approves_an_own_correction",
            ),
        ]

    @property
    def typed_here(self) -> tuple[str, ...]:
        """Old and new owners are slugs and old and new dates are dates: those are facts, and no words."""
        return self.typed[2:] if self.field in NOT_WORDS else self.typed

    def __str__(self) -> str:
        return f"{self.field}: {self.state}"
