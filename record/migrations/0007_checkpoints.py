"""What was signed, and with which keys: both stay as they are.

On SQLite, INSERT OR REPLACE deletes the old row without asking the triggers that refuse DELETE; there a second row
with the same key is refused before it replaces the first.
"""

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = {
    "record_checkpoint": "id = NEW.id OR (key_id = NEW.key_id AND size = NEW.size)",
    "record_logkey": "id = NEW.id OR vkey = NEW.vkey",
}
SQLITE = [
    statement
    for table, same in TABLES.items()
    for statement in (
        f"""CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
            BEGIN SELECT RAISE(ABORT, 'what was signed never changes'); END""",
        f"""CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
            BEGIN SELECT RAISE(ABORT, 'what was signed never goes'); END""",
        f"""CREATE TRIGGER {table}_no_second BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
            BEGIN SELECT RAISE(ABORT, 'UNIQUE: what was signed never goes'); END""",
    )
]
SQLITE_BACK = [
    f"DROP TRIGGER {table}_{what}" for table in TABLES for what in ("no_update", "no_delete", "no_second")
]
POSTGRESQL = [
    """CREATE FUNCTION record_signed_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'what was signed never changes and never goes'; END $$""",
    *(
        statement
        for table in TABLES
        for statement in (
            f"""CREATE TRIGGER {table}_no_update BEFORE UPDATE OR DELETE ON {table}
                FOR EACH ROW EXECUTE FUNCTION record_signed_refuse()""",
            f"""CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION record_signed_refuse()""",
        )
    ),
]
POSTGRESQL_BACK = [
    *(f"DROP TRIGGER {table}_{what} ON {table}" for table in TABLES for what in ("no_update", "no_truncate")),
    "DROP FUNCTION record_signed_refuse()",
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
    """Lets the record be signed."""

    dependencies = [("record", "0006_tree")]
    operations = [
        migrations.CreateModel(
            name="LogKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("vkey", models.CharField(max_length=400, unique=True)),
                ("origin", models.CharField(max_length=300)),
                ("since", models.PositiveBigIntegerField()),
                ("at", models.DateTimeField()),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.PositiveBigIntegerField()),
                ("root", models.BinaryField(max_length=32)),
                ("note", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checkpoints",
                        to="record.logkey",
                    ),
                ),
            ],
            options={
                "ordering": ["key", "size"],
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("key", "size"), name="a_size_is_signed_once_by_each_key")
                ],
            },
        ),
        migrations.RunPython(lock, unlock),
    ]
