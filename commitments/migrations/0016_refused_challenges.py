"""A proposed challenge may be refused, on a ground that lies in its words."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("commitments", "0015_withholding")]

    operations = [
        migrations.AddField(
            model_name="challenge",
            name="refused_ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("personal_data", "they say who somebody is, or how to reach them"),
                    ("abuse", "abuse or threats"),
                    ("unlawful", "they may break the law"),
                    ("off_topic", "they say nothing of what they are about"),
                ],
                max_length=13,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="challenge",
            name="refused_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="challenge",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "proposed"),
                    ("gathering", "gathering support"),
                    ("open", "open"),
                    ("answered", "answered"),
                    ("resolved", "resolved"),
                    ("withdrawn", "withdrawn"),
                    ("refused", "not admitted"),
                ],
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="challenge",
            constraint=models.CheckConstraint(
                condition=Q(state="refused", refused_ground__isnull=False, refused_on__isnull=False)
                | ~Q(state="refused") & Q(refused_ground=None, refused_on=None),
                name="a_refused_challenge_has_its_ground",
            ),
        ),
    ]
