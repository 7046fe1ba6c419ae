"""Reading published figures: which one speaks for a commitment or a theme, and figures as estimates."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from ratings.choices import PeriodChange
from ratings.comparisons import published as estimate
from ratings.counting import ALL
from ratings.models import Figure, SettingAside
from ratings.statistics import Interval

NUMBERS = ("n", "mean", "low", "high")


def standing() -> QuerySet[Figure]:
    """The figures that no later one has replaced; those that are withheld, or set aside, are left out."""
    rows: QuerySet[Figure] = Figure.objects.filter(latest=True, n__isnull=False, set_aside=False)
    return rows


def speaking() -> QuerySet[Figure]:
    """Among these, those of all who rated, the newest quarter first: a subject's first one speaks for it."""
    return standing().filter(by=ALL.by).order_by("-period__name")


def set_aside() -> QuerySet[Figure]:
    """Those that would speak if two people had not set their quarter aside, the newest quarter first."""
    rows: QuerySet[Figure] = Figure.objects.filter(by=ALL.by, latest=True, n__isnull=False, set_aside=True)
    return rows.order_by("-period__name")


def reasons_aside(rows: Iterable[Figure]) -> dict[int, str]:
    """Why those of these figures are set aside that are, by their keys. One query, and none where none is."""
    aside = [row for row in rows if row.set_aside]
    if not aside:
        return {}
    decided = SettingAside.objects.filter(
        period__in={row.period_id for row in aside}, state="approved", change=PeriodChange.SET_ASIDE
    )
    listed = decided.order_by("updated_position").values_list("period", "subject", "reason")
    why = {(period, subject): reason for period, subject, reason in listed}
    return {
        row.pk: why.get((row.period_id, row.subject)) or why.get((row.period_id, ""), "") for row in aside
    }


def estimate_of(row: dict[str, Any]) -> Interval:
    """A figure (a row with `mean`, `low` and `high`) as an estimate between two limits."""
    return estimate(float(row["mean"]), float(row["low"]), float(row["high"]))


def tenths(number: Decimal) -> int:
    """A published mean or limit as a whole number."""
    return int(number * 10)
