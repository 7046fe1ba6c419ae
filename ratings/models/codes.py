"""Codes that make residents local, and that somebody redeemed one."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from commitments.models import Assembly
from ratings.choices import Stratum
from record.guarded import GuardedModel


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
