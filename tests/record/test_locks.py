"""The database itself refuses to change or drop an entry, or to take the head back."""

import pytest
from django.db import DatabaseError, connection, transaction

from record.models import Entry, Head
from tests import make

pytestmark = pytest.mark.django_db

FORBIDDEN = {
    "an entry is changed": "UPDATE record_entry SET actor = 'someone else' WHERE position = 1",
    "an entry is rewritten as it was": "UPDATE record_entry SET actor = actor",
    "an entry is deleted": "DELETE FROM record_entry WHERE position = 1",
    "all entries are deleted": "DELETE FROM record_entry",
    "the head goes back": "UPDATE record_head SET position = position - 1",
    "the revision goes back": "UPDATE record_head SET revision = revision - 1",
    "the head is deleted": "DELETE FROM record_head",
    "the head is replaced": "INSERT INTO record_head (id, position, revision) VALUES (1, 0, 0)",
    "there is a second head": "INSERT INTO record_head (id, position, revision) VALUES (2, 0, 0)",
}


def execute(statement: str) -> None:
    """Run SQL by itself."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_the_database_refuses_that(statement: str) -> None:
    make.organisation()
    execute("UPDATE record_head SET revision = revision + 1")
    before = [*Entry.objects.values_list()], [*Head.objects.values_list()]
    with pytest.raises(DatabaseError):
        execute(statement)
    assert ([*Entry.objects.values_list()], [*Head.objects.values_list()]) == before


def test_sqlite_refuses_another_head_in_the_place_of_the_first() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite knows INSERT OR REPLACE")
    with pytest.raises(DatabaseError, match="one head"):
        execute("INSERT OR REPLACE INTO record_head (id, position, revision) VALUES (1, 0, 0)")


@pytest.mark.parametrize("table", ["record_entry", "record_head"])
def test_postgresql_refuses_to_empty_the_record(table: str) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite knows no TRUNCATE; DELETE is refused there")
    make.organisation()
    with pytest.raises(DatabaseError, match="never go"):
        execute(f"TRUNCATE {table}")
    assert Entry.objects.count() == 1
