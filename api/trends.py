"""What residents say of one thing, quarter by quarter and by stratum, with what changed and how sure that is."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, QuerySet, Sum, Value
from django.db.models.functions import Concat
from rest_framework import serializers

from accounts.models import Organisation, Team
from api import weights
from api.http.views import PublicDetail, Shape, found
from commitments import tallies
from commitments.models import Commitment, Theme
from commitments.voices import MEAN_OF_MEANS
from ratings import comparisons, periods
from ratings.choices import COMMUNITIES, Stratum
from ratings.comparisons import Change
from ratings.counting import ALL, STRATUM
from ratings.figures import estimate_of
from ratings.models import Figure
from record import guarded

NOTE = "Self-selected opinion: these figures speak for the people who chose to rate, and for nobody else."
FIGURE = ("n", "mean", "low", "high")
_WITHHELD = {**dict.fromkeys(FIGURE), "withheld": "few"}


class StratumOut(serializers.Serializer[Any]):
    """What one group of raters says; never blended with another."""

    stratum = serializers.ChoiceField(Stratum.choices)
    n = serializers.IntegerField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    withheld = serializers.ChoiceField([("few", "few or none")], allow_null=True)


class ChangeOut(serializers.Serializer[Any]):
    """This figure less that of the last published quarter before it; `named` only where it can be told from chance."""

    since = serializers.CharField()
    value = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    named = serializers.BooleanField(help_text="The interval excludes 0, and it is at least 0.3.")
    sentence = serializers.CharField()


class WeightedOut(serializers.Serializer[Any]):
    """Published figures of communities, each counted by its share of the population; `n` is the effective number."""

    by = serializers.ChoiceField(sorted(COMMUNITIES))
    n = serializers.IntegerField()
    mean = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    dated = serializers.DateField(help_text="Of which day the counts of the population are.")
    source: Any = serializers.CharField(help_text="Where they are published.")
    method = serializers.CharField()


class QuarterOut(serializers.Serializer[Any]):
    """One quarter."""

    period = serializers.CharField()
    n = serializers.IntegerField(allow_null=True)
    mean = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    withheld = serializers.ChoiceField([("few", "few or none")], allow_null=True)
    set_aside = serializers.BooleanField(
        help_text="Two people set it aside; then it is compared with nothing."
    )
    change = ChangeOut(allow_null=True)
    strata = StratumOut(many=True)


class ThemeQuarterOut(QuarterOut):
    """One quarter of a theme."""

    weighted = WeightedOut(
        many=True,
        help_text="Beside the raw mean, where census counts are loaded and every group that lives there is published.",
    )


class ResidentsOut(serializers.Serializer[Any]):
    """What residents said of a commitment or theme, from the first published quarter to the last, newest first."""

    subject = serializers.CharField()
    note = serializers.CharField()
    method = serializers.CharField()
    periods = QuarterOut(many=True)


class ThemeResidentsOut(ResidentsOut):
    """The same of a theme, beside it what it would be if raters were made up as the population is."""

    periods = ThemeQuarterOut(many=True)


class BodyStratumOut(serializers.Serializer[Any]):
    """What one group of raters says of a body's commitments."""

    stratum = serializers.ChoiceField(Stratum.choices)
    commitments = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    withheld = serializers.ChoiceField([("few", "few or none")], allow_null=True)


class BodyQuarterOut(serializers.Serializer[Any]):
    """One quarter: the mean of the figures published of its present commitments; others are rated in each quarter."""

    period = serializers.CharField()
    commitments = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    withheld = serializers.ChoiceField([("few", "few or none")], allow_null=True)
    strata = BodyStratumOut(many=True)


class BodyResidentsOut(serializers.Serializer[Any]):
    """What residents said of the commitments of a team or organisation, newest quarter first."""

    subject = serializers.CharField()
    note = serializers.CharField()
    method = serializers.CharField()
    periods = BodyQuarterOut(many=True)


class _Residents(PublicDetail):
    """What residents say."""

    output = ResidentsOut

    def shape(self, row: Any) -> Shape:
        """Every quarter."""
        figures = list(
            Figure.objects.filter(subject=row.record_subject, latest=True, by__in=(ALL.by, STRATUM)).values(
                "by", "group", "set_aside", *FIGURE, period_name=F("period__name")
            )
        )
        return {
            "subject": row.record_subject,
            "note": NOTE,
            "method": comparisons.CHANGE_METHOD,
            "periods": _quarters(figures),
        }


class CommitmentResidents(_Residents):
    """What residents say of a commitment, quarter by quarter and by stratum."""

    def row(self) -> Any:
        """By its reference."""
        return found(Commitment.objects.all(), reference=self.kwargs["reference"])


class ThemeResidents(_Residents):
    """What residents say of a theme as a whole, quarter by quarter and by stratum."""

    output = ThemeResidentsOut

    def row(self) -> Any:
        """By its assembly and its slug."""
        rows = Theme.objects.select_related("assembly")
        return found(rows, assembly__slug=self.kwargs["slug"], slug=self.kwargs["theme"])

    def shape(self, row: Any) -> Shape:
        """With what it would be, weighted."""
        told, weighted = super().shape(row), weights.by_quarter(row)
        for quarter in told["periods"]:
            quarter["weighted"] = weighted.get(quarter["period"], [])
        return told


def _quarters(figures: list[Shape]) -> list[Shape]:
    wholes = {row["period_name"]: row for row in figures if row["by"] == ALL.by and row["mean"] is not None}
    strata = {(row["period_name"], row["group"]): row for row in figures if row["by"] == STRATUM}
    counted = [(name, wholes[name]) for name in sorted(wholes) if not wholes[name]["set_aside"]]
    changed = comparisons.changes([(name, estimate_of(row)) for name, row in counted])
    return [
        {
            "period": name,
            **figure_of(wholes.get(name)),
            "set_aside": wholes[name]["set_aside"] if name in wholes else False,
            "change": _change(changed[name], name) if name in changed else None,
            "strata": [{"stratum": one, **figure_of(strata.get((name, one)))} for one in Stratum.values],
        }
        for name in periods.between(wholes)
    ]


def figure_of(row: Shape | None) -> Shape:
    """A published figure, or that it is withheld; few and none are alike."""
    if row is None or row["mean"] is None:
        return dict(_WITHHELD)
    return {"n": row["n"], **{name: float(row[name]) for name in FIGURE[1:]}, "withheld": None}


def _change(found_: Change, period: str) -> Shape:
    return {
        **{name: getattr(found_, name) for name in ("since", "value", "low", "high")},
        "named": found_.is_named,
        "sentence": comparisons.said_of_change(found_, period),
    }


class _BodyResidents(PublicDetail):
    """What residents say of what a body promised."""

    output = BodyResidentsOut
    owner = "team"

    def shape(self, row: guarded.Recorded) -> Shape:
        """Every quarter."""
        owned = Commitment.objects.filter(
            tallies.owns(self.owner, "owners__ended_on", "owners__passed_to"),
            **{f"owners__{self.owner}": row.pk},
            owners__accepted_on__isnull=False,
        )
        return {
            "subject": row.record_subject,
            "note": NOTE,
            "method": MEAN_OF_MEANS,
            "periods": _body_quarters(_added_up(owned)),
        }


class TeamResidents(_BodyResidents):
    """What residents say of a team's present commitments, quarter by quarter and by stratum."""

    def row(self) -> Any:
        """By its slug."""
        return found(Team.objects.all(), slug=self.kwargs["slug"])


class OrganisationResidents(_BodyResidents):
    """What residents say of an organisation's present commitments, quarter by quarter and by stratum."""

    owner = "organisation"

    def row(self) -> Any:
        """By its slug."""
        return found(Organisation.objects.all(), slug=self.kwargs["slug"])


def _added_up(owned: QuerySet[Commitment]) -> Iterable[Shape]:
    """Their published figures, added up by quarter and stratum in the database."""
    names = owned.order_by().annotate(named=Concat(Value("commitment:"), "reference")).values("named")
    figures = Figure.objects.filter(
        latest=True, n__isnull=False, set_aside=False, by__in=(ALL.by, STRATUM), subject__in=names
    )
    rows: Any = figures.order_by().values("by", "group", period_name=F("period__name"))
    added: Iterable[Shape] = rows.annotate(
        commitments=Count("pk"), **{f"all_{name}": Sum(name) for name in FIGURE[1:]}
    )
    return added


def _body_quarters(added: Iterable[Shape]) -> list[Shape]:
    sums = {(row["period_name"], row["group"]): row for row in added}
    return [
        {
            "period": name,
            **_mean_of_means(sums.get((name, ""))),
            "strata": [{"stratum": one, **_mean_of_means(sums.get((name, one)))} for one in Stratum.values],
        }
        for name in periods.between({name for name, _ in sums})
    ]


def _mean_of_means(row: Shape | None) -> Shape:
    if row is None:
        return {"commitments": 0, **dict.fromkeys(FIGURE[1:]), "withheld": "few"}
    n = row["commitments"]
    means = {name: _thousandths(row[f"all_{name}"], n) for name in FIGURE[1:]}
    return {"commitments": n, **means, "withheld": None}


def _thousandths(total: Any, n: int) -> float:
    """Half up, from tenths."""
    tenths = int(total * 10)
    return (200 * tenths + n) // (2 * n) / 1000
