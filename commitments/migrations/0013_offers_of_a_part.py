import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whose part an offer passes on, where a team ends: everybody else's stays as it is when the answer comes."""

    dependencies = [("accounts", "0003_succession"), ("commitments", "0012_pages_of_long_lists")]
    operations = [
        migrations.AddField(
            "handover",
            "instead_of",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="left_in_offers",
                to="accounts.team",
            ),
        )
    ]
