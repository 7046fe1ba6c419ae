"""What can be held, and what the public is told of it: since when, and on which ground."""

from django.db import models
from django.db.models import Q

from commitments.choices import HoldGround
from record.guarded import GuardedModel


class Holdable(GuardedModel):
    """Something whose words can be held back while a case is live; beside `Recorded`, and for each kind that is shown.

    Written by `commitments.withholding` alone. The hold may be its own, or that of what it is a part of.
    """

    held_on = models.DateField(null=True, editable=False)
    held_ground = models.CharField(max_length=12, choices=HoldGround.choices, null=True, editable=False)

    class Meta(GuardedModel.Meta):
        abstract = True


IS_HELD = Q(held_on__isnull=False)
