"""The last entry of an assembly is found at once: what is remembered about it holds until there is a later one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """An index in the record's order within each assembly."""

    dependencies = [("record", "0004_the_head_stays")]
    operations = [
        migrations.AddIndex(
            "entry", models.Index(fields=["assembly", "-position"], name="record_entry_of_an_assembly")
        )
    ]
