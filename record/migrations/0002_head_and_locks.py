"""The one head row, and triggers by which the database itself refuses to change or drop an entry."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    """CREATE TRIGGER record_entry_no_update BEFORE UPDATE ON record_entry
       BEGIN SELECT RAISE(ABORT, 'entries of the record never change'); END""",
    """CREATE TRIGGER record_entry_no_delete BEFORE DELETE ON record_entry
       BEGIN SELECT RAISE(ABORT, 'entries of the record never go'); END""",
    """CREATE TRIGGER record_head_no_return BEFORE UPDATE ON record_head
       WHEN NEW.position < OLD.position OR NEW.revision < OLD.revision
       BEGIN SELECT RAISE(ABORT, 'the head of the record never goes back'); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER record_entry_no_update",
    "DROP TRIGGER record_entry_no_delete",
    "DROP TRIGGER record_head_no_return",
]
POSTGRESQL = [
    """CREATE FUNCTION record_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'entries of the record never change and never go'; END $$""",
    """CREATE TRIGGER record_entry_no_update BEFORE UPDATE OR DELETE ON record_entry
       FOR EACH ROW EXECUTE FUNCTION record_entry_refuse()""",
    """CREATE TRIGGER record_entry_no_truncate BEFORE TRUNCATE ON record_entry
       FOR EACH STATEMENT EXECUTE FUNCTION record_entry_refuse()""",
    """CREATE FUNCTION record_head_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
            IF NEW.position < OLD.position OR NEW.revision < OLD.revision THEN
              RAISE EXCEPTION 'the head of the record never goes back';
            END IF;
            RETURN NEW;
          END $$""",
    """CREATE TRIGGER record_head_no_return BEFORE UPDATE ON record_head
       FOR EACH ROW EXECUTE FUNCTION record_head_refuse()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER record_head_no_return ON record_head",
    "DROP FUNCTION record_head_refuse()",
    "DROP TRIGGER record_entry_no_truncate ON record_entry",
    "DROP TRIGGER record_entry_no_update ON record_entry",
    "DROP FUNCTION record_entry_refuse()",
]


def lock(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the head and the triggers."""
    schema_editor.execute("INSERT INTO record_head (id, position, revision) VALUES (1, 0, 0)")
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unlock(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again; the tables go with the migration before this one."""
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)
    schema_editor.execute("DELETE FROM record_head")


class Migration(migrations.Migration):
    """Locks the record."""

    dependencies = [("record", "0001_initial")]
    operations = [migrations.RunPython(lock, unlock)]
