"""Codes that make residents local, that some were used, and that somebody used one: three things that nothing links."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from commitments.models import Assembly
from ratings.choices import Stratum
from record.guarded import GuardedModel

MAKES_LOCAL_OR_MEMBER = Q(stratum__in=[Stratum.LOCAL, Stratum.MEMBER])


class CodeBatch(GuardedModel):
    """Codes that were printed together. Nothing in it is about a person.

    `redeemed` is how many were, counted once a week in steps of ten; null while nothing may be said.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="code_batches")
    stratum = models.CharField(max_length=6, choices=Stratum.choices)
    number = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    redeemed = models.PositiveIntegerField(null=True, blank=True)
    counted_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["-issued_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=MAKES_LOCAL_OR_MEMBER, name="a_batch_makes_local_or_member")
        ]

    def __str__(self) -> str:
        return f"{self.number} codes of {self.issued_at.date()}"


class LocalCode(GuardedModel):
    """A code of a batch, kept as a keyed hash. About people: nothing.

    Redeeming does not touch it, so that neither its row, nor its transaction, nor its absence tells who redeemed it.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    batch = models.ForeignKey(CodeBatch, models.CASCADE, related_name="codes")

    def __str__(self) -> str:
        return f"a code of {self.batch_id}"


class SpentCode(GuardedModel):
    """That some code was used. About people: nothing; `mark` leads to its code with the key alone, and to no person."""

    mark = models.CharField(max_length=64, primary_key=True)

    def __str__(self) -> str:
        return "a used code"


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
