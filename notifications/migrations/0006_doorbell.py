"""PostgreSQL tells workers that listen when there is something to do, so that nobody waits for the next look."""

from django.db import migrations

LANES = {"record_entry": "news", "notifications_message": "news", "notifications_call": "calls"}


def ring(_apps, editor):
    if editor.connection.vendor != "postgresql":
        return
    editor.execute("""
        CREATE FUNCTION notifications_ring() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_notify('said_and_done', TG_ARGV[0]); RETURN NULL; END $$
    """)
    for table, lane in LANES.items():
        editor.execute(
            f"CREATE TRIGGER {table}_rings AFTER INSERT ON {table} FOR EACH STATEMENT"
            f" EXECUTE FUNCTION notifications_ring('{lane}')"
        )


def silence(_apps, editor):
    if editor.connection.vendor != "postgresql":
        return
    for table in LANES:
        editor.execute(f"DROP TRIGGER {table}_rings ON {table}")
    editor.execute("DROP FUNCTION notifications_ring()")


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0005_turns_and_claims"),
        ("record", "0008_cosignatures"),
    ]
    operations = [migrations.RunPython(ring, silence)]
