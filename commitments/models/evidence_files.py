"""Files that show what an update says: what is known of each; the bytes are kept beside the database."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from commitments.evidence.kinds import EXTENSIONS
from commitments.models.updates import Evidence
from record.guarded import GuardedModel

MEDIA_TYPES = [(kind, ending.upper()) for kind, ending in EXTENSIONS.items()]


class EvidenceFile(GuardedModel):
    """A clean file. Until an update names it it waits for its sender, and is forgotten after a day.

    It says nothing that was typed: its title is that of the evidence, and it is shown, withheld and erased with it. The
    hash is that of the bytes that we made, and stands in the entry of the update too.

    About people: `sender`, only while the file waits, and never shown; what a file shows may be about anybody.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    evidence = models.OneToOneField(Evidence, models.PROTECT, null=True, blank=True, related_name="file")
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=20, choices=MEDIA_TYPES)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    pages = models.PositiveIntegerField(null=True, blank=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)
    erased_on = models.DateField(null=True, blank=True)

    class Meta(GuardedModel.Meta):
        ordering: ClassVar = ["sent_at", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    evidence=None, sender__isnull=False, expires_at__isnull=False, erased_on__isnull=True
                )
                | Q(evidence__isnull=False, sender=None, expires_at=None),
                name="a_file_waits_or_is_named",
            )
        ]

    def __str__(self) -> str:
        return f"{self.media_type} {self.sha256[:12]}"
