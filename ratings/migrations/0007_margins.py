"""Census counts by which figures are weighted have their table."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0015_withholding"),
        ("ratings", "0006_what_stood_behind_figures"),
    ]

    operations = [
        migrations.CreateModel(
            name="Margin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("question", models.CharField(max_length=20)),
                ("counts", models.JSONField()),
                ("dated", models.DateField()),
                ("source", models.URLField(max_length=500)),
                ("position", models.PositiveBigIntegerField()),
                (
                    "assembly",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="margins",
                        to="commitments.assembly",
                    ),
                ),
            ],
            options={
                "ordering": ["assembly", "question", "-position"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("assembly", "question", "position"), name="a_margin_is_loaded_once"
                    )
                ],
            },
        ),
    ]
