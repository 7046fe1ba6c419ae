"""Ballots that know nobody, the codes that make residents local, and figures that were published.

A ballot is cast into `FreshBallot` and moved, many at once and in the order of their tokens, into `Ballot`: so neither
the rows' order nor transaction numbers say who cast it. Ballots are no public facts and have no entry; figures have.
"""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from commitments.models import Assembly
from ratings.choices import Stratum
from record.guarded import GuardedModel, Recorded

SCORED = Q(score__range=(1, 5), dont_know=False) | Q(score=None, dont_know=True)


class RatingPeriod(Recorded):
    """One quarter in one assembly: what ballots, keys and figures belong to. Nothing in it is about a person."""

    record_kind = "period"

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="periods")
    name = models.CharField(max_length=7)
    last_slot = models.DateField(null=True, blank=True)
    key_destroyed_on = models.DateField(null=True, blank=True)

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["assembly", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["assembly", "name"], name="a_period_stands_once_in_its_assembly")
        ]

    @property
    def record_key(self) -> str:
        """Its assembly and its name."""
        return f"{self.assembly.slug}/{self.name}"

    def __str__(self) -> str:
        return self.record_key


class LocalCode(GuardedModel):
    """A code that makes its redeemer local, once. Kept only as a keyed hash.

    About people: nothing; who redeemed it is not written down here, and the two are not linked.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="local_codes")
    stratum = models.CharField(max_length=6, choices=Stratum.choices)
    batch = models.UUIDField(default=uuid4, db_index=True)
    issued_on = models.DateField()
    redeemed = models.BooleanField(default=False)

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stratum__in=[Stratum.LOCAL, Stratum.MEMBER]), name="a_code_makes_local_or_member"
            )
        ]

    def __str__(self) -> str:
        return f"a code of {self.batch}"


class Belonging(GuardedModel):
    """That a person redeemed a code of an assembly. About people: all of it; goes with the account's erasure."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="belongings")
    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="belongings")
    stratum = models.CharField(max_length=6, choices=Stratum.choices)

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "assembly"], name="a_person_belongs_once_to_an_assembly")
        ]

    def __str__(self) -> str:
        return self.stratum


class AnyBallot(GuardedModel):
    """What a ballot holds: no account, address, time, order or number.

    About people: an opinion, and what its voter chose to say of communities; `token` links it to nobody without the
    key, which is kept elsewhere and destroyed 30 days after the period.
    """

    token = models.CharField(max_length=64, primary_key=True, editable=False)
    period = models.ForeignKey(RatingPeriod, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=160)
    score = models.PositiveSmallIntegerField(null=True)
    dont_know = models.BooleanField(default=False)
    stratum = models.CharField(max_length=6, choices=Stratum.choices)
    age_band = models.CharField(max_length=20, blank=True)
    sex = models.CharField(max_length=20, blank=True)
    ethnic_group = models.CharField(max_length=20, blank=True)
    disability = models.CharField(max_length=20, blank=True)
    religion = models.CharField(max_length=20, blank=True)
    orientation = models.CharField(max_length=20, blank=True)
    gender_identity = models.CharField(max_length=20, blank=True)
    invented = models.BooleanField(default=False)

    class Meta(GuardedModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return "a ballot"


class FreshBallot(AnyBallot):
    """A ballot cast, changed or withdrawn since ballots were mixed last; it takes the place of its `Ballot`."""

    withdrawn = models.BooleanField(default=False)

    class Meta(AnyBallot.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn=False) & SCORED | Q(withdrawn=True, score=None, dont_know=False),
                name="a_fresh_ballot_says_one_thing",
            )
        ]


class Ballot(AnyBallot):
    """A ballot among the others, in the order of tokens. `token` is one person, subject and period: one live rating."""

    class Meta(AnyBallot.Meta):
        indexes: ClassVar = [models.Index(fields=["period", "subject"], name="ballots_of_a_subject")]
        constraints: ClassVar = [models.CheckConstraint(condition=SCORED, name="a_ballot_says_one_thing")]


class Changed(GuardedModel):
    """How many ratings behind a figure changed since it was last published; no person is in it."""

    period = models.ForeignKey(RatingPeriod, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=160)
    by = models.CharField(max_length=20)
    group = models.CharField(max_length=20, blank=True)
    ratings = models.PositiveIntegerField(default=0)

    class Meta(GuardedModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["period", "subject", "by", "group"], name="changes_are_counted_once_for_a_figure"
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.by} {self.group}"


class Figure(GuardedModel):
    """A figure as it was published at one slot: rounded, with its interval, or withheld. Nobody is in it.

    `by` is `all`, `stratum` or a question on communities; `group` is which one. `n`, `dont_know` are rounded to 5.
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
