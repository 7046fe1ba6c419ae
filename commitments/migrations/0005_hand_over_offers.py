import uuid

import django.db.models.deletion
from django.db import migrations, models

OFFERED = models.Q(state="offered")


class Migration(migrations.Migration):
    """A commitment is offered to another body, which says yes or no."""

    dependencies = [("accounts", "0002_longer_names"), ("commitments", "0004_parts_of_imports")]
    operations = [
        migrations.CreateModel(
            name="HandOver",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("offered_by", models.CharField(max_length=120)),
                ("offered_on", models.DateField()),
                ("reason", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("offered", "offered"),
                            ("accepted", "accepted"),
                            ("refused", "refused"),
                            ("withdrawn", "taken back"),
                        ],
                        default="offered",
                        max_length=10,
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("decision_reason", models.TextField(blank=True)),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_overs",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offered",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["-offered_on", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["commitment"], condition=OFFERED, name="one_hand_over_waits"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(state="offered", decided_on=None)
                        | ~OFFERED & models.Q(decided_on__isnull=False),
                        name="a_decided_hand_over_has_its_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferedOwner",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("lead", models.BooleanField(default=False)),
                (
                    "hand_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owners",
                        to="commitments.handover",
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offered",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "ordering": ["-lead", "pk"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["hand_over"], condition=models.Q(lead=True), name="one_offered_owner_leads"
                    ),
                    models.UniqueConstraint(fields=["hand_over", "team"], name="a_team_is_offered_once"),
                ],
            },
        ),
    ]
