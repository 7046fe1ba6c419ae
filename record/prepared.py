"""Questions to the database that are compiled once: only what is filled in changes from one asking to the next.

To compile a queryset costs more than to answer it. A prepared one says `Blank("today")` where a value comes later, and
`Among("pk", "keys")` for a list of any length, so that its SQL is the same every time.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import BooleanField, CharField, DateField, Expression, F, Field, QuerySet
from django.db.models.constants import OnConflict
from django.db.models.sql import InsertQuery, UpdateQuery
from psycopg.types.datetime import TimestamptzLoader

from record.guarded import GuardedModel, check_open

Row = dict[str, Any]
_AS_THEY_ARE = frozenset({str, int, bool, bytes, type(None)})
"""Values that every database takes without our help."""


class Blank(Expression):
    """A place in a prepared query. It stands for a date, unless another field is said; days may be taken off it."""

    def __init__(
        self, name: str, field: "Field[Any, Any] | None" = None, shift: timedelta = timedelta()
    ) -> None:
        super().__init__(output_field=field or DateField())
        self.name, self.shift = name, shift

    @classmethod
    def day(cls, name: str) -> Any:
        """A place for a date, wherever a date is expected."""
        return cls(name)

    def __sub__(self, other: Any) -> Any:
        return Blank(self.name, self.output_field, self.shift - other)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Itself among the parameters, to be filled in."""
        return "%s", [self]

    def filled(self, given: Row) -> Any:
        """The parameter for the database."""
        value = given[self.name]
        if type(value) in _AS_THEY_ARE:
            return value
        if isinstance(value, datetime):
            return connection.ops.adapt_datetimefield_value(value)
        if isinstance(value, date):
            return connection.ops.adapt_datefield_value(value + self.shift)
        return connection.ops.adapt_unknown_value(value)


class Keys(Blank):
    """A place for a list: an array on PostgreSQL, JSON on SQLite."""

    def filled(self, given: Row) -> Any:
        """The parameter for the database."""
        keys = list(given[self.name])
        if connection.vendor == "postgresql":
            return keys
        return json.dumps([key if isinstance(key, int | str) else key.hex for key in keys])


class Among(Expression):
    """Whether a column (of numbers, UUIDs or texts) is one of the values that will be filled in under `name`."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, name: str) -> None:
        super().__init__()
        self.column: Any = F(column)
        self.keys = Keys(name, CharField())

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        [self.column] = exprs

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """An array of any length is one parameter."""
        column, params = compiler.compile(self.column)
        return f"({column} = ANY(%s))", [*params, self.keys]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """A JSON list of any length is one parameter."""
        column, params = compiler.compile(self.column)
        keys = "SELECT value FROM json_each(%s)"
        return f"({column} IN ({keys}))", [*params, self.keys]


@dataclass(frozen=True, slots=True)
class _Plan:
    sql: str
    params: Sequence[Any]
    names: Sequence[str]
    compiler: Any
    converters: Any


class Prepared:
    """A queryset of `.values(…)`, compiled when it is first asked, for each kind of database."""

    def __init__(self, build: Callable[[], QuerySet[Any]]) -> None:
        self._build = build
        self._plans: dict[str, _Plan] = {}

    def rows(self, **given: Any) -> list[Row]:
        """The rows, with the blanks filled in."""
        plan = self._plans.get(connection.vendor) or self._compiled()
        with cursor_keeping_plans() as cursor:
            cursor.execute(plan.sql, [p.filled(given) if isinstance(p, Blank) else p for p in plan.params])
            found: Iterable[Any] = cursor.fetchall()
        if plan.converters:
            found = plan.compiler.apply_converters(found, plan.converters)
        names = plan.names
        return [dict(zip(names, row, strict=True)) for row in found]

    def row(self, **given: Any) -> Row | None:
        """The first row, if there is one."""
        found = self.rows(**given)
        return found[0] if found else None

    def _compiled(self) -> _Plan:
        query = self._build().query
        compiler: Any = query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        if connection.vendor == "postgresql":
            sql, params = _with_constants(sql, params)
        converters = compiler.get_converters([column[0] for column in compiler.select[: compiler.col_count]])
        names = tuple(query.selected or (*query.values_select, *query.annotation_select))
        plan = _Plan(sql, params, names, compiler, converters)
        self._plans[connection.vendor] = plan
        return plan


class Upsert:
    """Writing one row of a guarded model over what its key has, compiled when it is first done, for each database.

    `asking` are rows of another table: whether there are any is answered by the same statement.
    """

    def __init__(
        self,
        model: type[GuardedModel],
        *,
        key: str,
        columns: Sequence[str],
        asking: Callable[[], QuerySet[Any]],
    ) -> None:
        self._model, self._key, self._columns, self._asking = model, key, tuple(columns), asking
        self._plans: dict[str, tuple[str, Sequence[Blank]]] = {}

    def write(self, **given: Any) -> bool:
        """Put the row, inside an action; `given` names the key, every column and every blank of what is asked."""
        check_open(self._model.__name__)
        sql, blanks = self._plans.get(connection.vendor) or self._compiled()
        with cursor_keeping_plans() as cursor:
            cursor.execute(sql, [blank.filled(given) for blank in blanks])
            return bool(cursor.fetchone()[0])

    def _compiled(self) -> tuple[str, Sequence[Blank]]:
        meta = self._model._meta
        key, columns = meta.get_field(self._key), [meta.get_field(name) for name in self._columns]
        fields: list[Any] = [key, *columns]
        query: Any = InsertQuery(
            self._model, on_conflict=OnConflict.UPDATE, update_fields=columns, unique_fields=[key]
        )
        empty = {field.attname: Blank(field.attname, CharField()) for field in fields}
        query.insert_values(fields, [self._model(**empty)])
        [(sql, blanks)] = query.get_compiler(connection=connection).as_sql()
        asked, more = self._asking().query.get_compiler(connection=connection).as_sql()
        plan = (f"{sql} RETURNING EXISTS({asked})", [*blanks, *more])
        self._plans[connection.vendor] = plan
        return cast("tuple[str, Sequence[Blank]]", plan)


class Change:
    """An UPDATE of guarded rows, compiled when it is first done, for each kind of database."""

    def __init__(self, rows: Callable[[], QuerySet[Any]], **values: Any) -> None:
        self._rows, self._values = rows, values
        self._plans: dict[str, tuple[str, Sequence[Any]]] = {}

    def write(self, **given: Any) -> int:
        """Do it, inside an action, with the blanks filled in; how many rows were changed."""
        check_open(type(self).__name__)
        sql, params = self._plans.get(connection.vendor) or self._compiled()
        with cursor_keeping_plans() as cursor:
            cursor.execute(sql, [p.filled(given) if isinstance(p, Blank) else p for p in params])
            return int(cursor.rowcount)

    def _compiled(self) -> tuple[str, Sequence[Any]]:
        query: Any = self._rows().query.chain(UpdateQuery)
        query.add_update_values(self._values)
        plan = query.get_compiler(connection=connection).as_sql()
        if connection.vendor == "postgresql":
            plan = _with_constants(*plan)
        self._plans[connection.vendor] = plan
        return cast("tuple[str, Sequence[Any]]", plan)


def _with_constants(sql: str, params: Sequence[Any]) -> tuple[str, list[Any]]:
    """The SQL with everything but the blanks written into it: the driver would quote each anew at every asking."""
    waiting, blanks = iter(params), []

    def written(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%%"
        value = next(waiting)
        if isinstance(value, Blank):
            blanks.append(value)
            return "%s"
        return cast("str", cursor.mogrify("%s", [value])).replace("%", "%%")

    with connection.cursor() as cursor:
        return re.sub("%[s%]", written, sql), blanks


def cursor_keeping_plans() -> Any:
    """A cursor; on PostgreSQL one that sends values apart from the SQL, so that the connection can keep its plan."""
    here: Any = connections[DEFAULT_DB_ALIAS]
    if here.vendor != "postgresql":
        return here.cursor()
    here.ensure_connection()
    make: Any = ServerBindingCursor
    cursor = make(here.connection)
    _read_times_quickly(here, cursor)
    return here.make_debug_cursor(cursor) if here.queries_logged else here.make_cursor(cursor)


def _read_times_quickly(here: Any, cursor: Any) -> None:
    """Let the driver's own C code read times, which come in UTC: Django's reader is in Python, to name other zones."""
    if here.timezone_name == "UTC":
        cursor.adapters.register_loader("timestamptz", TimestamptzLoader)
