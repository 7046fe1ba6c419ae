"""What somebody holds who copied the database: all of pg_dump, or the file of SQLite with its log and freed pages."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests import postgres

ON_POSTGRES = connection.vendor == "postgresql"
PLACE = "ctid" if ON_POSTGRES else "rowid"
"""Where a row lies."""


def asked(question: str) -> list[tuple[Any, ...]]:
    """What the database itself answers, system columns included."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        return list(cursor.fetchall())


def ordered(column: str, table: str, order: str, among: str = "") -> list[Any]:
    """One column of a table in any order that the database knows."""
    where = f" WHERE {among}" if among else ""
    return [one for (one,) in asked(f"SELECT {column} FROM {table}{where} ORDER BY {order}")]  # noqa: S608


def whole() -> bytes:
    """The copy: a dump as text, or the raw file with its write-ahead log behind it."""
    if ON_POSTGRES:
        return _pg_dump().encode()
    file = Path(str(connection.settings_dict["NAME"]))
    log = file.with_name(f"{file.name}-wal")
    return file.read_bytes() + (log.read_bytes() if log.exists() else b"")


def _pg_dump() -> str:
    try:
        program = postgres._binaries() / "pg_dump"
    except postgres.UnavailableError as reason:
        pytest.skip(f"there is no pg_dump beside PostgreSQL: {reason}")
    if not program.exists():
        pytest.skip("there is no pg_dump beside this PostgreSQL")
    said = connection.get_connection_params()
    address = ["-h", said["host"], "-p", str(said["port"]), "-U", said["user"], said["dbname"]]
    environment = {"PGPASSWORD": str(said["password"]), "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [str(program), *address], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def copied(dump: bytes, table: str) -> list[list[str]]:
    """The rows of a table as pg_dump writes them, in its order."""
    lines: Iterator[str] = iter(dump.decode().splitlines())
    for line in lines:
        if line.startswith(f"COPY public.{table} "):
            break
    rows = []
    for line in lines:
        if line == "\\.":
            break
        rows.append(line.split("\t"))
    return rows


def places(dump: bytes, marks: list[str], *, last: bool) -> list[str]:
    """The marks in the order of the places where they stand in the copy, first or last."""
    find = dump.rfind if last else dump.find
    found = {mark: find(mark.encode()) for mark in marks}
    return sorted((mark for mark in marks if found[mark] >= 0), key=lambda mark: found[mark])
