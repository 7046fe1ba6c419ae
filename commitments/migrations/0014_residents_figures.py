"""Residents' published figure stands with the commitment or theme, so that lists are ordered and filtered by an index."""

from django.db import migrations, models
from django.db.models import Case, F, Value, When


class Migration(migrations.Migration):
    dependencies = [("commitments", "0013_offers_of_a_part")]

    operations = [
        migrations.AddField(
            "commitment", "residents_period", models.CharField(editable=False, max_length=7, null=True)
        ),
        migrations.AddField(
            "commitment", "residents_n", models.PositiveIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "commitment", "residents_mean", models.PositiveSmallIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "commitment", "residents_low", models.PositiveSmallIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "commitment", "residents_high", models.PositiveSmallIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "commitment", "residents_order", models.PositiveSmallIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "theme", "residents_period", models.CharField(editable=False, max_length=7, null=True)
        ),
        migrations.AddField("theme", "residents_n", models.PositiveIntegerField(editable=False, null=True)),
        migrations.AddField(
            "theme", "residents_mean", models.PositiveSmallIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "theme", "residents_low", models.PositiveSmallIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "theme", "residents_high", models.PositiveSmallIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "theme", "residents_order", models.PositiveSmallIntegerField(editable=False, null=True)
        ),
        migrations.AddField(
            "commitment",
            "gap",
            models.GeneratedField(
                db_persist=True,
                expression=Case(
                    When(status="not_started", then=Value(0) - (F("residents_mean") - Value(10))),
                    When(status="in_progress", then=Value(20) - (F("residents_mean") - Value(10))),
                    When(status="completed", then=Value(40) - (F("residents_mean") - Value(10))),
                    default=None,
                    output_field=models.SmallIntegerField(),
                ),
                output_field=models.SmallIntegerField(null=True),
            ),
        ),
        migrations.AddIndex(
            "commitment",
            models.Index(fields=["residents_order", "position"], name="commitments_by_residents"),
        ),
        migrations.AddIndex(
            "commitment", models.Index(fields=["gap", "position"], name="commitments_by_gap")
        ),
        migrations.AddIndex(
            "commitment",
            models.Index(
                condition=models.Q(("residents_mean__isnull", False)),
                fields=["position"],
                name="commitments_rated",
            ),
        ),
    ]
