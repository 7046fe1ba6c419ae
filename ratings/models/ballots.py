"""Ballots that know nobody.

A ballot is cast, sealed, into `FreshBallot` and moved, many at once and in the order of their tokens, into `Ballot`: so
neither the rows' order nor transaction numbers say who cast it. Ballots are no public facts and have no entry; figures
have.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ratings.choices import Stratum
from ratings.models.periods import RatingPeriod
from record.guarded import GuardedModel

SCORED = Q(score__range=(1, 5), dont_know=False) | Q(score=None, dont_know=True)


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


class FreshBallot(GuardedModel):
    """A ballot cast, changed or withdrawn since ballots were mixed last; it takes the place of its `Ballot`.

    About people: an opinion, sealed; without the key not even its subject can be read. `token` is another hash than
    that of its `Ballot`, so that an old copy of fresh ballots leads to no ballot.
    """

    token = models.CharField(max_length=64, primary_key=True, editable=False)
    period = models.ForeignKey(RatingPeriod, models.PROTECT, related_name="+")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return "a sealed ballot"


class Ballot(AnyBallot):
    """A ballot among the others, in the order of tokens. `token` is one person, subject and period: one live rating."""

    class Meta(AnyBallot.Meta):
        indexes: ClassVar = [models.Index(fields=["period", "subject"], name="ballots_of_a_subject")]
        constraints: ClassVar = [models.CheckConstraint(condition=SCORED, name="a_ballot_says_one_thing")]
