"""What offices are told. What is in the record already is not news to them: reading begins where it stands."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Max

import notifications.models.following

CADENCES = [
    ("at_once", "at once, from seven in the morning on"),
    ("daily", "once a day, in the morning"),
    ("weekly", "once a week, on Monday morning"),
    ("off", "not at all, while somebody else in the office reads it"),
]
KINDS = [
    ("update_due", "an update is due"),
    ("due", "a promise is due"),
    ("step_due", "a step is due"),
    ("reply_due", "a reply to a challenge is due"),
    ("response_due", "an answer to a recommendation is due"),
    ("still_late", "a promise is late still"),
    ("still_silent", "nothing was heard still"),
    ("still_unanswered", "a challenge has no reply still"),
    ("week", "what is late, silent, unanswered or waits in an assembly"),
    ("entry", "an entry of the record"),
]


def begin_here(apps, _editor):
    newest = apps.get_model("record", "Entry").objects.aggregate(newest=Max("position"))["newest"]
    if newest:
        apps.get_model("notifications", "Cursor").objects.create(name="offices", position=newest)


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0006_doorbell"),
        ("record", "0008_cosignatures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Reader",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("cadence", models.CharField(choices=CADENCES, default="daily", max_length=8)),
                ("key", models.CharField(default=notifications.models.following.new_key, max_length=40)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reader",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("office", models.CharField(max_length=120)),
                ("kind", models.CharField(choices=KINDS, max_length=16)),
                ("subject", models.CharField(max_length=160)),
                ("on", models.DateField()),
                ("days", models.PositiveSmallIntegerField(default=0)),
                ("position", models.PositiveBigIntegerField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
                ("placed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("placed_at", None)), fields=["made_at"], name="reminders_unplaced"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("position", None)),
                        fields=("office", "kind", "subject", "on", "days"),
                        name="an_office_is_reminded_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("position__isnull", False)),
                        fields=("office", "position"),
                        name="an_office_is_told_an_entry_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "entry"), ("position__isnull", False)),
                            models.Q(models.Q(("kind", "entry"), _negated=True), ("position", None)),
                            _connector="OR",
                        ),
                        name="an_entry_has_its_place",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminded",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("written_at", models.DateTimeField(blank=True, null=True)),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="reminded",
                        to="notifications.message",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="notifications.reader",
                    ),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="told",
                        to="notifications.reminder",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("written_at", None)), fields=["reader"], name="reminded_unwritten"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("reader", "reminder"), name="a_person_is_reminded_once")
                ],
            },
        ),
        migrations.RunPython(begin_here, migrations.RunPython.noop),
    ]
