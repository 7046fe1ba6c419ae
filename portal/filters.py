"""The filters of the list of commitments, by the names that the API has for them, and as people read them."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet

from commitments import narrowing
from commitments.choices import Standing, Status
from commitments.models.commitments import FACTS
from commitments.models.residents import FORTIETHS, TENTHS
from commitments.search import matching
from portal.asking import Asked
from record import values
from record.keyset import By

Rows = QuerySet[Any]
Narrow = Callable[[Rows, Any, date], Rows]
NONE = narrowing.NONE
FIGURE, GAP = values.Number(1, 5), values.Number(-1, 1)
PRIORITY = values.Pattern(
    r"(none|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})", "The id of a priority, or `none`,"
)
PUBLISHED, WITHHELD = "published", "withheld"

VALUES: dict[str, values.Value] = {
    "q": values.Value(),
    "assembly": values.Several(values.SLUG),
    "theme": values.Several(values.SLUG),
    "area": values.Several(values.AREA_CODE),
    "organisation": values.Several(values.SLUG),
    "team": values.Several(values.SLUG),
    "recommendation": values.Several(values.REFERENCE),
    "status": values.Several(values.Choice([*Status.values, NONE])),
    "standing": values.Several(values.Choice(Standing.values)),
    "due_before": values.Day(),
    "due_after": values.Day(),
    **{name: values.TrueFalse() for name in FACTS},
    "priority": values.Several(PRIORITY),
    "updated_since": values.Moment(),
    "residents_min": FIGURE,
    "residents_max": FIGURE,
    "gap_min": GAP,
    "gap_max": GAP,
    "rated": values.Choice((PUBLISHED, WITHHELD)),
}
ORDERS: dict[str, By] = {
    "position": By("position"),
    "reference": By("reference"),
    "title": By("title"),
    "due": By("due_on", nullable=True),
    "published_at": By("published_at"),
    "updated_at": By("updated_at"),
    "rank": By("rank"),
    "residents": By("residents_order", nullable=True),
    "gap": By("gap", nullable=True),
}
"""As the API has them; a test holds both together."""


def _of(ask: Callable[[Rows, Any], Rows]) -> Narrow:
    return lambda rows, value, today: ask(rows, value)


def _column(lookup: str) -> Narrow:
    return lambda rows, value, today: rows.filter(**{lookup: value})


def _least(column: str, unit: int) -> Narrow:
    def ask(rows: Rows, value: Decimal, today: date) -> Rows:
        return rows.filter(**{f"{column}__gte": narrowing.at_least(value, unit)})

    return ask


def _most(column: str, unit: int) -> Narrow:
    def ask(rows: Rows, value: Decimal, today: date) -> Rows:
        return rows.filter(**{f"{column}__lte": narrowing.at_most(value, unit)})

    return ask


def _fact(name: str, rows: Rows, value: bool, today: date) -> Rows:
    return narrowing.by_fact(rows, name, value, today)


ASK: Mapping[str, Narrow] = {
    "q": _of(matching),
    "assembly": _of(narrowing.by_assembly),
    "theme": _of(narrowing.by_theme),
    "area": _of(narrowing.by_area),
    "organisation": _of(narrowing.by_organisation),
    "team": _of(narrowing.by_team),
    "recommendation": _of(narrowing.by_recommendation),
    "status": _of(narrowing.by_status),
    "standing": narrowing.by_standing,
    "due_before": _column("due_on__lt"),
    "due_after": _column("due_on__gt"),
    **{name: partial(_fact, name) for name in FACTS},
    "priority": _of(narrowing.by_priority),
    "updated_since": _column("updated_at__gte"),
    "residents_min": _least("residents_mean", TENTHS),
    "residents_max": _most("residents_mean", TENTHS),
    "gap_min": _least("gap", FORTIETHS),
    "gap_max": _most("gap", FORTIETHS),
    "rated": lambda rows, value, today: rows.filter(residents_mean__isnull=value == WITHHELD),
}


def narrowed(rows: Rows, asked: Asked, today: date) -> Rows:
    """The rows that fit everything asked for."""
    for name, value in asked.found.items():
        if name in ASK:
            rows = ASK[name](rows, value, today)
    return rows
