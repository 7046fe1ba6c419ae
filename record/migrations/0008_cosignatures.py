"""What witnesses signed: it comes, and never changes or goes."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    """CREATE TRIGGER record_cosignature_no_update BEFORE UPDATE ON record_cosignature
       BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END""",
    """CREATE TRIGGER record_cosignature_no_delete BEFORE DELETE ON record_cosignature
       BEGIN SELECT RAISE(ABORT, 'what was signed never goes'); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER record_cosignature_no_update",
    "DROP TRIGGER record_cosignature_no_delete",
]
POSTGRESQL = [
    """CREATE TRIGGER record_cosignature_no_update BEFORE UPDATE OR DELETE ON record_cosignature
       FOR EACH ROW EXECUTE FUNCTION record_signed_refuse()""",
    """CREATE TRIGGER record_cosignature_no_truncate BEFORE TRUNCATE ON record_cosignature
       FOR EACH STATEMENT EXECUTE FUNCTION record_signed_refuse()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER record_cosignature_no_truncate ON record_cosignature",
    "DROP TRIGGER record_cosignature_no_update ON record_cosignature",
]


def lock(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unlock(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("record", "0007_checkpoints")]

    operations = [
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("vkey", models.CharField(max_length=400)),
                ("line", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "checkpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cosignatures",
                        to="record.checkpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("checkpoint", "vkey"), name="a_witness_signs_a_state_once"
                    )
                ],
            },
        ),
        migrations.RunPython(lock, unlock),
    ]
