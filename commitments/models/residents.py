"""What residents say of a commitment or a theme, as it was last published: written by ratings alone, read by lists."""

from django.db import models
from django.db.models import Case, F, Value, When

from commitments.choices import Status
from record.guarded import Recorded

TENTHS, FORTIETHS = 10, 40
LEAST = 10
"""The lowest rating, in tenths."""
CLAIMED = {Status.NOT_STARTED: 0, Status.IN_PROGRESS: 20, Status.COMPLETED: FORTIETHS}
"""What an owner's word counts in gap/1, in fortieths; any other counts for nothing."""


class Heard(Recorded):
    """Recorded, with residents' figure of the last period that has one: all of it, or nothing where it is withheld;
    the period alone where what was published of it is set aside.

    Mean and interval are tenths of points. `residents_order` (thousandths) is for ordering alone and is made of
    published figures only. Whole numbers, so that both databases order and page by them alike.
    """

    residents_period = models.CharField(max_length=7, null=True, editable=False)
    residents_n = models.PositiveIntegerField(null=True, editable=False)
    residents_mean = models.PositiveSmallIntegerField(null=True, editable=False)
    residents_low = models.PositiveSmallIntegerField(null=True, editable=False)
    residents_high = models.PositiveSmallIntegerField(null=True, editable=False)
    residents_order = models.PositiveSmallIntegerField(null=True, editable=False)

    class Meta(Recorded.Meta):
        abstract = True


def gap() -> Case:
    """gap/1 of a commitment in fortieths: the claim less (mean - 1) / 4; null without either."""
    residents = F("residents_mean") - LEAST
    said = [When(status=status.value, then=Value(worth) - residents) for status, worth in CLAIMED.items()]
    return Case(*said, default=None, output_field=models.SmallIntegerField())
