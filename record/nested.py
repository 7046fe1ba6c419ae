"""What belongs to each row of a question, asked in the same question: it comes as a list in a column of its own.

Every question more is a journey to the database and back, which costs more than most answers.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Func, QuerySet, Subquery, TextField

Reader = Callable[[Any], Any]


def _moment(text: str) -> datetime:
    """A moment as each database writes it; SQLite's are in UTC and do not say so."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_READERS: dict[str, Reader] = {"BooleanField": bool, "DateTimeField": _moment, "UUIDField": UUID}
"""How values that JSON cannot hold are read back; decimals stay numbers."""


class _Cells(Func):
    """Columns as one JSON list."""

    function = "json_array"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """The same under another name."""
        return self.as_sql(compiler, connection, function="json_build_array")


class Nested(Subquery):
    """The rows of another question, which names the outer row by `OuterRef`: lists of values, in its order."""

    output_field = TextField()

    def __init__(self, rows: QuerySet[Any], *columns: str) -> None:
        listed = rows.annotate(listed=_Cells(*columns)).values("listed")
        super().__init__(listed)
        cells = listed.query.annotations["listed"].get_source_expressions()
        kinds = [cell.output_field.get_internal_type() for cell in cells]
        self.readers = [(at, _READERS[kind]) for at, kind in enumerate(kinds) if kind in _READERS]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        """One JSON list, which the driver reads."""
        listed = "(SELECT json_agg(nested.listed) FROM (%(subquery)s) nested)"
        return self.as_sql(compiler, connection, template=listed)

    def as_sqlite(self, compiler: Any, connection: Any) -> Any:
        """One JSON list as text."""
        listed = "(SELECT json_group_array(json(nested.listed)) FROM (%(subquery)s) nested)"
        return self.as_sql(compiler, connection, template=listed)

    def get_db_converters(self, connection: Any) -> list[Any]:
        """Read the list."""
        return [self._read]

    def _read(self, value: Any, expression: Any, connection: Any) -> list[list[Any]]:
        found: list[list[Any]] = (json.loads(value) if isinstance(value, str) else value) or []
        for at, reader in self.readers:
            for row in found:
                if row[at] is not None:
                    row[at] = reader(row[at])
        return found
