"""Figures that were published, and what stood behind them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ratings.models.periods import RatingPeriod
from record import clock
from record.guarded import GuardedModel


class Counted(GuardedModel):
    """What stood behind a subject's figures when they were published, so that the next cut knows what changed since.

    `behind`: for each breakdown and group how many did not know, and how many rated 1 to 5. Exact, so never shown; gone
    two weeks after the quarter. About people: counts of opinions, of few people too; no person is in it.
    """

    period = models.ForeignKey(RatingPeriod, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=160)
    slot = models.DateField()
    behind = models.JSONField()

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "subject", "slot"], name="a_subject_is_counted_once_a_slot"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.slot}"


class Figure(GuardedModel):
    """A figure as it was published at one slot: rounded, with its interval, or withheld. Nobody is in it.

    `by` is `all`, `stratum` or a question on communities; `group` is which one. `n`, `dont_know` are rounded to 5.
    `set_aside`: two people decided that its quarter is not what residents say; it stays to be read.
    """

    period = models.ForeignKey(RatingPeriod, models.PROTECT, related_name="figures")
    subject = models.CharField(max_length=160)
    by = models.CharField(max_length=20)
    group = models.CharField(max_length=20, blank=True)
    slot = models.DateField()
    cut_at = models.DateTimeField()
    latest = models.BooleanField(default=True)
    n = models.PositiveIntegerField(null=True)
    dont_know = models.PositiveIntegerField(null=True)
    mean = models.DecimalField(max_digits=2, decimal_places=1, null=True)
    low = models.DecimalField(max_digits=2, decimal_places=1, null=True)
    high = models.DecimalField(max_digits=2, decimal_places=1, null=True)
    shares = models.JSONField(null=True)
    position = models.PositiveBigIntegerField(db_index=True)
    set_aside = models.BooleanField(default=False)
    updated_at = models.DateTimeField(default=clock.now, db_index=True)
    invented = models.BooleanField(default=False)

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["period", "subject", "by", "group", "slot"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "subject", "by", "group", "slot"], name="a_figure_is_cut_once_a_slot"
            ),
            models.CheckConstraint(
                condition=Q(n=None, dont_know=None, mean=None, low=None, high=None, shares=None)
                | Q(n__isnull=False, mean__isnull=False, low__isnull=False, high__isnull=False),
                name="a_figure_is_whole_or_withheld",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["subject", "by"], condition=Q(latest=True), name="latest_figures_of_a_subject"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.by} {self.group} at {self.slot}"
