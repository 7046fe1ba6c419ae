"""A theme's figures weighted by the census counts of its assembly, quarter by quarter."""

from collections import defaultdict
from typing import Any

from django.db.models import F

from commitments.models import Theme
from ratings.figures import estimate_of, standing
from ratings.models import Margin
from ratings.weighting import METHOD, Group, weighted

Shape = dict[str, Any]


def by_quarter(theme: Theme) -> dict[str, list[Shape]]:
    """For each quarter what can be weighted, by question. Two queries."""
    # The newest of each question comes last, and stays.
    margins = {
        row.question: row for row in Margin.objects.filter(assembly=theme.assembly_id).order_by("position")
    }
    found: dict[str, list[Shape]] = defaultdict(list)
    for (period, question), groups in sorted(_groups(theme, list(margins)).items()):
        margin = margins[question]
        figure = weighted(groups, margin.counts)
        if figure is not None:
            found[period].append(
                {
                    "by": question,
                    "n": figure.effective_n,
                    **{name: getattr(figure, name) for name in ("mean", "low", "high")},
                    "dated": margin.dated,
                    "source": margin.source,
                    "method": METHOD,
                }
            )
    return found


def _groups(theme: Theme, questions: list[str]) -> dict[tuple[str, str], dict[str, Group]]:
    figures = standing().filter(subject=theme.record_subject, by__in=questions)
    found: dict[tuple[str, str], dict[str, Group]] = defaultdict(dict)
    rows: Any = figures.values("by", "group", "n", "mean", "low", "high", name=F("period__name"))
    for row in rows:
        found[row["name"], row["by"]][row["group"]] = Group(row["n"], estimate_of(row))
    return found
