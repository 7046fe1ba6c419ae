"""The one head row stays: the database refuses to delete it, or to put another in its place.

On SQLite, INSERT OR REPLACE deletes a row without asking the triggers that refuse DELETE, so a second head is refused
before it replaces the first; on PostgreSQL its key does that, and TRUNCATE is refused beside DELETE.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    """CREATE TRIGGER record_head_no_delete BEFORE DELETE ON record_head
       BEGIN SELECT RAISE(ABORT, 'the head of the record never goes'); END""",
    """CREATE TRIGGER record_head_no_second BEFORE INSERT ON record_head
       WHEN EXISTS (SELECT 1 FROM record_head)
       BEGIN SELECT RAISE(ABORT, 'the record has one head'); END""",
]
SQLITE_BACK = ["DROP TRIGGER record_head_no_delete", "DROP TRIGGER record_head_no_second"]
POSTGRESQL = [
    """CREATE FUNCTION record_head_stay() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the head of the record never goes'; END $$""",
    """CREATE TRIGGER record_head_no_delete BEFORE DELETE ON record_head
       FOR EACH ROW EXECUTE FUNCTION record_head_stay()""",
    """CREATE TRIGGER record_head_no_truncate BEFORE TRUNCATE ON record_head
       FOR EACH STATEMENT EXECUTE FUNCTION record_head_stay()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER record_head_no_truncate ON record_head",
    "DROP TRIGGER record_head_no_delete ON record_head",
    "DROP FUNCTION record_head_stay()",
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
    """Locks the head in its place."""

    dependencies = [("record", "0003_positions_follow")]
    operations = [migrations.RunPython(lock, unlock)]
