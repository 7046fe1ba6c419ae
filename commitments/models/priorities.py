"""What neighbourhood teams told data.police.uk, as it was seen: neighbourhoods, priorities, every wording, and answers.

The source keeps no history and gives priorities no ids, so what was seen is kept here.
"""

from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from commitments.choices import CommitmentStage, PlacedBy, Status
from commitments.models.areas import Area
from commitments.models.commitments import Commitment
from record.guarded import GuardedManager, GuardedModel, GuardedQuerySet, Recorded

REPLACED = (CommitmentStage.SUPERSEDED, CommitmentStage.SPLIT, CommitmentStage.MERGED)


class Neighbourhood(Recorded):
    """A neighbourhood of a force, by the source's ids: `code` is unique within its force alone.

    `area` is null until it is certain (equal code or name) or a convenor said so; `placed_by` says which. `looked_on`
    is the last day on which its priorities were read whole, `gone_on` the first on which the source did not list it.

    About people: nothing; its officers and how to reach them are not taken.
    """

    record_kind = "neighbourhood"
    typed = ("name",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    force = models.CharField(max_length=60, db_index=True)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=400)
    population = models.PositiveIntegerField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="neighbourhoods")
    placed_by = models.CharField(max_length=8, choices=PlacedBy.choices, blank=True)
    first_seen_on = models.DateField()
    looked_on = models.DateField()
    gone_on = models.DateField(null=True, blank=True)

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["force", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["force", "code"], name="a_neighbourhood_of_a_force_is_kept_once"),
            models.CheckConstraint(
                condition=Q(area=None) | ~Q(placed_by=""), name="a_place_says_whose_finding_it_is"
            ),
        ]

    @property
    def record_key(self) -> str:
        """Its id here; the source's own holds signs that no reference takes."""
        return str(self.pk)

    def __str__(self) -> str:
        return f"{self.force} {self.code} {self.name}"


class PriorityQuerySet(GuardedQuerySet["Priority"]):
    """Priorities, with who answers them computed in SQL."""

    def with_committed(self) -> Self:
        """Annotate `committed`: whether a commitment that still stands is tied to it."""
        ties = Tie.objects.filter(priority=OuterRef("pk"))
        return self.annotate(committed=Exists(ties.filter(STANDS)))

    def current(self) -> Self:
        """Those that the source showed when it was last looked at."""
        return self.filter(gone_on=None)


class Priority(Recorded):
    """An issue that a neighbourhood team said it works on, in plain text, in its present wording.

    `gone_on` is the first day on which it was missing, `last_seen_on` the last on which it was there before that.
    `words` is what text search looks through.

    About people: nothing but what a force published; whom its words name goes by redaction, as in any published text.
    """

    record_kind = "priority"
    typed, part_of = ("issue", "action", "words"), ("neighbourhood",)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    neighbourhood = models.ForeignKey(Neighbourhood, models.PROTECT, related_name="priorities")
    issue = models.TextField(blank=True)
    action = models.TextField(blank=True)
    issue_date = models.DateField(null=True, blank=True)
    action_date = models.DateField(null=True, blank=True)
    first_seen_on = models.DateField()
    last_seen_on = models.DateField(null=True, blank=True)
    gone_on = models.DateField(null=True, blank=True)
    edits = models.PositiveIntegerField(default=0)
    words = models.TextField(blank=True, editable=False)
    commitments = models.ManyToManyField(Commitment, through="Tie", related_name="priorities")

    objects: ClassVar = GuardedManager.from_queryset(PriorityQuerySet)()

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["position"]
        verbose_name_plural = "priorities"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(issue="", action=""), name="a_priority_says_something"),
            models.CheckConstraint(
                condition=Q(gone_on=None, last_seen_on=None)
                | Q(gone_on__isnull=False, last_seen_on__isnull=False, gone_on__gte=F("last_seen_on")),
                name="what_is_gone_was_seen_before",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["neighbourhood", "gone_on"], name="priorities_of_a_neighbourhood")
        ]

    @property
    def record_key(self) -> str:
        """Its id here; the source gives none."""
        return str(self.pk)

    def __str__(self) -> str:
        return self.issue or self.action


class PriorityWording(GuardedModel):
    """How a priority read from the day on which it was first seen so; the newest is the present wording.

    About people: as `Priority`.
    """

    typed, part_of, words_of = ("issue", "action"), ("priority",), ("priority",)

    priority = models.ForeignKey(Priority, models.PROTECT, related_name="wordings")
    seen_on = models.DateField()
    position = models.PositiveBigIntegerField()
    issue = models.TextField(blank=True)
    action = models.TextField(blank=True)
    issue_date = models.DateField(null=True, blank=True)
    action_date = models.DateField(null=True, blank=True)

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["priority", "position"], name="a_wording_has_one_entry")
        ]

    def __str__(self) -> str:
        return f"{self.priority_id} on {self.seen_on}"


class Tie(GuardedModel):
    """That a commitment answers a priority, said by the convenor or by an owner."""

    priority = models.ForeignKey(Priority, models.PROTECT, related_name="ties")
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="ties")
    tied_on = models.DateField()

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["priority", "commitment"], name="a_commitment_answers_a_priority_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} answers {self.priority_id}"


STANDS = ~Q(commitment__stage__in=REPLACED) & (
    Q(commitment__status=None) | ~Q(commitment__status=Status.ABANDONED)
)
"""Of a tie: that its commitment was neither abandoned nor replaced by another."""
