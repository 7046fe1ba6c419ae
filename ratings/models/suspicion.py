"""What watching for organised voting keeps: bare counts that soon go, flags, and what two people decided."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from commitments.choices import RequestState
from commitments.models import Assembly
from ratings.choices import PeriodChange
from ratings.models.periods import RatingPeriod
from record.guarded import GuardedModel, Recorded


class Watch(GuardedModel):
    """Since which day an assembly's hours are counted: quiet ones before the first count say nothing."""

    assembly = models.OneToOneField(Assembly, models.PROTECT, primary_key=True, related_name="+")
    since = models.DateField()

    def __str__(self) -> str:
        return f"{self.assembly_id} since {self.since}"


class HourlyCount(GuardedModel):
    """How many people cast in an assembly in one hour. Gone after 30 days.

    No score, subject or person is in it, and a person counts once an hour, however much they rate or change. `drawer`
    is drawn at random, so that voters do not wait for each other; what counts is the sum.
    """

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="+")
    hour = models.DateTimeField()
    drawer = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField(default=0)

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assembly", "hour", "drawer"], name="an_hour_is_counted_in_drawers"
            )
        ]

    def __str__(self) -> str:
        return f"{self.people} at {self.hour}"


class DayCount(GuardedModel):
    """How the scores lie that were mixed in on one day. Gone as soon as the day is over and was looked at."""

    period = models.ForeignKey(RatingPeriod, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=160)
    day = models.DateField()
    ones = models.PositiveIntegerField(default=0)
    twos = models.PositiveIntegerField(default=0)
    threes = models.PositiveIntegerField(default=0)
    fours = models.PositiveIntegerField(default=0)
    fives = models.PositiveIntegerField(default=0)

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "subject", "day"], name="a_subject_is_counted_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} on {self.day}"


class Flag(GuardedModel):
    """Something rare that a detector saw, for convenors to look at; it changes nothing. Nobody is in it.

    `subject` is blank of a whole assembly. `about` is rounded to 5, `chance` up to a power of ten.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    period = models.ForeignKey(RatingPeriod, models.PROTECT, related_name="flags")
    subject = models.CharField(max_length=160, blank=True)
    rule = models.CharField(max_length=20)
    day = models.DateField()
    hour = models.DateTimeField(null=True)
    about = models.PositiveIntegerField()
    chance = models.FloatField()
    found_on = models.DateField()
    invented = models.BooleanField(default=False)

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["-day", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "subject", "rule", "hour"],
                condition=Q(hour__isnull=False),
                name="an_hour_is_flagged_once",
            ),
            models.UniqueConstraint(
                fields=["period", "subject", "rule", "day"],
                condition=Q(hour=None),
                name="a_day_is_flagged_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} on {self.day}"


class SettingAside(Recorded):
    """That a quarter of a subject (of the whole assembly where blank) be set aside, or count again: asked by one
    convenor, decided by another.

    About people: `author` and `decided_by`, never shown; the office is.
    """

    record_kind = "set_aside"
    typed = ("reason", "decision_reason")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    period = models.ForeignKey(RatingPeriod, models.PROTECT, related_name="settings_aside")
    subject = models.CharField(max_length=160, blank=True)
    change = models.CharField(max_length=10, choices=PeriodChange.choices)
    flag = models.ForeignKey(Flag, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.REQUESTED)
    requested_by = models.CharField(max_length=120)
    requested_on = models.DateField()
    decided_by_office = models.CharField(max_length=120, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["-position"]
        verbose_name_plural = "settings aside"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state=RequestState.REQUESTED, decided_on=None, decided_by=None)
                | Q(
                    state__in=[RequestState.APPROVED, RequestState.REFUSED],
                    decided_on__isnull=False,
                    decided_by__isnull=False,
                ),
                name="a_decided_setting_aside_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("author")),
                name="nobody_sets_a_period_aside_alone",
            ),
            models.CheckConstraint(
                condition=Q(change=PeriodChange.RESTORE, flag=None)
                | Q(change=PeriodChange.SET_ASIDE, flag__isnull=False),
                name="only_what_was_flagged_is_set_aside",
            ),
            models.UniqueConstraint(
                fields=["period", "subject"],
                condition=Q(state=RequestState.REQUESTED),
                name="one_setting_aside_waits_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.change}: {self.state}"
