"""Fills an empty, migrated database with a data set of a chosen size.

A data set is a whole record: positions without gaps, canonical bodies, salted hashes, words, search documents. The same
size, layout and code give the same rows. Indexes are laid after the rows, and the planner learns of them at the end.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from django.db import transaction
from psycopg import sql

from bench.ledger import Ledger
from bench.story import Story
from bench.tables import PostgresSink, Sink, SqliteSink
from bench.world import World
from record import tree
from record.guarded import opened

EVEN, LARGE = "even", "large"
LAYOUTS = (EVEN, LARGE)
"""Growth by more assemblies of a thousand commitments, or by larger themes in two assemblies."""
SEED = 20260101
OF_AN_ASSEMBLY = 1000
ENTRIES_FOR_EACH, OF_A_MEETING, OF_PLACES = 8.57, 34, 109
"""How many entries a commitment, an assembly and the areas take, so that the record's time ends where it should."""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""
SEQUENCES = """
    SELECT table_name, pg_get_serial_sequence(quote_ident(table_name), 'id') FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'id' AND is_identity = 'YES'
"""
LAID_ON_SQLITE = """
    SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL
    AND (type = 'trigger' OR type = 'index') AND name NOT LIKE 'sqlite_%'
"""


def assemblies(size: int, layout: str) -> int:
    """How many assemblies share the commitments."""
    return 2 if layout == LARGE else max(2, size // OF_AN_ASSEMBLY)


def tell(sink: Sink, size: int, layout: str) -> tuple[int, str]:
    """Write every row; the record's last position and time."""
    random = Random(SEED)
    meetings = assemblies(size, layout)
    expected = int(size * ENTRIES_FOR_EACH) + meetings * OF_A_MEETING + OF_PLACES
    ledger = Ledger(sink, random, expected)
    world = World(ledger, random, size, meetings)
    Story(world, size)
    world.finish()
    return ledger.position, ledger.at.isoformat()


def fill_postgres(address: str, size: int, layout: str) -> None:
    """Fill the database at this address."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '1GB'")
        with without_indexes(connection):
            sink = PostgresSink(address)
            position, at = tell(sink, size, layout)
            sink.close()
        connection.execute("UPDATE record_head SET position = %s, at = %s", [position, at])
        for table, sequence in connection.execute(SEQUENCES).fetchall():
            following = sql.SQL("SELECT setval({}, (SELECT COALESCE(MAX(id), 0) + 1 FROM {}), false)")
            connection.execute(following.format(sql.Literal(sequence), sql.Identifier(table)))
        connection.execute("VACUUM ANALYZE")


@contextmanager
def without_indexes(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Take away the indexes that are no constraint's, and lay them again afterwards."""
    found = connection.execute(INDEXES).fetchall()
    for name, _ in found:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.SQL(name)))
    yield
    for _, definition in found:
        connection.execute(sql.SQL(definition))


def fill_sqlite(file: Path, size: int, layout: str) -> None:
    """Fill the database in this file."""
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA synchronous = OFF")
    laid = connection.execute(LAID_ON_SQLITE).fetchall()
    for kind, name, _ in laid:
        connection.execute(f'DROP {kind} "{name}"')
    sink = SqliteSink(connection)
    position, at = tell(sink, size, layout)
    sink.close()
    connection.execute("INSERT INTO commitments_searchwords(commitments_searchwords) VALUES ('rebuild')")
    for _, _, statement in laid:
        connection.execute(statement)
    connection.execute("UPDATE record_head SET position = ?, at = ?", [position, at.replace("T", " ")])
    connection.commit()
    connection.execute("ANALYZE")
    connection.commit()
    connection.close()


def main(address: str, size: str, layout: str) -> None:
    """Fill the database at `address` with `size` commitments: `python -m bench.door dataset ADDRESS SIZE LAYOUT`."""
    if address.startswith("sqlite:///"):
        fill_sqlite(Path(address.removeprefix("sqlite:///")), int(size), layout)
    else:
        fill_postgres(address, int(size), layout)
    with transaction.atomic(), opened():
        tree.complete(tree.size())
