"""Themes: what recommendations are about, what residents said, and how the promises under each stand."""

from datetime import date
from typing import Any

from django.db.models import Count, ExpressionWrapper, F, IntegerField, QuerySet
from rest_framework import serializers

from api import parts
from api.by_figures import BY_GAP, BY_RESIDENTS, FigureFilters
from api.held import HeldOut
from api.http import filters, inputs
from api.http.paging import by
from api.http.views import PublicDetail, PublicList, Shape, found
from api.http.writing import Done, Patches, Posts
from api.named import named
from api.scorecards import ScorecardOut
from api.voices import ClaimsOut, FindingsOut, GapOut, ResidentsVoice
from commitments import actions, summaries, tallies, voices
from commitments.choices import Reliability, Standing
from commitments.errors import NothingChanged
from commitments.models import Assembly, Theme
from commitments.models.residents import FORTIETHS, LEAST

MOST_FINDINGS = 50
GAP_UNIT = 1000


def _counts(name: str, words: list[str]) -> type[serializers.Serializer[Any]]:
    fields = {word: serializers.IntegerField() for word in words}
    return type(name, (serializers.Serializer,), {"__doc__": "How many of each.", **fields})


StandingCountsOut = _counts("StandingCountsOut", list(Standing.values))


class MeasurabilityOut(serializers.Serializer[Any]):
    """How many can be judged at all: with measure, target, due date and source of proof."""

    measurable = serializers.IntegerField()
    not_measurable = serializers.IntegerField()


class LatenessOfOut(serializers.Serializer[Any]):
    """Lateness against one kind of due date."""

    dated = serializers.IntegerField(help_text="Accepted commitments that have such a date.")
    late = serializers.IntegerField(help_text="Of these, late: finished late, or still running past it.")
    mean_days = serializers.FloatField(allow_null=True, help_text="Over the late ones.")
    most_days = serializers.IntegerField(allow_null=True)


class LatenessOut(serializers.Serializer[Any]):
    """Lateness against the present due dates, and against those that were promised first."""

    present = LatenessOfOut()
    first = LatenessOfOut()


class ThemeVoicesOut(serializers.Serializer[Any]):
    """Three voices, never blended: owners, residents, the panel (its findings on present claims); and the gap."""

    owner = ClaimsOut()
    residents = ResidentsVoice()
    panel: Any = FindingsOut()
    gap = GapOut()


class OriginOut(serializers.Serializer[Any]):
    """Whose reading the theme is."""

    by = serializers.CharField(allow_null=True)
    url = serializers.CharField(allow_null=True)
    reliability = serializers.ChoiceField(Reliability.choices, allow_null=True)


class ThemeScorecardOut(ScorecardOut):
    """What was promised under a theme, and what became of it; what no owner said yes to is nobody's promise yet."""


class ThemeOut(serializers.Serializer[Any]):
    """A theme, and how its commitments stand, each counted once."""

    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField(allow_null=True)
    order = serializers.IntegerField()
    assembly = serializers.CharField()
    url = serializers.URLField()
    position = serializers.IntegerField()
    origin = OriginOut(allow_null=True)
    recommendations = serializers.IntegerField()
    commitments = serializers.IntegerField()
    standings = StandingCountsOut()
    measurability = MeasurabilityOut()
    overdue = serializers.IntegerField()
    silent = serializers.IntegerField()
    contested = serializers.IntegerField()
    lateness = LatenessOut()
    voices = ThemeVoicesOut()
    scorecard = ThemeScorecardOut()
    held = HeldOut(allow_null=True)
    invented = serializers.BooleanField()
    published_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ThemeFindingOut(serializers.Serializer[Any]):
    """What residents said."""

    text = serializers.CharField()
    sources = parts.SourceOut(many=True)


class ThemeDetailOut(ThemeOut):
    """A theme with the residents' findings."""

    findings = ThemeFindingOut(many=True)


class ThemeFindingIn(inputs.StrictSerializer):
    """What residents said, and where that is published."""

    text = inputs.Prose(max_length=2000)
    sources = parts.Sources()


class OriginIn(inputs.StrictSerializer):
    """Whose reading the theme is."""

    by = inputs.Line(max_length=300)
    url = inputs.WebAddress(required=False)
    reliability = serializers.ChoiceField(Reliability.choices, required=False)


class ThemeIn(inputs.StrictSerializer):
    """A theme to publish."""

    assembly = inputs.Slug()
    slug = inputs.Slug()
    title = inputs.Line()
    summary = inputs.Prose(required=False)
    order = inputs.StrictInteger(required=False, min_value=0, max_value=1000)
    findings = ThemeFindingIn(many=True, required=False)
    origin = OriginIn(required=False)


class ThemeChange(inputs.StrictSerializer):
    """A corrected title or summary, and why."""

    title = inputs.Line(required=False)
    summary = inputs.Prose(required=False)
    reason = inputs.Prose()


class ThemeFilters(FigureFilters):
    """Which themes."""

    gap_unit = GAP_UNIT

    assembly = filters.Slugs("assembly__slug", label="Of these assemblies.")
    updated_since = filters.UpdatedSince()


def all_rows() -> QuerySet[Theme]:
    """Every theme with its assembly and its number of recommendations."""
    rows: QuerySet[Theme] = Theme.objects.select_related("assembly")
    return rows.annotate(recommended=Count("recommendations"))


def with_gap(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With gap/1 in thousandths; null without a claim or without a figure."""
    residents = (F("residents_mean") - LEAST) * (GAP_UNIT // FORTIETHS)
    known: QuerySet[Any] = rows.annotate(
        gap=ExpressionWrapper(tallies.claims_under_theme() - residents, output_field=IntegerField())
    )
    return known


def shapes(rows: list[Any], base: str, today: date) -> list[Shape]:
    """The JSON of these rows, in a constant number of queries more."""
    found = summaries.of_themes([row.pk for row in rows], today)
    return [_shape(row, base, found[row.pk]) for row in rows]


def detail(row: Any, base: str, today: date) -> Shape:
    """With its findings."""
    findings = [{"text": one["text"], "sources": parts.sources(one.get("sources"))} for one in row.findings]
    return {**shapes([row], base, today)[0], "findings": findings}


def _shape(row: Any, base: str, summary: Shape) -> Shape:
    counted = {name: count for name, count in summary.items() if name not in ("claims", "findings")}
    return {
        "slug": row.slug,
        "title": row.title,
        "summary": row.summary or None,
        "held": {"since": row.held_on, "ground": row.held_ground} if row.held_on else None,
        "order": row.order,
        "assembly": row.assembly.slug,
        "url": f"{base}/api/v1/assemblies/{row.assembly.slug}/themes/{row.slug}/",
        "origin": _origin(row.origin),
        "recommendations": row.recommended,
        **counted,
        "voices": {
            "owner": summary["claims"],
            "residents": voices.residents_of({name: getattr(row, name) for name in voices.RESIDENTS}),
            "panel": summary["findings"],
            "gap": voices.gap_to(summary["claims"]["mean"], row.residents_mean),
        },
        **parts.recorded(row),
    }


def _origin(given: dict[str, Any] | None) -> Shape | None:
    return {name: given.get(name) for name in ("by", "url", "reliability")} if given else None


class Themes(Posts, PublicList):
    """Themes of all assemblies, in each assembly's order."""

    output, filterset = ThemeOut, ThemeFilters
    ordering = by(
        "order",
        order="order",
        position="position",
        title="title",
        updated_at="updated_at",
        residents=BY_RESIDENTS,
        gap=BY_GAP,
    )
    scope = "assemblies:write"
    post_input, post_output = ThemeIn, ThemeDetailOut

    def rows(self) -> QuerySet[Any]:
        """All of them; with the gap where it is asked by."""
        data = self.request.query_params
        asked = data.get("ordering", "").endswith("gap") or "gap_min" in data or "gap_max" in data
        return with_gap(all_rows()) if asked else all_rows()

    def shapes(self, rows: list[Any]) -> list[Shape]:
        """One page."""
        return shapes(rows, self.base, self.today)

    def on_post(self, data: dict[str, Any]) -> Done:
        """Publish a theme, with what residents said."""
        assembly = named(Assembly.objects.all(), "slug", data.pop("assembly"), "assembly")
        findings = [dict(one) for one in data.pop("findings", [])]
        origin = dict(data.pop("origin")) if "origin" in data else None
        made = actions.publish_theme(
            assembly, by=self.by, today=self.today, findings=findings, origin=origin, **data
        )
        row = all_rows().get(pk=made.pk)
        return Done(detail(row, self.base, self.today), row=row)


class OneTheme(Patches, PublicDetail):
    """One theme, with the residents' findings, counts by standing, lateness, and the three voices."""

    output = patch_output = ThemeDetailOut
    patch_input = ThemeChange
    scope = "assemblies:write"

    def row(self) -> Any:
        """By its assembly and its slug."""
        return found(all_rows(), assembly__slug=self.kwargs["slug"], slug=self.kwargs["theme"])

    def shape(self, row: Any) -> Shape:
        """With all that belongs to it."""
        return detail(row, self.base, self.today)

    def target(self) -> Any:
        """The row, locked."""
        rows = Theme.objects.select_for_update(of=("self",))
        return found(rows, assembly__slug=self.kwargs["slug"], slug=self.kwargs["theme"])

    def on_patch(self, data: dict[str, Any]) -> Done:
        """Correct its title or summary; both wordings stay in the record."""
        reason = data.pop("reason")
        if not data:
            raise NothingChanged(field="title")
        for field, text in data.items():
            theme = found(Theme.objects.select_related("assembly"), pk=self.row().pk)
            actions.correct_theme(theme, by=self.by, today=self.today, field=field, text=text, reason=reason)
        row = self.row()
        return Done(self.shape(row), row=row)
