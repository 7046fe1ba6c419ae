"""Where something applies: force, borough, ward, with ONS codes."""

from typing import ClassVar

from django.db import models

from commitments.choices import AreaKind
from record.guarded import Recorded


class Area(Recorded):
    """A place with its ONS code and the year of its boundaries. Codes change, so old and new stand side by side.

    `path` is the codes from the top to this one, each followed by `/`: everything inside an area starts with its path.
    """

    record_kind = "area"
    typed = ("entered_from",)

    code = models.CharField(max_length=9, unique=True)
    vintage = models.CharField(max_length=10, blank=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=AreaKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    path = models.CharField(max_length=120, db_index=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    entered_from = models.JSONField(null=True, blank=True)

    class Meta(Recorded.Meta):
        ordering: ClassVar = ["code"]

    @property
    def record_key(self) -> str:
        """Its ONS code."""
        return self.code

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"
