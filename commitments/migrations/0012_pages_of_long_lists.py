"""Indexes in the order of the lists of commitments, so that a page costs the same however many there are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0011_longer_deadlines"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["assembly", "position"], name="commitments_of_an_assembly"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["assembly", "status", "position"], name="commitments_by_status"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["status", "position"], name="commitments_by_word"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["due_on", "position"], name="commitments_by_due_date"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["updated_at", "position"], name="commitments_by_update"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["title", "position"], name="commitments_by_title"),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(
                condition=models.Q(
                    ("status", "completed"),
                    models.Q(
                        ("disputed", True),
                        models.Q(
                            ("finding__isnull", False), models.Q(("finding", "verified"), _negated=True)
                        ),
                        _connector="OR",
                    ),
                ),
                fields=["position"],
                name="commitments_contested",
            ),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(
                condition=models.Q(
                    ("accepted_on__isnull", False),
                    models.Q(
                        ("status", None),
                        models.Q(("status", "completed"), _negated=True),
                        ("refuted_on__isnull", False),
                        _connector="OR",
                    ),
                ),
                fields=["due_on", "position"],
                name="commitments_running",
            ),
        ),
    ]
