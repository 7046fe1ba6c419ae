from django.db import migrations, models
from django.db.models import Q

STATES = [
    ("requested", "requested"),
    ("approved", "approved"),
    ("refused", "refused"),
    ("closed", "closed with the commitment"),
]


class Migration(migrations.Migration):
    """What waits on a commitment ends with it, decided by nobody."""

    dependencies = [("commitments", "0005_hand_over_offers")]
    operations = [
        migrations.RemoveConstraint("duedatechange", "a_decided_date_has_its_day"),
        migrations.AlterField("correction", "state", models.CharField(choices=STATES, max_length=10)),
        migrations.AlterField(
            "duedatechange", "state", models.CharField(choices=STATES, default="requested", max_length=10)
        ),
        migrations.AddConstraint(
            "duedatechange",
            models.CheckConstraint(
                condition=Q(state="requested", decided_on=None, decided_by=None)
                | Q(state="closed", decided_on__isnull=False, decided_by=None)
                | ~Q(state__in=["requested", "closed"])
                & Q(decided_on__isnull=False, decided_by__isnull=False),
                name="a_decided_date_has_its_day",
            ),
        ),
    ]
