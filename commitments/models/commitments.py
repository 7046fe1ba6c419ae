"""What owners promise, who they are, and how one promise came from another."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

from accounts.models import Organisation, Team
from commitments.choices import CommitmentStage, Finding, LineageKind, Precision, Standing, Status
from commitments.models.areas import Area
from commitments.models.assemblies import Assembly
from commitments.models.held import Holdable
from commitments.models.recommendations import Recommendation
from commitments.models.residents import Heard, gap
from record.guarded import GuardedManager, GuardedModel, GuardedQuerySet, Recorded

VERY_LATE_AFTER = timedelta(days=90)
CLOSED = (Status.ABANDONED, Status.SUPERSEDED)
LIVE = (CommitmentStage.ENTERED, CommitmentStage.PUBLISHED, CommitmentStage.ACCEPTED)
"""The stages of a promise whose place no other has taken."""
# The words of a deadline are kept whole; some are sentences.
LONGEST_DEADLINE = 500

IS_MEASURABLE = ~Q(measure="") & ~Q(target="") & ~Q(proof="") & Q(due_on__isnull=False)
IS_CONTESTED = Q(status=Status.COMPLETED) & (
    Q(disputed=True) | Q(finding__isnull=False) & ~Q(finding=Finding.VERIFIED)
)
CLAIM_STANDS = Q(status=Status.COMPLETED, refuted_on=None)
NO_CLAIM_STANDS = Q(status=None) | ~Q(status=Status.COMPLETED) | Q(refuted_on__isnull=False)


def is_overdue(today: date) -> Q:
    """Past the due date of an owner's promise, and no claim of completion stands."""
    return Q(accepted_on__isnull=False, due_on__lt=today) & NO_CLAIM_STANDS


def is_very_late(today: date) -> Q:
    """Overdue by more than 90 days."""
    return is_overdue(today) & Q(due_on__lt=today - VERY_LATE_AFTER)


def is_silent(today: date) -> Q:
    """The promised rhythm of updates was missed, and there is still something to report."""
    return Q(update_due_on__lt=today) & (Q(status=None) | ~Q(status__in=CLOSED)) & NO_CLAIM_STANDS


def standing(today: date) -> Case:
    """What the record shows on `today`, the first that holds, in SQL; `commitments.standing` is its twin."""
    completed = Q(status=Status.COMPLETED)
    order = [
        (Q(status=Status.ABANDONED), Standing.ABANDONED),
        (Q(status=Status.SUPERSEDED), Standing.SUPERSEDED),
        (IS_CONTESTED, Standing.CONTESTED),
        (completed & Q(finding=Finding.VERIFIED), Standing.VERIFIED),
        (completed & Q(verify_by__lt=today), Standing.UNVERIFIED),
        (completed, Standing.CLAIMED),
        (is_very_late(today), Standing.VERY_LATE),
        (is_overdue(today), Standing.LATE),
        (is_silent(today), Standing.SILENT),
        (Q(status=Status.IN_PROGRESS), Standing.ON_TRACK),
        (Q(status=Status.NOT_STARTED), Standing.NOT_STARTED),
    ]
    return Case(
        *(When(holds, then=Value(name.value)) for holds, name in order),
        default=Value(Standing.NO_WORD.value),
        output_field=models.CharField(),
    )


def standing_needs(name: Standing, today: date) -> Q:
    """What must hold for a standing, said in columns that an index can find; it does not suffice."""
    completed = Q(status=Status.COMPLETED)
    return {
        Standing.ABANDONED: Q(status=Status.ABANDONED),
        Standing.SUPERSEDED: Q(status=Status.SUPERSEDED),
        Standing.CONTESTED: IS_CONTESTED,
        Standing.VERIFIED: completed & Q(finding=Finding.VERIFIED),
        Standing.UNVERIFIED: completed & Q(verify_by__lt=today),
        Standing.CLAIMED: completed,
        Standing.VERY_LATE: is_very_late(today),
        Standing.LATE: is_overdue(today),
        Standing.SILENT: is_silent(today),
        Standing.ON_TRACK: Q(status=Status.IN_PROGRESS),
        Standing.NOT_STARTED: Q(status=Status.NOT_STARTED),
        Standing.NO_WORD: Q(status=None),
    }[name]


def truth(holds: Q) -> Case:
    """A condition as a value: false where it is not known to hold."""
    return Case(When(holds, then=Value(True)), default=Value(False), output_field=models.BooleanField())


FACTS: dict[str, Callable[[date], Q]] = {
    "overdue": is_overdue,
    "silent": is_silent,
    "contested": lambda today: IS_CONTESTED,
    "measurable": lambda today: IS_MEASURABLE,
}
"""Facts of their own, whatever the standing, for a given day."""


class CommitmentQuerySet(GuardedQuerySet["Commitment"]):
    """Commitments, with what the clock decides computed in SQL for a given day."""

    def with_standing(self, today: date) -> Self:
        """Annotate `standing` as it is on `today`."""
        return self.annotate(standing=standing(today))

    def overdue(self, today: date) -> Self:
        """Past the due date with no standing claim, whatever the standing."""
        return self.filter(is_overdue(today))

    def silent(self, today: date) -> Self:
        """The rhythm of updates was missed, whatever the standing."""
        return self.filter(is_silent(today))

    def contested(self) -> Self:
        """The present claim is disputed or was refuted."""
        return self.filter(IS_CONTESTED)

    def measurable(self) -> Self:
        """Has measure, target, due date and source of proof."""
        return self.filter(IS_MEASURABLE)


class Commitment(Heard, Holdable):
    """What owners promise to do.

    Facts about the owner's claim (`status` … `open_challenges`) are kept here by the verbs, so that lists need no
    other table; what the clock decides is never stored. `accepted_on` is null while the commitment is only entered
    from a source: then no clock runs. `due_on` is the last day of the promised period.
    """

    record_kind = "commitment"
    typed = (
        "title",
        "body",
        "measure",
        "baseline",
        "target",
        "proof",
        "due_text",
        "reported_state",
        "notes",
        "entered_from",
    )

    reference = models.CharField(max_length=24, unique=True)
    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="commitments")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    measure = models.TextField(blank=True)
    baseline = models.TextField(blank=True)
    target = models.TextField(blank=True)
    proof = models.TextField(blank=True)
    recommendations = models.ManyToManyField(Recommendation, through="Answering", related_name="commitments")
    areas = models.ManyToManyField(Area, through="CommitmentArea", related_name="commitments")
    stage = models.CharField(max_length=10, choices=CommitmentStage.choices)
    entered_from = models.JSONField(null=True, blank=True)
    reported_state = models.CharField(max_length=300, blank=True)
    notes = models.JSONField(default=list, blank=True)

    due_on = models.DateField(null=True, blank=True, db_index=True)
    due_precision = models.CharField(max_length=8, choices=Precision.choices, blank=True)
    due_text = models.CharField(max_length=LONGEST_DEADLINE, blank=True)
    first_due_on = models.DateField(null=True, blank=True)
    due_changes = models.PositiveIntegerField(default=0)

    status = models.CharField(max_length=12, choices=Status.choices, null=True, blank=True)
    status_at = models.DateTimeField(null=True, blank=True)
    claim = models.ForeignKey("ProgressUpdate", models.PROTECT, null=True, blank=True, related_name="+")
    claimed_on = models.DateField(null=True, blank=True)
    verify_by = models.DateField(null=True, blank=True)
    finding = models.CharField(max_length=16, choices=Finding.choices, null=True, blank=True)
    refuted_on = models.DateField(null=True, blank=True)
    disputed = models.BooleanField(default=False)
    open_challenges = models.PositiveIntegerField(default=0)
    accepted_on = models.DateField(null=True, blank=True)
    update_due_on = models.DateField(null=True, blank=True, db_index=True)
    clock_moved_on = models.DateField(null=True, blank=True, editable=False)
    last_update_at = models.DateTimeField(null=True, blank=True)
    gap = models.GeneratedField(
        expression=gap(), output_field=models.SmallIntegerField(null=True), db_persist=True
    )

    objects: ClassVar = GuardedManager.from_queryset(CommitmentQuerySet)()

    class Meta(Heard.Meta):
        ordering: ClassVar = ["reference"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assembly", "number"], name="a_commitment_is_numbered_once"),
            models.CheckConstraint(
                condition=Q(
                    status=Status.COMPLETED,
                    claim__isnull=False,
                    claimed_on__isnull=False,
                    verify_by__isnull=False,
                )
                | (Q(status=None) | ~Q(status=Status.COMPLETED))
                & Q(
                    claim=None, claimed_on=None, verify_by=None, finding=None, refuted_on=None, disputed=False
                ),
                name="completed_means_a_claim",
            ),
            models.CheckConstraint(
                condition=Q(accepted_on__isnull=False)
                | Q(entered_from__isnull=False, update_due_on=None, status=None),
                name="no_clock_runs_before_an_owner_accepts",
            ),
            models.CheckConstraint(
                condition=(Q(due_on=None) | Q(first_due_on__isnull=False))
                & (Q(due_on=None) | ~Q(due_precision="")),
                name="the_first_due_date_is_kept",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["assembly", "status"]),
            models.Index(fields=["-updated_position", "id"], name="commitments_by_change"),
            # A page of a list costs the same in a long one: what it filters by comes first, then its order.
            models.Index(fields=["assembly", "position"], name="commitments_of_an_assembly"),
            models.Index(fields=["assembly", "status", "position"], name="commitments_by_status"),
            models.Index(fields=["status", "position"], name="commitments_by_word"),
            models.Index(fields=["due_on", "position"], name="commitments_by_due_date"),
            models.Index(fields=["updated_at", "position"], name="commitments_by_update"),
            models.Index(fields=["title", "position"], name="commitments_by_title"),
            models.Index(fields=["position"], name="commitments_contested", condition=IS_CONTESTED),
            models.Index(fields=["residents_order", "position"], name="commitments_by_residents"),
            models.Index(fields=["gap", "position"], name="commitments_by_gap"),
            models.Index(
                fields=["position"], name="commitments_rated", condition=Q(residents_mean__isnull=False)
            ),
            models.Index(
                fields=["due_on", "position"],
                name="commitments_running",
                condition=Q(accepted_on__isnull=False) & NO_CLAIM_STANDS,
            ),
        ]

    @property
    def record_key(self) -> str:
        """Its reference."""
        return self.reference

    @property
    def is_measurable(self) -> bool:
        """Has measure, target, due date and source of proof; otherwise nobody can judge it."""
        return bool(self.measure and self.target and self.proof and self.due_on)

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"


class Owner(GuardedModel):
    """A team (or, where a source names no team, only its body) that a commitment belongs to; one leads.

    `accepted_on` is null while the owner has not said yes itself; `ended_on` is set by a hand-over or correction.
    `passed_to` is the team that took it over when this one ended: what a team owned then stays on its scorecard.
    """

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="owners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="owned")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="owned")
    lead = models.BooleanField(default=False)
    accepted_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    passed_to = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    team_status = models.CharField(max_length=12, choices=Status.choices, null=True, blank=True)
    team_status_at = models.DateTimeField(null=True, blank=True)

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["-lead", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["commitment"], condition=Q(lead=True, ended_on=None), name="one_owner_leads"
            ),
            models.UniqueConstraint(
                fields=["commitment", "team"],
                condition=Q(team__isnull=False, ended_on=None),
                name="a_team_owns_a_commitment_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.team or self.organisation)


class Answering(GuardedModel):
    """That a commitment answers a recommendation."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="answering")
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, related_name="answered_by")

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["commitment", "recommendation"], name="a_commitment_answers_once")
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} answers {self.recommendation_id}"


class CommitmentArea(GuardedModel):
    """Where a commitment applies."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="placed")
    area = models.ForeignKey(Area, models.PROTECT, related_name="placed")

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["commitment", "area"], name="a_commitment_is_placed_once")
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} in {self.area_id}"


class Lineage(Recorded):
    """That one commitment came from another: superseded it, or was split or merged from it.

    About people: `author`, never shown; kept while the account is.
    """

    record_kind = "lineage"
    typed, part_of, words_of = ("reason",), ("earlier",), ("earlier",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=LineageKind.choices)
    earlier = models.ForeignKey(Commitment, models.PROTECT, related_name="later_links")
    later = models.ForeignKey(Commitment, models.PROTECT, related_name="earlier_links")
    reason = models.TextField()
    on = models.DateField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["earlier", "later"], name="a_lineage_is_said_once"),
            models.CheckConstraint(condition=~Q(earlier=F("later")), name="nothing_comes_from_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.earlier_id} {self.kind} by {self.later_id}"
