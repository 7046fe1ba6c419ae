"""Rows into the tables of a new database by the shortest way: COPY on PostgreSQL, many at once on SQLite."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import psycopg
from django.db import models

AT_ONCE, LINES_AT_ONCE = 5000, 500
ESCAPED = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})
ESCAPES = re.compile(r"[\\\n\r\t]")
Model = type[models.Model]
Row = dict[str, Any]


class Sink(Protocol):
    """Where rows go."""

    def put(self, model: Model, row: Row) -> None:
        """Take one row, by column; what it does not name has its model's default."""


class Form:
    """How the rows of one model are laid out: its columns, the values that nobody names, and which are JSON."""

    def __init__(self, model: Model) -> None:
        self.table = model._meta.db_table
        fields = [field for field in model._meta.concrete_fields if not field.generated]
        self.columns = [str(field.column) for field in fields]
        self.usual = {str(field.column): _usual(field) for field in fields}
        self.json = [str(field.column) for field in fields if isinstance(field, models.JSONField)]

    def values(self, row: Row) -> list[Any]:
        """The row in the order of the columns. Raises KeyError for a column that is not there."""
        full = {**self.usual, **row}
        if len(full) != len(self.columns):
            raise KeyError(sorted(set(row) - set(self.columns)))
        for name in self.json:
            if full[name] is not None:
                full[name] = json.dumps(full[name])
        return [full[name] for name in self.columns]

    @property
    def named(self) -> str:
        """The columns as SQL names them."""
        return ", ".join(f'"{name}"' for name in self.columns)


def _usual(field: Any) -> Any:
    return None if field.primary_key else field.get_default()


class PostgresSink:
    """One COPY a table, each on a connection of its own, all open until the end. Needs a superuser."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._stack = ExitStack()
        self._copies: dict[Model, _Copy] = {}

    def put(self, model: Model, row: Row) -> None:
        """Take one row."""
        copy = self._copies.get(model) or self._opened(model)
        copy.put(row)

    def _opened(self, model: Model) -> "_Copy":
        form = Form(model)
        connection = self._stack.enter_context(psycopg.connect(self._address))
        # No trigger and no foreign key is asked: the rows come whole, and the bench database is nobody's record.
        connection.execute("SET session_replication_role = replica")
        cursor = self._stack.enter_context(connection.cursor())
        copy = self._stack.enter_context(cursor.copy(f'COPY "{form.table}" ({form.named}) FROM STDIN'))
        self._copies[model] = _Copy(form, copy.write)
        return self._copies[model]

    def close(self) -> None:
        """Finish every COPY and commit."""
        for copy in self._copies.values():
            copy.flush()
        self._stack.close()


class _Copy:
    """The rows of one table in COPY's text form; several times as quick as handing over value by value."""

    def __init__(self, form: Form, write: Callable[[str], None]) -> None:
        self._form, self._write = form, write
        self._lines: list[str] = []

    def put(self, row: Row) -> None:
        self._lines.append("\t".join([copied(value) for value in self._form.values(row)]))
        if len(self._lines) >= LINES_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        self._lines.append("")
        self._write("\n".join(self._lines))
        self._lines.clear()


def copied(value: Any) -> str:
    """A value in COPY's text form."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(ESCAPED) if ESCAPES.search(value) else value
    return f"\\\\x{value.hex()}" if isinstance(value, bytes) else str(value)


class SqliteSink:
    """Many rows at once, in one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._waiting: dict[Model, list[list[Any]]] = {}
        self._forms: dict[Model, Form] = {}

    def put(self, model: Model, row: Row) -> None:
        """Take one row."""
        if model not in self._forms:
            self._forms[model], self._waiting[model] = Form(model), []
        waiting = self._waiting[model]
        waiting.append([plain(value) for value in self._forms[model].values(row)])
        if len(waiting) >= AT_ONCE:
            self._write(model)

    def _write(self, model: Model) -> None:
        form, rows = self._forms[model], self._waiting[model]
        marks = ", ".join("?" * len(form.columns))
        self._connection.executemany(f'INSERT INTO "{form.table}" ({form.named}) VALUES ({marks})', rows)
        rows.clear()

    def close(self) -> None:
        """Write what waits and commit."""
        for model in self._forms:
            self._write(model)
        self._connection.commit()


def plain(value: Any) -> Any:
    """A value as Django keeps it in SQLite."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    return value
