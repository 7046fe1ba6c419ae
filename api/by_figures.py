"""Filters and orders by residents' figure and the gap: published numbers alone, so no order tells what is withheld."""

from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import QuerySet

from api.http import filters
from commitments.models.residents import FORTIETHS, TENTHS
from commitments.narrowing import at_least, at_most
from record import values
from record.keyset import By

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
        return rows.filter(residents_mean__gte=at_least(value, TENTHS))

    def to_residents(self, rows: QuerySet[Any], name: str, value: Decimal) -> QuerySet[Any]:
        """At most."""
        return rows.filter(residents_mean__lte=at_most(value, TENTHS))

    def from_gap(self, rows: QuerySet[Any], name: str, value: Decimal) -> QuerySet[Any]:
        """At least."""
        return rows.filter(gap__gte=at_least(value, self.gap_unit))

    def to_gap(self, rows: QuerySet[Any], name: str, value: Decimal) -> QuerySet[Any]:
        """At most."""
        return rows.filter(gap__lte=at_most(value, self.gap_unit))

    def by_rated(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Published, or withheld."""
        return rows.filter(residents_mean__isnull=value == WITHHELD)
