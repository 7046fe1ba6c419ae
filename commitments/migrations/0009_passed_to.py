import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which team took over what another owned when it ended."""

    dependencies = [("accounts", "0002_longer_names"), ("commitments", "0008_nobody_twice")]
    operations = [
        migrations.AddField(
            "owner",
            "passed_to",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.team",
            ),
        )
    ]
