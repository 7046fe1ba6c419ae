"""Evidence may be a file: what is known of each."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0017_nothing_to_report"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="evidence",
            name="url",
            field=models.URLField(blank=True, max_length=1000),
        ),
        migrations.CreateModel(
            name="EvidenceFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("sha256", models.CharField(max_length=64)),
                (
                    "media_type",
                    models.CharField(
                        choices=[
                            ("image/jpeg", "JPG"),
                            ("image/png", "PNG"),
                            ("image/webp", "WEBP"),
                            ("application/pdf", "PDF"),
                        ],
                        max_length=20,
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("width", models.PositiveIntegerField(blank=True, null=True)),
                ("height", models.PositiveIntegerField(blank=True, null=True)),
                ("pages", models.PositiveIntegerField(blank=True, null=True)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(blank=True, db_index=True, null=True)),
                ("erased_on", models.DateField(blank=True, null=True)),
                (
                    "evidence",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file",
                        to="commitments.evidence",
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["sent_at", "pk"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("erased_on__isnull", True),
                                ("evidence", None),
                                ("expires_at__isnull", False),
                                ("sender__isnull", False),
                            ),
                            models.Q(("evidence__isnull", False), ("expires_at", None), ("sender", None)),
                            _connector="OR",
                        ),
                        name="a_file_waits_or_is_named",
                    )
                ],
            },
        ),
    ]
