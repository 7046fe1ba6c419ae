"""What others say of a claim: the panel's findings, and challenges with their whole life."""

from datetime import date
from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

from accounts.models import Team
from commitments.choices import ChallengeState, ChallengeVoice, Finding, HidingGround, Outcome
from commitments.models.commitments import Commitment
from commitments.models.held import Holdable
from commitments.models.updates import ProgressUpdate
from record.guarded import GuardedManager, GuardedModel, GuardedQuerySet, Recorded

STORED_STATES = [choice for choice in ChallengeState.choices if choice[0] != ChallengeState.UNANSWERED]
RUNNING = (ChallengeState.OPEN, ChallengeState.ANSWERED)
UNDECIDED = (ChallengeState.PROPOSED, ChallengeState.GATHERING, *RUNNING)
REFUTING = (Outcome.UPHELD, Outcome.PARTLY_UPHELD)


class Verification(Recorded, Holdable):
    """The panel's finding on a claim. Who claimed and who verifies are different people; the database insists.

    About people: `verified_by` and `claimed_by`, never shown; kept while the accounts are.
    """

    record_kind = "verification"
    typed, part_of = ("reason",), ("claim",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="verifications")
    claim = models.ForeignKey(ProgressUpdate, models.PROTECT, related_name="verifications")
    finding = models.CharField(max_length=16, choices=Finding.choices)
    reason = models.TextField()
    found_on = models.DateField()
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    claimed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["-position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(verified_by=F("claimed_by")), name="nobody_verifies_an_own_claim"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_finding_gives_its_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.finding}"


class ChallengeQuerySet(GuardedQuerySet["Challenge"]):
    """Challenges, with the state that the clock decides."""

    def with_state(self, today: date) -> Self:
        """Annotate `shown_state`: an open one whose reply is overdue is `unanswered`."""
        passed = Q(state=ChallengeState.OPEN, reply_due_on__lt=today)
        return self.annotate(
            shown_state=Case(
                When(passed, then=Value(ChallengeState.UNANSWERED.value)),
                default=F("state"),
                output_field=models.CharField(),
            )
        )


class Challenge(Recorded, Holdable):
    """A reasoned dispute of a claim, which the owner must answer by a date.

    About people: `proposer` and the supports, never shown; erasing an account leaves them pointing to nobody.
    """

    record_kind = "challenge"
    typed, part_of = ("reason", "reply", "outcome_reason"), ("claim",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="challenges")
    claim = models.ForeignKey(ProgressUpdate, models.PROTECT, related_name="challenges")
    voice = models.CharField(max_length=10, choices=ChallengeVoice.choices)
    proposer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()
    reason_shown = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=STORED_STATES)
    support_count = models.PositiveIntegerField(default=0)
    support_needed = models.PositiveSmallIntegerField(default=0)
    proposed_on = models.DateField()
    opened_on = models.DateField(null=True, blank=True)
    reply_due_on = models.DateField(null=True, blank=True, db_index=True)
    reply = models.TextField(blank=True)
    replied_by = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField(null=True, blank=True)
    late_by_days = models.PositiveIntegerField(null=True, blank=True)
    outcome = models.CharField(max_length=14, choices=Outcome.choices, null=True, blank=True)
    outcome_reason = models.TextField(blank=True)
    resolved_on = models.DateField(null=True, blank=True)
    refused_ground = models.CharField(max_length=13, choices=HidingGround.choices, null=True, blank=True)
    refused_on = models.DateField(null=True, blank=True)

    objects: ClassVar = GuardedManager.from_queryset(ChallengeQuerySet)()

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["-position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=ChallengeState.RESOLVED, outcome__isnull=False, resolved_on__isnull=False)
                & ~Q(outcome_reason="")
                | ~Q(state=ChallengeState.RESOLVED) & Q(outcome=None, resolved_on=None),
                name="a_resolved_challenge_has_its_outcome",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[*RUNNING, ChallengeState.RESOLVED],
                    opened_on__isnull=False,
                    reply_due_on__isnull=False,
                )
                | ~Q(state__in=[*RUNNING, ChallengeState.RESOLVED]) & Q(opened_on=None, reply_due_on=None),
                name="an_open_challenge_has_its_clock",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=ChallengeState.REFUSED, refused_ground__isnull=False, refused_on__isnull=False
                )
                | ~Q(state=ChallengeState.REFUSED) & Q(refused_ground=None, refused_on=None),
                name="a_refused_challenge_has_its_ground",
            ),
            models.CheckConstraint(
                condition=Q(answered_on=None, reply="") | Q(answered_on__isnull=False) & ~Q(reply=""),
                name="a_reply_has_its_day",
            ),
            models.UniqueConstraint(
                fields=["claim", "proposer"],
                condition=Q(state__in=UNDECIDED),
                name="one_challenge_a_person_and_claim",
            ),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(state__in=UNDECIDED, voice=ChallengeVoice.PANEL),
                name="one_challenge_of_the_panel_a_claim",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id}: {self.state}"


class Support(GuardedModel):
    """That one resident supports a challenge.

    About people: `user`, never shown; erasing the account leaves it pointing to nobody, and the count stays.
    """

    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="supports")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["challenge", "user"], name="a_resident_supports_once")
        ]

    def __str__(self) -> str:
        return f"support of {self.challenge_id}"
