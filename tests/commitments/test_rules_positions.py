"""The record grows at its end alone: the database takes no entry twice, none with a gap, none in another's place."""

import pytest
from django.db import DatabaseError, connection, transaction

from record.models import Entry
from tests import make

pytestmark = pytest.mark.django_db

COLUMNS = "position, type, at, occurred_on, actor, subject, root, assembly, body"
COPY = "{verb} INTO record_entry ({columns}) SELECT {position}, " + COLUMNS.partition(", ")[2]


@pytest.mark.parametrize("position", [1, 2, 0, 4, 999])
@pytest.mark.parametrize("verb", ["INSERT", "INSERT OR REPLACE", "INSERT OR IGNORE"])
def test_the_database_takes_only_the_next_position(verb: str, position: int) -> None:
    if verb != "INSERT" and connection.vendor == "postgresql":
        pytest.skip("PostgreSQL replaces by UPDATE, which is refused anyhow")
    make.organisation()
    make.organisation()
    before = list(Entry.objects.values_list())
    statement = (
        COPY.format(verb=verb, columns=COLUMNS, position=position) + " FROM record_entry WHERE position = 1"
    )
    with (
        pytest.raises(DatabaseError, match="next position"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert list(Entry.objects.values_list()) == before
