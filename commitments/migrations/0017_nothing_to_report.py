"""Updates that say that there is nothing to report."""

from importlib import import_module

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

triggers = import_module("commitments.migrations.0002_verifier_is_not_claimant")


def _run(schema_editor: BaseDatabaseSchemaEditor, statements: list[str]) -> None:
    """SQLite makes a changed table anew, and suffers no trigger meanwhile that names it."""
    if schema_editor.connection.vendor == "sqlite":
        for statement in statements:
            schema_editor.execute(statement)


def lift(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take the triggers away that compare who verifies with who claimed."""
    _run(schema_editor, triggers.SQLITE_BACK)


def put_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """As they were."""
    _run(schema_editor, triggers.SQLITE)


class Migration(migrations.Migration):
    """A column, with its rule, while the triggers look away."""

    dependencies = [("commitments", "0016_refused_challenges")]

    operations = [
        migrations.RunPython(lift, put_back),
        migrations.AddField(
            "progressupdate", "nothing_to_report", models.BooleanField(db_default=False, default=False)
        ),
        migrations.AddConstraint(
            "progressupdate",
            models.CheckConstraint(
                condition=models.Q(
                    ("nothing_to_report", False),
                    models.Q(("is_claim", False), ("nothing_to_report", True)),
                    _connector="OR",
                ),
                name="who_claims_has_something_to_report",
            ),
        ),
        migrations.RunPython(put_back, lift),
    ]
