"""Beside what was imported: a digest of each field, so that a corrected file makes corrections."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("commitments", "0003_search")]

    operations = [
        migrations.AddField(
            model_name="importeditem", name="parts", field=models.JSONField(blank=True, default=dict)
        ),
    ]
