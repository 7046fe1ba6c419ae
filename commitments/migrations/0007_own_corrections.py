"""Who corrected something that needed no approval did not approve it: nobody did."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def clear(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Name nobody as the one who decided, where that was the author."""
    apps.get_model("commitments", "Correction").objects.filter(decided_by=F("author")).update(decided_by=None)


class Migration(migrations.Migration):
    """Clears the ground for the constraint that comes next."""

    dependencies = [("commitments", "0006_requests_close")]
    operations = [migrations.RunPython(clear, migrations.RunPython.noop)]
