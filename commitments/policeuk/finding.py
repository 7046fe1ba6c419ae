"""Text search over priorities, on both databases: whole words by their English stems, as in `commitments.search`."""

from typing import Any

from django.db.models import BooleanField, Expression, F, Q, QuerySet

from commitments.search import terms


class _Says(Expression):
    """Whether a priority says a word; the migration `priorities` laid what each database needs for it."""

    output_field = BooleanField()

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word
        self.sources: list[Any] = [F("pk"), F("words")]

    def get_source_expressions(self) -> list[Any]:
        return self.sources

    def set_source_expressions(self, exprs: Any) -> None:
        self.sources = list(exprs)

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """By its stems."""
        words, params = compiler.compile(self.sources[1])
        sql = f"(to_tsvector('english', {words}) @@ plainto_tsquery('english', %s))"
        return sql, [*params, self.word]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        """Among the rows of the FTS5 table; the word is quoted, and holds no quote."""
        key, params = compiler.compile(self.sources[0])
        among = "SELECT priority FROM commitments_prioritywords WHERE commitments_prioritywords MATCH %s"
        return f"({key} IN ({among}))", [*params, f'"{self.word}"']


def saying(priorities: QuerySet[Any], q: str) -> QuerySet[Any]:
    """Those that say every word of `q`; nothing for no words. Never raises, whatever `q` holds."""
    words = terms(q)
    found: QuerySet[Any] = priorities if words else priorities.none()
    for word in words:
        found = found.filter(Q(_Says(word)))
    return found
