"""What neighbourhood teams told data.police.uk: neighbourhoods, priorities, wordings, ties; and what their search needs.

A later migration that makes the table of priorities anew on SQLite must lay the triggers again.
"""

import uuid

import django.db.models.deletion
from django.db import migrations, models

SQLITE = [
    """
    CREATE VIRTUAL TABLE commitments_prioritywords USING fts5(
        priority UNINDEXED, words, tokenize='porter unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER commitments_priority_words_added AFTER INSERT ON commitments_priority BEGIN
        INSERT INTO commitments_prioritywords(priority, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER commitments_priority_words_changed AFTER UPDATE OF words ON commitments_priority BEGIN
        UPDATE commitments_prioritywords SET words = new.words WHERE priority = new.id;
    END
    """,
    """
    CREATE TRIGGER commitments_priority_words_gone AFTER DELETE ON commitments_priority BEGIN
        DELETE FROM commitments_prioritywords WHERE priority = old.id;
    END
    """,
]
SQLITE_BACK = [
    "DROP TRIGGER IF EXISTS commitments_priority_words_added",
    "DROP TRIGGER IF EXISTS commitments_priority_words_changed",
    "DROP TRIGGER IF EXISTS commitments_priority_words_gone",
    "DROP TABLE commitments_prioritywords",
]
POSTGRESQL = [
    "CREATE INDEX commitments_priority_stems ON commitments_priority USING gin (to_tsvector('english', words))"
]
POSTGRESQL_BACK = ["DROP INDEX commitments_priority_stems"]


def lay_indexes(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement, params=None)


def lift_indexes(apps, schema_editor):
    for statement in SQLITE_BACK if schema_editor.connection.vendor == "sqlite" else POSTGRESQL_BACK:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0009_passed_to"),
    ]

    operations = [
        migrations.CreateModel(
            name="Neighbourhood",
            fields=[
                ("position", models.PositiveBigIntegerField(db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                ("updated_at", models.DateTimeField(db_index=True, editable=False, null=True)),
                ("updated_position", models.PositiveBigIntegerField(editable=False, null=True)),
                ("invented", models.BooleanField(default=False, editable=False)),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("force", models.CharField(db_index=True, max_length=60)),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(blank=True, max_length=200)),
                ("source", models.CharField(max_length=400)),
                ("population", models.PositiveIntegerField(blank=True, null=True)),
                ("latitude", models.FloatField(blank=True, null=True)),
                ("longitude", models.FloatField(blank=True, null=True)),
                (
                    "placed_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("code", "its id is the area's ONS code"),
                            ("name", "it has the area's name, which nothing else in the force has"),
                            ("convenor", "a convenor said so"),
                        ],
                        max_length=8,
                    ),
                ),
                ("first_seen_on", models.DateField()),
                ("looked_on", models.DateField()),
                ("gone_on", models.DateField(blank=True, null=True)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="neighbourhoods",
                        to="commitments.area",
                    ),
                ),
            ],
            options={
                "ordering": ["force", "code"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Priority",
            fields=[
                ("position", models.PositiveBigIntegerField(db_index=True, editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=0, editable=False)),
                ("published_at", models.DateTimeField(editable=False, null=True)),
                ("updated_at", models.DateTimeField(db_index=True, editable=False, null=True)),
                ("updated_position", models.PositiveBigIntegerField(editable=False, null=True)),
                ("invented", models.BooleanField(default=False, editable=False)),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("issue", models.TextField(blank=True)),
                ("action", models.TextField(blank=True)),
                ("issue_date", models.DateField(blank=True, null=True)),
                ("action_date", models.DateField(blank=True, null=True)),
                ("first_seen_on", models.DateField()),
                ("last_seen_on", models.DateField(blank=True, null=True)),
                ("gone_on", models.DateField(blank=True, null=True)),
                ("edits", models.PositiveIntegerField(default=0)),
                ("words", models.TextField(blank=True, editable=False)),
                (
                    "neighbourhood",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="priorities",
                        to="commitments.neighbourhood",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "priorities",
                "ordering": ["position"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="PriorityWording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_on", models.DateField()),
                ("position", models.PositiveBigIntegerField()),
                ("issue", models.TextField(blank=True)),
                ("action", models.TextField(blank=True)),
                ("issue_date", models.DateField(blank=True, null=True)),
                ("action_date", models.DateField(blank=True, null=True)),
                (
                    "priority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wordings",
                        to="commitments.priority",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="Tie",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("tied_on", models.DateField()),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ties",
                        to="commitments.commitment",
                    ),
                ),
                (
                    "priority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ties",
                        to="commitments.priority",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.AddField(
            model_name="priority",
            name="commitments",
            field=models.ManyToManyField(
                related_name="priorities", through="commitments.Tie", to="commitments.commitment"
            ),
        ),
        migrations.AddConstraint(
            model_name="neighbourhood",
            constraint=models.UniqueConstraint(
                fields=("force", "code"), name="a_neighbourhood_of_a_force_is_kept_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="neighbourhood",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("area", None), models.Q(("placed_by", ""), _negated=True), _connector="OR"
                ),
                name="a_place_says_whose_finding_it_is",
            ),
        ),
        migrations.AddConstraint(
            model_name="prioritywording",
            constraint=models.UniqueConstraint(
                fields=("priority", "position"), name="a_wording_has_one_entry"
            ),
        ),
        migrations.AddConstraint(
            model_name="tie",
            constraint=models.UniqueConstraint(
                fields=("priority", "commitment"), name="a_commitment_answers_a_priority_once"
            ),
        ),
        migrations.AddIndex(
            model_name="priority",
            index=models.Index(fields=["neighbourhood", "gone_on"], name="priorities_of_a_neighbourhood"),
        ),
        migrations.AddConstraint(
            model_name="priority",
            constraint=models.CheckConstraint(
                condition=models.Q(("action", ""), ("issue", ""), _negated=True),
                name="a_priority_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="priority",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("gone_on", None), ("last_seen_on", None)),
                    models.Q(
                        ("gone_on__gte", models.F("last_seen_on")),
                        ("gone_on__isnull", False),
                        ("last_seen_on__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="what_is_gone_was_seen_before",
            ),
        ),
        migrations.RunPython(lay_indexes, lift_indexes),
    ]
