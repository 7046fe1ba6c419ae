"""Rows into the tables of a new database by the shortest way: COPY on PostgreSQL, many at once on SQLite."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any, Protocol
from uuid import UUID

import psycopg
from django.db import models

AT_ONCE = 5000
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
        fields = model._meta.concrete_fields
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
        self._writers: dict[Model, Callable[[Row], None]] = {}

    def put(self, model: Model, row: Row) -> None:
        """Take one row."""
        writer = self._writers.get(model) or self._opened(model)
        writer(row)

    def _opened(self, model: Model) -> Callable[[Row], None]:
        form = Form(model)
        connection = self._stack.enter_context(psycopg.connect(self._address))
        # No trigger and no foreign key is asked: the rows come whole, and the bench database is nobody's record.
        connection.execute("SET session_replication_role = replica")
        cursor = self._stack.enter_context(connection.cursor())
        copy = self._stack.enter_context(cursor.copy(f'COPY "{form.table}" ({form.named}) FROM STDIN'))

        def write(row: Row) -> None:
            copy.write_row(form.values(row))

        self._writers[model] = write
        return write

    def close(self) -> None:
        """Finish every COPY and commit."""
        self._stack.close()


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
