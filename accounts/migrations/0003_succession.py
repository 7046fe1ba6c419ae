import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Teams succeed each other."""

    dependencies = [("accounts", "0002_longer_names")]
    operations = [
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("on", models.DateField()),
                (
                    "earlier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="later_links",
                        to="accounts.team",
                    ),
                ),
                (
                    "later",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="earlier_links",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=["earlier", "later"], name="a_succession_is_said_once"),
                    models.CheckConstraint(
                        condition=~models.Q(earlier=models.F("later")), name="no_team_succeeds_itself"
                    ),
                ],
            },
        )
    ]
