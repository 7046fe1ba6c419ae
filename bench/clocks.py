"""Commitments with what the clock decides: what each peer asks the database for, in the words of the models alone."""

from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from commitments.models import Commitment
from commitments.models.commitments import IS_CONTESTED, IS_MEASURABLE, is_overdue, is_silent

WITHHELD = {"period": None, "n": None, "mean": None, "low": None, "high": None, "withheld": "few"}
GAP = {"value": None, "method": "gap/1"}


def with_clocks(today: date) -> QuerySet[Any]:
    """Each with its standing, and whether it is overdue, silent, contested, measurable."""
    rows: QuerySet[Any] = Commitment.objects.with_standing(today).annotate(
        overdue=_truth(is_overdue(today)),
        silent=_truth(is_silent(today)),
        contested=_truth(IS_CONTESTED),
        measurable=_truth(IS_MEASURABLE),
    )
    return rows


def _truth(holds: Q) -> Case:
    return Case(When(holds, then=Value(True)), default=Value(False), output_field=BooleanField())
