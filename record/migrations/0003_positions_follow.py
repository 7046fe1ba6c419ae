"""The database itself takes an entry only at the next position: none twice, none in between, none in another's place.

On SQLite, INSERT OR REPLACE deletes the old row without asking the triggers that refuse DELETE; this one comes first.
(https://www.sqlite.org/lang_conflict.html: "delete triggers fire if and only if recursive triggers are enabled")
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    """CREATE TRIGGER record_entry_follows BEFORE INSERT ON record_entry
       WHEN NEW.position IS NOT (SELECT COALESCE(MAX(position), 0) + 1 FROM record_entry)
       BEGIN SELECT RAISE(ABORT, 'an entry of the record takes the next position'); END""",
]
SQLITE_BACK = ["DROP TRIGGER record_entry_follows"]
POSTGRESQL = [
    """CREATE FUNCTION record_entry_follow() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
            IF NEW.position IS DISTINCT FROM (SELECT COALESCE(MAX(position), 0) + 1 FROM record_entry) THEN
              RAISE EXCEPTION 'an entry of the record takes the next position';
            END IF;
            RETURN NEW;
          END $$""",
    """CREATE TRIGGER record_entry_follows BEFORE INSERT ON record_entry
       FOR EACH ROW EXECUTE FUNCTION record_entry_follow()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER record_entry_follows ON record_entry",
    "DROP FUNCTION record_entry_follow()",
]


def lock(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the trigger."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unlock(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take it away again."""
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Lets the record grow at its end alone."""

    dependencies = [("record", "0002_head_and_locks")]
    operations = [migrations.RunPython(lock, unlock)]
