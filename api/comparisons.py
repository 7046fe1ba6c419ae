"""Whether communities experience a theme differently: published figures side by side, and what may be said of them."""

from dataclasses import replace
from typing import Any

from rest_framework import serializers

from api import breakdowns
from api.http import filters
from api.http.promises import Promise
from api.http.views import PublicDetail, Shape, found
from api.trends import FIGURE, figure_of
from commitments.models import Theme
from ratings import comparisons, counting
from ratings.comparisons import Difference
from ratings.counting import ALL
from ratings.figures import estimate_of
from ratings.models import Figure
from record.values import PERIOD


class GroupOut(serializers.Serializer[Any]):
    """One group; what it says in the chosen quarter."""

    group = serializers.CharField()
    name = serializers.CharField()
    n = serializers.IntegerField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    withheld = serializers.ChoiceField([("few", "few or none")], allow_null=True)


class DifferenceOut(serializers.Serializer[Any]):
    """The first group's mean less the second's, with an interval that is corrected for all that are compared here."""

    first = serializers.CharField()
    second = serializers.CharField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    chance = serializers.FloatField(help_text="The p-value, corrected for all that are compared (Holm).")
    named = serializers.BooleanField(help_text="The interval excludes 0, and it is at least 0.3.")
    sentence = serializers.CharField()


class ComparisonsOut(serializers.Serializer[Any]):
    """The groups of one breakdown in one quarter, and every two of them that are published, compared."""

    subject = serializers.CharField()
    by = serializers.ChoiceField(breakdowns.COMPARED)
    period = serializers.CharField(
        allow_null=True, help_text="The newest with such figures; null where there are none."
    )
    set_aside = serializers.BooleanField(
        help_text="Two people set this quarter aside; then its groups are shown and compared with nothing."
    )
    note = serializers.CharField()
    method = serializers.CharField()
    groups = GroupOut(many=True)
    comparisons = DifferenceOut(many=True)


class ComparedBy(filters.StrictFilterSet):
    """What is compared."""

    by = filters.Parameter(
        value=breakdowns.OneBreakdown(breakdowns.COMPARED),
        label="One breakdown: strata (where none is asked for) or a question on communities.",
    )
    period = filters.Parameter(
        value=PERIOD, label="A quarter; otherwise the newest that has figures and is not set aside."
    )


class ThemeComparisons(PublicDetail):
    """Whether communities experience a theme differently, from published figures alone."""

    output = ComparisonsOut

    def check_parameters(self) -> dict[str, Any]:
        """What is compared, and of when."""
        self.asked = ComparedBy.check(self.request.query_params, frozenset())
        return self.asked

    def row(self) -> Any:
        """By its assembly and its slug."""
        rows = Theme.objects.select_related("assembly")
        return found(rows, assembly__slug=self.kwargs["slug"], slug=self.kwargs["theme"])

    def shape(self, row: Any) -> Shape:
        """Groups, then comparisons."""
        by = self.asked.get("by", counting.STRATUM)
        period, figures = _figures(row.record_subject, by, self.asked.get("period"))
        is_aside = any(one["set_aside"] for one in figures.values())
        return {
            "subject": row.record_subject,
            "by": by,
            "period": period,
            "set_aside": is_aside,
            "note": comparisons.NOTE,
            "method": comparisons.METHOD,
            "groups": [
                {"group": group, "name": breakdowns.name_of(by, group), **figure_of(figures.get(group))}
                for group in _groups(by)
            ],
            "comparisons": [] if is_aside else _compared(by, figures),
        }

    @classmethod
    def promises(cls) -> dict[str, Promise]:
        """GET, with what can be asked for."""
        return {"GET": replace(super().promises()["GET"], filterset=ComparedBy)}


def _groups(by: str) -> list[str]:
    return [group for group in counting.GROUPS[by] if group not in counting.NEVER_SHOWN]


def _figures(subject: str, by: str, period: str | None) -> tuple[str | None, dict[str, Shape]]:
    """The quarter, and its figures by group."""
    rows = Figure.objects.filter(subject=subject, latest=True, n__isnull=False, by=by).exclude(by=ALL.by)
    if period is None:
        newest = rows.filter(set_aside=False).order_by("-period__name").values_list("period__name", flat=True)
        period = newest.first()
    shown = rows.filter(period__name=period, group__in=_groups(by)).values("group", "set_aside", *FIGURE)
    return period, {row["group"]: row for row in shown}


def _compared(by: str, figures: dict[str, Shape]) -> list[Shape]:
    estimates = {group: estimate_of(figures[group]) for group in _groups(by) if group in figures}
    names = breakdowns.labelled(by, estimates)
    return [_shape(one, names) for one in comparisons.differences(estimates)]


def _shape(one: Difference, names: dict[str, str]) -> Shape:
    return {
        **{name: getattr(one, name) for name in ("first", "second", "value", "low", "high", "chance")},
        "named": one.is_named,
        "sentence": comparisons.said_of(one, names),
    }
