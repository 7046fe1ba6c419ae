"""The nodes of the tree over the entries, made for those that are there, and locked as entries are.

On SQLite, INSERT OR REPLACE deletes the old row without asking the triggers that refuse DELETE; the trigger that lets
a node take the next place alone comes first.
"""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from record.proofs import leaf_hash, node_hash

BATCH = 2000
SQLITE = [
    """CREATE TRIGGER record_node_no_update BEFORE UPDATE ON record_node
       BEGIN SELECT RAISE(ABORT, 'nodes of the record never change'); END""",
    """CREATE TRIGGER record_node_no_delete BEFORE DELETE ON record_node
       BEGIN SELECT RAISE(ABORT, 'nodes of the record never go'); END""",
    """CREATE TRIGGER record_node_follows BEFORE INSERT ON record_node
       WHEN NEW.place IS NOT (SELECT COALESCE(MAX(place), 0) + 1 FROM record_node)
       BEGIN SELECT RAISE(ABORT, 'a node of the record takes the next place'); END""",
]
SQLITE_BACK = [
    "DROP TRIGGER record_node_no_update",
    "DROP TRIGGER record_node_no_delete",
    "DROP TRIGGER record_node_follows",
]
POSTGRESQL = [
    """CREATE FUNCTION record_node_refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'nodes of the record never change and never go'; END $$""",
    """CREATE TRIGGER record_node_no_update BEFORE UPDATE OR DELETE ON record_node
       FOR EACH ROW EXECUTE FUNCTION record_node_refuse()""",
    """CREATE TRIGGER record_node_no_truncate BEFORE TRUNCATE ON record_node
       FOR EACH STATEMENT EXECUTE FUNCTION record_node_refuse()""",
    """CREATE FUNCTION record_node_follow() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN
            IF NEW.place IS DISTINCT FROM (SELECT COALESCE(MAX(place), 0) + 1 FROM record_node) THEN
              RAISE EXCEPTION 'a node of the record takes the next place';
            END IF;
            RETURN NEW;
          END $$""",
    """CREATE TRIGGER record_node_follows BEFORE INSERT ON record_node
       FOR EACH ROW EXECUTE FUNCTION record_node_follow()""",
]
POSTGRESQL_BACK = [
    "DROP TRIGGER record_node_follows ON record_node",
    "DROP FUNCTION record_node_follow()",
    "DROP TRIGGER record_node_no_truncate ON record_node",
    "DROP TRIGGER record_node_no_update ON record_node",
    "DROP FUNCTION record_node_refuse()",
]


def build(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Hash the entries that are there, in batches, while nobody appends."""
    node, entry = apps.get_model("record", "Node"), apps.get_model("record", "Entry")
    apps.get_model("record", "Head").objects.select_for_update().first()
    stack, made, place = [], [], 0
    bodies = entry.objects.order_by("position").values_list("position", "body")
    for position, body in bodies.iterator(chunk_size=BATCH):
        found = leaf_hash(bytes(body))
        while position % 2 == 0:
            place, position = place + 1, position // 2
            found = node_hash(stack.pop(), found)
            made.append(node(place=place, hash=found))
        stack.append(found)
        if len(made) >= BATCH:
            node.objects.bulk_create(made)
            made = []
    node.objects.bulk_create(made)


def lock(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Make the triggers."""
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unlock(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Take them away again."""
    for statement in POSTGRESQL_BACK if schema_editor.connection.vendor == "postgresql" else SQLITE_BACK:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """Lets the record be proved."""

    dependencies = [("record", "0005_last_of_an_assembly")]
    operations = [
        migrations.CreateModel(
            name="Node",
            fields=[
                ("place", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={"abstract": False, "base_manager_name": "objects"},
        ),
        migrations.RunPython(build, migrations.RunPython.noop),
        migrations.RunPython(lock, unlock),
    ]
