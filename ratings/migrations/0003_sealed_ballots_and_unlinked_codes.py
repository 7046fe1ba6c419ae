"""Fresh ballots are sealed; a code that is redeemed is not marked, so that nothing links it to a person.

Fresh ballots that lay open are mixed in. Codes issued before are dropped: their rows showed which had been redeemed,
and in which order. Unused ones have to be issued anew; whoever redeemed one keeps what it gave them.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

QUESTIONS = (
    "age_band", "sex", "ethnic_group", "disability", "religion", "orientation", "gender_identity",
)  # fmt: skip
SAID = ("token", "period_id", "subject", "score", "dont_know", "stratum", "invented", *QUESTIONS)
STRATA = [
    ("local", "local resident (redeemed a code)"),
    ("other", "other resident"),
    ("member", "member of the assembly"),
]


def mix_in(apps, schema_editor):
    fresh, ballots = apps.get_model("ratings", "FreshBallot"), apps.get_model("ratings", "Ballot")
    for row in fresh.objects.order_by("token").values("withdrawn", *SAID):
        ballots.objects.filter(pk=row["token"]).delete()
        if not row.pop("withdrawn"):
            ballots.objects.bulk_create([ballots(**row)])
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0001_initial"),
        ("ratings", "0002_watching"),
    ]

    operations = [
        migrations.AddField("ratingperiod", "key_check", models.CharField(blank=True, max_length=64)),
        migrations.RunPython(mix_in, migrations.RunPython.noop),
        migrations.DeleteModel("FreshBallot"),
        migrations.CreateModel(
            name="FreshBallot",
            fields=[
                (
                    "token",
                    models.CharField(editable=False, max_length=64, primary_key=True, serialize=False),
                ),
                ("sealed", models.BinaryField()),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ratings.ratingperiod",
                    ),
                ),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.DeleteModel("LocalCode"),
        migrations.CreateModel(
            name="CodeBatch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("stratum", models.CharField(choices=STRATA, max_length=6)),
                ("number", models.PositiveIntegerField()),
                ("issued_at", models.DateTimeField()),
                ("redeemed", models.PositiveIntegerField(blank=True, null=True)),
                ("counted_on", models.DateField(blank=True, null=True)),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                (
                    "assembly",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="code_batches",
                        to="commitments.assembly",
                    ),
                ),
            ],
            options={
                "ordering": ["-issued_at", "id"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("stratum__in", ["local", "member"])),
                        name="a_batch_makes_local_or_member",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LocalCode",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="ratings.codebatch",
                    ),
                ),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.CreateModel(
            name="SpentCode",
            fields=[("mark", models.CharField(max_length=64, primary_key=True, serialize=False))],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
    ]
