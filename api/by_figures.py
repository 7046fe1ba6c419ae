"""Filters and orders by residents' figure and the gap: published numbers alone, so no order tells what is withheld."""

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, ClassVar

from django.db.models import QuerySet

from api.http import filters, values
from api.http.paging import By
from commitments.models.residents import FORTIETHS, TENTHS

PUBLISHED, WITHHELD = "published", "withheld"
FIGURE, GAP = values.Number(1, 5), values.Number(-1, 1)
BY_RESIDENTS, BY_GAP = By("residents_order", nullable=True), By("gap", nullable=True)
"""Without a figure, or without a gap, a row comes last in either direction, by the tie-break alone."""


class FigureFilters(filters.StrictFilterSet):
    """What residents say of a row; what has no published figure, or no gap, is never found by one."""

    gap_unit: ClassVar[int] = FORTIETHS

    residents_min = filters.Parameter(
        value=FIGURE, method="from_residents", label="Only with a published mean of at least this."
    )
    residents_max = filters.Parameter(
        value=FIGURE, method="to_residents", label="Only with a published mean of at most this."
    )
    gap_min = filters.Parameter(value=GAP, method="from_gap", label="Only with a gap of at least this.")
    gap_max = filters.Parameter(value=GAP, method="to_gap", label="Only with a gap of at most this.")
    rated = filters.Parameter(
        value=values.Choice((PUBLISHED, WITHHELD)),
        method="by_rated",
        label="Only where residents' figure is published, or only where it is withheld.",
    )

    def from_residents(self, rows: QuerySet[Any], name: str, value: Decimal) -> QuerySet[Any]:
        """At least."""
        return rows.filter(residents_mean__gte=_up(value, TENTHS))

    def to_residents(self, rows: QuerySet[Any], name: str, value: Decimal) -> QuerySet[Any]:
        """At most."""
        return rows.filter(residents_mean__lte=_down(value, TENTHS))

    def from_gap(self, rows: QuerySet[Any], name: str, value: Decimal) -> QuerySet[Any]:
        """At least."""
        return rows.filter(gap__gte=_up(value, self.gap_unit))

    def to_gap(self, rows: QuerySet[Any], name: str, value: Decimal) -> QuerySet[Any]:
        """At most."""
        return rows.filter(gap__lte=_down(value, self.gap_unit))

    def by_rated(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Published, or withheld."""
        return rows.filter(residents_mean__isnull=value == WITHHELD)


def _up(value: Decimal, unit: int) -> int:
    return int((value * unit).to_integral_value(ROUND_CEILING))


def _down(value: Decimal, unit: int) -> int:
    return int((value * unit).to_integral_value(ROUND_FLOOR))
