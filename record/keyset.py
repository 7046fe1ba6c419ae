"""Keyset pages: page 300 costs what page 1 costs, and no row is skipped or repeated.

A page starts after the row where the last one ended, by (ordering column, tie-break), never by counting; rows written
or hidden meanwhile move nothing. Unknown values (null) come last in either direction.
"""

import zlib
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from record.cursors import Place


@dataclass(frozen=True)
class By:
    """A column to order by, `nullable` where it may be null; of an exact type (never `real`)."""

    column: str
    nullable: bool = False


@dataclass(frozen=True)
class Order:
    """One order of one request."""

    word: str
    by: By
    tie: str
    descending: bool
    path: str = ""

    @property
    def mark(self) -> str:
        """What a cursor was made for: this list in this order; another's columns may be of other types."""
        return f"{self.word}@{zlib.crc32(self.path.encode()):08x}"

    def sorted(self, rows: QuerySet[Any], *, back: bool) -> QuerySet[Any]:
        """The rows in this order, or its exact reverse; the tie-break runs the same way, so one index serves both."""
        sign = "-" if self.descending != back else ""
        columns = dict.fromkeys((f"{sign}{self.by.column}", f"{sign}{self.tie}"))
        return rows.order_by(*columns)

    def beyond(self, place: Place) -> tuple[Q | None, Q | None]:
        """Which rows lie beyond `place`, in the direction that it looks; first those that come first."""
        word = "lt" if self.descending != place.back else "gt"
        tie = Q(**{f"{self.tie}__{word}": place.tie})
        column = self.by.column
        if column == self.tie:
            return tie, None
        null = Q(**{f"{column}__isnull": True})
        if place.value is None:
            return null & tie, ~null if place.back else None
        further = Q(**{f"{column}__{word}": place.value})
        bound = Q(**{f"{column}__{word}e": place.value})
        return bound & (further | tie), null if self.by.nullable and not place.back else None

    def everything(self) -> tuple[Q, Q]:
        """All rows, those with a value first."""
        null = Q(**{f"{self.by.column}__isnull": True})
        return ~null, null

    def place_of(self, row: Any, *, back: bool) -> Place:
        """The place of a model row or of a dictionary from `.values()`."""
        if isinstance(row, dict):
            return Place(self.mark, back, row[self.by.column], row[self.tie])
        return Place(self.mark, back, _of(row, self.by.column), _of(row, self.tie))


def _of(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part) if row is not None else None
    return row


@dataclass(frozen=True)
class Page:
    """Rows in order, and the places before and after them where there are more."""

    rows: list[Any]
    next: Place | None
    previous: Place | None


def page_of(rows: QuerySet[Any], order: Order, place: Place | None, size: int) -> Page:
    """One page: a query for one row more than is shown; two where a page may end among unknown values."""
    back = place is not None and place.back
    found: list[Any] = []
    for part in _parts(rows, order, place):
        found += order.sorted(part, back=back)[: size + 1 - len(found)]
        if len(found) > size:
            break
    more = len(found) > size
    shown = found[:size]
    if back:
        shown.reverse()
    if not shown:
        return Page([], None, None)
    onward, backward = more or back, more if back else place is not None
    return Page(
        shown,
        order.place_of(shown[-1], back=False) if onward else None,
        order.place_of(shown[0], back=True) if backward else None,
    )


def _parts(rows: QuerySet[Any], order: Order, place: Place | None) -> list[QuerySet[Any]]:
    """The rows beyond `place`: known values apart from unknown ones, for together no index gives them in order."""
    if place is None and not order.by.nullable:
        return [rows]
    known, unknown = order.beyond(place) if place else order.everything()
    return [rows.filter(part) for part in (known, unknown) if part is not None]
