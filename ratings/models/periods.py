"""Quarters in an assembly: what ballots, keys and figures belong to."""

from typing import ClassVar

from django.db import models

from commitments.models import Assembly
from record.guarded import Recorded


class RatingPeriod(Recorded):
    """One quarter in one assembly: what ballots, keys and figures belong to. Nothing in it is about a person."""

    record_kind = "period"

    assembly = models.ForeignKey(Assembly, models.PROTECT, related_name="periods")
    name = models.CharField(max_length=7)
    last_slot = models.DateField(null=True, blank=True)
    key_check = models.CharField(max_length=64, blank=True)
    """By what its key is recognised, so that a lost key is not taken for one never made."""
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
