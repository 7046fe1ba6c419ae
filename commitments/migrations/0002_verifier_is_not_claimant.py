"""The database itself compares who verifies with who wrote the claim."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    f"""CREATE TRIGGER verification_is_independent_{verb} BEFORE {verb} ON commitments_verification
        WHEN NEW.verified_by_id = (SELECT author_id FROM commitments_progressupdate WHERE id = NEW.claim_id)
        BEGIN SELECT RAISE(ABORT, 'nobody verifies an own claim'); END"""
    for verb in ("insert", "update")
]
SQLITE_BACK = [f"DROP TRIGGER verification_is_independent_{verb}" for verb in ("insert", "update")]
POSTGRESQL = [
    """CREATE FUNCTION verification_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
            IF NEW.verified_by_id = (SELECT author_id FROM commitments_progressupdate WHERE id = NEW.claim_id) THEN
              RAISE EXCEPTION 'nobody verifies an own claim' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
          END $$""",
    """CREATE TRIGGER verification_is_independent BEFORE INSERT OR UPDATE ON commitments_verification
       FOR EACH ROW EXECUTE FUNCTION verification_refuse()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER verification_is_independent ON commitments_verification",
    "DROP FUNCTION verification_refuse()",
]


def guard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unguard(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Guards the independence of findings."""

    dependencies = [("commitments", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
